"""How a complaint comes in: one door for the web form, the desk, and every channel. It never refuses for content."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError

from tanggap.actions.cases import THE_COMPLAINANT, NotVisible
from tanggap.actions.contents import Upload, check_files, new_content, random_looking, readable
from tanggap.actions.tracking import code_for, hash_code
from tanggap.casework.commands import Link, Receive
from tanggap.casework.decide import decide
from tanggap.casework.duties import CHANNEL
from tanggap.casework.events import Received
from tanggap.casework.performers import RESPONDENT
from tanggap.casework.promise import promise
from tanggap.casework.refusals import Refused
from tanggap.casework.shelf import Actor, Power, Shelf
from tanggap.casework.state import Case as State
from tanggap.records import store
from tanggap.records.access import Reader
from tanggap.records.contents import NewIdentity
from tanggap.records.keys import keyed_digest
from tanggap.records.likeness import marks
from tanggap.records.models import Case, Institution, IntakeKey, SopVersion
from tanggap.records.rows import select
from tanggap.records.shelves import compiled, in_force
from tanggap.sop.flow import holds
from tanggap.worktime.duration import parse

IDENTITIES = ("open", "confidential", "anonymous")
KINDS = ("complaint", "criticism", "suggestion", "question", "aspiration")

_TRIES = 10


class NoProcedure(LookupError):
    """The institution has no approved SOP yet: there is nothing to receive under."""


@dataclass(frozen=True, slots=True)
class Complainant:
    """Who complains, as far as they say. ``affiliation``: internal, external or empty (S3-14)."""

    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    number: str = ""  # NIM, NIP
    affiliation: str = ""
    on_behalf_of: str = ""
    handle: str = ""  # who they are in the channel they came by: an address, a number, an id of the platform


_FACTS = tuple(one.name for one in fields(Complainant))


@dataclass(frozen=True, slots=True)
class Incoming:
    """A complaint as it arrives, whatever the channel (S4-4: the e-form of every complaint).

    ``kind``: one of :data:`KINDS`, or the key of one the institution named itself.
    ``channel``: web, telepon, whatsapp, email, surat, lisan, sms, instagram, media sosial, kotak saran ...
    ``summary``: ``public`` when the content may be summarised to the public, else ``secret``.
    ``respondent``: keys of posts or units complained of. ``addressee``: the unit it was addressed to (S1-7).
    ``attributes``: declared attributes already known (urgensi, jenis ...). ``external``: numbers of the same ticket
    elsewhere, by system (S0-11). ``happened_at``: when it was said or arrived, when recorded later.
    """

    text: str
    title: str = ""
    channel: str = "web"
    kind: str = "complaint"
    identity: str = "confidential"
    summary: str = "secret"
    service: str = ""
    place: str = ""
    addressee: str = ""
    language: str = ""  # of the form, for what is written back: id or en
    answer_by: str = ""  # how the complainant wants the answer: lacak, email, telepon, surat ...
    complainant: Complainant = Complainant()
    respondent: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    files: tuple[Upload, ...] = ()
    letter_number: str = ""
    letter_date: date | None = None
    agenda_number: str = ""
    external: Mapping[str, str] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    happened_at: datetime | None = None
    sop_id: str = ""  # which document, when the institution has several in force; empty: chosen by channel and kind
    procedure: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the complainant is told. ``promise_source``: the SOP's number, or the law, that the promise comes from.

    ``again``: this very form had come in before; the number and the code are the same as then.
    """

    case: UUID
    register: str
    code: str
    institution: str
    received_at: datetime
    promise_due_at: datetime | None
    promise_source: str
    again: bool
    head: str


def receive(
    institution: Institution | str,
    incoming: Incoming,
    *,
    key: str,
    at: datetime,
    by: Reader | None = None,
    coded: bool = True,
    beside: Callable[[], None] = store.nothing_beside,
) -> Receipt:
    """Receive a complaint for ``institution`` (its key, or its row): everything is written, or nothing.

    ``key``: random, made with the form; the same form sent again gives the same receipt. ``by``: who records it at
    the desk, ``None`` when the complainant sends it. ``coded``: ``False`` when nobody reads the receipt, so that no
    tracking code is told or kept. ``beside``: writes what stands or falls with the case, in its
    transaction; not called when the case is there already. Raises ``LookupError`` (unknown institution),
    :class:`NoProcedure`, :class:`tanggap.actions.contents.TooLarge`, ``Refused("key_reused")`` when the key came with
    another text, and :class:`NotVisible` when ``by`` is not of this institution's desk.
    """
    row = _row(institution)
    actor = _actor(row, by)
    check_files(incoming.files)
    key_digest = keyed_digest("intake", row.key, key).hex()
    body = _body(incoming)
    known = _known(key_digest)
    if known is None:
        try:
            case = _begun(
                row, incoming, actor=actor, key=key, key_digest=key_digest, body=body, at=at, coded=coded, beside=beside
            )
            return _receipt(row, case, key if coded else "", again=False)
        except IntegrityError:
            known = _known(key_digest)
            if known is None:
                raise
    if known.body != body:
        raise Refused("key_reused", key="form")
    return _receipt(row, known.case, key if coded else "", again=True)


