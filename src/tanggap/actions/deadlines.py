"""What time brings: cases whose moment has come are found by index, claimed, and told that time has passed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet

from tanggap.actions import kept_reports
from tanggap.actions.cases import THE_ENGINE, act, act_together
from tanggap.casework.commands import Expire
from tanggap.records import files, store
from tanggap.records.models import Attachment, Bucket, Case, Inbox, WorkerBeat
from tanggap.records.queries.workers import CONFIRMED, HELD
from tanggap.records.writing import unreachable, write

LEASE = timedelta(seconds=60)
"""How long a claimed case is left to the worker that claimed it; a worker that died loses it then."""
BATCH = 200
"""How many cases are written in one transaction: the longer it is, the longer others wait."""
_LOOKS = 5
ORPHAN_AFTER = timedelta(hours=24)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Round:
    """What one look round did. ``failed``: cases that could not be expired; tried again when their lease ends."""

    done: int = 0
    failed: int = 0

    def __add__(self, other: Round) -> Round:
        return Round(self.done + other.done, self.failed + other.failed)


def expire_due(*, at: datetime, limit: int = BATCH) -> Round:
    """Write what has come due by ``at`` in at most ``limit`` cases. One case that fails never holds up the others."""
    claimed = _claimed(at=at, limit=limit)
    return _together(claimed, at=at) if claimed else Round()


def _claimed(*, at: datetime, limit: int) -> list[UUID]:
    """A full batch, as long as so much is due: whom another worker was quicker to claim, we look past."""
    mine: list[UUID] = []
    for _ in range(_LOOKS):
        wanted = limit - len(mine)
        found = due_cases(at=at, limit=wanted)
        mine += claim(found, at=at)
        if len(found) < wanted or len(mine) == limit:
            break
    return mine


def due_cases(*, at: datetime, limit: int) -> list[UUID]:
    """Cases whose next moment has come and that nobody has claimed, the earliest first. One indexed query."""
    return list(_due(at).order_by("next_moment").values_list("pk", flat=True)[:limit])


def claim(cases: Sequence[UUID], *, at: datetime) -> list[UUID]:
    """Take the lease of those of ``cases`` that no other worker has, in the order given."""
    if not cases:
        return []
    with write():
        can_skip = connection.features.has_select_for_update_skip_locked
        free = _due(at).filter(pk__in=cases).order_by("pk").select_for_update(skip_locked=can_skip)
        mine = set(free.values_list("pk", flat=True))
        Case.objects.filter(pk__in=mine).update(lease_until=at + LEASE)
    return [case for case in cases if case in mine]


def _due(at: datetime) -> QuerySet[Case]:
    return Case.objects.filter(Q(lease_until__isnull=True) | Q(lease_until__lte=at), next_moment__lte=at)


def _together(cases: list[UUID], *, at: datetime) -> Round:
    """All in one transaction. What goes wrong with one of them is looked for by halves, until that one is alone."""
    if len(cases) == 1:
        return _alone(cases[0], at=at)
    try:
        acted = act_together(Expire(), cases=cases, by=THE_ENGINE, at=at)
    except Exception as error:
        if unreachable(error):
            raise  # the caller waits and looks round again
        half = len(cases) // 2
        return _together(cases[:half], at=at) + _together(cases[half:], at=at)
    done = {one.case for one in acted if one.entries}
    return sum((_alone(case, at=at) for case in cases if case not in done), Round(len(done)))


def _alone(case: UUID, *, at: datetime) -> Round:
    try:
        expire(case, at=at)
    except Exception as error:
        if unreachable(error):
            raise
        _log.exception("case %s could not be expired", case)
        return Round(failed=1)
    return Round(done=1)


def expire(case: UUID, *, at: datetime) -> None:
    """Write what has come due in ``case``, and give the lease back."""
    acted = act(Expire(), case=case, by=THE_ENGINE, at=at)
    if not acted.entries:
        # Somebody else has written it, or the stored moment was early (the calendar changed under it): compute it
        # anew, or the case would come back.
        store.reproject(case, at=at)
        with write():
            Case.objects.filter(pk=case, lease_until=at + LEASE).update(lease_until=None)  # ours, and no later one


def beat(
    worker: str,
    *,
    at: datetime,
    done: int,
    apart: timedelta = timedelta(0),
    leapt: tuple[timedelta, datetime] | None = None,
) -> None:
    """Say that the worker lives, how far its clock is ahead of the database's, and by how much and when it leapt."""
    told: dict[str, Any] = {"at": at, "apart": round(apart.total_seconds()), "done": F("done") + done}
    if leapt is not None:
        told |= {"leapt_by": round(leapt[0].total_seconds()), "leapt_at": leapt[1]}
    with write():
        if not WorkerBeat.objects.filter(pk=worker).update(**told):
            WorkerBeat.objects.create(pk=worker, **{**told, "done": done})


def hold(host: str, *, known: datetime, by: timedelta) -> None:
    """Say that the worker of ``host`` does nothing: its clock is ``by`` off the last sign of life, of ``known``.

    No sign of life itself.
    """
    told = {"at": known, "leapt_by": round(by.total_seconds()), "leapt_at": known}
    with write():
        WorkerBeat.objects.update_or_create(pk=f"{host[:80]}{HELD}", defaults=told)


def let_go(host: str) -> None:
    """The worker of ``host`` works: nobody needs to be told of it any more."""
    with write():
        WorkerBeat.objects.filter(pk=f"{host[:80]}{HELD}").delete()


def confirm_clock(*, at: datetime) -> None:
    """A person says that the clock is right at ``at``: it counts as a sign of life, and later ones were none."""
    with write():
        WorkerBeat.objects.filter(at__gt=at).delete()
        WorkerBeat.objects.update_or_create(pk=CONFIRMED, defaults={"at": at})


def tidy(*, at: datetime) -> int:
    """Remove what nothing needs any more: files no row knows (after a day), old buckets. Returns how many files."""
    with write():
        Bucket.objects.filter(at__lt=at - timedelta(days=1)).delete()
    known = set(Attachment.objects.filter(erased_at__isnull=True).values_list("pk", flat=True))
    known.update(Inbox.objects.exclude(file="").values_list("file", flat=True))
    known.update(path.name for path in kept_reports.waiting())
    return files.sweep(frozenset(known), before=at - ORPHAN_AFTER)
