"""A small office in which named persons act on one case, so that tests of the engine read as stories.

Every act is checked on the way: deciding leaves its input as it was, the log folds back to the same case, every event
survives its JSON form, and what is due can be read from the log alone.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

import offices
from tanggap.casework import events as e
from tanggap.casework.codec import canonical, decode, encode
from tanggap.casework.commands import Command, Complete, Receive
from tanggap.casework.decide import decide
from tanggap.casework.dues import dues
from tanggap.casework.fold import apply, fold
from tanggap.casework.ladder import Ladder
from tanggap.casework.refusals import Refused
from tanggap.casework.shelf import Actor, Organisation, Post, Power, Shelf
from tanggap.casework.state import Case, Visit, VisitState
from tanggap.sop.load import load
from tanggap.sop.model import Exit, Sop
from tanggap.worktime.calendar import WorkCalendar

MONDAY = offices.at("2026-11-16 08.00")
"""When a story begins unless it says otherwise: a Monday with five working days before it is weekend."""

COMPLAINANT = Actor(e.COMPLAINANT, powers=frozenset({Power.COMPLAINANT}))
WORKER = Actor(e.ENGINE, powers=frozenset({Power.WORKER}))
DESK = Actor("dina", frozenset({"meja"}), frozenset({Power.DESK, Power.OFFICER}))
COORDINATOR = Actor("koko", frozenset({"humas"}), frozenset({Power.COORDINATOR, Power.OFFICER}))
STRANGER = Actor("tamu")
"""Somebody who is logged in and has neither posts nor powers."""
ELSEWHERE = Actor("umar", frozenset({"umum"}), frozenset({Power.OFFICER}))
"""An officer of another unit."""

ROLES = """
[[role]]
id = "pelapor"
party = "complainant"
[[role]]
id = "luar"
party = "outside"
[[role]]
id = "teradu"
party = "respondent"
[[role]]
id = "operator"
[[role]]
id = "pimpinan"
[[role]]
id = "dekan"
[[role]]
id = "bagian"
[[role]]
id = "bidang"
per_case = true
[[role]]
id = "tim"
per_case = true
team = { min = 3, odd = true, min_by = { urgensi = { tinggi = 5 } } }
[[attribute]]
id = "urgensi"
values = ["tinggi", "sedang", "rendah"]
[[attribute]]
id = "lk"
values = ["ada", "tidak"]
"""


def sop(rows: str, *, head: str = "", more: str = "", id: str = "uji") -> Sop:
    """An SOP with one procedure ``p``. ``rows``: TOML inline tables; ``head``: its keys; ``more``: further tables."""
    rows = " ".join(rows.split())  # an inline table stands on one line
    text = f'format = 1\n[sop]\nid = "{id}"\n{ROLES}\n{more}\n[[procedure]]\nid = "p"\n{head}\nstep = [{rows}]\n'
    return load(text, name="uji.toml")


def office(*sops: Sop, **changes: Post) -> Organisation:
    """An organisation with a post for every column of ``sops``, each held by one person of the same name.

    Above every post stands ``dekan`` (held by ``dewi``), above all the fallback ``rektor``; ``umum`` is another unit.
    """
    posts = {
        "meja": Post("meja", "tu", "dekan", frozenset({"dina"})),
        "humas": Post("humas", "tu", "dekan", frozenset({"koko"})),
        "umum": Post("umum", "umum", "rektor", frozenset({"umar"})),
        "dekan": Post("dekan", "fakultas", "rektor", frozenset({"dewi"})),
        "rektor": Post("rektor", "pusat", "", frozenset({"rita"})),
        **{f"anggota-{n}": Post(f"anggota-{n}", "senat", "dekan", frozenset({f"anggota-{n}"})) for n in range(1, 13)},
        "kasubbag": Post("kasubbag", "akademik", "dekan", frozenset({"kasno"})),
    }
    columns: dict[tuple[str, str], tuple[str, ...]] = {}
    for document in sops:
        for role in document.roles:
            if role.party is None and not role.per_case:
                posts.setdefault(role.id, Post(role.id, "kantor", "dekan", frozenset({role.id})))
                columns[document.id, role.id] = (role.id,)
    posts.update({post.id: post for post in changes.values()})
    return Organisation(posts, columns, "rektor")


class World:
    """One case, the people around it, and a clock that only moves when a story says so."""

    def __init__(
        self, *sops: Sop, organisation: Organisation | None = None, calendar: WorkCalendar = offices.EXAMPLE,
        start: datetime = MONDAY, unit_calendars: Mapping[str, WorkCalendar] | None = None, ladder: Ladder = (),
    ) -> None:  # fmt: skip
        self.sops = [one if one.hash else replace(one, hash=f"h-{one.id}-{n}") for n, one in enumerate(sops)]
        self.shelf = Shelf(
            {one.hash: one for one in self.sops},
            organisation or office(*self.sops),
            calendar,
            unit_calendars or {},
            ladder=ladder,
        )
        self.now = start
        self.case = Case()
        self.log: list[e.Entry] = []

    # acting -----------------------------------------------------------------------------------------------------

    def receive(self, *, sop: Sop | None = None, attributes: Mapping[str, str] | None = None, **more: Any) -> list[str]:
        """The case begins; what was written, as a trace."""
        happened = more.pop("happened", None)
        command = Receive((sop or self.sops[0]).hash, {"channel": "web", **(attributes or {})}, **more)
        return self.do(DESK, command, happened=happened)

    def do(self, who: Actor | str, command: Command, **more: Any) -> list[str]:
        """Somebody acts; what was written, as a trace. Raises :class:`Refused`, having made sure nothing changed."""
        return trace(self.entries(who, command, **more))

    def entries(self, who: Actor | str, command: Command, *, at: datetime | None = None, **more: Any) -> list[e.Entry]:
        """As :meth:`do`, giving the entries written."""
        self.now = at or self.now
        before = copy.deepcopy(self.case)
        asked = {"actor": self.actor(who), "shelf": self.shelf, "at": self.now, **more}
        try:
            written = decide(self.case, command, **asked)
        finally:
            assert self.case == before, "deciding changes nothing"
        assert decide(self.case, command, **asked) == written, "the same input gives the same events"
        for entry in written:
            self._keep(entry)
        if written:
            again = fold(self.log)
            assert again == self.case, "the log says what the case is"
            assert dues(again, self.shelf) == dues(self.case, self.shelf)
        return list(written)

    def _keep(self, entry: e.Entry) -> None:
        form = encode(entry.event)
        assert canonical(form) == canonical(encode(decode(entry.event.kind, form)))
        assert decode(entry.event.kind, form) == entry.event, "an event survives its JSON form"
        assert entry.seq == len(self.log) + 1
        assert entry.happened_at <= entry.recorded_at
        assert not self.log or self.log[-1].recorded_at <= entry.recorded_at
        self.log.append(entry)
        apply(self.case, entry)

    def refused(self, who: Actor | str, command: Command, **more: Any) -> str:
        """The code for which the act is refused. Nothing has changed then."""
        length = len(self.log)
        try:
            found = self.entries(who, command, **more)
        except Refused as refusal:
            assert len(self.log) == length
            return refusal.code
        raise AssertionError(f"accepted: {trace(found)}")

    def complete(
        self, row: str, choice: str = "", *, by: Actor | str = "", at: datetime | None = None,
        happened: datetime | None = None, seen: int | None = None, key: str = "", **more: Any,
    ) -> list[str]:  # fmt: skip
        """The open visit of ``row`` is completed by whom it concerns, or by ``by``; ``choice`` is the printed label."""
        visit = self.visit(row)
        command = Complete(visit.id, Exit(label=choice).id, **more)
        return self.do(by or self.somebody(visit), command, at=at, happened=happened, seen=seen, key=key)

    def later(self, **more: float) -> datetime:
        """Time passes (``minutes=``, ``hours=``, ``days=``)."""
        self.now += timedelta(**more)
        return self.now

    # looking ----------------------------------------------------------------------------------------------------

    def actor(self, who: Actor | str) -> Actor:
        """An officer by the name of the person: with the posts that person holds."""
        if isinstance(who, Actor):
            return who
        posts = frozenset(post.id for post in self.shelf.organisation.posts.values() if who in post.holders)
        return Actor(who, posts, frozenset({Power.OFFICER}))

    def somebody(self, visit: Visit) -> Actor:
        """Who is meant to act next in ``visit``: a holder, the complainant, the desk, or the coordinator for nobody."""
        group = next((one for one in visit.groups if one.id not in visit.parts), visit.groups[0])
        if group.party:
            return COMPLAINANT if group.party == e.COMPLAINANT else DESK
        holders = sorted(self.shelf.organisation.holders(group.posts))
        return self.actor(holders[0]) if holders else COORDINATOR

    def visit(self, row: str) -> Visit:
        """The open visit of ``row``."""
        assert row in self.case.open, f"{row} is not open: {self.open}"
        return self.case.visits[self.case.open[row]]

    @property
    def open(self) -> list[str]:
        """The open visits, by name."""
        return list(self.case.open.values())

    def due(self, clock: str) -> datetime | None:
        """When ``clock`` is due; ``None`` when it does not run or stands still."""
        return next((due.due_at for due in dues(self.case, self.shelf) if due.clock == clock), None)

    def events(self, kind: type[e.Event]) -> list[Any]:
        """Every event of one kind so far."""
        return [entry.event for entry in self.log if isinstance(entry.event, kind)]

    def seq_of(self, event: e.Event) -> int:
        """The place of ``event`` in the log."""
        return next(entry.seq for entry in self.log if entry.event == event)

    def states(self, *states: VisitState) -> list[str]:
        """Visits in one of ``states``, in order of opening."""
        return [visit.id for visit in self.case.visits.values() if visit.state in states]


def hm(clock: str, day: str = "2026-11-16") -> datetime:
    """A moment of the first day of a story (or of ``day``) by the clocks of Jakarta: ``hm("11.05")``."""
    return offices.at(f"{day} {clock}")


# traces: D StepDone, O StepOpened, A Arrived, P StepPassed, J StepJoined, T TakenBack, the rest by name --------------


def trace(entries: Iterable[e.Entry]) -> list[str]:
    """What happened, one short line for each event."""
    return [_line(entry.event) for entry in entries]


def _line(event: e.Event) -> str:
    how = _SHORT.get(type(event))
    return how(event) if how else event.kind


def _done(event: e.StepDone) -> str:
    return f"D {event.visit}" + ("" if event.how == "acted" else f" {event.how}")


def _taken_back(event: e.TakenBack) -> str:
    return " ".join(["T", event.why, *event.visits, *(f"{row}<{visit}" for row, visit in event.arrivals)])


_SHORT: Mapping[type[e.Event], Callable[[Any], str]] = {
    e.StepDone: _done,
    e.TakenBack: _taken_back,
    e.StepOpened: lambda event: f"O {event.visit}",
    e.StepPassed: lambda event: f"P {event.visit}",
    e.Arrived: lambda event: f"A {event.row}",
    e.StepJoined: lambda event: f"J {event.visit} {event.parent}",
    e.Closed: lambda event: f"Closed {event.outcome}" + (" answered" if event.answered else ""),
    e.WaitEnded: lambda event: f"WaitEnded {event.why}",
    e.WithdrawalProposed: lambda event: f"WithdrawalProposed {event.visit}",
    e.ProposalEnded: lambda event: f"ProposalEnded {event.why}",
    e.Breached: lambda event: f"Breached {event.clock}",
    e.Reminded: lambda event: f"Reminded {event.clock} {event.cause}",
    e.Escalated: lambda event: f"Escalated {event.clock} {event.cause} {event.level} {' '.join(event.posts)}".rstrip(),
    e.PartDone: lambda event: f"PartDone {event.visit} {event.group}",
    e.Assigned: lambda event: f"Assigned {event.visit}",
    e.TimedOut: lambda event: f"TimedOut {event.visit}",
    e.Answered: lambda event: f"Answered {event.visit}",
    e.Delivered: lambda event: f"Delivered {event.visit}",
    e.HandedBack: lambda event: f"HandedBack {event.visit}",
    e.Taken: lambda event: f"Taken {event.visit}",
    e.Responded: lambda event: f"Responded {event.visit}",
}


def code(world: World, row: str, choice: str = "", **more: object) -> str:
    """The code for which completing ``row`` is refused."""
    with pytest.raises(Refused) as refusal:
        world.complete(row, choice, **more)  # type: ignore[arg-type]
    return refusal.value.code


TWO = '{ no = "1", who = "operator", time = "2 jam" }, { no = "2", who = "pimpinan", optional = true }'


def begun(rows: str = TWO, **more: str) -> World:
    """A case whose first row is open."""
    world = World(sop(rows, **more))
    world.receive()
    return world
