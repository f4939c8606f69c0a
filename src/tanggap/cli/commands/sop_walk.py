"""`tanggap sop walk`: a dry run of an SOP: the rows a case would take, who does them, by when, and why then."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from tanggap.casework.law import LawClock, LawRefused
from tanggap.casework.walk import CannotWalk, NeverEnds, Plan, Walk, Walked, walk
from tanggap.cli.commands.due import calendar_of, read_moment
from tanggap.cli.commands.sop_check import read_sop_file
from tanggap.cli.terminal import CannotGoOn, red, table
from tanggap.sop.errors import SopErrors
from tanggap.sop.flow import Flow
from tanggap.sop.load import load
from tanggap.sop.model import Sop
from tanggap.worktime import dates
from tanggap.worktime.calendar import WorkCalendar
from tanggap.worktime.duration import Duration, UnreadableDuration, parse
from tanggap.worktime.office_hours import CalendarRefused
from tanggap.worktime.rhythm import Rhythm

NAME = "sop walk"
GROUP = "SOP"
HELP = "Menjalankan prosedur SOP sebagai percobaan: langkah demi langkah, siapa, sampai kapan, dan mengapa."
EXAMPLES = [
    'tanggap sop walk ub-fmipa-mipa-care --start "2026-11-20 08.00"',
    "tanggap sop walk ub-fmipa-mipa-care --choose 5=Tidak --choose 5=Ya",
    "tanggap sop walk unesa-feb-pengaduan --set channel=lisan --json",
    'tanggap sop walk sop-saya.toml --after "3=2 hari" --institution ub-fmipa',
    'tanggap sop walk sop-saya.toml --set urgensi=tinggi --linked "perkara:diputus=2026-11-02 10.00"',
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
    parser.add_argument(
        "--linked", metavar="RELASI:TANDA=SAAT", action="append", default=[],
        help="saat bertanda pada laporan lain yang terkait, bagi waktu yang dihitung dari sana",
    )  # fmt: skip
    parser.add_argument("--institution", metavar="KUNCI", help="kalender lembaga ini; bawaan: kalender umum")
    parser.add_argument("--json", action="store_true", help="cetak sebagai JSON")


def run(args: argparse.Namespace) -> int:
    """Print the rows walked. 1 when the path never ends; raises :class:`CannotGoOn` for what cannot be walked."""
    file, content = read_sop_file(args.file)
    try:
        sop = load(content, name=file)
        calendar = calendar_of(args.institution) if args.institution else _general_calendar(sop.identity.zone)
        start = read_moment(args.start, calendar.tz)
        plan = _plan(args, sop, calendar)
        found = walk(sop, calendar, start=start, procedure=args.procedure, plan=plan, law=_law(args.institution or ""))
    except NeverEnds as error:
        print(red(str(error), sys.stderr), file=sys.stderr)
        return 1
    except (SopErrors, CannotWalk, CalendarRefused, LawRefused) as error:
        raise CannotGoOn(str(error)) from None
    if args.json:
        print(json.dumps(_as_data(found), ensure_ascii=False, indent=2))
    else:
        print("\n\n".join(filter(None, (*_told(found), "\n".join(_schedules(sop, calendar, start))))))
    return 0


def _schedules(sop: Sop, calendar: WorkCalendar, start: datetime) -> Iterator[str]:
    """The periodic duties of the document: how often, and when the next three open."""
    for duty in sop.duties():
        assert duty.every is not None
        rhythm = Rhythm(duty.starting or sop.identity.effective_date or start.date(), duty.every, calendar)
        day, opened = rhythm.on_or_after(start.date()), []
        for _number in range(3):
            opened.append(dates.weekday(rhythm.opening(day).date()))
            day = rhythm.after(day)
        yield f"tugas berkala {duty.id}, setiap {duty.every}: {'; '.join(opened)} ..."


def _general_calendar(zone: str) -> WorkCalendar:
    """The calendar Tanggap starts with, by the clocks of ``zone``."""
    from tanggap.actions import holidays

    return replace(holidays.seed_calendar(holidays.seed_institutions()[0]), zone=zone)


def _law(institution: str) -> tuple[LawClock, ...]:
    """The periods of the law beside which the way is held."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tanggap.config.settings")
    import django

    django.setup()
    from tanggap.records.law import law_of

    return law_of(institution)


def _plan(args: argparse.Namespace, sop: Sop, calendar: WorkCalendar) -> Plan:
    choices: dict[str, list[str]] = {}
    for row, label in _pairs(args.choose, "--choose"):
        choices.setdefault(row, []).append(label)
    after = {row: _duration(time, sop) for row, time in _pairs(args.after, "--after")}
    linked: dict[str, dict[str, datetime]] = {}
    for name, moment in _pairs(args.linked, "--linked"):
        relation, _colon, mark = name.partition(":")
        linked.setdefault(relation, {})[mark] = read_moment(moment, calendar.tz)
    return Plan(choices, after, {"kind": "complaint", **dict(_pairs(args.set, "--set"))}, linked)


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


