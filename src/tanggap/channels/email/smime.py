"""What lies in an S/MIME wrapper that is only signed (RFC 8551, CMS of RFC 5652), without looking at the signature."""

from __future__ import annotations

from dataclasses import dataclass

_SIGNED = bytes.fromhex("2a864886f70d010702")
_SEQUENCE, _SET, _OID, _OCTETS, _OCTETS_IN_PIECES, _CONTENT = 0x30, 0x31, 0x06, 0x04, 0x24, 0xA0
_INDEFINITE = 0x80
_DEPTH, _STEPS = 16, 500_000


class _NotSigned(Exception):
    """These bytes are something else."""


@dataclass(frozen=True, slots=True)
class _Value:
    tag: int
    start: int
    end: int
    after: int


def signed_content(data: bytes) -> bytes | None:
    """The content that was signed; ``None`` when it is not in there (encrypted, compressed, or no CMS at all)."""
    try:
        return _Walk(data).content()
    except _NotSigned:
        return None


class _Walk:
    """Steps through values of BER; so many and no more."""

    def __init__(self, data: bytes) -> None:
        self.data, self.steps = data, _STEPS

    def content(self) -> bytes:
        outer = self._expect(0, len(self.data), _SEQUENCE)
        kind = self._expect(outer.start, outer.end, _OID)
        if self.data[kind.start : kind.end] != _SIGNED:
            raise _NotSigned
        content = self._expect(kind.after, outer.end, _CONTENT)
        signed = self._expect(content.start, content.end, _SEQUENCE)
        version = self._read(signed.start, signed.end)
        digests = self._expect(version.after, signed.end, _SET)
        wrapped = self._expect(digests.after, signed.end, _SEQUENCE)
        inner_kind = self._expect(wrapped.start, wrapped.end, _OID)
        inner = self._expect(inner_kind.after, wrapped.end, _CONTENT)
        return b"".join(self._octets(self._read(inner.start, inner.end), 0))

    def _octets(self, value: _Value, depth: int) -> list[bytes]:
        if value.tag == _OCTETS:
            return [self.data[value.start : value.end]]
        if value.tag != _OCTETS_IN_PIECES or depth > _DEPTH:
            raise _NotSigned
        pieces, at = [], value.start
        while at < value.end:
            piece = self._read(at, value.end, depth)
            pieces += self._octets(piece, depth + 1)
            at = piece.after
        return pieces

    def _expect(self, at: int, end: int, tag: int) -> _Value:
        value = self._read(at, end)
        if value.tag != tag:
            raise _NotSigned
        return value

    def _read(self, at: int, end: int, depth: int = 0) -> _Value:
        """The value that begins at ``at``. One of indefinite length is walked to its end mark."""
        self.steps -= 1
        if at + 2 > end or depth > _DEPTH or self.steps < 0:
            raise _NotSigned
        tag, length, start = self.data[at], self.data[at + 1], at + 2
        if tag & 0x1F == 0x1F:
            raise _NotSigned
        if length == _INDEFINITE:
            inside = start
            while self.data[inside : inside + 2] != b"\0\0":
                inside = self._read(inside, end, depth + 1).after
            return _Value(tag, start, inside, inside + 2)
        if length > _INDEFINITE:
            count = length & 0x7F
            if count > 5:
                raise _NotSigned
            length, start = int.from_bytes(self.data[start : start + count], "big"), start + count
        if start + length > end:
            raise _NotSigned
        return _Value(tag, start, start + length, start + length)
