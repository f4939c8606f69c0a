"""Office hours and holidays as values: what an institution says about its working time, read and written as data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Any

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""Keys of a week in data, in the order of :meth:`datetime.date.weekday`."""

END_OF_DAY = 24 * 60


class CalendarRefused(ValueError):
    """The data make no usable calendar; the message is one Indonesian sentence."""


class NoWorkingTime(CalendarRefused):
    """There is no working time at all, or none left where it is looked for."""


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Open hours within one day: minutes since midnight by the wall clock, the end exclusive (1440 = 24.00)."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= END_OF_DAY:
            raise CalendarRefused(f"Jam {self} tidak benar: jam tutup harus sesudah jam buka, antara 00.00 dan 24.00.")

    @classmethod
    def read(cls, text: str) -> Interval:
        """The interval written "07.30-12.00" (a colon or a long dash does as well). Raises :class:`CalendarRefused`."""
        found = _INTERVAL.fullmatch(text.strip())
        if not found:
            raise CalendarRefused(f"Jam “{text[:40]}” tidak dapat dibaca; tulis seperti “07.30-12.00”.")
        opens_hour, opens_minute, closes_hour, closes_minute = map(int, found.groups())
        return cls(opens_hour * 60 + opens_minute, closes_hour * 60 + closes_minute)

    def __str__(self) -> str:
        return f"{_clock(self.opens)}-{_clock(self.closes)}"


_INTERVAL = re.compile(r"([0-9]{1,2})[.:]([0-5][0-9])\s*[-\u2013]\s*([0-9]{1,2})[.:]([0-5][0-9])")


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}.{minutes % 60:02d}"


Week = tuple[tuple[Interval, ...], ...]
"""Seven days from Monday, each with its intervals in order; an empty day is closed."""


@dataclass(frozen=True, slots=True)
class Period:
    """Office hours in force from ``from_date`` up to, not including, ``until_date`` (``None``: without a bound)."""

    week: Week
    from_date: date | None = None
    until_date: date | None = None
    label: str = ""

    def __post_init__(self) -> None:
        if self.from_date and self.until_date and self.from_date >= self.until_date:
            raise CalendarRefused(f"Masa “{self.label}” berakhir sebelum mulai.")
        if len(self.week) != len(WEEKDAYS):
            raise CalendarRefused(f"Masa “{self.label}” harus memuat tujuh hari.")
        for name, day in zip(WEEKDAYS, self.week, strict=True):
            for earlier, later in pairwise(day):
                if later.opens < earlier.closes:
                    raise CalendarRefused(f"Jam {earlier} dan {later} ({name}) bertumpuk atau tidak berurutan.")

    def covers(self, day: date) -> bool:
        """Whether these hours are in force on ``day``."""
        return (self.from_date is None or self.from_date <= day) and (self.until_date is None or day < self.until_date)

    def to_dict(self) -> dict[str, Any]:
        """As data: ``label``, ``from``, ``until`` and each open day with its hours. What is empty is left out."""
        data: dict[str, Any] = {}
        if self.label:
            data["label"] = self.label
        if self.from_date:
            data["from"] = self.from_date.isoformat()
        if self.until_date:
            data["until"] = self.until_date.isoformat()
        return data | {name: [str(i) for i in day] for name, day in zip(WEEKDAYS, self.week, strict=True) if day}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Period:
        """The period that :meth:`to_dict` wrote. Raises :class:`CalendarRefused`."""
        known_keys(data, "jam kerja", {"label", "from", "until", *WEEKDAYS})
        week = tuple(tuple(Interval.read(str(text)) for text in listed(data, name)) for name in WEEKDAYS)
        return cls(week, read_date(data.get("from")), read_date(data.get("until")), str(data.get("label", "")))


class HolidayKind(StrEnum):
    """Why a day is off."""

    PUBLIC = "public"
    JOINT_LEAVE = "joint_leave"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day off (libur nasional, cuti bersama, libur setempat) and the decree that says so. Several may share a day."""

    date: date
    name: str
    kind: HolidayKind = HolidayKind.PUBLIC
    decree: str = ""
    estimated: bool = False

    def __str__(self) -> str:
        return self.told()

    def told(self, language: str = "id") -> str:
        """Its name, its decree, and whether it is an estimate; names and decrees stand as they were given."""
        estimate = "estimate" if language == "en" else "perkiraan"
        notes = "; ".join(note for note in (self.decree, estimate if self.estimated else "") if note)
        return f"{self.name} ({notes})" if notes else self.name

    def to_dict(self) -> dict[str, Any]:
        """As data; what is empty is left out."""
        data: dict[str, Any] = {"date": self.date.isoformat(), "name": self.name, "kind": self.kind.value}
        if self.decree:
            data["decree"] = self.decree
        if self.estimated:
            data["estimated"] = True
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Holiday:
        """The holiday that :meth:`to_dict` wrote. Raises :class:`CalendarRefused`."""
        known_keys(data, "hari libur", {"date", "name", "kind", "decree", "estimated"})
        day = read_date(data.get("date"))
        if day is None or not data.get("name"):
            raise CalendarRefused("Hari libur harus memuat tanggal dan nama.")
        try:
            kind = HolidayKind(data.get("kind", HolidayKind.PUBLIC))
        except ValueError:
            raise CalendarRefused(f"Jenis libur “{str(data['kind'])[:40]}” tidak dikenal.") from None
        return cls(day, str(data["name"]), kind, str(data.get("decree", "")), bool(data.get("estimated", False)))


def known_keys(data: Mapping[str, Any], what: str, known: set[str]) -> None:
    """Refuse data that is no table or has keys nobody reads. Raises :class:`CalendarRefused`."""
    if not isinstance(data, Mapping):
        raise CalendarRefused(f"Data {what} bukan sebuah tabel.")
    unknown = sorted(str(key) for key in data.keys() - known)
    if unknown:
        raise CalendarRefused(f"Kunci “{unknown[0][:40]}” pada {what} tidak dikenal.")


def listed(data: Mapping[str, Any], key: str) -> list[Any]:
    """The list under ``key``, empty when absent. Raises :class:`CalendarRefused` for anything else."""
    value = data.get(key, [])
    if not isinstance(value, list):
        raise CalendarRefused(f"Isi “{key}” harus berupa daftar.")
    return value


def read_date(value: object) -> date | None:
    """A date from TOML or from ISO text; ``None`` stays. Raises :class:`CalendarRefused`."""
    if value is None or type(value) is date:
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise CalendarRefused(f"Tanggal “{str(value)[:40]}” tidak dapat dibaca; tulis seperti 2026-11-20.") from None
