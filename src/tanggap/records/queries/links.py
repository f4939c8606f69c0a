"""Another case as it counts in one that is linked to it: its moments, who did what, linked before or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tanggap.casework.admission import AGAIN
from tanggap.casework.state import BACK
from tanggap.casework.state import Case as State
from tanggap.records import store
from tanggap.records.access import Reader, visible_cases
from tanggap.records.register import read_number


@dataclass(frozen=True, slots=True)
class LinkedCase:
    """What a link carries. ``performers``: row to the persons (log ids) who did it."""

    case: UUID
    moments: Mapping[str, datetime]
    performers: Mapping[str, tuple[str, ...]]


def linked_case(who: Reader, case: UUID, typed: str, relation: str) -> LinkedCase | None:
    """The other case of the same institution by its register number; ``None`` when ``who`` sees none of that number."""
    place = visible_cases(who).filter(pk=case).values_list("institution", flat=True)
    others = visible_cases(who).filter(register__iexact=read_number(typed), institution__in=place).exclude(pk=case)
    found = others.values_list("pk", flat=True).first()
    if found is None:
        return None
    state = store.load(found).state
    return LinkedCase(found, dict(state.marks), dict(_performers(state, relation)))


def _performers(state: State, relation: str) -> dict[str, tuple[str, ...]]:
    done = {visit.row: tuple(sorted(state.doers(visit.row))) for visit in state.visits.values()}
    known = {row: persons for row, persons in done.items() if persons}
    if any(link.relation == f"{BACK}{relation}" for link in state.links):
        known[AGAIN] = ()
    return known
