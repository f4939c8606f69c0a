"""One example for every construct an SOP may use, with the trace it must give."""

from __future__ import annotations

from datetime import datetime

import pytest

import offices
from stories import COMPLAINANT, COORDINATOR, DESK, ELSEWHERE, WORKER, World, hm, office, sop
from tanggap.casework import commands as c
from tanggap.casework import events as e
from tanggap.casework.refusals import Refused
from tanggap.casework.shelf import Post
from tanggap.casework.state import Status, VisitState


def code(world: World, row: str, choice: str = "", **more: object) -> str:
    """The code for which completing ``row`` is refused."""
    with pytest.raises(Refused) as refusal:
        world.complete(row, choice, **more)  # type: ignore[arg-type]
    return refusal.value.code


# decisions and loops -------------------------------------------------------------------------------------------------

MIPA = """
{ no = "1", what = "Melapor", who = "pelapor" },
{ no = "2", what = "Memilah", who = "operator", question = "Diteruskan ke pimpinan?",
  choices = [ { label = "Ya" }, { label = "Tidak", next = "7", answers = true } ] },
{ no = "3", what = "Koordinasi", who = "pimpinan" },
{ no = "7", what = "Menerima", who = "pelapor" },
"""


def test_a_direct_answer_is_given_in_the_act_and_its_delivery_ends_the_case() -> None:
    """S0-3: answered at once, the user informed; the receiving row is done by the proof of delivery."""
    world = World(sop(MIPA))
    assert world.receive() == ["Received", "O 1#1", "D 1#1 received", "O 2#1"]
    assert code(world, "2", "Tidak") == "answer_needed"
    assert world.complete("2", "Tidak", answer="m") == ["Answered 2#1", "D 2#1", "O 7#1"]
    assert world.do(WORKER, c.Deliver("2#1")) == ["Delivered 2#1", "D 7#1 delivered", "Closed finished answered"]


def test_a_forwarded_complaint_goes_one_row_on() -> None:
    world = World(sop(MIPA))
    world.receive()
    assert world.complete("2", "Ya") == ["D 2#1", "O 3#1"]


def test_a_loop_counts_its_rounds_and_then_climbs_the_next_rung() -> None:
    """X-3: the third "Tidak" does not return any more."""
    rows = """
    { no = "1", what = "Mengerjakan", who = "operator" },
    { no = "2", what = "Memeriksa", who = "pimpinan", question = "Sesuai?", choices = [
        { label = "Ya", next = "end" }, { label = "Tidak", next = "1", reason = true, at_most = 2, then = "3" } ] },
    { no = "3", what = "Memutuskan", who = "dekan" },
    """
    world = World(sop(rows))
    world.receive()
    assert world.complete("1") == ["D 1#1", "O 2#1"]
    assert code(world, "2", "Tidak") == "reason_needed"
    assert world.complete("2", "Tidak", reason="r") == ["D 2#1", "O 1#2"]
    assert world.complete("1") == ["D 1#2", "O 2#2"]
    assert world.complete("2", "Tidak", reason="r") == ["D 2#2", "O 1#3"]
    assert world.complete("1") == ["D 1#3", "O 2#3"]
    assert world.complete("2", "Tidak", reason="r") == ["D 2#3", "O 3#1"]
    assert world.case.taken[1, "2", "tidak"] == 3


def test_a_loop_counts_on_through_the_loop_around_it() -> None:
    """``at_most`` counts in the whole run of the procedure, so nested loops end as well."""
    rows = """
    { no = "1", who = "operator" },
    { no = "2", who = "pimpinan", question = "Sesuai?", choices = [
        { label = "Ya" }, { label = "Tidak", next = "1", at_most = 1, then = "3" } ] },
    { no = "3", who = "dekan", question = "Setuju?", choices = [
        { label = "Ya", next = "end" }, { label = "Tidak", next = "1", at_most = 1, then = "end" } ] },
    """
    world = World(sop(rows))
    world.receive()
    for row, choice in (("1", ""), ("2", "Tidak"), ("1", ""), ("2", "Ya"), ("3", "Tidak"), ("1", "")):
        world.complete(row, choice)
    assert world.complete("2", "Tidak") == ["D 2#3", "O 3#2"], "the inner return was used up in the round before"
    assert world.complete("3", "Tidak", reason="r") == ["D 3#2", "Closed finished"]


def test_the_record_decides_where_nobody_is_asked_and_each_way_is_counted_by_itself() -> None:
    rows = """
    { no = "1", who = "operator", sets = ["lk"] },
    { no = "2", who = "operator", choices = [
        { next = "1", when = { lk = "ada" }, at_most = 1, then = "3" }, { next = "1", at_most = 1, then = "end" } ] },
    { no = "3", who = "pimpinan", next = "end" },
    """
    world = World(sop(rows))
    world.receive()
    assert code(world, "1") == "attribute_needed"
    assert world.complete("1", sets={"lk": "ada"}) == ["AttributeSet", "D 1#1", "O 2#1"]
    assert code(world, "2", "Ya") == "choice_not_offered"
    assert world.complete("2") == ["D 2#1", "O 1#2"]
    world.complete("1", sets={"lk": "tidak"})
    assert world.complete("2") == ["D 2#2", "O 1#3"], "the other way has not been used yet"
    world.complete("1", sets={"lk": "ada"})
    assert world.complete("2") == ["D 2#3", "O 3#1"], "the first one has"


