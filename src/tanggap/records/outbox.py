"""From required notices to rows of the outbox: to whom, when, and which of several about one thing leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from tanggap.casework import notices
from tanggap.casework.dues import dues, duty_of
from tanggap.casework.events import COMPLAINANT, Breached, Entry, Escalated, Reminded
from tanggap.casework.notices import Notice
from tanggap.casework.performers import complained_of_persons
from tanggap.casework.shelf import Shelf
from tanggap.casework.state import Case as State
from tanggap.records.columns import field
from tanggap.records.contents import NewContent
from tanggap.records.models import Case, Membership, Outbox
from tanggap.records.projection import DutyRow
from tanggap.records.rows import select_columns

ANNOUNCE = "announce"
"""The kind of a row that is no notice: an answer given in public, which a person puts up (S3-12)."""
_NOT_OF_THE_LOG = frozenset({"soon", ANNOUNCE})

QUEUED, SENT, FAILED, POISON, SILENCED, BY_HAND = Outbox.STATES

WHY: Mapping[str, str] = {
    "deferred": "menunggu sampai surel berikutnya boleh dikirim ke alamat itu",
    "past": "tidak perlu lagi ketika gilirannya tiba",
    "self": "penerimanya sendiri yang bertindak",
    "merged": "disampaikan bersama kabar lain",
    "nobody": "tidak ada pemegang jabatan",
    "capped": "batas banyaknya surel sehari sudah tercapai",
    "no_address": "tidak ada alamat surel",
    "own_wish": "penerima memilih cara lain",
    "no_mail": "pengiriman surel belum diatur",
    "erased": "identitas sudah dimusnahkan",
    "bad_address": "alamat surelnya tidak dapat dipakai",
    "refused": "ditolak oleh peladen surel penerima",
    "bounced": "dipulangkan oleh peladen surel penerima",
    "gave_up": "berkali-kali gagal dikirim",
    "machine": "alamat pengirimnya bukan orang: tidak ada kabar otomatis ke sana",
    "window": "waktu membalas di kanal itu sudah habis",
    "long": "terlalu panjang untuk kanal itu",
    "no_account": "akun kanalnya tidak dipakai lagi",
    "unreadable": "tidak dapat disusun",
}
"""What the state of a row has to say, in words."""


PERSONAL = frozenset({
    "", "web", "tulisan", "telepon", "whatsapp", "sms", "email", "surel", "surat", "lisan", "instagram", "telegram",
})  # fmt: skip
"""Media that reach one person; by every other an answer is announced to all."""


def is_announcement(medium: str) -> bool:
    """True for a medium that everybody reads: papan pengumuman, website, facebook, leaflet, whatever the SOP names."""
    return medium.strip().casefold() not in PERSONAL


@dataclass(slots=True)
class NewNotice:
    """A row of the outbox that is to be written: what is said of it at its beginning."""

    case: UUID
    institution: int
    notice: str
    kind: str
    audience: str
    recipient: str
    made_at: datetime
    next_at: datetime
    about: str = ""
    step: str = ""
    moment: datetime | None = None
    state: str = QUEUED
    why: str = ""
    channel: str = ""
    ended_at: datetime | None = None


COLUMNS = tuple(one.name for one in fields(NewNotice))
values_of = attrgetter(*COLUMNS)
"""The values of a new notice, and the columns they belong to."""


def queue_once(told: Sequence[NewNotice]) -> None:
    """Write those of ``told`` that are not there yet."""
    made = ({field(Outbox, name).attname: getattr(one, name) for name in COLUMNS} for one in told)
    Outbox.objects.bulk_create([Outbox(**row) for row in made], ignore_conflicts=True)


class Members:
    """Who has a power in an institution, looked up once for as long as this is kept: for one act, or for one batch."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], frozenset[str]] = {}

    def having(self, power: str, institution: int) -> frozenset[str]:
        """Persons who are ``coordinator`` or ``admin`` there."""
        place = (institution, power)
        if place not in self._known:
            members = Membership.objects.filter(institution=institution, user__is_active=True, **{power: True})
            self._known[place] = frozenset(one.user.person for one in members.select_related("user"))
        return self._known[place]


def announcements(row: Case, contents: Iterable[NewContent], *, at: datetime) -> list[NewNotice]:
    """A task for each answer to be put up in public (S3-12): whoever does it says so, with proof."""
    told = [one for one in contents if one.kind in ("answer", "letter") and one.audience == COMPLAINANT]
    return [
        NewNotice(
            case=row.pk, institution=row.institution_id, notice=f"{ANNOUNCE}:{one.id}", kind=ANNOUNCE,
            audience=notices.OFFICERS, recipient="", about=one.id, made_at=at, next_at=at, state=BY_HAND,
            channel=ANNOUNCE, step=one.medium, ended_at=at,
        )
        for one in told
        if is_announcement(one.medium)
    ]  # fmt: skip


