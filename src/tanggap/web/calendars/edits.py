"""What a page asks of a calendar: a typed form read against the plan that holds now, and the plan it makes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, QueryDict

from tanggap.actions.calendar_plan import INSTITUTION, Plan, with_period
from tanggap.actions.holidays import national_holidays
from tanggap.web import page
from tanggap.web.calendars.forms import FIRST_YEAR, LAST_YEAR, DayForm, PeriodForm, YearForm
from tanggap.worktime.office_hours import Holiday, Period


@dataclass(frozen=True, slots=True)
class Edit:
    """One wish. ``form`` and ``template``: the page it was typed on, none for a button. ``plan`` asks a valid form."""

    template: str
    form: forms.Form | None
    make: Callable[[], Plan]
    context: Mapping[str, Any]

    @property
    def is_valid(self) -> bool:
        """True when a plan can be made of it."""
        return self.form is None or self.form.is_valid()

    @property
    def decree(self) -> str:
        """The number of the decree that was typed with the wish."""
        return str(self.form.cleaned_data.get("decree", "")) if self.form is not None and self.form.is_valid() else ""


def read(typed: QueryDict, plan: Plan, units: Mapping[str, str]) -> Edit:
    """The wish that ``typed`` says. Raises ``Http404`` for what no page of ours sends."""
    reader = _READERS.get(typed.get("what", ""))
    if reader is None:
        raise Http404
    return reader(typed, plan, units)


# days off -------------------------------------------------------------------------------------------------------------


def day_form(plan: Plan, day: str, name: str) -> DayForm:
    """An empty form, or that of the entry on ``day`` called ``name``. Raises ``Http404``."""
    if not day:
        return DayForm()
    known = _entry(plan, day, name)
    return DayForm(
        initial={
            "was_date": day, "was_name": name, "day": known.date, "name": known.name, "kind": known.kind.value,
            "decree": known.decree, "estimated": known.estimated,
        }
    )  # fmt: skip


def _entry(plan: Plan, day: str, name: str) -> Holiday:
    found = next((one for one in plan.holidays if one.date.isoformat() == day and one.name == name), None)
    if found is None:
        raise Http404
    return found


def _day(typed: QueryDict, plan: Plan, units: Mapping[str, str]) -> Edit:
    form = DayForm(typed)
    is_change = bool(typed.get("was_date"))

    def make() -> Plan:
        was = {_entry(plan, typed.get("was_date", ""), typed.get("was_name", ""))} if is_change else set()
        kept = [one for one in plan.holidays if one not in was]
        return replace(plan, holidays=(*kept, *form.days()))

    return Edit("calendars/day.html", form, make, {"is_change": is_change})


def _remove_day(typed: QueryDict, plan: Plan, units: Mapping[str, str]) -> Edit:
    gone = _entry(plan, typed.get("was_date", ""), typed.get("was_name", ""))
    kept = tuple(one for one in plan.holidays if one != gone)
    return Edit("", None, lambda: replace(plan, holidays=kept), {})


def offered(plan: Plan, year: int) -> list[Holiday]:
    """Holidays of ``year`` that come with Tanggap and are not in the plan, or only as an estimate or without decree."""
    settled = {(one.date, one.name) for one in plan.holidays if one.decree and not one.estimated}
    return [one for one in national_holidays([year]) if (one.date, one.name) not in settled]


def _year(typed: QueryDict, plan: Plan, units: Mapping[str, str]) -> Edit:
    year = page.whole_number(typed.get("year", "")) or 0
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    form = YearForm(typed, offered=offered(plan, year))

    def make() -> Plan:
        new = {(one.date, one.name): one for one in form.days()}
        kept = (one for one in plan.holidays if (one.date, one.name) not in new)
        return replace(plan, holidays=(*kept, *new.values()))

    return Edit("calendars/import.html", form, make, {"year": year})


def _joint_leave(typed: QueryDict, plan: Plan, units: Mapping[str, str]) -> Edit:
    return Edit("", None, lambda: replace(plan, joint_leave_off=typed.get("off") == "ya"), {})


# office hours ---------------------------------------------------------------------------------------------------------


def period_form(plan: Plan, unit: str, position: str) -> PeriodForm:
    """The form of a period, or of a new one. A unit without hours begins with the institution's. Raises ``Http404``."""
    own = plan.hours.get(unit, ())
    if position:
        return PeriodForm.of(own[_place(position, own)], unit=unit, position=position)
    ordinary = plan.hours[INSTITUTION][0] if plan.hours[INSTITUTION] else Period(((),) * 7)
    if unit and not own:
        return PeriodForm.of(replace(ordinary, from_date=None, until_date=None), unit=unit)
    return PeriodForm.of(replace(ordinary, label="", from_date=None, until_date=None), unit=unit)


def _place(position: str, periods: tuple[Period, ...]) -> int:
    place = page.whole_number(position)
    if place is None or place >= len(periods):
        raise Http404
    return place


def _unit_of(typed: Mapping[str, Any], units: Mapping[str, str]) -> str:
    unit = str(typed.get("unit", ""))
    if unit and unit not in units:
        raise Http404
    return unit


def _hours(typed: QueryDict, plan: Plan, units: Mapping[str, str]) -> Edit:
    form, unit = PeriodForm(typed), _unit_of(typed, units)
    own = plan.hours.get(unit, ())
    position = _place(typed.get("position", ""), own) if typed.get("position") else None

    def make() -> Plan:
        periods = with_period(own, form.cleaned_data["period"], position=position)
        return replace(plan, hours={**plan.hours, unit: periods})

    context = {"is_change": position is not None, "unit": unit, "unit_name": units.get(unit, "")}
    return Edit("calendars/hours.html", form, make, context)


def _remove_hours(typed: QueryDict, plan: Plan, units: Mapping[str, str]) -> Edit:
    unit = _unit_of(typed, units)
    own = plan.hours.get(unit, ())
    place = _place(typed.get("position", ""), own)
    left = (*own[:place], *own[place + 1 :])
    hours = {**plan.hours, unit: left}
    if unit and not left:
        del hours[unit]
    return Edit("", None, lambda: replace(plan, hours=hours), {})


def _follow(typed: QueryDict, plan: Plan, units: Mapping[str, str]) -> Edit:
    unit = _unit_of(typed, units)
    if not unit or unit not in plan.hours:
        raise Http404
    hours = {key: periods for key, periods in plan.hours.items() if key != unit}
    return Edit("", None, lambda: replace(plan, hours=hours), {})


_READERS: Mapping[str, Callable[[QueryDict, Plan, Mapping[str, str]], Edit]] = {
    "hari": _day,
    "hapus-hari": _remove_day,
    "libur": _year,
    "cuti": _joint_leave,
    "jam": _hours,
    "hapus-jam": _remove_hours,
    "ikut": _follow,
}


def years_to_import(today: date) -> list[int]:
    """This year and the next two: what an administrator prepares."""
    return [today.year, today.year + 1, today.year + 2]
