"""Fetches mail by IMAP: message by message, and a message is flagged only when it has been stored for good.

How far a folder was read is kept by UID (``cursor``), so whoever marks a message as read in a mail program takes
nothing from us. Where that is not known (first time, or the server numbered anew: UIDVALIDITY) everything since the
account was made and everything unread is fetched; what had come before is known by its bytes
(:func:`tanggap.actions.inbox.store`).
"""

from __future__ import annotations

import logging
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from imaplib import IMAP4
from threading import Timer
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from tanggap.worker.visits import CannotOpen, Visit

MESSAGE_SECONDS = 300.0
"""A message that takes longer is left for the next time, behind all others."""
ANSWER_SECONDS = 20.0
MOST_BYTES = 64 * 1024 * 1024
"""Of a longer message so much is fetched: more is never read (:mod:`tanggap.channels.email.limits`)."""
BATCH = 100
"""After so many messages one looks whether to stop, and how far one came is written down."""
TRIES = 10

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LITERAL = re.compile(rb"\{(\d+)\}\s*\Z")
_TROUBLE = (IMAP4.error, ImapToolsError, OSError, ValueError)

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Cursor:
    """How far a folder was read: from ``next`` on everything is new. Up to ``until`` stood there when it was first
    seen, and of that the old and read is none of ours. ``left``: what could not be fetched, and how often.
    """

    validity: str = ""
    next: int = 1
    until: int = 0
    left: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Cursor:
        """From what an account keeps."""
        return cls(
            str(told.get("validity", "")),
            int(told.get("next", 1)),
            int(told.get("until", 0)),
            dict(told.get("left", {})),
        )

    def told(self) -> dict[str, Any]:
        """For an account to keep."""
        return {"validity": self.validity, "next": self.next, "until": self.until, "left": self.left}

    def passed(self, uid: int, *, fetched: bool) -> None:
        """``uid`` was tried; what was not fetched is tried again later."""
        self.next = max(self.next, uid + 1)
        tries = self.left.pop(str(uid), 0)
        if not fetched:
            self.left[str(uid)] = tries + 1

    def unreachable(self) -> list[str]:
        """What was tried often enough for a person to look."""
        return sorted((uid for uid, tries in self.left.items() if tries >= 3), key=int)


class Folder:
    """An open folder. Use :func:`opened`."""

    def __init__(self, box: BaseMailBox, validity: str) -> None:
        self._box, self.validity, self.can_move = box, validity, False

    def new(self, cursor: Cursor, *, since: datetime) -> list[int]:
        """UIDs to fetch, in order; what could not be fetched before comes last.

        ``cursor`` is put right for this folder. ``since``: when the account was made.
        """
        if cursor.validity != self.validity:
            cursor.validity, cursor.next, cursor.left = self.validity, 1, {}
            cursor.until = max(self._search("UID *"), default=0)
        found = {uid for uid in self._search(f"UID {cursor.next}:*") if uid >= cursor.next}
        if cursor.next <= cursor.until:
            first = since - timedelta(days=1)
            ours = set(self._search(f"OR UNSEEN SINCE {first.day}-{_MONTHS[first.month - 1]}-{first.year}"))
            found = {uid for uid in found if uid > cursor.until or uid in ours}
        again = [int(uid) for uid, tries in cursor.left.items() if tries < TRIES]
        return sorted(found - set(again)) + sorted(again)

    def _search(self, criteria: str) -> list[int]:
        said, data = self._box.client.uid("SEARCH", criteria)
        if said != "OK":
            raise IMAP4.error("SEARCH")
        words = b" ".join(part for part in data if isinstance(part, bytes)).split()
        return sorted({int(word) for word in words if word.isdigit()})

    def fetch(self, uid: int) -> bytes | None:
        """The message ``uid`` byte for byte, without marking it; ``None`` when it is no longer there.

        Raises ``IMAP4.error`` when the server will not hand it over, ``IMAP4.abort`` when the line is dead.
        """
        with self._within(MESSAGE_SECONDS):
            size = self._size(uid)
            if size is None:
                self._must_be_gone(uid)
                return None
            part = "BODY.PEEK[]" if size <= MOST_BYTES else f"BODY.PEEK[]<0.{MOST_BYTES}>"
            said, data = self._box.client.uid("FETCH", str(uid), f"(UID {part})")
            if said != "OK":
                raise IMAP4.error("FETCH")
            raw = _message(data)
            if raw is None:
                self._must_be_gone(uid)
            return raw

    def _must_be_gone(self, uid: int) -> None:
        """Nothing was handed over: that is well only when the message is no longer there."""
        if self._search(f"UID {uid}"):
            raise IMAP4.error("FETCH")

    def _size(self, uid: int) -> int | None:
        said, data = self._box.client.uid("FETCH", str(uid), "(UID RFC822.SIZE)")
        if said != "OK":
            raise IMAP4.error("FETCH")
        for part in data:
            head = part[0] if isinstance(part, tuple) else part
            found = re.search(rb"RFC822\.SIZE (\d+)", head or b"")
            if found and re.search(rb"\bUID %d\b" % uid, head):
                return int(found[1])
        return None

    def mark(self, uid: int, *, move_to: str = "") -> None:
        """It is stored: flag it as read, or move it. What the server does not let be done is left."""
        with self._within(ANSWER_SECONDS):
            client = self._box.client
            client.uid("STORE", str(uid), "+FLAGS.SILENT", "(\\Seen)")
            if move_to and self.can_move:
                said, _data = client.uid("MOVE", str(uid), self._quoted(move_to))
                if said != "OK":
                    _log.warning("a stored message could not be moved; it is flagged as read")

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


