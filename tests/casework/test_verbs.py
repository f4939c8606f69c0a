"""Every verb: who may, what is refused with which code, acts dated back, two writers, the same act twice."""

from __future__ import annotations

import pytest

from stories import COMPLAINANT, COORDINATOR, DESK, ELSEWHERE, STRANGER, WORKER, World, hm, office, sop
from tanggap.casework import commands as c
from tanggap.casework import events as e
from tanggap.casework.offers import offers
from tanggap.casework.promise import promise
from tanggap.casework.refusals import Refused, SomeoneElseActed
from tanggap.casework.shelf import Actor, Post, Power
from tanggap.casework.state import Status, VisitState

TWO = '{ no = "1", who = "operator", time = "2 jam" }, { no = "2", who = "pimpinan", optional = true }'
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


def begun(rows: str = TWO, **more: str) -> World:
    """A case whose first row is open."""
    world = World(sop(rows, **more))
    world.receive()
    return world


# receive -------------------------------------------------------------------------------------------------------------


def test_a_case_is_received_once_and_only_under_an_sop_that_stands_on_the_shelf() -> None:
    world = World(sop(TWO))
    assert world.refused("operator", c.Complete("1#1")) == "not_received"
    assert world.refused(DESK, c.Receive("hantu")) == "unknown_sop"
    assert world.refused(DESK, c.Receive(world.sops[0].hash, procedure="hantu")) == "unknown_procedure"
    world.receive()
    assert world.refused(DESK, c.Receive(world.sops[0].hash)) == "already_received"


def test_intake_is_never_refused_for_what_it_says() -> None:
    world = World(sop(TWO))
    world.receive(attributes={"kanal-aneh": "?", "urgensi": "luar biasa"}, binds={"hantu": ("hantu",)})
    assert world.open == ["1#1"]


def test_a_receipt_typed_later_opens_its_first_row_at_the_receipt_and_says_when_it_was_written() -> None:
    world = World(sop(ANSWERING))
    world.receive(happened=hm("15.00", "2026-11-13"))
    assert world.case.received_at == world.visit("1").opened_at == hm("15.00", "2026-11-13")
    assert {entry.recorded_at for entry in world.log} == {hm("08.00")}
    assert {entry.happened_at for entry in world.log} == {hm("15.00", "2026-11-13")}


def test_a_procedure_that_is_nothing_but_the_complaint_ends_with_its_receipt() -> None:
    world = World(sop('{ no = "1", who = "pelapor", mark = "masuk" }'))
    assert world.receive() == ["Received", "O 1#1", "Marked", "D 1#1 received", "Closed finished"]


def test_the_first_procedure_that_fits_takes_the_case_and_else_the_first_of_all() -> None:
    """S4-22."""
    second = '[[procedure]]\nid = "langsung"\nfor = { channel = ["lisan"] }\nstep = [{ no = "1", who = "operator" }]'
    document = sop(TWO, head='for = { channel = ["web"] }', more=second)
    for channel, procedure in (("web", "p"), ("lisan", "langsung"), ("burung", "langsung")):
        world = World(document)
        world.receive(attributes={"channel": channel})
        assert world.case.procedure == procedure


# take ----------------------------------------------------------------------------------------------------------------


def test_who_works_on_a_shared_row_is_seen_by_colleagues_and_may_be_relieved() -> None:
    world = begun()
    assert world.do("operator", c.Take("1#1")) == ["Taken 1#1"]
    assert world.visit("1").taken_by
    assert world.visit("1").taken_at == hm("08.00")
    assert world.refused("operator", c.Take("1#1")) == "nothing_changed"
    assert world.refused(ELSEWHERE, c.Take("1#1")) == "not_your_step"
    assert world.refused(COMPLAINANT, c.Take("1#1")) == "not_your_step"
    world.do(COORDINATOR, c.Assign("1#1", ("dekan",)))
    assert not world.visit("1").taken_by


