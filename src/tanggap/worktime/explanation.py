"""Tells line by line how a due moment came about: start, what was counted, pauses, closed hours, holidays, due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from tanggap.worktime import dates
from tanggap.worktime.counting import calendar_days_later
from tanggap.worktime.duration import Duration, Unit
from tanggap.worktime.office_hours import Holiday
from tanggap.worktime.pauses import Pause, days_not_counted, in_order
from tanggap.worktime.timeline import Stretch, instant, moment

if TYPE_CHECKING:
    from tanggap.worktime.calendar import WorkCalendar


class Kind(StrEnum):
    """What a line tells; the value is its Indonesian caption."""

    START = "mulai"
    COUNTED = "dihitung"
    PAUSE = "jeda"
    HOLIDAY = "libur"
    CLOSED = "di luar jam kerja"
    NO_STANDARD = "tanpa standar"
    DUE = "jatuh tempo"

    def caption(self, language: str = "id") -> str:
        """The caption of such a line."""
        return _CAPTIONS[self] if language == "en" else self.value


_ORDER = {kind: place for place, kind in enumerate(Kind)}
_CAPTIONS = {
    Kind.START: "start",
    Kind.COUNTED: "counted",
    Kind.PAUSE: "pause",
    Kind.HOLIDAY: "day off",
    Kind.CLOSED: "outside office hours",
    Kind.NO_STANDARD: "no standard",
    Kind.DUE: "due",
}


class Why(StrEnum):
    """What there is to say of a line beside its caption; the value is the Indonesian phrase."""

    NOTHING = ""
    MEASURED = "waktunya diukur, tetapi tidak pernah terlambat"
    NOT_COUNTED = "tidak dihitung"
    NOT_WORKING = "bukan hari kerja"
    MOVED = "tenggat jatuh dalam jeda, maka bergeser ke sini"


_REASONS = {
    Why.NOTHING: "",
    Why.MEASURED: "the time is measured, but never late",
    Why.NOT_COUNTED: "not counted",
    Why.NOT_WORKING: "no working day",
    Why.MOVED: "it would fall due within a pause and moves here",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its caption (``kind``), when it applies, and what makes it a phrase in either language.

    ``begin``, ``end``: dates of whole days, moments of a stretch; without an end a moment. ``length``: what was counted
    in between. ``ordinals``: which days of the count they are. ``off``: the holidays.
    """

    kind: Kind
    begin: datetime | date
    end: datetime | date | None = None
    why: Why = Why.NOTHING
    length: timedelta | None = None
    ordinals: tuple[int, int] | None = None
    off: tuple[Holiday, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind.value}: {self.text}"

    @property
    def text(self) -> str:
        """The phrase in Indonesian."""
        return self.told()

    def told(self, language: str = "id") -> str:
        """The phrase, in full words: "Kamis, 24 Desember 2026: Cuti Bersama Natal (SKB 1497/2025)"."""
        if self.why is Why.MEASURED:
            return self._why(language)
        if isinstance(self.begin, datetime):
            assert self.end is None or isinstance(self.end, datetime)
            when = _moments(self.begin, self.end, language)
            return when if self.length is None else f"{when}, {dates.stretch(self.length, language)}"
        assert self.end is not None
        days = _span_of_days(self.begin, self.end, language)
        said = _ordinals(*self.ordinals, language) if self.ordinals else self._why(language)
        return f"{days}: {said}" if said else days

    def _why(self, language: str) -> str:
        if self.off:
            return ", ".join(holiday.told(language) for holiday in self.off)
        return _REASONS[self.why] if language == "en" else self.why.value


def _moments(begin: datetime, end: datetime | None, language: str) -> str:
    if end is None:
        return dates.moment(begin, language)
    to = "to" if language == "en" else "sampai"
    if begin.date() != end.date():
        return f"{dates.moment(begin, language)} {to} {dates.moment(end, language)}"
    return f"{dates.moment(begin, language, zone=False)} {to} {dates.clock(end)}"


def _span_of_days(first: date, last: date, language: str) -> str:
    if first == last:
        return dates.weekday(first, language)
    to = "to" if language == "en" else "sampai"
    return f"{dates.weekday(first, language)} {to} {dates.weekday(last, language)}"


def _ordinals(first: int, last: int, language: str) -> str:
    if language == "en":
        return f"day {first}" if first == last else f"days {first} to {last}"
    return f"hari ke-{first}" if first == last else f"hari ke-{first} sampai ke-{last}"


@dataclass(frozen=True, slots=True)
class Explanation:
    """How ``duration`` counted from ``start`` comes to ``due`` (``None``: no standard), in lines by order of time."""

    duration: Duration
    start: datetime
    due: datetime | None
    lines: tuple[Line, ...]
    version: str
    """The content hash of the calendar that counted."""

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)

    def __str__(self) -> str:
        return "\n".join(str(line) for line in self.lines)


def explain(calendar: WorkCalendar, start: datetime, duration: Duration, pauses: Sequence[Pause] = ()) -> Explanation:
    """The explanation of ``calendar.add(start, duration, pauses)``; raises what it raises."""
    due = calendar.add(start, duration, pauses)
    here = start.astimezone(calendar.tz)
    lines = [Line(Kind.START, here)]
    if due is None:
        lines.append(Line(Kind.NO_STANDARD, here, why=Why.MEASURED))
    else:
        stops = [stop for stop in in_order(pauses, after=instant(start)) if stop[0] < instant(due)]
        if duration.unit in (Unit.WORK_MINUTES, Unit.WORK_HOURS):
            lines += _working_time(calendar, here, due, stops)
        elif duration.unit in (Unit.CLOCK_MINUTES, Unit.CLOCK_HOURS):
            lines += _wall_clock(calendar, here, due, stops)
        else:
            lines += _counted_days(calendar, here, due, stops, duration)
        lines.append(Line(Kind.DUE, due))
    return Explanation(duration, here, due, tuple(lines), calendar.version)


