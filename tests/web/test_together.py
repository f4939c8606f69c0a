"""One row for many cases: ticked and done by one form, each an act of its own, and what was refused is told by case."""

from __future__ import annotations

from importlib.resources import files

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pages import Page
from tanggap.actions.sops import approve, import_sop
from tanggap.casework import events as e
from tanggap.casework.commands import Complete
from tanggap.records.verification import verify
from tanggap.web.duties import together
from town import Complainant, Town

OPERATOR = "operator-mipa-care"
DO = "Selesaikan yang dicentang"


@pytest.fixture
def reports(town: Town) -> list[Complainant]:
    """Three reports at a row of which the file says that a meeting may do it for many."""
    text = (files("tanggap") / "seeds" / "sop" / "ub-fmipa-mipa-care.toml").read_text("utf-8")
    row = 'no = "2"\nwhat = "Memeriksa keluhan'
    assert row in text
    text = text.replace(row, row.replace("\n", "\nbatch = true\n"), 1)
    approve(import_sop(town.institution, text, name="batch.toml", at=town.clock.now), at=town.clock.now)
    return [more_of(town, n) for n in range(3)]


def more_of(town: Town, n: int) -> Complainant:
    one = town.complainant()
    one.report(town.key, f"Proyektor ruang {n} mati.")
    return one


def page_of(town: Town) -> Page:
    duties = town.on(OPERATOR).duties()
    return duties.click(next(words for words in duties.links if "laporan" in words and "Langkah 2" in words))


def done(town: Town, register: str) -> list[e.StepDone]:
    return [one.event for one in town.entries(register) if isinstance(getattr(one, "event", None), e.StepDone)
            and one.event.visit == "2#1"]  # fmt: skip


def test_what_is_ticked_is_done_by_one_form_as_an_act_of_each_case(town: Town, reports: list[Complainant]) -> None:
    page = page_of(town).says("Selesaikan bersama", *(one.register for one in reports))
    labels = [label for label in page.form(DO).labels if any(one.register in label for one in reports[:2])]
    form = page.form(DO).tick(*labels).choose("Tidak").write("Jawaban kepada pelapor", "Diganti besok pagi.")
    form.write("Catatan", "Rapat 16 November.").send().says("2 laporan selesai.", reports[2].register)
    batches = {done(town, one.register)[0].batch for one in reports[:2]}
    assert len(batches) == 1, "one decision"
    assert batches != {""}
    assert done(town, reports[2].register) == []
    reports[0].track().says("Diganti besok pagi.")
    town.on(OPERATOR).look_up(reports[1].register).says("Diputuskan bersama laporan lain.", "Rapat 16 November.")
    again = form.send()
    assert "2 laporan selesai." in again.text, "the same form sent twice is one act in each"
    assert [len(done(town, one.register)) for one in reports] == [1, 1, 0]
    assert not list(verify(at=town.clock.now))


def test_what_one_case_refuses_is_told_of_it_and_the_others_are_done(town: Town, reports: list[Complainant]) -> None:
    page = page_of(town).form(DO).put("semua", "1").send()
    world = town.world
    world.at = town.clock.now
    world.act(Complete("2#1", choice="ya"), town.case(reports[0].register).pk, world.on[OPERATOR])
    other = town.on("wakil-dekan-umum")
    assert other.visit(page.url, expect=200).url == "/tugas", "nothing of the row waits for them"
    form = page.form(DO).choose("Tidak").write("Jawaban kepada pelapor", "Diganti besok pagi.")
    told = form.send(expect=409).says("2 laporan selesai.", "1 laporan belum selesai", "Diganti besok pagi.")
    told.says("sudah selesai, atau bukan tugas Anda lagi", reports[0].register)
    assert [len(done(town, one.register)) for one in reports] == [1, 1, 1]
    assert done(town, reports[0].register)[0].exit == "ya", "as it was decided by itself"


def test_what_every_case_needs_is_asked_before_any_is_touched(
    town: Town, reports: list[Complainant], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_of(town)
    page.form(DO).choose("Tidak").write("Jawaban kepada pelapor", "Diganti.").send(expect=422).says(
        "Centang paling sedikit satu laporan.", "Diganti."
    )
    form = page.form(DO)
    assert "Centang semua" in [one.text for one in form.buttons]
    every = form.write("Catatan", "Rapat pagi.").put("semua", "1").send().form(DO)
    assert (every.sent["reason"], len(every.sent["case"])) == (["Rapat pagi."], 3), "ticked, and nothing typed is lost"
    every.send(expect=422)
    every.choose("Tidak").send(expect=422)
    every.write("Dikerjakan pada", "kapan-kapan").send(expect=422).says("Tulis tanggal dan jam")
    one = page.form(DO).tick(next(label for label in form.labels if reports[2].register in label)).choose("Ya")
    monkeypatch.setattr(together, "MOST", 1)
    told = one.write("Dikerjakan pada", "2026-01-05T08:00").send(expect=409).says(reports[2].register)
    told.says_not("bukan tugas Anda lagi")  # it is still theirs, though others have come before it
    assert [len(done(town, one.register)) for one in reports] == [0, 0, 0]
    key, digest = page.url.split("/")[3:5]
    for address in (f"lain/{digest}/keluhan/2", f"{key}/{digest}/keluhan/3", f"{key}/{digest}/entah/2",
                    f"{key}/000000000000/keluhan/2", f"{key}/{digest[:3]}/keluhan/2"):  # fmt: skip
        town.on(OPERATOR).visit(f"/tugas/bersama/{address}", expect=404)


def test_the_page_asks_no_more_for_six_cases_than_for_three(town: Town, reports: list[Complainant]) -> None:
    officer, address = town.on(OPERATOR), page_of(town).url

    def asked() -> int:
        officer.visit(address)
        with CaptureQueriesContext(connection) as found:
            officer.visit(address)
        return len(found)

    few = asked()
    for n in range(3):
        more_of(town, n + 3)
    assert asked() == few