def test_what_was_taken_is_handed_back_by_the_one_who_took_it_and_by_nobody_else() -> None:
    world = begun()
    assert world.refused("operator", c.HandBack("1#1")) == "not_taken"
    world.do("operator", c.Take("1#1"))
    assert world.refused(COORDINATOR, c.HandBack("1#1")) == "not_taken"
    assert world.do("operator", c.HandBack("1#1")) == ["HandedBack 1#1"]
    assert not world.visit("1").taken_by
    assert world.visit("1").taken_at is None


def test_the_ticked_items_of_the_check_list_are_kept_and_unknown_ones_are_not() -> None:
    """S0-2: what each row needs is recorded where the row is left."""
    world = begun('{ no = "1", who = "operator", needs = ["formulir", "bukti"] }, { no = "2", who = "pimpinan" }')
    world.do("operator", c.Complete("1#1", checked=("2", "7")))
    assert world.case.visits["1#1"].checked == ("2",)
    world.do("operator", c.Undo("1#1"))
    assert world.visit("1").checked == ()


# complete, skip, respond ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [COMPLAINANT, DESK, COORDINATOR, ELSEWHERE, STRANGER, WORKER, "puti"])
def test_only_a_holder_of_the_post_completes_a_row(who: Actor | str) -> None:
    assert begun().refused(who, c.Complete("1#1")) == "not_your_step"


def test_a_visit_that_is_not_there_or_not_open_is_refused() -> None:
    world = begun()
    assert world.refused("operator", c.Complete("9#1")) == "unknown_visit"
    world.complete("1")
    assert world.refused("operator", c.Complete("1#1")) == "visit_not_open"


def test_a_row_records_only_what_it_declares() -> None:
    world = begun('{ no = "1", who = "operator", sets = ["lk"] }, { no = "2", who = "operator" }')
    assert world.refused("operator", c.Complete("1#1", sets={"urgensi": "tinggi"})) == "attribute_unknown"
    assert world.refused("operator", c.Complete("1#1", sets={"lk": "barangkali"})) == "value_unknown"
    assert world.refused("operator", c.Complete("1#1", sets={"lk": "ada"}, binds={"bidang": ("umum",)})) == (
        "role_unknown"
    )
    assert world.refused("operator", c.Complete("1#1", group="lain")) == "group_unknown"
    assert world.do("operator", c.Complete("1#1", sets={"lk": "ada"})) == ["AttributeSet", "D 1#1", "O 2#1"]


def test_who_is_complained_of_may_be_named_in_any_act() -> None:
    world = begun()
    written = world.do("operator", c.Complete("1#1", binds={"terlapor": ("pimpinan",)}))
    assert written == ["RoleBound", "D 1#1", "O 2#1"]
    assert world.visit("2").groups[0].posts == ("dekan",)


def test_an_act_dated_back_counts_from_when_it_happened_and_what_follows_from_when_it_was_written() -> None:
    world = begun()
    world.complete("1", happened=hm("09.00"), at=hm("15.00"))
    assert world.case.visits["1#1"].ended_at == hm("09.00")
    assert world.case.breached == {}, "it was done in time"
    assert world.visit("2").opened_at == hm("15.00")


@pytest.mark.parametrize(
    ("command", "code"), [(c.Complete("1#1"), "before_opening"), (c.Skip("1#1", "r"), "before_opening")]
)
def test_nothing_is_done_before_its_row_began_nor_in_the_future(command: c.Command, code: str) -> None:
    world = begun('{ no = "1", who = "operator", optional = true, respond = "1 jam" }')
    assert world.refused("operator", command, happened=hm("07.00"), at=hm("09.00")) == code
    assert world.refused("operator", c.Respond("1#1"), happened=hm("07.00")) == "before_opening"
    assert world.refused("operator", command, happened=hm("10.00"), at=hm("09.00")) == "moment_in_future"


def test_a_first_response_is_the_performers_or_the_desks() -> None:
    world = begun('{ no = "1", who = "operator", respond = "1 jam" }, { no = "2", who = "operator" }')
    assert world.refused(ELSEWHERE, c.Respond("1#1")) == "not_your_step"
    assert world.do(DESK, c.Respond("1#1"), at=hm("09.30")) == ["Breached respond:1#1", "Responded 1#1"]
    world.complete("1")
    assert world.refused("operator", c.Respond("2#1")) == "nothing_to_respond"


