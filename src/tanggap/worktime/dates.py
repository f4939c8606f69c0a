"""Dates, moments and time left in Indonesian words, as pages, papers and the command print them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tanggap.worktime.calendar import WorkCalendar

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}

_A_MINUTE = timedelta(minutes=1)
_END_OF_DAY = (23, 59)


def day(on: date) -> str:
    """20 November 2026. A moment is printed by its own zone's date."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def weekday(on: date) -> str:
    """Jumat, 20 November 2026."""
    return f"{DAYS[on.weekday()]}, {day(on)}"


def clock(at: datetime, *, zone: bool = True) -> str:
    """08.30 WIB, by the moment's own zone; seconds are not shown."""
    printed = f"{at.hour:02d}.{at.minute:02d}"
    return f"{printed} {zone_name(at)}" if zone else printed


def moment(at: datetime) -> str:
    """Senin, 30 November 2026 pukul 09.30 WIB: in a sentence."""
    return f"{weekday(at)} pukul {clock(at)}"


def stamp(at: datetime) -> str:
    """Senin, 30 November 2026, 09.30 WIB: in a list."""
    return f"{weekday(at)}, {clock(at)}"


def zone_name(at: datetime) -> str:
    """WIB, WITA or WIT, else the zone's own abbreviation. Raises ``ValueError`` for a moment without a zone."""
    if at.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return ZONES.get(getattr(at.tzinfo, "key", "")) or at.tzname() or ""


def span(length: timedelta) -> str:
    """1 jam 9 menit; 2 hari 3 jam. By the wall clock, whole minutes; minutes are left out beside days."""
    minutes = length // _A_MINUTE
    days, minutes = divmod(minutes, 24 * 60)
    return _amounts(days, "hari", minutes, "jam") or "kurang dari 1 menit"


def time_left(due: datetime, at: datetime, calendar: WorkCalendar | None = None) -> str:
    """How much time is left at the moment ``at``, or how late it is: "Sisa 7 menit", "Lewat 35 menit".

    With ``calendar`` it counts as the performer's clock does: working time today ("Sisa 6 jam 6 menit"), working days
    when due at a later day's closing ("Sisa 2 hari kerja"), days and working hours in between ("Sisa 2 hari kerja 3
    jam"). A due moment that is not working time (23.59, a night) is always told by the wall clock; so is every one
    without ``calendar``, which is right for standards in calendar days and wall-clock hours.
    """
    if calendar is not None and not calendar.worked(due.astimezone(UTC) - _A_MINUTE, due):
        calendar = None
    if _elapsed(due, at) > timedelta():
        return _late(due, at, calendar)
    return f"Sisa {_left_by_clock(due, at) if calendar is None else _left_working(due, at, calendar)}"


def _late(due: datetime, at: datetime, calendar: WorkCalendar | None) -> str:
    if calendar is None:
        return f"Lewat {span(_elapsed(due, at))}"
    if not calendar.worked(due, at):
        return "Lewat waktu"  # the office has not been open since
    return f"Lewat {_working(due, at, calendar)}"


def _left_by_clock(due: datetime, at: datetime) -> str:
    days = (due.date() - at.astimezone(due.tzinfo).date()).days
    if days > 0 and (due.hour, due.minute) == _END_OF_DAY:
        return f"{days} hari"
    return span(_elapsed(at, due))


def _left_working(due: datetime, at: datetime, calendar: WorkCalendar) -> str:
    last = due.astimezone(calendar.tz).date()
    today = at.astimezone(calendar.tz).date()
    if due == calendar.closing(last) and last > today:
        return f"{_working_days(today, last, calendar)} hari kerja"
    return _working(at, due, calendar)


def _working(begin: datetime, end: datetime, calendar: WorkCalendar) -> str:
    """Whole working days that lie between the two dates, and the working time of the two days themselves."""
    first, last = begin.astimezone(calendar.tz).date(), end.astimezone(calendar.tz).date()
    between = _working_days(first, last - timedelta(days=1), calendar) if first < last else 0
    worked = calendar.worked(begin, end)
    if between:
        worked -= calendar.worked(_midnight(first + timedelta(days=1), calendar), _midnight(last, calendar))
    hours = "jam" if first == last or between else "jam kerja"
    return _amounts(between, "hari kerja", worked // _A_MINUTE, hours) or "kurang dari 1 menit"


def _working_days(after: date, through: date, calendar: WorkCalendar) -> int:
    days = (after + timedelta(days=n) for n in range(1, (through - after).days + 1))
    return sum(calendar.is_working_day(each) for each in days)


def _midnight(on: date, calendar: WorkCalendar) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=calendar.tz)


def _elapsed(begin: datetime, end: datetime) -> timedelta:
    return end.astimezone(UTC) - begin.astimezone(UTC)  # two moments of one zone would be subtracted as wall clocks


def _amounts(days: int, days_word: str, minutes: int, hours_word: str) -> str:
    hours, minutes = divmod(minutes, 60)
    parts = ((days, days_word), (hours, hours_word), (0 if days else minutes, "menit"))
    return " ".join(f"{amount} {word}" for amount, word in parts if amount)
