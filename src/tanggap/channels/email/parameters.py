"""A value with parameters (Content-Type, Content-Disposition): RFC 2045 with the continuations of RFC 2231."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from tanggap.channels.email import limits
from tanggap.channels.email.charsets import decode

_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_PIECE = re.compile(r"([^*]{1,60})(?:\*(\d{1,3}))?(\*?)\Z")
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")
_MOST = 100


@dataclass(frozen=True, slots=True)
class Value:
    """``main`` in small letters; ``parameters`` by name in small letters, put together and decoded."""

    main: str = ""
    parameters: dict[str, bytes] = field(default_factory=dict)
    charsets: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The parameter ``name`` as text, encoded words untouched."""
        return decode(self.parameters.get(name, b""), self.charsets.get(name, ""))[0]

    @property
    def media_type(self) -> str:
        """``main`` as a media type; ``text/plain`` when it says text or nothing, else bytes of some kind."""
        if _TYPE.fullmatch(self.main):
            return self.main
        return "text/plain" if self.main in ("", "text", "plain", "text/") else "application/octet-stream"


def value(written: bytes) -> Value:
    """``written`` taken apart; what cannot be read is left out."""
    written = written[: limits.PARAMETER_BYTES]
    main = written.partition(b";")[0].strip().strip(b'"').decode("latin-1").lower()
    pieces: dict[str, dict[int, tuple[bytes, bool]]] = {}
    for name, text in _pairs(written):
        found = _PIECE.match(name)
        if found:
            number = int(found[2] or 0)
            pieces.setdefault(found[1], {}).setdefault(number, (text, bool(found[3])))
    parameters, charsets = {}, {}
    for name, numbered in pieces.items():
        parameters[name], charsets[name] = _together(numbered)
    return Value(re.sub(r"\s+", "", main), parameters, charsets)


def _pairs(written: bytes) -> Iterator[tuple[str, bytes]]:
    at, quotes = written.find(b";"), True
    for _ in range(_MOST):
        equals = written.find(b"=", at + 1)
        if at < 0 or equals < 0:
            return
        name = written[at + 1 : equals].rpartition(b";")[2].strip().decode("latin-1").lower()
        start = equals + 1
        while written[start : start + 1] in (b" ", b"\t"):
            start += 1
        found = _QUOTED.match(written, start) if quotes else None
        if found:
            text, end = re.sub(rb"\\(.)", rb"\1", found[1]), found.end()
        else:
            quotes = quotes and written[start : start + 1] != b'"'  # a quote that never ends is looked for once
            end = written.find(b";", start)
            end = len(written) if end < 0 else end
            text = written[start:end].strip().strip(b'"')
        yield name, text
        at = written.find(b";", end)


def _together(numbered: dict[int, tuple[bytes, bool]]) -> tuple[bytes, str]:
    whole, charset = [], ""
    for order, number in enumerate(sorted(numbered)):
        text, is_encoded = numbered[number]
        if is_encoded:
            if order == 0 and text.count(b"'") >= 2:
                label, _language, text = text.split(b"'", 2)
                charset = label.decode("latin-1")
            text = unquote_to_bytes(text)
        whole.append(text)
    return b"".join(whole), charset
