"""Verbs between the organisation and those outside it: wait, resume, contact, deliver."""

from __future__ import annotations

from datetime import datetime

from tanggap.casework import events as e
from tanggap.casework.commands import Contact, Deliver, Resume, Wait
from tanggap.casework.draft import Draft
from tanggap.casework.dues import breaches_of
from tanggap.casework.duties import reasons_to_wait
from tanggap.casework.events import COMPLAINANT
from tanggap.casework.exits import by_record, name_of
from tanggap.casework.performers import is_performer, may_ask
from tanggap.casework.proposals import settle
from tanggap.casework.refusals import Refused
from tanggap.casework.shelf import Power
from tanggap.casework.state import Status, Visit, VisitState
from tanggap.casework.steps import leave
from tanggap.casework.tokens import finish
from tanggap.casework.waits import asks_complainant
from tanggap.sop.model import Party, Step
from tanggap.sop.model import Wait as WaitReason


def wait(draft: Draft, command: Wait) -> None:
    """Let the clock of a visit stand still for a named reason, until a moment if the reason has one."""
    visit, step = draft.open_visit(command.visit)
    _require_performer(draft, visit)
    reason = _reason(draft, step, command.reason)
    if draft.case.running_wait(visit.id) is not None:
        raise Refused("already_waiting", visit=visit.id)
    if not may_ask(draft.case, draft.shelf, draft.actor, step, reason):
        raise Refused("letter_not_yours", visit=visit.id)
    until, then = _end_of(draft, visit, reason, command.until)
    for breach in breaches_of(draft.case, draft.shelf, visit.id, draft.at):  # standing still hides no lateness
        draft.emit(breach)
    settle(draft, visit.id, "asked")
    number = f"w{len(draft.case.waits) + 1}"
    draft.emit(e.WaitBegan(number, visit.id, reason.id, until, command.message, then, reason.waits_for))


def _require_performer(draft: Draft, visit: Visit) -> None:
    if not is_performer(visit, draft.actor) and not draft.actor.may(Power.COORDINATOR):
        raise Refused("not_your_step", visit=visit.id)


def _reason(draft: Draft, step: Step, name: str) -> WaitReason:
    found = next((one for one in reasons_to_wait(draft.case, draft.sop, step) if one.id == name), None)
    if found is None:
        raise Refused("wait_not_allowed", reason=name)
    return found


def _end_of(
    draft: Draft, visit: Visit, reason: WaitReason, named: datetime | None
) -> tuple[datetime | None, str]:  # fmt: skip
    """Until when the clock stands still, and what happens then.

    Nobody is deemed to have withdrawn before the whole period: a shorter one that somebody named only lets time go on.
    """
    if named is None and reason.until_needed:
        raise Refused("until_needed", reason=reason.id)
    if named is not None and named <= draft.at:
        raise Refused("moment_in_past")
    posts = [post for group in visit.groups for post in group.posts]
    last = draft.shelf.calendar_of(posts).add(draft.at, reason.at_most) if reason.at_most is not None else None
    until = min((moment for moment in (named, last) if moment is not None), default=None)
    early = reason.then == "propose" and last is not None and until is not None and until < last
    return until, "resume" if early else reason.then


def resume(draft: Draft, command: Resume) -> None:
    """Let the clock of a visit go on."""
    visit, _ = draft.open_visit(command.visit)
    _require_performer(draft, visit)
    running = draft.case.running_wait(visit.id)
    if running is None:
        raise Refused("not_waiting", visit=visit.id)
    draft.emit(e.WaitEnded(running.id, "resumed"))


def contact(draft: Draft, command: Contact) -> None:
    """The complainant wrote or called, in any channel: every wait for the complainant ends, and every proposal."""
    if not draft.actor.may(Power.COMPLAINANT, Power.DESK, Power.COORDINATOR, Power.OFFICER, Power.WORKER):
        raise Refused("not_allowed")
    draft.emit(e.Contacted(command.channel, command.message), at=draft.happened)
    for running in list(draft.case.waits.values()):
        if running.to is None and asks_complainant(running, draft.shelf.sops):
            draft.emit(e.WaitEnded(running.id, "contact"))
    for visit in draft.case.open_visits():
        settle(draft, visit.id, "contact")


def deliver(draft: Draft, command: Deliver) -> None:
    """Record that what a done visit sent reached its addressee; an answer completes the complainant's row below it."""
    if not draft.actor.may(Power.DESK, Power.COORDINATOR, Power.WORKER, Power.COMPLAINANT, Power.OFFICER):
        raise Refused("not_allowed")
    visit = draft.visit(command.visit)
    if visit.state is not VisitState.DONE:
        raise Refused("visit_not_done", visit=visit.id)
    assert visit.ended_at is not None
    if draft.happened < visit.ended_at:
        raise Refused("before_opening", visit=visit.id, opened=visit.ended_at)
    draft.emit(e.Delivered(visit.id, command.ok, command.proof), at=draft.happened)
    if not command.ok or draft.case.status is not Status.OPEN:
        return
    below = draft.case.descendants(visit.id)
    for row in draft.case.open_visits():
        step = draft.flow.steps[row.row]
        if row.id in below and _done_by_delivery(draft, visit, row, step):
            exit = by_record(draft.case, draft.shelf, step)
            name, outcome = name_of(draft.flow, step.id, exit), exit.outcome or step.outcome
            leave(draft, row, step, exit, e.StepDone(row.id, name, "delivered", outcome=outcome))
    finish(draft)


def _done_by_delivery(draft: Draft, sent: Visit, row: Visit, step: Step) -> bool:
    """A question is never answered by delivery; the complainant's row needs a delivered answer (docs/engine.md, 2)."""
    if step.question or step.done_by == "confirmation":
        return False
    if all(group.party == COMPLAINANT for group in row.groups):
        return bool(sent.answer)
    return step.done_by == "delivery" and all(group.party == Party.OUTSIDE for group in row.groups)
