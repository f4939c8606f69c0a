"""Who must act in a row, who stands in for whom and why, and whether this actor may (docs/engine.md, 3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from tanggap.casework.events import COMPLAINANT, Group
from tanggap.casework.refusals import Refused
from tanggap.casework.shelf import Actor, Organisation, Power, Shelf
from tanggap.casework.state import Case, Visit
from tanggap.sop.model import Joint, Party, Role, Sop, Step, Wait

RESPONDENT = "terlapor"
"""The role by which a case names whom it is about, in SOPs that have no column for them."""

Instead = tuple[tuple[str, str], ...]


def respondents(case: Case, sop: Sop) -> tuple[str, ...]:
    """Posts and units that are complained of in this case, as bound."""
    if not case.bound:
        return ()
    roles = [role.id for role in sop.roles if role.party is Party.RESPONDENT]
    return tuple(name for role in (*roles, RESPONDENT) for name in case.bound.get(role, ()))


def groups_of(case: Case, step: Step, sop: Sop, shelf: Shelf) -> tuple[tuple[Group, ...], Instead]:
    """The groups that must act in ``step`` now, and the posts passed over with the reason."""
    groups: list[Group] = []
    instead: list[tuple[str, str]] = []
    for name in step.who:
        role = sop.role(name)
        if role.party in (Party.COMPLAINANT, Party.OUTSIDE):
            groups.extend(_outsiders(case, role, step))
            continue
        posts, passed = _posts(case, role, step, sop, shelf)
        instead.extend(passed)
        groups.extend(_staff(role, step, posts))
    return tuple(groups) or (Group("", ""),), tuple(instead)


def _outsiders(case: Case, role: Role, step: Step) -> list[Group]:
    party = str(role.party)
    several = len(case.parties) if role.party is Party.COMPLAINANT and step.how_joint is Joint.ALL else 1
    if several <= 1:
        return [Group(role.id, role.id, party)]
    return [Group(f"{role.id}:{number}", role.id, party) for number in range(1, several + 1)]


def _staff(role: Role, step: Step, posts: tuple[str, ...]) -> list[Group]:
    if step.how_joint is Joint.CHAIR:
        return [Group(role.id, role.id, "", posts[:1])]
    if step.how_joint is Joint.ALL and role.team is not None and posts:
        return [Group(f"{role.id}:{post}", role.id, "", (post,)) for post in posts]
    return [Group(role.id, role.id, "", posts)]


def _posts(case: Case, role: Role, step: Step, sop: Sop, shelf: Shelf) -> tuple[tuple[str, ...], Instead]:
    organisation = shelf.organisation
    named = case.bound.get(role.id) or organisation.columns.get((sop.id, role.id), ())
    posts = organisation.expand(named)
    if role.party is Party.RESPONDENT:
        return posts, ()
    complained_of = respondents(case, sop)
    barred = barred_persons(case, step)

    return _stand_in(posts, organisation, lambda post: why_not(post, organisation, complained_of, barred))


def why_not(
    post: str, organisation: Organisation, complained_of: tuple[str, ...], barred: frozenset[str] = frozenset()
) -> str:
    """Why ``post`` is passed over: vacant, respondent, independent; empty when it is not."""
    found = organisation.posts.get(post)
    if found is None or not found.holders:
        return "vacant"
    if _concerns(post, organisation, complained_of):
        return "respondent"
    if barred and found.holders <= barred:
        return "independent"
    return ""


def _concerns(post: str, organisation: Organisation, complained_of: tuple[str, ...]) -> bool:
    if not complained_of:
        return False
    found = organisation.posts.get(post)
    if found is None:
        return False
    if post in complained_of or found.unit in complained_of:
        return True
    return bool(found.holders) and found.holders <= organisation.behind(complained_of)


def _stand_in(
    posts: Iterable[str], organisation: Organisation, unfit: Callable[[str], str]
) -> tuple[tuple[str, ...], Instead]:
    """``posts`` without those who may not act; when none is left, the first who may on the rungs above each."""
    reasons = {post: unfit(post) for post in posts}
    instead = {post: why for post, why in reasons.items() if why}
    able = dict.fromkeys(post for post, why in reasons.items() if not why)
    if not able:
        for post in reasons:
            able.update(dict.fromkeys(_next_rung(post, organisation, unfit, instead)))
    return tuple(able), tuple(instead.items())


def _next_rung(
    post: str, organisation: Organisation, unfit: Callable[[str], str], instead: dict[str, str]
) -> tuple[str, ...]:
    seen = {post}
    while True:
        found = organisation.posts.get(post)
        above = (found.superior if found else "") or organisation.fallback
        if above in seen:
            above = organisation.fallback
        if not above or above in seen:
            return ()
        seen.add(above)
        why = unfit(above)
        if not why:
            return (above,)
        instead[above] = why
        post = above


def barred_persons(case: Case, step: Step) -> frozenset[str]:
    """Persons who did a row that ``step`` must be independent of, here or in a linked case."""
    found: set[str] = set()
    for row in step.independent_of:
        if row.startswith("linked:"):
            _, relation, linked_row = row.split(":", 2)
            for link in case.links:
                if link.relation == relation:
                    found.update(link.performers.get(linked_row, ()))
        else:
            found.update(case.doers(row, earlier=row == step.id))
    return frozenset(found)


def available(case: Case, group: Group, step: Step, sop: Sop, shelf: Shelf) -> frozenset[str]:
    """Persons who can act for ``group`` now."""
    persons = shelf.organisation.holders(group.posts) - barred_persons(case, step)
    if _is_respondents_own(group, sop):
        return persons
    return persons - complained_of_persons(case, sop, shelf)


def _is_respondents_own(group: Group, sop: Sop) -> bool:
    return any(role.id == group.role and role.party is Party.RESPONDENT for role in sop.roles)


def complained_of_persons(case: Case, sop: Sop, shelf: Shelf) -> frozenset[str]:
    """Persons who hold a post that is complained of, and whoever stands in for one of them, whatever the post."""
    named = respondents(case, sop)
    return shelf.organisation.behind(named) if named else frozenset()


def is_complained_of(case: Case, post: str, sop: Sop, organisation: Organisation) -> bool:
    """True for a post that is complained of: itself, by its unit, or because nobody holds it but those who are."""
    return _concerns(post, organisation, respondents(case, sop))


def as_party(case: Case, shelf: Shelf, actor: Actor) -> Actor:
    """``actor`` as this case knows them: whoever is complained of has the party's own rows in it, and no power."""
    if not case.bound or actor.person not in complained_of_persons(case, shelf.sops[case.sop], shelf):
        return actor
    own = frozenset(role.id for role in shelf.sops[case.sop].roles if role.party is Party.RESPONDENT)
    return replace(actor, powers=frozenset(), only=own)


