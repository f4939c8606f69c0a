"""Lets notices leave: what is due is claimed, put together and sent, and what became of it is written down."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import Protocol

from django.db import close_old_connections, connections

from tanggap.actions import letters, outbox, warnings
from tanggap.actions.letters import Letter
from tanggap.actions.outbox import Claim
from tanggap.channels import email
from tanggap.records.writing import unreachable
from tanggap.worker.mail import Outcome, Post

BATCH = 100
_TROUBLE_SECONDS = 5.0

_log = logging.getLogger(__name__)


class Sender(Protocol):
    """A channel as the loop sees it."""

    def send(self, mail: email.Mail) -> Outcome:
        """Send, and say what became of it."""

    def close(self) -> None:
        """Nothing more to send for now."""


SENDERS: dict[str, Callable[[], Sender]] = {email.KEY: Post}
"""The channels by which letters leave."""


@dataclass(slots=True)
class Round:
    """What one look round did. ``trouble``: the server could not be reached, the rest waits."""

    looked: int = 0
    sent: int = 0
    trouble: bool = False


def run(stop: Event, clock: Callable[[], datetime], *, seconds: float) -> None:
    """Look round every ``seconds`` until ``stop`` is set, in a thread of its own: a slow mail server delays no due."""
    while not stop.is_set():
        wait = seconds
        try:
            found = look_round(clock)
            if found.looked == BATCH and not found.trouble:
                wait = 0.0
        except Exception:  # noqa: BLE001  nobody would start this thread again
            _log.exception("this look round for letters ended early; trying again")
            wait = max(seconds, _TROUBLE_SECONDS)
        finally:
            close_old_connections()
        stop.wait(wait)
    connections.close_all()


def drain(clock: Callable[[], datetime]) -> int:
    """Look round until nothing more may leave now; how many mails left."""
    sent = 0
    while True:
        found = look_round(clock)
        sent += found.sent
        if found.trouble or not found.looked:
            return sent


def look_round(clock: Callable[[], datetime], *, limit: int = BATCH) -> Round:
    """Warn of what is nearly due, then let leave what may. One letter that fails never holds up the others."""
    warnings.warn_due(at=clock(), limit=limit)
    done, sender = Round(), SENDERS[email.KEY]()
    try:
        for row in outbox.due(at=clock(), limit=limit):
            claim = outbox.claim(row, at=clock())
            if claim is None:
                continue
            done.looked += 1
            outcome = _one(claim, sender, clock)
            done.sent += outcome is Outcome.SENT
            if outcome is Outcome.TROUBLE:
                done.trouble = True
                break
    finally:
        sender.close()
    return done


def _one(claim: Claim, sender: Sender, clock: Callable[[], datetime]) -> Outcome | None:
    """One letter, from the claim to what became of it."""
    try:
        letter = letters.compose(claim, at=clock())
        return _leave(letter, claim, sender, clock) if letter is not None else None
    except Exception as error:
        if unreachable(error):
            raise  # the lease ends, and the letter is tried again
        _log.exception("letter %s could not be put together", claim.letter)
        outbox.broken(claim, at=clock())
        return None


def _leave(letter: Letter, claim: Claim, sender: Sender, clock: Callable[[], datetime]) -> Outcome | None:
    mail = _mail(letter)
    if mail is None:
        outbox.failed(claim, at=clock(), why="bad_address", channel=email.KEY)
        return None
    if not outbox.hold(claim, at=clock()):
        return None  # we were away too long: another worker has it
    outcome = sender.send(mail)
    if outcome is Outcome.SENT:
        outbox.sent(claim, at=clock(), channel=email.KEY)
    elif outcome is Outcome.REFUSED:
        outbox.failed(claim, at=clock(), why="refused", channel=email.KEY)
    else:
        outbox.later(claim, at=clock())
    return outcome


def _mail(letter: Letter) -> email.Mail | None:
    to = email.address(letter.to)
    if not to:
        return None
    return email.mail(
        to=to, subject=letter.subject, text=letter.text, letter=letter.id, domain=letter.domain, links=letter.links
    )
