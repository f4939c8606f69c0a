"""Working time of a stretch of days laid out as sorted numbers with prefix sums, so that counting is looking up.

Moments are whole microseconds since 1970-01-01 UTC; days are proleptic ordinals (:meth:`datetime.date.toordinal`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from tanggap.worktime.office_hours import Interval

MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = EPOCH.toordinal()
_MICROSECOND = timedelta(microseconds=1)
_WIDEST_OFFSET = 15 * HOUR

Stretch = tuple[int, int]
"""From a moment up to another, the end exclusive."""


def instant(at: datetime) -> int:
    """The moment as a number. Raises ``ValueError`` for a moment without a zone."""
    if at.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return (at - EPOCH) // _MICROSECOND


def moment(at: int, zone: tzinfo) -> datetime:
    """The number as a moment by the clocks of ``zone``."""
    return (EPOCH + timedelta(microseconds=at)).astimezone(zone)


def stretches(day: int, intervals: Sequence[Interval], zone: tzinfo) -> list[Stretch]:
    """The moments of ``day`` at which a clock on the wall shows a time within ``intervals``.

    Exact also where the clocks are changed: an hour that is skipped is not worked, one shown twice is worked twice.
    """
    midnight = (day - _EPOCH_DAY) * DAY
    found = []
    for begin, end, offset in _same_offset(midnight - _WIDEST_OFFSET, midnight + DAY + _WIDEST_OFFSET, zone):
        for interval in intervals:
            opens = max(begin, midnight + interval.opens * MINUTE - offset)
            closes = min(end, midnight + interval.closes * MINUTE - offset)
            if opens < closes:
                found.append((opens, closes))
    return sorted(found)


def _same_offset(begin: int, end: int, zone: tzinfo) -> list[tuple[int, int, int]]:
    """The stretch cut where the clocks are changed (at most once), each piece with its offset from UTC."""
    first, last = _offset(begin, zone), _offset(end, zone)
    if first == last:
        return [(begin, end, first)]
    low, high = begin, end
    while high - low > 1_000_000:  # zone rules change on whole seconds; both bounds are whole hours
        middle = (low + high) // 2_000_000 * 1_000_000
        low, high = (middle, high) if _offset(middle, zone) == first else (low, middle)
    return [(begin, high, first), (high, end, last)]


def _offset(at: int, zone: tzinfo) -> int:
    offset = moment(at, zone).utcoffset()
    if offset is None:
        raise ValueError("a zone needs an offset")
    return offset // _MICROSECOND


@dataclass(frozen=True, slots=True)
class Timeline:
    """The working time of the days ``first`` to ``last``. Built once, never changed, so threads may share it.

    What lies outside these days is unknown and counts as nothing worked.
    """

    first: int
    last: int
    starts: list[int]
    ends: list[int]
    before: list[int]
    """Working time before each stretch."""
    days: list[int]
    """The working days."""
    closings: list[int]
    """When each working day closes."""

    @classmethod
    def build(cls, first: int, last: int, hours: Callable[[date], Sequence[Interval]], zone: tzinfo) -> Timeline:
        """Lay out the days; ``hours`` tells the open hours of a date."""
        starts: list[int] = []
        ends: list[int] = []
        before: list[int] = []
        days: list[int] = []
        closings: list[int] = []
        total = 0
        for day in range(first, last + 1):
            opened = stretches(day, hours(date.fromordinal(day)), zone)
            for start, end in opened:
                starts.append(start)
                ends.append(end)
                before.append(total)
                total += end - start
            if opened:
                days.append(day)
                closings.append(opened[-1][1])
        return cls(first, last, starts, ends, before, days, closings)

    def worked(self, at: int) -> int:
        """Working time up to ``at``, from the beginning of this timeline."""
        last = bisect_right(self.starts, at) - 1
        return self.before[last] + min(at, self.ends[last]) - self.starts[last] if last >= 0 else 0

    def when_worked(self, amount: int) -> int | None:
        """The first moment at which ``amount`` (more than nothing) is worked; ``None``: after this timeline."""
        last = bisect_left(self.before, amount) - 1
        if last < 0:
            return None
        at = self.starts[last] + amount - self.before[last]
        return at if at <= self.ends[last] else None

    def next_open(self, at: int) -> int | None:
        """``at`` when it is working time, else the next opening; ``None``: after this timeline."""
        following = bisect_right(self.starts, at)
        if following and at < self.ends[following - 1]:
            return at
        return self.starts[following] if following < len(self.starts) else None

    def working_days(self, after: int, through: int) -> int:
        """How many working days lie after the day ``after``, up to and with ``through``."""
        return max(0, bisect_right(self.days, through) - bisect_right(self.days, after))

    def closing_after(self, at: int) -> int | None:
        """The first closing later than ``at``; ``None``: after this timeline."""
        index = bisect_right(self.closings, at)
        return self.closings[index] if index < len(self.closings) else None
