"""The working calendar of an office: adds a standard of time to a moment and measures working time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cached_property
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from tanggap.worktime import explanation
from tanggap.worktime.counting import calendar_days_later, not_within, wall_clock_later
from tanggap.worktime.duration import Duration, Unit
from tanggap.worktime.office_hours import (
    CalendarRefused,
    Holiday,
    HolidayKind,
    Interval,
    NoWorkingTime,
    Period,
    known_keys,
    listed,
)
from tanggap.worktime.pauses import Pause, day_of, days_not_counted, in_order
from tanggap.worktime.timeline import HOUR, MINUTE, Stretch, Timeline, instant, moment, stretches

Found = TypeVar("Found")

_WORKING = {Unit.WORK_MINUTES: MINUTE, Unit.WORK_HOURS: HOUR}
_WALL_CLOCK = {Unit.CLOCK_MINUTES: MINUTE, Unit.CLOCK_HOURS: HOUR}

END_OF_CALENDAR_DAY = time(23, 59)
"""When a standard in calendar days, weeks or months is due (docs/working-time.md, 3)."""

_FIRST_YEAR, _LAST_YEAR = 1980, 2200
_YEARS_AHEAD = (1, 5, 50)  # how far a search goes, step by step; then it gives up with an error


class BeyondReach(CalendarRefused):
    """A moment or a result lies outside the years 1980 to 2200, or more than fifty years ahead."""


@dataclass(frozen=True)
class WorkCalendar:
    """Office hours, holidays and zone of one office.

    ``zone``: an IANA name ("Asia/Jakarta"). ``periods``: office hours; where several cover a day the last one holds,
    so Ramadan follows the ordinary hours; a day no period covers is closed. ``joint_leave_off``: whether cuti bersama
    is a day off here. All moments that come in must have a zone; all that go out are in the calendar's own.
    Raises :class:`CalendarRefused` for data that make no calendar, :class:`NoWorkingTime` when nothing is ever open.
    """

    zone: str
    periods: tuple[Period, ...]
    holidays: tuple[Holiday, ...] = ()
    joint_leave_off: bool = True
    _timeline: Timeline | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not any(day for period in self.periods for day in period.week):
            raise NoWorkingTime("Kalender ini tidak memuat satu pun jam kerja.")
        ordered = sorted(set(self.holidays), key=lambda h: (h.date, h.kind.value, h.name, h.decree, h.estimated))
        object.__setattr__(self, "holidays", tuple(ordered))
        self.tz  # noqa: B018  an unknown zone is refused here, not at the first use

    # what a day is ----------------------------------------------------------------------------------------------

    @cached_property
    def tz(self) -> tzinfo:
        """The zone. Raises :class:`CalendarRefused` when nobody knows it."""
        try:
            return ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError):
            raise CalendarRefused(f"Zona waktu “{self.zone[:40]}” tidak dikenal.") from None

    @cached_property
    def _days_off(self) -> Mapping[date, tuple[Holiday, ...]]:
        off: dict[date, tuple[Holiday, ...]] = {}
        for holiday in self.holidays:
            if self.joint_leave_off or holiday.kind is not HolidayKind.JOINT_LEAVE:
                off[holiday.date] = (*off.get(holiday.date, ()), holiday)
        return off

    def days_off(self, day: date) -> tuple[Holiday, ...]:
        """The holidays that close the office on ``day``; empty on any other day."""
        return self._days_off.get(day, ())

    def hours(self, day: date) -> tuple[Interval, ...]:
        """The open hours of ``day`` by the wall clock; empty when closed."""
        if day in self._days_off:
            return ()
        for period in reversed(self.periods):
            if period.covers(day):
                return period.week[day.weekday()]
        return ()

    def intervals(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The open hours of ``day`` as moments, the ends exclusive."""
        opened = stretches(day.toordinal(), self.hours(day), self.tz)
        return tuple((moment(begin, self.tz), moment(end, self.tz)) for begin, end in opened)

    def is_working_day(self, day: date) -> bool:
        """Whether the office is open at any time of ``day``."""
        return bool(self.hours(day))

    def closing(self, day: date) -> datetime | None:
        """When the office closes on ``day``; ``None`` when it is not open at all."""
        opened = self.intervals(day)
        return opened[-1][1] if opened else None

    def is_open(self, at: datetime) -> bool:
        """Whether ``at`` is working time; the closing moment itself is not."""
        asked, day = instant(at), day_of(at, self.tz)
        return any(opens <= asked < closes for opens, closes in stretches(day.toordinal(), self.hours(day), self.tz))

    def next_open(self, at: datetime) -> datetime:
        """``at`` itself when it is working time, else the next opening. Raises :class:`NoWorkingTime`."""
        sought = instant(at)
        return moment(self._search(day_of(at, self.tz), lambda line: line.next_open(sought)), self.tz)

    # counting ---------------------------------------------------------------------------------------------------

    def add(self, start: datetime, duration: Duration, pauses: Sequence[Pause] = ()) -> datetime | None:
        """When ``duration`` counted from ``start`` is due; ``None`` when it sets no standard.

        Working minutes and hours run in office hours, wall-clock ones always; pauses are cut out of both. N working
        days: the closing of the N-th working day after the date of the start. Calendar days and weeks: 23.59 of the
        day; months: 23.59 of the same day of the month, or of its last. Of a pause, the days after its first up to its
        last are not counted; a standard that would fall due within a pause is due at the first closing (23.59) after.
        Raises :class:`NoWorkingTime`, :class:`BeyondReach`.
        """
        unit = duration.unit
        if unit is Unit.NONE:
            return None
        if duration.amount < 1:
            raise ValueError("a standard of time is at least one of its unit")
        begin = instant(start)
        stops = in_order(pauses, after=begin) if pauses else []
        try:
            if unit in _WORKING:
                due = self._add_working(begin, duration.amount * _WORKING[unit], stops, day_of(start, self.tz))
            elif unit in _WALL_CLOCK:
                due = wall_clock_later(begin, duration.amount * _WALL_CLOCK[unit], stops)
            elif unit is Unit.WORK_DAYS:
                due = self._add_working_days(duration.amount, stops, day_of(start, self.tz))
            else:
                due = self._add_calendar_days(duration, stops, day_of(start, self.tz))
            return moment(due, self.tz)
        except OverflowError:  # a date after the year 9999
            raise _beyond_reach() from None

    def worked(self, start: datetime, end: datetime, pauses: Sequence[Pause] = ()) -> timedelta:
        """Working time from ``start`` to ``end`` without the pauses. Raises ``ValueError`` when ``end`` is earlier."""
        begin, finish = instant(start), instant(end)
        if finish < begin:
            raise ValueError("the end lies before the start")
        line = self._covering(day_of(start, self.tz).toordinal(), day_of(end, self.tz).toordinal())
        total = line.worked(finish) - line.worked(begin)
        for stop, resume in in_order(pauses, after=begin):
            total -= max(0, line.worked(min(resume, finish)) - line.worked(min(stop, finish)))
        return timedelta(microseconds=total)

    def explain(self, start: datetime, duration: Duration, pauses: Sequence[Pause] = ()) -> explanation.Explanation:
        """How :meth:`add` comes to its result, line by line. Raises what it raises."""
        return explanation.explain(self, start, duration, pauses)

    def _add_working(self, begin: int, amount: int, stops: Sequence[Stretch], day: date) -> int:
        def find(line: Timeline) -> int | None:
            at, left = begin, amount
            for stop, resume in stops:
                possible = line.worked(stop) - line.worked(at)
                if possible >= left:
                    break
                at, left = resume, left - possible
            return line.when_worked(line.worked(at) + left)

        return self._search(day, find)

    def _add_working_days(self, amount: int, stops: Sequence[Stretch], day: date) -> int:
        start = day.toordinal()
        not_counted = days_not_counted(stops, self.tz)

        def find(line: Timeline) -> int | None:
            index = line.working_days(line.first - 1, start) + amount - 1
            for after, through in not_counted:
                if index < len(line.days) and line.days[index] <= after:
                    break
                index += line.working_days(after, through)
            if index >= len(line.days):
                return None
            return not_within(line.closings[index], stops, line.closing_after)

        return self._search(day, find)

    def _add_calendar_days(self, duration: Duration, stops: Sequence[Stretch], day: date) -> int:
        due_day = calendar_days_later(day, duration).toordinal()
        for after, through in days_not_counted(stops, self.tz):
            if due_day > after:
                due_day += through - after

        def end_after(at: int) -> int:
            last = moment(at, self.tz).toordinal()
            return self._end_of(last if self._end_of(last) > at else last + 1)

        due = not_within(self._end_of(due_day), stops, end_after)
        if due is None:
            raise _beyond_reach()
        return due

    def _end_of(self, day: int) -> int:
        return instant(datetime.combine(date.fromordinal(day), END_OF_CALENDAR_DAY, self.tz))

    # looking up -------------------------------------------------------------------------------------------------

    def _search(self, day: date, find: Callable[[Timeline], Found | None]) -> Found:
        """What ``find`` finds from ``day`` on, looking ever further ahead, but never without end."""
        start = day.toordinal()
        line = self._timeline
        if line is not None and line.first <= start <= line.last and (found := find(line)) is not None:
            return found
        for years in _YEARS_AHEAD:
            found = find(self._covering(start, date(min(day.year + years, _LAST_YEAR), 12, 31).toordinal()))
            if found is not None:
                return found
        if day.year + _YEARS_AHEAD[-1] > _LAST_YEAR:
            raise _beyond_reach()
        raise NoWorkingTime(f"Sesudah {day.isoformat()} tidak ada cukup jam kerja pada kalender ini.")

    def _covering(self, first: int, last: int) -> Timeline:
        """A timeline of whole years over the days ``first`` to ``last``; the widest so far is kept and shared."""
        kept = self._timeline
        if kept is not None and kept.first <= first and last <= kept.last:
            return kept
        if kept is not None:
            first, last = min(first, kept.first), max(last, kept.last)
        first_year, last_year = date.fromordinal(first).year, date.fromordinal(last).year
        if first_year < _FIRST_YEAR or last_year > _LAST_YEAR:
            raise _beyond_reach()
        first, last = date(first_year, 1, 1).toordinal(), date(last_year, 12, 31).toordinal()
        line = Timeline.build(first, last, self.hours, self.tz)
        object.__setattr__(self, "_timeline", line)  # a finished timeline replaces another whole: safe between threads
        return line

    # as data ----------------------------------------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """As data fit for JSON or TOML, the same for equal calendars; :meth:`from_dict` reads it back."""
        return {
            "zone": self.zone,
            "joint_leave_off": self.joint_leave_off,
            "period": [period.to_dict() for period in self.periods],
            "holiday": [holiday.to_dict() for holiday in self.holidays],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> WorkCalendar:
        """The calendar that :meth:`to_dict` wrote. Raises :class:`CalendarRefused`."""
        known_keys(data, "kalender", {"zone", "joint_leave_off", "period", "holiday"})
        return cls(
            zone=str(data.get("zone", "Asia/Jakarta")),
            periods=tuple(Period.from_dict(item) for item in listed(data, "period")),
            holidays=tuple(Holiday.from_dict(item) for item in listed(data, "holiday")),
            joint_leave_off=bool(data.get("joint_leave_off", True)),
        )

    @cached_property
    def version(self) -> str:
        """The sha256 of the calendar's content: says which calendar a due moment was counted by."""
        canonical = json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


def _beyond_reach() -> BeyondReach:
    return BeyondReach(f"Waktunya di luar jangkauan kalender ({_FIRST_YEAR} sampai {_LAST_YEAR}).")
