"""From a case to its rows: what is stored beside the log so that lists are quick. Nothing here touches the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from operator import attrgetter
from typing import Any, NamedTuple

from tanggap.casework.coming import Coming
from tanggap.casework.dues import Due
from tanggap.casework.escalation import climbing
from tanggap.casework.performers import respondents
from tanggap.casework.shelf import Shelf
from tanggap.casework.state import Case, Escalation, Status, Visit
from tanggap.records.law import version_of
from tanggap.sop.model import Sop

RULES = 1
"""Raised when rows are computed differently: cases written before are then brought up to date as a whole."""

PERFORMER = "performer"
RUNG = "rung"
RESPONDENT = "respondent"

Names = frozenset[tuple[str, str]]
"""Posts or units with the group they stand in: ``(name, group)``."""


CASE_FIELDS = (
    "seq", "head", "counted_by", "sop_id", "sop_hash", "procedure", "status", "outcome", "answered", "confidential",
    "nobody", "late", "received_at", "answered_at", "closed_at", "last_at", "channel", "kind", "identity", "attributes",
    "next_moment",
)  # fmt: skip
"""Columns of a case that are projected."""

DUTY_FIELDS = (
    "visit", "row", "disposition", "no", "what", "party", "round", "opened_at", "due_at", "warn_at", "breaches",
    "respond_due_at", "paused", "waits_for", "level",
)  # fmt: skip
"""Columns of a duty besides its name."""


@dataclass(frozen=True, slots=True)
class DutyRow:
    """The columns of one duty, who may do it, and who was rung about it: ``(post, cause, level, due)``."""

    name: str
    fields: tuple[tuple[str, Any], ...]
    posts: Names
    rungs: frozenset[tuple[str, str, int, datetime]] = frozenset()

    def without_rungs(self) -> tuple[object, ...]:
        """All but how far the duty has climbed."""
        return self.name, self.posts, [one for one in self.fields if one[0] != "level"]


class Standing(NamedTuple):
    """What stands beside the row of a case."""

    duties: tuple[DutyRow, ...]
    parties: Names  # (post or unit, part)


@dataclass(frozen=True, slots=True)
class Rows:
    """Everything projected of one case. Two equal values are the same rows."""

    fields: tuple[tuple[str, Any], ...]
    duties: tuple[DutyRow, ...]
    parties: frozenset[tuple[str, str]]  # (post or unit, part)


def project(case: Case, *, shelf: Shelf, head: str, last_at: datetime, coming: Coming | None = None) -> Rows:
    """The rows of ``case``. ``head`` is the hash of its last line, ``last_at`` when that was recorded.

    ``coming``: what comes next in it, where that is at hand.
    """
    sop = shelf.sops[case.sop]
    coming = coming or Coming(case, shelf)
    fields = {
        "seq": case.seq,
        "head": head,
        "counted_by": counted_by(shelf) if case.status is Status.OPEN else "",
        "sop_id": sop.id,
        "sop_hash": case.sop,
        "procedure": case.procedure,
        "status": case.status.value,
        "outcome": case.outcome,
        "answered": case.answered,
        "confidential": sop.procedure(case.procedure).confidential,
        "nobody": any(_is_orphan(visit) for visit in case.open_visits()),
        "late": bool(case.breached),
        "received_at": case.received_at,
        "answered_at": case.answered_at,
        "closed_at": case.closed_at,
        "last_at": last_at,
        "channel": case.attributes.get("channel", ""),
        "kind": case.attributes.get("kind", ""),
        "identity": case.attributes.get("identity", ""),
        "attributes": dict(sorted(case.attributes.items())),
        "next_moment": coming.next_moment(),
    }
    return Rows(tuple(fields.items()), *standing(case, shelf, coming.by_clock))


def standing(case: Case, shelf: Shelf, running: Mapping[str, Due]) -> Standing:
    """The duties of ``case`` in the order of their names, and its parties. ``running``: its dues by clock."""
    sop = shelf.sops[case.sop]
    duties = (*_visit_duties(case, shelf, sop, running), *_disposition_duties(case, shelf, running))
    return Standing(tuple(sorted(duties, key=attrgetter("name"))), frozenset(_parties(case, sop)))


def counted_by(shelf: Shelf) -> str:
    """By which rules, calendars, law and ladder: rows that say another word are not as they would be computed now."""
    units = "".join(unit + calendar.version for unit, calendar in sorted(shelf.unit_calendars.items()))
    told = f"{shelf.calendar.version}{units}{version_of(shelf.law)}{version_of(shelf.ladder)}"
    return f"{RULES}:{sha256(told.encode()).hexdigest()}"


def _is_orphan(visit: Visit) -> bool:
    return any(not group.posts and not group.party for group in visit.groups) or not visit.groups


def _visit_duties(case: Case, shelf: Shelf, sop: Sop, running: Mapping[str, Due]) -> Iterator[DutyRow]:
    if case.status is not Status.OPEN:
        return
    flow = shelf.flow(case.sop, case.procedure)
    for visit in case.open_visits():
        step = flow.steps[visit.row]
        wait = case.running_wait(visit.id)
        climbed = [one for one in climbing(case, f"step:{visit.id}", running) if one.level]
        respond = running.get(f"respond:{visit.id}")
        own = {role.party for role in (sop.role(name) for name in step.who)}
        yield DutyRow(
            name=f"step:{visit.id}",
            fields=tuple(
                {
                    "visit": visit.id,
                    "row": visit.row,
                    "disposition": "",
                    "no": step.no,
                    "what": step.what,
                    "party": str(next(iter(own)) or "") if len(own) == 1 else "",
                    "round": visit.round,
                    "opened_at": visit.opened_at,
                    **_clock(running.get(f"step:{visit.id}")),
                    "respond_due_at": respond.due_at if respond else None,
                    "paused": wait is not None,
                    "waits_for": wait.reason if wait else "",
                    "level": max((one.level for one in climbed), default=0),
                }.items()
            ),
            posts=frozenset(
                (post, group.id)
                for group in visit.groups
                if group.id not in visit.parts  # who has done their part has no duty any more
                for post in group.posts
            ),
            rungs=_rungs(climbed),
        )


def _disposition_duties(case: Case, shelf: Shelf, running: Mapping[str, Due]) -> Iterator[DutyRow]:
    flow = shelf.flow(case.sop, case.procedure)
    for one in case.dispositions.values():
        if one.state != "open":
            continue
        row = case.visits[one.visit].row
        step = flow.steps[row]
        climbed = [rung for rung in climbing(case, f"disposition:{one.id}", running) if rung.level]
        yield DutyRow(
            name=f"disposition:{one.id}",
            fields=tuple(
                {
                    "visit": one.visit,
                    "row": row,
                    "disposition": one.id,
                    "no": step.no,
                    "what": step.what,
                    "party": "",
                    "round": case.visits[one.visit].round,
                    "opened_at": one.given_at,
                    **_clock(running.get(f"disposition:{one.id}")),
                    "respond_due_at": None,
                    "paused": False,
                    "waits_for": "",
                    "level": max((rung.level for rung in climbed), default=0),
                }.items()
            ),
            posts=frozenset((name, "") for name in one.to),
            rungs=_rungs(climbed),
        )


def _rungs(climbed: Iterable[Escalation]) -> frozenset[tuple[str, str, int, datetime]]:
    """Each post with the last rung it was rung by."""
    last = {post: (post, one.cause, one.level, one.due) for one in climbed for post in one.posts}
    return frozenset(last.values())


def _clock(due: Due | None) -> dict[str, Any]:
    """Due, the moment to warn (three quarters of the way there), and whether passing it is a breach."""
    if due is None:
        return {"due_at": None, "warn_at": None, "breaches": False}
    return {"due_at": due.due_at, "warn_at": due.warn_at, "breaches": due.breaches}


def _parties(case: Case, sop: Sop) -> Iterator[tuple[str, str]]:
    for visit in case.visits.values():
        for groups in (visit.groups, *(groups for _, groups in visit.shifts)):
            for group in groups:
                yield from ((post, PERFORMER) for post in group.posts)
    for one in case.dispositions.values():
        yield from ((name, PERFORMER) for name in one.to)
    for written in case.rung.values():
        yield from ((post, RUNG) for one in written for post in one.posts)
    yield from ((name, RESPONDENT) for name in respondents(case, sop))
