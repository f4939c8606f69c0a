"""A real IMAP server for tests, where the machine has one: Dovecot on loopback, its mailbox in a folder of its own."""

from __future__ import annotations

import imaplib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from platforms import certificates, trust

USER, PASSWORD = "pengaduan@kampus.example", "sandi-surat"
_NOBODY = 65534
_CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = required
ssl_cert = <{certificates}/server.pem
ssl_key = <{certificates}/server.pem
mail_location = maildir:{folder}/mail
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={uid} home={folder}/home
}}
service imap-login {{
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
"""


def is_here() -> bool:
    """True when this machine has a Dovecot that this user can start."""
    return shutil.which("dovecot") is not None and os.geteuid() == 0


@dataclass
class Dovecot:
    """A running server. ``plain``: the port where TLS begins later."""

    folder: Path
    port: int
    plain: int

    def settings(self, **more: str) -> dict[str, str]:
        """What an account says to come here."""
        return {
            "address": USER, "imap_host": "localhost", "imap_port": str(self.port), "imap_password": PASSWORD, **more,
        }  # fmt: skip

    @contextmanager
    def client(self) -> Iterator[imaplib.IMAP4_SSL]:
        """Another program at the same mailbox."""
        line = imaplib.IMAP4_SSL("localhost", self.port, ssl_context=trust())
        line.login(USER, PASSWORD)
        line.select("INBOX")
        try:
            yield line
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                line.logout()

    def put(self, *letters: bytes, flags: str = "") -> None:
        """Messages come in."""
        with self.client() as line:
            for raw in letters:
                line.append("INBOX", flags, None, raw)  # type: ignore[arg-type]

    def seen(self) -> int:
        """How many messages are flagged as read."""
        with self.client() as line:
            return len(line.search(None, "SEEN")[1][0].split())

    def number_anew(self) -> None:
        """The server loses its numbers; it makes new ones of the second it is."""
        time.sleep(1.1)
        for file in (self.folder / "mail").rglob("dovecot*"):
            if file.is_file():
                file.unlink()


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """A server that runs while the block does."""
    folder = Path(tempfile.mkdtemp(prefix="tanggap-dovecot-"))
    folder.chmod(0o755)
    for name in ("mail", "home"):
        (folder / name).mkdir()
        os.chown(folder / name, _NOBODY, _NOBODY)
    found = Dovecot(folder, _free_port(), _free_port())
    (folder / "dovecot.conf").write_text(
        _CONFIG.format(
            folder=folder, certificates=certificates(), password=PASSWORD, uid=_NOBODY, port=found.port,
            plain=found.plain,
        )
    )  # fmt: skip
    process = subprocess.Popen(["dovecot", "-F", "-c", str(folder / "dovecot.conf")], stderr=subprocess.DEVNULL)
    try:
        _wait(found, process)
        yield found
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _wait(found: Dovecot, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        try:
            with found.client():
                return
        except (OSError, imaplib.IMAP4.error):
            time.sleep(0.1)
    raise AssertionError(
        (found.folder / "log").read_text("utf-8", "replace") if (found.folder / "log").exists() else ""
    )
