"""A finding of the checker, and the two decorators by which a function becomes a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from tanggap.sop.flow import Flow
from tanggap.sop.model import Party, Procedure, Role, Sop, Step

WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a reader of the SOP should know. A finding never stops a case.

    ``procedure`` and ``row`` are empty where the whole document, or the whole procedure, is meant; ``key`` names the
    key of the file; ``message`` is one Indonesian sentence.
    """

    code: str
    procedure: str
    row: str
    key: str
    message: str
    severity: str = WARNING


@dataclass(frozen=True, slots=True)
class Note:
    """What a rule says; the decorator adds its code, and the procedure."""

    message: str
    key: str = ""
    row: str = ""


@dataclass(frozen=True)
class Document:
    """What a rule about the document sees. ``holidays``: date to name of the days off known to the caller."""

    sop: Sop
    holidays: Mapping[date, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """What a rule about one procedure sees."""

    sop: Sop
    procedure: Procedure
    flow: Flow

    @property
    def rows(self) -> tuple[Step, ...]:
        """The rows somebody works on: terminators left out."""
        return tuple(step for step in self.procedure.steps if not step.terminator)

    @property
    def has_standards(self) -> bool:
        """True when the sheet gives times at all; else its empty cells are one finding, not one per row."""
        return any(step.time is not None for step in self.procedure.steps)

    def roles(self, step: Step) -> tuple[Role, ...]:
        """The columns that perform ``step``."""
        return tuple(role for role in self.sop.roles if role.id in step.who)

    def is_outside(self, step: Step) -> bool:
        """True when nobody of the organisation performs ``step``."""
        roles = self.roles(step)
        return bool(roles) and all(role.party in (Party.COMPLAINANT, Party.OUTSIDE) for role in roles)


DOCUMENT_RULES: dict[str, Callable[[Document], Iterator[Note]]] = {}
PROCEDURE_RULES: dict[str, Callable[[Sheet], Iterator[Note]]] = {}


def document_rule(code: str) -> Callable[[Callable[[Document], Iterator[Note]]], Callable[[Document], Iterator[Note]]]:
    """Make a function a rule about the document, known by ``code``."""

    def register(rule: Callable[[Document], Iterator[Note]]) -> Callable[[Document], Iterator[Note]]:
        DOCUMENT_RULES[code] = rule
        return rule

    return register


def procedure_rule(code: str) -> Callable[[Callable[[Sheet], Iterator[Note]]], Callable[[Sheet], Iterator[Note]]]:
    """Make a function a rule about one procedure, known by ``code``."""

    def register(rule: Callable[[Sheet], Iterator[Note]]) -> Callable[[Sheet], Iterator[Note]]:
        PROCEDURE_RULES[code] = rule
        return rule

    return register