def test_only_exits_whose_conditions_hold_are_offered_and_a_question_without_any_is_none() -> None:
    rows = """
    { no = "1", who = "operator", question = "Ke mana?", choices = [
        { label = "A", next = "end", when = { lk = "ada" } }, { label = "B", next = "2", when = { lk = "tidak" } } ] },
    { no = "2", who = "operator" },
    """
    world = World(sop(rows))
    world.receive(attributes={"lk": "ada"})
    assert code(world, "1", "B") == "choice_not_offered"
    assert code(world, "1") == "choice_needed"
    world = World(sop(rows))
    world.receive()
    assert world.complete("1") == ["D 1#1", "O 2#1"]


# parallel paths ------------------------------------------------------------------------------------------------------

PARALLEL = """
{ no = "1", who = "operator", next = ["2", "3"] },
{ no = "2", who = "bagian" },
{ no = "3", who = "pimpinan", question = "Lengkap?", choices = [
    { label = "Ya", next = "4" }, { label = "Tidak", next = "1" } ] },
{ no = "4", who = "dekan", after = ["2", "3"], question = "Setuju?", choices = [
    { label = "Ya", next = "end" }, { label = "ulang 2", next = "2" } ] },
"""


def test_parallel_paths_meet_when_all_have_come() -> None:
    world = World(sop(PARALLEL))
    world.receive()
    assert world.complete("1") == ["D 1#1", "O 2#1", "O 3#1"]
    assert world.complete("2") == ["D 2#1", "A 4"]
    assert world.complete("3", "Ya") == ["D 3#1", "A 4", "O 4#1"]
    assert world.visit("4").parents == ("2#1", "3#1")


def test_a_return_over_the_fork_voids_what_has_arrived() -> None:
    world = World(sop(PARALLEL))
    world.receive()
    world.complete("1")
    world.complete("2")
    assert world.complete("3", "Tidak") == ["D 3#1", "T returned 4<2#1", "O 1#2"]
    assert world.complete("1") == ["D 1#2", "O 2#2", "O 3#2"]
    world.complete("3", "Ya")
    assert world.complete("2") == ["D 2#2", "A 4", "O 4#1"]


def test_a_return_over_the_fork_ends_the_open_sibling() -> None:
    world = World(sop(PARALLEL))
    world.receive()
    world.complete("1")
    assert world.complete("3", "Tidak") == ["D 3#1", "T returned 2#1", "O 1#2"]
    assert world.case.visits["2#1"].state is VisitState.RETURNED


def test_sent_back_from_the_join_into_one_arm_only_that_arm_is_done_again() -> None:
    world = World(sop(PARALLEL))
    world.receive()
    world.complete("1")
    world.complete("2")
    world.complete("3", "Ya")
    assert world.complete("4", "ulang 2") == ["D 4#1", "O 2#2"]
    assert world.complete("2") == ["D 2#2", "A 4", "O 4#2"]
    assert world.case.visits["3#1"].state is VisitState.DONE
    assert world.complete("4", "Ya", reason="r") == ["D 4#2", "Closed finished"]


def test_a_side_path_is_no_gate() -> None:
    rows = """
    { no = "1", who = "operator", next = ["tanda", "2"] },
    { id = "tanda", who = "operator", next = "end" },
    { no = "2", who = "operator", next = "3" },
    { no = "3", who = "pimpinan", after = "2" },
    """
    world = World(sop(rows))
    world.receive()
    world.complete("1")
    assert world.complete("2") == ["D 2#1", "A 3", "O 3#1"]
    assert world.complete("3", reason="r") == ["D 3#1"], "the side path still runs"
    assert world.complete("tanda", reason="r") == ["D tanda#1", "Closed finished"]


def test_a_join_never_waits_for_an_arm_that_ended() -> None:
    rows = """
    { no = "1", who = "operator", next = ["2", "3"] },
    { no = "2", who = "bagian", next = "4" },
    { no = "3", who = "pimpinan", question = "Perlu?", choices = [
        { label = "Ya", next = "4" }, { label = "Tidak", next = "end" } ] },
    { no = "4", who = "dekan", after = ["2", "3"] },
    """
    world = World(sop(rows))
    world.receive()
    world.complete("1")
    world.complete("2")
    assert world.complete("3", "Tidak") == ["D 3#1", "O 4#1"]


