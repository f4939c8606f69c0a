"""One example for every way between procedures, and for answers and their delivery, with the trace they must give."""

from __future__ import annotations

import pytest

import offices
from stories import COMPLAINANT, COORDINATOR, DESK, WORKER, World, code, hm, sop
from tanggap.casework import commands as c
from tanggap.casework import events as e

# procedures ----------------------------------------------------------------------------------------------------------

TWO = """
{ no = "1", who = "operator", next = ["2", "3"] },
{ no = "2", who = "pimpinan", question = "Berkadar pengawasan?", choices = [
    { label = "Berkadar pengawasan", procedure = "pengawasan" }, { label = "Tidak", next = "end" } ] },
{ no = "3", who = "bagian" },
"""
SECOND = """
[[procedure]]
id = "pengawasan"
step = [ { no = "1", who = "dekan" } ]
"""


def test_the_class_chooses_the_procedure_and_the_case_goes_on_in_a_second_leg() -> None:
    world = World(sop(TWO, more=SECOND))
    world.receive(attributes={"urgensi": "rendah"}, procedure="p")
    world.complete("1")
    receipt = world.case.received_at
    assert world.complete("2", "Berkadar pengawasan") == ["D 2#1", "T moved 3#1", "Moved", "O 1#2"]
    assert (world.case.procedure, world.case.leg, world.case.received_at) == ("pengawasan", 2, receipt)
    assert world.case.attributes["urgensi"] == "rendah"


def test_an_exit_to_a_procedure_that_is_not_there_is_not_offered() -> None:
    rows = """
    { no = "1", who = "operator", question = "Ke mana?", choices = [
        { label = "Lain", procedure = "lain/x" }, { label = "Tidak", next = "end" } ] },
    """
    world = World(sop(rows))
    world.receive()
    assert code(world, "1", "Lain") == "choice_not_offered"
    other = sop('{ no = "1", who = "dekan" }', id="lain")
    world = World(sop(rows.replace("lain/x", "lain/p")), other)
    world.receive()
    assert world.complete("1", "Lain") == ["D 1#1", "Moved", "O 1#2"]
    assert world.case.sop == other.hash


WINDOW = """
window = { relation = "perkara", from = "diputus", within = "10 hari kerja", once = true }
start = [ { when = { in_time = "no" }, at = "tolak" }, { when = { first = "no" }, at = "tolak" } ]
"""
APPEAL = '{ no = "1", who = "operator" }, { id = "tolak", who = "operator" }'


@pytest.mark.parametrize(
    ("decided", "again", "row"),
    [
        ("2026-11-03", False, "1"),
        ("2026-11-01", False, "tolak"),
        ("2026-11-03", True, "tolak"),
        ("", False, "1"),
    ],
)  # fmt: skip
def test_an_appeal_is_admitted_in_time_and_once_and_never_refused_at_the_door(
    decided: str, again: bool, row: str
) -> None:
    moments = {"diputus": hm("09.00", decided)} if decided else {}
    links = (c.Link("perkara", "k1", moments, {"again": ("yes",)} if again else {}),)
    world = World(sop(APPEAL, head=WINDOW), start=hm("08.00", "2026-11-17"))
    world.receive(links=links)
    assert list(world.case.open) == [row]


def test_a_case_linked_later_learns_then_whether_it_was_in_time() -> None:
    world = World(sop(APPEAL, head=WINDOW), start=hm("08.00", "2026-11-17"))
    world.receive()
    assert world.case.attributes["in_time"] == "yes"
    world.do(DESK, c.Link("perkara", "k1", {"diputus": hm("09.00", "2026-10-01")}))
    assert world.case.attributes["in_time"] == "no"


@pytest.mark.parametrize(("start", "row"), [("2026-11-16 09.00", "1"), ("2026-11-16 19.00", "piket")])
def test_office_hours_choose_the_first_row(start: str, row: str) -> None:
    head = 'start = [ { when = { hours = "out" }, at = "piket" } ]'
    world = World(
        sop('{ no = "1", who = "operator" }, { id = "piket", who = "bagian" }', head=head), start=offices.at(start)
    )
    world.receive()
    assert list(world.case.open) == [row]


