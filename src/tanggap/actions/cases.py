"""The one door to a case: whoever changes one passes through :func:`act`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from tanggap.casework.commands import Command
from tanggap.casework.decide import decide
from tanggap.casework.events import COMPLAINANT, ENGINE, Entry
from tanggap.casework.fold import apply
from tanggap.casework.refusals import Refused
from tanggap.casework.shelf import Actor, Power
from tanggap.records import store
from tanggap.records.access import Reader, reader, visible_cases
from tanggap.records.contents import NewContent
from tanggap.records.models import Case, User
from tanggap.records.shelves import compiled

THE_COMPLAINANT = Actor(COMPLAINANT, powers=frozenset({Power.COMPLAINANT}))
"""Somebody who has shown the tracking code of this very case."""
THE_ENGINE = Actor(ENGINE, powers=frozenset({Power.WORKER}))
"""Time itself: the worker."""

_TRIES = 10


class NotVisible(LookupError):
    """There is no such case for this person: not there and not allowed are one answer (404)."""


@dataclass(frozen=True, slots=True)
class Acted:
    """What an act wrote. ``entries`` is empty when the very same act had been done before (``again``)."""

    case: UUID
    register: str
    entries: tuple[Entry, ...]
    again: bool


def act(
    command: Command,
    *,
    case: UUID,
    by: User | Reader | Actor,
    at: datetime,
    key: str = "",
    seen: int | None = None,
    happened: datetime | None = None,
    contents: Sequence[NewContent] = (),
) -> Acted:
    """Do ``command`` in ``case``: load, check access, decide, append; again on the new state when somebody was quicker.

    ``by``: a user (or the :class:`Reader` made of one), :data:`THE_COMPLAINANT`, or :data:`THE_ENGINE`. ``key``: the
    form's key; the same act with the same key happens once. ``seen``: the seq of the page acted from. ``contents``:
    what the command's content ids name. Raises :class:`NotVisible`,
    :class:`tanggap.casework.refusals.Refused` (and ``SomeoneElseActed``); then nothing has changed.
    """
    who = reader(by, at=at) if isinstance(by, User) else by
    if isinstance(who, Reader) and not visible_cases(who).filter(pk=case).exists():
        raise NotVisible(case)
    hidden_key = sha256(key.encode()).hexdigest()[:32] if key else ""
    for attempt in range(_TRIES):
        try:
            return _once(command, case, who, at, hidden_key, seen, happened, contents)
        except store.ContentTaken:
            raise Refused("key_reused", key="form") from None
        except store.TooLate:
            if attempt == _TRIES - 1:
                raise
    raise AssertionError


def _once(
    command: Command, case: UUID, who: Reader | Actor, at: datetime, key: str, seen: int | None,
    happened: datetime | None, contents: Sequence[NewContent],
) -> Acted:  # fmt: skip
    try:
        log = store.load(case)
    except Case.DoesNotExist:
        raise NotVisible(case) from None
    shelf = compiled(log.row.institution).shelf(at)
    actor = who.actor(log.row.institution_id) if isinstance(who, Reader) else who
    at = max(at, log.entries[-1].recorded_at)  # a clock that went back never makes the log go back
    entries = decide(log.state, command, actor=actor, shelf=shelf, at=at, happened=happened, key=key, seen=seen)
    if entries:
        state = log.state.copy()
        for entry in entries:
            apply(state, entry)
        store.append(log, entries, state=state, shelf=shelf, contents=contents)
    elif contents and not key:
        raise Refused("nothing_changed")
    return Acted(case, log.row.register, entries, again=not entries)
