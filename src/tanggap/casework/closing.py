"""Verbs that change the course of a whole case: redirect, undo, move, migrate, withdraw, close, reopen."""

from __future__ import annotations

from tanggap.casework import events as e
from tanggap.casework.commands import Close, Merge, Migrate, Move, Redirect, Reopen, Undo, Withdraw
from tanggap.casework.draft import Draft
from tanggap.casework.events import COMPLAINANT
from tanggap.casework.exits import has_procedure
from tanggap.casework.record import reassign
from tanggap.casework.refusals import Refused
from tanggap.casework.shelf import Power
from tanggap.casework.state import MERGED, MERGED_INTO, Status, Visit, VisitState
from tanggap.casework.tokens import begin, change_procedure, close, finish, take_back, take_back_all
from tanggap.sop.flow import Flow
from tanggap.sop.model import CLOSE, END


def redirect(draft: Draft, command: Redirect) -> None:
    """Depart from the SOP: the visit ends undone and another row, no join, begins. Counted as a departure."""
    _require(draft, Power.COORDINATOR)
    _require_reason(command.reason)
    visit, _ = draft.open_visit(command.visit)
    step = draft.flow.steps.get(command.to)
    if step is None or step.standing or step.terminator:
        raise Refused("row_unknown", row=command.to)
    if step.after:
        raise Refused("row_is_join", row=command.to)
    draft.emit(e.Redirected(visit.id, command.to, command.reason))
    visits, arrivals = [visit.id], []
    last = draft.case.latest(command.to)
    if last is not None and draft.flow.is_return(visit.row, command.to):
        grown = draft.case.descendants(last.id)
        visits += [one.id for one in draft.case.open_visits() if one.id in grown and one.id != visit.id]
        arrivals = [(join, one) for join, arrived in draft.case.pending.items() for one in arrived if one in grown]
    take_back(draft, tuple(visits), tuple(arrivals), why="redirected")
    begin(draft, command.to, (visit.id,))
    draft.why = command.reason
    finish(draft)


def _require(draft: Draft, *powers: Power) -> None:
    if not draft.actor.may(*powers):
        raise Refused("not_allowed")


def _require_reason(reason: str) -> None:
    if not reason:
        raise Refused("reason_needed")


def _require_complaint(draft: Draft) -> None:
    """A periodic duty is nobody's complaint: nobody takes it back, and it is the same as no report."""
    if draft.case.internal:
        raise Refused("not_allowed")


def undo(draft: Draft, command: Undo) -> None:
    """Take back a completion while nothing that grew out of it was touched: as if it had not been pressed."""
    visit = draft.visit(command.visit)
    if visit.by != draft.actor.person and not draft.actor.may(Power.COORDINATOR):
        raise Refused("not_allowed")
    below = draft.case.descendants(visit.id)
    grown = [
        one for one in draft.case.visits.values() if one.id in below and one.state is not VisitState.UNDONE
    ]  # fmt: skip
    going = {visit.id, *(one.id for one in grown)}
    if not (_may_be_undone(draft, visit) and all(_untouched(draft, one, going) for one in grown)):
        raise Refused("cannot_undo", visit=visit.id)
    arrivals = tuple((join, one) for join, arrived in draft.case.pending.items() for one in arrived if one in going)
    draft.emit(e.Undone(visit.id, tuple(one.id for one in grown), arrivals))
    reassign(draft, visit.id, "undone")  # who is complained of may have been named since
    finish(draft)


def _may_be_undone(draft: Draft, visit: Visit) -> bool:
    step = draft.flow.steps.get(visit.row)
    return (
        visit.state is VisitState.DONE
        and visit.how in ("acted", "confirmed", "on_behalf", "skipped")
        and visit.leg == draft.case.leg
        and step is not None  # a row that a newer version of the SOP still has
        and not (step.standing or step.terminator)
        and visit.row not in draft.case.open
        and not visit.answer
        and not visit.took_back
        and not visit.timed_out
    )


def _untouched(draft: Draft, visit: Visit, going: set[str]) -> bool:
    """True when ``visit`` grew out of what is undone alone, and nobody has begun with it."""
    if not going.issuperset(visit.parents):
        return False
    if visit.state is VisitState.PASSED:
        return True
    disposed = any(one.visit == visit.id for one in draft.case.dispositions.values())
    return visit.is_open and visit.touched_seq == visit.opened_seq and not disposed


def move(draft: Draft, command: Move) -> None:
    """Go on in another procedure; number, receipt and attributes stay. Never from or to a periodic duty."""
    _require(draft, Power.DESK, Power.COORDINATOR)
    _require_complaint(draft)
    _require_reason(command.reason)
    version = command.sop or draft.case.sop
    if version not in draft.shelf.sops:
        raise Refused("unknown_sop", sop=version)
    if (version, command.procedure) == (draft.case.sop, draft.case.procedure):
        raise Refused("nothing_changed")
    if any(one.id == command.procedure and one.every for one in draft.shelf.sops[version].procedures):
        raise Refused("unknown_procedure", procedure=command.procedure)
    change_procedure(draft, version, command.procedure, reason=command.reason)
    draft.why = command.reason
    finish(draft)


