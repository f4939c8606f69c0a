"""Time left, as an officer reads it: words first, then the due moment, then a bar; each state has its own shape."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from tanggap.web import dates
from tanggap.worktime.calendar import WorkCalendar

LATE, TODAY, LATER, WAITING = "late", "today", "later", "waiting"
"""The groups of the duty list, in the order they are shown."""


@dataclass(frozen=True, slots=True)
class Clock:
    """What is shown of one clock. ``group``: late, today, later, waiting. ``used``: share of the standard used.

    ``beside``: what stands under the words in a list: the due moment, less what the words say already.
    """

    group: str
    tone: str
    shape: str
    words: str
    due: str = ""
    beside: str = ""
    standard: str = ""
    used: float | None = None


def read(
    *, due_at: datetime | None, now: datetime, calendar: WorkCalendar, starts_at: datetime | None = None,
    warn_at: datetime | None = None, paused: bool = False, breaches: bool = True, standard: str = "",
) -> Clock:  # fmt: skip
    """The clock of a duty at ``now``. ``breaches`` false (performers outside): passing it is not lateness."""
    if paused:
        return Clock(WAITING, "", "paused", _("Waktu berhenti"), standard=standard)
    if due_at is None:
        return Clock(LATER, "", "none", _("Tanpa batas waktu"), standard=standard)
    due, used = dates.short_deadline(due_at, calendar.tz, now=now), _used(starts_at, due_at, now, calendar)
    hour = dates.clock(due_at, calendar.tz)
    if due_at < now:
        words = _("Lewat %(time)s") % {"time": dates.between(due_at, now, calendar)}
        if not breaches:
            return Clock(WAITING, "", "running", words, due, due, standard, used)
        return Clock(LATE, "is-late", "late", words, due, due, standard, used)
    if not breaches:
        return Clock(WAITING, "", "running", _("Sampai %(due)s") % {"due": due}, due, "", standard, used)
    today = due_at.astimezone(calendar.tz).date() == now.astimezone(calendar.tz).date()
    risky = warn_at is not None and now >= warn_at
    if not today:
        words = dates.short_day(due_at, calendar.tz, now=now)
        tone, shape = ("is-risk", "risk") if risky else ("", "running")
        return Clock(LATER, tone, shape, words, due, hour, standard, used)
    left = calendar.worked(now, due_at) or due_at - now
    words = _("Sisa %(time)s") % {"time": dates.stretch(left)}
    return Clock(TODAY, "is-risk" if risky else "", "risk" if risky else "running", words, due, hour, standard, used)


def _used(start: datetime | None, due: datetime, now: datetime, calendar: WorkCalendar) -> float | None:
    if start is None or due <= start:
        return None
    total, gone = calendar.worked(start, due), calendar.worked(start, max(now, start))
    if total <= timedelta(0):
        total, gone = due - start, max(now, start) - start
    return gone / total
