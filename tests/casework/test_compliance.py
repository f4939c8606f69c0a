"""X-8: what a report says of an SOP is what its logs say: counted once more by hand, and held against random cases."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from random_cases import Life as RandomLife
from stories import COMPLAINANT, COORDINATOR, WORKER, World, hm, sop
from tanggap.casework import commands as c
from tanggap.casework import events as e
from tanggap.casework.compliance import CaseFact, Compliance, StepTally, compliance, facts, quantile
from tanggap.casework.lives import live
from tanggap.sop.load import load
from tanggap.sop.write import write

ROWS = """
{ no = "1", what = "Menerima", who = "operator", time = "15 menit" },
{ no = "2", what = "Memeriksa", who = "bagian", time = "1 jam", question = "Sesuai?",
  choices = [ { label = "Ya" }, { label = "Tidak", next = "1", reason = true } ] },
{ no = "3", what = "Menata", who = "operator", time = "1 jam", optional = true },
{ no = "4", what = "Menjawab", who = "operator", time = "1 jam", record = "answer" },
{ no = "5", what = "Menerima jawaban", who = "pelapor", time = "1 jam", timeout = { after = "2 hari" } },
"""


def fact(world: World, *, promised: str = "", at: str = "", day: str = "2026-11-16") -> CaseFact:
    now = hm(at, day) if at else world.now
    return facts(live(world.log), world.shelf, promised=hm(promised) if promised else None, at=now)


def tally(*found: CaseFact) -> Compliance:
    return compliance(found)


def row(whole: Compliance, name: str) -> StepTally:
    return next(one for (_home, row), one in whole.steps.items() if row == name)


@pytest.fixture
def looped() -> World:
    """Returned once, late once, a row skipped, answered at 11.00, and received by the complainant at 15.00."""
    world = World(sop(ROWS))
    world.receive()
    world.complete("1", at=hm("08.05"))
    world.complete("2", "Tidak", reason="r", at=hm("08.30"))
    world.complete("1", at=hm("08.40"))
    world.do(WORKER, c.Expire(), at=hm("10.00"))
    world.complete("2", "Ya", at=hm("10.10"))
    world.do("operator", c.Skip("3#1", "r"), at=hm("10.20"))
    world.complete("4", answer="m", at=hm("11.00"))
    world.do(WORKER, c.Expire(), at=hm("14.30"))
    world.complete("5", by=COMPLAINANT, at=hm("15.00"))
    return world


@pytest.mark.parametrize(("ended", "kept"), [("09.30", None), ("10.31", False)])
def test_whoever_ends_a_case_after_its_promise_has_broken_it_all_the_same(ended: str, kept: bool | None) -> None:
    """X-8: an overdue complaint is not made to vanish from the figures by ending it."""
    for way in (c.Close("", "r"), c.Merge("lain", "r")):
        world = World(sop(ROWS))
        world.receive()
        world.do(COORDINATOR, way, at=hm(ended))
        assert fact(world, promised="10.30", at="16.00").kept is kept


def test_a_row_counts_its_visits_on_time_late_again_and_skipped(looped: World) -> None:
    whole = tally(fact(looped))
    first, second, third = (row(whole, name) for name in "123")
    assert (first.count, first.on_time, first.late, first.again) == (2, 2, 0, 1)
    assert (second.count, second.on_time, second.late, second.again) == (2, 1, 1, 1)
    assert (third.count, third.skipped, third.on_time, list(third.minutes)) == (1, 1, 0, [])
    assert second.share_on_time == 0.5
    assert sorted(second.minutes) == [25, 90]


def test_who_stands_outside_never_counts_as_late(looped: World) -> None:
    """X-4: four hours for a standard of one hour, and no lateness of anybody."""
    fifth = row(tally(fact(looped)), "5")
    assert (fifth.count, fifth.outside, fifth.late, fifth.on_time) == (1, 1, 0, 0)
    assert fifth.share_on_time is None


def test_a_row_left_by_time_alone_is_counted_apart() -> None:
    world = World(sop(ROWS))
    world.receive()
    world.complete("1", at=hm("08.05"))
    world.complete("2", "Ya", at=hm("08.30"))
    world.do("operator", c.Skip("3#1", "r"), at=hm("08.40"))
    world.complete("4", answer="m", at=hm("09.00"))
    world.do(WORKER, c.Expire(), at=hm("16.00", "2026-11-18"))
    fifth = row(tally(fact(world)), "5")
    assert (fifth.lapsed, fifth.late, list(fifth.minutes)) == (1, 0, [])


def test_the_time_is_told_by_the_post_that_held_it(looped: World) -> None:
    by_post = row(tally(fact(looped)), "2").by_post
    assert by_post == Counter({("bagian",): 115})


def test_a_procedure_counts_cases_outcomes_promises_loops_and_departures(looped: World) -> None:
    kept, late = fact(looped, promised="12.00"), fact(looped, promised="10.30")
    silent = World(sop(ROWS))
    silent.receive()
    silent.do(COORDINATOR, c.Redirect("1#1", "4", "r"), at=hm("08.10"))
    waiting, past = fact(silent, promised="16.00"), fact(silent, promised="16.00", at="08.00", day="2026-11-17")
    assert (waiting.kept, past.kept) == (None, False)
    (whole,) = tally(kept, late, past).procedures.values()
    assert (whole.cases, whole.open, dict(whole.outcomes)) == (3, 1, {"finished": 2})
    assert (whole.kept, whole.broken, whole.loops, whole.looped, whole.departures) == (1, 2, 4, 2, 1)


def test_what_was_undone_never_was(looped: World) -> None:
    world = World(sop(ROWS))
    world.receive()
    world.complete("1", at=hm("08.05"))
    world.do("operator", c.Undo("1#1"), at=hm("08.07"))
    whole = tally(fact(world))
    assert [one.count for one in whole.steps.values()] == [1]
    assert row(whole, "1").open == 1


def test_a_moved_case_counts_each_row_where_it_was_done() -> None:
    second = '\n[[procedure]]\nid = "q"\nstep = [{ no = "1", what = "Lain", who = "dekan", time = "1 jam" }]\n'
    world = World(load(write(sop(ROWS)) + second, name="uji.toml"))
    world.receive(procedure="p")
    world.complete("1", at=hm("08.05"))
    world.do(COORDINATOR, c.Move("q", "r"), at=hm("08.10"))
    homes = {(home[1], row): tally.count for (home, row), tally in tally(fact(world)).steps.items()}
    assert homes == {("p", "1"): 1, ("p", "2"): 1, ("q", "1"): 1}


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([], 0.5, None), ([7], 0.9, 7), ([1, 2, 3, 4], 0.5, 2), (list(range(1, 11)), 0.9, 9), ([5, 1], 0.9, 5)],
)
def test_median_and_p90_are_values_that_were_measured(values: list[int], share: float, expected: int | None) -> None:
    assert quantile(values, share) == expected


def test_random_cases_are_counted_as_their_logs_say() -> None:
    """The same numbers, counted from the events one by one."""
    for seed in range(60):
        life = RandomLife(seed)
        life.run()
        if not life.log:
            continue
        found = facts(live(life.log), life.shelf, promised=None, at=life.now)
        opened = Counter[str]()
        breached = set()
        for entry in life.log:
            if isinstance(entry.event, e.StepOpened):
                opened[entry.event.visit] += 1
            elif isinstance(entry.event, e.Undone):
                for visit in entry.event.visits:
                    opened.pop(visit, None)
            elif isinstance(entry.event, e.Breached) and entry.event.clock.startswith("step:"):
                breached.add(entry.event.clock.removeprefix("step:"))
        whole = compliance([found])
        assert sum(one.count for one in whole.steps.values()) == len(opened), seed
        assert sum(one.late for one in whole.steps.values()) == len(breached & opened.keys()), seed
        for one in whole.steps.values():
            parts = one.on_time + one.late + one.untimed + one.outside + one.skipped + one.lapsed + one.open + one.taken
            assert parts >= one.count, "every visit is in one of the columns, a late one perhaps in two"
        assert timedelta(minutes=found.ours + found.theirs) <= max(life.now - life.log[0].happened_at, timedelta())
