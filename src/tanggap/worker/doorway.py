"""The worker's end of :mod:`tanggap.worker.doorstep`: mails of this machine's mail server are taken and stored.

One worker of a data folder does it, whoever has the lock; the others wait until it is free.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from threading import Event

from django.conf import settings
from django.db import Error as DatabaseTrouble
from django.db import connections

from tanggap.worker import handing
from tanggap.worker.doorstep import ANSWER, HEAD, LATER, LOCK, MOST_BYTES, SOCKET, STORED, meant, take
from tanggap.worker.gathering import Gatherer
from tanggap.worker.rounds import keep_looking

LINES = 8
"""So many mails are taken at the same time: each may be as large as a mail may be."""
_LOOK_SECONDS = 0.5
_LINE_SECONDS = 30.0

_log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


def run(stop: Event, clock: Clock, *, seconds: float) -> None:
    """Take mails until ``stop`` is set. Where there can be no such socket each mail is stored by who brings it."""
    told = False

    def look() -> bool:
        nonlocal told
        try:
            with _door(Path(settings.TANGGAP_DATA)) as door:
                _serve(door, stop, clock)
        except BlockingIOError:
            pass  # another worker stands here
        except OSError as error:
            if not told:
                _log.warning("no mails are taken by a socket: %s", error.strerror or error)
            told = True
        return False

    keep_looking(stop, look, seconds=seconds, what="mails that are handed over")


@contextmanager
def _door(folder: Path) -> Iterator[socket.socket]:
    """The socket, for its owner alone. Raises ``BlockingIOError`` when another worker has it."""
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        flock(handle, LOCK_EX | LOCK_NB)
        path = folder / SOCKET
        path.unlink(missing_ok=True)  # of a worker that was killed
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(str(path))
            path.chmod(0o600)
            door.listen(128)
            door.settimeout(_LOOK_SECONDS)
            try:
                yield door
            finally:
                path.unlink(missing_ok=True)
    finally:
        os.close(handle)


def _serve(door: socket.socket, stop: Event, clock: Clock) -> None:
    gatherer, known = Gatherer(clock), handing.Known()
    try:
        with ThreadPoolExecutor(LINES, thread_name_prefix="door") as lines:
            while not stop.is_set():
                with suppress(TimeoutError):
                    line, _ = door.accept()
                    lines.submit(_one, line, gatherer, known)
    finally:
        gatherer.close()


def _one(line: socket.socket, gatherer: Gatherer, known: handing.Known) -> None:
    """One mail of one line. Whoever asks for something else is hung up on."""
    with suppress(OSError), line:
        line.settimeout(_LINE_SECONDS)
        database, name, size = HEAD.unpack(take(line.recv, HEAD.size))
        if database != meant(os.environ) or size > MOST_BYTES:
            return
        account = take(line.recv, name).decode("utf-8", "replace")
        code, sentence = _stored(account, take(line.recv, size), gatherer, known)
        said = sentence.encode()[:1000]
        line.sendall(ANSWER.pack(code, len(said)) + said)


def _stored(word: str, raw: bytes, gatherer: Gatherer, known: handing.Known) -> tuple[int, str]:
    try:
        account = known.get(word)
        if account is None:
            try:
                account = known.found(word, handing.named(word))
            finally:
                connections.close_all()
        if account is None:
            return LATER, handing.NO_ACCOUNT.format(word)
        gatherer.give(account, raw).result()
    except DatabaseTrouble:
        return LATER, "Basis data tidak menjawab; surel belum disimpan."
    except Exception as error:  # noqa: BLE001  whatever it was: it is not stored, and must come again
        _log.exception("a mail could not be stored; its server keeps it")
        return LATER, f"Surel belum dapat disimpan: {type(error).__name__}."
    return STORED, ""
