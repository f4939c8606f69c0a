"""The backend: as Django's own, but a COMMIT whose wait for the standby was cancelled is an error, not a success.

With synchronous replication, cancelling the wait makes COMMIT answer OK with a mere warning (SQLSTATE 01000) though no
standby has the transaction (measured): whoever was told "received" could lose it with the primary. Raised as an
``OperationalError``, the same form is sent again with the same key and gets the same number.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import OperationalError
from django.db.backends.postgresql import base
from psycopg.types.datetime import TimestamptzLoader

_WARNING = "01000"


class _Moment(TimestamptzLoader):
    """A moment, read in a tenth of the time: an act reads dozens. What it cannot read is left to psycopg."""

    timezone = UTC

    def load(self, data: Any) -> datetime:
        try:
            found = datetime.fromisoformat(bytes(data).decode())
        except ValueError:
            return super().load(data).replace(tzinfo=UTC)
        return found if found.tzinfo is UTC else found.astimezone(UTC)


class DatabaseWrapper(base.DatabaseWrapper):
    """See the module."""

    _commits = False
    _warned = ""

    def get_connection_params(self) -> dict[str, Any]:
        """As Django's, with moments read quickly."""
        told: dict[str, Any] = super().get_connection_params()
        told["context"].adapters.register_loader("timestamptz", _Moment)
        return told

    def init_connection_state(self) -> None:
        """Listen to warnings from the first moment."""
        super().init_connection_state()
        self.connection.add_notice_handler(self._heard)

    def _heard(self, diagnostic: Any) -> None:
        if self._commits and diagnostic.sqlstate == _WARNING:
            self._warned = diagnostic.message_primary or _WARNING

    def _commit(self) -> None:
        self._commits, self._warned = True, ""
        try:
            super()._commit()  # type: ignore[misc]  # without types in the stubs
        finally:
            self._commits = False
        if self._warned:
            raise OperationalError(f"committed here, but not replicated: {self._warned}")

    def _close(self) -> Any:
        if self.connection is not None:  # it goes back to the pool, and to other threads
            self.connection.remove_notice_handler(self._heard)
        return super()._close()  # type: ignore[misc]
