"""Which due moments of a case another calendar moves: shown before a calendar is changed, recorded when it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tanggap.casework.dues import Due, dues
from tanggap.casework.shelf import Shelf
from tanggap.casework.state import Case

STEP, TIMEOUT = "step", "timeout"


@dataclass(frozen=True, slots=True)
class Move:
    """A clock whose due moment is another by the new calendar; ``None`` where it does not run by one of the two.

    ``row`` is empty for a clock on the whole case. ``no`` and ``what``: the row as printed; of a clock that the law
    sets ``what`` is its label. ``breached``: its passing
    was written before, and stays written.
    """

    clock: str
    row: str
    no: str
    what: str
    round: int
    before: datetime | None
    after: datetime | None
    breached: bool = False


def moves(case: Case, before: Shelf, after: Shelf) -> tuple[Move, ...]:
    """The clocks of ``case`` that the calendars of ``after`` move, by clock name. Both shelves hold the same SOPs.

    Only what is open has clocks, so nothing closed moves; a deadline that a person named is in no calendar. A timeout
    that is the standard of its row moves with it and is not told twice.
    """
    then, now = _by_clock(case, before), _by_clock(case, after)
    differing = {
        clock: (_moment(then.get(clock)), _moment(now.get(clock)))
        for clock in sorted(then.keys() | now.keys())
        if _moment(then.get(clock)) != _moment(now.get(clock))
    }
    return tuple(
        _move(case, after, clock, (then.get(clock) or now[clock]).visit, *span)
        for clock, span in differing.items()
        if not (clock.startswith(f"{TIMEOUT}:") and differing.get(_step_of(clock)) == span)
    )


def _by_clock(case: Case, shelf: Shelf) -> dict[str, Due]:
    return {due.clock: due for due in dues(case, shelf)}


def _moment(due: Due | None) -> datetime | None:
    return due.due_at if due is not None else None


def _step_of(clock: str) -> str:
    return f"{STEP}:{clock.partition(':')[2]}"


def _move(case: Case, shelf: Shelf, clock: str, visit: str, before: datetime | None, after: datetime | None) -> Move:
    breached = clock in case.breached
    if not visit:
        label = next((one.label for one in shelf.law if clock == f"clock:{one.clock.id}"), "")
        return Move(clock, "", "", label, 1, before, after, breached)
    one = case.visits[visit]
    step = shelf.flow(case.sop, case.procedure).steps[one.row]
    return Move(clock, one.row, step.no, step.what, one.round, before, after, breached)
