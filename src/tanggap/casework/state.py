"""What a case is: open visits, noted arrivals, what the record says. A value that only :mod:`fold` changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from tanggap.casework.events import ContentId, Group


class Status(StrEnum):
    """Where the whole case stands."""

    NONE = "none"
    OPEN = "open"
    CLOSED = "closed"


class VisitState(StrEnum):
    """What became of one performance of one row."""

    OPEN = "open"
    DONE = "done"
    PASSED = "passed"
    RETURNED = "returned"
    REDIRECTED = "redirected"
    MOVED = "moved"
    CLOSED = "closed"
    UNDONE = "undone"


Value = TypeVar("Value")


def altered(value: Value, **changes: object) -> Value:
    """A copy of a frozen value with some fields changed: :func:`dataclasses.replace` at a tenth of its price.

    A case is folded from thousands of such changes. For its sake the values below have neither slots nor post-init.
    """
    made: Value = object.__new__(type(value))
    made.__dict__.update(value.__dict__, **changes)
    return made


@dataclass(frozen=True, slots=True)
class Part:
    """What one of the joint performers said."""

    by: str
    post: str
    exit: str
    at: datetime


@dataclass(frozen=True)
class Visit:
    """One performance of one row: ``4#2`` is the second time row 4 was opened."""

    id: str
    row: str
    leg: int
    opened_at: datetime
    opened_seq: int
    parents: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    instead: tuple[tuple[str, str], ...] = ()
    state: VisitState = VisitState.OPEN
    ended_at: datetime | None = None
    exit: str = ""
    how: str = ""
    by: str = ""
    post: str = ""
    reason: ContentId = ""
    parts: Mapping[str, Part] = field(default_factory=dict)
    responded_at: datetime | None = None
    taken_by: str = ""
    taken_at: datetime | None = None
    checked: tuple[str, ...] = ()
    late_minutes: int | None = None
    timed_out: bool = False
    answer: ContentId = ""
    took_back: bool = False
    shifts: tuple[tuple[datetime, tuple[Group, ...]], ...] = ()  # earlier performers, until when: splits the clock
    assigned: bool = False  # by a person: then only a person, or a conflict of interest, changes it
    touched_seq: int = 0
    touched_by: str = ""
    touched_before: int = 0  # the last touch by anybody else than ``touched_by``

    @property
    def is_open(self) -> bool:
        """True while somebody must act."""
        return self.state is VisitState.OPEN

    def touched_since(self, seq: int, person: str) -> bool:
        """True when somebody other than ``person`` acted on the visit after entry ``seq``."""
        return (self.touched_before if self.touched_by == person else self.touched_seq) > seq

    @property
    def round(self) -> int:
        """The number of the visit: how often the row has been opened."""
        return int(self.id.rpartition("#")[2])


@dataclass(frozen=True)
class Waiting:
    """A stretch in which the clock of a visit stood still; ``to`` is ``None`` while it does."""

    id: str
    visit: str
    reason: str
    since: datetime
    until: datetime | None = None
    to: datetime | None = None
    why: str = ""
    message: ContentId = ""
    then: str = ""
    proposed_at: datetime | None = None  # silence was told to a person, who decides
    settled: str = ""  # how that ended, see ProposalEnded
    waits_for: str = ""  # see WaitBegan
    sop: str = ""  # the version the case ran on when it began


@dataclass(frozen=True, slots=True)
class Extra:
    """What extensions did to one clock: durations added in order, and the last fixed deadline."""

    times: int = 0
    by: tuple[str, ...] = ()
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Escalation:
    """One rung written: a reminder (``level`` 0), or who was rung; ``at`` is when, ``due`` when it truly was due."""

    clock: str
    cause: str
    level: int
    due: datetime
    at: datetime
    posts: tuple[str, ...] = ()
    instead: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Disposition:
    """Work given to others inside one visit (docs/engine.md, 6)."""

    id: str
    visit: str
    parent: str
    to: tuple[str, ...]
    nature: str
    urgency: str
    instructions: tuple[str, ...]
    note: ContentId
    standard: str
    until: datetime | None
    given_at: datetime
    by: str
    state: str = "open"  # open, reported, recalled, taken_back
    ended_at: datetime | None = None
    done_by: str = ""
    post: str = ""
    answer: ContentId = ""
    evidence: tuple[ContentId, ...] = ()
    late_minutes: int | None = None


MERGED_INTO, MERGED = "merged_into", "merged"
"""Relations of a case that is handled in another one, and of the other one to it; how the first one ended."""
RELATED, DIFFERENT = "related", "different"
"""Relations that an officer gives: it belongs together with another case; it was held for the same and is not."""
BACK = "back:"
"""Begins the relation that the other case keeps of a link to it which an SOP counts by."""


@dataclass(frozen=True, slots=True)
class Link:
    """Another case and what of it counts here."""

    relation: str
    case: str
    moments: Mapping[str, datetime]
    performers: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Answer:
    """One answer to the complainant, and whether it reached them (``None``: not known yet)."""

    visit: str
    message: ContentId
    at: datetime
    delivered_at: datetime | None = None
    ok: bool | None = None


