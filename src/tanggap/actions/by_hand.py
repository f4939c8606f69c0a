"""A person told the complainant, or put the answer up for all: who, when, with which proof."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tanggap.actions import outbox
from tanggap.actions.cases import act
from tanggap.actions.spoken import answered_visits
from tanggap.casework.commands import Deliver, Note
from tanggap.casework.refusals import Refused
from tanggap.records import store
from tanggap.records.access import Reader
from tanggap.records.contents import NewContent
from tanggap.records.models import Outbox
from tanggap.records.outbox import ANNOUNCE


def told(row: int, *, institutions: Sequence[int], by: Reader, proof: NewContent | None, at: datetime) -> bool:
    """The task ``row`` was done by ``by``: an answer has arrived with its proof, anything else is noted.

    ``False`` when it is no task (any more). Raises :class:`tanggap.casework.refusals.Refused`.
    """
    task = outbox.task(row, institutions)
    if task is None:
        return False
    contents = (proof,) if proof is not None else ()
    for n, visit in enumerate(_visits(task)):
        command = Deliver(visit, True, proof.id if proof is not None else "")
        _try(command, task, by, at, contents if n == 0 else (), key=f"told by hand {row} {visit}")
        contents = ()
    if contents:
        _try(Note(contents[0].id, "internal"), task, by, at, contents, key=f"told by hand {row}")
    return outbox.seen_to(row, institutions=institutions, by=by.user.person, at=at)


def _try(
    command: Deliver | Note, task: Outbox, by: Reader, at: datetime, contents: tuple[NewContent, ...], *, key: str
) -> None:
    try:
        act(command, case=task.case_id, by=by, at=at, key=key, contents=contents)
    except Refused as refused:
        if refused.code not in ("visit_not_done", "visit_unknown", "key_reused"):  # undone meanwhile, or done before
            raise


def _visits(task: Outbox) -> tuple[str, ...]:
    """Visits whose answer the complainant has now."""
    if task.kind == ANNOUNCE:
        return tuple(one.visit for one in store.load(task.case_id).state.answers if one.message == task.about)
    return answered_visits(task)
