"""Speaks IMAP: opens the folder of an account, hands messages over byte for byte, flags what it is told to.

What is looked for, and in which order, is :mod:`tanggap.worker.mailboxes`.
"""

from __future__ import annotations

import logging
import re
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from imaplib import IMAP4
from threading import Timer
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from tanggap.worker.visits import CannotOpen

MESSAGE_SECONDS = 300.0
"""A message that takes longer is left for the next time, behind all others."""
BATCH_SECONDS = 20.0
"""Several that take longer are fetched one by one."""
ANSWER_SECONDS = 20.0
MOST_BYTES = 64 * 1024 * 1024
"""Of a longer message so much is fetched: more is never read (:mod:`tanggap.channels.email.limits`)."""
TROUBLE = (IMAP4.error, ImapToolsError, OSError, ValueError)
"""What a server, or the line to it, may raise."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LITERAL = re.compile(rb"\{(\d+)\}\s*\Z")
_UID, _SIZE = re.compile(rb"\bUID (\d+)"), re.compile(rb"\bRFC822\.SIZE (\d+)")

_log = logging.getLogger(__name__)


class Cut(IMAP4.abort):
    """The line died while several messages were fetched; ``whole``: UIDs of those that had come till then."""

    def __init__(self, whole: frozenset[int]) -> None:
        super().__init__("the line died")
        self.whole = whole


class Folder:
    """An open folder. Use :func:`opened`."""

    def __init__(self, box: BaseMailBox, validity: str) -> None:
        self._box, self.validity, self.can_move = box, validity, False

    def uids_from(self, first: int) -> list[int]:
        """What stands there from the UID ``first`` on, in order."""
        return [uid for uid in self._search(f"UID {first}:*") if uid >= first]

    def last_uid(self) -> int:
        """The highest UID; 0 in an empty folder."""
        return max(self._search("UID *"), default=0)

    def unread_or_since(self, moment: datetime) -> set[int]:
        """What nobody has read, and what came since the day before ``moment``."""
        first = moment - timedelta(days=1)
        return set(self._search(f"OR UNSEEN SINCE {first.day}-{_MONTHS[first.month - 1]}-{first.year}"))

    def _search(self, criteria: str) -> list[int]:
        said, data = self._box.client.uid("SEARCH", criteria)
        if said != "OK":
            raise IMAP4.error("SEARCH")
        words = b" ".join(part for part in data if isinstance(part, bytes)).split()
        return sorted({int(word) for word in words if word.isdigit()})

    def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """How many bytes each has, as the server says; who is not named is not there or not handed over."""
        found = {}
        with self._within(BATCH_SECONDS):
            told = self._fetched(uids, "(UID RFC822.SIZE)")
        for part in told:
            head = (part[0] if isinstance(part, tuple) else part) or b""
            uid, size = _UID.search(head), _SIZE.search(head)
            if uid and size:
                found[int(uid[1])] = int(size[1])
        return found

    def fetch(self, uid: int) -> bytes | None:
        """The message ``uid`` byte for byte, without marking it; ``None`` when it is no longer there.

        Raises ``IMAP4.error`` when the server will not hand it over, ``IMAP4.abort`` when the line is dead.
        """
        with self._within(MESSAGE_SECONDS):
            size = self.sizes([uid]).get(uid)
            if size is None:
                self._must_be_gone(uid)
                return None
            part = "BODY.PEEK[]" if size <= MOST_BYTES else f"BODY.PEEK[]<0.{MOST_BYTES}>"
            raw = _messages(self._fetched([uid], f"(UID {part})"), alone=uid).get(uid)
            if raw is None:
                self._must_be_gone(uid)
            return raw

    def fetch_all(self, uids: Sequence[int]) -> dict[int, bytes]:
        """Those of several messages that are there, by UID.

        Raises ``IMAP4.error`` when the server will not hand them over together, :class:`Cut` when the line dies.
        """
        with self._within(BATCH_SECONDS):
            try:
                return _messages(self._fetched(uids, "(UID BODY.PEEK[])"))
            except (IMAP4.abort, OSError) as error:
                raise Cut(frozenset(_messages(self._box.client.response("FETCH")[1]))) from error

    def _fetched(self, uids: Sequence[int], what: str) -> list[Any]:
        """The server's answers; those to an earlier question are forgotten first."""
        client = self._box.client
        client.response("FETCH")
        said, data = client.uid("FETCH", _set(uids), what)
        if said != "OK":
            raise IMAP4.error("FETCH")
        return list(data)

    def _must_be_gone(self, uid: int) -> None:
        """Nothing was handed over: that is well only when the message is no longer there."""
        if self._search(f"UID {uid}"):
            raise IMAP4.error("FETCH")

    def mark(self, uids: Sequence[int], *, move_to: str = "") -> None:
        """They are stored: flag them as read, or move them. What the server does not let be done is left."""
        with self._within(ANSWER_SECONDS):
            client = self._box.client
            client.uid("STORE", _set(uids), "+FLAGS.SILENT", "(\\Seen)")
            if move_to and self.can_move:
                said, _data = client.uid("MOVE", _set(uids), self._quoted(move_to))
                if said != "OK":
                    _log.warning("stored messages could not be moved; they are flagged as read")

    @staticmethod
    def _quoted(folder: str) -> str:
        from imap_tools.imap_utf7 import utf7_encode

        name = utf7_encode(folder).decode("ascii").replace("\\", "\\\\").replace('"', '\\"')
        return f'"{name}"'

    @contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        """The line is cut when this takes longer: a server that sends a byte now and then holds up nobody."""
        timer = Timer(seconds, _cut, args=(self._box.client.sock,))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _cut(door: socket.socket) -> None:
    with suppress(OSError):
        socket.socket.shutdown(door, socket.SHUT_RDWR)


