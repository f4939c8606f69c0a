"""Is all still as it was written? Chains, rows, deadlines, register, calendars, schedules, files, arrivals, fences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import connection
from django.db.models import Count, Max

from tanggap.casework.fold import fold
from tanggap.records import chain, fences, files, store
from tanggap.records.arrangement import damaged_acts
from tanggap.records.calendars import damaged_versions
from tanggap.records.inbox_flaws import inbox_flaws
from tanggap.records.models import (
    Attachment,
    Case,
    CaseEvent,
    Identity,
    Institution,
    Message,
    RegisterCounter,
    SopVersion,
)
from tanggap.records.outbox import missing_and_needless
from tanggap.records.projection import Rows, project
from tanggap.records.rows import select
from tanggap.records.schedules import schedule_flaws
from tanggap.records.sealing import private_of
from tanggap.records.shelves import compiled
from tanggap.sop.errors import SopErrors
from tanggap.sop.load import load


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something not as it was written. ``kind`` from :data:`KINDS`; ``where``: register number, ``seq``: entry."""

    kind: str
    where: str
    seq: int | None
    says: str

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


KINDS = (
    "fence", "chain", "log", "content", "projection", "deadline", "register", "file", "sop",
    "calendar", "notice", "organisation", "inbox", "schedule",
)  # fmt: skip
"""What is checked, in this order within a case."""

_DEADLINES = frozenset({"due_at", "warn_at", "respond_due_at", "next_moment"})


@dataclass(frozen=True, slots=True)
class Counted:
    """How much was looked at."""

    cases: int
    events: int
    files: int


def how_much() -> Counted:
    """What there is to verify: for progress and for the report."""
    return Counted(Case.objects.count(), CaseEvent.objects.count(), Attachment.objects.count())


def verify(*, at: datetime, step: Callable[[], None] = lambda: None) -> Iterator[Flaw]:
    """Every flaw there is, in order; nothing when all is well. ``step`` is called after each case."""
    for name in fences.missing(connection):
        yield Flaw("fence", name, None, f"Pagar {name} tidak ada: catatan dapat diubah tanpa jejak.")
    yield from _sop_flaws()
    for where, says in damaged_versions():
        yield Flaw("calendar", where, None, says)
    for where, says in damaged_acts():
        yield Flaw("organisation", where, None, says)
    for where, says in inbox_flaws():
        yield Flaw("inbox", where, None, says)
    for where, says in schedule_flaws(at=at):
        yield Flaw("schedule", where, None, says)
    yield from _register_flaws()
    for case_id in Case.objects.order_by("institution", "year", "n").values_list("pk", flat=True).iterator():
        yield from case_flaws(case_id, at=at)
        step()


def case_flaws(case_id: UUID, *, at: datetime) -> Iterator[Flaw]:
    """What is wrong with one case. A log that cannot be read ends the look: nothing can be computed from it."""
    row = select(Case, "id", [case_id])[0]
    row.institution = select(Institution, "id", [row.institution_id])[0]
    lines = select(CaseEvent, "case", [case_id], order=("seq",))
    start = chain.genesis(row, institution=row.institution.key)
    broken = chain.first_break(lines, start=start)
    if broken is not None:
        seq, nature = broken
        yield Flaw("chain", row.register, seq, f"Rantai putus pada catatan {seq} ({_NATURES[nature]}).")
    elif not lines or lines[-1].hash != row.head:
        seq = len(lines) + 1
        yield Flaw("chain", row.register, seq, f"Catatan {seq} dan sesudahnya hilang: ujung rantai tidak cocok.")
    yield from _content_flaws(row, lines)
    try:
        entries = [store.entry_of(line) for line in lines]
        state = fold(entries)
        shelf = compiled(row.institution).shelf(at)
        computed = project(state, shelf=shelf, head=lines[-1].hash, last_at=lines[-1].recorded_at)
    except Exception as error:  # noqa: BLE001  whatever a tampered log does, the report goes on
        yield Flaw("log", row.register, None, f"Catatan tidak terbaca ({type(error).__name__}).")
        return
    yield from _row_flaws(row, computed, store.stored_rows(row))
    missing, needless = missing_and_needless(row, entries, shelf)
    for key in missing:
        yield Flaw("notice", row.register, None, f"Kabar {key} seharusnya ada di antrean, tetapi tidak ada.")
    for key in needless:
        yield Flaw("notice", row.register, None, f"Kabar {key} ada di antrean tanpa sebab pada catatan.")


_NATURES = {"gap": "nomor urut terputus", "prev": "tidak menyambung ke catatan sebelumnya", "hash": "isinya diubah"}


