"""From a database address to Django's settings: SQLite as safe as it can be, PostgreSQL with a pool."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tanggap.config.variables import BadValue

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # NORMAL loses acknowledged commits at a power cut (measured)
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA secure_delete=ON",
)
"""Spoken to every new SQLite connection; :mod:`tanggap.records.checks` asserts that they hold."""


def database(address: str, *, data: Path, pool: int) -> dict[str, Any]:
    """The ``default`` database of Django for ``address`` (empty: SQLite in ``data``). Raises :class:`BadValue`."""
    parts = urlsplit(address or f"sqlite:///{data / 'tanggap.sqlite3'}")
    if parts.scheme == "sqlite":
        # three slashes: relative to where the process runs, or absolute when the path itself begins with one
        return _sqlite(Path(unquote(parts.path[1:] if not parts.netloc else parts.path)))
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgresql(parts.username, parts.password, parts.hostname, parts.port, parts.path, parts.query, pool)
    raise BadValue(f"TANGGAP_DATABASE_URL tidak dikenal: “{parts.scheme}”. Gunakan sqlite:/// atau postgresql://.")


def _sqlite(file: Path) -> dict[str, Any]:
    return {
        "ENGINE": "tanggap.records.sqlite",
        "NAME": str(file.absolute()),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",  # deferred transactions answer "database is locked" (measured)
            "timeout": 20,
            "init_command": ";".join(PRAGMAS),
        },
    }


def _postgresql(
    user: str | None, password: str | None, host: str | None, port: int | None, path: str, query: str, pool: int
) -> dict[str, Any]:
    more = dict(parse_qsl(query))
    return {
        "ENGINE": "tanggap.records.postgresql",
        "NAME": unquote(path.lstrip("/")),
        "USER": unquote(user or ""),
        "PASSWORD": unquote(password or ""),
        "HOST": more.pop("host", host or ""),
        "PORT": str(port or more.pop("port", "")),
        "OPTIONS": {**more, "pool": {"min_size": 1, "max_size": max(pool, 1), "timeout": 10}},
    }
