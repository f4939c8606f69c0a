"""Dates that come again and again: every month from an anchor, and when work on each of them begins."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tanggap.worktime.calendar import WorkCalendar
from tanggap.worktime.duration import Duration, Unit

_DAYS = {Unit.CALENDAR_DAYS: 1, Unit.WEEKS: 7}
_MIDNIGHT = time()
_FEW = 366  # days of a calendar that never opens twice in them: nothing more falls together


def is_rhythm(every: Duration) -> bool:
    """Whether ``every`` can be followed: calendar days, weeks, months, or each working day."""
    if every.unit is Unit.WORK_DAYS:
        return every.amount == 1
    return every.unit in (*_DAYS, Unit.MONTHS)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The dates ``anchor``, ``anchor`` and one ``every``, and so on. Months keep the day of the anchor as far as the

    month has it: from 31 January come 28 February and 31 March. Each working day is each day the office is open.
    """

    anchor: date
    every: Duration
    calendar: WorkCalendar

    def __post_init__(self) -> None:
        if not is_rhythm(self.every):
            raise ValueError(f"no rhythm: {self.every.meaning}")

    def after(self, day: date) -> date:
        """The first date of the rhythm later than ``day``."""
        return self.on_or_after(day + timedelta(days=1))

    def on_or_after(self, day: date) -> date:
        """The first date of the rhythm that is not earlier than ``day``; never earlier than the anchor."""
        day = max(day, self.anchor)
        if self.every.unit is Unit.WORK_DAYS:
            return self.opening(day).date()
        number = self._number(day)
        return self._date(number if self._date(number) >= day else number + 1)

    def before(self, day: date) -> date | None:
        """The last date of the rhythm earlier than ``day``; ``None`` when that would lie before the anchor."""
        if day <= self.anchor:
            return None
        if self.every.unit is Unit.WORK_DAYS:
            earlier = (day - timedelta(days=back) for back in range(1, _FEW))
            return next((one for one in earlier if one >= self.anchor and self.calendar.is_working_day(one)), None)
        number = self._number(day - timedelta(days=1))
        return self._date(number)

    def following(self, last: date | None, first: date) -> date:
        """The date to come after ``last`` was worked on, when none before ``first`` ever counts."""
        return self.on_or_after(first) if last is None or last < first else self.after(last)

    def opening(self, day: date) -> datetime:
        """When work on the date ``day`` begins: the first opening of the office on that day or after it.

        Raises what :meth:`WorkCalendar.next_open` raises.
        """
        return self.calendar.next_open(datetime.combine(day, _MIDNIGHT, self.calendar.tz))

    def _number(self, day: date) -> int:
        """Of the last date not later than ``day``, which is not earlier than the anchor."""
        if self.every.unit is not Unit.MONTHS:
            return (day - self.anchor).days // (self.every.amount * _DAYS[self.every.unit])
        whole = (day.year - self.anchor.year) * 12 + day.month - self.anchor.month
        number = whole // self.every.amount
        return number if self._date(number) <= day else number - 1

    def _date(self, number: int) -> date:
        if self.every.unit is not Unit.MONTHS:
            return self.anchor + timedelta(days=number * self.every.amount * _DAYS[self.every.unit])
        month = self.anchor.year * 12 + self.anchor.month - 1 + number * self.every.amount
        year, month = month // 12, month % 12 + 1
        return date(year, month, min(self.anchor.day, months.monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Turn:
    """What a look at a rhythm found: the date whose work begins now (if any), and when to look again.

    ``since``: the date before ``period``, where the stretch begins that a look back is about. ``skipped``: how many
    earlier dates passed without anybody looking, ``skipped_from`` the first of them.
    """

    next_period: date
    next_at: datetime
    period: date | None = None
    since: date | None = None
    skipped: int = 0
    skipped_from: date | None = None


def turn(rhythm: Rhythm, *, last: date | None, first: date, at: datetime) -> Turn:
    """Look at ``rhythm`` at ``at``, when ``last`` was the last date worked on and none before ``first`` ever counts.

    Of several dates whose work could have begun, the latest is taken; dates that fall on one opening are one. The
    same look again, with the date it took as ``last``, finds nothing.
    """
    begin = rhythm.following(last, first)
    if rhythm.opening(begin) > at:
        return Turn(begin, rhythm.opening(begin))
    period, following = begin, rhythm.after(begin)
    passed = [begin]
    while rhythm.opening(following) <= at:
        period, following = following, rhythm.after(following)
        passed.append(period)
    missed = [one for one in passed if rhythm.opening(one) < rhythm.opening(period)]
    return Turn(
        next_period=following,
        next_at=rhythm.opening(following),
        period=period,
        since=rhythm.before(period),
        skipped=len(missed),
        skipped_from=missed[0] if missed else None,
    )
