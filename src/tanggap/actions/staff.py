"""Accounts of an institution as its administrators look after them: added, given powers, switched off and on again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db.models import Q

from tanggap.actions import links
from tanggap.actions.arranging import Change, NotArranged, Now, administrators, people_of
from tanggap.actions.organisation import changed
from tanggap.records.models import Holder, Institution, Membership, User

POWERS = ("desk", "coordinator", "officer", "auditor", "admin")
"""What a membership allows, in the order pages show it."""


@dataclass(frozen=True, slots=True)
class AddPerson(Change):
    """An account that has no password until its owner sets one by the link that is told once."""

    kind: ClassVar[str] = "person"
    username: str
    full_name: str
    email: str
    nip: str = ""
    powers: tuple[str, ...] = ("officer",)

    def _user(self) -> User:
        user = User(username=self.username, full_name=self.full_name, email=self.email.lower(), nip=self.nip)
        user.set_unusable_password()
        return user

    def check(self, now: Now) -> None:
        """A name and an address that nobody has."""
        check_powers(self.powers)
        try:
            self._user().full_clean(exclude=["password"])
        except ValidationError as error:
            field = next(iter(error.message_dict))
            raise NotArranged("will_not_do", field, says=" ".join(error.message_dict[field])) from None
        if User.objects.filter(email__iexact=self.email).exists():
            raise NotArranged("address_taken", "email")

    def apply(self, now: Now) -> tuple[dict[str, Any], str]:
        """Account, address and membership."""
        user = self._user()
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        powers = {name: name in self.powers for name in POWERS}
        Membership.objects.create(institution=now.institution, user=user, **powers)
        return {"person": user.person, "powers": list(self.powers)}, links.issue(user, at=now.at)


@dataclass(frozen=True, slots=True)
class ChangeDetails(Change):
    """Name, NIP and address of an account. What they were is not kept: only that they changed."""

    kind: ClassVar[str] = "details"
    person: int
    full_name: str
    email: str
    nip: str = ""

    def check(self, now: Now) -> None:
        """An address that nobody else has, and an account that belongs here alone."""
        user = _own(now, self.person)
        if User.objects.filter(email__iexact=self.email).exclude(pk=user.pk).exists():
            raise NotArranged("address_taken", "email")
        if not self._differing(user):
            raise NotArranged("nothing_changed")

    def _differing(self, user: User) -> list[str]:
        return [name for name in ("full_name", "email", "nip") if getattr(user, name) != getattr(self, name)]

    def apply(self, now: Now) -> tuple[dict[str, Any], str]:
        """Write them; whoever signs in by address does so by the new one."""
        user = _own(now, self.person)
        names = self._differing(user)
        for name in names:
            setattr(user, name, getattr(self, name))
        user.save(update_fields=names)
        if "email" in names:
            EmailAddress.objects.filter(user=user).delete()
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return {"person": user.person, "what": names}, ""


@dataclass(frozen=True, slots=True)
class ChangePowers(Change):
    """What a person may do here besides performing the rows of the posts held."""

    kind: ClassVar[str] = "powers"
    person: int
    powers: tuple[str, ...]

    def _before(self, now: Now) -> list[str]:
        row = Membership.objects.filter(institution=now.institution, user=self.person).first()
        return [name for name in POWERS if row is not None and getattr(row, name)]

    def check(self, now: Now) -> None:
        """An auditor changes nothing, so has no other power; somebody must be left who arranges the institution."""
        check_powers(self.powers)
        user = _known(now, self.person)
        if set(self._before(now)) == set(self.powers):
            raise NotArranged("nothing_changed")
        if "admin" not in self.powers and not administrators(now.institution).exclude(pk=user.pk).exists():
            raise NotArranged("last_administrator")

    def serves(self, now: Now) -> bool:
        """Nobody gives themselves a power while somebody else could."""
        return self.person == now.by.pk and not set(self._before(now)).issuperset(self.powers)

    def apply(self, now: Now) -> tuple[dict[str, Any], str]:
        """The membership. It holds from the next page that is opened."""
        before = self._before(now)
        powers = {name: name in self.powers for name in POWERS}
        Membership.objects.update_or_create(institution=now.institution, user_id=self.person, defaults=powers)
        return {"person": f"u{self.person}", "before": before, "after": [one for one in POWERS if powers[one]]}, ""


@dataclass(frozen=True, slots=True)
class Switch(Change):
    """Switch an account off (its sessions end at once, its posts stand vacant) or on again."""

    kind: ClassVar[str]
    person: int

    on: ClassVar[bool]

    def check(self, now: Now) -> None:
        """Not oneself, not the last who arranges the institution, and nobody who works elsewhere too."""
        user = _own(now, self.person)
        if user.is_active is self.on:
            raise NotArranged("nothing_changed")
        if user.pk == now.by.pk:
            raise NotArranged("not_oneself")
        if not self.on and not administrators(now.institution).exclude(pk=user.pk).exists():
            raise NotArranged("last_administrator")

    def apply(self, now: Now) -> tuple[dict[str, Any], str]:
        """The account, and every link to it."""
        User.objects.filter(pk=self.person).update(is_active=self.on)
        User.objects.get(pk=self.person).links.all().delete()
        for elsewhere in Institution.objects.filter(posts__holders__user=self.person).distinct():
            changed(elsewhere)
        return {"person": f"u{self.person}"}, ""


@dataclass(frozen=True, slots=True)
class SwitchOff(Switch):
    """See :class:`Switch`."""

    kind: ClassVar[str] = "off"
    on: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class SwitchOn(Switch):
    """See :class:`Switch`."""

    kind: ClassVar[str] = "on"
    on: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class IssueLink(Change):
    """A new link to set a password: for who lost theirs, or let the first one lapse."""

    kind: ClassVar[str] = "link"
    person: int

    def check(self, now: Now) -> None:
        """Not for who arranges or oversees, once they have a password: their account would be anybody's who asks."""
        user = _own(now, self.person)
        if not user.is_active:
            raise NotArranged("person_unknown")
        guarded = user.is_superuser or user.memberships.filter(Q(admin=True) | Q(auditor=True)).exists()
        if guarded and user.has_usable_password():
            raise NotArranged("guarded_account")

    def apply(self, now: Now) -> tuple[dict[str, Any], str]:
        """The link, told once."""
        return {"person": f"u{self.person}"}, links.issue(_own(now, self.person), at=now.at)


def check_powers(powers: Collection[str]) -> None:
    """Powers that there are, and that go together. Raises :class:`NotArranged`."""
    if not set(powers).issubset(POWERS):
        raise NotArranged("power_unknown", "powers")
    if "auditor" in powers and set(powers) - {"auditor"}:
        raise NotArranged("auditor_alone", "powers")


def _known(now: Now, pk: int) -> User:
    """Somebody of this institution, switched off or not. Raises :class:`NotArranged`."""
    found = people_of(now.institution).filter(pk=pk).first()
    if found is None:
        raise NotArranged("person_unknown", "person")
    return found


def _own(now: Now, pk: int) -> User:
    """Somebody who has no part in another institution: nobody else's account is touched from here."""
    user = _known(now, pk)
    elsewhere = Membership.objects.filter(user=user).exclude(institution=now.institution)
    holds = Holder.objects.filter(user=user).exclude(post__institution=now.institution)
    if now.by.is_superuser:
        return user
    if user.is_superuser or elsewhere.exists() or holds.exists():
        raise NotArranged("works_elsewhere")
    return user
