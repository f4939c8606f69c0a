"""`tanggap sop walk`: a dry run of an SOP: the rows a case would take, who does them, and by when."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from tanggap.casework.walk import CannotWalk, NeverEnds, Plan, Walked, walk
from tanggap.cli.commands.due import calendar_of, read_moment
from tanggap.cli.commands.sop_check import read_sop_file
from tanggap.cli.terminal import CannotGoOn, red, table
from tanggap.sop.errors import SopErrors
from tanggap.sop.load import load
from tanggap.sop.model import Sop
from tanggap.worktime import dates
from tanggap.worktime.calendar import WorkCalendar
from tanggap.worktime.duration import Duration, UnreadableDuration, parse
from tanggap.worktime.office_hours import CalendarRefused

NAME = "sop walk"
GROUP = "SOP"
HELP = "Menjalankan prosedur SOP sebagai percobaan: langkah demi langkah, siapa, dan sampai kapan."
EXAMPLES = [
    'tanggap sop walk ub-fmipa-mipa-care --start "2026-11-20 08.00"',
    "tanggap sop walk ub-fmipa-mipa-care --choose 5=Tidak --choose 5=Ya",
    "tanggap sop walk unesa-feb-pengaduan --set channel=lisan --json",
    'tanggap sop walk sop-saya.toml --after "3=2 hari" --institution ub-fmipa',
]

_WIDEST = 48


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="BERKAS", help="berkas TOML, atau nama SOP bawaan")
    parser.add_argument("--procedure", metavar="P", default="", help="prosedur ini; bawaan: yang cocok dengan --set")
    parser.add_argument(
        "--choose", metavar="LANGKAH=PILIHAN", action="append", default=[],
        help="pilihan pada satu langkah; diberikan dua kali: untuk kunjungan pertama dan kedua",
    )  # fmt: skip
    parser.add_argument(
        "--after", metavar="LANGKAH=WAKTU", action="append", default=[],
        help="langkah ini selesai sekian lama sesudah dibuka; bawaan: tepat pada batas waktunya",
    )  # fmt: skip
    parser.add_argument("--start", metavar="SAAT", default="sekarang", help="saat pengaduan diterima; bawaan: sekarang")
    parser.add_argument(
        "--set", metavar="NAMA=NILAI", action="append", default=[], help="keterangan pengaduan, misalnya channel=web"
    )
    parser.add_argument("--institution", metavar="KUNCI", help="kalender lembaga ini; bawaan: kalender umum")
    parser.add_argument("--json", action="store_true", help="cetak sebagai JSON")


def run(args: argparse.Namespace) -> int:
    """Print the rows walked. 1 when the path never ends; raises :class:`CannotGoOn` for what cannot be walked."""
    file, content = read_sop_file(args.file)
    try:
        sop = load(content, name=file)
        calendar = calendar_of(args.institution) if args.institution else _general_calendar(sop.identity.zone)
        start = read_moment(args.start, calendar.tz)
        found = walk(sop, calendar, start=start, procedure=args.procedure, plan=_plan(args, sop))
    except NeverEnds as error:
        print(red(str(error), sys.stderr), file=sys.stderr)
        return 1
    except (SopErrors, CannotWalk, CalendarRefused) as error:
        raise CannotGoOn(str(error)) from None
    if args.json:
        print(json.dumps([_as_data(row) for row in found], ensure_ascii=False, indent=2))
    else:
        print(_as_table(found))
    return 0


def _general_calendar(zone: str) -> WorkCalendar:
    """The calendar Tanggap starts with, by the clocks of ``zone``."""
    from tanggap.actions import holidays

    return replace(holidays.seed_calendar(holidays.seed_institutions()[0]), zone=zone)


def _plan(args: argparse.Namespace, sop: Sop) -> Plan:
    choices: dict[str, list[str]] = {}
    for row, label in _pairs(args.choose, "--choose"):
        choices.setdefault(row, []).append(label)
    after = {row: _duration(time, sop) for row, time in _pairs(args.after, "--after")}
    return Plan(choices, after, dict(_pairs(args.set, "--set")))


def _pairs(written: Iterable[str], option: str) -> list[tuple[str, str]]:
    pairs = [(name.strip(), value.strip()) for name, _, value in (text.partition("=") for text in written)]
    for (name, value), text in zip(pairs, written, strict=True):
        if not name or not value:
            raise CannotGoOn(f"{option} “{text[:60]}” tidak dapat dibaca; tulis seperti {option} NAMA=NILAI.")
    return pairs


def _duration(written: str, sop: Sop) -> Duration:
    try:
        return parse(written, sop.reading)
    except UnreadableDuration as error:
        raise CannotGoOn(str(error)) from None


def _as_data(row: Walked) -> dict[str, Any]:
    return {**asdict(row), "opened": row.opened.isoformat(), "due": row.due.isoformat() if row.due else None}


def _as_table(found: list[Walked]) -> str:
    several = len({row.procedure for row in found}) > 1
    headers = [*(["Prosedur"] if several else []), "No", "Ke-", "Pelaksana", "Kegiatan", "Dibuka", "Batas", "Pilihan"]
    return table((_cells(row, several) for row in found), headers, right=[headers.index("Ke-")])


def _cells(row: Walked, several: bool) -> list[str]:
    return [
        *([row.procedure] if several else []),
        row.number or row.step,
        str(row.visit),
        _short(", ".join(row.who)),
        _short(row.what),
        _moment(row.opened),
        _moment(row.due) if row.due else "-",
        row.choice,
    ]


def _moment(at: datetime) -> str:
    return f"{dates.weekday(at)}, {dates.clock(at)}"


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _WIDEST else f"{words[: _WIDEST - 1].rstrip()}…"
