"""What a decision may look at besides the case: the SOP versions, the organisation, the calendars, the actor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tanggap.casework.ladder import Ladder, rungs_of
from tanggap.casework.law import LawClock
from tanggap.sop.flow import Flow
from tanggap.sop.model import Sop
from tanggap.worktime.calendar import WorkCalendar


class Power(StrEnum):
    """What somebody may do besides performing rows."""

    DESK = "desk"  # meja layanan: records for others
    COORDINATOR = "coordinator"  # departs from the SOP, with reasons
    OFFICER = "officer"
    COMPLAINANT = "complainant"
    WORKER = "worker"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: ``person`` is an id (or ``complainant``, ``engine``), ``posts`` the posts held at this moment.

    ``only``: the columns in which alone they may act in this case; ``None``: in all of them.
    """

    person: str
    posts: frozenset[str] = frozenset()
    powers: frozenset[Power] = frozenset()
    only: frozenset[str] | None = None

    def may(self, *powers: Power) -> bool:
        """True when the actor has one of ``powers``."""
        return not self.powers.isdisjoint(powers)


@dataclass(frozen=True, slots=True)
class Post:
    """A post (jabatan): its unit, the post above it, and the persons who hold it now."""

    id: str
    unit: str = ""
    superior: str = ""
    holders: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Organisation:
    """Posts by id, and which posts fill which column: ``(sop id, role)`` to posts. ``fallback``: the last rung.

    ``stand_ins``: persons to those who act in their place now (Plh.), in whatever post.
    """

    posts: Mapping[str, Post] = field(default_factory=dict)
    columns: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    fallback: str = ""
    stand_ins: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def expand(self, names: Iterable[str]) -> tuple[str, ...]:
        """Posts meant by ``names``, each a post or a unit (a unit stands for its posts)."""
        found: dict[str, None] = {}
        for name in names:
            if name in self.posts:
                found[name] = None
            else:
                found.update(dict.fromkeys(post.id for post in self.posts.values() if post.unit == name))
        return tuple(found)

    def knows(self, name: str) -> bool:
        """True when ``name`` is a post, or a unit that has posts."""
        return name in self.posts or any(post.unit == name for post in self.posts.values())

    def holders(self, posts: Iterable[str]) -> frozenset[str]:
        """Persons who hold one of ``posts``."""
        return frozenset(person for post in posts if post in self.posts for person in self.posts[post].holders)

    def behind(self, names: Iterable[str]) -> frozenset[str]:
        """Persons who hold one of ``names`` (posts or units), and whoever stands in for one of them anywhere."""
        found: set[str] = set()
        waiting = set(self.holders(self.expand(names)))
        while waiting:
            person = waiting.pop()
            found.add(person)
            waiting |= self.stand_ins.get(person, frozenset()) - found
        return frozenset(found)


@dataclass(slots=True)
class Shelf:
    """SOP versions by content hash, the organisation, calendars (one for all, others by unit), the law, the ladder."""

    sops: Mapping[str, Sop]
    organisation: Organisation
    calendar: WorkCalendar
    unit_calendars: Mapping[str, WorkCalendar] = field(default_factory=dict)
    law: tuple[LawClock, ...] = ()
    ladder: Ladder = ()
    _flows: dict[tuple[str, str], Flow] = field(default_factory=dict)
    _rungs: tuple[Ladder, dict[str, Ladder]] = field(default=((), {}), init=False, compare=False)

    def flow(self, sop: str, procedure: str) -> Flow:
        """The compiled procedure of the version ``sop`` (a hash). Raises ``KeyError`` when it is not on the shelf."""
        flow = self._flows.get((sop, procedure))
        if flow is None:
            flow = self._flows[sop, procedure] = Flow(self.sops[sop].procedure(procedure))
        return flow

    def rungs(self, cause: str) -> Ladder:
        """The rungs of the ladder that ``cause`` has, the lowest first."""
        if self._rungs[0] is not self.ladder:
            self._rungs = (self.ladder, {})
        known = self._rungs[1]
        if cause not in known:
            known[cause] = tuple(rungs_of(self.ladder, cause))
        return known[cause]

    def calendar_of(self, posts: Iterable[str]) -> WorkCalendar:
        """The calendar of the unit of the first of ``posts`` that has one of its own, else the institution's."""
        for name in posts:
            post = self.organisation.posts.get(name)
            if post is not None:
                return self.unit_calendars.get(post.unit, self.calendar)
        return self.calendar