def test_a_second_path_to_an_open_row_merges_into_it() -> None:
    rows = """
    { no = "1", who = "operator", next = ["2", "3"] },
    { no = "2", who = "bagian", next = "4" },
    { no = "3", who = "pimpinan", next = "4" },
    { no = "4", who = "dekan" },
    """
    world = World(sop(rows))
    world.receive()
    world.complete("1")
    assert world.complete("2") == ["D 2#1", "O 4#1"]
    assert world.complete("3") == ["D 3#1", "J 4#1 3#1"]
    assert world.visit("4").parents == ("2#1", "3#1")


# rows that are not done ----------------------------------------------------------------------------------------------


def test_a_row_whose_conditions_do_not_hold_is_passed_over_to_its_default_next() -> None:
    rows = """
    { no = "1", who = "operator" },
    { no = "2", who = "operator", when = { identity = "anonymous" }, question = "Kembali?", choices = [
        { label = "Ya", next = "1" }, { label = "Tidak" } ] },
    { no = "3", who = "operator" },
    """
    world = World(sop(rows))
    world.receive(attributes={"identity": "open"})
    assert world.complete("1") == ["D 1#1", "P 2#1", "O 3#1"]
    assert world.visit("3").parents == ("2#1",), "the lineage stays whole"


def test_an_optional_row_is_skipped_with_a_reason() -> None:
    rows = '{ no = "1", who = "operator", optional = true }, { no = "2", who = "operator" }'
    world = World(sop(rows))
    world.receive()
    assert world.refused("operator", c.Skip("1#1", "")) == "reason_needed"
    assert world.do("operator", c.Skip("1#1", "r")) == ["D 1#1 skipped", "O 2#1"]
    assert world.refused("operator", c.Skip("2#1", "r")) == "not_optional"


def test_a_ring_of_rows_that_do_not_apply_ends() -> None:
    rows = """
    { no = "1", who = "operator", next = "2" },
    { no = "2", who = "operator", when = { lk = "ada" }, next = "3" },
    { no = "3", who = "operator", when = { lk = "ada" }, after = "2", next = "2" },
    """
    world = World(sop(rows))
    world.receive()
    written = world.complete("1", reason="r")
    assert written[-1] == "Closed finished"
    assert len(written) < 10


def test_a_periodic_duty_is_printed_and_never_part_of_a_case_and_a_terminator_is_no_task() -> None:
    """S3-2, S4-16."""
    rows = """
    { no = "1", who = "operator", standing = true, every = "1 bulan" },
    { no = "2", who = "operator" },
    { no = "3", what = "selesai", terminator = true },
    """
    world = World(sop(rows))
    assert world.receive() == ["Received", "O 2#1"]
    assert world.complete("2", reason="r") == ["D 2#1", "Closed finished"]


def test_close_ends_the_case_with_everything_in_it() -> None:
    rows = """
    { no = "1", who = "operator", next = ["2", "3"] },
    { no = "2", who = "operator", next = "close", outcome = "ditolak" },
    { no = "3", who = "bagian" },
    """
    world = World(sop(rows))
    world.receive()
    world.complete("1")
    assert world.complete("2", reason="r") == ["D 2#1", "T closed 3#1", "Closed ditolak"]


# times ---------------------------------------------------------------------------------------------------------------

GRADED = """
{ no = "1", who = "operator" },
{ no = "2", who = "bagian", counted_from = "receipt",
  time_by = { urgensi = { tinggi = "1x24 jam", rendah = "2 minggu" } } },
"""


def test_the_class_of_a_case_sets_its_time_and_a_new_class_is_counted_from_the_same_start() -> None:
    """S4-6, S4-7: regrading may show that the case is late already; the breach carries the true moment."""
    world = World(sop(GRADED))
    world.receive(attributes={"urgensi": "rendah"})
    world.complete("1", at=hm("09.00"))
    assert world.due("step:2#1") == hm("23.59", "2026-11-30")
    world.do(DESK, c.Classify("urgensi", "tinggi", "r"), at=hm("12.00", "2026-11-17"))
    assert world.due("step:2#1") == hm("08.00", "2026-11-17")
    assert world.do(WORKER, c.Expire()) == ["Breached step:2#1"]
    assert world.events(e.Breached)[0].due == hm("08.00", "2026-11-17")
    assert world.do(WORKER, c.Expire()) == [], "once for a clock"


def test_acting_late_writes_the_lateness_even_if_the_worker_was_down() -> None:
    world = World(sop('{ no = "1", who = "operator", time = "15 menit" }, { no = "2", who = "operator" }'))
    world.receive()
    assert world.complete("1", at=hm("08.16")) == ["Breached step:1#1", "D 1#1", "O 2#1"]
    assert world.events(e.Breached)[0].due == hm("08.15")


def test_acting_in_the_last_minute_is_no_lateness() -> None:
    world = World(sop('{ no = "1", who = "operator", time = "15 menit" }, { no = "2", who = "operator" }'))
    world.receive()
    assert world.complete("1", at=hm("08.15")) == ["D 1#1", "O 2#1"]


