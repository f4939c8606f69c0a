"""One case as its pages show it: to officers, to the party complained of (redacted), to the complainant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from tanggap.casework.dues import Due, dues
from tanggap.casework.events import COMPLAINANT, Entry, StepDone
from tanggap.casework.offers import Offer, offers
from tanggap.casework.shelf import Actor, Power, Shelf
from tanggap.casework.state import Case as State
from tanggap.records import files, store, vault
from tanggap.records.access import Reader, is_respondent, visible_cases
from tanggap.records.contents import unseal
from tanggap.records.models import Attachment, Case, Identity, IdentityReveal, Message, Rating
from tanggap.records.queries.discretion import is_secret, without_secrets
from tanggap.records.queries.institutions import InstitutionLine, line_of, names_of, people
from tanggap.records.queries.notices import Told, told_complainant
from tanggap.records.queries.words import content_keys, title_of
from tanggap.records.sealing import key_of
from tanggap.records.shelves import compiled
from tanggap.sop.model import Procedure, Sop

ERASED: Mapping[str, str] = {"text": ""}


OPEN_FOR = timedelta(hours=1)
"""How long a look at an identity lets one download what names it."""


@dataclass(frozen=True, slots=True)
class FileLine:
    """An attachment to be listed. ``mismatch``: its bytes are not what its name says. ``closed``: it names persons."""

    id: str
    name: str
    type: str
    size: int
    mismatch: bool
    closed: bool = False


@dataclass(frozen=True, slots=True)
class MessageLine:
    """Something written. ``words`` has ``text``; a report has the fields of the form. ``erased``: no words left."""

    id: str
    kind: str
    author: str
    medium: str
    audience: str
    at: datetime
    seq: int
    words: Mapping[str, str]
    files: tuple[FileLine, ...] = ()
    erased: bool = False

    @property
    def text(self) -> str:
        """The words themselves."""
        return self.words.get("text", "")


@dataclass(frozen=True, slots=True)
class Reveal:
    """Somebody looked at the identity."""

    who: str
    at: datetime
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything the page of a case shows to one reader.

    ``redacted``: the reader is complained of; only the report and what belongs to the reader's own duties is here.
    ``identity``: facts of the complainant when the reader may see them without asking (identity open), else empty.
    ``names``: posts and units by key; ``persons``: staff by log id; ``messages``: by id, in order of time.
    """

    id: UUID
    register: str
    institution: InstitutionLine
    sop: Sop
    procedure: Procedure
    state: State
    entries: tuple[Entry, ...]
    shelf: Shelf
    actor: Actor
    offers: tuple[Offer, ...]
    dues: Mapping[str, Due]
    messages: Mapping[str, MessageLine]
    report: MessageLine | None
    title: str
    identity: Mapping[str, str]
    identity_kept: bool
    reveals: tuple[Reveal, ...]
    names: Mapping[str, str]
    persons: Mapping[str, str]
    recorded_at: datetime
    promise_due_at: datetime | None
    promise_source: str
    redacted: bool
    head: str
    rating: int | None = None
    may_reveal: bool = False


