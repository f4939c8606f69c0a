"""Whose turn it is to look into a mailbox: one worker at a time, by a lease, and slower while it does not work."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from tanggap.records.models import ChannelAccount
from tanggap.records.writing import write

LEASE = timedelta(minutes=1)
"""How long an account is left to its worker, who renews it while the visit lasts."""
EVERY = timedelta(seconds=30)
_LONGEST = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Turn:
    """An account in the hands of one worker. ``number`` is the fence: a later turn has another."""

    account: ChannelAccount
    number: int


def due(channels: Collection[str], *, at: datetime) -> list[int]:
    """Accounts in use, of ``channels``, that may be looked into by ``at``; who waited longest first."""
    free = ChannelAccount.objects.filter(_free(at), active=True, channel__in=channels)
    return list(free.order_by(F("next_at").asc(nulls_first=True), "pk").values_list("pk", flat=True))


def take(pk: int, *, at: datetime) -> Turn | None:
    """Take the account ``pk``; ``None`` when another worker has it."""
    with write():
        mine = ChannelAccount.objects.filter(_free(at), pk=pk, active=True)
        if not mine.update(next_at=at + LEASE, turn=F("turn") + 1):
            return None
    found = ChannelAccount.objects.select_related("institution").get(pk=pk)
    return Turn(found, found.turn)


def hold(turn: Turn, *, at: datetime) -> bool:
    """Renew the lease; ``False`` when the turn was lost meanwhile."""
    with write():
        return bool(_mine(turn).update(next_at=at + LEASE))


def finish(turn: Turn, *, at: datetime, well: bool, again: bool = False) -> None:
    """The turn is over. ``again``: there is more. What does not work is tried after a pause that doubles each time."""
    failures = 0 if well else min(turn.account.failures + 1, 100)
    pause = min(EVERY * 2 ** min(failures, 10), _LONGEST) if failures else EVERY
    with write():
        _mine(turn).update(next_at=at if again else at + pause, failures=failures)


def _free(at: datetime) -> Q:
    return Q(next_at=None) | Q(next_at__lte=at)


def _mine(turn: Turn) -> QuerySet[ChannelAccount]:
    return ChannelAccount.objects.filter(pk=turn.account.pk, turn=turn.number)
