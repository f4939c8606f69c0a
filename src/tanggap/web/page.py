"""What every page needs: the moment it is drawn at, who reads it, and headers that keep it out of caches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from secrets import token_urlsafe
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control

from tanggap.records import queries
from tanggap.records.queries import InstitutionLine, Reader
from tanggap.web import houses
from tanggap.web.errors.pages import session_ended

P = ParamSpec("P")
never_kept = cache_control(no_store=True, private=True)
"""For pages that show somebody's words: nothing of them stays in a cache."""


def now() -> datetime:
    """The moment of this request (aware, UTC). Nothing below the entrances reads the clock."""
    return datetime.now(UTC)


def whole_number(typed: str) -> int | None:
    """A number as a page of ours sends it (plain digits, at most nine); ``None`` for everything else."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 9 else None


def new_key() -> str:
    """A fresh form key: what makes a form sent twice one act."""
    return token_urlsafe(24)


@dataclass(frozen=True, slots=True)
class Me:
    """What the letterhead of officers' pages says of its reader."""

    name: str
    title: str
    open_duties: int
    reads_register: bool
    reads_reports: bool
    coordinates: bool
    records: bool
    arranges: bool
    reads_schedules: bool
    oversees: bool
    unwatched: int
    unread: int


def for_staff(
    view: Callable[Concatenate[HttpRequest, Reader, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """A page for people who signed in; the view gets the :class:`Reader` of this moment."""

    @wraps(view)
    def with_reader(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        assert request.user.is_authenticated
        return view(request, queries.reader(request.user, at=now()), *args, **kwargs)

    entered = login_required(with_reader)

    @wraps(view)
    def page(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            return session_ended(request, back=f"{reverse('account_login')}?{urlencode({'next': request.path})}")
        answer: HttpResponse = entered(request, *args, **kwargs)
        return answer

    kept: Callable[..., HttpResponse] = never_kept(page)
    return kept


def only_sent(*, back: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """The address of a form: whoever comes to it without one (a bookmark, another language) gets the page ``back``."""

    def of(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def sent(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return view(request, *args, **kwargs) if request.method == "POST" else redirect(back)

        return sent

    return of


def me(who: Reader) -> Me:
    """The reader as the letterhead names them. Few queries, and as many for one post as for ten."""
    parts = who.parts.values()
    titles = [
        names.get(post, post)
        for place, part in who.parts.items()
        if part.posts
        for names in [queries.names_of(place)]
        for post in sorted(part.posts)
    ]
    overseen = [place for place, part in who.parts.items() if part.auditor]
    return Me(
        name=who.user.shown_name,
        title=", ".join(titles[:2]),
        open_duties=queries.duty_count(who),
        reads_register=any(part.reads_all for part in parts),
        reads_reports=any(part.reads_reports for part in parts),
        coordinates=any(part.coordinator for part in parts),
        records=any(part.desk or part.coordinator for part in parts),
        unread=queries.unread(who),
        arranges=any(part.admin for part in parts),
        reads_schedules=any(queries.reads_schedules(part) for part in parts),
        oversees=bool(overseen),
        unwatched=queries.alone_lately(overseen, at=who.at) if overseen else 0,
    )


def own_house(who: Reader) -> InstitutionLine | None:
    """The institution of somebody who belongs to exactly one."""
    keys = {part.institution for part in who.parts.values()}
    return queries.institution(next(iter(keys))) if len(keys) == 1 else None


def office(
    request: HttpRequest, who: Reader, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page for officers, with their letterhead."""
    context.setdefault("house", own_house(who))
    return render(request, template, {"me": me(who), **context}, status=status)


def public(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    house: InstitutionLine | None = None,
    status: int = 200,
) -> HttpResponse:
    """A page for everybody; with ``house`` it carries that institution's name, colour and office hours."""
    if house is not None:
        context = {"house": house, "office_hours": houses.office_hours(house, at=now()), **context}
    return render(request, template, context, status=status)
