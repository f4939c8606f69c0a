"""Lets notices leave: what is due is claimed, put together and sent, and what became of it is written down."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
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
from tanggap.worker.mail import MailSender
from tanggap.worker.rounds import keep_looking

BATCH = 100
REST = timedelta(seconds=30)
"""How long a way is left alone after trouble with it, unless the other side says how long."""
_MOST_WAYS = 5
_LONGEST_REST = timedelta(hours=6)

_log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


class Sender(Protocol):
    """A way out as the loop sees it."""

    def send(self, letter: Letter) -> Outcome:
        """Send, and say what became of it. Raises :class:`CannotSend`."""

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
    """What one look round did. ``trouble``: some way could not be gone, what would take it waits."""

    looked: int = 0
    sent: int = 0
    trouble: bool = False


@dataclass(slots=True)
class _Ways:
    """The ways of one look round: each is opened once, and left alone after trouble with it."""

    clock: Clock
    open: dict[str, Sender] = field(default_factory=dict)
    resting: dict[str, datetime | None] = field(default_factory=dict)

    def rests_until(self, name: str) -> datetime | None:
        """Until when this way is left alone; ``None`` when it may be gone."""
        if name not in self.resting:
            self.resting[name] = outbox.resting_until(name, at=self.clock())
        return self.resting[name]

    def rest(self, name: str, span: timedelta) -> datetime:
        """Leave this way alone for a while, in every worker."""
        until = self.clock() + min(span, _LONGEST_REST)
        outbox.rest(name, until=until)
        self.resting[name] = until
        return until

    def sender(self, name: str, letter: Letter) -> Sender:
        """The way of ``letter``, opened."""
        if name not in self.open:
            self.open[name] = sender_of(letter.channel, letter.account, self.clock)
        return self.open[name]

    def close(self) -> None:
        """Hang up everywhere."""
        for one in self.open.values():
            one.close()


def run(stop: Event, clock: Clock, *, seconds: float) -> None:
    """Look round every ``seconds`` until ``stop`` is set, in a thread of its own: a slow mail server delays no due."""

    def look() -> bool:
        found = look_round(clock)
        return found.looked == BATCH and not found.trouble

    keep_looking(stop, look, seconds=seconds, what="letters")
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
    """Warn of what is nearly due, then let leave what may. One letter or way that fails never holds up the others."""
    warnings.warn_due(at=clock(), limit=limit)
    done, ways = Round(), _Ways(clock)
    try:
        for row in outbox.due(at=clock(), limit=limit):
            fate: Fate | None = Fate.REFUSED
            for _ in range(_MOST_WAYS):
                claim = outbox.claim(row, at=clock()) if fate is Fate.REFUSED else None
                if claim is None:
                    break
                done.looked += 1
                fate = _one(claim, ways)
            done.sent += fate is Fate.SENT
            done.trouble = done.trouble or fate is Fate.TROUBLE
    finally:
        ways.close()
    return done


def _one(claim: Claim, ways: _Ways) -> Fate | None:
    """One letter, from the claim to what became of it."""
    try:
        letter = letters.compose(claim, at=ways.clock())
        return _leave(letter, claim, ways) if letter is not None else None
    except Exception as error:
        if unreachable(error):
            raise  # the lease ends, and the letter is tried again
        _log.exception("letter %s could not be put together", claim.letter)
        outbox.broken(claim, at=ways.clock())
        return None


def _leave(letter: Letter, claim: Claim, ways: _Ways) -> Fate | None:
    name = f"{letter.channel}:{letter.account.pk}" if letter.account is not None else letter.channel
    at = ways.clock()
    until = ways.rests_until(name)
    if until is not None and until > at:
        outbox.later(claim, at=at, least=until - at)
        return None
    if not outbox.hold(claim, at=at):
        return None  # we were away too long: another worker has it
    try:
        outcome = ways.sender(name, letter).send(letter)
    except CannotSend as cannot:
        _refused(claim, letter, name, ways, _WORDS.get(cannot.why, "refused"))
        return Fate.REFUSED
    if outcome.fate is Fate.SENT:
        _sent(claim, letter, outcome, ways)
    elif outcome.fate is Fate.REFUSED:
        _refused(claim, letter, name, ways, "refused")
    else:
        _not_now(claim, letter, name, outcome, ways)
    return outcome.fate


_WORDS = {
    "bad_address": "bad_address", "address": "bad_address", "window": "window", "long": "long",
    "account": "no_account", "no_account": "no_account", "unconfirmed": "bad_address",
}  # fmt: skip


def _sent(claim: Claim, letter: Letter, outcome: Outcome, ways: _Ways) -> None:
    at = ways.clock()
    if not outbox.sent(claim, at=at, channel=letter.channel) or letter.account is None:
        return
    channel_accounts.spoke(letter.account.pk, at=at)
    if outcome.external_id:
        returns.left(letter.id, account=letter.account, external_id=outcome.external_id, at=at)


def _refused(claim: Claim, letter: Letter, name: str, ways: _Ways, why: str) -> None:
    """For good: another way if the complainant has one, else a person's task."""
    at = ways.clock()
    if claim.first.audience == "complainant":
        outbox.another_way(claim, at=at, why=why, tried=name)
    else:
        outbox.failed(claim, at=at, why=why, channel=letter.channel)


def _not_now(claim: Claim, letter: Letter, name: str, outcome: Outcome, ways: _Ways) -> None:
    """Later. A limit that was told, or trouble with the way itself, lets everything else rest that would take it."""
    at, asked = ways.clock(), timedelta(seconds=outcome.retry_after)
    if outcome.fate is Fate.TROUBLE or asked:
        until = ways.rest(name, asked or REST)
        if letter.account is not None and outcome.fate is Fate.TROUBLE:
            says = f"tidak dapat mengirim: {outcome.why}" if outcome.why else "tidak dapat mengirim"
            channel_accounts.trouble(letter.account.pk, at=at, why=says)
        outbox.later(claim, at=at, least=until - at)
        return
    outbox.later(claim, at=at)
