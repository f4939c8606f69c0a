"""Looks into a mailbox: batch by batch, and a message is flagged only when it has been stored for good.

How far a folder was read is kept by UID (``cursor``), so whoever marks a message as read in a mail program takes
nothing from us. Where that is not known (first time, or the server numbered anew: UIDVALIDITY) everything since the
account was made and everything unread is fetched; what had come before is known by its bytes
(:func:`tanggap.actions.inbox.store_all`).

A batch costs one question, one transaction and one flag. What does not go with others (it is large, the server refuses
it, the line dies of it) is put off and fetched by itself, after them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from imaplib import IMAP4
from typing import Any

from tanggap.worker.imap import TROUBLE, Cut, Folder, opened
from tanggap.worker.visits import Visit

AT_ONCE = 100
BATCH_BYTES = 1024 * 1024
"""So many messages are fetched together, of so many bytes; what is larger is fetched by itself."""
MOST = 500
"""New messages of one visit: after it one writes down how far one came."""
TRIES = 10

_CUT = "Sambungan IMAP terputus di tengah jalan; diteruskan nanti."
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Cursor:
    """How far a folder was read: from ``next`` on everything is new. Up to ``until`` stood there when it was first
    seen, and of that the old and read is none of ours. ``left``: what is still to be fetched, and how often it was
    tried.
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

    def passed(self, uids: Sequence[int]) -> None:
        """These are stored, and whatever stood before them is, too, or was put off."""
        self.next = max(self.next, *(uid + 1 for uid in uids))

    def put_off(self, uids: Sequence[int]) -> None:
        """These are fetched one by one, when there is nothing new."""
        for uid in uids:
            self.left.setdefault(str(uid), 0)

    def tried(self, uid: int, *, fetched: bool) -> None:
        """``uid`` was tried by itself, or a line died of it; what was not fetched is tried again later."""
        tries = self.left.pop(str(uid), 0)
        if not fetched:
            self.left[str(uid)] = tries + 1

    def again(self) -> list[int]:
        """What was put off, and what could not be fetched: what was tried least goes first."""
        order = sorted((tries, int(uid)) for uid, tries in self.left.items() if tries < TRIES)
        return [uid for _tries, uid in order]

    def given_up(self) -> set[int]:
        """What was tried so often that it is not tried any more."""
        return {int(uid) for uid, tries in self.left.items() if tries >= TRIES}

    def untried(self) -> bool:
        """Whether something was put off and never tried."""
        return 0 in self.left.values()

    def unreachable(self) -> list[str]:
        """What was tried often enough for a person to look."""
        return sorted((uid for uid, tries in self.left.items() if tries >= 3), key=int)


def visit(
    settings: Mapping[str, str], cursor: Cursor, *, since: datetime, store: Callable[[Sequence[bytes]], object],
    going_on: Callable[[], bool],
) -> Visit:  # fmt: skip
    """Fetch what is new, and then what was put off; ``cursor`` moves on. ``since``: when the account was made.

    ``store`` must have all of it on disk when it returns, and what it raises ends the visit; ``going_on`` is asked
    before each batch. Raises :class:`tanggap.worker.visits.CannotOpen`.
    """
    done = Visit()
    with opened(settings) as folder:
        try:
            waiting = _new(folder, cursor, since)
            looking = _Looking(folder, cursor, store, going_on, settings.get("imap_move_to", "").strip(), done)
            looking.through(waiting[:MOST])
            looking.forget_gone()
            done.again = len(waiting) > MOST
        except TROUBLE as error:
            _log.warning("the mailbox was left: %s", type(error).__name__)
            done.why = _CUT
            done.again = cursor.untried()
    unreachable = cursor.unreachable()
    if unreachable and not done.why:
        done.why = f"{len(unreachable)} pesan tidak dapat diambil dari kotak surat (UID {', '.join(unreachable[:5])})."
    return done


