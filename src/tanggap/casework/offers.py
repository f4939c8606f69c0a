"""What an actor may do with each open visit now: what the step card shows, no more and no less than the row allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tanggap.casework.dispositions import has_open_below, hidden_from, may_recall, why_not_holder
from tanggap.casework.duties import reasons_to_wait
from tanggap.casework.exits import offered
from tanggap.casework.performers import as_party, barred_persons, how_to_act, is_performer, may_ask
from tanggap.casework.proposals import may_settle
from tanggap.casework.refusals import Refused
from tanggap.casework.shelf import Actor, Power, Shelf
from tanggap.casework.state import Case, Disposition, Status, Visit
from tanggap.casework.steps import may_assign
from tanggap.sop.model import Exit, Role, Step, Wait


@dataclass(frozen=True, slots=True)
class Choice:
    """One labelled exit: where it leads (rows, ``end``, ``close``), and what it asks for."""

    exit: Exit
    leads_to: tuple[str, ...]
    needs_reason: bool
    needs_answer: bool
    is_return: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """A disposition and what the actor may do with it; ``depth`` 0 hangs on the visit itself.

    ``hidden``: the actor learns nothing of it but that it is there.
    """

    disposition: Disposition
    depth: int
    may_report: bool
    may_dispose: bool
    may_recall: bool
    hidden: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """What one actor may do on one open visit. ``how`` is empty when the row is not theirs to complete."""

    visit: Visit
    step: Step
    how: str = ""
    why_not: str = ""
    choices: tuple[Choice, ...] = ()
    needs_answer: bool = False
    sets: tuple[str, ...] = ()
    binds: tuple[Role, ...] = ()
    waits: tuple[Wait, ...] = ()
    may_skip: bool = False
    may_take: bool = False
    may_hand_back: bool = False
    may_respond: bool = False
    may_dispose: bool = False
    may_assign: bool = False
    may_redirect: bool = False
    may_resume: bool = False
    waiting: str = ""
    proposal: str = ""
    may_settle: bool = False
    branches: tuple[Branch, ...] = ()

    @property
    def may_complete(self) -> bool:
        """True when this actor can leave the row."""
        return bool(self.how)


def offers(case: Case, shelf: Shelf, actor: Actor) -> list[Offer]:
    """One offer for every open visit, in order of opening; what the actor may not do is simply not offered."""
    if case.status is not Status.OPEN:
        return []
    actor = as_party(case, shelf, actor)
    return [_offer(case, shelf, actor, visit) for visit in case.open_visits()]


def _offer(case: Case, shelf: Shelf, actor: Actor, visit: Visit) -> Offer:
    sop, flow = shelf.sops[case.sop], shelf.flow(case.sop, case.procedure)
    step = flow.steps[visit.row]
    how, why_not = _how(case, shelf, actor, visit, step)
    performer = is_performer(visit, actor)
    coordinator = actor.may(Power.COORDINATOR)
    running, proposal = case.running_wait(visit.id), case.proposal(visit.id)
    may_wait = not running and (performer or coordinator)
    return Offer(
        visit=visit,
        step=step,
        how=how,
        why_not=why_not,
        choices=_choices(case, shelf, visit, step) if how else (),
        needs_answer=step.record == "answer",
        sets=step.sets if how else (),
        binds=tuple(sop.role(role) for role in step.binds) if how else (),
        waits=tuple(
            wait
            for wait in (reasons_to_wait(case, sop, step) if may_wait else ())
            if may_ask(case, shelf, actor, step, wait)
        ),
        may_skip=bool(how) and step.optional,
        may_take=how == "acted" and visit.taken_by != actor.person,
        may_hand_back=bool(visit.taken_by) and visit.taken_by == actor.person,
        may_respond=(bool(how) or actor.may(Power.DESK)) and step.respond is not None and visit.responded_at is None,
        may_dispose=performer or coordinator,
        may_assign=may_assign(case, visit, actor, shelf) and not all(group.party for group in visit.groups),
        may_redirect=coordinator,
        may_resume=running is not None and (performer or coordinator),
        waiting=running.id if running else "",
        proposal=proposal.id if proposal else "",
        may_settle=proposal is not None and may_settle(case, shelf, actor, visit),
        branches=tuple(branches(case, shelf, actor, visit.id)),
    )


def branches(case: Case, shelf: Shelf, actor: Actor, visit: str) -> Iterator[Branch]:
    """The tree of dispositions of ``visit``, each before what was disposed further from it."""
    hidden = hidden_from(case, shelf, actor)

    def below(parent: str, depth: int) -> Iterator[Branch]:
        for one in case.dispositions.values():
            if one.parent == parent and one.visit == visit:
                holds = not why_not_holder(case, shelf, actor, one)
                yield Branch(
                    one, depth, holds and not has_open_below(case, one.id), holds, may_recall(actor, one),
                    one.id in hidden,
                )  # fmt: skip
                yield from below(one.id, depth + 1)

    return below(visit, 0)


def _how(case: Case, shelf: Shelf, actor: Actor, visit: Visit, step: Step) -> tuple[str, str]:
    why_not = "not_your_step"
    for group in sorted(visit.groups, key=lambda one: one.id in visit.parts):
        try:
            return how_to_act(case, visit, group, step, shelf.sops[case.sop], shelf, actor), ""
        except Refused as refusal:
            if refusal.code != "not_your_step" or not actor.posts.isdisjoint(group.posts):
                why_not = refusal.code
    if actor.person in barred_persons(case, step):
        why_not = "not_independent"
    return "", why_not


def _choices(case: Case, shelf: Shelf, visit: Visit, step: Step) -> tuple[Choice, ...]:
    if not step.is_decision:
        return ()
    flow = shelf.flow(case.sop, case.procedure)
    found = []
    for exit in offered(case, shelf, step):
        used = case.taken.get((visit.leg, visit.row, exit.id), 0)  # a question's exits all have names
        over = exit.at_most is not None and used >= exit.at_most
        targets = (exit.then,) if over and exit.then is not None else exit.next or ()
        rows = tuple(row for target in targets for row in flow.landing(target))
        back = any(flow.is_return(step.id, row) for row in rows if row in flow.steps)
        found.append(Choice(exit, rows, exit.reason, exit.answers or step.record == "answer", back))
    return tuple(found)
