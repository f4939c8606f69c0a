"""An SOP document as frozen values: the identity block, the columns (roles) and the rows (steps) of its procedures.

The values hold what the file says, as it says it. Printed words stand as printed: ``"-"`` and an empty value differ
and both print. What a row leaves to the default is ``None`` here; :mod:`tanggap.sop.flow` works out what follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from tanggap.worktime.duration import DEFAULT_READING, Duration, Reading, parse
from tanggap.worktime.rhythm import is_rhythm

Condition = Mapping[str, tuple[str, ...]]
"""Attribute name to the values that satisfy it; every attribute named must hold one of its values."""

ALWAYS: Condition = {}

END = "end"
"""Target of an exit that ends its path."""
CLOSE = "close"
"""Target of an exit that ends the whole case."""
OF_ROW = ":"
"""Between procedure and row in the name of a periodic duty that is one standing row; no id of a file holds it."""

BUILT_IN_ATTRIBUTES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "channel": (),
        "kind": ("complaint", "criticism", "suggestion", "question", "aspiration"),
        "sort": (),
        "identity": ("open", "confidential", "anonymous"),
        "hours": ("in", "out"),
        "in_time": ("yes", "no"),
        "first": ("yes", "no"),
        "answered": ("yes", "no"),
    }
)
"""Attributes every case has without declaring them; an empty tuple means any value (docs/sop-file.md)."""

RECORDS = (
    "receipt", "form", "classification", "coordination", "clarification", "verification", "decision", "disposition",
    "finding", "action_plan", "action", "answer", "acknowledgement", "report", "evaluation", "archive",
)  # fmt: skip
"""The closed list of kinds of record a row may leave behind."""


class Form(StrEnum):
    """The printed form of the document."""

    SOP_AP = "sop-ap"
    NARRATIVE = "narrative"
    COVER = "cover"


class Party(StrEnum):
    """Who stands in a column and is not simply a member of staff."""

    COMPLAINANT = "complainant"
    RESPONDENT = "respondent"
    OUTSIDE = "outside"


class Joint(StrEnum):
    """How several performers of one row finish it."""

    ANY = "any"
    ALL = "all"
    CHAIR = "chair"


@dataclass(frozen=True, slots=True)
class Signature:
    """One box of the sign-off chain, as printed: a snapshot, never a link to a user."""

    part: str = ""
    post: str = ""
    name: str = ""
    nip: str = ""
    date: date | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One chapter of a narrative SOP."""

    no: str = ""
    title: str = ""
    text: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Copy:
    """One line of the distribution list (daftar distribusi)."""

    no: str = ""
    unit: str = ""
    status: str = ""
    ticked: bool = False
    date: date | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """The identity block of the document, verbatim (PermenPANRB 35/2012)."""

    id: str
    form: Form = Form.SOP_AP
    institution: tuple[str, ...] = ()
    unit: str = ""
    number: str = ""
    revision: str = ""
    title: str = ""
    heading: str = ""
    year: str = ""
    pages: int | None = None
    created_date: date | None = None
    revised_date: date | None = None
    review_date: date | None = None
    effective_date: date | None = None
    issued_date: date | None = None
    legal_basis: tuple[str, ...] = ()
    qualifications: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    warning: str = ""
    filing: str = ""
    references: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    outgoing_media: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    zone: str = "Asia/Jakarta"
    labels: Mapping[str, str] = field(default_factory=dict)
    signatures: tuple[Signature, ...] = ()
    sections: tuple[Section, ...] = ()
    copies: tuple[Copy, ...] = ()


@dataclass(frozen=True, slots=True)
class Team:
    """What a team named for one case must be: at least ``min`` members, odd in number, more for some values."""

    min: int = 1
    odd: bool = False
    min_by: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Role:
    """A column of the table (Pelaksana)."""

    id: str
    label: str = ""
    party: Party | None = None
    per_case: bool = False
    team: Team | None = None


@dataclass(frozen=True, slots=True)
class Attribute:
    """A declared fact about a case with a closed list of values."""

    id: str
    label: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wait:
    """A named reason to stand still."""

    id: str
    label: str = ""
    waits_for: str = "complainant"  # complainant, outside, cycle; the file's key is ``for``
    at_most: Duration | None = None
    then: str = "resume"  # resume, propose, close, or a row
    outcome: str = ""
    until_needed: bool = False


