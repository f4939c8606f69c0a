"""The inbox: a delivery is stored before anything looks inside, then claimed with a lease, and keeps what became of it.

Whoever brings a delivery (a poll, a pipe, a hook, a listener) calls :func:`store` and tells its sender only when that
has returned: from then on it is here, whatever happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import DatabaseError, IntegrityError, connection
from django.db.models import Q, QuerySet

from tanggap.records.deliveries import READ, STORED, UNREADABLE, new_delivery
from tanggap.records.models import ChannelAccount, Inbox
from tanggap.records.prepared import Prepared
from tanggap.records.rows import select
from tanggap.records.writing import need_not_last, write

LEASE = timedelta(seconds=30)
"""How long a claimed delivery is left to its worker: longer than reading one may take."""
TRIES = 3
"""After so many a delivery that cannot be read becomes a case that a person sees."""
RETRY = timedelta(seconds=5)
_SIGN_OF_LIFE = timedelta(seconds=10)  # an account says that something arrived at most this often


@dataclass(frozen=True, slots=True)
class Stored:
    """``again``: this very delivery had come before."""

    id: int
    again: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery in the hands of one worker since ``at``. ``attempt`` is the fence: a later claim has another."""

    row: Inbox
    attempt: int
    at: datetime

    @property
    def account(self) -> ChannelAccount:
        """By which account it came."""
        return self.row.account


def store(account: ChannelAccount | int, raw: bytes, *, delivery: str = "", at: datetime) -> Stored:
    """Store ``raw`` as it came: one short transaction, and nobody has looked inside.

    ``delivery``: the transport's own id of it, unique in the account for ever (``<uidvalidity>:<uid>``); empty: the
    digest of the bytes. The same id with other bytes is another delivery: nothing is taken for known that is not.
    Raises ``DatabaseError`` when it could not be stored: then the sender must not be told that it was.
    """
    if isinstance(account, int):
        account = select(ChannelAccount, "id", [account])[0]
    told = sha256(raw).hexdigest()
    for name in (_name(delivery, told), _name(f"{delivery} {told}", told)):
        known = _known(account.pk, name)
        if known is None:
            row = new_delivery(account, raw, name)
            row.received_at = row.next_at = at
            try:
                with write():
                    row.save(force_insert=True)
                    _heard(account, at)
            except IntegrityError:
                known = _known(account.pk, name)
                if known is None:
                    raise
            else:
                return Stored(row.pk, again=False)
        pk, digest = known
        if digest == told:
            return Stored(pk, again=True)
    raise AssertionError("the name of the second is made of the bytes")


def store_all(account: ChannelAccount | int, raws: Sequence[bytes], *, at: datetime) -> None:
    """Store deliveries without ids of their own, as :func:`store` does each, in one transaction: one wait for the disk.

    When they cannot be stored together they are stored one by one, so that one holds up no other. Raises
    ``DatabaseError`` when one could not be stored: those before it are here, and nobody must be told of the others.
    """
    if isinstance(account, int):
        account = select(ChannelAccount, "id", [account])[0]
    told = {sha256(raw).hexdigest(): raw for raw in raws}
    alone = set(Inbox.objects.filter(account=account, delivery__in=told).values_list("delivery", flat=True))
    rows = [new_delivery(account, raw, name) for name, raw in told.items() if name not in alone]
    for row in rows:
        row.received_at = row.next_at = at
    try:
        with write():
            Inbox.objects.bulk_create(rows)
            _heard(account, at)
    except DatabaseError:
        alone = set(told)
    for name, raw in told.items():
        if name in alone:  # a name proves nothing: the bytes are looked at
            store(account, raw, at=at)


def _known(account: int, name: str) -> tuple[int, str] | None:
    """The delivery that has this name already: its key and the digest of its bytes."""
    return next(((pk, digest) for pk, digest in _named(account=account, delivery=name)), None)


_named = Prepared(
    lambda account, delivery: Inbox.objects.filter(account=account, delivery=delivery).values_list("pk", "sha256"),
    account=Inbox._meta.get_field("account"), delivery=Inbox._meta.get_field("delivery"),
)  # fmt: skip


def _name(delivery: str, told: str) -> str:
    if not delivery.strip():
        return told
    return delivery if len(delivery) <= 64 else sha256(delivery.encode("utf-8", "surrogatepass")).hexdigest()


def _heard(account: ChannelAccount, at: datetime) -> None:
    """Now and then is enough: every delivery would wait for the account's row otherwise."""
    if account.last_in_at is None or at - account.last_in_at > _SIGN_OF_LIFE:
        account.last_in_at = at
        ChannelAccount.objects.filter(pk=account.pk).update(last_in_at=at)


def due(*, at: datetime, limit: int) -> list[int]:
    """Deliveries that may be read by ``at``. What was never tried goes first: one bad delivery delays no good one."""
    found = Inbox.objects.filter(state=STORED, next_at__lte=at).order_by("attempts", "next_at", "pk")
    return list(found.values_list("pk", flat=True)[:limit])


def claim(pk: int, *, at: datetime) -> Claim | None:
    """Take the delivery ``pk``; ``None`` when another worker has it.

    A claim that a power cut undoes is none: whoever had it finds that it lost it, and the delivery is read again.
    """
    free = Inbox.objects.filter(pk=pk, state=STORED, next_at__lte=at)
    with write():
        can_skip = connection.features.has_select_for_update_skip_locked
        row = free.select_for_update(skip_locked=can_skip, of=("self",)).select_related("account__institution").first()
        if row is None:
            return None
        need_not_last()
        row.attempts += 1
        row.next_at = at + LEASE
        row.save(update_fields=["attempts", "next_at"])
    return Claim(row, row.attempts, at)


def _mine(claim: Claim) -> QuerySet[Inbox]:
    """The row while the claim holds: a worker that was away too long writes nothing."""
    return Inbox.objects.filter(Q(state=STORED, attempts=claim.attempt), pk=claim.row.pk)


def hold(claim: Claim, *, at: datetime) -> bool:
    """Renew the lease; ``False`` when the claim was lost meanwhile."""
    with write():
        return bool(_mine(claim).update(next_at=at + LEASE))


def done(claim: Claim, *, at: datetime, found: int, known: int, why: str = "") -> bool:
    """Everything in it was absorbed: ``found`` arrivals, ``known`` of them from before. ``why``: what was not read."""
    with write(apart=False):
        return bool(_mine(claim).update(state=READ, read_at=at, found=found, known=known, why=why[:200]))


def failed(claim: Claim, *, at: datetime, why: str) -> None:
    """It could not be read this time; in a while again."""
    with write():
        _mine(claim).update(next_at=at + RETRY * claim.attempt, why=why[:200])


def postpone(claim: Claim, *, until: datetime) -> None:
    """Nothing is wrong with it: it waits for what it belongs to, and this was no attempt."""
    with write():
        _mine(claim).update(next_at=until, attempts=max(0, claim.attempt - 1))


def quarantined(claim: Claim, *, case: object, at: datetime, why: str, found: int, known: int) -> None:
    """Nobody could read it, or not all of it: ``case`` is where a person looks at it."""
    with write():
        _mine(claim).update(state=UNREADABLE, case=case, read_at=at, why=why[:200], found=found, known=known)


def read_again(pk: int, *, at: datetime) -> bool:
    """Have a delivery read once more: an officer decided about something in it, or reading has improved."""
    with write():
        kept = Inbox.objects.filter(pk=pk, state=READ, erased_at__isnull=True)
        return bool(kept.update(state=STORED, attempts=0, next_at=at))
