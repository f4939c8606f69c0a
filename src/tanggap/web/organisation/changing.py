"""Changing an organisation: first what it does to open duties, in words; then one confirmed act on record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from tanggap.actions.arranging import (
    Arranged,
    Change,
    NotArranged,
    NotYours,
    SomeoneElseArranged,
    ToldOtherwise,
    arrange,
)
from tanggap.actions.foretelling import Foretold, foretell
from tanggap.actions.recounting import Moved
from tanggap.records import queries
from tanggap.records.queries import Reader
from tanggap.web import dates, page
from tanggap.web.calendars.changing import headline
from tanggap.web.calendars.differences import MoveRow, late_at_once, move_row
from tanggap.web.calendars.pages import MOVES_SHOWN, house_of
from tanggap.web.organisation import words
from tanggap.web.organisation.forms import WhyForm
from tanggap.web.organisation.wishes import Asked, Office, read

_OWN = frozenset({"csrfmiddlewaretoken", "step", "seen", "revision", "form_key", "why"})
"""Fields of the confirmation; everything else that is sent is the wish and travels with it."""
DONE = "organisasi-kabar"


@page.for_staff
def change_organisation(request: HttpRequest, who: Reader, key: str) -> HttpResponse:
    """A wish comes in: foretold, confirmed, or given back to be typed on."""
    office = Office(house_of(who, key), who)
    if request.method != "POST":
        return redirect("organisation", key)
    asked = read(request.POST, office)
    if not asked.form.is_valid() or request.POST.get("step") == "edit":
        return form_page(request, office, asked)
    change = asked.make()
    try:
        if asked.at_once or request.POST.get("step") == "apply":
            return _apply(request, office, asked, change)
        return _foretold(request, office, asked, foretell(key, change, who=who))
    except NotYours:
        raise Http404 from None
    except NotArranged as problem:
        field = problem.field if problem.field in asked.form.fields else None
        asked.form.add_error(field, words.refusal(problem))
        return form_page(request, office, asked)


def form_page(request: HttpRequest, office: Office, asked: Asked) -> HttpResponse:
    """A page with one form, as it was typed."""
    context = {
        "here": "organisation", "house": office.house, "form": asked.form, "title": asked.title,
        "back": reverse(asked.back[0], args=[office.house.key, *asked.back[1:]]), "at_once": asked.at_once,
        "note": asked.note,
        "key": request.POST.get("form_key", "")[:100] or page.new_key(),
    }  # fmt: skip
    status = 422 if asked.form.errors else 200
    return page.office(request, office.who, "organisation/form.html", context, status=status)


def _apply(request: HttpRequest, office: Office, asked: Asked, change: Change) -> HttpResponse:
    seen = page.whole_number(request.POST.get("seen", ""))
    if seen is None and not asked.at_once:
        raise Http404
    try:
        made = arrange(
            office.house.key, change, by=office.who.user, at=office.who.at, why=request.POST.get("why", "").strip(),
            seen=seen, form_key=request.POST.get("form_key", "")[:100],
            foretold=request.POST.get("revision", "")[:40],
        )  # fmt: skip
    except (SomeoneElseArranged, ToldOtherwise) as other:
        problem = _someone_else(other, office) if isinstance(other, SomeoneElseArranged) else _otherwise()
        found = foretell(office.house.key, change, who=office.who)
        return _foretold(request, office, asked, found, problem=problem, status=409)
    if change.kind in ("person", "link", "invite"):
        return _told_once(request, office, asked, made)
    request.session[DONE] = _("Perubahan tersimpan dan tercatat pada riwayat.")
    return redirect(reverse(asked.back[0], args=[office.house.key, *asked.back[1:]]))


def _told_once(request: HttpRequest, office: Office, asked: Asked, made: Arranged) -> HttpResponse:
    """The page with the link; it is never to be seen again, so it is not behind a redirect."""
    context = {
        "here": "organisation", "house": office.house, "title": asked.title, "link": made.told,
        "joins": asked.form.data.get("what") == "invite",
        "back": reverse("organisation_people", args=[office.house.key]),
    }  # fmt: skip
    return page.office(request, office.who, "organisation/link.html", context)


def _someone_else(other: SomeoneElseArranged, office: Office) -> str:
    by = queries.people([other.by]).get(other.by) or _("Orang lain")
    return _("%(by)s mengubah organisasi ini pada %(at)s, sesudah pratinjau Anda dibuat.") % {
        "by": by, "at": dates.stamp(other.at, office.house.zone),
    }  # fmt: skip


def _otherwise() -> str:
    return _("Kalender, pemegang jabatan atau SOP lembaga ini berubah sesudah pratinjau Anda dibuat.")


def _moves(found: Foretold, office: Office) -> dict[str, Any]:
    """The due moments that move: how many, by how much at most, and the first of them."""
    calendar, now = queries.calendar_of(office.house.key), office.who.at

    def row(one: Moved) -> MoveRow:
        return move_row(one.move, register="" if one.confidential else one.register, calendar=calendar, now=now)

    furthest = max(found.moves, key=_span, default=None)
    return {
        "cases": found.cases, "headline": headline(len(found.moves)),
        "furthest": row(furthest) if furthest is not None and _span(furthest) else None,
        "moves": [row(one) for one in found.moves[:MOVES_SHOWN]], "more": len(found.moves) - MOVES_SHOWN,
        "late": sum(late_at_once(one.move, now) for one in found.moves), "revision": found.revision,
    }  # fmt: skip


def _span(one: Moved) -> timedelta:
    before, after = one.move.before, one.move.after
    return abs(after - before) if before and after else timedelta()


def _foretold(
    request: HttpRequest, office: Office, asked: Asked, found: Foretold, *, problem: str = "", status: int = 200
) -> HttpResponse:
    typed, house = request.POST, office.house
    context: dict[str, Any] = {
        "here": "organisation",
        "house": house,
        "title": asked.title,
        "said": words.foretold(found, queries.names_of(house.id), house.zone),
        "alone": words.left_alone(found),
        "seen": found.seen,
        "key": typed.get("form_key", "")[:100] or page.new_key(),
        "hidden": [(name, one) for name in typed if name not in _OWN for one in typed.getlist(name)],
        "form": WhyForm(typed) if "why" in typed else WhyForm(),
        "problem": problem,
        "facts": _facts(asked),
        **(_moves(found, office) if found.cases is not None else {}),
        "back": reverse(asked.back[0], args=[house.key, *asked.back[1:]]),
    }
    return page.office(request, office.who, "organisation/preview.html", context, status=status)


def _facts(asked: Asked) -> list[tuple[str, str]]:
    """What was typed, as it will be written."""
    told = []
    for bound in asked.form.visible_fields():
        value = asked.form.cleaned_data.get(bound.name)
        choices = dict(getattr(bound.field, "choices", ()))
        if isinstance(value, list):
            shown = ", ".join(str(choices.get(one, one)) for one in value) or "-"
        elif isinstance(value, bool):
            shown = _("ya") if value else _("tidak")
        elif hasattr(value, "year"):
            shown = dates.day(value)  # type: ignore[arg-type]
        else:
            shown = str(choices.get(value, value) if value not in (None, "") else "-")
        told.append((str(bound.label), shown))
    return told
