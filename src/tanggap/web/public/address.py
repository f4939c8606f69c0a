"""Confirming one's own address: the link of a letter, and a button, since machines open links too."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from tanggap.actions.caps import confirm_address
from tanggap.web import page


@page.never_kept
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, and take the answer. Nothing about any case is told, and a wrong link is told like an old one."""
    if request.method != "POST":
        return page.public(request, "public/address.html", {"state": "ask"})
    done = confirm_address(token, at=page.now())
    state, status = ("done", 200) if done else ("unknown", 404)
    return page.public(request, "public/address.html", {"state": state}, status=status)
