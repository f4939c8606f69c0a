"""Times at which a clock stands still, brought into order: without overlaps, as moments and as days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo

from tanggap.worktime.timeline import Stretch, instant, moment

Pause = tuple[datetime, datetime]
"""From a moment up to another, the end exclusive."""


def in_order(pauses: Sequence[Pause], *, after: int) -> list[Stretch]:
    """The pauses from the moment ``after`` on, sorted, overlapping and touching ones made one.

    A pause of no length is nothing. Raises ``ValueError`` for one that ends before it begins: its moments are wrong.
    """
    found: list[Stretch] = []
    for begin, end in sorted((instant(begin), instant(end)) for begin, end in pauses):
        if end < begin:
            raise ValueError("a pause ends before it begins")
        if end <= max(begin, after):
            continue
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((max(begin, after), end))
    return found


def days_not_counted(pauses: Sequence[Stretch], zone: tzinfo) -> list[tuple[int, int]]:
    """The days (ordinals) each pause takes out of a count of days: after the first number, up to and with the second.

    The day a pause begins on counts, the days after it up to its last do not (docs/working-time.md, 4): a pause within
    one day takes nothing away. Takes pauses as :func:`in_order` gives them; two that share a day take no day twice.
    """
    return [(moment(begin, zone).toordinal(), moment(end, zone).toordinal()) for begin, end in pauses]


def day_of(at: datetime, zone: tzinfo) -> date:
    """The date the clocks of ``zone`` show at a moment. Raises ``ValueError`` for a moment without a zone."""
    if at.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return at.astimezone(zone).date()
