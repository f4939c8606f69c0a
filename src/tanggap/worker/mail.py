"""Sends mails by a server or provider, the installation's or an account's own, and says what became of them."""

from __future__ import annotations

import logging
from email.utils import formataddr, parseaddr
from smtplib import SMTPAuthenticationError, SMTPException, SMTPRecipientsRefused, SMTPResponseException
from ssl import SSLError
from typing import Any

from anymail.backends.base import AnymailBaseBackend
from anymail.exceptions import (
    AnymailError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
    AnymailSerializationError,
    AnymailUnsupportedFeature,
)
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from tanggap.actions.channel_accounts import settings_of
from tanggap.actions.letter_words import Account, Letter
from tanggap.actions.threads import reply_key
from tanggap.channels import email
from tanggap.channels.arrivals import Part
from tanggap.channels.contract import CannotSend, Fate, Outcome
from tanggap.channels.email import Mail, Provider
from tanggap.channels.email.servers import Server
from tanggap.worker.lanes import Going

_log = logging.getLogger(__name__)


_PROVIDER_SECONDS = 20
_OF_THE_MAIL = (
    AnymailRecipientsRefused, AnymailInvalidAddress, AnymailSerializationError, AnymailUnsupportedFeature,
)  # fmt: skip
"""It would never leave so."""
_NOT_THE_MAIL = frozenset({10, 400, 401, 405, 412})
"""Postmark's codes for a key, a sender or an account that it does not take; the other ones are about the mail."""


class Post:
    """A way by which mail leaves that stays open from one mail to the next. ``own``: an account's, not ours.

    ``why``: what was wrong with the way the last time, in words for an administrator.
    """

    def __init__(self, own: Server | Provider | None = None) -> None:
        self._own = own
        self._connection: BaseEmailBackend | None = None
        self.why = ""

    def send(self, mail: Mail, *, sender: str = "", bounces_to: str = "") -> Fate:
        """Send ``mail``. Nothing is raised for what servers do; it is logged without address or words.

        ``sender``: what stands in From, else the installation's; ``bounces_to``: where it comes back to.
        """
        try:
            if self._connection is None:
                self._connection = self._call()
                self._connection.open()
            self._connection.send_messages([self._message(mail, sender, bounces_to)])
        except (SMTPException, AnymailError, SSLError, OSError) as error:
            _log.warning("mail %s: %s", mail.message_id, _said(error))
            self.why = why(error)
            self.close()
            return fate_of(error)
        return Fate.SENT

    def _message(self, mail: Mail, sender: str, bounces_to: str) -> EmailMultiAlternatives:
        """A provider keeps bounces to itself, and Postmark our id only when it is asked to."""
        if not isinstance(self._connection, AnymailBaseBackend):
            return message(mail, sender=sender, bounces_to=bounces_to)
        made = message(mail, sender=sender)
        if self._connection.esp_name == "Postmark":
            made.extra_headers["X-PM-KeepID"] = "true"
        return made

    def greet(self) -> None:
        """Call, come in, and hang up: nothing is sent. Raises what the way raises."""
        self._connection = self._call()
        try:
            self._connection.open()
        finally:
            self.close()

    def _call(self) -> BaseEmailBackend:
        if self._own is None:
            return get_connection(timeout=settings.EMAIL_TIMEOUT)
        one = self._own
        if isinstance(one, Provider):
            given: dict[str, Any] = {"timeout": _PROVIDER_SECONDS, **one.given}
            return get_connection(f"anymail.backends.{one.name}.EmailBackend", **given)
        return get_connection(
            "django.core.mail.backends.smtp.EmailBackend", host=one.host, port=one.port, username=one.user,
            password=one.password, use_tls=one.tls == "starttls", use_ssl=one.tls == "ssl",
            timeout=settings.EMAIL_TIMEOUT,
        )  # fmt: skip

    def close(self) -> None:
        """Hang up; the next mail calls again."""
        if self._connection is not None:
            try:
                self._connection.close()
            except (SMTPException, OSError):
                _log.info("the mail server hung up first")
        self._connection = None


