"""The page of reports that may be the same as this one, and what an officer says of the two."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from tanggap.actions import merging
from tanggap.actions.cases import NotVisible
from tanggap.actions.contents import new_content
from tanggap.casework.refusals import Refused
from tanggap.casework.shelf import Power
from tanggap.casework.state import DIFFERENT, RELATED, Status
from tanggap.records import queries
from tanggap.records.queries import CasePage, Reader
from tanggap.web import dates, labels, page, refusals

_EXCERPT = 280
_MERGE = "gabung"
_RELATIONS = {"tautkan": RELATED, "beda": DIFFERENT}


@page.for_staff
def twins(request: HttpRequest, who: Reader, case: UUID) -> HttpResponse:
    """Reports like this one, for the desk and the coordinators; not visible is 404."""
    found = queries.case_page(who, case)
    if found is None or found.redacted or not found.actor.may(Power.DESK, Power.COORDINATOR):
        raise Http404
    if request.method == "POST":
        return _decide(request, who, found)
    return _show(request, who, found)


def _show(
    request: HttpRequest, who: Reader, found: CasePage, *, status: int = 200, typed: dict[str, str] | None = None,
    problem: str = "",
) -> HttpResponse:  # fmt: skip
    received = found.state.received_at
    assert received is not None
    is_open = found.state.status is Status.OPEN
    alike = queries.twins(who, found.id, found.state.links, received_at=received)
    context = {
        "found": found,
        "house": found.institution,
        "key": page.new_key(),
        "typed": typed or {},
        "problem": problem,
        "text": found.report.text if found.report is not None else "",
        "lines": [_line(one, found, is_open=is_open) for one in alike],
    }
    return page.office(request, who, "duties/twins.html", context, status=status)


def _line(one: queries.Twin, found: CasePage, *, is_open: bool) -> dict[str, Any]:
    return {
        "one": one,
        "url": reverse("case", args=[one.id]),
        "channel": labels.channel(one.channel),
        "received": dates.stamp(one.received_at, found.institution.zone),
        "excerpt": one.text if len(one.text) <= _EXCERPT else f"{one.text[:_EXCERPT].rstrip()}…",
        "relation": labels.RELATIONS.get(one.relation, ""),
        "may_merge": is_open and one.same_person and one.status == "open" and one.relation in ("", RELATED),
        "status": _("Masih berjalan") if one.status == "open" else _("Sudah berakhir"),
    }


def _decide(request: HttpRequest, who: Reader, found: CasePage) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in ("other", "what", "reason")}
    key = request.POST.get("key", "") or page.new_key()
    try:
        other = UUID(typed["other"])
    except ValueError:
        raise Http404 from None
    try:
        if typed["what"] == _MERGE:
            if not typed["reason"].strip():
                words = _("Tuliskan alasan penggabungan; pelapor membacanya.")
                return _show(request, who, found, status=422, typed=typed, problem=words)
            reason = new_content(
                "reason", typed["reason"], author=who.user.person, key=key, audience="complainant", medium="web"
            )
            merging.merge(found.id, other, by=who, at=who.at, key=key, reason=reason)
        elif typed["what"] in _RELATIONS:
            merging.relate(found.id, other, _RELATIONS[typed["what"]], by=who, at=who.at, key=key)
        else:
            return _show(request, who, found, status=422, typed=typed, problem=_("Pilih salah satu."))
    except NotVisible:
        raise Http404 from None
    except Refused as refused:
        words = refusals.sentence(refused.code)
        return _show(request, who, found, status=refusals.status_of(refused.code), typed=typed, problem=words)
    return redirect("case", other if typed["what"] == _MERGE else found.id)
