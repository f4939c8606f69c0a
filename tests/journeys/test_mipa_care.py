"""S0, FMIPA Universitas Brawijaya: a complaint to MIPA Care, answered at once or through the party complained of."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pages import Page
from town import Town

NAME, STORY = "Kanari Wulandari", "Nilai praktikum kimia saya tertukar dengan milik teman sekelas."


@pytest.fixture
def town(town_of: Callable[[str], Town]) -> Town:
    """FMIPA UB: the operator serves at the desk, the vice dean coordinates."""
    town = town_of("ub-fmipa")
    town.give("operator-mipa-care", desk=True)
    town.give("wakil-dekan-umum", coordinator=True)
    return town


def test_a_complaint_answered_at_once_ends_with_the_thanks_of_its_complainant(town: Town) -> None:
    """S0-1 (web), S0-2, S0-3, S0-6, S0-7, S4-8, X-1, X-3: the short path, within its 15 minutes."""
    clock, rani, operator = town.clock, town.complainant(), town.on("operator-mipa-care")
    clock.at("2026-11-16 08.05")
    receipt = rani.report(town.key, STORY, choice=("Dirahasiakan", "Warga kampus"), write={"Nama": NAME})
    assert rani.register == "0001/PGD/FMIPA/XI/2026"
    # 15 Menit, 3 Hari, 1 Hari, 1 Hari, 2 Jam: the forwarded path is the longest.
    receipt.says("Jawaban paling lambat Selasa, 24 November 2026 pukul 09.30 WIB")
    receipt.says("menurut SOP UN10/F09/07/HK.01.02.a/001", "Senin, 16 November 2026", "08.05 WIB")
    assert receipt.root.all("svg", class_="qr"), "the receipt carries a QR code"
    assert rani.code not in receipt.html.replace(f">{rani.code}<", ""), "the code stands on the sheet alone"

    clock.at("2026-11-16 08.12")
    assert rani.status() == "Diterima"
    case = operator.open(rani.register)
    case.says("Sisa 8 menit", "15 Menit", "informasi/Formulir Keluhan Pelanggan", STORY, "Langkah 2 dari 7")
    form = case.form("Selesaikan langkah 2")
    assert [one.split(" ")[0] for one in form.choices] == ["Ya", "Tidak"], "exactly two outcomes"
    operator.finish(rani.register, "langkah 2", choice="Tidak", answer="Nilai Anda sudah ditukar kembali.")
    assert not operator.has_duty(rani.register)

    clock.at("2026-11-16 08.40")
    assert rani.status() == "Ditanggapi"
    answer = rani.track().says(
        "Nilai Anda sudah ditukar kembali.", "Sekarang: giliran Anda", "Apakah jawaban ini sesuai?"
    )
    answer.says("7 menit dari 15 Menit")
    ended = answer.form("Kirim pernyataan").choose("Saya terima jawabannya").choose("Puas").send()
    ended.says("Terima kasih. Pernyataan Anda sudah dicatat.")
    assert rani.status() == "Selesai"
    assert not rani.track().has_form("Kirim penilaian"), "rated with the same form"

    assert "Breached" not in town.kinds(rani.register)
    operator.look_up(rani.register).says("Selesai", "Puas", "menyatakan menerima pada langkah 7")
    file = operator.look_up(rani.register).click("Cetak berkas kasus")
    file.says(rani.register, STORY, "Nilai Anda sudah ditukar kembali.", "Senin, 16 November 2026")
    operator.visit("/register").says(rani.register, "Formulir web")


def test_a_forwarded_complaint_may_be_returned_twice_before_it_is_reported(town: Town) -> None:
    """S0-2, S0-3, S0-4, S0-5, S0-6, S0-8, S0-10, X-3, X-4: the loop of rows 4 and 5, each round with its own day."""
    clock, rani = town.clock, town.complainant()
    operator, leader, party = town.on("operator-mipa-care"), town.on("wakil-dekan-umum"), town.on("kadep-kimia")
    clock.at("2026-11-16 09.00")
    rani.report(
        town.key, STORY, choice="Dirahasiakan", write={"Nama": NAME, "Nomor atau alamat surel": "0811-0000-4417"}
    )
    number = rani.register

    clock.at("2026-11-16 09.10")
    operator.finish(number, "langkah 2", choice="Ya", reason="Perlu klarifikasi departemen.")
    leader.visit("/belum-teratasi").says(number)
    leader.open(number).says("Jatuh tempo Kamis, 19 November, 16.00 WIB", "Perlu klarifikasi departemen.")
    missing = leader.finish(number, "langkah 3", expect=422, reason="Mohon diklarifikasi.")
    missing.says("Tetapkan Pihak Yang Dikomplain.")
    assert missing.form("Selesaikan langkah 3").sent["reason"] == ["Mohon diklarifikasi."], "nothing typed is lost"

    clock.at("2026-11-17 10.00")
    leader.finish(
        number, "langkah 3", pick={"Pihak Yang Dikomplain": "Departemen Kimia"}, reason="Mohon diklarifikasi."
    )
    assert not town.on("kabag-tu").has_duty(number), "bound for this case: not who stands there by default"

    page = party.open(number)
    page.says(STORY, "Langkah 4 dari 7", "Jatuh tempo Rabu, 18 November, 16.00 WIB")
    page.says_not(NAME, "0811-0000-4417")
    for round_, (day, verdict) in enumerate((("17", "Tidak"), ("18", "Tidak"), ("19", "Ya")), 1):
        step = "langkah 4" if round_ == 1 else f"langkah 4 putaran {round_}"
        clock.at(f"2026-11-{day} 13.30")
        party.finish(number, step, reason=f"Klarifikasi ke-{round_}: daftar nilai diperiksa.")
        assert party.visit(f"/kasus/{town.case(number).pk}", expect=404)
        clock.at(f"2026-11-{day} 15.00")
        check = "langkah 5" if round_ == 1 else f"langkah 5 putaran {round_}"
        leader.open(number).says(f"Klarifikasi ke-{round_}")
        if verdict == "Tidak":
            unexplained = leader.finish(number, check, choice="Tidak", expect=422)
            unexplained.says("Tuliskan alasannya.")
            back = leader.finish(number, check, choice="Tidak", reason=f"Belum menjawab permintaan ({round_}).")
            back.says(f"putaran {round_ + 1}")
            party.open(number).says(f"Belum menjawab permintaan ({round_}).", f"putaran {round_ + 1}")
        else:
            leader.finish(number, check, choice="Ya")

    told = leader.visit(f"/kasus/{town.case(number).pk}/tenggat")
    # Row 4: 2.5 hours on the 17th, then twice 6, from 15.00 to 13.30 of the next day; row 5: ninety minutes each.
    told.says("Semua putaran bersama", "Langkah 4 3 14 jam 30 menit tidak ada", "Langkah 5 3 4 jam 30 menit tidak ada")
    told.says("Langkah 4 putaran 2: ", "Langkah 5 putaran 3: ").says_not("Langkah 3 1")
    operator.open(number).says("Waktu 2 Jam", "Jatuh tempo Jumat, 20 November, 08.30 WIB")
    assert rani.status() == "Diproses"
    rani.track().says("Diulang 2 kali.").says_not("Belum menjawab permintaan", "Klarifikasi ke-1")
    clock.at("2026-11-19 15.30")
    operator.finish(number, "langkah 6", answer="Nilai Anda sudah dibetulkan menjadi A.")
    rani.track().says("Nilai Anda sudah dibetulkan menjadi A.")

    clock.at("2026-11-20 09.00")  # 15.30 + 1 Jam, counted in office hours, is 08.00: nobody confirmed
    assert rani.status() == "Selesai"
    kinds = town.kinds(number)
    (silence,) = [entry.event for entry in town.entries(number) if entry.event.kind == "TimedOut"]
    assert silence.due == clock.moment("2026-11-20 08.00"), "1 Jam of the user, for information"
    assert "Breached" not in kinds, "who stands outside never breaches the organisation's record"
    operator.look_up(number).says("Batas waktu langkah 7 tercapai", "Putaran 3")
    leader.visit("/belum-teratasi").says_not(number)


def test_each_party_enters_what_it_knows_on_one_form_that_prints_as_the_case_file(town: Town) -> None:
    """S0-2, S0-7: the Formulir Keluhan Pelanggan travels through the rows and keeps every entry, with its files."""
    clock, rani = town.clock, town.complainant()
    operator, leader, party = town.on("operator-mipa-care"), town.on("wakil-dekan-umum"), town.on("kabag-tu")
    clock.at("2026-11-16 08.05")
    form = rani.visit(f"/lapor/{town.key}").form("Kirim laporan").write("Uraian", STORY)
    form.attach("Berkas gambar atau PDF", ("daftar nilai.pdf", b"%PDF-1.4 daftar nilai"))
    receipt = form.send()
    receipt.says("1 berkas")
    rani.keep(receipt)
    number = rani.register
    operator.finish(number, "langkah 2", choice="Ya", reason="Catatan operator.")
    leader.finish(
        number, "langkah 3", pick={"Pihak Yang Dikomplain": "Kepala Bagian Tata Usaha"}, reason="Catatan pimpinan."
    )
    party.finish(number, "langkah 4", reason="Solusi: nilai ditukar.", files={"bukti.png": PNG})
    leader.finish(number, "langkah 5", choice="Ya", reason="Sesuai permintaan.")
    operator.finish(number, "langkah 6", answer="Sudah selesai.", files={"surat jawaban.pdf": b"%PDF-1.4 jawaban"})
    entries = (
        "Catatan operator.",
        "Catatan pimpinan.",
        "Solusi: nilai ditukar.",
        "Sesuai permintaan.",
        "Sudah selesai.",
    )
    case = operator.look_up(number)
    case.says(*entries, "daftar nilai.pdf", "bukti.png", "surat jawaban.pdf")
    case.click("Cetak berkas kasus").says(*entries, STORY, number)
    assert operator.visit(case.links[next(one for one in case.links if "bukti.png" in one)]).body == PNG
    mine = rani.track()
    mine.says("surat jawaban.pdf", "daftar nilai.pdf").says_not("bukti.png", "Catatan pimpinan.")
    assert rani.visit(mine.links[next(one for one in mine.links if "jawaban" in one)]).body == b"%PDF-1.4 jawaban"


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def test_a_complaint_by_telephone_stands_in_the_same_register_with_both_its_moments(town: Town) -> None:
    """S0-1 (phone), S0-11, S4-4: said at 08.15, typed at 08.40; the time of the row counts from when it was said."""
    clock, caller, operator = town.clock, town.complainant(), town.on("operator-mipa-care")
    clock.at("2026-11-16 08.05")
    town.complainant().report(town.key, "Laporan lewat web.")
    clock.at("2026-11-16 08.40")
    form = (
        operator.visit("/catat").form("Catat dan cetak tanda terima").pick("Saluran", "Telepon").write("Uraian", STORY)
    )
    form.write("Disampaikan pada", "2026-11-16T08:15").write("Nama", NAME).write("Telepon", "0811-0000-4417")
    form.write("Nomor pada sistem lain", "https://ub-care.ub.ac.id/tiket/4417")
    receipt = form.send()
    receipt.says("0002/PGD/FMIPA/XI/2026", "08.15 WIB", "Dicatat 16 November 2026, 08.40 WIB", "Telepon")
    caller.keep(receipt)
    assert caller.register == "0002/PGD/FMIPA/XI/2026"

    case = operator.open(caller.register)
    case.says("Lewat 10 menit", "ub-care.ub.ac.id/tiket/4417", "08.15 WIB")
    late = operator.finish(caller.register, "langkah 2", choice="Tidak", answer="Sudah kami jawab lewat telepon.")
    late.says("Lewat waktu: waktu langkah 2 berakhir 16 November 2026, 08.30 WIB.")
    caller.track().says("Sudah kami jawab lewat telepon.")
    book = operator.visit("/register")
    book.says("0001/PGD/FMIPA/XI/2026", "0002/PGD/FMIPA/XI/2026", "Formulir web", "Telepon")


@pytest.mark.parametrize("channel", ["WhatsApp", "Surat", "Datang langsung", "Kotak saran"])
def test_whatever_the_channel_the_desk_types_it_on_the_same_form(town: Town, channel: str) -> None:
    """S0-1, S4-4: WhatsApp, letter, counter and box end in the same register, with a code to track by."""
    town.clock.at("2026-11-16 08.05")
    operator, sender = town.on("operator-mipa-care"), town.complainant()
    form = operator.visit("/catat").form("Catat dan cetak tanda terima").pick("Saluran", channel).write("Uraian", STORY)
    if channel == "Surat":
        form.write("Nomor surat", "17/HMK/XI/2026").write("Nomor agenda", "A-311").write("Tanggal surat", "2026-11-13")
    sender.keep(form.send())
    sender.track().says(STORY)
    case = operator.open(sender.register).says(channel)
    if channel == "Surat":
        case.says("17/HMK/XI/2026", "A-311", "2026")
    operator.visit("/register").says(sender.register, channel)


def test_an_answer_that_does_not_suit_sends_the_case_back_to_the_first_row(town: Town) -> None:
    """S0-5, S0-6, S4-8: "belum sesuai" while the answer waits, and once more after the case had ended."""
    clock, rani, operator = town.clock, town.complainant(), town.on("operator-mipa-care")
    clock.at("2026-11-16 08.05")
    rani.report(town.key, STORY)
    operator.finish(rani.register, "langkah 2", choice="Tidak", answer="Silakan tunggu.")
    page = rani.track()
    wordless = page.form("Kirim pernyataan").choose("Belum sesuai").send(expect=422)
    wordless.says("Tuliskan apa yang belum sesuai.")
    again = wordless.form("Kirim pernyataan").write("Apa yang belum sesuai?", "Nilai saya masih tertukar.").send()
    again.says("Laporan Anda diperiksa kembali.")
    assert rani.status() == "Diverifikasi"
    operator.open(rani.register).says("Nilai saya masih tertukar.", "putaran 2")
    operator.finish(rani.register, "langkah 2 putaran 2", choice="Tidak", answer="Nilai sudah ditukar.")
    clock.at("2026-11-17 10.00")
    assert rani.status() == "Selesai", "an hour without word is the end"

    clock.at("2026-11-20 10.00")
    open_again = rani.track().form("Kirim pernyataan").choose("Belum sesuai")
    open_again.write("Apa yang belum sesuai?", "Di transkrip masih salah.").send()
    operator.open(rani.register).says("Di transkrip masih salah.", "putaran 3")
    operator.finish(rani.register, "langkah 2 putaran 3", choice="Tidak", answer="Transkrip juga sudah dibetulkan.")
    rani.track().form("Kirim pernyataan").choose("Saya terima jawabannya").send()
    assert rani.status() == "Selesai"

    clock.at("2026-12-18 10.00")  # ten working days later nothing opens the case again
    late = rani.track()
    assert not late.has_form("Kirim pernyataan")
    rated = late.form("Kirim penilaian").choose("Sangat puas").write("Catatan", "Akhirnya beres.").send()
    rated.says("Terima kasih atas penilaian Anda.")


def test_while_the_complainant_is_asked_for_papers_time_stands_still(town: Town) -> None:
    """S4-8, S1-9: asked at 08.10, answered at 10.00; of the 15 minutes only those at the office's side count."""
    clock, rani, operator = town.clock, town.complainant(), town.on("operator-mipa-care")
    clock.at("2026-11-16 08.05")
    rani.report(town.key, STORY)
    clock.at("2026-11-16 08.10")
    asking = operator.open(rani.register).form("Hentikan waktu dan minta")
    asking.send(expect=422).says("Tuliskan apa yang diminta dari pelapor.")
    asked = (
        operator.open(rani.register)
        .form("Hentikan waktu dan minta")
        .write("Yang diminta", "Mohon kirim KHS Anda.")
        .send()
    )
    asked.says("Waktu berhenti")
    assert rani.status() == "Menunggu kelengkapan"
    assert "Waktu berhenti" in operator.duties().main

    clock.at("2026-11-16 10.00")
    page = rani.track().says("Mohon kirim KHS Anda.")
    form = page.form("Kirim pesan").write("Tulis pesan", "Ini KHS saya.").attach("Berkas", ("khs.png", PNG))
    form.send().says("Pesan Anda sudah kami terima", "Ini KHS saya.", "khs.png")
    case = operator.open(rani.register).says("Ini KHS saya.", "Sisa 10 menit", "berhenti 1 jam 50 menit")
    assert case.has_form("Selesaikan langkah 2")
    clock.at("2026-11-16 10.09")
    operator.finish(rani.register, "langkah 2", choice="Tidak", answer="KHS Anda sudah dicocokkan.")
    assert "Breached" not in town.kinds(rani.register)


