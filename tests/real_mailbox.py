"""A mailbox for long runs: of Dovecot where this machine can start one, else of the server of the tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from dovecot import Dovecot, dovecot, is_here
from imap_server import imap_server


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
    """A mailbox of Dovecot, reached by its files: thousands of mails come in at once."""

    server: Dovecot

    def put(self, raw: bytes) -> int:
        """A message comes in; its number."""
        return self.server.drop(raw)

    def settings(self) -> dict[str, str]:
        """What an account says to come here."""
        return self.server.settings()

    def seen(self) -> list[int]:
        """What is flagged as read, by the number at its coming."""
        return self.server.flagged()


@contextmanager
def mailbox() -> Iterator[tuple[str, Mailbox]]:
    """A mailbox that can be looked into while the block runs, and the name of its server."""
    if is_here():
        with dovecot(tls=False) as server:
            yield "Dovecot", Maildir(server)
    else:
        with imap_server() as box:
            yield "a server of the tests", box
