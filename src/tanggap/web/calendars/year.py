"""A year of a calendar as a picture: months of days, each with its shape and its word."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.utils.dates import MONTHS, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from tanggap.web import dates
from tanggap.web.labels import Words
from tanggap.worktime.calendar import WorkCalendar
from tanggap.worktime.office_hours import Holiday, HolidayKind, Interval, Period

WORKING, OTHER_HOURS, CLOSED = "work", "other", "closed"
KINDS = {HolidayKind.PUBLIC: "public", HolidayKind.JOINT_LEAVE: "joint", HolidayKind.LOCAL: "local"}
_TO = "\u2013"


@dataclass(frozen=True, slots=True)
class Day:
    """One day: ``look`` is one of the words above or a kind of holiday; ``mark``: its letter; ``words``: what it is."""

    date: date
    look: str
    mark: str = ""
    words: str = ""
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """A month: its weeks from Monday (``None`` outside the month), and its special days in words."""

    name: str
    weeks: list[list[Day | None]]
    notes: list[str]
    working: int


@dataclass(frozen=True, slots=True)
class Year:
    """A whole year, and how many days of which sort it has. ``legend``: look, mark, word, count."""

    number: int
    months: list[Month]
    legend: list[tuple[str, str, str, int]]
    heads: list[tuple[str, str]]


MARKS = {"public": "L", "joint": "C", "local": "S"}


def kind_word(kind: HolidayKind) -> str:
    """The word for a kind of day off."""
    return {
        HolidayKind.PUBLIC: _("libur nasional"),
        HolidayKind.JOINT_LEAVE: _("cuti bersama"),
        HolidayKind.LOCAL: _("libur setempat"),
    }[kind]


def year_of(calendar: WorkCalendar, number: int, *, today: date) -> Year:
    """The year ``number`` (1980 to 2200) of ``calendar``."""
    by_day: dict[date, list[Holiday]] = {}
    for holiday in calendar.holidays:
        if holiday.date.year == number:
            by_day.setdefault(holiday.date, []).append(holiday)
    ordinary = _ordinary(calendar.periods)
    months = []
    for month in range(1, 13):
        weeks = [
            [_day(calendar, day, by_day.get(day, []), ordinary, today) if day.month == month else None for day in week]
            for week in Calendar().monthdatescalendar(number, month)
        ]
        days = [day for week in weeks for day in week if day is not None]
        months.append(Month(str(MONTHS[month]), weeks, _notes(days), sum(one.look in _OPEN for one in days)))
    heads = [(str(WEEKDAYS_ABBR[n]), str(WEEKDAYS[n])) for n in range(7)]
    return Year(number, months, _legend(months), heads)


_OPEN = (WORKING, OTHER_HOURS)


def _ordinary(periods: Sequence[Period]) -> set[Period]:
    """The hours that hold without an end: what a passing period differs from."""
    return {period for period in periods if period.until_date is None}


def _day(calendar: WorkCalendar, day: date, holidays: list[Holiday], ordinary: set[Period], today: date) -> Day:
    off = calendar.days_off(day)
    if off:
        look = KINDS[off[0].kind]
        return Day(day, look, _mark(off), "; ".join(_said(one) for one in off), day == today)
    if not calendar.is_working_day(day):
        return Day(day, CLOSED, "", _("tutup"), day == today)
    words = "; ".join(_("%(what)s, tetap bekerja") % {"what": _said(one)} for one in holidays)
    period = next(one for one in reversed(calendar.periods) if one.covers(day))
    if period not in ordinary:
        return Day(day, OTHER_HOURS, "", words or period.label, day == today)
    return Day(day, WORKING, "", words, day == today)


def _mark(off: Sequence[Holiday]) -> str:
    return MARKS[KINDS[off[0].kind]] + ("?" if all(one.estimated for one in off) else "")


def _said(holiday: Holiday) -> str:
    sort = kind_word(holiday.kind)
    if holiday.estimated:
        return _("%(name)s (%(kind)s, perkiraan)") % {"name": holiday.name, "kind": sort}
    return f"{holiday.name} ({sort})"


def _notes(days: Sequence[Day]) -> list[str]:
    """Special days in words, days of the same words together: "2-20: Ramadan 1447 H"."""
    found: dict[tuple[str, str], list[int]] = {}
    for one in days:
        if one.words and one.look != CLOSED:
            found.setdefault((one.look, one.words), []).append(one.date.day)
    return [f"{_numbers(numbers, look == OTHER_HOURS)}: {words}" for (look, words), numbers in found.items()]


def _numbers(numbers: list[int], is_passing: bool) -> str:
    """Runs of days; hours that pass are not interrupted by the weekends within them."""
    if is_passing:
        return _span(numbers)
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(map(_span, runs))


def _span(numbers: list[int]) -> str:
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}{_TO}{numbers[-1]}"


def _legend(months: Sequence[Month]) -> list[tuple[str, str, str, int]]:
    looks = [day.look for month in months for week in month.weeks for day in week if day is not None]
    words = (
        (WORKING, "", _("hari kerja")),
        (OTHER_HOURS, "", _("hari kerja dengan jam lain")),
        ("public", MARKS["public"], kind_word(HolidayKind.PUBLIC)),
        ("joint", MARKS["joint"], kind_word(HolidayKind.JOINT_LEAVE)),
        ("local", MARKS["local"], kind_word(HolidayKind.LOCAL)),
        (CLOSED, "", _("tutup")),
    )
    return [(look, mark, word, looks.count(look)) for look, mark, word in words if looks.count(look)]


# office hours in words ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HoursLine:
    """One period of office hours: when it holds, its days in words, and how many hours a week it has."""

    position: int
    label: Words
    span: str
    days: list[tuple[str, str]]
    weekly: str


def hours_lines(periods: Sequence[Period]) -> list[HoursLine]:
    """Every period, days of equal hours together: ("Senin-Kamis", "07.30-12.00, 13.00-16.00")."""
    return [
        HoursLine(n, period.label or _("Jam kerja"), span_words(period), week_words(period), _weekly(period))
        for n, period in enumerate(periods)
    ]


def span_words(period: Period) -> str:
    """When a period holds, with its last day rather than the first day after."""
    last = period.until_date - timedelta(days=1) if period.until_date else None
    if period.from_date and last:
        return _("%(first)s sampai %(last)s") % {"first": dates.day(period.from_date), "last": dates.day(last)}
    if period.from_date:
        return _("mulai %(first)s") % {"first": dates.day(period.from_date)}
    return _("sampai %(last)s") % {"last": dates.day(last)} if last else _("bila tidak ada jam lain")


def week_words(period: Period) -> list[tuple[str, str]]:
    """The open days and their hours; closed days are left out."""
    found = []
    for hours, run in groupby(range(7), key=lambda n: period.week[n]):
        days = list(run)
        if hours:
            first, last = str(WEEKDAYS[days[0]]), str(WEEKDAYS[days[-1]])
            found.append((first if first == last else f"{first}{_TO}{last}", interval_words(hours)))
    return found


def interval_words(hours: Sequence[Interval]) -> str:
    """As in: 07.30-12.00, 13.00-16.00."""
    return ", ".join(str(one).replace("-", _TO) for one in hours)


def _weekly(period: Period) -> str:
    minutes = sum(one.closes - one.opens for day in period.week for one in day)
    return f"{minutes / 60:.1f}".replace(".0", "").replace(".", ",")
