"""Opening one's own case with number and code: by POST only, and the case stays in the session, never in an address."""

from __future__ import annotations

from functools import wraps
from typing import Any, Protocol
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from tanggap.actions.tracking import ComeBack, open_case
from tanggap.records import queries
from tanggap.web import labels, page
from tanggap.web.downloads import download
from tanggap.web.errors.pages import session_ended
from tanggap.web.public import tracked
from tanggap.web.public.forms import TrackForm

SESSION = "laporan"
MESSAGE = "laporan-kabar"


class _View(Protocol):
    def __call__(self, request: HttpRequest, case: UUID, /, *args: Any, **kwargs: Any) -> HttpResponse: ...


@page.never_kept
def track(request: HttpRequest) -> HttpResponse:
    """The form for number and code. Wrong number and wrong code are one answer, and guessing is slowed."""
    form = TrackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        source = request.META.get("REMOTE_ADDR", "")
        ticket = request.POST.get("ticket", "")
        try:
            found = open_case(typed["register"], typed["code"], source=source, at=page.now(), ticket=ticket)
        except ComeBack as asked:
            return _come_back(request, form, asked)
        if found is not None:
            request.session.cycle_key()
            request.session[SESSION] = str(found)
            return redirect("tracked")
        form.add_error(None, _("Nomor register dan kode lacak itu tidak cocok. Periksa kembali tanda terima Anda."))
    elif request.method != "POST" and request.session.get(SESSION):
        return redirect("tracked")
    status = 422 if request.method == "POST" else 200
    return page.public(request, "public/track.html", {"form": form, "here": "track"}, status=status)


def _come_back(request: HttpRequest, form: TrackForm, asked: ComeBack) -> HttpResponse:
    """The form as it was typed; whoever sends it again after the seconds named is answered."""
    form.add_error(None, _("Sedang banyak percobaan. Coba lagi setelah %(n)d detik.") % {"n": asked.seconds})
    context = {"form": form, "here": "track", "ticket": asked.ticket}
    answer = page.public(request, "public/track.html", context, status=429)
    answer["Retry-After"] = str(asked.seconds)
    return answer


def for_complainant(view: _View) -> Any:
    """A page for who has shown the code of the case; everybody else is sent to show it."""

    @page.never_kept
    @wraps(view)
    def with_case(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        known = request.session.get(SESSION)
        if not known and request.method == "POST":
            return session_ended(request, back=reverse("track"))
        if not known:
            return redirect("track")
        return view(request, UUID(known), *args, **kwargs)

    return with_case


@for_complainant
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The case as its complainant sees it."""
    return show(request, case_id, message=request.session.pop(MESSAGE, None))


def show(
    request: HttpRequest, case_id: UUID, *, status: int = 200, message: dict[str, str] | None = None, **more: Any
) -> HttpResponse:
    """Draw the page; ``more``: errors and what was typed, when a form on it could not be done."""
    found = queries.tracked_case(case_id, at=page.now())
    context = {
        "tracked": tracked.view(found, at=page.now()),
        "satisfaction": labels.SATISFACTION,
        "key": page.new_key(),
        "message": message,
        "here": "track",
        "sop_number": found.sop.identity.number,
        "sop_url": tracked.sop_url(found),
        **more,
    }
    return page.public(request, "public/tracked.html", context, house=found.institution, status=status)


@for_complainant
def file(request: HttpRequest, case_id: UUID, file_id: str) -> HttpResponse:
    """A file the complainant sent or was sent."""
    return download(queries.tracked_file(case_id, file_id))


@page.only_sent(back="tracked")
def leave(request: HttpRequest) -> HttpResponse:
    """Close the case on this device."""
    request.session.pop(SESSION, None)
    return redirect("track")
