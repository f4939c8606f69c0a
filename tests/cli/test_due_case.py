"""`tanggap due --case`: every deadline of a case, in one line each, line by line, or as JSON."""

from __future__ import annotations

import json

import pytest
from django.utils.translation import override

import worlds
from tanggap.cli.main import main
from tanggap.records.models import Case

pytestmark = pytest.mark.django_db
Printed = pytest.CaptureFixture[str]


@pytest.fixture
def register() -> str:
    return Case.objects.get(pk=worlds.build().receive().case).register


def test_it_prints_each_clock_with_its_due_moment(register: str, capsys: Printed) -> None:
    assert main(["due", "--case", register]) == 0
    printed = capsys.readouterr().out
    assert "Waktu kita" in printed
    assert "Langkah 2: Memeriksa keluhan" in printed
    assert "Senin, 16 November 2026 pukul 08.15 WIB" in printed
    assert "SP4N: pengaduan tidak berkadar pengawasan" in printed


def test_it_explains_line_by_line(register: str, capsys: Printed) -> None:
    assert main(["due", "--case", register, "--institution", "ub-fmipa", "--explain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for caption in ("mulai", "waktu", "dihitung", "jatuh tempo", "sekarang", "pada"):
        assert any(line.startswith(caption) for line in lines), caption


def test_the_number_of_a_case_may_stand_where_a_time_would(register: str, capsys: Printed) -> None:
    assert main(["due", "--case", register, "--explain"]) == 0
    by_option = capsys.readouterr().out
    assert main(["due", register, "--explain"]) == 0
    assert capsys.readouterr().out == by_option
    assert main(["due", "1/2jam", "--from", "2026-11-16 08.00", "--institution", "ub-fmipa"]) == 0
    assert "08.30 WIB" in capsys.readouterr().out, "a time stays a time"


def test_it_explains_in_english_where_that_is_the_first_language(register: str, capsys: Printed) -> None:
    with override("en"):
        assert main(["due", register, "--explain"]) == 0
    said = capsys.readouterr().out
    lines = said.splitlines()
    for caption in ("start", "time", "counted", "due"):
        assert any(line.startswith(caption) for line in lines), caption
    assert "Monday, 16 November 2026 at 08.15 WIB" in said
    assert "“15 Menit” is read as 15 working minutes" in said
    for indonesian in ("Senin", "pukul", "jatuh tempo", "menit kerja", "Januari"):
        assert indonesian not in said, indonesian


def test_it_speaks_json_with_what_the_page_says(register: str, capsys: Printed) -> None:
    assert main(["due", "--case", register, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    clocks = {one["clock"]: one for one in told["clocks"]}
    assert (told["register"], told["institution"], told["promise"]["same"]) == (register, "ub-fmipa", True)
    assert clocks["step:2#1"]["due"] == "2026-11-16T08:15:00+07:00"
    assert clocks["step:2#1"]["explanation"][-1]["kind"] == "jatuh tempo"
    assert clocks["clock:law-uu25-tanggapan"]["kind"] == "law"
    assert set(told["working_minutes"]) == {"ours", "complainant", "others"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["due", "--case", "0999/PGD"], "Kasus bernomor “0999/PGD” tidak ada."),
        (["due"], "Masih kurang: WAKTU, --from, --institution."),
        (["due", "3 hari", "--from", "sekarang"], "Masih kurang: --institution."),
    ],
)
def test_what_is_missing_is_told_in_one_sentence(register: str, words: list[str], says: str, capsys: Printed) -> None:
    assert main(words) == 2
    assert says in capsys.readouterr().err