def test_silence_opens_another_row_once() -> None:
    rows = """
    { no = "1", who = "operator", time = "10 hari kerja", timeout = { next = "naik" } },
    { no = "2", who = "operator" },
    { id = "naik", who = "dekan" },
    """
    world = World(sop(rows))
    world.receive()
    assert world.do(WORKER, c.Expire(), at=hm("16.00", "2026-11-27")) == [], "a little early"
    written = world.do(WORKER, c.Expire(), at=hm("09.00", "2026-12-01"))
    assert written == ["Breached step:1#1", "TimedOut 1#1", "D 1#1 lapsed", "O naik#1"]
    assert world.events(e.TimedOut)[0].due == hm("16.00", "2026-11-30"), "the true moment"
    assert world.visit("naik").opened_at == hm("09.00", "2026-12-01"), "and the moment it took effect"
    assert world.do(WORKER, c.Expire()) == []


def test_a_bell_rings_beside_the_row_that_stays() -> None:
    rows = """
    { no = "1", who = "operator", timeout = { after = "1 jam", next = "ingatkan", keep = true } },
    { no = "2", who = "operator", next = "end" },
    { id = "ingatkan", who = "pimpinan", next = "end" },
    """
    world = World(sop(rows))
    world.receive()
    assert world.do(WORKER, c.Expire(), at=hm("09.00")) == ["TimedOut 1#1", "O ingatkan#1"]
    assert world.open == ["1#1", "ingatkan#1"]
    world.complete("ingatkan")
    assert world.do(WORKER, c.Expire(), at=hm("11.00")) == [], "it rings once"
    assert world.complete("1") == ["D 1#1", "O 2#1"]


def test_an_empty_timeout_goes_on_as_if_done_and_the_record_decides_where() -> None:
    rows = """
    { no = "1", who = "operator", time = "1 jam", timeout = {}, choices = [
        { next = "3", when = { lk = "ada" } }, { next = "2" } ] },
    { no = "2", who = "operator" },
    { no = "3", who = "operator" },
    """
    world = World(sop(rows))
    world.receive(attributes={"lk": "ada"})
    assert world.do(WORKER, c.Expire(), at=hm("09.00"))[-1] == "O 3#1"


def test_more_time_for_a_row_is_more_time_before_its_timeout() -> None:
    rows = '{ no = "1", who = "operator", time = "2 jam", timeout = {} }, { no = "2", who = "operator" }'
    world = World(sop(rows))
    world.receive()
    world.do(COORDINATOR, c.Extend("step:1#1", until=hm("15.00"), reason="r"))
    assert world.do(WORKER, c.Expire(), at=hm("14.00")) == []
    assert world.do(WORKER, c.Expire(), at=hm("15.00"))[-1] == "O 2#1"


OUTSIDER = """
{ id = "surat", who = "operator" },
{ id = "tanggapan", who = "luar", time = "10 hari kalender", counted_from = "delivered:surat",
  done_by = "confirmation", timeout = { next = "ingatkan" }, next = "beritahu" },
{ id = "ingatkan", who = "operator", next = "end" },
{ id = "beritahu", who = "operator" },
"""


def test_an_outsider_is_counted_from_the_proof_of_receipt_and_is_never_late() -> None:
    """X-4: information, never a breach."""
    world = World(sop(OUTSIDER))
    world.receive()
    world.complete("surat")
    assert world.due("step:tanggapan#1") is None, "the clock does not run before the letter came"
    assert world.do(DESK, c.Deliver("surat#1"), at=hm("10.00")) == ["Delivered surat#1"]
    assert world.due("step:tanggapan#1") == hm("23.59", "2026-11-26")
    assert world.do(WORKER, c.Expire(), at=hm("08.00", "2026-11-27")) == [
        "TimedOut tanggapan#1", "D tanggapan#1 lapsed", "O ingatkan#1",
    ]  # fmt: skip
    assert world.case.breached == {}


def test_an_outsiders_answer_is_recorded_by_the_desk() -> None:
    world = World(sop(OUTSIDER))
    world.receive()
    world.complete("surat")
    assert code(world, "tanggapan", by="operator") == "not_your_step"
    assert world.complete("tanggapan", by=DESK) == ["D tanggapan#1 on_behalf", "O beritahu#1"]


def test_a_second_standard_asks_for_a_first_response() -> None:
    rows = '{ no = "1", who = "operator", time = "5 hari kerja", respond = "2 jam" }, { no = "2", who = "operator" }'
    world = World(sop(rows))
    world.receive()
    assert world.due("respond:1#1") == hm("10.00")
    world.do("operator", c.Wait("1#1", "pelapor"), at=hm("08.30"))
    assert world.due("respond:1#1") == hm("10.00"), "never paused"
    assert world.do(WORKER, c.Expire(), at=hm("10.00")) == ["Breached respond:1#1"]
    assert world.do("operator", c.Respond("1#1")) == ["Responded 1#1"]
    assert world.due("respond:1#1") is None
    assert world.refused("operator", c.Respond("1#1")) == "already_responded"


