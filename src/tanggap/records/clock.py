"""The clock of the database server: one for all who write to it, wherever they run."""

from __future__ import annotations

from datetime import datetime

from django.db import connection


def database_now() -> datetime | None:
    """The moment by the clock of the server (aware, UTC); ``None`` on SQLite, which has no clock of its own."""
    if connection.vendor == "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found
