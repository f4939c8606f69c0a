"""`tanggap sop check`: mistakes with exit 1, findings with exit 0, both readable and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tanggap.cli.main import main
from tanggap.sop.check import check
from tanggap.sop.seeds import names, seed, text


def test_a_seed_is_checked_by_name_and_its_findings_are_shown_by_row(capsys: pytest.CaptureFixture[str]) -> None:
    """X-5"""
    assert main(["sop", "check", "unej-uc3"]) == 0
    shown = capsys.readouterr().out
    assert "Prosedur uc3" in shown
    assert "baris 2 (wakor)" in shown
    for finding in check(seed("unej-uc3")):
        assert finding.message in shown
    assert "14 temuan; SOP tetap dapat dipakai." in shown


def test_a_file_with_mistakes_is_told_with_its_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "salah.toml"
    file.write_text(text("unej-uc3").replace('who = "kabiro"', 'who = "rektor"').replace("1 jam", "sejam"), "utf-8")
    assert main(["sop", "check", str(file)]) == 1
    shown = capsys.readouterr().out
    line = text("unej-uc3").split("\n").index('who = "kabiro"') + 1
    assert f"{line}" in shown
    assert "Pelaksana `rektor` tidak dikenal" in shown
    assert "2 kesalahan; berkas ini belum dapat dipakai." in shown


def test_several_files_as_json_tell_errors_and_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "salah.toml"
    file.write_bytes(b"format = 1\n\xff")
    assert main(["sop", "check", *names(), str(file), "--json"]) == 1
    *good, bad = json.loads(capsys.readouterr().out)
    assert [one["sop"] for one in good] == list(names())
    assert all(one["errors"] == [] and one["findings"] for one in good)
    assert bad["sop"] is None
    assert [(error["code"], error["line"]) for error in bad["errors"]] == [("not_utf8", 2)]


def test_the_beginning_of_a_seed_name_is_enough(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sop", "check", "ub-fmipa"]) == 0
    assert "ub-fmipa-mipa-care.toml" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sop", "check", "tidak-ada.toml"]) == 2
    assert "“tidak-ada.toml” tidak ditemukan" in capsys.readouterr().err


def test_a_file_over_the_limit_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "besar.toml"
    file.write_text("#" * 300_000, "utf-8")
    assert main(["sop", "check", str(file)]) == 1
    assert "Berkas terlalu besar" in capsys.readouterr().out