def test_a_new_version_takes_the_open_visit_over_with_its_moment_and_its_own_standard() -> None:
    old = sop('{ no = "1", who = "operator" }, { no = "2", who = "operator", time = "2 jam" }')
    new = sop('{ no = "1", who = "operator" }, { id = "periksa", who = "pimpinan", time = "1 jam" }')
    world = World(old, new)
    world.receive()
    world.complete("1", at=hm("09.00"))
    assert world.refused(COORDINATOR, c.Migrate(new.hash, "p", {})) == "rows_not_mapped"
    written = world.do(COORDINATOR, c.Migrate(new.hash, "p", {"2": "periksa"}), at=hm("09.30"))
    assert written == ["Migrated", "Assigned 2#1"]
    visit = world.visit("periksa")
    assert (visit.id, visit.opened_at) == ("2#1", hm("09.00"))
    assert visit.groups[0].posts == ("pimpinan",)
    assert world.due("step:2#1") == hm("10.00")
    assert world.complete("periksa", reason="r") == ["D 2#1", "Closed finished"]


def test_a_return_after_a_migration_finds_the_visit_under_its_new_name() -> None:
    rows = """
    {{ id = "{0}", who = "operator", next = ["2", "3"] }}, {{ no = "2", who = "operator" , next = "4" }},
    {{ no = "3", who = "bagian", next = "4" }},
    {{ no = "4", who = "dekan", after = ["2", "3"], question = "?", choices = [
        {{ label = "Ya", next = "end" }}, {{ label = "Ulang", next = "{0}" }} ] }},
    """
    old, new = sop(rows.format("1")), sop(rows.format("awal"))
    world = World(old, new)
    world.receive()
    world.do(COORDINATOR, c.Migrate(new.hash, "p", {"1": "awal"}))
    world.complete("awal")
    world.complete("2")
    world.complete("3")
    assert world.complete("4", "Ulang") == ["D 4#1", "O awal#1"]
    assert world.case.latest("awal") == world.visit("awal")


# answers and their delivery ------------------------------------------------------------------------------------------

REPLY = """
{ no = "1", who = "operator", record = "answer" },
{ no = "2", who = "pelapor", question = "Puas?", choices = [ { label = "Ya", next = "end" }, { label = "Tidak" } ] },
{ no = "3", who = "pimpinan" },
"""


def test_a_question_is_never_answered_by_delivery() -> None:
    world = World(sop(REPLY))
    world.receive()
    world.complete("1", answer="m")
    assert world.do(WORKER, c.Deliver("1#1")) == ["Delivered 1#1"]
    assert world.complete("2", "Tidak", by=COMPLAINANT) == ["D 2#1 confirmed", "O 3#1"]


def test_a_letter_that_is_no_answer_completes_nothing() -> None:
    world = World(sop('{ no = "1", who = "operator" }, { no = "2", who = "pelapor" }'))
    world.receive()
    world.complete("1")
    assert world.do(WORKER, c.Deliver("1#1")) == ["Delivered 1#1"]
    assert world.complete("2", by=COMPLAINANT, reason="r") == ["D 2#1 confirmed", "Closed finished"]


def test_one_meeting_decides_many_cases_each_on_its_own() -> None:
    document = sop('{ no = "1", who = "operator", batch = true }, { no = "2", who = "operator" }')
    first, second = World(document), World(document)
    for world in (first, second):
        world.receive()
        world.complete("1", batch="rapat-1")
        assert world.events(e.StepDone)[0].batch == "rapat-1"
    assert code(first, "2", batch="rapat-1", reason="r") == "not_allowed", "a row of its own"


def test_a_timeout_into_a_procedure_that_is_not_there_leaves_the_row_with_its_people() -> None:
    rows = """
    { no = "1", who = "operator", time = "1 jam", timeout = { choice = "Lain" }, question = "Ke mana?", choices = [
        { label = "Lain", procedure = "lain/x" }, { label = "Tidak", next = "end" } ] },
    """
    world = World(sop(rows))
    world.receive()
    assert world.do(WORKER, c.Expire(), at=hm("09.00")) == ["Breached step:1#1", "TimedOut 1#1"]
    assert world.do(WORKER, c.Expire(), at=hm("10.00")) == []
    assert world.complete("1", "Tidak", reason="r") == ["D 1#1", "Closed finished"]
