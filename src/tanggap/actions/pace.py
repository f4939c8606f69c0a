"""How fast an account may send: a token bucket per account, shared by all workers, and a pause when a platform asks."""

from __future__ import annotations

from datetime import datetime, timedelta

from tanggap.records.keys import keyed_digest
from tanggap.records.models import Bucket
from tanggap.records.writing import write

_LONGEST = timedelta(hours=24)


def take(account: int, *, per_minute: int, at: datetime) -> timedelta:
    """Take a token to send by ``account``: zero when it may leave now, else how long until one is there.

    A minute's worth may leave at once, then ``per_minute``.
    """
    rate = per_minute / 60.0
    with write():
        row = _row(account, per_minute, at)
        tokens = min(float(per_minute), row.tokens + max(0.0, (at - row.at).total_seconds()) * rate)
        moment = max(at, row.at)
        if tokens >= 1.0:
            tokens -= 1.0
            wait = timedelta(0)
        else:
            wait = timedelta(seconds=(1.0 - tokens) / rate)
        Bucket.objects.filter(pk=row.pk).update(tokens=tokens, at=moment)
    return wait


def pause(account: int, *, seconds: float, per_minute: int, at: datetime) -> None:
    """The platform asks to wait: nothing leaves by ``account`` for ``seconds`` (a day at most)."""
    asked = min(timedelta(seconds=max(0.0, seconds)), _LONGEST).total_seconds()
    with write():
        row = _row(account, per_minute, at)
        owed = 1.0 - asked * per_minute / 60.0
        Bucket.objects.filter(pk=row.pk).update(tokens=min(row.tokens, owed), at=max(at, row.at))


def _row(account: int, per_minute: int, at: datetime) -> Bucket:
    key = keyed_digest("pace", str(account)).hex()
    found, _fresh = Bucket.objects.select_for_update().get_or_create(
        key=key, defaults={"tokens": float(per_minute), "at": at}
    )
    return found
