"""What time brings: cases whose moment has come are found by index, claimed, and told that time has passed."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError
from django.db.models import F, Q

from tanggap.actions.cases import THE_ENGINE, act
from tanggap.casework.commands import Expire
from tanggap.records import files, store
from tanggap.records.models import Attachment, Bucket, Case, WorkerBeat
from tanggap.records.writing import write

LEASE = timedelta(seconds=60)
"""How long a claimed case is left to the worker that claimed it; a worker that died loses it then."""
ORPHAN_AFTER = timedelta(hours=24)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Round:
    """What one look round did. ``failed``: cases that could not be expired; tried again when their lease ends."""

    done: int = 0
    failed: int = 0


def expire_due(*, at: datetime, limit: int = 200) -> Round:
    """Write what has come due by ``at`` in at most ``limit`` cases. One case that fails never holds up the others."""
    done = failed = 0
    for case in due_cases(at=at, limit=limit):
        if not claim(case, at=at):
            continue
        try:
            expire(case, at=at)
            done += 1
        except DatabaseError:
            raise  # the database itself is in trouble: the caller waits and looks round again
        except Exception:  # noqa: BLE001  whatever is wrong with one case, the others are due too
            _log.exception("case %s could not be expired", case)
            failed += 1
    return Round(done, failed)


def due_cases(*, at: datetime, limit: int) -> list[UUID]:
    """Cases whose next moment has come and that nobody has claimed, the earliest first. One indexed query."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=at)
    found = Case.objects.filter(free, next_moment__lte=at).order_by("next_moment")
    return list(found.values_list("pk", flat=True)[:limit])


def claim(case: UUID, *, at: datetime) -> bool:
    """Take the lease of ``case``; ``False`` when another worker has it. One conditional UPDATE."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=at)
    with write():
        return bool(Case.objects.filter(free, pk=case, next_moment__lte=at).update(lease_until=at + LEASE))


def expire(case: UUID, *, at: datetime) -> None:
    """Write what has come due in ``case``, and give the lease back."""
    acted = act(Expire(), case=case, by=THE_ENGINE, at=at)
    if not acted.entries:
        # The stored moment was early (a calendar changed under it): compute it anew, or the case would come back.
        store.reproject(case, at=at)
        with write():
            Case.objects.filter(pk=case).update(lease_until=None)


def beat(worker: str, *, at: datetime, done: int) -> None:
    """Say that the worker lives."""
    with write():
        WorkerBeat.objects.get_or_create(pk=worker, defaults={"at": at})
        WorkerBeat.objects.filter(pk=worker).update(at=at, done=F("done") + done)


def tidy(*, at: datetime) -> int:
    """Remove what nothing needs any more: files no row knows (after a day), old buckets. Returns how many files."""
    with write():
        Bucket.objects.filter(at__lt=at - timedelta(days=1)).delete()
    known = frozenset(Attachment.objects.values_list("pk", flat=True))
    return files.sweep(known, before=at - ORPHAN_AFTER)
