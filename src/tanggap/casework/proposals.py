"""*Dianggap dicabut*: silence is proposed to a person, who decides; any word of the complainant clears it."""

from __future__ import annotations

from tanggap.casework import events as e
from tanggap.casework.commands import DeemWithdrawn, GoOn
from tanggap.casework.draft import Draft
from tanggap.casework.performers import complained_of_persons, is_performer
from tanggap.casework.refusals import Refused
from tanggap.casework.shelf import Actor, Power, Shelf
from tanggap.casework.state import Case, Visit, Waiting
from tanggap.casework.tokens import close, take_back_all

DEEMED_WITHDRAWN = "deemed_withdrawn"
"""How a case ends by an accepted proposal, unless its wait names another word."""


def propose(draft: Draft, wait: Waiting) -> None:
    """Ask whoever has the visit whether the case is deemed withdrawn."""
    draft.emit(e.WithdrawalProposed(wait.visit, wait.id))


def settle(draft: Draft, visit: str, why: str, reason: str = "") -> None:
    """The question on ``visit`` is answered, if there is one."""
    open_one = draft.case.proposal(visit)
    if open_one is not None:
        draft.emit(e.ProposalEnded(visit, open_one.id, why, reason))


def may_settle(case: Case, shelf: Shelf, actor: Actor, visit: Visit) -> bool:
    """True for the performer, the desk and a coordinator; never for whoever is complained of, whatever row it has."""
    if case.bound and actor.person in complained_of_persons(case, shelf.sops[case.sop], shelf):
        return False
    return is_performer(visit, actor) or actor.may(Power.DESK, Power.COORDINATOR)


def deem_withdrawn(draft: Draft, command: DeemWithdrawn) -> None:
    """End the case: the complainant was asked, reminded, and stayed silent. The reason is theirs to read."""
    wait = _asked(draft, command.visit, command.reason)
    outcome = _outcome(draft, wait)
    settle(draft, command.visit, "accepted", command.reason)
    take_back_all(draft, why="closed")
    close(draft, outcome, command.reason)


def go_on(draft: Draft, command: GoOn) -> None:
    """Go on with what there is."""
    _asked(draft, command.visit, command.reason)
    settle(draft, command.visit, "continued", command.reason)


def _asked(draft: Draft, visit_id: str, reason: str) -> Waiting:
    visit, _ = draft.open_visit(visit_id)
    if not may_settle(draft.case, draft.shelf, draft.actor, visit):
        raise Refused("not_allowed", visit=visit.id)
    wait = draft.case.proposal(visit.id)
    if wait is None:
        raise Refused("nothing_proposed", visit=visit.id)
    if not reason:
        raise Refused("reason_needed", visit=visit.id)
    return wait


def _outcome(draft: Draft, wait: Waiting) -> str:
    try:
        return draft.sop.wait(wait.reason).outcome or DEEMED_WITHDRAWN
    except KeyError:  # a reason that the version the case was migrated to does not know
        return DEEMED_WITHDRAWN
