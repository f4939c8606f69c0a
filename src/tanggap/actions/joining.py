"""Whoever has an account already comes to a second institution: by a link, confirmed under their own sign-in.

No administrator names an account: so nobody learns who has one, or where else they work (docs/decisions/0035).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse

from tanggap.actions.arranging import Change, NotArranged, Now, administrators, people_of
from tanggap.actions.organisation import changed
from tanggap.actions.staff import POWERS, check_powers
from tanggap.records.arrangement import keep
from tanggap.records.models import Institution, JoinLink, Membership, OrganisationAct, User
from tanggap.records.writing import write

GOOD_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Invite(Change):
    """A link for somebody who has an account elsewhere, with what they may do here. Told once; kept as a digest."""

    kind: ClassVar[str] = "invite"
    powers: tuple[str, ...] = ("officer",)

    def check(self, now: Now) -> None:
        """Powers as of any member."""
        check_powers(self.powers)

    def apply(self, now: Now) -> tuple[dict[str, Any], str]:
        """The link."""
        token = token_urlsafe(32)
        JoinLink.objects.create(
            digest=_digest(token), institution=now.institution, powers=list(self.powers), made_by=now.by,
            made_at=now.at, expires_at=now.at + GOOD_FOR,
        )  # fmt: skip
        return {"powers": list(self.powers)}, f"{settings.TANGGAP_BASE_URL}{reverse('join', args=[token])}"


@dataclass(frozen=True, slots=True)
class Uninvite(Change):
    """Every link of the institution that nobody has used yet is worth nothing any more."""

    kind: ClassVar[str] = "uninvite"

    def check(self, now: Now) -> None:
        """There must be one."""
        if not self._open(now).exists():
            raise NotArranged("nothing_changed")

    def _open(self, now: Now) -> Any:
        return JoinLink.objects.filter(institution=now.institution, used_at__isnull=True, expires_at__gt=now.at)

    def apply(self, now: Now) -> tuple[dict[str, Any], str]:
        """They end now."""
        return {"number": self._open(now).update(expires_at=now.at)}, ""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a link offers to whoever opens it. ``done``: this person has joined by it."""

    institution: str
    powers: tuple[str, ...]
    done: bool = False


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def invitation(token: str, *, by: User, at: datetime) -> Invitation | None:
    """What the link offers to ``by``; ``None`` for every link that is not good: wrong, old, withdrawn, another's."""
    link = JoinLink.objects.filter(digest=_digest(token)).select_related("institution", "made_by").first()
    if link is None:
        return None
    found = Invitation(link.institution.key, tuple(link.powers), done=link.used_by_id == by.pk)
    return found if found.done or _good(link, at) else None


def _good(link: JoinLink, at: datetime) -> bool:
    """Not used, not old, and of somebody who still arranges the institution."""
    arranges = administrators(link.institution).filter(pk=link.made_by_id).exists()
    return link.used_at is None and at < link.expires_at and arranges


def join(token: str, *, by: User, at: datetime) -> Invitation | None:
    """Make ``by`` a member by the link, once; again by the same person: the same. ``None``: the link is not good.

    Raises :class:`tanggap.actions.arranging.NotArranged` (``belongs_already``: the link stays good for another).
    """
    known = invitation(token, by=by, at=at)
    if known is None or known.done:
        return known
    with write():
        institution = Institution.objects.select_for_update().get(key=known.institution)
        link = JoinLink.objects.select_related("institution").get(digest=_digest(token))
        if not _good(link, at):  # somebody was quicker, or it was withdrawn
            return invitation(token, by=by, at=at)
        if people_of(institution).filter(pk=by.pk).exists():
            raise NotArranged("belongs_already")
        JoinLink.objects.filter(pk=link.pk).update(used_at=at, used_by=by)
        Membership.objects.create(institution=institution, user=by, **{name: name in link.powers for name in POWERS})
        data = {"person": by.person, "powers": list(link.powers)}
        keep(OrganisationAct(institution=institution, kind="join", data=data, made_at=at, made_by=by.person))
        changed(institution)
    return Invitation(known.institution, known.powers, done=True)