def migrate(draft: Draft, command: Migrate) -> None:
    """Go on under another version: every open row and pending join is mapped, no two onto one, joins onto joins."""
    _require(draft, Power.COORDINATOR)
    if command.sop not in draft.shelf.sops:
        raise Refused("unknown_sop", sop=command.sop)
    if not has_procedure(draft.shelf, command.sop, command.procedure):
        raise Refused("unknown_procedure", procedure=command.procedure)
    if (command.sop, command.procedure) == (draft.case.sop, draft.case.procedure):
        raise Refused("nothing_changed")
    there = draft.shelf.flow(command.sop, command.procedure)
    rows = {row: command.rows.get(row, row) for row in (*draft.case.open, *draft.case.pending)}
    if not _is_one_to_one(rows, draft, there):
        raise Refused("rows_not_mapped", rows=rows)
    draft.emit(e.Migrated(command.sop, command.procedure, rows))
    _end_unknown_waits(draft)
    for visit in draft.case.open_visits():
        reassign(draft, visit.id, "migrated")
    finish(draft)


def _is_one_to_one(rows: dict[str, str], draft: Draft, there: Flow) -> bool:
    targets = [there.steps.get(target) for target in rows.values()]
    if any(step is None or step.standing or step.terminator for step in targets):
        return False
    if any(not there.steps[rows[join]].after for join in draft.case.pending):
        return False
    return len(set(rows.values())) == len(rows)


def _end_unknown_waits(draft: Draft) -> None:
    """A reason to stand still that the new version does not know is none any more."""
    known = {wait.id for wait in draft.sop.reasons_to_wait}
    for wait in list(draft.case.waits.values()):
        if wait.to is None and wait.reason not in known:
            draft.emit(e.WaitEnded(wait.id, "resumed"))


def withdraw(draft: Draft, command: Withdraw) -> None:
    """The complainant takes the complaint back; the desk may record it for them."""
    _require(draft, Power.COMPLAINANT, Power.DESK, Power.COORDINATOR)
    _require_complaint(draft)
    take_back_all(draft, why="closed")
    close(draft, "withdrawn", command.reason)


def close_case(draft: Draft, command: Close) -> None:
    """A coordinator ends the case outside the flow."""
    _require(draft, Power.COORDINATOR)
    _require_reason(command.reason)
    take_back_all(draft, why="closed")
    close(draft, command.outcome or "closed", command.reason)


def merge(draft: Draft, command: Merge) -> None:
    """The same matter is handled in another case: work here ends, and both say where the other is."""
    _require(draft, Power.DESK, Power.COORDINATOR)
    _require_complaint(draft)
    _require_reason(command.reason)
    draft.emit(e.Linked(MERGED_INTO, command.into))
    take_back_all(draft, why="closed")
    close(draft, MERGED, command.reason)


def reopen(draft: Draft, command: Reopen) -> None:
    """Go on with a case that was closed, within its procedure's ``reopen``, or with an open one already answered."""
    _require(draft, Power.COMPLAINANT, Power.DESK, Power.COORDINATOR)
    _require_reason(command.reason)
    case, procedure = draft.case, draft.flow.procedure
    if case.status is Status.OPEN and not case.answered:
        raise Refused("case_open")
    if case.status is Status.CLOSED:
        if procedure.reopen is None:
            raise Refused("reopen_not_offered")
        assert case.closed_at is not None
        until = draft.shelf.calendar.add(case.closed_at, procedure.reopen)
        if until is not None and draft.at > until:
            raise Refused("reopen_too_late", until=until)
    row = command.row or first_internal_row(draft)
    step = draft.flow.steps.get(row)
    if step is None or step.standing or step.terminator:
        raise Refused("row_unknown", row=row)
    take_back_all(draft, why="returned")
    draft.emit(e.Reopened(row, command.reason))
    begin(draft, row, ())
    draft.why = command.reason
    finish(draft)


def first_internal_row(draft: Draft) -> str:
    """The first row that is the organisation's: where a complaint is looked at again."""
    flow = draft.flow
    row = next((r for r in flow.landing(flow.start(draft.case.attributes)) if r in flow.steps), END)
    seen: set[str] = set()
    while row not in (END, CLOSE) and row not in seen:
        seen.add(row)
        parties = [draft.sop.role(role).party for role in flow.steps[row].who]
        if not parties or any(party != COMPLAINANT for party in parties):
            return row
        row = next((r for target in flow.default_next(row) for r in flow.landing(target)), END)
    return next((row for row, step in flow.steps.items() if not (step.standing or step.terminator)), END)
