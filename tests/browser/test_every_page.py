"""Every main page for every eye: no axe violation in light and dark on phone and desk, nothing beyond the edge."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from real_site import Site

Open = Callable[..., Any]
WIDTHS = (360, 390, 1280)
PUBLIC = [
    "/", "/lembaga/ub-fmipa", "/lapor", "/lapor/unesa-feb", "/lacak", "/sop", "/data-pribadi", "/akun/login/",
    "/tidak-ada",
    *(f"/sop/{key}" for key in (
        "ub-fmipa/ub-fmipa-mipa-care", "unej-uc3/unej-uc3", "its-bapkm/its-bapkm-keluhan",
        "unmul-ft/unmul-ft-komunikasi-pelanggan", "unesa-feb/unesa-feb-pengaduan",
    )),
]  # fmt: skip
STAFF = ["/tugas", "/catat", "/register", "/belum-teratasi", "/belum-ditanggapi", "/akun/logout/"]
COORDINATOR, LEAD = "kabag-tu.ub-fmipa", "kepala-kantor.unesa-feb"


ARRIVED = """
import os
from datetime import UTC, datetime

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tanggap.config.settings"
django.setup()
from tanggap.actions import channel_accounts, inbox
from tanggap.records.access import reader
from tanggap.records.models import ChannelAccount, User
from tanggap.worker import collect, deliver

now = datetime.now(UTC)
admin = reader(User.objects.get(username="dekan.ub-fmipa"), at=now)
deliver.drain(lambda: now)
chat = channel_accounts.save_account(
    "ub-fmipa", by=admin, at=now, channel="whatsapp", name="WhatsApp", settings={"number_id": "1"}, secrets={},
)
away = b"From: Budi <b@contoh.example>\\nSubject: Cuti\\nAuto-Submitted: auto-replied\\n\\nSaya kembali Senin."
inbox.store(ChannelAccount.objects.get(channel="email"), away, at=now)
inbox.store(chat, b"{", at=now)
collect.drain(lambda: datetime.now(UTC))
channel_accounts.trouble(chat.pk, at=now, why="token ditolak")
"""
"""Letters for persons to bring, a machine's mail, a delivery that nobody can read, an account in trouble."""


