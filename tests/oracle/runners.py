"""Two engines that run the same procedure, ours and SpiffWorkflow, and one hand that acts on either of them."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from oracle.bpmn_export import PROCESS, Table, export, variable
from tanggap.casework.commands import Command, Complete, Receive, Skip
from tanggap.casework.decide import decide
from tanggap.casework.events import Event, StepDone
from tanggap.casework.fold import apply
from tanggap.casework.shelf import Actor, Organisation, Post, Power, Shelf
from tanggap.casework.state import Case, Status
from tanggap.sop.model import Exit, Procedure, Sop
from tanggap.worktime.calendar import WorkCalendar

logging.getLogger("spiff").setLevel(logging.WARNING)  # a line for every change of every task otherwise

MOST_OF_ONE_EXIT = 2
"""How often the hand takes the same exit of a row: loops turn, and every run ends."""
MOST_ACTS = 2_000


@dataclass(frozen=True)
class Act:
    """One row done: what was open before (the same row twice when two tokens stand on it), which row, which exit."""

    open: tuple[str, ...]
    row: str
    exit: str = ""

    def __str__(self) -> str:
        return f"[{' '.join(self.open)}] {self.row}" + (f"={self.exit}" if self.exit else "")


@dataclass(frozen=True)
class Path:
    """A whole run: the acts in order, what was still open when it stopped, and whether the engine says it is over."""

    acts: tuple[Act, ...]
    left: tuple[str, ...]
    over: bool

    def __str__(self) -> str:
        end = "over" if self.over else f"not over, open: [{' '.join(self.left)}]"
        return " -> ".join([*(str(act) for act in self.acts), end])


class Engine(Protocol):
    """What the hand needs of an engine."""

    def open(self) -> list[str]:
        """Rows in which somebody must act, sorted; the same row twice when it is open twice."""

    def complete(self, row: str, exit: Exit, *, skip: bool) -> None:
        """Do one open row (or skip it, which BPMN does not tell apart) and leave it by ``exit``."""

    def is_over(self) -> bool:
        """True when the engine holds the run for ended."""


Pick = Callable[[int], int]
"""Picks one of ``n`` things, 0 to n - 1."""


class Script:
    """Picks as written, then always the first, until every combination has been played.

    It remembers among how many it picked each time, so that :meth:`next` can name the following run.
    """

    def __init__(self, picks: Sequence[int] = ()) -> None:
        self.picks: list[int] = list(picks)
        self.offered: list[int] = []

    def __call__(self, among: int) -> int:
        turn = len(self.offered)
        self.offered.append(among)
        if turn == len(self.picks):
            self.picks.append(0)
        return self.picks[turn]

    def next(self) -> Script | None:
        """The next script in order, or ``None`` after the last."""
        picks = self.picks[: len(self.offered)]
        while picks and picks[-1] + 1 >= self.offered[len(picks) - 1]:
            picks.pop()
        return Script([*picks[:-1], picks[-1] + 1]) if picks else None


def run(engine: Engine, table: Table, pick: Pick) -> Path:
    """Act on ``engine`` until nothing is open: which open row comes next and which exit it takes is ``pick``'s."""
    acts: list[Act] = []
    used: Counter[tuple[str, str]] = Counter()
    while (rows := engine.open()) and len(acts) < MOST_ACTS:
        row = rows[pick(len(rows))] if len(rows) > 1 else rows[0]
        exits = table.exits(row)
        named = [exit for exit in exits if used[row, exit.id] < MOST_OF_ONE_EXIT] or [exits[0]]
        # Only a question is a person's choice; without one the record decides, in both engines on its own.
        exit = named[pick(len(named))] if table.steps[row].question and len(named) > 1 else named[0]
        skip = table.steps[row].optional and pick(2) == 1
        used[row, exit.id] += 1
        acts.append(Act(tuple(rows), row, exit.id if table.steps[row].question else ""))
        engine.complete(row, exit, skip=skip)
    return Path(tuple(acts), tuple(engine.open()), engine.is_over())


