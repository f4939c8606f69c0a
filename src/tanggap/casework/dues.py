"""When everything in a case falls due: a pure function of the log, the SOP version and the calendar (semantics 5).

Nothing accumulated is stored: every moment here is computed again from its start, its standard and its pauses.
Clock names: ``step:4#1``, ``respond:4#1``, ``timeout:4#1``, ``wait:w1``, ``disposition:d1``, ``clock:limit``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from tanggap.casework.events import Breached
from tanggap.casework.shelf import Shelf
from tanggap.casework.state import Case, Disposition, Status, Visit
from tanggap.sop.model import Clock, Procedure, Sop, Step
from tanggap.worktime.calendar import WorkCalendar
from tanggap.worktime.duration import Duration, parse

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Due:
    """One clock that runs now. ``due_at`` is ``None`` while it stands still. ``breaches``: passing it is a breach."""

    clock: str
    visit: str
    starts_at: datetime
    due_at: datetime | None
    standard: Duration
    breaches: bool = False
    paused: bool = False
    fixed: bool = False
    pauses: tuple[Span, ...] = ()


def dues(case: Case, shelf: Shelf) -> list[Due]:
    """Every clock of ``case`` that has a standard or an end, in no particular order."""
    if case.status is not Status.OPEN:
        return []
    sop, flow = shelf.sops[case.sop], shelf.flow(case.sop, case.procedure)
    found: list[Due] = []
    for visit in case.open_visits():
        found.extend(_visit_dues(case, shelf, sop, visit, flow.steps[visit.row]))
    found.extend(_wait_dues(case))
    found.extend(_disposition_dues(case, shelf))
    found.extend(_case_dues(case, shelf, flow.procedure))
    return found


def visit_due(case: Case, shelf: Shelf, visit: str) -> Due | None:
    """The step clock of an open visit, or ``None`` when its row has no standard or it does not run yet."""
    step = shelf.flow(case.sop, case.procedure).steps[case.visits[visit].row]
    clock = f"step:{visit}"
    return next((due for due in _visit_dues(case, shelf, shelf.sops[case.sop], case.visits[visit], step)
                 if due.clock == clock), None)  # fmt: skip


def next_moment(case: Case, shelf: Shelf) -> datetime | None:
    """When the worker must look at the case next: the earliest timeout, lapse or breach that is still unwritten."""
    return min((due.due_at for due in actionable(case, shelf) if due.due_at is not None), default=None)


def actionable(case: Case, shelf: Shelf) -> Iterator[Due]:
    """Clocks whose passing will write something: breaches not yet written, timeouts not yet fired, running waits."""
    for due in dues(case, shelf):
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


def standard_of(case: Case, step: Step) -> Duration | None:
    """The time of a row for this case: by attribute when the attribute has a listed value, else as printed."""
    for name, by_value in step.time_by.items():
        found = by_value.get(case.attributes.get(name, ""))
        if found is not None:
            return found
    return step.time


def _visit_dues(case: Case, shelf: Shelf, sop: Sop, visit: Visit, step: Step) -> Iterator[Due]:
    calendar = shelf.calendar_of(post for group in visit.groups for post in group.posts)
    outside = _only_outsiders(sop, step)
    standard = standard_of(case, step)
    start = start_of(case, visit, step.counted_from)
    if start is not None:
        pauses, running = _pauses(case, visit, start)
        if standard is not None and standard.has_standard:
            yield _due(case, calendar, f"step:{visit.id}", visit.id, start, standard, pauses, running, not outside)
        if step.respond is not None and visit.responded_at is None:
            yield _due(case, calendar, f"respond:{visit.id}", visit.id, start, step.respond, (), False, not outside)
    timeout = step.timeout
    if timeout is None or visit.timed_out:
        return
    after = timeout.after or standard
    start = start_of(case, visit, timeout.counted_from or step.counted_from)
    if after is not None and after.has_standard and start is not None:
        pauses, running = _pauses(case, visit, start)
        yield _due(case, calendar, f"timeout:{visit.id}", visit.id, start, after, pauses, running, False)


def _only_outsiders(sop: Sop, step: Step) -> bool:
    """True when nobody of the organisation performs the row: information, never a breach (X-4)."""
    return bool(step.who) and all(sop.role(role).party in ("complainant", "outside") for role in step.who)


def _due(
    case: Case, calendar: WorkCalendar, clock: str, visit: str, start: datetime, standard: Duration,
    pauses: tuple[Span, ...], running: bool, breaches: bool,
) -> Due:  # fmt: skip
    extra = case.extra.get(clock)
    if extra is not None and extra.until is not None:
        return Due(clock, visit, start, extra.until, standard, breaches, False, True, pauses)
    if running:
        return Due(clock, visit, start, None, standard, breaches, True, False, pauses)
    due = calendar.add(start, standard, pauses)
    for more in extra.by if extra is not None else ():
        due = calendar.add(due, parse(more)) if due is not None else None
    return Due(clock, visit, start, due, standard, breaches, False, False, pauses)


def start_of(case: Case, visit: Visit, counted_from: str) -> datetime | None:
    """The moment a clock of ``visit`` counts from; ``None`` when it has not come yet."""
    if counted_from in ("", "opened"):
        return visit.opened_at
    if counted_from == "receipt":
        return case.received_at
    if counted_from == "answered":
        return case.answered_at
    kind, _, rest = counted_from.partition(":")
    if kind == "done":
        ended = [v.ended_at for v in case.visits.values() if v.row == rest and v.state == "done" and v.ended_at]
        return max(ended, default=None)
    if kind == "delivered":
        return case.delivered.get(rest)
    if kind == "linked":
        relation, _, mark = rest.partition(":")
        return next((link.moments[mark] for link in case.links if link.relation == relation and mark in link.moments),
                    None)  # fmt: skip
    return case.marks.get(counted_from)


def _pauses(case: Case, visit: Visit, start: datetime) -> tuple[tuple[Span, ...], bool]:
    """Ended stretches of standing still, and whether one runs now. A clock from before the visit: ancestors' too."""
    if not case.waits:
        return (), False
    owners = {visit.id}
    if start < visit.opened_at:
        owners |= case.ancestors(visit.id)
    return spans(wait for wait in case.waits.values() if wait.visit in owners)


