"""Calendar versions as pages show them: who changed what, when, why, and which due moments moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from tanggap.records.access import Reader
from tanggap.records.models import CalendarMove, CalendarVersion, CaseParty, OrganisationMove, Unit
from tanggap.records.projection import RESPONDENT
from tanggap.records.queries.institutions import people
from tanggap.worktime.calendar import WorkCalendar


@dataclass(frozen=True, slots=True)
class CalendarAct:
    """One act that changed calendars. ``units``: names of the units it froze a calendar for; the institution's own

    under an empty name. ``by`` is empty for what an installation started with.
    """

    id: int
    n: int
    made_at: datetime
    by: str
    why: str
    decree: str
    moved: int
    units: tuple[str, ...]
    hash: str


@dataclass(frozen=True, slots=True)
class MoveLine:
    """One due moment that was moved; a case of a confidential procedure has no ``register``."""

    register: str
    clock: str
    no: str
    what: str
    round: int
    before: datetime | None
    after: datetime | None
    breached: bool


def calendar_acts(institution_id: int) -> list[CalendarAct]:
    """Every act, the newest first. Three queries."""
    versions = CalendarVersion.objects.filter(institution=institution_id).defer("data").order_by("pk")
    units = dict(Unit.objects.filter(institution=institution_id).values_list("pk", "name"))
    rows = list(versions)
    names = people(row.made_by for row in rows)
    parts: dict[int, list[str]] = {}
    for row in rows:
        parts.setdefault(row.act_of_id or row.pk, []).append(units.get(row.unit_id, "") if row.unit_id else "")
    acts = [row for row in rows if row.act_of_id is None]
    return [
        CalendarAct(
            row.pk, n, row.made_at, names.get(row.made_by, ""), row.why, row.decree, row.moved, tuple(parts[row.pk]),
            row.hash,
        )
        for n, row in reversed(list(enumerate(acts, start=1)))
    ]  # fmt: skip


def calendar_moves(institution_id: int, act: int, *, limit: int) -> list[MoveLine]:
    """The first ``limit`` due moments that an act moved, by their moment before. One query."""
    found = CalendarMove.objects.filter(version=act, version__institution=institution_id).select_related("case")
    return _lines(found, limit)


def organisation_moves(institution_id: int, act: int, *, who: Reader, limit: int) -> tuple[int, list[MoveLine]]:
    """How many due moments a change of the organisation moved, and the first ``limit`` of them.

    Both without what is about the reader: a number alone would tell them that there is such a case.
    """
    names = sorted(who.part(institution_id).concerned)
    about_me = CaseParty.objects.filter(part=RESPONDENT, name__in=names, case__institution=institution_id)
    found = OrganisationMove.objects.filter(act=act, act__institution=institution_id).select_related("case")
    found = found.exclude(case__in=about_me.values("case"))
    return found.count(), _lines(found, limit)


def _lines(found: QuerySet[CalendarMove] | QuerySet[OrganisationMove], limit: int) -> list[MoveLine]:
    return [
        MoveLine(
            "" if row.case.confidential else row.case.register, row.clock, row.no, row.what, row.round, row.before,
            row.after, row.breached,
        )
        for row in found.order_by("before", "case__register", "clock")[:limit]
    ]  # fmt: skip


def frozen_calendars(institution_id: int, act: int) -> dict[str, WorkCalendar | None]:
    """The calendars an act froze by the unit's key; ``None`` where a unit went back to the institution's."""
    versions = CalendarVersion.objects.filter(institution=institution_id).select_related("unit")
    return _calendars([*versions.filter(pk=act), *versions.filter(act_of=act)])


def _calendars(versions: Iterable[CalendarVersion]) -> dict[str, WorkCalendar | None]:
    return {
        version.unit.key if version.unit is not None else "": (
            WorkCalendar.from_dict(version.data) if version.data else None
        )
        for version in versions
    }


def calendars_before(institution_id: int, act: int) -> dict[str, WorkCalendar | None]:
    """The calendars that those of an act replaced, by the unit's key; nothing where a unit had none of its own."""
    every = CalendarVersion.objects.filter(institution=institution_id).select_related("unit")
    found: dict[str, WorkCalendar | None] = {}
    for version in [*every.filter(pk=act), *every.filter(act_of=act)]:
        earlier = every.filter(unit=version.unit_id, pk__lt=version.pk).order_by("-pk")[:1]
        found |= _calendars(earlier)
    return found


def units_of(institution_id: int) -> dict[str, str]:
    """Names of the units of an institution by key, in their order. One query."""
    return dict(Unit.objects.filter(institution=institution_id).values_list("key", "name"))
