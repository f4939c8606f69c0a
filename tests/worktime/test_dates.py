"""Dates, moments and time left, in the words a reader sees."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from offices import BERLIN, EXAMPLE, WIT, WITA, at
from tanggap.worktime import dates


def test_dates_and_moments_are_printed_in_indonesian_with_their_zone() -> None:
    moment = at("2026-11-30 09.30")
    assert dates.day(moment) == "30 November 2026"
    assert dates.weekday(date(2026, 11, 20)) == "Jumat, 20 November 2026"
    assert dates.clock(at("2026-11-20 08.05")) == "08.05 WIB"
    assert dates.clock(at("2026-11-20 08.05"), zone=False) == "08.05"
    assert dates.moment(moment) == "Senin, 30 November 2026 pukul 09.30 WIB"
    assert dates.stamp(moment) == "Senin, 30 November 2026, 09.30 WIB"


def test_every_day_and_month_has_its_name() -> None:
    assert [dates.weekday(date(2026, 6, day)).split(",")[0] for day in range(1, 8)] == [
        "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu",
    ]  # fmt: skip
    assert [dates.day(date(2026, month, 1)) for month in (1, 2, 5, 8, 12)] == [
        "1 Januari 2026", "1 Februari 2026", "1 Mei 2026", "1 Agustus 2026", "1 Desember 2026",
    ]  # fmt: skip


def test_zones_are_named_as_indonesians_name_them_and_others_as_they_call_themselves() -> None:
    morning = "2026-11-20 08.30"
    assert [dates.zone_name(at(morning, zone)) for zone in (WITA, WIT, ZoneInfo("Asia/Pontianak"))] == [
        "WITA", "WIT", "WIB",
    ]  # fmt: skip
    assert dates.zone_name(at(morning, BERLIN)) == "CET"
    assert dates.zone_name(datetime(2026, 11, 20, tzinfo=UTC)) == "UTC"
    with pytest.raises(ValueError, match="zone"):
        dates.zone_name(datetime(2026, 11, 20))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("now", "due", "expected"),
    [
        ("2026-11-20 08.54", "2026-11-20 09.01", "Sisa 7 menit"),
        ("2026-11-20 08.54", "2026-11-20 10.44", "Sisa 1 jam 50 menit"),
        ("2026-11-20 08.54", "2026-11-20 16.30", "Sisa 6 jam 6 menit"),  # the break is no time left
        ("2026-11-20 08.54", "2026-11-24 16.00", "Sisa 2 hari kerja"),
        ("2026-11-23 15.00", "2026-11-26 09.30", "Sisa 2 hari kerja 3 jam"),
        ("2026-11-20 16.20", "2026-11-23 07.35", "Sisa 15 menit"),
        ("2026-11-20 16.20", "2026-11-23 09.30", "Sisa 2 jam kerja 10 menit"),
        ("2026-11-21 10.00", "2026-11-23 16.00", "Sisa 1 hari kerja"),
        ("2026-11-20 08.54", "2026-11-20 08.54", "Sisa kurang dari 1 menit"),
        ("2026-11-20 09.36", "2026-11-20 09.01", "Lewat 35 menit"),
        ("2026-11-20 08.54", "2026-11-20 07.45", "Lewat 1 jam 9 menit"),
        ("2026-11-21 10.00", "2026-11-20 16.30", "Lewat waktu"),  # nobody could have done it since
        ("2026-11-23 07.35", "2026-11-20 16.30", "Lewat 5 menit"),
        ("2026-11-25 10.00", "2026-11-20 16.00", "Lewat 2 hari kerja 3 jam"),
        ("2026-11-20 20.00", "2026-11-20 23.59", "Sisa 3 jam 59 menit"),  # not working time: by the wall clock
    ],
)
def test_time_left_is_told_as_the_performer_s_clock_counts(now: str, due: str, expected: str) -> None:
    assert dates.time_left(at(due), at(now), EXAMPLE) == expected


@pytest.mark.parametrize(
    ("now", "due", "expected"),
    [
        ("2026-11-20 10.00", "2026-11-25 23.59", "Sisa 5 hari"),
        ("2026-11-20 10.00", "2026-11-21 09.00", "Sisa 23 jam"),
        ("2026-11-20 10.00", "2026-11-23 11.30", "Sisa 3 hari 1 jam"),
        ("2026-11-25 23.59", "2026-11-25 23.59", "Sisa kurang dari 1 menit"),
        ("2026-11-28 02.00", "2026-11-25 23.59", "Lewat 2 hari 2 jam"),
    ],
)
def test_without_a_calendar_time_left_is_told_by_the_wall_clock(now: str, due: str, expected: str) -> None:
    assert dates.time_left(at(due), at(now)) == expected


def test_a_second_late_is_late() -> None:
    due = at("2026-11-20 09.00")
    assert dates.time_left(due, due + timedelta(seconds=1), EXAMPLE) == "Lewat kurang dari 1 menit"
    assert dates.time_left(due, due - timedelta(seconds=1), EXAMPLE) == "Sisa kurang dari 1 menit"


def test_the_moments_may_come_in_different_zones() -> None:
    assert dates.time_left(at("2026-11-20 09.01"), at("2026-11-20 09.54", WITA), EXAMPLE) == "Sisa 7 menit"
