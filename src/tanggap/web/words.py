"""Ids that stand in events, in the words a reader knows: rows as the SOP numbers them, posts and people by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tanggap.casework.custody import reason_of
from tanggap.casework.events import COMPLAINANT, ENGINE
from tanggap.casework.performers import RESPONDENT
from tanggap.casework.shelf import Shelf
from tanggap.casework.state import Case
from tanggap.sop.flow import Flow
from tanggap.sop.model import Procedure, Sop, Step
from tanggap.web import dates, labels, printed


@dataclass(frozen=True, slots=True)
class CaseWords:
    """The words for the ids of one case. ``posts_by_key``: posts and units; ``persons``: staff by log id."""

    case: Case
    sop: Sop
    shelf: Shelf
    posts_by_key: Mapping[str, str]
    persons: Mapping[str, str]

    @property
    def flow(self) -> Flow:
        """The procedure the case runs on now."""
        return self.shelf.flow(self.case.sop, self.case.procedure)

    def person(self, by: str) -> str:
        """Who did something: a colleague by name, "Pelapor", or nobody for what time alone brought."""
        if by == COMPLAINANT:
            return _("Pelapor")
        if by == ENGINE:
            return ""
        return self.persons.get(by, _("Petugas"))

    def _step(self, row: str) -> Step | None:
        if row in self.flow.steps:
            return self.flow.steps[row]
        return next((step for procedure in self.sop.procedures for step in procedure.steps if step.id == row), None)

    def row(self, row: str) -> str:
        """How a row is called."""
        step = self._step(row)
        return printed.name(step) if step is not None else row

    def step(self, visit: str) -> str:
        """How a performance of a row is called."""
        row, _hash, _round = visit.rpartition("#")
        step, known = self._step(row), self.case.visits.get(visit)
        if step is None or known is None:
            return self.row(row)
        return printed.visit_name(step, known)

    def posts(self, keys: Sequence[str]) -> str:
        """Posts and units by name."""
        return ", ".join(self.posts_by_key.get(key, key) for key in keys)

    def exit(self, visit: str, exit: str) -> str:
        """The label of an exit as printed."""
        step = self._step(visit.rpartition("#")[0])
        found = next((one.label for one in step.choices if one.id == exit), "") if step is not None else ""
        return found or exit.replace("_", " ")

    def checked(self, visit: str, numbers: Sequence[str]) -> str:
        """The ticked items of a check-list, as printed."""
        step = self._step(visit.rpartition("#")[0])
        needs = dict(enumerate(step.needs, 1)) if step is not None else {}
        return "; ".join(needs.get(int(number), number) for number in numbers)

    def role(self, role: str) -> str:
        """The label of a column as printed."""
        if role == RESPONDENT:
            return _("pihak yang dikeluhkan")
        return next((one.label for one in self.sop.roles if one.id == role), role)

    def attribute(self, name: str) -> str:
        """The label of a fact."""
        return next((one.label for one in self.sop.attributes if one.id == name and one.label), name)

    def reason(self, reason: str) -> str:
        """The label of a reason to stand still, also of one that only an earlier version has."""
        found = reason_of(self.shelf, self.case, reason)
        return (found.label if found is not None else "") or reason

    def wait(self, wait: str) -> str:
        """The label of the reason of a wait."""
        known = self.case.waits.get(wait)
        return self.reason(known.reason) if known is not None else wait

    def disposition(self, disposition: str) -> str:
        """To whom a disposition went."""
        known = self.case.dispositions.get(disposition)
        return self.posts(known.to) if known is not None else disposition

    def procedure(self, procedure: str) -> str:
        """The label of a procedure."""
        found: Procedure | None = next((one for one in self.sop.procedures if one.id == procedure), None)
        return (found.label or found.id) if found is not None else procedure

    def stamp(self, moment: datetime) -> str:
        """When, with the zone of the office."""
        return dates.stamp(moment, self.shelf.calendar.tz)

    def clock(self, clock: str) -> str:
        """What a clock counts."""
        kind, _colon, name = clock.partition(":")
        if kind in ("step", "timeout"):
            return _("waktu %(step)s") % {"step": self.step(name)}
        if kind == "respond":
            return _("waktu respons %(step)s") % {"step": self.step(name)}
        if kind == "disposition":
            return _("waktu disposisi kepada %(to)s") % {"to": self.disposition(name)}
        if name == "limit":
            return _("batas waktu seluruh laporan")
        return _("batas waktu %(name)s") % {"name": self.law(clock) or name}

    def law(self, clock: str) -> str:
        """What a clock of the law is called in the table of the law; empty for a clock that is none."""
        return next((one.label for one in self.shelf.law if f"clock:{one.clock.id}" == clock), "")

    def outcome(self) -> str:
        """How the case ended."""
        return str(labels.outcome(self.case.outcome))
