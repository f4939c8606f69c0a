"""Content on its way into a case: what will be encrypted and written beside the events that mention its id."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from tanggap.records import vault

KINDS = frozenset({
    "report", "answer", "reason", "note", "letter", "message", "proof", "instruction", "question", "rating",
})  # fmt: skip
"""Kinds of written content; ``letter`` goes to the complainant and is not yet the answer."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to be stored. ``type`` was told by its bytes; ``mismatch`` when its name says otherwise.

    ``closed``: see :class:`tanggap.records.models.Attachment`.
    """

    id: str
    name: str
    data: bytes
    type: str
    mismatch: bool = False
    closed: bool = False


@dataclass(frozen=True, slots=True)
class NewContent:
    """A message to be stored. ``words`` holds its text and, for a report, the fields of the form."""

    id: str
    kind: str
    words: Mapping[str, str]
    author: str
    medium: str = ""
    audience: str = "internal"  # internal, complainant
    files: tuple[NewFile, ...] = ()


@dataclass(frozen=True, slots=True)
class NewIdentity:
    """Who complained, to be locked into the vault."""

    id: str
    facts: Mapping[str, str] = field(default_factory=dict)


def seal(key: bytes, words: Mapping[str, str], *, table: str, case: UUID) -> bytes:
    """``words`` as encrypted JSON."""
    plain = json.dumps(dict(words), ensure_ascii=True, separators=(",", ":")).encode()
    return vault.encrypt(key, plain, place=vault.place_of(table, "words", case))


def unseal(key: bytes, stored: bytes | memoryview, *, table: str, case: UUID) -> dict[str, str]:
    """The words that :func:`seal` hid. Raises :class:`tanggap.records.vault.Unreadable`."""
    plain = vault.decrypt(key, bytes(stored), place=vault.place_of(table, "words", case))
    words: dict[str, str] = json.loads(plain)
    return words
