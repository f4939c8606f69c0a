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
from dataclasses import dataclass, field
from itertools import count
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
{security}
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
_SECURED = "ssl = required\nssl_cert = <{0}/server.pem\nssl_key = <{0}/server.pem"
_PLAIN = "ssl = no\ndisable_plaintext_auth = no"


def is_here() -> bool:
    """True when this machine has a Dovecot that this user can start."""
    return shutil.which("dovecot") is not None and os.geteuid() == 0


@dataclass
class Dovecot:
    """A running server. ``port``: where TLS comes first, 0 for a server that has none; ``plain``: where it comes later,
    or never.
    """

    folder: Path
    port: int
    plain: int
    numbers: count[int] = field(default_factory=lambda: count(1))

    def settings(self, **more: str) -> dict[str, str]:
        """What an account says to come here."""
        known = {"address": USER, "imap_host": "localhost", "imap_password": PASSWORD}
        if not self.port:
            return {**known, "imap_port": str(self.plain), "imap_tls": "off", **more}
        return {**known, "imap_port": str(self.port), **more}

    @contextmanager
    def client(self) -> Iterator[imaplib.IMAP4]:
        """Another program at the same mailbox."""
        line: imaplib.IMAP4 = (
            imaplib.IMAP4_SSL("localhost", self.port, ssl_context=trust(), timeout=10)
            if self.port
            else imaplib.IMAP4("localhost", self.plain, timeout=10)
        )
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
                line.append("INBOX", flags, None, raw)

    def seen(self) -> int:
        """How many messages are flagged as read."""
        with self.client() as line:
            return len(line.search(None, "SEEN")[1][0].split())

    def drop(self, raw: bytes) -> int:
        """A message comes in as a mail server delivers it; its number."""
        n = next(self.numbers)
        draft = self.folder / "mail" / "tmp" / f"{n}"
        draft.write_bytes(raw)
        os.chown(draft, _NOBODY, _NOBODY)
        draft.rename(self.folder / "mail" / "new" / f"{int(time.time())}.{n:06}.uji")
        return n

    def flagged(self) -> list[int]:
        """Which of the dropped messages are flagged as read."""
        return sorted(int(path.name.split(".")[1]) for path in (self.folder / "mail" / "cur").glob("*:2,*S*"))

    def number_anew(self) -> None:
        """The server loses its numbers; it makes new ones of the second it is."""
        time.sleep(1.1)
        for file in (self.folder / "mail").rglob("dovecot*"):
            if file.is_file():
                file.unlink()


@contextmanager
def dovecot(*, tls: bool = True) -> Iterator[Dovecot]:
    """A server that runs while the block does; without ``tls`` for processes that do not know our certificates."""
    folder = Path(tempfile.mkdtemp(prefix="tanggap-dovecot-"))
    folder.chmod(0o755)
    for name in ("home", "mail", "mail/tmp", "mail/new", "mail/cur"):
        (folder / name).mkdir()
        os.chown(folder / name, _NOBODY, _NOBODY)
    found, process = _started(folder, tls=tls)
    try:
        yield found
    finally:
        _end(process)
        shutil.rmtree(folder, ignore_errors=True)


def _started(folder: Path, *, tls: bool) -> tuple[Dovecot, subprocess.Popen[bytes]]:
    """A server that answers. A port that was free may be taken by the time it begins: then it begins on another."""
    security = _SECURED.format(certificates()) if tls else _PLAIN
    for attempt in range(3):
        found = Dovecot(folder, _free_port() if tls else 0, _free_port())
        config = _CONFIG.format(
            folder=folder, security=security, password=PASSWORD, uid=_NOBODY, port=found.port, plain=found.plain
        )
        (folder / "dovecot.conf").write_text(config)
        process = subprocess.Popen(["dovecot", "-F", "-c", str(folder / "dovecot.conf")], stderr=subprocess.DEVNULL)
        try:
            _wait(found, process)
        except AssertionError:
            _end(process)
            if attempt == 2:
                shutil.rmtree(folder, ignore_errors=True)
                raise
        else:
            return found, process
    raise AssertionError


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(20)


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
