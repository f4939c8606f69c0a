"""The pages that explain deadlines: for officers every clock, for the complainant the promise, for others nothing."""

from __future__ import annotations

import pytest

from tanggap.records import queries
from town import Complainant, Town

STORY = "Nilai praktikum saya tertukar."


@pytest.fixture
def rani(town: Town) -> Complainant:
    """Somebody who filed on Monday at 08.05."""
    rani = town.complainant()
    rani.report(town.key, STORY)
    return rani


def address(town: Town, rani: Complainant) -> str:
    return f"/kasus/{town.case(rani.register).pk}/tenggat"


def test_every_clock_is_told_line_by_line_and_the_step_card_leads_there(town: Town, rani: Complainant) -> None:
    operator = town.on("operator-mipa-care")
    card = operator.open(rani.register)
    card.says("Bagaimana tenggat ini dihitung?")
    assert f"{address(town, rani)}#t-step-2-1" in card.html
    page = operator.visit(address(town, rani))
    page.says(
        "Tenggat, baris demi baris", "Waktu kita", "Waktu tunggu pelapor", "Langkah 2: Memeriksa keluhan", "mulai",
        "Senin, 16 November 2026 pukul 08.05 WIB: langkah dibuka", "“15 Menit” dibaca sebagai 15 menit kerja.",
        "jatuh tempo", "Senin, 16 November 2026 pukul 08.20 WIB", "Janji jawaban kepada pelapor",
    )  # fmt: skip
    assert 'id="t-step-2-1"' in page.html


def test_a_pause_is_told_with_its_reason_and_who_began_it(town: Town, rani: Complainant) -> None:
    operator = town.on("operator-mipa-care")
    form = operator.open(rani.register).form("Hentikan waktu dan minta")
    form.pick("Waktu berhenti karena", "Menunggu kelengkapan dari pelapor").write(
        "Yang diminta", "Mohon NIM Anda."
    ).send()
    operator.visit(address(town, rani)).says(
        "Waktu berhenti", "Menunggu kelengkapan dari pelapor, dimulai oleh Staf Administrasi / Operator MIPA Care",
        "selama itu tidak ada jatuh tempo",
    )  # fmt: skip
    town.clock.at("2026-11-16 09.05")
    page = rani.track()
    page.says("Bagaimana batas jawaban dihitung?", "masih menunggu Anda", "Waktu menunggu Anda 1 jam")


def test_the_complainant_reads_how_the_promise_was_counted_and_nothing_of_the_clocks_inside(
    town: Town, rani: Complainant
) -> None:
    found = queries.deadlines_of(town.case(rani.register).pk, at=town.clock.now)
    assert found.promised is not None
    assert found.promised.same
    page = rani.track()
    page.says("Bagaimana batas jawaban dihitung?", "“3 Hari” dibaca sebagai 3 hari kerja", "laporan diterima")
    page.says_not("Waktu kita", "SP4N", "Tepat waktu", "Operator MIPA Care: ")


def test_the_clocks_of_the_law_stand_beside_those_of_the_sop(town: Town, rani: Complainant) -> None:
    """S0-12."""
    page = town.on("operator-mipa-care").open(rani.register)
    page.says(
        "Batas waktu laporan", "SP4N: pengaduan tidak berkadar pengawasan", "62/2018, periksa 5/2025", "UU 25/2009"
    )
    page.says("Jatuh tempo Senin, 30 November 2026 pukul 23.59 WIB")
    told = town.on("operator-mipa-care").visit(address(town, rani))
    told.says(
        "“14 hari kalender” dibaca sebagai 14 hari kalender. Sumber: UU 25/2009.",
        "PermenPANRB 62/2018 telah diganti oleh PermenPANRB 5/2025; jangka waktunya harus diperiksa.",
    )


def test_who_may_not_see_the_case_sees_no_deadline(town: Town, rani: Complainant) -> None:
    for post in ("stranger", "kadep-kimia"):
        town.on(post).visit(address(town, rani), expect=404)
    town.complainant().visit(address(town, rani)).says("Masuk untuk petugas")


def test_the_party_complained_of_is_told_of_its_own_row_alone(town: Town, rani: Complainant) -> None:
    operator, leader = town.on("operator-mipa-care"), town.on("wakil-dekan-umum")
    operator.finish(rani.register, "langkah 2", choice="Ya")
    leader.finish(rani.register, "langkah 3", pick={"Pihak Yang Dikomplain": "Departemen Kimia"})
    page = town.on("kadep-kimia").visit(address(town, rani))
    page.says("Langkah 4").says_not("Langkah 3", "Langkah 2:", "Waktu kita", "SP4N", "Janji jawaban")


def test_the_page_in_english_tells_every_line_in_english(town: Town, rani: Complainant) -> None:
    operator = town.on("operator-mipa-care")
    town.clock.at("2026-11-16 08.15")
    form = operator.open(rani.register).form("Hentikan waktu dan minta")
    form.pick("Waktu berhenti karena", "Menunggu kelengkapan dari pelapor").write("Yang diminta", "NIM?").send()
    town.clock.at("2026-11-16 09.05")
    rani.track().form("Kirim pesan").write("Tulis pesan", "NIM saya 123.").send()
    operator.client.cookies["bahasa"] = "en"
    page = operator.visit(address(town, rani))
    page.says(
        "start Monday, 16 November 2026 at 08.05 WIB", "“15 Menit” is read as 15 working minutes.",
        "counted Monday, 16 November 2026 at 08.05 to 08.15 WIB, 10 minutes",
        "pause Monday, 16 November 2026 at 08.15 to 09.05 WIB", "due Monday, 16 November 2026 at 09.10 WIB",
    )  # fmt: skip
    page.says_not("Senin", "pukul", "sampai", "jatuh tempo", "menit kerja", "dihitung")
