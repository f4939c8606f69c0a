"""A real Tanggap for a browser: the demo in a folder of its own, served by a process of its own on a free port."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

PASSWORD = "sandi peragaan untuk uji"


@dataclass(frozen=True, slots=True)
class Site:
    """Where the demo is served, and the one complaint whose code the demo tells."""

    address: str
    register: str
    code: str
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)

    def run(self, script: str) -> None:
        """Run ``script`` where this Tanggap keeps its things."""
        subprocess.run([sys.executable, "-c", script], env=dict(self.environment), check=True, capture_output=True)


def start(folder: Path) -> tuple[Site, subprocess.Popen[bytes]]:
    """Build the demo in ``folder`` and serve it; the caller ends the process."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TANGGAP_", "DJANGO_"))}
    environment |= {
        "TANGGAP_DATA": str(folder / "data"), "TANGGAP_BASE_URL": address, "TANGGAP_PORT": str(port),
        "TANGGAP_WORKER": "0", "TANGGAP_THREADS": "8",
    }  # fmt: skip
    tanggap = [sys.executable, "-m", "tanggap"]
    told = subprocess.run(
        [*tanggap, "demo", "--password", PASSWORD], env=environment, check=True, capture_output=True, text=True
    )
    found = re.search(r"nomor (\S+), kode (\S+)", told.stdout)
    assert found, told.stdout
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen([*tanggap, "serve"], env=environment, stdout=log, stderr=subprocess.STDOUT)
    _wait(address, process, folder / "serve.log")
    return Site(address, found[1], found[2], environment), process


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 40
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"{address}/lacak", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"it does not answer: {log.read_text('utf-8', 'replace')}")
