"""What a change of the organisation does to open duties and their due moments, told before it is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet

from tanggap.actions.arranging import Change, Now, check
from tanggap.actions.holdings import End, Hold
from tanggap.actions.recounting import Moved, count_units, told
from tanggap.actions.staff import SwitchOff
from tanggap.actions.structure import ChangeColumn
from tanggap.records.access import Reader
from tanggap.records.models import CaseParty, Duty, Holder, Institution, Post, Unit
from tanggap.records.models.people import DEFINITIVE, VACANCY
from tanggap.records.projection import RESPONDENT


@dataclass(frozen=True, slots=True)
class Held:
    """One holding, as it is or as it would be."""

    pk: int
    post: str
    user: int
    name: str
    capacity: str
    from_at: datetime
    until_at: datetime | None

    def at(self, moment: datetime) -> bool:
        """True when it is in force at ``moment``."""
        return self.from_at <= moment and (self.until_at is None or moment < self.until_at)


@dataclass(frozen=True, slots=True)
class Touched:
    """One post that a change touches from a moment on. ``open``: duties that are open with it; ``nobody``: those that

    would have nobody who can do them. ``vacant_from``: when it stands vacant later on, though not at once.
    """

    post: str
    moment: datetime
    open: int
    nobody: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    vacant_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Foretold:
    """What a change would do. ``stay``: open duties that keep the post they have; ``climb``: posts of a column that

    stand vacant, so that new work of it goes to whoever is above them. ``moves``: due moments counted by the office
    hours of another unit, of ``cases`` open ones (``None``: no post changes its unit). ``revision``: of the
    institution it was held against.
    """

    seen: int
    revision: int
    posts: tuple[Touched, ...] = ()
    stay: int = 0
    climb: tuple[str, ...] = ()
    cases: int | None = None
    moves: tuple[Moved, ...] = ()


def foretell(key: str, change: Change, *, who: Reader) -> Foretold:
    """What ``change`` would do; nothing is written. What is about the reader is not counted (S3).

    As many queries for three hundred posts as for three; work grows with the number of open cases where a post comes
    to another unit. Raises what :func:`tanggap.actions.arranging.arrange` raises.
    """
    seen = check(key, change, by=who.user, at=who.at)
    now = Now(Institution.objects.get(key=key), who.user, who.at)
    if isinstance(change, ChangeColumn):
        return _column(change, now, who, seen)
    counted = count_units(now.institution, change.units(now), at=now.at)
    if counted is not None:
        about_me = set(_about(now.institution, who).values_list("case", flat=True))
        moves = tuple(one for one in told(counted.found) if one.case not in about_me)
        return Foretold(seen, now.institution.revision, cases=len(counted.found.seqs.keys() - about_me), moves=moves)
    held = _held(now)
    moment, after = _changed(change, now, held)
    posts = [post for post in dict.fromkeys(one.post for one in (*held, *after)) if _of(held, post) != _of(after, post)]
    if not posts:
        return Foretold(seen, now.institution.revision)
    units = dict(Post.objects.filter(institution=now.institution).values_list("key", "unit__key"))
    return Foretold(
        seen, now.institution.revision, tuple(_touched(post, moment, held, after, units, now, who) for post in posts)
    )


def _held(now: Now) -> list[Held]:
    rows = Holder.objects.filter(post__institution=now.institution, user__is_active=True)
    later = rows.filter(Q(until_at__isnull=True) | Q(until_at__gt=now.at)).select_related("post", "user")
    return [
        Held(row.pk, row.post.key, row.user_id, row.user.shown_name, row.kind, row.from_at, row.until_at)
        for row in later
    ]


def _changed(change: Change, now: Now, held: list[Held]) -> tuple[datetime, list[Held]]:
    """From when the change holds, and the holdings with it."""
    if isinstance(change, Hold):
        user = now.person(change.person)
        new = Held(0, change.post, user.pk, user.shown_name, change.capacity, change.from_at, change.until_at)
        ends = change.capacity == DEFINITIVE
        kept = [
            replace(one, until_at=change.from_at)
            if ends and one.post == change.post and one.capacity == VACANCY and one.at(change.from_at)
            else one
            for one in held
        ]
        return max(change.from_at, now.at), [*kept, new]
    if isinstance(change, End):
        moment = max(change.at, now.at)
        return moment, [replace(one, until_at=moment) if one.pk == change.holding else one for one in held]
    if isinstance(change, SwitchOff):
        return now.at, [one for one in held if one.user != change.person]
    return now.at, held


def _of(held: Iterable[Held], post: str) -> list[Held]:
    return [one for one in held if one.post == post]


def _names(held: Iterable[Held], post: str, moment: datetime) -> tuple[str, ...]:
    return tuple(sorted(one.name for one in held if one.post == post and one.at(moment)))


def _touched(
    post: str, moment: datetime, held: list[Held], after: list[Held], units: Mapping[str, str | None], now: Now,
    who: Reader,
) -> Touched:  # fmt: skip
    names = _names(after, post, moment)
    ends = sorted(one.until_at for one in _of(after, post) if one.until_at is not None and one.until_at > moment)
    vacant_from = next((end for end in ends if not _names(after, post, end)), None)
    duties = _open(now.institution, who).filter(posts__name__in=[one for one in (post, units.get(post)) if one])
    still_held = {one.post for one in after if one.at(moment)}
    still_held |= {unit for one in still_held if (unit := units.get(one))}
    nobody = 0 if names else duties.exclude(pk__in=_done_by(still_held, now, who)).distinct().count()
    return Touched(
        post, moment, duties.distinct().count(), nobody, _names(held, post, moment), names,
        vacant_from if names else None,
    )  # fmt: skip


def _done_by(names: set[str], now: Now, who: Reader) -> QuerySet[Duty]:
    return _open(now.institution, who).filter(posts__name__in=sorted(names)).values("pk")  # type: ignore[return-value]


def _open(institution: Institution, who: Reader) -> QuerySet[Duty]:
    """Open duties, without those of cases that are about whoever asks."""
    return Duty.objects.filter(case__institution=institution).exclude(case__in=_about(institution, who).values("case"))


def _about(institution: Institution, who: Reader) -> QuerySet[CaseParty]:
    names = sorted(who.part(institution.pk).concerned)
    return CaseParty.objects.filter(part=RESPONDENT, name__in=names, case__institution=institution)


def _column(change: ChangeColumn, now: Now, who: Reader, seen: int) -> Foretold:
    gone = sorted(set(change.filled(now)) - set(change.posts))
    group = Q(posts__group=change.role) | Q(posts__group__startswith=f"{change.role}:")
    stay = _open(now.institution, who).filter(group, case__sop_id=change.sop, posts__name__in=gone).distinct().count()
    held = {one.post for one in _held(now) if one.at(now.at)}
    return Foretold(
        seen, now.institution.revision, stay=stay, climb=tuple(post for post in change.posts if post not in held)
    )


def open_with(institution_id: int, posts: Iterable[str], *, who: Reader) -> int:
    """How many duties are open with these posts (or their units), without what is about the reader. One query."""
    wanted = list(posts)
    units = Unit.objects.filter(institution=institution_id, posts__key__in=wanted).values_list("key", flat=True)
    return (
        _open(Institution(pk=institution_id), who).filter(posts__name__in=[*wanted, *units]).distinct().count()
        if wanted
        else 0
    )
