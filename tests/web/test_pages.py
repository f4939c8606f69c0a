"""Every page: headers, one heading, nothing inline, nothing from elsewhere, in both languages; and what went wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client

from pages import Page
from tanggap.actions.sops import import_sop
from tanggap.records import queries
from tanggap.sop.load import load
from tanggap.sop.write import write
from town import Town

STORY = "Proyektor mati."
INLINE = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", re.IGNORECASE)


@pytest.fixture
def everything(town: Town) -> list[Page]:
    """Every page there is, once."""
    rani, operator, leader = town.complainant(), town.on("operator-mipa-care"), town.on("wakil-dekan-umum")
    receipt = rani.report(town.key, STORY)
    case = f"/kasus/{town.case(rani.register).pk}"
    sop = "/sop/ub-fmipa/ub-fmipa-mipa-care"
    found = [receipt, rani.track(), rani.visit("/lacak/laporan")]
    found += [
        town.complainant().visit(address)
        for address in ("/", "/lembaga/ub-fmipa", "/lapor", "/lapor/ub-fmipa", "/lacak", "/sop", sop, "/data-pribadi")
    ]
    found += [town.complainant().visit("/masuk"), town.complainant().visit("/tidak-ada", expect=404)]
    found += [operator.visit(address) for address in ("/tugas", case, f"{case}/berkas", "/catat", "/register", sop)]
    found += [leader.visit(address) for address in ("/belum-teratasi", "/belum-ditanggapi", case, "/akun/logout/")]
    form = operator.visit("/catat").form("Catat dan cetak tanda terima").write("Uraian", STORY)
    return [*found, form.send(), form.write("Uraian", "").send(expect=422)]


def test_every_page_is_sound_html_with_one_heading_and_nothing_inline(everything: list[Page]) -> None:
    for page in everything:
        assert not page.weaknesses(), (page.url, page.weaknesses())
        assert len(page.root.all("h1")) == 1, page.url
        assert page.root.first("html").attrs["lang"] == "id"
        assert page.root.first("main").attrs["id"] == "isi"
        assert "#isi" in [one.attrs.get("href") for one in page.root.all("a", class_="skip")], page.url
        assert not INLINE.search(page.html), (page.url, INLINE.search(page.html))
        assert len([one for one in page.root.all("button", class_="btn-1") if not one.above(class_="step-card")]) <= 1


def test_every_answer_carries_the_headers_that_keep_it_safe(everything: list[Page], town: Town) -> None:
    """Also pages of errors, static files, style sheets and downloads."""
    anyone = Client()
    answers = [page.response for page in everything]
    answers += [anyone.get(address) for address in ("/static/tanggap/tanggap.css", "/gaya/155-0.085.css", "/bahasa")]
    answers.append(anyone.get("/sop/ub-fmipa/ub-fmipa-mipa-care.toml"))
    for response in answers:
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Referrer-Policy"] in ("same-origin", "no-referrer")
        if "tanggap.css" in response.headers.get("Content-Disposition", ""):
            continue
    for page in everything:
        policy = page.response["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert page.response["Cross-Origin-Opener-Policy"] == "same-origin"


def test_nothing_on_any_page_comes_from_elsewhere(everything: list[Page]) -> None:
    for page in everything:
        for one in page.root:
            if one.tag in ("link", "script", "img", "iframe", "source", "form", "use"):
                target = one.attrs.get("href") or one.attrs.get("src") or one.attrs.get("action") or ""
                assert target.startswith("/") or not target, (page.url, target)


def test_pages_with_somebodys_words_stay_out_of_caches(everything: list[Page]) -> None:
    for page in everything:
        if STORY in page.text:
            assert "no-store" in page.response["Cache-Control"], page.url


def test_no_page_speaks_of_the_tracking_code_but_the_receipts(everything: list[Page]) -> None:
    shape = re.compile(r"\b([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}\b")
    for page in everything:
        if shape.search(page.text):
            assert page.heading == "Tanda terima laporan", page.url


def test_the_second_language_is_english_on_every_page(town: Town) -> None:
    browser = town.complainant()
    browser.visit("/").form("EN").send()
    assert settings.LANGUAGE_COOKIE_NAME in browser.client.cookies
    page = browser.visit("/lapor/ub-fmipa")
    assert page.root.first("html").attrs["lang"] == "en"
    page.says("Send report", "Complaint", "Tuesday, 24 November 2026")
    browser.visit("/lacak").says("Tracking code")
    browser.visit("/").form("ID").send().says("Keluhan Anda dijawab")


@pytest.mark.parametrize("key", ["ub-fmipa", "unej-uc3", "its-bapkm", "unmul-ft", "unesa-feb"])
def test_each_sop_is_shown_in_official_form_in_words_and_as_a_path(town_of: Callable[[str], Town], key: str) -> None:
    """S0-9, S1-11, S2-12, S3-17, S4-22: identity block verbatim, drawing, text version, readable path, the file."""
    town = town_of(key)
    line = queries.current_sops(key, at=town.clock.now)[0]
    page = town.complainant().visit("/sop").click(line.sop.identity.title)
    identity = line.sop.identity
    page.says(identity.title, *identity.institution, *[one.name for one in identity.signatures])
    page.says(*[" ".join(item.split()) for item in (*identity.legal_basis, *identity.qualifications)])
    assert len(page.root.all("svg", class_="sop-sheet")) >= len(line.sop.procedures)
    for procedure in line.sop.procedures:
        for step in procedure.steps:
            assert step.no.strip().rstrip(".") in page.text
    page.says("Versi teks", "Dibaca sebagai jalur").says_not("Temuan pemeriksa SOP")
    toml = town.complainant().visit(f"/sop/{key}/{line.sop.id}.toml")
    assert load(toml.body.decode(), name="unduhan").hash == line.hash
    town.on("coordinator").visit(page.url).says("Temuan pemeriksa SOP")


def test_a_draft_is_read_by_the_people_of_its_institution_alone(town: Town) -> None:
    document = queries.current_sops(town.key, at=town.clock.now)[0].sop
    title = "Rancangan yang belum disahkan"
    draft = replace(document, identity=replace(document.identity, title=title))
    made = import_sop(town.institution, write(draft), name="rancangan.toml", at=town.clock.now)
    address = f"/sop/{town.key}/{document.id}"
    for ending in ("", ".toml"):
        town.complainant().visit(f"{address}{ending}?versi={made.hash[:12]}", expect=404)
        assert title in town.on("coordinator").visit(f"{address}{ending}?versi={made.hash[:12]}").body.decode()
    assert made.hash[:12] not in town.complainant().visit(address).body.decode()


def test_an_accent_is_a_style_sheet_of_two_numbers_and_nothing_else() -> None:
    anyone = Client()
    answer = anyone.get("/gaya/155-0.085.css")
    assert answer.content == b":root{--accent-h:155;--accent-c:0.085}\n"
    assert answer["Content-Type"].startswith("text/css")
    assert anyone.get("/gaya/900-9.css").content == b":root{--accent-h:180;--accent-c:0.13}\n"
    assert anyone.get("/gaya/red-blue.css").status_code == 404
    assert anyone.get("/gaya/nan-1.css").status_code == 404
    assert anyone.get("/gaya/inf-1.css").status_code == 404


def test_a_form_without_its_token_gives_the_words_back(town: Town) -> None:
    browser = town.complainant()
    form = browser.visit("/lapor/ub-fmipa").form("Kirim laporan").write("Uraian", STORY)
    page = form.put("csrfmiddlewaretoken", "salah").send(expect=403)
    page.says("Formulir sudah kedaluwarsa")
    again = page.form("Kirim lagi")
    assert again.sent["story"] == [STORY]
    browser.keep(again.send())


def test_a_forged_act_of_an_officer_is_never_one_press_away(town: Town) -> None:
    rani, operator = town.complainant(), town.on("operator-mipa-care")
    rani.report(town.key, STORY)
    form = operator.open(rani.register).form("Selesaikan langkah 2").choose("Tidak")
    form.write("Jawaban kepada pelapor", "Jawaban palsu.")
    page = form.put("csrfmiddlewaretoken", "salah").send(expect=403)
    page.says("Jawaban palsu.")
    assert not page.has_form("Kirim lagi")


def test_when_we_break_the_complaint_comes_back_to_be_sent_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """No trace, and a retry that keeps the text and the key."""
    from tanggap.web.public import report

    def broken(*args: object, **more: object) -> None:
        raise RuntimeError("rahasia dalam")

    browser = town.complainant()
    browser.client.raise_request_exception = False
    form = browser.visit("/lapor/ub-fmipa").form("Kirim laporan").choose("Saran").write("Uraian", STORY)
    with monkeypatch.context() as broke:
        broke.setattr(report, "receive", broken)
        page = form.send(expect=500)
    page.says("Ada yang rusak di pihak kami", "Tulisan Anda ada di bawah ini").says_not("rahasia dalam", "Traceback")
    again = page.form("Kirim lagi")
    assert again.sent["kind"] == ["suggestion"]
    browser.keep(again.send())


def test_leading_away_after_signing_in_is_refused(town: Town) -> None:
    from tanggap.records.models import User

    user = User.objects.get(username="ub-fmipa-desk")
    user.set_password("gunung-semeru-77")
    user.save()
    for number, away in enumerate(
        ("//jahat.example", "/\\jahat.example", "https://jahat.example", "javascript:alert(1)")
    ):
        browser = town.complainant()
        form = browser.visit("/masuk").form("Masuk").put("next", away)
        form.write("Nama pengguna", user.username).write("Kata sandi", "gunung-semeru-77")
        page = form.send()
        assert page.url.startswith("/tugas"), (number, page.url)


def test_a_wrong_password_is_told_in_words_and_the_name_is_kept(town: Town) -> None:
    form = town.complainant().visit("/masuk").form("Masuk")
    page = form.write("Nama pengguna", "operator").write("Kata sandi", "salah-sekali").send()
    page.says("Belum masuk")
    assert page.form("Masuk").sent["login"] == ["operator"]
    assert page.form("Masuk").sent["password"] == [""]


def test_the_first_account_is_made_with_the_code_on_the_terminal(db: None) -> None:
    from pages import Browser
    from tanggap.actions.setup import pending_code

    browser, code = Browser(), pending_code()
    assert code is not None
    form = browser.visit("/siapkan").form("Buat akun").write("Nama lengkap", "Rina Wahyuni")
    form.write("Nama pengguna", "rina").write("Surel", "rina@contoh.example").write("Kata sandi", "pendek")
    page = form.write("Kode penyiapan", "AAAA-AAAA-AAAA-AAAA").send(expect=422)
    page.says("Kode itu tidak cocok")
    form = page.form("Buat akun").write("Kode penyiapan", code)
    again = form.send(expect=422)
    assert again.form("Buat akun").sent["password"] == [""], "no page carries a password back"
    form.write("Kata sandi", "gunung-semeru-77").send().says("Masuk untuk petugas")
    browser.visit("/siapkan", expect=404)


def test_no_two_addresses_have_one_name() -> None:
    """The later of two would take the forms of the earlier."""
    from tanggap.web.urls import urlpatterns

    names = [one.name for one in urlpatterns if one.name]
    assert sorted(names) == sorted(set(names))
