"""What a channel file offers: a key, settings, reading what came in, and writing what goes out. Pure values only.

A channel module has ``KEY``, ``LABEL``, ``SETTINGS`` and ``read(raw, settings) -> Reading``; ``read`` gets the settings
that are no secrets. Where a delivery is one message and nothing else, ``ORIGINAL`` is the name under which its case
keeps it as it came. A channel that is called by a platform has ``answer_hook(hook, settings) -> HookAnswer``. One that
sends over HTTP has ``call(outgoing, settings) -> Call`` and ``outcome(reply, settings) -> Outcome``, and
``probe(settings) -> Call`` shows whether the account works; ``hosts(settings)`` says to which hosts these may go.
``window(settings)`` is how long after their last word somebody may be answered in free words by a person of ours, where
a platform ends that. One that sends files has ``takes(part) -> bool`` and ``file_message(part, outgoing, settings,
uploaded) -> Call``, and where a file is handed over before its message ``upload(part, settings) -> Call`` and
``uploaded(reply) -> str``. One whose files are fetched later has ``file_call(part, settings) -> Call``, where it takes
two calls ``file_next(reply, settings) -> Call | None``, and ``FILE_HOSTS`` (one that begins with a dot stands for all
below it). The worker makes the calls; nothing here opens a connection or reads a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tanggap.channels.arrivals import Part


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing an administrator enters for an account of a channel.

    ``label``, ``help``, ``group`` and the words of ``choices`` are Indonesian, and translated by whoever shows them.
    ``choices``: value and word of each. ``group``: what it is shown under. ``goes_to``: settings that say to whom this
    secret is told; where one of them changes the stored one is forgotten, or whoever changes it would be told it.
    """

    name: str
    label: str
    help: str = ""
    secret: bool = False
    required: bool = True
    default: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    group: str = ""
    goes_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hook:
    """A call by a platform, as it came: ``headers`` with names in small letters, ``body`` byte for byte."""

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class HookAnswer:
    """What to answer. ``store``: the delivery is authentic and must be stored before the answer leaves.

    ``raw``: what to store, when it is not the body (a gateway that calls by GET says everything in the address).
    """

    status: int
    text: str = ""
    store: bool = False
    raw: bytes | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to one person. ``before``: what goes before ``text``, when all of it is too long for one message.

    ``letter``: our stable id of it; ``answers``: the external id it replies to.

    ``last_heard_at``: when the person last wrote by this account (for windows such as WhatsApp's 24 hours).
    ``template`` and ``values``: what to say when the window is closed and only an approved template may be sent.
    ``by_hand``: an officer wrote it; some platforms give a person more time than a machine. ``files``: what goes before
    the text; ``unsent``: what the text says of those that a platform will not take, with ``{names}`` in it.
    """

    to: str
    text: str
    letter: str
    at: datetime
    subject: str = ""
    answers: str = ""
    last_heard_at: datetime | None = None
    template: str = ""
    values: tuple[str, ...] = ()
    by_hand: bool = False
    files: tuple[Part, ...] = ()
    unsent: str = ""
    before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """An HTTP call that the worker should make."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """What an HTTP call brought back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Fate(StrEnum):
    """What became of something sent. ``trouble``: nothing is wrong with it, but with the way or the account."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a call: ``external_id`` of the message at the platform, how long to wait, and why (English)."""

    fate: Fate
    external_id: str = ""
    retry_after: float = 0.0
    why: str = ""


class CannotSend(Exception):
    """This message cannot leave by this channel; ``why`` is one of the words of the outbox (``window``, ...)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
