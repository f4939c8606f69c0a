"""Dates, moments and stretches of time in the reader's words: as pages, papers, notices and the command print them.

``language``: ``id`` or ``en``; whatever else is asked for is told in Indonesian.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tanggap.worktime.calendar import WorkCalendar

ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}

_A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Words:
    """What one language calls things. ``amounts``: the word for one and for several of each."""

    days: tuple[str, ...]
    months: tuple[str, ...]
    moment: str
    amounts: Mapping[str, tuple[str, str]]
    less_than_a_minute: str


_WORDS: Mapping[str, _Words] = {
    "id": _Words(
        ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
        (
            "Januari", "Februari", "Maret", "April", "Mei", "Juni",
            "Juli", "Agustus", "September", "Oktober", "November", "Desember",
        ),
        "{day} pukul {clock}",
        {word: (word, word) for word in ("menit", "jam", "hari", "hari kerja")},
        "kurang dari 1 menit",
    ),
    "en": _Words(
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        (
            "January", "February", "March", "April", "May", "June",
            "July", "August", "September", "October", "November", "December",
        ),
        "{day} at {clock}",
        {
            "menit": ("minute", "minutes"), "jam": ("hour", "hours"), "hari": ("day", "days"),
            "hari kerja": ("working day", "working days"),
        },
        "less than a minute",
    ),
}  # fmt: skip


def _words(language: str) -> _Words:
    return _WORDS.get(language, _WORDS["id"])


def day(on: date, language: str = "id") -> str:
    """20 November 2026. A moment is printed by its own zone's date."""
    return f"{on.day} {_words(language).months[on.month - 1]} {on.year}"


def weekday(on: date, language: str = "id", *, year: bool = True) -> str:
    """Jumat, 20 November 2026; without its year where that is clear."""
    name = _words(language).days[on.weekday()]
    return f"{name}, {day(on, language) if year else day(on, language).removesuffix(f' {on.year}')}"


def clock(at: datetime, *, zone: bool = True) -> str:
    """08.30 WIB, by the moment's own zone; seconds are not shown."""
    printed = f"{at.hour:02d}.{at.minute:02d}"
    return f"{printed} {zone_name(at)}" if zone else printed


def moment(at: datetime, language: str = "id", *, zone: bool = True) -> str:
    """Senin, 30 November 2026 pukul 09.30 WIB: when something is due."""
    return _words(language).moment.format(day=weekday(at, language), clock=clock(at, zone=zone))


def stamp(at: datetime, language: str = "id") -> str:
    """30 November 2026, 09.30 WIB: when something happened."""
    return f"{day(at, language)}, {clock(at)}"


def zone_name(at: datetime) -> str:
    """WIB, WITA or WIT, else the zone's own abbreviation. Raises ``ValueError`` for a moment without a zone."""
    if at.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return ZONES.get(getattr(at.tzinfo, "key", "")) or at.tzname() or ""


def amount(number: int, word: str, language: str = "id") -> str:
    """So many of menit, jam, hari or hari kerja: "3 hari kerja", "1 working day"."""
    one, several = _words(language).amounts[word]
    return f"{number} {one if number == 1 else several}"


def stretch(length: timedelta, language: str = "id") -> str:
    """1 jam 9 menit: whole minutes; hours are not made into days."""
    hours, minutes = divmod(length // _A_MINUTE, 60)
    parts = ((hours, "jam"), (minutes, "menit"))
    told = " ".join(amount(number, word, language) for number, word in parts if number)
    return told or _words(language).less_than_a_minute


def between(start: datetime, end: datetime, calendar: WorkCalendar, language: str = "id") -> str:
    """How long it is from ``start`` to ``end``: within one day in working time, beyond it in working days.

    By the wall clock, and in days, where no working time lies between.
    """
    first, last = start.astimezone(calendar.tz).date(), end.astimezone(calendar.tz).date()
    if first == last:
        return stretch(max(calendar.worked(start, end) or end - start, _A_MINUTE), language)
    working = sum(1 for step in range(1, (last - first).days + 1) if calendar.is_working_day(first + timedelta(step)))
    return amount(working, "hari kerja", language) if working else amount((last - first).days, "hari", language)
