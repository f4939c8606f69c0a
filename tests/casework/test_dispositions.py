"""Dispositions: a tree of work inside one row, each branch with its own clock, joined before the row is left."""

from __future__ import annotations

from dataclasses import MISSING, fields

from stories import COMPLAINANT, COORDINATOR, DESK, ELSEWHERE, WORKER, World, hm, sop
from tanggap.casework import commands as c
from tanggap.casework import events as e
from tanggap.casework.dispositions import disposition_of, hidden_from
from tanggap.casework.offers import branches, offers

ONE = '{ no = "1", who = "operator" }, { no = "2", who = "operator" }'
TWO = '{ no = "1", who = "operator", time = "2 jam" }, { no = "2", who = "pimpinan", optional = true }'


def begun(rows: str = TWO, **more: str) -> World:
    """A case whose first row is open."""
    world = World(sop(rows, **more))
    world.receive()
    return world


def disposed(**more: object) -> World:
    """A case in which the operator has given work to two units."""
    world = begun('{ no = "1", who = "operator", time = "5 hari kerja" }, { no = "2", who = "operator" }')
    world.do("operator", c.Dispose("1#1", ("akademik", "umum"), **more))  # type: ignore[arg-type]
    return world


def test_work_inside_a_row_is_a_tree_that_must_be_reported_before_the_row_is_left() -> None:
    """S4-12, S2-6."""
    world = disposed(nature="tindakan perbaikan", standard="2 hari kerja")
    assert world.due("disposition:d1") == hm("16.00", "2026-11-18")
    assert world.refused("operator", c.Complete("1#1")) == "disposition_open"
    assert world.refused("operator", c.ReportBack("d1")) == "not_your_step"
    assert world.refused("operator", c.Dispose("d1", ("bagian",))) == "not_your_step"
    assert world.do("kasno", c.Dispose("d1", ("bagian",))) == ["Disposed"]
    assert world.refused("kasno", c.ReportBack("d1")) == "disposition_open"
    assert world.do("bagian", c.ReportBack("d2", "j", ("b1",))) == ["ReportedBack"]
    assert world.do("umar", c.ReportBack("d1")) == ["ReportedBack"]
    assert world.case.dispositions["d1"].post == "umum"
    assert world.refused("kasno", c.ReportBack("d1")) == "disposition_not_open"
    assert world.complete("1") == ["D 1#1", "O 2#1"]


def test_who_gives_takes_back_and_with_it_everything_below() -> None:
    world = disposed()
    world.do("kasno", c.Dispose("d1", ("bagian",)))
    assert world.refused("kasno", c.Recall("d1", "r")) == "not_allowed"
    assert world.refused("operator", c.Recall("d1", "")) == "reason_needed"
    assert world.refused("operator", c.Recall("d9", "r")) == "unknown_disposition"
    assert world.do("operator", c.Recall("d1", "r")) == ["Recalled", "Recalled"]
    assert world.refused("operator", c.Recall("d1", "r")) == "disposition_not_open"


def test_a_disposition_goes_to_posts_that_exist_and_never_to_the_party_complained_of() -> None:
    world = begun()
    assert world.refused(ELSEWHERE, c.Dispose("1#1", ("umum",))) == "not_your_step"
    assert world.refused("operator", c.Dispose("1#1", ())) == "posts_needed"
    assert world.refused("operator", c.Dispose("1#1", ("hantu",))) == "post_unknown"
    assert world.refused("operator", c.Dispose("1#1", ("umum",), standard="nanti")) == "unreadable_time"
    assert world.refused("operator", c.Dispose("1#1", ("umum",), until=hm("07.00"))) == "moment_in_past"
    world.do(DESK, c.Bind("terlapor", ("akademik",)))
    assert world.refused("operator", c.Dispose("1#1", ("kasubbag",))) == "respondent_may_not_act"


def test_a_disposition_is_not_due_after_its_row_without_saying_so() -> None:
    world = begun()
    later = hm("16.00", "2026-11-20")
    assert world.refused("operator", c.Dispose("1#1", ("umum",), until=later)) == "later_than_visit"
    assert world.refused("operator", c.Dispose("1#1", ("umum",), standard="3 hari", note="n")) == "later_than_visit"
    assert world.do("operator", c.Dispose("1#1", ("umum",), standard="3 hari", later=True)) == ["Disposed"]
    world.do(COORDINATOR, c.Extend("disposition:d1", until=later, reason="r"))
    assert world.due("disposition:d1") == later
    assert world.do(WORKER, c.Expire(), at=later) == ["Breached step:1#1", "Breached disposition:d1"]


def test_whatever_ends_a_row_ends_the_work_below_it() -> None:
    world = begun('{ no = "1", who = "operator", time = "1 jam", timeout = {} }, { no = "2", who = "operator" }')
    world.do("operator", c.Dispose("1#1", ("umum",)))
    world.do(WORKER, c.Expire(), at=hm("09.00"))
    assert world.case.dispositions["d1"].state == "taken_back"
    world.do("operator", c.Dispose("2#1", ("umum",)))
    world.do(COMPLAINANT, c.Withdraw())
    assert world.case.dispositions["d2"].state == "taken_back"
    assert world.refused("umar", c.ReportBack("d2")) == "case_closed"


def test_who_reported_on_a_disposition_counts_as_a_doer_of_the_row() -> None:
    """S2-8: the unit that carried out the action does not verify it."""
    rows = '{ id = "e", who = "operator" }, { id = "f", who = "umum", independent_of = "e" }'
    document = sop(rows, more='[[role]]\nid = "umum"')
    world = World(document)
    world.receive()
    world.do("operator", c.Dispose("e#1", ("umum",)))
    world.do("umar", c.ReportBack("d1"))
    world.complete("e")
    assert world.visit("f").instead == (("umum", "independent"),)


