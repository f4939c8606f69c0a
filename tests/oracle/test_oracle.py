"""SpiffWorkflow, a BPMN engine written by others, runs the same procedures by the same choices and takes the same path.

Each engine is asked after every act which rows are open now; the same hand then picks one of them and one exit. Two
paths are equal when every one of these answers is: the rows done, their order, and what was open beside them, which
for parallel arms is the partial order. TANGGAP_RANDOM says how many random SOPs of each sort are tried (default 300).
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnValidator

import offices
from generators import random_sop
from oracle.bpmn_export import PROCESS, NotSayable, Table, export
from oracle.escapes import with_escapes
from oracle.runners import MOST_OF_ONE_EXIT, Ours, Path, Script, Spiff, run
from tanggap.casework import tokens
from tanggap.sop.flow import Flow
from tanggap.sop.model import Exit, Procedure, Sop, Step
from tanggap.sop.seeds import names, seed
from tanggap.sop.write import write

HOW_MANY = int(os.environ.get("TANGGAP_RANDOM", "300"))
FIRST_SEED = 20_260_302
A_HUNDRED = range(FIRST_SEED, FIRST_SEED + 100)
BATCHES = [
    pytest.param(range(begin, min(begin + 50, FIRST_SEED + HOW_MANY)), id=f"from seed {begin}")
    for begin in range(FIRST_SEED, FIRST_SEED + HOW_MANY, 50)
]
SEED_PROCEDURES = [(name, procedure.id) for name in names() for procedure in seed(name).procedures]


def block_structured(number: int) -> Sop:
    """Sequence, exclusive choice, loops and parallel arms, up to about fourteen rows."""
    rng = random.Random(number)
    return random_sop(rng, size=rng.randint(1, 14), bpmn_safe=True)


def escaping(number: int) -> Sop:
    """The same, and out of the arms exits that return to before they were opened."""
    rng = random.Random(number)
    return with_escapes(rng, size=rng.randint(5, 14))


def here(sop: Sop, hand: int) -> Path:
    """The path of a case of ``sop`` in Tanggap; the numbers ``hand`` leads to pick rows and exits."""
    (procedure,) = sop.procedures
    return run(Ours(sop, procedure, offices.EXAMPLE), Table(procedure), random.Random(hand).randrange)


def there(sop: Sop, hand: int) -> Path:
    """The path of the same procedure in SpiffWorkflow, by the same hand."""
    (procedure,) = sop.procedures
    return run(Spiff(procedure), Table(procedure), random.Random(hand).randrange)


def told(number: int, hand: int, sop: Sop, ours: Path, theirs: Path) -> str:
    """A mismatch, with everything needed to see it again."""
    return f"seed {number}, hand {hand}\n{write(sop)}\nTanggap:       {ours}\nSpiffWorkflow: {theirs}\n"


def mismatches(make: Callable[[int], Sop], seeds: range, *, hands: int = 1) -> Iterator[str]:
    """What differs, told one by one; each SOP is run by ``hands`` different hands."""
    for number in seeds:
        sop = make(number)
        for hand in range(number, number + hands):
            try:
                ours, theirs = here(sop, hand), there(sop, hand)
            except Exception as failure:
                failure.add_note(f"seed {number}, hand {hand}\n{write(sop)}")
                raise
            if ours != theirs:
                yield told(number, hand, sop, ours, theirs)


@pytest.mark.parametrize("seeds", BATCHES)
def test_random_procedures_take_the_path_that_bpmn_takes(seeds: range) -> None:
    found = list(mismatches(block_structured, seeds, hands=2))
    assert not found, f"{len(found)} mismatches; the first: {found[0]}"


@pytest.mark.parametrize("seeds", BATCHES)
def test_a_return_out_of_parallel_arms_takes_back_what_a_bpmn_boundary_event_ends(seeds: range) -> None:
    found = list(mismatches(escaping, seeds))
    assert not found, f"{len(found)} mismatches; the first: {found[0]}"


@pytest.mark.parametrize(("name", "procedure_id"), SEED_PROCEDURES)
def test_each_seed_procedure_takes_the_path_that_bpmn_takes_by_every_plan(name: str, procedure_id: str) -> None:
    """Every combination of choices in which no exit is taken more than twice, so each loop turns not, once, twice."""
    sop = seed(name)
    procedure = sop.procedure(procedure_id)
    table, ours, spiff = Table(procedure), Ours(sop, procedure, offices.EXAMPLE), Spiff(procedure)
    plan: Script | None = Script()
    taken: set[tuple[str, str]] = set()
    while plan is not None:
        path = run(ours.begin(), table, plan)
        theirs = run(spiff.begin(), table, Script(plan.picks))
        assert path == theirs, told(0, 0, sop, path, theirs)
        assert path.over, str(path)
        taken.update((act.row, act.exit) for act in path.acts)
        plan = plan.next()
    assert taken == {
        (row, exit.id if step.question else "")
        for row, step in table.steps.items()
        if table.stand(row) == row
        for exit in table.exits(row)
    }


def test_what_is_compared_is_worth_comparing() -> None:
    """Among a hundred random SOPs many have rows open side by side, loops that turn, and returns that take back."""
    paths = [here(block_structured(number), number) for number in A_HUNDRED]
    assert sum(any(len(act.open) > 1 for act in path.acts) for path in paths) >= 20
    assert sum(len({act.row for act in path.acts}) < len(path.acts) for path in paths) >= 20
    assert sum(takes_back(here(escaping(number), number)) for number in A_HUNDRED) >= 20


def takes_back(path: Path) -> bool:
    """True when some row that was open and not acted on is no longer open after an act."""
    return any(set(one.open) - {one.row} - set(two.open) for one, two in pairwise(path.acts))


def test_an_engine_whose_joins_do_not_wait_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Flow, "between", lambda self, join: frozenset())
    assert len(list(mismatches(block_structured, A_HUNDRED[:40]))) >= 5


def test_an_engine_whose_returns_take_nothing_back_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "take_back_below", lambda draft, row, *, cause: None)
    assert len(list(mismatches(escaping, A_HUNDRED[:40]))) >= 5


def test_an_engine_that_opens_only_one_arm_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    go = tokens.go
    monkeypatch.setattr(tokens, "go", lambda draft, visit, targets: go(draft, visit, tuple(targets)[:1]))
    assert len(list(mismatches(block_structured, A_HUNDRED[:40]))) >= 5


def test_what_is_exported_is_bpmn_by_its_schema() -> None:
    validator = BpmnValidator()
    procedures = [seed(name).procedure(procedure) for name, procedure in SEED_PROCEDURES]
    procedures += [escaping(number).procedures[0] for number in A_HUNDRED[:40]]
    for procedure in procedures:
        xml, rows = export(procedure)
        document = etree.fromstring(xml)
        validator.validate(document)
        ids = document.xpath("//@id")
        assert len(ids) == len(set(ids))
        assert set(rows.values()) == {step.id for step in procedure.steps}
        assert document.xpath(f"count(//*[@id='{PROCESS}'])") == 1


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param((Step("1", next=("2", "3")), Step("2", next=("end",)), Step("3")), id="arms that never meet"),
        pytest.param((Step("1"), Step("2", after=("1",))), id="a join without arms"),
        pytest.param(
            (
                Step("1", next=("2", "3")),
                Step("2", question="?", choices=(Exit("Ya"), Exit("Ke 3", next=("3",)))),
                Step("3"),
                Step("4", after=("2", "3")),
            ),
            id="from one arm into another",
        ),
        pytest.param(
            (
                Step("1", next=("2", "3")),
                Step("2"),
                Step("3"),
                Step("4", after=("2", "3"), question="?", choices=(Exit("Ya"), Exit("Ulang", next=("2",)))),
            ),
            id="from outside into one arm",
        ),
    ],
)
def test_what_bpmn_does_not_say_the_same_way_is_not_exported(steps: tuple[Step, ...]) -> None:
    with pytest.raises(NotSayable):
        export(Procedure("p", steps=steps))


def test_a_script_plays_every_combination_once() -> None:
    played = []
    script: Script | None = Script()
    while script is not None:
        first = script(2)
        played.append((first, script(3) if first else 0))
        script = script.next()
    assert played == [(0, 0), (1, 0), (1, 1), (1, 2)]
    assert MOST_OF_ONE_EXIT == 2