def test_who_takes_the_complaint_back_keeps_the_number_and_leaves_no_duty(town: Town) -> None:
    """S4-8, S4-5: withdrawn, with a reason; the register stays without a gap."""
    rani, operator = town.complainant(), town.on("operator-mipa-care")
    rani.report(town.key, STORY)
    page = rani.track().form("Cabut laporan").write("Alasan", "Sudah selesai sendiri.").send()
    page.says("Laporan Anda sudah dicabut.")
    assert rani.status() == "Dicabut"
    assert not operator.has_duty(rani.register)
    operator.look_up(rani.register).says("Sudah selesai sendiri.", "dicabut")
    second = town.complainant()
    second.report(town.key, "Laporan berikutnya.")
    book = operator.visit("/register").says(rani.register, second.register)
    rows = [one.text for one in book.root.all("tr") if "/PGD/FMIPA/" in one.text]
    assert len(rows) == 2


def test_who_stays_unknown_leaves_no_name_and_still_gets_the_answer(town: Town) -> None:
    """S0-1, S4-8: without identity nothing of a name typed by habit is kept."""
    rani, operator = town.complainant(), town.on("operator-mipa-care")
    rani.report(
        town.key, STORY, choice="Tanpa identitas", write={"Nama": NAME, "Nomor atau alamat surel": "a@b.example"}
    )
    case = operator.open(rani.register).says("Tanpa identitas")
    case.says_not(NAME, "a@b.example")
    assert not case.has_form("Buka dan catat"), "there is nothing to reveal"
    operator.finish(rani.register, "langkah 2", choice="Tidak", answer="Terima kasih laporannya.")
    rani.track().says("Terima kasih laporannya.")