def is_known(institution: str, key: str) -> bool:
    """True when the form with this key has been received: sent again it gets its receipt."""
    return _known(keyed_digest("intake", institution, key).hex()) is not None


def _row(institution: Institution | str) -> Institution:
    if isinstance(institution, Institution):
        return institution
    found = select(Institution, "key", [institution])
    if not found:
        raise LookupError(f"unknown institution {institution!r}")
    return found[0]


def _known(key_digest: str) -> IntakeKey | None:
    """The form that came in with this key; its case is asked for when it is looked at."""
    return next(iter(select(IntakeKey, "digest", [key_digest])), None)


def _actor(row: Institution, by: Reader | None) -> Actor:
    if by is None:
        return THE_COMPLAINANT
    actor = by.actor(row.pk)
    if not actor.may(Power.DESK, Power.COORDINATOR, Power.OFFICER):
        raise NotVisible(row.key)
    return actor


def _receipt(row: Institution, case: Case, key: str, *, again: bool) -> Receipt:
    return Receipt(
        case=case.pk,
        register=case.register,
        code=code_for(row.key, key) if key else "",
        institution=row.key,
        received_at=case.received_at,
        promise_due_at=case.promise_due_at,
        promise_source=case.promise_source,
        again=again,
        head=case.head,
    )


def _begun(
    row: Institution, incoming: Incoming, *, actor: Actor, key: str, key_digest: str, body: str, at: datetime,
    coded: bool, beside: Callable[[], None],
) -> Case:  # fmt: skip
    """:func:`_begin`, again when the institution (its calendar, its people) was changed meanwhile."""
    for attempt in range(_TRIES):
        try:
            return _begin(
                row, incoming, actor=actor, key=key, key_digest=key_digest, body=body, at=at, coded=coded, beside=beside
            )
        except store.TooLate:
            if attempt == _TRIES - 1:
                raise
            row.refresh_from_db()
    raise AssertionError


def _begin(
    row: Institution, incoming: Incoming, *, actor: Actor, key: str, key_digest: str, body: str, at: datetime,
    coded: bool, beside: Callable[[], None],
) -> Case:  # fmt: skip
    shelf = compiled(row).shelf(at)
    happened = min(incoming.happened_at or at, at)
    attributes = _attributes(incoming, row)
    version = _version(row, incoming, attributes, shelf, at)
    attributes = {name: value for name, value in attributes.items() if _is_known(shelf, version, name, value)}
    own_key = f"{row.key}/{key}"
    identity = _identity(incoming, own_key)
    report = new_content(
        "report",
        incoming.text,
        author=actor.person,
        key=own_key,
        audience="complainant",
        medium=attributes["channel"],
        words=_form(incoming) | ({"language": incoming.language} if incoming.language else {}),
        files=incoming.files,
    )
    command = Receive(
        sop=version.hash,
        attributes=attributes,
        parties=(identity.id,) if identity else (),
        procedure=incoming.procedure,
        binds=_binds(incoming, shelf, version),
        links=incoming.links,
    )
    entries = decide(State(), command, actor=actor, shelf=shelf, at=at, happened=happened)
    first = entries[0].event
    assert isinstance(first, Received)
    due_at, source = _promise(row, shelf, first, happened, version)
    local = at.astimezone(ZoneInfo(row.zone))  # the book of the day it is written: last year's stays closed
    beginning = store.Beginning(
        case=UUID(bytes=keyed_digest("case", row.key, key)[:16], version=4),
        institution=row,
        year=local.year,
        month=local.month,
        at=at,
        promise_due_at=due_at,
        promise_source=source,
        key_digest=key_digest,
        body_digest=body,
        code_hash=hash_code(code_for(row.key, key)) if coded else "",
        identity=identity,
        contents=(report,),
        marks=marks(
            identity.facts if identity else {}, f"{incoming.title}\n{incoming.text}", channel=attributes["channel"]
        ),
    )
    return store.begin(beginning, entries, shelf=shelf, beside=beside)