# minutes and hours ----------------------------------------------------------------------------------------------


def _working_time(calendar: WorkCalendar, start: datetime, due: datetime, stops: Sequence[Stretch]) -> list[Line]:
    open_hours = _open_between(calendar, start, due)
    lines = [_stretch(calendar, Kind.COUNTED, each) for each in _without(open_hours, stops)]
    closed = _without([(instant(start), instant(due))], open_hours)
    lines += [_stretch(calendar, Kind.CLOSED, each) for each in closed if not _lies_in(each, stops)]
    lines += [_stretch(calendar, Kind.PAUSE, each) for each in stops]
    lines += _holidays(calendar, start.date(), due.date())
    return sorted(lines, key=lambda line: (_first_moment(line, calendar), _ORDER[line.kind]))


def _wall_clock(calendar: WorkCalendar, start: datetime, due: datetime, stops: Sequence[Stretch]) -> list[Line]:
    running = _without([(instant(start), instant(due))], stops)
    lines = [_stretch(calendar, Kind.COUNTED, each) for each in running]
    lines += [_stretch(calendar, Kind.PAUSE, each) for each in stops]
    return sorted(lines, key=lambda line: _first_moment(line, calendar))


def _open_between(calendar: WorkCalendar, start: datetime, due: datetime) -> list[Stretch]:
    first, last = instant(start), instant(due)
    found: list[Stretch] = []
    for day in _days(start.date(), due.date()):
        for opens, closes in calendar.intervals(day):
            begin, end = max(first, instant(opens)), min(last, instant(closes))
            if begin < end:
                found.append((begin, end))
    return found


def _without(whole: Sequence[Stretch], cut: Sequence[Stretch]) -> list[Stretch]:
    """What is left of the sorted stretches when the sorted ``cut`` is taken out."""
    left: list[Stretch] = []
    for begin, end in whole:
        reached = begin
        for cut_begin, cut_end in cut:
            if cut_begin < end and reached < cut_end:
                if reached < cut_begin:
                    left.append((reached, cut_begin))
                reached = cut_end
        if reached < end:
            left.append((reached, end))
    return left


def _lies_in(stretch: Stretch, stops: Sequence[Stretch]) -> bool:
    return any(begin <= stretch[0] and stretch[1] <= end for begin, end in stops)


def _stretch(calendar: WorkCalendar, kind: Kind, stretch: Stretch) -> Line:
    length = timedelta(microseconds=stretch[1] - stretch[0]) if kind is Kind.COUNTED else None
    return Line(kind, moment(stretch[0], calendar.tz), moment(stretch[1], calendar.tz), length=length)


# days -----------------------------------------------------------------------------------------------------------


def _counted_days(
    calendar: WorkCalendar, start: datetime, due: datetime, stops: Sequence[Stretch], duration: Duration
) -> list[Line]:
    paused = days_not_counted(stops, calendar.tz)
    working = duration.unit is Unit.WORK_DAYS
    total = duration.amount if working else (calendar_days_later(start.date(), duration) - start.date()).days
    lines: list[Line] = []
    counted = 0
    for day in _days(start.date() + timedelta(days=1), due.date()):
        line = _line_of_day(calendar, day, paused, working=working)
        if line.kind is Kind.COUNTED and counted < total:
            counted += 1
            line = replace(line, ordinals=(counted, counted))
        elif line.kind is Kind.COUNTED:
            line = replace(line, kind=Kind.PAUSE, why=Why.MOVED)
        if lines and _goes_on(lines[-1], line, working=working):
            line = _together(lines.pop(), line)
        lines.append(line)
    return lines


def _goes_on(before: Line, line: Line, *, working: bool) -> bool:
    """True when two days that follow each other are told in one line; a working day that counts has its own."""
    alike = (before.kind, before.why, before.off) == (line.kind, line.why, line.off)
    return alike and not (working and line.kind is Kind.COUNTED)


def _together(before: Line, line: Line) -> Line:
    ordinals = (before.ordinals[0], line.ordinals[1]) if before.ordinals and line.ordinals else None
    return replace(before, end=line.end, ordinals=ordinals)


def _line_of_day(calendar: WorkCalendar, day: date, paused: Sequence[tuple[int, int]], *, working: bool) -> Line:
    if any(after < day.toordinal() <= through for after, through in paused):
        return Line(Kind.PAUSE, day, day, Why.NOT_COUNTED)
    if not working:
        return Line(Kind.COUNTED, day, day)
    if off := calendar.days_off(day):
        return Line(Kind.HOLIDAY, day, day, off=off)
    return (
        Line(Kind.COUNTED, day, day) if calendar.is_working_day(day) else Line(Kind.CLOSED, day, day, Why.NOT_WORKING)
    )


# both -----------------------------------------------------------------------------------------------------------


def _holidays(calendar: WorkCalendar, first: date, last: date) -> list[Line]:
    return [Line(Kind.HOLIDAY, day, day, off=off) for day in _days(first, last) if (off := calendar.days_off(day))]


def _first_moment(line: Line, calendar: WorkCalendar) -> int:
    if isinstance(line.begin, datetime):
        return instant(line.begin)
    return instant(datetime(line.begin.year, line.begin.month, line.begin.day, tzinfo=calendar.tz))


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
