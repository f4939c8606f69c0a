"""The only writer of cases: loads a log, and appends to it with everything that follows, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from tanggap.casework import notices
from tanggap.casework.codec import canonical, decode, encode
from tanggap.casework.events import Entry
from tanggap.casework.fold import fold
from tanggap.casework.shelf import Shelf
from tanggap.casework.state import Case as State
from tanggap.records import chain, vault
from tanggap.records.contents import NewContent, NewIdentity
from tanggap.records.models import (
    Case,
    CaseEvent,
    CaseParty,
    Duty,
    DutyPost,
    Institution,
    IntakeKey,
    Message,
    RegisterCounter,
    TrackingCode,
)
from tanggap.records.models.cases import duty_id
from tanggap.records.outbox import rows_for
from tanggap.records.projection import CASE_FIELDS, DUTY_FIELDS, DutyRow, Rows, counted_by, project
from tanggap.records.register import register_words
from tanggap.records.rows import delete, insert, select, shared, update
from tanggap.records.sealing import key_of, lock_away, private_digest_of, seal_all, wrapped_keys, write_sealed
from tanggap.records.shelves import compiled
from tanggap.records.writing import write


class TooLate(Exception):
    """Somebody wrote to this case, or changed its institution, since it was loaded; load it again and decide again."""


class ContentTaken(Exception):
    """Content with this id is in another case: a form's key was used for two different forms."""


class Erased(Exception):
    """The content key of this case was destroyed: nothing can be written to it any more."""


