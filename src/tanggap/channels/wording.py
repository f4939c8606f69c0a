"""Foreign text as it may be kept and shown: nothing that steers a screen, a terminal or a database, and not endless."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

MOST_LETTERS = 200_000

_KEPT = frozenset("\n\t")
# bidirectional overrides and isolates, invisible marks that hide or reorder; joiners stay: scripts and emoji need them
_STEERING = frozenset("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")


def clean(text: object, *, most: int = MOST_LETTERS) -> str:
    """``text`` in at most ``most`` letters, one kind of line end, no control marks, no marks that reorder.

    What is not text is nothing.
    """
    if not isinstance(text, str):
        return ""
    lines = text[: most * 2].replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(letter for letter in lines if _may_stay(letter))[:most].strip("\n")


def one_line(text: object, *, most: int = 200) -> str:
    """``text`` on one line with single blanks: a name, a title, a file name."""
    return " ".join(clean(text, most=most * 4).split())[:most]


def pieces(text: str, fits: Callable[[str], bool]) -> tuple[str, ...]:
    """``text`` in pieces that each fit: cut after a paragraph, a line, a sentence or a word where there is one.

    ``fits`` says yes to every beginning of what it says yes to, and to any single letter.
    """
    found = []
    rest = text.strip()
    while rest and not fits(rest):
        least, most = 1, len(rest)
        while most - least > 1:  # the longest beginning that fits
            middle = (least + most) // 2
            least, most = (middle, most) if fits(rest[:middle]) else (least, middle)
        ends = (rest.rfind(mark, least // 2, least) + len(mark.rstrip()) for mark in ("\n\n", "\n", ". ", " "))
        end = next((one for one in ends if one > least // 2), least)
        found.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return (*found, rest)


def _may_stay(letter: str) -> bool:
    if letter in _KEPT:
        return True
    return letter not in _STEERING and unicodedata.category(letter) not in ("Cc", "Cs", "Zl", "Zp")
