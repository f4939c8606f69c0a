"""By when an answer is due by the SOP's own times: the latest moment any path without repetition can bring it.

Adding a standard never makes a later start earlier, so the latest way to a row is the latest way to a row before it,
plus that row's time. Returns are left out: a promise is what the paper says, not how often work comes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tanggap.casework.shelf import Shelf
from tanggap.sop.flow import Flow
from tanggap.sop.model import Party, Sop, Step
from tanggap.worktime.duration import Duration
from tanggap.worktime.explanation import Explanation


@dataclass(frozen=True, slots=True)
class Promise:
    """When, and by which words: ``limit`` of the procedure, or the ``rows`` whose times were added."""

    due_at: datetime
    rows: tuple[str, ...] = ()
    limit: str = ""


def promise(
    shelf: Shelf, sop_hash: str, procedure: str, start: datetime, attributes: Mapping[str, str]
) -> Promise | None:
    """The promise to the complainant from ``start`` (receipt), or ``None`` when the procedure names no time at all."""
    sop, flow = shelf.sops[sop_hash], shelf.flow(sop_hash, procedure)
    if flow.procedure.limit is not None and flow.procedure.limit.has_standard:
        due = shelf.calendar.add(start, flow.procedure.limit)
        return Promise(due, limit=str(flow.procedure.limit)) if due is not None else None
    latest = _latest(sop, flow, shelf, start, attributes)
    answering = [latest[row] for row in latest if _answers(flow, row)]
    timed = [(due, rows) for due, rows in answering if any(_times(flow.steps[row], attributes) for row in rows)]
    if not timed:
        return None
    due, rows = max(timed)
    return Promise(due, rows)


@dataclass(frozen=True, slots=True)
class Leg:
    """One stretch of the way to the answer: the row (empty: the whole procedure), its time, and how it was counted."""

    row: str
    standard: Duration
    explanation: Explanation


def legs(
    shelf: Shelf, sop_hash: str, procedure: str, start: datetime, attributes: Mapping[str, str]
) -> tuple[Leg, ...]:
    """How :func:`promise` comes to its moment, stretch by stretch; nothing when it names none."""
    made = promise(shelf, sop_hash, procedure, start, attributes)
    if made is None:
        return ()
    sop, flow = shelf.sops[sop_hash], shelf.flow(sop_hash, procedure)
    if made.limit and flow.procedure.limit is not None:
        return (Leg("", flow.procedure.limit, shelf.calendar.explain(start, flow.procedure.limit)),)
    found: list[Leg] = []
    opened = start
    for row in made.rows:
        step = flow.steps[row]
        time = None if _of_complainant(sop, step) else step.time_for(attributes)
        if time is not None and time.has_standard:
            found.append(Leg(row, time, shelf.calendar.explain(_counted_from(step, start, opened), time)))
            opened = max(found[-1].explanation.due or opened, opened)
    return tuple(found)


def _answers(flow: Flow, row: str) -> bool:
    return flow.steps[row].record == "answer" or any(exit.answers for exit in flow.exits(row))


def _latest(
    sop: Sop, flow: Flow, shelf: Shelf, start: datetime, attributes: Mapping[str, str]
) -> dict[str, tuple[datetime, tuple[str, ...]]]:
    """Row to the latest moment it can be done by, and the rows on that way; rows in order of the way."""
    first = [row for row in flow.landing(flow.start(attributes)) if row in flow.steps]
    done: dict[str, tuple[datetime, tuple[str, ...]]] = {}

    def visit(row: str, opened: datetime, way: tuple[str, ...]) -> None:
        step = flow.steps[row]
        time = None if _of_complainant(sop, step) else step.time_for(attributes)
        counted = shelf.calendar.add(_counted_from(step, start, opened), time) if time is not None else None
        due = max(counted or opened, opened)
        if row in done and done[row][0] >= due:
            return
        done[row] = (due, (*way, row))
        for target in flow.edges[row]:
            if target not in way and target != row and not flow.is_return(row, target):
                visit(target, due, (*way, row))

    for row in first:
        visit(row, start, ())
    return done


def _times(step: Step, attributes: Mapping[str, str]) -> bool:
    time = step.time_for(attributes)
    return time is not None and time.has_standard


def _counted_from(step: Step, start: datetime, opened: datetime) -> datetime:
    """A row counted from the receipt has had its time running all the while; of other moments nothing is known yet."""
    return start if step.counted_from == "receipt" else opened


def _of_complainant(sop: Sop, step: Step) -> bool:
    return bool(step.who) and all(sop.role(role).party is Party.COMPLAINANT for role in step.who)