def spans(waits: Iterable) -> tuple[tuple[Span, ...], bool]:  # type: ignore[type-arg]
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
            yield Due(f"wait:{wait.id}", wait.visit, wait.since, wait.until, parse("-"))


def _disposition_dues(case: Case, shelf: Shelf) -> Iterator[Due]:
    for one in case.dispositions.values():
        if one.state == "open":
            due = disposition_due(one, shelf)
            if due is not None:
                standard = parse(one.standard)
                yield Due(f"disposition:{one.id}", one.visit, one.given_at, due, standard, True, False, bool(one.until))


def disposition_due(disposition: Disposition, shelf: Shelf) -> datetime | None:
    """By when a disposition must be reported on: the moment its giver named, or its own standard."""
    if disposition.until is not None:
        return disposition.until
    calendar = shelf.calendar_of(shelf.organisation.expand(disposition.to))
    return calendar.add(disposition.given_at, parse(disposition.standard))


def case_clocks(procedure: Procedure) -> Iterator[Clock]:
    """The clocks on a whole case: the procedure's limit, and those it declares."""
    if procedure.limit is not None:
        yield Clock("limit", "promise", procedure.limit)
    yield from procedure.clocks


def _case_dues(case: Case, shelf: Shelf, procedure: Procedure) -> Iterator[Due]:
    for clock in case_clocks(procedure):
        start = _clock_start(case, clock.counted_from)
        if clock.time is None or not clock.time.has_standard or start is None or _clock_ended(case, clock):
            continue
        stopping = [w for w in case.waits.values() if clock.id == "limit" or w.reason in clock.stops]
        pauses, running = spans(stopping)
        name = f"clock:{clock.id}"
        yield _due(case, shelf.calendar, name, "", start, clock.time, pauses, running, True)


def _clock_start(case: Case, counted_from: str) -> datetime | None:
    if counted_from == "receipt":
        return case.received_at
    if counted_from == "answered":
        return case.answered_at
    return case.marks.get(counted_from)


def _clock_ended(case: Case, clock: Clock) -> bool:
    if clock.until == "answered":
        return case.answered_at is not None
    if clock.until == "end":
        return False
    return any(visit.row == clock.until and visit.state == "done" for visit in case.visits.values())
