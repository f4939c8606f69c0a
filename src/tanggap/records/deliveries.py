"""What arrived, as it lies in the database: encrypted byte for byte, large ones in a file, words beside their case."""

from __future__ import annotations

import json
import logging
from base64 import b32encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_bytes
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from tanggap.records import contents, files, vault
from tanggap.records.keys import keyed_digest
from tanggap.records.models import CaseKey, ChannelAccount, Identity, Inbox, InboxItem, RemoteFile
from tanggap.records.sealing import key_of

IN_ROW = 1024 * 1024
"""Bytes up to which a delivery lies in its row; larger ones lie in a file, as long as files can be written."""

STORED, READ, UNREADABLE = Inbox.STATES
ABSORBED, REVIEW, RECORDED, QUARANTINED = InboxItem.STATES

LEAST_DAYS = 31
"""What became nothing is kept so long at least: an officer may decide about it for a month."""

_PURPOSE = "inbox"

_log = logging.getLogger(__name__)


class Gone(RuntimeError):
    """The bytes of a delivery are not what was stored: file missing, changed, or another key directory."""


def new_delivery(account: ChannelAccount, raw: bytes, delivery: str) -> Inbox:
    """A row (not yet written) that holds ``raw``. A large one lies on disk for good before this returns.

    When the file store is gone the row takes the bytes all the same: a database can, and nothing is lost (F22).
    """
    row = Inbox(account=account, delivery=delivery, sha256=sha256(raw).hexdigest(), size=len(raw))
    row.epoch = vault.CURRENT_EPOCH
    stored = vault.encrypt(_key(row.epoch), raw, place=_place(account.pk, delivery))
    if len(raw) > IN_ROW:
        file = b32encode(token_bytes(16)).decode().rstrip("=").lower()
        try:
            files.write(file, stored)
        except OSError:
            _log.exception("a large delivery is kept in its row: files cannot be written")
        else:
            row.file = file
            return row
    row.raw = stored
    return row


def raw_of(row: Inbox) -> bytes:
    """The bytes as they came. Raises :class:`Gone`."""
    try:
        stored = files.read(row.file) if row.file else bytes(row.raw or b"")
        plain = vault.decrypt(_key(row.epoch), stored, place=_place(row.account_id, row.delivery))
    except (OSError, vault.Unreadable) as error:
        raise Gone(f"delivery {row.pk}") from error
    if sha256(plain).hexdigest() != row.sha256:
        raise Gone(f"delivery {row.pk}")
    return plain


def of_erased() -> Q:
    """Rows of a case whose complainant, or whose contents, were erased: a key is destroyed, or the vault is empty."""
    keys = CaseKey.objects.filter(wrapped__isnull=True)
    return Q(case__in=keys.values("case")) | Q(case__in=Identity.objects.filter(erased_at__isnull=False).values("case"))


def undecided() -> Q:
    """Arrivals an officer has yet to decide about: a stranger's perhaps, and not of the case they wait beside."""
    return Q(state=REVIEW, decision="")


def due_to_be_forgotten(*, at: datetime) -> QuerySet[Inbox]:
    """Deliveries whose bytes are to go by ``at``: those of erased cases, and those nothing became of for so long.

    Not while it is to be read (again), while a file of it is still fetched, or while an officer has to decide about it.
    """
    items = InboxItem.objects.filter(delivery=OuterRef("pk"))
    taken = Exists(items.filter(state__in=(ABSORBED, QUARANTINED)))
    nothing = Q(state=READ, read_at__lt=at - timedelta(days=settings.TANGGAP_RAW_DAYS)) & ~taken
    waits = Exists(RemoteFile.objects.filter(item__delivery=OuterRef("pk"), state="waiting"))
    kept = Inbox.objects.filter(erased_at__isnull=True).exclude(state=STORED)
    due = kept.filter(of_erased() | Exists(items.filter(of_erased())) | nothing)
    return due.exclude(Exists(items.filter(undecided()))).exclude(waits).order_by("pk")


def digest(purpose: str, *parts: str) -> str:
    """What stands in a column for an id or an address: tells equal from unequal, and nothing else."""
    return keyed_digest(f"inbox {purpose}", *parts).hex()


def sender_digest(channel: str, address: str) -> str:
    """The digest of somebody's address in a channel; empty for nobody."""
    return digest("sender", channel, address.strip().lower()) if address.strip() else ""


def external_digest(channel: str, external: str) -> str:
    """The digest of a message's id in its channel; empty when there is none."""
    return digest("external", channel, external) if external else ""


def seal_words(item: InboxItem, words: Mapping[str, str]) -> None:
    """Put ``words`` into ``item``: under the key of its case, so that they are erased with it."""
    item.epoch = vault.CURRENT_EPOCH
    if item.case_id is None:
        plain = json.dumps(dict(words)).encode()
        item.words = vault.encrypt(_key(item.epoch), plain, place=_words_place(item))
        return
    key = key_of(item.case_id, "content")
    item.words = None if key is None else contents.seal(key, words, table="inboxitem", case=item.case_id)


def words_of(item: InboxItem, *, key: bytes | None = None) -> dict[str, str]:
    """The words of ``item``; empty when they were erased. ``key``: the content key of its case, when known already."""
    if item.words is None:
        return {}
    if item.case_id is None:
        plain = vault.decrypt(_key(item.epoch), bytes(item.words), place=_words_place(item))
        found: dict[str, str] = json.loads(plain)
        return found
    key = key or key_of(item.case_id, "content")
    return {} if key is None else contents.unseal(key, item.words, table="inboxitem", case=item.case_id)


def seal_secrets(account: ChannelAccount, secrets: Mapping[str, str]) -> None:
    """Put ``secrets`` into ``account``; its ``key`` must stand already."""
    account.epoch = vault.CURRENT_EPOCH
    plain = json.dumps(dict(secrets)).encode()
    account.secrets = vault.encrypt(_account_key(account.epoch), plain, place=f"account|secrets|{account.key}")


def secrets_of(account: ChannelAccount) -> dict[str, str]:
    """The secrets of ``account``: for whoever speaks to the channel, never for a page."""
    if account.secrets is None:
        return {}
    place = f"account|secrets|{account.key}"
    found: dict[str, str] = json.loads(vault.decrypt(_account_key(account.epoch), bytes(account.secrets), place=place))
    return found


def case_of_intake(institution: str, key: str) -> UUID:
    """The id of the case that a form key begins: known without asking."""
    return UUID(bytes=keyed_digest("case", institution, key)[:16], version=4)


def _key(epoch: int) -> bytes:
    return vault.installation_key(_PURPOSE, epoch=epoch)


def _account_key(epoch: int) -> bytes:
    return vault.installation_key("account", epoch=epoch)


def _place(account: int, delivery: str) -> str:
    return f"inbox|raw|{account}|{delivery}"


def _words_place(item: InboxItem) -> str:
    return f"inboxitem|words|{item.account_id}|{item.mark}"
