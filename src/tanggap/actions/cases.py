"""The one door to a case: whoever changes one passes through :func:`act`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from tanggap.casework.commands import Command
from tanggap.casework.decide import decided
from tanggap.casework.events import COMPLAINANT, ENGINE, Entry
from tanggap.casework.refusals import Refused, SomeoneElseActed
from tanggap.casework.shelf import Actor, Power
from tanggap.records import store
from tanggap.records.access import Reader, reader, sees
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
    beside: Callable[[], None] = store.nothing_beside,
) -> Acted:
    """Do ``command`` in ``case``: load, check access, decide, append; again on the new state when somebody was quicker.

    ``by``: a user (or the :class:`Reader` made of one), :data:`THE_COMPLAINANT`, or :data:`THE_ENGINE`. ``key``: the
    form's key; the same act with the same key happens once. ``seen``: the seq of the page acted from. ``contents``:
    what the command's content ids name. ``beside``: writes what stands or falls with the act, in its transaction; not
    called when the act had been done before. Raises :class:`NotVisible`,
    :class:`tanggap.casework.refusals.Refused` (and ``SomeoneElseActed``); then nothing has changed.
    """
    who = reader(by, at=at) if isinstance(by, User) else by
    if isinstance(who, Reader) and not sees(who, case):
        raise NotVisible(case)
    hidden_key = sha256(key.encode()).hexdigest()[:32] if key else ""
    for attempt in range(_TRIES):
        try:
            return _once(command, case, who, at, hidden_key, seen, happened, contents, beside)
        except store.ContentTaken:
            raise Refused("key_reused", key="form") from None
        except store.TooLate:
            if attempt == _TRIES - 1:
                raise
    raise AssertionError


def act_together(command: Command, *, cases: Sequence[UUID], by: Actor, at: datetime) -> list[Acted]:
    """Do ``command`` in many cases in one transaction, for somebody who is no user: what was done, in what of them.

    Not among them: cases that are not there, and cases that somebody else is writing to meanwhile; those are for
    :func:`act`. Whatever is wrong with one of them is raised, and then nothing has been done in any.
    """
    additions = [_decided(command, log, by, at) for log in store.load_all(cases)]
    written = store.append([one for one in additions if one.entries])
    return [_acted(one) for one in additions if not one.entries or one.log.row.pk in written]


def _once(
    command: Command, case: UUID, who: Reader | Actor, at: datetime, key: str, seen: int | None,
    happened: datetime | None, contents: Sequence[NewContent], beside: Callable[[], None],
) -> Acted:  # fmt: skip
    try:
        log = store.load(case)
    except Case.DoesNotExist:
        raise NotVisible(case) from None
    decided = _decided(command, log, who, at, happened=happened, key=key, seen=seen, contents=contents)
    decided = replace(decided, beside=beside)
    if decided.entries:
        if case not in store.append([decided]):
            raise store.TooLate(log.row.register)
    elif contents and not key:
        raise Refused("nothing_changed")
    return _acted(decided)


def _decided(
    command: Command, log: store.Log, who: Reader | Actor, at: datetime, *, happened: datetime | None = None,
    key: str = "", seen: int | None = None, contents: Sequence[NewContent] = (),
) -> store.Addition:  # fmt: skip
    shelf = compiled(log.row.institution).shelf(at)
    actor = who.actor(log.row.institution_id) if isinstance(who, Reader) else who
    at = max(at, log.entries[-1].recorded_at)  # a clock that went back never makes the log go back
    try:
        made = decided(log.state, command, actor=actor, shelf=shelf, at=at, happened=happened, key=key, seen=seen)
    except SomeoneElseActed as refusal:  # a visit that goes on does not say when it was touched; the log does
        first = next(one for one in log.entries if one.seq == refusal.details["seq"])
        refusal.details["at"] = first.recorded_at
        raise
    return store.Addition(log, made.entries, made.state, shelf, contents, coming=made.coming)


def _acted(one: store.Addition) -> Acted:
    row = one.log.row
    return Acted(row.pk, row.register, tuple(one.entries), again=not one.entries)
