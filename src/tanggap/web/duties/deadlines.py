"""The page that explains every deadline of a case, and where its time went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tanggap.casework.custody import Custody
from tanggap.casework.explained import Explained
from tanggap.records import queries
from tanggap.records.queries import CaseDeadlines, Reader
from tanggap.web import explained, page


@dataclass(frozen=True, slots=True)
class Total:
    """All rounds of one row together: how many, and the working time they took and were late."""

    title: str
    rounds: int
    used: str
    late: str


@page.for_staff
def deadlines(request: HttpRequest, who: Reader, case: UUID) -> HttpResponse:
    """Every clock of the case, line by line, for whoever may see the case; not visible is 404."""
    found = queries.case_deadlines(who, case)
    if found is None:
        raise Http404
    told = explained.views(found, at=who.at)
    context = {
        "found": found,
        "house": found.institution,
        "running": [one for one in told if one.running],
        "ended": [one for one in told if not one.running],
        "figures": figures(found.custody),
        "totals": totals(found),
        "now": who.at,
    }
    return page.office(request, who, "duties/deadlines.html", context)


def figures(held: Custody | None) -> list[tuple[str, str]]:
    """Where the working time went, in words."""
    if held is None:
        return []
    shown = [
        (_("Waktu kita"), explained.length(held.ours)),
        (_("Waktu tunggu pelapor"), explained.length(held.complainant)),
    ]
    if held.others:
        shown.append((_("Waktu tunggu pihak lain"), explained.length(held.others)))
    return shown


def totals(found: CaseDeadlines) -> list[Total]:
    """The rows that were done more than once, each with all its rounds; in order of first opening (S0-5)."""
    words = explained.words_of(found)
    rounds: dict[tuple[str, str], list[Explained]] = {}
    for one in found.clocks:
        if one.kind == "step" and one.used is not None:
            rounds.setdefault((one.procedure, one.row), []).append(one)
    return [
        Total(
            words.row(row), len(each), explained.length(sum((one.used or timedelta() for one in each), timedelta())),
            explained.length(sum((one.late_by for one in each), timedelta())),
        )
        for (_procedure, row), each in rounds.items()
        if len(each) > 1
    ]  # fmt: skip
