"""Looks into what does not call by itself: mailboxes and telephones, each in a thread of its own, one worker at a time.

What is fetched is stored (:func:`tanggap.actions.inbox.store`) before its source hears that we have it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Event, Thread

from django.db import Error as DatabaseTrouble
from django.db import connections

from tanggap.actions import channel_accounts, inbox, polling
from tanggap.actions.polling import Turn
from tanggap.channels import email, gammu
from tanggap.worker import gammu_database, mailboxes, probing
from tanggap.worker.calling import Caller
from tanggap.worker.rounds import keep_looking
from tanggap.worker.visits import CannotOpen, Visit

MOST_AT_ONCE = 32
_LONGEST_PAUSE = 2.0
_LAST_SECONDS = 10.0
_TRYING = "try"
RENEW_SECONDS = 15.0
"""A visit renews its lease (:data:`tanggap.actions.polling.LEASE`) so often."""

_log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


def _mailbox(turn: Turn, clock: Clock, stop: Event) -> Visit:
    account = turn.account
    settings = channel_accounts.settings_of(account)
    cursor = mailboxes.Cursor.of(account.cursor)
    try:
        with _Lease(turn, clock, stop) as going_on:
            return mailboxes.visit(
                settings,
                cursor,
                since=account.made_at,
                store=lambda raws: inbox.store_all(account, raws, at=clock()),
                going_on=going_on,
            )
    finally:
        account.cursor = cursor.told()


class _Lease:
    """The account is ours as long as the block runs, renewed beside it: whatever a message takes, and when this
    process dies others wait no longer than a lease. Called: whether to go on.
    """

    def __init__(self, turn: Turn, clock: Clock, stop: Event) -> None:
        self._turn, self._clock, self._stop = turn, clock, stop
        self._over, self._ours = Event(), True
        self._beside = Thread(target=self._renew, name="lease", daemon=True)

    def __enter__(self) -> Callable[[], bool]:
        self._beside.start()
        return lambda: self._ours and not self._stop.is_set()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._beside.join()

    def _renew(self) -> None:
        try:
            while not self._over.wait(RENEW_SECONDS):
                try:
                    self._ours = polling.hold(self._turn, at=self._clock())
                except DatabaseTrouble:
                    _log.warning("a lease could not be renewed; trying again")
                    connections.close_all()
        finally:
            connections.close_all()


def _telephone(turn: Turn, clock: Clock, stop: Event) -> Visit:
    account, cursor = turn.account, dict(turn.account.cursor)
    try:
        with _Lease(turn, clock, stop) as going_on:
            return gammu_database.visit(
                channel_accounts.settings_of(account),
                cursor,
                at=clock(),
                store=lambda raw: inbox.store(account, raw, at=clock()),
                going_on=going_on,
            )
    finally:
        account.cursor = cursor


_VISITS: Mapping[str, Callable[[Turn, Clock, Event], Visit]] = {email.KEY: _mailbox, gammu.KEY: _telephone}
"""How accounts of a channel are looked into, by its key."""


def run(stop: Event, clock: Clock, *, seconds: float) -> None:
    """Look round until ``stop`` is set. An account that answers slowly, or not at all, holds up no other."""
    busy: list[Thread] = []
    caller = Caller()

    def look() -> bool:
        busy[:] = [one for one in busy if one.is_alive()]
        if channel_accounts.tests_asked() and not any(one.name == _TRYING for one in busy):
            busy.append(_begun(_TRYING, _try_in_a_thread, clock, caller))
        turns = _turns(clock(), MOST_AT_ONCE - len(busy))
        busy.extend([_begun("fetch", _in_a_thread, turn, clock, stop) for turn in turns])
        return False

    keep_looking(stop, look, seconds=min(seconds, _LONGEST_PAUSE), what="mailboxes")
    for thread in busy:
        thread.join(timeout=_LAST_SECONDS)
    connections.close_all()


def _begun(name: str, work: Callable[..., None], *args: object) -> Thread:
    thread = Thread(target=work, args=args, name=name, daemon=True)
    thread.start()
    return thread


def _try_in_a_thread(clock: Clock, caller: Caller) -> None:
    try:
        try_accounts(clock, caller)
    except DatabaseTrouble:
        _log.exception("the database does not answer; accounts are tried later")
    finally:
        connections.close_all()


def try_accounts(clock: Clock, caller: Caller) -> None:
    """Try the accounts whose button somebody pressed, and write down what came of it."""
    for account in channel_accounts.tests_asked():
        found = probing.probe_account(account, caller)
        channel_accounts.tried(account, well=found.well, says=found.says, at=clock())


def drain(clock: Clock) -> int:
    """Look into everything that is due, one after the other, until nothing more is there; how many visits that were."""
    visits, stop = 0, Event()
    while turns := _turns(clock(), 1):
        look_into(turns[0], clock, stop)
        visits += 1
    return visits


def _turns(at: datetime, most: int) -> list[Turn]:
    taken = []
    for pk in polling.due(_VISITS, at=at)[: max(0, most)]:
        turn = polling.take(pk, at=at)
        if turn is not None:
            taken.append(turn)
    return taken


def _in_a_thread(turn: Turn, clock: Clock, stop: Event) -> None:
    try:
        look_into(turn, clock, stop)
    except DatabaseTrouble:
        _log.exception("the database does not answer; account %s is left until its lease ends", turn.account.pk)
    finally:
        connections.close_all()


def look_into(turn: Turn, clock: Clock, stop: Event) -> None:
    """One visit, and how the account stands after it. What is wrong with it is told there, and ends nothing."""
    account, again, brought = turn.account, False, 0
    if account.channel == email.KEY and not account.settings.get("imap_host"):
        polling.finish(turn, at=clock(), well=True)  # its mails are handed over by a mail server
        return
    try:
        done = _VISITS[account.channel](turn, clock, stop)
        why, again, brought = done.why, done.again, done.stored
    except CannotOpen as closed:
        why = closed.why
    except DatabaseTrouble:
        raise
    except Exception as error:  # noqa: BLE001  whatever is wrong with one account, the others are looked into
        _log.exception("account %s could not be looked into", account.pk)
        why = f"Gagal: {type(error).__name__}."
    if why:
        channel_accounts.trouble(account.pk, at=clock(), why=why, cursor=account.cursor)
    else:
        channel_accounts.heard(account.pk, at=clock(), cursor=account.cursor)
    well = not why or brought > 0
    again = again and (well or not account.failures) and not stop.is_set()  # at once, but not for ever
    polling.finish(turn, at=clock(), well=well, again=again)
