"""The beginning of a case: which procedure takes it, what is known at receipt, and the first duty."""

from __future__ import annotations

from collections.abc import Mapping

from tanggap.casework import events as e
from tanggap.casework.admission import admission
from tanggap.casework.commands import Receive
from tanggap.casework.draft import Draft
from tanggap.casework.events import COMPLAINANT
from tanggap.casework.exits import by_record, has_procedure, name_of
from tanggap.casework.refusals import Refused
from tanggap.casework.steps import leave
from tanggap.casework.tokens import finish, open_start
from tanggap.sop.flow import holds
from tanggap.sop.model import Procedure, Sop


def procedure_for(sop: Sop, attributes: Mapping[str, str]) -> Procedure:
    """The first procedure whose ``for`` holds; the first of all when none does: intake never refuses (S4-22).

    Procedures that time opens take a complaint only where the document has no other.
    """
    for procedure in sop.for_complaints:
        if holds(procedure.accepts, attributes):
            return procedure
    return (*sop.for_complaints, *sop.procedures)[0]


def receive(draft: Draft, command: Receive) -> None:
    """Begin the case. Everything in this act happens at the receipt; a first row of the complainant is done by it."""
    sop = draft.shelf.sops.get(command.sop)
    if sop is None:
        raise Refused("unknown_sop", sop=command.sop)
    if not sop.procedures:
        raise Refused("no_rows", sop=sop.id)
    duties = {duty.id for duty in sop.duties()}
    if command.procedure and not (
        command.procedure in duties or has_procedure(draft.shelf, command.sop, command.procedure)
    ):
        raise Refused("unknown_procedure", procedure=command.procedure)
    procedure = sop.procedure(command.procedure) if command.procedure else procedure_for(sop, command.attributes)
    draft.at = draft.happened
    hours = "in" if draft.shelf.calendar.is_open(draft.happened) else "out"
    window = admission(draft.shelf, procedure, draft.happened, command.links)
    attributes = {"hours": hours, **command.attributes, **window}
    draft.emit(e.Received(procedure.id, command.sop, attributes, command.parties))
    for role, posts in command.binds.items():
        draft.emit(e.RoleBound(role, posts))
    for link in command.links:
        draft.emit(e.Linked(link.relation, link.case, link.moments, link.performers))
    open_start(draft)
    for visit in list(draft.case.open_visits()):
        step = draft.flow.steps[visit.row]
        if all(group.party == COMPLAINANT for group in visit.groups) and not step.is_decision:
            exit = by_record(draft.case, draft.shelf, step)
            name, outcome = name_of(draft.flow, step.id, exit), exit.outcome or step.outcome
            done = e.StepDone(visit.id, name, "received", outcome=outcome)
            leave(draft, visit, step, exit, done, by=COMPLAINANT)
    finish(draft)
