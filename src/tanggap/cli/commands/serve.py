"""`tanggap serve`: prepares the database, then serves the pages and lets time pass."""

from __future__ import annotations

import argparse
import errno
import os
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

from tanggap.cli.terminal import CannotGoOn, bold, dim

NAME = "serve"
HELP = "Menjalankan Tanggap: halaman web dan pengingat tenggat."
EXAMPLES = [
    "tanggap serve",
    "tanggap serve --port 8080",
    "TANGGAP_BIND=0.0.0.0 TANGGAP_BASE_URL=https://aduan.kampus.example tanggap serve",
]
NEEDS_DATABASE = True

_KILL_AFTER_SECONDS = 30
_RESTART_SECONDS = 5.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--bind", metavar="ALAMAT", help="alamat tempat mendengar (baku: TANGGAP_BIND)")
    parser.add_argument("--port", metavar="PORTA", type=int, help="porta tempat mendengar (baku: TANGGAP_PORT)")
    parser.add_argument("--no-worker", action="store_true", help="jangan jalankan pekerja pengingat tenggat")


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted. Raises :class:`CannotGoOn` when the installation is not safe to serve."""
    from django.conf import settings

    address, port = args.bind or settings.TANGGAP_BIND, args.port or settings.TANGGAP_PORT
    refuse(taken(address, port))
    prepare()
    announce(f"http://{address}:{port}" if args.port or args.bind else settings.TANGGAP_BASE_URL)
    serve(address, port, with_worker=settings.TANGGAP_WORKER and not args.no_worker)
    return 0


def prepare() -> None:
    """Bring the tables up to date and refuse what would not be safe. Raises :class:`CannotGoOn`."""
    from django.core.management import call_command

    from tanggap.actions.setup import remember_keys
    from tanggap.records.checks import unsafe_keys, unsafe_pragmas

    refuse(unsafe_keys())
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    refuse(unsafe_pragmas())
    if not remember_keys(at=datetime.now(UTC)):
        raise CannotGoOn("Folder kunci ini bukan pasangan basis data ini. Pulihkan folder kunci yang benar.")


def refuse(found: list[str]) -> None:
    """Stop at the first thing that is not safe. Raises :class:`CannotGoOn`."""
    if found:
        raise CannotGoOn(found[0])


def taken(address: str, port: int) -> list[str]:
    """Why nobody can listen there. Asked for aloud: the server itself would share the port with another in silence."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            why = {errno.EADDRINUSE: "sudah dipakai", errno.EACCES: "tidak diizinkan"}.get(
                error.errno or 0, "tidak ada"
            )
            return [f"{address} porta {port} {why}. Pilih yang lain dengan --bind atau --port."]
    return []


def announce(address: str) -> None:
    """Say where Tanggap is, and how the first account is made while there is none."""
    from tanggap.actions.setup import pending_code

    print(f"{bold('Tanggap')} di {bold(address)}   {dim('Ctrl+C untuk berhenti')}")
    code = pending_code()
    if code is not None:
        print(f"Belum ada akun. Buka {address}/siapkan dan masukkan kode {bold(code)} (sekali pakai).")


def serve(address: str, port: int, *, with_worker: bool) -> None:
    """Run the pages (and the worker beside them) until interrupted."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.errors import ConfigurationError

    stop = threading.Event()
    keeper = threading.Thread(target=_keep_worker, args=(stop,), daemon=True)
    if with_worker:
        keeper.start()
    try:
        Granian(
            "tanggap.config.rsgi:entrance",
            factory=True,
            address=address,
            port=port,
            interface=Interfaces.RSGI,
            websockets=False,
            workers=1,
            workers_kill_timeout=_KILL_AFTER_SECONDS,
            log_access=False,
            log_level="error",  # type: ignore[arg-type]
        ).serve()
    except ConfigurationError as error:
        raise CannotGoOn(f"Peladen tidak dapat dijalankan: {error}") from error
    finally:
        stop.set()
        if with_worker:
            keeper.join(timeout=_KILL_AFTER_SECONDS)


def _keep_worker(stop: threading.Event) -> None:
    """Run the worker as a child process, and start it again should it end."""
    command = [sys.executable, "-m", "tanggap", "worker", "--parent", str(os.getpid())]
    while not stop.is_set():
        child = subprocess.Popen(command)  # noqa: S603  our own program, no shell
        while child.poll() is None and not stop.wait(0.2):
            pass
        if stop.is_set():
            child.terminate()
            child.wait(timeout=_KILL_AFTER_SECONDS)
            return
        time.sleep(_RESTART_SECONDS)
