"""Stores mails that are handed over at the same time in one transaction, so that all of them wait for the disk once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from queue import SimpleQueue
from threading import Thread

from django.db import Error as DatabaseTrouble
from django.db import close_old_connections, connections

from tanggap.actions import inbox

AT_ONCE = 100
BYTES = 4 * 1024 * 1024
"""So many wait for one transaction at most, of so many bytes."""

_log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


class _Mail:
    """A mail that waits, for whom, and who waits for it."""

    __slots__ = ("account", "raw", "stored")

    def __init__(self, account: int, raw: bytes) -> None:
        self.account, self.raw = account, raw
        self.stored: Future[None] = Future()


class Gatherer:
    """One thread that stores; whoever hands over waits for the future that :meth:`give` returns."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: SimpleQueue[_Mail | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="gatherer", daemon=True)
        self._thread.start()

    def give(self, account: int, raw: bytes) -> Future[None]:
        """Done when ``raw`` is stored for good; raises what kept it from being stored."""
        mail = _Mail(account, raw)
        self._waiting.put(mail)
        return mail.stored

    def close(self) -> None:
        """Store what waits, then end."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        try:
            while (first := self._waiting.get()) is not None:
                mails, ends = self._together(first)
                try:
                    close_old_connections()
                    self._store(mails)
                except Exception as error:  # noqa: BLE001  nobody would start this thread again
                    _log.exception("mails could not be stored; their servers keep them")
                    for mail in mails:
                        if not mail.stored.done():
                            mail.stored.set_exception(error)
                if ends:
                    return
        finally:
            connections.close_all()

    def _together(self, first: _Mail) -> tuple[list[_Mail], bool]:
        """Whatever waits besides ``first``; and whether that was all for ever."""
        mails, size = [first], len(first.raw)
        while len(mails) < AT_ONCE and size < BYTES and not self._waiting.empty():
            mail = self._waiting.get()
            if mail is None:
                return mails, True
            mails.append(mail)
            size += len(mail.raw)
        return mails, False

    def _store(self, mails: list[_Mail]) -> None:
        by_account: dict[int, list[_Mail]] = {}
        for mail in mails:
            if not mail.stored.set_running_or_notify_cancel():
                continue  # whoever brought it hung up, and brings it again; from here on nobody can
            by_account.setdefault(mail.account, []).append(mail)
        for account, his in by_account.items():
            if len(his) > 1 and self._stored_together(account, his):
                continue
            for mail in his:
                self._alone(mail)

    def _stored_together(self, account: int, mails: list[_Mail]) -> bool:
        try:
            inbox.store_all(account, [mail.raw for mail in mails], at=self._clock())
        except Exception:  # noqa: BLE001  whose fault it was is found out one by one
            connections.close_all()
            return False
        for mail in mails:
            mail.stored.set_result(None)
        return True

    def _alone(self, mail: _Mail) -> None:
        try:
            inbox.store(mail.account, mail.raw, at=self._clock())
        except BaseException as error:  # noqa: BLE001  whoever waits hears of it
            if isinstance(error, DatabaseTrouble):
                connections.close_all()
            mail.stored.set_exception(error)
        else:
            mail.stored.set_result(None)
