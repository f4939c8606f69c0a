"""S4, FEB Universitas Negeri Surabaya: one document, two procedures; the channel chooses which one runs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from town import Complainant, Officer, Town

STORY = "Ruang kuliah B2 tidak mempunyai pendingin sejak dua minggu."
ADMIN, LEAD, UNIT = "admin-utama", "koordinator-layanan", "pengelola-bidang-2"
DESK, CHIEF = "petugas-tu", "wakil-dekan-2"
LEVELS = {"Tingkat urgensi": "tinggi", "Jenis pengaduan": "sarana"}


@pytest.fixture
def town(town_of: Callable[[str], Town]) -> Town:
    """FEB UNESA: admin and petugas at the desk, Koordinator Layanan coordinates, the dean reads all."""
    town = town_of("unesa-feb")
    for post in (ADMIN, DESK):
        town.give(post, desk=True)
    town.give(LEAD, coordinator=True)
    town.give("dekan", auditor=True)
    return town


def sent(town: Town) -> Complainant:
    """A complaint by the web form, taken by Admin Utama."""
    rani = town.complainant()
    receipt = rani.report(town.key, STORY, choice="Keluhan")
    # 1 hari, 1 hari, 1 jam, 1 jam, 5 hari from Monday: 17, 18, 19 November 08.30 and 09.30, 26 November.
    receipt.says("Jawaban paling lambat Kamis, 26 November 2026 pukul 16.00 WIB", "SOP-FEB. 06. 02")
    town.on(ADMIN).open(rani.register).says("e-form pengaduan", "Waktu 1 hari")
    town.on(ADMIN).finish(rani.register, "langkah 1")
    return rani


def told(town: Town, form_button: str, opened: Complainant) -> Complainant:
    """A complaint spoken at the counter, typed by the Petugas."""
    desk = town.on(DESK)
    form = desk.visit("/catat").form("Catat dan cetak tanda terima").pick("Saluran", form_button).write("Uraian", STORY)
    opened.keep(form.send())
    return opened


def report_and_evaluate(town: Town, rani: Complainant, unit: Officer) -> None:
    """Rows 6, 7 and the printed "selesai", which is nobody's task."""
    unit.open(rani.register).says("Pengelola pengaduan membuat laporan", "Waktu 1 hari")
    unit.finish(rani.register, "langkah 6", reason="Laporan: pendingin diganti.", files={"laporan.pdf": b"%PDF-1.4 l"})
    admin = town.on(ADMIN)
    admin.open(rani.register).says("Laporan: pendingin diganti.", "Waktu 2 hari", "laporan.pdf")
    admin.finish(rani.register, "langkah 7", reason="Direkap bulan November.")
    assert rani.status() == "Selesai"
    for post in (ADMIN, LEAD, UNIT):
        assert not town.on(post).has_duty(rani.register)
    opened = [entry.event.row for entry in town.entries(rani.register) if entry.event.kind == "StepOpened"]
    assert "8" not in opened


