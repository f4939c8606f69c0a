"""A complainant who stays silent: asked, told what follows, reminded, and proposed as withdrawn to a person."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tanggap.records.models import Outbox
from town import Complainant, Officer, Town

STORY = "Nilai praktikum saya tertukar."


@pytest.fixture
def town(town_of: Callable[[str], Town]) -> Town:
    """FMIPA UB; the operator records what comes by other ways."""
    town = town_of("ub-fmipa")
    town.give("operator-mipa-care", desk=True)
    return town


@pytest.fixture
def operator(town: Town) -> Officer:
    """Who reads the complaint first."""
    return town.on("operator-mipa-care")


@pytest.fixture
def rani(town: Town, operator: Officer) -> Complainant:
    """Somebody who was asked for papers on Monday at 08.05 and has not been heard of since."""
    rani = town.complainant()
    rani.report(town.key, STORY, write={"Nama": "Rani"})
    town.clock.at("2026-11-16 08.05")
    ask = operator.open(rani.register).form("Hentikan waktu dan minta")
    ask.write("Yang diminta", "Mohon kirim KHS Anda.").send().says("lalu diusulkan dianggap dicabut")
    return rani


def told(kind: str) -> int:
    """How many notices of this kind were written."""
    return Outbox.objects.filter(kind=kind).count()


def test_silence_is_proposed_to_a_person_who_ends_the_case_with_a_reason(
    town: Town, rani: Complainant, operator: Officer
) -> None:
    """S4-8, S4-15: told beforehand, reminded once, ended by a person, never by time alone."""
    page = rani.track().says("Kami menunggu kabar Anda", "paling lambat 16 Desember 2026, 23.59 WIB")
    page.says("petugas dapat memutuskan bahwa laporan ini dianggap dicabut")
    assert told("closing") == 1
    town.clock.at("2026-12-16 20.00")
    assert not operator.open(rani.register).has_form("Anggap dicabut")
    town.clock.at("2026-12-17 08.00")
    assert rani.status() == "Menunggu kelengkapan"
    rani.track().says("Petugas diminta memutuskan apakah laporan ini dianggap dicabut")
    assert told("proposed") == 1
    page = operator.open(rani.register).says("Usul: dianggap dicabut", "diminta melengkapi pada 16 November 2026")
    page.says("Waktu kita", "Waktu tunggu pelapor")
    page.form("Anggap dicabut").send(expect=422).says("Tuliskan alasannya.")
    done = page.form("Anggap dicabut").write("Alasan, dibaca pelapor", "KHS tidak kami terima.").send()
    done.says("Laporan dianggap dicabut")
    assert rani.status() == "Dianggap dicabut"
    rani.track().says("KHS tidak kami terima.").says_not("Kami menunggu kabar Anda")
    assert town.kinds(rani.register)[-4:] == ["WithdrawalProposed", "ProposalEnded", "TakenBack", "Closed"]


def test_going_on_is_a_decision_too(town: Town, rani: Complainant, operator: Officer) -> None:
    town.clock.at("2026-12-17 08.00")
    page = operator.open(rani.register)
    page.form("Lanjutkan").send(expect=422).says("Tuliskan alasannya.")
    page.form("Lanjutkan").write("Alasan dilanjutkan", "Nilainya dapat dicek tanpa KHS.").send()
    page = operator.open(rani.register).says("melanjutkan penanganan", "Nilainya dapat dicek tanpa KHS.")
    assert not page.has_form("Anggap dicabut")
    rani.track().says_not("dapat dicek tanpa KHS", "Kami menunggu kabar Anda")
    operator.finish(rani.register, "langkah 2", choice="Tidak", answer="Nilai sudah dibetulkan.")


@pytest.mark.parametrize("way", ["web", "telepon"])
def test_a_word_of_the_complainant_clears_the_proposal_and_a_stale_page_is_told_so(
    town: Town, rani: Complainant, operator: Officer, way: str
) -> None:
    town.clock.at("2026-12-17 08.00")
    stale = operator.open(rani.register).form("Anggap dicabut").write("Alasan, dibaca pelapor", "Diam saja.")
    if way == "web":
        rani.track().form("Kirim pesan").write("Tulis pesan", "Maaf, ini KHS saya.").send()
    else:
        form = operator.look_up(rani.register).form("Catat kabar dari pelapor").pick("Saluran", "Telepon")
        form.write("Isinya", "Pelapor menelepon, KHS menyusul.").send()
    stale.send(expect=409)
    page = operator.open(rani.register).says("gugur karena pelapor memberi kabar")
    assert not page.has_form("Anggap dicabut")
    assert rani.status() != "Menunggu kelengkapan"


def test_both_figures_are_told_to_the_officer_and_to_the_complainant(
    town: Town, rani: Complainant, operator: Officer
) -> None:
    """*Waktu kita* and *waktu tunggu pelapor*, in working time: five minutes, then an hour of waiting."""
    town.clock.at("2026-11-16 09.05")
    operator.open(rani.register).says("Waktu kita 5 menit", "Waktu tunggu pelapor 1 jam")
    rani.track().says("Waktu kami 5 menit", "Waktu menunggu Anda 1 jam")