BUILT_IN_WAITS: tuple[Wait, ...] = (
    Wait(  # UU 25/2009: thirty days to complete a complaint, then it is deemed withdrawn; here a person says so
        id="pelapor",
        label="Menunggu kelengkapan dari pelapor",
        waits_for="complainant",
        at_most=parse("30 hari kalender"),
        then="propose",
        outcome="deemed_withdrawn",
    ),
    Wait(id="pihak_luar", label="Menunggu pihak luar", waits_for="outside"),
)


@dataclass(frozen=True, slots=True)
class Exit:
    """One way out of a row. ``next`` is ``None`` when the file leaves it to the row's default."""

    label: str = ""
    next: tuple[str, ...] | None = None
    when: Condition = field(default_factory=dict)
    reason: bool = False
    answers: bool = False
    set: Mapping[str, str] = field(default_factory=dict)
    mark: str = ""
    at_most: int | None = None
    then: str | None = None
    procedure: str = ""
    outcome: str = ""
    implied: bool = False  # read from the sense of the text, not printed on the sheet

    @property
    def id(self) -> str:
        """The label in small letters with ``_``."""
        return "_".join("".join(c if c.isalnum() else " " for c in self.label.lower()).split())


@dataclass(frozen=True, slots=True)
class Timeout:
    """An exit taken by time. All empty (``{}`` in the file) = go on as if done when the row's own time is over."""

    after: Duration | None = None
    counted_from: str = ""  # the file's key is ``from``
    next: tuple[str, ...] | None = None
    choice: str = ""
    outcome: str = ""
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Extension:
    """How far, and how often, a coordinator may give a row more time."""

    by: Duration
    at_most: int = 1


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the table. Its ``id`` names it for targets; ``no`` is the number as printed."""

    id: str
    no: str = ""
    text_no: str = ""
    what: str = ""
    who: tuple[str, ...] = ()
    joint: Joint | None = None
    needs: tuple[str, ...] = ()
    time: Duration | None = None  # None: the cell is absent from the file; it prints empty
    means: str = ""
    time_by: Mapping[str, Mapping[str, Duration]] = field(default_factory=dict)
    respond: Duration | None = None
    output: str = ""
    note: str = ""
    counted_from: str = "opened"
    mark: str = ""
    next: tuple[str, ...] | None = None
    question: str = ""
    choices: tuple[Exit, ...] = ()
    after: tuple[str, ...] = ()
    when: Condition = field(default_factory=dict)
    optional: bool = False
    timeout: Timeout | None = None
    done_by: str = ""
    sets: tuple[str, ...] = ()
    binds: tuple[str, ...] = ()
    independent_of: tuple[str, ...] = ()
    record: str = ""
    waits: tuple[str, ...] | None = None
    extend: Extension | None = None
    batch: bool = False
    standing: bool = False
    every: Duration | None = None
    terminator: bool = False
    drawn: str = ""  # process, decision: the printed symbol, where it is not the one the row calls for
    outcome: str = ""
    confidential: bool = False

    def time_for(self, facts: Mapping[str, str]) -> Duration | None:
        """The time of the row where ``facts`` are known: by attribute when it has a listed value, else as printed."""
        for name, by_value in self.time_by.items():
            found = by_value.get(facts.get(name, ""))
            if found is not None:
                return found
        return self.time

    @property
    def is_decision(self) -> bool:
        """True when a person decides which exit is taken: drawn as a diamond."""
        return bool(self.question and self.choices)

    @property
    def how_joint(self) -> Joint:
        """The ``joint`` of the file, or its default: any for one role, all for several."""
        return self.joint or (Joint.ALL if len(self.who) > 1 else Joint.ANY)


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock on the whole case: a promise to the complainant, or one the law sets."""

    id: str
    kind: str = "promise"  # promise, law
    time: Duration | None = None
    means: str = ""
    counted_from: str = "receipt"  # the file's key is ``from``
    until: str = "end"  # end, answered, or a row
    stops: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """Admission counted from a moment of a linked case; sets ``in_time`` and ``first``."""

    relation: str
    counted_from: str  # the file's key is ``from``
    within: Duration
    once: bool = False


