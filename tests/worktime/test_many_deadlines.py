"""Random deadlines by the thousand against a slow oracle that walks day by day: TANGGAP_RANDOM says how many.

``python tests/worktime/test_many_deadlines.py 1000000`` tries a million and prints what differs.
"""

from __future__ import annotations

import os
import random
import sys
from datetime import date, datetime, time, timedelta
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


CALENDARS = (
    offices.EXAMPLE,
    offices.office(offices.ORDINARY, offices.RAMADAN_2026, zone="Asia/Makassar", holidays=offices.days_off_2026()),
    offices.office(
        {"monday": ["08.00-12.00", "13.00-17.00"], "saturday": ["08.00-11.00"], "wednesday": ["22.00-24.00"]},
        zone="Asia/Jayapura", holidays=offices.days_off_2026(), joint_leave_off=False,
    ),
)  # fmt: skip


def question(rng: random.Random) -> Question:
    """Anything an SOP of these offices may ask in 2026."""
    calendar = rng.choice(CALENDARS)
    start = datetime(2026, 1, 5, tzinfo=calendar.tz) + timedelta(minutes=rng.randrange(340 * 24 * 60))
    words = rng.choice(("menit", "jam", "hari", "hari kalender", "minggu", "jam nyata"))
    most = {"menit": 900, "jam": 40, "hari": 14, "hari kalender": 60, "minggu": 3, "jam nyata": 100}[words]
    pauses: Pauses = []
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        begin = start + timedelta(minutes=rng.randrange(-600, 9_000))
        pauses.append((begin, begin + timedelta(minutes=rng.choice((0, 30, 500, 3_000, 9_000)))))
    return Question(calendar, start, parse(f"{rng.randint(1, most)} {words}"), pauses)


def oracle(asked: Question) -> datetime:
    """The due moment found by walking: minute by minute of open time in pieces, or day by day. No sums kept."""
    unit = asked.standard.unit.value
    if unit in ("menit kerja", "jam kerja"):
        return _walk(asked, minutes=asked.standard.amount * (60 if unit == "jam kerja" else 1), only_open=True)
    if unit == "jam nyata":
        return _walk(asked, minutes=asked.standard.amount * 60, only_open=False)
    return _count_days(
        asked, working=unit == "hari kerja", amount=asked.standard.amount * (7 if unit == "minggu" else 1)
    )


def _walk(asked: Question, *, minutes: int, only_open: bool) -> datetime:
    left = timedelta(minutes=minutes)
    day = asked.start.date()
    while True:
        for begin, end in _open(asked.calendar, day) if only_open else [_whole(asked.calendar, day)]:
            at = max(begin, asked.start)
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
    begin, _end = _whole(calendar, day)
    return [(begin + timedelta(minutes=i.opens), begin + timedelta(minutes=i.closes)) for i in calendar.hours(day)]


def _whole(calendar: WorkCalendar, day: date) -> tuple[datetime, datetime]:
    begin = datetime.combine(day, time(), calendar.tz)  # zones without changes of the clocks
    return begin, begin + DAY


def _count_days(asked: Question, *, working: bool, amount: int) -> datetime:
    calendar, day, left = asked.calendar, asked.start.date(), amount
    merged = _merged([pause for pause in asked.pauses if pause[1] > max(pause[0], asked.start)], asked.start)
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


def _merged(pauses: Pauses, start: datetime) -> Pauses:
    found: Pauses = []
    for since, until in sorted(pauses):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((max(since, start), until))
    return found


def _end_of(calendar: WorkCalendar, day: date, *, working: bool) -> datetime:
    return _open(calendar, day)[-1][1] if working else datetime.combine(day, time(23, 59), calendar.tz)


def difference(seed: int) -> str:
    """What the calendar says otherwise than the oracle on question ``seed``; empty when they agree.

    The last line of the explanation is held against both.
    """
    asked = question(random.Random(seed))
    expected = oracle(asked)
    found = asked.calendar.add(asked.start, asked.standard, asked.pauses)
    told = asked.calendar.explain(asked.start, asked.standard, asked.pauses).due if seed % 50 == 0 else found
    return "" if found == expected == told else f"seed {seed}: {found} and {told}, not {expected}: {asked}"


def test_random_deadlines_are_what_the_slow_oracle_finds() -> None:
    assert [said for seed in range(HOW_MANY) if (said := difference(seed))] == []


if __name__ == "__main__":
    wrong = [said for seed in range(int(sys.argv[1])) if (said := difference(seed))]
    sys.stdout.write("\n".join([*wrong[:20], f"{sys.argv[1]} deadlines, {len(wrong)} differ\n"]))
