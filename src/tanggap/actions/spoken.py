"""What an officer wrote to the complainant: the words and files that a notice is about, read when it is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tanggap.casework.events import COMPLAINANT, Answered, Entry, Noted, WaitBegan
from tanggap.records import files, store, vault
from tanggap.records.contents import unseal
from tanggap.records.models import Attachment, Message, Outbox
from tanggap.records.outbox import SILENCED
from tanggap.records.sealing import key_of

MAY_SPEAK = frozenset({"question", "letter", "answered", "closed"})
"""Kinds of notices that can stand for words of an officer (an end together with an answer is one notice)."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that goes with the words."""

    name: str
    type: str
    size: int
    id: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words of an officer. ``visits``: those whose answer is among them."""

    text: str = ""
    files: tuple[Enclosed, ...] = ()
    visits: tuple[str, ...] = ()
    erased: bool = False


def spoken(row: Outbox) -> Spoken | None:
    """What was written to the complainant in the act that ``row`` tells of; ``None`` when nothing was."""
    found = _messages(row)
    if not found:
        return None
    ids = [message for message, _visit in found]
    key = key_of(row.case_id, "content")
    stored = {one.pk: one for one in Message.objects.filter(pk__in=ids, case=row.case_id)}
    visits = tuple(visit for _message, visit in found if visit)
    if key is None or any(one not in stored or stored[one].ciphertext is None for one in ids):
        return Spoken(visits=visits, erased=True)
    texts = [
        unseal(key, stored[one].ciphertext or b"", table="message", case=row.case_id).get("text", "") for one in ids
    ]
    with_files = Attachment.objects.filter(message__in=ids, erased_at__isnull=True, name__isnull=False).order_by("pk")
    told = tuple(
        Enclosed(
            unseal(key, one.name or b"", table="attachment", case=row.case_id)["name"], one.type, one.plain_size, one.pk
        )
        for one in with_files
    )
    return Spoken("\n\n".join(filter(None, (text.strip() for text in texts))), told, visits)


def answered_visits(row: Outbox) -> tuple[str, ...]:
    """Visits whose answer ``row`` carries."""
    return tuple(visit for _message, visit in _messages(row) if visit)


def _messages(row: Outbox) -> list[tuple[str, str]]:
    """Messages of the act, each with the visit it answers (empty for what is no answer)."""
    if row.audience != COMPLAINANT or row.kind not in MAY_SPEAK:
        return []
    cause = int(row.notice.split(":")[1])
    merged = Outbox.objects.filter(
        case=row.case_id, recipient=row.recipient, made_at=row.made_at, state=SILENCED, why="merged"
    )
    kinds = {row.kind, *merged.values_list("kind", flat=True)}
    return [
        told
        for entry in _act_of(store.load(row.case_id).entries, cause)
        for kind, told in _said(entry)
        if kind in kinds
    ]


def _said(entry: Entry) -> Iterator[tuple[str, tuple[str, str]]]:
    event = entry.event
    if isinstance(event, Answered):
        yield "answered", (event.message, event.visit)
    elif isinstance(event, Noted) and event.audience == COMPLAINANT:
        yield "letter", (event.message, "")
    elif isinstance(event, WaitBegan) and event.message:
        yield "question", (event.message, "")


def _act_of(entries: Sequence[Entry], seq: int) -> list[Entry]:
    """The entries that were written in one act with ``seq``; ``key`` stands on the first of an act."""
    at = next(n for n, entry in enumerate(entries) if entry.seq == seq)
    mine = entries[at]
    begin = at
    while begin and not entries[begin].key and _alike(entries[begin - 1], mine):
        begin -= 1
    end = at + 1
    while end < len(entries) and not entries[end].key and _alike(entries[end], mine):
        end += 1
    return list(entries[begin:end])


def _alike(one: Entry, other: Entry) -> bool:
    return (one.recorded_at, one.by) == (other.recorded_at, other.by)


def data_of(row: Outbox, file: Enclosed) -> bytes:
    """The bytes of a file that goes along. Raises ``OSError`` and :class:`tanggap.records.vault.Unreadable`."""
    key = key_of(row.case_id, "content")
    if key is None:
        raise vault.Unreadable(file.id)
    return vault.decrypt(key, files.read(file.id), place=vault.place_of("attachment", file.id, row.case_id))
