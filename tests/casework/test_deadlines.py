"""Deadlines explained: every due moment is the one the engine has, every minute is somebody's, every pause is named."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

import offices
from random_cases import Life
from stories import COORDINATOR, DESK, WORKER, World, hm, office, sop
from tanggap.casework import commands as c
from tanggap.casework.custody import custody, shares, used
from tanggap.casework.deadlines import explain
from tanggap.casework.dues import Due, dues
from tanggap.casework.explained import Explained
from tanggap.casework.fold import apply
from tanggap.casework.shelf import Post
from tanggap.casework.state import Case, VisitState
from tanggap.worktime.explanation import Kind

LIVES = 120


@pytest.fixture(scope="module")
def lives() -> list[Life]:
    """Random cases lived through, valid SOPs and broken ones."""
    found = []
    for seed in range(LIVES):
        life = Life(seed)
        life.run()
        found.append(life)
    return found


def last_dues(life: Life) -> dict[str, Due]:
    """Every clock the case ever had, as the engine had it when it last ran."""
    case, found = Case(), {}
    for entry in life.log:
        apply(case, entry)
        found.update({due.clock: due for due in dues(case, life.shelf)})
    return found


def test_every_explained_due_moment_is_the_one_the_engine_has(lives: list[Life]) -> None:
    seen = 0
    for life in lives:
        expected, at = last_dues(life), life.now
        explained = {one.clock: one for one in explain(life.log, life.shelf, at=at)}
        for clock, due in expected.items():
            if due.visit and life.case.visits[due.visit].state is VisitState.UNDONE:
                assert clock not in explained
                continue
            one = explained[clock]
            assert (one.due_at, one.starts_at, one.standard) == (due.due_at, due.starts_at, due.standard), life.seed
            assert all(part.lines[-1].kind in (Kind.DUE, Kind.NO_STANDARD) for part in one.parts)
            seen += due.due_at is not None
        running = {due.clock for due in dues(life.case, life.shelf)}
        assert {one.clock for one in explained.values() if one.ended_at is None} >= running
        assert not any(one.late_by and not one.breaches for one in explained.values()), "X-4: outsiders are never late"
    assert seen > 500


def test_the_minutes_of_the_posts_add_up_to_those_of_the_visit(lives: list[Life]) -> None:
    """Domain rule: reassignment splits the clock, and nobody's minute is lost or counted twice."""
    split = 0
    for life in lives:
        for visit in life.case.visits.values():
            held = shares(life.case, visit, life.shelf, until=life.now)
            took = used(life.case, visit, life.shelf, until=life.now)
            assert sum((one.used for one in held), timedelta()) == took
            assert held[0].since == visit.opened_at
            assert all(a.to == b.since for a, b in pairwise(held))
            split += len(held) > 1
    assert split > 20


def test_the_case_s_time_is_ours_the_complainant_s_or_somebody_else_s_and_no_minute_twice(lives: list[Life]) -> None:
    """P9: both figures, *waktu kita* and *waktu tunggu pelapor*."""
    waited = 0
    for life in lives:
        if life.case.received_at is None:
            continue
        found = custody(life.case, life.shelf, until=life.now)
        end = max(life.case.received_at, life.case.closed_at or life.now)
        whole = life.shelf.calendar.worked(life.case.received_at, end, life.case.rests)
        assert found.total == whole
        assert min(found.ours, found.complainant, found.others) >= timedelta()
        waited += bool(found.complainant) and bool(found.ours)
    assert waited > 5


ROWS = """
{ no = "1", what = "Menerima", who = "operator", time = "15 menit" },
{ no = "2", what = "Menelaah", who = "bagian", time = "2 jam", extend = { by = "1 jam" },
  time_by = { urgensi = { tinggi = "1 jam" } } },
{ no = "3", what = "Menjawab", who = "operator", time = "1 hari", record = "answer" },
"""


def told(world: World, clock: str) -> Explained:
    """One clock of the case, explained now."""
    found = {one.clock: one for one in explain(world.log, world.shelf, at=world.now)}
    return found[clock]


@pytest.fixture
def world() -> World:
    """Received on Monday at 08.00; row 2 opened at 08.05 with the kabag."""
    world = World(sop(ROWS))
    world.receive()
    world.complete("1", at=hm("08.05"))
    return world


def test_a_pause_is_told_with_its_reason_and_who_began_it(world: World) -> None:
    world.do("bagian", c.Wait("2#1", "pelapor"), at=hm("09.00"))
    standing = told(world, "step:2#1")
    assert standing.paused
    assert standing.due_at is None
    assert [(stop.reason, stop.by, stop.to) for stop in standing.stops] == [("pelapor", "bagian", None)]
    world.do(DESK, c.Contact("telepon"), at=hm("10.05"))
    again = told(world, "step:2#1")
    assert again.due_at == hm("11.10")
    assert [(stop.to, stop.ended) for stop in again.stops] == [(hm("10.05"), "contact")]
    pause = next(line for line in again.parts[0] if line.kind is Kind.PAUSE)
    assert (pause.begin, pause.end) == (hm("09.00"), hm("10.05"))
    both = custody(world.case, world.shelf, until=hm("10.05"))
    assert (both.ours, both.complainant) == (timedelta(hours=1), timedelta(minutes=65))


