"""Clocks that leap, differ and come back: nothing falls due early, nothing stays undone, and a person is told.

No clock of this machine is touched: the worker is given others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from django.db import connection

import worlds
from tanggap.actions import deadlines
from tanggap.cli.commands.doctor import _clocks
from tanggap.records import queries, store
from tanggap.records.clock import database_now
from tanggap.records.models import Case, WorkerBeat
from tanggap.records.verification import verify
from tanggap.worker import loop, rounds
from tanggap.worker.clock import NOTICED, SETTLED, Clock, Leap, judge, own
from tanggap.worker.starting import Start

LEAPS = {"a day ahead": timedelta(days=1), "two hours back": timedelta(hours=-2), "ten years back": timedelta(-3652)}


@dataclass
class Machine:
    """True time, and a clock on the wall that is ``wrong`` by so much."""

    begun: datetime
    passed: timedelta = timedelta(0)
    wrong: timedelta = timedelta(0)
    clock: Clock = field(init=False)

    def __post_init__(self) -> None:
        self.clock = Clock(judge=self.wall, own=self.wall, steady=self.passed_seconds)

    def wall(self) -> datetime:
        return self.begun + self.passed + self.wrong

    def passed_seconds(self) -> float:
        return self.passed.total_seconds()

    def look(self, **later: float) -> datetime:
        """Time passes; the worker looks round."""
        self.passed += timedelta(**later)
        at = self.clock.look()
        loop.look_round(at, self.clock)
        return at


@pytest.fixture
def world(db: None) -> worlds.World:
    return worlds.build()


def kinds(case: object) -> list[str]:
    return [entry.event.kind for entry in store.load(case).entries]  # type: ignore[arg-type]


@pytest.mark.parametrize("leap", LEAPS)
def test_a_clock_that_leaps_and_comes_back_brings_nothing_early_and_leaves_nothing_undone(
    world: worlds.World, leap: str
) -> None:
    """F16: 15 menit from 08.00. The leap lasts from 08.05 to 08.12; at 08.16 it is late, and not before."""
    case, machine = world.receive().case, Machine(world.at)
    machine.look()
    machine.wrong = LEAPS[leap]
    assert machine.look(minutes=5) == world.at + timedelta(minutes=5)
    machine.look(minutes=5)
    machine.wrong = timedelta(0)
    machine.look(minutes=2)
    assert "Breached" not in kinds(case)
    machine.look(minutes=4)
    (entry,) = (one for one in store.load(case).entries if one.event.kind == "Breached")
    assert entry.recorded_at == world.at + timedelta(minutes=16)
    assert not list(verify(at=entry.recorded_at))
    (told,) = queries.clock_troubles()
    assert (told.by, told.at) == (LEAPS[leap], world.at + timedelta(minutes=5))


def test_a_machine_that_was_set_right_is_believed_after_ten_minutes(world: worlds.World) -> None:
    case, machine = world.receive().case, Machine(world.at)
    machine.look()
    machine.wrong = timedelta(days=1)
    machine.look(minutes=1)
    assert "Breached" not in kinds(case)
    for _ in range(9):
        machine.look(minutes=1)
    assert "Breached" not in kinds(case)
    assert machine.look(minutes=1) == machine.wall()
    assert "Breached" in kinds(case)
    assert machine.clock.now() == machine.wall()
    assert machine.clock.leap == Leap(timedelta(days=1), world.at + timedelta(minutes=1)), "still told of"


def test_a_clock_that_leaps_again_and_again_is_never_believed(world: worlds.World) -> None:
    machine = Machine(world.at)
    machine.look()
    for n in range(1, 30):
        machine.wrong = timedelta(days=n % 3 + 1)
        machine.look(minutes=4)
    assert machine.clock.now() == world.at + machine.passed


def test_small_corrections_are_followed_at_once(world: worlds.World) -> None:
    machine = Machine(world.at)
    machine.look()
    machine.wrong = NOTICED
    assert machine.look(seconds=5) == machine.wall()
    assert machine.clock.leap is None
    assert SETTLED > NOTICED


def test_of_two_nodes_five_minutes_apart_neither_is_early_and_both_are_told_of(world: worlds.World) -> None:
    """F16: the database's clock is the judge of both."""
    case, machine = world.receive().case, Machine(world.at)
    nodes = {
        name: Clock(judge=machine.wall, own=lambda by=by: machine.wall() + by, steady=machine.passed_seconds)
        for name, by in (("ahead", timedelta(minutes=5)), ("behind", timedelta(minutes=-5)))
    }
    for minute in range(1, 17):
        machine.passed = timedelta(minutes=minute)
        for name, clock in nodes.items():
            at = clock.look()
            done = deadlines.expire_due(at=at).done
            deadlines.beat(name, at=at, done=done, apart=clock.apart)
        assert ("Breached" in kinds(case)) is (minute >= 15), minute
    assert kinds(case).count("Breached") == 1
    assert {(one.worker, one.by) for one in queries.clock_troubles()} == {
        ("ahead", timedelta(minutes=5)), ("behind", timedelta(minutes=-5)),
    }  # fmt: skip


