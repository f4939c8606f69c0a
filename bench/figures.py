"""A measured figure with its unit, what one hoped for and what the bare machine does; and tables of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import quantiles

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a table. ``hoped``: the orientation. ``machine``: the raw limit measured in the same run."""

    table: str
    what: str
    value: float
    unit: str
    hoped: str = ""
    machine: str = ""


def rate(work: Callable[[], int], *, seconds: float) -> float:
    """How many things ``work`` does in a second of processor time; it returns how many it did. The best of five rounds.

    For work that waits for nothing: what else runs on the machine then hardly counts.
    """
    work()
    return max(_round(work, seconds / ROUNDS) for _ in range(ROUNDS))


def _round(work: Callable[[], int], seconds: float) -> float:
    done, begun = 0, time.process_time()
    while (spent := time.process_time() - begun) < seconds:
        done += work()
    return done / spent


@dataclass(frozen=True, slots=True)
class Times:
    """How long each of many acts took, in seconds, how long all together, and what of it was processor time."""

    each: tuple[float, ...]
    together: float
    processor: float = 0.0

    @property
    def per_second(self) -> float:
        """Acts a second over the whole stretch."""
        return len(self.each) / self.together

    def percentile(self, which: int) -> float:
        """The ``which``-th percentile in milliseconds."""
        return quantiles(self.each, n=100, method="inclusive")[which - 1] * 1000


def timed(acts: Iterable[Callable[[], object]], *, seconds: float, least: int = 20) -> Times:
    """Do ``acts`` one after another until ``seconds`` are over (at least ``least`` of them, if there are as many)."""
    each: list[float] = []
    begun = last = time.perf_counter()
    busy = time.process_time()
    for act in acts:
        act()
        now = time.perf_counter()
        each.append(now - last)
        if now - begun > seconds and len(each) >= least:
            break
        last = time.perf_counter()
    return Times(tuple(each), sum(each), time.process_time() - busy)


def number(value: float) -> str:
    """A figure as people read it: 12,345 or 3.21."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2f}"


def table(title: str, figures: Sequence[Figure]) -> str:
    """An aligned table of ``figures``."""
    head = ("what", "measured", "unit", "orientation", "the bare machine, same run")
    lines = [head, *((f.what, number(f.value), f.unit, f.hoped or "-", f.machine or "-") for f in figures)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]

    def row(line: tuple[str, ...]) -> str:
        cells = [cell.rjust(width) if n == 1 else cell.ljust(width) for n, (cell, width) in
                 enumerate(zip(line, widths, strict=True))]  # fmt: skip
        return "  " + "  ".join(cells).rstrip()

    rule = "  " + "  ".join("-" * width for width in widths)
    return "\n".join([title, row(lines[0]), rule, *(row(line) for line in lines[1:])])
