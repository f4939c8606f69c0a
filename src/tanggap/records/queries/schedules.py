"""Periodic duties as their page shows them: how often, by whom, when last and next, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tanggap.casework import duties
from tanggap.records.access import Part, Reader, visible_cases
from tanggap.records.models import Case, Institution, Schedule
from tanggap.records.models.cases import DUTIES
from tanggap.records.queries.institutions import names_of
from tanggap.records.shelves import compiled
from tanggap.sop.model import Procedure, Sop

_CASES = 1000


@dataclass(frozen=True, slots=True)
class DutyCase:
    """One time a duty was due. ``behind``: still open although the next date has come, or past a standard."""

    case: UUID
    register: str
    period: date | None
    skipped: int
    extra: bool
    received_at: datetime
    closed_at: datetime | None
    outcome: str
    attributes: Mapping[str, str]
    behind: bool


@dataclass(frozen=True, slots=True)
class ScheduleLine:
    """One periodic duty. ``sop``, ``duty``: of the version it follows, or followed last. ``cases``: the latest first.

    ``last``: the date opened last; ``next_at``: when the next case opens, ``None`` for a duty that has ended.
    """

    id: int
    sop: Sop
    duty: Procedure
    posts: tuple[str, ...]
    last: date | None
    next: date | None
    next_at: datetime | None
    ended_at: datetime | None
    cases: tuple[DutyCase, ...]

    @property
    def open_case(self) -> DutyCase | None:
        """The case of this duty that is being worked on."""
        return next((one for one in self.cases if one.closed_at is None), None)


def reads_schedules(part: Part) -> bool:
    """Whether somebody reads the schedules of an institution; the cases themselves as far as they are visible."""
    return part.coordinator or part.auditor or part.admin


def schedules(who: Reader, institution: str) -> list[ScheduleLine]:
    """The periodic duties of ``institution``, those in force first. Few queries, however many cases there were."""
    place = next((place for place, part in who.parts.items()
                  if part.institution == institution and reads_schedules(part)), None)  # fmt: skip
    if place is None:
        return []
    house = Institution.objects.get(pk=place)
    shelf, names = compiled(house).shelf(who.at), names_of(place)
    rows = list(Schedule.objects.filter(institution=place).exclude(sop_hash=""))
    cases = _cases(who, place, {(row.sop_id, row.duty): row.last for row in rows})
    lines = []
    for row in rows:
        sop = shelf.sops[row.sop_hash]
        duty = sop.procedure(row.duty)
        posts = [post for role in duty.steps[0].who for post in shelf.organisation.columns.get((row.sop_id, role), ())]
        lines.append(
            ScheduleLine(
                id=row.pk,
                sop=sop,
                duty=duty,
                posts=tuple(names.get(post, post) for post in posts),
                last=row.last,
                next=row.next,
                next_at=row.look_at,
                ended_at=row.ended_at,
                cases=tuple(cases.get((row.sop_id, row.duty), ())),
            )
        )
    return sorted(lines, key=lambda line: (line.ended_at is not None, line.sop.identity.title, line.duty.id))


def _cases(
    who: Reader, place: int, last: Mapping[tuple[str, str], date | None]
) -> dict[tuple[str, str], list[DutyCase]]:
    found: dict[tuple[str, str], list[DutyCase]] = {}
    rows = visible_cases(who).filter(institution=place, book=DUTIES).order_by("-received_at")[:_CASES]
    for row in rows:
        key = (row.sop_id, row.procedure)
        found.setdefault(key, []).append(_duty_case(row, last.get(key)))
    return found


def _duty_case(row: Case, last: date | None) -> DutyCase:
    period, extra = duties.day_of(row.attributes, duties.PERIOD), duties.EXTRA in row.attributes
    overtaken = not extra and period is not None and last is not None and period < last
    return DutyCase(
        case=row.pk,
        register=row.register,
        period=period,
        skipped=int(row.attributes.get(duties.SKIPPED, "0")),
        extra=extra,
        received_at=row.received_at,
        closed_at=row.closed_at,
        outcome=row.outcome,
        attributes=row.attributes,
        behind=row.closed_at is None and (row.late or overtaken),
    )
