"""Which notices a fact requires, for whom and about what: pure, so that `tanggap verify` can ask again at any time.

Whether a notice is required hangs on one entry and on the case right after it, never on the calendar or on who holds a
post: those say only to whom it goes and when (docs/notices.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tanggap.casework import events as e
from tanggap.casework.dues import dues, duty_of
from tanggap.casework.escalation import performing
from tanggap.casework.events import COMPLAINANT, Entry
from tanggap.casework.fold import apply
from tanggap.casework.ladder import RESPOND
from tanggap.casework.performers import available, complained_of_persons
from tanggap.casework.shelf import Shelf
from tanggap.casework.state import Case, Status, Visit
from tanggap.casework.waits import asks_complainant
from tanggap.sop.model import Sop

OFFICERS = "officers"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of notice. Of several about one thing in one act only the one of most ``weight`` leaves."""

    name: str
    audience: str
    weight: int


KINDS: Mapping[str, Kind] = {
    name: Kind(name, audience, weight)
    for audience, names in {
        COMPLAINANT: (
            "received", "reminder", "closing", "reopened", "letter", "question", "answered", "closed", "withdrawn",
        ),
        OFFICERS: (
            "duty", "wrote", "arrived", "soon", "reminded", "late", "proposed", "returned", "unsatisfied", "escalated",
            "alarm",
        ),
    }.items()
    for weight, name in enumerate(names)
}  # fmt: skip
"""The closed list, from light to heavy. Whoever adds a kind adds its words to ``seeds/notices.toml``."""


