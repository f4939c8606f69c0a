"""`tanggap report`: a report of an institution as a table, as CSV or as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from tanggap.cli.terminal import CannotGoOn, bold, dim, table

if TYPE_CHECKING:
    from tanggap.records.queries import InstitutionLine
    from tanggap.reports import Asked, Report, Table

NAME = "report"
HELP = "Mencetak laporan lembaga (kepatuhan pada SOP, kemacetan) sebagai tabel, CSV atau JSON."
EXAMPLES = [
    "tanggap report",
    "tanggap report compliance --institution ub-fmipa --from 2026-01-01 --until 2026-06-30",
    "tanggap report compliance --institution unej-uc3 --csv > kepatuhan.csv",
    "tanggap report bottlenecks --institution ub-fmipa --json",
]
NEEDS_DATABASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("report", metavar="LAPORAN", nargs="?", default="", help="kunci laporan; kosong: daftarnya")
    parser.add_argument("--institution", metavar="KUNCI", default="", help="kunci lembaga, misalnya ub-fmipa")
    parser.add_argument("--sop", metavar="ID", default="", help="hanya SOP ini")
    parser.add_argument(
        "--from", dest="first", metavar="TANGGAL", default="", help="kasus yang diterima sejak tanggal ini"
    )
    parser.add_argument("--until", metavar="TANGGAL", default="", help="sampai dengan tanggal ini")
    parser.add_argument(
        "--table", metavar="KUNCI", default="", help="tabel yang ditulis sebagai CSV; kosong: yang pertama"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="cetak sebagai CSV")
    form.add_argument("--json", action="store_true", help="cetak sebagai JSON")


def run(args: argparse.Namespace) -> int:
    """Print the report, or which there are. Raises :class:`CannotGoOn`."""
    from tanggap.reports import report, reports

    if not args.report:
        print(table(((one.KEY, one.TITLE, one.ABOUT) for one in reports()), ("Laporan", "Judul", "Isi")))
        return 0
    found = report(args.report)
    if found is None:
        known = ", ".join(one.KEY for one in reports())
        raise CannotGoOn(f"Laporan “{args.report[:60]}” tidak dikenal; yang ada: {known}.")
    house = _house(args.institution)
    tables = found.table(_asked(args, house))
    if args.csv:
        sys.stdout.flush()
        sys.stdout.buffer.write(_chosen(tables, args.table).as_csv())
    elif args.json:
        told = {"report": found.KEY, "institution": house.key, **{one.key: one.as_data() for one in tables}}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _print(found, house, tables)
    return 0


def _house(key: str) -> InstitutionLine:
    from tanggap.records import queries

    houses = queries.institutions()
    if not key and len(houses) == 1:
        return houses[0]
    found = next((one for one in houses if one.key == key), None)
    if found is None:
        known = ", ".join(one.key for one in houses) or "belum ada"
        what = f"Lembaga “{key[:60]}” tidak dikenal" if key else "Sebutkan lembaganya dengan --institution"
        raise CannotGoOn(f"{what}; yang ada: {known}.")
    return found


def _asked(args: argparse.Namespace, house: InstitutionLine) -> Asked:
    from tanggap.records import queries
    from tanggap.reports import Asked, period

    first, until = period(_date(args.first), _date(args.until), house.zone)
    who = queries.installation(at=datetime.now(UTC))
    return Asked(who, house.key, first, until, args.sop)


def _date(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise CannotGoOn(f"Tanggal “{typed[:40]}” tidak dapat dibaca; tulis seperti 2026-11-20.") from None


def _chosen(tables: tuple[Table, ...], key: str) -> Table:
    found = next((one for one in tables if key in ("", one.key)), None)
    if found is None:
        raise CannotGoOn(f"Tabel “{key[:40]}” tidak ada; yang ada: {', '.join(one.key for one in tables)}.")
    return found


def _print(found: Report, house: InstitutionLine, tables: tuple[Table, ...]) -> None:
    from tanggap.reports import TEXT
    from tanggap.reports._words import words

    print(f"{bold(found.TITLE)}, {house.name}")
    for one in tables:
        print(f"\n{bold(one.title)}")
        if not one.rows:
            print(dim(one.empty))
            continue
        shown = [[words(column, cell)[:48] for column, cell in zip(one.columns, row, strict=True)] for row in one.rows]
        right = [place for place, column in enumerate(one.columns) if column.kind != TEXT]
        print(table(shown, [column.label for column in one.columns], right=right))
