"""An institution as its public pages tell of it: how to reach it, and when it is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils.dates import WEEKDAYS

from tanggap.records import queries
from tanggap.records.queries import InstitutionLine
from tanggap.web import labels
from tanggap.web.labels import Words
from tanggap.worktime.calendar import WorkCalendar

_TO = "\u2013"  # from one to the other


@dataclass(frozen=True, slots=True)
class Way:
    """A way to reach an institution other than the form."""

    icon: str
    value: str
    word: Words


def ways(house: InstitutionLine) -> list[Way]:
    """Telephone, WhatsApp, counter: the contacts the institution names, in its order."""
    return [
        Way(labels.channel_icon(channel), str(value), labels.channel(channel))
        for channel, value in house.contacts.items()
        if value and channel != "web"
    ]


def office_hours(house: InstitutionLine, *, at: datetime) -> list[str]:
    """The hours in force at ``at``, days of equal hours together: "Senin-Kamis 07.30-16.00 WIB"."""
    try:
        calendar = queries.calendar_of(house.key)
    except LookupError:
        return []
    today = at.astimezone(calendar.tz).date()
    monday = today - timedelta(days=today.weekday())
    zone = at.astimezone(calendar.tz).tzname() or ""
    lines = []
    for hours, run in groupby(range(7), key=lambda n: _hours(calendar, monday + timedelta(days=n))):
        days = list(run)
        if hours:
            lines.append(f"{_span(days)} {hours} {zone}")
    return lines


def _hours(calendar: WorkCalendar, day: date) -> str:
    """First opening and last closing of an ordinary ``day`` (holidays are told apart), empty when closed."""
    for period in reversed(calendar.periods):
        if period.covers(day):
            opened = [str(one) for one in period.week[day.weekday()]]
            return f"{opened[0].partition('-')[0]}{_TO}{opened[-1].rpartition('-')[2]}" if opened else ""
    return ""


def _span(days: Sequence[int]) -> str:
    first, last = WEEKDAYS[days[0]], WEEKDAYS[days[-1]]
    return str(first) if first == last else f"{first}{_TO}{last}"
