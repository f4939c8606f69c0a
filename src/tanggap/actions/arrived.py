"""What arrived, in plain values of our own, and the row that is kept of it: counted once, however often it comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError

from tanggap.actions.contents import Upload, readable
from tanggap.actions.remote_files import Remote, plan
from tanggap.records import store
from tanggap.records.deliveries import (
    ABSORBED,
    digest,
    external_digest,
    seal_words,
    sender_digest,
    words_of,
)
from tanggap.records.models import ChannelAccount, Inbox, InboxAnswer, InboxItem
from tanggap.records.prepared import Prepared
from tanggap.records.rows import select
from tanggap.records.writing import write

MESSAGE, EDIT, UNSEND, REACTION = "message", "edit", "unsend", "reaction"
STATUS, ECHO, AUTOMATIC, BOUNCE = "status", "echo", "automatic", "bounce"
OLDEST = timedelta(days=7)
"""A channel may deliver for a week; what says that it was sent before that has a wrong clock, or lies."""
_MEDIA = {"gammu": "sms"}

_ANSWERS_MOST = 30
_TEXT_MOST = 200_000
_SHOWN_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Piece:
    """Which piece of a long message an arrival is: what its pieces have in common, its number (from 1), of how many."""

    of: str
    number: int
    count: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """One arrival as the worker passes it on; the fields are those of :class:`tanggap.channels.arrivals.Arrival`.

    ``original``: the whole delivery as a file, where it is this message and nothing else (a letter as it came).
    ``remote``: files that come later; ``missing``: names of files that cannot be had. ``token``: of a reply address,
    its signature looked at already.
    """

    kind: str
    external_id: str
    sender: str = ""
    sender_name: str = ""
    vouched: bool = False
    recipients: tuple[str, ...] = ()
    reply_to: tuple[str, ...] = ()
    sent_at: datetime | None = None
    subject: str = ""
    text: str = ""
    whole: str = ""
    files: tuple[Upload, ...] = ()
    original: Upload | None = None
    remote: tuple[Remote, ...] = ()
    missing: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    about: str = ""
    token: str = ""
    status: str = ""
    piece: Piece | None = None
    detail: str = ""
    tags: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What is new in it; everything when nothing is."""
        return readable(self.text if self.text.strip() else self.whole).strip()[:_TEXT_MOST]

    @property
    def all_files(self) -> tuple[Upload, ...]:
        """The letter as it came, where it is one, then its files."""
        return (*((self.original,) if self.original is not None else ()), *self.files)

    def without_files(self) -> Arrived:
        """The same, its files to be fetched from the delivery once they can be written (F22)."""
        later = [Remote(file.name, place=place) for place, file in enumerate(self.all_files)]
        return replace(self, files=(), original=None, remote=(*later, *self.remote))


@dataclass(frozen=True, slots=True)
class Place:
    """Where an arrival stands: in which delivery, at which position, and when it is looked at.

    ``beside``: writes what stands or falls with its row.
    """

    delivery: Inbox
    position: int
    at: datetime
    beside: Callable[[], None] = store.nothing_beside

    @property
    def channel(self) -> str:
        """The channel it came by."""
        return self.delivery.account.channel

    @property
    def medium(self) -> str:
        """The channel as people and SOPs name it: a modem and a gateway are both SMS."""
        return _MEDIA.get(self.channel, self.channel)

    def moment(self, arrived: Arrived) -> datetime:
        """When it was sent, as far as that can be believed: not after it came, not long before."""
        came = self.delivery.received_at
        sent = arrived.sent_at
        return sent if sent is not None and came - OLDEST <= sent <= came else came


