"""Every file of the folder is a report with names, page, command and CSV; no cell of it is ever a formula (S50)."""

from __future__ import annotations

import csv
import gettext
import io
import json
from pathlib import Path

import pytest

import tanggap.web
import worlds
from tanggap.cli.main import main
from tanggap.documents.comma_table import comma_table, harmless
from tanggap.reports import KNOWN, Asked, Report, report, reports

pytestmark = pytest.mark.django_db
EACH = pytest.mark.parametrize("one", reports(), ids=lambda one: one.KEY)


@pytest.fixture
def world() -> worlds.World:
    world = worlds.build()
    world.complete(world.receive().case, "2#1", "operator-mipa-care", choice="ya")
    return world


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_two_files_are_two_reports_and_nobody_keeps_a_list() -> None:
    folder = Path(tanggap.web.__file__).parents[1] / "reports"
    files = {file.stem for file in folder.glob("*.py") if not file.name.startswith("_")}
    assert {one.KEY for one in reports()} == files >= {"compliance", "bottlenecks"}


@EACH
def test_a_report_says_what_it_is_in_both_languages(one: Report) -> None:
    path = Path(tanggap.web.__file__).parent / "locale" / "en" / "LC_MESSAGES" / "django.mo"
    with path.open("rb") as file:
        english = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    assert set(one.PARAMETERS) <= set(KNOWN)
    assert one.ABOUT.endswith(".")
    assert report(one.KEY) is report(one.ADDRESS)
    assert {one.TITLE, one.ABOUT} <= english.keys()


@EACH
def test_every_table_has_a_cell_for_every_column_and_an_english_word_for_each(one: Report, world: worlds.World) -> None:
    path = Path(tanggap.web.__file__).parent / "locale" / "en" / "LC_MESSAGES" / "django.mo"
    with path.open("rb") as file:
        english = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    for table in one.table(Asked(world.reader(world.auditor), world.institution.key)):
        assert table.rows
        assert all(len(row) == len(table.columns) for row in table.rows)
        assert len(table.bars) in (0, len(table.rows))
        said = {column.label for column in table.columns} | {column.about for column in table.columns if column.about}
        assert said | {table.title, table.empty} | {word for word in (table.good, table.bad) if word} <= english.keys()
        rows = read(table.as_csv())
        assert len(rows) == len(table.rows) + 1
        assert len(rows[0]) == len(table.columns)


@EACH
def test_the_command_prints_a_table_json_and_csv(
    one: Report, world: worlds.World, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["report", one.KEY]) == 0
    assert one.TITLE.encode() in capfdbinary.readouterr().out
    assert main(["report", one.KEY, "--institution", "ub-fmipa", "--json"]) == 0
    told = json.loads(capfdbinary.readouterr().out)
    assert told["report"] == one.KEY
    assert main(["report", one.KEY, "--csv"]) == 0
    assert len(read(capfdbinary.readouterr().out)) > 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["report", "apa"], "tidak dikenal; yang ada: bottlenecks, compliance"),
        (["report", "compliance", "--institution", "lain"], "yang ada: ub-fmipa"),
        (["report", "compliance", "--from", "kemarin"], "tulis seperti 2026-11-20"),
        (["report", "compliance", "--csv", "--table", "x"], "yang ada: steps, procedures"),
    ],
)
def test_what_the_command_cannot_do_it_says_in_one_sentence(
    world: worlds.World, words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    assert says in capsys.readouterr().err


def test_without_a_name_the_command_lists_the_reports(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report"]) == 0
    printed = capsys.readouterr().out
    assert all(one.KEY in printed for one in reports())


@pytest.mark.parametrize(
    "cell",
    [
        '=HYPERLINK("http://e")', "+1", "-1+2", "@SUM(1)", "\t=1", "\r=1", "=cmd|'/c calc'!A0", "\uff1d1", '";=1',
        " =1", "'=1", "a;=1", "a\n=1", "\u200b=1",
    ],
)  # fmt: skip
def test_no_cell_is_ever_taken_for_a_formula(cell: str) -> None:
    """S50: quoted, and with an apostrophe before it, also behind a semicolon."""
    (text,) = read(comma_table(["judul"], [[cell]]))[1]
    for part in text.replace("\n", ";").split(";"):
        assert part.lstrip(' "\t\r')[:1] not in {"=", "+", "-", "@", "\uff1d"}, text
    assert text.startswith("'") or ";'" in text or "\n'" in text


def test_numbers_stay_numbers_and_plain_words_stay_as_they_are() -> None:
    data = comma_table(["a", "b"], [["Keluhan - biasa", -3], [None, 0.5]])
    assert data.decode("utf-8-sig") == '"a","b"\r\n"Keluhan - biasa",-3\r\n"",0.5\r\n'
    assert harmless("Dosen; staf") == "Dosen; staf"