RUNNING_OUT = frozenset({"reminder", "closing"})
"""Kinds that leave when a clock is nearly out (:func:`lapse`), not when their fact was written."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice of one case. ``cause``: the seq of its entry, or the moment of its clock in seconds.

    ``about``: the duty (``step:4#1``, ``disposition:d1``), or the clock that runs out (``respond:4#1``, ``wait:w1``,
    ``timeout:7#1``, ``clock:law-...``). ``knowing``: posts that were told before. ``to``: posts rung, told instead of
    the performers.
    """

    kind: str
    cause: str
    about: str = ""
    knowing: tuple[str, ...] = ()
    to: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The same whenever it is asked for: with the reader it makes the notice leave at most once."""
        return f"{self.kind}:{self.cause}:{self.about}"

    @property
    def audience(self) -> str:
        """``complainant`` or ``officers``."""
        return KINDS[self.kind].audience

    @property
    def is_on_case(self) -> bool:
        """True when it is about a clock on the whole case: a promise, a period of the law."""
        return self.about.startswith("clock:")

    @property
    def for_coordinators(self) -> bool:
        """True when coordinators are told as well: what the institution owes, and what nobody above can be told."""
        return self.kind == "alarm" or (self.is_on_case and not self.to)

    @property
    def weight(self) -> int:
        """See :class:`Kind`."""
        return KINDS[self.kind].weight


def notice_for(
    kind: str, *, entry: Entry | None = None, due_at: datetime | None = None, about: str = "",
    knowing: tuple[str, ...] = (), to: tuple[str, ...] = (),
) -> Notice:  # fmt: skip
    """A notice that follows from ``entry``, or from a clock that has come to (or is due at) ``due_at``.

    Raises ``KeyError`` for a kind that is not in :data:`KINDS`.
    """
    if kind not in KINDS:
        raise KeyError(kind)
    assert (entry is None) is not (due_at is None), "one cause, no more and no less"
    cause = str(entry.seq) if entry is not None else str(int(due_at.timestamp()))  # type: ignore[union-attr]
    return Notice(kind, cause, about, knowing, to)


Rule = Callable[[Entry, Any, Case, Sop], Iterable[Notice]]
_RULES: dict[type[e.Event], Rule] = {}


def rule(kind: type[e.Event]) -> Callable[[Rule], Rule]:
    """The decorated function says which notices an event of ``kind`` requires; one per kind of event."""

    def register(function: Rule) -> Rule:
        assert kind not in _RULES
        _RULES[kind] = function
        return function

    return register


def required(entry: Entry, case: Case, sop: Sop) -> list[Notice]:
    """The notices that ``entry`` requires; ``case`` is as it is right after it, ``sop`` the document it runs by.

    Nobody can be told who left neither name nor address: such a complainant reads on the page.
    """
    found = _RULES.get(type(entry.event))
    if found is None:
        return []
    return [one for one in found(entry, entry.event, case, sop) if one.audience != COMPLAINANT or case.parties]


def of(before: Case, entries: Iterable[Entry], sops: Mapping[str, Sop]) -> Iterator[tuple[Entry, Notice]]:
    """Every notice that ``entries`` require after the case ``before``, which stays as it was."""
    case = before.copy()
    for entry in entries:
        apply(case, entry)
        yield from ((entry, notice) for notice in required(entry, case, sops[case.sop]))


# what each fact requires ----------------------------------------------------------------------------------------------


@rule(e.Received)
def _received(entry: Entry, event: e.Received, case: Case, sop: Sop) -> Iterator[Notice]:
    yield notice_for("received", entry=entry)


@rule(e.StepOpened)
def _opened(entry: Entry, event: e.StepOpened, case: Case, sop: Sop) -> Iterator[Notice]:
    visit = case.visits[event.visit]
    if any(not group.party for group in event.groups):
        yield notice_for(_why_opened(case, visit), entry=entry, about=f"step:{visit.id}")
    elif _is_complainants(visit) and _may_lapse(case, sop, visit.row):
        yield notice_for("closing", entry=entry, about=f"timeout:{visit.id}")


def _why_opened(case: Case, visit: Visit) -> str:
    """New, returned, or looked at again because the complainant was not content."""
    earlier = any(one.leg == visit.leg and one.id != visit.id for one in case.visits.values())
    if case.reopened and not visit.parents and earlier:
        return "unsatisfied"
    return "returned" if visit.round > 1 else "duty"


def _is_complainants(visit: Visit) -> bool:
    return bool(visit.groups) and all(group.party == COMPLAINANT for group in visit.groups)


def _may_lapse(case: Case, sop: Sop, row: str) -> bool:
    step = next((one for one in sop.procedure(case.procedure).steps if one.id == row), None)
    return step is not None and step.timeout is not None


@rule(e.Assigned)
def _assigned(entry: Entry, event: e.Assigned, case: Case, sop: Sop) -> Iterator[Notice]:
    shifts = case.visits[event.visit].shifts
    knowing = tuple(post for group in shifts[-1][1] for post in group.posts) if shifts else ()
    if any(not group.party for group in event.groups):
        yield notice_for("duty", entry=entry, about=f"step:{event.visit}", knowing=knowing)


@rule(e.Disposed)
def _disposed(entry: Entry, event: e.Disposed, case: Case, sop: Sop) -> Iterator[Notice]:
    yield notice_for("duty", entry=entry, about=f"disposition:{event.disposition}")


@rule(e.Breached)
def _breached(entry: Entry, event: e.Breached, case: Case, sop: Sop) -> Iterator[Notice]:
    yield notice_for("late", entry=entry, about=duty_of(event.clock))


@rule(e.Reminded)
def _reminded(entry: Entry, event: e.Reminded, case: Case, sop: Sop) -> Iterator[Notice]:
    """A clock on the whole case, or of the first response, is not said to be left undone: it is nearly out."""
    kind = "soon" if event.cause == RESPOND or event.clock.startswith("clock:") else "reminded"
    yield notice_for(kind, entry=entry, about=event.clock)


@rule(e.Escalated)
def _escalated(entry: Entry, event: e.Escalated, case: Case, sop: Sop) -> Iterator[Notice]:
    yield notice_for("escalated" if event.posts else "alarm", entry=entry, about=event.clock, to=event.posts)


@rule(e.WaitBegan)
def _wait_began(entry: Entry, event: e.WaitBegan, case: Case, sop: Sop) -> Iterator[Notice]:
    if asks_complainant(case.waits[event.wait], {case.sop: sop}):
        yield notice_for("question", entry=entry, about=f"wait:{event.wait}")
        if event.until is not None:
            ends_it = event.then in ("", "close", "propose")
            yield notice_for("closing" if ends_it else "reminder", entry=entry, about=f"wait:{event.wait}")


@rule(e.WaitEnded)
def _wait_ended(entry: Entry, event: e.WaitEnded, case: Case, sop: Sop) -> Iterator[Notice]:
    if event.why == "contact":
        yield notice_for("arrived", entry=entry, about=f"step:{case.waits[event.wait].visit}")


@rule(e.WithdrawalProposed)
def _withdrawal_proposed(entry: Entry, event: e.WithdrawalProposed, case: Case, sop: Sop) -> Iterator[Notice]:
    yield notice_for("proposed", entry=entry, about=f"step:{event.visit}")


@rule(e.Contacted)
def _contacted(entry: Entry, event: e.Contacted, case: Case, sop: Sop) -> Iterator[Notice]:
    for visit in case.open_visits():
        if any(not group.party for group in visit.groups):
            yield notice_for("wrote", entry=entry, about=f"step:{visit.id}")


@rule(e.Noted)
def _noted(entry: Entry, event: e.Noted, case: Case, sop: Sop) -> Iterator[Notice]:
    if event.audience == COMPLAINANT:
        yield notice_for("letter", entry=entry)


@rule(e.Answered)
def _answered(entry: Entry, event: e.Answered, case: Case, sop: Sop) -> Iterator[Notice]:
    yield notice_for("answered", entry=entry)


@rule(e.Closed)
def _closed(entry: Entry, event: e.Closed, case: Case, sop: Sop) -> Iterator[Notice]:
    yield notice_for("withdrawn" if event.outcome == "withdrawn" else "closed", entry=entry)


@rule(e.Reopened)
def _reopened(entry: Entry, event: e.Reopened, case: Case, sop: Sop) -> Iterator[Notice]:
    yield notice_for("reopened", entry=entry)


# to whom, and by when -------------------------------------------------------------------------------------------------


def posts_of(notice: Notice, case: Case, shelf: Shelf) -> tuple[str, ...]:
    """Posts that an officers' notice is for, while its duty is one: their calendar says when it may leave."""
    if not still_open(notice, case):
        return ()
    return notice.to or performing(case, shelf, notice.about)


