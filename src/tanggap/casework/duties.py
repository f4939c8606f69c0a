"""Periodic duties: cases that time opens, without anybody who complained."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tanggap.casework.state import Case
from tanggap.sop.model import Procedure, Sop, Step, Wait
from tanggap.worktime.rhythm import Turn

CHANNEL = "jadwal"
"""The way such a case came in; no complaint may come by it."""

EVALUATION = "evaluation"
"""The kind of record of a row that looks back."""

PERIOD, SINCE, SKIPPED, SKIPPED_FROM, EXTRA = "period", "since", "skipped", "skipped_from", "extra"
"""What the record says of it: its date, the date before, how many dates before it passed unseen, whether it is one

that somebody opened beside the schedule.
"""


def is_internal(attributes: Mapping[str, str]) -> bool:
    """True when ``attributes`` are those of a periodic duty."""
    return attributes.get("channel") == CHANNEL


def record_of(found: Turn, duty: Procedure) -> dict[str, str]:
    """What the record of the case of ``duty`` that ``found`` opens says. Raises ``ValueError`` when it opens none.

    A check is of its day; what evaluates looks back on the stretch since the date before.
    """
    if found.period is None:
        raise ValueError("nothing is due")
    said = {"channel": CHANNEL, PERIOD: found.period.isoformat()}
    if found.since is not None and _looks_back(duty):
        said[SINCE] = found.since.isoformat()
    if found.skipped and found.skipped_from is not None:
        said |= {SKIPPED: str(found.skipped), SKIPPED_FROM: found.skipped_from.isoformat()}
    return said


def record_of_extra(day: date, last: date | None, duty: Procedure) -> dict[str, str]:
    """What the record of a case of ``duty`` says that somebody opened on ``day``; the schedule was ``last`` due."""
    said = {"channel": CHANNEL, PERIOD: day.isoformat(), EXTRA: "yes"}
    if last is not None and last < day and _looks_back(duty):
        said[SINCE] = last.isoformat()
    return said


def _looks_back(duty: Procedure) -> bool:
    return any(step.record == EVALUATION for step in duty.steps)


def day_of(attributes: Mapping[str, str], name: str) -> date | None:
    """The date that ``attributes`` tell by ``name`` (:data:`PERIOD`, ...), or ``None``."""
    told = attributes.get(name, "")
    return date.fromisoformat(told) if told else None


def reasons_to_wait(case: Case, sop: Sop, step: Step) -> tuple[Wait, ...]:
    """Reasons for which the clock of ``step`` may stand still in ``case``: nobody waits for who never complained."""
    return tuple(
        wait
        for wait in sop.reasons_to_wait
        if (step.waits is None or wait.id in step.waits) and not (case.internal and wait.waits_for == "complainant")
    )
