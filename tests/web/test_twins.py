"""The same matter twice: offered to the desk, joined or tied by hand, told to nobody else, and nothing lost."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pages import Page
from tanggap.actions.intake import Complainant as Complains
from tanggap.actions.intake import Incoming, receive
from town import Complainant, Town

STORY = (
    "Lampu ruang baca lantai dua perpustakaan mati sejak hari Senin, sehingga mahasiswa tidak dapat belajar pada malam "
    "hari. Mohon segera diperbaiki."
)
OPERATOR = "operator-mipa-care"


def filed(town: Town, story: str = STORY, *, mail: str = "dewi@contoh.example", **more: object) -> Complainant:
    """Somebody who filed ``story`` and wants the answer by mail."""
    one = town.complainant()
    write = {"Nama": "Dewi Lestari", "Nomor atau alamat surel": mail} if mail else {}
    one.report(town.key, story, choice=("Surel",) if mail else (), write=write, **more)
    return one


def alike(town: Town, who: str, one: Complainant) -> Page:
    return town.on(who).visit(f"/kasus/{town.case(one.register).pk}/serupa")


def joined(town: Town, one: Complainant, other: Complainant, *, reason: str = "Sama.", expect: int = 200) -> Page:
    form = alike(town, OPERATOR, one).form("Simpan keputusan").choose("Gabungkan ke laporan itu")
    assert form.sent["other"] == [str(town.case(other.register).pk)]
    return form.write("Alasan penggabungan", reason).send(expect=expect)


@pytest.fixture(autouse=True)
def _desk(town: Town) -> None:
    town.give(OPERATOR, desk=True)


def test_a_matter_that_comes_twice_is_offered_by_person_and_by_text(town: Town) -> None:
    first = filed(town)
    again = filed(town, f"Selamat siang. {STORY} Terima kasih.")
    town.on(OPERATOR).visit(f"/kasus/{town.case(again.register).pk}").says("1 laporan mungkin sama dengan ini")
    page = alike(town, OPERATOR, again)
    page.says(first.register, "Pelapor yang sama", "Kemiripan isi 100%")
    other = filed(town, "Pembayaran uang kuliah saya belum tercatat padahal sudah lunas.", mail="budi@contoh.example")
    alike(town, OPERATOR, other).says("Tidak ada laporan yang serupa")


def test_who_writes_twice_by_a_platform_is_offered_as_one_person_and_shown_by_no_id(town: Town) -> None:
    """Two matters of one Telegram account; the same id in another channel is somebody else."""
    cases = [
        receive(
            town.key, Incoming(text, channel=channel, complainant=Complains(name="D.", handle="4213370")),
            key=f"k{n}", at=town.clock.now,
        ).register
        for n, (channel, text) in enumerate(
            [("telegram", STORY), ("telegram", "Kartu saya tertelan mesin."), ("instagram", "Parkir penuh terus.")]
        )
    ]  # fmt: skip
    page = town.on(OPERATOR).visit(f"/kasus/{town.case(cases[1]).pk}/serupa")
    page.says(cases[0], "Pelapor yang sama").says_not("4213370").says_not(cases[2])


def test_it_is_offered_to_nobody_who_may_not_see_the_other_case(town: Town) -> None:
    filed(town)
    again = filed(town)
    case = town.case(again.register).pk
    for post in ("stranger", "kadep-kimia", "dekan"):
        town.on(post).visit(f"/kasus/{case}/serupa", expect=404)


def test_two_reports_of_one_person_are_joined_and_neither_record_is_lost(town: Town) -> None:
    """The words and files of the one go into the other; both keep their number."""
    first = filed(town)
    again = filed(town, files={"foto.txt": b"bukti kedua"})
    page = joined(town, again, first, reason="Sudah kami terima lebih dulu.")
    page.says(first.register, "foto.txt")
    assert town.case(again.register).outcome == "merged"
    assert town.kinds(again.register)[-1] == "Closed"
    assert "Linked" in town.kinds(first.register)
    assert first.status() != "Digabung"
    tracked = again.track()
    tracked.says("Digabung", "Sudah kami terima lebih dulu.")
    assert first.register not in tracked.html


def test_what_the_complainant_still_writes_reaches_the_case_that_goes_on_and_shows_on_no_other_page(town: Town) -> None:
    first, again = filed(town), filed(town)
    joined(town, again, first)
    again.track().form("Kirim pesan").write("Tulis pesan", "Sekarang lantai tiga juga mati.").send()
    assert town.kinds(again.register)[-1] == "Contacted"
    assert town.kinds(first.register)[-1] == "Contacted"
    case = town.on(OPERATOR).visit(f"/kasus/{town.case(first.register).pk}")
    case.says("Sekarang lantai tiga juga mati.", again.register)
    assert "lantai tiga" not in first.track().html


def test_reports_of_two_people_are_tied_and_never_joined(town: Town) -> None:
    """What is answered in one would be told to the other."""
    first = filed(town)
    other = filed(town, mail="budi@contoh.example")
    page = alike(town, OPERATOR, other)
    assert "Gabungkan ke laporan itu" not in page.text
    form = page.form("Simpan keputusan").choose("Tautkan saja")
    form.sent["what"], form.sent["reason"] = ["gabung"], ["Sama"]  # by a hand-made form
    form.send(expect=422).says("tidak terbukti dari pelapor yang sama")
    page.form("Simpan keputusan").choose("Tautkan saja").send()
    for one in (first, other):
        assert town.kinds(one.register)[-1] == "Linked"
        assert town.case(one.register).status == "open"
    alike(town, OPERATOR, first).says("berkaitan")


def test_what_was_found_to_be_two_matters_is_not_offered_again(town: Town) -> None:
    filed(town)
    again = filed(town)
    alike(town, OPERATOR, again).form("Simpan keputusan").choose("Bukan hal yang sama").send()
    page = town.on(OPERATOR).visit(f"/kasus/{town.case(again.register).pk}")
    assert "mungkin sama" not in page.text


def test_joining_needs_a_reason_and_keeps_what_was_chosen(town: Town) -> None:
    first, again = filed(town), filed(town)
    page = joined(town, again, first, reason=" ", expect=422)
    page.says("Tuliskan alasan penggabungan")
    assert page.form("Simpan keputusan").sent["what"] == ["gabung"]


def test_a_case_joined_to_one_that_is_joined_on_ends_in_the_last(town: Town) -> None:
    first, second = filed(town), filed(town)
    joined(town, second, first)
    third = filed(town)
    case = town.case(third.register).pk
    form = town.on(OPERATOR).visit(f"/kasus/{case}/serupa").form("Simpan keputusan")
    form.sent["other"] = [str(town.case(second.register).pk)]
    form.choose("Gabungkan ke laporan itu").write("Alasan penggabungan", "Sama.").send()
    assert town.case(third.register).outcome == "merged"
    assert sum(kind == "Linked" for kind in town.kinds(first.register)) == 2
    # and back: the first cannot be joined to one that leads to itself
    form = town.on(OPERATOR).visit(f"/kasus/{town.case(first.register).pk}/serupa")
    assert "Gabungkan" not in form.text


def test_the_page_asks_as_many_questions_for_ten_reports_as_for_two(town: Town) -> None:
    filed(town)
    last = filed(town)
    address = f"/kasus/{town.case(last.register).pk}/serupa"
    town.on(OPERATOR).visit(address)
    with CaptureQueriesContext(connection) as two:
        town.on(OPERATOR).visit(address)
    for _ in range(8):
        filed(town)
    with CaptureQueriesContext(connection) as ten:
        town.on(OPERATOR).visit(address)
    assert len(ten) == len(two)