# waiting -------------------------------------------------------------------------------------------------------------

WAITING = '{ no = "1", who = "operator", time = "2 jam" }, { no = "2", who = "operator" }'
SILENCE = """
[[wait]]
id = "pelapor"
for = "complainant"
at_most = "30 hari kalender"
then = "close"
outcome = "deemed_withdrawn"
"""


def test_whoever_waits_after_the_due_moment_was_late_before_the_waiting() -> None:
    world = World(sop(WAITING, more=SILENCE))
    world.receive()
    assert world.do("operator", c.Wait("1#1", "pelapor", message="m"), at=hm("10.30")) == [
        "Breached step:1#1",
        "WaitBegan",
    ]
    assert world.case.breached["step:1#1"] == hm("10.00")


def test_waiting_stands_still_to_the_minute_and_any_contact_ends_it() -> None:
    world = World(sop(WAITING, more=SILENCE))
    world.receive()
    assert world.do("operator", c.Wait("1#1", "pelapor", message="m"), at=hm("09.00")) == ["WaitBegan"]
    assert world.due("step:1#1") is None
    assert world.do(WORKER, c.Expire(), at=hm("10.04")) == [], "no breach while the clock stands still"
    assert world.do(COMPLAINANT, c.Contact("web", "m"), at=hm("10.05")) == ["Contacted", "WaitEnded contact"]
    assert world.due("step:1#1") == hm("11.05")


def test_thirty_days_of_silence_end_the_case_as_withdrawn() -> None:
    world = World(sop(WAITING, more=SILENCE))
    world.receive()
    world.do("operator", c.Wait("1#1", "pelapor"), at=hm("09.00"))
    assert world.do(WORKER, c.Expire(), at=hm("23.00", "2026-12-16")) == []
    assert world.do(WORKER, c.Expire(), at=hm("08.00", "2026-12-17")) == [
        "WaitEnded lapsed", "T closed 1#1", "Closed deemed_withdrawn",
    ]  # fmt: skip


def test_a_wait_named_longer_than_its_reason_allows_ends_when_the_reason_does() -> None:
    world = World(sop(WAITING, more=SILENCE))
    world.receive()
    world.do("operator", c.Wait("1#1", "pelapor", until=hm("08.00", "2027-06-01")))
    assert world.case.running_wait("1#1").until == hm("23.59", "2026-12-16")  # type: ignore[union-attr]


def test_a_lapsed_wait_may_lead_to_a_row_and_only_to_one_of_this_procedure() -> None:
    more = (
        '[[wait]]\nid = "lompat"\nat_most = "1 jam"\nthen = "2"\n[[wait]]\nid = "jauh"\nat_most = "1 jam"\nthen = "q1"'
    )
    second = '[[procedure]]\nid = "q"\nstep = [{ id = "q1", who = "operator" }]'
    world = World(sop(WAITING, more=more + "\n" + second))
    world.receive(procedure="p")
    world.do("operator", c.Wait("1#1", "lompat"))
    assert world.do(WORKER, c.Expire(), at=hm("09.00")) == ["WaitEnded lapsed", "D 1#1 lapsed", "O 2#1"]
    world.do("operator", c.Wait("2#1", "jauh"))
    assert world.do(WORKER, c.Expire(), at=hm("10.00")) == ["WaitEnded lapsed"], "as if it resumed"


def test_a_law_clock_stands_still_only_for_the_reasons_it_names() -> None:
    head = """
    limit = "3 hari kerja"
    clock = [ { id = "uu", kind = "law", time = "2 hari kerja", stops = ["pihak_luar"], until = "2" } ]
    """
    world = World(sop(WAITING, head=head))
    world.receive()
    world.do("operator", c.Wait("1#1", "pelapor"), at=hm("09.00"))
    assert world.due("clock:limit") is None, "the promise waits with the complainant"
    assert world.due("clock:uu") == hm("16.00", "2026-11-18")
    world.do("operator", c.Resume("1#1"), at=hm("09.00", "2026-11-17"))
    world.do("operator", c.Wait("1#1", "pihak_luar"))
    assert world.due("clock:uu") is None
    assert world.do(WORKER, c.Expire(), at=hm("09.00", "2026-11-20")) == []


# who acts ------------------------------------------------------------------------------------------------------------


def test_everybody_must_sign_and_an_outsider_by_the_desk() -> None:
    rows = '{ no = "1", who = ["pimpinan", "pelapor"], joint = "all" }, { no = "2", who = "operator" }'
    world = World(sop(rows))
    world.receive()
    assert world.complete("1", by="pimpinan") == ["PartDone 1#1 pimpinan"]
    assert world.complete("1", by=DESK) == ["D 1#1 on_behalf", "O 2#1"]


