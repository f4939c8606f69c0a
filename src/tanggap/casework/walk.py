"""A dry run: the rows a case would take, by the same engine that runs real cases, with everybody willing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tanggap.casework.commands import Command, Complete, Expire, Receive
from tanggap.casework.decide import decide
from tanggap.casework.dues import dues
from tanggap.casework.events import COMPLAINANT, ENGINE, Entry
from tanggap.casework.exits import offered
from tanggap.casework.fold import apply
from tanggap.casework.intake import procedure_for
from tanggap.casework.performers import RESPONDENT
from tanggap.casework.refusals import Refused
from tanggap.casework.shelf import Actor, Organisation, Post, Power, Shelf
from tanggap.casework.state import Case, Status, Visit
from tanggap.sop.flow import Flow
from tanggap.sop.model import Exit, Sop, Step
from tanggap.worktime.calendar import WorkCalendar
from tanggap.worktime.duration import Duration

CONTENT = "(isi)"
"""Stands for every text a dry run would need."""


class CannotWalk(ValueError):
    """The dry run cannot go on: a step or label that the SOP does not have, or a path without end."""


@dataclass(frozen=True, slots=True)
class Walked:
    """One row of a dry run. ``due`` is ``None`` when the row has no standard."""

    procedure: str
    step: str
    number: str
    visit: int
    who: tuple[str, ...]
    what: str
    opened: datetime
    due: datetime | None
    choice: str


@dataclass(slots=True)
class Plan:
    """What the walker is told: labels by row, one for each visit in turn, and how long after opening a row is done."""

    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    after: Mapping[str, Duration] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)


def walk(
    sop: Sop, calendar: WorkCalendar, *, start: datetime, procedure: str = "", plan: Plan | None = None, most: int = 500
) -> list[Walked]:
    """The rows that a case received at ``start`` takes until it closes, in order of opening (each visit of a loop).

    Steps are taken at their due moment unless the plan says otherwise; an unnamed choice is the first that does not
    lead back. Raises :class:`CannotWalk`.
    """
    plan = plan or Plan()
    walker = _Walker(sop, calendar, plan)
    name = procedure or procedure_for(sop, plan.attributes).id
    if all(name != one.id for one in sop.procedures):
        raise CannotWalk(f"Prosedur “{name}” tidak ada; yang ada: {', '.join(p.id for p in sop.procedures)}.")
    walker.check_plan(name)
    walker.act(Receive(sop.hash, plan.attributes, procedure=name), start)
    for _ in range(most):
        if walker.case.status is not Status.OPEN:
            return walker.rows()
        walker.step()
    raise CannotWalk(f"Sesudah {most} kegiatan prosedur belum berakhir.")


class _Walker:
    """A case that everybody works on at once: one person holds every post and every power."""

    def __init__(self, sop: Sop, calendar: WorkCalendar, plan: Plan) -> None:
        self.sop, self.plan = sop, plan
        posts = {role.id: Post(role.id, holders=frozenset({f"p-{role.id}"})) for role in sop.roles}
        columns = {(sop.id, role.id): (role.id,) for role in sop.roles}
        self.shelf = Shelf({sop.hash: sop}, Organisation(posts, columns), calendar)
        self.case = Case()
        self.entries: list[Entry] = []
        self.due: dict[str, datetime | None] = {}

    @property
    def flow(self) -> Flow:
        return self.shelf.flow(self.case.sop, self.case.procedure)

    def check_plan(self, procedure: str) -> None:
        """Refuse rows and labels that the procedure does not have, before anything moves."""
        flow = self.shelf.flow(self.sop.hash, procedure)
        for row in (*self.plan.choices, *self.plan.after):
            if row not in flow.steps:
                raise CannotWalk(f"Langkah “{row}” tidak ada; yang ada: {', '.join(flow.steps)}.")
        for row, labels in self.plan.choices.items():
            known = [exit.label for exit in flow.exits(row) if exit.label]
            for label in labels:
                if not any(_named(exit, label) for exit in flow.exits(row)):
                    raise CannotWalk(f"Langkah “{row}” tidak punya pilihan “{label}”; yang ada: {', '.join(known)}.")

    def act(self, command: Command, at: datetime, person: str = ENGINE) -> None:
        """Decide and apply; note the due moment of what opened."""
        posts = frozenset(self.shelf.organisation.posts)
        actor = Actor(person, posts, frozenset(Power))
        for entry in decide(self.case, command, actor=actor, shelf=self.shelf, at=at):
            self.entries.append(entry)
            apply(self.case, entry)
        for due in dues(self.case, self.shelf):
            if due.clock.startswith("step:"):
                self.due.setdefault(due.visit, due.due_at)

    def step(self) -> None:
        """Do the open visit that is taken next: the one with the earliest moment, then the upper row."""
        order = self.flow.order
        visit = min(self.case.open_visits(), key=lambda one: (self._moment(one), order[one.row]))
        self._expire_before(visit)
        if self.case.status is Status.OPEN and self.case.visits[visit.id].is_open:
            self._complete(visit)

    def _moment(self, visit: Visit) -> datetime:
        after = self.plan.after.get(visit.row)
        if after is not None:
            return self.shelf.calendar.add(visit.opened_at, after) or visit.opened_at
        return max(self.due.get(visit.id) or visit.opened_at, visit.opened_at)

    def _expire_before(self, visit: Visit) -> None:
        """Let time alone act first where somebody is later than a timeout."""
        at = self._moment(visit)
        timeouts = [
            due.due_at for due in dues(self.case, self.shelf) if due.clock.startswith("timeout:") and due.due_at
        ]
        if any(due < at for due in timeouts):
            self.act(Expire(), at)

    def _complete(self, visit: Visit) -> None:
        step = self.flow.steps[visit.row]
        person = COMPLAINANT if all(group.party for group in visit.groups) else f"p-{visit.row}-{visit.id}"
        command = Complete(
            visit.id, self._choice(visit, step), reason=CONTENT, answer=CONTENT if self._answers(step) else "",
            sets={name: self._value(name) for name in step.sets if name not in self.case.attributes},
            binds={role: (role,) for role in step.binds},
        )  # fmt: skip
        try:
            self.act(command, self._moment(visit), person)
        except Refused as refusal:
            raise CannotWalk(f"Langkah “{visit.row}” tidak dapat diselesaikan: {refusal.code}.") from refusal

    def _value(self, name: str) -> str:
        values = self.sop.attribute_values(name)
        return self.plan.attributes.get(name) or (values[0] if values else "-")

    @staticmethod
    def _answers(step: Step) -> bool:
        return step.record == "answer" or any(exit.answers for exit in step.choices)

    def _choice(self, visit: Visit, step: Step) -> str:
        if not step.is_decision:
            return ""
        exits = offered(self.case, self.shelf, step)
        if not exits:
            return ""
        planned = self.plan.choices.get(step.id, ())
        if visit.round <= len(planned):
            label = planned[visit.round - 1]
            found = next((exit for exit in exits if _named(exit, label)), None)
            if found is None:
                raise CannotWalk(
                    f"Pada kunjungan ke-{visit.round} langkah “{step.id}” pilihan “{label}” tidak berlaku."
                )
            return found.id
        return next((exit for exit in exits if not self._leads_back(step, exit)), exits[0]).id

    def _leads_back(self, step: Step, exit: Exit) -> bool:
        return any(
            self.flow.order.get(row, len(self.flow.order)) <= self.flow.order[step.id] for row in exit.next or ()
        )

    def rows(self) -> list[Walked]:
        """What was walked, in order of opening."""
        steps = {
            step.id: (procedure.id, step) for procedure in self.sop.procedures for step in procedure.steps
        }  # fmt: skip
        found = []
        for visit in self.case.visits.values():
            if visit.state == "passed":
                continue
            procedure, step = steps[visit.row]
            if any(step is one for one in self.flow.procedure.steps) or self.case.leg == 1:
                procedure, step = self.case.procedure, self.flow.steps.get(visit.row, step)
            who = tuple(self.sop.role(role).label or role for role in step.who)
            label = next((exit.label for exit in step.choices if exit.id == visit.exit and exit.label), "")
            found.append(Walked(
                procedure, visit.row, step.no, visit.round, who, step.what, visit.opened_at,
                self.due.get(visit.id), label,
            ))  # fmt: skip
        return found


def _named(exit: Exit, label: str) -> bool:
    """True when ``label`` names the exit: as printed, whatever its capitals, or by its id."""
    return label.casefold() in (exit.label.casefold(), exit.id)


__all__ = ["RESPONDENT", "CannotWalk", "Plan", "Walked", "walk"]
