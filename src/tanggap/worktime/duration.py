"""Durations as an SOP prints them ("15 menit", "3 hari", "1x24 jam", "Disesuaikan"): read, and printed unchanged."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType


class Unit(StrEnum):
    """What a number of time counts (docs/working-time.md, 1)."""

    WORK_MINUTES = "menit kerja"
    WORK_HOURS = "jam kerja"
    WORK_DAYS = "hari kerja"
    CALENDAR_DAYS = "hari kalender"
    CLOCK_MINUTES = "menit nyata"
    CLOCK_HOURS = "jam nyata"
    WEEKS = "minggu"
    MONTHS = "bulan"
    NONE = "tidak ditentukan"


_ENGLISH = {
    Unit.WORK_MINUTES: "working minute",
    Unit.WORK_HOURS: "working hour",
    Unit.WORK_DAYS: "working day",
    Unit.CALENDAR_DAYS: "calendar day",
    Unit.CLOCK_MINUTES: "wall-clock minute",
    Unit.CLOCK_HOURS: "wall-clock hour",
    Unit.WEEKS: "week",
    Unit.MONTHS: "month",
}

READINGS: Mapping[str, tuple[Unit, ...]] = MappingProxyType(
    {
        "menit": (Unit.WORK_MINUTES, Unit.CLOCK_MINUTES),
        "jam": (Unit.WORK_HOURS, Unit.CLOCK_HOURS),
        "hari": (Unit.WORK_DAYS, Unit.CALENDAR_DAYS),
        "minggu": (Unit.WEEKS,),
        "bulan": (Unit.MONTHS,),
    }
)
"""The meanings a bare word may be given; the first of each is the default."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How an SOP declares its bare words to be read."""

    menit: Unit = Unit.WORK_MINUTES
    jam: Unit = Unit.WORK_HOURS
    hari: Unit = Unit.WORK_DAYS
    minggu: Unit = Unit.WEEKS
    bulan: Unit = Unit.MONTHS


DEFAULT_READING = Reading()


class UnreadableDuration(ValueError):
    """The printed text is no single amount of one unit; ``reason`` tells the writer of the file why, in Indonesian."""

    def __init__(self, printed: str, reason: str) -> None:
        shown = printed if len(printed) <= 60 else printed[:60] + "…"
        super().__init__(f"Waktu “{shown}” tidak dapat dibaca: {reason}.")
        self.printed = printed
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Duration:
    """A standard of time: ``amount`` of ``unit``, and the words as printed. ``str()`` gives the printed words back."""

    amount: int
    unit: Unit
    printed: str

    @property
    def has_standard(self) -> bool:
        """False for "-", "" and "Disesuaikan": measured, never late."""
        return self.unit is not Unit.NONE

    @property
    def meaning(self) -> str:
        """What is counted, in full words: "3 hari kerja", "24 jam nyata", "tanpa standar waktu"."""
        return self.told()

    def told(self, language: str = "id") -> str:
        """The meaning in either language: "3 hari kerja", "3 working days"."""
        if language != "en":
            return f"{self.amount} {self.unit.value}" if self.has_standard else "tanpa standar waktu"
        return f"{self.amount} {_ENGLISH[self.unit]}{'s' * (self.amount != 1)}" if self.has_standard else "no standard"

    def __str__(self) -> str:
        return self.printed


_LONGEST_PRINT = 80
_MOST = {"menit": 3_000_000, "jam": 50_000, "hari": 4_000, "minggu": 600, "bulan": 150}  # some ten years of each

_NO_STANDARD = {
    "", "-", "\N{EN DASH}", "\N{EM DASH}", "disesuaikan", "menyesuaikan", "sesuai kebutuhan", "tentatif", "kondisional",
}  # fmt: skip

# An upper bound is what a standard is, so these words change nothing.
_AT_MOST = r"(?:(?:maks(?:imal|imum)?|max)\.?|paling (?:lama|lambat)|selambat-lambatnya)"
_NUMBER = r"(?P<amount>[0-9]+(?:[.,][0-9]+)?\s*[½¼¾]?|[½¼¾]|1/2|setengah|satu)"
_UNIT = r"(?P<word>menit|mnt|jam|hari|hk|minggu|mgg|bulan|bln)"
_FORM = re.compile(
    rf"(?:{_AT_MOST}\s*)?(?:(?P<times>[0-9]{{1,4}})\s*[x\u00d7]\s*)?{_NUMBER}\s*(?:\((?P<said>[a-z ]+)\)\s*)?"
    rf"{_UNIT}\.?(?:\s+(?P<kind>kerja|kalender|nyata))?\.?"
)
_SHORT = {"mnt": "menit", "mgg": "minggu", "bln": "bulan"}

# Asked in order when the form does not fit: the first that is found names the reason.
_ANY_UNIT = "(?:menit|jam|hari|minggu|bulan)"
_REASONS: tuple[tuple[str, str], ...] = (
    (r"±|\+/-|kurang lebih|sekitar|kira-kira", "angkanya hanya perkiraan; nyatakan batasnya"),
    (r"\bmin(?:imal|imum)?\b|paling (?:cepat|sedikit)", "ini batas terendah; nyatakan batas tertingginya"),
    (r"[0-9]\s*(?:[-\u2013\u2014]|s\.?/?d\.?|sampai|hingga)\s*[0-9]", "ini rentang; nyatakan batas tertingginya"),
    (rf"{_ANY_UNIT}\b.*[0-9½].*{_ANY_UNIT}", "ada dua satuan; nyatakan dalam satu satuan"),
    (r"\b(?:per|tiap|setiap)\b|/", "batasnya bergantung pada jumlah; nyatakan batas untuk satu pengaduan"),
    (r"detik", "satuan terkecil adalah menit"),
    (r"tahun", "nyatakan dalam bulan"),
)


