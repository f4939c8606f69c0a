"""What stands open now, row by row: for reports on where cases wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tanggap.records.access import Reader, visible_cases
from tanggap.records.models import Duty
from tanggap.records.models.cases import COMPLAINTS
from tanggap.records.queries.duties import state_of


@dataclass(frozen=True, slots=True)
class StandingLine:
    """One open visit. ``state`` as in :class:`DutyLine`; ``outside``: no lateness of the organisation (X-4)."""

    sop_hash: str
    procedure: str
    row: str
    posts: tuple[str, ...]
    opened_at: datetime
    due_at: datetime | None
    state: str
    outside: bool


def standing(who: Reader, institution: str) -> list[StandingLine]:
    """The open visits of the visible complaints of ``institution``, the longest open first. Two queries."""
    cases = visible_cases(who).filter(institution__key=institution, book=COMPLAINTS)
    found = Duty.objects.filter(case__in=cases, disposition="")
    lines = found.select_related("case").prefetch_related("posts").order_by("opened_at", "pk")
    return [
        StandingLine(
            sop_hash=line.case.sop_hash,
            procedure=line.case.procedure,
            row=line.row,
            posts=tuple(sorted({post.name for post in line.posts.all()})),
            opened_at=line.opened_at,
            due_at=line.due_at,
            state=state_of(line, who.at),
            outside=line.party in ("complainant", "outside"),
        )
        for line in lines
    ]