def _set(uids: Sequence[int]) -> str:
    """As IMAP writes several numbers: ``1:3,7``."""
    ranges: list[list[int]] = []
    for uid in sorted(uids):
        if ranges and ranges[-1][1] == uid - 1:
            ranges[-1][1] = uid
        else:
            ranges.append([uid, uid])
    return ",".join(str(first) if first == last else f"{first}:{last}" for first, last in ranges)


def _messages(data: Sequence[Any], *, alone: int = 0) -> dict[int, bytes]:
    """The messages among the answers of a server, by UID; it may stand before the message or behind it.

    ``alone``: only this one was asked for; one that was cut off is then ``IMAP4.abort``, and else passed over.
    """
    found: dict[int, bytes] = {}
    for part, behind in zip(data, [*data[1:], b""], strict=True):
        if not isinstance(part, tuple) or b"BODY[]" not in part[0]:
            continue
        announced = _LITERAL.search(part[0])
        if announced is None or int(announced[1]) != len(part[1]):
            if alone:
                raise IMAP4.abort("a message was cut off")
            continue
        told = _UID.search(part[0]) or _UID.search(behind if isinstance(behind, bytes) else b"")
        uid = int(told[1]) if told else alone
        if uid:
            found[uid] = bytes(part[1])
    return found


@contextmanager
def opened(settings: Mapping[str, str]) -> Iterator[Folder]:
    """The folder of an account, by its settings. Raises :class:`CannotOpen`."""
    box = _connected(settings)
    try:
        yield _selected(box, settings)
    finally:
        with suppress(*TROUBLE):
            box.client.sock.settimeout(2.0)
            box.logout()
        with suppress(OSError):
            box.client.shutdown()


def _connected(settings: Mapping[str, str]) -> BaseMailBox:
    host, tls = settings.get("imap_host", "").strip(), settings.get("imap_tls") or "ssl"
    if not host:
        raise CannotOpen("Peladen IMAP belum diisi.")
    if tls not in ("ssl", "starttls", "off"):
        raise CannotOpen("Pengamanan sambungan IMAP ditulis ssl, starttls, atau off.")
    if tls == "off" and host not in ("localhost", "127.0.0.1", "::1"):
        raise CannotOpen("Sambungan IMAP tanpa pengamanan hanya boleh ke mesin ini sendiri: pilih ssl atau starttls.")
    if any(
        not letter.isprintable()
        for name in ("imap_user", "imap_password", "address")
        for letter in settings.get(name, "")
    ):
        raise CannotOpen("Nama pengguna atau sandi IMAP memuat tanda yang tidak dapat diketik.")
    typed = settings.get("imap_port", "").strip()
    if typed and not (typed.isascii() and typed.isdigit() and 0 < int(typed) < 65536):
        raise CannotOpen("Porta IMAP harus angka.")
    try:
        return _box(host, int(typed or (993 if tls == "ssl" else 143)), tls)
    except ssl.SSLCertVerificationError:
        raise CannotOpen(f"Sertifikat {host} tidak dapat dipercaya.") from None
    except ssl.SSLError:
        raise CannotOpen(f"{host} tidak berbicara TLS di porta itu.") from None
    except TimeoutError:
        raise CannotOpen(f"{host} tidak menjawab.") from None
    except TROUBLE as error:
        says = "tidak menawarkan STARTTLS." if "TLS" in str(error) else "tidak dapat dihubungi."
        raise CannotOpen(f"{host} {says}") from None


def trust() -> ssl.SSLContext:
    """Which certificates are believed."""
    return ssl.create_default_context()


def _box(host: str, port: int, tls: str) -> BaseMailBox:
    if tls == "off":
        return MailBoxUnencrypted(host, port, timeout=ANSWER_SECONDS)
    kind = MailBox if tls == "ssl" else MailBoxStartTls
    return kind(host, port, timeout=ANSWER_SECONDS, ssl_context=trust())


def _selected(box: BaseMailBox, settings: Mapping[str, str]) -> Folder:
    user = settings.get("imap_user") or settings.get("address", "")
    password, name = settings.get("imap_password", ""), settings.get("imap_folder") or "INBOX"
    folder = Folder(box, "")
    try:
        with folder._within(ANSWER_SECONDS * 2):
            _login(box, user, password)
            _said, able = box.client.capability()  # many servers say what they can only to whoever has come in
            folder.can_move = b"MOVE" in b" ".join(part for part in able if isinstance(part, bytes)).upper().split()
            box.folder.set(name)
    except MailboxFolderSelectError:
        raise CannotOpen(f"Folder {name} tidak ada.") from None
    except TROUBLE:
        raise CannotOpen("Sambungan IMAP terputus sebelum masuk.") from None
    told = box.client.untagged_responses.get("UIDVALIDITY") or [b"0"]
    folder.validity = bytes(told[-1]).decode("ascii", "replace")  # type: ignore[arg-type]
    return folder


def _login(box: BaseMailBox, user: str, password: str) -> None:
    """Raises :class:`CannotOpen` when the server knows them not, and whatever imaplib does for a dead line."""
    try:
        if user.isascii() and password.isascii():
            box.login(user, password, initial_folder=None)
        else:
            box.login_utf8(user, password, initial_folder=None)
    except IMAP4.abort:
        raise
    except (MailboxLoginError, IMAP4.error):
        raise CannotOpen("Nama pengguna atau sandi IMAP ditolak.") from None
