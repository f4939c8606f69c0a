"""A small world for tests with a database: an institution with its SOP in force and somebody on each post."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from itertools import count
from uuid import UUID

from tanggap.actions.cases import Acted, act
from tanggap.actions.contents import new_content
from tanggap.actions.intake import Complainant, Incoming, Receipt, receive
from tanggap.actions.organisation import appoint, seed_organisation
from tanggap.actions.sops import approve, import_sop
from tanggap.casework.commands import Command, Complete
from tanggap.records.access import Reader, reader
from tanggap.records.contents import NewContent
from tanggap.records.models import Institution, Membership, SopVersion, User

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
    """The institution ``key`` as it comes with Tanggap, its SOP approved long ago."""
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
    others = {}
    for what in ("desk", "coordinator", "auditor"):
        others[what] = _user(f"{key}-{what}", what)
        Membership.objects.create(institution=institution, user=others[what], **{what: True})
    return World(institution, version, on, **others, stranger=_user(f"{key}-stranger", "Orang Lain"))


def _user(username: str, name: str) -> User:
    user = User(username=username, email=f"{username}@contoh.example", full_name=name)
    user.set_unusable_password()
    user.save()
    return user
