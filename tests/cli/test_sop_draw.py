"""`tanggap sop draw` writes one SVG for each sheet and says which; what it cannot read it says in a sentence."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tanggap.cli.main import main
from tanggap.sop.seeds import text


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "sop.toml"
    path.write_text(text("unesa-feb-pengaduan"), encoding="utf-8")
    return path


def test_every_sheet_becomes_a_file_identity_first(
    document: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """S4-22: one document, two procedures."""
    assert main(["sop", "draw", str(document), "-o", str(tmp_path / "lembar.svg")]) == 0
    written = [tmp_path / f"lembar-{number}.svg" for number in (1, 2, 3)]
    assert capsys.readouterr().out.splitlines() == [f"Ditulis: {path}" for path in written]
    titles = [ET.parse(path).getroot().findtext("{http://www.w3.org/2000/svg}title") or "" for path in written]
    assert [title.split(",")[0] for title in titles] == [
        "Identitas PENGADUAN LAYANAN",
        "PENGELOLAAN PENGADUAN TIDAK LANGSUNG",
        "Pengelolaan Pengaduan Langsung",
    ]


def test_a_web_drawing_of_one_procedure_is_one_file(document: Path, tmp_path: Path) -> None:
    output = tmp_path / "diagram.svg"
    assert main(["sop", "draw", str(document), "-o", str(output), "--paper", "web", "--procedure", "langsung"]) == 0
    assert output.exists()
    assert [path.name for path in tmp_path.glob("*.svg")] == ["diagram.svg"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["tidak-ada.toml"], "tidak ditemukan"),
        (["{document}", "--procedure", "x"], "Yang ada: tidak-langsung, langsung"),
        (["{document}", "--paper", "a3"], "bukan pilihan"),
        (["{broken}"], "tanpa-kutip"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_a_sentence(
    words: list[str], said: str, document: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "rusak.toml"
    broken.write_text("format = 1\n[sop]\nid = tanpa-kutip\n", encoding="utf-8")
    filled = [word.format(document=document, broken=broken) for word in words]
    assert main(["sop", "draw", *filled, "-o", str(tmp_path / "x.svg")]) == 2
    error = capsys.readouterr().err
    assert said in error or "baris 3" in error.lower()
    assert "Traceback" not in error
