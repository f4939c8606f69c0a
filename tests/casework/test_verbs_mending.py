"""The verbs by which what was done is put right: deliver, correct, link, redirect, undo, move, migrate."""

from __future__ import annotations

from stories import COMPLAINANT, COORDINATOR, DESK, STRANGER, TWO, WORKER, World, begun, hm, sop
from tanggap.casework import commands as c
from tanggap.casework import events as e
from tanggap.casework.state import VisitState

PARALLEL = """
{ no = "1", who = "operator", next = ["2", "3"] },
{ no = "2", who = "bagian" },
{ no = "3", who = "pimpinan" },
{ no = "4", who = "dekan", after = ["2", "3"] },
"""
ANSWERING = """
{ no = "0", who = "pelapor" },
{ no = "1", who = "operator" },
{ no = "2", who = "operator", record = "answer" },
{ no = "3", who = "pelapor" },
"""


# deliver, correct, link ----------------------------------------------------------------------------------------------


def test_delivery_is_reported_of_what_was_done_and_not_before_it_was_done() -> None:
    world = begun()
    assert world.refused(STRANGER, c.Deliver("1#1")) == "not_allowed"
    assert world.refused(DESK, c.Deliver("1#1")) == "visit_not_done"
    assert world.refused(DESK, c.Deliver("9#1")) == "unknown_visit"
    world.complete("1", at=hm("09.00"))
    assert world.refused(DESK, c.Deliver("1#1"), happened=hm("08.30")) == "before_opening"
    assert world.do(DESK, c.Deliver("1#1", proof="b")) == ["Delivered 1#1"]


def test_a_wrong_moment_is_put_right_and_the_old_one_stays_readable() -> None:
    world = begun(ANSWERING)
    world.complete("1", at=hm("10.00"))
    world.complete("2", answer="m", at=hm("11.00"))
    world.do(DESK, c.Deliver("2#1"), at=hm("12.00"))
    done = world.seq_of(next(event for event in world.events(e.StepDone) if event.visit == "2#1"))
    sent = world.seq_of(e.Delivered("2#1"))
    assert world.refused(DESK, c.Correct(done, hm("10.30"), "r")) == "not_allowed"
    assert world.refused(COORDINATOR, c.Correct(done, hm("10.30"), "")) == "reason_needed"
    assert world.refused(COORDINATOR, c.Correct(2, hm("10.30"), "r")) == "not_correctable"
    assert world.refused(COORDINATOR, c.Correct(done, hm("13.00"), "r")) == "moment_in_future"
    assert world.refused(COORDINATOR, c.Correct(done, hm("09.00"), "r")) == "before_opening"
    assert world.refused(COORDINATOR, c.Correct(sent, hm("10.59"), "r")) == "before_opening"
    assert world.do(COORDINATOR, c.Correct(done, hm("10.30"), "r")) == ["Corrected"]
    assert world.case.visits["2#1"].ended_at == hm("10.30")
    world.do(COORDINATOR, c.Correct(sent, hm("11.30"), "r"))
    assert world.case.delivered["2"] == world.case.answers[0].delivered_at == hm("11.30")
    assert world.log[done - 1].happened_at == hm("11.00")


def test_a_receipt_put_right_moves_what_it_opened_and_never_behind_the_first_act() -> None:
    world = begun('{ no = "0", who = "pelapor" }, { no = "1", who = "operator", time = "2 jam" }, { no = "2" }')
    world.now = hm("15.00")
    assert world.do(COORDINATOR, c.Correct(1, hm("07.45"), "r")) == ["Corrected"]
    assert world.case.received_at == world.visit("1").opened_at == world.case.visits["0#1"].ended_at == hm("07.45")
    assert world.due("step:1#1") == hm("09.45")
    world.complete("1", happened=hm("09.00"))
    assert world.refused(COORDINATOR, c.Correct(1, hm("09.30"), "r")) == "receipt_after_act"
    assert world.do(COORDINATOR, c.Correct(1, hm("08.30"), "r")) == ["Corrected"]
    assert world.case.visits["1#1"].ended_at == hm("09.00")


def test_a_breach_that_was_written_stays_whatever_is_corrected() -> None:
    world = begun()
    world.complete("1", at=hm("15.00"))
    done = next(entry.seq for entry in world.log if isinstance(entry.event, e.StepDone))
    world.do(COORDINATOR, c.Correct(done, hm("09.00"), "r"))
    assert "step:1#1" in world.case.breached


def test_a_link_is_made_by_desk_coordinator_or_worker() -> None:
    world = begun()
    assert world.refused("operator", c.Link("perkara", "k1")) == "not_allowed"
    assert world.do(WORKER, c.Link("perkara", "k1")) == ["Linked"]


# redirect, undo, move, migrate ---------------------------------------------------------------------------------------


def test_a_redirect_is_the_coordinators_departure_and_needs_a_reason_and_a_plain_row() -> None:
    world = begun(PARALLEL)
    world.complete("1")
    assert world.refused("bagian", c.Redirect("2#1", "1", "r")) == "not_allowed"
    assert world.refused(COORDINATOR, c.Redirect("2#1", "1", "")) == "reason_needed"
    assert world.refused(COORDINATOR, c.Redirect("2#1", "9", "r")) == "row_unknown"
    assert world.refused(COORDINATOR, c.Redirect("2#1", "4", "r")) == "row_is_join"
    world.complete("3")
    written = world.do(COORDINATOR, c.Redirect("2#1", "1", "r"))
    assert written == ["Redirected", "T redirected 2#1 4<3#1", "O 1#2"], "a return takes back what it passes"
    assert world.case.visits["2#1"].state is VisitState.REDIRECTED


