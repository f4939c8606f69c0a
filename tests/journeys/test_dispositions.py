"""S4-12, FEB UNESA: one row, three units side by side, one passes its part on, one is replaced, one is late."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pages import Form, Page
from town import Complainant, Town

STORY = "Ruang kuliah B2 tidak mempunyai pendingin sejak dua minggu."
ADMIN, LEAD, UNIT = "admin-utama", "koordinator-layanan", "pengelola-bidang-2"
FINANCE, LAB, STUDY, HEAD = "kabag-bidang-2", "kepala-laboratorium", "korprodi-ekonomi", "kabag-bidang-1"
LEVELS = {"Tingkat urgensi": "tinggi", "Jenis pengaduan": "sarana"}


@pytest.fixture
def town(town_of: Callable[[str], Town]) -> Town:
    """FEB UNESA: Admin Utama at the desk, Wakil Dekan 1 coordinates, the dean reads all."""
    town = town_of("unesa-feb")
    town.give(ADMIN, desk=True)
    town.give("wakil-dekan-1", coordinator=True)
    town.give("dekan", auditor=True)
    return town


@pytest.fixture
def rani(town: Town) -> Complainant:
    """Her complaint stands at row 3: the Koordinator Layanan moderates and disposes."""
    rani = town.complainant()
    rani.report(town.key, STORY, choice="Keluhan")
    town.on(ADMIN).finish(rani.register, "langkah 1")
    town.on(LEAD).finish(rani.register, "langkah 2", choice="Berkoordinasi", pick=LEVELS)
    return rani


def dispose(
    page: Page, *units: str, button: str = "Kirim disposisi", note: str = "", expect: int = 200, **fields: str
) -> Page:
    """Give work to ``units``; ``fields``: sifat, waktu, sampai."""
    form = page.form(button).pick("Diteruskan kepada", *units)
    if note:
        form.write("Catatan", note)
    if "sifat" in fields:
        form.pick("Sifat", fields["sifat"])
    for label, name in (("Waktu", "waktu"), ("atau sampai", "sampai")):
        if name in fields:
            form.write(label, fields[name])
    return form.send(expect=expect)


def recall_from(page: Page, unit: str) -> Form:
    """The form by which what was given to ``unit`` is taken back."""
    for form in page.forms():
        given = form.element.above(class_="disposition")
        if form.action.endswith("/tarik-disposisi") and given is not None and unit in given.all("header")[0].text:
            return form
    raise AssertionError(f"{unit} has nothing that can be taken back: {page.main}")


def report(town: Town, post: str, register: str, words: str, **files: bytes) -> Page:
    """The holder reports, with evidence."""
    form = town.on(post).open(register).form("Laporkan hasil disposisi").write("Hasil yang dilaporkan", words)
    for name, data in files.items():
        form.attach("Bukti", (f"{name}.pdf", data))
    return form.send()


def test_three_units_work_side_by_side_and_the_row_waits_for_the_last(town: Town, rani: Complainant) -> None:
    """S4-12, S4-13: a branch for each unit, one passed on, one replaced, one late; then the row goes on."""
    register, lead, clock = rani.register, town.on(LEAD), town.clock
    units = ("Bidang 2 (Umum dan Keuangan)", "Laboratorium Fakultas", "Program Studi Ekonomi")
    refused = dispose(lead.open(register), *units, waktu="3 hari", note="Mohon diperiksa.", expect=422)
    refused.says("Batas disposisi melewati batas langkahnya sendiri", "Mohon diperiksa.")
    form = refused.form("Kirim disposisi")
    assert len(form.sent["to"]) == 3, "nothing that was chosen is lost"
    form.write("Waktu", "30 menit").tick("Selesaikan dan laporkan").send().says("Disposisi terkirim.")
    assert town.kinds(register).count("Disposed") == 3
    for post in (FINANCE, LAB, STUDY):
        assert "Disposisi pada Langkah 3" in town.on(post).duties().main
    lead.open(register).says("3 disposisi belum dilaporkan")

    # Bidang 2 passes its part on to the manager of complaints, who is asked by a time of their own
    held = town.on(FINANCE).open(register)
    dispose(
        held, "Pengelola Pengaduan Bidang 2", button="Teruskan disposisi", note="Cek pendinginnya.", waktu="20 menit"
    )
    assert not town.on(FINANCE).open(register).has_form("Laporkan hasil disposisi"), "first what was passed on"
    report(town, UNIT, register, "Kompresor rusak.", foto=b"%PDF-1.4 foto")
    report(town, FINANCE, register, "Kompresor diganti besok.")

    # the study programme was the wrong address: taken back, and given to another
    recall_from(lead.open(register), "Program Studi Ekonomi").send(expect=422).says("Tuliskan alasannya.")
    recall_from(lead.open(register), "Program Studi Ekonomi").write("Alasan", "Bukan wewenangnya.").send()
    assert not town.on(STUDY).has_duty(register)
    dispose(
        lead.open(register),
        "Bidang 1 (Akademik, Kemahasiswaan dan Alumni)",
        note="Pindahkan kuliahnya.",
        waktu="20 menit",
    )
    report(town, HEAD, register, "Kuliah pindah ke ruang C1.")

    # the laboratory is late: it is told, and the row still waits
    clock.later(minutes=45)
    late = town.on(LAB).open(register).says("lewat waktu")
    assert late.has_form("Laporkan hasil disposisi")
    waiting = lead.finish(
        register, "langkah 3", expect=422, pick={"Pengelola": "Pengelola Pengaduan Bidang 2"}, reason="Ke Bidang 2."
    )
    waiting.says("Masih ada disposisi yang belum dilaporkan.")
    report(town, LAB, register, "Alat lab aman.")
    lead.finish(register, "langkah 3", pick={"Pengelola": "Pengelola Pengaduan Bidang 2"}, reason="Ke Bidang 2.")
    assert "Breached" in town.kinds(register)
    town.on(UNIT).finish(register, "langkah 4")

    sheet = lead.visit(f"/kasus/{town.case(register).pk}/disposisi/d1")
    sheet.says(*(f"☑ {unit}" for unit in units), "Mohon diperiksa.", "☑ Selesaikan dan laporkan")
    sheet.says("Kompresor rusak.", "foto.pdf", "Kompresor diganti besok.", "Alasan ditarik: Bukan wewenangnya.")
    sheet.says("Kuliah pindah ke ruang C1.", "Alat lab aman.", "lewat waktu")
    numbers = [row.all("td")[0].text for row in sheet.root.first("table", class_="disposition-tree").all("tr")[1:]]
    assert numbers == ["1", "1.1", "2", "3", "4"]


def test_a_later_time_than_the_row_has_is_ticked_by_who_gives_it(town: Town, rani: Complainant) -> None:
    lead = town.on(LEAD)
    form = lead.open(rani.register).form("Kirim disposisi").pick("Diteruskan kepada", "Laboratorium Fakultas")
    form.write("Waktu", "3 hari").tick("Boleh melewati batas langkah ini").send().says("Disposisi terkirim.")
    town.on(LAB).open(rani.register).says("batas 19 November 2026")


def test_what_is_typed_wrongly_is_told_at_the_field(town: Town, rani: Complainant) -> None:
    lead = town.on(LEAD)
    page = lead.open(rani.register).form("Kirim disposisi").write("Waktu", "secepatnya").send(expect=422)
    page.says("Pilih jabatan atau unit tujuannya.")
    assert page.form("Kirim disposisi").sent["standard"] == ["secepatnya"]
    page = dispose(lead.open(rani.register), "Laboratorium Fakultas", waktu="secepatnya", expect=422)
    page.says("Waktu itu tidak terbaca.")
    dispose(lead.open(rani.register), "Laboratorium Fakultas", sampai="2026-11-01T08:00", expect=422).says(
        "Waktu itu sudah lewat."
    )


def test_a_secret_disposition_is_told_to_nobody_but_giver_and_holder(town: Town, rani: Complainant) -> None:
    """Sifat rahasia: not on the page, the sheet, the record, the list of deadlines, nor as a file."""
    register, lead = rani.register, town.on(LEAD)
    dispose(
        lead.open(register), "Laboratorium Fakultas", note="Kanari: teknisi lalai.", sifat="Rahasia", waktu="30 menit"
    )
    report(town, LAB, register, "Kanari: sudah ditegur.", berita=b"%PDF-1.4 berita")
    case = f"/kasus/{town.case(register).pk}"
    lead.open(register).says("Kanari: teknisi lalai.", "Kanari: sudah ditegur.")
    file = next(address for words, address in lead.visit(case).links.items() if words.startswith("berita.pdf"))
    for other in ("wakil-dekan-1", "dekan", ADMIN):
        officer = town.on(other)
        officer.visit(case).says("Disposisi rahasia", "sudah dilaporkan").says_not("Kanari", "berita.pdf")
        for address in (f"{case}/berkas", f"{case}/tenggat"):
            officer.visit(address).says_not("Kanari", "Laboratorium Fakultas", "berita.pdf")
        for address in (f"{case}/disposisi/d1", file):
            officer.visit(address, expect=404)
    town.on(LAB).visit(f"{case}/disposisi/d1").says("Kanari: teknisi lalai.", "Kanari: sudah ditegur.")
