"""Sends one message by one account that is no mailbox: at the account's pace, over HTTP or into Gammu's database.

Nothing is raised for what platforms do; :class:`tanggap.channels.contract.Outcome` tells it in four words.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from types import ModuleType

from tanggap.actions import pace
from tanggap.channels import directory, gammu
from tanggap.channels.arrivals import Part
from tanggap.channels.contract import Call, CannotSend, Fate, Outcome, Outgoing, Reply
from tanggap.worker import gammu_database
from tanggap.worker.calling import Caller, CannotReach
from tanggap.worker.lanes import Going
from tanggap.worker.visits import CannotOpen

PER_MINUTE = {"whatsapp": 600, "telegram": 600, "instagram": 120, "facebook": 120, "sms": 60, gammu.KEY: 20}
"""What the platforms and a modem bear; Telegram, for one, allows thirty messages a second to all and one to each."""
_USUAL = 60
_MOST_SECONDS = 60.0
"""After this no further file of a letter is begun: its lease must not end while it is on its way."""

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
    if channel == gammu.KEY:  # in both cases: what cannot be sent so is said before it takes its turn
        gammu.rows(outgoing, chosen)
        going = partial(_into_gammu, outgoing, chosen)
    elif module is not None and hasattr(module, "call"):
        module.call(outgoing, chosen)
        going = partial(_to_platform, outgoing, module, chosen, caller)
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


def _to_platform(outgoing: Outgoing, module: ModuleType, chosen: Mapping[str, str], caller: Caller) -> Outcome:
    """The files, then the words, whose last piece says what became of the letter: before that it has not left.

    A file that is refused for good is named in the words; one that cannot go now lets all of it wait.
    """
    refused, until = [], time.monotonic() + _MOST_SECONDS
    for part in outgoing.files:
        if time.monotonic() > until:
            return Outcome(Fate.TROUBLE, why="time")
        outcome = _file(part, outgoing, module, chosen, caller)
        if outcome.fate is Fate.REFUSED and outcome.why != "window":
            refused.append(part.name)
        elif outcome.fate is not Fate.SENT:
            return outcome
    said = [*outgoing.before, outgoing.text, *([unsent(outgoing.unsent, refused)] if refused else [])]
    outcome = Outcome(Fate.LATER)
    for number, text in enumerate(said):
        one = replace(outgoing, text=text, answers="" if number else outgoing.answers)
        outcome = _called(module.call(one, chosen), outgoing, module, chosen, caller)[0]
        if outcome.fate is not Fate.SENT:
            break
    return outcome


def unsent(sentence: str, names: Iterable[str]) -> str:
    """What is said of files that a platform will not take."""
    return sentence.replace("{names}", ", ".join(names))


def _file(part: Part, outgoing: Outgoing, module: ModuleType, chosen: Mapping[str, str], caller: Caller) -> Outcome:
    handed = ""
    if hasattr(module, "upload"):
        outcome, reply = _called(module.upload(part, chosen), outgoing, module, chosen, caller)
        if outcome.fate is not Fate.SENT or reply is None:
            return outcome
        handed = module.uploaded(reply)
        if not handed:
            return Outcome(Fate.REFUSED, why="upload")
    return _called(module.file_message(part, outgoing, chosen, handed), outgoing, module, chosen, caller)[0]


def _called(
    call: Call, outgoing: Outgoing, module: ModuleType, chosen: Mapping[str, str], caller: Caller
) -> tuple[Outcome, Reply | None]:
    try:
        reply = caller.reach(call, hosts=module.hosts(chosen))
    except CannotReach as error:
        _log.warning("letter %s: the platform could not be reached (%s)", outgoing.letter, error.why)
        return Outcome(Fate.TROUBLE, why=error.why), None
    outcome: Outcome = module.outcome(reply, chosen)
    return outcome, reply
