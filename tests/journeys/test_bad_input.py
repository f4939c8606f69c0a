"""What people send that they should not: always a sentence in Indonesian, nothing typed lost, nothing broken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.test import Client

from pages import Browser, Form, Page
from tanggap.actions.organisation import appoint
from tanggap.records.models import Case, CaseEvent, Message, Post, User
from town import Complainant, Officer, Town

STORY = "Nilai praktikum saya tertukar."
LARGE = b"%PDF-1.4 " + b"x" * (1024 * 1024)
ODD = (
    pytest.param("Nilai \u202eterbalik\u2066 saya", id="bidi"),
    pytest.param("Nilai\0 dengan\0 nol", id="nul"),
    pytest.param("Kecewa \U0001f621\U0001f9d1\u200d\U0001f393 sekali", id="emoji"),
    pytest.param("e\u0301" * 300 + " a" + "\u0336" * 200, id="combining"),
    pytest.param("ﷺ ﷽ الطالب  " + "中文字" * 50, id="other scripts"),
    pytest.param("\ufeff\u200b\u00adtersembunyi\u2028baris\u0085lagi\x1b[2J", id="invisible"),
    pytest.param("<script>alert(1)</script><img src=x onerror=alert(2)>{{ 191*193 }}{% debug %}%(x)s${x}", id="code"),
    pytest.param("a" * 20_000, id="one word"),
)


@pytest.fixture
def town(town_of: Callable[[str], Town]) -> Town:
    """FMIPA UB with a desk and a coordinator."""
    town = town_of("ub-fmipa")
    town.give("operator-mipa-care", desk=True)
    town.give("wakil-dekan-umum", coordinator=True)
    return town


@pytest.fixture
def rani(town: Town) -> Complainant:
    """Somebody whose complaint stands at row 2."""
    rani = town.complainant()
    rani.report(town.key, STORY)
    return rani


@pytest.fixture
def operator(town: Town) -> Officer:
    """Who works row 2."""
    return town.on("operator-mipa-care")


def no_trace(page: Page) -> Page:
    """Nothing of the program's inside shows."""
    return page.says_not("Traceback", "Exception", "src/tanggap", "site-packages", "settings.")


def written() -> tuple[int, int, int]:
    """How much is on record."""
    return Case.objects.count(), CaseEvent.objects.count(), Message.objects.count()


def raw(browser: Browser, url: str, body: bytes, kind: str = "application/x-www-form-urlencoded") -> Page:
    """A request written by hand, whatever comes of it."""
    return Page(browser, browser.client.generic("POST", url, body, kind), url)


def raw_form(browser: Browser, form: Form) -> None:
    """Send a form and take any answer that is no fault."""
    page = no_trace(raw(browser, form.action, _encoded(form)))
    assert page.status in (302, 409, 422), page.status


