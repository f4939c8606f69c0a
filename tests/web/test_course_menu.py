"""The menu of desk and coordinator on the case page: every verb for a whole case, refusals at the field."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.resources import files

import pytest

from tanggap.actions.cases import act
from tanggap.actions.sops import approve, import_sop
from tanggap.casework.commands import Wait
from town import Complainant, Town

STORY = "Ruang kuliah B2 tidak mempunyai pendingin."
ADMIN, LEAD, DIRECTOR = "admin-utama", "koordinator-layanan", "wakil-dekan-1"


@pytest.fixture
def town(town_of: Callable[[str], Town]) -> Town:
    """FEB UNESA: Admin Utama at the desk, Wakil Dekan 1 coordinates."""
    town = town_of("unesa-feb")
    town.give(ADMIN, desk=True)
    town.give(DIRECTOR, coordinator=True)
    return town


@pytest.fixture
def rani(town: Town) -> Complainant:
    """Somebody who just filed."""
    rani = town.complainant()
    rani.report(town.key, STORY, choice="Keluhan")
    return rani


def test_the_coordinator_gives_more_time_and_reads_at_the_field_what_is_missing(town: Town, rani: Complainant) -> None:
    director = town.on(DIRECTOR)
    form = (
        director.look_up(rani.register).form("Perpanjang").pick("Batas waktu", "Waktu langkah 1 (sampai suatu waktu)")
    )
    form.send(expect=422).says("Tuliskan alasannya.")
    page = form.write("Ditambah", "2 hari").write("Alasan", "Menunggu data.").send(expect=422)
    page.says("Langkah ini tidak boleh diperpanjang menurut SOP.")
    again = page.form("Perpanjang")
    assert again.sent["reason"] == ["Menunggu data."], "nothing typed is lost"
    again.write("Ditambah", "").write("atau sampai", "2026-11-01T08:00").send(expect=422).says("Waktu itu sudah lewat.")
    done = again.write("Ditambah", "").write("atau sampai", "2026-11-25T10:00").send()
    done.says("Waktu diperpanjang", "memperpanjang waktu langkah 1: 25 November 2026, 10.00 WIB", "Menunggu data.")


def test_a_report_goes_on_in_another_procedure_with_a_reason(town: Town, rani: Complainant) -> None:
    """S4-22: sorted wrongly at the receipt; number and receipt stay."""
    desk = town.on(ADMIN)
    page = desk.look_up(rani.register)
    assert not page.has_form("Perpanjang"), "more time is the coordinator's"
    assert not page.has_form("Akhiri laporan")
    form = page.form("Pindahkan")
    form.send(expect=422).says("Tuliskan alasannya.")
    form.write("Alasan", "Disampaikan langsung di loket.").send().says("Laporan dipindahkan ke prosedur lain.")
    assert town.kinds(rani.register)[-3:] == ["TakenBack", "Moved", "StepOpened"]
    town.on(DIRECTOR).look_up(rani.register).says("memindahkan laporan ke prosedur", "Disampaikan langsung di loket.")


def test_a_running_case_goes_on_under_a_new_version_row_by_row(town: Town, rani: Complainant) -> None:
    """S1-12: it stays on its version until a coordinator says otherwise; when the row began does not change."""
    director = town.on(DIRECTOR)
    assert not director.look_up(rani.register).has_form("Lanjutkan dengan versi ini"), "nothing newer is in force"
    text = (files("tanggap") / "seeds" / "sop" / "unesa-feb-pengaduan.toml").read_text("utf-8")
    text = re.sub("revised_date = .*", "revised_date = 2026-11-16", text, count=1)
    text = re.sub('time = "1 hari"', 'time = "2 hari"', text, count=1)
    town.clock.later(minutes=5)
    approve(import_sop(town.institution, text, name="unesa-feb-pengaduan.toml", at=town.clock.now), at=town.clock.now)
    town.clock.later(minutes=5)
    page = director.look_up(rani.register)
    form = page.form("Lanjutkan dengan versi ini")
    form.put("baris-1", "").send(expect=422).says("Belum semua langkah terbuka dipetakan ke versi SOP yang baru.")
    page.form("Lanjutkan dengan versi ini").send().says("Laporan dilanjutkan dengan versi SOP yang baru.")
    town.on(ADMIN).open(rani.register).says("Waktu 2 hari", "Mulai 16 November 2026, 08.00 WIB")
    assert not director.look_up(rani.register).has_form("Lanjutkan dengan versi ini")


def test_two_reports_are_connected_by_number_and_each_names_the_other(town: Town, rani: Complainant) -> None:
    other, desk = town.complainant(), town.on(ADMIN)
    other.report(town.key, "Pendingin di B3 juga mati.", choice="Keluhan")
    form = desk.look_up(rani.register).form("Hubungkan")
    form.send(expect=422).says("Tulis nomor register laporan lain.")
    page = form.write("Nomor register laporan lain", "9999/TIDAK/ADA").send(expect=422)
    page.says("Nomor itu tidak ada di antara laporan lembaga ini")
    assert page.form("Hubungkan").sent["number"] == ["9999/TIDAK/ADA"]
    form.write("Nomor register laporan lain", rani.register).send(expect=422)
    form.write("Nomor register laporan lain", other.register).send().says("Kedua laporan terhubung.")
    for one in (rani, other):
        assert town.kinds(one.register)[-1] == "Linked"
        desk.look_up(one.register).says("menghubungkan kasus lain")


def test_the_desk_records_that_the_complainant_withdrew_by_telephone(town: Town, rani: Complainant) -> None:
    form = town.on(ADMIN).look_up(rani.register).form("Catat pencabutan")
    form.send(expect=422).says("Tuliskan bagaimana pelapor menyampaikannya.")
    form.write("Bagaimana pelapor menyampaikannya", "Menelepon, sudah beres.").send()
    assert rani.status() == "Dicabut"
    rani.track().says("Menelepon, sudah beres.")


def test_who_only_took_a_step_is_offered_nothing_of_the_menu(town: Town, rani: Complainant) -> None:
    """Whoever may undo their own completion sees that, and no form that would be refused."""
    town.on(ADMIN).finish(rani.register, "langkah 1")
    lead = town.on(LEAD)
    lead.finish(
        rani.register,
        "langkah 2",
        choice="Berkoordinasi",
        pick={"Tingkat urgensi": "tinggi", "Jenis pengaduan": "sarana"},
    )
    page = lead.open(rani.register)
    assert page.has_form("Batalkan")
    for button in ("Akhiri laporan", "Tetapkan", "Perpanjang", "Pindahkan", "Hubungkan", "Catat pencabutan"):
        assert not page.has_form(button), button


def test_what_the_new_version_does_not_know_any_more_is_still_told_to_the_complainant(town: Town) -> None:
    """F19: a reason to wait that only the old version has; its time was theirs, and their page shows it."""
    text = (files("tanggap") / "seeds" / "sop" / "unesa-feb-pengaduan.toml").read_text("utf-8")
    told = '\n[[wait]]\nid = "berkas"\nlabel = "Menunggu berkas asli"\nfor = "complainant"\n'
    in_force(town, text + told, 15)
    rani = town.complainant()
    rani.report(town.key, STORY, choice="Keluhan")
    case, admin = town.case(rani.register).pk, town.on(ADMIN).user
    act(Wait("1#1", "berkas"), case=case, by=admin, at=town.clock.now)
    town.clock.later(hours=1)
    in_force(town, text, 16)
    town.on(DIRECTOR).look_up(rani.register).form("Lanjutkan dengan versi ini").send()
    rani.track().says("Menunggu berkas asli", "16 November 2026, 08.10 WIB sampai 16 November 2026, 09.20 WIB")


def in_force(town: Town, text: str, day: int) -> None:
    """Another version of the SOP of the town, approved now."""
    text = re.sub("revised_date = .*", f"revised_date = 2026-11-{day}", text, count=1)
    town.clock.later(minutes=5)
    approve(import_sop(town.institution, text, name="unesa-feb-pengaduan.toml", at=town.clock.now), at=town.clock.now)
    town.clock.later(minutes=5)