def test_no_case_ends_unanswered_without_a_reason() -> None:
    """S1-9."""
    world = begun('{ no = "1", who = "operator" }')
    assert world.refused("operator", c.Complete("1#1")) == "unanswered_needs_reason"
    assert world.complete("1", reason="r") == ["D 1#1", "Closed finished"]
    assert world.events(e.Closed)[0].why == "r"


def test_a_skipped_answer_has_its_reason_already() -> None:
    """S2-7: an answer where needed, and a recorded reason where not."""
    rows = '{ no = "1", who = "operator", optional = true, record = "answer" }, { no = "2", who = "operator" }'
    world = begun(rows)
    world.do("operator", c.Skip("1#1", "r"))
    assert world.complete("2") == ["D 2#1", "Closed finished"]


# assign, classify, bind ----------------------------------------------------------------------------------------------


def test_a_performer_or_the_coordinator_gives_a_row_to_others() -> None:
    world = begun()
    assert world.refused(ELSEWHERE, c.Assign("1#1", ("umum",))) == "not_allowed"
    assert world.refused("operator", c.Assign("1#1", ())) == "posts_needed"
    assert world.refused("operator", c.Assign("1#1", ("umum", "hantu"))) == "post_unknown"
    assert world.refused("operator", c.Assign("1#1", ("umum",), "lain")) == "group_unknown"
    assert world.do("operator", c.Assign("1#1", ("umum",))) == ["Assigned 1#1"]
    assert world.refused(COORDINATOR, c.Assign("1#1", ("umum",))) == "nothing_changed"
    assert world.complete("1", by=ELSEWHERE) == ["D 1#1", "O 2#1"]
    assert [groups[0].posts for _, groups in world.case.visits["1#1"].shifts] == [("operator",)], "the clock is split"


def test_nothing_is_given_to_the_party_complained_of_nor_a_complainants_row_to_an_office() -> None:
    world = begun()
    world.do(DESK, c.Bind("terlapor", ("akademik",)))
    assert world.refused("operator", c.Assign("1#1", ("kasubbag",))) == "respondent_may_not_act"
    world = begun('{ no = "1", who = "operator" }, { no = "2", who = "pelapor" }')
    world.complete("1")
    assert world.refused(COORDINATOR, c.Assign("2#1", ("umum",))) == "group_unknown"


def test_what_a_person_assigned_stays_when_an_unrelated_column_is_filled() -> None:
    world = begun()
    world.do(COORDINATOR, c.Assign("1#1", ("umum",)))
    assert world.do(DESK, c.Bind("bidang", ("kasubbag",))) == ["RoleBound"]
    assert world.do(DESK, c.Bind("terlapor", ("kasubbag",))) == ["RoleBound"]
    assert world.do(DESK, c.Bind("terlapor", ("umum",), "r")) == ["RoleBound", "Assigned 1#1"]
    assert world.visit("1").groups[0].posts == ("operator",)


def test_a_fact_is_classified_by_staff_and_changed_with_a_reason() -> None:
    """S4-8."""
    world = begun()
    assert world.refused(COMPLAINANT, c.Classify("urgensi", "tinggi")) == "not_allowed"
    assert world.refused(DESK, c.Classify("hantu", "x")) == "attribute_unknown"
    assert world.refused(DESK, c.Classify("urgensi", "x")) == "value_unknown"
    assert world.refused(DESK, c.Classify("answered", "yes", "r")) == "not_allowed", "only an answer answers"
    for who in (DESK, COORDINATOR, "operator"):
        opened = c.Classify("identity", "open", "r")
        assert world.refused(who, opened) == "not_allowed", "who wants to stay unknown is not opened by a word of staff"
    assert world.do(DESK, c.Classify("urgensi", "tinggi")) == ["AttributeSet"]
    assert world.refused(DESK, c.Classify("urgensi", "tinggi")) == "nothing_changed"
    assert world.refused(DESK, c.Classify("urgensi", "rendah")) == "reason_needed"
    assert world.do(COORDINATOR, c.Classify("urgensi", "rendah", "r")) == ["AttributeSet"]