# files ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_limits(settings: Any) -> None:
    """One megabyte a file, three files."""
    settings.TANGGAP_FILE_MEGABYTES, settings.TANGGAP_FILES_MOST = 1, 3


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([("besar.pdf", LARGE)], "Berkas besar.pdf melebihi 1 MB."),
        ([(f"{n}.pdf", b"%PDF-1.4") for n in range(4)], "Paling banyak 3 berkas"),
    ],
    ids=["too large", "too many"],
)
def test_files_over_the_limit_are_told_by_name_and_the_words_stay(
    town: Town, rani: Complainant, operator: Officer, files: list[tuple[str, bytes]], said: str
) -> None:
    """At every place that takes files: 413, the limit in words, and what was typed still in its field."""
    before = written()
    report = town.complainant().visit(f"/lapor/{town.key}").form("Kirim laporan").write("Uraian", STORY)
    page = report.attach("Berkas gambar atau PDF", *files).send(expect=413).says(said, "Berkas perlu dipilih kembali.")
    assert page.form("Kirim laporan").sent["story"] == [STORY]

    entry = operator.visit("/catat").form("Catat dan cetak tanda terima").write("Uraian", STORY)
    page = entry.attach("Pindaian surat atau berkas", *files).send(expect=413).says(said)
    assert page.form("Catat dan cetak tanda terima").sent["story"] == [STORY]

    message = rani.track().form("Kirim pesan").write("Tulis pesan", "Ini buktinya.").attach("Berkas", *files)
    page = message.send(expect=413).says(said)
    assert page.form("Kirim pesan").sent["text"] == ["Ini buktinya."]

    step = operator.open(rani.register).form("Selesaikan langkah 2").choose("Tidak")
    step.write("Jawaban kepada pelapor", "Sudah ditukar.").attach("Berkas", *files)
    page = step.send(expect=413).says(said)
    kept = page.form("Selesaikan langkah 2")
    assert kept.sent["answer"] == ["Sudah ditukar."]
    assert kept.sent["choice"] == ["tidak"]

    note = operator.open(rani.register).form("Kirim").write("Balas pelapor atau catat", "Mohon sabar.")
    page = note.attach("Berkas", *files).send(expect=413).says(said)
    assert page.form("Kirim").sent["text"] == ["Mohon sabar."]
    assert written() == before


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("foto.jpg", b"<html><script>alert(1)</script>"),
        ("surat\u202egpj.exe", b"MZ\x90\0"),
        ("../../etc/passwd", b"root:x:0:0"),
        (f"{'panjang' * 60}.pdf", b"%PDF-1.4"),
        ("gambar.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("kosong.pdf", b""),
    ],
    ids=["html as jpg", "reversed name", "path as name", "long name", "svg", "empty"],
)
def test_a_strange_file_is_kept_and_only_ever_handed_out_as_a_download(
    town: Town, operator: Officer, name: str, data: bytes
) -> None:
    """No file is refused for what it is; none is opened by the browser; names are cleaned."""
    rani = town.complainant()
    form = rani.visit(f"/lapor/{town.key}").form("Kirim laporan").write("Uraian", STORY)
    rani.keep(form.attach("Berkas gambar atau PDF", (name, data)).send())
    case = operator.open(rani.register)
    link = case.root.first("a", class_="attach")
    assert "\u202e" not in link.text
    assert "/" not in link.text.partition("(")[0]
    assert len(link.text) < 220
    if name == "foto.jpg":
        case.says("Isi berkas tidak sesuai dengan namanya")
    got = operator.visit(link.attrs["href"])
    assert got.body == data
    assert got.response["Content-Type"] == "application/octet-stream"
    assert got.response["Content-Disposition"].startswith("attachment;")
    assert got.response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in got.response["Content-Security-Policy"]


def test_more_fields_or_files_than_any_form_has_get_a_sentence(town: Town) -> None:
    """A thousand fields, two hundred files, five megabytes of words."""
    stranger = town.complainant()
    form = stranger.visit(f"/lapor/{town.key}").form("Kirim laporan").write("Uraian", STORY)
    for number in range(1100):
        form.put(f"x{number}", "1")
    no_trace(form.send(expect=400)).says("Permintaan tidak dapat dibaca")
    many = stranger.visit(f"/lapor/{town.key}").form("Kirim laporan").write("Uraian", STORY)
    many.attach("Berkas gambar atau PDF", *((f"{n}.pdf", b"%PDF") for n in range(200)))
    no_trace(many.send(expect=400)).says("Kurangi ukuran atau jumlah berkas")
    long = stranger.visit(f"/lapor/{town.key}").form("Kirim laporan").write("Uraian", "x" * 5_000_000)
    no_trace(long.send(expect=400))
    town.complainant().report(town.key, STORY)


# words ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("empty", ["", "   \n\t ", "...!?", "\u200b\u2066"])
def test_a_report_that_tells_nothing_is_asked_for_one_sentence(town: Town, empty: str) -> None:
    """The message stands at the field and in the summary, and everything else stays as chosen."""
    form = town.complainant().visit(f"/lapor/{town.key}").form("Kirim laporan").write("Uraian", empty)
    form.choose("Saran").choose("Tanpa identitas").write("Tempat dan waktu kejadian", "Gedung MIPA, Senin")
    page = form.send(expect=422)
    page.says("Laporan belum terkirim: ada isian yang perlu diperbaiki")
    assert page.main.count("Ceritakan kejadiannya, paling sedikit satu kalimat.") == 2
    kept = page.form("Kirim laporan")
    assert kept.sent["kind"] == ["suggestion"]
    assert kept.sent["identity"] == ["anonymous"]
    assert kept.sent["place"] == ["Gedung MIPA, Senin"]
    kept.write("Uraian", STORY).send().says("Laporan Anda sudah kami terima")


