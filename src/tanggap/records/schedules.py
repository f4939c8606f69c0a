"""Where the schedules of periodic duties must stand: by the SOPs in force, the calendar, and the cases they opened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from tanggap.casework import duties
from tanggap.casework.shelf import Shelf
from tanggap.records.keys import keyed_digest
from tanggap.records.models import Case, Institution, Schedule
from tanggap.records.models.cases import DUTIES
from tanggap.records.shelves import compiled, in_force
from tanggap.sop.model import Procedure
from tanggap.worktime.duration import Unit
from tanggap.worktime.office_hours import CalendarRefused
from tanggap.worktime.rhythm import Rhythm

AGAIN = timedelta(minutes=10)
"""When a schedule is looked at again that could not be looked at."""

Place = tuple[str, str]
"""The SOP document and the duty: of one institution this names a schedule."""


def case_of_duty(*name: str) -> UUID:
    """The id of the case that the names of institution, document, duty and date give: known without asking."""
    return UUID(bytes=keyed_digest("duty", *name)[:16], version=4)


def rhythm_of(row: Schedule, duty: Procedure, shelf: Shelf) -> Rhythm:
    """The dates of ``row``, in the calendar of whoever performs the first row of the duty."""
    assert duty.every is not None
    assert row.anchor is not None
    posts = [post for role in duty.steps[0].who for post in shelf.organisation.columns.get((row.sop_id, role), ())]
    return Rhythm(row.anchor, duty.every, shelf.calendar_of(posts))


def to_come(row: Schedule, duty: Procedure, shelf: Shelf) -> tuple[date | None, datetime | None]:
    """The date that ``row`` opens next, and when; none in an office that never opens again, or beyond all calendars."""
    assert row.since is not None
    try:
        rhythm = rhythm_of(row, duty, shelf)
        coming = rhythm.following(row.last, row.since)
        return coming, rhythm.opening(coming)
    except CalendarRefused:
        return None, None


def versions_to_come(institution: Institution, shelf: Shelf, at: datetime) -> dict[Place, datetime]:
    """When the next approved version of a document comes into force: for each duty it has, and each that it ends."""
    found: dict[Place, datetime] = {}
    versions = institution.sop_versions.filter(approved_at__lte=at, effective_at__gt=at, withdrawn_at__isnull=True)
    for version in versions.order_by("-effective_at"):
        known = {duty.id for duty in shelf.sops[version.hash].duties()}
        known.update(Schedule.objects.filter(institution=institution, sop_id=version.sop_id, ended_at=None)
                     .values_list("duty", flat=True))  # fmt: skip
        for duty in known:
            assert version.effective_at is not None
            found[version.sop_id, duty] = version.effective_at
    return found


def opened(institution: Institution, sop_id: str, duty: str) -> set[date]:
    """The dates whose cases are there; those that somebody opened beside the schedule are none of its dates."""
    cases = Case.objects.filter(institution=institution, book=DUTIES, sop_id=sop_id, procedure=duty)
    known = (one for one in cases.values_list("attributes", flat=True) if duties.EXTRA not in one)
    return {day for one in known if (day := duties.day_of(one, duties.PERIOD)) is not None}


def look_again(institution: Institution, *, at: datetime) -> None:
    """Hours or posts are others: the worker looks at once at every schedule that runs. Inside a transaction."""
    Schedule.objects.filter(institution=institution, ended_at=None).update(look_at=at)


# is it so? ------------------------------------------------------------------------------------------------------------


def schedule_flaws(*, at: datetime) -> Iterator[tuple[str, str]]:
    """Where, and what is wrong, in Indonesian. What the worker is about to look at is only asked what it opened."""
    for institution in Institution.objects.order_by("key"):
        try:
            shelf = compiled(institution).shelf(at)
        except LookupError:  # no calendar yet, so nothing can be due
            continue
        try:
            for (sop_id, duty), says in _flaws(institution, shelf, at):
                yield f"{institution.key} {sop_id}", f"Jadwal {duty}: {says}"
        except Exception as error:  # noqa: BLE001  whatever a tampered text or row does, the report goes on
            yield institution.key, f"Jadwal tidak dapat diperiksa ({type(error).__name__})."


def _flaws(institution: Institution, shelf: Shelf, at: datetime) -> Iterator[tuple[Place, str]]:
    wanted = {
        (version.sop_id, duty.id): version.hash
        for version in in_force(institution, at)
        for duty in shelf.sops[version.hash].duties()
    }
    coming = versions_to_come(institution, shelf, at)
    rows = {(row.sop_id, row.duty): row for row in Schedule.objects.filter(institution=institution)}
    for place in sorted({*wanted, *rows}):
        row = rows.get(place)
        if row is None:
            yield place, "SOP yang berlaku memuatnya, tetapi barisnya tidak ada."
            continue
        row.institution = institution
        yield from ((place, says) for says in _wrong_dates(row, at))
        if row.look_at is None or row.look_at > at:  # else the worker brings it in line when it looks
            yield from ((place, says) for says in _wrong_course(row, wanted.get(place), coming.get(place), shelf, at))


def _wrong_dates(row: Schedule, at: datetime) -> Iterator[str]:
    """What it says it opened, against the cases that are there."""
    days = opened(row.institution, row.sop_id, row.duty)
    if row.last is not None and row.last not in days:
        name = (row.institution.key, row.sop_id, row.duty, row.last.isoformat())
        if not Case.objects.filter(pk=case_of_duty(*name)).exists():
            yield f"tanggal {row.last} tercatat sudah dibuka, tetapi kasusnya tidak ada."
    later = sorted(day for day in days if row.last is None or day > row.last)
    if later:
        yield f"kasus tanggal {later[-1]} sudah ada, tetapi jadwal menyebut {row.last or 'belum ada'} sebagai terakhir."
    if row.since is not None and row.since > at.astimezone(ZoneInfo(row.institution.zone)).date():
        yield f"dikatakan baru berlaku sejak {row.since}, padahal hari itu belum tiba."


def _wrong_course(
    row: Schedule, wanted: str | None, version_at: datetime | None, shelf: Shelf, at: datetime
) -> Iterator[str]:  # fmt: skip
    """What it follows and when it opens next, against the version in force."""
    if wanted is None:
        if row.ended_at is None or row.next is not None or row.look_at != version_at:
            yield "tetap berjalan, padahal tidak ada versi SOP yang memuatnya."
        return
    if row.ended_at is not None or row.since is None or row.anchor is None or row.sop_hash != wanted:
        yield "tidak mengikuti versi SOP yang berlaku."
        return
    duty = shelf.sops[wanted].procedure(row.duty)
    assert duty.every is not None
    if row.every != duty.every.meaning or not is_anchored(row, duty, shelf):
        yield f"iramanya ({row.every} sejak {row.anchor}) bukan yang disebut SOP dan kasus terakhirnya."
    due, opens = to_come(row, duty, shelf)
    if row.next != due:
        yield f"tanggal berikutnya {row.next or 'tidak ada'}, seharusnya {due or 'tidak ada'}."
    elif row.look_at != min(filter(None, (opens, version_at)), default=None) and not _is_tried_again(row, opens, at):
        yield f"dibuka pada {row.look_at}, seharusnya {opens}."


def _is_tried_again(row: Schedule, opens: datetime | None, at: datetime) -> bool:
    """True when a look at what was due went wrong a moment ago."""
    return opens is not None and opens <= at and row.look_at is not None and row.look_at <= at + AGAIN


def is_anchored(row: Schedule, duty: Procedure, shelf: Shelf) -> bool:
    """The anchor is the one the file names; where it names none, what was opened last lies on the rhythm from it."""
    if duty.starting is not None:
        return row.anchor == duty.starting
    assert row.anchor is not None
    assert duty.every is not None
    if row.last is None or row.last < row.anchor or duty.every.unit is Unit.WORK_DAYS:  # days off may have moved since
        return True
    return rhythm_of(row, duty, shelf).on_or_after(row.last) == row.last
