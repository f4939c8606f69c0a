"""`tanggap sop check`: reads SOP files, tells what is wrong with them and what a careful reader should know."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

from tanggap.cli.terminal import CannotGoOn, bold, dim, green, red, table, yellow
from tanggap.sop import seeds
from tanggap.sop.check import check
from tanggap.sop.check.finding import Finding
from tanggap.sop.errors import SopError, SopErrors
from tanggap.sop.load import MAX_BYTES, load
from tanggap.sop.model import Sop

NAME = "sop check"
GROUP = "SOP"
HELP = "Memeriksa berkas SOP: kesalahan penulisan, dan temuan pada isi prosedurnya."
EXAMPLES = [
    "tanggap sop check sop-saya.toml",
    "tanggap sop check ub-fmipa-mipa-care unej-uc3 --json",
]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    known = ", ".join((*seeds.names(), *seeds.own()))
    parser.add_argument("files", metavar="BERKAS", nargs="+", help=f"berkas TOML, atau nama SOP bawaan: {known}")
    parser.add_argument("--json", action="store_true", help="cetak sebagai JSON")


def run(args: argparse.Namespace) -> int:
    """Check every file. 0 when all can be read, findings or not; 1 when a file has mistakes."""
    results = [_check_file(name) for name in args.files]
    if args.json:
        print(json.dumps([_as_data(*result) for result in results], ensure_ascii=False, indent=2))
    else:
        print("\n\n".join("\n".join(_as_text(*result)) for result in results))
    return 1 if any(errors for _, _, errors, _ in results) else 0


_Result = tuple[str, Sop | None, Sequence[SopError], Sequence[Finding]]


def _check_file(name: str) -> _Result:
    file, content = read_sop_file(name)
    try:
        sop = load(content, name=file)
    except SopErrors as errors:
        return file, None, errors.errors, ()
    return file, sop, (), check(sop)


def read_sop_file(name: str) -> tuple[str, bytes]:
    """The name and the bytes of an SOP file, or of a seed document (its id, or the beginning of one id).

    Reads no more than the loader accepts. Raises :class:`CannotGoOn` when there is no such file.
    """
    path = Path(name)
    if path.is_file():
        with path.open("rb") as stream:
            return name, stream.read(MAX_BYTES + 1)
    known = (*seeds.names(), *seeds.own())
    fitting = [seed for seed in known if seed.startswith(name)]
    if len(fitting) == 1:
        return f"{fitting[0]}.toml", seeds.text(fitting[0]).encode()
    raise CannotGoOn(f"Berkas “{name[:100]}” tidak ditemukan; SOP bawaan: {', '.join(known)}.")


def _as_data(file: str, sop: Sop | None, errors: Sequence[SopError], findings: Sequence[Finding]) -> dict[str, Any]:
    return {
        "file": file,
        "sop": sop.id if sop else None,
        "hash": sop.hash if sop else None,
        "errors": [asdict(error) for error in errors],
        "findings": [asdict(finding) for finding in findings],
    }


def _as_text(file: str, sop: Sop | None, errors: Sequence[SopError], findings: Sequence[Finding]) -> Iterator[str]:
    yield bold(file)
    if sop is None:
        yield table(_error_rows(errors), ("Baris berkas", "Prosedur", "Baris SOP", "Isian", "Kesalahan"))
        yield red(f"{len(errors)} kesalahan; berkas ini belum dapat dipakai.")
        return
    rows = sum(len(procedure.steps) for procedure in sop.procedures)
    yield dim(f"{sop.identity.number or sop.id}: {len(sop.procedures)} prosedur, {rows} baris, versi {sop.hash[:12]}")
    for procedure, members in groupby(findings, key=lambda finding: finding.procedure):
        yield ""
        yield bold(f"Prosedur {procedure}" if procedure else "Dokumen")
        yield table((_row(sop, finding), finding.code, finding.message) for finding in members)
    yield ""
    yield yellow(f"{len(findings)} temuan; SOP tetap dapat dipakai.") if findings else green("Tidak ada temuan.")


def _error_rows(errors: Sequence[SopError]) -> Iterator[tuple[object, ...]]:
    for error in errors:
        yield (error.line or "-", error.procedure, error.row, error.key, error.message)


def _row(sop: Sop, finding: Finding) -> str:
    """The row as printed, with its name when they differ."""
    if not finding.row:
        return ""
    step = sop.procedure(finding.procedure).step(finding.row)
    number = step.no.rstrip(".")
    return f"baris {step.id}" if number in ("", step.id) else f"baris {number} ({step.id})"
