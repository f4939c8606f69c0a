"""One example for every way a case may take through its rows, with the trace it must give."""

from __future__ import annotations

from stories import DESK, WORKER, World, code, hm, sop
from tanggap.casework import commands as c
from tanggap.casework.state import VisitState

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


def test_a_failed_delivery_completes_nothing() -> None:
    world = World(sop(MIPA))
    world.receive()
    world.complete("2", "Tidak", answer="m")
    assert world.do(WORKER, c.Deliver("2#1", ok=False)) == ["Delivered 2#1"]
    assert world.open == ["7#1"]
    assert world.case.answers[0].ok is False
    assert world.do(DESK, c.Deliver("2#1"))[-1] == "Closed finished answered"


def test_an_answer_known_to_be_delivered_before_its_row_was_recorded_ends_nothing_before_it_began() -> None:
    """The answer was given at 08.00 and typed in at 10.00; the proof of receipt says 09.00."""
    world = World(sop(MIPA))
    world.receive()
    world.complete("2", "Tidak", answer="m", at=hm("10.00"), happened=hm("08.00"))
    world.do(DESK, c.Deliver("2#1"), happened=hm("09.00"))
    assert world.case.visits["7#1"].ended_at == hm("10.00")
    assert world.case.delivered["2"] == hm("09.00")
