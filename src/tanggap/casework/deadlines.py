"""How every deadline of a case came about: what it counts from, its standard, what stood still, who had it, how late.

The log is lived through once more and every clock is watched from the entry that starts it to the entry that ends it,
so a clock that has ended is explained as it stood then, not by what became of the case since.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tanggap.casework import events as e
from tanggap.casework.custody import calendar_for, shares, used
from tanggap.casework.dues import Due, clocks_of, dues
from tanggap.casework.events import Entry
from tanggap.casework.explained import Explained, More, Regraded, Stop
from tanggap.casework.lives import Home, Life
from tanggap.casework.shelf import Shelf
from tanggap.casework.state import Extra, Visit, VisitState, Waiting
from tanggap.sop.model import Step
from tanggap.worktime.calendar import WorkCalendar
from tanggap.worktime.duration import Duration, Reading, parse
from tanggap.worktime.explanation import Explanation

_NO_STANDARD = parse("-")
_QUIET = (e.Contacted, e.PartDone, e.Arrived, e.Breached, e.Reminded, e.Escalated)
"""Kinds that start, move and end no clock."""


def explain(entries: Iterable[Entry], shelf: Shelf, *, at: datetime) -> tuple[Explained, ...]:
    """Every clock the case has had by ``at``, in order of start: those that run, and those that have ended."""
    story = _Story(shelf)
    for entry in entries:
        story.hear(entry)
    return story.told(at)


@dataclass(slots=True)
class _Seen:
    """A clock as it stood when it last ran."""

    due: Due
    extra: Extra
    calendar: WorkCalendar
    reading: Reading
    home: Home
    counted_from: str
    started: bool = True
    ended_at: datetime | None = None
    ended: str = ""


class _Story:
    """The log lived through, with every clock watched."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf, self.life = shelf, Life()
        self.case = self.life.case
        self.seen: dict[str, _Seen] = {}
        self.running: frozenset[str] = frozenset()
        self.begun_by: dict[str, str] = {}
        self.more: dict[str, list[More]] = {}
        self.regraded: dict[str, list[Regraded]] = {}

    def hear(self, entry: Entry) -> None:
        """Take in one entry."""
        standards = self._standards() if isinstance(entry.event, e.AttributeSet) else {}
        self.life.hear(entry)
        self._note(entry, standards)
        if not isinstance(entry.event, _QUIET):
            self._watch(entry)

    def _standards(self) -> dict[str, Duration | None]:
        steps = self.shelf.flow(self.case.sop, self.case.procedure).steps
        return {visit.id: steps[visit.row].time_for(self.case.attributes) for visit in self.case.open_visits()}

    def _note(self, entry: Entry, standards: dict[str, Duration | None]) -> None:
        event = entry.event
        if isinstance(event, e.WaitBegan):
            self.begun_by[event.wait] = entry.by
        elif isinstance(event, e.Extended):
            more = More(entry.happened_at, entry.by, event.by, event.until, event.reason)
            self.more.setdefault(event.target, []).append(more)
        elif isinstance(event, e.AttributeSet):
            for visit, now in self._standards().items():
                before = standards.get(visit)
                if before != now:
                    told = Regraded(entry.happened_at, entry.by, event.name, event.value, before or _NO_STANDARD,
                                    now or _NO_STANDARD)  # fmt: skip
                    self.regraded.setdefault(visit, []).append(told)

    def _watch(self, entry: Entry) -> None:
        """See which clocks run now, and which have ended with this entry."""
        found = {due.clock: due for due in dues(self.case, self.shelf)}
        for clock, due in found.items():
            self.seen[clock] = _Seen(
                due, self.case.extra.get(self._extended(due), Extra()), self._calendar(due),
                self.shelf.sops[self.case.sop].reading, (self.case.sop, self.case.procedure), self._counted_from(due),
            )  # fmt: skip
        for clock in self.running - found.keys():
            self.seen[clock].ended_at, self.seen[clock].ended = entry.happened_at, _how(entry.event)
        self.running = frozenset(found)

    def _calendar(self, due: Due) -> WorkCalendar:
        kind, _, name = due.clock.partition(":")
        if kind == "disposition":
            return self.shelf.calendar_of(self.shelf.organisation.expand(self.case.dispositions[name].to))
        return calendar_for(self.case.visits[due.visit], self.shelf) if due.visit else self.shelf.calendar

    def _extended(self, due: Due) -> str:
        """The name under which more time for this clock is on record: a timeout of the row's own time has the row's."""
        kind, _, _ = due.clock.partition(":")
        if kind != "timeout":
            return due.clock
        timeout = self._step(due.visit).timeout
        return f"step:{due.visit}" if timeout is not None and timeout.after is None else ""

    def _counted_from(self, due: Due) -> str:
        kind, _, name = due.clock.partition(":")
        if kind == "clock":
            return next(one.counted_from for one in clocks_of(self.case, self.shelf) if one.id == name)
        if kind in ("wait", "disposition"):
            return "given"
        step = self._step(due.visit)
        if kind == "timeout" and step.timeout is not None:
            return step.timeout.counted_from or step.counted_from
        return step.counted_from

    def _step(self, visit: str) -> Step:
        return self.shelf.flow(self.case.sop, self.case.procedure).steps[self.case.visits[visit].row]

    # telling ----------------------------------------------------------------------------------------------------

    def told(self, at: datetime) -> tuple[Explained, ...]:
        """What was seen, in order of start. What was undone is as if it had never begun."""
        for visit in self.case.visits.values():
            self._see_untimed(visit)
        visits = self.case.visits
        found = [
            self._tell(seen, at)
            for seen in self.seen.values()
            if not seen.due.visit or visits[seen.due.visit].state is not VisitState.UNDONE
        ]
        return tuple(sorted(found, key=lambda one: (one.starts_at, one.kind in ("promise", "law"), one.clock)))

    def _see_untimed(self, visit: Visit) -> None:
        """A visit without a standard is measured too; one whose clock has not begun says what it waits for."""
        clock = f"step:{visit.id}"
        if clock in self.seen or visit.state is VisitState.PASSED:
            return
        home = self.life.homes[visit.id]
        sop = self.shelf.sops[home[0]]
        step = self.shelf.flow(*home).steps.get(visit.row)
        standard = (step.time_for(self.case.attributes) if step is not None else None) or _NO_STANDARD
        self.seen[clock] = _Seen(
            Due(clock, visit.id, visit.opened_at, None, standard), Extra(), calendar_for(visit, self.shelf),
            sop.reading, home, step.counted_from if step is not None else "opened", not standard.has_standard,
        )  # fmt: skip

    def _tell(self, seen: _Seen, at: datetime) -> Explained:
        due = seen.due
        kind, _, _ = due.clock.partition(":")
        visit = self.case.visits.get(due.visit)
        ended_at, ended = self._end(seen, kind, visit)
        is_step = kind == "step" and visit is not None
        waits = self._waits(due, visit)
        parts = _parts(seen)
        due_at = _due_at(seen, parts)
        until = max(ended_at or at, due.starts_at)
        return Explained(
            clock=due.clock,
            kind=due.kind or kind,
            visit=due.visit,
            row=visit.row if visit is not None else "",
            sop=seen.home[0],
            procedure=seen.home[1],
            standard=due.standard,
            counted_from=seen.counted_from,
            starts_at=due.starts_at,
            due_at=due_at,
            ended_at=ended_at,
            ended=ended,
            calendar=seen.calendar,
            breaches=due.breaches,
            paused=due.paused and ended_at is None,
            fixed=due.fixed,
            parts=parts,
            stops=self._stops(waits, due),
            more=tuple(self.more.get(due.clock, ())),
            regraded=tuple(self.regraded.get(due.visit, ())) if is_step else (),
            shares=shares(self.case, visit, self.shelf, until=until) if is_step and visit is not None else (),
            used=used(self.case, visit, self.shelf, until=until) if is_step and visit is not None else None,
            late_by=_late_by(due, due_at, until, seen.calendar),
            breached_at=self.case.breached.get(due.clock),
        )

    def _end(self, seen: _Seen, kind: str, visit: Visit | None) -> tuple[datetime | None, str]:
        """When the clock ended, and how; the visit itself knows a moment that was put right since."""
        if seen.due.clock in self.running:
            return None, ""
        if kind == "step" and visit is not None and visit.ended_at is not None:
            return visit.ended_at, visit.how or visit.state.value
        if kind == "respond" and visit is not None and visit.responded_at is not None:
            return visit.responded_at, "responded"
        return seen.ended_at, seen.ended

    def _waits(self, due: Due, visit: Visit | None) -> list[Waiting]:
        """The waits that stopped a clock: those whose stretches it says, and the one that runs."""
        kind, _, _ = due.clock.partition(":")
        if kind in ("wait", "disposition", "respond"):
            return []
        ended = set(due.pauses)
        own = [wait for wait in self.case.waits.values() if visit is not None and wait.visit == visit.id]
        other = [wait for wait in self.case.waits.values() if wait.to is not None and (wait.since, wait.to) in ended]
        running = [wait for wait in self.case.waits.values() if wait.to is None] if due.paused else []
        return list({wait.id: wait for wait in (*own, *other, *running)}.values())

    def _stops(self, waits: list[Waiting], due: Due) -> tuple[Stop, ...]:
        found = [Stop(one.reason, one.since, one.to, self.begun_by.get(one.id, ""), one.why) for one in waits]
        found += [Stop("closed", *rest) for rest in self.case.rests if rest in due.pauses]
        return tuple(sorted(found, key=lambda stop: stop.since))


