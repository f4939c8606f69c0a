"""S2, BAPKM ITS: with a nonconformity report and without, once more when not effective, a reply left out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from town import Complainant, Town

STORY = "Jadwal daftar ulang di situs berbeda dengan surat yang saya terima."
PDF = b"%PDF-1.4 bukti"
E2 = "langkah “memberikan tanggapan jika diperlukan.”"


@pytest.fixture
def town(town_of: Callable[[str], Town]) -> Town:
    """BAPKM: the officer of Registrasi dan Data at the desk, the head of the section above."""
    town = town_of("its-bapkm")
    town.give("petugas-registrasi-data", desk=True)
    town.give("kabag-administrasi-pembelajaran", coordinator=True)
    return town


def received(town: Town) -> Complainant:
    """A complaint that stands at row b."""
    rani = town.complainant()
    # No row names a time, so the promise is the institution's own, from the law.
    rani.report(town.key, STORY).says("Jawaban paling lambat", "menurut UU 25/2009", "30 November 2026")
    town.on("petugas-registrasi-data").finish(rani.register, "langkah a", reason="Diterima dan dicatat.")
    return rani


def with_report(town: Town) -> Complainant:
    """A complaint with an LK, given to the owner of the process: row d."""
    rani, officer = received(town), town.on("petugas-registrasi-data")
    town.clock.later(hours=1)
    officer.finish(rani.register, "langkah b", choice="Ya", reason="Tidak sesuai SOP registrasi butir 4.")
    unbound = officer.finish(rani.register, "langkah c", expect=422, reason="LK 01: jadwal berbeda.")
    unbound.says("Tetapkan Subbagian pemilik proses.")
    officer.finish(
        rani.register, "langkah c", reason="LK 01: jadwal berbeda.",
        pick={"Subbagian pemilik proses": "Subbagian Beasiswa dan Kesejahteraan"},
    )  # fmt: skip
    return rani


def test_a_nonconformity_is_written_down_mended_and_found_not_effective_once(town: Town) -> None:
    """S2-3, S2-4, S2-7, S2-8, S2-16, X-1, X-3: rows a to g with an LK, and "belum efektif" back to the programme."""
    rani, officer, head = (
        with_report(town),
        town.on("petugas-registrasi-data"),
        town.on("kabag-administrasi-pembelajaran"),
    )
    owner, number = town.on("kasubbag-beasiswa"), rani.register
    owner.open(number).says("LK 01: jadwal berbeda.", "Laporan Ketidaksesuaian: ada", "Tanpa batas waktu")
    assert not town.on("kasubbag-registrasi-data").has_duty(number), "bound for this case"
    for round_ in (1, 2):
        again = "" if round_ == 1 else " putaran 2"
        town.clock.later(hours=24)
        owner.finish(number, f"langkah d{again}", reason=f"Program {round_}: satu sumber jadwal.")
        town.clock.later(hours=1)
        owner.finish(
            number, f"langkah e{again}", reason=f"Dilaksanakan ({round_}).", files={"bukti.pdf": b"%PDF-1.4 b"}
        )
        officer.finish(number, f"{E2}{again}", answer=f"Jadwal sudah disamakan ({round_}).")
        head.open(number).says("Program perbaikan efektif?", f"Dilaksanakan ({round_}).", "bukti.pdf")
        if round_ == 1:
            head.finish(number, "langkah f", choice="Belum", expect=422).says("Tuliskan alasannya.")
            head.finish(number, "langkah f", choice="Belum", reason="Masih ada dua jadwal di laman lain.")
            owner.open(number).says("Masih ada dua jadwal di laman lain.", "putaran 2")
        else:
            head.finish(number, "langkah f putaran 2", choice="Ya")
    officer.finish(number, "langkah g", reason="Disimpan dalam file surat.")
    assert rani.status() == "Selesai"
    rani.track().says("Jadwal sudah disamakan (2).", "Diulang 1 kali.")
    officer.look_up(number).click("Cetak berkas kasus").says("LK 01: jadwal berbeda.", "Disimpan dalam file surat.")


def test_without_a_nonconformity_there_is_no_report_and_no_monitoring(town: Town) -> None:
    """S2-4: "Tidak" needs its reason, leads to the reply, and past the monitoring straight to the file."""
    rani, officer = received(town), town.on("petugas-registrasi-data")
    officer.finish(rani.register, "langkah b", choice="Tidak", expect=422).says("Tuliskan alasannya.")
    officer.finish(rani.register, "langkah b", choice="Tidak", reason="Pelayanan sesuai SOP; jadwal lama terbaca.")
    officer.finish(rani.register, E2, answer="Jadwal yang berlaku ada di laman resmi.")
    officer.finish(rani.register, "langkah g")
    rows = [entry.event.row for entry in town.entries(rani.register) if entry.event.kind == "StepOpened"]
    assert rows == ["a", "b", "e2", "g"]
    assert rani.status() == "Selesai"
    officer.look_up(rani.register).says("Laporan Ketidaksesuaian: tidak")


@pytest.mark.parametrize("nonconformity", [True, False])
def test_the_reply_may_be_left_out_only_with_a_reason(town: Town, nonconformity: bool) -> None:
    """S2-4, S2-7, S1-9: "jika diperlukan": skipped with a reason; the record decides what comes next."""
    officer, head = town.on("petugas-registrasi-data"), town.on("kabag-administrasi-pembelajaran")
    if nonconformity:
        rani = with_report(town)
        for row in ("d", "e"):
            town.on("kasubbag-beasiswa").finish(rani.register, f"langkah {row}", reason="Selesai.")
    else:
        rani = received(town)
        officer.finish(rani.register, "langkah b", choice="Tidak", reason="Sesuai SOP.")
    form = officer.open(rani.register).form("Lewati dengan alasan")
    form.send(expect=422).says("Tuliskan alasannya.")
    form.write("Alasan dilewati", "Pelapor tidak dapat dihubungi.").send().says("Langkah dilewati; alasannya tercatat.")
    if nonconformity:
        head.finish(rani.register, "langkah f", choice="Ya")
    officer.finish(rani.register, "langkah g")
    officer.look_up(rani.register).says("melewati", "Pelapor tidak dapat dihubungi.", "Tanpa jawaban kepada pelapor.")
    assert rani.status() == "Selesai"


def test_the_case_links_to_the_procedure_it_is_held_against(town: Town) -> None:
    """S2-3, S2-16: the SOP stands one click away from the case."""
    rani, officer = received(town), town.on("petugas-registrasi-data")
    sop = officer.open(rani.register).click("Buka SOP")
    sop.says("PM-BAPKM.AP.1-24", "Melakukan konfirmasi atas keluhan/saran pelanggan terhadap prosedur")


def test_without_a_printed_time_only_the_law_is_ever_broken(town: Town) -> None:
    """S0-12, S2-16: no row is late without a standard; the clocks of the law run beside and say so."""
    rani = received(town)
    town.clock.later(days=60)
    late = [entry.event.clock for entry in town.entries(rani.register) if entry.event.kind == "Breached"]
    assert late
    assert all(clock.startswith("clock:law-") for clock in late), late


def test_who_monitors_must_not_be_who_mended(town: Town) -> None:
    """S2-4, S2-8, S4-8: bound to the section of the head himself, the monitoring goes to the next rung."""
    rani, officer = received(town), town.on("petugas-registrasi-data")
    officer.finish(rani.register, "langkah b", choice="Ya", reason="Tidak sesuai.")
    officer.finish(
        rani.register, "langkah c", pick={"Subbagian pemilik proses": "Kepala Bagian Administrasi Pembelajaran"}
    )
    head = town.on("kabag-administrasi-pembelajaran")
    for row in ("d", "e"):
        head.finish(rani.register, f"langkah {row}", reason="Selesai.")
    officer.finish(rani.register, E2, answer="Sudah diperbaiki.")
    assert not head.has_duty(rani.register)
    town.on("kepala-bapkm").finish(rani.register, "langkah f", choice="Ya")
    officer.finish(rani.register, "langkah g")
