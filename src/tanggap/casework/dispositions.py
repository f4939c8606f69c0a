"""Work inside one visit: a tree of dispositions to posts and units, each with its own clock (docs/engine.md, 6)."""

from __future__ import annotations

from datetime import datetime

from tanggap.casework import events as e
from tanggap.casework.commands import Dispose, Recall, ReportBack
from tanggap.casework.draft import Draft
from tanggap.casework.dues import disposition_due, disposition_end, late_minutes, visit_due
from tanggap.casework.performers import is_complained_of, is_performer
from tanggap.casework.refusals import Refused
from tanggap.casework.shelf import Actor, Power, Shelf
from tanggap.casework.state import Case, Disposition
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
    names = tuple(dict.fromkeys(command.to))
    branches = [(name,) for name in names] if command.each else [names]
    for to in branches:
        _check_standard(draft, command, visit.id, to)
    for to in branches:
        number = f"d{len(draft.case.dispositions) + 1}"
        draft.emit(
            e.Disposed(
                number, command.parent, to, command.nature, command.urgency, command.instructions,
                command.note, command.standard, command.until,
            )
        )  # fmt: skip


def _check_standard(draft: Draft, command: Dispose, visit: str, to: tuple[str, ...]) -> None:
    try:
        parse(command.standard, draft.sop.reading)
    except UnreadableDuration:
        raise Refused("unreadable_time", time=command.standard) from None
    if command.until is not None and command.until <= draft.at:
        raise Refused("moment_in_past")
    until = command.until or disposition_end(draft.sop, draft.shelf, to, draft.at, command.standard)
    due = visit_due(draft.case, draft.shelf, visit)
    if due is not None and due.due_at is not None and until is not None and until > due.due_at and not command.later:
        raise Refused("later_than_visit", due=due.due_at)  # may be, but not without saying so


def _require_holder(draft: Draft, disposition: Disposition) -> None:
    why_not = why_not_holder(draft.case, draft.shelf, draft.actor, disposition)
    if why_not:
        raise Refused(why_not, disposition=disposition.id)


def why_not_holder(case: Case, shelf: Shelf, actor: Actor, disposition: Disposition) -> str:
    """Why ``actor`` may not work on ``disposition``, as the code of a refusal; empty for its holder."""
    if disposition.state != "open":
        return "disposition_not_open"
    if actor.posts.isdisjoint(shelf.organisation.expand(disposition.to)):
        return "not_your_step"
    step = shelf.flow(case.sop, case.procedure).steps[case.visits[disposition.visit].row]
    if actor.only is not None and actor.only.isdisjoint(step.who):
        return "respondent_may_not_act"
    return ""


def has_open_below(case: Case, disposition: str) -> bool:
    """True while something that was disposed further is not reported."""
    return any(one.parent == disposition and one.state == "open" for one in case.dispositions.values())


def may_recall(actor: Actor, disposition: Disposition) -> bool:
    """True for the giver and for a coordinator, while there is something to take back."""
    return disposition.state == "open" and (disposition.by == actor.person or actor.may(Power.COORDINATOR))


def _found(draft: Draft, name: str) -> Disposition:
    disposition = draft.case.dispositions.get(name)
    if disposition is None:
        raise Refused("unknown_disposition", disposition=name)
    return disposition


def report_back(draft: Draft, command: ReportBack) -> None:
    """The holder reports; what was disposed further must have been reported first."""
    disposition = _found(draft, command.disposition)
    _require_holder(draft, disposition)
    if has_open_below(draft.case, disposition.id):
        raise Refused("disposition_open", disposition=disposition.id)
    if draft.happened < disposition.given_at:
        raise Refused("before_opening", visit=disposition.visit, opened=disposition.given_at)
    _write_lateness(draft, disposition, draft.happened)
    post = min(draft.actor.posts.intersection(draft.shelf.organisation.expand(disposition.to)), default="")
    late = late_minutes(draft.case, draft.shelf, f"disposition:{disposition.id}", draft.happened)
    done = e.ReportedBack(disposition.id, post, command.answer, command.evidence, late)
    draft.emit(done, at=draft.happened)


def recall(draft: Draft, command: Recall) -> None:
    """The giver, or a coordinator, takes a disposition back, and with it what was disposed below."""
    disposition = _found(draft, command.disposition)
    if disposition.state != "open":
        raise Refused("disposition_not_open", disposition=disposition.id)
    if not may_recall(draft.actor, disposition):
        raise Refused("not_allowed")
    if not command.reason:
        raise Refused("reason_needed")
    for name in (*_below(draft, disposition.id), disposition.id):
        _write_lateness(draft, draft.case.dispositions[name], draft.at)
        draft.emit(e.Recalled(name, command.reason))


def _write_lateness(draft: Draft, disposition: Disposition, at: datetime) -> None:
    """An act that ends a disposition writes the lateness it ends, as an act on a row does."""
    clock = f"disposition:{disposition.id}"
    due = disposition_due(draft.case, draft.shelf, disposition)
    if due is not None and due < at and clock not in draft.case.breached:
        draft.emit(e.Breached(clock, due))


def _below(draft: Draft, name: str) -> list[str]:
    """Open dispositions under ``name``, the deepest first."""
    children = [one.id for one in draft.case.dispositions.values() if one.parent == name and one.state == "open"]
    return [deeper for child in children for deeper in (*_below(draft, child), child)]


# what is kept from others ---------------------------------------------------------------------------------------------

SEALED = "rahasia"
"""The urgency (sifat) by which a disposition is nobody's but its giver's and its holder's."""


def hidden_from(case: Case, shelf: Shelf, actor: Actor) -> frozenset[str]:
    """Dispositions of which ``actor`` learns nothing but that there is one: secret, or below a secret one.

    Whoever gave or holds one of them knows it and what was disposed further below it.
    """
    if all(one.urgency != SEALED for one in case.dispositions.values()):
        return frozenset()
    return frozenset(
        one.id
        for one in case.dispositions.values()
        if any(above.urgency == SEALED for above in chain(case, one))
        and not any(_is_privy(shelf, actor, above) for above in chain(case, one))
    )


def chain(case: Case, disposition: Disposition) -> list[Disposition]:
    """The disposition, the one it was disposed from, and so on up to the row."""
    found = [disposition]
    while found[-1].parent in case.dispositions:
        found.append(case.dispositions[found[-1].parent])
    return found


def _is_privy(shelf: Shelf, actor: Actor, disposition: Disposition) -> bool:
    holders = shelf.organisation.expand(disposition.to)
    return disposition.by == actor.person or not actor.posts.isdisjoint(holders)


def disposition_of(event: e.Event) -> str:
    """The disposition that ``event`` speaks of, itself or by the name of its clock; empty when it speaks of none."""
    if isinstance(event, e.Disposed | e.ReportedBack | e.Recalled):
        return event.disposition
    kind, _, name = (getattr(event, "clock", "") or getattr(event, "target", "")).partition(":")
    return name if kind == "disposition" else ""