def test_a_column_is_filled_by_staff_with_posts_that_exist() -> None:
    world = begun()
    assert world.refused(STRANGER, c.Bind("bidang", ("umum",))) == "not_allowed"
    assert world.refused(DESK, c.Bind("hantu", ("umum",))) == "role_unknown"
    assert world.refused(DESK, c.Bind("bidang", ("hantu",))) == "post_unknown"
    assert world.refused(DESK, c.Bind("bidang", ())) == "posts_needed"
    world.do(DESK, c.Bind("bidang", ("umum",)))
    assert world.refused(DESK, c.Bind("bidang", ("umum",))) == "nothing_changed"


# wait, contact, note -------------------------------------------------------------------------------------------------

REASONS = '[[wait]]\nid = "rapat"\nfor = "cycle"\nuntil_needed = true'


def test_waiting_needs_a_performer_an_allowed_reason_and_a_moment_to_come() -> None:
    rows = '{ no = "1", who = "operator", waits = ["rapat"] }, { no = "2", who = "operator" }'
    world = begun(rows, more=REASONS)
    until = hm("10.00", "2026-11-20")
    assert world.refused(ELSEWHERE, c.Wait("1#1", "rapat", until)) == "not_your_step"
    assert world.refused("operator", c.Wait("1#1", "pelapor")) == "wait_not_allowed"
    assert world.refused("operator", c.Wait("1#1", "hantu")) == "wait_not_allowed"
    assert world.refused("operator", c.Wait("1#1", "rapat")) == "until_needed"
    assert world.refused("operator", c.Wait("1#1", "rapat", hm("07.00"))) == "moment_in_past"
    assert world.refused("operator", c.Resume("1#1")) == "not_waiting"
    assert world.do("operator", c.Wait("1#1", "rapat", until)) == ["WaitBegan"]
    assert world.refused("operator", c.Wait("1#1", "rapat", until)) == "already_waiting"
    assert world.do(COMPLAINANT, c.Contact("web")) == ["Contacted"], "it is not for the complainant that we wait"
    assert world.do("operator", c.Resume("1#1")) == ["WaitEnded resumed"]


def test_leaving_a_row_ends_its_waiting() -> None:
    world = begun(TWO, more=REASONS)
    world.do("operator", c.Wait("1#1", "pelapor"))
    assert world.complete("1") == ["WaitEnded acted", "D 1#1", "O 2#1"]


def test_a_note_is_written_by_staff_and_changes_nothing_but_the_log() -> None:
    world = begun()
    assert world.refused(COMPLAINANT, c.Note("n")) == "not_allowed"
    assert world.refused(Actor("tamu", frozenset({"lain"})), c.Note("n")) == "not_allowed"
    assert world.do(Actor("operator", frozenset({"operator"})), c.Note("n", "complainant")) == ["Noted"]
    assert world.do(ELSEWHERE, c.Note("n")) == ["Noted"]


# extend --------------------------------------------------------------------------------------------------------------


def test_more_time_is_the_coordinators_and_goes_as_far_as_the_row_allows() -> None:
    rows = '{ no = "1", who = "operator", time = "2 hari", extend = { by = "2 hari kerja" } }, { no = "2" }'
    world = begun(rows)
    assert world.refused("operator", c.Extend("step:1#1", "1 hari", reason="r")) == "not_allowed"
    assert world.refused(COORDINATOR, c.Extend("step:1#1", "1 hari")) == "reason_needed"
    assert world.refused(COORDINATOR, c.Extend("step:1#1", "sebentar", reason="r")) == "unreadable_time"
    assert world.refused(COORDINATOR, c.Extend("step:1#1", "-", reason="r")) == "unreadable_time"
    assert world.refused(COORDINATOR, c.Extend("step:1#1", "3 hari", reason="r")) == "extension_not_allowed"
    assert world.refused(COORDINATOR, c.Extend("step:1#1", reason="r")) == "until_needed"
    assert world.refused(COORDINATOR, c.Extend("timeout:1#1", "1 hari", reason="r")) == "clock_unknown"
    before = world.due("step:1#1")
    assert before == hm("16.00", "2026-11-18")
    world.do(COORDINATOR, c.Extend("step:1#1", "1 hari", reason="r"))
    assert world.due("step:1#1") == hm("16.00", "2026-11-19")
    assert world.refused(COORDINATOR, c.Extend("step:1#1", "1 hari", reason="r")) == "extension_used_up"


