"""Tracking: number and code by POST only, one's own case and nobody else's, and what may be said in it."""

from __future__ import annotations

from unittest.mock import Mock

import pytest

from tanggap.actions import merging
from tanggap.actions.contents import TooLarge
from tanggap.records.models import Rating
from town import Complainant, Town

STORY = "Surat keterangan saya belum terbit."


def answered(town: Town) -> Complainant:
    """A complaint that was answered at once."""
    rani = town.complainant()
    rani.report(town.key, STORY)
    town.on("operator-mipa-care").finish(rani.register, "langkah 2", choice="Tidak", answer="Surat Anda sudah terbit.")
    return rani


@pytest.mark.parametrize("wrong", ["number", "code", "both"])
def test_wrong_number_and_wrong_code_are_one_answer_and_keep_what_was_typed(town: Town, wrong: str) -> None:
    rani = town.complainant()
    rani.report(town.key, STORY)
    number = "0999/PGD/FMIPA/XI/2026" if wrong != "code" else rani.register
    code = "AAAA-AAAA-AAAA-AAAA" if wrong != "number" else rani.code
    form = town.complainant().visit("/lacak").form("Buka laporan")
    page = form.write("Nomor register", number).write("Kode lacak", code).send(expect=422)
    page.says("Nomor register dan kode lacak itu tidak cocok").says_not(STORY)
    assert page.form("Buka laporan").sent["register"] == [number]


def test_after_too_many_tries_one_is_asked_to_come_back_and_nothing_typed_is_lost(town: Town) -> None:
    """S10: 429 at once, the same for a wrong code and an absent number; the same form sent later is answered."""
    rani = town.complainant()
    rani.report(town.key, STORY)
    crowd = town.complainant()  # one address, as of a campus
    for _ in range(10):
        form = crowd.visit("/lacak").form("Buka laporan")
        form.write("Nomor register", rani.register).write("Kode lacak", "AAAA-AAAA-AAAA-AAAA").send(expect=422)
    said = []
    for number in (rani.register, "0999/PGD/FMIPA/XI/2026"):
        form = crowd.visit("/lacak").form("Buka laporan")
        page = form.write("Nomor register", number).write("Kode lacak", rani.code).send(expect=429)
        page.says("Coba lagi setelah 5 detik").says_not(STORY)
        assert page.response["Retry-After"] == "5"
        assert (page.form("Buka laporan").sent["register"], page.form("Buka laporan").sent["code"]) == (
            [number], [rani.code],
        )  # fmt: skip
        said.append(page)
    town.clock.later(seconds=5)
    said[0].form("Buka laporan").send().says(STORY)


def test_a_code_in_the_address_opens_nothing(town: Town) -> None:
    rani = town.complainant()
    rani.report(town.key, STORY)
    page = town.complainant().visit(f"/lacak?register={rani.register}&code={rani.code}")
    page.says_not(STORY, rani.code)
    assert town.complainant().visit("/lacak/laporan").has_form("Buka laporan"), "nobody without a code"


def test_the_code_is_read_however_it_is_typed(town: Town) -> None:
    rani = town.complainant()
    rani.report(town.key, STORY)
    typed = rani.code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    form = town.complainant().visit("/lacak").form("Buka laporan")
    form.write("Nomor register", f"  {rani.register.lower()} ").write("Kode lacak", typed).send().says(STORY)


def test_the_tracked_case_is_kept_out_of_caches_and_closed_on_request(town: Town) -> None:
    rani = town.complainant()
    rani.report(town.key, STORY)
    page = rani.track()
    assert "no-store" in page.response["Cache-Control"]
    assert page.response["Referrer-Policy"] in ("same-origin", "no-referrer")
    page.form("Tutup laporan ini di perangkat ini").send()
    assert rani.visit("/lacak/laporan").has_form("Buka laporan")


def test_the_path_of_the_sop_is_shown_with_what_was_done_is_now_and_comes(town: Town) -> None:
    rani = town.complainant()
    rani.report(town.key, STORY)
    page = rani.track()
    states = [one.attrs["class"] for one in page.root.first("ol", class_="path").all("li")]
    assert states == ["is-done", "is-now", *["is-next"] * 6]
    page.says("Paling lambat Senin, 16 November 2026 pukul 08.20 WIB", "Berikutnya: selesai")


def test_a_message_ends_the_waiting_and_an_empty_one_is_refused_in_words(town: Town, settings: object) -> None:
    rani, operator = town.complainant(), town.on("operator-mipa-care")
    rani.report(town.key, STORY)
    ask = operator.open(rani.register).form("Hentikan waktu dan minta")
    ask.write("Yang diminta", "Mohon kirim foto bukti pengajuan.").send().says("Waktu berhenti")
    assert rani.status() == "Menunggu kelengkapan"
    page = rani.track().says("Mohon kirim foto bukti pengajuan.", "Waktu berhenti")
    page.form("Kirim pesan").send(expect=422).says("Tulis pesan Anda, atau lampirkan berkas.")
    form = rani.track().form("Kirim pesan").write("Tulis pesan", "Berikut buktinya.")
    form.attach("Berkas", ("bukti.png", b"\x89PNG\r\n\x1a\n" + bytes(64))).send().says("Pesan Anda sudah kami terima")
    assert rani.status() != "Menunggu kelengkapan"
    operator.open(rani.register).says("Berikut buktinya.", "bukti.png", "Waktu berjalan kembali")
    settings.TANGGAP_CASE_MEGABYTES = 0  # type: ignore[attr-defined]
    form = rani.track().form("Kirim pesan").write("Tulis pesan", "Satu lagi.").attach("Berkas", ("lagi.txt", b"x"))
    form.send(expect=413).says("Lampiran laporan ini sudah mendekati 0 MB", "Tulisan Anda masih ada", "Satu lagi.")


