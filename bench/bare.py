"""What the database does without Tanggap and without Django: inserts, commits and reads by the plain driver."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

from bench.figures import Times, timed

PAYLOAD = "x" * 1_000
"""About as much as an act writes."""

Execute = Callable[..., object]


@contextmanager
def connected(name: str, folder: Path) -> Iterator[tuple[Execute, Execute, str]]:
    """A plain connection beside Tanggap's (SQLite: to a file of its own): how to execute, commit, mark a value."""
    if name == "sqlite":
        lite = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
        lite.execute("PRAGMA journal_mode=WAL")
        lite.execute("PRAGMA synchronous=FULL")
        lite.execute("CREATE TABLE bare (n integer, text text)")
        yield lite.execute, lambda: lite.execute("COMMIT"), "?"
        lite.close()
        return
    with psycopg.connect(os.environ["TANGGAP_DATABASE_URL"]) as server:
        server.execute("CREATE TABLE bare (n integer, text text)")
        server.commit()
        yield server.execute, server.commit, "%s"


def commits(name: str, folder: Path, *, statements: int, seconds: float) -> Times:
    """Transactions of ``statements`` single-row inserts each, one after another."""
    with connected(name, folder) as (execute, commit, mark):
        insert = f"INSERT INTO bare VALUES ({mark}, {mark})"

        def transaction() -> None:
            if name == "sqlite":
                execute("BEGIN IMMEDIATE")
            for n in range(statements):
                execute(insert, (n, PAYLOAD if n == 0 else "x"))
            commit()

        found = timed((transaction for _ in count()), seconds=seconds)
        execute("DROP TABLE bare")
        if name != "sqlite":
            commit()
        return found