class MailSender:
    """Letters by mail: by the account's own way under its own address, else by the installation's.

    Raises :class:`CannotSend` for an account whose way nobody knows.
    """

    def __init__(self, account: Account | None) -> None:
        self._account = account
        try:
            self._own = email.way_out(settings_of(account)) if account is not None else None
        except ValueError:
            raise CannotSend("account") from None
        self._post = Post(self._own)

    def ready(self, letter: Letter) -> Outcome | Going:
        """What sends ``letter``. Raises :class:`CannotSend` when it cannot be a mail."""
        to = email.address(letter.to)
        if not to:
            raise CannotSend("bad_address")
        back = email.reply_address(letter.reply_to, letter.id, reply_key()) if email.address(letter.reply_to) else ""
        made = email.write(
            to=to, subject=letter.subject, text=letter.text, letter=letter.id, domain=letter.domain,
            links=letter.links, thread=email.Thread(letter.number if letter.by_hand else "", letter.answers, back),
            files=[Part(file.name, file.type, file.data) for file in letter.files], by_hand=letter.by_hand,
            words_of_others=letter.by_hand, confirmed=letter.is_trusted,
        )  # fmt: skip
        sender = self._sender(letter)
        return lambda: Outcome(self._post.send(made, sender=sender, bounces_to=back), why=self._post.why)

    def _sender(self, letter: Letter) -> str:
        """An account with a way of its own writes under its own address; others under the installation's."""
        if self._own is None or self._account is None:
            return ""
        address = email.address(letter.reply_to)
        name, _address = parseaddr(settings.DEFAULT_FROM_EMAIL)
        return formataddr((email.header(self._account.institution.short_name or name), address)) if address else ""

    def close(self) -> None:
        """Nothing more to send for now."""
        self._post.close()


def message(mail: Mail, *, sender: str = "", bounces_to: str = "") -> EmailMultiAlternatives:
    """``mail`` as Django sends it: what comes back goes to ``bounces_to``, what stands in From is ``sender``."""
    headers = {**mail.headers, "Message-ID": mail.message_id}
    sender = sender or settings.DEFAULT_FROM_EMAIL
    if bounces_to:
        headers["From"] = sender
    made = EmailMultiAlternatives(mail.subject, mail.plain, bounces_to or sender, to=[mail.to], headers=headers)
    made.attach_alternative(mail.html, "text/html")
    for file in mail.files:
        made.attach(file.name, file.data, file.media_type)
    return made


def fate_of(error: Exception) -> Fate:
    """4xx: later. 5xx about the reader or the mail: refused. Everything else is the server's trouble."""
    if isinstance(error, AnymailError):
        return _fate_of_provider(error)
    if isinstance(error, SMTPRecipientsRefused):
        codes = [code for code, _words in error.recipients.values()]
        return Fate.REFUSED if codes and all(500 <= code < 600 for code in codes) else Fate.LATER
    if isinstance(error, SMTPAuthenticationError):
        return Fate.TROUBLE
    if isinstance(error, SMTPResponseException):
        if 500 <= error.smtp_code < 600:
            return Fate.REFUSED if type(error).__name__ == "SMTPDataError" else Fate.TROUBLE
        return Fate.LATER if 400 <= error.smtp_code < 500 else Fate.TROUBLE
    return Fate.TROUBLE


def _fate_of_provider(error: AnymailError) -> Fate:
    """A provider speaks HTTP: what is wrong with the mail is refused, the rest is its trouble, or the account's."""
    if isinstance(error, _OF_THE_MAIL):
        return Fate.REFUSED
    wrong_mail = getattr(error, "status_code", None) in (400, 413, 422)
    return Fate.REFUSED if wrong_mail and _code(error) not in _NOT_THE_MAIL else Fate.TROUBLE


def _code(error: AnymailError) -> object:
    """The number that Postmark gives its reasons; ``None`` for everything else."""
    try:
        told = error.response.json()
    except (AttributeError, ValueError):
        return None
    return told.get("ErrorCode") if isinstance(told, dict) else None


def why(error: Exception) -> str:
    """What is wrong with the way, in words for an administrator: no address, no word of what was sent."""
    status = getattr(error, "status_code", None)
    if isinstance(error, SMTPAuthenticationError):
        return "peladen keluar menolak nama pengguna atau sandinya"
    if status in (401, 403):
        return f"penyedia menolak kuncinya (HTTP {status})"
    if isinstance(error, AnymailError):
        return f"penyedia menolak (HTTP {status})" if status else "penyedia tidak dapat dihubungi dari mesin ini"
    return f"peladen keluar tidak dapat dipakai ({type(error).__name__})"


def _said(error: Exception) -> str:
    """The error without what a server may repeat of the address."""
    code = getattr(error, "smtp_code", "") or getattr(error, "status_code", None) or ""
    if isinstance(error, SMTPRecipientsRefused):
        code = ", ".join(str(code) for code, _words in error.recipients.values())
    return f"{type(error).__name__} {code}".strip()
