"""A complainant on a phone: files, keeps the receipt, scans it, reads the answer, says it does not suit."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
import segno

from real_site import Site

STORY = "Nilai praktikum kimia saya tertukar dengan milik teman sekelas."
OPERATOR = "operator-mipa-care.ub-fmipa"
Open = Callable[..., Any]


def file_report(page: Any, story: str = STORY) -> tuple[str, str]:
    """Fill in the form as a person does; number and code of the receipt."""
    page.get_by_label("Keluhan").check()
    page.get_by_label("Uraian").fill(story)
    page.get_by_label("Dirahasiakan").check()
    page.get_by_role("button", name="Kirim laporan").click()
    page.get_by_role("heading", name="Tanda terima laporan").wait_for()
    return page.locator("dd.big").inner_text().strip(), page.locator("dd.code").inner_text().strip()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_report_is_filed_and_followed_on_a_phone(open_page: Open, site: Site, javascript: bool) -> None:
    """S0-1 (web): 390 px wide, with and without JavaScript; the receipt's address tells nothing."""
    page = open_page("/lapor/ub-fmipa", phone=True, javascript=javascript)
    register, code = file_report(page)
    assert re.fullmatch(r"\d{4}/PGD/FMIPA/[IVX]+/\d{4}", register)
    assert code not in page.url
    assert "Jawaban paling lambat" in page.content()
    page.get_by_role("link", name="Lacak laporan ini").click()
    page.get_by_label("Nomor register").fill(register)
    page.get_by_label("Kode lacak").fill(code.lower())
    page.get_by_role("button", name="Buka laporan").click()
    page.get_by_role("heading", name="Perjalanan laporan").wait_for()
    assert STORY in page.content()
    page.get_by_label("Tulis pesan").fill("Saya tambahkan keterangan.")
    page.get_by_role("button", name="Kirim pesan").click()
    page.get_by_text("Pesan Anda sudah kami terima").wait_for()


def test_what_was_typed_survives_a_reload_and_is_gone_once_it_has_arrived(open_page: Open) -> None:
    page = open_page("/lapor/ub-fmipa", phone=True)
    page.get_by_label("Uraian").press_sequentially("Belum selesai menulis")
    page.wait_for_timeout(600)  # it is kept once the fingers rest
    page.reload()
    assert page.get_by_label("Uraian").input_value() == "Belum selesai menulis"
    page.get_by_role("button", name="Kirim laporan").click()
    page.get_by_role("heading", name="Tanda terima laporan").wait_for()
    page.goto("/lapor/ub-fmipa")
    assert page.get_by_label("Uraian").input_value() == ""


def test_the_scanned_receipt_opens_the_case_without_the_code_in_any_address(open_page: Open, site: Site) -> None:
    """Number and code stand behind "#", are read once and wiped; one press opens the case."""
    page = open_page("/lapor/ub-fmipa", phone=True)
    register, code = file_report(page)
    address = f"{site.address}/lacak#{register};{code}"
    assert modules_of(page.locator("svg.qr path").get_attribute("d")) == expected_modules(address)

    phone = open_page(address.removeprefix(site.address), phone=True)
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(unquote(request.url)))
    assert phone.get_by_label("Nomor register").input_value() == register
    assert phone.get_by_label("Kode lacak").input_value() == code
    assert "#" not in phone.url
    phone.keyboard.press("Enter")
    phone.get_by_role("heading", name="Perjalanan laporan").wait_for()
    assert not [one for one in [*asked, phone.url] if code in one]


def modules_of(path: str) -> set[tuple[int, int]]:
    """The dark modules that a path of runs draws."""
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", path)
    return {(int(x) + step, int(y)) for x, y, width in runs for step in range(int(width))}


def expected_modules(words: str) -> set[tuple[int, int]]:
    """The dark modules of a QR code that says ``words``."""
    matrix = segno.make(words, micro=False, error="m").matrix
    return {(x, y) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark}


def test_the_receipt_prints_on_one_sheet(open_page: Open) -> None:
    """S0-7: number, code and dates on one page of A4, with nothing of the screen's furniture."""
    page = open_page("/lapor/ub-fmipa")
    file_report(page)
    printed = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == 1
    page.emulate_media(media="print")
    assert not page.get_by_role("navigation").first.is_visible()
    assert not page.get_by_role("link", name="Lacak laporan ini").is_visible()
    assert page.locator("dd.code").is_visible()


def test_an_officer_answers_by_keyboard_and_the_complainant_says_it_does_not_suit(open_page: Open) -> None:
    """S0-3, S0-5: j, Enter, Tab and Space work a whole step; "belum sesuai" shows its field and sends it back."""
    phone = open_page("/lapor/ub-fmipa", phone=True)
    register, code = file_report(phone, "Laporan untuk dijawab dengan papan ketik.")

    officer = open_page("/tugas", user=OPERATOR)
    for _press in range(60):
        officer.keyboard.press("j")
        if register in officer.evaluate("document.activeElement.closest('.duty').innerText"):
            break
    else:
        raise AssertionError("j never reached the new duty")
    here = officer.evaluate("document.activeElement.innerText")
    officer.keyboard.press("k")
    officer.keyboard.press("j")
    assert officer.evaluate("document.activeElement.innerText") == here
    officer.keyboard.press("Enter")
    officer.wait_for_url("**/kasus/**")
    tab_to(officer, "input[name=choice]")
    officer.keyboard.press("ArrowDown")
    if officer.evaluate("document.querySelector('input[name=choice]:checked').value") != "tidak":
        officer.keyboard.press("ArrowDown")
    tab_to(officer, "textarea[name=answer]")
    officer.keyboard.type("Nilai Anda sudah ditukar kembali.")
    tab_to(officer, ".step-end button")
    officer.keyboard.press("Enter")
    officer.get_by_text("Langkah selesai dan tercatat.").wait_for()

    phone.goto(f"/lacak#{register};{code}")
    phone.get_by_role("button", name="Buka laporan").click()
    phone.get_by_role("heading", name="Apakah jawaban ini sesuai?").wait_for()
    assert not phone.get_by_label("Apa yang belum sesuai?").is_visible()
    phone.get_by_role("radio", name="Belum sesuai").check()
    phone.get_by_role("button", name="Kirim pernyataan").click()
    phone.get_by_role("alert").get_by_text("Tuliskan apa yang belum sesuai.").wait_for()
    phone.get_by_label("Apa yang belum sesuai?").fill("Di transkrip masih salah.")
    phone.get_by_role("button", name="Kirim pernyataan").click()
    phone.get_by_text("Laporan Anda diperiksa kembali.").wait_for()
    officer.goto("/tugas")
    officer.keyboard.press("/")
    officer.keyboard.type(register)
    officer.keyboard.press("Enter")
    officer.wait_for_url("**/kasus/**")
    officer.get_by_text("Di transkrip masih salah.").first.wait_for()


def tab_to(page: Any, selector: str) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    for _press in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def test_the_theme_is_kept_and_the_language_changes(open_page: Open) -> None:
    page = open_page("/")
    page.get_by_role("button", name="Ganti tampilan terang atau gelap").click()
    theme = page.evaluate("document.documentElement.dataset.theme")
    page.goto("/lacak")
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    page.get_by_role("button", name="EN").click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == "en"
