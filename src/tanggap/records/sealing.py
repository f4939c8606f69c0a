"""Contents on their way to disk: encrypted under the keys of their case, and told to the chain by digest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tanggap.casework.codec import moment_out
from tanggap.records import chain, files, vault
from tanggap.records.contents import NewContent, NewIdentity, seal
from tanggap.records.models import Attachment, Case, CaseKey, Identity, Message
from tanggap.records.rows import insert, select


@dataclass(frozen=True, slots=True)
class Sealed:
    """A message and its files, ready to be written; the files lie on disk already."""

    message: Message
    attachments: tuple[Attachment, ...]


def seal_all(contents: Sequence[NewContent], *, key: bytes, case: UUID, at: datetime) -> list[Sealed]:
    """Encrypt, and put files on disk for good: before the transaction that will speak of them."""
    return [_seal_one(content, key=key, case=case, at=at) for content in contents]


def _seal_one(content: NewContent, *, key: bytes, case: UUID, at: datetime) -> Sealed:
    ciphertext = seal(key, content.words, table="message", case=case)
    message = Message(
        id=content.id,
        case_id=case,
        kind=content.kind,
        author=content.author,
        medium=content.medium,
        audience=content.audience,
        at=at,
        ciphertext=ciphertext,
        digest=vault.digest(ciphertext),
    )
    return Sealed(message, tuple(_store_file(content, n, key=key, case=case) for n in range(len(content.files))))


def _store_file(content: NewContent, n: int, *, key: bytes, case: UUID) -> Attachment:
    file = content.files[n]
    stored = vault.encrypt(key, file.data, place=vault.place_of("attachment", file.id, case))
    return Attachment(
        id=file.id,
        case_id=case,
        message_id=content.id,
        name=seal(key, {"name": file.name}, table="attachment", case=case),
        type=file.type,
        mismatch=file.mismatch,
        closed=file.closed,
        size=len(stored),
        plain_size=len(file.data),
        sha256=files.write(file.id, stored),
        position=n,
    )


def lock_away(identity: NewIdentity | None, *, key: bytes, case: UUID) -> Identity | None:
    if identity is None:
        return None
    ciphertext = seal(key, identity.facts, table="identity", case=case)
    return Identity(id=identity.id, case_id=case, ciphertext=ciphertext, digest=vault.digest(ciphertext), event_seq=1)


def private_digest_of(sealed: Sequence[Sealed], identity: Identity | None) -> str:
    """The private digest of the line these contents came with."""
    return private_of([one.message for one in sealed], [a for one in sealed for a in one.attachments], identity)


def private_of(messages: Iterable[Message], attachments: Iterable[Attachment], identity: Identity | None) -> str:
    """What the chain says of these rows: ids, who, when, and digests of what is encrypted. Survives their erasure."""
    rows: list[tuple[str | int, ...]] = [
        ("message", m.id, m.kind, m.author, m.medium, m.audience, moment_out(m.at), m.digest) for m in messages
    ]
    rows += [("attachment", a.id, a.message_id, a.type, a.size, a.sha256) for a in attachments]
    if identity is not None:
        rows.append(("identity", identity.id, identity.digest))
    return chain.private_digest(rows)


def write_sealed(sealed: Sequence[Sealed], *, seq: int) -> None:
    for one in sealed:
        one.message.event_seq = seq
    insert(one.message for one in sealed)
    insert(attachment for one in sealed for attachment in one.attachments)


def wrapped_keys(row: Case, content: bytes, identity: bytes | None) -> Iterator[CaseKey]:
    for purpose, key in (("content", content), ("identity", identity)):
        if key is not None:
            wrapped = vault.wrap(key, case=row.pk, purpose=purpose)
            yield CaseKey(case=row, purpose=purpose, wrapped=wrapped, epoch=vault.CURRENT_EPOCH)


def key_of(case: UUID, purpose: str) -> bytes | None:
    """The key of one kind of content of a case; ``None`` when it was destroyed."""
    stored = next((one for one in select(CaseKey, "case", [case]) if one.purpose == purpose), None)
    if stored is None or stored.wrapped is None:
        return None
    return vault.unwrap(bytes(stored.wrapped), case=case, purpose=purpose, epoch=stored.epoch)
