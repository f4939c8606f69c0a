"""What is offered for a whole case is what is accepted: more time, another procedure or version, its end."""

from __future__ import annotations

from dataclasses import replace

from stories import COMPLAINANT, COORDINATOR, DESK, STRANGER, World, hm, sop
from tanggap.casework import commands as c
from tanggap.casework.courses import Courses, courses, rows_for

ROWS = """
{ no = "1", who = "operator", time = "1 hari kerja", extend = { by = "2 hari kerja", at_most = 1 } },
{ no = "2", who = "pimpinan" },
"""
MORE = '[[procedure]]\nid = "q"\nstep = [{ no = "1", who = "bagian" }]'


def offered(world: World, who: object) -> Courses:
    """What ``who`` is offered; every version on the shelf is in force."""
    return courses(world.case, world.shelf, world.actor(who), current=tuple(world.shelf.sops))  # type: ignore[arg-type]


def begun(*more: str) -> World:
    """A case with a promise, of a document that has a second procedure and a newer version."""
    first = sop(ROWS, head='limit = "10 hari kerja"', more=MORE)
    newer = replace(sop(ROWS.replace('no = "2"', 'no = "2", id = "periksa"'), more=MORE), hash="h-baru")
    world = World(first, newer)
    world.receive(procedure="p")
    return world


def test_every_clock_that_is_offered_takes_more_time_as_offered() -> None:
    world = begun()
    world.do("operator", c.Dispose("1#1", ("umum",), standard="1 jam"))
    found = {one.target: one for one in offered(world, COORDINATOR).extend}
    assert set(found) == {"step:1#1", "clock:limit", "disposition:d1"}
    assert found["step:1#1"].most == "2 hari kerja"
    for one in found.values():
        if one.lengthens:
            assert world.do(COORDINATOR, c.Extend(one.target, by="1 hari kerja", reason="r")) == ["Extended"]
        until = c.Extend(one.target, until=hm("15.00", "2026-12-01"), reason="r")
        assert world.do(COORDINATOR, until) == ["Extended"]
    left = {one.target: one.lengthens for one in offered(world, COORDINATOR).extend}
    assert left == {"step:1#1": False, "clock:limit": True, "disposition:d1": False}, "used up"
    assert world.refused(COORDINATOR, c.Extend("step:1#1", by="1 jam", reason="r")) == "extension_used_up"


def test_every_procedure_and_version_that_is_offered_takes_the_case() -> None:
    world = begun()
    old, new = world.sops[0].hash, "h-baru"
    assert offered(world, DESK).move == ((old, "q"),)
    assert offered(world, COORDINATOR).migrate == ((new, "p"),)
    rows = {row: options[0] for row, options in rows_for(world.case, world.shelf, new, "p").items()}
    assert rows == {"1": "1"}
    assert world.do(COORDINATOR, c.Migrate(new, "p", rows))[0] == "Migrated"
    assert offered(world, COORDINATOR).migrate == ((old, "p"),)
    assert world.do(DESK, c.Move("q", "r"))[:2] == ["T moved 1#1", "Moved"]


def test_the_desk_moves_connects_and_records_a_withdrawal_and_the_rest_is_the_coordinators() -> None:
    world = begun()
    desk = offered(world, DESK)
    assert (desk.extend, desk.migrate, desk.may_close) == ((), (), False)
    assert desk.may_link
    assert desk.may_withdraw
    for nobody in ("operator", STRANGER, COMPLAINANT):
        assert not offered(world, nobody).any
    world.do(DESK, c.Withdraw("r"))
    assert offered(world, COORDINATOR) == Courses(may_link=True), "a case that has ended can still be connected"


def test_whoever_is_complained_of_is_offered_nothing_whatever_power_they_have() -> None:
    world = begun()
    world.do(DESK, c.Bind("terlapor", ("humas",)))
    assert not offered(world, COORDINATOR).any