def how_to_act(case: Case, visit: Visit, group: Group, step: Step, sop: Sop, shelf: Shelf, actor: Actor) -> str:
    """How ``actor`` may act for ``group``: acted, confirmed, on_behalf. Raises :class:`Refused`."""
    if group.party:
        if group.party == COMPLAINANT and actor.may(Power.COMPLAINANT):
            return "confirmed"
        if actor.may(Power.DESK, Power.COORDINATOR):
            return "on_behalf"
        raise Refused("not_your_step", visit=visit.id)
    if actor.posts.isdisjoint(group.posts) and (
        not actor.may(Power.COORDINATOR) or available(case, group, step, sop, shelf)
    ):
        raise Refused("not_your_step", visit=visit.id)
    if actor.person in barred_persons(case, step):
        raise Refused("not_independent", visit=visit.id)
    if not _is_respondents_own(group, sop) and actor.person in complained_of_persons(case, sop, shelf):
        raise Refused("respondent_may_not_act", visit=visit.id)
    return "acted"


def has_it_now(case: Case, shelf: Shelf, actor: Actor) -> bool:
    """True when the actor performs an open visit, or holds an open disposition: whoever had it once has no say."""
    if any(is_performer(visit, actor) for visit in case.open_visits()):
        return True
    open_now = (one for one in case.dispositions.values() if one.state == "open")
    return actor.only is None and any(not actor.posts.isdisjoint(shelf.organisation.expand(one.to)) for one in open_now)


def may_write_out(case: Case, shelf: Shelf, actor: Actor) -> bool:
    """True when the actor may write to the complainant in this case: who has it now, the desk, a coordinator.

    Whoever is complained of writes to the complainant only where a row of theirs answers.
    """
    if case.internal:  # nobody complained
        return False
    if case.bound and actor.person in complained_of_persons(case, shelf.sops[case.sop], shelf):
        flow = shelf.flow(case.sop, case.procedure)
        own = [flow.steps[visit.row] for visit in case.open_visits() if is_performer(visit, actor)]
        return any(step.record == "answer" or any(exit.answers for exit in flow.exits(step.id)) for step in own)
    return actor.may(Power.DESK, Power.COORDINATOR) or has_it_now(case, shelf, actor)


def may_ask(case: Case, shelf: Shelf, actor: Actor, step: Step, reason: Wait) -> bool:
    """False where somebody complained of would ask the complainant for something, unless the row names that wait."""
    if reason.waits_for != COMPLAINANT or (step.waits is not None and reason.id in step.waits):
        return True
    return may_write_out(case, shelf, actor)


def is_performer(visit: Visit, actor: Actor) -> bool:
    """True when the actor stands in one of the groups of ``visit`` that are open to them."""
    return any(
        not actor.posts.isdisjoint(group.posts) and (actor.only is None or group.role in actor.only)
        for group in visit.groups
    )
