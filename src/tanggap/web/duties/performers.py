"""Who performs a row, in words: instead of whom and why, who of several has acted, and whom it may be given to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tanggap.casework.offers import Offer
from tanggap.casework.performers import is_complained_of
from tanggap.casework.record import least_members
from tanggap.records import queries
from tanggap.records.queries import CasePage
from tanggap.sop.model import Joint, Party, Role
from tanggap.web import printed
from tanggap.web.sentences import passed_over
from tanggap.web.words import CaseWords


@dataclass(frozen=True, slots=True)
class PartLine:
    """One of several who must all act, and what they said; empty while they have not."""

    who: str
    said: str


def told(found: CasePage, words: CaseWords, offer: Offer) -> str:
    """The column and its posts; of posts that were passed over, which and why."""
    column = printed.performers(found.sop, offer.step)
    posts = words.posts([post for group in offer.visit.groups for post in group.posts])
    if offer.visit.instead:
        facts = {"column": column, "posts": posts, "passed": passed_over(offer.visit.instead, words)}
        return _("%(column)s: %(posts)s, menggantikan %(passed)s") % facts
    return ": ".join(filter(None, (column, posts)))


def parts(words: CaseWords, offer: Offer) -> tuple[PartLine, ...]:
    """Everybody who must act where all must, and who has: nothing where one act is enough."""
    visit = offer.visit
    if offer.step.how_joint is not Joint.ALL or len(visit.groups) < 2:
        return ()
    lines = []
    for group in visit.groups:
        part, said = visit.parts.get(group.id), ""
        if part is not None:
            said = f"{words.person(part.by)}, {words.stamp(part.at)}"
            if part.exit:
                said = f"{words.exit(visit.id, part.exit)} ({said})"
        lines.append(PartLine(words.posts(group.posts) or words.role(group.role), said))
    return tuple(lines)


def groups(words: CaseWords, offer: Offer) -> tuple[tuple[str, str], ...]:
    """The groups of a row of which one can be given to others; nothing where there is but one."""
    ours = [group for group in offer.visit.groups if not group.party]
    if len(ours) < 2:
        return ()
    return tuple((group.id, words.posts(group.posts) or words.role(group.role)) for group in ours)


def assignees(
    found: CasePage, offer: Offer, places: Sequence[queries.Choice], holders: Mapping[str, str]
) -> tuple[queries.Choice, ...]:
    """Posts (with whoever holds them) and units that the row may be given to: nobody it is about."""
    own = any(found.sop.role(name).party is Party.RESPONDENT for name in offer.step.who)
    able = places if own else [place for place in places if not _concerned(found, place.key)]
    return tuple(queries.Choice(place.key, _with_holders(found, place, holders), place.is_unit) for place in able)


def _concerned(found: CasePage, place: str) -> bool:
    organisation = found.shelf.organisation
    return any(is_complained_of(found.state, one, found.sop, organisation) for one in organisation.expand([place]))


def _with_holders(found: CasePage, place: queries.Choice, holders: Mapping[str, str]) -> str:
    post = found.shelf.organisation.posts.get(place.key)
    if post is None:
        return place.name
    names = ", ".join(sorted(holders.get(person, "") for person in post.holders))
    return f"{place.name}: {names}" if names else _("%(post)s (kosong)") % {"post": place.name}


def team_hint(found: CasePage, role: Role) -> str:
    """How many members a team must have, and whether their number must be odd."""
    if role.team is None:
        return ""
    hint = _("Pilih semua anggotanya, paling sedikit %(least)d.") % {"least": least_members(found.state, role.team)}
    return f"{hint} {_('Jumlahnya harus ganjil.')}" if role.team.odd else hint


def bindable(found: CasePage) -> list[Role]:
    """Columns that are named case by case, other than that of the party complained of."""
    return [role for role in found.sop.roles if role.party is None and (role.per_case or role.team is not None)]
