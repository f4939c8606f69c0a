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
    assert dates.stamp(moment) == "30 November 2026, 09.30 WIB"


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
    ("start", "end", "indonesian", "english"),
    [
        ("2026-11-20 08.54", "2026-11-20 10.44", "1 jam 50 menit", "1 hour 50 minutes"),
        ("2026-11-20 08.54", "2026-11-20 14.00", "3 jam 36 menit", "3 hours 36 minutes"),  # without the break
        ("2026-11-20 16.50", "2026-11-20 16.51", "1 menit", "1 minute"),  # closed: by the wall clock
        ("2026-11-20 16.20", "2026-11-23 07.35", "1 hari kerja", "1 working day"),
        ("2026-11-20 08.54", "2026-11-24 16.00", "2 hari kerja", "2 working days"),
        ("2026-11-20 17.00", "2026-11-22 10.00", "2 hari", "2 days"),  # nothing was open in between
    ],
)
def test_how_long_it_is_is_told_as_the_performer_s_clock_counts(
    start: str, end: str, indonesian: str, english: str
) -> None:
    assert dates.between(at(start), at(end), EXAMPLE) == indonesian
    assert dates.between(at(start), at(end), EXAMPLE, "en") == english


def test_the_moments_may_come_in_different_zones() -> None:
    assert dates.between(at("2026-11-20 09.54", WITA), at("2026-11-20 09.01"), EXAMPLE) == "7 menit"


def test_a_stretch_is_told_in_hours_and_minutes_and_less_than_a_minute_as_such() -> None:
    assert dates.stretch(timedelta(hours=49, minutes=5)) == "49 jam 5 menit"
    assert dates.stretch(timedelta(hours=1, seconds=59), "en") == "1 hour"
    assert dates.stretch(timedelta(seconds=59)) == "kurang dari 1 menit"
    assert dates.stretch(timedelta(), "en") == "less than a minute"


def test_dates_are_printed_in_english_where_the_page_is() -> None:
    moment = at("2026-11-30 09.30")
    assert dates.moment(moment, "en") == "Monday, 30 November 2026 at 09.30 WIB"
    assert dates.stamp(at("2026-08-05 08.05"), "en") == "5 August 2026, 08.05 WIB"
    assert dates.weekday(moment, "en", year=False) == "Monday, 30 November"
    assert dates.day(moment, "fr") == "30 November 2026"
