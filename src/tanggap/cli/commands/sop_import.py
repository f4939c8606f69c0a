"""`tanggap sop import`: an SOP document becomes a version of an institution, and with ``--approve`` it runs."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from tanggap.cli.terminal import CannotGoOn, yellow

NAME = "sop import"
GROUP = "SOP"
HELP = "Memasukkan berkas SOP ke suatu lembaga; dengan --approve laporan baru dijalankan menurutnya."
EXAMPLES = [
    "tanggap sop import sop.toml --institution ub-fmipa",
    "tanggap sop import unej-uc3 --institution unej-uc3 --approve",
]
NEEDS_DATABASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="BERKAS", help="berkas SOP (TOML), atau nama SOP bawaan")
    parser.add_argument("--institution", metavar="KUNCI", required=True, help="lembaga yang memakainya")
    parser.add_argument(
        "--approve", action="store_true", help="berlakukan: mulai sekarang, atau pada tanggal efektifnya"
    )


def run(args: argparse.Namespace) -> int:
    """Import, tell the findings, approve when asked. Raises :class:`CannotGoOn`."""
    from tanggap.actions.sops import AlreadyApproved, approve, import_sop
    from tanggap.cli.commands.serve import prepare
    from tanggap.records.models import Institution
    from tanggap.sop.check import check
    from tanggap.sop.check.columns import role_findings
    from tanggap.sop.errors import SopErrors
    from tanggap.sop.load import load

    prepare()
    at = datetime.now(UTC)
    institution = Institution.objects.filter(key=args.institution).first()
    if institution is None:
        known = (
            ", ".join(Institution.objects.values_list("key", flat=True)) or "belum ada; lihat tanggap institution add"
        )
        raise CannotGoOn(f"Lembaga “{args.institution}” tidak ada ({known}).")
    text = _text(args.file)
    try:
        version = import_sop(institution, text, name=args.file, at=at)
    except SopErrors as errors:
        for error in errors.errors:
            print(error)
        raise CannotGoOn(f"{args.file} tidak dimasukkan: {len(errors.errors)} kesalahan.") from errors
    sop = load(version.text, name=version.sop_id)
    mapped = set(institution.columns.filter(sop_id=sop.id).values_list("role", flat=True))
    for finding in role_findings(sop, mapped):
        print(f"{yellow('perhatikan')}  {finding.message}")
    print(
        f"{version.number or version.sop_id}, versi {version.hash[:12]}: {len(check(sop))} temuan (tanggap sop check)."
    )
    if not args.approve:
        print("Masih rancangan. Berlakukan dengan --approve.")
        return 0
    try:
        approve(version, at=at)
    except AlreadyApproved:
        print("Versi ini sudah disahkan sebelumnya.")
        return 0
    print(f"Disahkan. Laporan baru di {institution.short_name} dijalankan menurut versi ini.")
    return 0


def _text(name: str) -> bytes:
    from tanggap.sop import seeds

    if Path(name).is_file():
        return Path(name).read_bytes()
    known = (*seeds.names(), *seeds.own())
    if name in known:
        return seeds.text(name).encode()
    raise CannotGoOn(f"Tidak ada berkas atau SOP bawaan “{name}”. Bawaan: {', '.join(known)}.")
