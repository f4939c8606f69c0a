"""``python -m bench``: measure, print tables, and keep the figures as JSON when asked to."""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from itertools import groupby
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))  # the random SOPs of the tests

from bench import pure, stored
from bench.figures import Figure, table

SMALL = 2_000
Bench = Callable[[float], Iterator[Figure]]
BENCHES: dict[str, tuple[str, Bench]] = {
    "decisions": ("Pure decisions (a second of one core)", pure.decisions),
    "log": ("Reading a log (a second of one core)", pure.log),
    "worktime": ("Working time (of one core)", pure.worktime),
    "walk": ("Dry run (a second of one core)", pure.dry_run),
    "sqlite": ("Stored, on SQLite (WAL, synchronous=FULL)", stored.sqlite),
    "postgresql": ("Stored, on PostgreSQL (fsync on)", stored.postgresql),
    "channels": ("Mails that come (PostgreSQL with fsync on, then SQLite)", stored.channels),
}
SWEEP = "sweep"


def main() -> int:
    """Run the benches asked for, print each table as it is ready."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--only", metavar="NAME", action="append", choices=[*BENCHES, SWEEP], help=", ".join([*BENCHES, SWEEP])
    )
    parser.add_argument("--seconds", type=float, default=2.0, help="about how long each figure is measured (default 2)")
    said = f"open cases of the sweep (default {SMALL:,}; 100000 takes some minutes)"
    parser.add_argument("--size", type=int, default=SMALL, help=said)
    parser.add_argument("--workers", type=int, default=1, help="workers of the sweep on PostgreSQL (default 1)")
    parser.add_argument("--on", choices=["sqlite", "postgresql"], default="", help="the sweep on this database only")
    parser.add_argument("--json", metavar="FILE", type=Path, help="keep the figures there, too")
    args = parser.parse_args()
    logging.disable(logging.WARNING)
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load} ({platform.machine()})")
    figures: list[Figure] = []
    title = f"The worker among {args.size:,} open cases (--size; the aim speaks of 100,000)"
    sweep = partial(stored.sweep, size=args.size, workers=args.workers, only=args.on)
    benches: dict[str, tuple[str, Bench]] = {**BENCHES, SWEEP: (title, sweep)}
    for name in args.only or benches:
        title, bench = benches[name]
        found = list(bench(args.seconds))
        print(f"\n{table(title, found)}", flush=True)
        figures += found
    if args.json:
        told = {name: [asdict(one) for one in group] for name, group in groupby(figures, key=lambda one: one.table)}
        machine = {"python": platform.python_version(), "cores": os.cpu_count()}
        args.json.write_text(json.dumps({**machine, **told}, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
