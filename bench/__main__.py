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
from itertools import groupby
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))  # the random SOPs of the tests

from bench import pure, stored
from bench.figures import Figure, table

BENCHES: dict[str, tuple[str, Callable[[float], Iterator[Figure]]]] = {
    "decisions": ("Pure decisions (a second of one core)", pure.decisions),
    "log": ("Reading a log (a second of one core)", pure.log),
    "worktime": ("Working time (of one core)", pure.worktime),
    "walk": ("Dry run (a second of one core)", pure.dry_run),
    "sqlite": ("Stored, on SQLite (WAL, synchronous=FULL)", stored.sqlite),
    "postgresql": ("Stored, on PostgreSQL (fsync on)", stored.postgresql),
}


def main() -> int:
    """Run the benches asked for, print each table as it is ready."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", metavar="NAME", action="append", choices=list(BENCHES), help=", ".join(BENCHES))
    parser.add_argument("--seconds", type=float, default=2.0, help="about how long each figure is measured (default 2)")
    parser.add_argument("--json", metavar="FILE", type=Path, help="keep the figures there, too")
    args = parser.parse_args()
    logging.disable(logging.WARNING)
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load} ({platform.machine()})")
    figures: list[Figure] = []
    for name in args.only or BENCHES:
        title, bench = BENCHES[name]
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
