"""Periodic duties: schedules follow the SOP versions in force, and each date opens its case exactly once."""

from __future__ import annotations

import logging
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import DatabaseError

from tanggap.actions.cases import THE_ENGINE, NotVisible, act
from tanggap.actions.contents import new_content
from tanggap.casework import duties
from tanggap.casework.commands import Note, Receive
from tanggap.casework.decide import decide
from tanggap.casework.shelf import Actor, Shelf
from tanggap.casework.state import Case as State
from tanggap.records import store
from tanggap.records.access import Reader
from tanggap.records.keys import keyed_digest
from tanggap.records.models import Case, Institution, Schedule, SopVersion
from tanggap.records.models.cases import DUTIES
from tanggap.records.schedules import AGAIN, case_of_duty, is_anchored, opened, rhythm_of, to_come, versions_to_come
from tanggap.records.shelves import compiled, in_force
from tanggap.records.writing import write
from tanggap.sop.model import Procedure
from tanggap.worktime.rhythm import turn

_log = logging.getLogger(__name__)


class StillOpen(Exception):
    """The same duty is being worked on: ``case`` is open."""

    def __init__(self, case: UUID) -> None:
        super().__init__(case)
        self.case = case


# schedules follow the SOPs --------------------------------------------------------------------------------------------


def renew(institution_id: int, *, at: datetime) -> Institution:
    """Bring the schedules of an institution in line with its SOP versions in force; inside a transaction.

    New duties begin; those of another version are taken over where they stand; those that no version has any more
    end. Where a version is still to come, its schedules are looked at again the moment it does. Until the transaction
    ends nobody else touches them: the institution is given back as it is held.
    """
    institution = Institution.objects.select_for_update(no_key=True).get(pk=institution_id)
    try:
        shelf = compiled(institution).shelf(at)
    except LookupError:  # no calendar yet: the worker looks again
        return institution
    wanted = {
        (version.sop_id, duty.id): (version, duty)
        for version in in_force(institution, at)
        for duty in shelf.sops[version.hash].duties()
    }
    coming = versions_to_come(institution, shelf, at)
    rows = {(row.sop_id, row.duty): row for row in Schedule.objects.filter(institution=institution)}
    for place in {**rows, **wanted, **coming}:
        row = rows.get(place) or _new(institution, *place)
        row.institution = institution
        before = _told(row)
        if place in wanted:
            _follow(row, *wanted[place], shelf, at=at)
        else:
            _rest(row, at=at)
        if place in coming:
            row.look_at = min(filter(None, (row.look_at, coming[place])))
        if row._state.adding or _told(row) != before:
            row.save()
    return institution


def _new(institution: Institution, sop_id: str, duty: str) -> Schedule:
    """A schedule that stands where the cases of the duty say it stood, should they know it longer."""
    last = max(opened(institution, sop_id, duty), default=None)
    return Schedule(institution=institution, sop_id=sop_id, duty=duty, last=last)


def _told(row: Schedule) -> tuple[object, ...]:
    return (row.sop_hash, row.every, row.anchor, row.since, row.next, row.look_at, row.ended_at)


def _follow(row: Schedule, version: SopVersion, duty: Procedure, shelf: Shelf, *, at: datetime) -> None:
    """Let ``row`` follow ``version``. The same rhythm goes on as it went; another counts from the last date."""
    assert duty.every is not None
    if row.since is None or row.ended_at is not None:
        row.since, row.ended_at = _date(at, row.institution), None
    every = duty.every.meaning
    begun = _date(version.effective_at or at, row.institution)
    row.anchor = duty.starting or (row.anchor if row.anchor and row.every == every else row.last or begun)
    row.sop_hash, row.every = version.hash, every
    row.next, row.look_at = to_come(row, duty, shelf)


def _date(at: datetime, institution: Institution) -> date:
    return at.astimezone(ZoneInfo(institution.zone)).date()


def _rest(row: Schedule, *, at: datetime) -> None:
    row.ended_at = row.ended_at or at
    row.next = row.look_at = None


def renew_all(*, at: datetime) -> None:
    """:func:`renew` every institution: for schedules that something else than an SOP has moved (calendars, columns)."""
    for key in Institution.objects.values_list("pk", flat=True):
        with write():
            renew(key, at=at)


def mend(*, at: datetime) -> int:
    """Bring every schedule to where its cases and the SOP in force say it stands; how many were not there.

    What only the row knows is kept as long as it can be true: since when dates count, and from which they are counted.
    """
    mended = 0
    for key in Institution.objects.values_list("pk", flat=True):
        with write():
            before = _stands(key)
            institution = renew(key, at=at)
            for row in Schedule.objects.filter(institution=institution):
                row.institution = institution
                _mend_dates(row, at=at)
                row.save()
            renew(key, at=at)
            mended += sum(before.get(pk) != now for pk, now in _stands(key).items())
    return mended


def _stands(institution: int) -> dict[int, tuple[object, ...]]:
    return {row.pk: (*_told(row), row.last) for row in Schedule.objects.filter(institution=institution)}


