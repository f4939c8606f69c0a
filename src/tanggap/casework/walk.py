"""A dry run: the rows a case would take, by the same engine that runs real cases, with everybody willing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tanggap.casework.commands import Command, Complete, Deliver, Expire, Link, Receive
from tanggap.casework.deadlines import explain
from tanggap.casework.decide import decide
from tanggap.casework.dues import dues, visit_due
from tanggap.casework.duties import CHANNEL
from tanggap.casework.events import COMPLAINANT, ENGINE, Entry, StepOpened
from tanggap.casework.exits import offered
from tanggap.casework.explained import Explained
from tanggap.casework.fold import apply
from tanggap.casework.intake import procedure_for
from tanggap.casework.law import LawClock
from tanggap.casework.promise import Promise, promise
from tanggap.casework.refusals import Refused
from tanggap.casework.shelf import Actor, Organisation, Post, Power, Shelf
from tanggap.casework.state import Case, Status, Visit
from tanggap.sop.flow import Flow
from tanggap.sop.model import Exit, Procedure, Role, Sop, Step
from tanggap.worktime.calendar import WorkCalendar
from tanggap.worktime.duration import Duration

_OF_REPORTS = ("channel", "kind", "identity")

CONTENT = "(isi)"
"""Stands for every text a dry run would need."""


class CannotWalk(ValueError):
    """The dry run cannot go on: a procedure, row, label or fact that the SOP does not have, or that does not apply."""


class NeverEnds(CannotWalk):
    """The dry run goes round and round."""


@dataclass(frozen=True, slots=True)
class Walked:
    """One visit of a dry run. ``choice``: the label as printed.

    ``standard``: the time of the row for this case (``None``: the file names none). ``due``: by when, ``None`` without
    a standard; ``respond``, ``timeout``: by when a first word is due, and when silence is taken for an exit.
    """

    procedure: str
    step: str
    number: str
    visit: int
    who: tuple[str, ...]
    what: str
    opened: datetime
    standard: Duration | None = None
    due: datetime | None = None
    respond: datetime | None = None
    timeout: datetime | None = None
    done: datetime | None = None
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Whole:
    """What a whole dry run is held against. ``kind``: promise (the limit too) or law. ``met``: when it was kept."""

    clock: str
    kind: str
    standard: Duration
    due: datetime
    met: datetime | None


@dataclass(frozen=True, slots=True)
class Walk:
    """A dry run from the receipt to its end. ``rows``: in order of opening. ``promised``: as the receipt would say."""

    sop: Sop
    start: datetime
    ended: datetime
    answered: datetime | None
    rows: tuple[Walked, ...]
    promised: Promise | None
    wholes: tuple[Whole, ...]
    calendar: WorkCalendar


@dataclass(slots=True)
class Plan:
    """What the walker is told.

    ``choices``: labels by row, one for each visit in turn. ``after``: how long after opening a row is done.
    ``linked``: by relation, the marks of another case.
    """

    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    after: Mapping[str, Duration] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    linked: Mapping[str, Mapping[str, datetime]] = field(default_factory=dict)


def walk(
    sop: Sop, calendar: WorkCalendar, *, start: datetime, procedure: str = "", plan: Plan | None = None,
    law: tuple[LawClock, ...] = (), most: int = 500,
) -> Walk:  # fmt: skip
    """The way that a case received at ``start`` takes until it closes.

    Rows are done at their due moment unless the plan says otherwise; where it names no choice, the first that does not
    lead back is taken. What a row counts from the proof of receipt of another is received as soon as it is sent.
    Raises :class:`CannotWalk`, and :class:`NeverEnds` after ``most`` acts.
    """
    plan = plan or Plan()
    name = procedure or procedure_for(sop, plan.attributes).id
    known = {one.id: one for one in (*sop.procedures, *sop.duties())}
    if name not in known:
        raise CannotWalk(f"Prosedur “{name}” tidak ada; yang ada: {', '.join(known)}.")
    _check_plan(sop, plan)
    walker = _Walker(sop, calendar, plan, law)
    links = tuple(Link(relation, relation, moments) for relation, moments in plan.linked.items())
    attributes = dict(plan.attributes)
    if known[name].is_periodic:  # nobody complained
        attributes = {"channel": CHANNEL, **{fact: attributes[fact] for fact in attributes if fact not in _OF_REPORTS}}
    walker.act(Receive(sop.hash, attributes, procedure=name, links=links), start)
    promised = promise(walker.shelf, sop.hash, name, start, walker.case.attributes)
    for _ in range(most):
        if walker.case.status is not Status.OPEN:
            return walker.told(start, promised)
        walker.step()
    raise NeverEnds(f"Sesudah {most} kegiatan prosedur belum berakhir.")


def _check_plan(sop: Sop, plan: Plan) -> None:
    """Refuse rows, labels and facts that the document does not have, before anything moves."""
    steps = {step.id: step for procedure in reversed(sop.procedures) for step in procedure.steps}
    for row in (*plan.choices, *plan.after):
        if row not in steps:
            raise CannotWalk(f"Langkah “{row}” tidak ada; yang ada: {', '.join(steps)}.")
    for row, labels in plan.choices.items():
        exits = [exit for procedure in sop.procedures for step in procedure.steps if step.id == row
                 for exit in step.choices]  # fmt: skip
        for label in labels:
            if not any(_is_named(exit, label) for exit in exits):
                known = ", ".join(dict.fromkeys(exit.label for exit in exits if exit.label)) or "tidak ada"
                raise CannotWalk(f"Langkah “{row}” tidak punya pilihan “{label}”; yang ada: {known}.")
    for name, value in plan.attributes.items():
        values = sop.attribute_values(name)
        if values is None:
            raise CannotWalk(f"Keterangan “{name}” tidak dikenal SOP ini.")
        if values and value not in values:
            raise CannotWalk(f"Keterangan “{name}” tidak dapat bernilai “{value}”; yang ada: {', '.join(values)}.")


class _Walker:
    """A case that everybody works on at once: whoever acts holds every post and every power."""

    def __init__(self, sop: Sop, calendar: WorkCalendar, plan: Plan, law: tuple[LawClock, ...]) -> None:
        self.sop, self.plan = sop, plan
        names = [name for role in sop.roles for name in _members(role)]
        posts = {name: Post(name, holders=frozenset({f"p-{name}"})) for name in names}
        columns = {(sop.id, role.id): _members(role) for role in sop.roles}
        self.shelf = Shelf({sop.hash: sop}, Organisation(posts, columns), calendar, law=law)
        self.case = Case()
        self.entries: list[Entry] = []
        self.walked: dict[str, Walked] = {}

    @property
    def flow(self) -> Flow:
        return self.shelf.flow(self.case.sop, self.case.procedure)

    def act(self, command: Command, at: datetime, person: str = ENGINE) -> None:
        """Decide and apply; note what opened."""
        actor = Actor(person, frozenset(self.shelf.organisation.posts), frozenset(Power))
        for entry in decide(self.case, command, actor=actor, shelf=self.shelf, at=at):
            apply(self.case, entry)
            self.entries.append(entry)
            if isinstance(entry.event, StepOpened):
                self.walked[entry.event.visit] = self._opened(self.case.visits[entry.event.visit])

    def _opened(self, visit: Visit) -> Walked:
        step = self.flow.steps[visit.row]
        who = tuple(self.sop.role(role).label or role for role in step.who)
        return Walked(self.case.procedure, step.id, step.no, visit.round, who, step.what, visit.opened_at,
                      step.time_for(self.case.attributes))  # fmt: skip

    def step(self) -> None:
        """Whatever comes next: the earliest timeout, or the open visit whose moment is first (of two the upper row)."""
        order = self.flow.order
        visit = min(self.case.open_visits(), key=lambda one: (self._moment(one), order[one.row]))
        timeouts = [due.due_at for due in dues(self.case, self.shelf) if due.clock.startswith("timeout:")]
        silence = min((due for due in timeouts if due is not None), default=None)
        if silence is not None and silence < self._moment(visit):
            self.act(Expire(), silence)
        else:
            self._complete(visit)

    def _moment(self, visit: Visit) -> datetime:
        after = self.plan.after.get(visit.row)
        if after is None:
            clock = visit_due(self.case, self.shelf, visit.id)
            due = clock.due_at if clock is not None else None
        else:
            due = self.shelf.calendar.add(visit.opened_at, after)
        return max(due or visit.opened_at, visit.opened_at)

    def _complete(self, visit: Visit) -> None:
        step = self.flow.steps[visit.row]
        exit = self._choice(visit, step)
        label = exit.label if exit is not None else ""
        answers = step.record == "answer" or (exit is not None and exit.answers)
        command = Complete(
            visit.id, exit.id if exit is not None else "", reason=CONTENT, answer=CONTENT if answers else "",
            sets={name: self._value(name) for name in step.sets if name not in self.case.attributes},
            binds={role: _members(self.sop.role(role)) for role in step.binds if role not in self.case.bound},
        )  # fmt: skip
        person = COMPLAINANT if all(group.party for group in visit.groups) else f"p-{visit.id}-{len(visit.parts)}"
        moment = self._moment(visit)
        try:
            self.act(command, moment, person)
        except Refused as refusal:
            raise CannotWalk(f"Langkah “{visit.row}” tidak dapat diselesaikan: {refusal.code}.") from refusal
        self.walked[visit.id] = replace(self.walked[visit.id], choice=label)
        if visit.row in self.awaited and not self.case.visits[visit.id].is_open:
            self.act(Deliver(visit.id), moment)

    @property
    def awaited(self) -> set[str]:
        """The rows whose proof of receipt starts a clock."""
        steps = self.flow.steps.values()
        named = {step.counted_from for step in steps} | {step.timeout.counted_from for step in steps if step.timeout}
        return {one.removeprefix("delivered:") for one in named if one.startswith("delivered:")}

    # telling ----------------------------------------------------------------------------------------------------

    def told(self, start: datetime, promised: Promise | None) -> Walk:
        """The way that was taken, every clock as it stood."""
        ended = self.entries[-1].happened_at
        clocks = {one.clock: one for one in explain(self.entries, self.shelf, at=ended)}
        rows = tuple(self._row(visit, row, clocks) for visit, row in self.walked.items())
        wholes = tuple(
            Whole(one.clock, one.kind, one.standard, one.due_at, _met(one, self.flow.procedure))
            for one in clocks.values()
            if one.kind in ("promise", "law") and one.due_at is not None
        )
        wholes = tuple(sorted(wholes, key=lambda one: (one.kind == "law", one.due, one.clock)))
        sop = self.shelf.sops[self.case.sop]
        return Walk(sop, start, ended, self.case.answered_at, rows, promised, wholes, self.shelf.calendar)

    def _row(self, visit: str, row: Walked, clocks: Mapping[str, Explained]) -> Walked:
        def due(kind: str) -> datetime | None:
            clock = clocks.get(f"{kind}:{visit}")
            return clock.due_at if clock is not None else None

        standard = clocks[f"step:{visit}"].standard
        return replace(
            row, standard=standard if standard.has_standard else row.standard, due=due("step"), respond=due("respond"),
            timeout=due("timeout"), done=self.case.visits[visit].ended_at,
        )  # fmt: skip

    # choosing ---------------------------------------------------------------------------------------------------

    def _value(self, name: str) -> str:
        values = self.sop.attribute_values(name)
        return values[0] if values else "-"

    def _choice(self, visit: Visit, step: Step) -> Exit | None:
        """The exit a person takes; ``None`` where nobody is asked."""
        exits = offered(self.case, self.shelf, step) if step.is_decision else []
        if not exits:
            return None
        turn = sum(one.step == step.id and one.procedure == self.case.procedure for one in self.walked.values())
        planned = self.plan.choices.get(step.id, ())
        if turn > len(planned):
            return next((exit for exit in exits if not self._leads_back(step, exit)), exits[0])
        label = planned[turn - 1]
        found = next((exit for exit in exits if _is_named(exit, label)), None)
        if found is None:
            raise CannotWalk(f"Pada kunjungan ke-{turn} langkah “{step.id}” pilihan “{label}” tidak berlaku.")
        return found

    def _leads_back(self, step: Step, exit: Exit) -> bool:
        order = self.flow.order
        return any(order.get(row, len(order)) <= order[step.id] for row in exit.next or ())


def _met(clock: Explained, procedure: Procedure) -> datetime | None:
    """When a clock on the whole case got what it waits for; ``None`` when the case ended without."""
    until_the_end = clock.clock == "clock:limit" or any(
        one.until == "end" for one in procedure.clocks if f"clock:{one.id}" == clock.clock
    )
    return clock.ended_at if until_the_end or clock.ended != "closed" else None


def _members(role: Role) -> tuple[str, ...]:
    """The posts that fill a column in the dry run: one, or a team large enough for every class of case."""
    if role.team is None:
        return (role.id,)
    least = max(role.team.min, *(least for by_value in role.team.min_by.values() for least in by_value.values()), 1)
    return tuple(f"{role.id}-{number}" for number in range(1, least + (least % 2 == 0 and role.team.odd) + 1))


def _is_named(exit: Exit, label: str) -> bool:
    """True when ``label`` names the exit: as printed, whatever its capitals, or by its id."""
    return label.casefold() in (exit.label.casefold(), exit.id)
