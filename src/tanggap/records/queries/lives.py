"""The logs of many cases in few queries, for reports that are computed from the events alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from tanggap.casework.codec import decode
from tanggap.casework.events import Entry
from tanggap.records.access import Reader, visible_cases
from tanggap.records.models import CaseEvent
from tanggap.records.models.cases import COMPLAINTS

_AT_ONCE = 250
"""Cases whose logs are read together: what is held in memory stays the same however many cases there are."""


@dataclass(frozen=True, slots=True)
class LifeLine:
    """A case whose log can be asked for. ``head`` is the hash of its last entry: the same head, the same log."""

    case: UUID
    head: str
    promise_due_at: datetime | None


def life_lines(who: Reader, institution: str, *, first: datetime | None, until: datetime | None) -> list[LifeLine]:
    """The visible complaints of ``institution`` received from ``first`` up to, not including, ``until``. One query."""
    found = visible_cases(who).filter(institution__key=institution, book=COMPLAINTS)
    if first is not None:
        found = found.filter(received_at__gte=first)
    if until is not None:
        found = found.filter(received_at__lt=until)
    lines = found.order_by("received_at", "pk").values_list("pk", "head", "promise_due_at")
    return [LifeLine(*line) for line in lines]


def logs(cases: Sequence[UUID]) -> Iterator[tuple[UUID, list[Entry]]]:
    """The entries of each of ``cases`` that the reader was found to see, a few hundred cases at a time."""
    for begin in range(0, len(cases), _AT_ONCE):
        lines = (
            CaseEvent.objects.filter(case__in=cases[begin : begin + _AT_ONCE])
            .order_by("case", "seq")
            .values_list("case", "seq", "kind", "data", "happened_at", "recorded_at", "by")
        )
        for case, own in groupby(lines.iterator(chunk_size=5000), key=lambda line: line[0]):
            yield (
                case,
                [
                    Entry(seq, decode(kind, json.loads(data)), happened_at, recorded_at, by)
                    for _, seq, kind, data, happened_at, recorded_at, by in own
                ],
            )
