"""Who may see what: one scope per model, which every query starts from. What is not visible does not exist (404)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from tanggap.casework.shelf import Actor, Power
from tanggap.records.models import Case, CaseParty, Duty, Holder, Institution, Membership, User
from tanggap.records.models.people import ACTING
from tanggap.records.projection import PERFORMER, RESPONDENT


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
    facts: dict[int, dict[str, object]] = {}
    for membership in Membership.objects.filter(user=user).select_related("institution"):
        facts[membership.institution_id] = {
            "institution": membership.institution.key,
            **{name: getattr(membership, name) for name in ("desk", "coordinator", "officer", "auditor", "admin")},
        }
    if user.is_superuser:  # whoever set the installation up arranges every institution, and reads no case by it
        for place, key in Institution.objects.values_list("pk", "key"):
            facts.setdefault(place, {"institution": key})["admin"] = True
    posts: dict[int, set[str]] = {}
    units: dict[int, set[str]] = {}
    absent: set[int] = set()
    for holder in _held((user.pk,), at):
        place = holder.post.institution_id
        facts.setdefault(place, {"institution": holder.post.institution.key})
        posts.setdefault(place, set()).add(holder.post.key)
        if holder.post.unit is not None:
            units.setdefault(place, set()).add(holder.post.unit.key)
        if holder.kind == ACTING:
            absent |= _represented(holder, at)
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


def _held(users: Iterable[int], at: datetime) -> QuerySet[Holder]:
    in_force = Holder.objects.filter(Q(until_at__isnull=True) | Q(until_at__gt=at), from_at__lte=at, user__in=users)
    return in_force.select_related("post__unit", "post__institution")


def _represented(holder: Holder, at: datetime) -> set[int]:
    """Users whom a Plh. stands in for: the one named, else everybody who holds the post in their own right."""
    if holder.instead_of_id is not None:
        return {holder.instead_of_id}
    own = Holder.objects.filter(Q(until_at__isnull=True) | Q(until_at__gt=at), post=holder.post_id, from_at__lte=at)
    return set(own.exclude(kind=ACTING).values_list("user", flat=True))


def _names_of(users: set[int], at: datetime) -> dict[int, set[str]]:
    """Posts and units of ``users`` by institution, and of those whom they stand in for in their turn."""
    found: dict[int, set[str]] = {}
    seen: set[int] = set()
    while users:
        seen |= users
        above: set[int] = set()
        for holder in _held(users, at):
            names = found.setdefault(holder.post.institution_id, set())
            names.add(holder.post.key)
            if holder.post.unit is not None:
                names.add(holder.post.unit.key)
            if holder.kind == ACTING:
                above |= _represented(holder, at)
        users = above - seen
    return found


def installation(*, at: datetime) -> Reader:
    """Whoever runs the installation, at its own command line: reads every case of every institution, holds no post."""
    places = Institution.objects.values_list("pk", "key")
    return Reader(User(username="tanggap"), at, {place: Part(key, auditor=True) for place, key in places})


def visible_cases(who: Reader) -> QuerySet[Case]:
    """The cases this person may see.

    Desk, coordinator and auditor: those of their institution; officers: those their posts perform or performed in;
    confidential procedures: coordinator, auditor and performers alone. Whoever holds a post that is complained of (or
    in a unit that is), or stands in for one who does: only while a duty in it is theirs. Administrators of the
    organisation: none.
    """
    allowed = Q(pk__in=())
    for place, part in who.parts.items():
        allowed |= Q(institution=place) & _allowed(part)
    return Case.objects.filter(allowed)


def _allowed(part: Part) -> Q:
    names = sorted(part.names)
    parties = CaseParty.objects.filter(case=OuterRef("pk"))
    performs = Q(Exists(parties.filter(part=PERFORMER, name__in=names)))
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
