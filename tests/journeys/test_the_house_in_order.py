"""What holds whatever the story: pages cost the same for one case as for many, books without gaps, verify content."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pages import Browser
from tanggap.cli.main import main
from tanggap.records.models import CaseEvent
from tanggap.web.duties import books, listing
from town import Officer, Town


@pytest.fixture
def town(town_of: Callable[[str], Town]) -> Town:
    """FMIPA UB with a desk and a coordinator."""
    town = town_of("ub-fmipa")
    town.give("operator-mipa-care", desk=True)
    town.give("wakil-dekan-umum", coordinator=True)
    return town


def queries_of(browser: Browser, address: str) -> int:
    """How many queries a page asks, once everything that is kept is kept."""
    browser.visit(address)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        browser.visit(address)
    return len(caught)


def test_lists_ask_no_more_for_twelve_cases_than_for_two(town: Town) -> None:
    """Duties, register, unanswered, unresolved: no query for each line."""
    operator, lead = town.on("operator-mipa-care"), town.on("wakil-dekan-umum")
    pages = [(operator, "/tugas"), (operator, "/register"), (lead, "/belum-teratasi"), (lead, "/belum-ditanggapi")]

    def counts() -> list[int]:
        return [queries_of(who, address) for who, address in pages]

    for number in range(2):
        town.complainant().report(town.key, f"Laporan {number}.")
    few = counts()
    for number in range(2, 12):
        town.complainant().report(town.key, f"Laporan {number}.")
    assert counts() == few
    assert max(few) <= 30, few


def test_the_page_of_a_case_asks_no_more_for_a_long_record_than_for_a_short_one(town: Town) -> None:
    """Ten notes, files and two rounds later the page, its print and the complainant's page ask as much as before."""
    operator, lead, party = town.on("operator-mipa-care"), town.on("wakil-dekan-umum"), town.on("kabag-tu")
    rani = town.complainant()
    rani.report(town.key, "Laporan yang panjang ceritanya.")
    operator.finish(rani.register, "langkah 2", choice="Ya")
    lead.finish(rani.register, "langkah 3", pick={"Pihak Yang Dikomplain": "Kepala Bagian Tata Usaha"})
    party.finish(rani.register, "langkah 4", reason="Klarifikasi.")
    address = f"/kasus/{town.case(rani.register).pk}"
    rani.track()
    pages = [(lead, address), (operator, address), (lead, f"{address}/berkas"), (rani, "/lacak/laporan")]
    few = [queries_of(who, page) for who, page in pages]
    for number in range(5):
        note = operator.visit(address).form("Kirim").write("Balas pelapor", f"Kabar {number}.")
        note.attach("Berkas", (f"{number}.pdf", b"%PDF-1.4")).send()
        rani.track().form("Kirim pesan").write("Tulis pesan", f"Pesan {number}.").send()
    for again in ("", " putaran 2"):
        lead.finish(rani.register, f"langkah 5{again}", choice="Tidak", reason="Belum.")
        party.finish(rani.register, f"langkah 4 putaran {2 if not again else 3}", reason="Klarifikasi lagi.")
    many = [queries_of(who, page) for who, page in pages]
    assert many == few
    assert max(few) <= 40, few


def test_the_register_has_no_gap_and_restarts_with_the_year(town: Town) -> None:
    """S4-5, S0-7: number after number whatever becomes of the cases; the next year begins at one."""
    operator = town.on("operator-mipa-care")
    first, second, third = town.complainant(), town.complainant(), town.complainant()
    first.report(town.key, "Pertama.")
    form = second.visit(f"/lapor/{town.key}").form("Kirim laporan")
    form.send(expect=422)
    second.report(town.key, "Kedua.")
    second.track().form("Cabut laporan").send()
    third.report(town.key, "Ketiga.")
    book = operator.visit("/register")
    told = [one.text for one in book.root.first("tbody").all("th")]
    assert told == [f"{n:04}/PGD/FMIPA/XI/2026" for n in (1, 2, 3)]
    town.clock.at("2027-01-04 08.00")
    later = town.complainant()
    later.report(town.key, "Tahun baru.")
    assert later.register == "0001/PGD/FMIPA/I/2027"
    operator.visit("/register").says(later.register).says_not(first.register)
    operator.visit("/register?year=2026").says(first.register)


