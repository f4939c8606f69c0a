"""The calendar against a slow oracle that walks minute by minute over clocks on the wall, and laws of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from tanggap.worktime.calendar import WorkCalendar
from tanggap.worktime.duration import Duration, Unit
from tanggap.worktime.office_hours import WEEKDAYS, Holiday, HolidayKind, Period

MINUTE = timedelta(minutes=1)
A_DAY = timedelta(days=1)
Pauses = Sequence[tuple[datetime, datetime]]

# Zones whose clocks never change, and zones where they do: at night, by half an hour, at midnight, in the south.
ZONES = [
    "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura",
    "Europe/Berlin", "Australia/Lord_Howe", "America/Havana", "Pacific/Auckland",
]  # fmt: skip
# Near changes of the clocks and of the year, in and out of Ramadan.
DATES = [
    date(2026, 3, 6),
    date(2026, 3, 27),
    date(2026, 4, 3),
    date(2026, 10, 2),
    date(2026, 10, 23),
    date(2026, 12, 29),
]


@dataclass(frozen=True)
class Office:
    """What the oracle reads: the plain words the calendar was made of."""

    calendar: WorkCalendar
    zone: ZoneInfo
    off: frozenset[date]

    def open_at(self, at: datetime) -> bool:
        """Whether the clock on the wall shows an open hour, by looking."""
        here = at.astimezone(self.zone)
        if here.date() in self.off:
            return False
        week: tuple[tuple[object, ...], ...] | None = None
        for period in self.calendar.periods:
            begun = period.from_date is None or here.date() >= period.from_date
            if begun and (period.until_date is None or here.date() < period.until_date):
                week = period.week  # the later one holds
        now = here.hour * 60 + here.minute
        return week is not None and any(i.opens <= now < i.closes for i in week[here.weekday()])  # type: ignore[attr-defined]

    def minutes_of(self, day: date) -> Iterator[datetime]:
        """The minutes that the wall shows on ``day``, in order."""
        at = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=15)
        for _ in range((24 + 30) * 60):
            if at.astimezone(self.zone).date() == day:
                yield at
            at += MINUTE

    def closing_of(self, day: date) -> datetime | None:
        """The end of the last open minute of ``day``."""
        opened = [at for at in self.minutes_of(day) if self.open_at(at)]
        return opened[-1] + MINUTE if opened else None


def due_of(office: Office, start: datetime, duration: Duration, pauses: Pauses = ()) -> datetime:
    """What the calendar says, as UTC: moments of one zone are compared by the wall, wrong where it shows 2 twice."""
    due = office.calendar.add(start, duration, pauses)
    assert due is not None
    assert due.tzinfo == office.zone
    return due.astimezone(UTC)


def in_pause(at: datetime, pauses: Pauses) -> bool:
    return any(begin <= at < end for begin, end in pauses)


# what to try ---------------------------------------------------------------------------------------------------

minutes_of_day = st.integers(0, 96).map(lambda quarter: quarter * 15) | st.integers(0, 1440)


@st.composite
def days_hours(draw: st.DrawFn) -> list[str]:
    edges = sorted(draw(st.sets(minutes_of_day, min_size=2, max_size=6)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return [f"{a // 60:02d}.{a % 60:02d}-{b // 60:02d}.{b % 60:02d}" for a, b in pairs]


weeks = st.dictionaries(st.sampled_from(WEEKDAYS), days_hours(), min_size=2, max_size=7)


@st.composite
def offices(draw: st.DrawFn) -> tuple[Office, date]:
    around = draw(st.sampled_from(DATES))
    periods = [Period.from_dict({"label": "biasa", **draw(weeks)})]
    if draw(st.booleans()):  # a Ramadan that begins or ends nearby
        first = around + timedelta(days=draw(st.integers(-6, 6)))
        until = first + timedelta(days=draw(st.integers(1, 12)))
        periods.append(Period.from_dict({"label": "Ramadan", "from": first, "until": until, **draw(weeks)}))
    holidays = [
        Holiday(around + timedelta(days=day), "Libur", kind)
        for day, kind in draw(st.lists(st.tuples(st.integers(0, 14), st.sampled_from(HolidayKind)), max_size=5))
    ]
    joint_leave_off = draw(st.booleans())
    calendar = WorkCalendar(draw(st.sampled_from(ZONES)), tuple(periods), tuple(holidays), joint_leave_off)
    off = frozenset(h.date for h in holidays if joint_leave_off or h.kind is not HolidayKind.JOINT_LEAVE)
    return Office(calendar, ZoneInfo(calendar.zone), off), around


def starts(around: date) -> st.SearchStrategy[datetime]:
    midnight = datetime(around.year, around.month, around.day, tzinfo=UTC)
    return st.integers(-1440, 3 * 1440).map(lambda minute: midnight + minute * MINUTE)


def pauses_from(start: datetime) -> st.SearchStrategy[list[tuple[datetime, datetime]]]:
    one = st.tuples(st.integers(-900, 5000), st.integers(0, 90) | st.integers(0, 4000)).map(
        lambda it: (start + it[0] * MINUTE, start + (it[0] + it[1]) * MINUTE)
    )
    return st.lists(one, max_size=3)


# against the oracle ---------------------------------------------------------------------------------------------


@settings(max_examples=80, deadline=None)
@given(offices(), st.integers(1, 500), st.data())
def test_working_minutes_agree_with_walking_minute_by_minute(
    made: tuple[Office, date], amount: int, data: st.DataObject
) -> None:
    office, around = made
    start = data.draw(starts(around))
    pauses = data.draw(pauses_from(start))
    at, left = start, amount
    for _ in range(10 * 1440):
        if not left:
            break
        left -= office.open_at(at) and not in_pause(at, pauses)
        at += MINUTE
    assume(not left)
    unit = Unit.WORK_HOURS if amount % 60 == 0 else Unit.WORK_MINUTES
    duration = Duration(amount // 60 if unit is Unit.WORK_HOURS else amount, unit, "")
    event("with pauses" if pauses else "without pauses")
    assert due_of(office, start, duration, pauses) == at
    assert office.calendar.worked(start, at, pauses) == amount * MINUTE


@settings(max_examples=60, deadline=None)
@given(offices(), st.integers(1, 6), st.data())
def test_working_days_agree_with_turning_the_pages_of_the_calendar(
    made: tuple[Office, date], amount: int, data: st.DataObject
) -> None:
    office, around = made
    start = data.draw(starts(around))
    pauses = data.draw(pauses_from(start))

    def stands_still(day: date) -> bool:
        dates = [(b.astimezone(office.zone).date(), e.astimezone(office.zone).date()) for b, e in pauses if e > start]
        return any(first < day <= last for first, last in dates)

    day, left, due = start.astimezone(office.zone).date(), amount, None
    for _ in range(30):
        day += A_DAY
        due = None if stands_still(day) else office.closing_of(day)
        left -= due is not None
        if not left:
            break
    assume(due is not None and not left)
    assert due is not None
    # Nobody is late while the clock stands still: on to the first closing after the pause.
    while any(begin < due <= end for begin, end in pauses):
        event("due within a pause")
        closings = (office.closing_of(day + n * A_DAY) for n in range(30))
        due = next(each for each in closings if each and each > due)
    assert due_of(office, start, Duration(amount, Unit.WORK_DAYS, ""), pauses) == due


@settings(max_examples=150, deadline=None)
@given(offices(), st.sampled_from([Unit.CALENDAR_DAYS, Unit.WEEKS, Unit.MONTHS]), st.integers(1, 5), st.data())
def test_calendar_days_agree_with_turning_the_pages_of_the_calendar(
    made: tuple[Office, date], unit: Unit, amount: int, data: st.DataObject
) -> None:
    office, around = made
    start = data.draw(starts(around))
    pauses = data.draw(pauses_from(start))
    day = first = start.astimezone(office.zone).date()
    left = amount * {Unit.CALENDAR_DAYS: 1, Unit.WEEKS: 7, Unit.MONTHS: 0}[unit]
    if unit is Unit.MONTHS:  # the length of the months, one after the other, then back from days that do not exist
        target = first.replace(day=1)
        for _ in range(amount):
            target = (target + timedelta(days=32)).replace(day=1)
        last_day = ((target + timedelta(days=32)).replace(day=1) - A_DAY).day
        left = (target.replace(day=min(first.day, last_day)) - first).days
    spans = [(b.astimezone(office.zone).date(), e.astimezone(office.zone).date()) for b, e in pauses if e > start]
    while left:
        day += A_DAY
        left -= not any(begin < day <= end for begin, end in spans)

    def end_of(each: date) -> datetime:
        return datetime(each.year, each.month, each.day, 23, 59, tzinfo=office.zone).astimezone(UTC)

    while any(begin < end_of(day) <= end for begin, end in pauses):
        day += A_DAY
    assert due_of(office, start, Duration(amount, unit, ""), pauses) == end_of(day)


@settings(max_examples=150, deadline=None)
@given(offices(), st.integers(1, 300), st.data())
def test_wall_clock_time_agrees_with_counting_every_minute(
    made: tuple[Office, date], amount: int, data: st.DataObject
) -> None:
    office, around = made
    start = data.draw(starts(around))
    pauses = data.draw(pauses_from(start))
    at, left = start, amount
    while left:
        left -= not in_pause(at, pauses)
        at += MINUTE
    assert due_of(office, start, Duration(amount, Unit.CLOCK_MINUTES, ""), pauses) == at


@settings(max_examples=60, deadline=None)
@given(offices(), st.data())
def test_open_and_next_open_agree_with_looking_at_the_wall(made: tuple[Office, date], data: st.DataObject) -> None:
    office, around = made
    at = data.draw(starts(around))
    assert office.calendar.is_open(at) == office.open_at(at)
    found = office.calendar.next_open(at).astimezone(UTC)
    assert office.open_at(found)
    waiting = (found - at) // MINUTE
    assert not any(office.open_at(at + n * MINUTE) for n in range(min(waiting, 3 * 1440)))


# laws -----------------------------------------------------------------------------------------------------------

exact = st.integers(0, 5 * 86_400_000_000).map(lambda micro: timedelta(microseconds=micro))
durations = st.builds(
    Duration, st.integers(1, 40), st.sampled_from([u for u in Unit if u is not Unit.NONE]), st.just("")
)


@settings(max_examples=200, deadline=None)
@given(offices(), exact, st.integers(1, 3000), st.data())
def test_what_is_worked_until_the_due_moment_is_the_standard_to_the_microsecond(
    made: tuple[Office, date], late: timedelta, amount: int, data: st.DataObject
) -> None:
    office, around = made
    start = datetime(around.year, around.month, around.day, tzinfo=UTC) + late
    pauses = [(begin + late / 7, end + late / 5) for begin, end in data.draw(pauses_from(start))]
    due = due_of(office, start, Duration(amount, Unit.WORK_MINUTES, ""), pauses)
    assert office.calendar.worked(start, due, pauses) == amount * MINUTE
    a_moment = timedelta(microseconds=1)
    assert office.calendar.worked(start, due - a_moment, pauses) == amount * MINUTE - a_moment, "not a moment earlier"


@settings(max_examples=200, deadline=None)
@given(offices(), durations, st.data())
def test_the_due_moment_is_working_time_or_the_end_of_a_day(
    made: tuple[Office, date], duration: Duration, data: st.DataObject
) -> None:
    office, around = made
    start = data.draw(starts(around))
    due = due_of(office, start, duration, data.draw(pauses_from(start)))
    if duration.unit in (Unit.WORK_MINUTES, Unit.WORK_HOURS, Unit.WORK_DAYS):
        assert office.open_at(due - timedelta(microseconds=1)), "the last moment before is still worked"
    elif duration.unit in (Unit.CALENDAR_DAYS, Unit.WEEKS, Unit.MONTHS):
        assert due.astimezone(office.zone).strftime("%H.%M.%S.%f") == "23.59.00.000000"


@settings(max_examples=200, deadline=None)
@given(offices(), durations, exact, exact, st.data())
def test_a_later_start_and_a_longer_standard_are_never_due_earlier(
    made: tuple[Office, date], duration: Duration, later: timedelta, more: timedelta, data: st.DataObject
) -> None:
    office, around = made
    start = data.draw(starts(around))
    pauses = data.draw(pauses_from(start))
    longer = Duration(duration.amount + 1 + more.days, duration.unit, "")
    due = due_of(office, start, duration, pauses)
    later_start, longer_due = due_of(office, start + later, duration, pauses), due_of(office, start, longer, pauses)
    assert start < due <= later_start
    assert due <= longer_due


@settings(max_examples=100, deadline=None)
@given(offices(), durations, st.data())
def test_a_pause_never_brings_the_due_moment_forward(
    made: tuple[Office, date], duration: Duration, data: st.DataObject
) -> None:
    office, around = made
    start = data.draw(starts(around))
    pauses = data.draw(pauses_from(start))
    plain, paused = due_of(office, start, duration), due_of(office, start, duration, pauses)
    assert plain <= paused
    assert not any(begin < paused <= end for begin, end in pauses), "nobody is late during a pause"


@settings(max_examples=100, deadline=None)
@given(offices(), durations, st.data())
def test_the_explanation_comes_to_the_same_due_moment_and_its_lines_add_up(
    made: tuple[Office, date], duration: Duration, data: st.DataObject
) -> None:
    office, around = made
    start = data.draw(starts(around))
    pauses = data.draw(pauses_from(start))
    explained = office.calendar.explain(start, duration, pauses)
    assert explained.due == office.calendar.add(start, duration, pauses)
    assert [explained.lines[0].kind.value, explained.lines[-1].kind.value] == ["mulai", "jatuh tempo"]
    counted = [line for line in explained if line.kind.value == "dihitung"]
    if duration.unit in (Unit.WORK_MINUTES, Unit.WORK_HOURS, Unit.CLOCK_MINUTES, Unit.CLOCK_HOURS):
        worth = sum((_elapsed(line.begin, line.end) for line in counted), timedelta())
        assert worth == duration.amount * (60 if "jam" in duration.unit.value else 1) * MINUTE
    elif duration.unit is Unit.WORK_DAYS:
        assert len(counted) == duration.amount


def _elapsed(begin: object, end: object) -> timedelta:
    assert isinstance(begin, datetime)
    assert isinstance(end, datetime)
    return end.astimezone(UTC) - begin.astimezone(UTC)


@settings(max_examples=60, deadline=None)
@given(offices())
def test_a_calendar_survives_being_written_down(made: tuple[Office, date]) -> None:
    calendar = made[0].calendar
    again = WorkCalendar.from_dict(calendar.to_dict())
    assert again == calendar
    assert again.version == calendar.version
