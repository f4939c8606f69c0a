"""The only writer of cases: loads a log, and appends to it with everything that follows, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from tanggap.casework import notices
from tanggap.casework.codec import canonical, encode
from tanggap.casework.coming import MOVES_NO_CLOCK, Coming
from tanggap.casework.dues import dues
from tanggap.casework.events import Entry
from tanggap.casework.fold import fold
from tanggap.casework.shelf import Shelf
from tanggap.casework.state import Case as State
from tanggap.records import chain, vault
from tanggap.records.contents import NewContent, NewIdentity
from tanggap.records.entries import read_entry
from tanggap.records.likeness import Mark
from tanggap.records.models import (
    Case,
    CaseEvent,
    CaseMark,
    CaseParty,
    Duty,
    DutyPost,
    DutyRung,
    Institution,
    IntakeKey,
    Message,
    Outbox,
    RegisterCounter,
    TrackingCode,
)
from tanggap.records.models.cases import COMPLAINTS, duty_id
from tanggap.records.outbox import COLUMNS, Members, NewNotice, announcements, missing_rows, rows_for, values_of
from tanggap.records.projection import CASE_FIELDS, DUTY_FIELDS, DutyRow, Rows, Standing, counted_by, project, standing
from tanggap.records.register import number_words
from tanggap.records.rows import (
    delete,
    insert,
    insert_values,
    locked,
    select,
    select_columns,
    shared,
    update,
    update_all,
)
from tanggap.records.sealing import Sealed, key_of, lock_away, private_digest_of, seal_all, wrapped_keys, write_sealed
from tanggap.records.shelves import compiled
from tanggap.records.writing import write


def nothing_beside() -> None:
    """Most acts write nothing but their case."""


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
class Addition:
    """Entries that follow ``log``, and what comes with them. ``state`` is the case with them applied, in a copy:
    ``log.state`` is still as it was. ``beside``: writes what stands or falls with them. ``coming``: what comes next in
    ``state``, where that is at hand.
    """

    log: Log
    entries: Sequence[Entry]
    state: State
    shelf: Shelf
    contents: Sequence[NewContent] = ()
    beside: Callable[[], None] = nothing_beside
    coming: Coming | None = None


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a new case is born with besides its entries. ``code_hash``: Argon2id of the tracking code; empty where

    nobody outside has one.
    """

    case: UUID
    institution: Institution
    year: int
    at: datetime
    month: int
    promise_due_at: datetime | None
    promise_source: str
    key_digest: str
    body_digest: str
    code_hash: str = ""
    book: str = COMPLAINTS
    identity: NewIdentity | None = None
    contents: tuple[NewContent, ...] = ()
    marks: tuple[Mark, ...] = ()


def load(case_id: UUID) -> Log:
    """The case ``case_id``. Raises ``Case.DoesNotExist``."""
    found = load_all([case_id])
    if not found:
        raise Case.DoesNotExist(case_id)
    return found[0]


@contextmanager
def together(which: Callable[[], Set[UUID]]) -> Iterator[None]:
    """One transaction for acts in several cases, to which nobody else writes until it ends.

    ``which``: the cases, asked once more when they are held; should what was waited for have made it others, it begins
    anew with those. Institutions first, as :func:`append` does, then the cases in the order of their ids: whoever wants
    the same ones waits, and nobody in a ring.
    """
    while True:
        wanted = which()
        with write():
            for row in select(Institution, "id", sorted({row.institution_id for row in select(Case, "id", [*wanted])})):
                shared(row, "revision")
            locked(Case, "seq", [*wanted], skip=False)
            if which() <= wanted:
                yield
                return


def load_all(case_ids: Sequence[UUID]) -> list[Log]:
    """Those of the cases that exist. Three queries, however many they are."""
    rows = select(Case, "id", case_ids)
    institutions = {one.pk: one for one in select(Institution, "id", sorted({row.institution_id for row in rows}))}
    lines: dict[UUID, list[list[Any]]] = {}
    for case, *line in select_columns(CaseEvent, _READ, "case", case_ids, order=("case", "seq")):
        lines.setdefault(case, []).append(line)
    found = []
    for row in rows:
        row.institution = institutions[row.institution_id]
        own = lines.get(row.pk, [])
        entries = [read_entry(*line) for *line, _ in own]
        found.append(Log(row, entries, fold(entries), own[-1][-1] if own else ""))
    return found


_READ = ("case", "seq", "kind", "data", "happened_at", "recorded_at", "by", "key", "digest", "hash")


def entry_of(line: CaseEvent) -> Entry:
    """One line of the log as an entry. Raises :class:`tanggap.casework.codec.UnknownEvent`."""
    return read_entry(
        line.seq, line.kind, line.data, line.happened_at, line.recorded_at, line.by, line.key, line.digest
    )  # fmt: skip


