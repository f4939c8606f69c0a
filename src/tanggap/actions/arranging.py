"""The one door through which an institution is arranged: checked, done and written down in one transaction.

Whoever arranges something that serves themselves needs a second administrator where there is one (docs/decisions/0027).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, ClassVar

from django.db.models import Q, QuerySet

from tanggap.actions.organisation import changed
from tanggap.actions.recounting import Counted, count_units, put_in_force, settle_units
from tanggap.records.arrangement import keep, last_act, moved_facts
from tanggap.records.models import Holder, Institution, Membership, OrganisationAct, Post, User
from tanggap.records.writing import write


class NotArranged(Exception):
    """A change that cannot be made: a code for its sentence, the field it is about, and values for the sentence."""

    def __init__(self, code: str, field: str = "", **details: object) -> None:
        super().__init__(code, field, details)
        self.code, self.field, self.details = code, field, details


class SomeoneElseArranged(Exception):
    """The institution was arranged by somebody else since the page was drawn."""

    def __init__(self, act: OrganisationAct) -> None:
        super().__init__(act.pk)
        self.by, self.at = act.made_by, act.made_at


class ToldOtherwise(Exception):
    """What was foretold holds no more: calendar, holders or SOPs of the institution are others since."""


class NotYours(LookupError):
    """Whoever asks does not arrange this institution: to them there is no such page."""


@dataclass(frozen=True, slots=True)
class Now:
    """Where and when a change is made, and by whom."""

    institution: Institution
    by: User
    at: datetime

    def post(self, key: str) -> Post:
        """The post ``key`` of this institution. Raises :class:`NotArranged`."""
        found = Post.objects.filter(institution=self.institution, key=key).select_related("unit", "superior").first()
        if found is None:
            raise NotArranged("post_unknown", "post")
        return found

    def person(self, pk: int | None) -> User:
        """Somebody of this institution who may sign in. Raises :class:`NotArranged`."""
        found = people_of(self.institution).filter(pk=pk, is_active=True).first() if pk is not None else None
        if found is None:
            raise NotArranged("person_unknown", "person")
        return found

    def held(self, at: datetime | None = None) -> QuerySet[Holder]:
        """Holdings of this institution in force at a moment (now, unless said)."""
        moment = at or self.at
        in_force = Q(until_at__isnull=True) | Q(until_at__gt=moment)
        return Holder.objects.filter(in_force, post__institution=self.institution, from_at__lte=moment)


def people_of(institution: Institution) -> QuerySet[User]:
    """Everybody with a part in the institution, now or before."""
    member, holds = Q(memberships__institution=institution), Q(holdings__post__institution=institution)
    return User.objects.filter(pk__in=User.objects.filter(member | holds).values("pk"))


def administrators(institution: Institution) -> QuerySet[User]:
    """Everybody who may arrange the institution."""
    member = Membership.objects.filter(institution=institution, admin=True).values("user")
    return User.objects.filter(Q(pk__in=member) | Q(is_superuser=True), is_active=True)


class Change:
    """A wish: what is checked, what is written, what of it is recorded. Values of a dataclass; nothing is done yet."""

    kind: ClassVar[str]

    def may(self, now: Now) -> bool:
        """Whether this person may wish it at all."""
        return administrators(now.institution).filter(pk=now.by.pk).exists()

    def check(self, now: Now) -> None:
        """Raise :class:`NotArranged` when it cannot be."""

    def units(self, now: Now) -> Mapping[str, str]:
        """Posts to the unit they have after it (empty: none): their open work is counted in its office hours."""
        return {}

    def serves(self, now: Now) -> bool:
        """True when it gives power or work to whoever makes it."""
        return False

    def apply(self, now: Now) -> tuple[dict[str, Any], str]:
        """Write the rows; what is recorded of it (ids and keys), and what is told to its maker alone."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Arranged:
    """A change that was made. ``told``: what only its maker learns, once (a link); empty when it was made before."""

    act: int
    told: str = ""


def check(key: str, change: Change, *, by: User, at: datetime) -> int:
    """Raise what :func:`arrange` would raise; else what a page is drawn from (``seen``)."""
    now = Now(_institution(key), by, at)
    _check(change, now)
    return last_act(now.institution)


def arrange(
    key: str, change: Change, *, by: User, at: datetime, why: str = "", seen: int | None = None, form_key: str = "",
    foretold: str = "",
) -> Arranged:  # fmt: skip
    """Make ``change`` in the institution ``key`` and write it down, with the due moments it moves. The same form sent

    twice is one act. Cases are counted before the transaction, those that somebody touched meanwhile again within it.
    Raises :class:`NotYours`, :class:`NotArranged`, :class:`SomeoneElseArranged` (somebody else was quicker than the
    page ``seen``), :class:`ToldOtherwise` (the revision ``foretold`` is past), ``LookupError``; then nothing has
    changed.
    """
    counted = _counted(key, change, by, at)
    hidden_key = sha256(f"{key} {by.pk} {form_key}".encode()).hexdigest() if form_key else ""
    with write():
        institution = Institution.objects.select_for_update().get(pk=_institution(key).pk)
        known = institution.acts.filter(key=hidden_key).first() if hidden_key else None
        if known is not None:
            return Arranged(known.pk)
        now = Now(institution, by, at)
        alone = _check(change, now)
        if seen is not None and last_act(institution) != seen:
            raise SomeoneElseArranged(OrganisationAct.objects.get(pk=last_act(institution)))
        if foretold and str(institution.revision) != foretold:
            raise ToldOtherwise
        counted = settle_units(institution, counted, change.units(now), at=at)
        data, told = change.apply(now)
        data |= moved_facts(counted.found) if counted is not None else {}
        act = keep(
            OrganisationAct(
                institution=institution, kind=change.kind, data=data, made_at=at, made_by=by.person, why=why[:200],
                alone=alone, key=hidden_key,
            )
        )  # fmt: skip
        changed(institution)
        if counted is not None:
            put_in_force(institution, counted, act, at=at)
    return Arranged(act.pk, told)


def _counted(key: str, change: Change, by: User, at: datetime) -> Counted | None:
    now = Now(_institution(key), by, at)
    return count_units(now.institution, change.units(now), at=at, with_rows=True) if change.may(now) else None


def note_by_command(institution: Institution, kind: str, data: dict[str, Any], *, at: datetime) -> None:
    """Write down what the installation did at its own command line. Inside a transaction."""
    locked = Institution.objects.select_for_update().get(pk=institution.pk)
    keep(OrganisationAct(institution=locked, kind=kind, data=data, made_at=at))


def _institution(key: str) -> Institution:
    found = Institution.objects.filter(key=key).first()
    if found is None:
        raise LookupError(f"unknown institution {key!r}")
    return found


def _check(change: Change, now: Now) -> bool:
    """Whether the change serves its maker and nobody else could make it. Raises when it cannot be made."""
    if not change.may(now):
        raise NotYours(now.institution.key)
    change.check(now)
    if not change.serves(now):
        return False
    others = administrators(now.institution).exclude(pk=now.by.pk)
    names = [one.shown_name for one in others[:3]]
    if names:
        raise NotArranged("needs_another", names=", ".join(names))
    return True


def moment_in(data: datetime | None) -> str:
    """A moment as it is recorded; empty for none."""
    return data.isoformat() if data is not None else ""


BACK = timedelta(minutes=5)
"""How far a typed beginning may lie back: the time it takes to read a page."""
