"""Every verb of the work on a case: who may, what is refused with which code, acts dated back."""

from __future__ import annotations

import pytest

from stories import COMPLAINANT, COORDINATOR, DESK, ELSEWHERE, STRANGER, TWO, WORKER, World, begun, hm, sop
from tanggap.casework import commands as c
from tanggap.casework import events as e
from tanggap.casework.shelf import Actor

ANSWERING = """
{ no = "0", who = "pelapor" },
{ no = "1", who = "operator" },
{ no = "2", who = "operator", record = "answer" },
{ no = "3", who = "pelapor" },
"""


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