class Spiff:
    """The procedure as BPMN, run by SpiffWorkflow."""

    def __init__(self, procedure: Procedure, *, first: str = "") -> None:
        xml, self.rows = export(procedure, first=first)
        self.steps = {step.id: step for step in procedure.steps}
        parser = BpmnParser()
        parser.add_bpmn_str(xml)
        self.spec, self.blocks = parser.get_spec(PROCESS), parser.get_subprocess_specs(PROCESS)
        self.begin()

    def begin(self) -> Spiff:
        """Start anew."""
        self.workflow = BpmnWorkflow(self.spec, self.blocks)
        self.workflow.do_engine_steps()
        return self

    def _tasks(self) -> list[tuple[str, Task]]:
        ready = self.workflow.get_tasks(state=TaskState.READY, manual=True)
        return sorted(((self.rows[task.task_spec.bpmn_id], task) for task in ready), key=lambda one: one[0])

    def open(self) -> list[str]:
        return [row for row, _ in self._tasks()]

    def complete(self, row: str, exit: Exit, *, skip: bool) -> None:
        task = next(task for open_row, task in self._tasks() if open_row == row)
        if self.steps[row].question:
            task.set_data(**{variable(task.task_spec.bpmn_id): exit.id})
        task.run()
        self.workflow.do_engine_steps()

    def is_over(self) -> bool:
        return bool(self.workflow.completed)


class Ours:
    """The procedure as a case of Tanggap, in an office where whoever does a row holds every post and every power.

    Each row is done by a person of its own, so that no row is barred to the doer of another.
    """

    def __init__(self, sop: Sop, procedure: Procedure, calendar: WorkCalendar, *, at: datetime | None = None) -> None:
        self.sop, self.procedure = sop, procedure
        self.steps = {step.id: step for step in procedure.steps}
        posts = {role.id: Post(role.id, holders=frozenset({f"pemegang-{role.id}"})) for role in sop.roles}
        columns = {(sop.id, role.id): (role.id,) for role in sop.roles}
        self.shelf = Shelf({sop.hash: sop}, Organisation(posts, columns), calendar)
        self.posts = frozenset(posts)
        self.at = at or datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
        self.begin()

    def begin(self) -> Ours:
        """Start anew."""
        self.case = Case()
        self.waiting: list[str] = []  # rows the receipt itself has done, still to be told of
        received = self._act(Receive(self.sop.hash, procedure=self.procedure.id), "")
        self.waiting = [self.case.visits[event.visit].row for event in received if isinstance(event, StepDone)]
        return self

    def _act(self, command: Command, row: str) -> list[Event]:
        actor = Actor(f"pelaku-{row}", self.posts, frozenset(Power))
        entries = decide(self.case, command, actor=actor, shelf=self.shelf, at=self.at)
        for entry in entries:
            apply(self.case, entry)
        return [entry.event for entry in entries]

    def open(self) -> list[str]:
        return self.waiting[:1] or sorted(self.case.open)

    def complete(self, row: str, exit: Exit, *, skip: bool) -> None:
        if self.waiting:
            assert self.waiting.pop(0) == row
            return
        step, visit = self.steps[row], self.case.open[row]
        if skip:
            self._act(Skip(visit, "alasan"), row)
            return
        self._act(
            Complete(
                visit,
                exit.id if step.question else "",
                reason="alasan",
                answer="jawaban" if exit.answers or step.record == "answer" else "",
                sets={name: self._value(name) for name in step.sets},
                binds={role: (role,) for role in step.binds},
            ),
            row,
        )

    def _value(self, name: str) -> str:
        values = self.sop.attribute_values(name)
        return values[0] if values else "-"

    def is_over(self) -> bool:
        return self.case.status is Status.CLOSED


__all__ = ["Act", "Ours", "Path", "Script", "Spiff", "run"]
