"""Changing a calendar: first what would move, in words; then one confirmed act. Nothing typed is lost on the way."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tanggap.actions.calendar_plan import Plan
from tanggap.actions.calendars import (
    NothingChanged,
    Preview,
    SomeoneElseChanged,
    change,
    current_plan,
    preview,
)
from tanggap.records import queries
from tanggap.records.queries import InstitutionLine, Reader
from tanggap.web import dates, page
from tanggap.web.calendars import edits
from tanggap.web.calendars.differences import MoveRow, late_at_once, move_row
from tanggap.web.calendars.edits import Edit
from tanggap.web.calendars.forms import ConfirmForm
from tanggap.web.calendars.pages import MOVES_SHOWN, form_page, house_of, plans_differ, year_page
from tanggap.worktime.office_hours import CalendarRefused

_OWN = frozenset({"csrfmiddlewaretoken", "step", "seen", "key", "why", "decree_of"})
"""Fields of the confirmation; everything else that is sent is the wish and travels with it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: who asks for what, of which institution."""

    request: HttpRequest
    who: Reader
    house: InstitutionLine
    edit: Edit
    plan: Plan
    units: dict[str, str]

    @property
    def typed(self) -> QueryDict:
        """What was sent."""
        return self.request.POST

    def refused(self, said: str = "") -> HttpResponse:
        """The page the wish was typed on, with what was typed and why it cannot be."""
        if self.edit.form is None:
            return year_page(self.request, self.who, self.house, problem=said, status=422)
        if said:
            self.edit.form.add_error(None, said)
        context = {**self.edit.context, "form": self.edit.form}
        status = 422 if self.edit.form.errors else 200
        return form_page(self.request, self.who, self.house, self.edit.template, context, status=status)


@page.for_staff
def change_calendar(request: HttpRequest, who: Reader, key: str) -> HttpResponse:
    """A wish comes in: shown as a preview, confirmed, or given back to be typed on."""
    house = house_of(who, key)
    if request.method != "POST":
        return redirect("calendar", key)
    plan, units = current_plan(key), queries.units_of(house.id)
    asked = Asked(request, who, house, edits.read(request.POST, plan, units), plan, units)
    if not asked.edit.is_valid or request.POST.get("step") == "edit":
        return asked.refused()
    try:
        return _confirm(asked) if request.POST.get("step") == "apply" else _foretold(asked)
    except CalendarRefused as error:
        return asked.refused(str(error))
    except NothingChanged:
        return asked.refused(_("Kalender sudah berbunyi demikian; tidak ada yang perlu diubah."))


def _confirm(asked: Asked) -> HttpResponse:
    confirmation = ConfirmForm(asked.typed)
    seen = page.whole_number(asked.typed.get("seen", ""))
    if seen is None:
        raise Http404
    if not confirmation.is_valid():
        return _foretold(asked, confirmation, status=422)
    words = confirmation.cleaned_data
    try:
        version = change(
            asked.house.key, asked.edit.make(), seen=seen, at=asked.who.at, by=asked.who.user.person, why=words["why"],
            decree=words["decree_of"], form_key=asked.typed.get("key", "")[:100],
        )  # fmt: skip
    except SomeoneElseChanged as other:
        return _foretold(asked, confirmation, problem=_someone_else(other, asked.house), status=409)
    return redirect(f"{reverse('calendar_act', args=[asked.house.key, version.act_of_id or version.pk])}?baru=1")


def _someone_else(other: SomeoneElseChanged, house: InstitutionLine) -> str:
    by = queries.people([other.by]).get(other.by) or _("Orang lain")
    return _("%(by)s mengubah kalender ini pada %(at)s (%(why)s), sesudah pratinjau Anda dibuat.") % {
        "by": by, "at": dates.stamp(other.at, house.zone), "why": other.why or "-",
    }  # fmt: skip


def _foretold(
    asked: Asked, confirmation: ConfirmForm | None = None, *, problem: str = "", status: int = 200
) -> HttpResponse:
    plan = asked.edit.make()
    foretold = preview(asked.house.key, plan, at=asked.who.at)
    moves = _rows(foretold, plan, asked.who)
    context = {
        "here": "calendar",
        "house": asked.house,
        "changes": plans_differ(asked.plan, plan, asked.units),
        "moves": moves,
        "more": len(foretold.moves) - len(moves),
        "moved": len(foretold.moves),
        "late": sum(late_at_once(one.move, asked.who.at) for one in foretold.moves),
        "cases": foretold.cases,
        "headline": headline(len(foretold.moves)),
        "button": _button(len(foretold.moves)),
        "seen": foretold.seen,
        "key": asked.typed.get("key", "")[:100] or page.new_key(),
        "hidden": [(name, one) for name in asked.typed if name not in _OWN for one in asked.typed.getlist(name)],
        "form": confirmation or ConfirmForm(initial={"decree_of": asked.edit.decree}),
        "problem": problem,
        "may_edit": asked.edit.form is not None,
    }
    return page.office(asked.request, asked.who, "calendars/preview.html", context, status=status)


def _rows(foretold: Preview, plan: Plan, who: Reader) -> list[MoveRow]:
    calendar = plan.calendars()[""]
    return [
        move_row(one.move, register="" if one.confidential else one.register, calendar=calendar, now=who.at)
        for one in foretold.moves[:MOVES_SHOWN]
    ]


def headline(moved: int) -> str:
    """How many due moments move, as a heading."""
    if not moved:
        return _("Tidak ada tenggat yang bergeser.")
    return ngettext("%(n)d tenggat bergeser", "%(n)d tenggat bergeser", moved) % {"n": moved}


def _button(moved: int) -> str:
    if not moved:
        return _("Terapkan kalender")
    return ngettext("Terapkan dan geser %(n)d tenggat", "Terapkan dan geser %(n)d tenggat", moved) % {"n": moved}
