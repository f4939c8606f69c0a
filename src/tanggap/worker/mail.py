"""Sends a mail through the server or provider that the settings name, and says what became of it in four words."""

from __future__ import annotations

import logging
from enum import StrEnum
from smtplib import SMTPAuthenticationError, SMTPException, SMTPRecipientsRefused, SMTPResponseException
from ssl import SSLError

from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from tanggap.channels.email import Mail

_log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What became of a mail. ``trouble``: nothing is wrong with this mail, but with the server or the way to it."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"
    TROUBLE = "trouble"


class Post:
    """A way to the mail server that stays open from one mail to the next."""

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None

    def send(self, mail: Mail) -> Outcome:
        """Send ``mail``. Nothing is raised for what servers do; it is logged without address or words."""
        try:
            if self._connection is None:
                self._connection = get_connection(timeout=settings.EMAIL_TIMEOUT)
                self._connection.open()
            self._connection.send_messages([message(mail)])
        except (SMTPException, AnymailError, SSLError, OSError) as error:
            _log.warning("mail %s: %s", mail.message_id, _said(error))
            self.close()
            return outcome_of(error)
        return Outcome.SENT

    def close(self) -> None:
        """Hang up; the next mail calls again."""
        if self._connection is not None:
            try:
                self._connection.close()
            except (SMTPException, OSError):
                _log.info("the mail server hung up first")
        self._connection = None


def message(mail: Mail) -> EmailMultiAlternatives:
    """``mail`` as Django sends it."""
    headers = {**mail.headers, "Message-ID": mail.message_id}
    made = EmailMultiAlternatives(mail.subject, mail.plain, to=[mail.to], headers=headers)
    made.attach_alternative(mail.html, "text/html")
    for file in mail.files:
        made.attach(file.name, file.data, file.media_type)
    return made


def outcome_of(error: Exception) -> Outcome:
    """4xx: later. 5xx about the reader or the mail: refused. Everything else is the server's trouble."""
    if isinstance(error, AnymailError):
        return _outcome_of_provider(error)
    if isinstance(error, SMTPRecipientsRefused):
        codes = [code for code, _words in error.recipients.values()]
        return Outcome.REFUSED if codes and all(500 <= code < 600 for code in codes) else Outcome.LATER
    if isinstance(error, SMTPAuthenticationError):
        return Outcome.TROUBLE
    if isinstance(error, SMTPResponseException):
        if 500 <= error.smtp_code < 600:
            return Outcome.REFUSED if type(error).__name__ == "SMTPDataError" else Outcome.TROUBLE
        return Outcome.LATER if 400 <= error.smtp_code < 500 else Outcome.TROUBLE
    return Outcome.TROUBLE


def _outcome_of_provider(error: AnymailError) -> Outcome:
    """A provider speaks HTTP: what is wrong with the mail is refused, the rest is its trouble."""
    wrong_mail = getattr(error, "status_code", None) in (400, 413, 422)
    return Outcome.REFUSED if wrong_mail or isinstance(error, AnymailRecipientsRefused) else Outcome.TROUBLE


def _said(error: Exception) -> str:
    """The error without what a server may repeat of the address."""
    code = getattr(error, "smtp_code", "") or getattr(error, "status_code", None) or ""
    if isinstance(error, SMTPRecipientsRefused):
        code = ", ".join(str(code) for code, _words in error.recipients.values())
    return f"{type(error).__name__} {code}".strip()
