"""Under which SOP a complaint would begin, and what it would promise: for pages that say so before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tanggap.casework.promise import promise
from tanggap.casework.shelf import Shelf
from tanggap.records import queries
from tanggap.records.queries import InstitutionLine, SopLine
from tanggap.sop.flow import holds
from tanggap.sop.model import Procedure
from tanggap.worktime.duration import parse

FROM_THE_WEB: Mapping[str, str] = {"channel": "web", "kind": "complaint", "identity": "confidential"}
"""What is known of a complaint before it is written."""


@dataclass(frozen=True, slots=True)
class Start:
    """The version and procedure a complaint begins under."""

    line: SopLine
    procedure: Procedure


def start(sops: Sequence[SopLine], attributes: Mapping[str, str] = FROM_THE_WEB) -> Start | None:
    """The first document with a procedure that takes such a complaint, else the first of all; ``None`` without any."""
    for line in sops:
        for procedure in line.sop.for_complaints:
            if holds(procedure.accepts, attributes):
                return Start(line, procedure)
    for line in sops:
        if line.sop.for_complaints:
            return Start(line, line.sop.for_complaints[0])
    return None


def answer_by(
    house: InstitutionLine, shelf: Shelf, found: Start | None, *, at: datetime
) -> tuple[datetime | None, str]:
    """By when a complaint sent at ``at`` would be answered, and by whose words."""
    if found is not None:
        made = promise(shelf, found.line.hash, found.procedure.id, at, FROM_THE_WEB)
        if made is not None:
            return made.due_at, source_words(f"SOP {found.line.sop.identity.number}".strip())
    return shelf.calendar.add(at, parse(house.answer_within)), source_words(house.answer_within_source)


def source_words(source: str) -> str:
    """In words: "menurut SOP UN10/..."."""
    return _("menurut %(source)s") % {"source": source} if source else ""


def current(key: str, *, at: datetime) -> list[SopLine]:
    """The SOPs in force of an institution; none when it has none yet."""
    try:
        return queries.current_sops(key, at=at)
    except LookupError:
        return []