def begin(
    beginning: Beginning, entries: Sequence[Entry], *, shelf: Shelf, beside: Callable[[], None] = nothing_beside
) -> Case:
    """Write a new case: register number, log, contents, vault, code. All of it, or nothing.

    ``beside``: writes what stands or falls with it, in the same transaction.
    Raises ``IntegrityError`` when the form key is taken: then the complaint is already there; :class:`TooLate` when
    the institution is no longer as the decision saw it.
    """
    case_id = beginning.case
    content_key, identity_key = vault.new_key(), vault.new_key()
    sealed = seal_all(beginning.contents, key=content_key, case=case_id, at=beginning.at)
    with write():
        _hold(beginning.institution)
        n = _next_number(beginning.institution, beginning.book, beginning.year)
        row = Case(
            id=case_id,
            institution=beginning.institution,
            book=beginning.book,
            year=beginning.year,
            n=n,
            register=number_words(
                beginning.institution, beginning.book, n=n, year=beginning.year, month=beginning.month
            ),
            recorded_at=beginning.at,
            promise_due_at=beginning.promise_due_at,
            promise_source=beginning.promise_source,
        )
        vaulted = lock_away(beginning.identity, key=identity_key, case=case_id)
        start = chain.genesis(row, institution=beginning.institution.key)
        private = private_digest_of(sealed, vaulted)
        lines = lines_of(row, entries, prev=start, private=private)
        state = fold(entries)
        rows = project(state, shelf=shelf, head=lines[-1].hash, last_at=entries[-1].recorded_at)
        _fill(row, rows)
        insert([row])
        insert_lines(lines)
        insert(wrapped_keys(row, content_key, identity_key if vaulted else None))
        write_sealed(sealed, seq=entries[0].seq)
        if vaulted is not None:
            insert([vaulted])
        insert([IntakeKey(digest=beginning.key_digest, body=beginning.body_digest, case=row)])
        if beginning.code_hash:
            insert([TrackingCode(case=row, hash=beginning.code_hash)])
        insert(
            CaseMark(institution=row.institution, case=row, kind=mark.kind, value=mark.value)
            for mark in beginning.marks
        )
        _add_duties([(row, duty) for duty in rows.duties])
        _add_parties([(row.pk, *party) for party in sorted(rows.parties)])
        told = notices.of(State(), entries, shelf.sops)
        insert_notices(rows_for(row, told, state=state, shelf=shelf, duties=rows.duties, members=Members()))
        beside()
    return row


def append(additions: Sequence[Addition]) -> set[UUID]:
    """Write ``additions``, each to another case, and what they lead to; the cases that were written.

    One transaction for all: events, contents, what differs between the rows before and after, and the notices that
    are now required. Left out is a case to which somebody else wrote since it was loaded; among many also one to
    which somebody is writing right now, so that nobody waits for anybody. Raises :class:`TooLate` when an institution
    is no longer as the decision saw it, and :class:`ContentTaken`.
    """
    members = Members()
    ready = [_made_ready(one, members) for one in additions]
    try:
        with write():
            for institution in {one.row.institution_id: one.row.institution for one in ready}.values():
                _hold(institution)
            kept = _unchanged(ready)
            if kept:
                _write(kept)
    except IntegrityError as error:
        if any(CaseEvent.objects.filter(case=one.row, seq=one.lines[0].seq).exists() for one in ready):
            raise TooLate from error
        contents = [content.id for one in additions for content in one.contents]
        if Message.objects.filter(pk__in=contents).exists():
            raise ContentTaken from error
        raise
    return {one.row.pk for one in kept}


@dataclass(frozen=True, slots=True)
class _Ready:
    """An addition, worked out: what is left to do is to write it."""

    row: Case
    seen: int
    lines: list[NewLine]
    sealed: list[Sealed]
    before: Standing | None  # None: computed by other rules or calendars, so what stands there must be looked at
    after: Rows
    outbox: list[NewNotice]
    beside: Callable[[], None]


