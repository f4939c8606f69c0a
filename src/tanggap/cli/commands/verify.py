"""`tanggap verify`: is every case still as it was written?"""

from __future__ import annotations

import argparse
import json
import time
from datetime import UTC, datetime

from tanggap.cli.terminal import Progress, green, red

NAME = "verify"
HELP = "Memeriksa keutuhan seluruh catatan: rantai, perkara, tenggat, jadwal, register, isi dan berkas."
EXAMPLES = ["tanggap verify", "tanggap verify --json"]
NEEDS_DATABASE = True

_SHOWN = 50


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--json", action="store_true", help="cetak sebagai JSON")


def run(args: argparse.Namespace) -> int:
    """Print what was found; 0 when nothing is wrong, 1 otherwise, the first bad position first."""
    from tanggap.records.verification import how_much, verify

    counted, began = how_much(), time.monotonic()
    with Progress("Memeriksa perkara", total=counted.cases) as progress:
        flaws = list(verify(at=datetime.now(UTC), step=progress.step))
    seconds = time.monotonic() - began
    if args.json:
        told = {
            "ok": not flaws,
            "cases": counted.cases,
            "events": counted.events,
            "files": counted.files,
            "seconds": round(seconds, 3),
            "flaws": [flaw.as_dict() for flaw in flaws],
        }
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return 1 if flaws else 0
    looked = f"{counted.cases} perkara, {counted.events} catatan, {counted.files} berkas dalam {seconds:.1f} detik"
    if not flaws:
        print(f"{green('Utuh')}: {looked}.")
        return 0
    print(f"{red(f'{len(flaws)} kejanggalan')} pada {looked}:")
    for flaw in flaws[:_SHOWN]:
        print(f"  {flaw.where}: {flaw.says}")
    if len(flaws) > _SHOWN:
        print(f"  ... dan {len(flaws) - _SHOWN} lagi (lihat --json)")
    return 1
