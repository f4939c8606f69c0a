"""Why a time is due when it is, line by line in plain Indonesian."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from offices import EXAMPLE, at, office
from tanggap.worktime.calendar import WorkCalendar
from tanggap.worktime.duration import parse
from tanggap.worktime.office_hours import Holiday, HolidayKind


def told(start: str, duration: str, *pauses: tuple[str, str], calendar: WorkCalendar = EXAMPLE) -> list[str]:
    """The lines, each with its caption."""
    moments = [(at(begin), at(end)) for begin, end in pauses]
    return [str(line) for line in calendar.explain(at(start), parse(duration), moments)]


def test_minutes_over_a_weekend() -> None:
    assert told("2026-11-20 16.20", "15 menit") == [
        "mulai: Jumat, 20 November 2026 pukul 16.20 WIB",
        "dihitung: Jumat, 20 November 2026 pukul 16.20 sampai 16.30 WIB, 10 menit",
        "di luar jam kerja: Jumat, 20 November 2026 pukul 16.30 WIB sampai Senin, 23 November 2026 pukul 07.30 WIB",
        "dihitung: Senin, 23 November 2026 pukul 07.30 sampai 07.35 WIB, 5 menit",
        "jatuh tempo: Senin, 23 November 2026 pukul 07.35 WIB",
    ]


def test_minutes_with_a_pause() -> None:
    assert told("2026-11-16 08.00", "2 jam", ("2026-11-16 09.00", "2026-11-16 10.05")) == [
        "mulai: Senin, 16 November 2026 pukul 08.00 WIB",
        "dihitung: Senin, 16 November 2026 pukul 08.00 sampai 09.00 WIB, 1 jam",
        "jeda: Senin, 16 November 2026 pukul 09.00 sampai 10.05 WIB",
        "dihitung: Senin, 16 November 2026 pukul 10.05 sampai 11.05 WIB, 1 jam",
        "jatuh tempo: Senin, 16 November 2026 pukul 11.05 WIB",
    ]


def test_minutes_over_a_holiday_name_it_and_its_decree() -> None:
    eve = Holiday(date(2026, 12, 24), "Cuti Bersama Natal", HolidayKind.JOINT_LEAVE, "SKB 1497/2025")
    lines = told("2026-12-23 15.55", "10 menit", calendar=office(holidays=[eve]))
    assert "libur: Kamis, 24 Desember 2026: Cuti Bersama Natal (SKB 1497/2025)" in lines
    assert lines[-1] == "jatuh tempo: Jumat, 25 Desember 2026 pukul 07.35 WIB"


def test_working_days_are_numbered_and_days_off_have_a_reason() -> None:
    assert told("2026-12-23 09.00", "2 hari") == [
        "mulai: Rabu, 23 Desember 2026 pukul 09.00 WIB",
        "libur: Kamis, 24 Desember 2026: Cuti bersama",
        "libur: Jumat, 25 Desember 2026: Libur nasional",
        "di luar jam kerja: Sabtu, 26 Desember 2026 sampai Minggu, 27 Desember 2026: bukan hari kerja",
        "dihitung: Senin, 28 Desember 2026: hari ke-1",
        "dihitung: Selasa, 29 Desember 2026: hari ke-2",
        "jatuh tempo: Selasa, 29 Desember 2026 pukul 16.00 WIB",
    ]


def test_working_days_with_a_pause_over_the_due_moment_say_why_it_moved() -> None:
    assert told("2026-11-16 08.00", "1 hari", ("2026-11-17 10.00", "2026-11-18 17.00")) == [
        "mulai: Senin, 16 November 2026 pukul 08.00 WIB",
        "dihitung: Selasa, 17 November 2026: hari ke-1",
        "jeda: Rabu, 18 November 2026: tidak dihitung",
        "jeda: Kamis, 19 November 2026: tenggat jatuh dalam jeda, maka bergeser ke sini",
        "jatuh tempo: Kamis, 19 November 2026 pukul 16.00 WIB",
    ]


def test_calendar_days_and_wall_clock_hours_are_told_in_one_line_each() -> None:
    assert told("2026-11-20 10.00", "5 hari kalender")[1:-1] == [
        "dihitung: Sabtu, 21 November 2026 sampai Rabu, 25 November 2026: hari ke-1 sampai ke-5"
    ]
    assert told("2026-11-20 10.00", "1x24 jam")[1:-1] == [
        "dihitung: Jumat, 20 November 2026 pukul 10.00 WIB sampai Sabtu, 21 November 2026 pukul 10.00 WIB, 24 jam"
    ]


def test_what_sets_no_standard_says_so() -> None:
    explained = EXAMPLE.explain(at("2026-11-20 10.00"), parse("-"))
    assert explained.due is None
    assert str(explained).endswith("tanpa standar: waktunya diukur, tetapi tidak pernah terlambat")


def test_an_explanation_names_the_version_of_the_calendar_that_counted() -> None:
    other = replace(EXAMPLE, joint_leave_off=False)
    start, standard = at("2026-11-20 10.00"), parse("3 hari")
    assert EXAMPLE.explain(start, standard).version == EXAMPLE.version
    assert other.explain(start, standard).version != EXAMPLE.version


def test_every_line_is_told_in_english_too() -> None:
    eve = Holiday(date(2026, 12, 24), "Cuti Bersama Natal", HolidayKind.JOINT_LEAVE, "SKB 1497/2025", estimated=True)
    calendar = office(holidays=[eve])

    def english(start: str, duration: str, *pauses: tuple[str, str]) -> list[str]:
        moments = [(at(begin), at(end)) for begin, end in pauses]
        lines = calendar.explain(at(start), parse(duration), moments)
        return [f"{line.kind.caption('en')}: {line.told('en')}" for line in lines]

    assert english("2026-11-20 16.20", "2 jam", ("2026-11-23 08.00", "2026-11-23 09.00")) == [
        "start: Friday, 20 November 2026 at 16.20 WIB",
        "counted: Friday, 20 November 2026 at 16.20 to 16.30 WIB, 10 minutes",
        "outside office hours: Friday, 20 November 2026 at 16.30 WIB to Monday, 23 November 2026 at 07.30 WIB",
        "counted: Monday, 23 November 2026 at 07.30 to 08.00 WIB, 30 minutes",
        "pause: Monday, 23 November 2026 at 08.00 to 09.00 WIB",
        "counted: Monday, 23 November 2026 at 09.00 to 10.20 WIB, 1 hour 20 minutes",
        "due: Monday, 23 November 2026 at 10.20 WIB",
    ]
    assert english("2026-12-23 08.00", "2 hari", ("2026-12-28 10.00", "2026-12-29 17.00"))[1:-1] == [
        "day off: Thursday, 24 December 2026: Cuti Bersama Natal (SKB 1497/2025; estimate)",
        "counted: Friday, 25 December 2026: day 1",
        "outside office hours: Saturday, 26 December 2026 to Sunday, 27 December 2026: no working day",
        "counted: Monday, 28 December 2026: day 2",
        "pause: Tuesday, 29 December 2026: not counted",
        "pause: Wednesday, 30 December 2026: it would fall due within a pause and moves here",
    ]
    assert english("2026-11-20 10.00", "1 minggu")[1] == (
        "counted: Saturday, 21 November 2026 to Friday, 27 November 2026: days 1 to 7"
    )
    assert english("2026-11-20 10.00", "Disesuaikan")[1] == "no standard: the time is measured, but never late"
