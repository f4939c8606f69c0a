"""`tanggap clock`: what the clocks say, and the word of a person that they are right."""

from __future__ import annotations

import argparse

from tanggap.cli.terminal import green, yellow

NAME = "clock"
HELP = "Menunjukkan jam yang dipakai pekerja; dengan --confirm menyatakan bahwa jam itu benar."
EXAMPLES = ["tanggap clock", "tanggap clock --confirm"]
NEEDS_DATABASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--confirm", action="store_true", help="jam itu benar: pekerja yang menunggu mulai bekerja")


def run(args: argparse.Namespace) -> int:
    """Say the moment it is by the clock that decides, and by the last sign of life; 1 when a worker is held by it."""
    from tanggap.actions import deadlines
    from tanggap.records import queries
    from tanggap.worker.clock import judge

    at, known = judge(), queries.last_sign_of_life()
    print(f"Jam yang dipakai pekerja: {at:%Y-%m-%d %H.%M} UTC")
    print(f"Tanda hidup terakhir:     {f'{known:%Y-%m-%d %H.%M} UTC' if known else 'belum ada'}")
    if args.confirm:
        deadlines.confirm_clock(at=at)
        print(f"{green('Dicatat')}: jam itu benar. Pekerja yang menunggu mulai bekerja pada putaran berikutnya.")
        return 0
    held = [one.worker for one in queries.clock_troubles() if one.held]
    for name in held:
        print(f"{yellow('Menunggu')}: pekerja pada {name}. Betulkan jam mesin, atau: tanggap clock --confirm")
    return 1 if held else 0
