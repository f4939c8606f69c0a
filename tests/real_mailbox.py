"""A real IMAP server for tests, on loopback: Dovecot from Debian's packages, in a folder of its own, as nobody special.

Where there is none (or nobody may start it), :func:`mailbox` gives the server of :mod:`imap_server` instead.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from imaplib import IMAP4
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from imap_server import imap_server

USER, PASSWORD = "pengaduan@kampus.example", "sandi-surat"
_MAIL, _LOGIN = "mail", "dovenull"
_CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
default_internal_user = {mail}
default_internal_group = {group}
default_login_user = {login}
mail_location = maildir:{folder}/mail
first_valid_uid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={mail} gid={group} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""


class Mailbox(Protocol):
    """A mailbox that mails can be put into, whichever server looks after it."""

    def put(self, raw: bytes) -> int:
        """A message comes in; its number."""

    def settings(self) -> dict[str, str]:
        """What an account says to come here."""

    def seen(self) -> list[int]:
        """What is flagged as read."""


@dataclass
class Maildir:
    """A mailbox of Dovecot."""

    folder: Path
    port: int
    owner: tuple[int, int]
    numbers: count[int] = field(default_factory=lambda: count(1))

    def put(self, raw: bytes) -> int:
        """A message comes in, as a mail server delivers it."""
        n = next(self.numbers)
        draft, name = self.folder / "mail" / "tmp" / f"{n}", f"{int(time.time())}.{n:06}.uji"
        draft.write_bytes(raw)
        os.chown(draft, *self.owner)
        draft.rename(self.folder / "mail" / "new" / name)
        return n

    def settings(self) -> dict[str, str]:
        """What an account says to come here."""
        return {
            "address": USER, "imap_host": "localhost", "imap_port": str(self.port), "imap_password": PASSWORD,
            "imap_tls": "off",
        }  # fmt: skip

    def seen(self) -> list[int]:
        """What is flagged as read, by the number at its coming."""
        flagged = (self.folder / "mail" / "cur").glob("*:2,*S*")
        return sorted(int(path.name.split(".")[1]) for path in flagged)


@contextmanager
def mailbox() -> Iterator[tuple[str, Mailbox]]:
    """A mailbox that can be looked into while the block runs, and the name of its server."""
    if shutil.which("dovecot") is None or os.geteuid() != 0:
        with imap_server() as box:
            yield "a server of the tests", box
        return
    with TemporaryDirectory(prefix="dovecot-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        who, port = pwd.getpwnam(_MAIL), _free_port()
        box = Maildir(folder, port, (who.pw_uid, who.pw_gid))
        for part in ("mail/tmp", "mail/new", "mail/cur", "home"):
            (folder / part).mkdir(parents=True)
        for path in (folder / "mail", folder / "home", *(folder / "mail").iterdir()):
            os.chown(path, *box.owner)
        config = folder / "dovecot.conf"
        config.write_text(
            _CONFIG.format(folder=folder, mail=_MAIL, group=_MAIL, login=_LOGIN, password=PASSWORD, port=port)
        )
        server = subprocess.Popen(["dovecot", "-F", "-c", str(config)], stderr=subprocess.DEVNULL)
        try:
            _wait(port, folder)
            yield "Dovecot", box
        finally:
            server.terminate()
            with suppress(subprocess.TimeoutExpired):
                server.wait(10)


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _wait(port: int, folder: Path) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            with IMAP4("127.0.0.1", port, timeout=5) as line:
                line.login(USER, PASSWORD)
                return
        except (OSError, IMAP4.error):
            time.sleep(0.1)
    log = folder / "log"
    raise AssertionError(f"Dovecot does not answer: {log.read_text() if log.exists() else 'no log'}")
