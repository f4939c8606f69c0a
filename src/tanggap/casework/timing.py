"""What time alone does: timeouts fire, waits lapse, standards are breached, rungs are reached; how more is given."""

from __future__ import annotations

from tanggap.casework import events as e
from tanggap.casework.coming import MOVES_NO_CLOCK, Coming
from tanggap.casework.commands import Expire, Extend
from tanggap.casework.draft import Draft
from tanggap.casework.dues import Due, clocks_of
from tanggap.casework.escalation import Ring, ring
from tanggap.casework.exits import by_record, leads_somewhere, name_of
from tanggap.casework.proposals import propose
from tanggap.casework.refusals import Refused
from tanggap.casework.shelf import Power
from tanggap.casework.state import Visit
from tanggap.casework.steps import leave
from tanggap.casework.tokens import arrive, finish, take_back_all
from tanggap.sop.model import Exit, Step, Timeout
from tanggap.worktime.duration import Duration, UnreadableDuration, parse

_MOST = 200  # what comes due in one act: a guard against a file whose timeouts chase each other


def expire(draft: Draft, command: Expire) -> None:
    """Write everything that has come due by now, in the order in which it came due."""
    if not draft.actor.may(Power.WORKER):
        raise Refused("not_allowed")
    draft.coming = Coming(draft.case, draft.shelf)
    for _ in range(_MOST):
        past = draft.coming.first()
        if past is None or past.due_at is None or past.due_at > draft.at:
            return
        before = len(draft.entries)
        if isinstance(past, Ring):
            ring(draft, past)
        else:
            _write(draft, past)
        finish(draft)
        if all(isinstance(entry.event, MOVES_NO_CLOCK) for entry in draft.entries[before:]):
            draft.coming.written(past.clock)
        else:
            draft.coming = Coming(draft.case, draft.shelf)


def _write(draft: Draft, due: Due) -> None:
    assert due.due_at is not None
    kind, _, name = due.clock.partition(":")
    if kind == "timeout":
        visit = draft.case.visits[name]
        timeout = draft.flow.steps[visit.row].timeout
        assert timeout is not None
        draft.emit(e.TimedOut(name, due.due_at))
        _time_out(draft, draft.case.visits[name], timeout)
    elif kind == "wait":
        _lapse(draft, name)
    else:
        draft.emit(e.Breached(due.clock, due.due_at))


def _time_out(draft: Draft, visit: Visit, timeout: Timeout) -> None:
    step = draft.flow.steps[visit.row]
    exit = _timeout_exit(draft, step, timeout)
    if not leads_somewhere(draft.case, draft.shelf, exit):
        return  # a procedure that is not on the shelf: the row stays with its people
    if timeout.keep:
        for target in exit.next or ():
            for row in draft.flow.landing(target):
                arrive(draft, row, visit.id)
        return
    outcome = timeout.outcome or exit.outcome or step.outcome
    leave(draft, visit, step, exit, e.StepDone(visit.id, name_of(draft.flow, step.id, exit), "lapsed", outcome=outcome))


def _timeout_exit(draft: Draft, step: Step, timeout: Timeout) -> Exit:
    if timeout.next is None and not timeout.choice:
        return by_record(draft.case, draft.shelf, step)
    return draft.flow.timeout_exit(step.id, timeout)


def _lapse(draft: Draft, wait_id: str) -> None:
    wait = draft.case.waits[wait_id]
    reason = draft.sop.wait(wait.reason)
    then = wait.then or reason.then
    draft.emit(e.WaitEnded(wait_id, "lapsed"))
    if then == "close":
        take_back_all(draft, why="closed")
        draft.outcome = reason.outcome
    elif then == "propose":
        propose(draft, wait)
    elif then in draft.flow.steps:  # the row may be one of another procedure of the document
        visit = draft.case.visits[wait.visit]
        step, exit = draft.flow.steps[visit.row], Exit(next=(then,))
        leave(draft, visit, step, exit, e.StepDone(visit.id, how="lapsed", outcome=reason.outcome))


def extend(draft: Draft, command: Extend) -> None:
    """Give a clock more time: ``by`` as far as the row allows, or ``until`` a named moment. Law clocks never."""
    if not draft.actor.may(Power.COORDINATOR):
        raise Refused("not_allowed")
    if not command.reason:
        raise Refused("reason_needed")
    kind, _, name = command.target.partition(":")
    more = _more(draft, command.by) if command.by else None
    if kind == "clock":
        _require_promise(draft, name)
    elif kind in ("step", "disposition") and not command.by:
        _require_open(draft, kind, name)
    elif kind == "step" and more is not None:
        _require_extensible(draft, name, more)
    else:
        raise Refused("clock_unknown", clock=command.target)
    if command.until is not None and command.until <= draft.at:
        raise Refused("moment_in_past")
    if command.until is None and not command.by:
        raise Refused("until_needed")
    draft.emit(e.Extended(command.target, command.by, command.until, command.reason))


def _require_promise(draft: Draft, name: str) -> None:
    clock = next((one for one in clocks_of(draft.case, draft.shelf) if one.id == name), None)
    if clock is None:
        raise Refused("clock_unknown", clock=name)
    if clock.kind == "law":
        raise Refused("law_clock", clock=name)


def _require_open(draft: Draft, kind: str, name: str) -> None:
    if kind == "step":
        draft.open_visit(name)
    elif name not in draft.case.dispositions:
        raise Refused("unknown_disposition", disposition=name)
    elif draft.case.dispositions[name].state != "open":
        raise Refused("disposition_not_open", disposition=name)


def _more(draft: Draft, by: str) -> Duration:
    """The time given, as the document reads it. Raises :class:`Refused` for what is no time."""
    try:
        more = parse(by, draft.sop.reading)
    except UnreadableDuration:
        raise Refused("unreadable_time", time=by) from None
    if not more.has_standard:
        raise Refused("unreadable_time", time=by)
    return more


def _require_extensible(draft: Draft, name: str, more: Duration) -> None:
    visit, step = draft.open_visit(name)
    if step.extend is None:
        raise Refused("extension_not_allowed", row=step.id)
    before = draft.case.extra.get(f"step:{name}")
    if before is not None and len(before.by) >= step.extend.at_most:
        raise Refused("extension_used_up", row=step.id, at_most=step.extend.at_most)
    calendar = draft.shelf.calendar_of(post for group in visit.groups for post in group.posts)
    asked, allowed = (calendar.add(draft.at, time) for time in (more, step.extend.by))
    if asked is not None and allowed is not None and asked > allowed:
        raise Refused("extension_not_allowed", row=step.id, by=str(step.extend.by))