def test_a_row_stays_open_until_all_name_the_same_exit() -> None:
    rows = """
    { no = "1", who = ["pimpinan", "dekan"], question = "Setuju?", choices = [
        { label = "Ya", next = "2" }, { label = "Tidak", next = "end", reason = true } ] },
    { no = "2", who = "operator" },
    """
    world = World(sop(rows))
    world.receive()
    world.complete("1", "Ya", by="pimpinan")
    assert world.complete("1", "Tidak", by="dewi", reason="r") == ["PartDone 1#1 dekan", "Noted"], "what he wrote stays"
    assert world.complete("1", "Ya", by="dewi") == ["D 1#1", "O 2#1"]


def test_a_member_who_left_the_team_does_not_block_the_others() -> None:
    rows = '{ no = "1", who = "operator", binds = "tim" }, { no = "2", who = "tim", joint = "all" }'
    world = World(sop(rows))
    world.receive()
    world.complete("1", binds={"tim": ("anggota-1", "anggota-2", "anggota-3")})
    world.complete("2", by="anggota-1")
    world.do(DESK, c.Bind("tim", ("anggota-2", "anggota-3", "anggota-4"), "r"))
    world.complete("2", by="anggota-2", reason="r")
    world.complete("2", by="anggota-3", reason="r")
    assert world.complete("2", by="anggota-4", reason="r") == ["D 2#1", "Closed finished"]


def test_every_complainant_signs_where_all_must() -> None:
    world = World(sop('{ no = "1", who = "operator" }, { no = "2", who = "pelapor", joint = "all" }'))
    world.receive(parties=("a", "b"))
    world.complete("1")
    assert world.complete("2", by=COMPLAINANT) == ["PartDone 2#1 pelapor:1"]
    assert world.complete("2", by=COMPLAINANT, reason="r") == ["D 2#1 confirmed", "Closed finished"]


def test_a_team_is_large_enough_and_odd_and_holds_nobody_complained_of() -> None:
    rows = '{ no = "1", who = "operator", binds = "tim" }, { no = "2", who = "tim", joint = "chair" }'
    world = World(sop(rows))
    world.receive(attributes={"urgensi": "tinggi"}, binds={"terlapor": ("anggota-7",)})
    team = tuple(f"anggota-{n}" for n in range(1, 8))
    assert code(world, "1") == "bind_needed"
    assert code(world, "1", binds={"tim": team[:4]}) == "team_too_small"
    assert code(world, "1", binds={"tim": ("anggota-1",) * 5}) == "team_too_small", "one person is no team"
    assert code(world, "1", binds={"tim": team[:6]}) == "team_not_odd"
    assert code(world, "1", binds={"tim": team}) == "respondent_in_team"
    assert world.complete("1", binds={"tim": team[:5]}) == ["RoleBound", "D 1#1", "O 2#1"]
    assert world.visit("2").groups[0].posts == ("anggota-1",), "the chair is the first"


def test_when_the_leader_is_complained_of_his_superior_acts_and_it_says_why() -> None:
    world = World(sop('{ no = "1", who = "operator" }, { no = "3", who = "pimpinan" }'))
    world.receive()
    world.complete("1")
    assert world.do(DESK, c.Bind("terlapor", ("pimpinan",), "r")) == ["RoleBound", "Assigned 3#1"]
    assert world.visit("3").instead == (("pimpinan", "respondent"),)
    assert world.visit("3").groups[0].posts == ("dekan",)
    assert code(world, "3", by="pimpinan") == "not_your_step"
    assert world.complete("3", by="dewi", reason="r")[0] == "D 3#1"


def test_a_unit_that_is_complained_of_takes_its_posts_and_their_people_with_it() -> None:
    shared = Post("pimpinan", "rektorat", "dekan", frozenset({"kasno"}))  # kasno heads the unit as well
    world = World(sop('{ no = "1", who = "pimpinan" }'), organisation=None)
    world = World(world.sops[0], organisation=office(world.sops[0], pimpinan=shared))
    world.receive(binds={"terlapor": ("akademik",)})
    assert world.visit("1").groups[0].posts == ("dekan",)
    assert world.visit("1").instead == (("pimpinan", "respondent"),)


def test_the_respondents_own_row_stays_his() -> None:
    """S0-10: the party complained of is bound in the case."""
    world = World(sop('{ no = "1", who = "operator", binds = "teradu" }, { no = "2", who = "teradu" }'))
    world.receive()
    world.complete("1", binds={"teradu": ("kasubbag",)})
    assert world.visit("2").groups[0].posts == ("kasubbag",)
    assert world.complete("2", by="kasno", reason="r")[0] == "D 2#1"


