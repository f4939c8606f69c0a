"""Verbs on one row: complete it, skip it, answer first, give it to others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tanggap.casework import events as e
from tanggap.casework.commands import Assign, Complete, HandBack, Respond, Skip, Take
from tanggap.casework.draft import Draft
from tanggap.casework.dues import breaches_of, late_minutes
from tanggap.casework.escalation import is_rung
from tanggap.casework.events import Group
from tanggap.casework.exits import by_record, chosen, name_of
from tanggap.casework.performers import RESPONDENT, how_to_act, is_complained_of, is_performer
from tanggap.casework.record import bind_role, needed_bindings, reassign, set_attribute
from tanggap.casework.refusals import Refused
from tanggap.casework.shelf import Actor, Power, Shelf
from tanggap.casework.state import Case, Status, Visit
from tanggap.casework.tokens import end_wait, finish, take_exit
from tanggap.sop.model import Exit, Joint, Party, Step


def complete(draft: Draft, command: Complete) -> None:
    """Finish a visit: what it must set, bind and answer is recorded first, then the row is left by one exit."""
    visit, step = draft.open_visit(command.visit)
    group, how = _performer(draft, visit, step, command.group)
    _require_opened(draft, visit)
    if command.batch and not step.batch:
        raise Refused("not_allowed", visit=visit.id)
    _record_sets(draft, step, command.sets)
    exit = chosen(draft.case, draft.shelf, step, command.choice)
    if exit.reason and not command.reason:
        raise Refused("reason_needed", visit=visit.id, choice=exit.label)
    _record_binds(draft, step, command)
    post = _acting_post(draft, group)
    if not _is_last_word(visit, step, group, exit):
        _part(draft, visit, e.PartDone(visit.id, group.id, post, exit.id), command)
        return
    _require_known(draft, step, exit, command)
    if command.answer:
        draft.emit(e.Answered(visit.id, command.answer), at=draft.happened)
    name = name_of(draft.flow, step.id, exit)
    outcome = exit.outcome or step.outcome
    checked = tuple(number for number in command.checked if number in {str(n) for n in range(1, len(step.needs) + 1)})
    done = e.StepDone(visit.id, name, how, post, command.reason, command.batch, outcome, checked)
    leave(draft, visit, step, exit, done)
    draft.why = command.reason
    finish(draft)
    unanswered = draft.case.status is Status.CLOSED and not draft.case.answered and not draft.case.internal
    if unanswered and not _excused(draft, command.reason):
        raise Refused("unanswered_needs_reason", visit=visit.id)


def leave(draft: Draft, visit: Visit, step: Step, exit: Exit, done: e.StepDone, *, by: str = "") -> None:
    """Record marks, lateness and the end of waiting, then that the row is left, and go where ``exit`` leads."""
    happened = max(draft.happened, visit.opened_at)
    for name, value in exit.set.items():
        set_attribute(draft, name, value)
    for mark in dict.fromkeys(name for name in (step.mark, exit.mark) if name):
        draft.emit(e.Marked(mark), at=happened)
    for breach in breaches_of(draft.case, draft.shelf, visit.id, happened):
        draft.emit(breach)
    end_wait(draft, visit.id, "acted")
    draft.outcome = done.outcome or draft.outcome
    late = late_minutes(draft.case, draft.shelf, f"step:{visit.id}", happened)
    draft.emit(replace(done, late_minutes=late), at=happened, by=by)
    take_exit(draft, draft.case.visits[visit.id], exit)


def _performer(draft: Draft, visit: Visit, step: Step, group_id: str) -> tuple[Group, str]:
    """The group the actor acts for, and how. Raises what the last group tried was refused for."""
    refusal = Refused("group_unknown", visit=visit.id, group=group_id)
    for group in _in_turn(visit):
        if group_id and group.id != group_id:
            continue
        try:
            return group, how_to_act(draft.case, visit, group, step, draft.sop, draft.shelf, draft.actor)
        except Refused as reason:
            refusal = reason
    raise refusal


def _in_turn(visit: Visit) -> list[Group]:
    """Groups that have not acted yet before those that may change their word."""
    return sorted(visit.groups, key=lambda group: group.id in visit.parts)


def _is_last_word(visit: Visit, step: Step, group: Group, exit: Exit) -> bool:
    """True when ``group`` leaves the row: nobody else must act, or all others have named the same exit."""
    if step.how_joint is not Joint.ALL:
        return True
    others = [visit.parts.get(one.id) for one in visit.groups if one.id != group.id]
    return all(part is not None and part.exit == exit.id for part in others)


def _part(draft: Draft, visit: Visit, done: e.PartDone, command: Complete) -> None:
    """Note the word of one of several performers. What they wrote is kept as a note until all agree."""
    draft.emit(done, at=draft.happened)
    for written in filter(None, (command.reason, command.answer)):
        draft.emit(e.Noted(written))
    if command.binds:
        reassign(draft, visit.id, "bound")


def _record_sets(draft: Draft, step: Step, sets: Mapping[str, str]) -> None:
    for name, value in sets.items():
        if name not in step.sets:
            raise Refused("attribute_unknown", name=name, row=step.id)
        set_attribute(draft, name, value)


def _record_binds(draft: Draft, step: Step, command: Complete) -> None:
    for role, posts in command.binds.items():
        if role not in step.binds and role != RESPONDENT:
            raise Refused("role_unknown", role=role)
        bind_role(draft, role, posts, but=command.visit)


def _acting_post(draft: Draft, group: Group) -> str:
    return min(draft.actor.posts.intersection(group.posts), default="")


def _require_opened(draft: Draft, visit: Visit) -> None:
    if draft.happened < visit.opened_at:
        raise Refused("before_opening", visit=visit.id, opened=visit.opened_at)


def _require_no_disposition(draft: Draft, visit: str) -> None:
    if any(one.visit == visit and one.state == "open" for one in draft.case.dispositions.values()):
        raise Refused("disposition_open", visit=visit)


def _require_known(draft: Draft, step: Step, exit: Exit, command: Complete) -> None:
    """Everything that must be on record when the row is left."""
    for name in step.sets:
        if name not in draft.case.attributes and name not in exit.set:
            raise Refused("attribute_needed", name=name, row=step.id)
    for role in needed_bindings(draft, step):
        raise Refused("bind_needed", role=role, row=step.id)
    _require_no_disposition(draft, command.visit)
    if (exit.answers or step.record == "answer") and not command.answer:
        raise Refused("answer_needed", row=step.id)


def _excused(draft: Draft, reason: str) -> bool:
    """True when not answering was given a reason: now, or when the answering row was skipped (S1-9)."""
    skipped = (visit for visit in draft.case.visits.values() if visit.how == "skipped" and visit.reason)
    return bool(reason) or any(draft.flow.steps[v.row].record == "answer" for v in skipped if v.row in draft.flow.steps)


def skip(draft: Draft, command: Skip) -> None:
    """Leave an optional row undone: its record decides where to go, never a person."""
    visit, step = draft.open_visit(command.visit)
    if not step.optional:
        raise Refused("not_optional", row=step.id)
    if not command.reason:
        raise Refused("reason_needed", visit=visit.id)
    group, _ = _performer(draft, visit, step, "")
    _require_opened(draft, visit)
    _require_no_disposition(draft, visit.id)
    exit = by_record(draft.case, draft.shelf, step)
    name, outcome = name_of(draft.flow, step.id, exit), exit.outcome or step.outcome
    done = e.StepDone(visit.id, name, "skipped", _acting_post(draft, group), command.reason, "", outcome)
    leave(draft, visit, step, exit, done)
    draft.why = command.reason
    finish(draft)


def take(draft: Draft, command: Take) -> None:
    """Say that one works on it: so that two who share a post do not do the same."""
    visit, step = draft.open_visit(command.visit)
    group, how = _performer(draft, visit, step, "")
    if how != "acted":
        raise Refused("not_your_step", visit=visit.id)
    if visit.taken_by == draft.actor.person:
        raise Refused("nothing_changed")
    draft.emit(e.Taken(visit.id, _acting_post(draft, group)))


def hand_back(draft: Draft, command: HandBack) -> None:
    """Leave what one had taken to the others."""
    visit, _ = draft.open_visit(command.visit)
    if not visit.taken_by or visit.taken_by != draft.actor.person:
        raise Refused("not_taken", visit=visit.id)
    draft.emit(e.HandedBack(visit.id))


def respond(draft: Draft, command: Respond) -> None:
    """Record the first response of a row with a second standard."""
    visit, step = draft.open_visit(command.visit)
    if not draft.actor.may(Power.DESK):
        _performer(draft, visit, step, "")
    if step.respond is None:
        raise Refused("nothing_to_respond", row=step.id)
    if visit.responded_at is not None:
        raise Refused("already_responded", visit=visit.id)
    _require_opened(draft, visit)
    for breach in breaches_of(draft.case, draft.shelf, visit.id, draft.happened):
        if breach.clock.startswith("respond:"):
            draft.emit(breach)
    draft.emit(e.Responded(visit.id), at=draft.happened)


def may_assign(case: Case, visit: Visit, actor: Actor, shelf: Shelf) -> bool:
    """True when ``actor`` may give ``visit`` to others: who performs it, who was rung about it, a coordinator."""
    return is_performer(visit, actor) or actor.may(Power.COORDINATOR) or is_rung(case, visit, actor, shelf)


def assign(draft: Draft, command: Assign) -> None:
    """Give a visit to other posts; never to the party complained of, unless the row is theirs."""
    visit, _ = draft.open_visit(command.visit)
    if not may_assign(draft.case, visit, draft.actor, draft.shelf):
        raise Refused("not_allowed", visit=visit.id)
    unknown = [name for name in command.posts if not draft.shelf.organisation.knows(name)]
    if unknown or not command.posts:
        raise Refused("post_unknown" if unknown else "posts_needed", posts=unknown)
    posts = draft.shelf.organisation.expand(command.posts)
    groups = enumerate(visit.groups)
    place = next((n for n, one in groups if not one.party and command.group in ("", one.id)), None)
    if place is None:
        raise Refused("group_unknown", visit=visit.id, group=command.group)
    group = visit.groups[place]
    own = any(role.id == group.role and role.party is Party.RESPONDENT for role in draft.sop.roles)
    organisation = draft.shelf.organisation
    if not own and any(is_complained_of(draft.case, post, draft.sop, organisation) for post in posts):
        raise Refused("respondent_may_not_act", visit=visit.id)
    assigned = (*visit.groups[:place], replace(group, posts=posts), *visit.groups[place + 1 :])
    if assigned == visit.groups:
        raise Refused("nothing_changed")
    draft.emit(e.Assigned(visit.id, assigned, "assigned"))
