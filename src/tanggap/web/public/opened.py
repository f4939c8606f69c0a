"""Opening one's case by the link of a letter: a button, since machines open links too; then number and code."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from tanggap.actions import opening
from tanggap.web import page
from tanggap.web.public.track import SESSION


@page.never_kept
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, open, or say what to do with a link that opens no more. Nothing about any case is told before."""
    if request.method != "POST":
        return _page(request, "ask")
    if "again" in request.POST:
        return _again(request, token)
    found = opening.open_case(token, at=page.now())
    if found is None:
        return _page(request, "spent" if opening.is_ours(token) else "unknown", status=404)
    request.session.cycle_key()
    request.session[SESSION] = str(found.case)
    return _page(request, "done", opened=found)


def _again(request: HttpRequest, token: str) -> HttpResponse:
    try:
        waits_until = opening.send_again(token, at=page.now())
    except LookupError:
        return _page(request, "unknown", status=404)
    return _page(request, "sent" if waits_until is None else "wait")


def _page(request: HttpRequest, state: str, *, status: int = 200, **more: object) -> HttpResponse:
    context = {"state": state, "here": "track", **more}
    return page.public(request, "public/opened.html", context, status=status)
