"""What arrives by any channel, as one value: who wrote what, when, in answer to what, and what kind of thing it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What an arrival is. Only ``message`` can begin a case; everything else is recorded beside one, or alone."""

    MESSAGE = "message"
    EDIT = "edit"  # the sender changed an earlier message
    UNSEND = "unsend"  # the sender took an earlier message back
    REACTION = "reaction"
    STATUS = "status"  # what became of something we sent
    ECHO = "echo"  # our own message, told back to us by the platform
    AUTOMATIC = "automatic"  # written by a machine (RFC 3834): recorded, never answered
    BOUNCE = "bounce"  # something we sent could not be delivered (RFC 3464)


class Status(StrEnum):
    """What became of something we sent, in the words of all channels."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Address:
    """Somebody in a channel. ``value``: normalised (mail address in small letters, +62..., id of the platform).

    ``vouched``: the channel itself says that this sender is the owner; never true for mail (S36).
    """

    value: str
    name: str = ""
    vouched: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """An attachment: its bytes, or the id under which the platform keeps them to be fetched later."""

    name: str = ""
    media_type: str = ""
    data: bytes | None = None
    remote: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a long message: what its pieces have in common, which one this is (from 1), and of how many."""

    of: str
    number: int
    count: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """One thing that arrived.

    ``external_id``: unique in its account for ever (a synthetic digest where the channel gives none). ``text``: what
    is new; ``whole``: everything, with what was quoted. ``answers``: external ids it replies to, nearest first.
    ``reply_to``: where it asks to be answered instead of at its sender; proves nothing, and nothing is sent there.
    ``about``: external id that an edit, unsend, reaction, status or bounce is about. ``token``: what a signed reply
    address carried. ``sent_at``: by the channel's clock, aware; ``None`` when it says nothing readable.
    ``tags``: what was noticed ("loop", "list", "noreply", "shortened" ...). ``faults``: what could not be understood,
    short English words for the log and the person who looks.
    """

    kind: Kind
    external_id: str
    sender: Address
    recipients: tuple[Address, ...] = ()
    sent_at: datetime | None = None
    subject: str = ""
    text: str = ""
    whole: str = ""
    html: str = ""
    parts: tuple[Part, ...] = ()
    answers: tuple[str, ...] = ()
    about: str = ""
    token: str = ""
    status: Status | None = None
    piece: Piece | None = None
    detail: str = ""
    tags: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    reply_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What one stored delivery holds: none, one or many arrivals. ``faults``: parts of it nobody understood.

    A reading never raises: what is not understood stands in ``faults``, and the rest is read all the same.
    """

    arrivals: tuple[Arrival, ...] = ()
    faults: tuple[str, ...] = ()
