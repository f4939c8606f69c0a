"""Kemacetan: where cases wait now, row by row: how many, for how long already, how many of them late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta

from tanggap.casework.compliance import quantile
from tanggap.casework.lives import Home
from tanggap.casework.shelf import Shelf
from tanggap.records import queries
from tanggap.records.queries import StandingLine
from tanggap.reports import COUNT, MINUTES, Asked, Bar, Cell, Column, Table
from tanggap.reports._words import bar_label, columns_of, minutes, posts, row_name

KEY = "bottlenecks"
ADDRESS = "kemacetan"
TITLE = "Di mana kasus menunggu"
ABOUT = "Langkah yang terbuka sekarang, yang paling banyak terlambat lebih dahulu; umurnya dalam waktu kerja."
PARAMETERS = ("sop",)

_COLUMNS = (
    Column("sop", "SOP"),
    Column("procedure", "Prosedur"),
    Column("no", "No."),
    Column("what", "Kegiatan"),
    Column("who", "Pelaksana"),
    Column("open", "Terbuka", COUNT),
    Column("late", "Terlambat", COUNT, "Pelaksana di luar lembaga tidak pernah dihitung terlambat."),
    Column("soon", "Hampir jatuh tempo", COUNT),
    Column("paused", "Waktu berhenti", COUNT),
    Column("median", "Umur, median", MINUTES, "Waktu kerja sejak langkah dibuka."),
    Column("oldest", "Umur, paling lama", MINUTES),
    Column("posts", "Pada siapa"),
)
_MINUTE = timedelta(minutes=1)


def table(asked: Asked) -> tuple[Table, ...]:
    """The rows in which something is open now."""
    shelf = queries.shelf(asked.institution, at=asked.who.at)
    names = queries.names_of(queries.institution(asked.institution).id)
    by_row: dict[tuple[Home, str], list[StandingLine]] = {}
    for line in queries.standing(asked.who, asked.institution):
        if asked.sop in ("", shelf.sops[line.sop_hash].id):
            by_row.setdefault(((line.sop_hash, line.procedure), line.row), []).append(line)
    ordered = sorted(by_row.items(), key=lambda one: (-_late(one[1]), -len(one[1]), one[0][1]))
    most = max((len(lines) for _, lines in ordered), default=1)
    rows = [_row(shelf, home, row, lines, asked, names) for (home, row), lines in ordered]
    bars = [_bar(row, most) for row in rows]
    empty = "Tidak ada kasus yang menunggu."
    return (Table("rows", TITLE, _COLUMNS, tuple(rows), bars=tuple(bars), good="dalam waktu", bad="terlambat",
                  empty=empty),)  # fmt: skip


def _late(lines: Sequence[StandingLine]) -> int:
    return sum(line.state == "late" and not line.outside for line in lines)


def _row(
    shelf: Shelf, home: Home, row: str, lines: Sequence[StandingLine], asked: Asked, names: Mapping[str, str]
) -> tuple[Cell, ...]:
    sop, step = shelf.sops[home[0]], shelf.flow(*home).steps.get(row)
    states = Counter(line.state for line in lines if not line.outside)
    ages = [
        shelf.calendar_of(line.posts).worked(line.opened_at, max(line.opened_at, asked.who.at)) // _MINUTE
        for line in lines
    ]
    held = Counter(line.posts for line in lines if line.posts)
    return (
        sop.identity.title or sop.id,
        sop.procedure(home[1]).label or home[1],
        *row_name(step, row),
        columns_of(sop, step),
        len(lines),
        states["late"],
        states["soon"],
        sum(line.state == "paused" for line in lines),
        quantile(ages, 0.5),
        max(ages),
        "; ".join(f"{posts(names, keys)} {number}" for keys, number in held.most_common()) or "belum ada pelaksana",
    )


def _bar(row: tuple[Cell, ...], most: int) -> Bar:
    label = bar_label(str(row[2]), str(row[3]))
    waiting, late, oldest = (int(row[place] or 0) for place in (5, 6, 10))
    words = f"{waiting} kasus, {late} terlambat" if late else f"{waiting} kasus"
    return Bar(label, (waiting - late) / most, late / most, f"{words}; paling lama {minutes(oldest)}")
