"""What follows what: defaults, returns, joins. The dominators are held against the definition, on random graphs."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from generators import sops
from tanggap.sop.flow import Flow
from tanggap.sop.load import load
from tanggap.sop.model import Procedure, Sop, Start, Step


def flow_of(rows: str) -> Flow:
    return Flow(load(f"format = 1\n[sop]\nid = 'x'\n[[procedure]]\nid = 'p'\n{rows}", name="x").procedures[0])


def row(no: str, *keys: str) -> str:
    return "\n".join(["[[procedure.step]]", f'no = "{no}"', *keys]) + "\n"


PARALLEL = (
    row("1", 'next = ["2", "3"]')
    + row("2", 'next = "4"')
    + row("3", 'question = "?"', 'choices = [{ label = "Ya", next = "4" }, { label = "Tidak", next = "1" }]')
    + row(
        "4",
        'after = ["2", "3"]',
        'question = "?"',
        'choices = [{ label = "ulang", next = "2" }, { label = "ok", next = "end" }]',
    )
)


def test_a_join_waits_for_what_runs_between_it_and_its_fork() -> None:
    flow = flow_of(PARALLEL)
    assert flow.fork("4") == "1"
    assert flow.between("4") == {"2", "3"}


def test_only_an_exit_to_a_row_that_every_way_passed_is_a_return() -> None:
    flow = flow_of(PARALLEL)
    assert flow.is_return("3", "1")
    assert flow.is_return("4", "1")
    assert not flow.is_return("4", "2")


def test_a_side_path_that_cannot_lead_to_the_join_is_no_gate() -> None:
    rows = row("1", 'next = ["tanda", "2", "3"]') + row("tanda", 'next = "end"')
    flow = flow_of(rows + row("2", 'next = "4"') + row("3", 'next = "4"') + row("4", 'after = ["2", "3"]'))
    assert flow.between("4") == {"2", "3"}


def test_the_row_named_by_after_is_the_default_next() -> None:
    flow = flow_of(
        row("1", 'next = ["2", "3"]') + row("2") + row("3") + row("x", 'next = "end"') + row("4", 'after = ["2", "3"]')
    )
    assert (flow.default_next("2"), flow.default_next("3"), flow.default_next("4")) == (("4",), ("4",), ("end",))


def test_standing_rows_are_passed_by_and_a_terminator_ends_the_path() -> None:
    flow = flow_of(row("1", "standing = true") + row("2") + row("3", "standing = true") + row("4", "terminator = true"))
    assert flow.starts == ("1",)
    assert flow.landing("1") == ("2",)
    assert flow.landing("3") == ("end",)
    assert flow.reachable == {"2"}


def test_standing_rows_in_a_ring_end_nowhere_and_do_not_hang() -> None:
    flow = flow_of(row("1", "standing = true", 'next = "2"') + row("2", "standing = true", 'next = "1"'))
    assert flow.landing("1") == ()


def test_the_first_row_is_chosen_by_the_facts_at_receipt() -> None:
    rows = row("1") + row("piket", 'next = "1"')
    start = "start = [{ when = { hours = 'out' }, at = 'piket' }]"
    text = f"format=1\n[sop]\nid='x'\n[[procedure]]\nid='p'\n{start}\n{rows}"
    flow = Flow(load(text, name="x").procedures[0])
    assert (flow.start({"hours": "out"}), flow.start({"hours": "in"}), flow.start({})) == ("piket", "1", "1")
    assert flow.starts == ("piket", "1")


def random_graph(rng: random.Random) -> Procedure:
    ids = [str(number) for number in range(1, rng.randint(1, 9) + 1)]
    steps = [
        Step(id=name, no=name, next=tuple(dict.fromkeys(rng.choices([*ids, "end"], k=rng.randint(1, 3)))))
        for name in ids
    ]
    starts = tuple(Start(at=name) for name in rng.sample(ids, k=rng.randint(1, min(2, len(ids)))))
    return Procedure(id="p", steps=tuple(steps), start=starts)


def reached(flow: Flow, without: str = "") -> set[str]:
    """The definition: rows some way leads to that does not touch ``without``."""
    found: set[str] = set()
    waiting = [row for row in flow.starts if row != without]
    while waiting:
        here = waiting.pop()
        found.add(here)
        waiting += [there for there in flow.edges[here] if there not in found and there != without]
    return found


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32))
def test_a_target_is_a_return_exactly_when_no_way_avoids_it(number: int) -> None:
    flow = Flow(random_graph(random.Random(number)))
    assert flow.reachable == reached(flow)
    for target in flow.reachable:
        avoiding = reached(flow, without=target)
        for here in flow.reachable:
            assert flow.is_return(here, target) == (here not in avoiding)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32))
def test_the_fork_is_the_nearest_row_that_every_way_passes(number: int) -> None:
    flow = Flow(random_graph(random.Random(number)))
    for join in flow.reachable:
        above = {here for here in flow.reachable if here != join and join not in reached(flow, without=here)}
        fork = flow.fork(join)
        assert (fork is None) == (not above)
        if fork is not None:
            assert fork in above
            assert all(flow.is_return(fork, other) for other in above)


@settings(max_examples=100, deadline=None)
@given(sops())
def test_in_a_block_a_join_waits_only_inside_its_own_fork(sop: Sop) -> None:
    flow = Flow(sop.procedures[0])
    for step in sop.procedures[0].steps:
        if step.after:
            fork = flow.fork(step.id)
            assert set(step.after) - {fork} <= flow.between(step.id)
            assert fork is not None
            assert all(flow.is_return(row, fork) for row in flow.between(step.id))
