"""A log lived through: the case it folds to, and what the case itself no longer knows of its course."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tanggap.casework import events as e
from tanggap.casework.events import Entry
from tanggap.casework.fold import apply
from tanggap.casework.state import Case

Home = tuple[str, str]
"""A procedure: the hash of the SOP version, and the id of the procedure in it."""


@dataclass(slots=True)
class Life:
    """``homes``: the procedure in which each visit stood last. ``departures``: how often a person left the SOP."""

    case: Case = field(default_factory=Case)
    homes: dict[str, Home] = field(default_factory=dict)
    departures: int = 0

    def hear(self, entry: Entry) -> None:
        """One more entry."""
        apply(self.case, entry)
        event = entry.event
        if isinstance(event, e.StepOpened | e.StepPassed):
            self.homes[event.visit] = self.case.sop, self.case.procedure
        elif isinstance(event, e.Migrated):
            self.homes.update(dict.fromkeys(self.case.open.values(), (self.case.sop, self.case.procedure)))
        elif isinstance(event, e.Redirected):
            self.departures += 1


def live(entries: Iterable[Entry]) -> Life:
    """The whole of ``entries``, in order of seq."""
    life = Life()
    for entry in entries:
        life.hear(entry)
    return life
