"""The shortest way on which one person alone brings a case to its answer: for what is answered on the spot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tanggap.casework.commands import Complete
from tanggap.casework.decide import decide
from tanggap.casework.fold import apply
from tanggap.casework.offers import Offer, offers
from tanggap.casework.refusals import Refused
from tanggap.casework.shelf import Actor, Shelf
from tanggap.casework.state import Case, Status

LONGEST = 4
"""So many rows at most are left on the way."""


def way_to_answer(
    case: Case, shelf: Shelf, actor: Actor, *, answer: str, at: datetime, longest: int = LONGEST
) -> tuple[Complete, ...]:
    """The completions by which ``actor``, at ``at``, answers ``case`` with the content ``answer``; empty when none do.

    Tried on copies by the rules themselves, the shortest way first. No way back is taken, and none that needs a
    reason, a fact or a name that nobody gave (S1-3, S4-17).
    """
    for length in range(1, longest + 1):
        found = _way(case, shelf, actor, answer, at, length)
        if found:
            return found
    return ()


def _way(
    case: Case, shelf: Shelf, actor: Actor, answer: str, at: datetime, length: int
) -> tuple[Complete, ...]:  # fmt: skip
    for offer in offers(case, shelf, actor):
        for command in _completions(offer, answer):
            after = _after(case, command, shelf, actor, at)
            if after is None:
                continue
            if after.answered and command.answer:
                return (command,)
            if length > 1 and not command.answer and after.status is Status.OPEN:
                onward = _way(after, shelf, actor, answer, at, length - 1)
                if onward:
                    return (command, *onward)
    return ()


def _completions(offer: Offer, answer: str) -> Iterator[Complete]:
    """Ways to leave the row: by what answers first."""
    if not offer.may_complete:
        return
    if not offer.choices:
        yield Complete(offer.visit.id, answer=answer if offer.needs_answer else "")
        return
    ways = [one for one in offer.choices if not one.is_return and not one.needs_reason]
    for one in sorted(ways, key=lambda way: not way.needs_answer):
        answers = one.needs_answer or offer.needs_answer
        yield Complete(offer.visit.id, choice=one.exit.id, answer=answer if answers else "")


def _after(case: Case, command: Complete, shelf: Shelf, actor: Actor, at: datetime) -> Case | None:
    try:
        entries = decide(case, command, actor=actor, shelf=shelf, at=at)
    except Refused:
        return None
    after = case.copy()
    for entry in entries:
        apply(after, entry)
    return after
