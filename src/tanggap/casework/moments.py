"""The moments that clocks count from and stop at: the receipt, a completed file, a row done, the first word back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tanggap.casework.state import Case, Visit
from tanggap.casework.waits import asks_complainant
from tanggap.sop.model import Clock, Sop

COMPLETE = "lengkap"
"""The mark by which an SOP says that what the complainant must bring is there."""


def start_of(case: Case, visit: Visit, counted_from: str) -> datetime | None:
    """The moment a clock of ``visit`` counts from; ``None`` when it has not come yet."""
    if counted_from in ("", "opened"):
        return visit.opened_at
    if counted_from == "receipt":
        return case.received_at
    if counted_from == "answered":
        return case.answers[-1].at if case.answered else None
    kind, _, rest = counted_from.partition(":")
    if kind == "done":
        ended = [v.ended_at for v in case.visits.values() if v.row == rest and v.state == "done" and v.ended_at]
        return max(ended, default=None)
    if kind == "delivered":
        return case.delivered.get(rest)
    if kind == "linked":
        relation, _, mark = rest.partition(":")
        return next((link.moments[mark] for link in case.links if link.relation == relation and mark in link.moments),
                    None)  # fmt: skip
    return case.marks.get(counted_from)


def clock_start(case: Case, sops: Mapping[str, Sop], counted_from: str) -> datetime | None:
    """The moment a clock on the whole case counts from; ``None`` when it has not come yet."""
    if counted_from == "receipt":
        return case.received_at
    if counted_from == "complete":
        return completed_at(case, sops)
    if counted_from == "answered":
        return case.answered_at
    return case.marks.get(counted_from)


def completed_at(case: Case, sops: Mapping[str, Sop]) -> datetime | None:
    """When the file was complete: the mark that says so, else the complainant's last completion, else the receipt.

    ``None`` while the complainant is asked for something.
    """
    asked = [wait for wait in case.waits.values() if asks_complainant(wait, sops)]
    if any(wait.to is None for wait in asked):
        return None
    if COMPLETE in case.marks:
        return case.marks[COMPLETE]
    return max((wait.to for wait in asked if wait.to is not None), default=case.received_at)


def clock_ended(case: Case, sops: Mapping[str, Sop], clock: Clock) -> bool:
    """True when what a clock on the whole case waits for has come."""
    if clock.until == "answered":
        return case.answered_at is not None
    if clock.until == "responded":
        return responded(case, sops)
    if clock.until == "end":
        return False
    return any(visit.row == clock.until and visit.state == "done" for visit in case.visits.values())


def responded(case: Case, sops: Mapping[str, Sop]) -> bool:
    """True when the complainant has heard from the organisation: an answer, a letter, a question, a first response."""
    return (
        case.answered_at is not None
        or case.written_at is not None
        or any(visit.responded_at is not None for visit in case.visits.values())
        or any(asks_complainant(wait, sops) for wait in case.waits.values())
    )
