"""How fast an account may send: a token bucket per account, shared by all workers."""

from __future__ import annotations

from datetime import datetime, timedelta

from tanggap.records.keys import keyed_digest
from tanggap.records.models import Bucket
from tanggap.records.writing import write


def take(account: int, *, per_minute: int, at: datetime) -> timedelta:
    """Take a token to send by ``account``: zero when it may leave now, else how long until one is there.

    A minute's worth may leave at once, then ``per_minute``.
    """
    rate, key = per_minute / 60.0, keyed_digest("pace", str(account)).hex()
    with write():
        row, _fresh = Bucket.objects.select_for_update().get_or_create(
            key=key, defaults={"tokens": float(per_minute), "at": at}
        )
        tokens = min(float(per_minute), row.tokens + max(0.0, (at - row.at).total_seconds()) * rate)
        wait = timedelta(0) if tokens >= 1.0 else timedelta(seconds=(1.0 - tokens) / rate)
        Bucket.objects.filter(pk=key).update(tokens=tokens if wait else tokens - 1.0, at=max(at, row.at))
    return wait
