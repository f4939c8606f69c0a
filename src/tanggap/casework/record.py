"""Verbs on what the record says: classify, bind a column, note, link, correct a wrong moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tanggap.casework import events as e
from tanggap.casework.admission import admission
from tanggap.casework.commands import Bind, Classify, Correct, Link, Note
from tanggap.casework.draft import Draft
from tanggap.casework.performers import RESPONDENT, groups_of, has_it_now, is_complained_of, is_performer, may_write_out
from tanggap.casework.refusals import Refused
from tanggap.casework.shelf import Power
from tanggap.casework.state import Case, Visit, VisitState
from tanggap.sop.model import Party, Step, Team

ANSWERED = "answered"
"""The attribute that only an answer sets."""
IDENTITY = "identity"
"""How far the complainant wants to be known: their own word at the receipt, and nobody's to change."""


def set_attribute(draft: Draft, name: str, value: str, reason: str = "") -> None:
    """Record a declared fact. The same value again records nothing."""
    values = draft.sop.attribute_values(name)
    if values is None:
        raise Refused("attribute_unknown", name=name)
    if values and value not in values:
        raise Refused("value_unknown", name=name, value=value)
    if draft.case.attributes.get(name) != value:
        draft.emit(e.AttributeSet(name, value, reason))


def classify(draft: Draft, command: Classify) -> None:
    """Set an attribute outside a row's own act. A change of what was known needs a reason (S4-8)."""
    _require_say(draft)
    if command.name in (ANSWERED, IDENTITY):
        raise Refused("not_allowed", name=command.name)
    known = draft.case.attributes.get(command.name)
    if known is not None and known != command.value and not command.reason:
        raise Refused("reason_needed", name=command.name)
    if known == command.value:
        raise Refused("nothing_changed")
    set_attribute(draft, command.name, command.value, command.reason)


def _require_say(draft: Draft) -> None:
    """What a case is about is said by the desk, the coordinator, and the officer who has it now."""
    if draft.actor.may(Power.DESK, Power.COORDINATOR):
        return
    if not (draft.actor.may(Power.OFFICER) and has_it_now(draft.case, draft.shelf, draft.actor)):
        raise Refused("not_allowed")


def bind(draft: Draft, command: Bind) -> None:
    """Say who fills a column in this case."""
    _require_say(draft)
    if draft.case.bound.get(command.role) == command.posts:
        raise Refused("nothing_changed")
    bind_role(draft, command.role, command.posts, reason=command.reason)


def bind_role(draft: Draft, role: str, posts: tuple[str, ...], *, but: str = "", reason: str = "") -> None:
    """Record who fills ``role`` and derive the performers of every open visit anew, except of the visit ``but``."""
    declared = {one.id: one for one in draft.sop.roles}
    if role not in declared and role != RESPONDENT:
        raise Refused("role_unknown", role=role)
    unknown = [name for name in posts if not draft.shelf.organisation.knows(name)]
    if unknown or not posts:
        raise Refused("post_unknown" if unknown else "posts_needed", role=role, posts=unknown)
    team = declared[role].team if role in declared else None
    if team is not None:
        _check_team(draft, team, posts, role)
    draft.emit(e.RoleBound(role, posts, reason))
    complained_of = role == RESPONDENT or declared[role].party is Party.RESPONDENT
    for visit in draft.case.open_visits():
        own = role in draft.flow.steps[visit.row].who
        if visit.id != but and (own or (complained_of and not _stays(draft, visit))):
            reassign(draft, visit.id, "bound")


def _stays(draft: Draft, visit: Visit) -> bool:
    """True when a person named the performers and none of them is complained of: then they stay."""
    named = {post for group in visit.groups for post in group.posts}
    organisation = draft.shelf.organisation
    return visit.assigned and not any(is_complained_of(draft.case, post, draft.sop, organisation) for post in named)