def look(page: Any, *, dark: bool = True) -> list[str]:
    """What is wrong with the page as it stands: on both widths, in light and ``dark``."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if beyond > 0:
            found.append(f"{page.url} at {width}: {beyond} px over the edge")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark") if dark else ("light",):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour half way between two
            # Of all rules only contrast depends on the scheme.
            rules = {"runOnly": ["color-contrast"]} if scheme == "dark" else {}
            told = Axe().run(page, options={**rules, "resultTypes": ["violations"]}).response["violations"]
            found += [
                f"{page.url} at {width} {scheme}: {one['id']}: {node['html'][:160]}"
                for one in told
                for node in one["nodes"][:3]
            ]
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return found


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_page_is_for_every_eye(open_page: Open, address: str) -> None:
    assert not look(open_page(address))


def test_what_a_complainant_meets_on_the_way_is_for_every_eye(open_page: Open, site: Site) -> None:
    """The form with its errors, the receipt, the case with and without an error."""
    page = open_page("/lapor/ub-fmipa")
    page.get_by_role("button", name="Kirim laporan").click()
    page.get_by_role("alert").wait_for()
    found = look(page)
    page.get_by_label("Uraian").fill("Laporan untuk dilihat.")
    page.get_by_role("button", name="Kirim laporan").click()
    page.get_by_role("heading", name="Tanda terima laporan").wait_for()
    found += look(page)
    page.goto(f"/lacak#{site.register};{site.code}")
    page.get_by_role("button", name="Buka laporan").click()
    page.get_by_role("heading", name="Perjalanan laporan").wait_for()
    found += look(page)
    page.get_by_role("button", name="Kirim pesan").click()
    page.get_by_role("alert").wait_for()
    assert not found + look(page)


def test_reports_and_explained_deadlines_are_for_every_eye(open_page: Open) -> None:
    """Tables behind pictures, and every clock of a case with what has ended unfolded."""
    page = open_page("/ringkasan", user=COORDINATOR)
    found = look(page)
    for address in ("/ringkasan/kepatuhan", "/ringkasan/kemacetan", "/belum-teratasi"):
        page.goto(address)
        page.get_by_role("heading", level=1).wait_for()
        found += look(page)
    page.goto(f"{page.locator('table a').first.get_attribute('href')}/tenggat")
    page.get_by_role("heading", name="Tenggat, baris demi baris").wait_for()
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
    assert not found + look(page)


def test_what_an_officer_works_with_is_for_every_eye(open_page: Open) -> None:
    """Lists, books, desk entry with its errors and receipt."""
    page = open_page("/tugas", user="operator-mipa-care.ub-fmipa")
    found = []
    for address in STAFF:
        page.goto(address)
        found += look(page)
    page.goto("/catat")
    page.get_by_role("button", name="Catat dan cetak tanda terima").click()
    page.get_by_role("alert").wait_for()
    found += look(page)
    assert not found


def test_cases_in_every_state_are_for_every_eye(open_page: Open) -> None:
    """Case pages of the demo: open, waiting, returned, disposed, ended; with their papers."""
    found = []
    for user, most in ((COORDINATOR, 3), (LEAD, 3)):
        page = open_page("/register", user=user)
        cases = page.locator("table.register a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        for address in cases[:most]:
            page.goto(address)
            found += look(page)
        sheets = page.locator("a[href*='/disposisi/']").evaluate_all("links => links.map(link => link.href)")
        for address in [*sheets[:1], f"{cases[0]}/berkas"]:
            page.goto(address)
            found += look(page)
    assert not found


def test_who_arranges_an_institution_and_who_goes_on_leave_has_pages_for_every_eye(open_page: Open) -> None:
    """Posts, one post with its forms, columns, people, one account, history, what a change does; one's own leave."""
    page = open_page("/organisasi/ub-fmipa", user="dekan.ub-fmipa")
    found = look(page)
    for address in ("/jabatan/wakil-dekan-umum", "/pelaksana", "/orang", "/orang/baru", "/riwayat"):
        page.goto(f"/organisasi/ub-fmipa{address}")
        page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
        found += look(page)
    page.goto("/organisasi/ub-fmipa/orang")
    page.goto(page.locator("main table a").nth(2).get_attribute("href"))
    found += look(page)
    page.goto("/organisasi/ub-fmipa/jabatan/dekan")
    form = page.locator("form", has_text="Mulai tanggal")
    form.get_by_role("button", name="Lihat akibatnya").click()
    page.get_by_role("alert").wait_for()
    found += look(page)
    page.get_by_label("Pemegang").select_option(index=2)
    page.get_by_label("Sebagai").select_option("definitif")
    page.get_by_role("button", name="Lihat akibatnya").click()
    page.get_by_role("heading", name="Akibatnya").wait_for()
    found += look(page)
    page.goto("/cuti")
    assert not found + look(page)


def test_what_arrives_and_what_is_done_about_it_has_pages_for_every_eye(open_page: Open, site: Site) -> None:
    """Accounts, one typed wrongly; the inbox, a sender opened; a case of what nobody could read; what persons tell."""

    def seen(page: Any, address: str = "") -> list[str]:
        if address:
            page.goto(address)
        page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
        return look(page, dark=False)

    page = open_page("/saluran/ub-fmipa/baru/email", user="dekan.ub-fmipa")
    page.get_by_label("Cara mengirim").select_option("mailgun")
    page.get_by_role("button", name="Simpan").click()
    page.get_by_role("alert").wait_for()
    found = seen(page)
    page.get_by_label("Alamat surel").fill("lapor@kampus.example")
    page.get_by_label("Cara mengirim").select_option("")
    page.get_by_role("button", name="Simpan").click()
    page.get_by_role("status").wait_for()
    site.run(ARRIVED)
    found += seen(page, "/saluran/ub-fmipa")
    page.goto(page.get_by_role("link", name="Surel", exact=True).first.get_attribute("href"))
    found += seen(page)
    page.goto("/kotak-masuk")
    page.locator("summary", has_text="Buka identitas pengirim").click()
    page.get_by_label("Penjelasan").fill("Siapa ini?")
    page.get_by_role("button", name="Buka dan catat").click()
    page.get_by_role("heading", name="Identitas pengirim", exact=True).wait_for()
    found += seen(page)
    unread = page.locator("section[aria-labelledby=tak-terbaca] a").first.get_attribute("href")
    for address in ("/kotak-saran", "/kabar", "/berkala", unread, f"{unread}/serupa", "/pemberitahuan/antrean"):
        found += seen(page, address)
    found += seen(page, page.get_by_role("link", name="Cetak surat").first.get_attribute("href"))
    assert not found
