"""`tanggap worker`: lets time pass, without serving pages."""

from __future__ import annotations

import argparse
import os
import signal
import threading
from types import FrameType

NAME = "worker"
HELP = "Menjalankan pengingat tenggat saja (tanggap serve sudah menjalankannya)."
EXAMPLES = ["tanggap worker", "tanggap worker --once"]
NEEDS_DATABASE = True

_WATCH_SECONDS = 1.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--once", action="store_true", help="kerjakan yang sudah tiba waktunya, lalu berhenti")
    parser.add_argument("--parent", metavar="PID", type=int, help="berhenti bila proses induk ini berakhir")


def run(args: argparse.Namespace) -> int:
    """Work until told to stop (SIGTERM, SIGINT); what has begun is finished first."""
    from django.conf import settings

    from tanggap.worker import collect, deliver, fetch, loop
    from tanggap.worker.clock import Clock

    if args.once:
        clock = Clock()
        at = clock.look()
        fetch.drain(clock.now)
        read = collect.drain(clock.now)
        done = loop.look_round(at, clock)
        letters = deliver.drain(clock.now)
        print(f"{read} kiriman dibaca, {done} perkara dikerjakan, {letters} surel dikirim.")
        return 0
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    if args.parent:
        threading.Thread(target=_watch, args=(args.parent, stop), daemon=True).start()
    loop.collect_garbage_seldom()
    loop.run(stop, seconds=settings.TANGGAP_WORKER_SECONDS)
    return 0


def _watch(parent: int, stop: threading.Event) -> None:
    """End with the process that started us, however it ended."""
    while os.getppid() == parent and not stop.wait(_WATCH_SECONDS):
        pass
    stop.set()
