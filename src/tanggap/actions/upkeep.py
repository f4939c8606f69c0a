"""Rows of open cases that were counted by older rules, another law or ladder: brought up to date, a few at a time."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError

from tanggap.records import store
from tanggap.records.recount import outdated

AT_A_TIME = 50
"""So that what is due never waits for longer than a second."""
FIRST = UUID(int=0)

_log = logging.getLogger(__name__)


def bring_up_to_date(*, at: datetime, after: UUID = FIRST, limit: int = AT_A_TIME) -> UUID | None:
    """Compute the rows of the next ``limit`` cases anew whose ids come ``after``; the last of them, none when all are.

    A case whose log cannot be read is passed over: ``tanggap verify`` tells of it.
    """
    found = list(outdated(at).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:limit])
    for case in found:
        try:
            store.reproject(case, at=at)
        except DatabaseError:
            raise
        except Exception:  # noqa: BLE001  whatever is wrong with one case, the others are brought up to date
            _log.exception("the rows of case %s could not be computed", case)
    return found[-1] if found else None
