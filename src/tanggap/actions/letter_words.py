"""Letters, and what their words say: templates filled with what may be told, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from tanggap.casework import wording
from tanggap.casework.events import COMPLAINANT
from tanggap.records.models import Case, ChannelAccount, Outbox
from tanggap.records.wordings import CONFIDENTIAL, CONFIDENTIAL_DUTY

Account: TypeAlias = ChannelAccount
"""What the entrances call the account a letter leaves by."""

CHANNEL_WORDS = {
    "email": ("surel ini", "e-mail"), "whatsapp": ("WhatsApp", "WhatsApp"), "instagram": ("Instagram", "Instagram"),
    "facebook": ("Facebook", "Facebook"), "telegram": ("Telegram", "Telegram"), "sms": ("SMS", "SMS"),
    "gammu": ("SMS", "SMS"),
}  # fmt: skip


TAKES_FILES = frozenset({"email", "whatsapp", "telegram", "facebook"})
"""Channels by which files can go along; each says itself which."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes along."""

    name: str
    type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """What leaves: to one address, as it stands in the vault or the account. ``links``: our own addresses in it.

    ``brief``: the same for a chat or an SMS; ``news``: there, only that there is something to read. ``by_hand``: an
    officer wrote it. ``answers``: ids of the thread, nearest first. ``reply_to``: the address that replies go to, not
    yet signed. ``may_read``: it can be read on the page of the case too. ``unsent``: what to say of files that the way
    will not take, with ``{names}`` in it.
    """

    id: str
    to: str
    subject: str
    text: str
    links: tuple[str, ...]
    domain: str
    channel: str = "email"
    account: Account | None = None
    brief: str = ""
    news: str = ""
    by_hand: bool = False
    is_trusted: bool = False
    number: str = ""
    answers: tuple[str, ...] = ()
    reply_to: str = ""
    last_heard_at: datetime | None = None
    may_read: bool = True
    files: tuple[File, ...] = ()
    unsent: str = ""


def template_of(row: Outbox, *, confidential: bool) -> str:
    """The words a notice uses: of a confidential procedure not even what happened is told."""
    if not confidential:
        return row.kind
    return CONFIDENTIAL if row.audience == COMPLAINANT else CONFIDENTIAL_DUTY


def values_of(row: Outbox, case: Case, language: str) -> dict[str, str]:
    """What the placeholders say for one notice."""
    zone = ZoneInfo(case.institution.zone)
    to_complainant = row.audience == COMPLAINANT
    step = row.step
    if step[:1].isdigit():
        step = f"{'Step' if language == 'en' else 'Langkah'} {step}"
    return {
        "nomor": case.register,
        "lembaga": case.institution.short_name,
        "langkah": "" if case.confidential else step,
        "jatuh_tempo": wording.moment(row.moment, zone, language) if row.moment else "",
        "tautan": url("track") if to_complainant else url("case", case.pk),
    }


def url(name: str, *args: object) -> str:
    """One of our addresses, as letters write it."""
    return f"{settings.TANGGAP_BASE_URL}{reverse(name, args=args)}"


def domain() -> str:
    """What stands after the ``@`` in the ids of our mails."""
    return urlsplit(settings.TANGGAP_BASE_URL).hostname or "localhost"
