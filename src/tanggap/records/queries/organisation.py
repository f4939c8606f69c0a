"""An organisation as its administrators look at it: posts and who holds them, accounts, columns, what was changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from tanggap.records.access import Reader
from tanggap.records.models import (
    CaseParty,
    Column,
    Duty,
    Holder,
    Institution,
    JoinLink,
    Membership,
    OrganisationAct,
    Post,
    Unit,
    User,
)
from tanggap.records.models.people import ACTING, DEFINITIVE
from tanggap.records.projection import RESPONDENT
from tanggap.records.queries.institutions import people
from tanggap.records.shelves import compiled
from tanggap.sop.model import Party

POWERS = ("desk", "coordinator", "officer", "auditor", "admin")


@dataclass(frozen=True, slots=True)
class HoldingLine:
    """Who holds, held or will hold a post. ``instead_of``: the name of whom a Plh. stands in for."""

    id: int
    post: str
    post_name: str
    user: int
    name: str
    capacity: str
    from_at: datetime
    until_at: datetime | None
    instead_of: str = ""
    active: bool = True
    stands_in_for: int | None = None
    institution: str = ""

    @property
    def stands_in(self) -> bool:
        """True for a Plh."""
        return self.capacity == ACTING

    @property
    def in_own_right(self) -> bool:
        """True for a definitive holder."""
        return self.capacity == DEFINITIVE

    def now(self, at: datetime) -> bool:
        """True when it is in force."""
        return self.from_at <= at and (self.until_at is None or at < self.until_at)

    def past(self, at: datetime) -> bool:
        """True when it has ended."""
        return self.until_at is not None and self.until_at <= at


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post with those who hold it now or will. ``columns``: how many columns of SOPs it fills."""

    key: str
    name: str
    unit: str
    unit_name: str
    superior: str
    superior_name: str
    is_fallback: bool
    holders: tuple[HoldingLine, ...]
    coming: tuple[HoldingLine, ...]
    columns: int = 0
    open_duties: int = 0

    @property
    def vacant(self) -> bool:
        """True when nobody holds it who may sign in."""
        return not any(one.active for one in self.holders)


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit, and where it belongs."""

    key: str
    name: str
    parent: str
    may_be_complained_of: bool


@dataclass(frozen=True, slots=True)
class PersonLine:
    """An account of the institution. ``fresh``: it has no password yet."""

    id: int
    username: str
    name: str
    full_name: str
    nip: str
    email: str
    active: bool
    fresh: bool
    last_login: datetime | None
    elsewhere: bool
    powers: tuple[str, ...]
    posts: tuple[HoldingLine, ...] = ()


@dataclass(frozen=True, slots=True)
class ActLine:
    """One change on record; ``data`` as :mod:`tanggap.actions` wrote it."""

    id: int
    kind: str
    data: Mapping[str, Any]
    made_at: datetime
    by: str
    why: str
    alone: bool


def units(institution_id: int) -> list[UnitLine]:
    """The units, in their order. One query."""
    rows = Unit.objects.filter(institution=institution_id).select_related("parent")
    return [UnitLine(u.key, u.name, u.parent.key if u.parent else "", u.may_be_complained_of) for u in rows]


def posts(institution_id: int, *, who: Reader) -> list[PostLine]:
    """Every post with its holders; open duties are counted where a post stands vacant. Five queries."""
    held: dict[str, list[HoldingLine]] = {}
    for one in _lines(_rows(institution_id).filter(Q(until_at__isnull=True) | Q(until_at__gt=who.at))):
        held.setdefault(one.post, []).append(one)
    filled = list(Column.objects.filter(institution=institution_id).values_list("post__key", flat=True))
    lines = [
        _post_line(row, held.get(row.key, ()), who.at, filled.count(row.key))
        for row in Post.objects.filter(institution=institution_id).select_related("unit", "superior")
    ]
    waiting = _open_duties(institution_id, [line.key for line in lines if line.vacant], who)
    return [_with_duties(line, waiting.get(line.key, 0)) for line in lines]


def post(institution_id: int, key: str, *, who: Reader) -> tuple[PostLine, list[HoldingLine]] | None:
    """One post, and those who held it before, the latest first; ``None`` when there is none. Five queries."""
    row = Post.objects.filter(institution=institution_id, key=key).select_related("unit", "superior").first()
    if row is None:
        return None
    every = list(_lines(_rows(institution_id).filter(post=row)))
    filled = Column.objects.filter(post=row).count()
    line = _post_line(row, [one for one in every if not one.past(who.at)], who.at, filled)
    waiting = _open_duties(institution_id, [key], who)
    past = sorted((one for one in every if one.past(who.at)), key=lambda one: one.from_at, reverse=True)
    return _with_duties(line, waiting.get(key, 0)), past


def _rows(institution_id: int) -> QuerySet[Holder]:
    rows = Holder.objects.filter(post__institution=institution_id)
    return rows.select_related("user", "post__institution", "instead_of").order_by("from_at", "pk")


def _lines(rows: Iterable[Holder]) -> Iterator[HoldingLine]:
    for row in rows:
        instead_of = row.instead_of.shown_name if row.instead_of is not None else ""
        yield HoldingLine(
            row.pk, row.post.key, row.post.name, row.user_id, row.user.shown_name, row.kind, row.from_at, row.until_at,
            instead_of, row.user.is_active, row.instead_of_id, row.post.institution.key,
        )  # fmt: skip


def _post_line(row: Post, held: Sequence[HoldingLine], at: datetime, columns: int) -> PostLine:
    unit, superior = row.unit, row.superior
    return PostLine(
        row.key, row.name, unit.key if unit else "", unit.name if unit else "", superior.key if superior else "",
        superior.name if superior else "", row.is_fallback, tuple(one for one in held if one.now(at)),
        tuple(one for one in held if not one.now(at)), columns,
    )  # fmt: skip


def _with_duties(line: PostLine, open_duties: int) -> PostLine:
    return PostLine(
        line.key, line.name, line.unit, line.unit_name, line.superior, line.superior_name, line.is_fallback,
        line.holders, line.coming, line.columns, open_duties,
    )  # fmt: skip


def _open_duties(institution_id: int, keys: Sequence[str], who: Reader) -> dict[str, int]:
    """How many duties are open with each of the posts, without what is about the reader (S3). One query."""
    if not keys:
        return {}
    about_me = CaseParty.objects.filter(part=RESPONDENT, name__in=sorted(who.part(institution_id).concerned))
    duties = Duty.objects.filter(case__institution=institution_id, posts__name__in=keys)
    names = duties.exclude(case__in=about_me.values("case")).values_list("posts__name", "pk").distinct()
    found: dict[str, int] = {}
    for name, _pk in names:
        found[name] = found.get(name, 0) + 1
    return found


# people ---------------------------------------------------------------------------------------------------------------


def staff(institution_id: int, *, at: datetime, only: int | None = None) -> list[PersonLine]:
    """Everybody with a part in the institution, by name, with what they hold now or will. Five queries."""
    members = {row.user_id: row for row in Membership.objects.filter(institution=institution_id)}
    held: dict[int, list[HoldingLine]] = {}
    for one in _lines(_rows(institution_id)):
        held.setdefault(one.user, []).append(one)
    wanted = {*members, *held} if only is None else {*members, *held} & {only}
    rows = User.objects.filter(pk__in=wanted).order_by("full_name", "username")
    elsewhere = Membership.objects.exclude(institution=institution_id).filter(user__in=wanted)
    holds = Holder.objects.exclude(post__institution=institution_id).filter(user__in=wanted)
    away = {*elsewhere.values_list("user", flat=True), *holds.values_list("user", flat=True)}
    return [
        PersonLine(
            user.pk, user.username, user.shown_name, user.full_name, user.nip, user.email, user.is_active,
            not user.has_usable_password(), None if user.pk in away else user.last_login, user.pk in away,
            tuple(name for name in POWERS if user.pk in members and getattr(members[user.pk], name)),
            tuple(one for one in held.get(user.pk, ()) if not one.past(at)),
        )
        for user in rows
    ]  # fmt: skip


def open_join_links(institution_id: int, *, at: datetime) -> int:
    """How many links to join the institution nobody has used yet. One query."""
    return JoinLink.objects.filter(institution=institution_id, used_at__isnull=True, expires_at__gt=at).count()


def columns(institution_id: int) -> dict[tuple[str, str], list[str]]:
    """Posts that fill each column, by document and role, in their order. One query."""
    found: dict[tuple[str, str], list[str]] = {}
    rows = Column.objects.filter(institution=institution_id).values_list("sop_id", "role", "post__key")
    for sop, role, key in rows:
        found.setdefault((sop, role), []).append(key)
    return found


def staffed_columns(institution_id: int) -> dict[str, dict[str, str]]:
    """Labels of the columns that people of the organisation fill, by document and role: of every approved version."""
    institution = Institution.objects.get(pk=institution_id)
    approved = institution.sop_versions.filter(approved_at__isnull=False).order_by("approved_at", "pk")
    sops = compiled(institution).sops
    found: dict[str, dict[str, str]] = {}
    for sop_id, digest in approved.values_list("sop_id", "hash"):
        roles = found.setdefault(sop_id, {})
        for role in sops[digest].roles:
            if role.party not in (Party.COMPLAINANT, Party.OUTSIDE):
                roles[role.id] = role.label or role.id
    return found


def post_names(institution_id: int) -> dict[str, str]:
    """Names of the posts by key, in their order. One query."""
    return dict(Post.objects.filter(institution=institution_id).values_list("key", "name"))


# history --------------------------------------------------------------------------------------------------------------


def organisation_acts(institution_id: int, *, limit: int, before: int | None = None) -> list[ActLine]:
    """The latest changes, newest first; ``before``: only older ones. Two queries."""
    rows = OrganisationAct.objects.filter(institution=institution_id).order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[:limit])
    names = people(row.made_by for row in found)
    return [
        ActLine(row.pk, row.kind, row.data, row.made_at, names.get(row.made_by, ""), row.why, row.alone)
        for row in found
    ]


def alone_lately(institution_ids: Iterable[int], *, at: datetime) -> int:
    """How many changes in the last thirty days served whoever made them, with nobody to look over it. One query."""
    since = at - timedelta(days=30)
    return OrganisationAct.objects.filter(institution__in=list(institution_ids), alone=True, made_at__gt=since).count()


# leave ----------------------------------------------------------------------------------------------------------------

SOON = timedelta(days=14)


def absences(who: Reader) -> list[HoldingLine]:
    """Who is away now or soon and is stood in for, as far as the reader has to do with it. One query.

    One's own leave, where one stands in, and the posts right below those one holds.
    """
    rows = Holder.objects.filter(kind=ACTING, until_at__gt=who.at, from_at__lt=who.at + SOON)
    mine = Q(user=who.user) | Q(instead_of=who.user)
    for place, part in who.parts.items():
        if part.posts:
            mine |= Q(post__institution=place, post__superior__key__in=sorted(part.posts))
    return list(
        _lines(rows.filter(mine).select_related("user", "post__institution", "instead_of").order_by("from_at", "pk"))
    )
