"""Moments as a page prints them: on the clocks of the institution, in the language of the reader.

What a moment is called stands in :mod:`tanggap.worktime.dates`; here it meets the request, and what a form sent.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

from tanggap.worktime import dates as words
from tanggap.worktime.calendar import WorkCalendar


def language() -> str:
    """The language of the page: id or en."""
    return (get_language() or "id").partition("-")[0]


def local(moment: datetime, zone: str | tzinfo) -> datetime:
    """``moment`` (aware) on the clocks of ``zone``."""
    return moment.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)


def typed(text: str, zone: str) -> datetime:
    """What a form's field for date and time sent, on the clocks of ``zone``. Raises ``ValueError``."""
    return on_clocks(datetime.fromisoformat(text), zone)


def on_clocks(moment: datetime, zone: str) -> datetime:
    """A date and time (its own zone, if any, left out) on the clocks of ``zone``.

    Raises ``ValueError`` for years in which nobody used this: a slip of the finger, and calendars end somewhere.
    """
    if not 1990 <= moment.year < 2200:
        raise ValueError(moment)
    return moment.replace(tzinfo=ZoneInfo(zone))


def day(value: date) -> str:
    """As in: 20 November 2026."""
    return words.day(value, language())


def weekday(value: date) -> str:
    """As in: Jumat, 20 November 2026."""
    return words.weekday(value, language())


def clock(moment: datetime, zone: str | tzinfo) -> str:
    """As in "08.30 WIB": never without its zone."""
    return words.clock(local(moment, zone))


def stamp(moment: datetime, zone: str | tzinfo) -> str:
    """As in "20 November 2026, 08.30 WIB": when something happened."""
    return words.stamp(local(moment, zone), language())


def deadline(moment: datetime, zone: str | tzinfo) -> str:
    """As in "Senin, 30 November 2026 pukul 09.30 WIB": when something is due."""
    return words.moment(local(moment, zone), language())


def short_deadline(moment: datetime, zone: str | tzinfo, *, now: datetime) -> str:
    """A due moment beside others: only the clock when it is today, else day and clock."""
    there, here = local(moment, zone), local(now, zone)
    if there.date() == here.date():
        return clock(moment, zone)
    return f"{short_day(moment, zone, now=now)}, {clock(moment, zone)}"


def short_day(moment: datetime, zone: str | tzinfo, *, now: datetime) -> str:
    """The day of a due moment: "Senin, 23 November", with the year when it is another."""
    there, here = local(moment, zone), local(now, zone)
    return words.weekday(there, language(), year=there.year != here.year)


def stretch(length: timedelta) -> str:
    """As in "1 jam 9 menit": hours and minutes in full; a minute at least."""
    return words.stretch(max(length, timedelta(minutes=1)), language())


def spent(length: timedelta) -> str:
    """As in "1 jam 9 menit": what was used or is late, however little; "kurang dari 1 menit"."""
    return words.stretch(length, language())


def days(number: int) -> str:
    """As in: 3 hari."""
    return words.amount(number, "hari", language())


def between(start: datetime, end: datetime, calendar: WorkCalendar) -> str:
    """How long it is from ``start`` to ``end``: within one day in working time, beyond it in working days."""
    return words.between(start, end, calendar, language())
