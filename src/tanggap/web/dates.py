"""Moments and stretches of time in the words of an official letter: "Rabu, 25 November 2026 pukul 16.00 WIB"."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext, ngettext

from tanggap.worktime.calendar import WorkCalendar


def local(moment: datetime, zone: str | tzinfo) -> datetime:
    """``moment`` (aware) on the clocks of ``zone``."""
    return moment.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)


def typed(words: str, zone: str) -> datetime:
    """What a form's field for date and time sent, on the clocks of ``zone``. Raises ``ValueError``."""
    return on_clocks(datetime.fromisoformat(words), zone)


def on_clocks(moment: datetime, zone: str) -> datetime:
    """A date and time (its own zone, if any, left out) on the clocks of ``zone``.

    Raises ``ValueError`` for years in which nobody used this: a slip of the finger, and calendars end somewhere.
    """
    if not 1990 <= moment.year < 2200:
        raise ValueError(moment)
    return moment.replace(tzinfo=ZoneInfo(zone))


def day(value: date) -> str:
    """As in: 20 November 2026."""
    return f"{value.day} {MONTHS[value.month]} {value.year}"


def weekday(value: date) -> str:
    """As in: Jumat, 20 November 2026."""
    return f"{WEEKDAYS[value.weekday()]}, {day(value)}"


def clock(moment: datetime, zone: str | tzinfo) -> str:
    """As in "08.30 WIB": never without its zone."""
    there = local(moment, zone)
    return f"{there:%H.%M} {there.tzname()}"


def stamp(moment: datetime, zone: str | tzinfo) -> str:
    """As in "20 November 2026, 08.30 WIB": when something happened."""
    return f"{day(local(moment, zone))}, {clock(moment, zone)}"


def deadline(moment: datetime, zone: str | tzinfo) -> str:
    """As in "Senin, 30 November 2026 pukul 09.30 WIB": when something is due."""
    return gettext("%(day)s pukul %(clock)s") % {
        "day": weekday(local(moment, zone)),
        "clock": clock(moment, zone),
    }


def short_deadline(moment: datetime, zone: str | tzinfo, *, now: datetime) -> str:
    """A due moment beside others: only the clock when it is today, else day and clock."""
    there, here = local(moment, zone), local(now, zone)
    if there.date() == here.date():
        return clock(moment, zone)
    return f"{short_day(moment, zone, now=now)}, {clock(moment, zone)}"


def short_day(moment: datetime, zone: str | tzinfo, *, now: datetime) -> str:
    """The day of a due moment: "Senin, 23 November", with the year when it is another."""
    there, here = local(moment, zone), local(now, zone)
    if there.year == here.year:
        return f"{WEEKDAYS[there.weekday()]}, {there.day} {MONTHS[there.month]}"
    return weekday(there)


def stretch(length: timedelta) -> str:
    """As in "1 jam 9 menit": hours and minutes in full; a minute at least."""
    minutes = max(1, int(length.total_seconds() // 60))
    hours, rest = divmod(minutes, 60)
    words = []
    if hours:
        words.append(ngettext("%(n)d jam", "%(n)d jam", hours) % {"n": hours})
    if rest or not hours:
        words.append(ngettext("%(n)d menit", "%(n)d menit", rest) % {"n": rest})
    return " ".join(words)


def days(number: int) -> str:
    """As in: 3 hari."""
    return ngettext("%(n)d hari", "%(n)d hari", number) % {"n": number}


def between(start: datetime, end: datetime, calendar: WorkCalendar) -> str:
    """How long it is from ``start`` to ``end``: within one day in working time, beyond it in working days."""
    first, last = start.astimezone(calendar.tz).date(), end.astimezone(calendar.tz).date()
    if first == last:
        return stretch(calendar.worked(start, end) or end - start)
    working = sum(1 for step in range(1, (last - first).days + 1) if calendar.is_working_day(first + timedelta(step)))
    if working:
        return ngettext("%(n)d hari kerja", "%(n)d hari kerja", working) % {"n": working}
    return days((last - first).days)