def test_more_time_and_a_named_deadline_are_told_with_who_gave_them(world: World) -> None:
    world.do(COORDINATOR, c.Extend("step:2#1", by="1 jam", reason="r"), at=hm("08.30"))
    longer = told(world, "step:2#1")
    assert (longer.due_at, len(longer.parts)) == (hm("11.05"), 2)
    assert [(more.amount, more.by) for more in longer.more] == [("1 jam", COORDINATOR.person)]
    world.do(COORDINATOR, c.Extend("step:2#1", until=hm("15.00"), reason="r"), at=hm("08.40"))
    named = told(world, "step:2#1")
    assert (named.due_at, named.fixed, named.parts) == (hm("15.00"), True, ())


def test_a_change_of_class_is_told_with_the_standards_before_and_after(world: World) -> None:
    world.do(DESK, c.Classify("urgensi", "tinggi"), at=hm("08.20"))
    one = told(world, "step:2#1")
    assert [(str(r.before), str(r.after), r.value, r.at) for r in one.regraded] == [
        ("2 jam", "1 jam", "tinggi", hm("08.20"))
    ]  # fmt: skip
    assert one.due_at == hm("09.05"), "the standard changes, never the start"


def test_an_ended_clock_says_how_late_it_was_in_working_time(world: World) -> None:
    world.do(WORKER, c.Expire(), at=hm("13.00"))
    world.complete("2", at=hm("13.30"))
    late = told(world, "step:2#1")
    assert (late.due_at, late.breached_at) == (hm("10.05"), hm("10.05"))
    assert late.ended_at == hm("13.30")
    assert late.late_by == timedelta(hours=2, minutes=25), "the break from 12 to 13 is nobody's lateness"
    world.do(DESK, c.Classify("urgensi", "tinggi"), at=hm("13.40"))
    assert told(world, "step:2#1").due_at == hm("10.05"), "what has ended is told as it stood then"


def test_the_clock_is_split_when_the_work_goes_to_another_post_and_the_receiver_has_it_from_then() -> None:
    other = {"wakil": Post("wakil", "kantor", "dekan", frozenset({"wati"}))}
    document = sop(ROWS)
    world = World(document, organisation=office(document, **other))
    world.receive()
    world.complete("1", at=hm("08.05"))
    world.do("bagian", c.Assign("2#1", ("wakil",)), at=hm("09.00"))
    world.complete("2", at=hm("09.50"))
    one = told(world, "step:2#1")
    assert [(share.posts, share.used) for share in one.shares] == [
        (("bagian",), timedelta(minutes=55)), (("wakil",), timedelta(minutes=50)),
    ]  # fmt: skip
    assert one.used == timedelta(minutes=105)


def test_a_row_without_a_standard_is_measured_and_never_late() -> None:
    world = World(sop('{ no = "1", what = "Memastikan", who = "operator", time = "Disesuaikan" },\n'))
    world.receive()
    world.now = hm("10.00")
    one = told(world, "step:1#1")
    assert (one.due_at, one.used, one.late_by) == (None, timedelta(hours=2), timedelta())


def test_holidays_are_told_with_their_decree() -> None:
    calendar = offices.office(
        holidays=[offices.Holiday(hm("08.00").date() + timedelta(1), "Libur", decree="SKB 1/2026")]
    )
    world = World(sop(ROWS), calendar=calendar)
    world.receive()
    world.complete("1", at=hm("08.05"))
    world.complete("2", at=hm("09.00"))
    one = told(world, "step:3#1")
    assert "Libur (SKB 1/2026)" in next(line.text for line in one.parts[0] if line.kind is Kind.HOLIDAY)


def test_while_one_arm_works_the_case_is_with_us_though_another_waits_for_the_complainant() -> None:
    world = World(
        sop(
            '{ no = "1", what = "Membagi", who = "operator", next = ["2", "3"] },'
            '{ no = "2", what = "Menelaah", who = "bagian", next = "4" },'
            '{ no = "3", what = "Memeriksa", who = "pimpinan", next = "4" },'
            '{ no = "4", what = "Menjawab", who = "operator", after = ["2", "3"] }'
        )
    )
    world.receive()
    world.complete("1", at=hm("08.00"))
    world.do("bagian", c.Wait("2#1", "pelapor"), at=hm("08.30"))
    world.complete("3", at=hm("09.00"))
    found = custody(world.case, world.shelf, until=hm("10.00"))
    assert (found.ours, found.complainant) == (timedelta(hours=1), timedelta(hours=1))
