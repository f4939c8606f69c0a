"""SOP versions come in, are approved, come into force, and are withdrawn. What runs keeps the version it began with."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from tanggap.actions.organisation import changed
from tanggap.actions.schedules import renew
from tanggap.records.models import Institution, SopVersion, User
from tanggap.records.shelves import read_sop
from tanggap.records.writing import write
from tanggap.sop.load import load
from tanggap.sop.write import write as canonical_text


class AlreadyApproved(ValueError):
    """An approved version stays as it is; import a new one."""


def import_sop(
    institution: Institution, text: str | bytes, *, name: str, at: datetime, by: User | None = None
) -> SopVersion:
    """Read an SOP document and keep it as a version, a draft until it is approved. The same again: the same row.

    Raises :class:`tanggap.sop.errors.SopErrors`, which tells everything that is wrong with the file.
    """
    sop = load(text, name=name)
    with write():
        version, _ = SopVersion.objects.get_or_create(
            institution=institution,
            hash=sop.hash,
            defaults={
                "sop_id": sop.id,
                "text": canonical_text(sop),
                "number": sop.identity.number,
                "title": sop.identity.title,
                "imported_at": at,
                "imported_by": by,
            },
        )
        changed(institution)
    return version


def approve(version: SopVersion, *, at: datetime, by: User | None = None) -> SopVersion:
    """Put a version in force: at once, or from the effective date it prints when that still lies ahead.

    New complaints begin under it, its schedules begin or take over where they stand; the versions it replaces finish
    what they began. Raises :class:`AlreadyApproved`.
    """
    if version.approved_at is not None:
        raise AlreadyApproved(version.hash)
    effective = read_sop(version.hash, version.text).identity.effective_date
    zone = ZoneInfo(version.institution.zone)
    begins = datetime.combine(effective, time(), zone) if effective else at
    with write():
        version.approved_at, version.approved_by, version.effective_at = at, by, begins
        version.save(update_fields=["approved_at", "approved_by", "effective_at"])
        changed(version.institution)
        renew(version.institution_id, at=at)
    return version


def withdraw(version: SopVersion, *, at: datetime) -> SopVersion:
    """No new complaint begins under this version any more, and its schedules end."""
    with write():
        version.withdrawn_at = at
        version.save(update_fields=["withdrawn_at"])
        changed(version.institution)
        renew(version.institution_id, at=at)
    return version
