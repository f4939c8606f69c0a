"""A decision in the making: a copy of the case, and the entries written to it so far."""

from __future__ import annotations

from datetime import datetime

from tanggap.casework.coming import Coming
from tanggap.casework.events import Entry, Event
from tanggap.casework.fold import apply
from tanggap.casework.refusals import Refused
from tanggap.casework.shelf import Actor, Shelf
from tanggap.casework.state import Case, Visit
from tanggap.sop.flow import Flow
from tanggap.sop.model import Sop, Step


class Draft:
    """What a verb works on. Every event it emits is applied at once, so the next rule sees it."""

    def __init__(
        self, case: Case, *, actor: Actor, shelf: Shelf, at: datetime, happened: datetime, key: str, digest: str
    ) -> None:
        self.case = case.copy()
        self.actor = actor
        self.shelf = shelf
        self.at = at  # what happens in this act happens then; a receipt is recorded later than it happened
        self.recorded_at = at
        self.happened = happened
        self.entries: list[Entry] = []
        self.closing = False  # an exit led to "close"
        self.outcome = ""
        self.why = ""
        self.coming: Coming | None = None  # what comes next in the case as it is now, where a verb has worked it out
        self.passed: set[str] = set()  # rows passed over since the case last came to rest: a ring of them ends
        self._key, self._digest = key, digest

    def emit(self, event: Event, *, at: datetime | None = None, by: str = "") -> None:
        """Write ``event``, happened ``at`` (default: now)."""
        entry = Entry(
            self.case.seq + 1, event, at or self.at, self.recorded_at, by or self.actor.person, self._key, self._digest
        )
        self._key = self._digest = ""
        apply(self.case, entry)
        self.entries.append(entry)

    @property
    def sop(self) -> Sop:
        """The SOP version the case runs on."""
        return self.shelf.sops[self.case.sop]

    @property
    def flow(self) -> Flow:
        """The procedure the case runs on."""
        return self.shelf.flow(self.case.sop, self.case.procedure)

    def visit(self, visit_id: str) -> Visit:
        """The visit named, whatever became of it."""
        visit = self.case.visits.get(visit_id)
        if visit is None:
            raise Refused("unknown_visit", visit=visit_id)
        return visit

    def open_visit(self, visit_id: str) -> tuple[Visit, Step]:
        """The open visit named, and its row."""
        visit = self.visit(visit_id)
        if not visit.is_open:
            raise Refused("visit_not_open", visit=visit_id, state=visit.state.value, by=visit.touched_by)
        return visit, self.flow.steps[visit.row]
