"""S3, Fakultas Teknik Universitas Mulawarman: nineteen rows in WITA, answered by Kasubbag, vice dean or dean."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from town import Complainant, Town

WISH = "Mohon jadwal laboratorium diumumkan seminggu sebelumnya."
KASUBBAG, KABAG, WD, DEKAN = "kasubbag-akademik-kemahasiswaan", "kabag-tu", "wakil-dekan-3", "dekan"
SUPPORT = b"%PDF-1.4 jadwal laboratorium"


@pytest.fixture
def town(town_of: Callable[[str], Town]) -> Town:
    """FT UNMUL: the Kasubbag at the desk, the Kabag TU coordinates."""
    town = town_of("unmul-ft")
    town.give(KASUBBAG, desk=True)
    town.give(KABAG, coordinator=True)
    return town


def sent(town: Town) -> Complainant:
    """An aspiration, Monday 09.00 WITA."""
    rani = town.complainant()
    receipt = rani.report(
        town.key, WISH, choice=("Aspirasi", "Warga kampus", "Terbuka"), write={"Nama": "Ayu Pelanggan"}
    )
    receipt.says("09.00 WITA", "WITA", "Aspirasi").says_not("WIB")
    return rani


def supported(town: Town) -> Complainant:
    """Rows 2 to 5: no medium to answer by; support prepared and handed to the Kabag."""
    rani, kasubbag = sent(town), town.on(KASUBBAG)
    kasubbag.open(rani.register).says("Langkah 1 dari 18, butir 6.2")
    kasubbag.finish(rani.register, "langkah 2")
    kasubbag.open(rani.register).says("Sudah ditanggapi dengan media yang tersedia?", "Waktu 1 hari")
    kasubbag.finish(rani.register, "langkah 3", choice="Belum")
    kasubbag.visit("/belum-ditanggapi").says(rani.register)
    kasubbag.finish(rani.register, "langkah 4", reason="Jadwal terlampir.", files={"jadwal.pdf": SUPPORT})
    town.clock.later(minutes=6)
    kasubbag.finish(rani.register, "langkah 5", reason="Diserahkan langsung.")
    return rani


def drafted(town: Town) -> Complainant:
    """Rows 6 to 10: received, validated, handed to the vice dean concerned, received, drafted."""
    rani, kabag, vice = supported(town), town.on(KABAG), town.on(WD)
    number = rani.register
    town.clock.later(minutes=7)
    kabag.finish(number, "langkah 6")
    kabag.open(number).says("jadwal.pdf", "Dukungan informasi sesuai?")
    kabag.finish(number, "langkah 7", choice="Sesuai")
    kabag.finish(number, "langkah 8", pick={"Wakil Dekan": "Wakil Dekan Bidang Kemahasiswaan dan Alumni"})
    assert not town.on("wakil-dekan-1").has_duty(number), "routed by field"
    town.clock.later(minutes=8)
    vice.finish(number, "langkah 9")
    vice.finish(number, "langkah 10", reason="Konsep: jadwal diumumkan tiap Senin.")
    return rani


def test_an_aspiration_is_answered_at_the_first_row_that_has_a_medium(town: Town) -> None:
    """S3-2, S3-3, S3-14, S3-16, X-1: row 1 is nobody's duty; answered at 3, with the medium on record."""
    rani, kasubbag = sent(town), town.on(KASUBBAG)
    assert kasubbag.duties().main.count(rani.register) == 1, "only row 2: facilities are no step of a case"
    case = kasubbag.open(rani.register)
    case.says("menerima/menampung informasi", "Jatuh tempo 09.10 WITA", "Warga kampus")
    case.says_not("memastikan ketersediaan sarana")
    kasubbag.finish(rani.register, "langkah 2", reason="Formulir diisi.")
    kasubbag.finish(rani.register, "langkah 3", choice="Sudah", expect=422).says("Tuliskan jawaban kepada pelapor.")
    kasubbag.finish(
        rani.register, "langkah 3", choice="Sudah", answer="Jadwal sudah diumumkan.",
        pick={"Disampaikan melalui": "Papan pengumuman"},
    )  # fmt: skip
    assert rani.status() == "Selesai"
    rani.track().says("Jadwal sudah diumumkan.", "WITA")
    kasubbag.look_up(rani.register).says("Melalui: Papan pengumuman")
    opened = [entry.event.row for entry in town.entries(rani.register) if entry.event.kind == "StepOpened"]
    assert opened == ["2", "3"]


