"""Every fact that can be recorded about a case, one frozen class each: the closed list (docs/reference.md).

Events hold ids, choices, moments and posts; never names, addresses or free text. Fields whose type is
:data:`ContentId` name an erasable row elsewhere. An :class:`Entry` is one line of the log: an event in its envelope.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

ContentId = str
"""Id of an erasable content row (a message, a reason, a proof, a person); empty when there is none."""

COMPLAINANT = "complainant"
"""The ``by`` of what the complainant does, and the party of groups in which the complainant must act."""
ENGINE = "engine"
"""The ``by`` of what follows from time alone."""


@dataclass(frozen=True, slots=True)
class Group:
    """Who must act in a visit: any holder of one of ``posts``, or the outside ``party``. Empty and no party: nobody."""

    id: str
    role: str
    party: str = ""
    posts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """A fact. The kind of an event is the name of its class."""

    @property
    def kind(self) -> str:
        """Name of the event in the log."""
        return type(self).__name__


@dataclass(frozen=True, slots=True)
class Received(Event):
    """The case begins; ``happened_at`` is the receipt."""

    procedure: str
    sop: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    parties: tuple[ContentId, ...] = ()


@dataclass(frozen=True, slots=True)
class StepOpened(Event):
    """A row begins. ``instead`` names posts passed over and why."""

    visit: str
    row: str
    parents: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    instead: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class StepPassed(Event):
    """A row is not applicable to this case."""

    visit: str
    row: str
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrived(Event):
    """A path reached the join ``row``."""

    row: str
    visit: str


@dataclass(frozen=True, slots=True)
class StepJoined(Event):
    """A second path reached a row that is already open: it merges into that visit."""

    visit: str
    parent: str


@dataclass(frozen=True, slots=True)
class PartDone(Event):
    """One of the joint performers acted."""

    visit: str
    group: str
    post: str = ""
    exit: str = ""


@dataclass(frozen=True, slots=True)
class Taken(Event):
    """One of several who may act said that they do: colleagues see it, nobody is shut out."""

    visit: str
    post: str = ""


@dataclass(frozen=True, slots=True)
class HandedBack(Event):
    """Whoever had taken a visit leaves it to the others who may act."""

    visit: str


@dataclass(frozen=True, slots=True)
class Responded(Event):
    """The first response of a row that has a second standard."""

    visit: str


@dataclass(frozen=True, slots=True)
class StepDone(Event):
    """The row is left. ``how``: acted, confirmed, on_behalf, delivered, lapsed, skipped, received.

    ``checked``: which items of the check-list (Kelengkapan) were ticked, by their number from 1.
    ``late_minutes``: working minutes after the due moment, pauses left out; ``None`` when it was not late.
    """

    visit: str
    exit: str = ""
    how: str = "acted"
    post: str = ""
    reason: ContentId = ""
    batch: str = ""
    outcome: str = ""
    checked: tuple[str, ...] = ()
    late_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class TakenBack(Event):
    """Open work ended without being done, noted arrivals voided. ``why``: returned, redirected, moved, closed."""

    visits: tuple[str, ...]
    arrivals: tuple[tuple[str, str], ...] = ()
    why: str = "returned"
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Assigned(Event):
    """The performers of a visit changed; splits its clock between posts."""

    visit: str
    groups: tuple[Group, ...]
    why: str = "assigned"
    instead: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class WaitBegan(Event):
    """The clock stands still. ``message`` is what was asked of whom we wait for.

    ``then``: what silence until ``until`` brings, as it was told (resume, propose, close, a row); empty in logs of
    before that was written down: what the SOP says. ``waits_for``: complainant, outside or cycle; empty in logs of
    before that was written down: what the version of that moment says (casework/waits.py).
    """

    wait: str
    visit: str
    reason: str
    until: datetime | None = None
    message: ContentId = ""
    then: str = ""
    waits_for: str = ""


@dataclass(frozen=True, slots=True)
class WaitEnded(Event):
    """The clock goes on. ``why``: contact, resumed, lapsed, acted, taken_back."""

    wait: str
    why: str


@dataclass(frozen=True, slots=True)
class WithdrawalProposed(Event):
    """A wait lapsed in silence: whoever has the visit is asked whether the case is deemed withdrawn."""

    visit: str
    wait: str


@dataclass(frozen=True, slots=True)
class ProposalEnded(Event):
    """The question was settled. ``why``: accepted, continued, contact, asked (the complainant was asked once more)."""

    visit: str
    wait: str
    why: str
    reason: ContentId = ""


@dataclass(frozen=True, slots=True)
class AttributeSet(Event):
    """What the record now says about a declared fact."""

    name: str
    value: str
    reason: ContentId = ""


@dataclass(frozen=True, slots=True)
class RoleBound(Event):
    """Who fills a column in this case: posts or units."""

    role: str
    posts: tuple[str, ...]
    reason: ContentId = ""


@dataclass(frozen=True, slots=True)
class Marked(Event):
    """A named moment was reached."""

    name: str


@dataclass(frozen=True, slots=True)
class Extended(Event):
    """More time (``by``, a printed duration) or a fixed deadline (``until``) for a clock."""

    target: str
    by: str = ""
    until: datetime | None = None
    reason: ContentId = ""


@dataclass(frozen=True, slots=True)
class TimedOut(Event):
    """A timeout fired; ``due`` is when it truly was due."""

    visit: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Breached(Event):
    """A standard passed unmet; ``due`` is when it truly was due."""

    clock: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Reminded(Event):
    """The performers were reminded of ``clock`` (``step:4#1``); ``due`` is when that truly was due.

    ``cause``: not_taken, respond, late, returns, promise, law.
    """

    clock: str
    cause: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Escalated(Event):
    """What runs by ``clock`` climbed (eskalasi) to ``posts``; none: nobody is above, and named persons are alarmed.

    ``level``: 1 for the superior of the performers, and so on. ``instead`` names posts passed over and why.
    """

    clock: str
    cause: str
    level: int
    due: datetime
    posts: tuple[str, ...] = ()
    instead: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Answered(Event):
    """An answer was given to the complainant."""

    visit: str
    message: ContentId


@dataclass(frozen=True, slots=True)
class Delivered(Event):
    """What a visit sent reached its addressee, or failed to."""

    visit: str
    ok: bool = True
    proof: ContentId = ""


@dataclass(frozen=True, slots=True)
class Contacted(Event):
    """The complainant wrote or called."""

    channel: str
    message: ContentId = ""


@dataclass(frozen=True, slots=True)
class Noted(Event):
    """An officer wrote: an internal note, or a letter to the complainant that is not yet the answer."""

    message: ContentId
    audience: str = "internal"  # internal, complainant


@dataclass(frozen=True, slots=True)
class Linked(Event):
    """Another case, and the facts of it that count here: its marks and who did which row."""

    relation: str
    case: str
    moments: Mapping[str, datetime] = field(default_factory=dict)
    performers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moved(Event):
    """The case goes on in another procedure: a new leg."""

    procedure: str
    sop: str
    reason: ContentId = ""


@dataclass(frozen=True, slots=True)
class Migrated(Event):
    """The case goes on under another version of its SOP; ``rows`` maps open rows to theirs there."""

    sop: str
    procedure: str
    rows: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Redirected(Event):
    """A departure from the SOP, by a coordinator."""

    visit: str
    to: str
    reason: ContentId = ""


@dataclass(frozen=True, slots=True)
class Undone(Event):
    """A completion taken back by its author before anyone went on."""

    visit: str
    visits: tuple[str, ...] = ()
    arrivals: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Corrected(Event):
    """A wrong moment put right; the entry ``seq`` stays readable as it was."""

    seq: int
    moment: datetime
    reason: ContentId = ""


@dataclass(frozen=True, slots=True)
class Closed(Event):
    """The case ends."""

    outcome: str = "finished"
    answered: bool = False
    why: ContentId = ""


@dataclass(frozen=True, slots=True)
class Reopened(Event):
    """A closed (or answered) case goes on at ``row``."""

    row: str
    reason: ContentId = ""


@dataclass(frozen=True, slots=True)
class Disposed(Event):
    """Work given to others inside one visit; ``parent`` is the visit or another disposition."""

    disposition: str
    parent: str
    to: tuple[str, ...]
    nature: str = "disposisi"  # disposisi, tindakan perbaikan, tindakan pencegahan, minta keterangan
    urgency: str = "biasa"  # biasa, segera, sangat segera, rahasia (sifat)
    instructions: tuple[str, ...] = ()
    note: ContentId = ""
    standard: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReportedBack(Event):
    """The holder of a disposition reports what was done. ``late_minutes``: as in :class:`StepDone`."""

    disposition: str
    post: str = ""
    answer: ContentId = ""
    evidence: tuple[ContentId, ...] = ()
    late_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Recalled(Event):
    """The giver takes a disposition back."""

    disposition: str
    reason: ContentId = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log. ``key`` and ``digest`` stand on the first event of a command that had a key.

    ``happened_at`` is when it was so, ``recorded_at`` when it was written: both aware datetimes.
    """

    seq: int
    event: Event
    happened_at: datetime
    recorded_at: datetime
    by: str
    key: str = ""
    digest: str = ""


KINDS: Mapping[str, type[Event]] = {kind.__name__: kind for kind in Event.__subclasses__()}
"""Name in the log to class."""
