"""S0-12: what the law sets runs beside the clocks of the SOP, warned of and written when it passes, never moved."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files

import pytest

from stories import COMPLAINANT, COORDINATOR, DESK, WORKER, World, hm, sop
from tanggap.casework import commands as c
from tanggap.casework import events as e
from tanggap.casework.codec import encode
from tanggap.casework.custody import custody
from tanggap.casework.deadlines import explain
from tanggap.casework.dues import Due, dues
from tanggap.casework.fold import fold
from tanggap.casework.law import LawRefused, law_clocks, read_law
from tanggap.casework.state import Status

TABLE = (files("tanggap") / "seeds" / "law.toml").read_text("utf-8")
COMPLAINT = {"kind": "complaint"}
ROWS = """
{ no = "1", what = "Menerima", who = "operator", time = "15 menit" },
{ no = "2", what = "Menjawab", who = "operator", time = "40 hari kerja", record = "answer" },
{ no = "3", what = "Arsip", who = "operator", time = "1 hari" },
"""
FIRST, WHOLE, SP4N = "clock:law-uu25-tanggapan", "clock:law-uu25-penyelesaian", "clock:law-sp4n-pengaduan"


def world(**attributes: str) -> World:
    """A case of this kind, received on Monday 16 November 2026 at 08.00, under the law as it comes with Tanggap."""
    made = World(sop(ROWS))
    made.shelf.law = read_law(TABLE)
    made.receive(attributes=attributes or COMPLAINT)
    return made


def clocks(made: World) -> dict[str, Due]:
    """The clocks of the law that run now."""
    return {due.clock: due for due in dues(made.case, made.shelf) if due.kind == "law"}


def test_each_class_has_its_own_periods_and_each_period_its_source() -> None:
    law = read_law(TABLE)

    def of(**attributes: str) -> dict[str, str]:
        return {clock.id: str(clock.time) for clock in law_clocks(law, attributes)}

    uu25 = {"law-uu25-tanggapan": "14 hari kalender", "law-uu25-penyelesaian": "60 hari kalender"}
    assert of(kind="complaint") == {**uu25, "law-sp4n-pengaduan": "14 hari kerja"}
    assert of(kind="criticism", kelas="berkadar pengawasan") == {**uu25, "law-sp4n-pengawasan": "60 hari kerja"}
    assert of(kind="question") == {"law-sp4n-informasi": "5 hari kerja"}
    assert of(kind="suggestion") == of() == {}
    assert all(one.clock.source and one.check and one.clock.kind == "law" for one in law)
    assert {one.clock.source for one in law if "sp4n" in one.clock.id} == {"62/2018, periksa 5/2025"}


def test_they_run_beside_the_clocks_of_the_sop_from_the_receipt() -> None:
    made = world()
    found = clocks(made)
    assert found.keys() == {FIRST, WHOLE, SP4N}
    assert found[FIRST].due_at == hm("23.59", "2026-11-30")
    assert found[WHOLE].due_at == hm("23.59", "2027-01-15")
    assert found[SP4N].due_at == hm("16.30", "2026-12-04")
    assert made.due("step:1#1") == hm("08.15"), "and the SOP's own are as they were"
    assert all(due.breaches for due in found.values())


def test_they_are_warned_of_before_they_pass_and_written_when_they_do() -> None:
    """S1-9: nobody is surprised."""
    made = world()
    due = clocks(made)[FIRST]
    assert due.due_at is not None
    assert due.warn_at is not None
    assert due.starts_at < due.warn_at < due.due_at
    made.complete("1", at=hm("08.10"))
    assert made.do(WORKER, c.Expire(), at=due.due_at - timedelta(minutes=1)) == []
    assert made.do(WORKER, c.Expire(), at=due.due_at) == [f"Breached {FIRST}"]
    assert made.do(WORKER, c.Expire(), at=due.due_at) == []
    assert made.case.breached[FIRST] == due.due_at


@pytest.mark.parametrize(
    "word",
    [
        c.Note("surat", "complainant"),
        c.Wait("2#1", "pelapor", message="Mohon melampirkan kuitansi."),
    ],
)
def test_the_first_period_ends_with_the_first_word_to_the_complainant(word: c.Command) -> None:
    """UU 25/2009 asks for an answer that says at least whether the complaint is complete."""
    made = world()
    made.complete("1", at=hm("08.10"))
    made.do("operator", c.Note("catatan"), at=hm("08.20"))
    assert FIRST in clocks(made), "an internal note is no word to the complainant"
    made.do("operator", word, at=hm("08.30"))
    assert FIRST not in clocks(made)
    assert SP4N in clocks(made), "a word is not yet an answer"


def test_sixty_days_count_from_the_complete_file() -> None:
    made = world()
    made.complete("1", at=hm("08.10"))
    made.do("operator", c.Wait("2#1", "pelapor"), at=hm("09.00"))
    assert WHOLE not in clocks(made), "what is asked for is not there yet"
    made.do(COMPLAINANT, c.Contact("web"), at=hm("10.00", "2026-11-20"))
    again = clocks(made)[WHOLE]
    assert (again.starts_at, again.due_at) == (hm("10.00", "2026-11-20"), hm("23.59", "2027-01-19"))


@pytest.mark.parametrize("old_log", [False, True])
@pytest.mark.parametrize("still_running", [False, True])
def test_whom_a_wait_was_for_is_a_fact_that_no_later_version_of_the_document_changes(
    *, old_log: bool, still_running: bool
) -> None:
    """A case that goes on under a version in which the same reason waits for others, or is not known at all."""
    said = '[[wait]]\nid = "{}"\nfor = "{}"'
    old = sop(ROWS, more=said.format("berkas", "complainant"))
    other = sop(ROWS, more=said.format("berkas", "outside"))
    made = World(old, other, sop(ROWS))
    made.shelf.law = read_law(TABLE)
    made.receive(attributes=COMPLAINT)
    made.complete("1", at=hm("08.10"))
    [began] = made.entries("operator", c.Wait("2#1", "berkas"), at=hm("09.00"))
    assert isinstance(began.event, e.WaitBegan)
    if old_log:  # nobody wrote down for whom it was: what the version of that moment says
        made.log[-1] = replace(began, event=replace(began.event, waits_for=""))
        assert "waits_for" not in encode(made.log[-1].event), "its digest is what it was"
        made.case = fold(made.log)
    if still_running:
        made.do(COORDINATOR, c.Migrate(other.hash, "p"))
        assert WHOLE not in clocks(made)
        assert custody(made.case, made.shelf, until=hm("10.00")).complainant > timedelta()
    assert made.do(COMPLAINANT, c.Contact("web"), at=hm("10.00", "2026-11-20"))[1:] == ["WaitEnded contact"]
    before = clocks(made)[WHOLE]
    assert before.starts_at == hm("10.00", "2026-11-20")
    for version in made.sops:
        if version.hash != made.case.sop:
            made.do(COORDINATOR, c.Migrate(version.hash, "p"))
            assert FIRST not in clocks(made), "the complainant has heard from us"
            assert clocks(made)[WHOLE] == before


def test_they_do_not_stand_still_and_nobody_can_give_them_more_time() -> None:
    made = world()
    made.complete("1", at=hm("08.10"))
    before = clocks(made)[SP4N]
    made.do("operator", c.Wait("2#1", "pihak_luar"), at=hm("09.00"))
    assert clocks(made)[SP4N] == before, "only reasons that the law names stop its clock"
    later = hm("08.00", "2027-02-01")
    assert made.refused(COORDINATOR, c.Extend(SP4N, until=later, reason="r")) == "law_clock"


def test_an_answer_ends_them_all() -> None:
    made = world()
    made.complete("1", at=hm("08.10"))
    made.complete("2", at=hm("09.10"), answer="m")
    assert clocks(made) == {}
    assert made.case.status is Status.OPEN
    told = {one.clock: one for one in explain(made.log, made.shelf, at=made.now) if one.kind == "law"}
    assert {one.ended for one in told.values()} == {"answered"}
    assert told[SP4N].due_at == hm("16.30", "2026-12-04")
    assert told[SP4N].late_by == timedelta()


def test_what_is_classified_later_counts_from_the_receipt_all_the_same() -> None:
    made = world(channel="web")
    assert clocks(made) == {}
    made.do(DESK, c.Classify("kind", "question"), at=hm("15.00", "2026-11-18"))
    assert clocks(made)["clock:law-sp4n-informasi"].due_at == hm("16.00", "2026-11-23")


def test_an_institution_writes_only_what_differs() -> None:
    own = TABLE + '\n[institution.kampus.sp4n-informasi]\ntime = "10 hari kerja"\nsource = "Peraturan Rektor 1/2026"\n'
    own += "[institution.kampus.sp4n-pengaduan]\napplies = false\n"
    here = {one.clock.id: one.clock for one in read_law(own, institution="kampus")}
    assert (str(here["law-sp4n-informasi"].time), here["law-sp4n-informasi"].source) == (
        "10 hari kerja", "Peraturan Rektor 1/2026",
    )  # fmt: skip
    assert "law-sp4n-pengaduan" not in here
    assert read_law(own, institution="lain") == read_law(TABLE)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("clock = 1", "harus berisi"),
        ("[[clock]]\nid = 'a'\ntime = '5 hari'", "memuat time dan source"),
        ("[[clock]]\nid = 'a'\ntime = 'kira-kira'\nsource = 's'", "tidak dapat dibaca"),
        ("[[clock]]\nid = 'a'\ntime = '5 hari'\nsource = 's'\nwhen = 'kind'", "Syarat"),
        ("[[clock]]\nid = 'a'\ntime = '5 hari'\nsource = 's'\nfrm = 'x'", "Kunci “frm”"),
        ("[[clock]]\nid = 'a'\n[[clock]]\nid = 'a'", "id yang berbeda"),
        ("[institution.x.b]\ntime = '1 hari'", "Kunci “b”"),
        ("[[clock", "tidak terbaca"),
    ],
)
def test_a_table_that_says_nonsense_is_refused_in_words(table: str, says: str) -> None:
    with pytest.raises(LawRefused, match=re.escape(says)):
        read_law(table, institution="x")


def test_no_event_of_the_law_is_of_another_kind_than_those_of_the_sop() -> None:
    made = world()
    made.do(WORKER, c.Expire(), at=hm("08.00", "2027-03-01"))
    assert {event.clock for event in made.events(e.Breached)} >= {FIRST, WHOLE, SP4N, "step:1#1"}
