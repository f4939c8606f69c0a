"""Duties: what somebody must do, ordered by when it is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from tanggap.records.access import Reader, visible_duties
from tanggap.records.models import Duty, Post
from tanggap.records.models.cases import DUTIES
from tanggap.records.queries.words import reports, title_of


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One duty. ``state``: ``late`` (due passed), ``soon`` (a quarter left), ``paused``, ``running``, ``untimed``.

    ``units``: key and name of the units for which the duty reaches its reader.
    """

    case: UUID
    register: str
    institution: str
    institution_name: str
    zone: str
    title: str
    kind: str
    channel: str
    attributes: dict[str, str]
    sop_hash: str
    procedure: str
    visit: str
    row: str
    disposition: str
    no: str
    what: str
    party: str
    round: int
    opened_at: datetime
    due_at: datetime | None
    respond_due_at: datetime | None
    state: str
    waits_for: str
    received_at: datetime
    promise_due_at: datetime | None
    units: tuple[tuple[str, str], ...] = ()
    internal: bool = False  # of a periodic duty: nobody complained


@dataclass(frozen=True, slots=True)
class TogetherLine:
    """A duty among those of one row. ``seq``: how far the log of its case goes; ``answer_by``: how the complainant

    asked to be answered, if they said.
    """

    line: DutyLine
    seq: int
    answer_by: str


def my_duties(who: Reader, *, limit: int = 200) -> list[DutyLine]:
    """The reader's duties, the earliest due first, those without a due moment last. Six queries."""
    return lines_of(visible_duties(who)[:limit], who)


def duty_count(who: Reader) -> int:
    """How many duties the reader has. One query."""
    found: int = visible_duties(who).aggregate(n=Count("pk", distinct=True))["n"]
    return found


def duties_of_row(
    who: Reader,
    *,
    institution: str,
    sop: str,
    procedure: str,
    row: str,
    limit: int,
    cases: Iterable[UUID] | None = None,
) -> list[TogetherLine]:  # fmt: skip
    """The reader's duties in one row of one version (its hash), the earliest due first: of ``cases``, or of all.

    Four queries.
    """
    duties = visible_duties(who).filter(
        case__institution__key=institution, case__sop_hash=sop, case__procedure=procedure, row=row, disposition=""
    )
    if cases is not None:
        duties = duties.filter(case__in=list(cases))
    rows = list(duties.select_related("case__institution")[:limit])
    told = reports({one.case_id for one in rows})
    return [
        TogetherLine(
            duty_line(one, title=title_of(told.get(one.case_id)), at=who.at), one.case.seq,
            told.get(one.case_id, {}).get("answer_by", ""),
        )
        for one in rows
    ]  # fmt: skip


def lines_of(duties: QuerySet[Duty], who: Reader) -> list[DutyLine]:
    """``duties`` as lists show them, in their order. Five queries."""
    rows = list(duties.select_related("case__institution").prefetch_related("posts"))
    titles = reports({row.case_id for row in rows})
    units = units_of_reader(who)
    return [
        duty_line(row, title=title_of(titles.get(row.case_id)), at=who.at, units=_units_of(row, units)) for row in rows
    ]


Units = dict[tuple[int, str], tuple[str, str]]


def units_of_reader(who: Reader) -> Units:
    """The unit (key and name) behind each name by which a duty may reach ``who``, by institution and name."""
    found: Units = {}
    mine = Post.objects.filter(institution__in=list(who.parts), unit__isnull=False)
    for place, post, unit, name in mine.values_list("institution", "key", "unit__key", "unit__name"):
        part = who.part(place)
        if post in part.posts:
            found[place, post] = (unit, name)
        if unit in part.units:
            found[place, unit] = (unit, name)
    return found


def _units_of(row: Duty, units: Units) -> tuple[tuple[str, str], ...]:
    reached = (units.get((row.case.institution_id, post.name)) for post in row.posts.all())
    return tuple(sorted({unit for unit in reached if unit is not None}))


def duty_line(row: Duty, *, title: str, at: datetime, units: tuple[tuple[str, str], ...] = ()) -> DutyLine:
    """A duty as lists show it."""
    case = row.case
    return DutyLine(
        case=case.pk,
        register=case.register,
        institution=case.institution.key,
        institution_name=case.institution.short_name,
        zone=case.institution.zone,
        title=title,
        kind=case.kind,
        channel=case.channel,
        attributes=case.attributes,
        sop_hash=case.sop_hash,
        procedure=case.procedure,
        visit=row.visit,
        row=row.row,
        disposition=row.disposition,
        no=row.no,
        what=row.what,
        party=row.party,
        round=row.round,
        opened_at=row.opened_at,
        due_at=row.due_at,
        respond_due_at=row.respond_due_at,
        state=state_of(row, at),
        waits_for=row.waits_for,
        received_at=case.received_at,
        promise_due_at=case.promise_due_at,
        units=units,
        internal=case.book == DUTIES,
    )


def state_of(row: Duty, at: datetime) -> str:
    """How a duty stands at ``at`` (see :class:`DutyLine`)."""
    if row.paused:
        return "paused"
    if row.due_at is None:
        return "untimed"
    if row.due_at <= at:
        return "late"
    return "soon" if row.warn_at is not None and row.warn_at <= at else "running"


def duties_of(cases: Iterable[UUID]) -> dict[UUID, list[Duty]]:
    """The open duties of many cases. Two queries."""
    found: dict[UUID, list[Duty]] = {}
    for duty in Duty.objects.filter(case__in=list(cases)).prefetch_related("posts"):
        found.setdefault(duty.case_id, []).append(duty)
    return found
