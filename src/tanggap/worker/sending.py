"""Sends one message by one account that is no mailbox: at the account's pace, over HTTP or into Gammu's database.

Nothing is raised for what platforms do; :class:`tanggap.channels.contract.Outcome` tells it in four words.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from tanggap.actions import pace
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


def channels() -> frozenset[str]:
    """The channels by which :func:`send` can send."""
    return frozenset(key for key, module in directory.modules().items() if hasattr(module, "call") or key == gammu.KEY)


def send(
    outgoing: Outgoing, *, channel: str, account: int, chosen: Mapping[str, str], caller: Caller, clock: Clock
) -> Outcome:
    """Send ``outgoing`` by ``account`` of ``channel``, whose settings are ``chosen``, and say what became of it.

    ``later`` with ``retry_after``: the pace of the account is used up, or its platform asks to wait. ``refused``: it
    will never leave so. ``trouble``: nothing is wrong with the message, but with the way. Raises :class:`CannotSend`.
    """
    module = directory.modules().get(channel)
    if channel != gammu.KEY and (module is None or not hasattr(module, "call")):
        raise CannotSend("no_account")
    wait = pace.take(account, per_minute=PER_MINUTE.get(channel, _USUAL), at=clock())
    if wait:
        return Outcome(Fate.LATER, retry_after=wait.total_seconds(), why="pace")
    try:
        if channel == gammu.KEY or module is None:
            return gammu_database.send(outgoing, chosen)
        reply = caller.reach(module.call(outgoing, chosen), hosts=module.hosts(chosen))
    except CannotOpen as closed:
        return Outcome(Fate.TROUBLE, why=closed.why)
    except CannotReach as error:
        _log.warning("letter %s: the platform could not be reached (%s)", outgoing.letter, error.why)
        return Outcome(Fate.TROUBLE, why=error.why)
    outcome: Outcome = module.outcome(reply, chosen)
    return outcome
