"""Lets notices leave: what is due is claimed, put together and sent, and what became of it is written down.

Letters of one way leave one after another, several ways at once (:mod:`tanggap.worker.lanes`): a server or platform
that hangs holds up its own letters and nobody else's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Protocol

from django.db import connections

from tanggap.actions import channel_accounts, letters, outbox, returns, warnings
from tanggap.actions.letter_words import Account, Letter
from tanggap.actions.outbox import Claim
from tanggap.channels import directory, email
from tanggap.channels.contract import CannotSend, Fate, Outcome
from tanggap.records.writing import unreachable
from tanggap.worker import sending
from tanggap.worker.chats import ChatSender
from tanggap.worker.lanes import Going, Lanes
from tanggap.worker.mail import MailSender
from tanggap.worker.rounds import keep_looking

BATCH = 100
REST = timedelta(seconds=30)
"""How long a way is left alone after trouble with it, unless the other side says how long."""
_MOST_WAYS = 5
_LONGEST_REST = timedelta(hours=6)
_FULL = timedelta(seconds=10)
"""When to look again at a letter whose way has enough to do."""
_PATIENCE = 0.25
_LONGEST_PAUSE = 2.0  # whoever wants to end waits for this
_LAST_SECONDS = 25.0

_log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


class Sender(Protocol):
    """A way out as the loop sees it."""

    def ready(self, letter: Letter) -> Outcome | Going:
        """What sends the letter, in any thread; an outcome when it may not go now. Raises :class:`CannotSend`."""

    def close(self) -> None:
        """Nothing more to send for now."""


def sender_of(channel: str, account: Account | None, clock: Clock) -> Sender:
    """What sends by ``account`` (none: the installation's mail server). Raises :class:`CannotSend`."""
    if channel == email.KEY:
        return MailSender(account)
    module = directory.modules().get(channel)
    if account is None or module is None or channel not in sending.channels():
        raise CannotSend("no_account")
    return ChatSender(module, account, clock)


@dataclass(slots=True)
class Round:
    """What one look round did. ``full``: so many of those looked at were given back: their way has enough to do.

    ``trouble``: some way could not be gone, what would take it waits.
    """

    looked: int = 0
    full: int = 0
    sent: int = 0
    trouble: bool = False


@dataclass(frozen=True, slots=True)
class _Errand:
    """A letter that waits for its way; ``tried``: how many ways refused it in this round."""

    letter: Letter
    claim: Claim
    tried: int = 0


_WORDS = {
    "bad_address": "bad_address", "address": "bad_address", "window": "window", "long": "long",
    "account": "no_account", "no_account": "no_account", "unconfirmed": "bad_address",
}  # fmt: skip


class Letters:
    """Letters on their way, from one look to the next. All of the database is asked in the thread that calls this."""

    def __init__(self, clock: Clock) -> None:
        self.done = Round()
        self._clock = clock
        self._lanes: Lanes[_Errand] = Lanes(self._begin, self._ended)
        self._open: dict[str, Sender] = {}
        self._used: set[str] = set()
        self._resting: dict[str, datetime | None] = {}

    def look(self, *, limit: int = BATCH, patient: bool = False) -> None:
        """Warn of what is nearly due, then claim what may leave. ``patient``: wait for ways that have enough to do."""
        at = self._clock()
        warnings.warn_due(at=at, limit=limit)
        self.done = Round()
        self._resting.clear()
        self._hang_up_unused()
        full: set[str] = set()
        for row in outbox.due(at=self._clock(), limit=limit):
            self._take(row, full, patient=patient)
            self._lanes.move()

    def settle(self, seconds: float | None = None) -> bool:
        """Write down what came back, until nothing is under way, at most for ``seconds``; false: something still is."""
        return self._lanes.settle(seconds)

    def close(self) -> None:
        """Hang up wherever nothing goes."""
        for name in [one for one in self._open if self._lanes.is_idle(one)]:
            self._open.pop(name).close()

    def end(self) -> None:
        """No more: what is being sent is waited for, what waits is given back, and a later worker sends it."""
        for errand in self._lanes.empty():
            outbox.release(errand.claim, at=self._clock())
        self.settle(_LAST_SECONDS)
        self.close()

    def _hang_up_unused(self) -> None:
        """A connection that nobody needed since the last look is closed: servers close it without a word."""
        for name in [one for one in self._open if one not in self._used and self._lanes.is_idle(one)]:
            self._lanes.hang_up(name, self._open.pop(name).close)
        self._used.clear()

    # from the outbox into a lane --------------------------------------------------------------------------------------

    def _take(self, row: int, full: set[str], *, patient: bool) -> None:
        """Claim a row and have its letter wait for its way. ``full``: ways that had no room in this look."""
        errand = self._claimed(row)
        if errand is None:
            return
        name = _name(errand.letter)
        if name not in full and not self._has_room(name, patient=patient):
            full.add(name)
        if name in full:
            self.done.full += 1
            outbox.release(errand.claim, at=self._clock() + _FULL)
            return
        self._lanes.put(name, errand)

    def _claimed(self, row: int, tried: int = 0) -> _Errand | None:
        claim = outbox.claim(row, at=self._clock())
        if claim is None:
            return None
        self.done.looked += 1
        try:
            letter = letters.compose(claim, at=self._clock())
        except Exception as error:  # noqa: BLE001  one letter holds up no other
            self._broken(claim, error)
            return None
        return _Errand(letter, claim, tried) if letter is not None else None

    def _has_room(self, name: str, *, patient: bool) -> bool:
        """True when the lane has room, perhaps after a moment: a quick way is waited for, one that hangs is not."""
        waited = False
        while self._lanes.is_full(name) and (patient or not waited):
            self._lanes.settle(_PATIENCE)
            waited = True
        return not self._lanes.is_full(name)

    # along a lane -----------------------------------------------------------------------------------------------------

    def _begin(self, name: str, errand: _Errand) -> Going | None:
        """What sends the letter; ``None`` when what becomes of it is known without sending."""
        at, claim = self._clock(), errand.claim
        until = self._rests_until(name)
        if until is not None and until > at:
            outbox.later(claim, at=at, least=until - at)
            return None
        if not outbox.hold(claim, at=at):
            return None  # we were away too long: another worker has it
        try:
            if name not in self._open:
                self._open[name] = sender_of(errand.letter.channel, errand.letter.account, self._clock)
            self._used.add(name)
            going = self._open[name].ready(errand.letter)
        except CannotSend as cannot:
            self._refused(name, errand, _WORDS.get(cannot.why, "refused"))
            return None
        except Exception as error:  # noqa: BLE001  one letter holds up no other
            self._broken(claim, error)
            return None
        if isinstance(going, Outcome):
            self._ended(name, errand, going)
            return None
        return going

    def _ended(self, name: str, errand: _Errand, outcome: Outcome | Exception) -> None:
        if isinstance(outcome, Exception):
            self._broken(errand.claim, outcome)
        elif outcome.fate is Fate.SENT:
            self.done.sent += 1
            self._sent(errand, outcome)
        elif outcome.fate is Fate.REFUSED:
            self._refused(name, errand, "window" if outcome.why == "window" else "refused")
        else:
            self.done.trouble = self.done.trouble or outcome.fate is Fate.TROUBLE
            self._not_now(name, errand, outcome)

    def _broken(self, claim: Claim, error: Exception) -> None:
        if unreachable(error):
            raise error  # the lease ends, and the letter is tried again
        _log.error("letter %s could not be put together", claim.letter, exc_info=error)
        outbox.broken(claim, at=self._clock())

    def _sent(self, errand: _Errand, outcome: Outcome) -> None:
        at, letter = self._clock(), errand.letter
        if not outbox.sent(errand.claim, at=at, channel=letter.channel) or letter.account is None:
            return
        channel_accounts.spoke(letter.account.pk, at=at)
        if outcome.external_id:
            returns.left(letter.id, account=letter.account, external_id=outcome.external_id, at=at)

    def _refused(self, name: str, errand: _Errand, why: str) -> None:
        """For good: another way at once if the complainant has one, else a person's task."""
        at, claim = self._clock(), errand.claim
        if claim.first.audience != "complainant":
            outbox.failed(claim, at=at, why=why, channel=errand.letter.channel)
            return
        outbox.another_way(claim, at=at, why=why, tried=name)
        again = self._claimed(claim.first.pk, errand.tried + 1) if errand.tried + 1 < _MOST_WAYS else None
        if again is not None:
            self._lanes.put(_name(again.letter), again)

    def _not_now(self, name: str, errand: _Errand, outcome: Outcome) -> None:
        """Later. A limit that was told, or trouble with the way, lets everything else rest that would take it."""
        at, asked = self._clock(), timedelta(seconds=outcome.retry_after)
        if outcome.fate is not Fate.TROUBLE and not asked:
            outbox.later(errand.claim, at=at)
            return
        until = at + min(asked or REST, _LONGEST_REST)
        outbox.rest(name, until=until)
        self._resting[name] = until
        account = errand.letter.account
        if account is not None and outcome.fate is Fate.TROUBLE:
            says = f"tidak dapat mengirim: {outcome.why}" if outcome.why else "tidak dapat mengirim"
            channel_accounts.trouble(account.pk, at=at, why=says)
        outbox.later(errand.claim, at=at, least=until - at)

    def _rests_until(self, name: str) -> datetime | None:
        """Until when this way is left alone, asked once in a look; ``None`` when it may be gone."""
        if name not in self._resting:
            self._resting[name] = outbox.resting_until(name, at=self._clock())
        return self._resting[name]


def _name(letter: Letter) -> str:
    """The way of a letter, by which it waits: an account, or the installation's own mail server."""
    return f"{letter.channel}:{letter.account.pk}" if letter.account is not None else letter.channel


def run(stop: Event, clock: Clock, *, seconds: float) -> None:
    """Look round every ``seconds`` until ``stop`` is set, in a thread of its own: a slow mail server delays no due."""
    room = Letters(clock)

    def look() -> bool:
        room.look()
        if room.done.looked == BATCH and room.done.full < BATCH and not room.done.trouble:
            return True
        return not room.settle(min(seconds, _LONGEST_PAUSE))  # under way: what came back was waited for here

    keep_looking(stop, look, seconds=seconds, what="letters")
    try:
        room.end()
    finally:
        connections.close_all()


def drain(clock: Clock) -> int:
    """Look round until nothing more may leave now; how many letters left."""
    sent = 0
    while True:
        found = look_round(clock)
        sent += found.sent
        if not found.looked:
            return sent


def look_round(clock: Clock, *, limit: int = BATCH) -> Round:
    """Warn of what is nearly due, then let leave what may, and wait until it did."""
    room = Letters(clock)
    try:
        room.look(limit=limit, patient=True)
        room.settle()
    finally:
        room.close()
    return room.done
