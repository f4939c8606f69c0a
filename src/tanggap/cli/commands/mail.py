"""`tanggap mail`: takes one mail from a mail server's delivery command, and says that it has it only when it has.

Where a worker runs on this machine it is handed to that one, which has everything open already; else it is stored here.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime

from tanggap.cli.terminal import CannotGoOn
from tanggap.worker import doorstep

NAME = "mail"
HELP = "Menerima satu surel dari peladen surel (dibaca dari masukan standar)."
EXAMPLES = ["tanggap mail --account pengaduan@kampus.ac.id < surat.eml"]
FAILS_WITH = 75
"""EX_TEMPFAIL: whatever is wrong here, the mail server keeps the mail and tries again."""

_TOO_LARGE = 65  # EX_DATAERR: it would never fit; its sender is told


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--account", required=True, metavar="KUNCI", help="alamat surel saluran, atau kuncinya")


def run(args: argparse.Namespace) -> int:
    """Store what stands on standard input. 0 only after it is stored for good."""
    raw = sys.stdin.buffer.read(doorstep.MOST_BYTES + 1)
    if not raw:
        raise CannotGoOn("Tidak ada surel pada masukan standar.")
    if len(raw) > doorstep.MOST_BYTES:
        print(f"Surel melebihi {doorstep.MOST_BYTES // 1024**2} MB.", file=sys.stderr)
        return _TOO_LARGE
    said = doorstep.hand_over(doorstep.folder(os.environ), args.account, raw)
    if said is None:
        _store_here(args.account, raw)
        return 0
    code, sentence = said
    if sentence:
        print(sentence, file=sys.stderr)
    return code


def _store_here(word: str, raw: bytes) -> None:
    from tanggap.cli.main import set_up_django

    set_up_django()
    from tanggap.actions import inbox
    from tanggap.worker import handing

    account = handing.named(word)
    if account is None:
        raise CannotGoOn(handing.NO_ACCOUNT.format(word))
    inbox.store(account, raw, at=datetime.now(UTC))