def _message(data: list[Any]) -> bytes | None:
    for part in data:
        if isinstance(part, tuple) and b"BODY[]" in part[0]:
            announced = _LITERAL.search(part[0])
            if announced is None or int(announced[1]) != len(part[1]):
                raise IMAP4.abort("a message was cut off")
            return bytes(part[1])
    return None


@contextmanager
def opened(settings: Mapping[str, str]) -> Iterator[Folder]:
    """The folder of an account, by its settings. Raises :class:`CannotOpen`."""
    box = _connected(settings)
    try:
        yield _selected(box, settings)
    finally:
        with suppress(*_TROUBLE):
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
    except _TROUBLE as error:
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
    except _TROUBLE:
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


def visit(
    settings: Mapping[str, str], cursor: Cursor, *, since: datetime, store: Callable[[bytes], object],
    going_on: Callable[[], bool],
) -> Visit:  # fmt: skip
    """Fetch what is new, message by message; ``cursor`` moves on. ``store`` must have it on disk when it returns, and
    what it raises ends the visit; ``going_on`` is asked before each message.

    Raises :class:`CannotOpen`.
    """
    done = Visit()
    with opened(settings) as folder:
        try:
            waiting = folder.new(cursor, since=since)
            for uid in waiting[:BATCH]:
                if not going_on():
                    return done
                if not _one(folder, uid, cursor, store, settings.get("imap_move_to", "").strip()):
                    done.why = "Sambungan IMAP terputus di tengah jalan; diteruskan nanti."
                    return done
                done.stored += 1
            done.again = len(waiting) > BATCH
        except _TROUBLE as error:
            _log.warning("the mailbox was left: %s", type(error).__name__)
            done.why = "Sambungan IMAP terputus di tengah jalan; diteruskan nanti."
    unreachable = cursor.unreachable()
    if unreachable and not done.why:
        done.why = f"{len(unreachable)} pesan tidak dapat diambil dari kotak surat (UID {', '.join(unreachable[:5])})."
    return done


def _one(folder: Folder, uid: int, cursor: Cursor, store: Callable[[bytes], object], move_to: str) -> bool:
    """One message; ``False`` when the line is dead."""
    try:
        raw = folder.fetch(uid)
    except (IMAP4.abort, OSError) as error:
        _log.warning("a message could not be fetched: %s", type(error).__name__)
        cursor.passed(uid, fetched=False)
        return False
    except (IMAP4.error, ValueError) as error:
        _log.warning("the server does not hand a message over: %s", type(error).__name__)
        cursor.passed(uid, fetched=False)
        return True
    if raw is not None:
        store(raw)
        with suppress(*_TROUBLE):  # it is stored: whatever its flag says, it is not fetched again
            folder.mark(uid, move_to=move_to)
    cursor.passed(uid, fetched=True)
    return True
