"""One example for every time an SOP may print, and for every way of waiting, with the trace it must give."""

from __future__ import annotations

import offices
from stories import COMPLAINANT, COORDINATOR, DESK, WORKER, World, code, hm, sop
from tanggap.casework import commands as c
from tanggap.casework import events as e

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


def test_a_unit_with_its_own_calendar_counts_by_it() -> None:
    document = sop('{ no = "1", who = "operator", time = "1 jam" }')
    late = offices.office({**{day: ["10.00-15.00"] for day in offices.ORDINARY}})
    world = World(document, unit_calendars={"kantor": late})
    world.receive()
    assert world.due("step:1#1") == hm("11.00")


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
