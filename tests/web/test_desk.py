"""The desk: what is told at the counter, found in the box, answered on the spot, put up on the board."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tanggap.records.models import BoxOpening, BoxSlip, Case
from town import Town

OPERATOR = "operator-mipa-care"
STORY = "Lampu ruang baca mati."


def entry(town: Town, who: str = OPERATOR) -> object:
    return town.on(who).visit("/catat").form("Catat dan cetak tanda terima")


def test_what_was_answered_on_the_telephone_is_typed_with_the_report_and_ends_as_the_sop_says(town: Town) -> None:
    """S0-3, S1-3: one form, the answer with it."""
    form = entry(town).pick("Saluran", "Telepon").write("Uraian", STORY)
    page = form.write("Jawaban di tempat", "Sudah diganti pagi ini.").send()
    page.says("Jawaban di tempat tercatat", "Nomor register")
    case = Case.objects.get()
    assert case.answered
    town.on(OPERATOR).visit(f"/kasus/{case.pk}").says("Sudah diganti pagi ini.", "Telepon")


def test_a_direct_complaint_is_received_sorted_and_answered_by_one_form(town_of: Callable[[str], Town]) -> None:
    """S4-2, S4-6, S4-17: urgency and kind are asked with it, so that the row that sorts can be left."""
    town = town_of("unesa-feb")
    desk = "petugas-tu"
    town.give(desk, desk=True)
    form = entry(town, desk).pick("Saluran", "Datang langsung").write("Uraian", STORY)
    form.pick("Tingkat urgensi", "tinggi").pick("Jenis pengaduan", "sarana")
    form.write("Jawaban di tempat", "Ruang B3 dapat dipakai.").send().says("Jawaban di tempat tercatat")
    case = Case.objects.get()
    assert (case.answered, case.procedure, case.attributes["urgensi"]) == (True, "langsung", "tinggi")
    town.on(desk).open(case.register).says("laporan")


def test_an_answer_that_the_sop_does_not_let_the_desk_give_alone_is_kept_inside(town_of: Callable[[str], Town]) -> None:
    town = town_of("unesa-feb")
    town.give("petugas-tu", desk=True)
    form = entry(town, "petugas-tu").pick("Saluran", "Datang langsung").write("Uraian", STORY)
    page = form.write("Jawaban di tempat", "Ruang B3 dapat dipakai.").send()
    page.says("Jawaban disimpan sebagai catatan internal")
    case = Case.objects.get()
    assert not case.answered
    town.on("petugas-tu").visit(f"/kasus/{case.pk}").says("Ruang B3 dapat dipakai.", "catatan internal")


def test_whoever_calls_for_somebody_else_is_written_down_with_whom(town: Town) -> None:
    form = entry(town).write("Uraian", STORY).write("Nama", "Dewi Lestari").write("Mewakili", "Ibu Sari")
    form.pick("Identitas", "Terbuka").send().says("Nomor register")


def box(town: Town, **more: str) -> object:
    form = town.on(OPERATOR).visit("/kotak-saran").form("Catat dan buat berita acara")
    form.write("Kotak", "Lobi Gedung C").write("Dibuka pada", "2026-11-16T08:00").write("Dibuka oleh", "Budi")
    return form.write("Saksi", "Ani\nTono").write("Banyak lembar", more.get("slips", "3"))


def test_every_slip_of_the_box_becomes_a_report_and_the_opening_a_berita_acara(town: Town) -> None:
    """S2-2: the suggestion box; unreadable slips are counted."""
    form = box(town)
    form.sent["text-1"], form.sent["text-2"] = ["Tambah colokan listrik."], ["Kantin kotor."]
    form.sent["kind-2"], form.sent["name-2"], form.sent["contact-2"] = ["complaint"], ["Dewi"], ["dewi@contoh.example"]
    page = form.send()
    page.says("Berita acara pembukaan kotak saran", "Nomor 1/2026", "Lobi Gedung C", "Budi", "Ani", "Tono", "Keluhan")
    assert re.search(r"Lembar dalam kotak 3 Menjadi laporan 2 Tidak terbaca atau kosong 1", page.text)
    first, second = Case.objects.order_by("n")
    page.says(first.register, second.register)
    assert [case.channel for case in (first, second)] == ["kotak saran"] * 2
    assert [case.identity for case in (first, second)] == ["anonymous", "confidential"]
    assert first.received_at == town.clock.moment("2026-11-16 08.00")
    assert "Kantin" not in page.text


def test_the_same_form_sent_again_is_one_opening_and_goes_on_where_it_stopped(town: Town) -> None:
    form = box(town)
    form.sent["text-1"], form.sent["text-2"] = ["Tambah colokan listrik."], ["Kantin kotor."]
    form.send()
    town_slips = BoxSlip.objects.count()
    form.send()
    assert (BoxOpening.objects.count(), BoxSlip.objects.count(), Case.objects.count()) == (1, town_slips, 2)


def test_more_rows_and_mistakes_lose_nothing_that_was_typed(town: Town) -> None:
    form = box(town, slips="1")
    form.sent["text-1"], form.sent["text-2"] = ["Satu."], ["Dua."]
    page = form.send(expect=422)
    page.says("Anda mengetik 2 lembar")
    again = page.form("Catat dan buat berita acara")
    assert again.sent["text-2"] == ["Dua."]
    again.sent["more"] = ["1"]  # the button "Tambah lembar"
    more = again.send().form("Catat dan buat berita acara")
    assert (more.sent["text-2"], more.sent["text-10"], more.sent["box"]) == (["Dua."], [""], ["Lobi Gedung C"])
    assert more.sent["key"] == form.sent["key"]
    assert BoxOpening.objects.count() == 0


def test_an_empty_box_has_its_berita_acara_too(town: Town) -> None:
    box(town, slips="0").send().says("Lembar dalam kotak 0", "Menjadi laporan 0")


@pytest.mark.parametrize("who", ["stranger", "kadep-kimia"])
def test_the_box_is_the_desks_alone(town: Town, who: str) -> None:
    box(town, slips="0").send()
    town.on(who).visit("/kotak-saran", expect=404)
    town.on(who).visit(f"/kotak-saran/{BoxOpening.objects.get().pk}", expect=404)


def test_an_answer_prints_as_a_letter_and_as_an_announcement_that_names_nobody(town: Town) -> None:
    """S3-12, S1-10: by post, or on the board."""
    rani = town.complainant()
    rani.report(town.key, STORY, choice=("Terbuka",), write={"Nama": "Dewi Lestari"})
    case = town.case(rani.register)
    town.on(OPERATOR).finish(rani.register, "langkah 2", choice="Tidak", answer="Sudah diganti.")
    shown = town.on(OPERATOR).visit(f"/kasus/{case.pk}")
    (paper,) = (one for one in shown.root.all("a") if "/surat/" in one.attrs["href"])
    page = town.on(OPERATOR).visit(paper.attrs["href"])
    page.says("Yth. Dewi Lestari", "Jawaban atas laporan Anda", "Sudah diganti.", rani.register, "16 November 2026")
    notice = page.click("Sebagai pengumuman")
    notice.says("Pengumuman", rani.register, "Sudah diganti.")
    assert "Dewi" not in notice.main
    town.on("stranger").visit(page.url, expect=404)


def test_the_media_that_the_sop_names_are_offered_and_recorded(town_of: Callable[[str], Town]) -> None:
    """S3-12, S3-13: papan pengumuman, website, facebook, leaflet; spoken and written, also from us to them."""
    town = town_of("unmul-ft")
    kasubbag = "kasubbag-akademik-kemahasiswaan"
    town.give(kasubbag, desk=True)
    rani = town.complainant()
    rani.report(town.key, STORY)
    page = town.on(kasubbag).visit(f"/kasus/{town.case(rani.register).pk}")
    form = page.form("Kirim").write("Balas pelapor", "Kami umumkan di papan.").pick("Disampaikan melalui", "leaflet")
    form.send().says("Melalui: leaflet")
    page = town.on(kasubbag).visit(f"/kasus/{town.case(rani.register).pk}")
    form = page.form("Kirim").write("Balas pelapor", "Sudah kami telepon.").pick("Disampaikan melalui", "Telepon")
    form.send().says("Melalui: Telepon")
