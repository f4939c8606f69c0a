"""What follows what in one procedure: defaults filled in, returns, joins and their forks, worked out once per file.

Two questions need the whole graph. *Is this exit a return?* It is when every way to the row passes the target
(the target dominates the row). *What must a join wait for?* Everything that can still reach it on this side of its
fork, the nearest row that every way to it passes (docs/engine.md, 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property

from tanggap.sop.model import ALWAYS, CLOSE, END, Condition, Exit, Procedure, Step, Timeout

ONWARD = ""
"""Id of the only exit of a row without choices, and of a row that is passed over."""


def holds(when: Condition, attributes: Mapping[str, str]) -> bool:
    """True when every attribute named has one of its values."""
    return all(attributes.get(name) in values for name, values in when.items())


class Flow:
    """One procedure with every default filled in.

    Targets are row ids, ``"end"`` or ``"close"``. ``exits`` and ``targets`` speak of rows as printed;
    :meth:`landing` says where a case really comes to stand: it passes standing duties by and ends at a terminator.
    """

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure
        self.steps: dict[str, Step] = {step.id: step for step in procedure.steps}
        self.order: dict[str, int] = {step.id: number for number, step in enumerate(procedure.steps)}
        self._after = {source: step.id for step in reversed(procedure.steps) for source in step.after}
        self._exits = {step.id: self._exits_of(step) for step in procedure.steps}

    # rows and exits as printed ---------------------------------------------------------------------------------

    def default_next(self, row: str) -> tuple[str, ...]:
        """Where ``row`` leads when it is left without a choice, or passed over."""
        step = self.steps[row]
        if step.next is not None:
            return step.next
        if row in self._after:
            return (self._after[row],)
        following = self.order[row] + 1
        return (self.procedure.steps[following].id,) if following < len(self.procedure.steps) else (END,)

    def exits(self, row: str) -> tuple[Exit, ...]:
        """The exits of ``row`` in printed order, ``next`` always filled in; one nameless exit without choices."""
        return self._exits[row]

    def _exits_of(self, step: Step) -> tuple[Exit, ...]:
        onward = self.default_next(step.id)
        if not step.choices:
            return (Exit(next=onward),)
        return tuple(exit if exit.next is not None else replace(exit, next=onward) for exit in step.choices)

    def exit(self, row: str, exit_id: str) -> Exit | None:
        """The exit of ``row`` named ``exit_id``, or ``None``."""
        return next((exit for exit in self._exits[row] if exit.id == exit_id), None)

    def timeout_exit(self, row: str, timeout: Timeout) -> Exit:
        """The exit that ``row`` takes when ``timeout`` fires: its own target, a named choice, or simply onward."""
        if timeout.next is not None:
            return Exit(next=timeout.next, outcome=timeout.outcome)
        if timeout.choice:
            chosen = self.exit(row, timeout.choice)
            if chosen is not None:
                return chosen
        return Exit(next=self.default_next(row), outcome=timeout.outcome)

    def targets(self, row: str) -> tuple[str, ...]:
        """Every row, ``end`` or ``close`` that ``row`` can lead to, each once, in printed order of the exits."""
        step = self.steps[row]
        found: dict[str, None] = {}
        for exit in self._exits[row]:
            found.update(dict.fromkeys(exit.next or ()))
            if exit.then is not None:
                found[exit.then] = None
        if step.timeout is not None:
            found.update(dict.fromkeys(self.timeout_exit(row, step.timeout).next or ()))
        if step.when != ALWAYS or step.standing:
            found.update(dict.fromkeys(self.default_next(row)))
        return tuple(found)

    # where a case comes to stand -------------------------------------------------------------------------------

    def landing(self, target: str) -> tuple[str, ...]:
        """Rows that a token sent to ``target`` comes to: standing duties are passed by, a terminator ends the path."""
        found: dict[str, None] = {}
        self._land(target, found, set())
        return tuple(found)

    def _land(self, target: str, found: dict[str, None], passed: set[str]) -> None:
        step = self.steps.get(target)
        if step is None:
            found[target] = None
        elif step.terminator:
            found[END] = None
        elif not step.standing:
            found[target] = None
        elif target not in passed:
            passed.add(target)
            for onward in self.default_next(target):
                self._land(onward, found, passed)

    def start(self, attributes: Mapping[str, str]) -> str:
        """The first row for a case with ``attributes``."""
        for start in self.procedure.start:
            if holds(start.when, attributes):
                return start.at
        return self.procedure.steps[0].id if self.procedure.steps else END

    @cached_property
    def starts(self) -> tuple[str, ...]:
        """Every row a case can begin at."""
        rows = [start.at for start in self.procedure.start]
        if self.procedure.steps and not any(start.when == ALWAYS for start in self.procedure.start):
            rows.append(self.procedure.steps[0].id)
        return tuple(dict.fromkeys(rows))

    # the graph -------------------------------------------------------------------------------------------------

    @cached_property
    def edges(self) -> Mapping[str, tuple[str, ...]]:
        """Row to the rows a case can go to from it, ends left out."""
        return {row: self._landings(self.targets(row)) for row in self.steps}

    def _landings(self, targets: Iterable[str]) -> tuple[str, ...]:
        landed = dict.fromkeys(row for target in targets for row in self.landing(target))
        return tuple(row for row in landed if row not in (END, CLOSE))

    @cached_property
    def sources(self) -> Mapping[str, tuple[str, ...]]:
        """Row to the rows that lead to it."""
        found: dict[str, list[str]] = {row: [] for row in self.steps}
        for row, targets in self.edges.items():
            for target in targets:
                found[target].append(row)
        return {row: tuple(rows) for row, rows in found.items()}

    @cached_property
    def reachable(self) -> frozenset[str]:
        """Rows that some case can come to."""
        return self._closure(self._landings(self.starts), self.edges)

    @cached_property
    def _dominators(self) -> Mapping[str, frozenset[str]]:
        """Row to the rows that every way to it passes, itself among them. Of a row nobody reaches: only itself."""
        entries = set(self._landings(self.starts))
        rows = [row for row in self.steps if row in self.reachable]
        bit = {row: 1 << number for number, row in enumerate(rows)}
        masks = dict.fromkeys(rows, (1 << len(rows)) - 1)
        changed = True
        while changed:
            changed = False
            for row in rows:
                mask = masks[row] if row not in entries else 0
                for source in self.sources[row]:
                    if source in bit:
                        mask &= masks[source]
                mask |= bit[row]
                if mask != masks[row]:
                    masks[row], changed = mask, True
        found = {row: frozenset(other for other in rows if masks[row] & bit[other]) for row in rows}
        return {row: found.get(row, frozenset({row})) for row in self.steps}

    def is_return(self, row: str, target: str) -> bool:
        """True when every way to ``row`` passes ``target``: leaving ``row`` for it takes back what grew out of it."""
        return target in self._dominators.get(row, ())

    def fork(self, join: str) -> str | None:
        """The nearest row that every way to ``join`` passes; ``None`` when there is none but the start."""
        above = self._dominators[join] - {join}
        return max(above, key=lambda row: len(self._dominators[row]), default=None)

    @cached_property
    def _between(self) -> dict[str, frozenset[str]]:
        return {}

    def between(self, join: str) -> frozenset[str]:
        """Rows that can still lead to ``join`` without passing it or its fork."""
        if join not in self._between:
            barred = {join, self.fork(join)}
            inside = [row for row in self.sources[join] if row not in barred]
            self._between[join] = self._closure(inside, self.sources, barred)
        return self._between[join]

    @staticmethod
    def _closure(
        rows: Iterable[str], edges: Mapping[str, tuple[str, ...]], barred: Iterable[str | None] = ()
    ) -> frozenset[str]:
        outside = set(barred)
        found: set[str] = set()
        waiting = [row for row in rows if row not in outside]
        while waiting:
            row = waiting.pop()
            if row not in found:
                found.add(row)
                waiting.extend(other for other in edges[row] if other not in outside)
        return frozenset(found)
