"""The list of duties: filtered and cut into pages by the database, by the unit for which a duty reaches its reader."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pages import Page
from tanggap.actions.organisation import appoint
from tanggap.casework.commands import Complete, Dispose
from tanggap.records.models import Duty, DutyRung, Post
from tanggap.records.queries import DutyWish, duty_list
from tanggap.web.duties import listing
from town import Town

OPERATOR = "operator-mipa-care"


def test_whoever_works_for_two_units_sees_the_duties_of_one_of_them(town: Town) -> None:
    """One person, two posts in two units: each duty stands under the unit it came for."""
    first, second = town.complainant(), town.complainant()
    for one in (first, second):
        one.report(town.key, "Nilai praktikum saya tertukar.")
    world, head = town.world, town.on("kabag-tu")
    appoint(Post.objects.get(institution=town.institution, key="kadep-kimia"), head.user, from_at=world.at)
    world.at = town.clock.now
    for one, post in ((first, "kabag-tu"), (second, "kadep-kimia")):
        case = town.case(one.register)
        world.act(Dispose("2#1", (post,)), case.pk, world.on["operator-mipa-care"])
    both = head.duties()
    both.says(first.register, second.register)
    form = both.form("Saring").pick("Unit", "Departemen Kimia")
    form.send().says(second.register).says_not(first.register)
    town.on("operator-mipa-care").duties().says_not("Semua unit")


def test_filters_pages_and_words_reach_every_duty_however_many_there_are(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody believes to have seen all: the one duty that is asked for lies behind those that fill the first page."""
    operator = town.on("operator-mipa-care")
    words = [f"Keluhan {n}." for n in range(1, 5)]
    for said in words:
        town.complainant().report(town.key, said)
        town.clock.later(minutes=1)
    last = town.complainant()
    last.report(town.key, "Pertanyaan kelima tentang cermin.", choice="Pertanyaan")
    monkeypatch.setattr(listing, "AT_ONCE", 2)

    def shown(page: Page) -> list[str]:
        return [said for said in [*words, "Pertanyaan kelima"] if said in page.text]

    first = operator.visit("/tugas").says("Tugas 1 sampai 2 dari 5", "5 semua", "5 hari ini")
    assert shown(first) == words[:2]
    second = first.click("Halaman berikutnya").says("Tugas 3 sampai 4 dari 5")
    assert shown(second) == words[2:]
    third = second.click("Halaman berikutnya").says("Tugas 5 sampai 5 dari 5").says_not("Halaman berikutnya")
    assert shown(third) == ["Pertanyaan kelima"]
    assert shown(third.click("Halaman sebelumnya")) == words[2:]
    assert shown(operator.visit("/tugas?hal=999")) == ["Pertanyaan kelima"], "beyond the last page is the last"
    only = first.form("Saring").pick("Jenis", "Pertanyaan").send().says("1 semua").says_not("Tugas 1")
    assert shown(only) == ["Pertanyaan kelima"]
    assert shown(operator.visit("/tugas?q=CERMIN")) == ["Pertanyaan kelima"]
    assert shown(operator.visit(f"/tugas?q={last.register[:4]}")) == ["Pertanyaan kelima"]
    assert shown(operator.visit("/tugas?q=Keluhan&hal=2")) == words[2:]
    for nothing in ("state=late", "urgency=tinggi", "channel=surat", "procedure=0000/keluhan", "unit=hantu"):
        operator.visit(f"/tugas?{nothing}").says("Tidak ada tugas yang cocok")
    town.clock.later(days=1)
    late = operator.visit("/tugas?state=late").says("Lewat waktu, 5", "5 tugas lewat waktu")
    assert shown(late) == words[:2]
    monkeypatch.setattr(duty_list, "SEARCHED", 2)
    assert shown(operator.visit("/tugas?q=CERMIN").says("Kata dicari pada")) == []


def test_what_climbed_stands_before_the_list_and_is_found_by_the_same_filters(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eskalasi is read first, on the first page; a filter looks at all that climbed, not at the highest alone."""
    operator = town.on(OPERATOR)
    for n, kind in enumerate(("Keluhan", "Pertanyaan", "Keluhan", "Keluhan")):
        one = town.complainant()
        one.report(town.key, f"Cermin nomor {n}.", choice=kind)
        if n < 2:
            town.world.act(Complete("2#1", choice="ya"), town.case(one.register).pk, town.world.on[OPERATOR])
            duty = Duty.objects.get(case=town.case(one.register))
            DutyRung.objects.create(duty=duty, name=OPERATOR, cause="late", level=2 - n, at=town.clock.now)
    monkeypatch.setattr(listing, "AT_ONCE", 1)
    first = operator.visit("/tugas").says("Eskalasi kepada Anda, 2", "Tugas 1 sampai 1 dari 2", "Eskalasi tingkat 2")
    assert first.text.index("Eskalasi kepada Anda") < first.text.index("Jatuh tempo hari ini, 2")
    operator.visit("/tugas?hal=2").says("Tugas 2 sampai 2").says_not("Eskalasi kepada Anda")
    unit = Post.objects.get(institution=town.institution, key=OPERATOR).unit
    assert unit is not None
    for asked, n in (
        (f"unit={unit.key}", 2),
        ("kind=question", 1),
        ("q=NOMOR+1", 1),
        ("unit=hantu", 0),
        ("q=wayang", 0),
    ):
        page = operator.visit(f"/tugas?{asked}")
        assert (f"Eskalasi kepada Anda, {n}" in page.text) == (n > 0), asked
        assert n or "Eskalasi kepada Anda" not in page.text, asked
    who = town.world.reader(town.world.on[OPERATOR])
    assert [one.line.kind for one in duty_list.climbed_to(who, DutyWish(kind="question"), limit=1)] == ["question"]


def test_a_page_of_the_list_asks_the_same_number_of_questions_however_many_duties_there_are(town: Town) -> None:
    operator, asked = town.on("operator-mipa-care"), []
    for _ in range(2):
        for n in range(3):
            town.complainant().report(town.key, f"Laporan {n}.")
        operator.visit("/tugas")
        with CaptureQueriesContext(connection) as queries:
            operator.visit("/tugas?q=Laporan&kind=complaint&unit=x&state=today&hal=2")
        asked.append(len(queries))
    assert asked[0] == asked[1] < 40, asked
