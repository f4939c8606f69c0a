"""Openings of suggestion boxes, for the desk of their institution."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from tanggap.records.access import Reader, visible_cases
from tanggap.records.models import BoxOpening, BoxSlip
from tanggap.records.queries.institutions import InstitutionLine, line_of


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One slip that became a case; ``register`` is empty for a case the reader may not see."""

    position: int
    register: str
    kind: str


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """One opening as lists show it; ``cases``: how many slips became cases."""

    id: int
    number: str
    box: str
    opened_at: datetime
    opened_by: str
    slips: int
    cases: int
    institution: InstitutionLine


@dataclass(frozen=True, slots=True)
class OpeningPaper:
    """Everything the berita acara says."""

    line: OpeningLine
    witnesses: tuple[str, ...]
    notes: str
    recorded_at: datetime
    recorded_by: str
    found: tuple[SlipLine, ...]


def box_openings(who: Reader, institution: str, *, limit: int = 100) -> list[OpeningLine]:
    """The latest openings of an institution; two queries. Nobody but its desk, coordinators and auditors has any."""
    found = _visible(who).filter(institution__key=institution).select_related("institution")[:limit]
    rows = list(found)
    counts: dict[int, int] = {}
    for opening in BoxSlip.objects.filter(opening__in=rows).values_list("opening", flat=True):
        counts[opening] = counts.get(opening, 0) + 1
    return [_line(row, counts.get(row.pk, 0)) for row in rows]


def box_opening(who: Reader, pk: int) -> OpeningPaper | None:
    """One opening; ``None`` when it is not visible."""
    row = _visible(who).filter(pk=pk).select_related("institution", "recorded_by").first()
    if row is None:
        return None
    slips = list(BoxSlip.objects.filter(opening=row).select_related("case"))
    seen = set(visible_cases(who).filter(slip__opening=row).values_list("pk", flat=True))
    found = tuple(
        SlipLine(one.position, one.case.register if one.case_id in seen else "", one.case.kind) for one in slips
    )
    witnesses = tuple(line.strip() for line in row.witnesses.splitlines() if line.strip())
    return OpeningPaper(
        _line(row, len(slips)), witnesses, row.notes, row.recorded_at, row.recorded_by.shown_name, found
    )


def _visible(who: Reader) -> QuerySet[BoxOpening]:
    places = [place for place, part in who.parts.items() if part.reads_all]
    return BoxOpening.objects.filter(institution__in=places)


def _line(row: BoxOpening, cases: int) -> OpeningLine:
    return OpeningLine(
        row.pk, f"{row.n}/{row.year}", row.box, row.opened_at, row.opened_by, row.slips, cases, line_of(row.institution)
    )
