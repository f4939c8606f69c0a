"""Random deadlines by the thousand against a slow oracle that walks day by day: TANGGAP_RANDOM says how many.

``python tests/worktime/test_many_deadlines.py 1000000`` tries a million and prints what differs.
"""

from __future__ import annotations

import os
import random
import sys
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

import offices
from tanggap.worktime.calendar import WorkCalendar
from tanggap.worktime.duration import Duration, parse

HOW_MANY = max(2_000, int(os.environ.get("TANGGAP_RANDOM", "2000")))
DAY = timedelta(days=1)
Pauses = list[tuple[datetime, datetime]]


class Question(NamedTuple):
    """A start, a standard and the pauses."""

    calendar: WorkCalendar
    start: datetime
    standard: Duration
    pauses: Pauses


BERLIN = {key: ["08.00-12.30", "13.15-17.00"] for key in ("monday", "tuesday", "wednesday", "thursday", "friday")}
CALENDARS = (
    offices.EXAMPLE,
    offices.office(offices.ORDINARY, offices.RAMADAN_2026, zone="Asia/Makassar", holidays=offices.days_off_2026()),
    offices.office(
        {"monday": ["08.00-12.00", "13.00-17.00"], "saturday": ["08.00-11.00"], "wednesday": ["22.00-24.00"]},
        zone="Asia/Jayapura", holidays=offices.days_off_2026(), joint_leave_off=False,
    ),
    offices.office(BERLIN, zone="Europe/Berlin", holidays=offices.days_off_2026()),  # its clocks change twice a year
)  # fmt: skip
BEGINS = (
    date(2024, 2, 27), date(2028, 2, 27), date(2026, 2, 26), date(2026, 12, 27), date(2027, 12, 29),
    date(2026, 3, 26), date(2026, 10, 22),
)  # fmt: skip
"""Days near 29 February, the turn of a year, and the change of the clocks."""


def question(rng: random.Random) -> Question:
    """Anything an SOP of these offices may ask in 2024 to 2029, in 2026 most of all."""
    calendar = rng.choice(CALENDARS)
    if rng.random() < 0.3:
        first, days = rng.choice(BEGINS), 5
    else:
        first, days = rng.choice((date(2026, 1, 5), date(2026, 1, 5), date(2024, 1, 1), date(2027, 6, 1))), 340
    start = datetime(first.year, first.month, first.day, tzinfo=UTC) + timedelta(minutes=rng.randrange(days * 24 * 60))
    words = rng.choice(("menit", "jam", "hari", "hari kalender", "minggu", "bulan", "menit nyata", "jam nyata"))
    amount = rng.randint(1, MOST[words])
    pauses: Pauses = []
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        begin = start + timedelta(minutes=rng.randrange(-600, 9_000))
        pauses.append((begin, begin + timedelta(minutes=rng.choice((0, 30, 500, 3_000, 9_000)))))
    return Question(calendar, start.astimezone(calendar.tz), parse(f"{amount} {words}"), pauses)


MOST = {
    "menit": 900, "jam": 40, "hari": 14, "hari kalender": 60, "minggu": 3, "bulan": 14, "menit nyata": 900,
    "jam nyata": 100,
}  # fmt: skip


def oracle(asked: Question) -> datetime:
    """The due moment in UTC, found by walking: open time in pieces, or day by day. No sums kept.

    All in UTC: two moments of one zone would be compared by the wall, wrong where it shows an hour twice.
    """
    unit, amount = asked.standard.unit.value, asked.standard.amount
    if unit in ("menit kerja", "jam kerja", "menit nyata", "jam nyata"):
        return _walk(asked, minutes=amount * (60 if "jam" in unit else 1), only_open="kerja" in unit)
    if unit == "bulan":
        amount = _days_of_months(asked.start.date(), amount)
    return _count_days(asked, working=unit == "hari kerja", amount=amount * (7 if unit == "minggu" else 1))


