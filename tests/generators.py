"""Random SOPs, valid by construction, for property tests of the file format, the checker, the engine and the drawing.

``random_sop`` plans a block-structured procedure (sequence, exclusive choice, bounded loop, parallel arms with a join),
then prints its rows. ``sops`` is the same as a hypothesis strategy.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from tanggap.sop.flow import Flow
from tanggap.sop.model import (
    END,
    Attribute,
    Condition,
    Exit,
    Extension,
    Identity,
    Joint,
    Party,
    Procedure,
    Role,
    Sop,
    Step,
    Team,
    Timeout,
    Wait,
)
from tanggap.sop.write import digest
from tanggap.worktime.duration import parse

STAFF = ("operator", "pimpinan", "bagian", "kabag")
LEVELS = ("tinggi", "sedang", "rendah")
TIMES = (
    "-",
    "",
    "Disesuaikan",
    "15 menit",
    "2 jam",
    "1 hari",
    "3 hari kerja",
    "5 hari kalender",
    "1x24 jam",
    "2 minggu",
)


@dataclass(frozen=True)
class Task:
    """One row that is simply done."""

    id: str

    @property
    def first(self) -> str:
        return self.id


@dataclass(frozen=True)
class Choice:
    """A decision; each arm is a block (empty: straight on), and may end the path."""

    id: str
    arms: tuple[Block, ...]
    ends: tuple[bool, ...]

    @property
    def first(self) -> str:
        return self.id


@dataclass(frozen=True)
class Loop:
    """A body that a check row may send back to its first row."""

    body: Block
    check: str

    @property
    def first(self) -> str:
        return self.body[0].first


@dataclass(frozen=True)
class Parallel:
    """A row that opens several arms, and the row that waits for them."""

    fork: str
    arms: tuple[Block, ...]
    join: str

    @property
    def first(self) -> str:
        return self.fork


Item = Task | Choice | Loop | Parallel
Block = Sequence[Item]


class _Plan:
    """Draws a block of about ``size`` rows; rows are numbered in printed order."""

    def __init__(self, rng: random.Random, *, size: int, bpmn_safe: bool) -> None:
        self.rng, self.left, self.bpmn_safe = rng, size, bpmn_safe
        self.number = 0

    def row(self) -> str:
        self.number += 1
        self.left -= 1
        return str(self.number)

    def block(self, depth: int, *, parallel: bool = False, share: int | None = None) -> Block:
        """At least one item."""
        items: list[Item] = []
        target = self.rng.randint(1, max(1, min(self.left, share or self.left)))
        begun = self.number
        while not items or (self.number - begun < target and self.left > 0):
            items.append(self.item(depth, parallel))
        return tuple(items)

    def item(self, depth: int, parallel: bool) -> Item:
        kinds = ["task", "task"] if depth >= 3 or self.left < 3 else ["task", "task", "choice", "loop", "parallel"]
        kind = self.rng.choice(kinds)
        if kind == "choice":
            return self.choice(depth, parallel)
        if kind == "loop":
            body = self.block(depth + 1, parallel=parallel, share=max(1, self.left // 2))
            return Loop(body, self.row())
        if kind == "parallel":
            fork = self.row()
            arms = tuple(
                self.block(depth + 1, parallel=True, share=max(1, self.left // 3))
                for _ in range(self.rng.randint(2, 3))
            )
            return Parallel(fork, arms, self.row())
        return Task(self.row())

    def choice(self, depth: int, parallel: bool) -> Choice:
        row = self.row()
        arms: list[Block] = []
        ends = []
        for number in range(self.rng.randint(2, 3)):
            empty = number > 0 and self.rng.random() < 0.3
            arms.append(() if empty else self.block(depth + 1, parallel=parallel, share=max(1, self.left // 3)))
            may_end = number > 0 and not (self.bpmn_safe and parallel)
            ends.append(may_end and self.rng.random() < 0.25)
        return Choice(row, tuple(arms), tuple(ends))


class _Print:
    """Turns a plan into rows in printed order."""

    def __init__(self, rng: random.Random, *, bpmn_safe: bool) -> None:
        self.rng, self.bpmn_safe = rng, bpmn_safe
        self.rows: list[Step] = []

    def block(self, block: Block, then: str) -> None:
        for number, item in enumerate(block, start=1):
            self.item(item, block[number].first if number < len(block) else then)

    def item(self, item: Item, then: str) -> None:
        match item:
            case Task(id=row):
                self.rows.append(replace(self.step(row), next=(then,)))
            case Choice():
                self.choice(item, then)
            case Loop(body=body, check=check):
                self.block(body, check)
                again = Exit(label="Tidak", next=(item.first,), reason=self.rng.random() < 0.5)
                if not self.bpmn_safe:
                    again = replace(again, at_most=self.rng.randint(1, 3), then=then)
                choices = (Exit(label="Ya", next=(then,)), again)
                self.rows.append(replace(self.step(check), question="Sudah sesuai?", choices=choices))
            case Parallel(fork=fork, arms=arms, join=join):
                self.rows.append(self.fork(fork, tuple(arm[0].first for arm in arms), join))
                for arm in arms:
                    self.block(arm, join)
                sources = tuple(row.id for row in self.rows if _leads_to(row, join))
                self.rows.append(replace(self.step(join), after=sources, next=(then,)))

    def fork(self, row: str, arms: tuple[str, ...], join: str) -> Step:
        """A row that opens every arm; sometimes by one of its choices only, and all of them may be left out."""
        if self.bpmn_safe or self.rng.random() < 0.7:
            return replace(self.step(row), next=arms)
        choices = (Exit(label="Sejajar", next=arms), Exit(label="Langsung", next=(join,)))
        return replace(self.step(row), question="Perlu pendapat bidang?", choices=choices)

    def choice(self, item: Choice, then: str) -> None:
        choices = []
        for number, (arm, ends) in enumerate(zip(item.arms, item.ends, strict=True), start=1):
            onward = END if ends else then
            choices.append(Exit(label=f"Pilihan {number}", next=(arm[0].first if arm else onward,)))
        if not self.bpmn_safe and self.rng.random() < 0.2:  # the record decides
            conditions: list[Condition] = [{"tingkat": (level,)} for level in LEVELS[: len(choices) - 1]] + [{}]
            by_record = [replace(exit, label="", when=when) for exit, when in zip(choices, conditions, strict=True)]
            self.rows.append(replace(self.step(item.id), choices=tuple(by_record)))
        else:
            self.rows.append(replace(self.step(item.id), question="Pilih yang mana?", choices=tuple(choices)))
        for arm, ends in zip(item.arms, item.ends, strict=True):
            self.block(arm, END if ends else then)

    def step(self, row: str) -> Step:
        return Step(
            id=row,
            no=row,
            what=f"Melakukan pekerjaan {row}",
            who=(self.rng.choice(STAFF),),
            time=parse(self.rng.choice(TIMES)),
            output=f"Hasil {row}",
        )


def _leads_to(step: Step, row: str) -> bool:
    exits = [exit.next or () for exit in step.choices] + [(exit.then,) for exit in step.choices]
    return row in (step.next or ()) or any(row in targets for targets in exits)


def random_sop(rng: random.Random, *, size: int = 10, bpmn_safe: bool = False, wild: bool = False) -> Sop:
    """A valid SOP with one procedure ``p`` of about ``size`` rows.

    ``bpmn_safe``: only sequence, exclusive choice, (unbounded) loops and parallel arms with a join, block-structured.
    Otherwise loops are bounded by ``at_most`` and rows carry more of the format (see ``_season``).
    ``wild``: decisions also jump back to rows anywhere above, out of arms and into them (bounded as well).
    """
    plan = _Plan(rng, size=max(1, size), bpmn_safe=bpmn_safe)
    block = plan.block(0)
    while plan.left > 0:
        block = (*block, *plan.block(0))
    printed = _Print(rng, bpmn_safe=bpmn_safe)
    printed.block(block, END)
    steps = tuple(printed.rows)
    if wild:
        steps = tuple(_jumping(rng, steps, number) for number in range(len(steps)))
    if not bpmn_safe:
        steps = _season(rng, steps)
    sop = Sop(
        identity=Identity(id="acak", title="SOP acak", number="SOP/1", channels=("web",)),
        roles=(
            Role(id="pelapor", label="Pelapor", party=Party.COMPLAINANT),
            Role(id="luar", label="Pihak luar", party=Party.OUTSIDE),
            Role(id="terlapor", label="Terlapor", party=Party.RESPONDENT),
            Role(id="bidang", label="Bidang terkait", per_case=True),
            Role(id="tim", label="Tim pemeriksa", per_case=True, team=Team(min=3, odd=True)),
            *(Role(id=role, label=role.title()) for role in STAFF),
        ),
        attributes=(Attribute(id="tingkat", label="Tingkat", values=LEVELS),),
        waits=(Wait(id="rapat", label="Menunggu rapat", waits_for="cycle"),),
        procedures=(Procedure(id="p", label="Prosedur", steps=_terse(rng, steps), reopen=parse("10 hari kerja")),),
    )
    return replace(sop, hash=digest(sop))


def _terse(rng: random.Random, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Leaves some ``next`` to the default, as files do, wherever the default says the same."""
    for number, step in enumerate(steps):
        if step.next is None or rng.random() < 0.4:
            continue
        shorter = (*steps[:number], replace(step, next=None), *steps[number + 1 :])
        if Flow(Procedure(id="p", steps=shorter)).default_next(step.id) == step.next:
            steps = shorter
    return steps


