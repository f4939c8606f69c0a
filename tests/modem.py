"""A telephone of one's own for tests: Gammu's side of its database, in the kind of the test's own database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection

from arrivals import database_url

TABLES = """
CREATE TABLE inbox ("UpdatedInDB" timestamp, "ReceivingDateTime" timestamp, "Text" TEXT NOT NULL,
  "SenderNumber" TEXT NOT NULL, "UDH" TEXT NOT NULL, "TextDecoded" TEXT NOT NULL, "ID" {serial},
  "RecipientID" TEXT NOT NULL DEFAULT '', "Processed" {flag} NOT NULL DEFAULT 'false');
CREATE TABLE outbox ("DestinationNumber" TEXT NOT NULL, "TextDecoded" TEXT NOT NULL, "Coding" TEXT NOT NULL, "UDH" TEXT,
  "Class" integer, "MultiPart" {flag} NOT NULL DEFAULT 'false', "CreatorID" TEXT NOT NULL, "DeliveryReport" TEXT,
  "SenderID" TEXT, "ID" {serial});
CREATE TABLE outbox_multipart ("TextDecoded" TEXT NOT NULL, "Coding" TEXT NOT NULL, "UDH" TEXT, "Class" integer,
  "ID" integer NOT NULL, "SequencePosition" integer NOT NULL, PRIMARY KEY ("ID", "SequencePosition"));
CREATE TABLE sentitems ("UpdatedInDB" timestamp, "DestinationNumber" TEXT, "Status" TEXT, "SendingDateTime" timestamp,
  "DeliveryDateTime" timestamp, "CreatorID" TEXT NOT NULL, "ID" integer, "SequencePosition" integer NOT NULL DEFAULT 1);
"""


class Phone:
    """Gammu's side of the database."""

    def __init__(self, address: str) -> None:
        self.address = address
        if address.startswith("sqlite"):
            self._line: Any = sqlite3.connect(address.removeprefix("sqlite:///"), isolation_level=None)
            script = TABLES.format(serial="INTEGER PRIMARY KEY AUTOINCREMENT", flag="TEXT")
        else:
            self._line = psycopg.connect(address, autocommit=True)
            script = TABLES.format(serial="serial PRIMARY KEY", flag="boolean")
        for statement in filter(str.strip, script.split(";")):
            self._line.execute(statement)

    def do(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        marked = statement if self.address.startswith("sqlite") else statement.replace("?", "%s")
        cursor = self._line.execute(marked, values)
        return list(cursor.fetchall()) if cursor.description else []

    def comes(self, text: str, udh: str = "", *, sender: str = "+628123456789", phone: str = "") -> None:
        self.do(
            'INSERT INTO inbox ("UpdatedInDB", "ReceivingDateTime", "Text", "SenderNumber", "UDH", "TextDecoded",'
            ' "RecipientID") VALUES (?, ?, ?, ?, ?, ?, ?)',
            "2026-11-16 07:59:00", "2026-11-16 07:58:00", "", sender, udh, text, phone,
        )  # fmt: skip

    def unmarked(self) -> int:
        return int(self.do("""SELECT count(*) FROM inbox WHERE "Processed" = 'false'""")[0][0])

    def close(self) -> None:
        self._line.close()


@contextmanager
def phone(folder: Path) -> Iterator[Phone]:
    """A telephone that is there while the block runs; ``folder`` takes its file."""
    if connection.vendor == "sqlite":
        found = Phone(f"sqlite:///{folder / 'smsd.db'}")
        yield found
        found.close()
        return
    with psycopg.connect(database_url(), autocommit=True) as line:
        line.execute("DROP SCHEMA IF EXISTS gammu CASCADE")
        line.execute("CREATE SCHEMA gammu")
        found = Phone(f"{database_url()}&options=-csearch_path%3Dgammu")
        yield found
        found.close()
        line.execute("DROP SCHEMA gammu CASCADE")