def test_a_vacant_post_is_passed_over_rung_by_rung_to_the_last() -> None:
    document = sop('{ no = "1", who = "pimpinan" }')
    empty = {name: Post(name, "", superior) for name, superior in (("pimpinan", "dekan"), ("dekan", "pimpinan"))}
    world = World(document, organisation=office(document, **empty))
    world.receive()
    assert world.visit("1").groups[0].posts == ("rektor",), "the ring of superiors ends at the fallback"
    assert world.visit("1").instead == (("pimpinan", "vacant"), ("dekan", "vacant"))


def test_where_nobody_is_found_the_row_opens_all_the_same_and_the_coordinator_may_act() -> None:
    """S2-16: a row without a performer runs."""
    world = World(sop('{ no = "1", what = "Menyimpan" }'))
    world.receive()
    assert world.visit("1").groups[0].posts == ()
    assert code(world, "1", by="operator") == "not_your_step"
    assert world.complete("1", by=COORDINATOR, reason="r") == ["D 1#1", "Closed finished"]


VERIFIED = """
{ id = "e", who = ["operator", "pimpinan"], joint = "any" },
{ id = "f", who = "operator", independent_of = "e" },
"""


def test_who_did_the_work_does_not_verify_it() -> None:
    """S2-8."""
    world = World(sop(VERIFIED))
    world.receive()
    world.complete("e", by="operator")
    assert world.visit("f").groups[0].posts == ("dekan",)
    assert world.visit("f").instead == (("operator", "independent"),)
    world = World(sop(VERIFIED))
    world.receive()
    world.complete("e", by="pimpinan")
    assert world.visit("f").groups[0].posts == ("operator",)


def test_the_rule_holds_for_the_person_when_he_acts_whatever_post_he_took_since() -> None:
    document = sop(VERIFIED)
    shared = Post("operator", "tu", "dekan", frozenset({"oki", "ola"}))
    world = World(document, organisation=office(document, operator=shared))
    world.receive()
    world.complete("e", by="oki")
    assert world.visit("f").groups[0].posts == ("operator",), "ola can"
    assert code(world, "f", by="oki") == "not_independent"
    assert world.complete("f", by="ola", reason="r")[0] == "D f#1"


def test_independence_reaches_into_a_linked_case() -> None:
    rows = '{ no = "1", who = "operator", independent_of = "linked:perkara:3" }'
    world = World(sop(rows))
    world.receive(links=(c.Link("perkara", "k1", performers={"3": ("operator",)}),))
    assert world.visit("1").instead == (("operator", "independent"),)


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


def test_a_failed_delivery_completes_nothing() -> None:
    world = World(sop(MIPA))
    world.receive()
    world.complete("2", "Tidak", answer="m")
    assert world.do(WORKER, c.Deliver("2#1", ok=False)) == ["Delivered 2#1"]
    assert world.open == ["7#1"]
    assert world.case.answers[0].ok is False
    assert world.do(DESK, c.Deliver("2#1"))[-1] == "Closed finished answered"


def test_a_letter_that_is_no_answer_completes_nothing() -> None:
    world = World(sop('{ no = "1", who = "operator" }, { no = "2", who = "pelapor" }'))
    world.receive()
    world.complete("1")
    assert world.do(WORKER, c.Deliver("1#1")) == ["Delivered 1#1"]
    assert world.complete("2", by=COMPLAINANT, reason="r") == ["D 2#1 confirmed", "Closed finished"]


def test_an_answer_known_to_be_delivered_before_its_row_was_recorded_ends_nothing_before_it_began() -> None:
    """The answer was given at 08.00 and typed in at 10.00; the proof of receipt says 09.00."""
    world = World(sop(MIPA))
    world.receive()
    world.complete("2", "Tidak", answer="m", at=hm("10.00"), happened=hm("08.00"))
    world.do(DESK, c.Deliver("2#1"), happened=hm("09.00"))
    assert world.case.visits["7#1"].ended_at == hm("10.00")
    assert world.case.delivered["2"] == hm("09.00")


def test_one_meeting_decides_many_cases_each_on_its_own() -> None:
    document = sop('{ no = "1", who = "operator", batch = true }, { no = "2", who = "operator" }')
    first, second = World(document), World(document)
    for world in (first, second):
        world.receive()
        world.complete("1", batch="rapat-1")
        assert world.events(e.StepDone)[0].batch == "rapat-1"
    assert code(first, "2", batch="rapat-1", reason="r") == "not_allowed", "a row of its own"


def test_a_unit_with_its_own_calendar_counts_by_it() -> None:
    document = sop('{ no = "1", who = "operator", time = "1 jam" }')
    late = offices.office({**{day: ["10.00-15.00"] for day in offices.ORDINARY}})
    world = World(document, unit_calendars={"kantor": late})
    world.receive()
    assert world.due("step:1#1") == hm("11.00")


def test_a_stranger_and_an_officer_elsewhere_do_nothing_with_a_row() -> None:
    world = World(sop(WAITING))
    world.receive()
    assert code(world, "1", by=ELSEWHERE) == "not_your_step"
    assert world.case.status is Status.OPEN
    assert isinstance(world.case.received_at, datetime)


