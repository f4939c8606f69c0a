"""Who stands in for the party complained of handles the case no more than the party does (Plh., delegation)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stories import COORDINATOR, DESK, World, office, sop
from tanggap.casework import commands as c
from tanggap.casework.performers import is_performer
from tanggap.casework.shelf import Post, Power

ROWS = '{ no = "1", who = "operator" }, { no = "2", who = "pimpinan" }, { no = "3", who = "teradu" }'
ABOUT = {"terlapor": ("kasubbag",)}  # held by kasno


def away(*rows: str, **stand_ins: str) -> World:
    """An office in which the persons named are represented by others; ``pimpinan`` is kasno's second post."""
    document = sop(rows[0] if rows else ROWS)
    both = Post("pimpinan", "kantor", "dekan", frozenset({"kasno", *stand_ins.values()}))
    world = World(document, organisation=office(document, pimpinan=both))
    world.shelf.organisation = replace(
        world.shelf.organisation, stand_ins={person: frozenset({other}) for person, other in stand_ins.items()}
    )
    return world


def test_a_row_never_falls_to_whom_the_party_complained_of_left_in_their_place() -> None:
    """S4: kasno is away; who stands in for him in another post of his is passed over like himself, and it says so."""
    world = away(kasno="plh")
    world.receive(binds=ABOUT)
    world.complete("1")
    assert world.visit("2").groups[0].posts == ("dekan",)
    assert world.visit("2").instead == (("pimpinan", "respondent"),)


def test_where_nobody_complained_of_is_behind_it_the_stand_in_acts() -> None:
    world = away(kasno="plh")
    world.receive(binds={"terlapor": ("umum",)})
    world.complete("1")
    assert world.complete("2", by="plh")[0] == "D 2#1"


def test_a_delegation_made_after_the_row_opened_bars_the_delegate_at_the_act() -> None:
    """S4: the delegation is edited today; whoever was named by it cannot act, assign, wait or dispose."""
    world = away(kasno="operator")
    world.shelf.organisation = replace(world.shelf.organisation, stand_ins={})
    world.receive(binds=ABOUT)
    assert world.visit("1").groups[0].posts == ("operator",)
    world.shelf.organisation = replace(world.shelf.organisation, stand_ins={"kasno": frozenset({"operator"})})
    assert world.refused("operator", c.Complete("1#1", reason="r")) == "respondent_may_not_act"
    assert world.refused("operator", c.Assign("1#1", ("umum",))) == "not_allowed"
    assert world.refused("operator", c.Wait("1#1", "pihak_luar")) == "not_your_step"
    assert world.refused("operator", c.Dispose("1#1", ("umum",))) == "not_your_step"
    assert not is_performer(world.visit("1"), replace(world.actor("operator"), only=frozenset()))
    assert world.complete("1", by=COORDINATOR, reason="r")[0] == "D 1#1", "nobody else is left: the coordinator"


def test_the_delegate_of_the_delegate_is_barred_too_and_rings_come_to_rest() -> None:
    """S4: X names Y, Y names Z, Z names X: none of them handles what is about X."""
    world = away(kasno="wakil")
    world.shelf.organisation = replace(
        world.shelf.organisation,
        stand_ins={"kasno": frozenset({"wakil"}), "wakil": frozenset({"operator"}), "operator": frozenset({"kasno"})},
    )
    world.receive(binds=ABOUT)
    assert world.visit("1").groups[0].posts == ("dekan",)


@pytest.mark.parametrize("power", [Power.DESK, Power.COORDINATOR, Power.OFFICER])
def test_no_power_helps_whoever_stands_in(power: Power) -> None:
    """S4: a stand-in who coordinates or serves at the desk does nothing in this case by it."""
    world = away(kasno="koko")
    world.receive(binds=ABOUT)
    somebody = replace(COORDINATOR, powers=frozenset({power}))
    assert world.refused(somebody, c.Classify("urgensi", "tinggi")) == "not_allowed"


def test_work_is_not_given_to_a_post_that_only_a_stand_in_holds() -> None:
    """S4: neither by assignment nor by disposition, nor as a member of a team."""
    world = away(kasno="umar")
    world.receive(binds=ABOUT)
    assert world.refused("operator", c.Assign("1#1", ("umum",))) == "respondent_may_not_act"
    assert world.refused("operator", c.Dispose("1#1", ("umum",), note="n")) == "respondent_may_not_act"
    team = ("anggota-1", "anggota-2", "umum")
    assert world.refused(DESK, c.Bind("tim", team)) == "respondent_in_team"


def test_a_disposition_given_before_is_not_reported_by_whoever_stands_in_since() -> None:
    world = away()
    world.receive(binds=ABOUT)
    world.do("operator", c.Dispose("1#1", ("umum",), note="n"))
    world.shelf.organisation = replace(world.shelf.organisation, stand_ins={"kasno": frozenset({"umar"})})
    assert world.refused("umar", c.ReportBack("d1", "a")) == "respondent_may_not_act"


def test_the_partys_own_row_is_done_by_whoever_holds_the_post_meanwhile() -> None:
    """The column of the party complained of is theirs: a Plh. of that very post answers for it."""
    world = away('{ no = "1", who = "teradu" }')
    plh = Post("kasubbag", "akademik", "dekan", frozenset({"kasno", "plh"}))
    world.shelf.organisation = replace(
        world.shelf.organisation,
        posts={**world.shelf.organisation.posts, "kasubbag": plh},
        stand_ins={"kasno": frozenset({"plh"})},
    )
    world.receive(binds={"teradu": ("kasubbag",)})
    assert world.do("plh", c.Dispose("1#1", ("umum",), note="n")) == ["Disposed"]
    world.do("plh", c.Recall("d1", "r"))
    assert world.complete("1", by="plh", reason="r")[0] == "D 1#1"
