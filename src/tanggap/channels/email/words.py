"""Header fields as words: raw bytes, encoded words (RFC 2047) as the wild writes them, one clean line."""

from __future__ import annotations

import re
import unicodedata
from binascii import Error, a2b_base64, a2b_qp

from tanggap.channels.email.charsets import decode

_ENCODED = re.compile(rb"=\?([^?\s]{1,80})\?([bBqQ])\?([^?\r\n]*)\?=")
_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))
_BREAKS = "\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\t"
_TO_SPACE = str.maketrans(dict.fromkeys(_BREAKS, " "))
_TO_LINE = str.maketrans(dict.fromkeys("\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", "\n"))
_UNSEEN = frozenset("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad")


def line(value: bytes, most: int) -> str:
    """A field as one clean line of at most ``most`` letters, encoded words decoded."""
    return clean(decoded(value), most)


def clean(text: str, most: int) -> str:
    """``text`` on one line: no control mark, nothing that turns the direction of letters, no mark that is not seen."""
    kept = "".join(c for c in text[: most * 4].translate(_TO_SPACE) if _shown(c))
    return " ".join(kept.split())[:most].rstrip()


def block(text: str) -> str:
    """``text`` of many lines: one kind of line end, no other control marks than tabs."""
    lines = text.replace("\r\n", "\n").translate(_TO_LINE)
    if lines.isascii() and lines.replace("\n", "").replace("\t", "").isprintable():
        return lines
    return "".join(c for c in lines if c in "\n\t" or _shown(c))


def _shown(c: str) -> bool:
    return c.isprintable() or (c not in _UNSEEN and unicodedata.category(c) in ("Zs", "Cf", "Co", "Cn"))


def decoded(value: bytes) -> str:
    """``value`` as text. Words of one charset that follow each other are joined before they are decoded: some mailers
    cut a letter in two. What is no proper encoded word stays as it is written.
    """
    done: list[str] = []
    at, pending, label = 0, b"", ""
    for found in _ENCODED.finditer(value):
        between = value[at : found.start()]
        name = found[1].decode("ascii", "replace").partition("*")[0]
        if pending and (between.strip() or name.lower() != label.lower()):
            done.append(decode(pending, label)[0])
            pending = b""
        if between.strip() or not (at and between):
            done.append(_raw(between))
        pending, label, at = pending + _bytes_of(found[2], found[3]), name, found.end()
    if pending:
        done.append(decode(pending, label)[0])
    done.append(_raw(value[at:]))
    return "".join(done)


def _raw(value: bytes) -> str:
    return decode(value)[0]


def _bytes_of(way: bytes, written: bytes) -> bytes:
    if way in b"qQ":
        return a2b_qp(written.replace(b" ", b"_"), header=True)
    return base64(written)


def base64(written: bytes) -> bytes:
    """What ``written`` stands for, as far as can be told: stray bytes skipped, padding added, pieces joined."""
    letters = written.translate(None, _NOT_BASE64)
    pieces = [letters] if letters.rstrip(b"=").count(b"=") == 0 else letters.split(b"=")
    return b"".join(_base64(piece.rstrip(b"=")) for piece in pieces if piece)


def _base64(letters: bytes) -> bytes:
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    try:
        return a2b_base64(letters + b"=" * (-len(letters) % 4))
    except Error:
        return b""