def _attributes(incoming: Incoming, row: Institution) -> dict[str, str]:
    """What is known of every case; a word nobody knows is put right, never refused.

    A kind that the institution named itself counts as one of the usual ones, and is kept as ``sort`` (S1-2).
    """
    own = next((one for one in row.kinds if one["key"] == incoming.kind and not one.get("off")), None)
    if own is not None:
        incoming = replace(incoming, kind=own["as"], attributes={**incoming.attributes, "sort": own["key"]})
    known = {
        **incoming.attributes,
        "channel": _channel(incoming.channel),
        "kind": incoming.kind if incoming.kind in KINDS else "complaint",
        "identity": incoming.identity if incoming.identity in IDENTITIES else "confidential",
    }
    return {name: value for name, value in known.items() if value}


def _channel(said: str) -> str:
    """The way it came, as it was said; never the one that is kept for periodic duties."""
    channel = readable(said).strip()[:40]
    return channel if channel and channel != CHANNEL else "web"


def _is_known(shelf: Shelf, version: SopVersion, name: str, value: str) -> bool:
    values = shelf.sops[version.hash].attribute_values(name)
    return values is not None and (not values or value in values)


def _version(
    row: Institution, incoming: Incoming, attributes: Mapping[str, str], shelf: Shelf, at: datetime
) -> SopVersion:
    """The version a complaint begins under: the document asked for, else the first that takes its channel and kind."""
    versions = [version for version in in_force(row, at) if shelf.sops[version.hash].for_complaints]
    if incoming.sop_id:
        versions = [version for version in versions if version.sop_id == incoming.sop_id] or versions
    if not versions:
        raise NoProcedure(row.key)
    taking = (
        version
        for version in versions
        if any(holds(procedure.accepts, attributes) for procedure in shelf.sops[version.hash].for_complaints)
    )
    return next(taking, versions[0])


def _binds(incoming: Incoming, shelf: Shelf, version: SopVersion) -> dict[str, tuple[str, ...]]:
    """Who is complained of, in the SOP's own column for them when it has one."""
    named = tuple(name for name in dict.fromkeys(incoming.respondent) if shelf.organisation.knows(name))
    if not named:
        return {}
    own = [role.id for role in shelf.sops[version.hash].roles if role.party == "respondent"]
    return {own[0] if own else RESPONDENT: named}


def _identity(incoming: Incoming, key: str) -> NewIdentity | None:
    """The facts for the vault; nothing at all for who wants to stay unknown."""
    if incoming.identity == "anonymous":
        return None
    who = incoming.complainant
    facts = {name: readable(getattr(who, name)).strip() for name in _FACTS}
    facts = {name: value for name, value in facts.items() if value}
    if not facts:
        return None
    return NewIdentity(random_looking("identity", key), facts)


def _form(incoming: Incoming) -> dict[str, str]:
    """The fields of the form that are content: encrypted with the text, shown with it."""
    words = {
        "title": incoming.title,
        "service": incoming.service,
        "place": incoming.place,
        "addressee": incoming.addressee,
        "answer_by": incoming.answer_by,
        "summary": incoming.summary,
        "affiliation": incoming.complainant.affiliation,
        "letter_number": incoming.letter_number,
        "letter_date": incoming.letter_date.isoformat() if incoming.letter_date else "",
        "agenda_number": incoming.agenda_number,
        **{f"external:{system}": number for system, number in incoming.external.items()},
    }
    return {name: value for name, value in words.items() if value}


def _promise(
    row: Institution, shelf: Shelf, received: Received, happened: datetime, version: SopVersion
) -> tuple[datetime | None, str]:
    """By when an answer is promised, and by whose words: the SOP's own times, else the institution's (the law's)."""
    found = promise(shelf, received.sop, received.procedure, happened, received.attributes)
    if found is not None:
        return found.due_at, f"SOP {version.number}".strip()
    return shelf.calendar.add(happened, parse(row.answer_within)), row.answer_within_source


def _body(incoming: Incoming) -> str:
    """Tells a form sent again from another form with the same key, without keeping either."""
    told = json.dumps(
        [
            incoming.text, incoming.title, incoming.channel, incoming.kind, incoming.identity,
            _told_of(incoming.complainant),
            [[upload.name, sha256(upload.data).hexdigest()] for upload in incoming.files],
            sorted(_form(incoming).items()),
        ]
    )  # fmt: skip
    return keyed_digest("intake body", told).hex()


def _told_of(who: Complainant) -> list[str]:
    """Every fact of a form; forms that were sent before there were handles are still the same forms."""
    return [getattr(who, name) for name in _FACTS if name != "handle"] + ([who.handle] if who.handle else [])
