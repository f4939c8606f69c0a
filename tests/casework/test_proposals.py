"""*Dianggap dicabut* is proposed to a person, never done by time; a word of the complainant clears it (S4-8, S4-15)."""

from __future__ import annotations

import pytest

from stories import COMPLAINANT, COORDINATOR, DESK, STRANGER, WORKER, World, hm, sop
from tanggap.casework import commands as c
from tanggap.casework import events as e
from tanggap.casework.notices import required
from tanggap.casework.offers import offers
from tanggap.casework.state import Status

ROWS = '{ no = "1", who = "operator", time = "2 jam", respond = "4 jam" }, { no = "2", who = "pimpinan" }'
LAST_MOMENT, AFTER = hm("23.59", "2026-12-16"), hm("08.00", "2026-12-17")
LAPSED = ["WaitEnded lapsed", "WithdrawalProposed 1#1"]


def waiting(rows: str = ROWS, *, until: str = "", more: str = "") -> World:
    """The operator asked the complainant at nine, for as long as the document allows unless ``until`` is named."""
    world = World(sop(rows, more=more))
    world.receive(parties=("orang",))
    named = hm("16.00", until) if until else None
    world.do("operator", c.Wait("1#1", "pelapor", named, "pertanyaan"), at=hm("09.00"))
    return world


def silent(rows: str = ROWS) -> World:
    """Thirty days later nobody has written."""
    world = waiting(rows)
    world.do(WORKER, c.Expire(), at=hm("13.00"))  # the first response is not held up by any wait
    assert world.do(WORKER, c.Expire(), at=AFTER)[: len(LAPSED)] == LAPSED
    return world


def test_thirty_days_of_silence_close_nothing_and_ask_a_person() -> None:
    world = waiting()
    assert world.case.running_wait("1#1").until == LAST_MOMENT  # type: ignore[union-attr]
    world.do(WORKER, c.Expire(), at=hm("13.00"))
    assert world.do(WORKER, c.Expire(), at=hm("23.00", "2026-12-16")) == []
    assert world.do(WORKER, c.Expire(), at=AFTER) == LAPSED
    assert world.case.status is Status.OPEN
    assert world.do(WORKER, c.Expire(), at=AFTER) == [], "proposed once"
    assert world.due("step:1#1") is not None, "our clock runs again while somebody decides"


def test_accepting_ends_the_case_as_deemed_withdrawn_with_its_reason() -> None:
    world = silent()
    assert world.refused("operator", c.DeemWithdrawn("1#1", "")) == "reason_needed"
    written = ["ProposalEnded accepted", "T closed 1#1", "Closed deemed_withdrawn"]
    assert world.do("operator", c.DeemWithdrawn("1#1", "r")) == written
    assert world.case.why == "r"


def test_going_on_needs_a_reason_and_leaves_the_case_where_it_was() -> None:
    world = silent()
    assert world.refused("operator", c.GoOn("1#1", "")) == "reason_needed"
    assert world.do("operator", c.GoOn("1#1", "r")) == ["ProposalEnded continued"]
    assert world.refused("operator", c.DeemWithdrawn("1#1", "r")) == "nothing_proposed"
    world.complete("1")


@pytest.mark.parametrize("channel", ["web", "telepon", "surat", "whatsapp", "lisan"])
def test_any_word_of_the_complainant_clears_the_proposal_whatever_the_channel(channel: str) -> None:
    world = silent()
    assert world.do(DESK, c.Contact(channel, "m")) == ["Contacted", "ProposalEnded contact"]
    assert world.refused("operator", c.DeemWithdrawn("1#1", "r")) == "nothing_proposed"


@pytest.mark.parametrize("channel", ["web", "telepon", "surat", "whatsapp", "lisan"])
def test_any_word_of_the_complainant_ends_the_wait_whatever_the_channel(channel: str) -> None:
    world = waiting()
    assert world.do(DESK, c.Contact(channel, "m"), at=hm("10.05")) == ["Contacted", "WaitEnded contact"]
    assert world.due("step:1#1") == hm("11.05")


def test_asking_once_more_takes_the_proposal_back() -> None:
    world = silent()
    assert world.do("operator", c.Wait("1#1", "pelapor"))[-2:] == ["ProposalEnded asked", "WaitBegan"]


