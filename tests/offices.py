"""Offices that tests count time in: the one of the examples (docs/working-time.md), and small ones built to order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tanggap.worktime.calendar import WorkCalendar
from tanggap.worktime.office_hours import Holiday, HolidayKind, Period

WIB, WITA, WIT, BERLIN = (
    ZoneInfo(name) for name in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Europe/Berlin")
)

ORDINARY = {
    **{key: ["07.30-12.00", "13.00-16.00"] for key in ("monday", "tuesday", "wednesday", "thursday")},
    "friday": ["07.30-11.30", "13.00-16.30"],
}
RAMADAN_2026 = {
    "label": "Ramadan 1447 H",
    "from": date(2026, 2, 19),
    "until": date(2026, 3, 21),
    **{key: ["08.00-15.00"] for key in ("monday", "tuesday", "wednesday", "thursday")},
    "friday": ["08.00-15.30"],
}

# SKB 1497/2025, 2/2025, 5/2025, written down by hand: no test of it may lean on the package it checks.
PUBLIC_2026 = (
    "01-01", "01-16", "02-17", "03-19", "03-21", "03-22", "04-03", "04-05", "05-01",
    "05-14", "05-27", "05-31", "06-01", "06-16", "08-17", "08-25", "12-25",
)  # fmt: skip
JOINT_LEAVE_2026 = ("02-16", "03-18", "03-20", "03-23", "03-24", "05-15", "05-28", "12-24")


def days_off_2026() -> tuple[Holiday, ...]:
    """The days off of 2026, and New Year 2027."""
    public = [Holiday(date.fromisoformat(f"2026-{day}"), "Libur nasional") for day in PUBLIC_2026]
    joint = [
        Holiday(date.fromisoformat(f"2026-{day}"), "Cuti bersama", HolidayKind.JOINT_LEAVE) for day in JOINT_LEAVE_2026
    ]
    return (*public, *joint, Holiday(date(2027, 1, 1), "Tahun Baru"))


def office(
    *periods: dict[str, Any], zone: str = "Asia/Jakarta", holidays: Sequence[Holiday] = (), joint_leave_off: bool = True
) -> WorkCalendar:
    """A calendar of these periods (as data), the ordinary week when none is given."""
    return WorkCalendar(
        zone, tuple(Period.from_dict(each) for each in periods or (ORDINARY,)), tuple(holidays), joint_leave_off
    )


EXAMPLE = office(ORDINARY, RAMADAN_2026, holidays=days_off_2026())
"""The office of the examples: ordinary hours, Ramadan 2026, the days off of 2026."""


def at(text: str, zone: ZoneInfo = WIB) -> datetime:
    """The moment "2026-11-20 16.20" by the clocks of ``zone``."""
    return datetime.strptime(text, "%Y-%m-%d %H.%M").replace(tzinfo=zone)
