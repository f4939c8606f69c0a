"""Who may see what: one scope per model, which every query starts from. What is not visible does not exist (404)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import cast
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from tanggap.casework.shelf import Actor, Power
from tanggap.records.models import Case, CaseParty, Duty, Holder, Institution, Membership, User
from tanggap.records.models.people import ACTING
from tanggap.records.prepared import Prepared
from tanggap.records.projection import PERFORMER, RESPONDENT, RUNG


@dataclass(frozen=True, slots=True)
class Part:
    """What a person is in one institution: the posts held, and what the membership allows.

    ``represents``: posts and units of those the person stands in for now (Plh.): a complaint about one of them is kept
    from the person as it is from them.
    """

    institution: str
    posts: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    represents: frozenset[str] = frozenset()
    desk: bool = False
    coordinator: bool = False
    officer: bool = False
    auditor: bool = False
    admin: bool = False

    @property
    def names(self) -> frozenset[str]:
        """Every name under which a duty may reach this person: posts, and the units of these posts."""
        return self.posts | self.units

    @property
    def concerned(self) -> frozenset[str]:
        """Names under which a complaint is about this person, or about somebody they stand in for."""
        return self.names | self.represents

    @property
    def reads_all(self) -> bool:
        """Desk, coordinator and auditor read every case that does not concern themselves."""
        return self.desk or self.coordinator or self.auditor

    @property
    def reads_reports(self) -> bool:
        """Coordinator and auditor: they read the confidential procedures too, so their figures are whole."""
        return self.coordinator or self.auditor


@dataclass(frozen=True, slots=True)
class Reader:
    """A person at a moment: parts by the id of the institution. Made once per request."""

    user: User
    at: datetime
    parts: Mapping[int, Part]

    def part(self, institution_id: int) -> Part:
        """What this person is in an institution; nothing at all in most of them."""
        return self.parts.get(institution_id, Part(""))

    def actor(self, institution_id: int) -> Actor:
        """This person as someone who acts. An auditor changes nothing, but for the rows of own posts."""
        part = self.part(institution_id)
        powers = {
            power
            for power, has in (
                (Power.DESK, part.desk),
                (Power.COORDINATOR, part.coordinator),
                (Power.OFFICER, (part.officer or bool(part.posts)) and not part.auditor),
            )
            if has
        }
        return Actor(self.user.person, part.posts, frozenset(powers))


def reader(user: User, *, at: datetime) -> Reader:
    """What ``user`` is at ``at``, in every institution. Nobody who may not sign in has any part.

    Two queries; for a Plh. a few more, as many as there are people who stand in for each other in turn.
    """
    if not user.is_active:
        return Reader(user, at, {})
    facts: dict[int, dict[str, object]] = {
        place: dict(zip(("institution", *_MAY), told, strict=True)) for place, *told in _memberships(user=user.pk)
    }
    if user.is_superuser:  # whoever set the installation up arranges every institution, and reads no case by it
        for place, key in Institution.objects.values_list("pk", "key"):
            facts.setdefault(place, {"institution": key})["admin"] = True
    posts: dict[int, set[str]] = {}
    units: dict[int, set[str]] = {}
    absent: set[int] = set()
    for place, institution, post, unit, kind, post_id, instead_of in _own_posts(user=user.pk, at=at):
        facts.setdefault(place, {"institution": institution})
        posts.setdefault(place, set()).add(post)
        if unit is not None:
            units.setdefault(place, set()).add(unit)
        if kind == ACTING:
            absent |= _represented(post_id, instead_of, at)
    represents = _names_of(absent - {user.pk}, at) if absent else {}
    return Reader(
        user,
        at,
        {
            place: Part(
                posts=frozenset(posts.get(place, ())),
                units=frozenset(units.get(place, ())),
                represents=frozenset(represents.get(place, ())),
                **known,  # type: ignore[arg-type]
            )
            for place, known in facts.items()
        },
    )


_MAY = ("desk", "coordinator", "officer", "auditor", "admin")
_memberships = Prepared(
    lambda user: Membership.objects.filter(user=user).values_list("institution", "institution__key", *_MAY),
    user=Membership._meta.get_field("user"),
)
_own_posts = Prepared(
    lambda user, at: _in_force(at).filter(user=user).values_list(
        "post__institution", "post__institution__key", "post__key", "post__unit__key", "kind", "post", "instead_of",
    ),
    user=Holder._meta.get_field("user"), at=Holder._meta.get_field("from_at"),
)  # fmt: skip


def _in_force(at: datetime) -> QuerySet[Holder]:
    return Holder.objects.filter(Q(until_at__isnull=True) | Q(until_at__gt=at), from_at__lte=at)


def _represented(post: int, instead_of: int | None, at: datetime) -> set[int]:
    """Users whom a Plh. stands in for: the one named, else everybody who holds the post in their own right."""
    if instead_of is not None:
        return {instead_of}
    return set(_in_force(at).filter(post=post).exclude(kind=ACTING).values_list("user", flat=True))


def _names_of(users: set[int], at: datetime) -> dict[int, set[str]]:
    """Posts and units of ``users`` by institution, and of those whom they stand in for in their turn."""
    found: dict[int, set[str]] = {}
    seen: set[int] = set()
    while users:
        seen |= users
        above: set[int] = set()
        for holder in _in_force(at).filter(user__in=users).select_related("post__unit"):
            names = found.setdefault(holder.post.institution_id, set())
            names.add(holder.post.key)
            if holder.post.unit is not None:
                names.add(holder.post.unit.key)
            if holder.kind == ACTING:
                above |= _represented(holder.post_id, holder.instead_of_id, at)
        users = above - seen
    return found


def installation(*, at: datetime) -> Reader:
    """Whoever runs the installation, at its own command line: reads every case of every institution, holds no post."""
    places = Institution.objects.values_list("pk", "key")
    return Reader(User(username="tanggap"), at, {place: Part(key, auditor=True) for place, key in places})


def visible_cases(who: Reader) -> QuerySet[Case]:
    """The cases this person may see.

    Desk, coordinator and auditor: those of their institution; officers: those their posts perform or performed in, or
    were rung about; confidential procedures: coordinator, auditor and these. Whoever holds a post that is complained
    of (or in a unit that is), or stands in for one who does: only while a duty in it is theirs. Administrators of the
    organisation: none.
    """
    allowed = Q(pk__in=())
    for place, part in who.parts.items():
        allowed |= Q(institution=place) & _allowed(part)
    return Case.objects.filter(allowed)


def sees(who: Reader, case: UUID) -> bool:
    """True when ``case`` is one of :func:`visible_cases`. One query, composed once for all who are the same parts."""
    return bool(_seeing(tuple(sorted(who.parts.items())))(case=case))


@lru_cache(maxsize=1_024)
def _seeing(parts: tuple[tuple[int, Part], ...]) -> Prepared:
    # nothing but the parts: whoever looks at the person or the moment as well must compose anew for each
    alike = Reader(cast(User, None), cast(datetime, None), dict(parts))
    return Prepared(lambda case: visible_cases(alike).filter(pk=case).order_by().values_list("seq"), case=Case._meta.pk)


def _allowed(part: Part) -> Q:
    names = sorted(part.names)
    parties = CaseParty.objects.filter(case=OuterRef("pk"))
    performs = Q(Exists(parties.filter(part__in=(PERFORMER, RUNG), name__in=names)))
    complained_of = Q(Exists(parties.filter(part=RESPONDENT, name__in=sorted(part.concerned))))
    has_duty = Q(Exists(Duty.objects.filter(case=OuterRef("pk"), posts__name__in=names)))
    reads = performs
    if part.coordinator or part.auditor:
        reads = Q(pk__isnull=False)
    elif part.desk:
        reads = performs | Q(confidential=False)
    return (reads & ~complained_of) | has_duty


def visible_duties(who: Reader) -> QuerySet[Duty]:
    """The duties of this person: those that one of the posts held may do."""
    mine = Q(pk__in=())
    for place, part in who.parts.items():
        mine |= Q(case__institution=place, posts__name__in=sorted(part.names))
    return Duty.objects.filter(mine).distinct()


def is_respondent(who: Reader, case: Case) -> bool:
    """True when this person, or whom they stand in for, is complained of: only the redacted complaint is shown."""
    names = who.part(case.institution_id).concerned
    return CaseParty.objects.filter(case=case, part=RESPONDENT, name__in=sorted(names)).exists()
