"""Whether a case comes in time and for the first time, counted from a moment of a case it is linked to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from tanggap.casework.shelf import Shelf
from tanggap.sop.model import Procedure

AGAIN = "again"
"""Stands among the performers of a link when the other case has been linked so before."""


class Linked(Protocol):
    """What is known of another case: the relation, its moments, and who did which row."""

    @property
    def relation(self) -> str:
        """What the other case is to this one."""

    @property
    def moments(self) -> Mapping[str, datetime]:
        """Its marks."""

    @property
    def performers(self) -> Mapping[str, tuple[str, ...]]:
        """Row to the persons who did it."""


def admission(shelf: Shelf, procedure: Procedure, received: datetime, links: Iterable[Linked]) -> dict[str, str]:
    """``in_time`` and ``first`` for ``links``; empty when the procedure has no window. Never a refusal."""
    window = procedure.window
    if window is None:
        return {}
    same = [link for link in links if link.relation == window.relation]
    opened = next((link.moments[window.counted_from] for link in same if window.counted_from in link.moments), None)
    due = shelf.calendar.add(opened, window.within) if opened is not None else None
    late = due is not None and received > due
    repeated = window.once and any(AGAIN in link.performers for link in same)
    return {"in_time": "no" if late else "yes", "first": "no" if repeated else "yes"}
