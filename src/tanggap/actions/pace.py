"""How fast an account may send, and an address be served: token buckets, shared by all workers and pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

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


def slowed(kind: str, source: str, *, per_minute: int, most: int, at: datetime) -> int:
    """Count one more of ``source``: 0 while it is within a minute's worth, else the seconds it has to wait.

    Each one beyond waits for a turn of its own, but never longer than ``most``.
    """
    rate, key = per_minute / 60.0, keyed_digest("bucket", kind, source).hex()
    with write():
        row, _fresh = Bucket.objects.select_for_update().get_or_create(
            key=key, defaults={"tokens": float(per_minute), "at": at}
        )
        refilled = min(float(per_minute), row.tokens + max(0.0, (at - row.at).total_seconds()) * rate)
        tokens = max(-most * rate, refilled - 1.0)
        Bucket.objects.filter(pk=key).update(tokens=tokens, at=max(at, row.at))
    return min(most, ceil(-tokens / rate)) if tokens < 0 else 0
