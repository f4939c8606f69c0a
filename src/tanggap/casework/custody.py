"""Who had the time: how long each post held a visit, and how long a case stood with us, the complainant or others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tanggap.casework.dues import Span
from tanggap.casework.events import COMPLAINANT, Group
from tanggap.casework.shelf import Shelf
from tanggap.casework.state import Case, Visit, VisitState, Waiting
from tanggap.casework.waits import asks_complainant
from tanggap.sop.model import Wait
from tanggap.worktime.calendar import WorkCalendar


@dataclass(frozen=True, slots=True)
class Share:
    """A stretch in which the same posts (or the outside ``party``) held a visit, and the working time it took them."""

    posts: tuple[str, ...]
    party: str
    since: datetime
    to: datetime
    used: timedelta


@dataclass(frozen=True, slots=True)
class Custody:
    """Working time of a case, in the institution's calendar: with us (*waktu kita*), with the complainant, with others.

    The three add up to the working time from the receipt to ``until``, less the stretches in which it was closed.
    """

    ours: timedelta
    complainant: timedelta
    others: timedelta

    @property
    def total(self) -> timedelta:
        """All of it."""
        return self.ours + self.complainant + self.others


def calendar_for(visit: Visit, shelf: Shelf) -> WorkCalendar:
    """The calendar that the clocks of ``visit`` count by: that of the unit of the first post that must act."""
    return shelf.calendar_of(post for group in visit.groups for post in group.posts)


def pauses_of(case: Case, visit: Visit, *, until: datetime) -> tuple[Span, ...]:
    """When ``visit`` stood still; a wait that still runs ends at ``until``."""
    own = (wait for wait in case.waits.values() if wait.visit == visit.id)
    return tuple((wait.since, _end(wait, until)) for wait in own if wait.since < until)


def _end(wait: Waiting, until: datetime) -> datetime:
    return max(wait.since, until if wait.to is None else wait.to)


def used(case: Case, visit: Visit, shelf: Shelf, *, until: datetime) -> timedelta:
    """Working time that ``visit`` took from its opening to its end (else ``until``), its pauses left out."""
    end = max(visit.opened_at, visit.ended_at or until)
    return calendar_for(visit, shelf).worked(visit.opened_at, end, pauses_of(case, visit, until=end))


def shares(case: Case, visit: Visit, shelf: Shelf, *, until: datetime) -> tuple[Share, ...]:
    """The time of ``visit`` split between those who held it; what each used adds up to :func:`used`.

    Handing over belongs to the receiver: a post's time begins when the visit came to it, not when it was taken up.
    """
    end = max(visit.opened_at, visit.ended_at or until)
    calendar, pauses = calendar_for(visit, shelf), pauses_of(case, visit, until=end)
    found: list[Share] = []
    since = visit.opened_at
    for shifted_at, groups in (*visit.shifts, (end, visit.groups)):
        to = min(max(since, shifted_at), end)
        if to > since or shifted_at is end:
            found.append(Share(*_holders(groups), since, to, calendar.worked(since, to, pauses)))
        since = to
    return tuple(found)


def _holders(groups: Sequence[Group]) -> tuple[tuple[str, ...], str]:
    posts = dict.fromkeys(post for group in groups for post in group.posts)
    party = next((group.party for group in groups if group.party), "")
    return tuple(posts), "" if posts else party


def custody(case: Case, shelf: Shelf, *, until: datetime) -> Custody:
    """Where the working time of ``case`` went up to ``until`` (its end, when it has ended).

    Ours is all that is not provably somebody else's: while anybody of the organisation has an open row that does not
    stand still, and also between two rows.
    """
    assert case.received_at is not None
    end = max(case.received_at, case.closed_at or until)
    whole = _without([(case.received_at, end)], case.rests)
    ours, theirs, others = _running(case, shelf, end)
    theirs = _without(_within(theirs, whole), ours)
    others = _without(_without(_within(others, whole), ours), theirs)
    with_complainant, with_others = (_worked(spans, shelf.calendar) for spans in (theirs, others))
    return Custody(_worked(whole, shelf.calendar) - with_complainant - with_others, with_complainant, with_others)


def _running(case: Case, shelf: Shelf, end: datetime) -> tuple[list[Span], list[Span], list[Span]]:
    """When an open row was with us, with the complainant, with somebody else; overlaps left as they are."""
    ours: list[Span] = []
    theirs: list[Span] = []
    others: list[Span] = []
    for visit in case.visits.values():
        if visit.state in (VisitState.PASSED, VisitState.UNDONE):
            continue
        span = (visit.opened_at, min(end, max(visit.opened_at, visit.ended_at or end)))
        waits = [wait for wait in case.waits.values() if wait.visit == visit.id]
        parties = {group.party for group in visit.groups}
        side = ours if "" in parties or not parties else theirs if COMPLAINANT in parties else others
        side.extend(_without([span], [(wait.since, _end(wait, end)) for wait in waits]))
        for wait in waits:
            (theirs if asks_complainant(wait, shelf.sops) else others).append((wait.since, _end(wait, end)))
    return ours, theirs, others


def reason_of(shelf: Shelf, case: Case, reason: str) -> Wait | None:
    """The reason to stand still named ``reason``. The case may since have moved to a document that does not name it."""
    for version in (case.sop, *(one for one in shelf.sops if one != case.sop)):
        try:
            return shelf.sops[version].wait(reason)
        except KeyError:
            continue
    return None


def _worked(spans: Iterable[Span], calendar: WorkCalendar) -> timedelta:
    return sum((calendar.worked(begin, end) for begin, end in spans), timedelta())


def _merged(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        elif begin < end:
            found.append((begin, end))
    return found


def _without(whole: Iterable[Span], cut: Iterable[Span]) -> list[Span]:
    """What is left of ``whole`` when ``cut`` is taken out; sorted, without overlaps."""
    left: list[Span] = []
    cuts = _merged(cut)
    for begin, end in _merged(whole):
        reached = begin
        for cut_begin, cut_end in cuts:
            if cut_begin < end and reached < cut_end:
                if reached < cut_begin:
                    left.append((reached, cut_begin))
                reached = cut_end
        if reached < end:
            left.append((reached, end))
    return left


def _within(spans: Iterable[Span], whole: Sequence[Span]) -> list[Span]:
    spans = _merged(spans)
    return _without(spans, _without(spans, whole))
