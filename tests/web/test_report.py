"""Filing a complaint: one light page that keeps what was typed, and a receipt with its dates."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from tanggap.records.models import Case
from town import Town

STORY = "Proyektor ruang MC 2.4 mati sejak Senin."


def test_the_page_is_light_and_the_note_on_violence_stands_above_the_first_field(town: Town) -> None:
    page = town.complainant().visit("/lapor/ub-fmipa")
    assert page.html.index("Kekerasan, perundungan") < page.html.index("<fieldset")
    names = re.findall(r'(?:href|src)="/static/([^"]+)"', page.html)
    linked = sum(Path(str(finders.find(name))).stat().st_size for name in names)
    linked += sum(Path(str(finders.find(f"tanggap/{name}"))).stat().st_size for name in ("draft.js",))
    assert len(page.body) + linked < 100_000
    assert "http" not in "".join(re.findall(r'(?:href|src|action)="([^"]*)"', page.html)), "nothing from elsewhere"


def test_the_form_says_by_when_an_answer_would_come(town: Town) -> None:
    page = town.complainant().visit("/lapor/ub-fmipa")
    page.says("Bila dikirim sekarang", "Selasa, 24 November 2026 pukul 09.30 WIB")
    page.says("menurut SOP UN10/F09/07/HK.01.02.a/001")


@pytest.mark.parametrize("story", ["", "   ", "...", "\n\n\t"])
def test_an_empty_story_is_told_at_the_field_and_everything_else_is_kept(town: Town, story: str) -> None:
    form = town.complainant().visit("/lapor/ub-fmipa").form("Kirim laporan")
    form.choose("Saran").choose("Surel").write("Uraian", story).write("Nama", "Dewi Lestari")
    form.write("Nomor atau alamat surel", "dewi@contoh.example").write("Tempat", "Loket, 9 November")
    page = form.send(expect=422)
    page.says("Laporan belum terkirim", "Ceritakan kejadiannya, paling sedikit satu kalimat.")
    again = page.form("Kirim laporan")
    assert again.sent["kind"] == ["suggestion"]
    assert again.sent["reply_by"] == ["email"]
    assert again.sent["name"] == ["Dewi Lestari"]
    assert again.sent["place"] == ["Loket, 9 November"]
    assert again.sent["key"] == form.sent["key"], "the same form, so the same receipt"
    assert page.root.first("textarea", name="story").attrs["aria-invalid"] == "true"
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    ("way", "contact", "words"),
    [("WhatsApp", "0812-44", "Tulis 8 sampai 15 angka"), ("Surel", "dewi", "Tulis alamat surel")],
)
def test_an_answer_by_telephone_or_mail_needs_a_number_or_an_address(
    town: Town, way: str, contact: str, words: str
) -> None:
    form = town.complainant().visit("/lapor/ub-fmipa").form("Kirim laporan")
    page = form.write("Uraian", STORY).choose(way).write("Nomor atau", contact).send(expect=422)
    page.says(words)
    assert page.form("Kirim laporan").sent["story"] == [STORY]
    assert page.form("Kirim laporan").sent["contact"] == [contact]


def test_a_file_over_the_limit_is_told_and_the_text_is_kept(town: Town, settings: object) -> None:
    settings.TANGGAP_FILE_MEGABYTES = 1  # type: ignore[attr-defined]
    form = town.complainant().visit("/lapor/ub-fmipa").form("Kirim laporan").write("Uraian", STORY)
    page = form.attach("Berkas gambar", ("besar.pdf", b"%PDF" + bytes(1_100_000))).send(expect=413)
    page.says("besar.pdf melebihi 1 MB", "Berkas perlu dipilih kembali")
    assert page.form("Kirim laporan").sent["story"] == [STORY]
    assert Case.objects.count() == 0


def test_a_hundred_thousand_letters_and_odd_ones_come_through_unharmed(town: Town) -> None:
    rani = town.complainant()
    odd = "Aku \u202e terbalik, \u200b kosong, 🐓 ayam, ﷽, e\u0301, 日本, \t tab; " + "panjang " * 12_400
    rani.report(town.key, odd)
    rani.track().says("🐓 ayam", "日本", "panjang panjang")
    rani.visit("/lacak")


def test_the_receipt_stands_on_the_answer_itself_and_the_code_in_no_address(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    """The code is in no URL, no header, no log, and no cookie."""
    rani = town.complainant()
    receipt = rani.report(town.key, STORY)
    assert receipt.url == "/lapor/ub-fmipa"
    assert "no-store" in receipt.response["Cache-Control"]
    letters = rani.code.replace("-", "")
    rani.track()
    for page in rani.seen:
        assert rani.code not in page.url
        headers = " ".join(f"{name} {value}" for name, value in page.response.items())
        assert rani.code not in headers
        assert letters not in headers
    assert rani.code not in caplog.text
    assert rani.code not in str(dict(rani.client.session))
    assert all(rani.code not in str(cookie) for cookie in rani.client.cookies.values())


def test_the_qr_code_keeps_number_and_code_behind_the_fragment(town: Town) -> None:
    from tanggap.web import receipts

    drawn = receipts.qr("0001/PGD/FMIPA/XI/2026", "K7QF-29XM-TRWD-8888")
    assert drawn.startswith('<svg class="qr"')
    assert "K7QF" not in drawn
    assert settings.TANGGAP_BASE_URL


def test_the_same_form_sent_again_gives_the_same_receipt_and_one_case(town: Town) -> None:
    rani = town.complainant()
    form = rani.visit("/lapor/ub-fmipa").form("Kirim laporan").write("Uraian", STORY)
    rani.keep(form.send())
    first = (rani.register, rani.code)
    rani.keep(form.send())
    assert (rani.register, rani.code) == first
    assert Case.objects.count() == 1


def test_a_form_that_was_received_and_then_changed_is_a_conflict_in_words_and_keeps_the_text(town: Town) -> None:
    rani = town.complainant()
    form = rani.visit("/lapor/ub-fmipa").form("Kirim laporan").write("Uraian", STORY)
    form.send()
    page = form.write("Uraian", "Isi yang lain sama sekali.").send(expect=409)
    page.says("sudah kami terima dengan isi yang lain")
    again = page.form("Kirim laporan")
    assert again.sent["story"] == ["Isi yang lain sama sekali."]
    assert again.sent["key"] != form.sent["key"]
    rani.keep(again.send())
    assert Case.objects.count() == 2


def test_who_stays_unknown_leaves_neither_name_nor_number(town: Town) -> None:
    rani = town.complainant()
    rani.report(
        town.key, STORY, choice=("Tanpa identitas", "WhatsApp"),
        write={"Nama": "Kanari Wulandari", "Nomor": "0811-0000-4417"},
    )  # fmt: skip
    page = town.on("operator-mipa-care").open(rani.register)
    page.says("Tidak disebutkan", "Tanpa identitas").says_not("Kanari", "0811-0000-4417")


def test_an_institution_nobody_knows_is_not_found(town: Town) -> None:
    for address in ("/lapor/tidak-ada", "/lembaga/tidak-ada", "/sop/tidak-ada/apa"):
        town.complainant().visit(address, expect=404).says("Halaman tidak ditemukan")


def test_an_institution_without_an_sop_in_force_says_so_and_keeps_the_text(town: Town) -> None:
    from tanggap.actions.sops import withdraw

    withdraw(town.world.version, at=town.clock.now)
    form = town.complainant().visit("/lapor/ub-fmipa").form("Kirim laporan").write("Uraian", STORY)
    page = form.send(expect=503)
    page.says("belum mempunyai SOP yang berlaku")
    assert page.form("Kirim laporan").sent["story"] == [STORY]
