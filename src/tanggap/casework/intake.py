"""The beginning of a case: which procedure takes it, what is known at receipt, and the first duty."""

from __future__ import annotations

from collections.abc import Mapping

from tanggap.casework import events as e
from tanggap.casework.commands import Link, Receive
from tanggap.casework.draft import Draft
from tanggap.casework.events import COMPLAINANT
from tanggap.casework.refusals import Refused
from tanggap.casework.tokens import go, open_start
from tanggap.sop.flow import holds
from tanggap.sop.model import Procedure, Sop


def procedure_for(sop: Sop, attributes: Mapping[str, str]) -> Procedure:
    """The first procedure whose ``for`` holds; the first of all when none does: intake never refuses (S4-22)."""
    for procedure in sop.procedures:
        if holds(procedure.accepts, attributes):
            return procedure
    return sop.procedures[0]


def receive(draft: Draft, command: Receive) -> None:
    """Begin the case. Everything in this act happens at the receipt; a first row of the complainant is done by it."""
    sop = draft.shelf.sops.get(command.sop)
    if sop is None:
        raise Refused("unknown_sop", sop=command.sop)
    if not sop.procedures:
        raise Refused("no_rows", sop=sop.id)
    procedure = sop.procedure(command.procedure) if command.procedure else procedure_for(sop, command.attributes)
    draft.at = draft.happened
    hours = "in" if draft.shelf.calendar.is_open(draft.happened) else "out"
    attributes = {"hours": hours, **command.attributes, **_admission(draft, procedure, command.links)}
    draft.emit(e.Received(procedure.id, command.sop, attributes, command.parties))
    for role, posts in command.binds.items():
        draft.emit(e.RoleBound(role, posts))
    for link in command.links:
        draft.emit(e.Linked(link.relation, link.case, link.moments, link.performers))
    open_start(draft)
    for visit in list(draft.case.open_visits()):
        step = draft.flow.steps[visit.row]
        if all(group.party == COMPLAINANT for group in visit.groups) and not step.is_decision:
            draft.emit(e.StepDone(visit.id, how="received"), by=COMPLAINANT)
            go(draft, visit, draft.flow.default_next(visit.row))


def _admission(draft: Draft, procedure: Procedure, links: tuple[Link, ...]) -> dict[str, str]:
    """``in_time`` and ``first`` of a case whose admission is counted from a moment of a linked case."""
    window = procedure.window
    if window is None:
        return {}
    same = [link for link in links if link.relation == window.relation]
    opened = next((link.moments[window.counted_from] for link in same if window.counted_from in link.moments), None)
    due = draft.shelf.calendar.add(opened, window.within) if opened is not None else None
    late = due is not None and draft.happened > due
    repeated = window.once and any("again" in link.performers for link in same)
    return {"in_time": "no" if late else "yes", "first": "no" if repeated else "yes"}