# as data -------------------------------------------------------------------------------------------------------------


def _as_data(found: Walk) -> dict[str, Any]:
    return {
        "start": found.start.isoformat(),
        "answered": _iso(found.answered),
        "ended": found.ended.isoformat(),
        "promise": _iso(found.promised.due_at if found.promised else None),
        "clocks": [
            {"clock": one.clock, "kind": one.kind, "standard": str(one.standard), "due": _iso(one.due),
             "met": _iso(one.met), "kept": _is_kept(one.due, one.met)}
            for one in found.wholes
        ],
        "rows": [_row_as_data(row) for row in found.rows],
    }  # fmt: skip


def _row_as_data(row: Walked) -> dict[str, Any]:
    moments = {name: _iso(getattr(row, name)) for name in ("opened", "due", "respond", "timeout", "done")}
    standard = str(row.standard) if row.standard is not None else None
    meaning = row.standard.meaning if row.standard is not None and row.standard.has_standard else None
    return {**asdict(row), **moments, "standard": standard, "meaning": meaning}


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _is_kept(due: datetime, met: datetime | None) -> bool:
    return met is not None and met <= due


# as a table ----------------------------------------------------------------------------------------------------------


def _told(found: Walk) -> Iterator[str]:
    """The rows; what their times depend on; and the whole against the promise and the law."""
    yield _rows(found.rows)
    yield table(_dependences(found))
    yield table(_whole(found))


def _rows(rows: Sequence[Walked]) -> str:
    several = len({row.procedure for row in rows}) > 1
    headers = [
        *(["Prosedur"] if several else []), "No", "Ke-", "Pelaksana", "Kegiatan", "Waktu", "Dibuka", "Batas", "Pilihan",
    ]  # fmt: skip
    return table((_cells(row, several) for row in rows), headers, right=[headers.index("Ke-")])


def _cells(row: Walked, several: bool) -> list[str]:
    return [
        *([row.procedure] if several else []),
        row.number or row.step,
        str(row.visit),
        _short(", ".join(row.who)),
        _short(row.what),
        str(row.standard or "-"),
        _moment(row.opened),
        _moment(row.due) if row.due else "-",
        row.choice,
    ]


def _dependences(found: Walk) -> Iterator[tuple[str, str]]:
    """Line by line what the times depend on, each procedure and row once, and the moments beside the due one."""
    from tanggap.web import times

    flows: dict[str, Flow] = {}
    seen: set[tuple[str, str]] = set()
    for row in found.rows:
        if row.procedure not in flows:
            flows[row.procedure] = Flow(found.sop.procedure(row.procedure))
            yield from ((row.procedure, words) for words in times.of_procedure(found.sop, flows[row.procedure]))
        flow = flows[row.procedure]
        if (row.procedure, row.step) not in seen:
            seen.add((row.procedure, row.step))
            yield from ((_name(row), words) for words in times.of_row(found.sop, flow, flow.steps[row.step]))
        if row.respond:
            yield _name(row), f"respons pertama sampai {_moment(row.respond)}"
        if row.timeout:
            yield _name(row), f"batas menunggu {_moment(row.timeout)}"


def _name(row: Walked) -> str:
    return f"{row.number or row.step}" + (f" (ke-{row.visit})" if row.visit > 1 else "")


def _whole(found: Walk) -> Iterator[tuple[str, ...]]:
    calendar = found.calendar
    for name, at in (("dijawab", found.answered), ("selesai", found.ended)):
        if at is not None:
            yield name, _moment(at), f"{dates.between(found.start, at, calendar)} sesudah diterima"
    if found.promised is not None:
        way = found.promised.limit or f"jumlah waktu langkah {', '.join(found.promised.rows)}"
        yield _against(f"janji ({way})", found.promised.due_at, found.answered, calendar)
    for one in found.wholes:
        yield _against(f"{_clock_name(one.clock)} ({one.standard})", one.due, one.met, calendar)


def _against(name: str, due: datetime, met: datetime | None, calendar: WorkCalendar) -> tuple[str, str, str]:
    """One clock on the whole, and whether the way just walked keeps it."""
    if met is None:
        said = "tidak terpenuhi: jalan ini berakhir tanpa itu"
    elif met <= due:
        said = "cukup, tepat pada batasnya" if met == due else f"cukup, {dates.between(met, due, calendar)} sebelumnya"
    else:
        said = f"lewat {dates.between(due, met, calendar)}"
    return name, _moment(due), said


def _clock_name(clock: str) -> str:
    name = clock.removeprefix("clock:")
    return "seluruh prosedur" if name == "limit" else name.removeprefix("law-")


def _moment(at: datetime) -> str:
    return f"{dates.weekday(at)}, {dates.clock(at)}"


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _WIDEST else f"{words[: _WIDEST - 1].rstrip()}…"
