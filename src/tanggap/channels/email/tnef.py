"""``winmail.dat`` of Outlook (MS-OXTNEF): the files in it, with their names, and the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from struct import error, unpack_from

from tanggap.channels.arrivals import Part
from tanggap.channels.email import limits, markup, names, rtf, words
from tanggap.channels.email.charsets import decode

_SIGNATURE = 0x223E9F78
_SUBJECT, _BODY, _CODEPAGE, _PROPERTIES = 0x00018004, 0x0002800C, 0x00069007, 0x00069003
_RENDER, _FILE_TITLE, _FILE_DATA, _FILE_PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_TEXT_8, _TEXT_16, _BINARY, _OBJECT = 0x1E, 0x1F, 0x102, 0x0D
_SIZES = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_P_BODY, _P_RTF, _P_HTML, _P_LONG_NAME, _P_NAME, _P_DATA, _P_MIME = (
    0x1000, 0x1009, 0x1013, 0x3707, 0x3704, 0x3701, 0x370E)  # fmt: skip
_MOST = 20_000


@dataclass(slots=True)
class Opened:
    """What was found. ``sound``: it could be read to its end."""

    files: tuple[Part, ...] = ()
    text: str = ""
    sound: bool = True


@dataclass(slots=True)
class _File:
    title: str = ""
    long_name: str = ""
    media_type: str = ""
    data: bytes = b""


def opened(data: bytes) -> Opened:
    """The files and the text in ``data``; what is broken ends the reading, what was read before it stays."""
    files: list[_File] = []
    texts: dict[int, str] = {}
    label, sound = "cp1252", True
    try:
        for kind, value in _attributes(data):
            if kind == _CODEPAGE and len(value) >= 4:
                label = f"cp{unpack_from('<I', value)[0]}"
            elif kind == _BODY:
                texts[_P_BODY] = decode(value.rstrip(b"\0"), label)[0]
            elif kind == _PROPERTIES:
                texts |= {name: _said(name, way, value, label) for name, way, value in _properties(value)
                          if name in (_P_BODY, _P_RTF, _P_HTML)}  # fmt: skip
            elif kind == _RENDER and len(files) < limits.PARTS:
                files.append(_File())
            elif files and kind in (_FILE_TITLE, _FILE_DATA, _FILE_PROPERTIES):
                _take(files[-1], kind, value, label)
    except (error, IndexError, ValueError):
        sound = False
    text = next((texts[name].strip() for name in (_P_BODY, _P_HTML, _P_RTF) if texts.get(name, "").strip()), "")
    parts = tuple(_part(file) for file in files if file.data)
    return Opened(parts, words.block(text), sound)


def _part(file: _File) -> Part:
    kind = file.media_type if "/" in file.media_type else "application/octet-stream"
    return Part(names.clean(file.long_name or file.title), words.clean(kind, 100).lower(), file.data)


def _take(file: _File, kind: int, value: bytes, label: str) -> None:
    if kind == _FILE_TITLE:
        file.title = decode(value.split(b"\0")[0], label)[0]
    elif kind == _FILE_DATA:
        file.data = value
    else:
        for name, way, found in _properties(value):
            if name in (_P_LONG_NAME, _P_NAME):
                file.long_name = _text(way, found, label) or file.long_name
            elif name == _P_MIME:
                file.media_type = _text(way, found, label)
            elif name == _P_DATA and way == _BINARY and not file.data:
                file.data = found


def _said(name: int, way: int, value: bytes, label: str) -> str:
    if name == _P_RTF:
        return rtf.text(rtf.unpacked(value))
    if name == _P_HTML:
        return markup.text(decode(value, label)[0])
    return _text(way, value, label)


def _text(way: int, value: bytes, label: str) -> str:
    return decode(value, "utf-16le" if way == _TEXT_16 else label)[0].partition("\0")[0]


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The attributes of the file: kind and value."""
    if unpack_from("<I", data)[0] != _SIGNATURE:
        raise ValueError("no TNEF")
    at = 6
    for _ in range(_MOST):
        if at >= len(data):
            return
        kind, length = unpack_from("<II", data, at + 1)
        if at + 9 + length > len(data):
            raise ValueError("cut short")
        yield kind, data[at + 9 : at + 9 + length]
        at += 9 + length + 2


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """MAPI properties: name, way of writing, value (the first of several)."""
    count, at = unpack_from("<I", data)[0], 4
    for _ in range(min(count, _MOST)):
        way, name = unpack_from("<HH", data, at)
        at += 4
        if name >= 0x8000:
            at = _past_name(data, at)
        many, way = bool(way & 0x1000), way & 0xEFFF if way & 0x1000 else way
        if way in _SIZES and not many:
            yield name, way, data[at : at + _SIZES[way]]
            at += _SIZES[way]
            continue
        values, at = _values(data, at, way, many=many)
        yield name, way, values[0] if values else b""


def _past_name(data: bytes, at: int) -> int:
    kind = unpack_from("<I", data, at + 16)[0]
    if kind == 0:
        return at + 24
    length = unpack_from("<I", data, at + 20)[0]
    return at + 24 + (int(length) + 3) // 4 * 4


def _values(data: bytes, at: int, way: int, *, many: bool) -> tuple[list[bytes], int]:
    count = int(unpack_from("<I", data, at)[0])
    at += 4
    if count > _MOST:
        raise ValueError("too many values")
    if way in _SIZES:
        size = _SIZES[way]
        return [data[at : at + size]], at + count * size
    if not many and way not in (_TEXT_8, _TEXT_16, _BINARY, _OBJECT, 0x48):
        raise ValueError("unknown way of writing")
    values = []
    for _ in range(count):
        length = int(unpack_from("<I", data, at)[0])
        if at + 4 + length > len(data):
            raise ValueError("cut short")
        values.append(data[at + 4 : at + 4 + length])
        at += 4 + (length + 3) // 4 * 4
    return values, at