def test_a_named_deadline_holds_through_everything_but_another_one() -> None:
    world = begun()
    assert world.refused(COORDINATOR, c.Extend("step:1#1", until=hm("07.00"), reason="r")) == "moment_in_past"
    world.do(COORDINATOR, c.Extend("step:1#1", until=hm("11.00"), reason="r"))
    world.do("operator", c.Wait("1#1", "pelapor"))
    assert world.due("step:1#1") == hm("11.00"), "a deadline does not stand still"
    world.do(COORDINATOR, c.Extend("step:1#1", until=hm("12.00"), reason="r"))
    assert world.due("step:1#1") == hm("12.00")
    assert world.refused(COORDINATOR, c.Extend("step:9#1", until=hm("12.00"), reason="r")) == "unknown_visit"


def test_a_row_without_a_standard_can_be_given_a_deadline() -> None:
    world = begun('{ no = "1", who = "operator" }, { no = "2" }')
    assert world.due("step:1#1") is None
    world.do(COORDINATOR, c.Extend("step:1#1", until=hm("11.00"), reason="r"))
    assert world.due("step:1#1") == hm("11.00")


def test_a_law_clock_is_never_extended_and_a_promise_is() -> None:
    """S0-12."""
    world = begun(TWO, head='limit = "3 hari kerja"\nclock = [{ id = "uu", kind = "law", time = "5 hari kerja" }]')
    assert world.refused(COORDINATOR, c.Extend("clock:uu", "1 hari", reason="r")) == "law_clock"
    assert world.refused(COORDINATOR, c.Extend("clock:lain", "1 hari", reason="r")) == "clock_unknown"
    assert world.refused(COORDINATOR, c.Extend("clock:limit", "aneh", reason="r")) == "unreadable_time"
    world.do(COORDINATOR, c.Extend("clock:limit", "2 hari", reason="r"))
    assert world.due("clock:limit") == hm("16.00", "2026-11-23")


def test_an_extension_is_read_as_the_document_reads_its_words() -> None:
    rows = '{ no = "1", who = "operator", time = "2 hari", extend = { by = "7 hari" } }, { no = "2" }'
    world = begun(rows, more='[reading]\nhari = "hari kalender"')
    assert world.due("step:1#1") == hm("23.59", "2026-11-18")
    world.do(COORDINATOR, c.Extend("step:1#1", "3 hari", reason="r"))
    assert world.due("step:1#1") == hm("23.59", "2026-11-21"), "a Saturday"


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
    old, new = sop(TWO, more=REASONS), sop('{ id = "x", who = "pimpinan" }')
    world = World(old, new)
    world.receive()
    world.complete("1")
    world.do("pimpinan", c.Wait("2#1", "rapat", hm("10.00", "2026-11-20")))
    assert world.do(COORDINATOR, c.Migrate(new.hash, "p", {"2": "x"})) == ["Migrated", "WaitEnded resumed"]
    assert world.do(COMPLAINANT, c.Contact("web")) == ["Contacted"]
    assert world.refused("operator", c.Undo("1#1")) == "cannot_undo"


# the end -------------------------------------------------------------------------------------------------------------


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


# two writers, the same act twice -------------------------------------------------------------------------------------


def test_a_stale_page_is_refused_with_who_acted() -> None:
    document = sop(TWO)
    world = World(document, organisation=office(document, operator=Post("operator", "", "", frozenset({"oki", "ola"}))))
    world.receive()
    seen = world.case.seq
    world.do("oki", c.Wait("1#1", "pelapor"))
    with pytest.raises(SomeoneElseActed) as refusal:
        world.complete("1", by="ola", seen=seen)
    assert refusal.value.details["by"] == "oki"
    assert refusal.value.details["seq"] == seen + 1
    world.complete("1", by="oki", seen=seen)


