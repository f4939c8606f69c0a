"""`tanggap rebuild`: computes what is projected from the logs again, and where periodic duties stand."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from tanggap.cli.terminal import Progress, green, yellow

NAME = "rebuild"
HELP = "Menghitung ulang keadaan perkara, daftar tugas dan jadwal dari catatan; catatan sendiri tidak disentuh."
EXAMPLES = ["tanggap rebuild"]
NEEDS_DATABASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments: none."""


def run(args: argparse.Namespace) -> int:
    """Repair every projection; 0 when all could be computed, 1 when a log could not be read."""
    from tanggap.actions import schedules
    from tanggap.records.models import Case
    from tanggap.records.store import reproject

    at = datetime.now(UTC)
    cases = list(Case.objects.values_list("pk", "register"))
    repaired, unreadable = 0, []
    with Progress("Menghitung ulang", total=len(cases)) as progress:
        for case, register in cases:
            try:
                repaired += reproject(case, at=at)
            except Exception as error:  # noqa: BLE001  one unreadable log must not hide the others
                unreadable.append(f"{register}: {type(error).__name__}")
            progress.step()
    dates = schedules.mend(at=at)
    print(f"{green('Selesai')}: {len(cases)} perkara dihitung ulang, {repaired} diperbaiki; {dates} jadwal diperbaiki.")
    for line in unreadable:
        print(f"{yellow('Tidak terbaca')} {line}. Jalankan: tanggap verify")
    return 1 if unreadable else 0