def test_a_hundred_thousand_characters_arrive_and_more_than_twice_that_is_told(town: Town, operator: Officer) -> None:
    """Long is not refused; too long says what to do, and keeps the text."""
    rani, words = town.complainant(), "Kronologi lengkap. " * 5300
    rani.report(town.key, words)
    assert words.strip() in operator.open(rani.register).text
    form = rani.visit(f"/lapor/{town.key}").form("Kirim laporan").write("Uraian", words * 2)
    page = form.send(expect=422).says("Uraian terlalu panjang. Ringkas, lalu lampirkan selengkapnya sebagai berkas.")
    assert page.form("Kirim laporan").sent["story"][0].strip() == (words * 2).strip()
    rani.track().form("Kirim pesan").write("Tulis pesan", words).send().says("Pesan Anda sudah kami terima")
    operator.finish(rani.register, "langkah 2", choice="Tidak", answer=words)
    assert words.strip() in rani.track().text


@pytest.mark.parametrize("words", ODD)
def test_odd_characters_go_through_every_page_and_come_out_as_words(town: Town, operator: Officer, words: str) -> None:
    """Report, message, answer, note: shown as text, never as markup, on every page that shows them."""
    rani, shown = town.complainant(), " ".join(words.replace("\0", "").split())
    rani.report(town.key, f"{words} selesai", write={"Nama": words[:100], "Tempat dan waktu kejadian": words[:100]})
    rani.track().form("Kirim pesan").write("Tulis pesan", f"pesan {words}").send()
    case = operator.open(rani.register)
    assert shown in " ".join(case.root.raw.split()), "the words, as they were"
    case.form("Kirim").write("Balas pelapor atau catat", f"catatan {words}").tick("Catatan internal saja").send()
    operator.finish(rani.register, "langkah 2", choice="Tidak", answer=f"jawaban {words}")
    pages = [
        rani.track(), operator.look_up(rani.register), operator.duties(), operator.visit("/register"),
        operator.look_up(rani.register).click("Cetak berkas kasus"),
        town.on("wakil-dekan-umum").visit("/belum-teratasi"),
    ]  # fmt: skip
    for page in pages:
        assert not page.root.all("script", src="") or all(one.attrs.get("src") for one in page.root.all("script"))
        assert not page.root.all("img")
        assert "36863" not in page.html, "nothing typed is ever computed"


@pytest.mark.parametrize(
    "body",
    [
        b"story=%ED%A0%80lone+surrogate&kind=complaint&identity=confidential",
        b"story=%FF%FE%80broken+bytes&kind=complaint&identity=confidential",
        b"story=a&kind=%00&identity=%ED%B0%80&service=%00&addressee=%FF",
        b"story=%u0000&key=" + b"k" * 5000,
        b"=&==&&&%%%&story",
    ],
    ids=["surrogate", "bad bytes", "bad choices", "long key", "no form at all"],
)
def test_bytes_that_are_no_text_are_met_with_a_form(town: Town, body: bytes) -> None:
    """Whatever comes by hand, there is an answer of words: received, or the form once more."""
    stranger = town.complainant()
    token = stranger.visit(f"/lapor/{town.key}").form("Kirim laporan").sent["csrfmiddlewaretoken"][0]
    page = raw(stranger, f"/lapor/{town.key}", body + b"&csrfmiddlewaretoken=" + token.encode())
    assert page.status in (200, 422)
    no_trace(page)
    town.complainant().report(town.key, STORY)


def test_fields_nobody_offers_change_nothing(town: Town) -> None:
    """Status, unit, deadline, version sent along are not read."""
    rani = town.complainant()
    form = rani.visit(f"/lapor/{town.key}").form("Kirim laporan").write("Uraian", STORY)
    for name, given in {"status": "closed", "deadline": "2099-01-01", "is_staff": "1", "sop_version": "x", "n": "99",
                        "by": "u1", "happened_at": "2020-01-01T00:00", "channel": "telepon"}.items():  # fmt: skip
        form.put(name, given)
    rani.keep(form.send())
    row = town.case(rani.register)
    assert (row.status, row.n, row.channel, row.received_at) == ("open", 1, "web", town.clock.now)


# codes ----------------------------------------------------------------------------------------------------------------


