"""From log to case: one branch per kind of event, no decision in any of them, neither SOP nor calendar needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from tanggap.casework import events as e
from tanggap.casework.duties import is_internal
from tanggap.casework.events import Entry
from tanggap.casework.state import (
    Answer,
    Case,
    Disposition,
    Escalation,
    Extra,
    Link,
    Part,
    Status,
    Visit,
    VisitState,
    Waiting,
    altered,
)


def fold(entries: Iterable[Entry]) -> Case:
    """The case that ``entries`` (in order of seq) describe."""
    case = Case()
    for entry in entries:
        apply(case, entry)
    return case


def apply(case: Case, entry: Entry) -> None:
    """Change ``case`` by one entry."""
    event = entry.event
    case.seq = entry.seq
    if entry.key:
        case.keys[entry.key] = entry.digest
    _BRANCHES[type(event)](case, entry, event)


def _received(case: Case, entry: Entry, event: e.Received) -> None:
    case.status = Status.OPEN
    case.procedure, case.sop, case.leg = event.procedure, event.sop, 1
    case.attributes = {**event.attributes, "answered": "no"}
    case.internal = is_internal(event.attributes)
    case.parties = event.parties
    case.received_at = entry.happened_at
    case.correctable[entry.seq] = ("receipt", "")


def _new_visit(case: Case, entry: Entry, visit: str, row: str, parents: tuple[str, ...], **more: Any) -> Visit:
    case.count[row] = case.count.get(row, 0) + 1
    made = Visit(
        visit, row, case.leg, entry.happened_at, entry.seq, parents,
        touched_seq=entry.seq, touched_by=entry.by, **more,
    )  # fmt: skip
    case.visits[visit] = made
    return made


def _opened(case: Case, entry: Entry, event: e.StepOpened) -> None:
    _new_visit(case, entry, event.visit, event.row, event.parents, groups=event.groups, instead=event.instead)
    case.open[event.row] = event.visit
    case.pending.pop(event.row, None)


def _passed(case: Case, entry: Entry, event: e.StepPassed) -> None:
    _new_visit(case, entry, event.visit, event.row, event.parents, state=VisitState.PASSED, ended_at=entry.happened_at)
    case.pending.pop(event.row, None)


def _arrived(case: Case, entry: Entry, event: e.Arrived) -> None:
    case.pending[event.row] = (*case.pending.get(event.row, ()), event.visit)


def _joined(case: Case, entry: Entry, event: e.StepJoined) -> None:
    visit = case.visits[event.visit]
    case.visits[event.visit] = altered(visit, parents=(*visit.parents, event.parent))
    case.pending.pop(visit.row, None)


def _touch(case: Case, entry: Entry, name: str, **changes: Any) -> None:
    visit = case.visits[name]
    before = visit.touched_before if visit.touched_by == entry.by else visit.touched_seq
    case.visits[name] = altered(
        visit, touched_seq=entry.seq, touched_by=entry.by, touched_before=before, **changes
    )  # fmt: skip


def _part_done(case: Case, entry: Entry, event: e.PartDone) -> None:
    part = Part(entry.by, event.post, event.exit, entry.happened_at)
    _touch(case, entry, event.visit, parts={**case.visits[event.visit].parts, event.group: part})


def _taken(case: Case, entry: Entry, event: e.Taken) -> None:
    _touch(case, entry, event.visit, taken_by=entry.by, taken_at=entry.happened_at)


def _handed_back(case: Case, entry: Entry, event: e.HandedBack) -> None:
    _touch(case, entry, event.visit, taken_by="", taken_at=None)


def _responded(case: Case, entry: Entry, event: e.Responded) -> None:
    _touch(case, entry, event.visit, responded_at=entry.happened_at)


def _done(case: Case, entry: Entry, event: e.StepDone) -> None:
    visit = case.visits[event.visit]
    _touch(
        case, entry, event.visit, state=VisitState.DONE, ended_at=entry.happened_at, exit=event.exit, how=event.how,
        by=entry.by, post=event.post, reason=event.reason, checked=event.checked,
        late_minutes=event.late_minutes,
    )  # fmt: skip
    case.open.pop(visit.row, None)
    _end_dispositions(case, entry, visit.id)
    taken = (visit.leg, visit.row, event.exit)
    case.taken[taken] = case.taken.get(taken, 0) + 1
    case.correctable[entry.seq] = ("done", event.visit)


_STATE_OF_WHY = {
    "returned": VisitState.RETURNED,
    "redirected": VisitState.REDIRECTED,
    "moved": VisitState.MOVED,
    "closed": VisitState.CLOSED,
}


def _taken_back(case: Case, entry: Entry, event: e.TakenBack) -> None:
    for visit in event.visits:
        row = case.visits[visit].row
        _touch(case, entry, visit, state=_STATE_OF_WHY[event.why], ended_at=entry.happened_at)
        case.open.pop(row, None)
        _end_dispositions(case, entry, visit)
    for row, arrival in event.arrivals:
        _void_arrival(case, row, arrival)
    if event.cause in case.visits:
        case.visits[event.cause] = altered(case.visits[event.cause], took_back=True)


def _end_dispositions(case: Case, entry: Entry, visit: str) -> None:
    for one in list(case.dispositions.values()):
        if one.visit == visit and one.state == "open":
            case.dispositions[one.id] = altered(one, state="taken_back", ended_at=entry.happened_at)


def _void_arrival(case: Case, row: str, visit: str) -> None:
    left = list(case.pending.get(row, ()))
    left.remove(visit)
    if left:
        case.pending[row] = tuple(left)
    else:
        case.pending.pop(row, None)


def _assigned(case: Case, entry: Entry, event: e.Assigned) -> None:
    visit = case.visits[event.visit]
    shifts = (*visit.shifts, (entry.happened_at, visit.groups))
    assigned = event.why == "assigned"
    _touch(case, entry, visit.id, groups=event.groups, instead=event.instead, shifts=shifts, assigned=assigned,
           taken_by="", taken_at=None)  # fmt: skip


def _wait_began(case: Case, entry: Entry, event: e.WaitBegan) -> None:
    case.waits[event.wait] = Waiting(
        event.wait, event.visit, event.reason, entry.happened_at, event.until, message=event.message, then=event.then,
        waits_for=event.waits_for, sop=case.sop,
    )  # fmt: skip
    _touch(case, entry, event.visit)


def _wait_ended(case: Case, entry: Entry, event: e.WaitEnded) -> None:
    wait = case.waits[event.wait]
    case.waits[event.wait] = altered(wait, to=entry.happened_at, why=event.why)
    _touch(case, entry, wait.visit)


def _withdrawal_proposed(case: Case, entry: Entry, event: e.WithdrawalProposed) -> None:
    case.waits[event.wait] = altered(case.waits[event.wait], proposed_at=entry.happened_at, settled="")
    _touch(case, entry, event.visit)


def _proposal_ended(case: Case, entry: Entry, event: e.ProposalEnded) -> None:
    case.waits[event.wait] = altered(case.waits[event.wait], settled=event.why)
    _touch(case, entry, event.visit)


def _attribute_set(case: Case, entry: Entry, event: e.AttributeSet) -> None:
    case.attributes[event.name] = event.value


def _role_bound(case: Case, entry: Entry, event: e.RoleBound) -> None:
    case.bound[event.role] = event.posts


def _marked(case: Case, entry: Entry, event: e.Marked) -> None:
    case.marks[event.name] = entry.happened_at


def _extended(case: Case, entry: Entry, event: e.Extended) -> None:
    before = case.extra.get(event.target, Extra())
    by = (*before.by, event.by) if event.by else before.by
    case.extra[event.target] = Extra(before.times + 1, by, event.until or before.until)


def _timed_out(case: Case, entry: Entry, event: e.TimedOut) -> None:
    _touch(case, entry, event.visit, timed_out=True)


def _breached(case: Case, entry: Entry, event: e.Breached) -> None:
    case.breached[event.clock] = event.due


def _reminded(case: Case, entry: Entry, event: e.Reminded) -> None:
    _rung(case, Escalation(event.clock, event.cause, 0, event.due, entry.happened_at))


def _escalated(case: Case, entry: Entry, event: e.Escalated) -> None:
    told = (event.clock, event.cause, event.level, event.due, entry.happened_at, event.posts, event.instead)
    _rung(case, Escalation(*told))


def _rung(case: Case, one: Escalation) -> None:
    """Whoever is told of a visit has not touched it: an act on it is not disturbed."""
    place = (one.clock, one.cause)
    case.rung[place] = (*case.rung.get(place, ()), one)


def _answered(case: Case, entry: Entry, event: e.Answered) -> None:
    case.answered = True
    case.answered_at = case.answered_at or entry.happened_at
    case.attributes["answered"] = "yes"
    case.answers = (*case.answers, Answer(event.visit, event.message, entry.happened_at))
    case.visits[event.visit] = altered(case.visits[event.visit], answer=event.message)


def _delivered(case: Case, entry: Entry, event: e.Delivered) -> None:
    case.answers = tuple(
        altered(answer, delivered_at=entry.happened_at, ok=event.ok) if answer.visit == event.visit else answer
        for answer in case.answers
    )
    if event.ok:
        case.delivered[case.visits[event.visit].row] = entry.happened_at
        case.correctable[entry.seq] = ("delivered", event.visit)


def _noted(case: Case, entry: Entry, event: e.Noted) -> None:
    """A note is read from the log; that the complainant was written to is a fact of the case."""
    if event.audience == e.COMPLAINANT:
        case.written_at = case.written_at or entry.happened_at


def _nothing_more(case: Case, entry: Entry, event: e.Event) -> None:
    """A contact changes nothing but the log: it is read from it."""


def _linked(case: Case, entry: Entry, event: e.Linked) -> None:
    case.links = (*case.links, Link(event.relation, event.case, event.moments, event.performers))


def _moved(case: Case, entry: Entry, event: e.Moved) -> None:
    case.procedure, case.sop = event.procedure, event.sop
    case.leg += 1


def _migrated(case: Case, entry: Entry, event: e.Migrated) -> None:
    case.sop, case.procedure = event.sop, event.procedure
    for row, visit in list(case.open.items()):
        _touch(case, entry, visit, row=event.rows[row])
    case.open = {event.rows[row]: visit for row, visit in case.open.items()}
    case.pending = {event.rows[row]: arrivals for row, arrivals in case.pending.items()}


def _redirected(case: Case, entry: Entry, event: e.Redirected) -> None:
    _touch(case, entry, event.visit)


def _undone(case: Case, entry: Entry, event: e.Undone) -> None:
    for visit in event.visits:
        row = case.visits[visit].row
        _touch(case, entry, visit, state=VisitState.UNDONE, ended_at=entry.happened_at)
        if case.open.get(row) == visit:
            del case.open[row]
    for row, arrival in event.arrivals:
        _void_arrival(case, row, arrival)
    before = case.visits[event.visit]
    taken = (before.leg, before.row, before.exit)
    case.taken[taken] -= 1
    case.correctable = {seq: what for seq, what in case.correctable.items() if what != ("done", event.visit)}
    _touch(case, entry, event.visit, state=VisitState.OPEN, ended_at=None, exit="", how="", by="", post="", reason="",
           checked=(), late_minutes=None)  # fmt: skip
    case.open[before.row] = before.id


def _corrected(case: Case, entry: Entry, event: e.Corrected) -> None:
    what, visit = case.correctable[event.seq]
    if what == "receipt":
        _correct_receipt(case, event.moment)
    elif what == "done":
        case.visits[visit] = altered(case.visits[visit], ended_at=event.moment)
    else:
        case.delivered[case.visits[visit].row] = event.moment
        case.answers = tuple(
            altered(answer, delivered_at=event.moment) if answer.visit == visit else answer for answer in case.answers
        )


def _correct_receipt(case: Case, moment: datetime) -> None:
    """What the receipt opened and ended has the moment of the receipt, so it moves with it."""
    before, case.received_at = case.received_at, moment
    for visit in case.visits.values():
        if visit.opened_at == before and all(_by_receipt(case.visits[parent]) for parent in visit.parents):
            ended = moment if _by_receipt(visit) else visit.ended_at
            case.visits[visit.id] = altered(visit, opened_at=moment, ended_at=ended)


def _by_receipt(visit: Visit) -> bool:
    return visit.how == "received" or visit.state is VisitState.PASSED


def _closed(case: Case, entry: Entry, event: e.Closed) -> None:
    case.status, case.outcome, case.closed_at = Status.CLOSED, event.outcome, entry.happened_at
    case.why = event.why


def _reopened(case: Case, entry: Entry, event: e.Reopened) -> None:
    if case.closed_at is not None:
        case.rests = (*case.rests, (case.closed_at, entry.happened_at))
    case.status, case.outcome, case.closed_at = Status.OPEN, "", None
    case.answered, case.why = False, ""
    case.attributes["answered"] = "no"
    case.reopened += 1


def _disposed(case: Case, entry: Entry, event: e.Disposed) -> None:
    above = case.dispositions.get(event.parent)
    case.dispositions[event.disposition] = Disposition(
        event.disposition, above.visit if above else event.parent, event.parent, event.to, event.nature, event.urgency,
        event.instructions, event.note, event.standard, event.until, entry.happened_at, entry.by,
    )  # fmt: skip


def _end_disposition(case: Case, disposition: str, at: datetime, **changes: Any) -> None:
    case.dispositions[disposition] = altered(case.dispositions[disposition], ended_at=at, **changes)


def _reported_back(case: Case, entry: Entry, event: e.ReportedBack) -> None:
    _end_disposition(
        case, event.disposition, entry.happened_at, state="reported", done_by=entry.by, post=event.post,
        answer=event.answer, evidence=event.evidence, late_minutes=event.late_minutes,
    )  # fmt: skip


def _recalled(case: Case, entry: Entry, event: e.Recalled) -> None:
    _end_disposition(case, event.disposition, entry.happened_at, state="recalled")


_BRANCHES: dict[type[e.Event], Callable[[Case, Entry, Any], None]] = {
    e.Received: _received,
    e.StepOpened: _opened,
    e.StepPassed: _passed,
    e.Arrived: _arrived,
    e.StepJoined: _joined,
    e.PartDone: _part_done,
    e.Taken: _taken,
    e.HandedBack: _handed_back,
    e.Responded: _responded,
    e.StepDone: _done,
    e.TakenBack: _taken_back,
    e.Assigned: _assigned,
    e.WaitBegan: _wait_began,
    e.WaitEnded: _wait_ended,
    e.WithdrawalProposed: _withdrawal_proposed,
    e.ProposalEnded: _proposal_ended,
    e.AttributeSet: _attribute_set,
    e.RoleBound: _role_bound,
    e.Marked: _marked,
    e.Extended: _extended,
    e.TimedOut: _timed_out,
    e.Breached: _breached,
    e.Reminded: _reminded,
    e.Escalated: _escalated,
    e.Answered: _answered,
    e.Delivered: _delivered,
    e.Contacted: _nothing_more,
    e.Noted: _noted,
    e.Linked: _linked,
    e.Moved: _moved,
    e.Migrated: _migrated,
    e.Redirected: _redirected,
    e.Undone: _undone,
    e.Corrected: _corrected,
    e.Closed: _closed,
    e.Reopened: _reopened,
    e.Disposed: _disposed,
    e.ReportedBack: _reported_back,
    e.Recalled: _recalled,
}
