"""What an actor may do with the course of a whole case: more time, another procedure or version, its end."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tanggap.casework.dispositions import hidden_from
from tanggap.casework.dues import clocks_of
from tanggap.casework.performers import as_party
from tanggap.casework.shelf import Actor, Power, Shelf
from tanggap.casework.state import Case, Status
from tanggap.sop.model import Step


@dataclass(frozen=True, slots=True)
class Extendable:
    """A clock that may be given more time: always ``until`` a moment; ``by`` a length of time when ``lengthens``.

    ``most``: the longest the SOP allows at once, as printed; empty where it names none.
    """

    target: str
    lengthens: bool = False
    most: str = ""


@dataclass(frozen=True, slots=True)
class Courses:
    """What one actor may do. ``move``, ``migrate``: (version, procedure); nothing that would be refused is here."""

    extend: tuple[Extendable, ...] = ()
    move: tuple[tuple[str, str], ...] = ()
    migrate: tuple[tuple[str, str], ...] = ()
    may_link: bool = False
    may_withdraw: bool = False
    may_close: bool = False

    @property
    def any(self) -> bool:
        """True when there is anything to offer."""
        return bool(
            self.extend or self.move or self.migrate or self.may_link or self.may_withdraw or self.may_close
        )  # fmt: skip


def courses(case: Case, shelf: Shelf, actor: Actor, *, current: Collection[str]) -> Courses:
    """What ``actor`` may do with ``case``; ``current``: the versions that new cases begin under."""
    actor = as_party(case, shelf, actor)
    desk, coordinator = actor.may(Power.DESK, Power.COORDINATOR), actor.may(Power.COORDINATOR)
    may_link = desk and not case.internal
    if case.status is not Status.OPEN:
        return Courses(may_link=may_link)
    return Courses(
        extend=tuple(_extendable(case, shelf, actor)) if coordinator else (),
        move=tuple(_procedures(case, shelf, current)) if desk and not case.internal else (),
        migrate=tuple(_versions(case, shelf, current)) if coordinator else (),
        may_link=may_link,
        may_withdraw=may_link,
        may_close=coordinator,
    )


def _extendable(case: Case, shelf: Shelf, actor: Actor) -> Iterator[Extendable]:
    flow = shelf.flow(case.sop, case.procedure)
    for visit in case.open_visits():
        most = _may_still_be_lengthened(case, visit.id, flow.steps[visit.row])
        yield Extendable(f"step:{visit.id}", bool(most), most)
    for clock in clocks_of(case, shelf):
        if clock.kind != "law":
            yield Extendable(f"clock:{clock.id}", lengthens=True)
    hidden = hidden_from(case, shelf, actor)
    for one in case.dispositions.values():
        if one.state == "open" and one.id not in hidden:
            yield Extendable(f"disposition:{one.id}")


def _may_still_be_lengthened(case: Case, visit: str, step: Step) -> str:
    """By how much at most, as printed; empty when the SOP lets nobody, or it was done often enough."""
    before = case.extra.get(f"step:{visit}")
    if step.extend is None or (before is not None and len(before.by) >= step.extend.at_most):
        return ""
    return str(step.extend.by)


def _procedures(case: Case, shelf: Shelf, current: Collection[str]) -> Iterator[tuple[str, str]]:
    """Other procedures of the same document, and those of other documents in force."""
    own = shelf.sops[case.sop]
    others = [version for version in current if version in shelf.sops and shelf.sops[version].id != own.id]
    for version in (case.sop, *others):
        for procedure in shelf.sops[version].procedures:
            if (version, procedure.id) != (case.sop, case.procedure) and procedure.every is None and procedure.steps:
                yield version, procedure.id


def _versions(case: Case, shelf: Shelf, current: Collection[str]) -> Iterator[tuple[str, str]]:
    """Versions of the same document in force, other than the one the case runs on."""
    for version in current:
        sop = shelf.sops.get(version)
        if sop is None or version == case.sop or sop.id != shelf.sops[case.sop].id:
            continue
        same = [procedure.id for procedure in sop.procedures if procedure.id == case.procedure]
        yield from ((version, procedure) for procedure in same or [one.id for one in sop.procedures])


def rows_for(case: Case, shelf: Shelf, version: str, procedure: str) -> dict[str, tuple[str, ...]]:
    """Every open row and waiting join of ``case``, and the rows of another version it may go on as."""
    there = shelf.flow(version, procedure).steps
    rows = [row for row, step in there.items() if not (step.standing or step.terminator)]
    joins = tuple(row for row in rows if there[row].after)
    return {row: joins if row in case.pending else tuple(rows) for row in (*case.open, *case.pending)}