def test_support_that_does_not_match_goes_back_to_be_prepared_again(town: Town) -> None:
    """S3-4, S3-5, S3-6, S3-7, X-3: handing over and receiving are two moments; validation returns to row 4."""
    rani, kabag, kasubbag = supported(town), town.on(KABAG), town.on(KASUBBAG)
    number = rani.register
    town.clock.later(minutes=4)
    kabag.open(number).says("menerima Formulir Aspirasi", "Sisa 6 menit", "butir 6.6", "jadwal.pdf")
    kabag.finish(number, "langkah 6")
    done = {e.event.visit: e.happened_at for e in town.entries(number) if e.event.kind == "StepDone"}
    assert (done["6#1"] - done["5#1"]).total_seconds() == 4 * 60
    town.clock.later(hours=1)
    kabag.finish(number, "langkah 7", choice="Tidak sesuai", expect=422).says("Tuliskan alasannya.")
    kabag.finish(number, "langkah 7", choice="Tidak sesuai", reason="Jadwal semester lalu.")
    kasubbag.open(number).says("Jadwal semester lalu.", "putaran 2")
    kasubbag.finish(number, "langkah 4 putaran 2", reason="Jadwal baru.", files={"jadwal baru.pdf": SUPPORT})
    kasubbag.finish(number, "langkah 5 putaran 2")
    kabag.finish(number, "langkah 6 putaran 2")
    kabag.open(number).says("jadwal.pdf", "jadwal baru.pdf")
    kabag.finish(number, "langkah 7 putaran 2", choice="Sesuai")
    assert kabag.has_duty(number)


def test_the_vice_dean_answers_and_the_dean_receives_the_report(town: Town) -> None:
    """S3-6, S3-8, S3-9, S3-10, S3-17: rows 11, 12, 13; nothing is documented a second time."""
    rani, vice, dean = drafted(town), town.on(WD), town.on(DEKAN)
    number = rani.register
    vice.open(number).says("butir 6.11", "Langkah 10 dari 18", "Konsep: jadwal diumumkan tiap Senin.", "jadwal.pdf")
    vice.finish(
        number, "langkah 11", choice="Termuat", answer="Jadwal diumumkan tiap Senin.",
        pick={"Disampaikan melalui": "Situs web"},
    )  # fmt: skip
    rani.track().says("Jadwal diumumkan tiap Senin.")
    vice.open(number).says("butir 6.13", "Waktu 1 hari")
    vice.finish(number, "langkah 12", reason="Sudah dikomunikasikan.")
    dean.open(number).says("butir 6.14", "Sudah dikomunikasikan.", "Waktu 1 hari")
    dean.finish(number, "langkah 13")
    assert rani.status() == "Selesai"
    opened = [entry.event.row for entry in town.entries(number) if entry.event.kind == "StepOpened"]
    assert opened == [str(row) for row in range(2, 14)]
    assert "Breached" not in town.kinds(number)


def test_what_the_support_does_not_hold_is_answered_by_the_dean(town: Town) -> None:
    """S3-6, S3-9, S3-11, S3-17, X-3: rows 14 to 19, handed over and received both ways, and documented."""
    rani, vice, dean = drafted(town), town.on(WD), town.on(DEKAN)
    number = rani.register
    vice.finish(number, "langkah 11", choice="Belum termuat", reason="Perlu keputusan anggaran.")
    assert rani.status() == "Diproses"
    dean.open(number).says("butir 6.15", "Sisa 10 menit", "Perlu keputusan anggaran.")
    town.clock.later(minutes=9)
    dean.finish(number, "langkah 14")
    dean.finish(number, "langkah 15", reason="Disetujui: jadwal dicetak tiap bulan.")
    dean.finish(number, "langkah 16")
    town.clock.later(minutes=3)
    vice.finish(number, "langkah 17")
    vice.open(number).says("Disetujui: jadwal dicetak tiap bulan.", "butir 6.19")
    vice.finish(number, "langkah 18", answer="Dekan menyetujui: jadwal dicetak tiap bulan.")
    rani.track().says("Dekan menyetujui: jadwal dicetak tiap bulan.")
    vice.open(number).says("Arsip", "butir 6.20")
    vice.finish(number, "langkah 19", reason="Diarsipkan.")
    assert rani.status() == "Selesai"
    opened = [entry.event.row for entry in town.entries(number) if entry.event.kind == "StepOpened"]
    assert opened == [str(row) for row in (*range(2, 12), *range(14, 20))]
    vice.look_up(number).click("Cetak berkas kasus").says("Disetujui: jadwal dicetak tiap bulan.", "jadwal.pdf", "WITA")


def test_a_spoken_wish_is_written_down_by_the_desk_for_who_stands_outside(town: Town) -> None:
    """S3-13 (customer to faculty), S3-14, S3-16: spoken, from outside the campus, on the same form and clock."""
    kasubbag, guest = town.on(KASUBBAG), town.complainant()
    town.clock.at("2026-11-16 10.30")
    form = kasubbag.visit("/catat").form("Catat dan cetak tanda terima").pick("Saluran", "Datang langsung")
    form.pick("Jenis", "Aspirasi").pick("Pelapor adalah", "Masyarakat").write("Uraian", WISH)
    receipt = form.write("Disampaikan pada", "2026-11-16T10:20").send()
    receipt.says("10.20 WITA", "Dicatat 16 November 2026, 10.30 WITA oleh")
    guest.keep(receipt)
    kasubbag.open(guest.register).says("Masyarakat", "Datang langsung")


def test_the_sheet_of_the_sop_keeps_both_numberings(town: Town) -> None:
    """S3-17, S3-2: row 1 stands on the sheet; row 12 is 6.13 in the text."""
    sent(town)
    sheet = town.complainant().visit(f"/sop/{town.key}/unmul-ft-komunikasi-pelanggan")
    sheet.says("memastikan ketersediaan sarana dan prasarana", "Disesuaikan", "6.13", "6.20")
