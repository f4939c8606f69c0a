"""`tanggap due`: what a printed time means, explained, as JSON, and every wrong input answered in one sentence."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import django
import pytest
from django.db import OperationalError
from django.utils.translation import override

from offices import WIB, WITA, at, office
from tanggap.cli import main as cli
from tanggap.cli.commands import due
from tanggap.cli.terminal import CannotGoOn
from tanggap.worktime.calendar import WorkCalendar


@pytest.fixture
def without_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "_stored_calendar", lambda key: None)


pytestmark = pytest.mark.usefixtures("without_database")

Printed = pytest.CaptureFixture[str]


def ask(capsys: Printed, *words: str) -> str:
    assert cli.main(["due", *words]) == 0
    printed = capsys.readouterr()
    assert not printed.err
    return printed.out


def test_it_says_when_three_days_are_due(capsys: Printed) -> None:
    said = ask(capsys, "3 hari", "--from", "2026-03-17 10.00", "--institution", "ub-fmipa")
    assert said == "“3 hari” dibaca sebagai 3 hari kerja. Jatuh tempo Jumat, 27 Maret 2026 pukul 16.30 WIB.\n"


def test_it_explains_line_by_line(capsys: Printed) -> None:
    lines = ask(capsys, "15 menit", "--from", "2026-11-20T16:20", "--institution", "unmul-ft", "--explain").splitlines()
    assert [line.split("  ")[0] for line in lines[1:]] == [
        "mulai", "dihitung", "di luar jam kerja", "dihitung", "jatuh tempo",
    ]  # fmt: skip
    assert lines[-1].endswith("Senin, 23 November 2026 pukul 07.35 WITA")


def test_it_explains_in_english_where_that_is_the_first_language(capsys: Printed) -> None:
    where = ["--from", "2026-11-20 16.20", "--institution", "unmul-ft"]
    with override("en"):
        lines = ask(capsys, "15 menit", *where, "--explain").splitlines()
        said = ask(capsys, "3 hari", *where)
        never = ask(capsys, "-", *where)
    assert lines[0] == "“15 menit” is read as 15 working minutes."
    assert [line.split("  ")[0] for line in lines[1:]] == [
        "start", "counted", "outside office hours", "counted", "due",
    ]  # fmt: skip
    assert said == "“3 hari” is read as 3 working days. Due Wednesday, 25 November 2026 at 16.00 WITA.\n"
    assert "never late" in never


def test_it_speaks_json(capsys: Printed) -> None:
    said = json.loads(ask(capsys, "1x24 jam", "--from", "2026-11-20 10.00", "--institution", "unej-uc3", "--json"))
    assert (said["amount"], said["unit"], said["zone"]) == (24, "jam nyata", "Asia/Jakarta")
    assert said["due"] == "2026-11-21T10:00:00+07:00"
    assert said["explanation"][-1]["kind"] == "jatuh tempo"


def test_what_sets_no_standard_is_never_due(capsys: Printed) -> None:
    where = ["--from", "sekarang", "--institution", "its-bapkm"]
    assert "tidak pernah terlambat" in ask(capsys, "Disesuaikan", *where)
    assert json.loads(ask(capsys, "Disesuaikan", *where, "--json"))["due"] is None


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-20 16.20", "2026-11-20T16:20", "2026-11-20 16:20:00", "2026-11-20 pukul 16.20 WIB",
        "2026-11-20T16:20+07:00", "2026-11-20 16.20 +0700", "2026-11-20T09:20Z", "2026-11-20 17.20 wita",
        "  2026-11-20   16.20 ",
    ],
)  # fmt: skip
def test_a_moment_may_be_written_in_many_ways(written: str) -> None:
    assert due.read_moment(written, WIB) == at("2026-11-20 16.20")


def test_now_is_read_from_the_clock_and_an_unzoned_moment_is_the_institution_s() -> None:
    assert abs((due.read_moment("Sekarang", WITA) - datetime.now(UTC)).total_seconds()) < 60
    assert due.read_moment("2026-11-20 16.20", WITA) == at("2026-11-20 16.20", WITA)


GOOD = {"duration": "3 hari", "--from": "2026-11-20 16.20", "--institution": "ub-fmipa"}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"duration": "± 3 hari"}, "hanya perkiraan"),
        ({"duration": "x" * 100_000}, "lebih panjang dari 80 huruf"),
        ({"--from": "kemarin"}, "Saat “kemarin” tidak dapat dibaca"),
        ({"--from": "2026-11-20"}, "tidak dapat dibaca"),
        ({"--from": "2026-02-30 10.00"}, "tidak dapat dibaca"),
        ({"--from": "2026-11-20 25.00"}, "tidak dapat dibaca"),
        ({"--from": "2026-11-20 10.00 +99:00"}, "tidak dapat dibaca"),
        ({"--from": "٢٠٢٦-11-20 10.00"}, "tidak dapat dibaca"),
        ({"--from": "0001-01-01 00.00"}, "di luar jangkauan kalender"),
        ({"--from": "9999-12-31 23.59"}, "di luar jangkauan kalender"),
        ({"--institution": "ui"}, "yang dikenal: its-bapkm, ub-fmipa, unej-uc3, unesa-feb, unmul-ft"),
    ],
)
def test_what_cannot_be_read_is_answered_in_one_sentence(capsys: Printed, wrong: dict[str, str], says: str) -> None:
    words = GOOD | wrong
    assert cli.main(["due", words.pop("duration"), *(word for pair in words.items() for word in pair)]) == 2
    printed = capsys.readouterr()
    assert not printed.out
    assert says in printed.err
    assert printed.err.count("\n") == 1
    assert len(printed.err) < 300


def stored(institution_key: str) -> WorkCalendar:
    """The database's answer: one institution with a calendar of its own."""
    if institution_key == "broken":
        raise OperationalError
    if institution_key == "rsud-contoh":
        return office({"saturday": ["08.00-12.00"]}, zone="Asia/Jayapura")
    raise LookupError(institution_key)


def test_the_calendar_in_the_database_comes_before_the_one_tanggap_starts_with(
    monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    django.setup()
    from tanggap.records import queries

    monkeypatch.undo()  # with the database
    monkeypatch.setattr(due, "_exists", lambda name: True)
    monkeypatch.setattr(queries, "calendar_of", stored)
    assert due.calendar_of("rsud-contoh").zone == "Asia/Jayapura"
    assert due.calendar_of("unmul-ft").zone == "Asia/Makassar"
    with pytest.raises(CannotGoOn, match="tidak dikenal"):
        due.calendar_of("ui")
    assert not capsys.readouterr().err
    with pytest.raises(CannotGoOn):
        due.calendar_of("broken")
    assert "Basis data tidak dapat dibaca" in capsys.readouterr().err, "the reader is told whose calendar this is"


@pytest.mark.sqlite
def test_asking_does_not_create_a_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.undo()
    from django.db import connection

    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "tanggap.sqlite3"))
    assert due.calendar_of("unmul-ft").zone == "Asia/Makassar"
    assert not list(tmp_path.iterdir())
