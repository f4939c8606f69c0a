"""What people and the worker may ask of a case: the closed list of verbs, one frozen class each (docs/engine.md, 2).

Fields that name content (``reason``, ``answer``, ``message``, ...) hold ids of rows written beside the events.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tanggap.casework.events import ContentId


@dataclass(frozen=True, slots=True)
class Command:
    """A wish to change a case. It is refused, or becomes events."""


@dataclass(frozen=True, slots=True)
class Receive(Command):
    """Begin a case under the SOP version ``sop`` (hash). ``procedure`` empty: the first whose ``for`` holds."""

    sop: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    parties: tuple[ContentId, ...] = ()
    procedure: str = ""
    binds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Complete(Command):
    """Finish a visit. ``choice`` is the id of an exit; ``answer`` the message that answers the complainant.

    ``checked``: numbers, from 1, of the check-list items that are there.
    """

    visit: str
    choice: str = ""
    reason: ContentId = ""
    answer: ContentId = ""
    sets: Mapping[str, str] = field(default_factory=dict)
    binds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    group: str = ""
    batch: str = ""
    checked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Take(Command):
    """Say that one works on a visit that others could do as well; taken over the same way."""

    visit: str


@dataclass(frozen=True, slots=True)
class HandBack(Command):
    """Leave a visit that one had taken to the others who may act."""

    visit: str


@dataclass(frozen=True, slots=True)
class Skip(Command):
    """Leave an optional row undone, with a reason."""

    visit: str
    reason: ContentId


@dataclass(frozen=True, slots=True)
class Respond(Command):
    """Give the first response of a row that has a second standard."""

    visit: str


@dataclass(frozen=True, slots=True)
class Assign(Command):
    """Name other performers of a visit (of one ``group`` when it has several)."""

    visit: str
    posts: tuple[str, ...]
    group: str = ""


@dataclass(frozen=True, slots=True)
class Wait(Command):
    """Let the clock of a visit stand still for a named reason; ``message`` is what is asked."""

    visit: str
    reason: str
    until: datetime | None = None
    message: ContentId = ""


@dataclass(frozen=True, slots=True)
class Resume(Command):
    """Let the clock of a visit go on."""

    visit: str


@dataclass(frozen=True, slots=True)
class DeemWithdrawn(Command):
    """Accept the proposal on a visit: the complainant stayed silent, the case ends as withdrawn."""

    visit: str
    reason: ContentId


@dataclass(frozen=True, slots=True)
class GoOn(Command):
    """Turn the proposal on a visit down: the case goes on with what there is."""

    visit: str
    reason: ContentId


@dataclass(frozen=True, slots=True)
class Contact(Command):
    """The complainant wrote or called: it ends every wait for the complainant."""

    channel: str
    message: ContentId = ""


@dataclass(frozen=True, slots=True)
class Note(Command):
    """Write an internal note, or a letter to the complainant that is not yet the answer."""

    message: ContentId
    audience: str = "internal"


@dataclass(frozen=True, slots=True)
class Classify(Command):
    """Set a declared attribute; changing it needs a reason."""

    name: str
    value: str
    reason: ContentId = ""


@dataclass(frozen=True, slots=True)
class Bind(Command):
    """Say who fills a column in this case (``terlapor``: who is complained of)."""

    role: str
    posts: tuple[str, ...]
    reason: ContentId = ""


@dataclass(frozen=True, slots=True)
class Extend(Command):
    """More time for a clock (``step:4#1``, ``clock:limit``): ``by`` a printed duration, or ``until`` a moment."""

    target: str
    by: str = ""
    until: datetime | None = None
    reason: ContentId = ""


@dataclass(frozen=True, slots=True)
class Deliver(Command):
    """What a done visit sent reached its addressee (``ok``), or failed to."""

    visit: str
    ok: bool = True
    proof: ContentId = ""


@dataclass(frozen=True, slots=True)
class Expire(Command):
    """Write what time alone has brought: timeouts, lapsed waits, breaches. Early or twice: nothing."""


@dataclass(frozen=True, slots=True)
class Redirect(Command):
    """Depart from the SOP: end a visit undone and open another row."""

    visit: str
    to: str
    reason: ContentId


@dataclass(frozen=True, slots=True)
class Undo(Command):
    """Take back one's own completion before anyone went on."""

    visit: str


@dataclass(frozen=True, slots=True)
class Correct(Command):
    """Put a wrong receipt, completion or delivery moment right."""

    seq: int
    moment: datetime
    reason: ContentId


@dataclass(frozen=True, slots=True)
class Move(Command):
    """Go on in another procedure (of another SOP when ``sop`` is named)."""

    procedure: str
    reason: ContentId
    sop: str = ""


@dataclass(frozen=True, slots=True)
class Migrate(Command):
    """Go on under another version: ``rows`` maps every open row and pending join."""

    sop: str
    procedure: str
    rows: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Withdraw(Command):
    """The complainant takes the complaint back."""

    reason: ContentId = ""


@dataclass(frozen=True, slots=True)
class Close(Command):
    """A coordinator ends the case outside the flow, with outcome and reason."""

    outcome: str
    reason: ContentId


@dataclass(frozen=True, slots=True)
class Merge(Command):
    """The matter is the same as that of the case ``into``: work here ends, that case is answered."""

    into: str
    reason: ContentId


@dataclass(frozen=True, slots=True)
class Reopen(Command):
    """Go on with a closed or answered case; ``row`` empty: the first row of the organisation."""

    reason: ContentId
    row: str = ""


@dataclass(frozen=True, slots=True)
class Link(Command):
    """Connect another case; its moments and performers count here."""

    relation: str
    case: str
    moments: Mapping[str, datetime] = field(default_factory=dict)
    performers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dispose(Command):
    """Give work inside a visit (or below another disposition) to posts or units.

    ``each``: every one of ``to`` gets a disposition of its own, with its own clock and report; else whichever of them
    reports first. ``later``: it may be due after its row; said by the giver, never by itself.
    """

    parent: str
    to: tuple[str, ...]
    nature: str = "disposisi"
    urgency: str = "biasa"
    instructions: tuple[str, ...] = ()
    note: ContentId = ""
    standard: str = ""
    until: datetime | None = None
    each: bool = False
    later: bool = False


@dataclass(frozen=True, slots=True)
class ReportBack(Command):
    """Report on a disposition one holds."""

    disposition: str
    answer: ContentId = ""
    evidence: tuple[ContentId, ...] = ()


@dataclass(frozen=True, slots=True)
class Recall(Command):
    """Take back a disposition one gave."""

    disposition: str
    reason: ContentId