def test_acts_while_the_clock_of_a_web_server_is_wrong_leave_no_negative_time(world: worlds.World) -> None:
    """F16, I9: two hours back, most of a year back, then right again."""
    case = world.receive().case
    steps = (("2#1", "operator-mipa-care", {"choice": "ya"}), ("3#1", "wakil-dekan-umum",
             {"binds": {"dikomplain": ("kasubbag-akademik",)}}), ("4#1", "kasubbag-akademik", {}))  # fmt: skip
    begun = world.at
    for (visit, post, more), wrong in zip(steps, (-120, -300 * 24 * 60, 5), strict=True):
        world.at = begun + timedelta(minutes=wrong)
        world.complete(case, visit, post, **more)
    log = store.load(case)
    moments = [entry.recorded_at for entry in log.entries]
    assert moments == sorted(moments)
    assert all(visit.ended_at is None or visit.ended_at >= visit.opened_at for visit in log.state.visits.values())
    world.at = begun + timedelta(minutes=6)
    page = queries.deadlines_of(case, at=world.at)
    assert all(one.used is None or one.used >= timedelta(0) for one in page.clocks)
    assert all(share.used >= timedelta(0) for one in page.clocks for share in one.shares)
    assert not list(verify(at=world.at))


def test_the_judge_is_the_database_where_it_has_a_clock(world: worlds.World) -> None:
    told = database_now()
    assert (told is None) is (connection.vendor == "sqlite")
    assert abs(judge() - own()) < NOTICED
    assert judge().tzinfo is not None
    assert Case.objects.count() == 0


def test_a_sign_of_life_keeps_the_last_leap_and_the_newest_difference(db: None) -> None:
    at = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
    deadlines.beat("w", at=at, done=2, leapt=(timedelta(hours=1), at))
    deadlines.beat("w", at=at + timedelta(seconds=5), done=3, apart=timedelta(minutes=2))
    beat = WorkerBeat.objects.get()
    assert (beat.done, beat.apart, beat.leapt_by, beat.leapt_at) == (5, 120, 3600, at)
    deadlines.beat("other", at=at + timedelta(days=2), done=0)
    assert queries.clock_troubles() == [], "of the dead, and of long ago, nothing is told"


# at the start ---------------------------------------------------------------------------------------------------------

STARTS = {
    "in the morning after a night": (timedelta(hours=15), "at once"),
    "a moment behind the other clock": (-NOTICED, "at once"),
    "after a long holiday": (timedelta(days=39), "settled"),
    "after half a year": (timedelta(days=180), "held"),
    "three years ahead": (timedelta(days=3 * 365), "held"),
    "in 1970": (timedelta(days=-57 * 365), "held"),
    "twenty minutes before the last sign of life": (timedelta(minutes=-20), "held"),
}


@pytest.mark.parametrize("when", STARTS)
def test_a_worker_that_starts_holds_its_clock_against_the_last_sign_of_life(world: worlds.World, when: str) -> None:
    """F16, F21: nothing falls due early by a machine that booted with a wrong clock, and a person is told of it."""
    wrong, expected = STARTS[when]
    deadlines.beat("kemarin", at=world.at, done=0)
    machine = Machine(world.at, wrong=wrong)
    start = Start(judge=machine.wall, steady=machine.passed_seconds)
    assert start.look() is (expected == "at once")
    machine.passed = SETTLED + timedelta(seconds=1)
    assert start.look() is (expected != "held") is start.believed
    assert [(one.held, one.by) for one in queries.clock_troubles()] == (
        [(True, wrong + machine.passed)] if expected == "held" else []
    )
    assert queries.last_sign_of_life() == world.at, "who waits leaves no sign of life"
    if expected != "held":
        return
    assert "tanggap clock --confirm" in next(one.says for one in _clocks())
    deadlines.confirm_clock(at=machine.wall())
    assert start.look()
    assert queries.clock_troubles() == []
    assert queries.seen_last() in (world.at, None), "the word of a person is no worker"


def test_a_clock_that_is_put_right_meanwhile_is_believed_and_a_leap_begins_the_ten_minutes_anew(
    world: worlds.World,
) -> None:
    deadlines.beat("kemarin", at=world.at, done=0)
    machine = Machine(world.at, wrong=timedelta(days=3 * 365))
    start = Start(judge=machine.wall, steady=machine.passed_seconds)
    assert not start.look()
    machine.wrong = timedelta(days=3)
    assert not start.look()
    machine.passed, machine.wrong = timedelta(minutes=9), timedelta(days=2)
    assert not start.look()
    machine.passed = timedelta(minutes=18)
    assert not start.look()
    machine.wrong = timedelta(0)
    assert start.look()
    assert queries.clock_troubles() == []


def test_a_worker_that_is_held_does_nothing_until_it_is_stopped_or_its_clock_is_believed(
    world: worlds.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, machine, stop, looks = world.receive().case, Machine(world.at, wrong=timedelta(days=3 * 365)), Event(), []
    deadlines.beat("kemarin", at=world.at, done=0)
    start = Start(judge=machine.wall, steady=machine.passed_seconds)

    def look() -> bool:
        looks.append(Start.look(start))
        if len(looks) == 3:
            stop.set()
        return looks[-1]

    monkeypatch.setattr(start, "look", look)
    monkeypatch.setattr(loop, "Start", lambda: start)
    monkeypatch.setattr(rounds, "close_old_connections", lambda: None)
    loop.run(stop, seconds=0.0)
    assert looks == [False] * 3
    assert "Breached" not in kinds(case)
