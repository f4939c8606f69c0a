"""Who holds a post from when until when: appointed, ended, or represented while away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db.models import Q, QuerySet

from tanggap.actions.arranging import BACK, Change, NotArranged, Now, moment_in
from tanggap.records.models import Holder, Post, User
from tanggap.records.models.people import ACTING, DEFINITIVE, VACANCY

LONGEST_LEAVE = timedelta(days=366)


def overlapping(rows: QuerySet[Holder], from_at: datetime, until_at: datetime | None) -> QuerySet[Holder]:
    """Holdings of which some moment lies in the span."""
    later = rows.filter(Q(until_at__isnull=True) | Q(until_at__gt=from_at))
    return later.filter(from_at__lt=until_at) if until_at is not None else later


def check_span(now: Now, from_at: datetime, until_at: datetime | None, *, field: str = "until") -> None:
    """Raise :class:`NotArranged` for a span in the past or the wrong way round."""
    if from_at < now.at - BACK:
        raise NotArranged("begins_in_past", "first")
    if until_at is not None and until_at <= max(from_at, now.at):
        raise NotArranged("ends_before_it_begins", field)


@dataclass(frozen=True, slots=True)
class Hold(Change):
    """Let a person hold a post. ``instead_of``: whom a Plh. stands in for, where several hold the post."""

    kind: ClassVar[str] = "hold"
    post: str
    person: int | None
    capacity: str
    from_at: datetime
    until_at: datetime | None = None
    instead_of: int | None = None

    def check(self, now: Now) -> None:
        """The capacity must fit: Plh. needs somebody to stand in for, Plt. a vacant post."""
        post, user = now.post(self.post), now.person(self.person)
        check_span(now, self.from_at, self.until_at, field="last")
        rows = Holder.objects.filter(post=post)
        if overlapping(rows.filter(user=user), self.from_at, self.until_at).exists():
            raise NotArranged("holds_it_already", "person", person=user.shown_name)
        own = overlapping(rows.exclude(kind=ACTING), self.from_at, self.until_at)
        if self.capacity == VACANCY and (held := own.filter(kind=DEFINITIVE).select_related("user").first()):
            raise NotArranged("not_vacant", "capacity", person=held.user.shown_name)
        if self.capacity == ACTING and not own.filter(from_at__lte=self.from_at).exists():
            raise NotArranged("vacant", "capacity")
        if self.capacity == ACTING and self.until_at is None:
            raise NotArranged("until_needed", "last")
        if self.instead_of is not None and not own.filter(user=self.instead_of).exists():
            raise NotArranged("person_unknown", "instead_of")

    def serves(self, now: Now) -> bool:
        """Nobody appoints themselves while somebody else could."""
        return self.person == now.by.pk

    def ends(self, now: Now) -> QuerySet[Holder]:
        """Whoever looks after the vacant post ends when somebody holds it in their own right."""
        rows = Holder.objects.filter(post__institution=now.institution, post__key=self.post, kind=VACANCY)
        if self.capacity != DEFINITIVE:
            return rows.none()
        return overlapping(rows, self.from_at, self.until_at).filter(from_at__lt=self.from_at)

    def apply(self, now: Now) -> tuple[dict[str, Any], str]:
        """One row more; the Plt. of the vacant post ends."""
        self.ends(now).update(until_at=self.from_at)
        user = now.person(self.person)
        Holder.objects.create(
            post=now.post(self.post), user=user, kind=self.capacity, from_at=self.from_at, until_at=self.until_at,
            instead_of_id=self.instead_of,
        )  # fmt: skip
        data = {
            "post": self.post, "person": user.person, "capacity": self.capacity, "from": moment_in(self.from_at),
            "until": moment_in(self.until_at), "instead_of": f"u{self.instead_of}" if self.instead_of else "",
        }  # fmt: skip
        return data, ""


@dataclass(frozen=True, slots=True)
class End(Change):
    """End a holding at a moment; one that has not begun is taken out."""

    kind: ClassVar[str] = "end"
    holding: int
    at: datetime

    def row(self, now: Now) -> Holder:
        """The holding. Raises :class:`NotArranged`."""
        rows = Holder.objects.filter(post__institution=now.institution, pk=self.holding)
        found = rows.select_related("post", "user").first()
        if found is None or (found.until_at is not None and found.until_at <= now.at):
            raise NotArranged("holding_unknown")
        return found

    def check(self, now: Now) -> None:
        """Not in the past, and not later than it ends anyway."""
        row = self.row(now)
        if self.at < now.at - BACK:
            raise NotArranged("begins_in_past", "last")
        if row.until_at is not None and self.at > row.until_at:
            raise NotArranged("ends_sooner_anyway", "last")

    def apply(self, now: Now) -> tuple[dict[str, Any], str]:
        """The row ends."""
        return ended(self.row(now), self.at), ""


def ended(row: Holder, at: datetime) -> dict[str, Any]:
    """End ``row`` at a moment; what is recorded of it."""
    data = {
        "post": row.post.key, "person": row.user.person, "capacity": row.kind, "from": moment_in(row.from_at),
        "was": moment_in(row.until_at), "until": moment_in(at),
    }  # fmt: skip
    if at <= row.from_at:
        row.delete()
    else:
        row.until_at = at
        row.save(update_fields=["until_at"])
    return data


# leave ----------------------------------------------------------------------------------------------------------------


def own_posts(now: Now, user: User, at: datetime) -> list[Post]:
    """Posts that ``user`` holds at a moment in their own right, or while they are vacant."""
    rows = now.held(at).filter(user=user).exclude(kind=ACTING).select_related("post")
    return [row.post for row in rows]


@dataclass(frozen=True, slots=True)
class Leave(Change):
    """An officer is away: somebody else holds the posts named as Plh. for that time. It takes effect by itself."""

    kind: ClassVar[str] = "leave"
    posts: tuple[str, ...]
    person: int | None
    from_at: datetime
    until_at: datetime

    def may(self, now: Now) -> bool:
        """Everybody for their own posts, and for nothing else."""
        return bool(own_posts(now, now.by, max(self.from_at, now.at)))

    def check(self, now: Now) -> None:
        """Another person who is there, for posts of one's own, for a stretch of time that has an end."""
        own = {post.key for post in own_posts(now, now.by, max(self.from_at, now.at))}
        if not self.posts:
            raise NotArranged("posts_needed", "posts")
        if not own.issuperset(self.posts):
            raise NotArranged("post_unknown", "posts")
        user = now.person(self.person)
        if user.pk == now.by.pk:
            raise NotArranged("stands_in_for_oneself", "person")
        check_span(now, self.from_at, self.until_at, field="last")
        if self.until_at > self.from_at + LONGEST_LEAVE:
            raise NotArranged("too_long", "last")
        self._check_free(now, user)

    def _check_free(self, now: Now, user: User) -> None:
        away = Holder.objects.filter(post__institution=now.institution, kind=ACTING)
        if overlapping(away.filter(instead_of=user), self.from_at, self.until_at).exists():
            raise NotArranged("away_too", "person", person=user.shown_name)
        mine = away.filter(instead_of=now.by, post__key__in=self.posts)
        if (there := overlapping(mine, self.from_at, self.until_at).select_related("user").first()) is not None:
            raise NotArranged("away_already", "first", person=there.user.shown_name)
        holds = Holder.objects.filter(post__institution=now.institution, post__key__in=self.posts, user=user)
        if overlapping(holds, self.from_at, self.until_at).exists():
            raise NotArranged("holds_it_already", "person", person=user.shown_name)

    def apply(self, now: Now) -> tuple[dict[str, Any], str]:
        """A Plh. for each post."""
        user, found = now.person(self.person), [now.post(key) for key in self.posts]
        for post in found:
            Holder.objects.create(
                post=post, user=user, kind=ACTING, from_at=self.from_at, until_at=self.until_at, instead_of=now.by
            )
        data = {
            "posts": sorted(self.posts), "person": user.person, "instead_of": now.by.person,
            "from": moment_in(self.from_at), "until": moment_in(self.until_at),
        }  # fmt: skip
        return data, ""


@dataclass(frozen=True, slots=True)
class EndLeave(Change):
    """Whoever was away is back, or does not go: by themselves, or by whoever stands above them."""

    kind: ClassVar[str] = "leave_end"
    holding: int

    def row(self, now: Now) -> Holder | None:
        """The Plh. that is or will be."""
        rows = Holder.objects.filter(post__institution=now.institution, pk=self.holding, kind=ACTING)
        later = rows.filter(Q(until_at__isnull=True) | Q(until_at__gt=now.at))
        return later.select_related("post", "user").first()

    def may(self, now: Now) -> bool:
        """The one who is represented, and whoever holds the post above."""
        row = self.row(now)
        if row is None:
            return False
        above = now.held().filter(user=now.by, post=row.post.superior_id) if row.post.superior_id else None
        return row.instead_of_id == now.by.pk or bool(above is not None and above.exists())

    def apply(self, now: Now) -> tuple[dict[str, Any], str]:
        """It ends now."""
        row = self.row(now)
        assert row is not None
        instead_of = f"u{row.instead_of_id}" if row.instead_of_id else ""
        return {**ended(row, now.at), "instead_of": instead_of}, ""
