"""Random cases for the engine: valid and broken SOPs, random people doing random things, every invariant watched.

A case is a function of its seed. :meth:`Life.run` lives one through and returns which invariant broke, by its number.
``python tests/random_cases.py FIRST COUNT`` does so for many and prints the seeds that broke one.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

import offices
from generators import LEVELS, STAFF, random_sop
from stories import COMPLAINANT, COORDINATOR, DESK, ELSEWHERE, MONDAY, STRANGER, WORKER, office
from tanggap.casework import commands as c
from tanggap.casework import events as e
from tanggap.casework.codec import decode, encode
from tanggap.casework.coming import MOVES_NO_CLOCK, Coming, next_moment
from tanggap.casework.decide import Decision, decide, decided
from tanggap.casework.dues import dues
from tanggap.casework.fold import apply, fold
from tanggap.casework.ladder import read_ladder
from tanggap.casework.offers import offers
from tanggap.casework.performers import is_complained_of, respondents
from tanggap.casework.refusals import Refused
from tanggap.casework.shelf import Actor, Organisation, Power, Shelf
from tanggap.casework.state import Case, Status, Visit, VisitState
from tanggap.sop.model import (
    CLOSE,
    END,
    Clock,
    Exit,
    Extension,
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
from tanggap.worktime.duration import parse

MEMBERS = tuple(f"anggota-{n}" for n in range(1, 13))
OTHER_COORDINATOR = Actor("koordinator-lain", frozenset(), frozenset({Power.COORDINATOR}))
LAST_RESORT = Actor("belum-pernah-berbuat", frozenset(), frozenset({Power.COORDINATOR}))
CALENDAR = offices.office()
LADDER = read_ladder((files("tanggap") / "seeds" / "ladder.toml").read_text("utf-8"))
WAITS = ("pelapor", "pihak_luar", "rapat", "diam", "usul", "usul", "lompat")


class Broken(AssertionError):
    """An invariant does not hold."""

    def __init__(self, number: int, said: str) -> None:
        super().__init__(f"{number}: {said}")
        self.number = number


def need(number: int, holds: bool, said: object = "") -> None:
    """Invariant ``number`` demands that ``holds``."""
    if not holds:
        raise Broken(number, str(said))


# procedures ----------------------------------------------------------------------------------------------------------


def wild_sop(rng: random.Random, *, size: int, number: int = 1) -> Sop:
    """An SOP that loads but that the checker would shake its head at: anything may lead anywhere."""
    document = random_sop(rng, size=size)
    steps = document.procedures[0].steps
    rows = tuple(step.id for step in steps)
    steps = tuple(_bent(rng, step, rows) for step in steps)
    if rng.random() < 0.3:
        steps = (*steps, Step(id="akhir", no="99", terminator=True))
    procedure = Procedure(
        id="p",
        steps=steps,
        limit=rng.choice([None, parse("10 hari kerja")]),
        clocks=(Clock("uu", "law", parse("14 hari kerja"), stops=("rapat",)),) if rng.random() < 0.3 else (),
        reopen=rng.choice([None, parse("10 hari kerja")]),
    )
    second = Procedure(id="q", steps=(Step(id="q1", who=("operator",)), Step(id=rows[0], who=("pimpinan",))))
    return replace(
        document,
        roles=tuple(_tight(role) for role in document.roles),
        waits=(
            *document.waits,
            Wait(id="diam", at_most=parse("3 hari kalender"), then=CLOSE, outcome="deemed_withdrawn"),
            Wait(id="usul", at_most=parse("2 jam"), then="propose"),
            Wait(id="lompat", waits_for="outside", at_most=parse("2 jam"), then=rng.choice([*rows, "q1"])),
        ),
        procedures=(procedure, second),
        hash=f"wild-{number}",
    )


def _tight(role: Role) -> Role:
    return replace(role, team=Team(min=3, odd=True, min_by={"tingkat": {"tinggi": 5}})) if role.team else role


def _targets(rng: random.Random, rows: tuple[str, ...]) -> tuple[str, ...]:
    several = rng.choice([1, 1, 1, 2, 3])
    return tuple(dict.fromkeys(rng.choice([*rows, *rows, *rows, *rows, END, CLOSE]) for _ in range(several)))


def _bent(rng: random.Random, step: Step, rows: tuple[str, ...]) -> Step:
    bends: list[Callable[[], dict[str, Any]]] = [
        lambda: {"who": ()},
        lambda: {"who": rng.choice([("pelapor",), ("luar",), ("terlapor",), ("pelapor", "pimpinan"), ("luar", "tim")])},
        lambda: {"who": tuple(rng.sample(STAFF, 2)), "joint": rng.choice([Joint.ALL, Joint.ANY, Joint.CHAIR])},
        lambda: {"who": ("tim",), "joint": rng.choice(list(Joint))},
        lambda: {"after": tuple(rng.sample(rows, min(len(rows), rng.randint(1, 2))))},
        lambda: {"when": {"tingkat": (rng.choice(LEVELS),)}},
        lambda: {"optional": True},
        lambda: {"standing": True},
        lambda: {"terminator": True},
        lambda: {"mark": "tanda", "counted_from": rng.choice(["receipt", "answered", "tanda", f"done:{rows[0]}"])},
        lambda: {"timeout": Timeout(), "time": parse("2 jam")},
        lambda: {"timeout": Timeout(after=parse("1 jam"), next=_targets(rng, rows), keep=rng.random() < 0.5)},
        lambda: {"independent_of": tuple(rng.sample(rows, min(len(rows), rng.randint(1, 3))))},
        lambda: {"sets": ("tingkat",), "binds": rng.choice([(), ("tim",), ("bidang", "terlapor")])},
        lambda: {"respond": parse("1 jam"), "extend": Extension(parse("2 hari kerja"), 2), "record": "answer"},
        lambda: {"time_by": {"tingkat": {"tinggi": parse("1x24 jam")}}, "waits": rng.choice([None, (), ("rapat",)])},
    ]
    for bend in rng.sample(bends, rng.choice([0, 1, 1, 2, 3])):
        step = replace(step, **bend())
    if step.choices and rng.random() < 0.7:
        return replace(step, next=None, choices=tuple(_bent_exit(rng, exit, rows) for exit in step.choices))
    if not step.choices and rng.random() < 0.4:
        return replace(step, next=_targets(rng, rows))
    if not step.choices and rng.random() < 0.2:  # the record decides, perhaps nothing
        exits = (Exit(next=_targets(rng, rows), when={"tingkat": ("tinggi",)}, at_most=1, then=END), Exit(next=(END,)))
        return replace(step, next=None, choices=exits[: rng.choice([1, 2])])
    return step


def _bent_exit(rng: random.Random, exit: Exit, rows: tuple[str, ...]) -> Exit:
    changes: dict[str, Any] = {}
    if rng.random() < 0.4:
        changes |= {"next": _targets(rng, rows)}
    if rng.random() < 0.3:
        changes |= {"at_most": None, "then": None}
    if rng.random() < 0.2:
        changes |= {"when": {"tingkat": (rng.choice(LEVELS),)}}
    if rng.random() < 0.15:
        changes |= {"answers": True, "reason": True, "mark": "putus"}
    if rng.random() < 0.05:
        changes |= {"procedure": rng.choice(["q", "lain/p"])}
    return replace(exit, **changes)


def random_office(rng: random.Random, *sops: Sop) -> Organisation:
    """An office in which posts stand vacant, are shared, and point to each other in rings."""
    made = office(*sops)
    posts = dict(made.posts)
    for name in list(posts):
        roll = rng.random()
        if roll < 0.12:
            posts[name] = replace(posts[name], holders=frozenset())
        elif roll < 0.2:
            posts[name] = replace(posts[name], holders=frozenset({rng.choice(STAFF), "dewi"}))
        elif roll < 0.25:
            posts[name] = replace(posts[name], superior=rng.choice(list(posts)))
    away = {rng.choice(STAFF): frozenset({rng.choice(STAFF)}) for _ in range(rng.choice((0, 0, 1, 3)))}
    return Organisation(posts, made.columns, rng.choice(["rektor", ""]), away)


# one life ------------------------------------------------------------------------------------------------------------


class Life:
    """One random case, and a second copy of it folded from the written log alone."""

    def __init__(self, seed: int, *, size: int = 14) -> None:
        self.rng = rng = random.Random(seed)
        wild = rng.random() < 0.6
        first = self._sop(wild, rng.randint(1, size), 1)
        self.versions = [first, self._mutated(first)]
        self.shelf = Shelf({one.hash: one for one in self.versions}, random_office(rng, first), CALENDAR)
        self.shelf.ladder = LADDER if seed % 4 else ()
        self.now = MONDAY
        self.case, self.shadow = Case(), Case()
        self.log: list[e.Entry] = []
        self.arrivals: dict[str, list[str]] = {}
        self.seen_ids: set[str] = set()
        self.timed_out: Counter[str] = Counter()
        self.breached: Counter[str] = Counter()
        self.climbed: dict[tuple[str, str], int] = {}
        self.refusals: Counter[str] = Counter()

    def _sop(self, wild: bool, size: int, number: int) -> Sop:
        if wild:
            return wild_sop(self.rng, size=size, number=number)
        return replace(random_sop(self.rng, size=size), hash=f"tame-{number}")

    def _mutated(self, sop: Sop) -> Sop:
        """Another version: some rows bent, some dropped, some waits gone."""
        steps = sop.procedures[0].steps
        rows = tuple(step.id for step in steps)
        bent = tuple(_bent(self.rng, step, rows) if self.rng.random() < 0.3 else step for step in steps)
        procedures = (replace(sop.procedures[0], steps=bent), *sop.procedures[1:])
        return replace(sop, procedures=procedures, waits=sop.waits[:1], hash="next")

    def live(self, acts: int = 36) -> None:
        """Receive, then ``acts`` things happen."""
        attributes = {"channel": "web"} | ({"tingkat": self.rng.choice(LEVELS)} if self.rng.random() < 0.7 else {})
        parties = ("a", "b") if self.rng.random() < 0.2 else ("a",)
        self.act(DESK, c.Receive(self.versions[0].hash, attributes, parties))
        for _ in range(acts):
            self.now += self.rng.choice([timedelta(0), timedelta(minutes=20), timedelta(hours=5), timedelta(days=2)])
            self.something()

    def run(self) -> Broken | None:
        """:meth:`live`; the invariant that was broken, if any."""
        try:
            self.live()
        except Broken as broken:
            return broken
        return None

    # acting ---------------------------------------------------------------------------------------------------------

    def act(self, actor: Actor, command: c.Command, **more: Any) -> tuple[e.Entry, ...] | None:
        """Try ``command``; ``None`` when it is refused. Everything that must hold is looked at."""
        asked = {"actor": actor, "shelf": self.shelf, "at": self.now, **more}
        try:
            decision = decided(self.case, command, **asked)
        except Refused as refusal:
            self.refusals[refusal.code] += 1
            need(8, self.case == self.shadow, f"a refused {command} changed the case")
            return None
        written = decision.entries
        need(1, self.case == self.shadow, f"{command} changed its input")
        need(1, decide(self.case, command, **asked) == written, "another answer to the same question")
        before = self.case.copy()
        for entry in written:
            self._keep(entry)
        need(1, self.case == self.shadow, "the log says something else than the case")
        need(1, decision.state == self.case, "the case decided upon is not what the entries make of it")
        self._look_at_coming(before, decision)
        self._look(before, actor, command, written, more)
        return written

    def _look_at_coming(self, before: Case, decision: Decision) -> None:
        """What was worked out once and kept up is what would be worked out anew."""
        if all(isinstance(entry.event, MOVES_NO_CLOCK) for entry in decision.entries):
            need(13, dues(before, self.shelf) == dues(self.case, self.shelf), "a clock moved that should not")
        if decision.coming is not None:
            anew = Coming(self.case, self.shelf)
            need(13, decision.coming.running == anew.running, "what runs")
            need(13, decision.coming.first() == anew.first(), "what comes first")

    def _keep(self, entry: e.Entry) -> None:
        form = encode(entry.event)
        need(13, form.keys() <= {field.name for field in fields(entry.event)}, entry.event)
        read = replace(entry, event=decode(entry.event.kind, form))
        need(13, read == entry, f"{entry.event} does not survive")
        self.log.append(read)
        apply(self.case, entry)
        apply(self.shadow, read)
        self._count(entry.event)

    def _count(self, event: e.Event) -> None:
        if isinstance(event, e.StepOpened | e.StepPassed):
            need(2, event.visit not in self.seen_ids, f"{event.visit} again")
            self.seen_ids.add(event.visit)
            waiting = self.arrivals.pop(event.row, None)
            need(5, waiting is None or sorted(waiting) == sorted(event.parents), f"{event} of {waiting}")
        elif isinstance(event, e.Arrived):
            self.arrivals.setdefault(event.row, []).append(event.visit)
        elif isinstance(event, e.StepJoined):
            self._use(self.case.visits[event.visit].row, event.parent)
        elif isinstance(event, e.TakenBack | e.Undone):
            for row, visit in event.arrivals:
                need(5, visit in self.arrivals.get(row, ()), f"{event} voids what never arrived")
                self._use(row, visit)
        elif isinstance(event, e.Migrated):
            self.arrivals = {event.rows[row]: arrived for row, arrived in self.arrivals.items()}
        elif isinstance(event, e.TimedOut):
            self.timed_out[event.visit] += 1
        elif isinstance(event, e.Breached):
            self.breached[event.clock] += 1
        elif isinstance(event, e.Reminded | e.Escalated):
            self._look_at_rung(event)

    def _look_at_rung(self, event: e.Reminded | e.Escalated) -> None:
        level = event.level if isinstance(event, e.Escalated) else 0
        place = (event.clock, event.cause)
        need(14, self.climbed.get(place, -1) < level, f"{event} a second time, or after a higher one")
        need(14, event.due <= self.now, f"{event} before its moment")
        self.climbed[place] = level
        if isinstance(event, e.Escalated):
            sop, organisation = self.shelf.sops[self.case.sop], self.shelf.organisation
            complained_of = set(organisation.expand(respondents(self.case, sop)))
            need(10, complained_of.isdisjoint(event.posts), f"{event} rings who is complained of")
            need(14, bool(organisation.holders(event.posts)) or not event.posts, f"{event} rings an empty post")

    def _use(self, row: str, visit: str) -> None:
        if visit in self.arrivals.get(row, ()):
            self.arrivals[row].remove(visit)
            if not self.arrivals[row]:
                del self.arrivals[row]

    # looking --------------------------------------------------------------------------------------------------------

    def _look(
        self, before: Case, actor: Actor, command: c.Command, written: tuple[e.Entry, ...], more: dict[str, Any]
    ) -> None:
        self._look_at_state()
        self._look_at_time()
        self._look_at_keys(actor, command, written, more)
        self._look_at_people()
        if isinstance(command, c.Migrate):
            for name, visit in before.visits.items():
                need(12, self.case.visits[name].opened_at == visit.opened_at, "an opening moment moved")
            need(12, self.case.received_at == before.received_at, "the receipt moved")
            for visit in self.case.open_visits():
                need(12, self.can_be_completed(visit), f"{visit.id} after {command}")

    def _look_at_state(self) -> None:
        case = self.case
        are_open = {name for name, visit in case.visits.items() if visit.is_open}
        need(2, are_open == set(case.open.values()), "open visits")
        for name, visit in case.visits.items():
            need(2, name == visit.id and all(parent in case.visits for parent in visit.parents), f"parents of {name}")
            need(2, visit.ended_at is None or visit.ended_at >= visit.opened_at, f"{name} ended before it began")
            need(2, visit.is_open == (visit.ended_at is None), f"{name} has no end")
        for row, name in case.open.items():
            need(2, case.visits[name].row == row, f"{name} is not of {row}")
        running = [wait.visit for wait in case.waits.values() if wait.to is None]
        if case.status is Status.OPEN:
            need(3, bool(case.open), "open, and nobody must act")
        else:
            need(3, not case.open and not case.pending and not running, "closed, and something goes on")
            need(3, all(one.state != "open" for one in case.dispositions.values()), "closed, and somebody still works")
        need(9, set(running) <= are_open and len(set(running)) == len(running), f"waits of {running}")
        for one in case.dispositions.values():
            need(9, one.state != "open" or one.visit in are_open, f"{one.id} goes on below what has ended")
        need(5, {row: tuple(arrived) for row, arrived in self.arrivals.items()} == case.pending, "arrivals")
        self._look_at_joins()

    def _look_at_joins(self) -> None:
        case = self.case
        if not case.pending:
            return
        flow = self.shelf.flow(case.sop, case.procedure)
        for join in case.pending:
            between = flow.between(join)
            need(5, bool(between & (set(case.open) | (set(case.pending) - {join}))), f"{join} waits for nothing")

    def _look_at_time(self) -> None:
        need(13, dues(self.case, self.shelf) == dues(self.shadow, self.shelf), "dues")
        if self.rng.random() < 0.1:
            again = fold(self.log)
            need(1, again == self.case, "the whole log says something else")
            need(13, dues(self.case, self.shelf) == dues(again, self.shelf), "dues of the log")
        need(7, max(self.timed_out.values(), default=0) <= 1, "a timeout fired twice")
        need(7, max(self.breached.values(), default=0) <= 1, "a breach was written twice")
        if self.case.status is not Status.OPEN:
            return
        moment = next_moment(self.case, self.shelf)
        if moment is None or moment > self.now:
            early = decide(self.case, c.Expire(), actor=WORKER, shelf=self.shelf, at=self.now)
            need(7, not early, f"too early: {early}")

    def _look_at_keys(
        self, actor: Actor, command: c.Command, written: tuple[e.Entry, ...], more: dict[str, Any]
    ) -> None:
        asked = {"actor": actor, "shelf": self.shelf, "at": self.now, **more}
        if written and more.get("key"):
            need(8, decide(self.case, command, **asked) == (), "done twice")
            need(8, self._refusal(c.Expire(), **{**asked, "seen": None}) == "key_reused", "a key for two things")
        if isinstance(command, c.Expire):
            need(7, decide(self.case, command, **asked) == (), "time came twice")
            later = next_moment(self.case, self.shelf)
            need(7, later is None or later > self.now, f"{later} has passed, and expiring wrote nothing of it")
        touched = [visit for visit in self.case.open_visits() if visit.touched_seq > 1]
        if touched:
            visit = self.rng.choice(touched)
            asked = {"shelf": self.shelf, "at": self.now, "seen": visit.touched_seq - 1}
            other = Actor("orang-lain", actor.posts, frozenset(Power))
            need(8, self._refusal(c.Complete(visit.id), actor=other, **asked) == "someone_else_acted", visit)

    def _refusal(self, command: c.Command, **asked: Any) -> str:
        try:
            decide(self.case, command, **asked)
        except Refused as refusal:
            return refusal.code
        return ""

    def _look_at_people(self) -> None:
        sop = self.shelf.sops[self.case.sop]
        own = {role.id for role in sop.roles if role.party is Party.RESPONDENT}
        complained_of = set(self.shelf.organisation.expand(respondents(self.case, sop)))
        for visit in self.case.open_visits():
            for group in visit.groups:
                bad = complained_of.intersection(group.posts)
                need(10, bool(group.party) or group.role in own or not bad, f"{visit.id}: {group} of {complained_of}")
            if self.rng.random() < 0.25:
                need(4, self.can_be_completed(visit), f"nobody can complete {visit}")
        for person in (DESK, COORDINATOR, STRANGER):
            offers(self.case, self.shelf, person)

    # somebody who can -----------------------------------------------------------------------------------------------

    def people(self, visit: Visit) -> Iterator[Actor]:
        """Everybody who might be meant to act in ``visit``."""
        for group in visit.groups:
            for person in sorted(self.shelf.organisation.holders(group.posts)):
                yield self.actor(person)
        yield from (COMPLAINANT, DESK, COORDINATOR, OTHER_COORDINATOR)

    def actor(self, person: str) -> Actor:
        posts = frozenset(post.id for post in self.shelf.organisation.posts.values() if person in post.holders)
        return Actor(person, posts, frozenset({Power.OFFICER}))

    def can_be_completed(self, visit: Visit) -> bool:
        """True when willing people can leave ``visit``: the performers, else a coordinator."""
        for choice in self.choices(visit):
            case = self.case.copy()
            for one in [one.id for one in case.dispositions.values() if one.state == "open"]:
                if case.dispositions[one].state == "open":
                    self._on(case, OTHER_COORDINATOR, c.Recall(one, "r"))
            if any(self._round(case, visit, choice) for _ in range(len(visit.groups) + 2)):
                return True
        return False

    def _round(self, case: Case, visit: Visit, choice: str) -> bool:
        for group in case.visits[visit.id].groups:
            for person in (*self.people(case.visits[visit.id]), LAST_RESORT):
                if case.visits[visit.id].is_open:
                    self._on(case, person, replace(self.willing(case, case.visits[visit.id], choice), group=group.id))
        return not case.visits[visit.id].is_open

    def _on(self, case: Case, actor: Actor, command: c.Command) -> None:
        try:
            for entry in decide(case, command, actor=actor, shelf=self.shelf, at=self.now):
                apply(case, entry)
        except Refused:
            pass

    def step(self, visit: Visit) -> Step:
        return self.shelf.flow(self.case.sop, self.case.procedure).steps[visit.row]

    def choices(self, visit: Visit) -> list[str]:
        step = self.step(visit)
        return [exit.id for exit in step.choices] + [""] if step.is_decision else [""]

    def willing(self, case: Case, visit: Visit, choice: str) -> c.Complete:
        """A completion with everything a row can ask for."""
        step = self.step(visit)
        sop = self.shelf.sops[case.sop]
        able = [name for name in MEMBERS if not is_complained_of(case, name, sop, self.shelf.organisation)]
        binds = {}
        for role in step.binds:
            if role not in case.bound:
                binds[role] = tuple(able[:5]) if sop.role(role).team else ("kasubbag",)
        sets = {name: self.rng.choice(LEVELS) for name in step.sets if name not in case.attributes}
        return c.Complete(visit.id, choice, reason="r", answer="j", sets=sets, binds=binds)

    # random things --------------------------------------------------------------------------------------------------

    def something(self) -> None:
        """One random thing happens."""
        if self.case.status is Status.CLOSED and self.rng.random() < 0.3:
            return self.reopen()
        proposed = [visit for visit in self.case.open_visits() if self.case.proposal(visit.id)]
        if proposed and self.rng.random() < 0.4:
            return self.settle(self.rng.choice(proposed))
        weights = {
            self.complete: 110, self.expire: 12, self.wait: 12, self.bind: 5, self.dispose: 14, self.redirect: 3,
            self.undo: 6, self.reopen: 4, self.migrate: 3, self.move: 1, self.assign: 4, self.classify: 5,
            self.extend: 4, self.correct: 3, self.deliver: 5, self.skip: 4, self.end: 2, self.contact: 3,
            self.nonsense: 3,
        }  # fmt: skip
        return self.rng.choices(list(weights), list(weights.values()))[0]()

    def somebody(self) -> Actor:
        anybody = [COMPLAINANT, DESK, COORDINATOR, STRANGER, ELSEWHERE, WORKER, self.actor(self.rng.choice(STAFF))]
        return self.rng.choice(anybody)

    def any_visit(self) -> Visit | None:
        visits = self.case.open_visits()
        if self.rng.random() < 0.15:
            visits = list(self.case.visits.values())
        return self.rng.choice(visits) if visits else None

    def happened(self) -> datetime | None:
        return self.now - timedelta(hours=self.rng.randint(-1, 30)) if self.rng.random() < 0.08 else None

    def complete(self) -> None:
        visit = self.any_visit()
        if visit is None or visit.row not in self.shelf.flow(self.case.sop, self.case.procedure).steps:
            return
        person = (
            self.meant(visit) if self.rng.random() < 0.8 else self.rng.choice([*self.people(visit), self.somebody()])
        )
        command = self.willing(self.case, visit, self.rng.choice(self.choices(visit)))
        if self.rng.random() < 0.1:
            command = replace(command, reason="", answer="", sets={}, binds={})
        key = self.rng.choices(["", f"k{len(self.log)}", "k3"], [6, 6, 1])[0]
        seen = self.rng.choices([None, len(self.log), len(self.log) - 2], [4, 4, 1])[0]
        stale = seen is not None and visit.touched_since(seen, person.person)
        done = self.act(person, command, key=key, seen=seen, happened=self.happened())
        need(8, not (done and stale), "a stale page was accepted")

    def meant(self, visit: Visit) -> Actor:
        """Who is next to act in ``visit``."""
        group = next((one for one in visit.groups if one.id not in visit.parts), e.Group("", ""))
        if group.party:
            return COMPLAINANT if group.party == e.COMPLAINANT else DESK
        holders = sorted(self.shelf.organisation.holders(group.posts))
        return self.actor(self.rng.choice(holders)) if holders else OTHER_COORDINATOR

    def expire(self) -> None:
        if self.rng.random() < 0.5 and self.case.status is Status.OPEN:
            self.now = max(self.now, next_moment(self.case, self.shelf) or self.now)
        self.act(WORKER, c.Expire())

    def wait(self) -> None:
        visit = self.any_visit()
        if visit is None:
            return
        until = self.now + timedelta(hours=self.rng.randint(-2, 90)) if self.rng.random() < 0.4 else None
        wait: c.Command = c.Wait(visit.id, self.rng.choice(WAITS), until)
        others: list[c.Command] = [c.Resume(visit.id), c.Respond(visit.id), c.Take(visit.id), c.GoOn(visit.id, "r")]
        somebody = self._one_of(visit)
        self.act(somebody, self.rng.choice([wait, wait, *others]))
        if visit.taken_by or self.case.visits[visit.id].taken_by:
            self.act(somebody, c.HandBack(visit.id))
        running = self.case.running_wait(visit.id)
        if running is not None and running.then == "propose" and running.until and self.rng.random() < 0.7:
            self.now = max(self.now, running.until)
            self.act(WORKER, c.Expire())

    def settle(self, visit: Visit) -> None:
        asked = [c.DeemWithdrawn(visit.id, "r"), c.GoOn(visit.id, "r"), c.GoOn(visit.id, ""), c.Contact("web", "m")]
        self.act(self.rng.choice([self._one_of(visit), DESK, self.somebody()]), self.rng.choice(asked))

    def _one_of(self, visit: Visit) -> Actor:
        return self.rng.choice([*self.people(visit), COORDINATOR])

    def bind(self) -> None:
        role = self.rng.choice(["terlapor", "terlapor", "bidang", "tim", "operator", "tidak-ada"])
        names = [*MEMBERS[:7], "kasubbag", "pimpinan", "operator", "kabag", "dekan", "akademik", "kantor", "hantu"]
        self.act(self.rng.choice([DESK, COORDINATOR, STRANGER]), c.Bind(role, tuple(self.rng.sample(names, 3)), "r"))

    def dispose(self) -> None:
        visit = self.any_visit()
        if visit is None:
            return
        ids = list(self.case.dispositions) or ["d1"]
        to = tuple(self.rng.sample(["kabag", "kasubbag", "akademik", "umum", "operator"], 2))
        holder = self.actor(self.rng.choice(["kabag", "kasno", "umar", "operator"]))
        given = [one for one in self.case.dispositions.values() if one.state == "open"]
        if given and self.rng.random() < 0.4:
            one = self.rng.choice(given)
            able = sorted(self.shelf.organisation.holders(self.shelf.organisation.expand(one.to)))
            self.act(self.actor(self.rng.choice(able or ["kabag"])), c.ReportBack(one.id, "j"))
            return
        what: list[tuple[Actor, c.Command]] = [
            (self._one_of(visit), c.Dispose(visit.id, to, standard=self.rng.choice(["", "1 hari", "aneh"]), note="n")),
            (holder, c.Dispose(self.rng.choice(ids), to)),
            (holder, c.ReportBack(self.rng.choice(ids), "j")),
            (COORDINATOR, c.Recall(self.rng.choice(ids), "r")),
        ]
        self.act(*self.rng.choice(what), happened=self.happened())

    def redirect(self) -> None:
        visit = self.any_visit()
        if visit is not None:
            rows = list(self.shelf.flow(self.case.sop, self.case.procedure).steps)
            self.act(self.rng.choice([COORDINATOR, DESK]), c.Redirect(visit.id, self.rng.choice(rows), "r"))

    def undo(self) -> None:
        done = [visit for visit in self.case.visits.values() if visit.state is VisitState.DONE]
        for visit in done[-3:]:
            self.act(self.rng.choice([COORDINATOR, self.actor(visit.by)]), c.Undo(visit.id))

    def reopen(self) -> None:
        rows = list(self.shelf.flow(self.case.sop, self.case.procedure).steps)
        row = self.rng.choice(["", "", self.rng.choice(rows)])
        self.act(self.rng.choice([COMPLAINANT, COORDINATOR, STRANGER]), c.Reopen("r", row))

    def migrate(self) -> None:
        sop = self.rng.choice(self.versions)
        rows = [step.id for step in sop.procedures[0].steps]
        mapped = {row: self.rng.choice(rows) for row in (*self.case.open, *self.case.pending)}
        self.act(COORDINATOR, c.Migrate(sop.hash, "p", self.rng.choice([{}, {}, mapped])))

    def move(self) -> None:
        self.act(COORDINATOR, c.Move(self.rng.choice(["p", "q", "z"]), "r", self.rng.choice(["", "next", "hantu"])))

    def assign(self) -> None:
        visit = self.any_visit()
        if visit is not None:
            posts = tuple(self.rng.sample(["kabag", "kasubbag", "umum", "dekan", "kantor", "hantu"], 2))
            self.act(self._one_of(visit), c.Assign(visit.id, posts))

    def classify(self) -> None:
        name = self.rng.choice(["tingkat", "tingkat", "kind", "answered", "aneh"])
        value = self.rng.choice([*LEVELS, "complaint", "yes"])
        self.act(self.rng.choice([DESK, STRANGER]), c.Classify(name, value, self.rng.choice(["", "r"])))

    def extend(self) -> None:
        clocks = [due.clock for due in dues(self.case, self.shelf)] or ["clock:limit"]
        until = self.now + timedelta(days=self.rng.randint(-1, 5)) if self.rng.random() < 0.5 else None
        by = "" if until else self.rng.choice(["2 hari", "1 jam", "-", "aneh", ""])
        self.act(self.rng.choice([COORDINATOR, DESK]), c.Extend(self.rng.choice(clocks), by, until, "r"))

    def correct(self) -> None:
        seq = self.rng.choice([*self.case.correctable, 99])
        self.act(COORDINATOR, c.Correct(seq, self.now - timedelta(hours=self.rng.randint(-2, 60)), "r"))

    def deliver(self) -> None:
        visit = self.rng.choice(list(self.case.visits.values()) or [None])
        if visit is not None:
            self.act(
                self.rng.choice([DESK, WORKER, STRANGER]), c.Deliver(visit.id, self.rng.random() < 0.8),
                happened=self.happened(),
            )  # fmt: skip

    def skip(self) -> None:
        visit = self.any_visit()
        if visit is not None:
            self.act(self._one_of(visit), c.Skip(visit.id, self.rng.choice(["r", ""])), happened=self.happened())

    def end(self) -> None:
        self.act(
            self.somebody(),
            self.rng.choice([c.Withdraw(), c.Close("ditutup", "r"), c.Close("", ""), c.Merge("lain", "r")]),
        )

    def contact(self) -> None:
        self.act(
            self.somebody(),
            self.rng.choice([c.Contact("web", "m"), c.Note("n"), c.Link("perkara", "lain"), c.Link("merged", "lain")]),
        )

    def nonsense(self) -> None:
        self.act(self.somebody(), c.Complete("99#9", "apa", group="g", batch="b"))
        self.act(self.somebody(), c.Receive(self.versions[0].hash))
        self.act(self.somebody(), c.ReportBack("d9"))


def _main(first: int, count: int) -> None:
    refusals: Counter[str] = Counter()
    broken = 0
    for seed in range(first, first + count):
        life = Life(seed)
        found = life.run()
        refusals += life.refusals
        if found:
            broken += 1
            sys.stdout.write(f"seed {seed}: {found}\n")
    sys.stdout.write(f"{count} cases from seed {first}: {broken} broken; refused {dict(refusals.most_common())}\n")


if __name__ == "__main__":
    _main(int(sys.argv[1]), int(sys.argv[2]))