def test_wrong_number_and_wrong_code_are_one_answer_and_stay_typed(rani: Complainant, town: Town) -> None:
    """The same words and status; code letters that look alike and small letters are read."""
    other = town.complainant()
    said = set()
    for register, code in (
        (rani.register, "0000-0000-0000-0000"),
        ("9999/PGD/FMIPA/XI/2026", rani.code),
        ("\u202e<b>", "'; DROP TABLE--"),
    ):
        form = other.visit("/lacak").form("Buka laporan").write("Nomor register", register).write("Kode lacak", code)
        page = form.send(expect=422)
        said.add(page.alerts)
        assert page.form("Buka laporan").sent["register"] == [register]
    assert len(said) == 1
    assert "tidak cocok" in said.pop()
    other.visit("/lacak").form("Buka laporan").send(expect=422).says("Tulis kode lacak pada tanda terima Anda.")
    form = other.visit("/lacak").form("Buka laporan").write("Nomor register", f"  {rani.register.lower()} ")
    form.write("Kode lacak", rani.code.lower().replace("-", " ").replace("0", "o").replace("1", "l")).send().says(STORY)


def test_the_page_of_a_case_opens_for_nobody_without_its_code(rani: Complainant, town: Town) -> None:
    """Addresses under /lacak lead to the form; the files of one case are not those of another."""
    other = town.complainant()
    rani.track()
    rani.visit("/lacak/berkas/x%00", expect=404)
    for address in ("/lacak/laporan", "/lacak/berkas/abcdefghijklmnopqrstuvwxyz"):
        assert other.visit(address).heading == "Lacak laporan"
    other.report(town.key, "Laporan lain.")
    other.track()
    form = rani.track().form("Kirim pesan").write("Tulis pesan", "Bukti.").attach("Berkas", ("bukti.pdf", b"%PDF-1.4"))
    mine = form.send()
    address = mine.root.first("a", class_="attach").attrs["href"]
    no_trace(other.visit(address, expect=404))
    assert rani.visit(address).body == b"%PDF-1.4"


# the same form again, and two at once ---------------------------------------------------------------------------------


def test_the_same_report_sent_twice_is_one_case_with_one_receipt(town: Town) -> None:
    """Reload, double press, lost connection: the same number and code; with other words it is said so, and kept."""
    rani = town.complainant()
    form = rani.visit(f"/lapor/{town.key}").form("Kirim laporan").write("Uraian", STORY)
    rani.keep(form.send())
    number, code = rani.register, rani.code
    rani.keep(form.send())
    assert (rani.register, rani.code) == (number, code)
    assert Case.objects.count() == 1
    page = form.write("Uraian", "Isi yang lain sama sekali.").send(expect=409)
    page.says("Formulir ini sudah kami terima dengan isi yang lain.")
    again = page.form("Kirim laporan")
    assert again.sent["story"] == ["Isi yang lain sama sekali."]
    rani.keep(again.send())
    assert rani.register != number


def test_a_step_sent_twice_is_done_once(rani: Complainant, operator: Officer, town: Town) -> None:
    """The very same form again changes nothing; another form for the same step is told who has done it."""
    form = operator.open(rani.register).form("Selesaikan langkah 2").choose("Tidak")
    second = operator.open(rani.register).form("Selesaikan langkah 2").choose("Ya")
    form.write("Jawaban kepada pelapor", "Sudah.").send()
    before = written()
    assert form.browser.client.generic(
        "POST", form.action, _encoded(form), "application/x-www-form-urlencoded"
    ).status_code in (302, 409)
    assert written() == before
    town.clock.later(minutes=5)
    page = second.write("Catatan", "Perlu pimpinan.").send(expect=409)
    page.says(str(operator.user.shown_name), "08.00 WIB", "Kasus ini sudah berubah sejak halaman Anda dibuka")
    assert any("Perlu pimpinan." in one.raw for one in page.root.all("textarea"))
    assert written() == before


def _encoded(form: Form) -> bytes:
    return urlencode([(name, one) for name, values in form.sent.items() for one in values]).encode()


