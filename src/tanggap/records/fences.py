"""Triggers that refuse to change what must never change: the log, looks at identities, acts, approved SOPs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

APPEND_ONLY = (
    "records_caseevent", "records_identityreveal", "records_calendarversion", "records_calendarmove",
    "records_boxopening", "records_boxslip",
    "records_organisationact", "records_organisationmove", "records_senderreveal",
)  # fmt: skip
SOPS = "records_sopversion"
_FIXED = ("institution_id", "sop_id", "hash", "text", "approved_at")
_NEVER = "append-only: rows here are never changed or removed"
_APPROVED = "an approved SOP version is never changed or removed"


def raise_fences(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers, on those of the tables that are there: a migration raises them again for what it adds."""
    tables = _there(connection)
    _run(connection, _sqlite(tables) if connection.vendor == "sqlite" else _postgresql(tables))


def _there(connection: BaseDatabaseWrapper) -> list[str]:
    known = set(connection.introspection.table_names())
    return [table for table in APPEND_ONLY if table in known]


def lower_fences(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: for migrations, and for tests that empty their tables."""
    tables = (*_there(connection), SOPS)
    names = [f"{table}_{what}" for table in tables for what in ("update", "delete", "truncate")]
    if connection.vendor == "sqlite":
        _run(connection, [f"DROP TRIGGER IF EXISTS {name}" for name in names])
        return
    for table in tables:
        _run(connection, [f"DROP TRIGGER IF EXISTS {table}_{w} ON {table}" for w in ("update", "delete", "truncate")])


@contextmanager
def lowered(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Work without the fences, and put them back."""
    lower_fences(connection)
    try:
        yield
    finally:
        raise_fences(connection)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the triggers that should stand and do not."""
    wanted = {f"{table}_{what}" for table in (*APPEND_ONLY, SOPS) for what in ("update", "delete")}
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor != "sqlite":
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        return sorted(wanted - {str(row[0]) for row in cursor.fetchall()})


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _changed(columns: tuple[str, ...], differs: str) -> str:
    return " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in columns)


def _sqlite(tables: Sequence[str]) -> list[str]:
    refuse = "BEGIN SELECT RAISE(ABORT, '{}'); END"
    never, approved = refuse.format(_NEVER), refuse.format(_APPROVED)
    made = []
    for table in tables:
        made.append(f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} {never}")
        made.append(f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} {never}")
    guard = f"WHEN OLD.approved_at IS NOT NULL AND ({_changed(_FIXED, 'IS NOT')})"
    made.append(f"CREATE TRIGGER {SOPS}_update BEFORE UPDATE ON {SOPS} {guard} {approved}")
    made.append(f"CREATE TRIGGER {SOPS}_delete BEFORE DELETE ON {SOPS} WHEN OLD.approved_at IS NOT NULL {approved}")
    return made


def _postgresql(tables: Sequence[str]) -> list[str]:
    made = []
    for name, said in (("tanggap_never", _NEVER), ("tanggap_approved", _APPROVED)):
        made.append(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{said}'; END $$"
        )
    for table in tables:
        made.extend(
            f"CREATE TRIGGER {table}_{what} BEFORE {what.upper()} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION tanggap_never()"
            for what in ("update", "delete")
        )
        made.append(
            f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION tanggap_never()"
        )
    guard = f"WHEN (OLD.approved_at IS NOT NULL AND ({_changed(_FIXED, 'IS DISTINCT FROM')}))"
    made.append(
        f"CREATE TRIGGER {SOPS}_update BEFORE UPDATE ON {SOPS} FOR EACH ROW {guard} EXECUTE FUNCTION tanggap_approved()"
    )
    made.append(
        f"CREATE TRIGGER {SOPS}_delete BEFORE DELETE ON {SOPS} FOR EACH ROW WHEN (OLD.approved_at IS NOT NULL) "
        "EXECUTE FUNCTION tanggap_approved()"
    )
    return made