@dataclass(frozen=True, slots=True)
class TrackedCase:
    """A case as its complainant sees it: messages meant for them, the SOP's path, no internal word."""

    id: UUID
    register: str
    institution: InstitutionLine
    sop: Sop
    procedure: Procedure
    state: State
    entries: tuple[Entry, ...]
    shelf: Shelf
    offers: tuple[Offer, ...]
    dues: Mapping[str, Due]
    messages: Mapping[str, MessageLine]
    report: MessageLine | None
    title: str
    reveals: tuple[Reveal, ...]
    names: Mapping[str, str]
    recorded_at: datetime
    promise_due_at: datetime | None
    promise_source: str
    head: str
    rating: int | None = None
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An attachment to be handed out, always as a download."""

    name: str
    type: str
    data: bytes = field(repr=False)


def case_page(who: Reader, case_id: UUID) -> CasePage | None:
    """The case as ``who`` may see it; ``None`` when it is not visible (or does not exist: no difference is told)."""
    if not visible_cases(who).filter(pk=case_id).exists():
        return None
    log = store.load(case_id)
    row, state = log.row, log.state
    shelf = compiled(row.institution).shelf(who.at)
    actor = who.actor(row.institution_id)
    redacted = is_respondent(who, row)
    messages = _messages(row)
    entries = tuple(log.entries)
    if redacted:
        entries, messages = _redact(entries, messages, state, who.part(row.institution_id).names)
    entries, messages = without_secrets(entries, messages, state, shelf, actor)
    part = who.part(row.institution_id)
    report = next((message for message in messages.values() if message.kind == "report"), None)
    return CasePage(
        id=row.pk,
        register=row.register,
        institution=line_of(row.institution),
        sop=shelf.sops[state.sop],
        procedure=shelf.sops[state.sop].procedure(state.procedure),
        state=state,
        entries=entries,
        shelf=shelf,
        actor=actor,
        offers=tuple(_own_offers(offers(state, shelf, actor), redacted)),
        dues={due.clock: due for due in dues(state, shelf)},
        messages=messages,
        report=report,
        title=title_of(report.words if report else None),
        identity={} if redacted else _open_identity(row),
        identity_kept=Identity.objects.filter(case=row, ciphertext__isnull=False).exists(),
        reveals=() if redacted else _reveals(row),
        names=names_of(row.institution_id),
        persons=people(entry.by for entry in entries),
        recorded_at=row.recorded_at,
        promise_due_at=row.promise_due_at,
        promise_source=row.promise_source,
        redacted=redacted,
        head=log.head,
        rating=Rating.objects.filter(case=row).values_list("stars", flat=True).first(),
        may_reveal=not redacted and (part.desk or part.coordinator),
    )


def _own_offers(found: Iterable[Offer], redacted: bool) -> Iterable[Offer]:
    return (offer for offer in found if not redacted or offer.may_complete or offer.may_dispose)


def tracked_case(case_id: UUID, *, at: datetime) -> TrackedCase:
    """The case for its complainant, who has shown the code. Raises ``Case.DoesNotExist``."""
    log = store.load(case_id)
    row, state = log.row, log.state
    shelf = compiled(row.institution).shelf(at)
    messages = {m.id: m for m in _messages(row).values() if m.audience == "complainant" or m.author == COMPLAINANT}
    report = next((message for message in messages.values() if message.kind == "report"), None)
    return TrackedCase(
        id=row.pk,
        register=row.register,
        institution=line_of(row.institution),
        sop=shelf.sops[state.sop],
        procedure=shelf.sops[state.sop].procedure(state.procedure),
        state=state,
        entries=tuple(log.entries),
        shelf=shelf,
        offers=tuple(offers(state, shelf, Actor(COMPLAINANT, powers=frozenset({Power.COMPLAINANT})))),
        dues={due.clock: due for due in dues(state, shelf)},
        messages=messages,
        report=report,
        title=title_of(report.words if report else None),
        reveals=_reveals(row),
        names=names_of(row.institution_id),
        recorded_at=row.recorded_at,
        promise_due_at=row.promise_due_at,
        promise_source=row.promise_source,
        head=log.head,
        told=tuple(told_complainant(row.pk)),
        rating=Rating.objects.filter(case=row).values_list("stars", flat=True).first(),
    )


def stored_file(who: Reader, file_id: str) -> StoredFile | None:
    """An attachment of a visible case; ``None`` when there is none. The party complained of gets none.

    Nor does anybody but giver and holder get what was sent with a secret disposition. What says who sent it is for
    whoever has opened the identity, with a reason, within the hour.
    """
    found = Attachment.objects.filter(pk=file_id, case__in=visible_cases(who)).select_related("case").first()
    if found is None or is_respondent(who, found.case) or (found.closed and not _has_opened(who, found.case)):
        return None
    log = store.load(found.case_id)
    shelf, actor = compiled(log.row.institution).shelf(who.at), who.actor(log.row.institution_id)
    if is_secret(str(found.message_id), log.entries, log.state, shelf, actor):
        return None
    return _open_file(found)


def _has_opened(who: Reader, case: Case) -> bool:
    """The complainant is known to everybody here, or this reader looked who it is, and that is on record."""
    looked = IdentityReveal.objects.filter(case=case, user=who.user.pk, at__gt=who.at - OPEN_FOR, at__lte=who.at)
    return case.identity == "open" or looked.exists()


def tracked_file(case_id: UUID, file_id: str) -> StoredFile | None:
    """An attachment that the complainant of ``case_id`` sent or was sent; ``None`` when there is none."""
    found = Attachment.objects.filter(pk=file_id, case=case_id).select_related("message").first()
    if found is None or (found.message.audience != "complainant" and found.message.author != COMPLAINANT):
        return None
    return _open_file(found)


def _open_file(found: Attachment) -> StoredFile | None:
    key = key_of(found.case_id, "content")
    if key is None or found.erased_at is not None or found.name is None:
        return None
    name = unseal(key, found.name, table="attachment", case=found.case_id)["name"]
    stored = files.read(found.pk)
    data = vault.decrypt(key, stored, place=vault.place_of("attachment", found.pk, found.case_id))
    return StoredFile(name, found.type, data)


def _messages(row: Case) -> dict[str, MessageLine]:
    key = content_keys([row.pk]).get(row.pk)
    found: dict[str, MessageLine] = {}
    for message in Message.objects.filter(case=row).prefetch_related("attachments"):
        readable = key is not None and message.ciphertext is not None
        words = unseal(key, message.ciphertext, table="message", case=row.pk) if readable else ERASED  # type: ignore[arg-type]
        found[message.id] = MessageLine(
            id=message.id,
            kind=message.kind,
            author=message.author,
            medium=message.medium,
            audience=message.audience,
            at=message.at,
            seq=message.event_seq,
            words=words,
            files=tuple(_file_line(one, key) for one in message.attachments.all()) if key is not None else (),
            erased=not readable,
        )
    return found


def _file_line(one: Attachment, key: bytes) -> FileLine:
    name = unseal(key, one.name, table="attachment", case=one.case_id)["name"] if one.name is not None else ""
    return FileLine(one.id, name, one.type, one.plain_size, one.mismatch, one.closed)


def _open_identity(row: Case) -> Mapping[str, str]:
    """Facts of a complainant who chose to be known; empty for everybody else."""
    if row.identity != "open":
        return {}
    return identity_of(row)


def identity_of(row: Case) -> Mapping[str, str]:
    """What the vault holds of ``row``; empty when nothing was given or it was erased.

    Only for identities that are open, for :func:`tanggap.actions.identity.reveal`, which records who looked, and for
    the sender of notices, which shows it to nobody.
    """
    stored = Identity.objects.filter(case=row, ciphertext__isnull=False).first()
    key = key_of(row.pk, "identity")
    if stored is None or key is None or stored.ciphertext is None:
        return {}
    return unseal(key, stored.ciphertext, table="identity", case=row.pk)


def _reveals(row: Case) -> tuple[Reveal, ...]:
    found = IdentityReveal.objects.filter(case=row).select_related("user")
    return tuple(Reveal(one.user.shown_name, one.at, one.reason, one.words) for one in found)


def _redact(
    entries: tuple[Entry, ...], messages: dict[str, MessageLine], state: State, names: frozenset[str]
) -> tuple[tuple[Entry, ...], dict[str, MessageLine]]:
    """What a party that is complained of may see: the report without files or contacts, and their own visits.

    With each of them comes the word of whoever handed it over or returned it: what is asked, and why (S0-4, S0-5).
    """
    own = {
        visit.id for visit in state.visits.values() if any(not names.isdisjoint(group.posts) for group in visit.groups)
    }
    handed = {parent for visit in own for parent in state.visits[visit].parents}
    own |= {one.visit for one in state.dispositions.values() if not names.isdisjoint(one.to)}
    kept = tuple(entry for entry in entries if getattr(entry.event, "visit", "") in own or _hands_over(entry, handed))
    mentioned = {value for entry in kept for value in _ids(entry)}
    shown = {}
    for message in messages.values():
        if message.kind == "report":
            words = {name: message.words[name] for name in ("title", "text", "service") if name in message.words}
            shown[message.id] = MessageLine(
                message.id, message.kind, message.author, "", message.audience, message.at, message.seq, words
            )
        elif message.id in mentioned:
            shown[message.id] = message
    return kept, shown


def _hands_over(entry: Entry, visits: set[str]) -> bool:
    return isinstance(entry.event, StepDone) and entry.event.visit in visits and bool(entry.event.reason)


def _ids(entry: Entry) -> Iterable[str]:
    for name in ("reason", "answer", "message", "note", "proof"):
        value = getattr(entry.event, name, "")
        if value:
            yield value
