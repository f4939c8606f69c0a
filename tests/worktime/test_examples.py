"""The worked examples of how time counts (docs/working-time.md), and the traps others fell into, each by name."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from offices import BERLIN, EXAMPLE, ORDINARY, RAMADAN_2026, WIB, WIT, WITA, at, office
from tanggap.worktime.calendar import BeyondReach, WorkCalendar
from tanggap.worktime.duration import Duration, Unit, parse
from tanggap.worktime.office_hours import Holiday, HolidayKind, NoWorkingTime


def due(start: str, duration: str, calendar: WorkCalendar = EXAMPLE) -> str:
    """When ``duration`` is due, counted from ``start``, both by the clocks of the calendar."""
    found = calendar.add(at(start).replace(tzinfo=calendar.tz), parse(duration))
    assert found is not None
    return f"{found:%a %Y-%m-%d %H.%M}"


@pytest.mark.parametrize(
    ("start", "duration", "expected"),
    [
        pytest.param("2026-11-20 16.20", "15 menit", "Mon 2026-11-23 07.35", id="over the weekend"),
        pytest.param("2026-11-20 11.20", "15 menit", "Fri 2026-11-20 13.05", id="over the Friday break"),
        pytest.param("2026-03-17 10.00", "3 hari kerja", "Fri 2026-03-27 16.30", id="over Nyepi and Idul Fitri"),
        pytest.param("2026-11-21 09.00", "1 hari kerja", "Mon 2026-11-23 16.00", id="received on a Saturday"),
        pytest.param("2026-12-23 09.00", "5 hari kerja", "Mon 2027-01-04 16.00", id="over Christmas and New Year"),
        pytest.param("2026-11-20 10.00", "5 hari kalender", "Wed 2026-11-25 23.59", id="calendar days"),
        pytest.param("2026-11-20 10.00", "1x24 jam", "Sat 2026-11-21 10.00", id="wall clock"),
        pytest.param("2026-11-20 10.00", "2 minggu", "Fri 2026-12-04 23.59", id="weeks are calendar days"),
        pytest.param("2026-11-20 10.00", "1 bulan", "Sun 2026-12-20 23.59", id="a month is no thirty days"),
        pytest.param("2026-01-31 10.00", "1 bulan", "Sat 2026-02-28 23.59", id="the last day of a shorter month"),
        pytest.param("2027-01-31 10.00", "13 bulan", "Tue 2028-02-29 23.59", id="a leap year"),
        pytest.param("2026-03-17 14.50", "30 menit", "Wed 2026-03-25 07.50", id="out of Ramadan into ordinary hours"),
        pytest.param("2026-02-18 15.50", "30 menit", "Thu 2026-02-19 08.20", id="into Ramadan"),
        pytest.param("2026-11-20 16.20", "10 menit", "Fri 2026-11-20 16.30", id="due at closing, not next opening"),
        pytest.param("2026-11-20 16.30", "15 menit", "Mon 2026-11-23 07.45", id="received at the closing moment"),
        pytest.param("2026-11-20 05.00", "15 menit", "Fri 2026-11-20 07.45", id="received before opening"),
    ],
)
def test_the_examples_of_the_rules_hold(start: str, duration: str, expected: str) -> None:
    assert due(start, duration) == expected


@pytest.mark.parametrize("hour", ["00.00", "07.29", "12.30", "16.00", "23.59"])
def test_the_date_of_the_start_is_day_zero_whatever_the_hour(hour: str) -> None:
    assert due(f"2026-11-18 {hour}", "1 hari") == "Thu 2026-11-19 16.00"


def test_eight_working_hours_are_not_one_working_day() -> None:
    assert due("2026-11-16 10.00", "1 hari") == "Tue 2026-11-17 16.00"
    assert due("2026-11-16 10.00", "8 jam") == "Tue 2026-11-17 10.30"


def test_a_week_has_37_and_a_half_hours_and_one_in_ramadan_32_and_a_half() -> None:
    assert EXAMPLE.worked(at("2026-11-16 00.00"), at("2026-11-23 00.00")) == timedelta(hours=37.5)
    with_breaks = {day: ["08.00-12.00", "12.30-15.00"] for day in ("monday", "tuesday", "wednesday", "thursday")}
    fasting = office(ORDINARY, {**RAMADAN_2026, **with_breaks, "friday": ["08.00-11.30", "12.30-15.30"]})
    assert fasting.worked(at("2026-02-23 00.00"), at("2026-03-02 00.00")) == timedelta(hours=32.5)


def test_what_sets_no_standard_is_never_due() -> None:
    assert [EXAMPLE.add(at("2026-11-20 10.00"), parse(each)) for each in ("-", "", "Disesuaikan")] == [None] * 3


def test_joint_leave_is_a_day_off_only_where_the_institution_says_so() -> None:
    eve = Holiday(date(2026, 12, 24), "Cuti Bersama Natal", HolidayKind.JOINT_LEAVE)
    assert due("2026-12-23 09.00", "1 hari", office(holidays=[eve])) == "Fri 2026-12-25 16.30"
    assert due("2026-12-23 09.00", "1 hari", office(holidays=[eve], joint_leave_off=False)) == "Thu 2026-12-24 16.00"


def test_muhammadiyah_may_begin_ramadan_a_day_earlier() -> None:
    earlier = office(ORDINARY, {**RAMADAN_2026, "from": date(2026, 2, 18)})
    assert due("2026-02-18 14.55", "10 menit", office(ORDINARY, RAMADAN_2026)) == "Wed 2026-02-18 15.05"
    assert due("2026-02-18 14.55", "10 menit", earlier) == "Thu 2026-02-19 08.05"


# zones ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("zone", "here"), [("Asia/Jakarta", WIB), ("Asia/Makassar", WITA), ("Asia/Jayapura", WIT)])
def test_each_office_counts_and_answers_by_its_own_clocks(zone: str, here: object) -> None:
    found = office(zone=zone).add(datetime.fromisoformat("2026-11-20T00:00:00+00:00"), parse("1 hari"))
    assert found is not None
    assert found.tzinfo is here
    assert found.isoformat()[:16] == "2026-11-23T16:00"


def test_the_date_of_the_start_is_the_office_s_own_not_the_sender_s() -> None:
    late_in_jakarta = at("2026-11-19 23.30", WIB)  # already the 20th in Makassar
    assert office(zone="Asia/Makassar").add(late_in_jakarta, parse("1 hari")) == at("2026-11-23 16.00", WITA)
    assert office(zone="Asia/Jakarta").add(late_in_jakarta, parse("1 hari")) == at("2026-11-20 16.30", WIB)


def test_the_night_the_clocks_change_a_desk_works_the_hours_that_exist() -> None:
    night_desk = office({key: ["00.00-24.00"] for key in ("saturday", "sunday")}, zone="Europe/Berlin")
    spring, autumn = at("2026-03-29 00.00", BERLIN), at("2026-10-25 00.00", BERLIN)
    assert night_desk.worked(spring, at("2026-03-30 00.00", BERLIN)) == timedelta(hours=23)
    assert night_desk.worked(autumn, at("2026-10-26 00.00", BERLIN)) == timedelta(hours=25)
    assert night_desk.add(spring, parse("3 jam")) == at("2026-03-29 04.00", BERLIN)
    assert night_desk.add(spring, parse("1x24 jam")) == at("2026-03-30 01.00", BERLIN)


def test_an_hour_shown_twice_is_worked_twice_and_one_skipped_is_not_worked() -> None:
    desk = office({"sunday": ["02.00-02.30"]}, zone="Europe/Berlin")
    assert len(desk.intervals(date(2026, 10, 25))) == 2
    assert not desk.intervals(date(2026, 3, 29))
    assert desk.add(at("2026-03-28 12.00", BERLIN), parse("1 hari")) == at("2026-04-05 02.30", BERLIN)


# traps ----------------------------------------------------------------------------------------------------------


def test_a_calendar_that_is_never_open_is_refused_at_once() -> None:
    for periods in ((), ({},), ({"label": "Tutup", "monday": []},)):
        with pytest.raises(NoWorkingTime):
            WorkCalendar.from_dict({"period": list(periods)})


def test_a_search_for_working_time_that_never_comes_ends_in_an_error() -> None:
    closed_for_good = office({**ORDINARY, "until": date(2026, 12, 1)})
    for duration in ("1 menit", "1 jam", "1 hari"):
        with pytest.raises(NoWorkingTime):
            closed_for_good.add(at("2026-12-02 09.00"), parse(duration))
    with pytest.raises(NoWorkingTime):
        closed_for_good.next_open(at("2026-12-02 09.00"))
    assert not closed_for_good.is_open(at("2026-12-02 09.00"))


def test_an_office_whose_only_day_is_always_a_holiday_ends_in_an_error() -> None:
    only = office({"from": date(2026, 1, 1), "until": date(2026, 1, 2), "thursday": ["08.00-09.00"]},
                  holidays=[Holiday(date(2026, 1, 1), "Tahun Baru")])  # fmt: skip
    with pytest.raises(NoWorkingTime):
        only.add(at("2025-12-31 09.00"), parse("1 menit"))


@pytest.mark.parametrize("year", ["0001", "1979", "2201", "9999"])
def test_moments_nobody_can_mean_are_refused(year: str) -> None:
    with pytest.raises(BeyondReach):
        EXAMPLE.add(at(f"{year}-12-31 09.00"), parse("3 hari"))


@pytest.mark.parametrize("duration", ["2 bulan", "1 hari kalender", "1x24 jam", "2 minggu"])
def test_a_result_after_the_last_date_there_is_is_refused(duration: str) -> None:
    with pytest.raises(BeyondReach):
        EXAMPLE.add(at("9999-12-31 09.00"), parse(duration))


def test_a_holiday_makes_the_due_moment_later_never_earlier() -> None:
    off = [Holiday(date(2026, 11, day), "Libur") for day in (17, 18, 19, 20)]
    assert due("2026-11-16 09.00", "5 hari", office()) == "Mon 2026-11-23 16.00"
    assert due("2026-11-16 09.00", "5 hari", office(holidays=off)) == "Fri 2026-11-27 16.30"


def test_seconds_and_microseconds_are_kept_not_cut() -> None:
    start = at("2026-11-20 16.20") + timedelta(seconds=31, microseconds=7)
    assert EXAMPLE.add(start, parse("15 menit")) == at("2026-11-23 07.35") + timedelta(seconds=31, microseconds=7)
    assert EXAMPLE.worked(start, at("2026-11-20 16.30")) == timedelta(minutes=9, seconds=28, microseconds=999_993)


def test_moments_without_a_zone_are_refused() -> None:
    naive = datetime(2026, 11, 20, 9)  # noqa: DTZ001
    for ask in (
        lambda: EXAMPLE.add(naive, parse("1 hari")),
        lambda: EXAMPLE.add(at("2026-11-20 09.00"), parse("1 hari"), [(naive, naive)]),
        lambda: EXAMPLE.worked(naive, naive),
        lambda: EXAMPLE.is_open(naive),
        lambda: EXAMPLE.next_open(naive),
    ):
        with pytest.raises(ValueError, match="zone"):
            ask()


def test_nothing_and_less_than_nothing_are_no_standards() -> None:
    for amount in (0, -1):
        with pytest.raises(ValueError, match="at least one"):
            EXAMPLE.add(at("2026-11-20 09.00"), Duration(amount, Unit.WORK_DAYS, ""))


# looking ---------------------------------------------------------------------------------------------------------


def test_the_office_is_open_from_the_opening_up_to_the_closing() -> None:
    asked = ["07.29", "07.30", "11.29", "11.30", "12.59", "13.00", "16.29", "16.30"]
    assert [EXAMPLE.is_open(at(f"2026-11-20 {hour}")) for hour in asked] == [
        False, True, True, False, False, True, True, False,
    ]  # fmt: skip
    assert EXAMPLE.next_open(at("2026-11-20 11.30")) == at("2026-11-20 13.00")
    assert EXAMPLE.next_open(at("2026-11-20 16.30")) == at("2026-11-23 07.30")
    assert EXAMPLE.next_open(at("2026-11-20 09.00")) == at("2026-11-20 09.00")


def test_a_day_has_a_closing_only_when_the_office_opens() -> None:
    assert EXAMPLE.closing(date(2026, 11, 20)) == at("2026-11-20 16.30")
    assert EXAMPLE.closing(date(2026, 11, 21)) is None
    assert EXAMPLE.closing(date(2026, 12, 25)) is None
    assert not EXAMPLE.is_working_day(date(2026, 12, 24))
    assert [holiday.name for holiday in EXAMPLE.days_off(date(2026, 12, 24))] == ["Cuti bersama"]


def test_time_cannot_be_measured_backwards() -> None:
    with pytest.raises(ValueError, match="before the start"):
        EXAMPLE.worked(at("2026-11-20 10.00"), at("2026-11-20 09.59"))
