"""A mail server for tests, on loopback: keeps what it is sent, and answers as the script says."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Mailbox:
    """What arrived. ``answer``: for one recipient's address, the reply to RCPT; ``on_data``: called before the 250."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    answer: Callable[[str], str] = lambda address: "250 OK"
    on_data: Callable[[EmailMessage], str] = lambda letter: "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """One recipient."""
        said = self.answer(address)
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """One mail."""
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.recipients.append(list(envelope.rcpt_tos))
        return self.on_data(letter)

    @property
    def url(self) -> str:
        """The address for TANGGAP_EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}?tls=off"

    @property
    def chosen(self) -> dict[str, str]:
        """The settings of an account whose own server this is."""
        return {"out": "smtp", "smtp_host": "127.0.0.1", "smtp_port": str(self.port), "smtp_tls": "off"}

    @property
    def ids(self) -> list[str]:
        """The Message-ID of everything that arrived."""
        return [str(letter["Message-ID"]) for letter in self.letters]


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """A mailbox that listens while the block runs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        box = Mailbox(probe.getsockname()[1])
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
