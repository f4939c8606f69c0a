"""The worker among very many open cases: a look round when none is due, and when all of them are due at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from threading import Event, Thread
from time import perf_counter, process_time
from uuid import UUID, uuid4

from django.core.management import call_command
from django.db import connection

from bench import bare
from bench.figures import Figure, number
from tanggap.actions import deadlines
from tanggap.actions.cases import THE_COMPLAINANT, act
from tanggap.actions.organisation import appoint, seed_organisation
from tanggap.actions.sops import approve, import_sop
from tanggap.casework import notices
from tanggap.casework.commands import Command, Complete, Contact, Receive
from tanggap.casework.decide import decide
from tanggap.casework.events import COMPLAINANT, Entry
from tanggap.casework.fold import apply
from tanggap.casework.shelf import Actor, Power, Shelf
from tanggap.casework.state import Case as State
from tanggap.records import chain, store
from tanggap.records.models import (
    Case,
    CaseEvent,
    CaseParty,
    Duty,
    DutyPost,
    Institution,
    Outbox,
    RegisterCounter,
    SopVersion,
    User,
    WorkerBeat,
)
from tanggap.records.models.cases import duty_id
from tanggap.records.outbox import rows_for
from tanggap.records.projection import Rows, project
from tanggap.records.register import register_words
from tanggap.records.rows import insert
from tanggap.records.shelves import compiled
from tanggap.records.verification import case_flaws
from tanggap.records.writing import write
from tanggap.sop.seeds import text
from tanggap.worker import deliver, loop

KEY, SOP = "ub-fmipa", "ub-fmipa-mipa-care"
START = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
ACTED = START + timedelta(minutes=5)
NONE_DUE, ALL_DUE = START + timedelta(minutes=6), START + timedelta(hours=2, minutes=10)
TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
AT_ONCE = 500
SAMPLE = 100
RAW_TEXT = "x" * 300
"""About as much as a row of the log holds."""
ACTS: tuple[Command, ...] = (
    Complete("2#1", "ya"),
    Complete("3#1", binds={"dikomplain": ("kasubbag-akademik",)}),
    Complete("4#1"),
    Complete("5#1", "ya"),
)
"""Half of the cases have nothing of this behind them, half all of it: their rows have 15 minutes and 2 hours."""


@dataclass(frozen=True, slots=True)
class Life:
    """What many cases have lived through alike."""

    entries: tuple[Entry, ...]
    state: State
    rows: Rows


def prepare() -> Institution:
    """An institution with its SOP in force, and somebody on every post."""
    call_command("migrate", verbosity=0)
    institution = seed_organisation(KEY, at=START)
    approve(import_sop(institution, text(SOP), name=f"{SOP}.toml", at=START), at=START)
    for post in institution.posts.all():
        user = User.objects.create(username=post.key, full_name=post.name)
        appoint(post, user, from_at=START - timedelta(days=1))
    institution.refresh_from_db()
    return institution


def lives(institution: Institution, shelf: Shelf) -> Iterator[Life]:
    """A fresh case, and one with all of the acts done: decided as the door decides."""
    version = SopVersion.objects.get(institution=institution)
    everybody = Actor("u-bench", frozenset(shelf.organisation.posts), frozenset({Power.OFFICER}))
    begin = Receive(version.hash, {"channel": "web", "kind": "complaint", "identity": "anonymous"})
    state, entries = State(), ()
    for command in (begin, *ACTS):
        by, at = (Actor(COMPLAINANT), START) if command is begin else (everybody, ACTED)
        made = decide(state, command, actor=by, shelf=shelf, at=at)
        for entry in made:
            apply(state, entry)
        entries = (*entries, *made)
        if command in (begin, ACTS[-1]):
            yield Life(entries, state.copy(), project(state, shelf=shelf, head="", last_at=entries[-1].recorded_at))


def fill(institution: Institution, shelf: Shelf, size: int) -> None:
    """``size`` open cases, written in bulk: everything the log, its rows and the outbox need, no contents."""
    alike = list(lives(institution, shelf))
    numbers = iter(range(1, size + 1))
    while part := list(islice(numbers, AT_ONCE)):
        with write():
            _write([(n, alike[n % len(alike)]) for n in part], institution, shelf)
    RegisterCounter.objects.create(institution=institution, year=START.year, last=size)
    if connection.vendor == "postgresql":
        connection.cursor().execute("ANALYZE")  # as the server does by itself within a minute


def _write(part: list[tuple[int, Life]], institution: Institution, shelf: Shelf) -> None:
    rows: list[Case] = []
    lines: list[CaseEvent] = []
    told: list[Outbox] = []
    for n, life in part:
        words = register_words(institution, n=n, year=START.year, month=START.month)
        row = Case(id=uuid4(), institution=institution, year=START.year, n=n, register=words, recorded_at=START)
        own = store.lines_of(row, life.entries, prev=chain.genesis(row, institution=KEY), private="")
        for name, value in life.rows.fields:
            setattr(row, name, value)
        row.head = own[-1].hash
        rows.append(row)
        lines += own
        kinds = notices.of(State(), life.entries, shelf.sops)
        told += rows_for(row, kinds, state=life.state, shelf=shelf, duties=life.rows.duties)
    insert(rows)
    insert(lines)
    insert(told)
    duties = [(row, duty) for row, (_, life) in zip(rows, part, strict=True) for duty in life.rows.duties]
    insert(Duty(id=duty_id(row.pk, duty.name), case=row, name=duty.name, **dict(duty.fields)) for row, duty in duties)
    insert(
        DutyPost(duty_id=duty_id(row.pk, duty.name), name=name, group=group)
        for row, duty in duties
        for name, group in duty.posts
    )
    parties = ((row, party) for row, (_, life) in zip(rows, part, strict=True) for party in life.rows.parties)
    insert(CaseParty(case=row, name=name, part=kind) for row, (name, kind) in parties)


def require_clean(at: datetime) -> None:
    """A sample of the cases must verify clean: else the figures say nothing."""
    step = max(1, Case.objects.count() // SAMPLE)
    for case in Case.objects.filter(n__in=range(1, Case.objects.count() + 1, step)).values_list("pk", flat=True):
        flaws = list(case_flaws(case, at=at))
        if flaws:
            raise AssertionError(f"verify: {flaws[0]}")


def _each(work: Callable[[], object], times: int = 50) -> float:
    """The median of how long ``work`` takes, in milliseconds."""
    found = []
    for _ in range(times):
        begun = perf_counter()
        work()
        found.append(perf_counter() - begun)
    return median(found) * 1000


class Visitor(Thread):
    """Somebody who writes a message every tenth of a second meanwhile: how long each took."""

    def __init__(self, case: UUID) -> None:
        super().__init__(daemon=True)
        self.case, self.waited, self.gone = case, [0.0], Event()

    def run(self) -> None:
        """Until :attr:`gone` is set."""
        while not self.gone.wait(0.1):
            begun = perf_counter()
            act(Contact("web"), case=self.case, by=THE_COMPLAINANT, at=NONE_DUE)
            self.waited.append(perf_counter() - begun)
        connection.close()


def measure(name: str, seconds: float, size: int) -> Iterator[Figure]:
    """The whole bench on the database ``name``, with ``size`` open cases."""
    folder = Path(os.environ["TANGGAP_DATA"])
    institution = prepare()
    shelf = compiled(institution).shelf(START)
    begun = perf_counter()
    fill(institution, shelf, size)
    filled = perf_counter() - begun
    require_clean(NONE_DUE)

    def figure(what: str, value: float, unit: str, machine: str = "", hoped: str = "") -> Figure:
        return Figure("sweep", f"{TITLES[name]}: {what}", value, unit, hoped, machine)

    among = f"{number(size)} open"
    yield figure(f"{among}, written by the bench", filled, "s")
    WorkerBeat.objects.create(pk=loop.name(), at=START)
    look = _each(lambda: deadlines.expire_due(at=NONE_DUE))
    commit = bare.commits(name, folder, statements=1, seconds=seconds / 4).percentile(50)
    yield figure(f"look for what is due, {among}, none due", look, "ms", hoped="5 ms")
    look = _each(lambda: loop.look_round(NONE_DUE))
    yield figure("the same with its sign of life", look, "ms", f"{number(commit)} ms, commit of one insert", "5 ms")
    Outbox.objects.update(state="sent")
    look = _each(lambda: deliver.look_round(lambda: NONE_DUE))
    yield figure("look for what may leave or is nearly due, none", look, "ms", hoped="5 ms")
    yield from sweep(name, folder, size, figure)


def sweep(name: str, folder: Path, size: int, figure: Callable[..., Figure]) -> Iterator[Figure]:
    """All due at once, while somebody else writes."""
    before = CaseEvent.objects.count(), Outbox.objects.count()
    visitor = Visitor(Case.objects.order_by("n").values_list("pk", flat=True)[0])
    visitor.start()
    done, failed, begun, busy = 0, 0, perf_counter(), process_time()
    while (found := deadlines.expire_due(at=ALL_DUE)) != deadlines.Round():
        done, failed = done + found.done, failed + found.failed
    spent, busy = perf_counter() - begun, process_time() - busy
    visitor.gone.set()
    visitor.join()
    if failed or done != size:
        raise AssertionError(f"{done} done, {failed} failed of {size}")
    require_clean(ALL_DUE)
    events, told = CaseEvent.objects.count() - before[0], Outbox.objects.count() - before[1]
    raw = bare.many(name, folder, rows=events + told + done, text=RAW_TEXT, at_once=deadlines.BATCH)
    hoped = "5 s for 100,000" if name == "postgresql" else ""
    what = f"{number(done)} due at once ({number(events)} events, {number(told)} notices)"
    yield figure(what, spent, "s", f"{number(raw)} s, as many rows inserted in bulk", hoped)
    yield figure("cases a second", done / spent, "cases/s")
    yield figure("processor time for each case", busy / done * 1000, "ms")
    waited = sorted(visitor.waited)
    yield figure(f"somebody else's act meanwhile ({len(waited)}), p95", waited[int(len(waited) * 0.95)] * 1000, "ms")
    yield figure("the longest of them", waited[-1] * 1000, "ms")