def test_the_second_of_two_officers_reads_who_acted_and_when_and_keeps_the_words(rani: Complainant, town: Town) -> None:
    """Two people on one post, each with the page open; also when the first only wrote or asked something."""
    first, second = town.on("operator-mipa-care"), _colleague(town, "operator-mipa-care", "Budi Rekan")
    late = second.open(rani.register).form("Selesaikan langkah 2").choose("Tidak")
    late.write("Jawaban kepada pelapor", "Jawaban panjang yang tidak boleh hilang.")
    asking = second.open(rani.register).form("Hentikan waktu dan minta").write("Yang diminta", "Mohon KHS.")
    town.clock.at("2026-11-16 08.07")
    first.finish(rani.register, "langkah 2", choice="Ya")
    town.clock.at("2026-11-16 08.09")
    for form, words in ((late, "Jawaban panjang yang tidak boleh hilang."), (asking, "Mohon KHS.")):
        page = no_trace(form.send(expect=409))
        page.says(first.user.shown_name, "16 November 2026, 08.07 WIB")
        assert any(words in one.raw for one in page.root.all("textarea"))
    assert "Answered" not in town.kinds(rani.register)


def _colleague(town: Town, post: str, name: str) -> Officer:
    user = User(username=f"rekan-{post}", email=f"rekan-{post}@contoh.example", full_name=name)
    user.set_unusable_password()
    user.save()
    appoint(Post.objects.get(institution=town.institution, key=post), user, from_at=town.clock.now)
    return Officer(user, address="198.51.100.251")


@pytest.mark.parametrize("key", ["", "x", "k" * 5000])
def test_forms_without_a_key_of_their_own_are_acts_like_others(
    rani: Complainant, operator: Officer, key: str, town: Town
) -> None:
    """The hidden key taken away, or the same for everything: written once or told in words, never broken."""
    for _again in range(2):
        for text in ("Halo?", "Halo?", "Masih menunggu."):
            raw_form(rani, rani.track().form("Kirim pesan").write("Tulis pesan", text).put("key", key))
            note = operator.look_up(rani.register).form("Kirim").write("Balas pelapor atau catat", text)
            raw_form(operator, note.put("key", key))
    step = operator.open(rani.register).form("Selesaikan langkah 2").choose("Tidak").put("key", key)
    raw_form(operator, step.write("Jawaban kepada pelapor", "Sudah."))
    raw_form(rani, rani.track().form("Cabut laporan").put("key", key))


@pytest.mark.parametrize("stars", ["0", "6", "-1", "²", "9" * 5000, ""])
def test_a_rating_is_one_to_five_or_asked_for_again(rani: Complainant, operator: Officer, stars: str) -> None:
    operator.finish(rani.register, "langkah 2", choice="Tidak", answer="Sudah.")
    verdict = rani.track().form("Kirim pernyataan").choose("Saya terima jawabannya").put("stars", stars)
    verdict.send()
    rating = rani.track().form("Kirim penilaian").put("stars", stars).write("Catatan", "Catatan saya.")
    page = rating.send(expect=422).says("Pilih salah satu penilaian.")
    assert page.form("Kirim penilaian").sent["words"] == ["Catatan saya."]


# not yours, not there -------------------------------------------------------------------------------------------------


def test_a_step_of_somebody_else_is_not_offered_and_not_taken(rani: Complainant, operator: Officer, town: Town) -> None:
    """Visible but another's: 403 in a sentence; not visible: 404; nothing is written."""
    form = operator.open(rani.register).form("Selesaikan langkah 2")
    operator.finish(rani.register, "langkah 2", choice="Ya")
    case = operator.look_up(rani.register)
    assert not case.has_form("Selesaikan langkah 3")
    case.says("Langkah ini bukan tugas jabatan Anda.")
    before = written()
    form.sent["csrfmiddlewaretoken"] = case.form("Kirim").sent["csrfmiddlewaretoken"]
    form.put("visit", "3#1").put("seen", "").put("key", "baru").put("bind-dikomplain", "kabag-tu").put("choice", "")
    no_trace(form.send(expect=403)).says("Langkah ini bukan tugas jabatan Anda.")
    form.put("visit", "7#1").put("key", "baru-2")
    page = form.browser.client.generic("POST", form.action, _encoded(form), "application/x-www-form-urlencoded")
    assert page.status_code in (403, 409, 422)
    stranger = town.on("kadep-biologi")
    form.browser = stranger
    form.sent["csrfmiddlewaretoken"] = stranger.duties().form("EN").sent["csrfmiddlewaretoken"]
    no_trace(form.send(expect=404))
    assert written() == before