def test_every_unit_gets_a_branch_of_its_own_in_one_act() -> None:
    """S4-12: three units, three duties, three clocks; the row waits for the last."""
    world = begun(ONE)
    given = c.Dispose("1#1", ("akademik", "umum", "kantor"), standard="2 hari kerja", each=True)
    assert world.do("operator", given) == ["Disposed"] * 3
    assert [one.to for one in world.case.dispositions.values()] == [("akademik",), ("umum",), ("kantor",)]
    assert {world.due(f"disposition:d{n}") for n in (1, 2, 3)} == {hm("16.00", "2026-11-18")}
    world.do("kasno", c.ReportBack("d1", "j"))
    world.do("umar", c.ReportBack("d2", "j"))
    assert world.refused("operator", c.Complete("1#1")) == "disposition_open"


def test_what_was_recalled_is_given_to_another_unit() -> None:
    world = begun(ONE)
    world.do("operator", c.Dispose("1#1", ("akademik",)))
    world.do("operator", c.Recall("d1", "r"))
    assert world.do("operator", c.Dispose("1#1", ("umum",))) == ["Disposed"]
    world.do("umar", c.ReportBack("d2", "j"))
    assert world.complete("1")[0] == "D 1#1"


def test_reporting_or_recalling_late_writes_the_lateness_whatever_the_worker_did() -> None:
    world = begun(ONE)
    world.do("operator", c.Dispose("1#1", ("akademik", "umum"), standard="1 jam", each=True))
    assert world.do("kasno", c.ReportBack("d1", "j"), at=hm("09.01")) == ["Breached disposition:d1", "ReportedBack"]
    assert world.do("operator", c.Recall("d2", "r"), at=hm("09.02")) == ["Breached disposition:d2", "Recalled"]
    assert world.do(WORKER, c.Expire(), at=hm("09.03")) == []


def test_reporting_in_time_and_recording_it_later_is_in_time() -> None:
    world = begun(ONE)
    world.do("operator", c.Dispose("1#1", ("akademik",), standard="1 jam"))
    assert world.do("kasno", c.ReportBack("d1", "j"), at=hm("09.30"), happened=hm("08.50")) == ["ReportedBack"]


def test_what_is_offered_on_a_disposition_is_what_is_accepted() -> None:
    world = begun(ONE)
    world.do("operator", c.Dispose("1#1", ("akademik",)))
    world.do("kasno", c.Dispose("d1", ("umum",)))

    def offered(who: object) -> list[tuple[str, int, bool, bool, bool]]:
        actor = world.actor(who)  # type: ignore[arg-type]
        return [
            (one.disposition.id, one.depth, one.may_report, one.may_dispose, one.may_recall)
            for one in branches(world.case, world.shelf, actor, "1#1")
        ]

    assert offered("operator") == [("d1", 0, False, False, True), ("d2", 1, False, False, False)]
    assert offered("kasno") == [("d1", 0, False, True, False), ("d2", 1, False, False, True)]
    assert offered("umar") == [("d1", 0, False, False, False), ("d2", 1, True, True, False)]
    assert offered(COORDINATOR) == [("d1", 0, False, False, True), ("d2", 1, False, False, True)]
    assert world.refused("kasno", c.ReportBack("d1", "j")) == "disposition_open"
    world.do("umar", c.ReportBack("d2", "j"))
    assert offered("kasno")[0] == ("d1", 0, True, True, False)


def test_a_secret_disposition_is_its_givers_and_its_holders_and_what_is_below_it_too() -> None:
    """Sifat rahasia: nobody else learns to whom, what or what came of it; not even the coordinator."""
    world = begun(ONE)
    world.do("operator", c.Dispose("1#1", ("akademik",), urgency="rahasia"))
    world.do("kasno", c.Dispose("d1", ("umum",)))
    world.do("operator", c.Dispose("1#1", ("kantor",)))

    def hidden(who: object) -> set[str]:
        return set(hidden_from(world.case, world.shelf, world.actor(who)))  # type: ignore[arg-type]

    assert hidden("operator") == hidden("kasno") == set()
    assert hidden("umar") == {"d1"}, "its own, and not what it was taken from"
    assert hidden(COORDINATOR) == hidden(DESK) == hidden("pimpinan") == {"d1", "d2"}
    assert [one.hidden for one in offers(world.case, world.shelf, COORDINATOR)[0].branches] == [True, True, False]
    world.do(COORDINATOR, c.Recall("d1", "r"))
    assert hidden(COORDINATOR) == {"d1", "d2"}, "it stays secret when it is over"


def test_every_event_that_can_speak_of_a_disposition_is_known_to_do_so() -> None:
    """So that a new event about a clock does not tell what is secret."""
    speaking = [
        kind for kind in e.KINDS.values() if {"clock", "target", "disposition"} & {f.name for f in fields(kind)}
    ]
    assert {"Disposed", "Breached", "Extended"} <= {kind.__name__ for kind in speaking}
    for kind in speaking:
        told = {"disposition": "d7", "clock": "disposition:d7", "target": "disposition:d7"}
        needed = {
            field.name: told.get(field.name, "")
            for field in fields(kind)
            if field.default is MISSING and field.default_factory is MISSING
        }
        assert disposition_of(kind(**needed)) == "d7", kind