def test_a_redirect_out_of_an_arm_lets_the_join_go_on() -> None:
    rows = PARALLEL + '{ no = "5", who = "operator", next = "end" },'
    world = begun(rows)
    world.complete("1")
    world.complete("3")
    assert world.do(COORDINATOR, c.Redirect("2#1", "5", "r")) == ["Redirected", "T redirected 2#1", "O 5#1", "O 4#1"]


def test_a_completion_is_taken_back_by_its_author_while_nothing_followed() -> None:
    world = begun(PARALLEL)
    world.complete("1")
    assert world.refused("bagian", c.Undo("1#1")) == "not_allowed"
    assert world.do("operator", c.Undo("1#1")) == ["Undone"]
    assert world.open == ["1#1"]
    assert world.states(VisitState.UNDONE) == ["2#1", "3#1"]
    assert world.case.taken[1, "1", ""] == 0
    assert world.complete("1") == ["D 1#1", "O 2#2", "O 3#2"]
    world.complete("2")
    assert world.refused("operator", c.Undo("1#1")) == "cannot_undo", "somebody went on"
    assert world.do("bagian", c.Undo("2#2")) == ["Undone"], "an arrival is voided"
    assert world.case.pending == {}
    assert world.refused("operator", c.Undo("1#1")) == "cannot_undo", "the row has been touched"


def test_undoing_sees_through_rows_that_were_passed_over() -> None:
    rows = '{ no = "1", who = "operator" }, { no = "2", who = "operator", when = { lk = "ada" } }, { no = "3" }'
    world = begun(rows)
    world.complete("1")
    assert world.do("operator", c.Undo("1#1")) == ["Undone"]
    assert world.complete("1") == ["D 1#1", "P 2#2", "O 3#2"]


def test_an_answer_a_return_and_a_bell_that_rang_are_not_undone() -> None:
    world = begun(ANSWERING)
    world.complete("1")
    world.complete("2", answer="m")
    assert world.refused("operator", c.Undo("2#1")) == "cannot_undo"
    rows = """
    { no = "1", who = "operator", next = "2", timeout = { after = "1 jam", next = "9", keep = true } },
    { no = "2", who = "operator" }, { no = "9", who = "operator" },
    """
    world = begun(rows)
    world.do(WORKER, c.Expire(), at=hm("09.00"))
    world.complete("1")
    assert world.refused("operator", c.Undo("1#1")) == "cannot_undo"


def test_undoing_gives_the_row_back_to_whom_it_concerns_now() -> None:
    world = begun('{ no = "1", who = "operator" }, { no = "2", who = "pimpinan" }')
    world.complete("1")
    world.do(DESK, c.Bind("terlapor", ("operator",)))
    assert world.do(COORDINATOR, c.Undo("1#1")) == ["Undone", "Assigned 1#1"]
    assert world.visit("1").groups[0].posts == ("dekan",)


def test_moving_to_another_procedure_is_the_desks_with_a_reason() -> None:
    world = begun(TWO, more='[[procedure]]\nid = "q"\nstep = [{ no = "1", who = "bagian" }]')
    world = World(world.sops[0])
    world.receive(procedure="p")
    assert world.refused("operator", c.Move("q", "r")) == "not_allowed"
    assert world.refused(DESK, c.Move("q", "")) == "reason_needed"
    assert world.refused(DESK, c.Move("x", "r")) == "unknown_procedure"
    assert world.refused(DESK, c.Move("q", "r", "hantu")) == "unknown_sop"
    assert world.refused(DESK, c.Move("p", "r")) == "nothing_changed"
    assert world.do(DESK, c.Move("q", "r")) == ["T moved 1#1", "Moved", "O 1#2"]
    assert world.events(e.Moved)[0].reason == "r"
    assert world.refused("operator", c.Undo("1#1")) == "not_allowed"


def test_migrating_maps_every_open_row_and_never_two_onto_one_and_joins_onto_joins() -> None:
    old = sop(PARALLEL)
    new = sop(PARALLEL.replace('"4"', '"temu"').replace('"3"', '"5"'))
    world = World(old, new)
    world.receive()
    world.complete("1")
    world.complete("2")
    migrate = c.Migrate(new.hash, "p", {"3": "5", "4": "temu"})
    assert world.refused("operator", migrate) == "not_allowed"
    assert world.refused(COORDINATOR, c.Migrate("hantu", "p")) == "unknown_sop"
    assert world.refused(COORDINATOR, c.Migrate(new.hash, "x")) == "unknown_procedure"
    assert world.refused(COORDINATOR, c.Migrate(old.hash, "p")) == "nothing_changed"
    for rows in ({}, {"3": "temu", "4": "temu"}, {"3": "5", "4": "2"}):
        assert world.refused(COORDINATOR, c.Migrate(new.hash, "p", rows)) == "rows_not_mapped"
    assert world.do(COORDINATOR, migrate) == ["Migrated"]
    assert world.complete("5") == ["D 3#1", "A temu", "O temu#1"]


def test_a_wait_whose_reason_the_new_version_does_not_know_ends_and_a_completion_of_an_unknown_row_stays() -> None:
    old, new = (
        sop(TWO, more='[[wait]]\nid = "rapat"\nfor = "cycle"\nuntil_needed = true'),
        sop('{ id = "x", who = "pimpinan" }'),
    )
    world = World(old, new)
    world.receive()
    world.complete("1")
    world.do("pimpinan", c.Wait("2#1", "rapat", hm("10.00", "2026-11-20")))
    assert world.do(COORDINATOR, c.Migrate(new.hash, "p", {"2": "x"})) == ["Migrated", "WaitEnded resumed"]
    assert world.do(COMPLAINANT, c.Contact("web")) == ["Contacted"]
    assert world.refused("operator", c.Undo("1#1")) == "cannot_undo"
