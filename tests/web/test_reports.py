"""Reports as pages: for coordinators and auditors, with a table behind every picture and a file that is a download."""

from __future__ import annotations

import pytest

from tanggap.reports import reports
from town import Complainant, Town


@pytest.fixture
def busy(town: Town) -> Town:
    """One complaint of which row 2 was done late."""
    rani: Complainant = town.complainant()
    rani.report(town.key, "Proyektor mati.")
    town.clock.at("2026-11-16 08.45")
    town.on("operator-mipa-care").finish(rani.register, "langkah 2", choice="Ya")
    return town


def test_the_report_stands_in_the_order_of_the_sop_with_bars_in_words_and_the_table_behind(busy: Town) -> None:
    """X-8, S4-15."""
    page = busy.on("wakil-dekan-umum").visit("/ringkasan/kepatuhan")
    page.says("Kepatuhan pada SOP", "0 dari 1 tepat waktu, 0,0 %; 1 terlambat", "Tabel di balik gambar", "Unduh CSV")
    page.says("40 menit", "kasus yang diterima 1 Januari 2026 sampai 16 November 2026", "Per prosedur")
    rows = [row.text for row in page.root.first("table", class_="figures").first("tbody").all("tr")]
    assert [row.split()[0] for row in rows] == ["1", "2", "3", "4", "5", "6", "7"]


@pytest.mark.parametrize("one", reports(), ids=lambda one: one.KEY)
def test_each_report_has_a_page_and_a_file(busy: Town, one: object) -> None:
    """S4-15: the recap can be printed and taken along."""
    address = one.ADDRESS  # type: ignore[attr-defined]
    auditor = busy.on("auditor")
    auditor.visit("/ringkasan").says(one.TITLE)  # type: ignore[attr-defined]
    assert not auditor.visit(f"/ringkasan/{address}").weaknesses()
    answer = auditor.client.get(f"/ringkasan/{address}.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith(f'attachment; filename="{address}-')
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert len(answer.content.decode("utf-8-sig").splitlines()) > 1


def test_a_period_without_cases_says_so_and_one_that_cannot_be_read_too(busy: Town) -> None:
    auditor = busy.on("auditor")
    auditor.visit("/ringkasan/kepatuhan?dari=2025-01-01&sampai=2025-12-31").says("Belum ada kasus pada masa ini.")
    for dates in ("dari=kemarin", "dari=2026-12-01&sampai=2026-01-01", "sampai=9999-12-31"):
        auditor.visit(f"/ringkasan/kepatuhan?{dates}").says("Masa itu tidak dapat dibaca", "0 dari 1 tepat waktu")


def test_only_who_reads_every_case_reads_reports(busy: Town) -> None:
    """Coordinators and auditors; a desk reads no confidential procedure, so its figures would not be whole."""
    for who in ("operator-mipa-care", "desk", "stranger", "dekan"):
        for address in ("/ringkasan", "/ringkasan/kepatuhan", "/ringkasan/kepatuhan.csv"):
            busy.on(who).visit(address, expect=404)
        busy.on(who).visit("/tugas").says_not("Ringkasan")
    busy.on("auditor").visit("/ringkasan/apa", expect=404)
    busy.on("auditor").visit("/tugas").says("Ringkasan")
    busy.complainant().visit("/ringkasan/kepatuhan").says("Masuk untuk petugas")
