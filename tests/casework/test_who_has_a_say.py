"""Who says what a case is about, and who writes to the complainant: whoever has it now, not whoever once had it."""

from __future__ import annotations

import offices
from stories import COORDINATOR, DESK, World, sop
from tanggap.casework import commands as c
from tanggap.casework.offers import offers
from tanggap.casework.performers import may_write_out

ROWS = '{ no = "1", who = "operator" }, { no = "2", who = "pimpinan" }, { no = "3", who = "teradu" }'


def begun(rows: str = ROWS) -> World:
    """A case at its first row."""
    world = World(sop(rows))
    world.receive()
    return world


def writes(world: World, who: str) -> bool:
    """True when a letter to the complainant is both offered to ``who`` and accepted."""
    offered = may_write_out(world.case, world.shelf, world.actor(who))
    letter = c.Note("surat", "complainant")
    accepted = world.do(who, letter) == ["Noted"] if offered else world.refused(who, letter) in REFUSED
    assert accepted, "what is offered is what is accepted"
    return offered


REFUSED = ("letter_not_yours", "not_allowed")


def test_whoever_had_the_case_once_classifies_and_binds_no_longer() -> None:
    world = begun()
    assert world.do("operator", c.Classify("urgensi", "rendah")) == ["AttributeSet"], "while it is theirs"
    world.complete("1")
    assert world.refused("operator", c.Classify("urgensi", "tinggi", "r")) == "not_allowed"
    assert world.refused("operator", c.Bind("bidang", ("umum",))) == "not_allowed"
    assert world.do("pimpinan", c.Classify("urgensi", "tinggi", "r")) == ["AttributeSet"]
    world.do("pimpinan", c.Dispose("2#1", ("umum",)))
    assert world.do("umar", c.Bind("bidang", ("umum",))) == ["RoleBound"], "a disposition is having it too"
    world.do("umar", c.ReportBack("d1", "j"))
    assert world.refused("umar", c.Bind("bidang", ("kasubbag",))) == "not_allowed"
    assert world.do(DESK, c.Classify("urgensi", "sedang", "r")) == ["AttributeSet"]
    assert world.do(COORDINATOR, c.Bind("bidang", ("kasubbag",))) == ["RoleBound"]


def test_whoever_had_the_case_once_notes_but_writes_no_letter() -> None:
    world = begun()
    assert writes(world, "operator")
    world.complete("1")
    assert not writes(world, "operator")
    assert world.do("operator", c.Note("catatan")) == ["Noted"]
    assert writes(world, "pimpinan")


def test_the_party_complained_of_writes_to_the_complainant_only_where_its_row_answers() -> None:
    """S0-4: it clarifies to the leader; what reaches the complainant comes from the institution."""
    world = begun()
    world.do(DESK, c.Bind("teradu", ("umum",)))
    world.complete("1")
    world.complete("2")
    assert world.open == ["3#1"]
    assert world.refused("umar", c.Note("surat", "complainant")) == "letter_not_yours"
    assert not writes(world, "umar")
    assert world.do("umar", c.Note("catatan")) == ["Noted"]


def test_the_party_complained_of_answers_where_the_sop_lets_it_answer() -> None:
    world = begun('{ no = "1", who = "teradu", record = "answer" }')
    world.do(DESK, c.Bind("teradu", ("umum",)))
    assert writes(world, "umar")


def test_the_party_complained_of_asks_nothing_of_the_complainant_unless_its_row_names_that_wait() -> None:
    world = begun('{ no = "1", who = "teradu", next = "2" }, { no = "2", who = "teradu", waits = ["pelapor"] }')
    world.do(DESK, c.Bind("teradu", ("umum",)))
    assert world.refused("umar", c.Wait("1#1", "pelapor")) == "letter_not_yours"
    offered = [wait.id for wait in offers(world.case, world.shelf, world.actor("umar"))[0].waits]
    assert offered == ["pihak_luar"]
    world.complete("1", at=offices.at("2026-11-16 09.00"))
    assert world.do("umar", c.Wait("2#1", "pelapor")) == ["WaitBegan"]
