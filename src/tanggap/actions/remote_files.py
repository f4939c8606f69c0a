"""Files that come later than their message: fetched from the platform that keeps them, or from the delivery itself.

The message is absorbed without waiting for them. Each becomes a word of the complainant in the case, with the file;
what cannot be had is said on the page of the case, so that an officer asks for it again.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from tanggap.actions.cases import THE_COMPLAINANT, act
from tanggap.actions.contents import Upload, check_room, new_content, readable
from tanggap.casework.commands import Contact
from tanggap.casework.events import COMPLAINANT
from tanggap.casework.refusals import Refused
from tanggap.records import contents
from tanggap.records.models import ChannelAccount, Inbox, InboxItem, RemoteFile
from tanggap.records.sealing import key_of
from tanggap.records.writing import write

WAITING, FETCHED, GONE = RemoteFile.STATES
LEASE = timedelta(minutes=3)
GIVE_UP_AFTER = timedelta(days=3)
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=20), timedelta(hours=1)
_TABLE = "remotefile"
_WORDS = {"image": "foto", "video": "video", "audio": "rekaman suara"}


@dataclass(frozen=True, slots=True)
class Remote:
    """A file that is not here yet: ``id`` under which the platform keeps it, or ``place`` among the files of its
    arrival in the delivery (the letter as it came first).
    """

    name: str = ""
    media_type: str = ""
    id: str = ""
    place: int = -1

    @property
    def shown(self) -> str:
        """What a person calls it."""
        return self.name or _WORDS.get(self.media_type.partition("/")[0], "berkas")


@dataclass(frozen=True, slots=True)
class Claim:
    """A file in the hands of one worker. ``attempt`` is the fence: a later claim has another."""

    row: RemoteFile
    attempt: int
    remote: Remote

    @property
    def account(self) -> ChannelAccount:
        """By which account its message came."""
        return self.row.item.account

    @property
    def delivery(self) -> Inbox:
        """In which delivery its message came."""
        return self.row.item.delivery


def plan(item: InboxItem, remotes: Sequence[Remote], *, at: datetime) -> None:
    """Have the files of ``item`` fetched, as many as one message may have. In the transaction of its case."""
    key = key_of(item.case_id, "content") if item.case_id is not None and remotes else None
    if key is None or item.case_id is None:
        return
    RemoteFile.objects.bulk_create(
        RemoteFile(
            item=item,
            position=position,
            case_id=item.case_id,
            words=contents.seal(key, _told(one), table=_TABLE, case=item.case_id),
            made_at=at,
            next_at=at,
        )
        for position, one in enumerate(remotes[: settings.TANGGAP_FILES_MOST])
    )


def _told(one: Remote) -> dict[str, str]:
    words = {"name": one.name, "type": one.media_type, "id": one.id, "place": str(one.place)}
    return {name: readable(value) for name, value in words.items() if value}


def _remote(words: Mapping[str, str]) -> Remote:
    return Remote(words.get("name", ""), words.get("type", ""), words.get("id", ""), int(words.get("place", "-1")))


def due(*, at: datetime, limit: int) -> list[int]:
    """Files that may be fetched by ``at``; what was never tried goes first."""
    found = RemoteFile.objects.filter(state=WAITING, next_at__lte=at).order_by("attempts", "next_at", "pk")
    return list(found.values_list("pk", flat=True)[:limit])


def claim(pk: int, *, at: datetime) -> Claim | None:
    """Take the file ``pk``; ``None`` when another worker has it, or its case was erased."""
    with write():
        free = RemoteFile.objects.filter(pk=pk, state=WAITING, next_at__lte=at)
        row = free.select_for_update(of=("self",)).select_related("item__account", "item__delivery").first()
        if row is None:
            return None
        row.attempts += 1
        row.next_at = at + LEASE
        row.save(update_fields=["attempts", "next_at"])
    key = key_of(row.case_id, "content")
    if key is None or row.words is None:
        gone(Claim(row, row.attempts, Remote()), at=at, why="erased")
        return None
    return Claim(row, row.attempts, _remote(contents.unseal(key, row.words, table=_TABLE, case=row.case_id)))


def fetched(claim: Claim, upload: Upload, *, at: datetime) -> None:
    """The file is here: a word of the complainant in the case, with it. The same file again changes nothing.

    Raises :class:`tanggap.actions.contents.TooLarge`, and ``OSError`` when files cannot be written.
    """
    item, told = claim.row.item, claim.remote
    check_room(claim.row.case_id, (upload,))
    name = upload.name or told.name or f"{told.shown}{mimetypes.guess_extension(told.media_type) or ''}"
    content = new_content(
        "message", f"(Berkas yang menyusul: {name})", author=COMPLAINANT, key=f"remote {claim.row.pk}",
        audience="complainant", medium=item.account.channel, files=(Upload(name, upload.data, upload.closed),),
    )  # fmt: skip
    try:
        act(
            Contact(item.account.channel, content.id), case=claim.row.case_id, by=THE_COMPLAINANT, at=at,
            key=f"remote {claim.row.pk}", contents=(content,), beside=lambda: _end(claim, FETCHED, at),
        )  # fmt: skip
    except Refused as refused:
        if refused.code != "key_reused":  # it came before, and the platform gives other bytes now
            raise
    _end(claim, FETCHED, at)


def later(claim: Claim, *, at: datetime, why: str, after: timedelta = timedelta(0)) -> None:
    """It could not be had this time: again after a pause that grows, and after three days no more."""
    if at - claim.row.made_at > GIVE_UP_AFTER:
        gone(claim, at=at, why=why)
        return
    pause = max(after, min(_FIRST_PAUSE * 2 ** min(claim.attempt - 1, 12), _LONGEST_PAUSE))
    with write():
        _mine(claim).update(next_at=at + pause, why=why[:40])


def gone(claim: Claim, *, at: datetime, why: str) -> None:
    """It cannot be had: an officer reads so on the page of the case."""
    with write():
        _end(claim, GONE, at, why)


def _end(claim: Claim, state: str, at: datetime, why: str = "") -> None:
    _mine(claim).update(state=state, ended_at=at, why=why[:40])


def _mine(claim: Claim) -> QuerySet[RemoteFile]:
    return RemoteFile.objects.filter(pk=claim.row.pk, attempts=claim.attempt, state=WAITING)