FOREIGN = [
    ("selesaikan", {"visit": "2#9"}),
    ("selesaikan", {"visit": ""}),
    ("selesaikan", {"visit": "2#1", "choice": "bukan-pilihan"}),
    ("selesaikan", {"visit": "2#1", "choice": "ya", "set-urgensi": "tinggi"}),
    ("selesaikan", {"visit": "2#1", "choice": "ya", "bind-dikomplain": "kabag-tu"}),
    ("selesaikan", {"visit": "2#1", "choice": "ya", "happened": "2099-01-01T00:00"}),
    ("selesaikan", {"visit": "2#1", "choice": "ya", "happened": "2020-01-01T00:00"}),
    ("selesaikan", {"visit": "2#1", "choice": "ya", "happened": "kemarin"}),
    ("selesaikan", {"visit": "2#1", "choice": "ya", "happened": "9999-12-31T23:59"}),
    ("selesaikan", {"visit": "2#1", "choice": "ya", "happened": "0001-01-01T00:00"}),
    ("lewati", {"visit": "2#1", "reason": "malas"}),
    ("respons", {"visit": "2#1"}),
    ("tunggu", {"visit": "2#1", "wait": "liburan", "message": "x"}),
    ("tunggu", {"visit": "2#1", "wait": "", "message": "x", "until": "2020-01-01T00:00"}),
    ("lanjutkan", {"visit": "2#1"}),
    ("tugaskan", {"visit": "2#1", "to": "tidak-ada"}),
    ("tugaskan", {"visit": "2#1"}),
    ("disposisi", {"parent": "2#1", "to": "tidak-ada"}),
    ("disposisi", {"parent": "2#1"}),
    ("disposisi", {"parent": "2#1", "to": "kabag-tu", "standard": "sebentar saja"}),
    ("disposisi", {"parent": "2#1", "to": "kabag-tu", "standard": "9" * 400 + " hari"}),
    ("disposisi", {"parent": "2#1", "to": "kabag-tu", "until": "9999-12-31T23:59"}),
    ("lapor-disposisi", {"disposition": "d99", "answer": "x"}),
    ("tarik-disposisi", {"disposition": "d99", "reason": "x"}),
    ("alihkan", {"visit": "2#1", "row": "99", "reason": "x"}),
    ("batalkan", {"visit": "1#1"}),
    ("betulkan", {"entry": "9" * 5000, "moment": "2026-11-16T08:00", "reason": "x"}),
    ("betulkan", {"entry": "²", "moment": "2026-11-16T08:00", "reason": "x"}),
    ("betulkan", {"entry": "1", "moment": "0001-01-01T00:00", "reason": "x"}),
    ("tutup", {"outcome": "x" * 5000, "reason": ""}),
    ("buka", {"row": "2", "reason": "x"}),
    ("klasifikasi", {"name": "tidak-ada", "value": "x", "reason": "x"}),
    ("terlapor", {"to": "tidak-ada", "reason": "x"}),
    ("tulis", {"text": ""}),
    ("kabar", {"text": "", "channel": "merpati"}),
    ("tidak-ada", {"visit": "2#1"}),
]
ODD_WORD = "merpati\0" + "x" * 5000
ODD_DISPOSITION = {"nature": ODD_WORD, "urgency": ODD_WORD, "instructions": ODD_WORD}
STRANGE = [
    ("kabar", {"text": "Halo.", "channel": ODD_WORD}),
    ("tulis", {"text": "Halo.", "internal": ODD_WORD}),
    ("disposisi", {"parent": "2#1", "to": "kabag-tu", **ODD_DISPOSITION}),
    ("selesaikan", {"visit": "2#1", "choice": "tidak", "answer": "Sudah.", "medium": ODD_WORD, "needs": ODD_WORD}),
    ("tarik-disposisi", {"disposition": "d1", "reason": "Salah tujuan."}),
    ("selesaikan", {"visit": "2#1", "choice": "tidak", "answer": "Sudah.", "medium": ODD_WORD, "needs": ODD_WORD}),
    ("tutup", {"outcome": ODD_WORD, "reason": "Salah kirim."}),
]


@pytest.mark.parametrize("post", ["operator-mipa-care", "wakil-dekan-umum"])
def test_ids_and_moments_from_elsewhere_are_refused_in_words(town: Town, rani: Complainant, post: str) -> None:
    """Every verb with what no page offers: a page with a sentence, never a broken one, and nothing written."""
    officer = town.on(post)
    token = officer.look_up(rani.register).form("EN").sent["csrfmiddlewaretoken"]
    before = written()
    for number, (verb, fields) in enumerate(FOREIGN):
        sent = {"csrfmiddlewaretoken": token[0], "key": f"kunci-{number}", "seen": "", **fields}
        page = raw(officer, f"/kasus/{town.case(rani.register).pk}/{verb}", urlencode(sent).encode())
        assert page.status in (403, 404, 409, 422), f"{verb} {fields}: {page.status}: {page.text[:500]}"
        no_trace(page)
        assert page.status == 404 or page.alerts, f"{verb} {fields}: {page.main[:500]}"
        assert written() == before, f"{verb} {fields}"