def _parts(seen: _Seen) -> tuple[Explanation, ...]:
    """The counting, stretch by stretch: the standard from the start, then each extension from where that led."""
    due = seen.due
    if due.clock.startswith("wait:") or due.fixed or due.paused or not seen.started:
        return ()
    parts = [seen.calendar.explain(due.starts_at, due.standard, due.pauses)]
    for more in seen.extra.by:
        reached = parts[-1].due
        if reached is not None:
            parts.append(seen.calendar.explain(reached, parse(more, seen.reading), due.pauses))
    return tuple(parts)


def _due_at(seen: _Seen, parts: tuple[Explanation, ...]) -> datetime | None:
    if parts:
        return parts[-1].due
    return None if seen.due.paused or not seen.started else seen.extra.until or seen.due.due_at


def _late_by(due: Due, due_at: datetime | None, until: datetime, calendar: WorkCalendar) -> timedelta:
    if due_at is None or until <= due_at or not due.breaches:
        return timedelta()
    return calendar.worked(due_at, until, () if due.fixed else due.pauses)


def _how(event: e.Event) -> str:
    """In a word, what ended a clock."""
    if isinstance(event, e.StepDone):
        return event.how
    if isinstance(event, e.TakenBack | e.WaitEnded):
        return event.why
    return _ENDINGS.get(type(event), "ended")


_ENDINGS: dict[type[e.Event], str] = {
    e.Answered: "answered",
    e.Noted: "written",
    e.Responded: "responded",
    e.WaitBegan: "asked",
    e.TimedOut: "timed_out",
    e.ReportedBack: "reported",
    e.Recalled: "recalled",
    e.Closed: "closed",
    e.Moved: "moved",
    e.Undone: "undone",
    e.AttributeSet: "regraded",
}
