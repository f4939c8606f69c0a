"""Whole cases, played once by willing people, with every decision kept so that it can be made again and timed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tanggap.casework.commands import Command, Complete, Receive
from tanggap.casework.decide import decide
from tanggap.casework.events import COMPLAINANT, Entry
from tanggap.casework.fold import apply
from tanggap.casework.shelf import Actor, Organisation, Post, Power, Shelf
from tanggap.casework.state import Case, Status, Visit
from tanggap.sop.flow import holds
from tanggap.sop.model import Sop
from tanggap.worktime.calendar import WorkCalendar

MOST_ACTS = 60


@dataclass(frozen=True, slots=True)
class Decision:
    """One call of ``decide``, ready to be made as often as one likes: it changes nothing."""

    case: Case
    command: Command
    actor: Actor
    shelf: Shelf
    at: datetime

    def make(self) -> int:
        """Decide; returns how many entries came of it."""
        return len(decide(self.case, self.command, actor=self.actor, shelf=self.shelf, at=self.at))


@dataclass(frozen=True, slots=True)
class Run:
    """A case as it was played: its decisions, and the log they wrote."""

    decisions: tuple[Decision, ...]
    log: tuple[Entry, ...]


def play(sop: Sop, calendar: WorkCalendar, *, start: datetime, rng: random.Random, procedure: str = "") -> Run:
    """Play a case of ``sop`` to its end (or for sixty acts), taking exits at random, one act every ten minutes."""
    sop = replace(sop, hash=sop.hash or "random")
    players = _Players(sop, calendar, rng)
    case, at = Case(), start
    decisions: list[Decision] = []
    log: list[Entry] = []
    command: Command | None = Receive(sop.hash, {"channel": "web"}, procedure=procedure)
    while command is not None and len(decisions) < MOST_ACTS:
        decision = Decision(case.copy(), command, players.actor(command), players.shelf, at)
        decisions.append(decision)
        for entry in decide(case, command, actor=decision.actor, shelf=players.shelf, at=at):
            log.append(entry)
            apply(case, entry)
        at += timedelta(minutes=10)
        command = players.next(case)
    return Run(tuple(decisions), tuple(log))


class _Players:
    """An office with a post for every column and three for every team; everyone is willing."""

    def __init__(self, sop: Sop, calendar: WorkCalendar, rng: random.Random) -> None:
        self.sop, self.rng = sop, rng
        names = [role.id for role in sop.roles] + [f"anggota-{number}" for number in range(1, 4)]
        posts = {name: Post(name, f"unit-{name}", "atasan", frozenset({f"p-{name}"})) for name in names}
        posts["atasan"] = Post("atasan", "pimpinan", holders=frozenset({"p-atasan"}))
        columns = {(sop.id, role.id): (role.id,) for role in sop.roles if not role.per_case and role.party is None}
        self.shelf = Shelf({sop.hash: sop}, Organisation(posts, columns, "atasan"), calendar)
        self.posts = frozenset(posts)

    def actor(self, command: Command) -> Actor:
        person = f"pelaku-{command.visit}" if isinstance(command, Complete) else COMPLAINANT
        return Actor(person, self.posts, frozenset(Power))

    def next(self, case: Case) -> Complete | None:
        """The next act on ``case``; ``None`` when it is closed."""
        if case.status is not Status.OPEN:
            return None
        visit = self.rng.choice(case.open_visits())
        step = self.shelf.flow(case.sop, case.procedure).steps[visit.row]
        group = next(one.id for one in sorted(visit.groups, key=lambda one: one.id in visit.parts))
        answers = step.record == "answer" or any(exit.answers for exit in step.choices)
        return Complete(
            visit.id, self._choice(case, visit), reason="isi", answer="isi" if answers else "", group=group,
            sets={name: self._value(name) for name in step.sets}, binds=self._binds(step.binds),
        )  # fmt: skip

    def _choice(self, case: Case, visit: Visit) -> str:
        flow = self.shelf.flow(case.sop, case.procedure)
        if not flow.steps[visit.row].is_decision:
            return ""
        said = [part.exit for part in visit.parts.values()]
        exits = [exit for exit in flow.exits(visit.row) if holds(exit.when, case.attributes)]
        again = visit.round > 3  # loops turn a few times, then everybody says yes
        return said[0] if said else (exits[0] if again else self.rng.choice(exits)).id

    def _value(self, name: str) -> str:
        values = self.sop.attribute_values(name)
        return values[0] if values else "-"

    def _binds(self, roles: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
        team = ("anggota-1", "anggota-2", "anggota-3")
        return {role: team if self.sop.role(role).team else (role,) for role in roles}