def test_a_case_that_fills_up_while_a_message_is_sent_says_so_and_keeps_the_words(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    rani = town.complainant()
    rani.report(town.key, STORY)
    monkeypatch.setattr(merging, "check_room", Mock(side_effect=TooLarge("Penuh.")))
    form = rani.track().form("Kirim pesan").write("Tulis pesan", "Satu lagi.").attach("Berkas", ("lagi.txt", b"x"))
    form.send(expect=413).says("Penuh. Tulisan Anda masih ada", "Satu lagi.")


def test_belum_sesuai_needs_a_reason_and_keeps_the_choice(town: Town) -> None:
    rani = answered(town)
    page = rani.track().form("Kirim pernyataan").send(expect=422)
    page.says("Pilih salah satu pernyataan.")
    page = page.form("Kirim pernyataan").choose("Belum sesuai").send(expect=422)
    page.says("Tuliskan apa yang belum sesuai.")
    assert page.form("Kirim pernyataan").sent["verdict"] == ["reject"]
    page.form("Kirim pernyataan").write("Apa yang belum sesuai?", "Nama saya salah tulis.").send()
    assert rani.status() == "Diverifikasi", "back at the first row"
    rani.track().says_not("Apakah jawaban ini sesuai?")
    town.on("operator-mipa-care").open(rani.register).says("Nama saya salah tulis.", "putaran 2")


def test_a_satisfied_complainant_ends_the_case_and_rates_it_once(town: Town) -> None:
    rani = answered(town)
    rani.track().form("Kirim pernyataan").choose("Saya terima jawabannya").send()
    assert rani.status() == "Selesai"
    rani.track().form("Kirim penilaian").choose("Puas").write("Catatan", "Cepat.").send()
    assert Rating.objects.get().stars == 4
    assert not rani.track().has_form("Kirim penilaian")


def test_a_form_made_by_hand_rates_nothing_before_the_answer(town: Town) -> None:
    rani = town.complainant()
    rani.report(town.key, STORY)
    form = rani.track().form("Kirim pesan")
    form.action = "/lacak/penilaian"
    form.put("stars", "5").put("words", "bagus").send(expect=422).says("belum dijawab, sehingga belum dapat dinilai")
    form.action = "/lacak/pernyataan"
    form.put("verdict", "accept").put("stars", "5").send()
    assert not Rating.objects.exists()


@pytest.mark.parametrize("address", ["pesan", "pernyataan", "penilaian", "cabut", "tutup"])
def test_the_address_of_a_form_leads_to_the_page_it_stands_on(town: Town, address: str) -> None:
    """Another language, or a bookmark, comes back to an address without a form: never a blank page."""
    rani = town.complainant()
    rani.report(town.key, STORY)
    assert rani.visit(f"/lacak/{address}").has_form("Buka laporan"), "who has shown no code is asked for it"
    rani.track()
    assert rani.visit(f"/lacak/{address}").url.startswith("/lacak/laporan")


def test_a_withdrawn_case_says_so_and_cannot_be_withdrawn_twice(town: Town) -> None:
    rani = town.complainant()
    rani.report(town.key, STORY)
    form = rani.track().form("Cabut laporan").write("Alasan", "Sudah selesai sendiri.")
    form.send().says("Laporan Anda sudah dicabut.")
    assert rani.status() == "Dicabut"
    assert form.send().status == 200, "the same press twice is one withdrawal"
    form.put("key", "lain").send(expect=409).says("sudah berakhir")


def test_nobody_reads_a_file_of_another_case(town: Town) -> None:
    rani, budi = town.complainant(), town.complainant()
    form = rani.visit("/lapor/ub-fmipa").form("Kirim laporan").write("Uraian", STORY)
    rani.keep(form.attach("Berkas gambar", ("bukti.pdf", b"%PDF-1.4 rahasia")).send())
    link = next(url for words, url in rani.track().links.items() if "bukti.pdf" in words)
    mine = rani.visit(link)
    assert mine.body == b"%PDF-1.4 rahasia"
    assert mine.response["Content-Type"] == "application/octet-stream"
    assert mine.response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in mine.response["Content-Security-Policy"]
    budi.report(town.key, "Laporan lain.")
    budi.track()
    budi.visit(link, expect=404)
    assert town.complainant().visit(link).has_form("Buka laporan")
