"""The database of Gammu SMSD: rows that came in are stored before they are marked, and rows to be sent are written.

Source: the published description of its tables. SQLite and PostgreSQL name them alike; a column says ``true`` in words.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import psycopg
from psycopg.rows import dict_row

from tanggap.channels import gammu
from tanggap.channels.contract import Fate, Outcome, Outgoing
from tanggap.worker.visits import CannotOpen, Visit

WAITS = timedelta(minutes=10)
"""How long pieces of a long message wait for the others; then they are handed on without."""
BATCH = 500
_SECONDS = 10
_LETTER = re.compile(r"[0-9a-f]{32}")
_TROUBLE = (sqlite3.Error, psycopg.Error, OSError)


class Database:
    """An open database: the same few statements for both kinds."""

    def __init__(self, connection: Any, mark: str) -> None:
        self._connection, self._mark = connection, mark

    def rows(self, statement: str, *values: object) -> list[dict[str, Any]]:
        """The rows that ``statement`` (with ``?``) brings."""
        found = self._connection.execute(statement.replace("?", self._mark), values).fetchall()
        return [dict(row) for row in found]

    def do(self, statement: str, *values: object) -> Any:
        """Do ``statement``; its cursor."""
        return self._connection.execute(statement.replace("?", self._mark), values)

    def commit(self) -> None:
        """What was done stands."""
        self._connection.commit()


@contextmanager
def opened(settings: Mapping[str, str]) -> Iterator[Database]:
    """The database of an account. Raises :class:`CannotOpen`, also for what goes wrong while it is used."""
    address = settings.get("database", "").strip()
    try:
        with closing(_connected(address)) as connection:
            yield Database(connection, "?" if address.startswith("sqlite:") else "%s")
    except _TROUBLE as error:
        raise CannotOpen(f"Basis data Gammu tidak dapat dipakai ({type(error).__name__}).") from None


def _connected(address: str) -> Any:
    if address.startswith("sqlite:///"):
        path = Path(unquote(address.removeprefix("sqlite:///")))
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=_SECONDS)
        connection.row_factory = sqlite3.Row
        return connection
    if address.startswith(("postgresql://", "postgres://")):
        return psycopg.connect(address, connect_timeout=_SECONDS, row_factory=dict_row)
    raise CannotOpen("Basis data Gammu ditulis sqlite:///berkas atau postgresql://...")


# what came in ---------------------------------------------------------------------------------------------------------

_INBOX = '"ID", "SenderNumber", "ReceivingDateTime", "Text", "TextDecoded", "UDH", "RecipientID"'
_SENT = (
    '"ID", "DestinationNumber", "Status", "SendingDateTime", "DeliveryDateTime", "CreatorID", "SequencePosition", '
    '"UpdatedInDB"'
)


def visit(
    settings: Mapping[str, str], cursor: dict[str, Any], *, at: datetime, store: Callable[[bytes], object],
    going_on: Callable[[], bool],
) -> Visit:  # fmt: skip
    """Store what came in and what became of ours; a row is marked only when ``store`` has returned.

    ``cursor``: since when pieces wait (``first``), and up to when sent rows were looked at (``sent``); it moves on.
    Raises :class:`CannotOpen`.
    """
    done = Visit()
    with opened(settings) as database:
        rows = _unprocessed(database, settings)
        first = {str(row["ID"]): cursor.get("first", {}).get(str(row["ID"]), at.isoformat()) for row in rows}
        cursor["first"] = first
        for group in _ready(rows, first, at):
            if not going_on():
                return done
            store(gammu.delivery(group))
            for row in group:
                database.do('UPDATE inbox SET "Processed" = ? WHERE "ID" = ?', "true", row["ID"])
                first.pop(str(row["ID"]), None)
            database.commit()
            done.stored += 1
        for letter in _news_of_ours(database, cursor):
            store(_state_of(database, letter))
            done.stored += 1
        done.again = len(rows) == BATCH and done.stored > 0
    return done


def _unprocessed(database: Database, settings: Mapping[str, str]) -> list[dict[str, Any]]:
    phone = settings.get("phone_id", "")
    mine = ' AND "RecipientID" = ?' if phone else ""
    statement = f'SELECT {_INBOX} FROM inbox WHERE "Processed" = ?{mine} ORDER BY "ID" LIMIT {BATCH}'  # noqa: S608
    return database.rows(statement, "false", *([phone] if phone else []))


def _ready(rows: Sequence[dict[str, Any]], first: Mapping[str, str], at: datetime) -> Iterator[list[dict[str, Any]]]:
    """Messages whose pieces are all here, and those that were waited for long enough."""
    groups: dict[tuple[str, str, int, int], list[dict[str, Any]]] = {}
    for row in rows:
        place = gammu.place(str(row["UDH"] or ""))
        if place is None:
            yield [row]
            continue
        turn = 0  # the same reference once more is another message
        while any(_number(one) == place.number for one in groups.get(_key(row, place, turn), ())):
            turn += 1
        groups.setdefault(_key(row, place, turn), []).append(row)
    for (_sender, _ref, count, _turn), pieces in groups.items():
        since = min(datetime.fromisoformat(first[str(piece["ID"])]) for piece in pieces)
        if len(pieces) == count or at - since >= WAITS:
            yield pieces


def _key(row: Mapping[str, Any], place: gammu.Place, turn: int) -> tuple[str, str, int, int]:
    return str(row["SenderNumber"]), place.ref, place.count, turn


def _number(row: Mapping[str, Any]) -> int:
    place = gammu.place(str(row["UDH"] or ""))
    return place.number if place is not None else 0


def _news_of_ours(database: Database, cursor: dict[str, Any]) -> list[str]:
    """Letters of ours of which a piece was sent or reported on since; a minute is looked at twice."""
    since = str(cursor.get("sent") or "1970-01-01 00:00:00")
    statement = f'SELECT {_SENT} FROM sentitems WHERE "UpdatedInDB" >= ? ORDER BY "UpdatedInDB" LIMIT {BATCH}'  # noqa: S608
    rows = database.rows(statement, since)
    if rows:
        last = datetime.fromisoformat(str(rows[-1]["UpdatedInDB"])).replace(microsecond=0)
        cursor["sent"] = max(since, str(last - timedelta(minutes=1))) if len(rows) < BATCH else str(last)
    letters = dict.fromkeys(str(row["CreatorID"] or "") for row in rows)
    return [letter for letter in letters if _LETTER.fullmatch(letter)]


def _state_of(database: Database, letter: str) -> bytes:
    """All pieces of a letter as they stand now: Gammu reports on each by itself."""
    statement = f'SELECT {_SENT} FROM sentitems WHERE "CreatorID" = ? ORDER BY "ID", "SequencePosition"'  # noqa: S608
    waiting = database.rows('SELECT "ID" FROM outbox WHERE "CreatorID" = ? LIMIT 1', letter)
    return gammu.delivery(database.rows(statement, letter), table_name="sentitems", under_way=bool(waiting))


# what goes out --------------------------------------------------------------------------------------------------------


def send(outgoing: Outgoing, settings: Mapping[str, str]) -> Outcome:
    """Hand ``outgoing`` to Gammu; the same letter once more is known. Raises :class:`CannotOpen` and ``CannotSend``."""
    written = gammu.rows(outgoing, settings)
    with opened(settings) as database:
        for table in ("outbox", "sentitems"):
            if database.rows(f'SELECT "ID" FROM {table} WHERE "CreatorID" = ? LIMIT 1', outgoing.letter):  # noqa: S608
                return Outcome(Fate.SENT, outgoing.letter)
        (row,) = database.rows(*_insert("outbox", written.outbox, returning=' RETURNING "ID"'))
        for piece in written.pieces:
            database.do(*_insert("outbox_multipart", {**piece, "ID": row["ID"]}))
        database.commit()
    return Outcome(Fate.SENT, outgoing.letter)


def _insert(table: str, values: Mapping[str, Any], *, returning: str = "") -> tuple[Any, ...]:
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" for _ in values)
    return f"INSERT INTO {table} ({names}) VALUES ({marks}){returning}", *values.values()  # noqa: S608  our own names
