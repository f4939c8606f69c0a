"""The clock the worker goes by: that of the database, and one that leaps is not believed at once.

A leap forward would let everything of the next day come due, and none of it could be taken back. So time goes on as
the steady clock of the machine counts it; a clock that leapt is followed when it has stood by that for ten minutes (a
machine that was set right), and a person is told either way.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock

from tanggap.records.clock import database_now

NOTICED = timedelta(minutes=1)
"""Clocks that differ by less are the same: nobody's deadline hangs on it."""
SETTLED = timedelta(minutes=10)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Leap:
    """The clock was suddenly another, ``by`` so much, when it was ``at`` by what was believed."""

    by: timedelta
    at: datetime


def own() -> datetime:
    """The clock of this machine."""
    return datetime.now(UTC)


def steady() -> float:
    """Seconds that only ever grow, also while the machine sleeps: what nobody can set."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def judge() -> datetime:
    """The clock that decides: the database server's, which all workers share, or this machine's where there is none."""
    return database_now() or own()


class Clock:
    """Made once per process; :meth:`look` each time round. ``leap``: the last one seen.

    ``apart``: how far this machine's clock is ahead of the judge's.
    """

    def __init__(
        self, *, judge: Callable[[], datetime] = judge, own: Callable[[], datetime] = own,
        steady: Callable[[], float] = steady,
    ) -> None:  # fmt: skip
        self.apart = timedelta(0)
        self.leap: Leap | None = None
        self._judge, self._own, self._steady = judge, own, steady
        self._known: tuple[datetime, float] | None = None
        self._strange: tuple[timedelta, float] | None = None
        self._lock = Lock()

    def now(self) -> datetime:
        """The moment it is, as far as can be believed."""
        known = self._known
        if known is None:
            return self.look()
        return known[0] + timedelta(seconds=self._steady() - known[1])

    def look(self) -> datetime:
        """Compare the clocks, and say the moment it is. Raises ``DatabaseError`` when the database does not answer."""
        with self._lock:
            told, counted = self._judge(), self._steady()
            self.apart = self._own() - told
            believed = told if self._known is None else self._known[0] + timedelta(seconds=counted - self._known[1])
            if self._is_believed(told, believed, counted):
                self._known, self._strange = (told, counted), None
                return told
            return believed

    def _is_believed(self, told: datetime, believed: datetime, counted: float) -> bool:
        by = told - believed
        if abs(by) <= NOTICED:
            return True
        if self._strange is None or abs(by - self._strange[0]) > NOTICED:
            self._strange = (by, counted)
            self.leap = Leap(by, believed)
            _log.error("the clock leapt by %s at %s; it is not believed for now", by, believed)
        return timedelta(seconds=counted - self._strange[1]) >= SETTLED
