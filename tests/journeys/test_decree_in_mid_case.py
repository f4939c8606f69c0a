"""F18: a holiday decree arrives while complaints run: what is open moves as foretold, in the office's own zone."""

from __future__ import annotations

from collections.abc import Callable

from pages import Page
from tanggap.records.models import CalendarMove, Duty, Membership, User
from town import Officer, Town

NAMED = {"Pihak Yang Dikomplain": "Subbagian Akademik"}
KASUBBAG = "kasubbag-akademik-kemahasiswaan"


def administrator(town: Town) -> Officer:
    """Somebody who arranges the institution, and reads no case."""
    user = User.objects.create(username=f"pengelola-{town.key}", full_name="Putri Pengelola")
    Membership.objects.create(institution=town.institution, user=user, officer=False, admin=True)
    return Officer(user, address="198.51.100.99")


def decree(town: Town, admin: Officer, day: str, name: str, kind: str, number: str) -> Page:
    """Type a day off as far as the preview."""
    form = admin.visit(f"/kalender/{town.key}").click("Tambah hari libur").form("Lihat pratinjau")
    return form.write("Tanggal", day).write("Nama hari libur", name).pick("Jenis", kind).write(
        "Nomor keputusan", number
    ).send()  # fmt: skip


def in_force(preview: Page, why: str) -> Page:
    """Confirm what the preview tells."""
    (button,) = [one.text for form in preview.forms() for one in form.buttons if one.text.startswith("Terapkan")]
    return preview.form(button).write("Alasan perubahan", why).send().says("Kalender diterapkan.", why)


def test_a_complaint_at_fmipa_ub_crosses_lebaran_2026_and_the_joint_leave_is_prolonged_on_the_way(
    town_of: Callable[[str], Town],
) -> None:
    """Three working days from Monday 16 March run over Nyepi and Idul Fitri; a decree then takes two more days."""
    town = town_of("ub-fmipa")
    town.give("operator-mipa-care", desk=True)
    town.give("wakil-dekan-umum", coordinator=True)
    town.clock.now = town.clock.moment("2026-03-16 08.10")
    operator, leader, admin = town.on("operator-mipa-care"), town.on("wakil-dekan-umum"), administrator(town)
    early, late = town.complainant(), town.complainant()
    for rani in (early, late):
        receipt = rani.report(town.key, "Nilai praktikum belum keluar.")
        operator.finish(rani.register, "langkah 2", choice="Ya", reason="Perlu pimpinan.")
    leader.open(late.register).says("Kamis, 26 Maret, 16.00 WIB")
    promised = receipt.text.partition("Jawaban paling lambat")[2].partition(" menurut ")[0].strip(" ,")

    town.clock.at("2026-03-17 09.00")
    preview = decree(town, admin, "2026-03-25", "Cuti bersama Idul Fitri", "Cuti bersama", "SKB 2/2026")
    preview.says(late.register, early.register, "langkah 3", "Kamis, 26 Maret 2026 pukul 16.00 WIB")
    preview.says("Jumat, 27 Maret 2026 pukul 16.30 WIB", "lebih lambat 1 hari kerja")
    assert not CalendarMove.objects.exists()
    leader.finish(early.register, "langkah 3", reason="Selesai lebih dahulu.", pick=NAMED)
    done_before = town.entries(early.register)
    in_force(preview, "SKB 2/2026 tentang tambahan cuti bersama")
    moved = CalendarMove.objects.filter(case=town.case(early.register).pk)
    assert not moved.filter(clock="step:3#1").exists(), "a step that is done never moves"
    assert town.entries(early.register) == done_before
    leader.open(late.register).says("Jumat, 27 Maret, 16.30 WIB")
    leader.visit(f"/kasus/{town.case(late.register).pk}/tenggat").says(
        "Rabu, 25 Maret 2026: Cuti bersama Idul Fitri (SKB 2/2026)", "Jumat, 27 Maret 2026: hari ke-3",
        "jatuh tempo Jumat, 27 Maret 2026 pukul 16.30 WIB",
    )  # fmt: skip

    town.clock.at("2026-03-27 16.29")
    assert "Breached" not in town.kinds(late.register)
    town.clock.at("2026-03-27 16.31")
    assert "Breached" in town.kinds(late.register), "late by the calendar in force, not a minute before"
    assert promised
    assert promised in late.track().text, "what was promised on the receipt stands"
    late_log = town.entries(late.register)
    preview = decree(town, admin, "2026-03-27", "Cuti bersama Idul Fitri", "Cuti bersama", "SKB 3/2026")
    preview.says(late.register, "lewat waktu sudah tercatat")
    in_force(preview, "SKB 3/2026")
    assert town.entries(late.register) == late_log, "a lateness once written stays"
    assert Duty.objects.get(case=town.case(late.register).pk).due_at == town.clock.moment("2026-03-30 16.00")


def test_a_local_day_off_at_unmul_moves_the_step_in_wita_and_is_taken_back_again(
    town_of: Callable[[str], Town],
) -> None:
    """S3-16, F18: the Faculty of Engineering works in WITA; a rector's decree gives a day and another takes it away."""
    town = town_of("unmul-ft")
    town.clock.at("2026-11-16 09.00")
    admin, rani = administrator(town), town.complainant()
    rani.report(town.key, "Laboratorium terkunci sejak pagi.")
    town.on(KASUBBAG).finish(rani.register, "langkah 2")
    case = town.case(rani.register).pk
    due = Duty.objects.get(case=case).due_at
    assert due == town.clock.moment("2026-11-17 16.00"), "one working day, at closing, by the clocks of Samarinda"
    preview = decree(town, admin, "2026-11-17", "Dies natalis", "Libur setempat", "SK Rektor 12/2026")
    preview.says(rani.register, "Selasa, 17 November 2026 pukul 16.00 WITA", "Rabu, 18 November 2026 pukul 16.00 WITA")
    preview.says("lebih lambat 1 hari kerja", "libur setempat; SK Rektor 12/2026")
    in_force(preview, "SK Rektor 12/2026")
    assert Duty.objects.get(case=case).due_at == town.clock.moment("2026-11-18 16.00")
    town.on(KASUBBAG).open(rani.register).says("Jatuh tempo Rabu, 18 November, 16.00 WITA")
    told = town.on(KASUBBAG).visit(f"/kasus/{case}/tenggat")
    told.says("Selasa, 17 November 2026: Dies natalis (SK Rektor 12/2026)").says_not("WIB")

    town.clock.at("2026-11-16 13.00")
    page = admin.visit(f"/kalender/{town.key}/hari?tanggal=2026-11-17&nama=Dies+natalis")
    preview = (
        page.form("Hapus hari libur ini").send().says("Dihapus: Selasa, 17 November 2026", "lebih awal 1 hari kerja")
    )
    in_force(preview, "SK Rektor 13/2026")
    assert Duty.objects.get(case=case).due_at == due
    town.on(KASUBBAG).open(rani.register).says("Jatuh tempo Selasa, 17 November, 16.00 WITA")
    history = admin.visit(f"/kalender/{town.key}/riwayat")
    history.says("SK Rektor 12/2026", "SK Rektor 13/2026", "Putri Pengelola", "16 November 2026, 13.00 WITA")
