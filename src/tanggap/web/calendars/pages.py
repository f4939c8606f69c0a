"""The working calendar: a year as a picture, its hours and holidays, and the history of its changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tanggap.actions.calendar_plan import INSTITUTION, Plan
from tanggap.actions.calendars import current_plan
from tanggap.records import queries
from tanggap.records.queries import InstitutionLine, Reader
from tanggap.web import dates, page
from tanggap.web.calendars import edits
from tanggap.web.calendars.differences import differences, move_row
from tanggap.web.calendars.forms import FIRST_YEAR, LAST_YEAR, YearForm
from tanggap.web.calendars.year import HoursLine, hours_lines, year_of
from tanggap.worktime.calendar import WorkCalendar
from tanggap.worktime.office_hours import Period

MOVES_SHOWN = 200
"""How many moved due moments a page lists."""


def arranged(who: Reader) -> list[InstitutionLine]:
    """Institutions whose calendar this reader arranges. Raises ``Http404`` when there is none."""
    keys = {part.institution for part in who.parts.values() if part.admin}
    houses = [house for house in queries.institutions() if house.key in keys]
    if not houses:
        raise Http404
    return houses


def house_of(who: Reader, key: str) -> InstitutionLine:
    """The institution ``key``, when this reader arranges it. Raises ``Http404``."""
    for house in arranged(who):
        if house.key == key:
            return house
    raise Http404


@page.for_staff
def calendars(request: HttpRequest, who: Reader) -> HttpResponse:
    """To the calendar of the institution that is arranged, or of the one chosen."""
    houses = arranged(who)
    wanted = request.GET.get("institution", "")
    return redirect("calendar", next((one.key for one in houses if one.key == wanted), houses[0].key))


@page.for_staff
def calendar(request: HttpRequest, who: Reader, key: str) -> HttpResponse:
    """A year of the institution, or of a unit with hours of its own."""
    return year_page(request, who, house_of(who, key))


def year_page(
    request: HttpRequest, who: Reader, house: InstitutionLine, *, problem: str = "", status: int = 200
) -> HttpResponse:
    """The year asked for, with its hours and holidays; ``problem``: why a button did nothing."""
    plan, units = current_plan(house.key), queries.units_of(house.id)
    unit = request.GET.get("unit", "")
    if unit and unit not in plan.hours:
        raise Http404
    in_force = queries.shelf(house.key, at=who.at)
    shown = in_force.unit_calendars.get(unit, in_force.calendar) if unit else in_force.calendar
    today = dates.local(who.at, house.zone).date()
    number = page.whole_number(request.GET.get("tahun", "")) or today.year
    number = min(max(number, FIRST_YEAR), LAST_YEAR)
    acts = queries.calendar_acts(house.id)
    lines = _lines(plan.hours.get(unit, ()), number)
    context = {
        "here": "calendar",
        "house": house,
        "houses": arranged(who),
        "unit": unit,
        "unit_name": units.get(unit, ""),
        "year": year_of(shown, number, today=today),
        "act": acts[0] if acts else None,
        "hours": [(line, may_go) for line, may_go, own in lines if own],
        "other_hours": [(line, may_go) for line, may_go, own in lines if not own],
        "holidays": [one for one in plan.holidays if one.date.year == number],
        "joint_leave_off": plan.joint_leave_off,
        "own_hours": [(one, units.get(one, one)) for one in plan.hours if one],
        "other_units": [(one, name) for one, name in units.items() if one not in plan.hours],
        "imports": [one for one in edits.years_to_import(today) if edits.offered(plan, one)],
        "problem": problem,
        "now": who.at,
    }
    return page.office(request, who, "calendars/year.html", context, status=status)


def _lines(periods: Sequence[Period], year: int) -> list[tuple[HoursLine, bool, bool]]:
    """Each period of hours, whether it may go (the last one stays), and whether it holds in any part of ``year``."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return [
        (
            line,
            len(periods) > 1,
            (one.from_date is None or one.from_date <= last) and (one.until_date is None or one.until_date > first),
        )
        for line, one in zip(hours_lines(periods), periods, strict=True)
    ]


# forms ----------------------------------------------------------------------------------------------------------------


@page.for_staff
def day(request: HttpRequest, who: Reader, key: str) -> HttpResponse:
    """The form of a day off: a new one, or the one named."""
    house, asked = house_of(who, key), request.GET.get("tanggal", "")
    form = edits.day_form(current_plan(key), asked, request.GET.get("nama", ""))
    return form_page(request, who, house, "calendars/day.html", {"form": form, "is_change": bool(asked)})


@page.for_staff
def hours(request: HttpRequest, who: Reader, key: str) -> HttpResponse:
    """The form of the hours of a week: new ones, or those named."""
    house = house_of(who, key)
    plan, units = current_plan(key), queries.units_of(house.id)
    unit, position = request.GET.get("unit", ""), request.GET.get("masa", "")
    if unit and unit not in units:
        raise Http404
    form = edits.period_form(plan, unit, position)
    context = {"form": form, "is_change": bool(position), "unit": unit, "unit_name": units.get(unit, "")}
    return form_page(request, who, house, "calendars/hours.html", context)


@page.for_staff
def holidays(request: HttpRequest, who: Reader, key: str) -> HttpResponse:
    """The holidays of a year that come with Tanggap, to be taken over."""
    house = house_of(who, key)
    year = page.whole_number(request.GET.get("tahun", "")) or dates.local(who.at, house.zone).year + 1
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    form = YearForm(initial={"year": year}, offered=edits.offered(current_plan(key), year))
    return form_page(request, who, house, "calendars/import.html", {"form": form, "year": year})


def form_page(
    request: HttpRequest, who: Reader, house: InstitutionLine, template: str, context: dict[str, Any], *,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    """A page with one form."""
    return page.office(request, who, template, {"here": "calendar", "house": house, **context}, status=status)


# history --------------------------------------------------------------------------------------------------------------


@page.for_staff
def history(request: HttpRequest, who: Reader, key: str) -> HttpResponse:
    """Every change of the calendar: who, when, why, and how many due moments moved."""
    house = house_of(who, key)
    context = {"here": "calendar", "house": house, "acts": queries.calendar_acts(house.id)}
    return page.office(request, who, "calendars/history.html", context)


@page.for_staff
def act(request: HttpRequest, who: Reader, key: str, act: int) -> HttpResponse:
    """One change: what it changed, and every due moment it moved."""
    house = house_of(who, key)
    one = next((one for one in queries.calendar_acts(house.id) if one.id == act), None)
    if one is None:
        raise Http404
    after = queries.frozen_calendars(house.id, act)
    shown = after.get(INSTITUTION) or next((found for found in after.values() if found), queries.calendar_of(key))
    moves = [
        move_row(line, register=line.register, calendar=shown, now=one.made_at)
        for line in queries.calendar_moves(house.id, act, limit=MOVES_SHOWN)
    ]
    context = {
        "here": "calendar",
        "house": house,
        "act": one,
        "changes": differences(queries.calendars_before(house.id, act), after, queries.units_of(house.id)),
        "moves": moves,
        "more": one.moved - len(moves),
        "done": _("Kalender diterapkan.") if request.GET.get("baru") else "",
    }
    return page.office(request, who, "calendars/act.html", context)


def plans_differ(before: Plan, after: Plan, units: dict[str, str]) -> list[str]:
    """Sentences for what differs between two plans. Raises ``CalendarRefused``."""
    was: dict[str, WorkCalendar | None] = {**before.calendars()}
    now: dict[str, WorkCalendar | None] = {**after.calendars()}
    return differences(was, {**dict.fromkeys(was), **now}, units)
