"""Looking at who complained: only with a reason, recorded before it is shown, visible to the complainant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from tanggap.actions.cases import NotVisible
from tanggap.actions.contents import readable
from tanggap.casework.refusals import Refused
from tanggap.records.access import Reader, is_respondent, visible_cases
from tanggap.records.models import IdentityReveal
from tanggap.records.queries.cases import identity_of
from tanggap.records.writing import write

REASONS = ("hubungi", "verifikasi", "surat", "hukum", "keselamatan", "lain")
"""Why an identity may be looked at: to reach the person, to verify, to address a letter, by law, for safety, other."""


def reveal(case: UUID, *, by: Reader, reason: str, words: str, at: datetime) -> Mapping[str, str]:
    """The facts of the complainant of ``case``, for desk and coordinator; the look is on record before it returns.

    Empty when nothing is kept. Raises :class:`NotVisible`, ``Refused("reason_needed")``, ``Refused("not_allowed")``.
    """
    row = visible_cases(by).filter(pk=case).first()
    if row is None or is_respondent(by, row):
        raise NotVisible(case)
    part = by.part(row.institution_id)
    if not (part.desk or part.coordinator):
        raise Refused("not_allowed")
    if reason not in REASONS or (reason == "lain" and not words.strip()):
        raise Refused("reason_needed")
    with write():
        IdentityReveal.objects.create(case=row, user=by.user, at=at, reason=reason, words=readable(words)[:2000])
    return identity_of(row)
