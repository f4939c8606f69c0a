"""A commit that no standby has is no commit: PostgreSQL says OK, we do not."""

from __future__ import annotations

import threading
import time

import psycopg
import pytest
from django.db import OperationalError, connection, transaction

from tanggap.records.models import WorkerBeat
from worlds import MONDAY


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_commit_whose_wait_for_the_standby_was_cancelled_is_an_error_and_the_connection_lives_on() -> None:
    """Nobody is told "received" for what only one machine has."""
    connection.ensure_connection()
    own = connection.connection.info
    address = {"host": own.host, "port": own.port, "user": own.user, "dbname": own.dbname}
    with psycopg.connect(**address, autocommit=True) as other:
        other.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        other.execute("SELECT pg_reload_conf()")
        try:
            time.sleep(0.3)
            canceller = threading.Thread(target=_cancel_when_waiting, args=(address, own.backend_pid))
            canceller.start()
            with pytest.raises(OperationalError, match="not replicated"):
                _write_and_wait_for_the_standby()
            canceller.join()
        finally:
            other.execute("ALTER SYSTEM RESET synchronous_standby_names")
            other.execute("SELECT pg_reload_conf()")
    WorkerBeat.objects.get_or_create(name="x", defaults={"at": MONDAY})
    assert WorkerBeat.objects.count() == 1


def _write_and_wait_for_the_standby() -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = on")
        WorkerBeat.objects.create(name="x", at=MONDAY)


def _cancel_when_waiting(address: dict[str, object], backend: int) -> None:
    with psycopg.connect(**address, autocommit=True) as other:  # type: ignore[arg-type]
        for _ in range(100):
            row = other.execute("SELECT wait_event FROM pg_stat_activity WHERE pid = %s", [backend]).fetchone()
            if row and row[0] == "SyncRep":
                other.execute("SELECT pg_cancel_backend(%s)", [backend])
                return
            time.sleep(0.05)
