"""The worker among very many open cases: a look round when none is due, and when all of them are due at once."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from statistics import median
from subprocess import PIPE, Popen
from threading import Event, Thread
from time import perf_counter, process_time
from uuid import UUID

from django.db import connection

from bench import bare
from bench.figures import Figure, number
from bench.lives import ALL_DUE, NONE_DUE, START, fill, prepare
from tanggap.actions import deadlines
from tanggap.actions.cases import THE_COMPLAINANT, act
from tanggap.casework.commands import Contact
from tanggap.records.models import Case, CaseEvent, Duty, Outbox, WorkerBeat
from tanggap.records.shelves import compiled
from tanggap.records.verification import case_flaws
from tanggap.worker import deliver, loop

TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
SAMPLE = 100
ANOTHER = [sys.executable, "-m", "bench.on_database", "", "", "", "work"]
"""A worker beside the one that measures: it prints what :func:`work` says."""
RAW_TEXT = "x" * 300
"""About as much as a row of the log holds."""


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


def measure(name: str, seconds: float, size: int, workers: int) -> Iterator[Figure]:
    """The whole bench on the database ``name``, with ``size`` open cases and so many workers (SQLite: one)."""
    workers = workers if name == "postgresql" else 1
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
    Duty.objects.filter(warn_at__lte=NONE_DUE).update(warned=True)
    look = _each(lambda: deliver.look_round(lambda: NONE_DUE))
    yield figure("look for what may leave or is nearly due, none", look, "ms", hoped="5 ms")
    yield from sweep(name, folder, size, workers, figure)


def work() -> tuple[int, int, float]:
    """Do all that is due, as a worker does: how many cases, how many failed, and the processor time it took."""
    loop.collect_garbage_seldom()
    done, failed, busy = 0, 0, process_time()
    while (found := deadlines.expire_due(at=ALL_DUE)) != deadlines.Round():
        done, failed = done + found.done, failed + found.failed
    return done, failed, process_time() - busy


def sweep(name: str, folder: Path, size: int, workers: int, figure: Callable[..., Figure]) -> Iterator[Figure]:
    """All due at once, while somebody else writes."""
    before = CaseEvent.objects.count(), Outbox.objects.count()
    visitor = Visitor(Case.objects.order_by("n").values_list("pk", flat=True)[0])
    visitor.start()
    begun = perf_counter()
    beside = [Popen(ANOTHER, stdout=PIPE, text=True) for _ in range(workers - 1)]
    all_work = [work(), *(json.loads(one.communicate()[0]) for one in beside)]
    spent, (done, failed, busy) = perf_counter() - begun, map(sum, zip(*all_work, strict=True))
    visitor.gone.set()
    visitor.join()
    if failed or not size <= done < size + workers:  # the visitor's own may be looked at by each
        raise AssertionError(f"{done} done, {failed} failed of {size}")
    require_clean(ALL_DUE)
    events, told = CaseEvent.objects.count() - before[0], Outbox.objects.count() - before[1]
    raw = bare.many(name, folder, rows=events + told + done, text=RAW_TEXT, at_once=deadlines.BATCH)
    hoped = "5 s for 100,000" if name == "postgresql" else ""
    by = f" by {workers} workers" if workers > 1 else ""
    what = f"{number(done)} due at once{by} ({number(events)} events, {number(told)} notices)"
    yield figure(what, spent, "s", f"{number(raw)} s, as many rows inserted in bulk", hoped)
    yield figure("cases a second", done / spent, "cases/s")
    yield figure("processor time for each case", busy / done * 1000, "ms")
    waited = sorted(visitor.waited)
    yield figure(f"somebody else's act meanwhile ({len(waited)}), p95", waited[int(len(waited) * 0.95)] * 1000, "ms")
    yield figure("the longest of them", waited[-1] * 1000, "ms")
