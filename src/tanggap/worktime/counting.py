"""Adding without office hours: wall-clock time, calendar days, weeks and months, and due moments that meet a pause."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import MAXYEAR, date, timedelta

from tanggap.worktime.duration import Duration, Unit
from tanggap.worktime.timeline import Stretch


def wall_clock_later(begin: int, amount: int, stops: Sequence[Stretch]) -> int:
    """The moment ``amount`` microseconds after ``begin``, with the sorted ``stops`` cut out."""
    due = begin + amount
    for stop, resume in stops:
        if stop < due:
            due += resume - stop
    return due


def not_within(due: int | None, stops: Sequence[Stretch], next_end: Callable[[int], int | None]) -> int | None:
    """``due``, or the first end of a day after the pause it falls into: nobody is late while the clock stands still."""
    for stop, resume in stops:
        if due is not None and stop < due <= resume:
            due = next_end(resume)
    return due


def calendar_days_later(day: date, duration: Duration) -> date:
    """The date calendar days, weeks or months after ``day``: a month later is the same day of the month, or its last.

    Raises ``OverflowError`` when there is no such date.
    """
    if duration.unit is not Unit.MONTHS:
        return day + timedelta(days=duration.amount * (7 if duration.unit is Unit.WEEKS else 1))
    years, month = divmod(day.month - 1 + duration.amount, 12)
    year, month = day.year + years, month + 1
    if year > MAXYEAR:
        raise OverflowError("date value out of range")
    return date(year, month, min(day.day, monthrange(year, month)[1]))
