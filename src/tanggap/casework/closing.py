"""Verbs that change the course of a whole case: redirect, undo, move, migrate, withdraw, close, reopen."""

from __future__ import annotations

from tanggap.casework import events as e
from tanggap.casework.commands import Close, Migrate, Move, Redirect, Reopen, Undo, Withdraw
from tanggap.casework.draft import Draft
from tanggap.casework.events import COMPLAINANT
from tanggap.casework.record import reassign
from tanggap.casework.refusals import Refused
from tanggap.casework.shelf import Power
from tanggap.casework.state import Status, Visit, VisitState
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


def undo(draft: Draft, command: Undo) -> None:
    """Take back a completion while nothing that grew out of it was touched: as if it had not been pressed."""
    visit = draft.visit(command.visit)
    if visit.by != draft.actor.person and not draft.actor.may(Power.COORDINATOR):
        raise Refused("not_allowed")
    grown = [one for one in draft.case.visits.values() if visit.id in one.parents and one.state is not VisitState.UNDONE]
    if not _can_undo(draft, visit, grown):
        raise Refused("cannot_undo", visit=visit.id)
    arrivals = tuple((join, one) for join, arrived in draft.case.pending.items() for one in arrived if one == visit.id)
    draft.emit(e.Undone(visit.id, tuple(one.id for one in grown), arrivals))


def _can_undo(draft: Draft, visit: Visit, grown: list[Visit]) -> bool:
    return (
        visit.state is VisitState.DONE
        and visit.how in ("acted", "confirmed", "on_behalf", "skipped")
        and visit.leg == draft.case.leg
        and visit.row not in draft.case.open
        and not visit.answer
        and not visit.took_back
        and all(one.is_open and one.parents == (visit.id,) and one.touched_seq == one.opened_seq for one in grown)
        and all(one.visit not in {v.id for v in grown} for one in draft.case.dispositions.values())
    )


def move(draft: Draft, command: Move) -> None:
    """Go on in another procedure; number, receipt and attributes stay."""
    _require(draft, Power.DESK, Power.COORDINATOR)
    _require_reason(command.reason)
    version = command.sop or draft.case.sop
    sop = draft.shelf.sops.get(version)
    if sop is None:
        raise Refused("unknown_sop", sop=version)
    if all(procedure.id != command.procedure for procedure in sop.procedures):
        raise Refused("unknown_procedure", procedure=command.procedure)
    if (version, command.procedure) == (draft.case.sop, draft.case.procedure):
        raise Refused("nothing_changed")
    change_procedure(draft, command.procedure, sop=version, reason=command.reason)
    draft.why = command.reason
    finish(draft)


def migrate(draft: Draft, command: Migrate) -> None:
    """Go on under another version: every open row and pending join is mapped, no two onto one, joins onto joins."""
    _require(draft, Power.COORDINATOR)
    if command.sop not in draft.shelf.sops:
        raise Refused("unknown_sop", sop=command.sop)
    if all(one.id != command.procedure for one in draft.shelf.sops[command.sop].procedures):
        raise Refused("unknown_procedure", procedure=command.procedure)
    there = draft.shelf.flow(command.sop, command.procedure)
    rows = {row: command.rows.get(row, row) for row in (*draft.case.open, *draft.case.pending)}
    if not _is_one_to_one(rows, draft, there):
        raise Refused("rows_not_mapped", rows=rows)
    draft.emit(e.Migrated(command.sop, command.procedure, rows))
    for visit in draft.case.open_visits():
        reassign(draft, visit.id, "migrated")
    finish(draft)


def _is_one_to_one(rows: dict[str, str], draft: Draft, there: Flow) -> bool:
    targets = [there.steps.get(target) for target in rows.values()]
    if any(step is None or step.standing or step.terminator for step in targets):
        return False
    if any(not there.steps[rows[join]].after for join in draft.case.pending):
        return False
    open_targets = {rows[row] for row in draft.case.open}
    pending_targets = {rows[join] for join in draft.case.pending}
    return len(open_targets) == len(draft.case.open) and len(pending_targets) == len(draft.case.pending)


def withdraw(draft: Draft, command: Withdraw) -> None:
    """The complainant takes the complaint back; the desk may record it for them."""
    _require(draft, Power.COMPLAINANT, Power.DESK, Power.COORDINATOR)
    take_back_all(draft, why="closed")
    close(draft, "withdrawn", command.reason)


def close_case(draft: Draft, command: Close) -> None:
    """A coordinator ends the case outside the flow."""
    _require(draft, Power.COORDINATOR)
    _require_reason(command.reason)
    take_back_all(draft, why="closed")
    close(draft, command.outcome or "closed", command.reason)


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
    if row not in draft.flow.steps:
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
    return next(iter(flow.steps))