def _made_ready(one: Addition, members: Members) -> _Ready:
    row, log, entries, shelf = one.log.row, one.log, one.entries, one.shelf
    key = key_of(row.pk, "content") if one.contents else b""
    if key is None:
        raise Erased(row.register)
    sealed = seal_all(one.contents, key=key, case=row.pk, at=entries[0].recorded_at)
    lines = lines_of(row, entries, prev=log.head, private=private_digest_of(sealed, None))
    coming = one.coming or Coming(one.state, shelf)
    after = project(one.state, shelf=shelf, head=lines[-1].hash, last_at=entries[-1].recorded_at, coming=coming)
    before = None
    if row.counted_by in ("", counted_by(shelf)):
        moved = not all(isinstance(entry.event, MOVES_NO_CLOCK) for entry in entries)
        running = {due.clock: due for due in dues(log.state, shelf)} if moved else coming.by_clock
        before = standing(log.state, shelf, running)
    told = notices.of(log.state, entries, shelf.sops)
    outbox = rows_for(row, told, state=one.state, shelf=shelf, duties=after.duties, members=members)
    outbox += announcements(row, one.contents, at=entries[0].recorded_at)
    return _Ready(row, row.seq, lines, sealed, before, after, outbox, one.beside)


def _unchanged(ready: Sequence[_Ready]) -> list[_Ready]:
    """Those whose row is as it was loaded; locked until this transaction ends. SQLite has one writer anyway."""
    seqs = locked(Case, "seq", [one.row.pk for one in ready], skip=len(ready) > 1)
    return [one for one in ready if seqs.get(one.row.pk) == one.seen]


def _write(ready: Sequence[_Ready]) -> None:
    insert_lines([line for one in ready for line in one.lines])
    for one in ready:
        write_sealed(one.sealed, seq=one.lines[0].seq)
    _store_differences((one.row, _stored_standing(one.row) if one.before is None else one.before, one.after)
                       for one in ready)  # fmt: skip
    insert_notices([row for one in ready for row in one.outbox])
    for one in ready:
        one.beside()


def insert_notices(told: Sequence[NewNotice]) -> None:
    """Write ``told``. Raises ``IntegrityError`` for a notice that its reader has already."""
    insert_values(Outbox, COLUMNS, [values_of(one) for one in told])


def _hold(institution: Institution) -> None:
    """Keep the institution as it was read until this transaction ends: first of all, before any case is locked.

    Whoever changes a calendar counts every open case anew; what was decided by the old one must be written before, or
    decided again. Raises :class:`TooLate`.
    """
    if shared(institution, "revision") != institution.revision:
        raise TooLate(institution.key)


def store_rows(row: Case, rows: Rows) -> None:
    """Make the projected rows of ``row`` what ``rows`` says, whatever stands there. Inside a transaction."""
    _store_differences([(row, _stored_standing(row), rows)])


def _store_differences(changes: Iterable[tuple[Case, Standing, Rows]]) -> None:
    """Write what differs between before and after, in each case. The rows of the cases first: they lock out whoever
    would write their duties too.
    """
    rows: list[Case] = []
    altered: set[str] = set()
    gone: list[UUID] = []
    fallen: list[UUID] = []
    climbed: list[tuple[UUID, DutyRow]] = []
    new: list[tuple[Case, DutyRow]] = []
    lost: list[tuple[Case, str, str]] = []
    joined: list[tuple[UUID, str, str]] = []
    for row, before, after in changes:
        altered |= _fill(row, after)
        rows.append(row)
        for name, one, other in _changed(before.duties, after.duties):
            pk = duty_id(row.pk, name)
            if one is not None and one.rungs:
                fallen.append(pk)
            if one is not None and other is not None and one.without_rungs() == other.without_rungs():
                climbed.append((pk, other))
                continue
            if one is not None:
                gone.append(pk)
            if other is not None:
                new.append((row, other))
        lost += [(row, *party) for party in before.parties - after.parties]
        joined += [(row.pk, *party) for party in sorted(after.parties - before.parties)]
    update(rows, (*sorted(altered), "lease_until"))
    delete(DutyPost, "duty", gone)
    delete(DutyRung, "duty", fallen)
    delete(Duty, "id", gone)
    update_all(Duty, ("level",), [(dict(duty.fields)["level"], pk) for pk, duty in climbed])
    _add_rungs(climbed)
    _add_duties(new)
    for row, name, part in lost:
        CaseParty.objects.filter(case=row, name=name, part=part).delete()
    _add_parties(joined)


_Change = tuple[str, DutyRow | None, DutyRow | None]


def _changed(before: Sequence[DutyRow], after: Sequence[DutyRow]) -> Iterator[_Change]:
    """The duties that are not what they were, each before and after."""
    was, now = {duty.name: duty for duty in before}, {duty.name: duty for duty in after}
    for name in sorted(was.keys() | now.keys()):
        if was.get(name) != now.get(name):
            yield name, was.get(name), now.get(name)


