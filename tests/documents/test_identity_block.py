"""The identity block as printed: every caption, every value, and the place of what is empty."""

from __future__ import annotations

import pytest

from tanggap.documents.flowchart.geometry import PAPERS, Page
from tanggap.documents.flowchart.identity import identity_block, printed_date
from tanggap.documents.flowchart.measure import source_sans
from tanggap.documents.flowchart.svg import svg
from tanggap.sop.model import Identity, Sop
from tanggap.sop.seeds import names, seed


def block(name: str, paper: str = "a4") -> Page:
    return identity_block(seed(name), PAPERS[paper], source_sans).pages[0]


def words(page: Page) -> dict[str, str]:
    return {cell.column: " ".join(line.text for line in cell.lines) for cell in page.cells}


def test_the_official_block_is_complete_and_empty_values_keep_their_place() -> None:
    """S0-9: number, three dates, approval with post, name and NIP, the six blocks; "-" prints, empty stays empty."""
    said = words(block("ub-fmipa-mipa-care"))
    assert said["NOMOR SOP isi"] == "UN10/F09/07/HK.01.02.a/001"
    assert said["TGL PEMBUATAN isi"] == "9 Desember 2021"
    assert said["TGL REVISI isi"] == ""
    assert said["TGL EFEKTIF isi"] == "3 Januari 2022"
    assert said["DISAHKAN OLEH isi"] == "DEKAN M. Prof. Widodo, S.Si, M.Si, Ph.D.Med.Sc. NIP. 197308112000031002"
    assert said["NAMA SOP isi"] == "Layanan Penyampaian Keluhan melalui MIPA Care"
    assert said["DASAR HUKUM"].startswith("DASAR HUKUM 1. Undang-Undang Nomor 14 Tahun 2008")
    assert said["KUALIFIKASI PELAKSANA"].count(". ") >= 4
    assert said["KETERKAITAN"] == "KETERKAITAN -"
    assert "5. Sistem UB Care : https://ub-care.ub.ac.id/" in said["PERALATAN/PERLENGKAPAN"]
    assert said["PERINGATAN"] == "PERINGATAN -"
    assert said["PENCATATAN DAN PENDATAAN"].endswith("Disimpan sebagai data elektronik dan manual")


def test_captions_stand_as_each_document_prints_them() -> None:
    """S3-17, S1: "Tanggal Pembuatan", "TGL. PEMBUATAN", an empty KETERKAITAN, an empty post of the approver."""
    said = words(block("unmul-ft-komunikasi-pelanggan"))
    assert {"Nomor SOP", "Tanggal Pembuatan", "Dasar Hukum :", "Keterkaitan :"} <= set(said)
    assert said["Keterkaitan :"] == "Keterkaitan :"
    assert said["Disahkan oleh isi"].startswith("Muhammad Dahlan Baifas")
    assert "TGL. PEMBUATAN" in words(block("unej-uc3"))


def test_a_chain_of_signatures_has_a_row_of_its_own() -> None:
    """S2-16, S4-21: three and four boxes, empty dates kept."""
    said = words(block("its-bapkm-keluhan"))
    assert said["tanda tangan 1"].startswith("Disusun oleh Subbag Registrasi dan Data Nur Sukohadi, S.Sos NIP.")
    assert said["tanda tangan 2"].endswith("Tanggal:")
    assert said["Tgl. Berlaku isi"] == ""
    said = words(block("unesa-feb-pengaduan"))
    assert [said[f"tanda tangan {number}"].split(":")[0] for number in range(1, 5)] == [
        "Diperiksa oleh",
        "Disusun oleh",
        "Disahkan oleh",
        "Disetujui oleh",
    ]
    assert "Tanggal Terbit" in said


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("name", names())
def test_the_words_stay_in_their_cells_and_cells_do_not_overlap(name: str, paper: str) -> None:
    page = block(name, paper)
    for cell in page.cells:
        left, top, right, bottom = cell.box
        for line in cell.lines:
            assert left < line.left
            assert line.left + line.width < right
            assert top < line.y - 0.7 * line.size
            assert line.y + 0.2 * line.size < bottom
    for place, a in enumerate(page.cells):
        for b in page.cells[:place]:
            wide = min(a.box[2], b.box[2]) - max(a.box[0], b.box[0])
            high = min(a.box[3], b.box[3]) - max(a.box[1], b.box[1])
            assert wide < 0.01 or high < 0.01
    if PAPERS[paper].height:
        assert page.height == PAPERS[paper].height


def test_an_empty_document_still_has_its_form() -> None:
    page = identity_block(Sop(identity=Identity(id="x")), PAPERS["a4"], source_sans).pages[0]
    assert {"NOMOR SOP", "TGL. REVISI", "DASAR HUKUM", "PENCATATAN DAN PENDATAAN"} <= set(words(page))
    (text,) = svg(identity_block(seed("unej-uc3"), PAPERS["a4"], source_sans), title="Identitas", prefix="i")
    assert "Nomor" in text or "NOMOR" in text


def test_dates_are_printed_in_words() -> None:
    from datetime import date

    assert printed_date(date(2026, 5, 1)) == "1 Mei 2026"
    assert printed_date(None) == ""