def _row_flaws(row: Case, computed: Rows, stored: Rows) -> Iterator[Flaw]:
    if computed == stored:
        return
    differ = [name for (name, was), (_, now) in zip(stored.fields, computed.fields, strict=True) if was != now]
    for name in differ:
        kind = "deadline" if name in _DEADLINES else "projection"
        yield Flaw(kind, row.register, None, f"Kolom {name} tidak sama dengan hitungan dari catatan.")
    then, now = {duty.name: duty for duty in stored.duties}, {duty.name: duty for duty in computed.duties}
    for name in sorted(then.keys() | now.keys()):
        if name not in then or name not in now:
            yield Flaw("projection", row.register, None, f"Tugas {name} {'hilang' if name in now else 'berlebih'}.")
        elif then[name] != now[name]:
            columns = {n for (n, a), (_, b) in zip(then[name].fields, now[name].fields, strict=True) if a != b}
            kind = "deadline" if columns and columns <= _DEADLINES else "projection"
            what = ", ".join(sorted(columns)) or "pelaksana"
            yield Flaw(kind, row.register, None, f"Tugas {name}: {what} tidak sama dengan hitungan dari catatan.")
    if then == now and not differ:
        yield Flaw("projection", row.register, None, "Pihak perkara tidak sama dengan hitungan dari catatan.")


def _content_flaws(row: Case, lines: list[CaseEvent]) -> Iterator[Flaw]:
    messages = select(Message, "case", [row.pk])
    came_with = {message.pk: message.event_seq for message in messages}
    attachments = select(Attachment, "case", [row.pk])
    identity = next(iter(select(Identity, "case", [row.pk])), None)
    known = {line.seq for line in lines}
    for line in lines:
        own = [message for message in messages if message.event_seq == line.seq]
        with_them = [one for one in attachments if came_with.get(one.message_id) == line.seq]
        vault = identity if identity is not None and identity.event_seq == line.seq else None
        if private_of(own, with_them, vault) != line.private:
            yield Flaw("content", row.register, line.seq, f"Isi pada catatan {line.seq} ditambah, diubah atau hilang.")
    for message in messages:
        if message.event_seq not in known:
            yield Flaw("content", row.register, message.event_seq, f"Isi {message.id} tidak disebut catatan mana pun.")
        if message.ciphertext is not None and sha256(bytes(message.ciphertext)).hexdigest() != message.digest:
            yield Flaw("content", row.register, message.event_seq, f"Isi {message.id} diubah.")
    vaulted = identity.ciphertext if identity is not None else None
    if identity is not None and vaulted is not None and sha256(bytes(vaulted)).hexdigest() != identity.digest:
        yield Flaw("content", row.register, identity.event_seq, "Identitas dalam brankas diubah.")
    for one in attachments:
        if one.erased_at is None:
            yield from _file_flaw(row, one, came_with.get(one.message_id))


def _file_flaw(row: Case, one: Attachment, seq: int | None) -> Iterator[Flaw]:
    try:
        stored = files.read(one.pk)
    except OSError:
        yield Flaw("file", row.register, seq, f"Berkas {one.pk} tidak ada di {files.folder()}.")
        return
    if len(stored) != one.size or sha256(stored).hexdigest() != one.sha256:
        yield Flaw("file", row.register, seq, f"Berkas {one.pk} diubah.")


def _register_flaws() -> Iterator[Flaw]:
    """Numbers 1 to the last given, each once: a case that vanished leaves a hole."""
    counters = {(c.institution_id, c.book, c.year): c for c in RegisterCounter.objects.select_related("institution")}
    books = Case.objects.values("institution", "book", "year").annotate(count=Count("pk"), last=Max("n")).order_by()
    for book in books:
        place = (book["institution"], book["book"], book["year"])
        counter = counters.pop(place, None)
        if counter is None or not counter.last == book["last"] == book["count"]:
            yield from _holes(*place, counter)
    for place, counter in counters.items():
        if counter.last:
            yield from _holes(*place, counter)


def _holes(institution: int, book: str, year: int, counter: RegisterCounter | None) -> Iterator[Flaw]:
    numbers = set(Case.objects.filter(institution=institution, book=book, year=year).values_list("n", flat=True))
    given = counter.last if counter else 0
    name = " ".join(filter(None, (counter.institution.key if counter else str(institution), book)))
    missing = sorted(set(range(1, given + 1)) - numbers)
    beyond = sorted(number for number in numbers if number > given)
    for number in missing[:20]:
        yield Flaw("register", f"{name} {year}", None, f"Nomor register {number} tahun {year} tidak ada.")
    for number in beyond[:20]:
        yield Flaw("register", f"{name} {year}", None, f"Nomor register {number} tahun {year} melewati penghitung.")


def _sop_flaws() -> Iterator[Flaw]:
    for version in SopVersion.objects.select_related("institution"):
        where = f"{version.institution.key} {version.sop_id}"
        try:
            told = load(version.text, name=version.sop_id).hash
        except SopErrors:
            told = ""
        if told != version.hash:
            yield Flaw("sop", where, None, f"Naskah SOP {version.hash[:12]} tidak sesuai dengan sidik jarinya.")
