"""The one decision: a case and a command in, events out. Pure: no database, no clock, the input stays as it was."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from tanggap.casework import closing, dispositions, intake, proposals, record, replies, steps, timing
from tanggap.casework import commands as c
from tanggap.casework.codec import canonical, moment_out
from tanggap.casework.coming import Coming
from tanggap.casework.draft import Draft
from tanggap.casework.events import Entry
from tanggap.casework.performers import as_party
from tanggap.casework.refusals import Refused, SomeoneElseActed
from tanggap.casework.shelf import Actor, Shelf
from tanggap.casework.state import Case, Status

VERBS: dict[type[c.Command], Callable[[Draft, Any], None]] = {
    c.Receive: intake.receive,
    c.Complete: steps.complete,
    c.Take: steps.take,
    c.HandBack: steps.hand_back,
    c.Skip: steps.skip,
    c.Respond: steps.respond,
    c.Assign: steps.assign,
    c.Wait: replies.wait,
    c.Resume: replies.resume,
    c.DeemWithdrawn: proposals.deem_withdrawn,
    c.GoOn: proposals.go_on,
    c.Contact: replies.contact,
    c.Deliver: replies.deliver,
    c.Note: record.note,
    c.Classify: record.classify,
    c.Bind: record.bind,
    c.Link: record.link,
    c.Correct: record.correct,
    c.Extend: timing.extend,
    c.Expire: timing.expire,
    c.Redirect: closing.redirect,
    c.Undo: closing.undo,
    c.Move: closing.move,
    c.Migrate: closing.migrate,
    c.Withdraw: closing.withdraw,
    c.Close: closing.close_case,
    c.Merge: closing.merge,
    c.Reopen: closing.reopen,
    c.Dispose: dispositions.dispose,
    c.ReportBack: dispositions.report_back,
    c.Recall: dispositions.recall,
}
"""The closed list of verbs."""

AFTER_THE_END = (c.Reopen, c.Contact, c.Deliver, c.Link, c.Correct, c.Note, c.Expire)
"""What a closed case still accepts."""


@dataclass(frozen=True, slots=True)
class Decision:
    """``entries`` to add to a log, the case with them applied, and what comes next in it, if that was worked out."""

    entries: tuple[Entry, ...]
    state: Case
    coming: Coming | None = None


def decide(
    case: Case,
    command: c.Command,
    *,
    actor: Actor,
    shelf: Shelf,
    at: datetime,
    happened: datetime | None = None,
    key: str = "",
    seen: int | None = None,
) -> tuple[Entry, ...]:
    """The entries of :func:`decided`."""
    return decided(case, command, actor=actor, shelf=shelf, at=at, happened=happened, key=key, seen=seen).entries


def decided(
    case: Case, command: c.Command, *, actor: Actor, shelf: Shelf, at: datetime, happened: datetime | None = None,
    key: str = "", seen: int | None = None,
) -> Decision:  # fmt: skip
    """The entries that ``command`` adds to the log of ``case``; none when ``key`` was used for the same command before.

    ``at`` is now; ``happened`` when it was so, for what is recorded later (never in the future). ``seen`` is the seq
    of the page the actor looked at: if somebody else touched the same visit since, :class:`SomeoneElseActed`.
    Raises :class:`Refused`; then nothing has changed.
    """
    digest = ""
    if key:
        digest = _digest(actor, command, happened)
        known = case.keys.get(key)
        if known is not None:
            if known == digest:
                return Decision((), case)
            raise Refused("key_reused", key=key)
    _check_status(case, command)
    if happened is not None and happened > at:
        raise Refused("moment_in_future")
    if seen is not None:
        _check_seen(case, command, actor, seen)
    actor = as_party(case, shelf, actor)
    draft = Draft(case, actor=actor, shelf=shelf, at=at, happened=happened or at, key=key, digest=digest)
    VERBS[type(command)](draft, command)
    return Decision(tuple(draft.entries), draft.case, draft.coming)


def _digest(actor: Actor, command: c.Command, happened: datetime | None) -> str:
    """What was asked, by whom: the same for the same wish, in whatever order a form named its fields."""
    asked = [actor.person, type(command).__name__, _plain(command), _plain(happened)]
    return hashlib.sha256(canonical(asked)).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, c.Command):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    return moment_out(value) if isinstance(value, datetime) else value


def _check_status(case: Case, command: c.Command) -> None:
    begins = isinstance(command, c.Receive)
    if case.status is Status.NONE and not begins:
        raise Refused("not_received")
    if case.status is not Status.NONE and begins:
        raise Refused("already_received")
    if case.status is Status.CLOSED and not isinstance(command, AFTER_THE_END):
        raise Refused("case_closed", outcome=case.outcome, at=case.closed_at)


def _check_seen(case: Case, command: c.Command, actor: Actor, seen: int) -> None:
    visit = case.visits.get(getattr(command, "visit", ""))
    if visit is not None and visit.touched_since(seen, actor.person):
        raise SomeoneElseActed(by=visit.touched_by, seq=visit.touched_seq, at=visit.ended_at)