def test_a_large_register_comes_in_volumes_and_loses_no_number(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """S4-5, S0-7: the newest volume first, every other by its numbers."""
    monkeypatch.setattr(books, "VOLUME", 2)
    for words in ("Pertama.", "Kedua.", "Ketiga."):
        town.complainant().report(town.key, words)
    operator = town.on("operator-mipa-care")
    newest = operator.visit("/register")
    newest.says("0003/PGD", "Nomor 1 sampai 2").says_not("0001/PGD", "0002/PGD")
    for asked in ("1", "7", "x"):
        told = operator.visit(f"/register?year=2026&dari={asked}").text
        assert ("0002/PGD" in told, "0003/PGD" in told) == ((True, False) if asked == "1" else (False, True))


def test_a_list_that_does_not_show_everything_says_so(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """S1-9, S0-8: nobody believes to have seen all."""
    operator, lead = town.on("operator-mipa-care"), town.on("wakil-dekan-umum")
    town.complainant().report(town.key, "Pertama.")
    pages = [(lead, "/belum-teratasi"), (lead, "/belum-ditanggapi")]
    for who, address in pages:
        who.visit(address).says_not("Paling banyak")
    monkeypatch.setattr(books, "MOST", 1)
    for who, address in pages:
        who.visit(address).says("Paling banyak 1")
    town.clock.later(minutes=1)
    town.complainant().report(town.key, "Kedua.")
    monkeypatch.setattr(listing, "AT_ONCE", 1)
    operator.visit("/tugas").says("Pertama.", "Tugas 1 sampai 1 dari 2", "2 semua").says_not("Kedua.")


def test_verify_is_content_with_what_was_done_through_the_pages_and_not_with_anything_else(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """S4-8, X-7: ``tanggap verify --json`` says all is well, and names the place when a line of the log is changed."""
    operator, rani = town.on("operator-mipa-care"), town.complainant()
    form = rani.visit(f"/lapor/{town.key}").form("Kirim laporan").write("Uraian", "Laporan.")
    rani.keep(form.attach("Berkas gambar atau PDF", ("bukti.pdf", b"%PDF-1.4")).send())
    operator.finish(rani.register, "langkah 2", choice="Tidak", answer="Sudah.")
    assert main(["verify", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["cases"], told["files"], told["flaws"]) == (True, 1, 1, [])
    assert told["events"] == CaseEvent.objects.count()
    changed_and_put_back(town, rani.register, capsys)


def changed_and_put_back(town: Town, register: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Change one stored choice behind everybody's back, verify, and put it back for the end of the story."""
    from tanggap.records.fences import lowered

    line = CaseEvent.objects.filter(case=town.case(register), kind="StepDone").latest("seq")
    with lowered(connection):
        CaseEvent.objects.filter(pk=line.pk).update(data=line.data.replace("}", " }"))
    assert main(["verify", "--json"]) == 1
    flaws = json.loads(capsys.readouterr().out)["flaws"]
    assert (flaws[0]["kind"], flaws[0]["where"], flaws[0]["seq"]) == ("chain", register, line.seq)
    with lowered(connection):
        CaseEvent.objects.filter(pk=line.pk).update(data=line.data)


def test_an_officer_signed_out_at_one_place_is_out(town: Town) -> None:
    """Signing out ends the session, and nothing of it can be opened again."""
    operator: Officer = town.on("operator-mipa-care")
    town.complainant().report(town.key, "Laporan.")
    leaving = operator.visit("/akun/logout/")
    leaving.form("Keluar").send()
    assert operator.visit("/tugas").has_form("Masuk")