def reassign(draft: Draft, visit_id: str, why: str) -> None:
    """Derive the performers of an open visit anew; written only when they change."""
    visit, step = draft.open_visit(visit_id)
    groups, instead = groups_of(draft.case, step, draft.sop, draft.shelf)
    if groups != visit.groups:
        draft.emit(e.Assigned(visit.id, groups, why, instead))


def least_members(case: Case, team: Team) -> int:
    """How many members a team must have in this case."""
    return max(team.min, *(by.get(case.attributes.get(name, ""), 0) for name, by in team.min_by.items()), 0)


def _check_team(draft: Draft, team: Team, posts: tuple[str, ...], role: str) -> None:
    least = least_members(draft.case, team)
    organisation = draft.shelf.organisation
    members = organisation.expand(posts)
    if len(members) < least:
        raise Refused("team_too_small", role=role, least=least, named=len(members))
    if team.odd and len(members) % 2 == 0:
        raise Refused("team_not_odd", role=role, named=len(members))
    if any(is_complained_of(draft.case, post, draft.sop, organisation) for post in members):
        raise Refused("respondent_in_team", role=role)


def needed_bindings(draft: Draft, step: Step) -> list[str]:
    """Columns that must be filled when ``step`` is left and are not. A mapped post fills it, unless per case."""
    missing = []
    for role_id in step.binds:
        role = draft.sop.role(role_id)
        mapped = draft.shelf.organisation.columns.get((draft.sop.id, role_id), ())
        if role_id not in draft.case.bound and (role.per_case or role.party is Party.RESPONDENT or not mapped):
            missing.append(role_id)
    return missing


def note(draft: Draft, command: Note) -> None:
    """Write an internal note or a letter to the complainant."""
    performer = any(is_performer(visit, draft.actor) for visit in draft.case.open_visits())
    if not performer and not draft.actor.may(Power.DESK, Power.COORDINATOR, Power.OFFICER):
        raise Refused("not_allowed")
    if command.audience == e.COMPLAINANT and not may_write_out(draft.case, draft.shelf, draft.actor):
        raise Refused("letter_not_yours" if performer else "not_allowed")
    draft.emit(e.Noted(command.message, command.audience))


def link(draft: Draft, command: Link) -> None:
    """Connect another case."""
    if not draft.actor.may(Power.DESK, Power.COORDINATOR, Power.WORKER):
        raise Refused("not_allowed")
    draft.emit(e.Linked(command.relation, command.case, command.moments, command.performers))
    assert draft.case.received_at is not None
    now = admission(draft.shelf, draft.flow.procedure, draft.case.received_at, draft.case.links)
    for name, value in now.items():
        set_attribute(draft, name, value)


def correct(draft: Draft, command: Correct) -> None:
    """Put a wrong receipt, completion or delivery moment right; what was written stays readable."""
    if not draft.actor.may(Power.COORDINATOR):
        raise Refused("not_allowed")
    if not command.reason:
        raise Refused("reason_needed")
    what, visit_id = draft.case.correctable.get(command.seq, ("", ""))
    if not what:
        raise Refused("not_correctable", seq=command.seq)
    if command.moment > draft.at:
        raise Refused("moment_in_future")
    if what == "receipt" and any(command.moment > acted for acted in _acts(draft)):
        raise Refused("receipt_after_act")
    if visit_id and command.moment < _earliest(draft.case.visits[visit_id], what):
        raise Refused("before_opening", visit=visit_id)
    draft.emit(e.Corrected(command.seq, command.moment, command.reason))


def _acts(draft: Draft) -> Iterator[datetime]:
    """When anything was done after the receipt."""
    for visit in draft.case.visits.values():
        yield from (part.at for part in visit.parts.values())
        if visit.ended_at is not None and visit.state is not VisitState.PASSED and visit.how != "received":
            yield visit.ended_at


def _earliest(visit: Visit, what: str) -> datetime:
    """Nothing is done before its row began, nothing delivered before it was done."""
    return visit.ended_at if what == "delivered" and visit.ended_at else visit.opened_at