def _jumping(rng: random.Random, steps: tuple[Step, ...], number: int) -> Step:
    """A decision may get one more answer, which leads to some row above that is no join."""
    step = steps[number]
    above = [other.id for other in steps[:number] if not other.after]
    if not step.is_decision or not above or rng.random() < 0.5:
        return step
    onward = (step.choices[0].next or (END,))[0]
    jump = Exit(label="Ulangi", next=(rng.choice(above),), reason=True, at_most=rng.randint(1, 2), then=onward)
    return replace(step, choices=(*step.choices, jump))


def _season(rng: random.Random, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Adds what else a row may carry, now and then: outsiders, joint acts, teams, conditions, skips, timeouts, clocks;
    a periodic duty at the head, a reminder beside the path, a printed "selesai" at the foot.
    """
    first = replace(steps[0], sets=("tingkat",), binds=("bidang", "tim", "terlapor"))
    rows = [first, *(_seasoned(rng, step) for step in steps[1:])]
    last = len(rows)
    if rng.random() < 0.2:
        number = rng.randrange(last)
        remind = Timeout(after=parse("1 hari"), next=("ingatkan",), keep=True)
        rows[number] = replace(rows[number], timeout=remind)
        rows.append(Step(id="ingatkan", what="Mengingatkan pelaksana", who=("operator",), next=(END,)))
    if rng.random() < 0.2:
        rows = [_ending_at(step, "selesai") for step in rows]
        rows.append(Step(id="selesai", no=str(last + 1), what="selesai", terminator=True))
    if rng.random() < 0.2:
        duty = Step(id="siaga", what="Memastikan sarana", who=("operator",), time=parse("Disesuaikan"), standing=True)
        rows.insert(0, replace(duty, every=parse("1 bulan"), next=(first.id,)))
    return tuple(rows)


def _ending_at(step: Step, terminator: str) -> Step:
    """The row, with its plain way to the end led to a printed terminator."""
    return replace(step, next=(terminator,)) if step.next == (END,) else step


ANYWHERE: tuple[dict[str, Any], ...] = (
    {"who": ("pimpinan", "kabag"), "joint": Joint.ALL},
    {"who": ("bidang",)},
    {"who": ("tim",), "joint": Joint.ALL},
    {"who": ("tim",), "joint": Joint.CHAIR},
    {"who": ("terlapor",)},
    {
        "time_by": {"tingkat": {"tinggi": parse("1x24 jam"), "sedang": parse("3 hari"), "rendah": parse("2 minggu")}},
        "counted_from": "receipt",
    },
    {"respond": parse("2 jam"), "mark": "ditanggapi", "waits": ("pelapor", "rapat")},
    {"extend": Extension(parse("3 hari"), at_most=2), "batch": True},
    {"independent_of": ("1",)},
)
"""What any row may carry beside the plain cells."""

NO_DECISION: tuple[dict[str, Any], ...] = (
    {"optional": True},
    {"when": {"tingkat": ("tinggi",)}},
    {"time": parse("2 hari"), "timeout": Timeout()},
    {"who": ("luar",), "time": parse("3 hari kalender"), "done_by": "confirmation", "timeout": Timeout()},
    {"record": "answer", "outcome": "answered"},
)
"""What only a row without choices that waits for nobody may carry."""


def _seasoned(rng: random.Random, step: Step) -> Step:
    plain = not step.choices and not step.after
    seasons = ANYWHERE + NO_DECISION if plain else ANYWHERE
    return replace(step, **rng.choice(seasons)) if rng.random() < 0.6 else step


def sops(*, max_size: int = 12, bpmn_safe: bool = False, wild: bool = False) -> st.SearchStrategy[Sop]:
    """Random valid SOPs of up to about ``max_size`` rows; shrinks to few rows."""
    return st.builds(
        lambda size, seed: random_sop(random.Random(seed), size=size, bpmn_safe=bpmn_safe, wild=wild),
        st.integers(1, max_size),
        st.integers(0, 2**32 - 1),
    )
