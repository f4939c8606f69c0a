"""Mail that a mail server hands over, by a pipe or by SMTP: taken when it is stored for good, not a moment before."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar

from aiosmtpd.controller import Controller
from django.db import Error as DatabaseTrouble
from django.db import close_old_connections, connections

from tanggap.actions import channel_accounts, inbox
from tanggap.channels import email
from tanggap.channels.email import limits

MOST_BYTES = limits.BYTES
LATER = "451 4.3.0 Not stored, please try again"
UNKNOWN = "550 5.1.1 No such mailbox here"

_THREADS = 4
_log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
T = TypeVar("T")


def named(word: str) -> int | None:
    """The account in use that ``word`` means: the random key of its page, or its mail address."""
    by_key = channel_accounts.account_of_key(word.strip()) if "@" not in word else None
    if by_key is not None:
        return by_key.pk if by_key.channel == email.KEY else None
    return addressed(word)


def addressed(to: str) -> int | None:
    """The account whose mailbox ``to`` is; a reply address (``name+...``) is that of its name."""
    local, _at, domain = email.normal(to).rpartition("@")
    wanted = {f"{local}@{domain}", f"{local.partition('+')[0]}@{domain}"}
    for account, address in channel_accounts.addresses(email.KEY):
        if local and email.normal(address) in wanted:
            return account
    return None


def with_envelope(raw: bytes, *, sender: str, to: Sequence[str]) -> bytes:
    """``raw`` with what only the envelope tells: where it came from (RFC 5321, 4.4), and whose it is."""
    told = "".join(letter for letter in sender if "!" <= letter <= "~" and letter not in "<>")
    heads = [f"Return-Path: <{told}>", *(f"Delivered-To: {email.normal(one)}" for one in to)]
    return "".join(f"{head}\r\n" for head in heads).encode() + raw


class Listener:
    """An SMTP server for mail to our accounts and to nobody else: 250 only after the mail is stored."""

    def __init__(self, clock: Clock, *, address: str, port: int, most: int = MOST_BYTES) -> None:
        self._clock = clock
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="smtp")
        self._controller = Controller(
            self, hostname=address, port=port, data_size_limit=most, ident="Tanggap", enable_SMTPUTF8=True,
            ready_timeout=10.0,
        )  # fmt: skip

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._controller.port)

    def start(self) -> None:
        """Listen, in a thread of its own. Raises ``OSError`` when the port is taken."""
        self._controller.start()

    def stop(self) -> None:
        """Listen no more. Whoever was not answered yet sends again, and is known."""
        self._controller.stop()
        self._pool.shutdown(wait=True, cancel_futures=True)

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """One recipient."""
        try:
            account = await self._beside(lambda: addressed(address))
        except DatabaseTrouble:
            return LATER
        if account is None:
            return UNKNOWN
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.append((account, address))
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """One mail, for one or several of our accounts: all of them have it, or it comes again."""
        found: dict[int, list[str]] = {}
        for account, address in envelope.rcpt_options:
            found.setdefault(account, []).append(address)
        sender, raw = str(envelope.mail_from or ""), bytes(envelope.original_content or b"")

        def stored() -> None:
            for account, to in found.items():
                inbox.store(account, with_envelope(raw, sender=sender, to=to), at=self._clock())

        try:
            await self._beside(stored)
        except Exception:  # noqa: BLE001  whatever it was: it is not stored, and must come again
            _log.exception("a mail could not be stored; its server is asked to send it again")
            return LATER
        return "250 2.0.0 Stored"

    async def _beside(self, work: Callable[[], T]) -> T:
        def worked() -> T:
            close_old_connections()
            try:
                return work()
            except DatabaseTrouble:
                connections.close_all()
                raise

        return await asyncio.get_running_loop().run_in_executor(self._pool, worked)
