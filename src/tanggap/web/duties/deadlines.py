"""The page that explains every deadline of a case, and where its time went."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tanggap.casework.custody import Custody
from tanggap.records import queries
from tanggap.records.queries import Reader
from tanggap.web import explained, page


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
