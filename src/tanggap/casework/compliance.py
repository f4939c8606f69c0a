"""Was the procedure really followed? One case as facts, and the facts of many added up, row by row (X-8)."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tanggap.casework.custody import custody, shares, used
from tanggap.casework.lives import Home, Life
from tanggap.casework.shelf import Shelf
from tanggap.casework.state import Case, Status, Visit, VisitState

_WORKED = frozenset({"acted", "confirmed", "on_behalf", "delivered"})
"""How a row is left by somebody who did it."""

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class StepFact:
    """One visit. ``used``: working minutes from opening to end. ``outside``: performed by nobody of the organisation.

    ``late``: a breach of its standard is on record; ``late_by``: how many working minutes when it was
    left. ``by_post``: minutes by the posts that held it, as one name each (several posts of which any may act are one
    holder).
    """

    row: str
    state: VisitState
    how: str
    timed: bool
    late: bool
    late_by: int | None
    outside: bool
    again: bool
    used: int
    by_post: tuple[tuple[tuple[str, ...], int], ...]


@dataclass(frozen=True, slots=True)
class CaseFact:
    """One case: its rows by procedure, and how it went as a whole. Minutes are working minutes.

    ``kept``: answered by the promised moment; ``None`` while that cannot be said yet (or nothing was promised).
    """

    home: Home
    open: bool
    outcome: str
    kept: bool | None
    loops: int
    departures: int
    ours: int
    theirs: int
    steps: tuple[tuple[Home, StepFact], ...]


def facts(life: Life, shelf: Shelf, *, promised: datetime | None, at: datetime) -> CaseFact:
    """What ``life`` (a log lived through) says of the SOP it ran by. ``promised``: by when the answer was promised.

    Only the figures of what is still open depend on ``at``.
    """
    case = life.case
    steps = tuple((life.homes[visit.id], _step(life, visit, shelf, at)) for visit in _performed(case))
    held = custody(case, shelf, until=at)
    return CaseFact(
        home=(case.sop, case.procedure),
        open=case.status is Status.OPEN,
        outcome=case.outcome,
        kept=_kept(case, promised, at),
        loops=sum(step.again for _, step in steps),
        departures=life.departures,
        ours=held.ours // _MINUTE,
        theirs=held.complainant // _MINUTE,
        steps=steps,
    )


def _performed(case: Case) -> list[Visit]:
    """Visits that count: what was undone never was."""
    return [visit for visit in case.visits.values() if visit.state is not VisitState.UNDONE]


def _kept(case: Case, promised: datetime | None, at: datetime) -> bool | None:
    if promised is None:
        return None
    if case.answered_at is not None:
        return case.answered_at <= promised
    end = at if case.closed_at is None else case.closed_at
    return False if promised < end else None  # ended before it, without an answer: withdrawn, not ours, joined


def _step(life: Life, visit: Visit, shelf: Shelf, at: datetime) -> StepFact:
    case, home = life.case, life.homes[visit.id]
    step = shelf.flow(*home).steps.get(visit.row)
    standard = step.time_for(case.attributes) if step is not None else None
    clock = f"step:{visit.id}"
    extra = case.extra.get(clock)
    late = clock in case.breached
    if visit.state is VisitState.PASSED:
        return StepFact(visit.row, visit.state, visit.how, False, False, None, False, False, 0, ())
    return StepFact(
        row=visit.row,
        state=visit.state,
        how=visit.how,
        timed=late
        or (standard is not None and standard.has_standard)
        or (extra is not None and extra.until is not None),
        late=late,
        late_by=visit.late_minutes,
        outside=bool(visit.groups) and all(group.party for group in visit.groups),
        again=_is_again(case, visit),
        used=used(case, visit, shelf, until=at) // _MINUTE,
        by_post=_by_post(case, visit, shelf, at),
    )


def _is_again(case: Case, visit: Visit) -> bool:
    """True when the row was worked on before in the same run of the procedure."""
    return any(
        other.row == visit.row
        and other.leg == visit.leg
        and other.opened_seq < visit.opened_seq
        and other.state not in (VisitState.UNDONE, VisitState.PASSED)
        for other in case.visits.values()
    )


def _by_post(case: Case, visit: Visit, shelf: Shelf, at: datetime) -> tuple[tuple[tuple[str, ...], int], ...]:
    minutes: Counter[tuple[str, ...]] = Counter()
    for share in shares(case, visit, shelf, until=at):
        if share.posts:
            minutes[share.posts] += share.used // _MINUTE
    return tuple(minutes.items())


# many cases ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class StepTally:
    """One row over many cases. ``count``: visits. A visit is on time or late when it has a standard and is ours.

    ``open``: not left yet. ``taken``: ended without being done (returned, redirected, moved, closed). ``untimed``: done
    without a standard. ``outside``: done by people outside, whose time is information (X-4).
    """

    count: int = 0
    on_time: int = 0
    late: int = 0
    untimed: int = 0
    outside: int = 0
    open: int = 0
    taken: int = 0
    again: int = 0
    skipped: int = 0
    lapsed: int = 0
    passed: int = 0
    minutes: array[int] = field(default_factory=lambda: array("q"))
    late_minutes: array[int] = field(default_factory=lambda: array("q"))
    by_post: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def add(self, fact: StepFact) -> None:
        """One more visit."""
        if fact.state is VisitState.PASSED:
            self.passed += 1
            return
        self.count += 1
        self.again += fact.again
        self.skipped += fact.how == "skipped"
        self.lapsed += fact.how == "lapsed"
        self._judge(fact)
        if fact.how in _WORKED:
            self.minutes.append(fact.used)
        if fact.late_by is not None:
            self.late_minutes.append(fact.late_by)
        for posts, minutes in fact.by_post:
            self.by_post[posts] += minutes

    def _judge(self, fact: StepFact) -> None:
        """On time, late, or neither; lateness is a fact also of what is open still or was taken back."""
        done = fact.state is VisitState.DONE
        self.open += fact.state is VisitState.OPEN
        self.taken += not done and fact.state is not VisitState.OPEN
        if fact.outside:
            self.outside += done
        elif fact.late:
            self.late += 1
        elif done and fact.how not in ("skipped", "lapsed"):
            self.on_time += fact.timed
            self.untimed += not fact.timed

    @property
    def share_on_time(self) -> float | None:
        """Of what was on time or late, the part on time; ``None`` when there is nothing to judge."""
        judged = self.on_time + self.late
        return self.on_time / judged if judged else None


@dataclass(slots=True)
class ProcedureTally:
    """One procedure over many cases. ``kept`` and ``broken``: answered within the promise, or not."""

    cases: int = 0
    open: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    broken: int = 0
    loops: int = 0
    looped: int = 0
    departures: int = 0
    ours: array[int] = field(default_factory=lambda: array("q"))
    theirs: array[int] = field(default_factory=lambda: array("q"))

    def add(self, fact: CaseFact) -> None:
        """One more case."""
        self.cases += 1
        self.open += fact.open
        if not fact.open:
            self.outcomes[fact.outcome or "finished"] += 1
        self.kept += fact.kept is True
        self.broken += fact.kept is False
        self.loops += fact.loops
        self.looped += bool(fact.loops)
        self.departures += fact.departures
        self.ours.append(fact.ours)
        self.theirs.append(fact.theirs)


@dataclass(slots=True)
class Compliance:
    """The facts of many cases, added up by version and procedure, and by row within it."""

    procedures: dict[Home, ProcedureTally] = field(default_factory=dict)
    steps: dict[tuple[Home, str], StepTally] = field(default_factory=dict)

    def add(self, fact: CaseFact) -> None:
        """One more case."""
        self.procedures.setdefault(fact.home, ProcedureTally()).add(fact)
        for home, step in fact.steps:
            self.steps.setdefault((home, step.row), StepTally()).add(step)


def compliance(found: Iterable[CaseFact]) -> Compliance:
    """The facts of all cases in ``found``, added up."""
    whole = Compliance()
    for fact in found:
        whole.add(fact)
    return whole


def quantile(values: Sequence[int], share: float) -> int | None:
    """The smallest of ``values`` that at least ``share`` of them do not exceed (nearest rank); ``None`` of none."""
    if not values:
        return None
    ordered = sorted(values)
    rank = -(-len(ordered) * round(share * 1000) // 1000)
    return ordered[max(rank, 1) - 1]
