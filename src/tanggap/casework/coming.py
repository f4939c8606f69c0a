"""What comes next in a case: clocks and rungs worked out once, and kept up while facts are written of them."""

from __future__ import annotations

from datetime import datetime

from tanggap.casework import events as e
from tanggap.casework.dues import Due, actionable, dues, duty_of
from tanggap.casework.escalation import Ring, ringing, rings_of
from tanggap.casework.shelf import Shelf
from tanggap.casework.state import Case

MOVES_NO_CLOCK = (e.Breached, e.Reminded, e.Escalated)
"""Events that only say what a clock has come to: the dues of the case are the same before and after them."""


class Coming:
    """``running``: its dues. Holds while only :data:`MOVES_NO_CLOCK` is written, and told to :meth:`written`."""

    def __init__(self, case: Case, shelf: Shelf) -> None:
        self.case, self._shelf = case, shelf
        self.running = dues(case, shelf)
        self.by_clock = {due.clock: due for due in self.running}
        self._facts = {due.clock: due for due in actionable(case, self.running)}
        self._rings = {clock: self._rings_of(clock) for clock in ringing(case, shelf, self.by_clock)}

    def first(self) -> Due | Ring | None:
        """What comes first. Of the same moment first the fact (a breach), then who is told of it."""
        found: list[tuple[datetime, int, str, Due | Ring]] = [
            (due.due_at, 0, due.clock, due) for due in self._facts.values() if due.due_at is not None
        ]
        found += [(ring.due_at, 1, ring.clock + ring.rung.id, ring) for rings in self._rings.values() for ring in rings]
        return min(found, key=lambda one: one[:3])[3] if found else None

    def next_moment(self) -> datetime | None:
        """When the worker must look at the case next: the earliest timeout, lapse, breach or rung still unwritten."""
        first = self.first()
        return first.due_at if first is not None else None

    def written(self, clock: str) -> None:
        """A breach or a rung of ``clock`` has been written."""
        due = self.by_clock.get(clock)
        if due is not None and not list(actionable(self.case, [due])):
            self._facts.pop(clock, None)
        whole = duty_of(clock)  # a first response rings with its visit
        if whole in self._rings:
            self._rings[whole] = self._rings_of(whole)

    def _rings_of(self, clock: str) -> list[Ring]:
        return list(rings_of(self.case, self._shelf, self.by_clock, clock))


def next_moment(case: Case, shelf: Shelf) -> datetime | None:
    """The :meth:`Coming.next_moment` of ``case``."""
    return Coming(case, shelf).next_moment()
