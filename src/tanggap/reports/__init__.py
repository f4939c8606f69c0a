"""Reports: one file each, found by walking this folder; page, command and CSV follow from what the file says.

A report is a module with

- ``KEY`` (its name at the command line), ``ADDRESS`` (its name in the browser), ``TITLE`` and ``ABOUT`` (Indonesian);
- ``PARAMETERS``: which of :data:`KNOWN` it can be asked with, besides the institution;
- ``table(asked) -> tuple[Table, ...]``: the first table is the report itself, the others stand beside it.

Every report begins with what the reader may see. Files whose name begins with ``_`` are no reports.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, cast
from zoneinfo import ZoneInfo

from tanggap.documents.comma_table import comma_table
from tanggap.records.queries import Reader

Cell = str | int | float | None

TEXT, COUNT, MINUTES, SHARE = "text", "count", "minutes", "share"
"""What a column holds: words, a number of things, working minutes, a part of one."""

KNOWN = ("sop", "period")
"""What a report can be asked with."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: by whom, about which institution, cases received from ``first`` up to, not including, ``until``.

    ``sop``: the id of one document; empty: all.
    """

    who: Reader
    institution: str
    first: datetime | None = None
    until: datetime | None = None
    sop: str = ""


def period(first: date | None, last: date | None, zone: str) -> tuple[datetime | None, datetime | None]:
    """The days ``first`` to ``last``, both included, on the clocks of ``zone``: as :class:`Asked` has them."""
    after = last + timedelta(days=1) if last is not None else None
    begin, until = (
        datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) if day is not None else None
        for day in (first, after)
    )
    return begin, until


@dataclass(frozen=True, slots=True)
class Column:
    """``label`` heads it on paper. ``about``: one sentence where the label alone may be misread."""

    key: str
    label: str
    kind: str = TEXT
    about: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A row as a bar: ``good`` and ``bad`` are parts of the whole width, ``words`` say the same beside it."""

    label: str
    good: float
    bad: float
    words: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in their own order. ``grouped``: so many leading columns name a group of rows that is shown apart.

    ``bars``: one for each row, or none. ``good`` and ``bad``: what the two parts of a bar are. ``empty``: what stands
    there instead of no rows.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    grouped: int = 0
    bars: tuple[Bar, ...] = ()
    good: str = ""
    bad: str = ""
    empty: str = "Belum ada kasus pada masa ini."

    def as_csv(self) -> bytes:
        """The table as a file: minutes and counts as whole numbers, shares as parts of one."""
        headers = [f"{one.label} (menit kerja)" if one.kind == MINUTES else one.label for one in self.columns]
        return comma_table(headers, self.rows)

    def as_data(self) -> list[dict[str, Cell]]:
        """The rows as they go into JSON."""
        keys = [column.key for column in self.columns]
        return [dict(zip(keys, row, strict=True)) for row in self.rows]


class Report(Protocol):
    """What a module of this folder offers."""

    KEY: str
    ADDRESS: str
    TITLE: str
    ABOUT: str
    PARAMETERS: Sequence[str]

    def table(self, asked: Asked) -> tuple[Table, ...]:
        """The tables of the report."""


def reports() -> tuple[Report, ...]:
    """All of them, in the order of their titles."""
    names = (module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    found = [cast("Report", importlib.import_module(f"{__name__}.{name}")) for name in names]
    return tuple(sorted(found, key=lambda one: one.TITLE))


def report(name: str) -> Report | None:
    """The report with this key or address; ``None`` when there is none."""
    return next((one for one in reports() if name in (one.KEY, one.ADDRESS)), None)
