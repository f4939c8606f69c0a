"""Looks round every few seconds until told to stop; the database being away for a while is no reason to end."""

from __future__ import annotations

import gc
import logging
import os
import socket
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from uuid import UUID

from tanggap.actions import deadlines, forgetting, kept_reports, outbox, schedules, upkeep
from tanggap.worker import collect, deliver, doorway, fetch, media, starting
from tanggap.worker.clock import Clock
from tanggap.worker.rounds import keep_looking
from tanggap.worker.starting import Start

_TIDY_EVERY = timedelta(hours=1)
_LETTER_SECONDS = 30.0  # a letter that is being sent is finished first

_log = logging.getLogger(__name__)


def name() -> str:
    """The name under which this worker shows its sign of life."""
    return f"{socket.gethostname()}:{os.getpid()}"


def collect_garbage_seldom() -> None:
    """For a process that is a worker and nothing else: what a look round makes is gone when it ends, and searching all

    of it for rings again and again takes a fifth of the time (measured).
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def run(stop: Event, *, seconds: float) -> None:
    """Look round every ``seconds`` until ``stop`` is set. What is due at once is done at once, batch after batch.

    Nothing is done before the clock is believed (:mod:`tanggap.worker.starting`).
    """
    starting.wait(stop, Start(), seconds=seconds)
    if stop.is_set():
        return
    tidied_at = datetime.min.replace(tzinfo=UTC)
    clock = Clock()
    beside = [
        Thread(target=one.run, args=(stop, clock.now), kwargs={"seconds": seconds}, name=one.__name__, daemon=True)
        for one in (deliver, collect, fetch, media, doorway)
    ]
    for thread in beside:
        thread.start()

    behind: UUID | None = None

    def look() -> bool:
        nonlocal tidied_at, behind
        at = clock.look()
        done = look_round(at, clock)
        if at - tidied_at > _TIDY_EVERY:
            tidied_at, behind = at, upkeep.FIRST
            _tidy(at)
        if behind is not None:
            behind = upkeep.bring_up_to_date(at=at, after=behind)
        return done == deadlines.BATCH or behind is not None

    keep_looking(stop, look, seconds=seconds, what="what is due")
    for thread in beside:
        thread.join(timeout=_LETTER_SECONDS)


def _tidy(at: datetime) -> None:
    """What is due once an hour, each by itself: one that goes wrong keeps neither the others nor what is due."""
    for task in (deadlines.tidy, schedules.renew_all, outbox.thin, forgetting.forget):
        try:
            task(at=at)
        except Exception:  # noqa: BLE001  in an hour it is tried again
            _log.exception("%s ended early", task.__name__)


def look_round(at: datetime, clock: Clock | None = None) -> int:
    """One look: open periodic duties, receive kept reports, expire what is due, show a sign of life.

    Returns how many cases were looked at.
    """
    schedules.open_due(at=at)
    kept_reports.receive_left(at=at)
    result = deadlines.expire_due(at=at)
    apart, leap = (clock.apart, clock.leap) if clock is not None else (timedelta(0), None)
    leapt = (leap.by, leap.at) if leap is not None else None
    deadlines.beat(name(), at=at, done=result.done, apart=apart, leapt=leapt)
    return result.done + result.failed
