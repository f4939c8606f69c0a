"""The calendars an installation starts with: national holidays with decrees, office hours, zones."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from offices import EXAMPLE, JOINT_LEAVE_2026, PUBLIC_2026, WITA, at
from tanggap.actions.holidays import national_holidays, seed_calendar, seed_institutions
from tanggap.worktime.duration import parse
from tanggap.worktime.office_hours import HolidayKind


def test_2026_has_the_17_public_holidays_and_8_days_of_joint_leave_of_the_decree() -> None:
    found = national_holidays([2026])
    assert {h.date for h in found if h.kind is HolidayKind.PUBLIC} == {
        date.fromisoformat(f"2026-{day}") for day in PUBLIC_2026
    }
    assert {h.date for h in found if h.kind is HolidayKind.JOINT_LEAVE} == {
        date.fromisoformat(f"2026-{day}") for day in JOINT_LEAVE_2026
    }
    assert Counter(h.kind for h in found) == {HolidayKind.PUBLIC: 17, HolidayKind.JOINT_LEAVE: 8}
    assert {(h.decree, h.estimated) for h in found} == {("SKB 1497/2025, 2/2025, 5/2025", False)}


@pytest.mark.parametrize(
    ("day", "name", "decree"),
    [
        (date(2024, 2, 14), "Hari Pemilihan Umum", "Keppres 10/2024"),
        (date(2024, 4, 10), "Hari Raya Idul Fitri", "SKB 855/2023, 3/2023, 4/2023"),
        (date(2024, 11, 27), "Hari Pemilihan Kepala Daerah", "Keppres 33/2024"),
        (date(2025, 8, 18), "Cuti Bersama Hari Kemerdekaan Republik Indonesia", "SKB 933/2025, 1/2025, 3/2025"),
        (date(2025, 12, 25), "Hari Raya Natal", "SKB 1017/2024, 2/2024, 2/2024"),
    ],
)
def test_a_holiday_carries_the_decree_that_sets_it(day: date, name: str, decree: str) -> None:
    (found,) = [h for h in national_holidays([day.year]) if h.date == day]
    assert (found.name, found.decree, found.estimated) == (name, decree, False)


def test_what_is_only_computed_is_marked_as_an_estimate_and_says_so_beside_the_name() -> None:
    (eid,) = [h for h in national_holidays([2027]) if h.name == "Hari Raya Idul Fitri"]
    assert eid.estimated
    assert str(eid).endswith("perkiraan)")
    assert all(h.estimated for h in national_holidays([2031])), "no decree is known yet"


def test_the_seeds_cover_the_years_2024_to_2027() -> None:
    assert {h.date.year for h in national_holidays()} == {2024, 2025, 2026, 2027}


def test_every_institution_of_the_demo_has_a_calendar_in_its_own_zone() -> None:
    assert seed_institutions() == ["its-bapkm", "ub-fmipa", "unej-uc3", "unesa-feb", "unmul-ft"]
    assert seed_calendar("unmul-ft").tz is WITA
    with pytest.raises(LookupError):
        seed_calendar("tidak-ada")


def test_the_seed_hours_are_those_of_the_examples_and_of_the_regulation() -> None:
    calendar = seed_calendar("ub-fmipa")
    for start, duration in (
        ("2026-11-20 16.20", "15 menit"),
        ("2026-11-20 11.20", "15 menit"),
        ("2026-03-17 10.00", "3 hari kerja"),
        ("2026-11-21 09.00", "1 hari kerja"),
        ("2026-12-23 09.00", "5 hari kerja"),
        ("2026-11-20 10.00", "5 hari kalender"),
    ):
        assert calendar.add(at(start), parse(duration)) == EXAMPLE.add(at(start), parse(duration))
    assert calendar.worked(at("2026-11-16 00.00"), at("2026-11-23 00.00")) == timedelta(hours=37.5)
    for ramadan in ("2024-03-18", "2025-03-03", "2026-02-23", "2027-02-15"):
        monday = at(f"{ramadan} 00.00")
        assert calendar.worked(monday, monday + timedelta(days=7)) == timedelta(hours=32.5)
