"""An institution with accounts in a channel of tests, deliveries in few words, and a worker with a clock."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from django.db import connection

import worlds
from tanggap import channels
from tanggap.actions import inbox
from tanggap.records.deliveries import seal_secrets
from tanggap.records.models import Case, ChannelAccount, Inbox, InboxItem
from tanggap.worker import collect
from tanggap.worker.reading import Child

NOTHING: Mapping[str, str] = {}
ODD = Path(__file__).parent / "channels" / "odd"


def database_url() -> str:
    """The database of this test, for a process of its own."""
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    user = quote(told.get("USER") or "postgres")
    return f"postgresql://{user}@/{told['NAME']}?host={quote(told['HOST'], safe='')}&port={told['PORT'] or 5432}"


@contextmanager
def odd_channel() -> Iterator[None]:
    """The channel of tests is there, here and in the child."""
    before = list(channels.__path__)
    channels.__path__[:] = [*before, str(ODD)]
    try:
        yield
    finally:
        channels.__path__[:] = before
        sys.modules.pop("tanggap.channels.odd", None)
        vars(channels).pop("odd", None)


def account(
    world: worlds.World, name: str = "meja", *, channel: str = "odd", settings: Mapping[str, str] = NOTHING,
    secrets: Mapping[str, str] = NOTHING,
) -> ChannelAccount:  # fmt: skip
    """An account of the institution."""
    found = ChannelAccount(
        institution=world.institution, channel=channel, name=name, key=f"{world.institution.key}{name}"[:26],
        made_at=world.at, settings=dict(settings),
    )  # fmt: skip
    if secrets:
        seal_secrets(found, secrets)
    found.save()
    return found


@dataclass
class Office:
    """A world that gets letters."""

    world: worlds.World
    account: ChannelAccount
    child: Child = field(default_factory=lambda: Child(seconds=2.0))

    def deliver(self, *arrivals: dict[str, object], to: ChannelAccount | None = None, **more: object) -> inbox.Stored:
        """One delivery that holds ``arrivals``; ``more``: faults, wrong."""
        raw = json.dumps({"arrivals": arrivals, **more}).encode()
        return inbox.store(to or self.account, raw, at=self.world.at)

    def work(self) -> collect.Round:
        """One look round of the worker, now."""
        return collect.look_round(lambda: self.world.at, self.child)

    def get(self, *arrivals: dict[str, object], **more: object) -> list[InboxItem]:
        """Deliver and read; the rows of what arrived, in order."""
        stored = self.deliver(*arrivals, **more)  # type: ignore[arg-type]
        self.work()
        return list(InboxItem.objects.filter(delivery=stored.id).order_by("position"))

    def states(self) -> list[str]:
        """The states of all deliveries, in order."""
        return list(Inbox.objects.values_list("state", flat=True))

    def cases(self) -> list[Case]:
        """All cases, in order."""
        return list(Case.objects.order_by("n"))


def message(n: int | str, sender: str = "rani@contoh.example", text: str = "Nilai saya belum keluar.", **more: object):  # type: ignore[no-untyped-def]
    """One message; ``n`` makes its id."""
    return {"id": f"<{n}@contoh.example>", "from": sender, "text": text, **more}