def rows_for(
    row: Case, told: Iterable[tuple[Entry, Notice]], *, state: State, shelf: Shelf, duties: Sequence[DutyRow],
    members: Members,
) -> list[NewNotice]:  # fmt: skip
    """The rows of the notices ``told``, whose entries were just decided; ``state`` and ``duties`` are as after them."""
    by_name = {duty.name: dict(duty.fields) for duty in duties}
    told = list(told)
    outdone = _outdone(told)
    found: list[NewNotice] = []
    for entry, notice in told:
        if notice.audience == COMPLAINANT:
            found.append(_to_complainant(row, notice, state=state, shelf=shelf, at=entry.recorded_at))
        else:
            duty = _first_response(entry, by_name.get(duty_of(notice.about), {}))
            duty = duty or _clock_in_words(notice, state, shelf)
            rows = to_officers(
                row, notice, duty, state=state, shelf=shelf, at=entry.recorded_at, by=entry.by, members=members
            )
            if entry.seq in outdone:
                _merge(rows)
            found += rows
    return _lightest_merged(found)


def _first_response(entry: Entry, duty: Mapping[str, Any]) -> Mapping[str, Any]:
    """``duty``, in the words and with the due moment of its first response where ``entry`` is about that."""
    event = entry.event
    if not duty or not isinstance(event, Breached | Reminded | Escalated) or duty_of(event.clock) == event.clock:
        return duty
    named = event.due if isinstance(event, Breached) else duty["respond_due_at"]
    return {**duty, "what": f"Respons pertama: {duty['what']}", "due_at": named}


def _outdone(told: Sequence[tuple[Entry, Notice]]) -> set[int]:
    """Rungs written in the same act as a higher one of the same clock: after a downtime only the highest tells."""
    rung = [
        (entry.event.level, entry.seq, entry.event.clock) for entry, _ in told if isinstance(entry.event, Escalated)
    ]
    highest = {clock: seq for _level, seq, clock in sorted(rung)}
    return {seq for _level, seq, _clock in rung} - set(highest.values())


def _clock_in_words(notice: Notice, state: State, shelf: Shelf) -> Mapping[str, Any]:
    """What a clock on the whole case says where a duty would say its row; empty for a duty that has ended."""
    if not notice.is_on_case or not notices.still_open(notice, state):
        return {}
    law = next((one.label for one in shelf.law if f"clock:{one.clock.id}" == notice.about), "")
    running = (due.due_at for due in dues(state, shelf) if due.clock == notice.about)
    due_at = state.breached.get(notice.about) or next(running, None)
    return {"no": "", "what": law or "Batas waktu laporan", "due_at": due_at}


def to_officers(
    row: Case, notice: Notice, duty: Mapping[str, Any], *, state: State, shelf: Shelf, at: datetime, members: Members,
    by: str = "",
) -> list[NewNotice]:  # fmt: skip
    """One row for each person who must know; one row that says why when there is nobody to tell.

    ``duty``: what the duty says (``due_at``, ``no``, ``what``), empty when it has ended; ``by``: who has just acted.
    Outside the office hours of the unit whose duty it is, a row waits for the next opening.
    """
    posts = notices.posts_of(notice, state, shelf)
    persons = notices.readers(notice, state, shelf, but=by)
    if notice.for_coordinators and notices.still_open(notice, state):
        persons = tuple(sorted({*persons, *_named(row, state, shelf, members)} - {by}))
    next_at = shelf.calendar_of(posts).next_open(at) if persons else at
    step, due_at = _step(state, shelf, duty), duty.get("due_at")
    if persons:
        return [_row(row, notice, person, at=at, next_at=next_at, moment=due_at, step=step) for person in persons]
    everybody = notices.readers(notice, state, shelf)
    if not notices.still_open(notice, state) or not (posts or notice.for_coordinators):
        return [_row(row, notice, "", at=at, next_at=at, state=SILENCED, why="past")]
    if everybody or notice.knowing:
        return [_row(row, notice, "", at=at, next_at=at, state=SILENCED, why="self")]
    return [_row(row, notice, "", at=at, next_at=at, state=FAILED, why="nobody", moment=due_at, step=step)]