@dataclass
class Case:
    """The whole state of a case. Its parts are immutable; :meth:`copy` shares them, so a draft costs little."""

    status: Status = Status.NONE
    outcome: str = ""
    answered: bool = False
    why: ContentId = ""  # the reason given for ending it as it ended
    sop: str = ""
    procedure: str = ""
    leg: int = 0
    internal: bool = False  # a periodic duty: nobody complained, so nobody is promised, told or answered anything
    seq: int = 0
    received_at: datetime | None = None
    closed_at: datetime | None = None
    answered_at: datetime | None = None
    written_at: datetime | None = None  # the first letter to the complainant, an answer or not
    reopened: int = 0
    rests: tuple[tuple[datetime, datetime], ...] = ()  # stretches in which the case was closed
    parties: tuple[ContentId, ...] = ()
    attributes: dict[str, str] = field(default_factory=dict)
    marks: dict[str, datetime] = field(default_factory=dict)
    bound: dict[str, tuple[str, ...]] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    visits: dict[str, Visit] = field(default_factory=dict)
    open: dict[str, str] = field(default_factory=dict)  # row -> visit
    pending: dict[str, tuple[str, ...]] = field(default_factory=dict)  # join row -> arrived visits
    taken: dict[tuple[int, str, str], int] = field(default_factory=dict)
    count: dict[str, int] = field(default_factory=dict)
    waits: dict[str, Waiting] = field(default_factory=dict)
    extra: dict[str, Extra] = field(default_factory=dict)
    breached: dict[str, datetime] = field(default_factory=dict)
    rung: dict[tuple[str, str], tuple[Escalation, ...]] = field(default_factory=dict)  # (clock, cause), by level
    dispositions: dict[str, Disposition] = field(default_factory=dict)
    answers: tuple[Answer, ...] = ()
    delivered: dict[str, datetime] = field(default_factory=dict)  # row -> latest proof of receipt
    keys: dict[str, str] = field(default_factory=dict)
    correctable: dict[int, tuple[str, str]] = field(default_factory=dict)  # seq -> (receipt|done|delivered, visit)

    def copy(self) -> Case:
        """A draft that can be changed without changing this one."""
        return altered(self, **{name: self.__dict__[name].copy() for name in _DICTS})

    def open_visits(self) -> list[Visit]:
        """Visits in which somebody must act, in order of opening."""
        return [self.visits[visit] for visit in self.open.values()]

    @property
    def merged_into(self) -> str:
        """The case in which this one is handled, or nothing: who opens a merged case again parts the two."""
        if self.status is not Status.CLOSED or self.outcome != MERGED:
            return ""
        return next((link.case for link in reversed(self.links) if link.relation == MERGED_INTO), "")

    def running_wait(self, visit: str) -> Waiting | None:
        """The wait in which ``visit`` stands still now, if any."""
        return next((wait for wait in self.waits.values() if wait.visit == visit and wait.to is None), None)

    def proposal(self, visit: str) -> Waiting | None:
        """The lapsed wait of an open ``visit`` of which somebody must say whether the case is deemed withdrawn."""
        if visit not in self.open.values():
            return None
        return next(
            (one for one in self.waits.values() if one.visit == visit and one.proposed_at and not one.settled), None
        )

    def ancestors(self, visit: str) -> set[str]:
        """Visits that ``visit`` grew out of."""
        return self._lineage([visit], lambda one: self.visits[one].parents)

    def descendants(self, visit: str) -> set[str]:
        """Visits that grew out of ``visit``."""
        children: dict[str, list[str]] = {}
        for child in self.visits.values():
            for parent in child.parents:
                children.setdefault(parent, []).append(child.id)
        return self._lineage([visit], lambda one: children.get(one, ()))

    @staticmethod
    def _lineage(roots: list[str], step: Callable[[str], Iterable[str]]) -> set[str]:
        found: set[str] = set()
        waiting = list(roots)
        while waiting:
            for other in step(waiting.pop()):
                if other not in found:
                    found.add(other)
                    waiting.append(other)
        return found

    def doers(self, row: str, *, earlier: bool = False) -> frozenset[str]:
        """Persons who did ``row``: its completions, joint parts, and dispositions reported inside it.

        ``earlier``: in visits that have ended, not in the one that is open.
        """
        found: set[str] = set()
        for visit in self.visits.values():
            if visit.row == row and not (earlier and visit.is_open):
                found.update(part.by for part in visit.parts.values())
                found.update(self._reporters(visit.id))
                if visit.state is VisitState.DONE:
                    found.add(visit.by)
        return frozenset(found)

    def _reporters(self, visit: str) -> Iterator[str]:
        return (one.done_by for one in self.dispositions.values() if one.visit == visit and one.state == "reported")

    def latest(self, row: str) -> Visit | None:
        """The last visit of ``row`` in this procedure, or ``None``. (A migrated visit keeps the id of its old row.)"""
        visits = reversed(self.visits.values())
        return next((visit for visit in visits if visit.row == row and visit.leg == self.leg), None)


_DICTS = (
    "attributes", "marks", "bound", "visits", "open", "pending", "taken", "count", "waits", "extra", "breached", "rung",
     "dispositions", "delivered", "keys", "correctable",
)  # fmt: skip