def test_a_row_that_rang_and_was_then_done_arrives_once() -> None:
    rows = """
    { no = "1", who = "operator", next = ["2", "3"] },
    { no = "2", who = "bagian", next = "4", timeout = { after = "1 jam", next = "4", keep = true } },
    { no = "3", who = "pimpinan", next = "4" },
    { no = "4", who = "dekan", after = ["2", "3"] },
    """
    world = World(sop(rows))
    world.receive()
    world.complete("1")
    assert world.do(WORKER, c.Expire(), at=hm("09.00")) == ["TimedOut 2#1", "A 4"]
    assert world.complete("2") == ["D 2#1"]
    assert world.complete("3") == ["D 3#1", "A 4", "O 4#1"]
    assert world.visit("4").parents == ("2#1", "3#1")


def test_a_join_at_the_start_keeps_who_has_arrived() -> None:
    rows = """
    { no = "0", who = "operator", standing = true, next = ["1", "2"] },
    { no = "1", who = "operator", when = { lk = "ada" }, next = "2" },
    { no = "2", who = "pimpinan", after = "1" },
    """
    world = World(sop(rows))
    assert world.receive() == ["Received", "P 1#1", "A 2", "O 2#1"]
    assert world.visit("2").parents == ("1#1",)
    assert world.case.pending == {}


def test_a_moment_that_had_passed_brings_its_timeout_once_and_not_in_every_round() -> None:
    """Rows counted from the receipt whose timeouts chase each other come to rest."""
    rows = """
    { no = "1", who = "operator", time = "1 jam", counted_from = "receipt", timeout = { next = "2" } },
    { no = "2", who = "pimpinan", time = "1 jam", counted_from = "receipt", timeout = { next = "1" } },
    """
    world = World(sop(rows))
    world.receive()
    written = world.do(WORKER, c.Expire(), at=hm("10.00"))
    assert [line for line in written if line[0] in "TO"] == ["TimedOut 1#1", "O 2#1", "TimedOut 2#1", "O 1#2"]
    assert world.do(WORKER, c.Expire(), at=hm("11.00")) == []


def test_a_clock_from_before_its_row_stands_still_while_an_earlier_row_waited_and_while_the_case_was_closed() -> None:
    rows = """
    { no = "1", who = "operator" },
    { no = "2", who = "bagian", time = "4 jam", counted_from = "receipt" },
    """
    world = World(sop(rows, head='reopen = "10 hari kerja"'))
    world.receive()
    world.do("operator", c.Wait("1#1", "pelapor"), at=hm("09.00"))
    world.do("operator", c.Resume("1#1"), at=hm("10.00"))
    world.complete("1")
    assert world.due("step:2#1") == hm("14.00"), "one hour of waiting, and the noon break"
    world.do(COMPLAINANT, c.Withdraw(), at=hm("11.00"))
    world.do(COMPLAINANT, c.Reopen("r", "2"), at=hm("11.00", "2026-11-17"))
    assert world.due("step:2#2") == hm("12.00", "2026-11-17"), "three of the four hours were used"


def test_who_signs_a_row_may_change_his_word_even_if_the_row_must_be_independent_of_itself() -> None:
    rows = """
    { no = "1", who = ["pimpinan", "dekan"], independent_of = "1", question = "Setuju?", choices = [
        { label = "Ya", next = "2" }, { label = "Tidak", next = "1" } ] },
    { no = "2", who = "operator" },
    """
    world = World(sop(rows))
    world.receive()
    world.complete("1", "Ya", by="pimpinan")
    world.complete("1", "Tidak", by="pimpinan")
    assert world.complete("1", "Tidak", by="dewi") == ["D 1#1", "O 1#2"]
    assert world.visit("1").instead[0] == ("pimpinan", "independent"), "in the next round it counts"


def test_where_the_only_holder_is_complained_of_by_another_post_of_his_the_coordinator_may_act() -> None:
    document = sop('{ no = "1", who = "operator" }, { no = "2", who = "operator" }')
    world = World(document, organisation=office(document, kedua=Post("kedua", "tu", "dekan", frozenset({"kasno"}))))
    world.receive(binds={"terlapor": ("kasubbag",)})
    assert world.refused(COORDINATOR, c.Assign("1#1", ("kedua",))) == "respondent_may_not_act"
    shared = Post("kedua", "tu", "dekan", frozenset({"kasno", "kirana"}))
    world.shelf.organisation = office(document, kedua=shared)
    world.do(COORDINATOR, c.Assign("1#1", ("kedua",)))
    world.shelf.organisation = office(document, kedua=Post("kedua", "tu", "dekan", frozenset({"kasno"})))
    assert code(world, "1", by="kasno") == "respondent_may_not_act"
    assert world.complete("1", by=COORDINATOR) == ["D 1#1", "O 2#1"]


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
