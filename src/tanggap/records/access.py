"""Who may see what: one scope per model, which every query starts from. What is not visible does not exist (404)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from tanggap.casework.shelf import Actor, Power
from tanggap.records.models import Case, CaseParty, Duty, Holder, Institution, Membership, User
from tanggap.records.projection import PERFORMER, RESPONDENT


@dataclass(frozen=True, slots=True)
class Part:
    """What a person is in one institution: the posts held, and what the membership allows."""

    institution: str
    posts: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
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
    """What ``user`` is at ``at``, in every institution. Two queries. Nobody who may not sign in has any part."""
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
    held = Holder.objects.filter(Q(until_at__isnull=True) | Q(until_at__gt=at), user=user, from_at__lte=at)
    posts: dict[int, set[str]] = {}
    units: dict[int, set[str]] = {}
    for holder in held.select_related("post__unit", "post__institution"):
        place = holder.post.institution_id
        facts.setdefault(place, {"institution": holder.post.institution.key})
        posts.setdefault(place, set()).add(holder.post.key)
        if holder.post.unit is not None:
            units.setdefault(place, set()).add(holder.post.unit.key)
    return Reader(
        user,
        at,
        {
            place: Part(posts=frozenset(posts.get(place, ())), units=frozenset(units.get(place, ())), **known)  # type: ignore[arg-type]
            for place, known in facts.items()
        },
    )


def installation(*, at: datetime) -> Reader:
    """Whoever runs the installation, at its own command line: reads every case of every institution, holds no post."""
    places = Institution.objects.values_list("pk", "key")
    return Reader(User(username="tanggap"), at, {place: Part(key, auditor=True) for place, key in places})


def visible_cases(who: Reader) -> QuerySet[Case]:
    """The cases this person may see.

    Desk, coordinator and auditor: those of their institution; officers: those their posts perform or performed in;
    confidential procedures: coordinator, auditor and performers alone. Whoever holds a post that is complained of (or
    in a unit that is): only while a duty in it is theirs. Administrators of the organisation: none.
    """
    allowed = Q(pk__in=())
    for place, part in who.parts.items():
        allowed |= Q(institution=place) & _allowed(part)
    return Case.objects.filter(allowed)


def _allowed(part: Part) -> Q:
    names = sorted(part.names)
    here = CaseParty.objects.filter(case=OuterRef("pk"), name__in=names)
    performs = Q(Exists(here.filter(part=PERFORMER)))
    complained_of = Q(Exists(here.filter(part=RESPONDENT)))
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
    """True when this person is complained of in ``case``: then nothing but the redacted complaint is shown."""
    names = who.part(case.institution_id).names
    return CaseParty.objects.filter(case=case, part=RESPONDENT, name__in=sorted(names)).exists()
