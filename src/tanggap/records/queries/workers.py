"""What the workers left of their clocks: which differ from the database's, and which leapt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max

from tanggap.records.models import CaseEvent, WorkerBeat

HELD = " menunggu"
"""What follows the name of a machine in the row that tells that its worker waits, see :mod:`tanggap.worker.starting`.
"""
CONFIRMED = "tanggap clock"
"""The row that tells when a person last said that the clock is right."""

_ALIVE = timedelta(minutes=2)
_TOLD_FOR = timedelta(days=1)
_WITHIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ClockTrouble:
    """The clock of a worker differed by ``by`` from the database's, or (``at``: when) leapt by so much.

    ``held``: it starts so far from the last sign of life (``at``) that it does nothing; ``worker`` is its machine.
    """

    worker: str
    by: timedelta
    at: datetime | None = None
    held: bool = False


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
            held = beat.name.endswith(HELD)
            name, by = beat.name.removesuffix(HELD), timedelta(seconds=beat.leapt_by)
            found.append(ClockTrouble(name, by, beat.leapt_at, held))
    return found


def last_sign_of_life() -> datetime | None:
    """When a worker last looked round, by a clock that was believed; where none ever did, the newest entry's moment."""
    beat = WorkerBeat.objects.order_by("-at").values_list("at", flat=True).first()
    return beat or CaseEvent.objects.aggregate(newest=Max("recorded_at"))["newest"]


def seen_last() -> datetime | None:
    """When a worker last worked; a person's word about the clock is none."""
    beats = WorkerBeat.objects.exclude(name=CONFIRMED).exclude(name__endswith=HELD)
    return beats.order_by("-at").values_list("at", flat=True).first()