def _new(folder: Folder, cursor: Cursor, since: datetime) -> list[int]:
    """UIDs never looked at, in order. ``cursor`` is put right for this folder."""
    if cursor.validity != folder.validity:
        cursor.validity, cursor.next, cursor.left = folder.validity, 1, {}
        cursor.until = folder.last_uid()
    found = folder.uids_from(cursor.next)
    if cursor.next <= cursor.until:
        ours = folder.unread_or_since(since)
        found = [uid for uid in found if uid > cursor.until or uid in ours]
    return [uid for uid in found if str(uid) not in cursor.left]


@dataclass(slots=True)
class _Looking:
    """One visit while the folder is open."""

    folder: Folder
    cursor: Cursor
    store: Callable[[Sequence[bytes]], object]
    going_on: Callable[[], bool]
    move_to: str
    done: Visit

    def through(self, uids: Sequence[int]) -> None:
        """Fetch ``uids``, then what was put off. Raises what a line that dies raises."""
        for start in range(0, len(uids), AT_ONCE):
            some = uids[start : start + AT_ONCE]
            for batch in self._batches(some):
                if not self.going_on():
                    return
                self._together(batch)
            self.cursor.passed(some)
        for uid in self.cursor.again():
            if not self.going_on():
                return
            self._alone(uid)

    def forget_gone(self) -> None:
        """What was given up and is in the mailbox no more ails nobody any longer."""
        given_up = self.cursor.given_up()
        if given_up and self.going_on():
            there = set(self.folder.uids_from(min(given_up)))
            for uid in given_up - there:
                del self.cursor.left[str(uid)]

    def _batches(self, uids: Sequence[int]) -> list[list[int]]:
        """What can be fetched together; the rest is put off."""
        sizes = self._sizes(uids)
        large = [uid for uid in uids if sizes.get(uid, BATCH_BYTES + 1) > BATCH_BYTES]
        self.cursor.put_off(large)
        batches: list[list[int]] = []
        room = 0
        for uid in uids:
            if str(uid) in self.cursor.left:
                continue
            if sizes[uid] > room:
                batches.append([])
                room = BATCH_BYTES
            batches[-1].append(uid)
            room -= sizes[uid]
        return batches

    def _sizes(self, uids: Sequence[int]) -> dict[int, int]:
        try:
            return self.folder.sizes(uids)
        except (IMAP4.abort, OSError):
            self.cursor.put_off(uids)
            raise
        except (IMAP4.error, ValueError) as error:
            _log.warning("the server does not tell how large these messages are: %s", type(error).__name__)
            return {}

    def _together(self, batch: Sequence[int]) -> None:
        try:
            came = self.folder.fetch_all(batch)
        except Cut as cut:
            fatal = next((uid for uid in batch if uid not in cut.whole), batch[0])
            self.cursor.tried(fatal, fetched=False)
            self.cursor.put_off(batch)
            raise
        except (IMAP4.error, ValueError) as error:
            _log.warning("the server does not hand these messages over together: %s", type(error).__name__)
            came = {}
        self.cursor.put_off([uid for uid in batch if uid not in came])
        kept = {uid: came[uid] for uid in batch if uid in came}
        if kept:
            self._keep(kept)
            self.cursor.passed(batch)

    def _alone(self, uid: int) -> None:
        try:
            raw = self.folder.fetch(uid)
        except (IMAP4.abort, OSError):
            self.cursor.tried(uid, fetched=False)
            raise
        except (IMAP4.error, ValueError) as error:
            _log.warning("the server does not hand a message over: %s", type(error).__name__)
            self.cursor.tried(uid, fetched=False)
            return
        if raw is not None:
            self._keep({uid: raw})
        self.cursor.tried(uid, fetched=True)

    def _keep(self, came: Mapping[int, bytes]) -> None:
        """Store, then flag."""
        self.store(list(came.values()))
        self.done.stored += len(came)
        with suppress(*TROUBLE):  # they are stored: whatever their flags say, they are not fetched again
            self.folder.mark(list(came), move_to=self.move_to)
