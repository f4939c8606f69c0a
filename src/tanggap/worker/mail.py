"""Sends mails through a server or provider, the installation's or an account's own, and says what became of them."""

from __future__ import annotations

import logging
from email.utils import formataddr, parseaddr
from smtplib import SMTPAuthenticationError, SMTPException, SMTPRecipientsRefused, SMTPResponseException
from ssl import SSLError

from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from tanggap.actions.channel_accounts import settings_of
from tanggap.actions.letter_words import Account, Letter
from tanggap.actions.threads import reply_key
from tanggap.channels import email
from tanggap.channels.arrivals import Part
from tanggap.channels.contract import CannotSend, Fate, Outcome
from tanggap.channels.email import Mail
from tanggap.channels.email.servers import Server, server

_log = logging.getLogger(__name__)


class Post:
    """A way to one mail server that stays open from one mail to the next. ``own``: an account's server, not ours."""

    def __init__(self, own: Server | None = None) -> None:
        self._own = own
        self._connection: BaseEmailBackend | None = None

    def send(self, mail: Mail, *, sender: str = "", bounces_to: str = "") -> Fate:
        """Send ``mail``. Nothing is raised for what servers do; it is logged without address or words.

        ``sender``: what stands in From, else the installation's; ``bounces_to``: where it comes back to.
        """
        try:
            if self._connection is None:
                self._connection = self._call()
                self._connection.open()
            self._connection.send_messages([message(mail, sender=sender, bounces_to=bounces_to)])
        except (SMTPException, AnymailError, SSLError, OSError) as error:
            _log.warning("mail %s: %s", mail.message_id, _said(error))
            self.close()
            return fate_of(error)
        return Fate.SENT

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
    """Letters by mail: by the account's own server under its own address, else by the installation's."""

    def __init__(self, account: Account | None) -> None:
        self._account = account
        own = settings_of(account).get("smtp", "") if account is not None else ""
        self._own = own
        self._post = Post(server(own) if own else None)

    def send(self, letter: Letter) -> Outcome:
        """Send ``letter``. Raises :class:`CannotSend` when it cannot be a mail."""
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
        return Outcome(self._post.send(made, sender=self._sender(letter), bounces_to=back))

    def _sender(self, letter: Letter) -> str:
        """An account with a server of its own writes under its own address; others under the installation's."""
        if not self._own or self._account is None:
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
    """A provider speaks HTTP: what is wrong with the mail is refused, the rest is its trouble."""
    wrong_mail = getattr(error, "status_code", None) in (400, 413, 422)
    return Fate.REFUSED if wrong_mail or isinstance(error, AnymailRecipientsRefused) else Fate.TROUBLE


def _said(error: Exception) -> str:
    """The error without what a server may repeat of the address."""
    code = getattr(error, "smtp_code", "") or getattr(error, "status_code", None) or ""
    if isinstance(error, SMTPRecipientsRefused):
        code = ", ".join(str(code) for code, _words in error.recipients.values())
    return f"{type(error).__name__} {code}".strip()