@dataclass(frozen=True, slots=True)
class Became:
    """What became of an arrival: a state of :class:`InboxItem`, and the case. ``known``: it had come before."""

    state: str
    case: UUID | None = None
    known: bool = False
    wait_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What is written of an arrival beside its facts."""

    state: str
    case: UUID | None = None
    message: str = ""
    tags: tuple[str, ...] = field(default=())


def mark_of(channel: str, arrived: Arrived) -> str:
    """What makes it one thing. Where a channel vouches for ids, the id; else the id, its sender and its moment.

    A copier sends every letter under one Message-ID, and anybody may write another's: none of them is swallowed. The
    same letter that came by two ways has the same mark.
    """
    if arrived.vouched or arrived.kind not in (MESSAGE, AUTOMATIC):
        return digest("item", channel, arrived.kind, arrived.external_id)
    when = arrived.sent_at.isoformat() if arrived.sent_at is not None else digest("words", arrived.whole, arrived.text)
    return digest("item", channel, arrived.external_id, arrived.sender.lower(), when)


def known_item(place: Place, mark: str) -> InboxItem | None:
    """The row of this arrival, when it was here before."""
    return next((one for one in select(InboxItem, "mark", [mark]) if one.account_id == place.delivery.account_id), None)


def copy_of(place: Place, mark: str) -> UUID | None:
    """The case of the same letter that came to another address of the institution."""
    own = place.delivery.account
    others = _places(mark=mark, institution=own.institution_id)
    return next((case for account, case in others if account != own.pk), None)


_places = Prepared(
    lambda mark, institution: InboxItem.objects.filter(
        mark=mark, account__institution=institution, case__isnull=False
    ).values_list("account", "case"),
    mark=InboxItem._meta.get_field("mark"), institution=ChannelAccount._meta.get_field("institution"),
)  # fmt: skip


def keep(place: Place, arrived: Arrived, kept: Kept, *, mark: str) -> Became:
    """Write the row of an arrival; whatever waited for it beside no case joins the same case."""
    item = InboxItem(
        account=place.delivery.account,
        delivery=place.delivery,
        position=place.position,
        kind=arrived.kind,
        mark=mark,
        external=external_digest(place.channel, arrived.external_id),
        about=external_digest(place.channel, arrived.about),
        sender=sender_digest(place.channel, arrived.sender),
        sent_at=arrived.sent_at,
        at=place.at,
        state=kept.state,
        case_id=kept.case,
        message=kept.message,
        tags=[*arrived.tags, *kept.tags],
        faults=list(arrived.faults),
    )
    seal_words(item, _words(arrived))
    answers = {external_digest(place.channel, one) for one in arrived.answers[:_ANSWERS_MOST]} - {""}
    try:
        with write():
            item.save(force_insert=True)
            InboxAnswer.objects.bulk_create(InboxAnswer(item=item, external=one) for one in sorted(answers))
            if item.case_id is not None and item.kind == MESSAGE:
                _join_what_waited(item)
            if item.state == ABSORBED:
                plan(item, arrived.remote, at=place.at)
            place.beside()
    except IntegrityError:
        other = known_item(place, mark)
        if other is None:
            raise
        return Became(other.state, other.case_id, known=True)
    return Became(item.state, item.case_id)


def _words(arrived: Arrived) -> dict[str, str]:
    words = {
        "id": arrived.external_id, "sender": arrived.sender, "name": arrived.sender_name, "subject": arrived.subject,
        "text": arrived.words[:_SHOWN_MOST], "detail": arrived.detail, "status": arrived.status,
        "to": ", ".join(arrived.recipients[:20]), "reply_to": ", ".join(arrived.reply_to),
        "files": "\n".join(file.name for file in arrived.files),
    }  # fmt: skip
    return {name: readable(value) for name, value in words.items() if value}


def _join_what_waited(item: InboxItem) -> None:
    """Changes, reactions and the like that came before the message they are about stand beside its case now."""
    for (waiting,) in _waiting(about=item.external, account=item.account_id):
        one = InboxItem.objects.get(pk=waiting)
        settle(one, case=item.case_id, state=one.state)


_waiting = Prepared(
    lambda about, account: InboxItem.objects.filter(about=about, case__isnull=True, account=account)
    .exclude(about="").exclude(kind=MESSAGE).values_list("pk"),
    about=InboxItem._meta.get_field("about"), account=InboxItem._meta.get_field("account"),
)  # fmt: skip


def settle(item: InboxItem, *, case: UUID | None, state: str = ABSORBED, message: str = "") -> Became:
    """Give ``item`` its case; its words go under the key of that case."""
    words = words_of(item)
    item.case_id, item.state, item.message = case, state, message or item.message
    seal_words(item, words)
    item.save(update_fields=["case", "state", "message", "words", "epoch"])
    return Became(state, case)
