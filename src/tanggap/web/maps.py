"""The small map of a procedure on a case page: the flowchart with "Anda di sini"."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe

from tanggap.casework.state import Case, VisitState
from tanggap.documents.flowchart.chart import columns_of
from tanggap.documents.flowchart.small_map import small_map as draw
from tanggap.records.queries import CasePage
from tanggap.sop.model import Sop

Way = tuple[str, str]
_kept: dict[str, Sop] = {}


def small_map(found: CasePage) -> SafeString:
    """The map of the case: rows done, rows open, ways taken. Drawn once for each place a case can be in."""
    case = found.state
    _kept[case.sop] = found.sop
    rows = {visit.id: visit.row for visit in case.visits.values() if visit.leg == case.leg}
    here = frozenset(visit.row for visit in case.open_visits())
    done = frozenset(visit.row for visit in case.visits.values() if visit.state is VisitState.DONE) - here
    drawn = _drawn(case.sop, case.procedure, here, done, _walked(case, rows))
    return mark_safe(drawn)  # noqa: S308 - our own drawing; words in it are escaped there


def _walked(case: Case, rows: Mapping[str, str]) -> frozenset[Way]:
    return frozenset(
        (rows[parent], visit.row) for visit in case.visits.values() for parent in visit.parents if parent in rows
    )


@lru_cache(maxsize=1024)
def _drawn(sop_hash: str, procedure: str, here: frozenset[str], done: frozenset[str], walked: frozenset[Way]) -> str:
    sop = _kept[sop_hash]
    told = sop.procedure(procedure)
    return draw(told, columns_of(sop, told), here=here, done=done, walked=walked, attributes=sop.attributes)
