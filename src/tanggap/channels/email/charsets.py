"""Bytes and what they are said to be written in, as text: every label there is, wrong labels, no label, never an error.

A label chooses from this table and nothing else: Python's registry also knows codecs that are slow or no charsets.
"""

from __future__ import annotations

import codecs
import re

_SINGLE = {
    **{f"windows-{n}": f"cp{n}" for n in (874, *range(1250, 1259))},
    **{f"cp{n}": f"cp{n}" for n in (437, 850, 852, 855, 862, 864, 866, 874, *range(1250, 1259))},
    **{f"iso-8859-{n}": f"iso8859_{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    "iso-8859-1": "cp1252",  # what calls itself Latin-1 on the wire is Windows' own; so do browsers
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "latin1": "cp1252",
    "l1": "cp1252",
    "koi8-r": "koi8_r",
    "koi8-u": "koi8_u",
    "macintosh": "mac_roman",
    "mac-roman": "mac_roman",
}
_DOUBLE = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "x-gbk": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "cp950",
    "big5-hkscs": "big5hkscs",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_2",
    "euc-jp": "euc_jp",
    "iso-2022-kr": "iso2022_kr",
    "euc-kr": "cp949",
    "ks-c-5601-1987": "cp949",
    "ks-c-5601": "cp949",
    "utf-7": "utf_7",
    "unicode-1-1-utf-7": "utf_7",
    "utf-16": "utf_16",
    "utf-16le": "utf_16_le",
    "utf-16be": "utf_16_be",
    "utf-32": "utf_32",
}
_ASCII_ONLY = frozenset({"utf_7", "hz", "iso2022_jp_2", "iso2022_kr"})
_PLAIN = frozenset({"", "utf-8", "utf8", "us-ascii", "ascii", "utf-8-sig"})
_BOMS = ((codecs.BOM_UTF8, "utf_8"), (codecs.BOM_UTF32_LE, "utf_32"), (codecs.BOM_UTF16_LE, "utf_16"),
         (codecs.BOM_UTF16_BE, "utf_16"))  # fmt: skip
_SURROGATES = re.compile("[\ud800-\udfff]")


def decode(data: bytes, label: str = "") -> tuple[str, bool]:
    """``data`` as text, and whether it was what ``label`` says. No lone surrogates; nothing raised."""
    text, honest = _decode(data, _known(label))
    return _SURROGATES.sub("\ufffd", text), honest


def _known(label: str) -> str:
    name = label.strip().strip("\"'").lower()[:60].replace("_", "-")
    name = re.sub(r"http-?equiv.*|;.*|\s.*", "", name)
    if name.startswith("x-") and name[2:] in _DOUBLE:
        return name[2:]
    name = re.sub(r"^(?:cp|win|x-cp|x-windows)-?(?=125\d$)", "windows-", name)
    return re.sub(r"^iso-?8859-?(\d+).*$", r"iso-8859-\1", name)


def _decode(data: bytes, name: str) -> tuple[str, bool]:
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return data[len(mark) if codec == "utf_8" else 0 :].decode(codec, "replace"), True
    codec = _DOUBLE.get(name) or _SINGLE.get(name, "")
    if data.isascii() and codec not in _ASCII_ONLY and not codec.startswith("utf"):
        return data.decode("ascii"), True
    if name in _PLAIN or not codec:
        return _guessed(data, honest=name in _PLAIN)
    if name in _SINGLE:
        # Bytes that happen to be good UTF-8 are UTF-8, whatever the label says: the opposite hardly ever happens.
        good = _strict(data, "utf_8")
        return (good, False) if good is not None else (data.decode(codec, "replace"), True)
    strict = _strict(data, codec)
    if strict is not None:
        return strict, True
    good = _strict(data, "utf_8")
    return (good if good is not None else data.decode(codec, "replace")), False


def _guessed(data: bytes, *, honest: bool) -> tuple[str, bool]:
    good = _strict(data, "utf_8")
    if good is not None:
        return good, honest
    broken = data.decode("utf_8", "replace")
    # A stray byte in much good UTF-8 is a scar; many are another charset.
    if broken.count("\ufffd") * 20 < sum(byte >= 0x80 for byte in data[:100_000]):
        return broken, False
    return data.decode("cp1252", "replace"), False


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except ValueError:  # UnicodeDecodeError, and what some codecs raise beside it
        return None
