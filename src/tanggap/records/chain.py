"""The hash chain of a case: each line of its log covers the line before, so no line can be changed unseen. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Protocol
from uuid import UUID

from tanggap.casework.codec import canonical, moment_out

VERSION = b"\x01"
_LEAF = b"\x00"
_NOTHING = bytes(32)


class Line(Protocol):
    """What is hashed of a line of the log; ``data`` is canonical JSON as text."""

    seq: int
    kind: str
    data: str
    happened_at: datetime
    recorded_at: datetime
    by: str
    key: str
    digest: str
    private: str
    prev: str
    hash: str


class Born(Protocol):
    """What is fixed about a case before its first line."""

    pk: UUID
    register: str
    recorded_at: datetime
    promise_due_at: datetime | None
    promise_source: str


def genesis(case: Born, *, institution: str) -> str:
    """What the first line follows: it binds the log to its case, its register number, and what was promised."""
    promised = moment_out(case.promise_due_at) if case.promise_due_at else ""
    words = ["tanggap", str(case.pk), institution, case.register, moment_out(case.recorded_at), promised]
    return sha256(_LEAF + VERSION + canonical([*words, case.promise_source])).hexdigest()


def link(line: Line) -> str:
    """The hash of ``line``, over its ``prev``, its public words and its private digest."""
    public = canonical(
        [
            line.seq, line.kind, line.data, moment_out(line.happened_at), moment_out(line.recorded_at), line.by,
            line.key, line.digest,
        ]
    )  # fmt: skip
    private = bytes.fromhex(line.private) if line.private else _NOTHING
    return sha256(_LEAF + VERSION + bytes.fromhex(line.prev) + public + private).hexdigest()


def private_digest(rows: Iterable[Sequence[str | int]]) -> str:
    """One digest over the content rows that came with a line, each as id, public facts and digest; empty for none."""
    listed = sorted(list(row) for row in rows)
    return sha256(canonical(listed)).hexdigest() if listed else ""


def first_break(lines: Iterable[Line], *, start: str) -> tuple[int, str] | None:
    """Position and nature of the first line that does not follow; ``None`` when the chain holds.

    ``start`` is the genesis. Natures: ``gap`` (a seq is missing or doubled), ``prev``, ``hash``.
    """
    expected, prev = 1, start
    for line in lines:
        if line.seq != expected:
            return expected, "gap"
        if line.prev != prev:
            return line.seq, "prev"
        if link(line) != line.hash:
            return line.seq, "hash"
        expected, prev = expected + 1, line.hash
    return None
