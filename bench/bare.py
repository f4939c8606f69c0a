"""What the database does without Tanggap and without Django: inserts, commits and reads by the plain driver."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from time import perf_counter

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


def blobs(name: str, folder: Path, raws: Sequence[bytes]) -> Times:
    """Transactions of one insert each, of as many bytes as ``raws`` have."""
    with connected(name, folder) as (execute, commit, mark):
        execute(f"CREATE TABLE blobs (n integer, raw {'blob' if name == 'sqlite' else 'bytea'})")
        if name != "sqlite":
            commit()

        def transaction(n: int, raw: bytes) -> None:
            if name == "sqlite":
                execute("BEGIN IMMEDIATE")
            execute(f"INSERT INTO blobs VALUES ({mark}, {mark})", (n, raw))
            commit()

        found = timed((partial(transaction, n, raw) for n, raw in enumerate(raws)), seconds=60)
        for table in ("blobs", "bare"):
            execute(f"DROP TABLE {table}")
        if name != "sqlite":
            commit()
        return found


def many(name: str, folder: Path, *, rows: int, text: str, at_once: int) -> float:
    """Seconds to insert ``rows`` rows with ``text``, ``at_once`` in a transaction, as fast as the driver can."""
    values = [(n, text) for n in range(at_once)]
    if name == "sqlite":
        lite = sqlite3.connect(folder / "many.sqlite3", isolation_level=None)
        lite.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE bare (n integer, text text)")
        begun = perf_counter()
        for start in range(0, rows, at_once):
            lite.execute("BEGIN IMMEDIATE")
            lite.executemany("INSERT INTO bare VALUES (?, ?)", values[: rows - start])
            lite.execute("COMMIT")
        spent = perf_counter() - begun
        lite.close()
        return spent
    with psycopg.connect(os.environ["TANGGAP_DATABASE_URL"]) as server:
        server.execute("CREATE TABLE many (n integer, text text)")
        server.commit()
        begun = perf_counter()
        for start in range(0, rows, at_once):
            with server.cursor().copy("COPY many FROM STDIN") as copy:
                for value in values[: rows - start]:
                    copy.write_row(value)
            server.commit()
        return perf_counter() - begun
