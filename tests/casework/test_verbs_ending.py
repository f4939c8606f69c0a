"""How a case ends and opens again: withdraw, close, reopen, and what is accepted after the end."""

from __future__ import annotations

from stories import COMPLAINANT, COORDINATOR, DESK, WORKER, begun, hm
from tanggap.casework import commands as c
from tanggap.casework.shelf import Actor, Power
from tanggap.casework.state import Status

ANSWERING = """
{ no = "0", who = "pelapor" },
{ no = "1", who = "operator" },
{ no = "2", who = "operator", record = "answer" },
{ no = "3", who = "pelapor" },
"""


def test_a_complaint_is_withdrawn_by_the_complainant_or_the_desk() -> None:
    world = begun()
    assert world.refused("operator", c.Withdraw()) == "not_allowed"
    assert world.do(COMPLAINANT, c.Withdraw()) == ["T closed 1#1", "Closed withdrawn"]


def test_a_coordinator_closes_with_a_reason() -> None:
    world = begun()
    assert world.refused(DESK, c.Close("ganda", "r")) == "not_allowed"
    assert world.refused(COORDINATOR, c.Close("ganda", "")) == "reason_needed"
    assert world.do(COORDINATOR, c.Close("ganda", "r")) == ["T closed 1#1", "Closed ganda"]


def test_a_closed_case_accepts_only_what_comes_after_the_end() -> None:
    world = begun(ANSWERING)
    world.complete("1")
    world.complete("2", answer="m")
    world.do(DESK, c.Deliver("2#1"))
    assert world.case.status is Status.CLOSED
    later: list[tuple[Actor, c.Command]] = [
        (COMPLAINANT, c.Contact("web", "m")), (DESK, c.Deliver("2#1")), (DESK, c.Link("terkait", "k2")),
        (COORDINATOR, c.Correct(1, hm("07.50"), "r")), (DESK, c.Note("n")), (WORKER, c.Expire()),
    ]  # fmt: skip
    for who, command in later:
        world.do(who, command)
    closed: list[c.Command] = [
        c.Complete("2#1"), c.Skip("2#1", "r"), c.Respond("2#1"), c.Assign("2#1", ("umum",)), c.Wait("2#1", "pelapor"),
        c.Resume("2#1"), c.Classify("lk", "ada"), c.Bind("terlapor", ("umum",)), c.Extend("clock:limit", "1 hari"),
        c.Redirect("2#1", "1", "r"), c.Undo("2#1"), c.Move("q", "r"), c.Migrate("x", "p"), c.Withdraw(),
        c.Close("x", "r"), c.Dispose("2#1", ("umum",)), c.ReportBack("d1"), c.Recall("d1", "r"),
    ]  # fmt: skip
    everybody = Actor("semua", frozenset(), frozenset(Power))
    assert {world.refused(everybody, command) for command in closed} == {"case_closed"}


REOPENED = """
{ no = "0", who = "pelapor" },
{ no = "1", who = "operator", time = "1 hari", counted_from = "receipt" },
{ no = "2", who = "operator", record = "answer" },
"""


def test_who_is_not_satisfied_opens_the_case_again_at_the_first_row_of_the_office() -> None:
    world = begun(REOPENED, head='reopen = "10 hari kerja"\nlimit = "3 hari kerja"')
    assert world.refused(COMPLAINANT, c.Reopen("r")) == "case_open", "nothing has been answered yet"
    world.complete("1", at=hm("09.00"))
    world.complete("2", answer="m")
    assert world.refused("operator", c.Reopen("r"), at=hm("09.00", "2026-11-27")) == "not_allowed"
    assert world.refused(COMPLAINANT, c.Reopen("")) == "reason_needed"
    assert world.refused(COMPLAINANT, c.Reopen("r", "9")) == "row_unknown"
    assert world.do(COMPLAINANT, c.Reopen("r")) == ["Reopened", "O 1#2"]
    assert (world.case.reopened, world.case.answered, world.case.attributes["answered"]) == (1, False, "no")
    assert world.do(WORKER, c.Expire()) == [], "the time in which it was closed is nobody's lateness"
    assert world.due("step:1#2") == hm("16.00", "2026-11-30"), "its one day is left"
    assert world.refused("operator", c.Complete("1#2"), happened=hm("10.00")) == "before_opening"
    world.complete("1")
    assert world.refused("operator", c.Complete("2#2")) == "answer_needed"


def test_a_case_is_opened_again_only_where_the_sop_offers_it_and_in_time() -> None:
    world = begun('{ no = "1", who = "operator" }')
    world.complete("1", reason="r")
    assert world.refused(COMPLAINANT, c.Reopen("r")) == "reopen_not_offered"
    world = begun('{ no = "1", who = "operator" }', head='reopen = "2 hari kerja"')
    world.complete("1", reason="r")
    assert world.refused(COMPLAINANT, c.Reopen("r"), at=hm("16.01", "2026-11-18")) == "reopen_too_late"
    assert world.do(COMPLAINANT, c.Reopen("r"), at=hm("16.00", "2026-11-18"))[-1] == "O 1#2"


def test_an_answered_case_that_is_still_open_goes_back_and_what_was_open_is_taken_back() -> None:
    world = begun(ANSWERING)
    world.complete("1")
    world.complete("2", answer="m")
    assert world.do(COMPLAINANT, c.Reopen("r")) == ["T returned 3#1", "Reopened", "O 1#2"]