def parse(printed: str, reading: Reading = DEFAULT_READING) -> Duration:
    """Read a printed time; ``reading`` says what a bare "menit", "jam", "hari" means.

    ``1x24 jam`` is always wall clock. Half hours become minutes ("1,5 jam" is 90 menit). A text that is not one amount
    of one unit ("± 15 menit", "5-10 menit", "1 hari 2 jam") is refused: the file then says its meaning itself.
    Raises :class:`UnreadableDuration`.
    """
    if len(printed) > _LONGEST_PRINT:
        raise UnreadableDuration(printed, f"lebih panjang dari {_LONGEST_PRINT} huruf")
    words = " ".join(printed.lower().split())
    if words in _NO_STANDARD:
        return Duration(0, Unit.NONE, printed)
    found = _FORM.fullmatch(words)
    if not found:
        raise UnreadableDuration(printed, _reason(words))
    amount, word, kind = _number(found["amount"], printed), found["word"], found["kind"]
    if word == "hk":
        word, kind = "hari", kind or "kerja"
    word = _SHORT.get(word, word)
    if found["said"] and _spelled(found["said"]) != amount:
        raise UnreadableDuration(printed, "angka dan hurufnya berbeda")
    if found["times"]:
        return _wall_clock(int(found["times"]), amount, word, kind, printed)
    return _whole(amount, _unit(word, kind, reading, printed), printed)


def _reason(words: str) -> str:
    for pattern, reason in _REASONS:
        if re.search(pattern, words):
            return reason
    return "tulis satu angka dan satu satuan, misalnya “15 menit”, “3 hari kerja”, atau “1x24 jam”"


def _number(text: str, printed: str) -> Fraction:
    """The number as written in Indonesian: comma before decimals, dot between thousands, ½ ¼ ¾."""
    if text in ("satu", "setengah", "1/2"):
        return Fraction(1) if text == "satu" else Fraction(1, 2)
    part = {"½": Fraction(1, 2), "¼": Fraction(1, 4), "¾": Fraction(3, 4)}.get(text[-1], Fraction(0))
    digits = text.rstrip("½¼¾ ")
    if "." in digits:
        if not re.fullmatch(r"[0-9]{1,3}\.[0-9]{3}", digits):
            raise UnreadableDuration(printed, "pecahan ditulis dengan koma")
        digits = digits.replace(".", "")
    if "," in digits and part:
        raise UnreadableDuration(printed, "angkanya berisi dua pecahan")
    return Fraction(digits.replace(",", ".") or 0) + part


def _unit(word: str, kind: str | None, reading: Reading, printed: str) -> Unit:
    if kind is None:
        unit: Unit = getattr(reading, word)
        return unit
    try:
        return Unit(f"{word} {kind}")
    except ValueError:
        raise UnreadableDuration(printed, f"“{word} {kind}” tidak dikenal sebagai satuan waktu") from None


def _wall_clock(times: int, amount: Fraction, word: str, kind: str | None, printed: str) -> Duration:
    if word != "jam":
        raise UnreadableDuration(printed, "bentuk perkalian hanya untuk jam, misalnya “1x24 jam”")
    if kind not in (None, "nyata"):
        raise UnreadableDuration(printed, "“1x24 jam” berarti jam yang terus berjalan, bukan jam kerja")
    return _whole(times * amount, Unit.CLOCK_HOURS, printed)


_IN_MINUTES = {Unit.WORK_HOURS: Unit.WORK_MINUTES, Unit.CLOCK_HOURS: Unit.CLOCK_MINUTES}


def _whole(amount: Fraction, unit: Unit, printed: str) -> Duration:
    """The amount as a whole number, parts of an hour as minutes. Half a day means nothing: days end at closing."""
    if amount <= 0:
        raise UnreadableDuration(printed, "angkanya harus lebih dari nol")
    if amount > _MOST[unit.value.split()[0]]:
        raise UnreadableDuration(printed, "angkanya terlalu besar")
    if amount.denominator > 1 and unit in _IN_MINUTES:
        amount, unit = amount * 60, _IN_MINUTES[unit]
    if amount.denominator > 1:
        raise UnreadableDuration(printed, "pecahan hanya dapat dibaca pada jam")
    return Duration(int(amount), unit, printed)


_ONES = ("", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas")


def _spelled(said: str) -> int | None:
    """The number spelled in words, one to ninety-nine; ``None`` for other words."""
    words = said.split()
    if len(words) == 1 and words[0] in _ONES:
        return _ONES.index(words[0])
    if len(words) == 2 and words[1] == "belas" and words[0] in _ONES[2:10]:
        return 10 + _ONES.index(words[0])
    if len(words) in (2, 3) and words[1] == "puluh" and words[0] in _ONES[2:10]:
        rest = words[2] if len(words) == 3 else ""
        return 10 * _ONES.index(words[0]) + _ONES.index(rest) if rest in _ONES[:10] else None
    return None
