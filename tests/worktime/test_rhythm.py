"""Dates that come again: months and their ends, days off, zones, and looks that were late."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import offices
from tanggap.worktime.duration import Duration, Unit, parse
from tanggap.worktime.rhythm import Rhythm, is_rhythm, turn

CALENDARS = {zone: replace(offices.EXAMPLE, zone=zone) for zone in ("Asia/Jakarta", "Asia/Makassar", "Europe/Berlin")}
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
amounts = st.one_of(
    st.tuples(st.integers(1, 24), st.just(Unit.MONTHS)),
    st.tuples(st.integers(1, 30), st.just(Unit.WEEKS)),
    st.tuples(st.integers(1, 200), st.just(Unit.CALENDAR_DAYS)),
    st.just((1, Unit.WORK_DAYS)),
)
rhythms = st.builds(
    lambda anchor, every, zone: Rhythm(anchor, Duration(*every, ""), CALENDARS[zone]),
    days, amounts, st.sampled_from(sorted(CALENDARS)),
)  # fmt: skip


def monthly(anchor: str, zone: str = "Asia/Jakarta", every: str = "1 bulan") -> Rhythm:
    return Rhythm(date.fromisoformat(anchor), parse(every), CALENDARS[zone])


def first(rhythm: Rhythm, number: int) -> list[str]:
    found = [rhythm.on_or_after(rhythm.anchor)]
    while len(found) < number:
        found.append(rhythm.after(found[-1]))
    return [day.isoformat() for day in found]


def test_the_end_of_a_month_is_kept_as_far_as_the_month_has_it() -> None:
    assert first(monthly("2027-01-31"), 4) == ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]
    assert first(monthly("2028-01-31"), 2)[1] == "2028-02-29"
    assert first(monthly("2024-02-29", every="12 bulan"), 5)[1:] == [
        "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29",
    ]  # fmt: skip


def test_weeks_and_calendar_days_are_counted_and_each_working_day_is_one_the_office_opens_on() -> None:
    assert first(monthly("2026-11-20", every="2 minggu"), 3) == ["2026-11-20", "2026-12-04", "2026-12-18"]
    assert first(monthly("2026-11-20", every="10 hari kalender"), 2)[1] == "2026-11-30"
    assert first(monthly("2026-11-20", every="1 hari kerja"), 3) == ["2026-11-20", "2026-11-23", "2026-11-24"]


def test_a_date_on_a_day_off_opens_on_the_first_working_day_after_it_on_the_clocks_of_the_office() -> None:
    saturday = date(2026, 11, 21)
    for zone, utc in (("Asia/Jakarta", "00:30"), ("Asia/Makassar", "23:30"), ("Europe/Berlin", "06:30")):
        opening = monthly("2026-11-21", zone).opening(saturday)
        assert opening.isoformat()[:16] == "2026-11-23T07:30"
        assert f"{opening.astimezone(UTC):%H:%M}" == utc
    summer = monthly("2026-06-20", "Europe/Berlin").opening(date(2026, 6, 20))
    assert f"{summer.astimezone(UTC):%H:%M}" == "05:30"


@pytest.mark.parametrize("printed", ["1 jam", "30 menit", "2 hari kerja", "1x24 jam", "Disesuaikan"])
def test_what_is_shorter_than_a_day_or_no_number_is_no_rhythm(printed: str) -> None:
    every = parse(printed)
    assert not is_rhythm(every)
    with pytest.raises(ValueError, match="no rhythm"):
        Rhythm(date(2026, 1, 1), every, offices.EXAMPLE)


@settings(max_examples=150, deadline=None)
@given(rhythms, days, st.sampled_from([timedelta(0), timedelta(1), timedelta(40)]))
def test_neighbours_have_nothing_between_them(rhythm: Rhythm, day: date, more: timedelta) -> None:
    found = rhythm.on_or_after(day)
    assert found >= max(day, rhythm.anchor)
    assert rhythm.on_or_after(found) == found
    following = rhythm.after(found)
    assert following > found
    assert rhythm.before(following) == found
    assert rhythm.on_or_after(found + (following - found) / 2 if following - found > timedelta(1) else found) in (
        found, following,
    )  # fmt: skip
    assert rhythm.on_or_after(min(found + more, following)) in (found, following) or more > following - found
    assert rhythm.calendar.is_working_day(rhythm.opening(found).date())


@settings(max_examples=100, deadline=None)
@given(
    st.builds(
        lambda anchor, every: Rhythm(anchor, Duration(*every, ""), CALENDARS["Asia/Makassar"]),
        st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        amounts,
    ),
    st.lists(st.integers(0, 90 * 24), max_size=8),
)
def test_however_often_one_looks_each_date_opens_once_or_is_told_as_skipped(rhythm: Rhythm, hours: list[int]) -> None:
    begun = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Makassar"))
    since, last, at = begun.date(), None, begun
    opened, skipped = [], 0
    for hour in [0, *hours]:
        at += timedelta(hours=hour)
        found = turn(rhythm, last=last, first=since, at=at)
        assert found.next_at > at
        if found.period is not None:
            assert rhythm.opening(found.period) <= at
            last = found.period
            opened.append(last)
            skipped += found.skipped
            again = turn(rhythm, last=last, first=since, at=at)
            assert (again.period, again.next_period, again.next_at) == (None, found.next_period, found.next_at)
    assert opened == sorted(set(opened))
    due, day = set(), rhythm.on_or_after(since)
    while rhythm.opening(day) <= at:
        due.add(rhythm.opening(day))
        day = rhythm.after(day)
    told = {rhythm.opening(one) for one in opened}
    assert told <= due
    assert (len(due) > 0) == bool(opened)
    assert len(due - told) <= skipped


def test_a_long_absence_opens_the_latest_alone_and_tells_what_was_left_out() -> None:
    found = turn(
        monthly("2026-01-05"), last=date(2026, 6, 5), first=date(2026, 1, 5), at=datetime(2026, 10, 1, tzinfo=UTC)
    )
    assert (found.period, found.since) == (date(2026, 9, 5), date(2026, 8, 5))
    assert (found.skipped, found.skipped_from) == (2, date(2026, 7, 5))
    assert found.next_period == date(2026, 10, 5)


def test_dates_that_fall_on_one_opening_are_one_and_none_of_them_is_skipped() -> None:
    daily = monthly("2026-11-20", every="1 hari kalender")
    monday = datetime(2026, 11, 23, 2, tzinfo=UTC)
    found = turn(daily, last=date(2026, 11, 20), first=date(2026, 11, 20), at=monday)
    assert (found.period, found.skipped) == (date(2026, 11, 23), 0)