@dataclass(slots=True)
class Log:
    """A case as loaded: its row, its entries in order, and what they fold to.

    ``head`` is the hash of the last entry read. The row was read a moment before and may be older: never chain to it.
    """

    row: Case
    entries: list[Entry]
    state: State
    head: str


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new case is born with besides its entries. ``code_hash``: Argon2id of the tracking code."""

    case: UUID
    institution: Institution
    year: int
    at: datetime
    month: int
    promise_due_at: datetime | None
    promise_source: str
    key_digest: str
    body_digest: str
    code_hash: str
    identity: NewIdentity | None = None
    contents: tuple[NewContent, ...] = ()


def load(case_id: UUID) -> Log:
    """The case ``case_id``. Raises ``Case.DoesNotExist``."""
    found = select(Case, "id", case_id)
    if not found:
        raise Case.DoesNotExist(case_id)
    row = found[0]
    row.institution = select(Institution, "id", row.institution_id)[0]
    lines = select(CaseEvent, "case", case_id, order="seq")
    entries = [entry_of(line) for line in lines]
    return Log(row, entries, fold(entries), lines[-1].hash if lines else "")


def entry_of(line: CaseEvent) -> Entry:
    """One line of the log as an entry. Raises :class:`tanggap.casework.codec.UnknownEvent`."""
    event = decode(line.kind, json.loads(line.data))
    return Entry(line.seq, event, line.happened_at, line.recorded_at, line.by, line.key, line.digest)


def begin(beginning: Beginning, entries: Sequence[Entry], *, shelf: Shelf) -> Case:
    """Write a new case: register number, log, contents, vault, code. All of it, or nothing.

    Raises ``IntegrityError`` when the form key is taken: then the complaint is already there; :class:`TooLate` when
    the institution is no longer as the decision saw it.
    """
    case_id = beginning.case
    content_key, identity_key = vault.new_key(), vault.new_key()
    sealed = seal_all(beginning.contents, key=content_key, case=case_id, at=beginning.at)
    with write():
        _hold(beginning.institution)
        n = _next_number(beginning.institution, beginning.year)
        row = Case(
            id=case_id,
            institution=beginning.institution,
            year=beginning.year,
            n=n,
            register=register_words(beginning.institution, n=n, year=beginning.year, month=beginning.month),
            recorded_at=beginning.at,
            promise_due_at=beginning.promise_due_at,
            promise_source=beginning.promise_source,
        )
        vaulted = lock_away(beginning.identity, key=identity_key, case=case_id)
        start = chain.genesis(row, institution=beginning.institution.key)
        private = private_digest_of(sealed, vaulted)
        lines = _lines(row, entries, prev=start, private=private)
        state = fold(entries)
        rows = project(state, shelf=shelf, head=lines[-1].hash, last_at=entries[-1].recorded_at)
        _fill(row, rows)
        insert([row])
        insert(lines)
        insert(wrapped_keys(row, content_key, identity_key if vaulted else None))
        write_sealed(sealed, seq=entries[0].seq)
        if vaulted is not None:
            insert([vaulted])
        insert([IntakeKey(digest=beginning.key_digest, body=beginning.body_digest, case=row)])
        insert([TrackingCode(case=row, hash=beginning.code_hash)])
        _add_duties(row, rows.duties)
        _add_parties(row, rows.parties)
        told = notices.of(State(), entries, shelf.sops)
        insert(rows_for(row, told, state=state, shelf=shelf, duties=rows.duties))
    return row


def append(log: Log, entries: Sequence[Entry], *, state: State, shelf: Shelf, contents: Sequence[NewContent]) -> None:
    """Write ``entries`` (which follow ``log``) and what they lead to. ``state`` is the case with them applied, in
    a copy: ``log.state`` is still as it was.

    One transaction: events, contents, what differs between the rows before and after, and the notices that are now
    required. Raises :class:`TooLate` when somebody else wrote first, and :class:`ContentTaken`.
    """
    row = log.row
    key = key_of(row.pk, "content") if contents else b""
    if key is None:
        raise Erased(row.register)
    sealed = seal_all(contents, key=key, case=row.pk, at=entries[0].recorded_at)
    lines = _lines(row, entries, prev=log.head, private=private_digest_of(sealed, None))
    rows = project(state, shelf=shelf, head=lines[-1].hash, last_at=entries[-1].recorded_at)
    before = project(log.state, shelf=shelf, head=log.head, last_at=log.entries[-1].recorded_at)
    told = notices.of(log.state, entries, shelf.sops)
    outbox = rows_for(row, told, state=state, shelf=shelf, duties=rows.duties)
    try:
        with write():
            _hold(row.institution)
            insert(lines)
            write_sealed(sealed, seq=entries[0].seq)
            if row.counted_by in ("", counted_by(shelf)):
                _store_difference(row, before, rows)
            else:  # rules or calendar changed since these rows were written: none is as it would be computed now
                store_rows(row, rows)
            insert(outbox)
    except IntegrityError as error:
        if CaseEvent.objects.filter(case=row, seq=entries[0].seq).exists():
            raise TooLate from error
        if Message.objects.filter(pk__in=[content.id for content in contents]).exists():
            raise ContentTaken from error
        raise


def _hold(institution: Institution) -> None:
    """Keep the institution as it was read until this transaction ends: first of all, before any case is locked.

    Whoever changes a calendar counts every open case anew; what was decided by the old one must be written before, or
    decided again. Raises :class:`TooLate`.
    """
    if shared(institution, "revision") != institution.revision:
        raise TooLate(institution.key)


def store_rows(row: Case, rows: Rows) -> None:
    """Make the projected rows of ``row`` what ``rows`` says, whatever stands there. Inside a transaction."""
    _store_difference(row, stored_rows(row), rows)


def _store_difference(row: Case, before: Rows, after: Rows) -> None:
    """Write what differs. The row of the case first: it locks out whoever would write its duties too."""
    _fill(row, after)
    update(row, (*CASE_FIELDS, "lease_until"))
    kept = set(before.duties) & set(after.duties)
    gone = [duty_id(row.pk, duty.name) for duty in before.duties if duty not in kept]
    delete(DutyPost, "duty", gone)
    delete(Duty, "id", gone)
    _add_duties(row, [duty for duty in after.duties if duty not in kept])
    for name, part in before.parties - after.parties:
        CaseParty.objects.filter(case=row, name=name, part=part).delete()
    _add_parties(row, after.parties - before.parties)


def reproject(case_id: UUID, *, at: datetime) -> bool:
    """Compute the rows of a case again from its log (new calendar, repair). True when they differed."""
    with write():
        Case.objects.select_for_update().filter(pk=case_id).first()  # whoever appends meanwhile writes after us
        log = load(case_id)
        shelf = compiled(log.row.institution).shelf(at)
        rows = project(log.state, shelf=shelf, head=log.head, last_at=log.entries[-1].recorded_at)
        if rows == stored_rows(log.row):
            return False
        store_rows(log.row, rows)
    return True


def stored_rows(row: Case) -> Rows:
    """The projected rows as they stand in the database, comparable with what :func:`project` says."""
    fields = tuple((name, getattr(row, name)) for name in CASE_FIELDS)
    # sorted here: a database sorts words by the rules of some language
    duties = tuple(sorted(map(_duty_row, select(Duty, "case", row.pk)), key=lambda duty: duty.name))
    return Rows(fields, duties, frozenset((one.name, one.part) for one in select(CaseParty, "case", row.pk)))


def _duty_row(duty: Duty) -> DutyRow:
    """A stored duty as the projection would say it."""
    return DutyRow(
        duty.name,
        tuple((name, getattr(duty, name)) for name in DUTY_FIELDS),
        frozenset((post.name, post.group) for post in select(DutyPost, "duty", duty.pk)),
    )


def _fill(row: Case, rows: Rows) -> None:
    for name, value in rows.fields:
        setattr(row, name, value)
    row.lease_until = None


def _add_duties(row: Case, duties: Sequence[DutyRow]) -> None:
    insert(Duty(id=duty_id(row.pk, duty.name), case=row, name=duty.name, **dict(duty.fields)) for duty in duties)
    insert(
        DutyPost(duty_id=duty_id(row.pk, duty.name), name=name, group=group)
        for duty in duties
        for name, group in sorted(duty.posts)
    )


def _add_parties(row: Case, parties: AbstractSet[tuple[str, str]]) -> None:
    insert(CaseParty(case=row, name=name, part=part) for name, part in sorted(parties))


def _next_number(institution: Institution, year: int) -> int:
    counter, _ = RegisterCounter.objects.select_for_update().get_or_create(institution=institution, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def _lines(row: Case, entries: Sequence[Entry], *, prev: str, private: str) -> list[CaseEvent]:
    """The entries as chained lines; ``private`` goes on the first, with which the contents came."""
    lines: list[CaseEvent] = []
    for entry in entries:
        line = CaseEvent(
            case=row,
            seq=entry.seq,
            kind=entry.event.kind,
            data=canonical(encode(entry.event)).decode(),
            happened_at=entry.happened_at,
            recorded_at=entry.recorded_at,
            by=entry.by,
            key=entry.key,
            digest=entry.digest,
            private="" if lines else private,
            prev=prev,
        )
        line.hash = prev = chain.link(line)
        lines.append(line)
    return lines