def _named(row: Case, state: State, shelf: Shelf, members: Members) -> frozenset[str]:
    """The coordinators of the institution, else its administrators: nobody who is complained of."""
    complained_of = complained_of_persons(state, shelf.sops[state.sop], shelf)
    for power in ("coordinator", "admin"):
        found = members.having(power, row.institution_id) - complained_of
        if found:
            return found
    return frozenset()


def _step(state: State, shelf: Shelf, duty: Mapping[str, Any]) -> str:
    """The row as printed, short; nothing of a confidential procedure, whose very words would tell."""
    if not duty or shelf.sops[state.sop].procedure(state.procedure).confidential:
        return ""
    words = " ".join(str(duty["what"]).split())
    number = str(duty["no"]).strip().rstrip(".")
    return cut(f"{number}. {words}" if number else words, 160)


def cut(text: str, most: int) -> str:
    """``text`` in at most ``most`` letters."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _to_complainant(row: Case, notice: Notice, *, state: State, shelf: Shelf, at: datetime) -> NewNotice:
    who = state.parties[0]
    if notice.kind in notices.RUNNING_OUT:
        ends = notices.lapse(notice, state, shelf)
        if ends is None:
            return _row(row, notice, who, at=at, next_at=at, state=SILENCED, why="past")
        return _row(row, notice, who, at=at, next_at=max(at, ends[0]), moment=ends[1])
    moment = row.promise_due_at if notice.kind == "received" else notices.until(notice, state, shelf)
    return _row(row, notice, who, at=at, next_at=at, moment=moment)


def _row(
    row: Case, notice: Notice, recipient: str, *, at: datetime, next_at: datetime, state: str = QUEUED, why: str = "",
    moment: datetime | None = None, step: str = "",
) -> NewNotice:  # fmt: skip
    return NewNotice(
        case=row.pk,
        institution=row.institution_id,
        notice=notice.key,
        kind=notice.kind,
        audience=notice.audience,
        recipient=recipient,
        about=notice.about,
        step=step,
        moment=moment,
        made_at=at,
        next_at=next_at,
        state=state,
        why=why,
        ended_at=None if state == QUEUED else at,
    )


def _lightest_merged(rows: list[NewNotice]) -> list[NewNotice]:
    """Of several notices about one thing to one reader only the weightiest leaves; what waits for a clock is apart."""
    heaviest: dict[tuple[str, str], NewNotice] = {}
    for row in rows:
        if row.state != QUEUED or row.kind in notices.RUNNING_OUT:
            continue
        place = (row.recipient, "" if row.audience == COMPLAINANT else duty_of(row.about))
        other = heaviest.get(place)
        if other is not None and notices.KINDS[other.kind].weight >= notices.KINDS[row.kind].weight:
            row, other = other, row  # noqa: PLW2901
        heaviest[place] = row
        if other is not None:
            _merge([other])
    return rows


def _merge(rows: Iterable[NewNotice]) -> None:
    for row in rows:
        row.state, row.why, row.ended_at = SILENCED, "merged", row.made_at


def missing_and_needless(row: Case, entries: Sequence[Entry], shelf: Shelf) -> tuple[list[str], list[str]]:
    """Keys of notices that the log requires and the outbox lacks, and of those it has without reason.

    Warnings that a duty is nearly due follow from clocks, announcements from the medium of an answer: they need not be
    there.
    """
    told = list(notices.of(State(), entries, shelf.sops))
    required = {notice.key for _entry, notice in told}
    asked = {notice.key for entry, notice in told if entry.seq > row.notices_after}
    stored = dict(select_columns(Outbox, ("notice", "kind"), "case", [row.pk]))
    needless = {notice for notice, kind in stored.items() if kind not in _NOT_OF_THE_LOG} - required
    return sorted(asked - stored.keys()), sorted(needless)


def missing_rows(
    row: Case, entries: Sequence[Entry], *, state: State, shelf: Shelf, duties: Sequence[DutyRow]
) -> list[NewNotice]:
    """Rows for the notices that the log requires and the outbox lacks: what is past by now says so, the rest leaves."""
    missing, _needless = missing_and_needless(row, entries, shelf)
    if not missing:
        return []
    acts: dict[datetime, list[tuple[Entry, Notice]]] = {}
    for entry, notice in notices.of(State(), entries, shelf.sops):
        acts.setdefault(entry.recorded_at, []).append((entry, notice))
    found, members = [], Members()
    for told in acts.values():
        found += rows_for(row, told, state=state, shelf=shelf, duties=duties, members=members)
    return [one for one in found if one.notice in missing]
