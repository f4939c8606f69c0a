"""What the calendars of an institution are made of, as one value: read from its rows, and written back to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tanggap.records.models import Holiday, Institution, OfficeHours, Unit
from tanggap.worktime.calendar import WorkCalendar
from tanggap.worktime.office_hours import CalendarRefused, HolidayKind, Period
from tanggap.worktime.office_hours import Holiday as DayOff

INSTITUTION = ""
"""Stands for the institution itself where a unit could stand."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the calendars of an institution are made of. ``hours``: by unit key, :data:`INSTITUTION` for all others."""

    zone: str
    hours: Mapping[str, tuple[Period, ...]]
    holidays: tuple[DayOff, ...]
    joint_leave_off: bool = True

    def calendars(self) -> dict[str, WorkCalendar]:
        """A calendar for each key of ``hours``. Raises ``CalendarRefused``."""
        seen: set[tuple[date, str]] = set()
        for day in self.holidays:
            if (day.date, day.name) in seen:
                raise CalendarRefused(f"Hari libur “{day.name}” sudah tercatat pada tanggal itu.")
            seen.add((day.date, day.name))
        return {
            unit: WorkCalendar(self.zone, periods, self.holidays, self.joint_leave_off)
            for unit, periods in self.hours.items()
        }


def with_period(periods: Sequence[Period], period: Period, *, position: int | None = None) -> tuple[Period, ...]:
    """``periods`` with ``period`` in place of the one at ``position``, or as a new one.

    Where several cover a day the last one holds, so hours with a beginning and an end (Ramadan) go last, and new hours
    without an end go before all of those.
    """
    listed = list(periods)
    if position is not None:
        listed[position] = period
    elif period.from_date and period.until_date:
        listed.append(period)
    else:
        passing = (n for n, one in enumerate(listed) if one.from_date and one.until_date)
        listed.insert(next(passing, len(listed)), period)
    return tuple(listed)


def plan_of(institution: Institution) -> Plan:
    """The plan that the rows of office hours and holidays make now. Raises ``CalendarRefused``."""
    hours: dict[str, tuple[Period, ...]] = {INSTITUTION: ()}
    for row in institution.office_hours.select_related("unit"):
        unit = row.unit.key if row.unit is not None else INSTITUTION
        words = {"label": row.label, "from": row.from_date, "until": row.until_date, **row.week}
        known = {name: value for name, value in words.items() if value}
        hours[unit] = (*hours.get(unit, ()), Period.from_dict(known))
    days = tuple(
        DayOff(row.date, row.name, HolidayKind(row.kind), row.decree, row.estimated)
        for row in institution.holidays.all()
    )
    return Plan(institution.zone, hours, days, institution.joint_leave_off)


def save_plan(institution: Institution, plan: Plan) -> None:
    """Make the rows say what ``plan`` says; rows that say so already are left alone."""
    stored = plan_of(institution)
    units = {unit.key: unit for unit in institution.units.all()}
    for unit in stored.hours.keys() | plan.hours.keys():
        if stored.hours.get(unit) != plan.hours.get(unit):
            institution.office_hours.filter(unit=units.get(unit)).delete()
            save_hours(institution, plan.hours.get(unit, ()), unit=units.get(unit))
    gone, new = set(stored.holidays) - set(plan.holidays), set(plan.holidays) - set(stored.holidays)
    for day in gone:
        institution.holidays.filter(date=day.date, name=day.name).delete()
    save_holidays(institution, new)
    if institution.joint_leave_off != plan.joint_leave_off:
        Institution.objects.filter(pk=institution.pk).update(joint_leave_off=plan.joint_leave_off)


def save_hours(institution: Institution, periods: tuple[Period, ...], *, unit: Unit | None = None) -> None:
    """Rows for ``periods``, in their order."""
    for position, period in enumerate(periods):
        week = {name: value for name, value in period.to_dict().items() if name not in {"label", "from", "until"}}
        OfficeHours.objects.create(
            institution=institution, unit=unit, position=position, label=period.label, from_date=period.from_date,
            until_date=period.until_date, week=week,
        )  # fmt: skip


def save_holidays(institution: Institution, days: Iterable[DayOff]) -> None:
    """A row for each of ``days``."""
    Holiday.objects.bulk_create(
        Holiday(
            institution=institution,
            date=day.date,
            name=day.name,
            kind=day.kind.value,
            decree=day.decree,
            estimated=day.estimated,
        )
        for day in days
    )
