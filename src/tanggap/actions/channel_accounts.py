"""Accounts of channels: made and changed by administrators; secrets go in and are used, and never come out."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Collection, Mapping
from datetime import datetime
from secrets import token_bytes

from tanggap.actions.cases import NotVisible
from tanggap.records.access import Reader
from tanggap.records.deliveries import seal_secrets, secrets_of
from tanggap.records.models import ChannelAccount, Institution, Unit
from tanggap.records.prepared import Prepared
from tanggap.records.writing import write


class NameTaken(ValueError):
    """Another account of this channel has that name here."""


def save_account(
    institution: str,
    *,
    by: Reader,
    at: datetime,
    account: int | None = None,
    channel: str = "",
    name: str,
    unit: str = "",
    active: bool = True,
    settings: Mapping[str, str],
    secrets: Mapping[str, str],
    forget: Collection[str] = (),
) -> ChannelAccount:
    """Make an account (``account`` is ``None``), or change one; its channel never changes.

    ``settings``: all of them. ``secrets``: those typed anew; one that is empty or missing stays as it is, unless it is
    one to ``forget``. Raises :class:`NotVisible` when ``by`` does not arrange the institution, and :class:`NameTaken`.
    """
    row = Institution.objects.filter(key=institution).first()
    if row is None or not by.part(row.pk).admin:
        raise NotVisible(institution)
    with write():
        kept = _account(row, account, channel, at)
        same = ChannelAccount.objects.filter(institution=row, channel=kept.channel, name=name.strip())
        if same.exclude(pk=kept.pk).exists():
            raise NameTaken(name)
        kept.name, kept.active, kept.settings = name.strip(), active, dict(settings)
        kept.next_at = None  # what was changed is tried at once
        kept.unit = Unit.objects.filter(institution=row, key=unit).first() if unit else None
        typed = {one: value for one, value in secrets.items() if value}
        stored = secrets_of(kept)
        known = {one: value for one, value in stored.items() if one not in forget} | typed
        if known != stored:
            seal_secrets(kept, known)
        kept.save()
    return kept


def _account(institution: Institution, account: int | None, channel: str, at: datetime) -> ChannelAccount:
    if account is None:
        key = b32encode(token_bytes(16)).decode().rstrip("=").lower()
        return ChannelAccount(institution=institution, channel=channel, key=key, made_at=at)
    found = ChannelAccount.objects.select_for_update().filter(pk=account, institution=institution).first()
    if found is None:
        raise NotVisible(account)
    return found


def active_accounts(channel: str = "") -> list[ChannelAccount]:
    """Accounts in use, of one channel or of all: for whoever polls, listens or sends. One query."""
    rows = ChannelAccount.objects.filter(active=True).select_related("institution")
    return list(rows.filter(channel=channel) if channel else rows)


def addresses(channel: str) -> list[tuple[int, str]]:
    """Accounts of ``channel`` in use, by number, each with its address: asked for every mail that is handed over."""
    return [(pk, settings.get("address", "")) for pk, settings in _addresses(channel=channel)]


_addresses = Prepared(
    lambda channel: ChannelAccount.objects.filter(active=True, channel=channel).values_list("pk", "settings"),
    channel=ChannelAccount._meta.get_field("channel"),
)


def account_of_key(key: str) -> ChannelAccount | None:
    """The account in use whose ``key`` stands in the address that a platform called."""
    return ChannelAccount.objects.filter(key=key, active=True).select_related("institution").first()


def settings_of(account: ChannelAccount) -> dict[str, str]:
    """Everything a channel needs to know of its account, secrets included: for the worker, never for a page."""
    return {**account.settings, **secrets_of(account)}


def settings_of_pk(account: int) -> dict[str, str]:
    """The same for whoever knows the account by its number, as it stands now."""
    return settings_of(ChannelAccount.objects.get(pk=account))


def channel_of(account: int) -> str:
    """The key of the channel of an account."""
    return ChannelAccount.objects.values_list("channel", flat=True).get(pk=account)


def ask_test(institution: str, account: int, *, by: Reader, at: datetime) -> None:
    """Have a worker try whether the account works. Raises :class:`NotVisible` for whoever does not arrange it."""
    row = Institution.objects.filter(key=institution).first()
    if row is None or not by.part(row.pk).admin:
        raise NotVisible(institution)
    with write():
        asked = ChannelAccount.objects.filter(pk=account, institution=row)
        if not asked.update(test_asked_at=at, tested_at=None, tested_well=False, tested_says=""):
            raise NotVisible(account)


def tests_asked() -> list[int]:
    """Accounts that somebody wants tried. One query."""
    return list(ChannelAccount.objects.exclude(test_asked_at=None).values_list("pk", flat=True))


def tried(account: int, *, well: bool, says: str, at: datetime) -> None:
    """What trying the account brought; ``says`` in words, without a secret in them."""
    with write():
        ChannelAccount.objects.filter(pk=account).update(
            test_asked_at=None, tested_at=at, tested_well=well, tested_says=says[:200]
        )


def heard(account: int, *, at: datetime, cursor: Mapping[str, object] | None = None) -> None:
    """The channel answered: a poll that brought something or nothing. ``cursor``: how far it was read."""
    more = {} if cursor is None else {"cursor": dict(cursor)}
    with write():
        ChannelAccount.objects.filter(pk=account).update(last_in_at=at, last_error="", last_error_at=None, **more)


def spoke(account: int, *, at: datetime) -> None:
    """Something left by this account."""
    with write():
        ChannelAccount.objects.filter(pk=account).update(last_out_at=at, last_error="", last_error_at=None)


def trouble(account: int, *, at: datetime, why: str, cursor: Mapping[str, object] | None = None) -> None:
    """The channel cannot be spoken to; ``why`` in words for an administrator, without a secret in them."""
    more = {} if cursor is None else {"cursor": dict(cursor)}
    with write():
        ChannelAccount.objects.filter(pk=account).update(last_error=why[:200], last_error_at=at, **more)