def test_words_no_list_offers_are_read_as_the_usual_one_and_never_reach_the_log(rani: Complainant, town: Town) -> None:
    """Media, channels, urgencies and outcomes come from lists: events hold no free text, whoever writes the request."""
    town.give("operator-mipa-care", desk=True, coordinator=True)
    officer, acted = town.on("operator-mipa-care"), []
    for number, (verb, fields) in enumerate(STRANGE):
        token = officer.look_up(rani.register).form("EN").sent["csrfmiddlewaretoken"][0]
        sent = {"csrfmiddlewaretoken": token, "key": f"kunci-{number}", **fields}
        page = no_trace(raw(officer, f"/kasus/{town.case(rani.register).pk}/{verb}", urlencode(sent).encode()))
        acted.append(page.status)
    assert acted == [302, 302, 302, 422, 302, 302, 302], "a disposition that is open holds its step; the rest is done"
    officer.look_up(rani.register).click("Cetak berkas kasus")
    assert not CaseEvent.objects.filter(data__contains="merpati")
    assert not Message.objects.filter(medium__contains="merpati")


def test_a_seen_number_that_is_none_is_no_reason_to_break(rani: Complainant, operator: Officer) -> None:
    for number in ("9" * 4400, "-1", "1e9", "²", "0x1", "\u0660"):
        form = operator.look_up(rani.register).form("Kirim").write("Balas pelapor", f"Sudah? {number[:9]}")
        raw_form(operator, form.put("seen", number))


def test_addresses_nobody_links_to_get_a_page_that_leads_on(town: Town, rani: Complainant, operator: Officer) -> None:
    """404 is a page too, with ways on; odd years, filters and numbers in queries break nothing."""
    case = f"/kasus/{town.case(rani.register).pk}"
    for address in ("/lapor/tidak-ada", "/lembaga/x", "/sop/ub-fmipa/x", "/sop/x/y", "/kasus/abc", "/lampiran/x",
                    "/lampiran/x%00", f"{case}/disposisi/d9", "/gaya/x-y.css", "/tidak/ada", "/siapkan",
                    f"/kasus/{UUID(int=0)}",
                    "/register?institution=x%00", "/register?year=99999", "/register?year=%C2%B2%C2%B2%C2%B2%C2%B2",
                    "/register?year=0000", "/tugas?q=%00", "/tugas?q=" + "%25" * 300, "/tugas?state=x&institution=%FF",
                    "/belum-teratasi?institution=%00", "/catat?institution=x", "/lacak?register=x"):  # fmt: skip
        response = operator.client.get(address)
        assert response.status_code in (200, 302, 404), f"{address}: {response.status_code}"
        page = no_trace(Page(operator, response, address))
        if response.status_code == 404 and page.html:
            page.says("Halaman tidak ditemukan")
            assert page.root.all("a", class_="btn")
    for address in (f"{case}/selesaikan", f"{case}/identitas"):
        assert operator.client.get(address).headers["Location"] == case
    for address in ("/lacak/pesan", "/lacak/cabut", "/lacak/tutup"):
        assert operator.client.get(address).headers["Location"] == "/lacak/laporan"


# the way in and out ---------------------------------------------------------------------------------------------------


def test_a_form_too_old_shows_its_words_and_sends_them_again(town: Town) -> None:
    """An expired token is no loss: the text stands there, and one press sends it."""
    rani = town.complainant()
    form = rani.visit(f"/lapor/{town.key}").form("Kirim laporan").write("Uraian", STORY)
    rani.client.cookies.clear()
    page = no_trace(form.send(expect=403)).says("Formulir sudah kedaluwarsa", STORY)
    page.form("Kirim lagi").send().says("Laporan Anda sudah kami terima")


