"""The tracking code: 80 bits a complainant keeps; we keep its Argon2id hash, and guessing is slowed before hashing."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from math import ceil
from threading import BoundedSemaphore
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tanggap.records.keys import keyed_digest
from tanggap.records.models import Bucket, TrackingCode
from tanggap.records.register import read_number
from tanggap.records.writing import write

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""
_LOOKS_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
_LENGTH = 16

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_hashing = BoundedSemaphore(2)  # 19 MiB and 19 ms each: a flood of codes never takes the machine

_PER_SECOND, _BURST = 0.2, 10
LONGEST_DELAY = 5
"""Seconds somebody is asked to wait at most: slowed, never refused."""
TICKET_HOLDS = timedelta(minutes=10)
_HASHES_WITHIN = 1.0  # seconds one waits for a turn to hash; beyond it, whoever asks does the waiting


@dataclass
class ComeBack(Exception):
    """Too many tried: the same number and code with ``ticket`` are looked at in ``seconds``. Nobody waits meanwhile."""

    seconds: int
    ticket: str


def code_for(institution: str, form_key: str) -> str:
    """The code of the complaint that came with ``form_key``: random to everybody else, the same when sent again."""
    number = int.from_bytes(keyed_digest("tracking code", institution, form_key)[:10], "big")
    letters = "".join(ALPHABET[number >> shift & 31] for shift in range(75, -1, -5))
    return "-".join(letters[at : at + 4] for at in range(0, _LENGTH, 4))


def read_code(typed: str) -> str:
    """What somebody typed as a code, in the one spelling that is hashed; empty when it cannot be a code."""
    letters = "".join(c for c in typed.upper().translate(_LOOKS_LIKE) if c.isalnum())
    return letters if len(letters) == _LENGTH and set(letters) <= set(ALPHABET) else ""


def hash_code(code: str) -> str:
    """The Argon2id hash under which a code is kept (19 MiB, two passes)."""
    with _hashing:
        return _hasher.hash(read_code(code))


def open_case(number: str, code: str, *, source: str, at: datetime, ticket: str = "") -> UUID | None:
    """The case of register ``number`` if ``code`` is its code, else ``None``: wrong and absent are one answer.

    ``source``: whence the guess comes (the address of the connection); it and the number each have a bucket. While one
    is empty, or too many wait for their turn to hash, :class:`ComeBack` is raised, whether there is such a case or not;
    its ticket holds for this number and code alone, so it is worth one guess.
    """
    wanted, letters = read_number(number), read_code(code)
    left = _left(ticket, wanted, code, at)
    if left is None:
        left = max(_delay("source", source, at), _delay("number", wanted, at))
        ticket = _ticket(wanted, code, at + timedelta(seconds=left))
    if left > 0:
        raise ComeBack(left, ticket)
    if not _hashing.acquire(timeout=_HASHES_WITHIN):
        raise ComeBack(LONGEST_DELAY, _ticket(wanted, code, at + timedelta(seconds=LONGEST_DELAY)))
    try:
        return _look(wanted, letters)
    finally:
        _hashing.release()


def _ticket(wanted: str, code: str, free_at: datetime) -> str:
    """What lets one guess pass from ``free_at`` on; nothing in it can be read or changed."""
    second = str(int(free_at.timestamp()))
    return f"{second}.{keyed_digest('tracking ticket', wanted, code, second).hex()}"


def _left(ticket: str, wanted: str, code: str, at: datetime) -> int | None:
    """Seconds until ``ticket`` lets this guess pass; ``None`` when it is none of ours, another's, or too old."""
    second = ticket.partition(".")[0]
    if not (second.isascii() and second.isdigit() and len(second) <= 11):
        return None
    free_at = datetime.fromtimestamp(int(second), UTC)
    if not hmac.compare_digest(ticket.encode("utf-8", "replace"), _ticket(wanted, code, free_at).encode()):
        return None
    return max(0, ceil((free_at - at).total_seconds())) if at < free_at + TICKET_HOLDS else None


def _look(wanted: str, letters: str) -> UUID | None:
    found = list(TrackingCode.objects.filter(case__register__iexact=wanted)[:8])
    opened = None
    for candidate in found:
        if _matches(candidate.hash, letters):
            opened = candidate.case_id
    if not found:
        _matches(_dummy(), letters)  # the same work, so the time tells nothing
    return opened


def _matches(stored: str, letters: str) -> bool:
    try:
        _hasher.verify(stored, letters)
        return bool(letters)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _dummy() -> str:
    return _hasher.hash("no such case")


def _delay(kind: str, what: str, at: datetime) -> int:
    """Take a token of the bucket; whole seconds until there would have been one, 0 while there is."""
    name = keyed_digest("bucket", kind, what).hex()
    with write():
        bucket, fresh = Bucket.objects.select_for_update().get_or_create(
            key=name, defaults={"tokens": _BURST - 1.0, "at": at}
        )
        if fresh:
            return 0
        passed = max(0.0, (at - bucket.at).total_seconds())
        bucket.tokens = max(-LONGEST_DELAY * _PER_SECOND, min(float(_BURST), bucket.tokens + passed * _PER_SECOND) - 1)
        bucket.at = max(at, bucket.at)
        bucket.save(update_fields=["tokens", "at"])
    return min(LONGEST_DELAY, ceil(-bucket.tokens / _PER_SECOND)) if bucket.tokens < 0 else 0
