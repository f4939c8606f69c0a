"""Bodies as bytes: base64, quoted-printable and uuencode, also broken and cut short."""

from __future__ import annotations

import re
from binascii import Error, a2b_qp, a2b_uu
from dataclasses import dataclass

from tanggap.channels.email import limits, names, words

_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,300})\r?\n", re.MULTILINE)
_END = re.compile(rb"^(?:`|\s)?\r?\n?^end[ \t]*\r?$", re.MULTILINE)
_OUTSIDE = re.compile(rb"[^A-Za-z0-9+/=\s]")


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes of a part; ``sound``: they were encoded as they say."""

    data: bytes
    sound: bool = True


def body(raw: bytes, start: int, end: int, way: bytes) -> Body:
    """What stands from ``start`` to ``end``, decoded by its Content-Transfer-Encoding ``way``."""
    written = raw[start:end]
    way = way.strip().lower().strip(b"\"';")
    if way == b"base64":
        return Body(words.base64(written), _OUTSIDE.search(written[:10_000]) is None)
    if way == b"quoted-printable":
        return Body(a2b_qp(written))
    if way in (b"x-uuencode", b"uuencode", b"x-uue", b"uue"):
        _text, files = uuencoded(written)
        return Body(files[0][1], sound=True) if files else Body(written, sound=False)
    return Body(written, way in (b"", b"7bit", b"8bit", b"binary", b"7-bit", b"8-bit"))


def uuencoded(written: bytes) -> tuple[bytes, list[tuple[str, bytes]]]:
    """``written`` without the files that stand in it as uuencode, and these files with their names."""
    files: list[tuple[str, bytes]] = []
    kept, at = [], 0
    while len(files) < limits.PARTS:
        begin = _BEGIN.search(written, at)
        end = _END.search(written, begin.end()) if begin else None
        if begin is None or end is None:
            break
        data = _lines(written[begin.end() : end.start()])
        if data is None:
            kept.append(written[at : end.end()])
        else:
            kept.append(written[at : begin.start()])
            files.append((names.clean(words.decoded(begin[1])), data))
        at = end.end()
    return b"".join([*kept, written[at:]]), files


def _lines(written: bytes) -> bytes | None:
    """The bytes of lines of uuencode; ``None`` when the lines are something else."""
    done = []
    for line in written.splitlines():
        if not line.strip():
            continue
        length = (line[0] - 32) & 63
        try:
            # Some mailers cut blanks at the end of a line, others add a check letter.
            done.append(a2b_uu(line[: 1 + (length + 2) // 3 * 4]))
        except Error:
            return None
    return b"".join(done)
