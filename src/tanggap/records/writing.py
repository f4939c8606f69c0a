"""Write transactions, one at a time per process where the database allows only one writer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

from django.db import OperationalError, connection, transaction

_lock = RLock()


@contextmanager
def write(*, apart: bool = True) -> Iterator[None]:
    """A write transaction. On SQLite threads queue here, not in the database: its busy handler sleeps and starves,

    a lock wakes the next thread at once (measured: longest wait 64 ms instead of seconds).

    Within another it can be undone by itself; ``apart=False``: it stands or falls with that one, which costs less.
    """
    if connection.vendor == "sqlite":
        with _lock, transaction.atomic(savepoint=apart):
            yield
    else:
        with transaction.atomic(savepoint=apart):
            yield


def need_not_last() -> None:
    """In a transaction: it need not outlive a power cut, and nobody waits for the disk (where the database can so)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO off")


def unreachable(error: Exception) -> bool:
    """True when ``error`` says that the database itself is in trouble, and not just what was asked of it.

    SQLite calls "operational" what no other statement would escape (locked, full, unreadable); PostgreSQL also what
    concerns one transaction (a deadlock, a timeout), but there a lost connection can be told.
    """
    if connection.vendor == "sqlite":
        return isinstance(error, OperationalError)
    return not connection.is_usable()
