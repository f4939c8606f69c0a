"""What is kept even from those who may see the case: secret dispositions, for their giver and their holder alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import TypeVar

from tanggap.casework.dispositions import disposition_of, hidden_from
from tanggap.casework.events import Entry
from tanggap.casework.shelf import Actor, Shelf
from tanggap.casework.state import Case

_Message = TypeVar("_Message")


def without_secrets(
    entries: Sequence[Entry], messages: Mapping[str, _Message], case: Case, shelf: Shelf, actor: Actor
) -> tuple[tuple[Entry, ...], dict[str, _Message]]:
    """The record as ``actor`` may read it: without the entries about hidden dispositions, and what they name."""
    hidden = hidden_from(case, shelf, actor)
    if not hidden:
        return tuple(entries), dict(messages)
    kept = tuple(entry for entry in entries if disposition_of(entry.event) not in hidden)
    secret = _contents(entry for entry in entries if disposition_of(entry.event) in hidden)
    return kept, {name: message for name, message in messages.items() if name not in secret}


def is_secret(message: str, entries: Iterable[Entry], case: Case, shelf: Shelf, actor: Actor) -> bool:
    """True for something written in a disposition that is hidden from ``actor``."""
    hidden = hidden_from(case, shelf, actor)
    return bool(hidden) and message in _contents(one for one in entries if disposition_of(one.event) in hidden)


def _contents(entries: Iterable[Entry]) -> set[str]:
    return {content for entry in entries for content in _named(entry)}


def _named(entry: Entry) -> Iterator[str]:
    for field in fields(entry.event):
        if field.name in ("note", "answer", "reason", "evidence"):
            value = getattr(entry.event, field.name)
            yield from (value,) if isinstance(value, str) else value
