"""Calendars as data: written and read back, versioned by content, refused with a sentence when they make no sense."""

from __future__ import annotations

import copy
import json
import pickle
import tomllib
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest

from offices import EXAMPLE, ORDINARY, at, office
from tanggap.worktime.calendar import WorkCalendar
from tanggap.worktime.duration import parse
from tanggap.worktime.office_hours import CalendarRefused, Holiday, HolidayKind, Interval, Period


def test_a_calendar_goes_through_json_and_comes_back_the_same() -> None:
    again = WorkCalendar.from_dict(json.loads(json.dumps(EXAMPLE.to_dict())))
    assert again == EXAMPLE
    assert again.version == EXAMPLE.version


def test_a_calendar_may_be_written_in_toml() -> None:
    written = """
        zone = "Asia/Makassar"
        [[period]]
        monday = ["07.30-12.00", "13:00 \N{EN DASH} 16:00"]
        [[holiday]]
        date = 2026-11-16
        name = "Dies Natalis"
        kind = "local"
    """
    calendar = WorkCalendar.from_dict(tomllib.loads(written))
    assert calendar.hours(date(2026, 11, 23)) == (Interval(450, 720), Interval(780, 960))
    assert not calendar.is_working_day(date(2026, 11, 16))


def test_the_version_follows_the_content_and_not_the_order_of_holidays() -> None:
    one, two = Holiday(date(2026, 1, 1), "Tahun Baru"), Holiday(date(2026, 5, 1), "Hari Buruh")
    assert office(holidays=[one, two]).version == office(holidays=[two, one, one]).version
    assert office(holidays=[one]).version != office(holidays=[one, two]).version
    assert office(zone="Asia/Jakarta").version != office(zone="Asia/Makassar").version
    decreed = Holiday(date(2026, 1, 1), "Tahun Baru", decree="SKB 1497/2025")
    assert office(holidays=[decreed]).version != office(holidays=[one]).version
    assert len(EXAMPLE.version) == 64


def test_counting_leaves_the_calendar_and_its_version_as_they_were() -> None:
    calendar = office()
    before = (calendar.version, hash(calendar), copy.deepcopy(calendar))
    calendar.add(at("2026-11-20 10.00"), parse("300 hari"))
    assert (calendar.version, hash(calendar), calendar) == before
    assert pickle.loads(pickle.dumps(calendar)) == calendar


def test_many_threads_may_count_with_one_calendar() -> None:
    calendar = office()
    starts = [at("2026-11-20 10.00") + timedelta(days=180 * n) for n in range(-40, 40)]
    alone = [office().add(start, parse("100 hari")) for start in starts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda start: calendar.add(start, parse("100 hari")), starts)) == alone


def test_several_holidays_may_share_a_day() -> None:
    both = [Holiday(date(2026, 5, 1), "Hari Buruh"), Holiday(date(2026, 5, 1), "Dies Natalis", HolidayKind.LOCAL)]
    calendar = office(holidays=both)
    assert len(calendar.days_off(date(2026, 5, 1))) == 2
    assert WorkCalendar.from_dict(calendar.to_dict()) == calendar


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"period": [{"monday": ["08.00-12.00", "11.00-13.00"]}]}, "bertumpuk atau tidak berurutan"),
        ({"period": [{"monday": ["13.00-16.00", "08.00-12.00"]}]}, "bertumpuk atau tidak berurutan"),
        ({"period": [{"monday": ["12.00-08.00"]}]}, "jam tutup harus sesudah jam buka"),
        ({"period": [{"monday": ["08.00-08.00"]}]}, "jam tutup harus sesudah jam buka"),
        ({"period": [{"monday": ["08.00-25.00"]}]}, "antara 00.00 dan 24.00"),
        ({"period": [{"monday": ["pagi"]}]}, "“pagi” tidak dapat dibaca"),
        ({"period": [{"monday": "08.00-12.00"}]}, "harus berupa daftar"),
        ({"period": [{"senin": ["08.00-12.00"]}]}, "“senin” pada jam kerja tidak dikenal"),
        ({"period": ["08.00-12.00"]}, "bukan sebuah tabel"),
        ({"period": [{**ORDINARY, "from": "2026-03-01", "until": "2026-02-01"}]}, "berakhir sebelum mulai"),
        ({"period": [{**ORDINARY, "from": "kemarin"}]}, "“kemarin” tidak dapat dibaca"),
        ({"period": [ORDINARY], "zone": "Asia/Atlantis"}, "Zona waktu “Asia/Atlantis” tidak dikenal"),
        ({"period": [ORDINARY], "zone": "../../etc/passwd"}, "tidak dikenal"),
        ({"period": [ORDINARY], "zone": ""}, "tidak dikenal"),
        ({"period": [ORDINARY], "holiday": [{"date": "2026-02-30", "name": "X"}]}, "“2026-02-30” tidak dapat dibaca"),
        ({"period": [ORDINARY], "holiday": [{"name": "X"}]}, "harus memuat tanggal dan nama"),
        ({"period": [ORDINARY], "holiday": [{"date": "2026-02-01", "name": "X", "kind": "?"}]}, "Jenis libur"),
        ({"period": [ORDINARY], "hours": 8}, "“hours” pada kalender tidak dikenal"),
        ({"period": []}, "tidak memuat satu pun jam kerja"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused_with_a_sentence(data: dict[str, Any], says: str) -> None:
    with pytest.raises(CalendarRefused) as refused:
        WorkCalendar.from_dict(data)
    assert says in str(refused.value)


def test_a_week_has_seven_days() -> None:
    with pytest.raises(CalendarRefused, match="tujuh hari"):
        Period(week=((Interval(480, 720),),))


def test_of_periods_that_cover_a_day_the_last_one_holds() -> None:
    exam_week = {"from": date(2026, 11, 16), "until": date(2026, 11, 21), "monday": ["09.00-10.00"]}
    calendar = office(ORDINARY, exam_week)
    assert calendar.hours(date(2026, 11, 16)) == (Interval(540, 600),)
    assert not calendar.is_working_day(date(2026, 11, 17)), "what the period leaves out is closed"
    assert calendar.is_working_day(date(2026, 11, 23)), "the day it ends on is no longer its own"
