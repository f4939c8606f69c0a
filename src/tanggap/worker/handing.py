"""Mail that a mail server hands over, by a pipe or by SMTP: taken when it is stored for good, not a moment before."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from time import monotonic
from typing import Any, TypeVar

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from django.db import Error as DatabaseTrouble
from django.db import close_old_connections, connections

from tanggap.actions import channel_accounts
from tanggap.channels import email
from tanggap.channels.email import limits
from tanggap.worker.gathering import Gatherer

MOST_BYTES = limits.BYTES
LATER = "451 4.3.0 Not stored, please try again"
UNKNOWN = "550 5.1.1 No such mailbox here"
NO_ACCOUNT = "Tidak ada saluran surel “{}” yang dipakai."

_THREADS = 4
_KNOWN_SECONDS, _KNOWN_MOST = 2.0, 1000
_log = logging.getLogger(__name__)
logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd's: it would tell every address
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


class Known:
    """Accounts by what they were asked for, for two seconds: much mail is for the same few."""

    def __init__(self) -> None:
        self._accounts: dict[str, tuple[int, float]] = {}

    def get(self, word: str) -> int | None:
        """The account that ``word`` meant a moment ago."""
        account, until = self._accounts.get(word, (None, 0.0))
        return account if monotonic() < until else None

    def found(self, word: str, account: int | None) -> int | None:
        """``account`` again, which is what ``word`` means."""
        if len(self._accounts) > _KNOWN_MOST:
            self._accounts = {}
        if account is not None:
            self._accounts[word] = account, monotonic() + _KNOWN_SECONDS
        return account


class _LmtpController(Controller):
    def factory(self) -> LMTP:
        """As the controller makes its SMTP servers."""
        return LMTP(self.handler, **self.SMTP_kwargs)


class Listener:
    """An SMTP (or LMTP) server for mail to our accounts and to nobody else: 250 only after the mail is stored.

    Mails that come by several lines at the same time are stored in one transaction.
    """

    def __init__(self, clock: Clock, *, address: str, port: int, most: int = MOST_BYTES, lmtp: bool = False) -> None:
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="smtp")
        self._gatherer = Gatherer(clock)
        self._lmtp = lmtp
        self._known = Known()
        self._controller = (_LmtpController if lmtp else Controller)(
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
        self._gatherer.close()
        self._pool.shutdown(wait=True, cancel_futures=True)

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """One recipient."""
        account = self._known.get(address)
        if account is None:
            try:
                account = self._known.found(address, await self._beside(lambda: addressed(address)))
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
        waiting = [
            self._gatherer.give(account, with_envelope(raw, sender=sender, to=to)) for account, to in found.items()
        ]
        try:
            await asyncio.gather(*(asyncio.wrap_future(one) for one in waiting))
        except Exception:  # noqa: BLE001  whatever it was: it is not stored, and must come again
            _log.exception("a mail could not be stored; its server is asked to send it again")
            return self._to_each(LATER, envelope)
        return self._to_each("250 2.0.0 Stored", envelope)

    def _to_each(self, answer: str, envelope: Any) -> str:
        """LMTP wants an answer for every recipient (RFC 2033, 4.2)."""
        return "\r\n".join([answer] * len(envelope.rcpt_tos)) if self._lmtp else answer

    async def _beside(self, work: Callable[[], T]) -> T:
        def worked() -> T:
            close_old_connections()
            try:
                return work()
            except DatabaseTrouble:
                connections.close_all()
                raise

        return await asyncio.get_running_loop().run_in_executor(self._pool, worked)
