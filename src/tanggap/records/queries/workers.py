"""What the workers left of their clocks: which differ from the database's, and which leapt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tanggap.records.models import WorkerBeat

_ALIVE = timedelta(minutes=2)
_TOLD_FOR = timedelta(days=1)
_WITHIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ClockTrouble:
    """The clock of a worker differed by ``by`` from the database's, or (``at``: when) leapt by so much."""

    worker: str
    by: timedelta
    at: datetime | None = None


def clock_troubles() -> list[ClockTrouble]:
    """What is wrong with the clocks of the workers that live, and leaps of the last day. One query.

    Lives, and the last day, by the newest sign of life: whoever asks may have the wrong clock.
    """
    beats = list(WorkerBeat.objects.order_by("-at")[:50])
    found = []
    for beat in beats:
        apart = timedelta(seconds=beat.apart)
        if abs(apart) > _WITHIN and beats[0].at - beat.at < _ALIVE:
            found.append(ClockTrouble(beat.name, apart))
        if beat.leapt_at is not None and abs(beats[0].at - beat.leapt_at) < _TOLD_FOR:
            found.append(ClockTrouble(beat.name, timedelta(seconds=beat.leapt_by), beat.leapt_at))
    return found
