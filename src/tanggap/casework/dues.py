"""When everything in a case falls due: a function of the log, the SOP version and the calendar (docs/engine.md, 4).

Nothing accumulated is stored: every moment here is computed again from its start, its standard and its pauses.
Clock names: ``step:4#1``, ``respond:4#1``, ``timeout:4#1``, ``wait:w1``, ``disposition:d1``, ``clock:limit``,
``clock:law-...``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tanggap.casework.events import Breached
from tanggap.casework.law import law_clocks
from tanggap.casework.moments import clock_ended, clock_start, start_of
from tanggap.casework.shelf import Shelf
from tanggap.casework.state import Case, Disposition, Status, Visit, Waiting
from tanggap.sop.model import Clock, Procedure, Sop, Step
from tanggap.worktime.calendar import WorkCalendar
from tanggap.worktime.duration import Duration, parse

Span = tuple[datetime, datetime]

_NO_STANDARD = parse("-")
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Due:
    """One clock that runs now. ``due_at`` is ``None`` while it stands still. ``breaches``: passing it is a breach.

    ``kind``: ``promise`` or ``law`` for a clock on the whole case, else empty.
    """

    clock: str
    visit: str
    starts_at: datetime
    due_at: datetime | None
    standard: Duration
    breaches: bool = False
    paused: bool = False
    fixed: bool = False
    pauses: tuple[Span, ...] = ()
    kind: str = ""

    @property
    def warn_at(self) -> datetime | None:
        """When to warn: three quarters of the way to the due moment; ``None`` while the clock stands still."""
        if self.due_at is None:
            return None
        return max(self.starts_at, self.due_at - (self.due_at - self.starts_at) / 4)


def duty_of(clock: str) -> str:
    """The duty that ``clock`` runs on: a first response belongs to its row, every other clock is its own."""
    kind, _, name = clock.partition(":")
    return f"step:{name}" if kind == "respond" else clock


def response_of(duty: str) -> str:
    """The clock of the first response in ``duty``; a duty that is no row has none, and names itself."""
    kind, _, name = duty.partition(":")
    return f"respond:{name}" if kind == "step" else duty


def dues(case: Case, shelf: Shelf) -> list[Due]:
    """Every clock of ``case`` that has a standard or an end, in no particular order."""
    if case.status is not Status.OPEN:
        return []
    sop, flow = shelf.sops[case.sop], shelf.flow(case.sop, case.procedure)
    found: list[Due] = []
    for visit in case.open_visits():
        found.extend(_visit_dues(case, shelf, sop, visit, flow.steps[visit.row]))
    found.extend(_wait_dues(case))
    found.extend(_disposition_dues(case, shelf, sop))
    found.extend(_case_dues(case, shelf, sop))
    return found


def visit_due(case: Case, shelf: Shelf, visit: str) -> Due | None:
    """The step clock of a visit of the present procedure; ``None`` when its row has no standard or it never ran."""
    step = shelf.flow(case.sop, case.procedure).steps[case.visits[visit].row]
    clock = f"step:{visit}"
    return next((due for due in _visit_dues(case, shelf, shelf.sops[case.sop], case.visits[visit], step)
                 if due.clock == clock), None)  # fmt: skip


def actionable(case: Case, running: Iterable[Due]) -> Iterator[Due]:
    """Clocks whose passing will write something: breaches not yet written, timeouts not yet fired, running waits."""
    for due in running:
        if due.due_at is not None and (
            (due.breaches and due.clock not in case.breached) or due.clock.startswith(("timeout:", "wait:"))
        ):
            yield due


def breaches_of(case: Case, shelf: Shelf, visit: str, at: datetime) -> list[Breached]:
    """Standards of ``visit`` that had passed by ``at`` and were not yet written: an act never hides a lateness."""
    step = shelf.flow(case.sop, case.procedure).steps[case.visits[visit].row]
    return [
        Breached(due.clock, due.due_at)
        for due in _visit_dues(case, shelf, shelf.sops[case.sop], case.visits[visit], step)
        if due.breaches and due.due_at is not None and due.due_at < at and due.clock not in case.breached
    ]


def late_minutes(case: Case, shelf: Shelf, clock: str, at: datetime) -> int | None:
    """Whole working minutes by which ``step:...`` or ``disposition:...`` is late at ``at``; ``None``: it is not late.

    Counted in the calendar of its duty, pauses left out; those of a deadline that somebody named move nothing.
    """
    kind, _, name = clock.partition(":")
    pauses: tuple[Span, ...] = ()
    if kind == "disposition":
        one = case.dispositions[name]
        due_at, posts = disposition_due(case, shelf, one), shelf.organisation.expand(one.to)
    else:
        due = visit_due(case, shelf, name)
        if due is None or not due.breaches:
            return None
        due_at, pauses = due.due_at, () if due.fixed else due.pauses
        posts = tuple(post for group in case.visits[name].groups for post in group.posts)
    if due_at is None or due_at >= at:
        return None
    return shelf.calendar_of(posts).worked(due_at, at, pauses) // _MINUTE


def _visit_dues(case: Case, shelf: Shelf, sop: Sop, visit: Visit, step: Step) -> Iterator[Due]:
    calendar = shelf.calendar_of(post for group in visit.groups for post in group.posts)
    outside = _only_outsiders(sop, step)
    standard = step.time_for(case.attributes)
    start = start_of(case, visit, step.counted_from)
    if start is not None:
        pauses, running = _pauses(case, visit, start)
        clock = Clockwork(case, sop, calendar, visit.id, start, not outside)
        if (standard is not None and standard.has_standard) or _has_deadline(case, f"step:{visit.id}"):
            yield clock.due(f"step:{visit.id}", standard or _NO_STANDARD, pauses, running)
        if step.respond is not None and visit.responded_at is None:
            yield clock.due(f"respond:{visit.id}", step.respond)
    timeout = step.timeout
    if timeout is None or visit.timed_out:
        return
    after = timeout.after or standard
    start = start_of(case, visit, timeout.counted_from or step.counted_from)
    if after is not None and after.has_standard and start is not None:
        pauses, running = _pauses(case, visit, start)
        clock = Clockwork(case, sop, calendar, visit.id, start, False)
        extended = f"step:{visit.id}" if timeout.after is None else ""  # more time for the row is more time for it
        due = clock.due(f"timeout:{visit.id}", after, pauses, running, extended=extended)
        if due.due_at is None or due.due_at > visit.opened_at or not _timed_out_before(case, visit):
            yield due


def _timed_out_before(case: Case, visit: Visit) -> bool:
    """True when the row has timed out in this procedure: a moment that had passed by then brings nothing twice."""
    return any(one.timed_out and one.row == visit.row and one.leg == visit.leg for one in case.visits.values())


def _only_outsiders(sop: Sop, step: Step) -> bool:
    """True when nobody of the organisation performs the row: information, never a breach (X-4)."""
    return bool(step.who) and all(sop.role(role).party in ("complainant", "outside") for role in step.who)


def _has_deadline(case: Case, clock: str) -> bool:
    extra = case.extra.get(clock)
    return extra is not None and extra.until is not None


@dataclass(frozen=True, slots=True)
class Clockwork:
    """What the clocks of one visit, disposition or case have in common."""

    case: Case
    sop: Sop
    calendar: WorkCalendar
    visit: str
    start: datetime
    breaches: bool
    kind: str = ""

    def due(
        self, clock: str, standard: Duration, pauses: tuple[Span, ...] = (), running: bool = False, extended: str = ""
    ) -> Due:
        """The clock as it stands: a named deadline, standing still, or counted from its start with its extensions."""
        extra = self.case.extra.get(extended or clock)
        if extra is not None and extra.until is not None:
            return self._as(clock, extra.until, standard, pauses, fixed=True)
        if running:
            return self._as(clock, None, standard, pauses, paused=True)
        due = self.calendar.add(self.start, standard, pauses)
        for more in extra.by if extra is not None else ():
            due = self.calendar.add(due, parse(more, self.sop.reading), pauses) if due is not None else None
        return self._as(clock, due, standard, pauses)

    def _as(
        self, clock: str, due_at: datetime | None, standard: Duration, pauses: tuple[Span, ...], *,
        paused: bool = False, fixed: bool = False,
    ) -> Due:  # fmt: skip
        return Due(clock, self.visit, self.start, due_at, standard, self.breaches, paused, fixed, pauses,
                   self.kind)  # fmt: skip


def _pauses(case: Case, visit: Visit, start: datetime) -> tuple[tuple[Span, ...], bool]:
    """Ended stretches of standing still, and whether one runs now.

    For a clock that counts from before the visit: those of its ancestors too, and while the case was closed.
    """
    before = start < visit.opened_at
    if not case.waits:
        return (case.rests if before else ()), False
    owners = {visit.id}
    if before:
        owners |= case.ancestors(visit.id)
    pauses, running = spans(wait for wait in case.waits.values() if wait.visit in owners)
    return ((*case.rests, *pauses) if before else pauses), running


def spans(waits: Iterable[Waiting]) -> tuple[tuple[Span, ...], bool]:
    """The ended stretches among ``waits``, and whether one of them still runs."""
    ended: list[Span] = []
    running = False
    for wait in waits:
        if wait.to is None:
            running = True
        else:
            ended.append((wait.since, wait.to))
    return tuple(ended), running


def _wait_dues(case: Case) -> Iterator[Due]:
    for wait in case.waits.values():
        if wait.to is None and wait.until is not None:
            yield Due(f"wait:{wait.id}", wait.visit, wait.since, wait.until, _NO_STANDARD)


def _disposition_dues(case: Case, shelf: Shelf, sop: Sop) -> Iterator[Due]:
    for one in case.dispositions.values():
        if one.state == "open":
            clock = f"disposition:{one.id}"
            due = disposition_due(case, shelf, one)
            if due is not None:
                extra = case.extra.get(clock)
                fixed = one.until is not None or (extra is not None and extra.until is not None)
                yield Due(clock, one.visit, one.given_at, due, parse(one.standard, sop.reading), True, False, fixed)


def disposition_due(case: Case, shelf: Shelf, one: Disposition) -> datetime | None:
    """By when ``one`` must be reported on, or had to be: a named moment, else by its own standard."""
    extra = case.extra.get(f"disposition:{one.id}")
    named = extra.until if extra is not None and extra.until is not None else one.until
    return named or disposition_end(shelf.sops[case.sop], shelf, one.to, one.given_at, one.standard)


def disposition_end(
    sop: Sop, shelf: Shelf, to: Iterable[str], given_at: datetime, standard: str
) -> datetime | None:  # fmt: skip
    """By when a disposition given to ``to`` must be reported on by its own standard, in their calendar."""
    calendar = shelf.calendar_of(shelf.organisation.expand(to))
    return calendar.add(given_at, parse(standard, sop.reading))


def case_clocks(procedure: Procedure) -> Iterator[Clock]:
    """The clocks on a whole case: the procedure's limit, and those it declares."""
    if procedure.limit is not None:
        yield Clock("limit", "promise", procedure.limit)
    yield from procedure.clocks


def clocks_of(case: Case, shelf: Shelf) -> Iterator[Clock]:
    """Every clock on the whole case: those of its procedure, then those the law sets for such a case."""
    yield from case_clocks(shelf.flow(case.sop, case.procedure).procedure)
    if not case.internal:  # the law counts for whoever complained
        yield from law_clocks(shelf.law, case.attributes)


def _case_dues(case: Case, shelf: Shelf, sop: Sop) -> Iterator[Due]:
    for clock in clocks_of(case, shelf):
        start = clock_start(case, shelf.sops, clock.counted_from)
        if clock.time is None or not clock.time.has_standard or start is None or clock_ended(case, shelf.sops, clock):
            continue
        stopping = [w for w in case.waits.values() if clock.id == "limit" or w.reason in clock.stops]
        pauses, running = spans(stopping)
        clockwork = Clockwork(case, sop, shelf.calendar, "", start, True, clock.kind)
        yield clockwork.due(f"clock:{clock.id}", clock.time, (*case.rests, *pauses), running)
