"""Rich text of Outlook as plain text: unpacked (MS-OXRTFCP), and read without drawing anything."""

from __future__ import annotations

import re
from struct import unpack_from

from tanggap.channels.email import limits
from tanggap.channels.email.charsets import decode

_START = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor "
    rb"MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_WINDOW = 4096
_TOKEN = re.compile(rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)")
_UNSEEN = frozenset({b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"htmltag", b"generator",
                     b"themedata", b"listtable", b"listoverridetable", b"xmlnstbl"})  # fmt: skip
_LETTERS = {b"par": "\n", b"line": "\n", b"row": "\n", b"tab": "\t", b"cell": "\t", b"lquote": "'", b"rquote": "'",
            b"ldblquote": '"', b"rdblquote": '"', b"bullet": "-", b"endash": "-", b"emdash": "-"}  # fmt: skip


def unpacked(data: bytes) -> bytes:
    """The rich text packed in ``data``; as far as it goes when it is cut short, nothing when it is something else."""
    if len(data) < 16:
        return b""
    size, kind = unpack_from("<I", data, 4)[0], data[8:12]
    if kind == b"MELA":
        return data[16 : 16 + min(size, limits.RTF_BYTES)]
    if kind != b"LZFu":
        return b""
    out = bytearray(_START)
    most, at = len(_START) + min(size, limits.RTF_BYTES), 16
    while at < len(data) and len(out) < most:
        flags, at = data[at], at + 1
        for bit in range(8):
            if at >= len(data):
                break
            if not flags >> bit & 1:
                out.append(data[at])
                at += 1
                continue
            if at + 2 > len(data):
                return bytes(out[len(_START) : most])
            token, at = data[at] << 8 | data[at + 1], at + 2
            if not _copied(out, token):
                return bytes(out[len(_START) : most])
    return bytes(out[len(_START) : most])


def _copied(out: bytearray, token: int) -> bool:
    """Repeat what stands at the place in the window that ``token`` says; ``False``: it says the end."""
    offset, length = token >> 4, (token & 0xF) + 2
    place = len(out) % _WINDOW
    back = (place - offset) % _WINDOW
    if back == 0 or back > len(out):
        return False
    for _ in range(length):
        out.append(out[-back])
    return True


def text(rich: bytes) -> str:
    """The words of ``rich``."""
    done: list[str] = []
    pending = bytearray()
    hidden, depth, skip = 0, 0, 0
    charset = re.search(rb"\\ansicpg(\d{3,5})", rich[:2000])
    label = f"cp{charset[1].decode()}" if charset else "cp1252"

    def settle() -> None:
        if pending:
            done.append(decode(bytes(pending), label)[0])
            pending.clear()

    for found in _TOKEN.finditer(rich[: limits.RTF_BYTES]):
        word, number, escaped, mark, brace, plain = found.groups()
        if brace:
            depth += 1 if brace == b"{" else -1
            hidden = 0 if hidden and depth < hidden else hidden
        elif word in _UNSEEN or (mark == b"*" and not hidden):
            hidden = hidden or max(depth, 1)
        elif hidden:
            continue
        elif escaped or plain:
            raw = bytes([int(escaped, 16)]) if escaped else plain
            pending += raw[skip:]
            skip = max(0, skip - len(raw))
        elif word == b"u" and number:
            settle()
            code = int(number) % 65536
            done.append(chr(code) if not 0xD800 <= code <= 0xDFFF else "\ufffd")
            skip = 1
        else:
            settle()
            done.append(
                _LETTERS.get(word or b"", "") or (mark.decode("latin-1") if mark in (b"{", b"}", b"\\") else "")
            )
    settle()
    return "".join(done).strip()