def test_another_site_cannot_send_a_form_in_the_name_of_who_is_signed_in(rani: Complainant, operator: Officer) -> None:
    """Without the token nothing is done, with words of what to do; and the page offers no way to do it."""
    form = operator.open(rani.register).form("Selesaikan langkah 2").choose("Tidak").write("Jawaban", "Palsu.")
    form.sent.pop("csrfmiddlewaretoken")
    before = written()
    page = no_trace(form.send(expect=403)).says("Formulir sudah kedaluwarsa", "Palsu.")
    assert not page.has_form("Kirim lagi")
    assert written() == before


def test_when_we_break_the_complainant_keeps_every_word(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours is said in words; the text is offered once more, and arrives when the fault is gone."""
    from tanggap.web.public import report

    rani = town.complainant()
    rani.client.raise_request_exception = False
    form = rani.visit(f"/lapor/{town.key}").form("Kirim laporan").write("Uraian", STORY).choose("Saran")
    with monkeypatch.context() as broken:
        broken.setattr(report, "receive", lambda *_a, **_k: 1 / 0)
        page = no_trace(form.send(expect=500)).says("Ada yang rusak di pihak kami", STORY)
    rani.keep(page.form("Kirim lagi").send())
    assert town.case(rani.register).kind == "suggestion"


def test_signing_in_asks_who_one_is_and_leads_only_to_our_own_pages(town: Town) -> None:
    """A real sign-in with name and password; a wrong one says so; "next" never leads away."""
    user = town.world.on["operator-mipa-care"]
    user.set_password("kalimat sandi yang panjang")
    user.save()
    for away in ("//evil.example", "/\\evil.example", "https:\\\\evil.example", "///evil.example", "\x08//evil.example",
                 "https://good@evil.example", "javascript:alert(1)"):  # fmt: skip
        officer = Browser(address="198.51.100.77")
        page = officer.visit("/tugas")
        form = page.form("Masuk")
        form.put("next", away).write("Nama pengguna", user.username).write("Kata sandi", "kalimat sandi yang panjang")
        assert form.send().heading == "Tugas saya"
    wrong = Browser(address="198.51.100.78").visit("/tugas").form("Masuk")
    wrong.write("Nama pengguna", user.username).write("Kata sandi", "salah sama sekali")
    again = no_trace(wrong.send(expect=200))
    assert again.form("Masuk").sent["login"] == [user.username]
    assert not again.form("Masuk").sent["password"][0]
    assert again.alerts


def test_every_answer_carries_the_headers_that_keep_others_out(
    town: Town, rani: Complainant, operator: Officer
) -> None:
    """CSP without inline, no framing, no sniffing; pages with somebody's words are not stored."""
    case = f"/kasus/{town.case(rani.register).pk}"
    private = ["/lacak/laporan", "/tugas", case, f"{case}/berkas", "/register", "/catat", f"/lapor/{town.key}"]
    for address in [*private, "/", "/lacak", "/sop", "/tidak-ada", "/static/tanggap/tanggap.css"]:
        client: Client = rani.client if address.startswith("/lacak") else operator.client
        rani.track()
        response = client.get(address)
        if "html" in response["Content-Type"]:
            policy = response["Content-Security-Policy"]
            assert "default-src 'none'" in policy, address
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert response["X-Frame-Options"] == "DENY"
            assert response["Referrer-Policy"] in ("same-origin", "no-referrer")
            assert response["Cross-Origin-Opener-Policy"] == "same-origin"
        assert response["X-Content-Type-Options"] == "nosniff"
        if address in private:
            assert "no-store" in response["Cache-Control"], address


def test_no_page_names_an_address_outside(town: Town, rani: Complainant, operator: Officer) -> None:
    """Nothing is loaded from elsewhere, and the code stands in no address."""
    operator.finish(rani.register, "langkah 2", choice="Tidak", answer="Sudah.")
    pages = [rani.track(), operator.look_up(rani.register), operator.visit("/"), operator.visit("/sop"), *rani.seen]
    for page in pages:
        assert rani.code not in page.url
        for one in page.root:
            for name in ("src", "href", "action", "data", "poster", "srcset"):
                target = one.attrs.get(name, "")
                assert rani.code not in target
                if one.tag in ("script", "link", "img", "form", "iframe", "object"):
                    assert not target.startswith(("http:", "https:", "//", "data:")), f"{page.url}: {target}"
        assert not [one for one in page.root if any(name.startswith("on") or name == "style" for name in one.attrs)]