def test_a_name_kept_secret_is_shown_only_after_it_is_on_record_who_looked(town: Town) -> None:
    """S4-8: the desk opens an identity with a reason; the complainant sees who did."""
    rani, operator = town.complainant(), town.on("operator-mipa-care")
    rani.report(town.key, STORY, choice="Dirahasiakan", write={"Nama": NAME})
    case = operator.open(rani.register).says_not(NAME)
    form = (
        case.form("Buka dan catat").pick("Keperluan", "Menghubungi pelapor").write("Penjelasan", "Menelepon pelapor.")
    )
    form.send().says(NAME)
    operator.open(rani.register).says_not(NAME)
    rani.track().says("Siapa yang membuka identitas Anda", str(operator.user.shown_name))


def test_the_coordinator_sees_what_is_forwarded_and_unresolved_and_others_see_nothing(town: Town) -> None:
    """S0-8, S4-20: every open case with its step and performer; 404 for who has no part in it."""
    rani, operator = town.complainant(), town.on("operator-mipa-care")
    rani.report(town.key, STORY)
    operator.finish(rani.register, "langkah 2", choice="Ya")
    town.on("wakil-dekan-umum").visit("/belum-teratasi").says(rani.register, "Wakil Dekan Bidang Umum dan Keuangan")
    address = f"/kasus/{town.case(rani.register).pk}"
    for other in ("kadep-fisika", "stranger"):
        page = town.on(other).visit(address, expect=404)
        page.says_not(STORY, rani.register)
        town.on(other).visit(f"{address}/berkas", expect=404)
    assert_sign_in(town.complainant().visit(address))
    town.on("auditor").visit(address).says(STORY)
    leader = town.on("wakil-dekan-umum")
    closing = leader.open(rani.register).form("Akhiri laporan").pick("Dicatat sebagai", "Bukan kewenangan")
    closing.send(expect=422).says("Tuliskan alasannya.")
    closing.write("Alasan", "Menjadi wewenang universitas.").send()
    assert rani.status() == "Bukan kewenangan"


def assert_sign_in(page: Page) -> None:
    """The page asks who one is."""
    assert "/akun/" in page.url or page.url.startswith("/masuk"), page.url
