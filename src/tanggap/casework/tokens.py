"""How a case moves: exits taken, rows opened or passed over, joins fired, returns taking back, the end noticed."""

from __future__ import annotations

from collections.abc import Iterable

from tanggap.casework import events as e
from tanggap.casework.draft import Draft
from tanggap.casework.escalation import ring_for_round
from tanggap.casework.exits import has_procedure, procedure_named
from tanggap.casework.performers import groups_of
from tanggap.casework.refusals import Refused
from tanggap.casework.state import Status, Visit
from tanggap.sop.flow import holds
from tanggap.sop.model import CLOSE, END, Exit


def take_exit(draft: Draft, visit: Visit, exit: Exit) -> None:
    """Go where ``exit`` of the visit just left leads; past its ``at_most`` where ``then`` leads."""
    if exit.procedure:
        change_procedure(draft, *procedure_named(draft.case, draft.shelf, exit.procedure))
        return
    used = draft.case.taken.get((visit.leg, visit.row, visit.exit), 0)
    targets = exit.next or ()
    if exit.at_most is not None and used > exit.at_most:
        targets = (exit.then,) if exit.then is not None else draft.flow.default_next(visit.row)
    go(draft, visit, targets)


def go(draft: Draft, visit: Visit, targets: Iterable[str]) -> None:
    """Open ``targets`` as grown out of ``visit``; a target that every way here has passed is a return."""
    rows = dict.fromkeys(row for target in targets for row in draft.flow.landing(target))
    for row in rows:
        if row in draft.flow.steps and draft.flow.is_return(visit.row, row):
            take_back_below(draft, row, cause=visit.id)
    for row in rows:
        arrive(draft, row, visit.id)


def arrive(draft: Draft, row: str, parent: str) -> None:
    """A token comes to ``row``: the path ends, an arrival is noted, or the row begins."""
    if row == CLOSE:
        draft.closing = True
    elif row == END:
        return
    elif draft.flow.steps[row].after:
        if parent not in draft.case.pending.get(row, ()):  # a bell that rang beside may have brought it here before
            draft.emit(e.Arrived(row, parent))
    else:
        begin(draft, row, (parent,))


def begin(draft: Draft, row: str, parents: tuple[str, ...]) -> None:
    """Open ``row``, merge into its open visit, or pass it over when its conditions do not hold."""
    case, step = draft.case, draft.flow.steps[row]
    parents = tuple(dict.fromkeys((*parents, *case.pending.get(row, ()))))  # who has arrived is part of it
    if row in case.open:
        for parent in parents:
            draft.emit(e.StepJoined(case.open[row], parent))
        return
    visit = f"{row}#{case.count.get(row, 0) + 1}"
    if holds(step.when, case.attributes):
        groups, instead = groups_of(case, step, draft.sop, draft.shelf)
        draft.emit(e.StepOpened(visit, row, parents, groups, instead))
        ring_for_round(draft, visit)
        return
    draft.emit(e.StepPassed(visit, row, parents))
    if row not in draft.passed:
        draft.passed.add(row)
        go(draft, case.visits[visit], draft.flow.default_next(row))


def take_back_below(draft: Draft, row: str, *, cause: str) -> None:
    """Take back what grew out of the last visit of ``row``: open visits end, noted arrivals are voided."""
    last = draft.case.latest(row)
    if last is None:
        return
    grown = draft.case.descendants(last.id)
    visits = tuple(visit.id for visit in draft.case.open_visits() if visit.id in grown)
    arrivals = tuple(
        (join, arrival) for join, arrived in draft.case.pending.items() for arrival in arrived if arrival in grown
    )
    take_back(draft, visits, arrivals, why="returned", cause=cause)


def take_back(
    draft: Draft, visits: tuple[str, ...], arrivals: tuple[tuple[str, str], ...], *, why: str, cause: str = ""
) -> None:
    """End ``visits`` and void ``arrivals``, their waits first. Nothing to take back: nothing is written."""
    if not visits and not arrivals:
        return
    for visit in visits:
        end_wait(draft, visit, "taken_back")
    draft.emit(e.TakenBack(visits, arrivals, why, cause))


def take_back_all(draft: Draft, *, why: str, cause: str = "") -> None:
    """Take back everything that is open or pending."""
    arrivals = tuple((join, one) for join, arrived in draft.case.pending.items() for one in arrived)
    take_back(draft, tuple(draft.case.open.values()), arrivals, why=why, cause=cause)


def end_wait(draft: Draft, visit: str, why: str) -> None:
    """Let the clock of ``visit`` go on, if it stands still."""
    wait = draft.case.running_wait(visit)
    if wait is not None:
        draft.emit(e.WaitEnded(wait.id, why))


def change_procedure(draft: Draft, sop: str, procedure: str, *, reason: str = "") -> None:
    """Go on in another procedure, of this SOP or of another version on the shelf."""
    if not has_procedure(draft.shelf, sop, procedure):
        raise Refused("unknown_procedure", procedure=procedure)
    take_back_all(draft, why="moved")
    draft.emit(e.Moved(procedure, sop, reason))
    open_start(draft)


def open_start(draft: Draft) -> None:
    """Open the first row for what the record says."""
    for row in draft.flow.landing(draft.flow.start(draft.case.attributes)):
        if row not in (END, CLOSE):
            begin(draft, row, ())


def finish(draft: Draft) -> None:
    """Fire the joins that wait for nothing any more; close the case when nothing is open."""
    if draft.case.status is not Status.OPEN:
        return
    while not draft.closing and _fire_one_join(draft):
        pass
    draft.passed.clear()
    if draft.closing:
        take_back_all(draft, why="closed")
    if not draft.case.open and not draft.case.pending:
        close(draft, draft.outcome or "finished", draft.why)


def close(draft: Draft, outcome: str, why: str) -> None:
    """Write the end of the case."""
    draft.emit(e.Closed(outcome, draft.case.answered, why))


def _fire_one_join(draft: Draft) -> bool:
    flow, pending = draft.flow, draft.case.pending
    for join in sorted(pending, key=flow.order.__getitem__):
        between = flow.between(join)
        if between.isdisjoint(draft.case.open) and not any(
            other in between and not _goes_first(draft, join, other) for other in pending if other != join
        ):
            begin(draft, join, ())
            return True
    if pending and not draft.case.open:  # a ring of joins, each waiting for the next: the uppermost breaks it
        join = min(pending, key=flow.order.__getitem__)
        begin(draft, join, ())
        return True
    return False


def _goes_first(draft: Draft, join: str, other: str) -> bool:
    """Of two joins that wait for each other the upper one goes first."""
    return join in draft.flow.between(other) and draft.flow.order[join] < draft.flow.order[other]