def still_open(notice: Notice, case: Case) -> bool:
    """True while what an officers' notice is about has not ended."""
    kind, _, name = notice.about.partition(":")
    if case.status is not Status.OPEN or kind == "clock":
        return case.status is Status.OPEN
    if kind == "disposition":
        return name in case.dispositions and case.dispositions[name].state == "open"
    if name not in case.visits or not case.visits[name].is_open:
        return False
    return kind != "respond" or case.visits[name].responded_at is None


def readers(notice: Notice, case: Case, shelf: Shelf, *, but: str = "") -> tuple[str, ...]:
    """Persons (ids of the log) to whom an officers' notice goes, without ``but``, who has just acted.

    Whoever may not act is told nothing: not the party complained of, nobody whose independence is needed. Nobody is
    told any more once the duty has ended.
    """
    kind, _, name = notice.about.partition(":")
    posts = posts_of(notice, case, shelf)
    if not posts or notice.kind == "alarm":
        return ()
    if notice.to or kind == "disposition":
        persons = shelf.organisation.holders(posts) - complained_of_persons(case, shelf.sops[case.sop], shelf)
    else:
        visits = case.open_visits() if kind == "clock" else [case.visits[name]]
        persons = frozenset(person for visit in visits for person in _who_can(case, visit, shelf))
    if notice.knowing:
        persons -= shelf.organisation.holders(notice.knowing)
    return tuple(sorted(persons - {but}))


def _who_can(case: Case, visit: Visit, shelf: Shelf) -> Iterator[str]:
    step = shelf.flow(case.sop, case.procedure).steps[visit.row]
    for group in visit.groups:
        if not group.party and group.id not in visit.parts:
            yield from available(case, group, step, shelf.sops[case.sop], shelf)


def until(notice: Notice, case: Case, shelf: Shelf) -> datetime | None:
    """The moment that a notice to the complainant tells, as far as the case knows it."""
    if notice.kind == "closed":
        reopen = shelf.sops[case.sop].procedure(case.procedure).reopen
        if reopen is None or case.closed_at is None:
            return None
        return shelf.calendar.add(case.closed_at, reopen)
    if notice.kind == "question":
        return case.waits[notice.about.partition(":")[2]].until
    if notice.kind == "answered" and case.status is Status.OPEN:
        ends = (due.due_at for due in dues(case, shelf) if due.clock.startswith("timeout:"))
        return min((end for end in ends if end is not None), default=None)
    return None


def lapse(notice: Notice, case: Case, shelf: Shelf) -> tuple[datetime, datetime] | None:
    """When to warn that ``notice.about`` runs out (a quarter of its time left), and when it does; ``None``: never."""
    for due in dues(case, shelf):
        if due.clock == notice.about and due.due_at is not None:
            return max(due.starts_at, due.due_at - (due.due_at - due.starts_at) / 4), due.due_at
    return None
