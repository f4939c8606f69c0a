"""Tells line by line how a due moment came about: start, what was counted, pauses, closed hours, holidays, due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from tanggap.worktime import dates
from tanggap.worktime.counting import calendar_days_later
from tanggap.worktime.duration import Duration, Unit
from tanggap.worktime.pauses import Pause, days_not_counted, in_order
from tanggap.worktime.timeline import MINUTE, Stretch, instant, moment

if TYPE_CHECKING:
    from tanggap.worktime.calendar import WorkCalendar


class Kind(StrEnum):
    """What a line tells; the value is its caption."""

    START = "mulai"
    COUNTED = "dihitung"
    PAUSE = "jeda"
    HOLIDAY = "libur"
    CLOSED = "di luar jam kerja"
    NO_STANDARD = "tanpa standar"
    DUE = "jatuh tempo"


_ORDER = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its caption (``kind``), when it applies, and an Indonesian phrase that says it in full."""

    kind: Kind
    begin: datetime | date
    text: str
    end: datetime | date | None = None

    def __str__(self) -> str:
        return f"{self.kind.value}: {self.text}"


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
    lines = [Line(Kind.START, here, dates.moment(here))]
    if due is None:
        lines.append(Line(Kind.NO_STANDARD, here, "waktunya diukur, tetapi tidak pernah terlambat"))
    else:
        stops = [stop for stop in in_order(pauses, after=instant(start)) if stop[0] < instant(due)]
        if duration.unit in (Unit.WORK_MINUTES, Unit.WORK_HOURS):
            lines += _working_time(calendar, here, due, stops)
        elif duration.unit in (Unit.CLOCK_MINUTES, Unit.CLOCK_HOURS):
            lines += _wall_clock(calendar, here, due, stops)
        else:
            lines += _counted_days(calendar, here, due, stops, duration)
        lines.append(Line(Kind.DUE, due, dates.moment(due)))
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
    begin, end = moment(stretch[0], calendar.tz), moment(stretch[1], calendar.tz)
    if begin.date() == end.date():
        text = f"{dates.weekday(begin)} pukul {dates.clock(begin, zone=False)} sampai {dates.clock(end)}"
    else:
        text = f"{dates.moment(begin)} sampai {dates.moment(end)}"
    if kind is Kind.COUNTED:
        text += f", {_length(stretch)}"
    return Line(kind, begin, text, end)


def _length(stretch: Stretch) -> str:
    hours, minutes = divmod((stretch[1] - stretch[0]) // MINUTE, 60)
    parts = ((hours, "jam"), (minutes, "menit"))
    return " ".join(f"{amount} {word}" for amount, word in parts if amount) or "kurang dari 1 menit"


# days -----------------------------------------------------------------------------------------------------------


def _counted_days(
    calendar: WorkCalendar, start: datetime, due: datetime, stops: Sequence[Stretch], duration: Duration
) -> list[Line]:
    paused = days_not_counted(stops, calendar.tz)
    working = duration.unit is Unit.WORK_DAYS
    left = duration.amount if working else (calendar_days_later(start.date(), duration) - start.date()).days
    runs: list[tuple[Kind, str, date, date]] = []  # days of one sort that follow each other, told in one line
    for day in _days(start.date() + timedelta(days=1), due.date()):
        kind, why = _sort_of_day(calendar, day, paused, working=working)
        if kind is Kind.COUNTED:
            kind, why = (kind, "") if left else (Kind.PAUSE, "tenggat jatuh dalam jeda, maka bergeser ke sini")
            left -= bool(left)
        if runs and runs[-1][:2] == (kind, why) and not (working and kind is Kind.COUNTED):
            runs[-1] = (kind, why, runs[-1][2], day)
        else:
            runs.append((kind, why, day, day))
    return _run_lines(runs)


def _run_lines(runs: Sequence[tuple[Kind, str, date, date]]) -> list[Line]:
    lines = []
    counted = 0
    for kind, why, first, last in runs:
        if kind is Kind.COUNTED:
            already, counted = counted, counted + (last - first).days + 1
            lines.append(Line(kind, first, f"{_span_of_days(first, last)}: {_ordinals(already + 1, counted)}", last))
        else:
            lines.append(Line(kind, first, f"{_span_of_days(first, last)}: {why}", last))
    return lines


def _sort_of_day(
    calendar: WorkCalendar, day: date, paused: Sequence[tuple[int, int]], *, working: bool
) -> tuple[Kind, str]:
    if any(after < day.toordinal() <= through for after, through in paused):
        return Kind.PAUSE, "tidak dihitung"
    if not working:
        return Kind.COUNTED, ""
    if off := calendar.days_off(day):
        return Kind.HOLIDAY, ", ".join(str(holiday) for holiday in off)
    return (Kind.COUNTED, "") if calendar.is_working_day(day) else (Kind.CLOSED, "bukan hari kerja")


def _ordinals(first: int, last: int) -> str:
    return f"hari ke-{first}" if first == last else f"hari ke-{first} sampai ke-{last}"


def _span_of_days(first: date, last: date) -> str:
    return dates.weekday(first) if first == last else f"{dates.weekday(first)} sampai {dates.weekday(last)}"


# both -----------------------------------------------------------------------------------------------------------


def _holidays(calendar: WorkCalendar, first: date, last: date) -> list[Line]:
    return [
        Line(Kind.HOLIDAY, day, f"{dates.weekday(day)}: {', '.join(str(holiday) for holiday in off)}", day)
        for day in _days(first, last)
        if (off := calendar.days_off(day))
    ]


def _first_moment(line: Line, calendar: WorkCalendar) -> int:
    if isinstance(line.begin, datetime):
        return instant(line.begin)
    return instant(datetime(line.begin.year, line.begin.month, line.begin.day, tzinfo=calendar.tz))


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
