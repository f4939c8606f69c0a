"""Which ways out of a row stand open now, which one is taken, and by which name it goes in the log."""

from __future__ import annotations

from tanggap.casework.refusals import Refused
from tanggap.casework.shelf import Shelf
from tanggap.casework.state import Case
from tanggap.sop.flow import Flow, holds
from tanggap.sop.model import Exit, Step


def offered(case: Case, shelf: Shelf, step: Step) -> list[Exit]:
    """The exits of ``step`` whose conditions hold now and that lead somewhere: their procedure is on the shelf."""
    exits = shelf.flow(case.sop, case.procedure).exits(step.id) if step.choices else ()
    return [exit for exit in exits if holds(exit.when, case.attributes) and leads_somewhere(case, shelf, exit)]


def chosen(case: Case, shelf: Shelf, step: Step, choice: str) -> Exit:
    """The exit that is taken: the person's choice at a question, else what the record says. Raises :class:`Refused`.

    A question whose exits are all closed is none: the row is left onward.
    """
    exits = offered(case, shelf, step) if step.is_decision else []
    found = next((exit for exit in exits if exit.id == choice), None)
    if exits and not choice:
        raise Refused("choice_needed", row=step.id)
    if choice and found is None:
        raise Refused("choice_not_offered", row=step.id, choice=choice)
    return found or by_record(case, shelf, step)


def by_record(case: Case, shelf: Shelf, step: Step) -> Exit:
    """The exit by which a row is left when no person decides: what the record says, else simply onward."""
    exits = offered(case, shelf, step) if not step.question else []
    return exits[0] if exits else Exit(next=shelf.flow(case.sop, case.procedure).default_next(step.id))


def name_of(flow: Flow, row: str, exit: Exit) -> str:
    """The id of ``exit`` in the log; of nameless exits (the record decides) all but the first go by their place."""
    if exit.id:
        return exit.id
    place = next((place for place, one in enumerate(flow.exits(row)) if one is exit), 0)
    return str(place + 1) if place else ""


def leads_somewhere(case: Case, shelf: Shelf, exit: Exit) -> bool:
    """False when ``exit`` goes on in a procedure that is not on the shelf."""
    return not exit.procedure or has_procedure(shelf, *procedure_named(case, shelf, exit.procedure))


def procedure_named(case: Case, shelf: Shelf, target: str) -> tuple[str, str]:
    """The version and the procedure that ``target`` names: ``id`` in this document, or ``sop/id`` in another one."""
    sop_id, _, procedure = target.rpartition("/")
    if not sop_id or sop_id == shelf.sops[case.sop].id:
        return case.sop, procedure
    return next((version for version, sop in shelf.sops.items() if sop.id == sop_id), ""), procedure


def has_procedure(shelf: Shelf, sop: str, procedure: str) -> bool:
    """True when the version ``sop`` stands on the shelf and has ``procedure``."""
    found = shelf.sops.get(sop)
    return found is not None and any(one.id == procedure for one in found.procedures)
