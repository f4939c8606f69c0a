"""`tanggap smtp`: listens for mail that a mail server hands over by SMTP or LMTP."""

from __future__ import annotations

import argparse
import signal
import threading
from types import FrameType

from tanggap.cli.terminal import CannotGoOn

NAME = "smtp"
HELP = "Menerima surel lewat SMTP atau LMTP bagi saluran surel Tanggap (dan tidak bagi alamat lain)."
EXAMPLES = ["tanggap smtp", "tanggap smtp --bind 127.0.0.1 --port 2525", "tanggap smtp --lmtp --port 2424"]
NEEDS_DATABASE = True


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--bind", metavar="ALAMAT", default="127.0.0.1", help="alamat tempat mendengar")
    parser.add_argument("--port", metavar="PORTA", type=int, default=2525, help="porta tempat mendengar (baku: 2525)")
    parser.add_argument("--lmtp", action="store_true", help="berbicara LMTP, bukan SMTP")


def run(args: argparse.Namespace) -> int:
    """Listen until told to stop (SIGTERM, SIGINT)."""
    from tanggap.worker.clock import Clock
    from tanggap.worker.handing import Listener

    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    clock = Clock()
    clock.look()
    listener = Listener(clock.now, address=args.bind, port=args.port, lmtp=args.lmtp)
    try:
        listener.start()
    except OSError as error:
        raise CannotGoOn(f"{args.bind} porta {args.port} tidak dapat dipakai ({error.strerror}).") from None
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    print(f"Menunggu surel di {args.bind} porta {listener.port}.", flush=True)
    stop.wait()
    listener.stop()
    return 0
