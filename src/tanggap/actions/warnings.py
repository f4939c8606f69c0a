"""Warns of duties that are nearly due: found by index, told once for every due moment."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError

from tanggap.casework.notices import notice_for
from tanggap.records import store
from tanggap.records.models import Duty
from tanggap.records.outbox import Members, queue_once, to_officers
from tanggap.records.shelves import compiled
from tanggap.records.writing import unreachable, write

_log = logging.getLogger(__name__)


def warn_due(*, at: datetime, limit: int) -> int:
    """Queue a notice for each duty whose moment to warn has come by ``at``; how many duties were looked at.

    A duty that is late already is told of as late, by its event. What only outsiders do is no officer's duty.
    """
    found = list(Duty.objects.filter(warned=False, warn_at__lte=at).order_by("warn_at")[:limit])
    for duty in found:
        if duty.due_at is not None and duty.due_at > at and duty.breaches:
            _try_to_warn(duty, at)
        else:
            _done(duty.pk)
    return len(found)


def _try_to_warn(duty: Duty, at: datetime) -> None:
    try:
        _warn(duty, at)
    except DatabaseError as error:
        if unreachable(error):
            raise
        _log.exception("duty %s: not warned of, tried again", duty.pk)
    except Exception:  # noqa: BLE001  whatever is wrong with one case, the others are nearly due too
        _log.exception("duty %s cannot be warned of: its case cannot be read", duty.pk)
        _done(duty.pk)


def _warn(duty: Duty, at: datetime) -> None:
    log = store.load(duty.case_id)
    shelf = compiled(log.row.institution).shelf(at)
    notice = notice_for("soon", due_at=duty.due_at, about=duty.name)
    told = {"due_at": duty.due_at, "no": duty.no, "what": duty.what}
    rows = to_officers(log.row, notice, told, state=log.state, shelf=shelf, at=at, members=Members())
    with write():
        # the same due moment again (rows were computed anew, two workers): told once
        queue_once(rows)
        _done(duty.pk)


def _done(duty: UUID) -> None:
    with write():
        Duty.objects.filter(pk=duty).update(warned=True)
