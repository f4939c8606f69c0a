"""Calendars that people change: what a change would move, told beforehand; then one act that freezes and recounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from tanggap.actions.calendar_plan import INSTITUTION, Plan, plan_of, save_plan
from tanggap.actions.recounting import Moved, settled, told
from tanggap.casework.shelf import Shelf
from tanggap.records import store
from tanggap.records.calendars import calendars_of, facts_of, seal, versions_in_force
from tanggap.records.models import CalendarVersion, Institution
from tanggap.records.models.people import new_revision
from tanggap.records.recount import Recount, recount, store_moved
from tanggap.records.schedules import look_again
from tanggap.records.shelves import compiled
from tanggap.records.writing import write
from tanggap.worktime.calendar import WorkCalendar
from tanggap.worktime.office_hours import NoWorkingTime

SEARCHED_DAYS = 400
"""Within how many days a calendar must be open at least once."""


class SomeoneElseChanged(Exception):
    """The calendar was changed since the page was drawn: says by whom, when and why."""

    def __init__(self, version: CalendarVersion) -> None:
        super().__init__(version.pk)
        self.by, self.at, self.why = version.made_by, version.made_at, version.why


class NothingChanged(Exception):
    """The calendar already says so."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a plan would do. ``seen``: the version it was held against. ``cases``: how many open cases were counted."""

    seen: int
    cases: int
    moves: tuple[Moved, ...]


def current_plan(key: str) -> Plan:
    """:func:`plan_of` the institution ``key``. Raises ``LookupError``, ``CalendarRefused``."""
    return plan_of(_institution(key))


def latest_version(institution: Institution) -> int:
    """What a page was drawn from: the last calendar version of the institution; 0 before there is any."""
    return institution.calendar_versions.order_by("-pk").values_list("pk", flat=True).first() or 0


def preview(key: str, plan: Plan, *, at: datetime, step: Callable[[], None] = lambda: None) -> Preview:
    """Which open due moments ``plan`` would move; nothing is written. Work grows with the number of open cases.

    Raises ``LookupError`` (unknown institution), ``CalendarRefused`` (no usable calendar), :class:`NothingChanged`.
    """
    institution = _institution(key)
    seen = latest_version(institution)
    before, after = _shelves(institution, plan, at=at)
    found = recount(institution, before, after, step=step)
    return Preview(seen, len(found.seqs), told(found))


def change(
    key: str, plan: Plan, *, seen: int, at: datetime, by: str, why: str, decree: str = "", form_key: str = ""
) -> CalendarVersion:
    """Put ``plan`` in force: its rows, the frozen versions, every due moment it moves and the record of the moves.

    One act, whole or not at all; the same form sent twice is one act. ``seen``: :attr:`Preview.seen`. Cases are
    counted before the transaction, those that somebody touched meanwhile again within it. Raises what :func:`preview`
    raises, and :class:`SomeoneElseChanged`.
    """
    hidden_key = sha256(f"{key} {form_key}".encode()).hexdigest() if form_key else ""
    institution = _institution(key)
    known = _done_before(institution, hidden_key)
    if known is not None:
        return known
    before, after = _shelves(institution, plan, at=at)
    found = recount(institution, before, after, with_rows=True)
    with write():
        institution = Institution.objects.select_for_update().get(pk=institution.pk)
        known = _done_before(institution, hidden_key)
        if known is not None:
            return known
        if latest_version(institution) != seen:
            raise SomeoneElseChanged(CalendarVersion.objects.get(pk=latest_version(institution)))
        save_plan(institution, plan)
        facts = {"made_at": at, "made_by": by, "why": why[:200], "decree": decree[:200], "key": hidden_key}
        return _put_in_force(institution, plan, found, before, after, facts)