def test_my_own_later_act_does_not_hide_what_another_did_before_it() -> None:
    document = sop(TWO)
    world = World(document, organisation=office(document, operator=Post("operator", "", "", frozenset({"oki", "ola"}))))
    world.receive()
    seen = world.case.seq
    world.do("oki", c.Wait("1#1", "pelapor"))
    world.do("ola", c.Resume("1#1"))
    assert world.refused("ola", c.Complete("1#1"), seen=seen) == "someone_else_acted"
    world.complete("1", by="ola", seen=seen + 1)


def test_acts_on_other_visits_do_not_disturb() -> None:
    world = begun(PARALLEL)
    world.complete("1")
    seen = world.case.seq
    world.complete("3")
    assert world.complete("2", seen=seen)[0] == "D 2#1"


def test_the_same_act_with_the_same_key_happens_once() -> None:
    world = begun()
    assert world.complete("1", key="k")
    assert world.do("operator", c.Complete("1#1"), key="k") == []
    assert world.refused("operator", c.Complete("1#1", reason="r"), key="k") == "key_reused"
    assert world.refused("pimpinan", c.Complete("1#1"), key="k") == "key_reused"
    assert world.log[2].key == "k"
    assert not any(entry.key for entry in world.log[3:]), "the key stands on the first entry of the act"


def test_the_order_in_which_a_form_names_its_fields_is_no_difference() -> None:
    world = begun('{ no = "1", who = "operator", sets = ["lk", "urgensi"] }, { no = "2" }')
    world.complete("1", key="k", sets={"lk": "ada", "urgensi": "tinggi"})
    assert world.do("operator", c.Complete("1#1", sets={"urgensi": "tinggi", "lk": "ada"}), key="k") == []


# what pages show -----------------------------------------------------------------------------------------------------


def test_what_is_offered_is_what_is_accepted() -> None:
    rows = """
    { no = "1", who = "operator", question = "Ke mana?", sets = ["lk"], binds = "bidang", optional = true, choices = [
        { label = "Teruskan" }, { label = "Jawab", next = "end", answers = true, reason = true },
        { label = "Tutup", next = "close", when = { lk = "ada" } } ] },
    { no = "2", who = "bagian" },
    """
    world = begun(rows)
    own = offers(world.case, world.shelf, world.actor("operator"))[0]
    assert own.may_complete
    assert own.may_skip
    assert [(choice.exit.label, choice.leads_to, choice.needs_answer) for choice in own.choices] == [
        ("Teruskan", ("2",), False), ("Jawab", ("end",), True),
    ]  # fmt: skip
    assert [role.id for role in own.binds] == ["bidang"]
    other = offers(world.case, world.shelf, ELSEWHERE)[0]
    assert (other.how, other.why_not, other.choices, other.may_dispose) == ("", "not_your_step", (), False)
    assert offers(world.case, world.shelf, COORDINATOR)[0].may_redirect
    world.do(COMPLAINANT, c.Withdraw())
    assert offers(world.case, world.shelf, COORDINATOR) == []


def test_the_promise_is_the_limit_or_the_latest_path_to_an_answer() -> None:
    document = sop(ANSWERING.replace('"operator" }', '"operator", time = "2 jam" }'))
    world = World(document)
    found = promise(world.shelf, document.hash, "p", hm("08.00"), {})
    assert found is not None
    assert (found.due_at, found.rows) == (hm("10.00"), ("0", "1", "2"))
    limited = sop(ANSWERING, head='limit = "3 hari kerja"')
    found = promise(World(limited).shelf, limited.hash, "p", hm("08.00"), {})
    assert found is not None
    assert (found.due_at, found.limit) == (hm("16.00", "2026-11-19"), "3 hari kerja")
    without = sop(ANSWERING)
    assert promise(World(without).shelf, without.hash, "p", hm("08.00"), {}) is None


def test_only_the_worker_asks_what_time_brought() -> None:
    with pytest.raises(Refused):
        begun().do(COORDINATOR, c.Expire())