def reproject(case_id: UUID, *, at: datetime) -> bool:
    """Compute the rows of a case again from its log (new calendar, repair), and queue notices that were lost.

    True when something differed.
    """
    with write():
        Case.objects.select_for_update().filter(pk=case_id).first()  # whoever appends meanwhile writes after us
        log = load(case_id)
        shelf = compiled(log.row.institution).shelf(at)
        rows = project(log.state, shelf=shelf, head=log.head, last_at=log.entries[-1].recorded_at)
        lost = missing_rows(log.row, log.entries, state=log.state, shelf=shelf, duties=rows.duties)
        insert_notices(lost)
        if rows == stored_rows(log.row):
            return bool(lost)
        store_rows(log.row, rows)
    return True


def stored_rows(row: Case) -> Rows:
    """The projected rows as they stand in the database, comparable with what :func:`project` says."""
    return Rows(tuple((name, getattr(row, name)) for name in CASE_FIELDS), *_stored_standing(row))


def _stored_standing(row: Case) -> Standing:
    # sorted here: a database sorts words by the rules of some language
    stored = sorted(select_columns(Duty, ("id", "name", *DUTY_FIELDS), "case", [row.pk]), key=lambda duty: duty[1])
    posts: dict[UUID, set[tuple[str, str]]] = {duty[0]: set() for duty in stored}
    for duty, name, group in select_columns(DutyPost, ("duty", "name", "group"), "duty", list(posts)):
        posts[duty].add((name, group))
    rungs: dict[UUID, set[tuple[str, str, int, datetime]]] = {pk: set() for pk in posts}
    for duty, *rung in select_columns(DutyRung, ("duty", "name", "cause", "level", "at"), "duty", list(posts)):
        rungs[duty].add(tuple(rung))
    parties = select_columns(CaseParty, ("name", "part"), "case", [row.pk])
    return Standing(
        tuple(
            DutyRow(name, tuple(zip(DUTY_FIELDS, columns, strict=True)), frozenset(posts[pk]), frozenset(rungs[pk]))
            for pk, name, *columns in stored
        ),
        frozenset((name, part) for name, part in parties),
    )


_EVER_NEW = frozenset({"seq", "head", "counted_by", "late", "last_at", "next_moment"})


def _fill(row: Case, rows: Rows) -> set[str]:
    """Make ``row`` what ``rows`` says, in memory. The columns to be written: those that differ, and all that hang on
    clocks, which others may have counted anew since it was read.
    """
    altered = set(_EVER_NEW)
    for name, value in rows.fields:
        if getattr(row, name) != value:
            altered.add(name)
            setattr(row, name, value)
    row.lease_until = None
    return altered


def _add_duties(new: Sequence[tuple[Case, DutyRow]]) -> None:
    known = [(duty_id(row.pk, duty.name), row.pk, duty) for row, duty in new]
    columns = [(pk, case, duty.name, *(value for _, value in duty.fields)) for pk, case, duty in known]
    insert_values(Duty, ("id", "case", "name", *DUTY_FIELDS), columns)
    posts = [(pk, *post) for pk, _, duty in known for post in sorted(duty.posts)]
    insert_values(DutyPost, ("duty", "name", "group"), posts)
    _add_rungs([(pk, duty) for pk, _, duty in known])


def _add_rungs(new: Sequence[tuple[UUID, DutyRow]]) -> None:
    rungs = [(pk, *rung) for pk, duty in new for rung in sorted(duty.rungs)]
    insert_values(DutyRung, ("duty", "name", "cause", "level", "at"), rungs)


def _add_parties(new: Sequence[tuple[UUID, str, str]]) -> None:
    insert_values(CaseParty, ("case", "name", "part"), new)


def _next_number(institution: Institution, book: str, year: int) -> int:
    counters = RegisterCounter.objects.select_for_update()
    counter, _ = counters.get_or_create(institution=institution, book=book, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


@dataclass(slots=True)
class NewLine:
    """A line of a log that is to be written. The columns of :class:`tanggap.records.models.CaseEvent`."""

    case: UUID
    seq: int
    kind: str
    data: str
    happened_at: datetime
    recorded_at: datetime
    by: str
    key: str
    digest: str
    private: str
    prev: str
    hash: str = ""


_LINE = tuple(one.name for one in fields(NewLine))
_line_values = attrgetter(*_LINE)


def insert_lines(lines: Sequence[NewLine]) -> None:
    """Write ``lines``. Raises ``IntegrityError`` where somebody was quicker."""
    insert_values(CaseEvent, _LINE, [_line_values(line) for line in lines])


def lines_of(row: Case, entries: Sequence[Entry], *, prev: str, private: str) -> list[NewLine]:
    """``entries`` as chained lines that follow ``prev``; ``private`` goes on the first, the contents' own."""
    lines: list[NewLine] = []
    for entry in entries:
        line = NewLine(
            case=row.pk,
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
