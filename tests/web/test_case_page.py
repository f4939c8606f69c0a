"""The case page: what the row allows and no more, in words when it cannot be, with nothing lost and few questions."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tanggap.casework.commands import Bind, Dispose
from tanggap.records.models import CaseEvent
from town import Complainant, Town

STORY = "Nilai praktikum saya tertukar."


@pytest.fixture
def rani(town: Town) -> Complainant:
    """Somebody who just filed."""
    rani = town.complainant()
    rani.report(town.key, STORY)
    return rani


def test_the_step_card_says_what_the_row_says(town: Town, rani: Complainant) -> None:
    page = town.on("operator-mipa-care").open(rani.register)
    page.says(
        "Langkah 2 dari 7", "Memeriksa keluhan dan merespon keluhan", "Jika ya, diteruskan ke pimpinan", "15 Menit",
        "informasi/Formulir Keluhan Pelanggan", "Diteruskan ke pimpinan?", "Lanjut ke langkah 3, Pimpinan",
        "Lanjut ke langkah 7, Pengguna Layanan", "Selesaikan langkah 2", "Sisa", "Anda di sini",
    )  # fmt: skip
    assert len(page.root.first("section", class_="step-card").all("button", class_="btn-1")) == 1


def test_a_case_that_is_not_visible_does_not_exist(town: Town, rani: Complainant) -> None:
    case = town.case(rani.register).pk
    for post in ("stranger", "kadep-kimia"):
        for address in (f"/kasus/{case}", f"/kasus/{case}/berkas", f"/kasus/{case}/disposisi/d1"):
            town.on(post).visit(address, expect=404).says("Halaman tidak ditemukan")
    stranger = town.on("stranger").visit("/tugas")
    assert rani.register not in stranger.html


def test_whoever_is_complained_of_reads_no_sheet_of_another_unit(town: Town, rani: Complainant) -> None:
    world, case = town.world, town.case(rani.register).pk
    world.complete(case, "2#1", "operator-mipa-care", choice="ya")
    for number, unit in enumerate(("subbag-akademik", "departemen-fisika"), 1):
        world.act(Dispose("3#1", (unit,), standard="1 hari"), case, world.on["wakil-dekan-umum"])
        town.on("wakil-dekan-umum").visit(f"/kasus/{case}/disposisi/d{number}").says("Lembar disposisi")
    world.act(Bind("terlapor", ("departemen-fisika",)), case, world.on["wakil-dekan-umum"])
    town.on("kadep-fisika").visit(f"/kasus/{case}/disposisi/d1", expect=404)
    town.on("kadep-fisika").visit(f"/kasus/{case}/disposisi/d2").says("Lembar disposisi")


def test_the_address_of_a_form_leads_to_its_case_for_who_just_signed_in(town: Town, rani: Complainant) -> None:
    case = town.case(rani.register).pk
    for verb in ("selesaikan", "identitas"):
        town.on("operator-mipa-care").visit(f"/kasus/{case}/{verb}").says("Langkah 2 dari 7")
        town.on("stranger").visit(f"/kasus/{case}/{verb}", expect=404)


def test_whoever_is_not_signed_in_is_asked_to_sign_in(town: Town, rani: Complainant) -> None:
    for address in ("/tugas", f"/kasus/{town.case(rani.register).pk}", "/catat", "/register", "/belum-teratasi"):
        page = town.complainant().visit(address)
        page.says("Masuk untuk petugas").says_not(rani.register)


@pytest.mark.parametrize(
    ("fill", "words"),
    [
        ({}, "Pilih salah satu keputusan."),
        ({"choice": "Tidak"}, "Tuliskan jawaban kepada pelapor."),
    ],
)
def test_what_is_missing_is_told_at_the_field_and_what_was_typed_stays(
    town: Town, rani: Complainant, fill: dict[str, str], words: str
) -> None:
    operator = town.on("operator-mipa-care")
    form = operator.open(rani.register).form("Selesaikan langkah 2").write("Catatan", "Sudah saya telepon loket.")
    if "choice" in fill:
        form.choose(fill["choice"])
    page = form.send(expect=422)
    page.says("Belum tersimpan", words)
    again = page.form("Selesaikan langkah 2")
    assert again.sent["reason"] == ["Sudah saya telepon loket."]
    assert again.sent.get("choice", []) == form.sent.get("choice", [])


def test_somebody_else_acted_is_told_with_name_and_moment_and_the_text_can_be_copied(
    town: Town, rani: Complainant
) -> None:
    town.give("kabag-tu", coordinator=True)
    operator, other = town.on("operator-mipa-care"), town.on("wakil-dekan-umum")
    mine = operator.open(rani.register).form("Selesaikan langkah 2").choose("Tidak")
    mine.write("Jawaban kepada pelapor", "Nilai Anda sudah dibetulkan.")
    town.clock.at("2026-11-16 08.10")
    redirect = other.look_up(rani.register).form("Tugaskan")
    redirect.pick("Pelaksana baru", "Kepala Bagian Tata Usaha").send()
    town.clock.at("2026-11-16 08.12")
    before = CaseEvent.objects.count()
    page = mine.send(expect=409)
    page.says(str(other.user), "16 November 2026, 08.10 WIB", "Nilai Anda sudah dibetulkan.")
    assert CaseEvent.objects.count() == before


def test_the_same_form_sent_twice_is_done_once(town: Town, rani: Complainant) -> None:
    operator = town.on("operator-mipa-care")
    form = operator.open(rani.register).form("Selesaikan langkah 2").choose("Tidak")
    form.write("Jawaban kepada pelapor", "Sudah.").send()
    events = CaseEvent.objects.count()
    assert form.send().status == 200
    assert CaseEvent.objects.count() == events
    page = form.put("key", "lain").write("Jawaban kepada pelapor", "Lain lagi.").send(expect=409)
    page.says("sudah menyelesaikannya, 16 November 2026, 08.05 WIB.", "Lain lagi.")


def test_what_a_row_does_not_offer_cannot_be_asked_for_by_hand(town: Town, rani: Complainant) -> None:
    operator = town.on("operator-mipa-care")
    form = operator.open(rani.register).form("Selesaikan langkah 2")
    form.put("choice", "loncat").send(expect=422).says("Keputusan itu tidak tersedia pada langkah ini.")
    page = operator.open(rani.register)
    assert not page.has_form("Alihkan langkah"), "only coordinators depart from the SOP"
    hand = page.form("Selesaikan langkah 2")
    hand.action = hand.action.replace("selesaikan", "alihkan")
    hand.put("row", "5").put("reason", "sekali-sekali").send(expect=403).says("tidak mempunyai wewenang")


def test_an_internal_note_never_reaches_the_complainant_and_a_reply_does(town: Town, rani: Complainant) -> None:
    operator = town.on("operator-mipa-care")
    operator.open(rani.register).form("Kirim").write("Balas", "Sedang kami cek.").send()
    operator.open(rani.register).form("Kirim").write("Balas", "Kata loket: belum diparaf.").tick(
        "Catatan internal"
    ).send()
    operator.open(rani.register).says("Sedang kami cek.", "Kata loket: belum diparaf.", "menulis catatan internal")
    rani.track().says("Sedang kami cek.").says_not("belum diparaf")


def test_a_disposition_prints_in_its_usual_form_and_is_reported_back(town: Town, rani: Complainant) -> None:
    operator, leader = town.on("operator-mipa-care"), town.on("wakil-dekan-umum")
    operator.finish(rani.register, "langkah 2", choice="Ya")
    form = leader.open(rani.register).form("Kirim disposisi").pick("Diteruskan kepada", "Kepala Bagian Tata Usaha")
    form.pick("Sifat", "Segera").tick("Proses lebih lanjut").write("Catatan", "Periksa daftar nilai.")
    page = form.write("Waktu", "1 hari").send()
    page.says("memberi disposisi kepada Kepala Bagian Tata Usaha (segera)", "Periksa daftar nilai.")
    sheet = leader.visit(page.links["Cetak lembar disposisi"])
    sheet.says("Lembar disposisi", "☑ Segera", "☐ Biasa", "☑ Proses lebih lanjut", "Periksa daftar nilai.")
    sheet.says("☑ Kepala Bagian Tata Usaha", rani.register, "Paraf")
    holder = town.on("kabag-tu")
    assert holder.has_duty(rani.register)
    holder.open(rani.register).form("Laporkan hasil disposisi").write("Hasil", "Daftar sudah dibetulkan.").send()
    leader.open(rani.register).says("melaporkan hasil disposisi", "Daftar sudah dibetulkan.")


def test_the_identity_is_shown_only_after_the_look_is_on_record_and_the_complainant_sees_it(town: Town) -> None:
    rani, operator = town.complainant(), town.on("operator-mipa-care")
    rani.report(town.key, STORY, write={"Nama": "Kanari Wulandari"})
    page = operator.open(rani.register).says("Nama tersimpan", "Dirahasiakan").says_not("Kanari")
    shown = page.form("Buka dan catat").pick("Keperluan", "Menghubungi").write("Penjelasan", "Menelepon balik.").send()
    shown.says("Kanari Wulandari")
    operator.open(rani.register).says_not("Kanari")
    rani.track().says("Siapa yang membuka identitas Anda", str(operator.user))


def test_a_coordinator_may_close_outside_the_flow_with_a_reason_and_open_again(town: Town, rani: Complainant) -> None:
    leader = town.on("wakil-dekan-umum")
    form = leader.look_up(rani.register).form("Akhiri laporan").pick("Dicatat sebagai", "Bukan kewenangan")
    form.send(expect=422).says("Tuliskan alasannya.")
    form.write("Alasan", "Urusan fakultas lain.").send().says("Laporan diakhiri.")
    assert rani.status() == "Bukan kewenangan"
    leader.look_up(rani.register).form("Buka kembali").write("Alasan", "Ternyata urusan kami.").send()
    assert rani.status() != "Bukan kewenangan"


def test_a_wrong_moment_is_put_right_and_the_old_one_stays_readable(town: Town, rani: Complainant) -> None:
    leader = town.on("wakil-dekan-umum")
    form = leader.look_up(rani.register).form("Betulkan").write("Waktu yang benar", "2026-11-16T07:40")
    form.write("Alasan", "Diterima di loket lebih awal.").send().says("Waktu dibetulkan")
    leader.look_up(rani.register).says("membetulkan waktu catatan nomor 1", "16 November 2026, 07.40 WIB")


def test_the_author_may_take_back_a_completion_before_anyone_went_on(town: Town, rani: Complainant) -> None:
    operator = town.on("operator-mipa-care")
    operator.finish(rani.register, "langkah 2", choice="Ya")
    operator.look_up(rani.register).form("Batalkan").send().says("Penyelesaian dibatalkan.")
    assert operator.has_duty(rani.register)


def test_the_desk_records_whether_an_answer_arrived_with_its_proof(town: Town, rani: Complainant) -> None:
    """S1-6, S0-6: proof of sending; a failed delivery completes nothing."""
    operator = town.on("operator-mipa-care")
    operator.finish(rani.register, "langkah 2", choice="Tidak", answer="Nilai sudah dibetulkan.")
    failed = operator.look_up(rani.register).form("Catat bukti kirim").choose("Gagal").send()
    failed.says("Jawaban gagal disampaikan kepada pelapor.")
    assert rani.status() == "Ditanggapi"


def test_lists_and_case_ask_the_database_a_fixed_number_of_questions(town: Town) -> None:
    """No N+1: five cases cost what one costs."""
    operator, rani = town.on("operator-mipa-care"), town.complainant()
    rani.report(town.key, STORY)
    operator.visit("/tugas"), operator.open(rani.register)

    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            operator.visit(address)
        return len(queries)

    case = f"/kasus/{town.case(rani.register).pk}"
    few = {address: asked(address) for address in ("/tugas", "/register", "/belum-ditanggapi", case)}
    for number in range(5):
        town.complainant().report(town.key, f"Laporan lain {number}.")
    for text in ("Satu.", "Dua.", "Tiga."):
        operator.open(rani.register).form("Kirim").write("Balas", text).send()
    operator.visit("/tugas")
    many = {address: asked(address) for address in few}
    assert all(many[address] <= few[address] + 2 for address in few), (few, many)
    assert max(many.values()) < 60, many


def test_a_form_sent_after_the_session_ended_is_answered_with_its_words(town: Town, rani: Complainant) -> None:
    """Nobody types an answer twice because they were called away."""
    client, case = Client(), town.case(rani.register).pk
    typed = {"visit": "2#1", "choice": "tidak", "answer": "Jawaban yang panjang sekali", "key": "k"}
    for address in (f"/kasus/{case}/selesaikan", "/lacak/pesan"):
        answer = client.post(address, {**typed, "message": "Jawaban yang panjang sekali"})
        assert answer.status_code == 403
        assert "Sesi Anda sudah berakhir" in answer.content.decode()
        assert "Jawaban yang panjang sekali" in answer.content.decode()


def test_of_signing_in_only_what_has_a_page_has_an_address(client: Client, db: None) -> None:
    for address in ("password/reset/", "email/", "signup/", "reauthenticate/", "login/code/"):
        assert client.get(f"/akun/{address}").status_code == 404
