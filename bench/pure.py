"""What needs no database: decisions, the log, working time, the dry run; beside them what bare Python does."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from itertools import cycle, islice
from zoneinfo import ZoneInfo

from bench.figures import Figure, number, rate
from bench.runs import Decision, Run, play
from generators import random_sop
from tanggap.actions.holidays import seed_calendar
from tanggap.casework.codec import canonical, decode, encode
from tanggap.casework.commands import Complete
from tanggap.casework.events import Entry
from tanggap.casework.fold import fold
from tanggap.casework.walk import walk
from tanggap.records import chain
from tanggap.sop.seeds import names, seed
from tanggap.worktime.duration import Duration, parse

START = datetime(2026, 11, 16, 8, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
SEED = 20_261_116
CALENDAR = seed_calendar("ub-fmipa")


def seed_runs() -> list[Run]:
    """Each of the six procedures, played four times."""
    rng = random.Random(SEED)
    return [
        play(seed(name), CALENDAR, start=START, rng=rng, procedure=procedure.id)
        for name in names()
        for procedure in seed(name).procedures
        for _ in range(4)
    ]


def random_runs(how_many: int = 60) -> list[Run]:
    """Random SOPs of about ten rows with everything a row can carry, each played once."""
    runs = []
    for number_ in range(SEED, SEED + how_many):
        rng = random.Random(number_)
        runs.append(play(random_sop(rng, size=rng.randint(6, 14)), CALENDAR, start=START, rng=rng, procedure="p"))
    return runs


def decisions(seconds: float) -> Iterator[Figure]:
    """Decisions a second, each made on the case as it stood then; what is decided is thrown away."""
    calls = f"{number(rate(_empty_calls, seconds=seconds / 2))} empty calls/s"
    seeds, others = seed_runs(), random_runs()

    def completes(runs: Sequence[Run]) -> list[Decision]:
        return [one for run in runs for one in run.decisions if isinstance(one.command, Complete)]

    receives = [run.decisions[0] for run in (*seeds, *others)]
    for what, chosen, hoped in (
        ("complete, six seed procedures", completes(seeds), "50,000/s"),
        ("complete, 60 random SOPs", completes(others), "50,000/s"),
        ("receive", receives, ""),
    ):
        yield Figure("decisions", what, rate(_making(chosen), seconds=seconds), "decisions/s", hoped, calls)
        calls = ""


def _making(chosen: Sequence[Decision]) -> Callable[[], int]:
    def work() -> int:
        for decision in chosen:
            decision.make()
        return len(chosen)

    return work


def _nothing() -> None:
    pass


def _empty_calls() -> int:
    for _ in range(10_000):
        _nothing()
    return 10_000


@dataclass(slots=True)
class Line:
    """A line of the log outside any database (see :class:`tanggap.records.chain.Line`)."""

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


def chained(log: Sequence[Entry], *, start: str) -> list[Line]:
    """``log`` as lines that each cover the one before."""
    lines: list[Line] = []
    for entry in log:
        prev = lines[-1].hash if lines else start
        data = canonical(encode(entry.event)).decode()
        line = Line(
            entry.seq, entry.event.kind, data, entry.happened_at, entry.recorded_at, entry.by, entry.key, entry.digest,
            "", prev,
        )  # fmt: skip
        line.hash = chain.link(line)
        lines.append(line)
    return lines


def log(seconds: float) -> Iterator[Figure]:
    """What reading a log costs: its JSON, the fold, the chain."""
    start = sha256(b"a case").hexdigest()
    logs = [run.log for run in (*seed_runs(), *random_runs())]
    cases = [chained(entries, start=start) for entries in logs]
    lines = [line for case in cases for line in case]
    longest = max(logs, key=len)

    def measured(what: str, work: Callable[[], object], count: int, machine: str = "") -> Figure:
        return Figure("log", what, _times(work, count, seconds), "events/s", "", machine)

    json_rate = _times(lambda: [json.loads(line.data) for line in lines], len(lines), seconds / 2)
    hash_rate = _times(lambda: [sha256(line.data.encode()).hexdigest() for line in lines], len(lines), seconds / 2)
    yield measured(f"fold ({len(logs)} cases)", lambda: [fold(entries) for entries in logs], len(lines))
    yield measured(f"fold of one log of {len(longest)} events", lambda: fold(longest), len(longest))
    yield measured(
        "read an event from its JSON",
        lambda: [decode(line.kind, json.loads(line.data)) for line in lines],
        len(lines),
        f"{number(json_rate)} json.loads/s of the same texts",
    )
    yield measured(
        "verify a chain",
        lambda: [chain.first_break(case, start=start) for case in cases],
        len(lines),
        f"{number(hash_rate)} sha256/s of the same texts",
    )
    if any(chain.first_break(case, start=start) for case in cases):
        raise AssertionError("the chain is broken")


def _times(work: Callable[[], object], count: int, seconds: float) -> float:
    """How many things a second ``work`` does, which does ``count`` of them each time."""

    def done() -> int:
        work()
        return count

    return rate(done, seconds=seconds)


PAUSES = (
    (START + timedelta(hours=1), START + timedelta(hours=3)),
    (START + timedelta(days=1), START + timedelta(days=2, hours=4)),
)
ADDITIONS = (
    "15 menit", "2 jam", "3 hari kerja", "20 hari kerja", "5 hari kalender", "2 minggu", "1 bulan", "1x24 jam",
)  # fmt: skip


def worktime(seconds: float) -> Iterator[Figure]:
    """Adding a printed time to a moment, and measuring the working time between two, in microseconds each."""
    rng = random.Random(SEED)
    moments = [START + timedelta(minutes=rng.randrange(-400_000, 400_000)) for _ in range(500)]
    step = timedelta(minutes=15)
    bare = 1e6 / rate(lambda: len([moment + step for moment in moments]), seconds=seconds / 2)
    machine = f"{bare:.3f} us per datetime + timedelta"
    for text in ADDITIONS:
        per_second = _times(partial(_add, moments, parse(text)), len(moments), seconds / 2)
        yield Figure("worktime", f"add {text}", 1e6 / per_second, "us", "5 us", machine)
        machine = ""
    duration = parse("3 hari kerja")
    paused = rate(lambda: len([CALENDAR.add(START, duration, PAUSES) for _ in range(100)]), seconds=seconds / 2)
    yield Figure("worktime", "add 3 hari kerja, two pauses", 1e6 / paused, "us", "5 us")
    pairs = list(zip(moments, islice(cycle(moments), 7, None), strict=False))
    spans = [(min(pair), max(pair)) for pair in pairs]
    measured = rate(lambda: len([CALENDAR.worked(begin, end) for begin, end in spans]), seconds=seconds / 2)
    yield Figure("worktime", "working time between two moments", 1e6 / measured, "us", "5 us")


def _add(moments: Sequence[datetime], duration: Duration) -> None:
    for moment in moments:
        CALENDAR.add(moment, duration)


def dry_run(seconds: float) -> Iterator[Figure]:
    """``tanggap sop walk`` without its command line: each of the six procedures from receipt to end."""
    chosen = [(seed(name), procedure.id) for name in names() for procedure in seed(name).procedures]

    def walked() -> int:
        return sum(len(walk(sop, CALENDAR, start=START, procedure=procedure).rows) for sop, procedure in chosen)

    rows = walked()
    per_second = rate(walked, seconds=seconds)
    yield Figure("walk", f"six procedures ({rows} rows)", per_second, "rows/s")
    yield Figure("walk", "one procedure, on average", 1000 / (per_second / rows * len(chosen)), "ms")
