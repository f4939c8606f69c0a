"""The front pages: which institutions there are, and what one of them promises."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from tanggap.records import queries
from tanggap.web import houses, page, path, promises


def front(request: HttpRequest) -> HttpResponse:
    """Every institution that takes complaints here."""
    return page.public(request, "public/front.html", {"houses": queries.institutions(), "here": "front"})


def house(request: HttpRequest, key: str) -> HttpResponse:
    """One institution: its promise as the path of its own SOP."""
    try:
        line = queries.institution(key)
    except LookupError:
        raise Http404 from None
    context: dict[str, object] = {"here": "front", "ways": houses.ways(line)}
    at = page.now()
    found = promises.start(promises.current(key, at=at))
    if found is not None:
        identity = found.line.sop.identity
        flow = queries.shelf(key, at=at).flow(found.line.hash, found.procedure.id)
        context |= {
            "path": path.in_short(found.line.sop, flow),
            "sop_number": identity.number or identity.title,
            "effective": identity.effective_date,
            "sop_url": reverse("sop", args=[key, found.line.sop.id]),
        }
    return page.public(request, "public/house.html", context, house=line)


def privacy(request: HttpRequest) -> HttpResponse:
    """The notice on personal data (UU 27/2022)."""
    return page.public(request, "public/privacy.html", {"raw_days": settings.TANGGAP_RAW_DAYS})
