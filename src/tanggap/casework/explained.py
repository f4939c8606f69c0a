"""What there is to say about one deadline: values that pages and the command line put into words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tanggap.casework.custody import Share
from tanggap.casework.events import ContentId
from tanggap.worktime.calendar import WorkCalendar
from tanggap.worktime.duration import Duration
from tanggap.worktime.explanation import Explanation


@dataclass(frozen=True, slots=True)
class Stop:
    """A stretch in which a clock stood still: ``reason`` of the wait (``closed``: the case was), begun ``by`` whom.

    ``to`` is ``None`` while it stands; ``ended``: contact, resumed, lapsed, acted, taken_back.
    """

    reason: str
    since: datetime
    to: datetime | None
    by: str = ""
    ended: str = ""


@dataclass(frozen=True, slots=True)
class More:
    """More time that somebody gave: ``amount`` as written, or a moment named (``until``)."""

    at: datetime
    by: str
    amount: str
    until: datetime | None
    reason: ContentId


@dataclass(frozen=True, slots=True)
class Regraded:
    """The record changed (``name`` became ``value``), and with it the standard of the row, from its first moment on."""

    at: datetime
    by: str
    name: str
    value: str
    before: Duration
    after: Duration


@dataclass(frozen=True, slots=True)
class Explained:
    """One clock from start to end.

    ``kind``: step, respond, timeout, wait, disposition, promise or law. ``counted_from``: which moment started it, as
    the SOP names it (``given`` where somebody gave it). ``parts``: how the standard, then each extension, was counted
    (none while it stands still or where a moment was named). ``due_at``: as :func:`tanggap.casework.dues.dues` says
    it, computed again from the parts. ``late_by``, ``used``: working time; performers outside the organisation are
    never late (X-4). ``breached_at``: the due moment of the breach on record.
    """

    clock: str
    kind: str
    visit: str
    row: str
    sop: str
    procedure: str
    standard: Duration
    counted_from: str
    starts_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    ended: str
    calendar: WorkCalendar
    breaches: bool = False
    paused: bool = False
    fixed: bool = False
    parts: tuple[Explanation, ...] = ()
    stops: tuple[Stop, ...] = ()
    more: tuple[More, ...] = ()
    regraded: tuple[Regraded, ...] = ()
    shares: tuple[Share, ...] = ()
    used: timedelta | None = None
    late_by: timedelta = timedelta()
    breached_at: datetime | None = None
