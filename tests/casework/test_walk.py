"""Dry runs: the engine walks a procedure with everybody willing; `tanggap sop walk` shows it."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest

import offices
from generators import random_sop
from stories import hm, sop
from tanggap.casework.walk import CannotWalk, NeverEnds, Plan, walk
from tanggap.cli import main as cli
from tanggap.sop import seeds
from tanggap.worktime.duration import parse

MIPA = seeds.seed("ub-fmipa-mipa-care")
FRIDAY = hm("08.00", "2026-11-20")


def test_a_walk_takes_every_row_at_its_due_moment_and_never_leads_back_unasked() -> None:
    found = walk(MIPA, offices.EXAMPLE, start=FRIDAY).rows
    assert [row.step for row in found] == ["1", "2", "3", "4", "5", "6", "7"]
    assert [row.choice for row in found] == ["", "Ya", "", "", "Ya", "", ""]
    assert found[1].due == hm("08.15", "2026-11-20") == found[2].opened
    assert found[2].who == ("Pimpinan",)
    assert found[2].due == hm("16.00", "2026-11-25")


def test_a_choice_given_twice_serves_the_first_and_the_second_visit() -> None:
    found = walk(MIPA, offices.EXAMPLE, start=FRIDAY, plan=Plan({"5": ["tidak", "Tidak"]})).rows
    assert [(row.step, row.visit, row.choice) for row in found if row.step == "5"] == [
        ("5", 1, "Tidak"), ("5", 2, "Tidak"), ("5", 3, "Ya"),
    ]  # fmt: skip


def test_a_row_may_be_done_sooner_or_so_late_that_its_timeout_comes_first() -> None:
    rows = """
    { no = "1", who = "operator", time = "2 hari", timeout = { after = "4 jam", next = "3" } },
    { no = "2", who = "operator", next = "end" }, { no = "3", who = "pimpinan" },
    """
    document = sop(rows)
    late = walk(document, offices.EXAMPLE, start=hm("08.00")).rows
    assert [(row.step, row.opened) for row in late] == [("1", hm("08.00")), ("3", hm("12.00"))]
    soon = walk(document, offices.EXAMPLE, start=hm("08.00"), plan=Plan(after={"1": parse("10 menit")})).rows
    assert [(row.step, row.opened) for row in soon] == [("1", hm("08.00")), ("2", hm("08.10"))]


def test_a_walk_through_two_procedures_says_of_every_row_which_one_it_is_of() -> None:
    rows = """
    { no = "1", who = "operator", question = "Berat?", choices = [
        { label = "Ya", procedure = "q" }, { label = "Tidak", next = "end" } ] },
    """
    second = '[[procedure]]\nid = "q"\nstep = [{ no = "1", who = "dekan", what = "Memeriksa" }]'
    found = walk(sop(rows, more=second), offices.EXAMPLE, start=hm("08.00"), procedure="p").rows
    assert [(row.procedure, row.step, row.visit, row.what) for row in found] == [
        ("p", "1", 1, ""), ("q", "1", 2, "Memeriksa"),
    ]  # fmt: skip


def test_teams_joint_acts_and_facts_are_provided_for() -> None:
    rows = """
    { no = "1", who = "operator", binds = ["tim", "bidang"], sets = ["urgensi"] },
    { no = "2", who = ["tim", "pimpinan"], joint = "all" },
    { no = "3", who = "bidang", independent_of = ["1", "2"], record = "answer" },
    """
    assert [row.step for row in walk(sop(rows), offices.EXAMPLE, start=hm("08.00")).rows] == ["1", "2", "3"]


def test_every_valid_procedure_can_be_walked_to_its_end() -> None:
    for seed in range(80):
        document = replace(random_sop(random.Random(seed), size=10), hash=f"seed-{seed}")
        assert walk(document, offices.EXAMPLE, start=hm("08.00")).rows, f"seed {seed}"


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (Plan({"99": ["Ya"]}), "Langkah “99” tidak ada"),
        (Plan({"2": ["Mungkin"]}), "yang ada: Ya, Tidak"),
        (Plan({"3": ["Ya"]}), "yang ada: tidak ada"),
        (Plan(after={"99": parse("1 hari")}), "Langkah “99” tidak ada"),
        (Plan(attributes={"hantu": "x"}), "“hantu” tidak dikenal"),
        (Plan(attributes={"identity": "x"}), "yang ada: open, confidential, anonymous"),
    ],
)
def test_a_plan_that_the_sop_does_not_know_is_refused_in_a_sentence(plan: Plan, said: str) -> None:
    with pytest.raises(CannotWalk, match=said):
        walk(MIPA, offices.EXAMPLE, start=FRIDAY, plan=plan)


def test_a_procedure_that_is_not_there_and_a_path_without_end_are_said() -> None:
    with pytest.raises(CannotWalk, match="yang ada: keluhan"):
        walk(MIPA, offices.EXAMPLE, start=FRIDAY, procedure="lain")
    ring = sop('{ no = "1", who = "operator", next = "2" }, { no = "2", who = "operator", next = "1" }')
    with pytest.raises(NeverEnds):
        walk(ring, offices.EXAMPLE, start=FRIDAY, most=20)


# the command ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_command_prints_a_table_and_json_of_the_same_walk(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["sop", "walk", "ub-fmipa-mipa-care", "--start", "2026-11-20 08.00", "--choose", "2=Tidak"]
    assert cli.main([*words, "--after", "7=10 menit"]) == 0
    shown = capsys.readouterr().out
    assert shown.splitlines()[0].split() == [
        "No", "Ke-", "Pelaksana", "Kegiatan", "Waktu", "Dibuka", "Batas", "Pilihan",
    ]  # fmt: skip
    assert "Jumat, 20 November 2026, 08.15 WIB" in shown
    assert cli.main([*words, "--json", "--institution", "ub-fmipa"]) == 0
    data = json.loads(capsys.readouterr().out)["rows"]
    assert [row["step"] for row in data] == ["1", "2", "7"]
    assert data[1] == {
        "procedure": "keluhan", "step": "2", "number": "2", "visit": 1,
        "who": ["Staff Administrasi / Operator Mipa Care"], "what": data[1]["what"], "standard": "15 Menit",
        "meaning": "15 menit kerja", "opened": "2026-11-20T08:00:00+07:00", "due": "2026-11-20T08:15:00+07:00",
        "respond": None, "timeout": None, "done": "2026-11-20T08:15:00+07:00", "choice": "Tidak",
    }  # fmt: skip


def test_the_command_counts_in_the_zone_of_the_document_and_takes_the_procedure_of_the_facts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """S3-16, S4-22."""
    assert cli.main(["sop", "walk", "unmul", "--start", "2026-11-20 08.00", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"][0]["due"] == "2026-11-20T08:10:00+08:00"
    assert cli.main(["sop", "walk", "unesa", "--set", "channel=lisan", "--json"]) == 0
    assert {row["procedure"] for row in json.loads(capsys.readouterr().out)["rows"]} == {"langsung"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words",
    [
        ["tidak-ada.toml"],
        ["ub-fmipa-mipa-care", "--choose", "2"],
        ["ub-fmipa-mipa-care", "--choose", "2=Mungkin"],
        ["ub-fmipa-mipa-care", "--after", "2=sebentar"],
        ["ub-fmipa-mipa-care", "--procedure", "lain"],
        ["ub-fmipa-mipa-care", "--start", "kapan-kapan"],
        ["ub-fmipa-mipa-care", "--institution", "hantu"],
    ],
)
def test_what_cannot_be_walked_is_one_sentence(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["sop", "walk", *words]) == 2
    said = capsys.readouterr().err.strip()
    assert said
    assert "\n" not in said


def test_a_path_without_end_is_a_finding(tmp_path: object, capsys: pytest.CaptureFixture[str]) -> None:
    from pathlib import Path

    from tanggap.sop.write import write

    file = Path(str(tmp_path)) / "putar.toml"
    ring = sop('{ no = "1", who = "operator", next = "2" }, { no = "2", who = "operator", next = "1" }')
    file.write_text(write(ring), encoding="utf-8")
    assert cli.main(["sop", "walk", str(file)]) == 1
    assert "belum berakhir" in capsys.readouterr().err


def test_a_walk_shows_when_periodic_duties_open_and_walks_them_by_their_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """S3-2: row 1 of UNMUL is due every month; no complaint walks through it."""
    name, start = "unmul-ft-komunikasi-pelanggan", ["--start", "2026-11-20 08.00"]
    assert cli.main(["sop", "walk", name, *start]) == 0
    told = capsys.readouterr().out
    assert "tugas berkala komunikasi:1, setiap 1 bulan: Jumat, 20 November 2026; Senin, 21 Desember 2026" in told
    assert cli.main(["sop", "walk", name, "--procedure", "komunikasi:1", *start]) == 0
    assert "memastikan ketersediaan sarana" in capsys.readouterr().out
