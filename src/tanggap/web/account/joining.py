"""Joining a second institution with the account one has: the link says which and as what, its owner confirms."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tanggap.actions import joining
from tanggap.actions.arranging import NotArranged
from tanggap.records import queries
from tanggap.records.queries import Reader
from tanggap.web import page
from tanggap.web.organisation import words


@page.for_staff
def join(request: HttpRequest, who: Reader, token: str) -> HttpResponse:
    """Ask whoever is signed in, and make them a member. A wrong link is told like an old one."""
    problem = ""
    try:
        found = (joining.join if request.method == "POST" else joining.invitation)(token, by=who.user, at=who.at)
    except NotArranged as refused:
        problem, found = words.refusal(refused), joining.invitation(token, by=who.user, at=who.at)
    if found is None:
        return page.office(request, who, "account/join.html", {"title": _("Tautan ini tidak berlaku")}, status=404)
    house = queries.institution(found.institution)
    context = {
        "title": _("Bergabung dengan %(house)s") % {"house": house.short_name}, "joins": house, "found": found,
        "powers": words.powers(found.powers), "problem": problem, "token": token, "username": who.user.username,
    }  # fmt: skip
    return page.office(request, who, "account/join.html", context, status=409 if problem else 200)
