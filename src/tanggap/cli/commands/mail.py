"""`tanggap mail`: takes one mail from a mail server's delivery command, and says that it has it only when it has."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from tanggap.cli.terminal import CannotGoOn

NAME = "mail"
HELP = "Menerima satu surel dari peladen surel (dibaca dari masukan standar)."
EXAMPLES = ["tanggap mail --account pengaduan@kampus.ac.id < surat.eml"]
NEEDS_DATABASE = True
FAILS_WITH = 75
"""EX_TEMPFAIL: whatever is wrong here, the mail server keeps the mail and tries again."""

_TOO_LARGE = 65  # EX_DATAERR: it would never fit; its sender is told


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--account", required=True, metavar="KUNCI", help="alamat surel saluran, atau kuncinya")


def run(args: argparse.Namespace) -> int:
    """Store what stands on standard input. 0 only after it is stored for good."""
    from tanggap.actions import inbox
    from tanggap.worker import handing

    raw = sys.stdin.buffer.read(handing.MOST_BYTES + 1)
    if not raw:
        raise CannotGoOn("Tidak ada surel pada masukan standar.")
    if len(raw) > handing.MOST_BYTES:
        print(f"Surel melebihi {handing.MOST_BYTES // 1024**2} MB.", file=sys.stderr)
        return _TOO_LARGE
    account = handing.named(args.account)
    if account is None:
        raise CannotGoOn(f"Tidak ada saluran surel “{args.account}” yang dipakai.")
    inbox.store(account, raw, at=datetime.now(UTC))
    return 0
