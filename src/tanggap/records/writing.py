"""Write transactions, one at a time per process where the database allows only one writer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

from django.db import connection, transaction

_lock = RLock()


@contextmanager
def write() -> Iterator[None]:
    """A write transaction. On SQLite threads queue here, not in the database: its busy handler sleeps and starves,

    a lock wakes the next thread at once (measured: longest wait 64 ms instead of seconds).
    """
    if connection.vendor == "sqlite":
        with _lock, transaction.atomic():
            yield
    else:
        with transaction.atomic():
            yield
