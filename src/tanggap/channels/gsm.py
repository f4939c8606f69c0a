"""How long a text message is, in the alphabet of GSM or in UCS-2, and how it is cut (3GPP TS 23.038 and 23.040)."""

from __future__ import annotations

from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_GSM_ONE, _GSM_PIECE, _UCS_ONE, _UCS_PIECE = 160, 153, 70, 67

# what word processors put in, and every telephone can say without doubling the price
_PLAIN = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-", "\u2026": "...",
        "\u00a0": " ", "\u2022": "-",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """``units``: septets, or UCS-2 units when ``is_unicode``. ``pieces``: how many messages are paid for."""

    units: int
    pieces: int
    is_unicode: bool


def plain(text: str) -> str:
    """``text`` with typographic marks written in the plain marks that the alphabet of GSM has."""
    return text.translate(_PLAIN)


def size(text: str) -> Size:
    """How long ``text`` is as it stands."""
    found = pieces(text)
    unicode = not _is_gsm(text)
    return Size(sum(_units(letter, unicode) for letter in text), len(found), unicode)


def pieces(text: str) -> tuple[str, ...]:
    """``text`` cut into the messages it takes; no letter is cut in two. An empty text is one empty message."""
    unicode = not _is_gsm(text)
    one, piece = (_UCS_ONE, _UCS_PIECE) if unicode else (_GSM_ONE, _GSM_PIECE)
    if sum(_units(letter, unicode) for letter in text) <= one:
        return (text,)
    found, begun, used = [], 0, 0
    for place, letter in enumerate(text):
        units = _units(letter, unicode)
        if used + units > piece:
            found.append(text[begun:place])
            begun, used = place, 0
        used += units
    return (*found, text[begun:])


def _is_gsm(text: str) -> bool:
    return all(letter in _BASIC or letter in _EXTENDED for letter in text)


def _units(letter: str, unicode: bool) -> int:
    if unicode:
        return 2 if ord(letter) > 0xFFFF else 1
    return 2 if letter in _EXTENDED else 1
