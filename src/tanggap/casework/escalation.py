"""Reminders and eskalasi (naik jenjang): when the next rung is reached, and who is rung (docs/engine.md, 5)."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from tanggap.casework import events as e
from tanggap.casework.dues import Due, response_of
from tanggap.casework.ladder import LATE, NOT_TAKEN, RESPOND, RETURNS, Rung
from tanggap.casework.performers import Instead, complained_of_persons, respondents, why_not
from tanggap.casework.shelf import Actor, Shelf
from tanggap.casework.state import Case, Disposition, Escalation, Status, Visit, VisitState
from tanggap.worktime.calendar import WorkCalendar
from tanggap.worktime.duration import Duration, Unit

if TYPE_CHECKING:
    from tanggap.casework.draft import Draft

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Ring:
    """A rung of ``clock`` that is reached at ``due_at`` and not written yet."""

    clock: str
    rung: Rung
    due_at: datetime


# when -----------------------------------------------------------------------------------------------------------------


def ringing(case: Case, shelf: Shelf, running: Mapping[str, Due]) -> Iterator[str]:
    """The clocks that have rungs at all. ``running``: all that is due, by clock.

    What only people outside do never rings anybody.
    """
    if not shelf.ladder or case.status is not Status.OPEN:
        return
    for visit in case.open_visits():
        if any(not group.party for group in visit.groups):
            yield f"step:{visit.id}"
    for one in case.dispositions.values():
        if one.state == "open":
            yield f"disposition:{one.id}"
    for due in running.values():
        if due.kind:
            yield due.clock


def rings_of(case: Case, shelf: Shelf, running: Mapping[str, Due], clock: str) -> Iterator[Ring]:
    """For every cause the next rung of ``clock`` (one of :func:`ringing`), with its moment, which may have passed.

    With the clock of a visit comes that of its first response. A clock that stands still has no due moment, so no next
    rung.
    """
    kind, _, name = clock.partition(":")
    if kind == "step":
        yield from _of_visit(case, shelf, case.visits[name], running)
    elif kind == "disposition":
        yield from _of_disposition(case, shelf, case.dispositions[name], running.get(clock))
    else:  # promise or law: the kind of clock is the cause
        yield from _of_clock(case, shelf, running[clock], running[clock].kind, shelf.calendar)


def _next(case: Case, shelf: Shelf, clock: str, cause: str) -> Rung | None:
    """The lowest rung above the last that was written: levels are written in order, and each once."""
    written, rungs = case.rung.get((clock, cause)), shelf.rungs(cause)
    if not written:
        return rungs[0] if rungs else None
    return next((rung for rung in rungs if rung.level > written[-1].level), None)


def _of_visit(case: Case, shelf: Shelf, visit: Visit, due_of: Mapping[str, Due]) -> Iterator[Ring]:
    clock = f"step:{visit.id}"
    due, response = due_of.get(clock), due_of.get(response_of(clock))
    calendar = shelf.calendar_of(post for group in visit.groups for post in group.posts)
    yield from _late(case, shelf, clock, due, calendar)
    if response is not None and _comes_first(shelf, response, due):
        yield from _not_responded(case, shelf, response, due, calendar)
    elif not _is_worked_on(case, visit):
        yield from _not_taken(case, shelf, clock, due, calendar, _held_since(visit))
    yield from _returned(case, shelf, visit)


def _comes_first(shelf: Shelf, response: Due, due: Due | None) -> bool:
    """True when the first response that is still owed is what to ask for now, in place of any sign of work.

    To respond is to begin: so nobody is told of both. A response that may come as late as the row itself adds nothing.
    """
    return (
        response.due_at is not None
        and bool(shelf.rungs(RESPOND))
        and (due is None or due.due_at is None or response.due_at < due.due_at)
    )


def _not_responded(case: Case, shelf: Shelf, response: Due, due: Due | None, calendar: WorkCalendar) -> Iterator[Ring]:
    for found in _of_clock(case, shelf, response, RESPOND, calendar):
        if _before_late(found.due_at, due):
            yield found


def _of_disposition(case: Case, shelf: Shelf, one: Disposition, due: Due | None) -> Iterator[Ring]:
    """A disposition cannot be taken: with a time of its own it climbs by lateness, without one by silence."""
    clock, calendar = f"disposition:{one.id}", shelf.calendar_of(shelf.organisation.expand(one.to))
    yield from _late(case, shelf, clock, due, calendar)
    if due is None and all(other.parent != one.id for other in case.dispositions.values()):
        yield from _not_taken(case, shelf, clock, None, calendar, one.given_at)


def _of_clock(case: Case, shelf: Shelf, due: Due, cause: str, calendar: WorkCalendar) -> Iterator[Ring]:
    rung = _next(case, shelf, due.clock, cause)
    if rung is None or due.due_at is None:
        return
    if rung.share is not None:
        yield Ring(due.clock, rung, _part(calendar, due, rung.share, due.starts_at))
    else:
        yield Ring(due.clock, rung, _beyond(calendar, due, rung.after))


def _late(case: Case, shelf: Shelf, clock: str, due: Due | None, calendar: WorkCalendar) -> Iterator[Ring]:
    rung = _next(case, shelf, clock, LATE)
    if rung is not None and due is not None and due.due_at is not None and due.breaches:
        yield Ring(clock, rung, _beyond(calendar, due, rung.after))


def _beyond(calendar: WorkCalendar, due: Due, after: Duration | None) -> datetime:
    assert due.due_at is not None
    if after is None:
        return due.due_at
    return calendar.add(due.due_at, after, due.pauses) or due.due_at


def _not_taken(
    case: Case, shelf: Shelf, clock: str, due: Due | None, calendar: WorkCalendar, since: datetime
) -> Iterator[Ring]:
    rung = _next(case, shelf, clock, NOT_TAKEN)
    if rung is None or rung.after is None or (due is not None and due.due_at is None):
        return
    moments = [calendar.add(since, rung.after, due.pauses if due is not None else ())]
    if due is not None and rung.share is not None:
        moments.append(_part(calendar, due, rung.share, since))
    moment = min(one for one in moments if one is not None)
    if _before_late(moment, due):
        yield Ring(clock, rung, moment)


def _before_late(moment: datetime, due: Due | None) -> bool:
    """True while the row is not late at ``moment``: from then on it is simply late."""
    return due is None or due.due_at is None or not due.breaches or moment < due.due_at


def _part(calendar: WorkCalendar, due: Due, share: Fraction, since: datetime) -> datetime:
    """When ``share`` of the time that ``due`` gives has passed ``since``: in working time, so in office hours."""
    assert due.due_at is not None
    end = max(due.starts_at, due.due_at)
    working = calendar.worked(due.starts_at, end, due.pauses)
    minutes = -(-int(working.total_seconds() * share) // 60)
    if minutes:
        found = calendar.add(since, Duration(minutes, Unit.WORK_MINUTES, ""), due.pauses)
        if found is not None:
            return found
    return since + (end - due.starts_at) * share.numerator / share.denominator  # a standard outside the office hours


def _held_since(visit: Visit) -> datetime:
    """From when the present performers have had the visit: handing over belongs to the receiver."""
    return visit.shifts[-1][0] if visit.shifts else visit.opened_at


def _is_worked_on(case: Case, visit: Visit) -> bool:
    """True when the present performers have shown any sign of work."""
    since = _held_since(visit)
    return (
        bool(visit.taken_by)
        or visit.responded_at is not None
        or any(part.at >= since for part in visit.parts.values())
        or any(wait.visit == visit.id and (wait.to is None or wait.since >= since) for wait in case.waits.values())
        or any(one.visit == visit.id and one.given_at >= since for one in case.dispositions.values())
    )


def _returned(case: Case, shelf: Shelf, visit: Visit) -> Iterator[Ring]:
    """Of all rungs that the round of ``visit`` has reached the highest, once for the visit."""
    clock = f"step:{visit.id}"
    reached = [rung for rung in shelf.rungs(RETURNS) if rung.round <= visit.round]
    if not reached or (clock, RETURNS) in case.rung:
        return
    rounds = rounds_of(case, visit)
    rung = max((rung for rung in reached if rung.round <= rounds), key=lambda one: one.level, default=None)
    if rung is not None:
        yield Ring(clock, rung, visit.opened_at)


def rounds_of(case: Case, visit: Visit) -> int:
    """How often the row of ``visit`` has been worked on in this run of the procedure, up to and with ``visit``."""
    return sum(
        one.row == visit.row
        and one.leg == visit.leg
        and one.opened_seq <= visit.opened_seq
        and one.state not in (VisitState.PASSED, VisitState.UNDONE)
        for one in case.visits.values()
    )


# who ------------------------------------------------------------------------------------------------------------------


def performing(case: Case, shelf: Shelf, clock: str) -> tuple[str, ...]:
    """Posts that must act while ``clock`` runs: of its visit or disposition, or of all visits for one on the case."""
    kind, _, name = clock.partition(":")
    if kind == "disposition":
        one = case.dispositions.get(name)
        return shelf.organisation.expand(one.to) if one is not None and one.state == "open" else ()
    if kind == "clock":
        visits = case.open_visits()
    else:
        visits = [case.visits[name]] if name in case.visits and case.visits[name].is_open else []
    groups = (group for visit in visits for group in visit.groups if not group.party and group.id not in visit.parts)
    return tuple(dict.fromkeys(post for group in groups for post in group.posts))


def rung_at(case: Case, shelf: Shelf, clock: str, level: int) -> tuple[tuple[str, ...], Instead]:
    """Posts that ``level`` (from 1) of the ladder of ``clock`` leads to, and those passed over on the way, with why.

    Above each performer the superiors one by one, then the institution's fallback post; nobody who performs, holds no
    person, or is complained of. Empty: there is nobody left, and it is for a person named otherwise to be alarmed.
    """
    sop, organisation = shelf.sops[case.sop], shelf.organisation
    below = performing(case, shelf, clock)
    persons, complained_of = organisation.holders(below), respondents(case, sop)

    def unfit(post: str) -> str:
        found = organisation.posts.get(post)
        if post in below or (found is not None and found.holders and found.holders <= persons):
            return "performer"
        return why_not(post, organisation, complained_of)

    rung: dict[str, None] = {}
    instead: dict[str, str] = {}
    for start in below or ("",):
        reached, last = 0, ""
        for post in _above(start, shelf):
            why = unfit(post)
            if why:
                instead[post] = why
                continue
            reached, last = reached + 1, post
            if reached == level:
                break
        if reached == level or (
            last and last == organisation.fallback
        ):  # beyond the last superior the fallback is rung once more
            rung[last] = None
    return tuple(rung), tuple((post, why) for post, why in instead.items() if why != "performer" or post not in below)


def _above(post: str, shelf: Shelf) -> Iterator[str]:
    """The superiors of ``post``, one after the other, and at last the fallback. A ring of superiors ends."""
    seen = {post}
    while True:
        found = shelf.organisation.posts.get(post)
        above = (found.superior if found is not None else "") or shelf.organisation.fallback
        if above in seen:
            above = shelf.organisation.fallback
        if not above or above in seen:
            return
        seen.add(above)
        yield above
        post = above


def climbing(case: Case, clock: str, running: Container[str]) -> Iterator[Escalation]:
    """What was written of the duty ``clock``, and of its first response and the clocks on the whole case while they

    run still, in order of time.
    """
    if case.rung:
        response = response_of(clock)
        several = (
            written
            for (name, _), written in case.rung.items()
            if name == clock or (name in running and (name == response or name.startswith("clock:")))
        )
        yield from sorted((one for written in several for one in written), key=lambda one: (one.at, one.due, one.level))


def concerning(case: Case, visit: Visit) -> Iterator[Escalation]:
    """What has been rung about ``visit``: its own clocks, the dispositions in it, and the clocks on the whole case."""
    clocks = {
        f"step:{visit.id}",
        response_of(f"step:{visit.id}"),
        *(f"disposition:{one.id}" for one in case.dispositions.values() if one.visit == visit.id),
    }
    for (clock, _cause), written in case.rung.items():
        if clock in clocks or clock.startswith("clock:"):
            yield from (one for one in written if one.level)


def is_rung(case: Case, visit: Visit, actor: Actor, shelf: Shelf) -> bool:
    """True when ``visit`` climbed to a post of ``actor``, who is not complained of: then they may give it to others."""
    if not case.rung or not actor.posts:
        return False
    if not any(not actor.posts.isdisjoint(one.posts) for one in concerning(case, visit)):
        return False
    return actor.person not in complained_of_persons(case, shelf.sops[case.sop], shelf)


# writing --------------------------------------------------------------------------------------------------------------


def ring(draft: Draft, found: Ring) -> None:
    """Write a rung that is reached: a reminder, or who is rung."""
    rung = found.rung
    if rung.level == 0:
        draft.emit(e.Reminded(found.clock, rung.cause, found.due_at))
        return
    posts, instead = rung_at(draft.case, draft.shelf, found.clock, rung.level)
    draft.emit(e.Escalated(found.clock, rung.cause, rung.level, found.due_at, posts, instead))


def ring_for_round(draft: Draft, visit: str) -> None:
    """Ring at once when the row that has just begun has come back too often."""
    opened = draft.case.visits[visit]
    if any(not group.party for group in opened.groups):
        for found in list(_returned(draft.case, draft.shelf, opened)):
            ring(draft, found)