def test_an_indirect_complaint_is_moderated_disposed_acknowledged_and_answered(town: Town) -> None:
    """S4-4, S4-5, S4-6, S4-8, S4-10, S4-11, S4-12, S4-13, S4-14, S4-15, S4-16, X-1, X-3: all seven rows.

    With a lembar disposisi and the report of the case.
    """
    rani, lead, unit, clock = sent(town), town.on(LEAD), town.on(UNIT), town.clock
    number = rani.register
    missing = lead.finish(number, "langkah 2", choice="Berkoordinasi", expect=422)
    missing.says("Lengkapi Tingkat urgensi.")
    assert missing.form("Selesaikan langkah 2").sent["choice"], "the choice is kept"
    lead.finish(number, "langkah 2", choice="Berkoordinasi", pick=LEVELS)
    case = lead.open(number).says("Urgensi tinggi", "Jenis pengaduan: sarana", "Memoderasi pengaduan")
    form = case.form("Kirim disposisi").pick("Diteruskan kepada", "Bidang 2 (Umum dan Keuangan)")
    form.pick("Sifat", "Segera").tick("Proses lebih lanjut", "Selesaikan dan laporkan")
    form.write("Catatan", "Mohon ruang B2 diperiksa.").write("Waktu", "1 jam").send().says("Disposisi terkirim.")
    waiting = lead.finish(
        number, "langkah 3", expect=422, pick={"Pengelola": "Pengelola Pengaduan Bidang 2"}, reason="Ke Bidang 2."
    )
    waiting.says("Masih ada disposisi yang belum dilaporkan.")

    sheet = lead.open(number).click("Cetak lembar disposisi")
    sheet.says("Lembar disposisi", number, "☑ Segera", "☐ Biasa", "☑ Proses lebih lanjut", "Mohon ruang B2 diperiksa.")
    sheet.says("FAKULTAS EKONOMIKA DAN BISNIS", "Bidang 2", "Paraf", "Diselesaikan paling lambat")
    clock.later(minutes=20)
    given = unit.open(number).says("Mohon ruang B2 diperiksa.", "Segera")
    given.form("Laporkan hasil disposisi").write("Hasil yang dilaporkan", "Pendingin rusak, diganti.").send()
    lead.open(number).says("Pendingin rusak, diganti.", "sudah dilaporkan")
    lead.finish(number, "langkah 3", pick={"Pengelola": "Pengelola Pengaduan Bidang 2"}, reason="Ke Bidang 2.")

    clock.later(minutes=10)
    unit.open(number).says("Sisa 50 menit", "menerima pesan yang di moderasi")
    unit.finish(number, "langkah 4")
    unit.open(number).says("Memproses pengaduan sesuai prosedur", "Waktu 5 hari", "Senin, 23 November, 16.00 WIB")
    unit.finish(number, "langkah 5", expect=422).says("Tuliskan jawaban kepada pelapor.")
    clock.later(days=2)
    unit.finish(number, "langkah 5", answer="Pendingin sudah diganti hari ini.")
    assert rani.status() == "Ditanggapi"
    page = rani.track().says("Pendingin sudah diganti hari ini.")
    page.form("Kirim pernyataan").choose("Saya terima jawabannya").send().says("Pernyataan Anda sudah dicatat.")
    report_and_evaluate(town, rani, unit)
    town.on("dekan").visit("/register").says(number, "tinggi")
    assert "Breached" not in town.kinds(number)


def test_an_indirect_complaint_may_be_answered_without_moderation(town: Town) -> None:
    """S4-6, S4-11, S4-13: "langsung dijawab" goes from row 2 to row 5."""
    rani, unit = sent(town), town.on(UNIT)
    town.on(LEAD).finish(rani.register, "langkah 2", choice="Langsung dijawab", pick=LEVELS)
    unit.finish(rani.register, "langkah 5", answer="Ruang dipindahkan ke B3.")
    report_and_evaluate(town, rani, unit)
    rows = [entry.event.row for entry in town.entries(rani.register) if entry.event.kind == "StepOpened"]
    assert rows == ["1", "2", "5", "6", "7"]


@pytest.mark.parametrize("channel", ["Datang langsung", "Telepon", "Surat"])
def test_a_direct_complaint_is_answered_on_the_spot(town: Town, channel: str) -> None:
    """S4-2, S4-4, S4-5, S4-10, S4-11, S4-14, S4-17, S4-22: the direct procedure with its report, in one register."""
    rani, desk = told(town, channel, town.complainant()), town.on(DESK)
    desk.open(rani.register).says("Petugas menerima pengaduan secara langsung", "Tanpa batas waktu")
    desk.finish(rani.register, "langkah 1")
    desk.finish(rani.register, "langkah 2", choice="Dapat langsung dijawab", pick=LEVELS)
    desk.finish(rani.register, "langkah 3", answer="Ruang B3 dapat dipakai sekarang.")
    desk.finish(rani.register, "langkah 7", reason="Laporan penanganan: dijawab di tempat.")
    assert rani.status() == "Selesai"
    desk.look_up(rani.register).says("Laporan penanganan: dijawab di tempat.", channel)
    assert town.case(rani.register).procedure == "langsung"


