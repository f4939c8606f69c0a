"""The fields of a mail or of one of its parts: as bytes, unfolded, in order; with what the wild does to them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tanggap.channels.email import limits

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_KNOWN = re.compile(
    rb"(?:from|to|cc|subject|date|message-id|mime-version|content-[a-z-]+|received|return-path|reply-to|references"
    rb"|in-reply-to|x-[a-z0-9-]+)[ \t]*:",
    re.IGNORECASE,
)
_EMPTY_LINE = re.compile(rb"\n\r?\n")
_LOOK_AHEAD = 5


@dataclass(frozen=True, slots=True)
class Heads:
    """Fields in order: name in small letters, value unfolded and without line ends. ``cut``: there were more."""

    fields: tuple[tuple[str, bytes], ...] = ()
    cut: bool = False

    def get(self, name: str) -> bytes:
        """The first field of this name, or nothing."""
        return next((value for found, value in self.fields if found == name), b"")

    def all(self, *names: str) -> list[bytes]:
        """Every field of these names, in order."""
        return [value for found, value in self.fields if found in names]

    def has(self, *names: str) -> bool:
        """True when there is a field of one of these names."""
        return any(found in names for found, _value in self.fields)


def split(raw: bytes, start: int, end: int) -> tuple[Heads, int]:
    """The fields that stand from ``start``, and where the body begins. Nothing that looks like a field: all is body."""
    fields: list[tuple[str, list[bytes]]] = []
    at, stop, cut = start, min(end, start + limits.HEAD_BYTES), False
    while at < end:
        if at >= stop:
            empty = _EMPTY_LINE.search(raw, at, end)
            return _heads(fields, cut=True), empty.end() if empty else end
        after = _next_line(raw, at, end)
        line = raw[at : min(after, at + limits.FIELD_BYTES)].rstrip(b"\r\n")
        if not line:
            at = after
            break
        found = None if line[:1] in b" \t" else _FIELD.match(line)
        if found:
            if len(fields) < limits.FIELDS:
                fields.append((found[1].decode("ascii").lower(), [line[found.end() :]]))
            else:
                cut = True
        elif line[:1] in b" \t" and fields:
            fields[-1][1].append(line)
        elif not _skipped(raw, line, at, after, end, first=at == start):
            break
        at = after
    return _heads(fields, cut=cut), at


def _heads(fields: list[tuple[str, list[bytes]]], *, cut: bool) -> Heads:
    return Heads(tuple((name, _joined(lines)) for name, lines in fields), cut)


def _skipped(raw: bytes, line: bytes, at: int, after: int, end: int, *, first: bool) -> bool:
    """A line that is no field, and yet more fields follow: an mbox line, or one that was wrapped without a blank."""
    if first and line.startswith((b"From ", b">From ")):
        return True
    for _ in range(_LOOK_AHEAD):
        if after >= end or raw[after : after + 1] in b"\r\n":
            return False
        if _KNOWN.match(raw, after, min(end, after + 200)):
            return True
        after = _next_line(raw, after, end)
    return False


def _next_line(raw: bytes, at: int, end: int) -> int:
    found = raw.find(b"\n", at, end)
    return found + 1 if found >= 0 else end


def _joined(lines: list[bytes]) -> bytes:
    whole = lines[0] if len(lines) == 1 else b" ".join(line.strip() for line in lines)
    return whole[: limits.FIELD_BYTES].replace(b"\x00", b"").strip()