def renew_calendar(institution: Institution, *, at: datetime, by: str, why: str) -> int:
    """Put in force what the rows of office hours and holidays say now; returns in how many cases something moved.

    Nothing happens when they say what is in force.
    """
    plan = plan_of(institution)
    if not calendars_of(institution):
        with write():
            _freeze(institution, plan.calendars(), (), {"made_at": at, "made_by": by, "why": why})
            _changed(institution)
        return 0
    try:
        version = change(institution.key, plan, seen=latest_version(institution), at=at, by=by, why=why)
    except NothingChanged:
        return 0
    institution.refresh_from_db()
    return version.moves.values("case").distinct().count()


# how ------------------------------------------------------------------------------------------------------------------


def _institution(key: str) -> Institution:
    found = Institution.objects.filter(key=key).first()
    if found is None:
        raise LookupError(f"unknown institution {key!r}")
    return found


def _done_before(institution: Institution, key: str) -> CalendarVersion | None:
    return institution.calendar_versions.filter(key=key).first() if key else None


def _shelves(institution: Institution, plan: Plan, *, at: datetime) -> tuple[Shelf, Shelf]:
    """The shelf in force, and the same with the calendars of ``plan``."""
    before = compiled(institution).shelf(at)
    calendars = plan.calendars()
    for calendar in calendars.values():
        require_working_time(calendar, at=at)
    main = calendars.pop(INSTITUTION)
    if main.version == before.calendar.version and _versions(calendars) == _versions(before.unit_calendars):
        raise NothingChanged
    return before, replace(before, calendar=main, unit_calendars=calendars)


def _versions(calendars: Mapping[str, WorkCalendar]) -> dict[str, str]:
    return {unit: calendar.version for unit, calendar in calendars.items()}


def require_working_time(calendar: WorkCalendar, *, at: datetime) -> None:
    """Refuse a calendar that is not open once in the days to come: no due moment could be found. ``NoWorkingTime``."""
    today = at.astimezone(calendar.tz).date()
    if not any(calendar.is_working_day(today + timedelta(days=n)) for n in range(SEARCHED_DAYS)):
        raise NoWorkingTime(f"Dalam {SEARCHED_DAYS} hari mendatang kalender ini tidak memuat satu pun jam kerja.")


def _put_in_force(
    institution: Institution, plan: Plan, found: Recount, before: Shelf, after: Shelf, facts: Mapping[str, Any]
) -> CalendarVersion:
    """Everything that follows from a changed plan, with the institution locked: nobody is writing to its cases."""
    now = settled(institution, found, before, after)
    version = _freeze(institution, plan.calendars(), told(now), facts)
    _changed(institution)
    store_moved(institution, now.moved.values(), version, after)
    look_again(institution, at=facts["made_at"])
    for case in now.strange:
        store.reproject(case, at=facts["made_at"])
    return version


def _freeze(
    institution: Institution, calendars: Mapping[str, WorkCalendar], moved: tuple[Moved, ...], facts: Mapping[str, Any]
) -> CalendarVersion:
    """A version for each calendar that is another now; the first carries the moves."""
    in_force = versions_in_force(institution)
    units = {unit.key: unit for unit in institution.units.filter(key__in={*calendars, *in_force})}
    first: CalendarVersion | None = None
    prev = institution.calendar_versions.order_by("-pk").values_list("seal", flat=True).first() or ""
    for unit in sorted({*calendars, *in_force}):
        calendar, known = calendars.get(unit), in_force.get(unit)
        digest = calendar.version if calendar is not None else ""
        if known is not None and known.hash == digest:
            continue
        carried = moved if first is None else ()
        version = CalendarVersion(
            **(facts if first is None else {**facts, "key": ""}), institution=institution, unit=units.get(unit),
            hash=digest, data=calendar.to_dict() if calendar is not None else {}, moved=len(carried), act_of=first,
        )  # fmt: skip
        lines = ((one.case, one.move.clock, one.move.before, one.move.after) for one in carried)
        version.seal = prev = seal(facts_of(version, institution=institution.key, unit=unit), lines, prev=prev)
        version.save()
        first = first or version
    if first is None:
        raise NothingChanged
    return first


def _changed(institution: Institution) -> None:
    institution.revision = new_revision()
    Institution.objects.filter(pk=institution.pk).update(revision=institution.revision)
