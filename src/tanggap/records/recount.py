"""Open cases counted by other calendars: all of an institution in one sweep, what moves, and the rows that follow."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from tanggap.casework.coming import next_moment
from tanggap.casework.fold import fold
from tanggap.casework.moves import Move, moves
from tanggap.casework.shelf import Shelf
from tanggap.casework.state import Case as State
from tanggap.records.entries import read_entry
from tanggap.records.models import (
    CalendarMove,
    CalendarVersion,
    Case,
    CaseEvent,
    Duty,
    Institution,
    OrganisationAct,
    OrganisationMove,
)
from tanggap.records.models.cases import duty_id
from tanggap.records.projection import Rows, counted_by, project
from tanggap.records.rows import insert, update_all
from tanggap.records.shelves import compiled

_EVENTS_AT_ONCE = 5_000
_CASES_AT_ONCE = 500  # names in one WHERE ... IN
_MOVING = ("due_at", "warn_at", "respond_due_at", "breaches")
_NEVER = datetime.min.replace(tzinfo=UTC)


class OpenCase(NamedTuple):
    """What is asked of the row of an open case."""

    pk: UUID
    register: str
    confidential: bool
    counted_by: str
    next_moment: datetime | None


@dataclass(frozen=True, slots=True)
class MovedCase:
    """A case with clocks or rungs that move. ``rows``: as the new calendars count them, when they were asked for."""

    case: UUID
    register: str
    confidential: bool
    moves: tuple[Move, ...]
    rows: Rows | None = None


@dataclass(slots=True)
class Recount:
    """What a sweep found. ``seqs``: how far the log of every open case went when it was read."""

    seqs: dict[UUID, int] = field(default_factory=dict)
    moved: dict[UUID, MovedCase] = field(default_factory=dict)
    strange: set[UUID] = field(default_factory=set)
    """Cases whose rows were not counted by the calendars before: all their rows are to be computed again."""


def recount(
    institution: Institution, before: Shelf, after: Shelf, *, only: Collection[UUID] | None = None,
    with_rows: bool = False, step: Callable[[], None] = lambda: None,
) -> Recount:  # fmt: skip
    """Count the open cases (``only`` these) by both shelves. Reads in bulk: two queries for all cases together.

    ``with_rows``: compute what is to be written too, so that writing is all that is left to do under a lock. ``step``
    is called after each case. Raises ``CalendarRefused`` when a moment cannot be counted by a calendar.
    """
    found, word = Recount(), counted_by(before)
    for row, state in open_cases(institution, only=only):
        found.seqs[row.pk] = state.seq
        if row.counted_by != word:
            found.strange.add(row.pk)
        moved = moves(state, before, after)
        if moved or (with_rows and next_moment(state, after) != row.next_moment):  # a rung is no clock, but moves too
            rows = project(state, shelf=after, head="", last_at=state.received_at or _NEVER) if with_rows else None
            found.moved[row.pk] = MovedCase(row.pk, row.register, row.confidential, moved, rows)
        step()
    return found


def open_cases(institution: Institution, *, only: Collection[UUID] | None = None) -> Iterator[tuple[OpenCase, State]]:
    """Every open case with what its log folds to, by their ids. Never more than one case's entries in memory."""
    if only is not None:
        wanted = sorted(only)
        for start in range(0, len(wanted), _CASES_AT_ONCE):
            yield from _read(institution, {"pk__in": wanted[start : start + _CASES_AT_ONCE]})
    else:
        yield from _read(institution, {})


def _read(institution: Institution, which: dict[str, Any]) -> Iterator[tuple[OpenCase, State]]:
    cases = Case.objects.filter(institution=institution, status="open", **which)
    rows = {
        row[0]: OpenCase(*row)
        for row in cases.values_list("pk", "register", "confidential", "counted_by", "next_moment")
    }
    events = CaseEvent.objects.filter(case__in=cases.order_by().values("pk")).order_by("case_id", "seq")
    lines = events.values_list("case_id", "seq", "kind", "data", "happened_at", "recorded_at", "by", "key", "digest")
    for case, own in groupby(lines.iterator(chunk_size=_EVENTS_AT_ONCE), key=itemgetter(0)):
        if case in rows:
            yield rows[case], fold(read_entry(*line[1:]) for line in own)


def store_moved(
    institution: Institution, moved: Collection[MovedCase], act: CalendarVersion | OrganisationAct, after: Shelf
) -> None:
    """Record the moves with ``act``, write the rows that follow from them, and on every open case by which

    calendars it is counted now. Inside a transaction.
    """
    insert(_move_row(act, one.case, move) for one in moved for move in one.moves)
    duties, cases = [], []
    for one in moved:
        assert one.rows is not None
        for row in one.rows.duties:
            facts = dict(row.fields)
            duties.append([*(facts[name] for name in _MOVING), duty_id(one.case, row.name)])
        cases.append([dict(one.rows.fields)["next_moment"], None, one.case])
    update_all(Duty, _MOVING, duties)
    update_all(Case, ("next_moment", "lease_until"), cases)
    Case.objects.filter(institution=institution, status="open").update(counted_by=counted_by(after))


def _move_row(act: CalendarVersion | OrganisationAct, case: UUID, move: Move) -> CalendarMove | OrganisationMove:
    facts: dict[str, Any] = {
        "case_id": case, "clock": move.clock, "no": move.no, "what": move.what, "round": move.round,
        "before": move.before, "after": move.after, "breached": move.breached,
    }  # fmt: skip
    if isinstance(act, CalendarVersion):
        return CalendarMove(version=act, **facts)
    return OrganisationMove(act=act, **facts)


def outdated(at: datetime) -> QuerySet[Case]:
    """Open cases whose rows were counted by other rules, calendars, law or ladder than those that hold at ``at``."""
    other = Q(pk__in=())
    for institution in Institution.objects.all():
        try:
            word = counted_by(compiled(institution).shelf(at))
        except LookupError:  # no calendar yet, and so no case
            continue
        other |= Q(institution=institution) & ~Q(counted_by=word)
    return Case.objects.filter(other, status="open")