def _walk(asked: Question, *, minutes: int, only_open: bool) -> datetime:
    left = timedelta(minutes=minutes)
    begun, day = asked.start.astimezone(UTC), asked.start.date()
    while True:
        pieces = _open(asked.calendar, day) if only_open else [_whole(asked.calendar, day)]
        for begin, end in pieces:
            at = max(begin, begun)
            while at < end:
                paused = next((until for since, until in asked.pauses if since <= at < until), None)
                if paused is not None:
                    at = paused
                    continue
                stop = min([end, *(since for since, until in asked.pauses if at < since < end and until > since)])
                if stop - at >= left:
                    return at + left
                left -= stop - at
                at = stop
        day += DAY


def _open(calendar: WorkCalendar, day: date) -> list[tuple[datetime, datetime]]:
    return [(_on_wall(calendar, day, i.opens), _on_wall(calendar, day, i.closes)) for i in calendar.hours(day)]


def _on_wall(calendar: WorkCalendar, day: date, minute: int) -> datetime:
    """When the wall shows that minute of the day. None of these offices is open in the hour the clocks change."""
    days, minute = divmod(minute, 24 * 60)
    shown = datetime.combine(day + DAY * days, time(minute // 60, minute % 60), calendar.tz)
    return shown.astimezone(UTC)


def _whole(calendar: WorkCalendar, day: date) -> tuple[datetime, datetime]:
    return _on_wall(calendar, day, 0), _on_wall(calendar, day + DAY, 0)


def _days_of_months(start: date, months: int) -> int:
    """How many days until the same day of the month so many months on, or the last day of a shorter one."""
    day, seen = start, 0
    while True:
        day += DAY
        seen += day.day == 1
        if seen == months and (day.day == start.day or (day + DAY).day == 1):
            return (day - start).days


def _count_days(asked: Question, *, working: bool, amount: int) -> datetime:
    calendar, day, left = asked.calendar, asked.start.date(), amount
    merged = _merged(asked)
    out = {
        since.astimezone(calendar.tz).date() + DAY * number
        for since, until in merged
        for number in range(1, (until.astimezone(calendar.tz).date() - since.astimezone(calendar.tz).date()).days + 1)
    }
    while left:
        day += DAY
        left -= day not in out and (not working or bool(calendar.hours(day)))
    due = _end_of(calendar, day, working=working)
    for since, until in merged:
        if since < due <= until:
            day = until.astimezone(calendar.tz).date()
            while (working and not calendar.hours(day)) or _end_of(calendar, day, working=working) <= until:
                day += DAY
            due = _end_of(calendar, day, working=working)
    return due


def _merged(asked: Question) -> Pauses:
    start = asked.start.astimezone(UTC)
    found: Pauses = []
    for since, until in sorted(asked.pauses):
        if until <= max(since, start):
            continue
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((max(since, start), until))
    return found


def _end_of(calendar: WorkCalendar, day: date, *, working: bool) -> datetime:
    return _open(calendar, day)[-1][1] if working else _on_wall(calendar, day, 23 * 60 + 59)


def difference(seed: int) -> str:
    """What the calendar says otherwise than the oracle on question ``seed``; empty when they agree.

    The last line of the explanation is held against both.
    """
    asked = question(random.Random(seed))
    expected = oracle(asked)
    due = asked.calendar.add(asked.start, asked.standard, asked.pauses)
    told = asked.calendar.explain(asked.start, asked.standard, asked.pauses).due if seed % 50 == 0 else due
    assert due is not None
    assert told is not None
    if due.astimezone(UTC) == expected == told.astimezone(UTC):
        return ""
    start, zone = asked.start, asked.calendar.zone
    return f"seed {seed}: {due} and {told}, not {expected}: {asked.standard} from {start} {zone}, {asked.pauses}"


def test_random_deadlines_are_what_the_slow_oracle_finds() -> None:
    assert [said for seed in range(HOW_MANY) if (said := difference(seed))] == []


if __name__ == "__main__":
    wrong = [said for seed in range(int(sys.argv[1])) if (said := difference(seed))]
    sys.stdout.write("\n".join([*wrong[:20], f"{sys.argv[1]} deadlines, {len(wrong)} differ\n"]))
