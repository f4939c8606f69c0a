"""An officer's own leave: from when until when, who acts meanwhile; and colleagues who are away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tanggap.actions.arranging import NotArranged, NotYours, arrange
from tanggap.actions.foretelling import open_with
from tanggap.actions.holdings import EndLeave, Leave
from tanggap.records import queries
from tanggap.records.queries import HoldingLine, InstitutionLine, PersonLine, Reader
from tanggap.web import dates, page
from tanggap.web.organisation import words
from tanggap.web.organisation.changing import DONE
from tanggap.web.organisation.forms import LeaveForm, begins, ends
from tanggap.web.organisation.wishes import named


@page.for_staff
def leave(request: HttpRequest, who: Reader) -> HttpResponse:
    """The form, one's own leaves, and who is away among those one has to do with."""
    house = _house(who, request.GET.get("institution", ""))
    form = _form(who, house, None)
    if request.method == "POST" and house is not None:
        form = _form(who, house, request)
        if form.is_valid():
            try:
                return _take(request, who, house, form)
            except NotYours:
                raise Http404 from None
            except NotArranged as problem:
                form.add_error(problem.field if problem.field in form.fields else None, words.refusal(problem))
    return _page(request, who, house, form)


def _house(who: Reader, wanted: str) -> InstitutionLine | None:
    """The institution in which the reader holds a post: the one chosen, or the first."""
    keys = [part.institution for part in who.parts.values() if part.posts]
    key = wanted if wanted in keys else next(iter(keys), "")
    return queries.institution(key) if key else None


def _mine(who: Reader, house: InstitutionLine) -> PersonLine:
    (found,) = queries.staff(house.id, at=who.at, only=who.user.pk)
    return found


def _form(who: Reader, house: InstitutionLine | None, request: HttpRequest | None) -> LeaveForm:
    typed = request.POST if request is not None else None
    if house is None:
        return LeaveForm(persons=(), posts=())
    others = [
        (str(one.id), named(one))
        for one in queries.staff(house.id, at=who.at)
        if one.active and one.id != who.user.pk and (one.posts or "officer" in one.powers)
    ]
    mine = [(one.post, one.post_name) for one in _mine(who, house).posts if one.now(who.at) and not one.stands_in]
    first = dates.local(who.at, house.zone).date() + timedelta(days=1)
    return LeaveForm(typed, initial={"key": page.new_key(), "first": first}, persons=others, posts=mine)


def _take(request: HttpRequest, who: Reader, house: InstitutionLine, form: LeaveForm) -> HttpResponse:
    said = form.cleaned_data
    wish = Leave(
        tuple(said["posts"]), int(said["person"]), begins(said["first"], house.zone, now=who.at),
        ends(said["last"], house.zone),
    )  # fmt: skip
    arrange(house.key, wish, by=who.user, at=who.at, why=said["why"].strip(), form_key=said["key"][:100])
    request.session[DONE] = _("Tersimpan. Atasan, pengganti, dan pengelola dapat melihatnya.")
    return redirect("leave")


def _page(request: HttpRequest, who: Reader, house: InstitutionLine | None, form: LeaveForm) -> HttpResponse:
    away = queries.absences(who)
    zones = {line.key: line.zone for line in queries.institutions()} if away else {}
    mine = [one for one in away if one.stands_in_for == who.user.pk]
    below = [one for one in away if one.stands_in_for != who.user.pk and one.user != who.user.pk]
    context: dict[str, Any] = {
        "here": "leave",
        "house": house,
        "form": form,
        "may": house is not None and bool(form.fields["posts"].choices),  # type: ignore[attr-defined]
        "along": _along(who, house),
        "mine": [_line(one, zones) for one in mine],
        "below": [_line(one, zones) for one in below],
        "instead": [_line(one, zones) for one in away if one.user == who.user.pk],
        "done": request.session.pop(DONE, ""),
    }
    return page.office(request, who, "organisation/leave.html", context, status=422 if form.errors else 200)


def _along(who: Reader, house: InstitutionLine | None) -> str:
    """How many open duties the reader's posts have now."""
    if house is None:
        return ""
    posts = [one.post for one in _mine(who, house).posts if one.now(who.at) and not one.stands_in]
    number = open_with(house.id, posts, who=who)
    if not number:
        return _("Saat ini tidak ada tugas terbuka pada jabatan Anda.")
    return ngettext(
        "Saat ini ada %(n)d tugas terbuka pada jabatan Anda. Pengganti Anda dapat mengerjakannya.",
        "Saat ini ada %(n)d tugas terbuka pada jabatan Anda. Pengganti Anda dapat mengerjakannya.",
        number,
    ) % {"n": number}


def _line(one: HoldingLine, zones: dict[str, str]) -> dict[str, Any]:
    span = words.span(one.from_at, one.until_at, zones[one.institution])
    return {"id": one.id, "institution": one.institution, "post": one.post_name, "name": one.name,
            "instead_of": one.instead_of, "span": span}  # fmt: skip


@page.for_staff
def end(request: HttpRequest, who: Reader) -> HttpResponse:
    """End a leave early: one's own, or that of somebody right below."""
    holding = page.whole_number(request.POST.get("holding", ""))
    if request.method != "POST":
        return redirect("leave")
    if holding is None:
        raise Http404
    try:
        arrange(
            request.POST.get("institution", ""), EndLeave(holding), by=who.user, at=who.at,
            form_key=request.POST.get("key", "")[:100],
        )  # fmt: skip
    except LookupError:
        raise Http404 from None
    request.session[DONE] = _("Penggantian diakhiri.")
    return redirect("leave")
