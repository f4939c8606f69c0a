"""Kabar: what an officer was told, whether or not a mail could leave."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tanggap.actions import outbox
from tanggap.records import queries
from tanggap.records.queries import Reader
from tanggap.web import page
from tanggap.web.notices import labels


@page.for_staff
def news(request: HttpRequest, who: Reader) -> HttpResponse:
    """One's own notices, newest first."""
    lines = [(one, labels.kind(one.kind)) for one in queries.news(who)]
    context = {"here": "news", "lines": lines, "unread": sum(1 for one, _word in lines if one.unread)}
    return page.office(request, who, "notices/news.html", context)


@page.only_sent(back="news")
@page.for_staff
def seen(request: HttpRequest, who: Reader) -> HttpResponse:
    """All of it has been seen."""
    outbox.mark_read(who.user.person, at=who.at)
    return redirect("news")
