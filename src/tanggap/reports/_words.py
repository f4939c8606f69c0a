"""What stands in a cell, in words; how a row of an SOP and its posts are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tanggap.reports import COUNT, MINUTES, SHARE, Cell, Column
from tanggap.sop.model import Sop, Step

_LONGEST, _LABEL = 110, 46


def words(column: Column, cell: Cell) -> str:
    """``cell`` for a person: "1 jam 9 menit", "94,5 %", "-" for nothing."""
    if cell is None or cell == "":
        return "-"
    if column.kind == MINUTES:
        return minutes(int(cell))
    if column.kind == SHARE:
        return share(float(cell))
    if column.kind == COUNT:
        return f"{int(cell):,}".replace(",", ".")
    return str(cell)


def minutes(number: int) -> str:
    """Working minutes as hours and minutes; a working day has no fixed length, so there are no days."""
    hours, rest = divmod(number, 60)
    parts = ((hours, "jam"), (rest, "menit"))
    return " ".join(f"{amount:,} {word}".replace(",", ".") for amount, word in parts if amount) or "0 menit"


def share(part: float) -> str:
    """As in: 94,5 %."""
    return f"{part * 100:.1f} %".replace(".", ",")


def row_name(step: Step | None, row: str) -> tuple[str, str]:
    """The printed number of a row (as printed) and its activity; a row the version does not have has only its id."""
    if step is None:
        return row, ""
    what = " ".join(step.what.split())
    return step.no or "-", what if len(what) <= _LONGEST else f"{what[: _LONGEST - 1].rstrip()}…"


def columns_of(sop: Sop, step: Step | None) -> str:
    """The columns (Pelaksana) of a row as printed."""
    return ", ".join(sop.role(role).label or role for role in step.who) if step is not None else ""


def posts(names: Mapping[str, str], keys: Iterable[str]) -> str:
    """Posts by name, any of which holds the work."""
    return " / ".join(names.get(key, key) for key in keys)


def bar_label(number: str, what: str) -> str:
    """A row beside its bar: its number and the head of its activity, short enough to stand on one line."""
    head = f"{number.rstrip('.')} {' '.join(what.partition(' Jika ')[0].split())}"
    return head if len(head) <= _LABEL else f"{head[: _LABEL - 1].rstrip()}…"
