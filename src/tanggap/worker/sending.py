"""Sends one message by one account: at the account's pace, by the way its channel has, and says what became of it.

Nothing is raised for what platforms do; :class:`tanggap.channels.contract.Outcome` tells it in four words.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from tanggap.actions import channel_accounts, pace
from tanggap.channels import directory, gammu
from tanggap.channels.contract import CannotSend, Fate, Outcome, Outgoing
from tanggap.worker import gammu_database
from tanggap.worker.calling import Caller, CannotReach
from tanggap.worker.visits import CannotOpen

PER_MINUTE = {"whatsapp": 600, "telegram": 600, "instagram": 120, "facebook": 120, "sms": 60, gammu.KEY: 20}
"""What the platforms and a modem bear; Telegram, for one, allows thirty messages a second to all and one to each."""
_USUAL = 60

_log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


class Account(Protocol):
    """The account as :mod:`tanggap.actions.channel_accounts` hands it out."""

    pk: int
    channel: str


def channels() -> frozenset[str]:
    """The channels by which :func:`send` can send."""
    return frozenset(key for key, module in directory.modules().items() if hasattr(module, "call") or key == gammu.KEY)


def send(account: Account, outgoing: Outgoing, *, caller: Caller, clock: Clock) -> Outcome:
    """Send ``outgoing`` by ``account``, and say what became of it.

    ``later`` with ``retry_after``: the pace of the account is used up, or its platform asked to wait; nothing was lost.
    ``refused``: this message will never leave so; ``why`` is one of the words of :class:`CannotSend`, or what the
    platform said in few words. ``trouble``: nothing is wrong with the message; the account says so in its health.
    """
    rate = PER_MINUTE.get(account.channel, _USUAL)
    wait = pace.take(account.pk, per_minute=rate, at=clock())
    if wait:
        return Outcome(Fate.LATER, retry_after=wait.total_seconds(), why="pace")
    outcome = _sent(account, outgoing, caller)
    if outcome.fate is Fate.SENT:
        channel_accounts.spoke(account.pk, at=clock())
    elif outcome.fate is Fate.TROUBLE:
        channel_accounts.trouble(account.pk, at=clock(), why=f"Pengiriman ditolak: {outcome.why}.")
    elif outcome.retry_after:
        pace.pause(account.pk, seconds=outcome.retry_after, per_minute=rate, at=clock())
    return outcome


def _sent(account: Account, outgoing: Outgoing, caller: Caller) -> Outcome:
    module = directory.modules().get(account.channel)
    chosen = channel_accounts.settings_of_pk(account.pk)
    try:
        if account.channel == gammu.KEY:
            return gammu_database.send(outgoing, chosen)
        if module is None or not hasattr(module, "call"):
            return Outcome(Fate.REFUSED, why="channel")
        reply = caller.reach(module.call(outgoing, chosen), hosts=module.hosts(chosen))
    except CannotOpen as closed:
        return Outcome(Fate.TROUBLE, why=closed.why)
    except CannotSend as cannot:
        return Outcome(Fate.REFUSED, why=cannot.why)
    except CannotReach as error:
        _log.warning("letter %s: the platform could not be reached (%s)", outgoing.letter, error.why)
        return Outcome(Fate.TROUBLE, why=error.why)
    outcome: Outcome = module.outcome(reply, chosen)
    return outcome
