"""Sends one message by one account that is no mailbox: at the account's pace, over HTTP or into Gammu's database.

Nothing is raised for what platforms do; :class:`tanggap.channels.contract.Outcome` tells it in four words.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from types import ModuleType

from tanggap.actions import pace
from tanggap.channels import directory, gammu
from tanggap.channels.contract import Call, CannotSend, Fate, Outcome, Outgoing
from tanggap.worker import gammu_database
from tanggap.worker.calling import Caller, CannotReach
from tanggap.worker.lanes import Going
from tanggap.worker.visits import CannotOpen

PER_MINUTE = {"whatsapp": 600, "telegram": 600, "instagram": 120, "facebook": 120, "sms": 60, gammu.KEY: 20}
"""What the platforms and a modem bear; Telegram, for one, allows thirty messages a second to all and one to each."""
_USUAL = 60

_log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


def channels() -> frozenset[str]:
    """The channels by which :func:`ready` can make ready."""
    return frozenset(key for key, module in directory.modules().items() if hasattr(module, "call") or key == gammu.KEY)


def ready(
    outgoing: Outgoing, *, channel: str, account: int, chosen: Mapping[str, str], caller: Caller, clock: Clock
) -> Outcome | Going:
    """What sends ``outgoing`` by ``account`` of ``channel``, whose settings are ``chosen``: called in any thread, it
    asks nothing of the database, and says what became of it.

    An outcome at once (``later`` with ``retry_after``): the pace of the account is used up. Raises
    :class:`CannotSend`.
    """
    module = directory.modules().get(channel)
    if channel == gammu.KEY:
        going = partial(_into_gammu, outgoing, chosen)
        gammu.rows(outgoing, chosen)  # what cannot be sent so is said before it takes its turn
    elif module is not None and hasattr(module, "call"):
        going = partial(_called, module.call(outgoing, chosen), module, outgoing.letter, chosen, caller)
    else:
        raise CannotSend("no_account")
    wait = pace.take(account, per_minute=PER_MINUTE.get(channel, _USUAL), at=clock())
    if wait:
        return Outcome(Fate.LATER, retry_after=wait.total_seconds(), why="pace")
    return going


def _into_gammu(outgoing: Outgoing, chosen: Mapping[str, str]) -> Outcome:
    try:
        return gammu_database.send(outgoing, chosen)
    except CannotOpen as closed:
        return Outcome(Fate.TROUBLE, why=closed.why)


def _called(call: Call, module: ModuleType, letter: str, chosen: Mapping[str, str], caller: Caller) -> Outcome:
    try:
        reply = caller.reach(call, hosts=module.hosts(chosen))
    except CannotReach as error:
        _log.warning("letter %s: the platform could not be reached (%s)", letter, error.why)
        return Outcome(Fate.TROUBLE, why=error.why)
    outcome: Outcome = module.outcome(reply, chosen)
    return outcome
