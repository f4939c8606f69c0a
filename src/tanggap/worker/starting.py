"""Whether the clock is believed when a worker starts: held against the last sign of life that a worker left.

A machine may boot years ahead, or in 1970, and the first look would let everything come due; none of it could be taken
back. So a worker that starts compares:

- up to a day after the last sign of life: it works at once;
- up to forty days after it (a weekend, Lebaran, the break between semesters): when the clock has stood by its word for
  ten minutes, in which a machine that has just booted asks the time of others;
- later than that, or earlier than the sign: it does nothing, a person is told, and it waits until the clock is set
  right or a person says that it is right (``tanggap clock --confirm``). No office is shut for longer; an empty battery
  is off by years.

Meanwhile nothing is lost: what arrives is stored or stays where it is, what is due stays due. What pages record is no
sign of life, for they go by the clock in question.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

from tanggap.actions import deadlines
from tanggap.records import queries
from tanggap.worker.clock import NOTICED, SETTLED, judge, steady
from tanggap.worker.rounds import keep_looking

AT_ONCE = timedelta(days=1)
LONGEST = timedelta(days=40)

_log = logging.getLogger(__name__)


class Start:
    """Made once per process; :meth:`look` each time round until ``believed``. ``by``: how far off a held clock is."""

    def __init__(
        self, *, judge: Callable[[], datetime] = judge, steady: Callable[[], float] = steady,
        known: Callable[[], datetime | None] = queries.last_sign_of_life,
    ) -> None:  # fmt: skip
        self.believed = False
        self.by: timedelta | None = None
        self._judge, self._steady, self._known = judge, steady, known
        self._since: tuple[datetime, float] | None = None

    def look(self) -> bool:
        """Compare once; true when the clock is believed. While it is held, a person is told."""
        told, counted, known = self._judge(), self._steady(), self._known()
        by = told - known if known is not None else timedelta(0)
        if known is not None and not -NOTICED <= by <= LONGEST:
            if self.by is None:
                _log.error("the clock says %s, the last sign of life is of %s: nothing is done", told, known)
            self.by, self._since = by, None
            deadlines.hold(socket.gethostname(), known=known, by=by)
            return False
        self.believed = by <= AT_ONCE or self._has_settled(told, counted)
        if self.believed:
            deadlines.let_go(socket.gethostname())
        return self.believed

    def _has_settled(self, told: datetime, counted: float) -> bool:
        if self._since is not None:
            steadily = self._since[0] + timedelta(seconds=counted - self._since[1])
            if abs(told - steadily) <= NOTICED:
                return timedelta(seconds=counted - self._since[1]) >= SETTLED
        self._since = (told, counted)
        return False


def wait(stop: Event, start: Start, *, seconds: float) -> None:
    """Look every ``seconds`` until the clock is believed, or ``stop`` is set."""
    keep_looking(stop, start.look, seconds=seconds, what="the clock at the start", until=lambda: start.believed)