def test_the_performer_the_desk_and_the_coordinator_decide_and_nobody_else() -> None:
    for who in ("operator", DESK, COORDINATOR):
        world = silent()
        assert [offer.may_settle for offer in offers(world.case, world.shelf, world.actor(who))] == [True]
        world.do(who, c.GoOn("1#1", "r"))
    world = silent()
    for stranger in ("pimpinan", STRANGER, COMPLAINANT, WORKER):
        assert world.refused(stranger, c.DeemWithdrawn("1#1", "r")) == "not_allowed"
        assert not any(offer.may_settle for offer in offers(world.case, world.shelf, world.actor(stranger)))


def test_whoever_is_complained_of_never_says_that_the_complaint_is_withdrawn() -> None:
    world = World(sop('{ no = "1", who = "teradu", waits = ["pelapor"] }'))
    world.receive(binds={"teradu": ("umum",)})
    world.do("umar", c.Wait("1#1", "pelapor"), at=hm("09.00"))
    world.do(WORKER, c.Expire(), at=AFTER)
    assert world.refused("umar", c.DeemWithdrawn("1#1", "r")) == "not_allowed"
    assert world.do(COORDINATOR, c.GoOn("1#1", "r")) == ["ProposalEnded continued"]


def test_a_shorter_time_that_an_officer_names_only_lets_the_clock_go_on() -> None:
    """Nobody is deemed to have withdrawn before the whole period."""
    world = waiting(until="2026-11-18")
    world.do(WORKER, c.Expire(), at=hm("13.00"))
    assert world.do(WORKER, c.Expire(), at=hm("16.00", "2026-11-18")) == ["WaitEnded lapsed"]


def test_no_wait_holds_up_the_first_response() -> None:
    """The clock of the first response runs on, and its lateness is written while the step stands still."""
    world = waiting()
    assert world.due("step:1#1") is None
    assert world.due("respond:1#1") == hm("12.00")
    assert world.do(WORKER, c.Expire(), at=hm("12.00")) == ["Breached respond:1#1"]


def test_a_row_that_is_left_takes_its_proposal_along_and_undoing_brings_it_back() -> None:
    world = silent()
    world.complete("1")
    assert world.refused("operator", c.DeemWithdrawn("1#1", "r")) == "visit_not_open"
    world.do("operator", c.Undo("1#1"))
    assert world.do("operator", c.GoOn("1#1", "r")) == ["ProposalEnded continued"]


@pytest.mark.parametrize(
    ("then", "written"),
    [
        ("resume", ["WaitEnded lapsed"]),
        ("close", ["WaitEnded lapsed", "T closed 1#1", "Closed batal"]),
        ("propose", LAPSED),
    ],
)
def test_a_document_says_anew_what_silence_brings(then: str, written: list[str]) -> None:
    said = f'[[wait]]\nid = "pelapor"\nat_most = "2 hari"\nthen = "{then}"\noutcome = "batal"'
    world = waiting('{ no = "1", who = "operator" }', more=said)
    assert world.do(WORKER, c.Expire(), at=hm("16.00", "2026-11-18")) == written
    if then == "propose":
        assert world.do(DESK, c.DeemWithdrawn("1#1", "r"))[-1] == "Closed batal"


def test_a_log_from_before_the_end_was_written_down_lapses_as_the_document_says() -> None:
    said = '[[wait]]\nid = "pelapor"\nat_most = "2 hari"\nthen = "close"\noutcome = "batal"'
    world = World(sop('{ no = "1", who = "operator" }', more=said))
    world.receive()
    old = e.Entry(len(world.log) + 1, e.WaitBegan("w1", "1#1", "pelapor", hm("16.00")), hm("09.00"), hm("09.00"), "oki")
    world._keep(old)
    assert world.do(WORKER, c.Expire(), at=hm("16.00"))[-1] == "Closed batal"


def test_the_complainant_is_reminded_once_and_the_officers_are_asked() -> None:
    world = waiting('{ no = "1", who = "operator" }')
    began = world.log[-1]
    kinds = [one.kind for one in required(began, world.case, world.sops[0])]
    assert kinds == ["question", "closing"]
    world.do(WORKER, c.Expire(), at=AFTER)
    asked = required(world.log[-1], world.case, world.sops[0])
    assert [(one.kind, one.about) for one in asked] == [("proposed", "step:1#1")]
    short = waiting('{ no = "1", who = "operator" }', until="2026-11-18")
    assert [one.kind for one in required(short.log[-1], short.case, short.sops[0])] == ["question", "reminder"]
