"""The calendars an installation starts with: national holidays with their decrees, and office hours."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Any

from tanggap.worktime.calendar import WorkCalendar
from tanggap.worktime.office_hours import Holiday, HolidayKind, Period

SEED_YEARS = range(2024, 2028)

_ESTIMATED = " (perkiraan)"  # how the package marks a date that is computed, not decreed
_CATEGORIES = {"public": HolidayKind.PUBLIC, "government": HolidayKind.JOINT_LEAVE}


def national_holidays(years: Iterable[int] = SEED_YEARS) -> list[Holiday]:
    """The national holidays and joint leave (cuti bersama) of ``years``, by date, with the decree that sets them.

    Dates come from the ``holidays`` package, decree numbers from ``seeds/decrees.toml``. A day is ``estimated`` where
    the package says so or no decree is known. They are a start: an SKB is revised during its year, so they become rows
    that an administrator edits.
    """
    from holidays import country_holidays  # its import takes a while; most of Tanggap never needs it

    wanted = sorted(set(years))
    decrees = _seed("decrees.toml")
    found = []
    for category, kind in _CATEGORIES.items():
        listed = country_holidays("ID", years=wanted, categories=category, language="id")
        for day in listed:
            decree = decrees["day"].get(day.isoformat()) or decrees["year"].get(str(day.year), "")
            for name in listed.get_list(day):
                estimated = not decree or name.endswith(_ESTIMATED)
                found.append(Holiday(day, name.removesuffix(_ESTIMATED), kind, decree, estimated))
    return sorted(found, key=lambda holiday: (holiday.date, holiday.kind, holiday.name))


def seed_institutions() -> list[str]:
    """The keys of the institutions that have a calendar among the seeds."""
    return sorted(_seed("calendar.toml")["institutions"])


def seed_calendar(institution_key: str, *, holidays: Sequence[Holiday] | None = None) -> WorkCalendar:
    """The calendar an institution starts with; ``holidays`` instead of the national ones of :data:`SEED_YEARS`.

    Raises ``LookupError`` for an institution that is not among the seeds.
    """
    seed = _seed("calendar.toml")
    zone = seed["institutions"].get(institution_key)
    if zone is None:
        raise LookupError(institution_key)
    periods = tuple(Period.from_dict(item) for item in seed["period"])
    return WorkCalendar(zone, periods, tuple(national_holidays() if holidays is None else holidays))


def _seed(name: str) -> dict[str, Any]:
    return tomllib.loads((files("tanggap") / "seeds" / name).read_text("utf-8"))