@dataclass(frozen=True, slots=True)
class Start:
    """A first row chosen by the facts at receipt."""

    at: str
    when: Condition = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Procedure:
    """One table of the document: rows in printed order."""

    id: str
    label: str = ""
    accepts: Condition = field(default_factory=dict)  # the file's key is ``for``: channel, kind
    start: tuple[Start, ...] = ()
    limit: Duration | None = None
    clocks: tuple[Clock, ...] = ()
    reopen: Duration | None = None
    window: Window | None = None
    every: Duration | None = None
    starting: date | None = None
    confidential: bool = False
    steps: tuple[Step, ...] = ()

    @property
    def is_periodic(self) -> bool:
        """True when time opens its cases, and no complaint ever does."""
        return self.every is not None

    @property
    def is_standing_row(self) -> bool:
        """True for what :meth:`duty_of` makes: one row that prepares all others, such as the readiness of the means."""
        return OF_ROW in self.id

    def duty_of(self, row: str) -> Procedure:
        """The standing row ``row`` as a procedure of its own. Raises ``KeyError`` when it is no standing row.

        Whatever leads to other rows of the table is left out: the case of a periodic duty is this one row.
        """
        step = self.step(row)
        if not step.standing:
            raise KeyError(row)
        alone = replace(
            step, standing=False, every=None, counted_from="opened", next=None if step.choices else (END,),
            choices=tuple(replace(one, next=(END,), at_most=None, then=None, procedure="") for one in step.choices),
            after=(), when=ALWAYS, timeout=None, independent_of=(), optional=False,
        )  # fmt: skip
        return Procedure(
            id=f"{self.id}{OF_ROW}{row}", label=step.what, every=step.every, starting=self.starting,
            confidential=self.confidential, steps=(alone,),
        )  # fmt: skip

    def step(self, row: str) -> Step:
        """The row named ``row``. Raises ``KeyError``."""
        for step in self.steps:
            if step.id == row:
                return step
        raise KeyError(row)


@dataclass(frozen=True, slots=True)
class Sop:
    """One SOP document. ``hash`` is the sha256 of its canonical text (:func:`tanggap.sop.write.write`): its version."""

    identity: Identity
    reading: Reading = DEFAULT_READING
    roles: tuple[Role, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    waits: tuple[Wait, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    hash: str = ""

    @property
    def id(self) -> str:
        """The id of the document, the same over all its versions."""
        return self.identity.id

    def role(self, role: str) -> Role:
        """The column named ``role``. Raises ``KeyError``."""
        for candidate in self.roles:
            if candidate.id == role:
                return candidate
        raise KeyError(role)

    def procedure(self, procedure: str) -> Procedure:
        """The procedure named ``procedure``, or the duty of a standing row by its name. Raises ``KeyError``."""
        name, of_row, row = procedure.partition(OF_ROW)
        for candidate in self.procedures:
            if candidate.id == name:
                return candidate.duty_of(row) if of_row else candidate
        raise KeyError(procedure)

    @property
    def for_complaints(self) -> tuple[Procedure, ...]:
        """The procedures that a complaint can begin in."""
        return tuple(procedure for procedure in self.procedures if not procedure.is_periodic)

    def duties(self) -> tuple[Procedure, ...]:
        """What falls due by itself: periodic procedures, and standing rows that say how often, in printed order."""
        found: list[Procedure] = []
        for procedure in self.procedures:
            if procedure.every is not None and is_rhythm(procedure.every):
                found.append(procedure)
            rows = (step for step in procedure.steps if step.standing and step.every is not None)
            found += [procedure.duty_of(step.id) for step in rows if step.every and is_rhythm(step.every)]
        return tuple(found)

    def wait(self, wait: str) -> Wait:
        """The reason to stand still named ``wait``, declared or built in. Raises ``KeyError``."""
        for candidate in self.reasons_to_wait:
            if candidate.id == wait:
                return candidate
        raise KeyError(wait)

    @property
    def reasons_to_wait(self) -> tuple[Wait, ...]:
        """Every reason to stand still: those declared, and the built-in ones that no declaration speaks of anew."""
        declared = {wait.id for wait in self.waits}
        return (*self.waits, *(wait for wait in BUILT_IN_WAITS if wait.id not in declared))

    def attribute_values(self, attribute: str) -> tuple[str, ...] | None:
        """The closed list of ``attribute`` (empty: any value), or ``None`` when nobody declared it."""
        for candidate in self.attributes:
            if candidate.id == attribute:
                return candidate.values
        return BUILT_IN_ATTRIBUTES.get(attribute)
