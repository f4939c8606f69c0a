"""Work inside one visit: a tree of dispositions to posts and units, each with its own clock (docs/engine.md, 6)."""

from __future__ import annotations

from tanggap.casework import events as e
from tanggap.casework.commands import Dispose, Recall, ReportBack
from tanggap.casework.draft import Draft
from tanggap.casework.dues import disposition_end, visit_due
from tanggap.casework.performers import is_complained_of, is_performer
from tanggap.casework.refusals import Refused
from tanggap.casework.shelf import Power
from tanggap.casework.state import Disposition
from tanggap.sop.model import Party
from tanggap.worktime.duration import UnreadableDuration, parse


def dispose(draft: Draft, command: Dispose) -> None:
    """Give work to posts or units: by the performer of the visit, or the holder of the disposition above."""
    above = draft.case.dispositions.get(command.parent)
    if above is not None:
        _require_holder(draft, above)
    visit, step = draft.open_visit(above.visit if above else command.parent)
    if above is None and not is_performer(visit, draft.actor) and not draft.actor.may(Power.COORDINATOR):
        raise Refused("not_your_step", visit=visit.id)
    unknown = [name for name in command.to if not draft.shelf.organisation.knows(name)]
    if unknown or not command.to:
        raise Refused("post_unknown" if unknown else "posts_needed", posts=unknown)
    organisation = draft.shelf.organisation
    own = any(draft.sop.role(role).party is Party.RESPONDENT for role in step.who)
    posts = organisation.expand(command.to)
    if not own and any(is_complained_of(draft.case, post, draft.sop, organisation) for post in posts):
        raise Refused("respondent_may_not_act", visit=visit.id)
    _check_standard(draft, command, visit.id)
    number = f"d{len(draft.case.dispositions) + 1}"
    draft.emit(
        e.Disposed(
            number, command.parent, command.to, command.nature, command.urgency, command.instructions,
            command.note, command.standard, command.until,
        )
    )  # fmt: skip


def _check_standard(draft: Draft, command: Dispose, visit: str) -> None:
    try:
        parse(command.standard, draft.sop.reading)
    except UnreadableDuration:
        raise Refused("unreadable_time", time=command.standard) from None
    if command.until is not None and command.until <= draft.at:
        raise Refused("moment_in_past")
    until = command.until or disposition_end(draft.sop, draft.shelf, command.to, draft.at, command.standard)
    due = visit_due(draft.case, draft.shelf, visit)
    if due is not None and due.due_at is not None and until is not None and until > due.due_at and not command.note:
        raise Refused("later_than_visit", due=due.due_at)  # may be, but not without saying so


def _require_holder(draft: Draft, disposition: Disposition) -> None:
    if disposition.state != "open":
        raise Refused("disposition_not_open", disposition=disposition.id)
    if draft.actor.posts.isdisjoint(draft.shelf.organisation.expand(disposition.to)):
        raise Refused("not_your_step", disposition=disposition.id)
    row = draft.case.visits[disposition.visit].row
    if draft.actor.only is not None and draft.actor.only.isdisjoint(draft.flow.steps[row].who):
        raise Refused("respondent_may_not_act", disposition=disposition.id)


def _found(draft: Draft, name: str) -> Disposition:
    disposition = draft.case.dispositions.get(name)
    if disposition is None:
        raise Refused("unknown_disposition", disposition=name)
    return disposition


def report_back(draft: Draft, command: ReportBack) -> None:
    """The holder reports; what was disposed further must have been reported first."""
    disposition = _found(draft, command.disposition)
    _require_holder(draft, disposition)
    if any(one.parent == disposition.id and one.state == "open" for one in draft.case.dispositions.values()):
        raise Refused("disposition_open", disposition=disposition.id)
    if draft.happened < disposition.given_at:
        raise Refused("before_opening", visit=disposition.visit, opened=disposition.given_at)
    post = min(draft.actor.posts.intersection(draft.shelf.organisation.expand(disposition.to)), default="")
    draft.emit(e.ReportedBack(disposition.id, post, command.answer, command.evidence), at=draft.happened)


def recall(draft: Draft, command: Recall) -> None:
    """The giver, or a coordinator, takes a disposition back, and with it what was disposed below."""
    disposition = _found(draft, command.disposition)
    if disposition.state != "open":
        raise Refused("disposition_not_open", disposition=disposition.id)
    if disposition.by != draft.actor.person and not draft.actor.may(Power.COORDINATOR):
        raise Refused("not_allowed")
    if not command.reason:
        raise Refused("reason_needed")
    for name in (*_below(draft, disposition.id), disposition.id):
        draft.emit(e.Recalled(name, command.reason))


def _below(draft: Draft, name: str) -> list[str]:
    """Open dispositions under ``name``, the deepest first."""
    children = [one.id for one in draft.case.dispositions.values() if one.parent == name and one.state == "open"]
    return [deeper for child in children for deeper in (*_below(draft, child), child)]