def test_a_direct_complaint_that_needs_it_is_answered_by_the_direction_of_the_leader(town: Town) -> None:
    """S4-10, S4-17, S4-18, S4-19, S4-20: reported to the leader, whose arahan stands beside the answer given by it."""
    rani, desk, chief = told(town, "Datang langsung", town.complainant()), town.on(DESK), town.on(CHIEF)
    number = rani.register
    desk.finish(number, "langkah 1")
    desk.finish(number, "langkah 2", choice="Perlu koordinasi", pick=LEVELS)
    desk.finish(number, "langkah 4", reason="Perlu keputusan anggaran pendingin.")
    chief.open(number).says("Pejabat memberikan arahan", "Perlu keputusan anggaran pendingin.")
    read = town.on("dekan").look_up(number).says("Perlu keputusan anggaran pendingin.")
    assert not [form for form in read.forms() if any("Selesaikan" in one.text for one in form.buttons)], (
        "reads, no more"
    )
    town.on(LEAD).visit("/belum-ditanggapi").says(number, "Pejabat memberikan arahan")
    chief.finish(number, "langkah 5", reason="Arahan: pakai dana pemeliharaan, selesai Jumat.")
    desk.open(number).says("Arahan: pakai dana pemeliharaan, selesai Jumat.", "sesuai arahan")
    desk.finish(number, "langkah 6", answer="Pendingin diganti paling lambat Jumat.")
    rani.track().says("Pendingin diganti paling lambat Jumat.").says_not("dana pemeliharaan")
    desk.finish(number, "langkah 7", reason="Laporan dibuat.")
    file = desk.look_up(number).click("Cetak berkas kasus")
    assert file.text.index("Arahan: pakai dana") < file.text.index("Pendingin diganti paling lambat")


def test_a_disposition_may_be_taken_back_and_another_unit_does_not_see_it(town: Town) -> None:
    """S4-12, S4-20: recalled with a reason; who was never asked finds nothing."""
    rani, lead = sent(town), town.on(LEAD)
    lead.finish(rani.register, "langkah 2", choice="Berkoordinasi", pick=LEVELS)
    form = lead.open(rani.register).form("Kirim disposisi").pick("Diteruskan kepada", "Laboratorium Fakultas")
    form.send()
    lab, other = town.on("kepala-laboratorium"), town.on("korprodi-ekonomi")
    assert lab.has_duty(rani.register)
    address = f"/kasus/{town.case(rani.register).pk}"
    other.visit(address, expect=404)
    lead.open(rani.register).form("Tarik disposisi").write("Alasan", "Salah tujuan.").send()
    assert not lab.has_duty(rani.register)
    lead.open(rani.register).says("ditarik kembali", "Salah tujuan.")


def test_the_leader_decides_what_needs_special_handling(town: Town) -> None:
    """S4-20, S4-8: the coordinator leaves the printed way with a reason; the deviation stands in the record."""
    rani, lead = sent(town), town.on(LEAD)
    form = lead.open(rani.register).form("Alihkan langkah").pick("Ke langkah", "7. ")
    form.send(expect=422).says("Tuliskan alasannya.")
    form.write("Alasan menyimpang", "Sudah ditangani rektorat.").send().says("penyimpangan dari SOP tercatat")
    lead.look_up(rani.register).says("menyimpang dari SOP", "Sudah ditangani rektorat.")
    admin = town.on(ADMIN)
    admin.finish(rani.register, "langkah 7", expect=422).says("Laporan berakhir tanpa jawaban kepada pelapor.")
    admin.finish(rani.register, "langkah 7", reason="Dijawab rektorat.")
    assert rani.status() == "Selesai"


@pytest.mark.parametrize(
    ("who", "kind", "recorded"),
    [
        ("Masyarakat", "Kritik", "criticism"),
        ("Warga kampus", "Keluhan", "complaint"),
        ("Warga kampus", "Saran", "suggestion"),
    ],
)
def test_the_public_and_students_bring_keluhan_kritik_and_saran(town: Town, who: str, kind: str, recorded: str) -> None:
    """S4-3: told apart on the form, on the case, and in the same register and procedure."""
    rani = town.complainant()
    rani.report(town.key, STORY, choice=(kind, who, "Terbuka"), write={"Nama": "Rani Pengadu"})
    town.on(ADMIN).open(rani.register).says(kind, who, "e-form pengaduan")
    case = town.case(rani.register)
    assert (case.kind, case.procedure) == (recorded, "tidak-langsung")
    town.on(ADMIN).visit("/register").says(rani.register, kind)
