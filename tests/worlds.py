"""A small world for tests with a database: an institution with its SOP in force and somebody on each post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from itertools import count
from uuid import UUID

import copies
from tanggap.actions.cases import Acted, act
from tanggap.actions.contents import new_content
from tanggap.actions.intake import Complainant, Incoming, Receipt, receive
from tanggap.actions.organisation import appoint, seed_organisation
from tanggap.actions.sops import approve, import_sop
from tanggap.casework.commands import Command, Complete
from tanggap.records.access import Reader, reader
from tanggap.records.contents import NewContent
from tanggap.records.models import Holder, Institution, Membership, SopVersion, User

MONDAY = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
"""08.00 WIB, 09.00 WITA, on a working Monday."""
SECRET_NAME, SECRET_TEXT = "Kanari Wulandari", "kanari-7f3a: nilai saya tertukar"

_numbers = count(1)


@dataclass
class World:
    """An institution that works. ``on``: who holds which post; a desk, a coordinator, an auditor and a stranger."""

    institution: Institution
    version: SopVersion
    on: Mapping[str, User]
    desk: User
    coordinator: User
    auditor: User
    stranger: User
    at: datetime = MONDAY
    keys: count[int] = field(default_factory=count)

    def reader(self, user: User, *, at: datetime | None = None) -> Reader:
        """``user`` as a reader at ``at`` (default: now)."""
        return reader(user, at=at or self.at)

    def later(self, **span: float) -> datetime:
        """Let time pass; the new moment."""
        self.at += timedelta(**span)
        return self.at

    def key(self) -> str:
        """A form key nobody used."""
        return f"{self.institution.key}-{next(self.keys)}-{next(_numbers)}"

    def receive(self, text: str = SECRET_TEXT, *, key: str = "", **more: object) -> Receipt:
        """A complaint by the web form, with a name for the vault."""
        more.setdefault("complainant", Complainant(name=SECRET_NAME, email="kanari@contoh.example", phone="0811kanari"))
        incoming = Incoming(text=text, **more)  # type: ignore[arg-type]
        return receive(self.institution.key, incoming, key=key or self.key(), at=self.at)

    def act(self, command: Command, case: UUID, by: object, *contents: NewContent, **more: object) -> Acted:
        """One act, now."""
        return act(command, case=case, by=by, at=self.at, contents=contents, **more)  # type: ignore[arg-type]

    def complete(
        self, case: UUID, visit: str, post: str, *, answer: str = "", reason: str = "", **more: object
    ) -> Acted:
        """The holder of ``post`` finishes a visit, with an answer or a reason in words."""
        user, key = self.on[post], self.key()
        contents = []
        for kind, words in (("answer", answer), ("reason", reason)):
            if words:
                audience = "complainant" if kind == "answer" else "internal"
                contents.append(new_content(kind, words, author=user.person, key=key, audience=audience))
                more[kind] = contents[-1].id
        return self.act(Complete(visit, **more), case, user, *contents, key=key)  # type: ignore[arg-type]


def build(key: str = "ub-fmipa") -> World:
    """The institution ``key`` as it comes with Tanggap, its SOP approved long ago, and somebody on every post."""
    known = _built.get(key)
    if known is not None and not Institution.objects.filter(key=key).exists():
        rows, sop = known
        put = rows.put()
        version = next(one for one in put[SopVersion] if one.hash == sop)
        return _world(put[Institution][0], version, {one.post.key: one.user for one in put[Holder]}, put[User])
    before = copies.present()
    world = _build(key)
    _built[key] = (copies.Copy.since(before), world.version.hash)
    return world


_built: dict[str, tuple[copies.Copy, str]] = {}
_OTHERS = ("desk", "coordinator", "auditor")


def _build(key: str) -> World:
    long_ago = MONDAY - timedelta(days=400)
    institution = seed_organisation(key, at=long_ago)
    for file in (files("tanggap") / "seeds" / "sop").iterdir():
        if file.name.startswith(key) and file.name.endswith(".toml"):
            version = import_sop(institution, file.read_text("utf-8"), name=file.name, at=long_ago)
    if version.approved_at is None:
        approve(version, at=long_ago)
    on = {}
    for post in institution.posts.all():
        on[post.key] = _user(f"{key}-{post.key}", post.name)
        appoint(post, on[post.key], from_at=long_ago)
    others = [_user(f"{key}-{what}", what) for what in _OTHERS]
    for what, user in zip(_OTHERS, others, strict=True):
        Membership.objects.create(institution=institution, user=user, **{what: True})
    others.append(_user(f"{key}-stranger", "Orang Lain"))
    return _world(institution, version, on, others)


def _world(institution: Institution, version: SopVersion, on: Mapping[str, User], users: Sequence[User]) -> World:
    named = {user.username: user for user in users}
    others = {what: named[f"{institution.key}-{what}"] for what in (*_OTHERS, "stranger")}
    return World(institution, version, on, **others)


def _user(username: str, name: str) -> User:
    user = User(username=username, email=f"{username}@contoh.example", full_name=name)
    user.set_unusable_password()
    user.save()
    return user