def _mend_dates(row: Schedule, *, at: datetime) -> None:
    days, today = opened(row.institution, row.sop_id, row.duty), _date(at, row.institution)
    row.last = max(days, default=None)
    if row.since is not None and row.since > today:
        row.since = min(days, default=today)
    if row.anchor is not None and row.sop_hash:
        shelf = compiled(row.institution).shelf(at)
        if not is_anchored(row, shelf.sops[row.sop_hash].procedure(row.duty), shelf):
            row.anchor = None  # counted from what was opened last


# each date opens its case ---------------------------------------------------------------------------------------------


def open_due(*, at: datetime, limit: int = 200) -> int:
    """Open the cases whose date has come by ``at``; how many schedules were looked at. Found by index.

    A look that fails is tried again after a while and never holds up the others.
    """
    found = Schedule.objects.filter(look_at__lte=at).order_by("look_at").values_list("pk", flat=True)[:limit]
    for schedule in found:
        try:
            look(schedule, at=at)
        except DatabaseError:
            raise
        except Exception:  # noqa: BLE001  whatever is wrong with one schedule, the others are due too
            _log.exception("schedule %s could not be looked at", schedule)
            with write():
                Schedule.objects.filter(pk=schedule).update(look_at=at + AGAIN)
    return len(found)


def look(schedule: int, *, at: datetime) -> UUID | None:
    """Look at one schedule: the case that was opened, or ``None`` when nothing was due (any more).

    One transaction moves the schedule on and writes the case, so that a worker that dies leaves neither. The id of
    the case is made of duty and date: whoever comes second finds it there.
    """
    with write():
        place = Schedule.objects.values_list("institution", flat=True).get(pk=schedule)
        institution = renew(place, at=at)
        row = Schedule.objects.get(pk=schedule)
        if row.anchor is None or row.since is None or row.look_at is None or row.look_at > at:
            return None  # another worker was quicker, or a version that came into force has moved it
        row.institution, shelf = institution, compiled(institution).shelf(at)
        duty = shelf.sops[row.sop_hash].procedure(row.duty)
        found = turn(rhythm_of(row, duty, shelf), last=row.last, first=row.since, at=at)
        if found.period is None:
            return None
        row.last = found.period
        row.save(update_fields=["last"])
        renew(place, at=at)
        name = (institution.key, row.sop_id, row.duty, found.period.isoformat())
        return _opened(row, duties.record_of(found, duty), name, by=THE_ENGINE, at=at)


def _opened(row: Schedule, attributes: dict[str, str], name: tuple[str, ...], *, by: Actor, at: datetime) -> UUID:
    """Write the case that ``name`` names; if it is there already, nothing."""
    case = case_of_duty(*name)
    if Case.objects.filter(pk=case).exists():
        return case
    shelf = compiled(row.institution).shelf(at)
    command = Receive(row.sop_hash, attributes, procedure=row.duty)
    entries = decide(State(), command, actor=by, shelf=shelf, at=at)
    local = at.astimezone(ZoneInfo(row.institution.zone))
    beginning = store.Beginning(
        case=case,
        institution=row.institution,
        book=DUTIES,
        year=local.year,
        month=local.month,
        at=at,
        promise_due_at=None,
        promise_source="",
        key_digest=keyed_digest("duty key", *name).hex(),
        body_digest="",
    )
    store.begin(beginning, entries, shelf=shelf)
    return case


def open_now(key: str, schedule: int, *, reason: str, by: Reader, form_key: str, at: datetime) -> UUID:
    """Open a case of a periodic duty beside its schedule, which goes on as it went; ``reason`` is noted in the case.

    The same form sent twice is one case. Raises :class:`NotVisible` for whoever does not coordinate the institution
    ``key`` (or an unknown or ended schedule), :class:`StillOpen` while a case of the duty is open.
    """
    part = next((place for place, part in by.parts.items() if part.institution == key and part.coordinator), None)
    row = Schedule.objects.filter(pk=schedule, institution=part, ended_at=None).first()
    if row is None:
        raise NotVisible(key)
    actor = by.actor(row.institution_id)
    name = (key, row.sop_id, row.duty, "extra", form_key)
    with write():
        institution = renew(row.institution_id, at=at)
        row.refresh_from_db()
        row.institution = institution
        if row.ended_at is not None:
            raise NotVisible(key)
        mine = case_of_duty(*name)
        being_done = Case.objects.filter(
            institution=row.institution, book=DUTIES, sop_id=row.sop_id, procedure=row.duty, status="open"
        ).exclude(pk=mine)
        if (other := being_done.values_list("pk", flat=True).first()) is not None:
            raise StillOpen(other)
        today = _date(at, row.institution)
        duty = compiled(institution).shelf(at).sops[row.sop_hash].procedure(row.duty)
        case = _opened(row, duties.record_of_extra(today, row.last, duty), name, by=actor, at=at)
        note = new_content("note", reason, author=actor.person, key=f"{form_key}/reason")
        act(Note(note.id), case=case, by=actor, at=at, key=form_key, contents=(note,))
    return case
