"""The invariants of the engine (one test each), held by random cases: TANGGAP_RANDOM says how many, by default 200."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from generators import random_sop
from random_cases import CALENDAR, Broken, Life, wild_sop
from stories import DESK, MONDAY, WORKER, World
from tanggap.casework import events as e
from tanggap.casework.commands import Expire
from tanggap.casework.refusals import CODES
from tanggap.casework.state import Status, VisitState
from tanggap.sop.flow import Flow
from tanggap.sop.load import load
from tanggap.sop.model import Sop
from tanggap.sop.write import write

CASES = max(150, int(os.environ.get("TANGGAP_RANDOM", "200")))


@dataclass
class Watched:
    """What many random cases broke, wrote and were refused."""

    broken: dict[int, list[str]] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)


@pytest.fixture(scope="module")
def watched() -> Watched:
    """Every random case lived through once; what broke is told with the seed that shows it."""
    found = Watched()
    for seed in range(CASES):
        life = Life(seed)
        what = life.run()
        if what is not None:
            found.broken.setdefault(what.number, []).append(f"seed {seed}: {what}")
        found.kinds.update(entry.event.kind for entry in life.log)
        found.refusals += life.refusals
    return found


@pytest.fixture
def broken(watched: Watched) -> dict[int, list[str]]:
    """What was broken, by number of the invariant."""
    return watched.broken


def test_1_the_log_folds_to_the_case_and_deciding_changes_nothing_and_says_the_same_twice(
    broken: dict[int, list[str]],
) -> None:
    assert broken.get(1, []) == []


def test_2_one_open_visit_for_a_row_and_no_visit_id_twice_and_no_end_before_its_beginning(
    broken: dict[int, list[str]],
) -> None:
    assert broken.get(2, []) == []


def test_3_an_open_case_has_an_open_visit_and_a_closed_one_nothing_that_goes_on(broken: dict[int, list[str]]) -> None:
    assert broken.get(3, []) == []


def test_4_every_open_visit_of_every_sop_valid_or_not_can_be_completed_by_somebody(
    broken: dict[int, list[str]],
) -> None:
    assert broken.get(4, []) == []


def test_5_a_pending_join_waits_for_something_and_every_arrival_is_used_once(broken: dict[int, list[str]]) -> None:
    assert broken.get(5, []) == []


def test_7_a_timeout_fires_once_and_a_breach_is_written_once_and_time_asked_early_or_twice_brings_nothing(
    broken: dict[int, list[str]],
) -> None:
    assert broken.get(7, []) == []


def test_8_a_key_counts_once_and_a_stale_page_is_refused_and_a_refusal_changes_nothing(
    broken: dict[int, list[str]],
) -> None:
    assert broken.get(8, []) == []


def test_9_every_running_wait_belongs_to_one_open_visit_of_its_own(broken: dict[int, list[str]]) -> None:
    assert broken.get(9, []) == []


def test_10_nobody_complained_of_stands_among_the_performers(broken: dict[int, list[str]]) -> None:
    assert broken.get(10, []) == []


def test_12_a_new_version_keeps_ids_and_moments_and_leaves_every_visit_to_somebody(
    broken: dict[int, list[str]],
) -> None:
    assert broken.get(12, []) == []


def test_13_what_is_due_is_read_from_the_log_alone_and_every_event_has_its_declared_fields(
    broken: dict[int, list[str]],
) -> None:
    assert broken.get(13, []) == []


def test_14_every_rung_is_written_once_in_its_order_and_never_before_its_moment(broken: dict[int, list[str]]) -> None:
    assert broken.get(14, []) == []


def test_the_random_cases_reach_every_kind_of_event_and_most_refusals(watched: Watched) -> None:
    """So that the tests above look at something: no verb of the engine is left out of them."""
    assert set(watched.kinds) == set(e.KINDS)
    assert len(watched.refusals) > 40
    assert set(watched.refusals) <= CODES


def test_a_broken_sop_loads_all_the_same_so_the_engine_must_live_with_it() -> None:
    for seed in range(25):
        document = wild_sop(random.Random(seed), size=8)
        assert load(write(document), name="liar.toml").procedures[0].steps


# rounds --------------------------------------------------------------------------------------------------------------


def joins(sop: Sop) -> Iterator[tuple[str, str]]:
    """Every join of the first procedure with the row that opens its arms."""
    flow = Flow(sop.procedures[0])
    for row, step in flow.steps.items():
        if step.after:
            fork = flow.fork(row)
            assert fork is not None
            yield row, fork


def live_willingly(world: World, rng: random.Random, *, again: float = 0.4, acts: int = 600) -> None:
    """Willing people act on any open visit in any order, and choose anything, until the case closes."""
    world.receive(attributes={"tingkat": rng.choice(["tinggi", "rendah"])})
    meant: dict[str, str] = {}  # all who act together in a visit mean the same
    for _ in range(acts):
        if world.case.status is Status.CLOSED:
            return
        visit = rng.choice(world.case.open_visits())
        step = world.shelf.flow(world.case.sop, world.case.procedure).steps[visit.row]
        labels = [exit.label for exit in step.choices] or [""]
        choice = meant.setdefault(visit.id, rng.choice(labels) if rng.random() < again else labels[0])
        binds = {"bidang": ("kasubbag",), "tim": ("anggota-1", "anggota-2", "anggota-3"), "terlapor": ("umum",)}
        world.complete(
            visit.row, choice, reason="r", answer="a",
            binds={role: binds[role] for role in step.binds}, sets=dict.fromkeys(step.sets, "tinggi"),
        )  # fmt: skip
    raise AssertionError(f"still open after {acts} acts: {world.open}")


def test_6_a_join_opens_once_for_every_round_of_its_fork_and_after_all_its_arms() -> None:
    tried = 0
    for seed in range(60):
        rng = random.Random(seed)
        document = replace(random_sop(rng, size=14, bpmn_safe=True), hash=f"seed-{seed}")
        found = list(joins(document))
        if not found:
            continue
        world = World(document, calendar=CALENDAR)
        live_willingly(world, rng)
        flow = world.shelf.flow(document.hash, "p")
        for join, fork in found:
            tried += 1
            assert world.case.count.get(join, 0) == world.case.count.get(fork, 0), f"seed {seed}: {join}"
            for visit in world.case.visits.values():
                if visit.row == join:
                    arms = {world.case.visits[parent].row for parent in visit.parents}
                    assert len(visit.parents) == len(flow.exits(fork)[0].next or ()), f"seed {seed}: {visit}"
                    assert arms <= set(flow.steps[join].after)
    assert tried > 40


def test_11_when_every_way_back_is_bounded_willing_people_finish_the_case() -> None:
    for seed in range(120):
        rng = random.Random(seed)
        document = replace(random_sop(rng, size=rng.randint(1, 14)), hash=f"seed-{seed}")
        world = World(document, calendar=CALENDAR)
        live_willingly(world, rng, again=1.0)
        assert not world.states(VisitState.OPEN)


def test_time_alone_ends_a_case_of_timeouts_or_leaves_it_at_rest() -> None:
    """However late the worker asks, one asking is enough: nothing is left that time would still bring."""
    for seed in range(60):
        world = World(wild_sop(random.Random(seed), size=8), calendar=CALENDAR, start=MONDAY)
        world.receive()
        world.later(days=400)
        world.do(WORKER, Expire())
        assert world.do(WORKER, Expire()) == [], f"seed {seed}"
    assert world.refused(DESK, Expire()) in {"not_allowed", "case_closed"}


def test_the_watcher_sees_what_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that forgets to close is caught: the invariants are really looked at."""
    from tanggap.casework import tokens

    monkeypatch.setattr(tokens, "close", lambda *_: None)
    found = {what.number for seed in range(60) if (what := Life(seed).run()) is not None}
    assert 3 in found
    assert issubclass(Broken, AssertionError)
