"""The ways a case can take through a procedure, with the sum of the standards on each, and set against a legal limit.

A path passes every row at most once: a loop adds the same rows again and is left out of the sum. Parallel arms are
paths of their own; they run side by side, so the longest of them tells how long the case takes. What a choice puts on
record is remembered: a way whose condition it rules out is no path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from tanggap.sop.flow import Flow
from tanggap.sop.model import CLOSE, END, Condition, Party, Procedure, Sop, Step
from tanggap.worktime.duration import Duration, Reading, Unit

MOST_PATHS = 200
MOST_STEPS = 50_000
MINUTES_PER_DAY = 450  # 37.5 working hours in five days (Perpres 21/2023)

_WORDS = {
    Unit.MONTHS: "bulan",
    Unit.WEEKS: "minggu",
    Unit.WORK_DAYS: "hari",
    Unit.CALENDAR_DAYS: "hari",
    Unit.WORK_HOURS: "jam",
    Unit.CLOCK_HOURS: "jam",
    Unit.WORK_MINUTES: "menit",
    Unit.CLOCK_MINUTES: "menit",
}
"""Units from long to short, with the bare word each may be printed by."""


@dataclass(frozen=True)
class Total:
    """A sum of standards, each unit for itself: 5 hari + 2 jam + 15 menit. Days and hours are never mixed."""

    amounts: Mapping[Unit, int] = field(default_factory=dict)

    def plus(self, time: Duration | None) -> Total:
        """This sum and one more standard; a time without a standard adds nothing."""
        if time is None or not time.has_standard:
            return self
        return Total({**self.amounts, time.unit: self.amounts.get(time.unit, 0) + time.amount})

    def printed(self, reading: Reading) -> str:
        """The sum in words, long units first; bare words where the SOP reads them so. ``-`` when there is nothing."""
        parts = []
        for unit, word in _WORDS.items():
            if unit in self.amounts:
                bare = getattr(reading, word) is unit
                parts.append(f"{self.amounts[unit]} {word if bare else unit.value}")
        return " + ".join(parts) or "-"

    def work_days(self, minutes_per_day: int = MINUTES_PER_DAY) -> Fraction:
        """The sum in working days, for comparing and sorting only: when a case is due is the calendar's to say.

        A calendar day counts 5/7, a week 5, a month 65/3 working days.
        """
        day = {
            Unit.MONTHS: Fraction(65, 3),
            Unit.WEEKS: Fraction(5),
            Unit.WORK_DAYS: Fraction(1),
            Unit.CALENDAR_DAYS: Fraction(5, 7),
            Unit.CLOCK_HOURS: Fraction(5, 7 * 24),
            Unit.CLOCK_MINUTES: Fraction(5, 7 * 24 * 60),
            Unit.WORK_HOURS: Fraction(60, minutes_per_day),
            Unit.WORK_MINUTES: Fraction(1, minutes_per_day),
        }
        return sum((amount * day[unit] for unit, amount in self.amounts.items()), Fraction(0))


@dataclass(frozen=True)
class Path:
    """One way from a first row to an end.

    ``choices``: row and label of every choice taken. ``total``: standards of the organisation; ``outside``: those
    given to people outside it, who cannot be held to them. ``to_answer``: the part of ``total`` up to the first answer
    to the complainant, ``None`` when he gets none. ``unmeasured``: rows without a standard. ``facts``: what the
    choices put on record. ``end``: ``end``, ``close``, or the procedure the case goes on in.
    """

    rows: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    total: Total = field(default_factory=Total)
    outside: Total = field(default_factory=Total)
    to_answer: Total | None = None
    unmeasured: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    end: str = END


@dataclass(frozen=True)
class Paths:
    """The paths found. ``cut``: there are more than were looked for."""

    found: tuple[Path, ...]
    cut: bool = False

    @property
    def longest(self) -> Path | None:
        """The path with the largest sum, ``None`` when no path comes to an end."""
        return max(self.found, key=lambda path: path.total.work_days(), default=None)


@dataclass(frozen=True)
class Limit:
    """A time the law allows from receipt to the end, and where the law says so."""

    label: str
    time: Duration
    source: str


def within(total: Total, limit: Limit, *, minutes_per_day: int = MINUTES_PER_DAY) -> bool:
    """True when the standards of a path fit into ``limit``."""
    return total.work_days(minutes_per_day) <= Total().plus(limit.time).work_days(minutes_per_day)


def paths(sop: Sop, procedure: Procedure, *, most: int = MOST_PATHS) -> Paths:
    """Every path of ``procedure`` that comes to an end, at most ``most`` of them, in the order of the sheet."""
    walker = _Walker(sop, procedure, most)
    return Paths(tuple(walker.walk()), walker.cut)


@dataclass(frozen=True)
class _Way:
    """One way out of a row: where to, by which choice, whether the complainant is answered on it."""

    target: str
    label: str = ""
    answers: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)


class _Walker:
    """Walks depth first, without recursion, and gives up rather than walk for ever."""

    def __init__(self, sop: Sop, procedure: Procedure, most: int) -> None:
        self.flow, self.most, self.cut, self.steps = Flow(procedure), most, False, 0
        self.outsiders = {role.id for role in sop.roles if role.party in (Party.COMPLAINANT, Party.OUTSIDE)}

    def walk(self) -> Iterator[Path]:
        begun = [self._enter(Path(), row) for start in self.flow.starts for row in self.flow.landing(start)]
        waiting = list(reversed(begun))
        found = 0
        while waiting:
            path = waiting.pop()
            if found == self.most or self.steps > MOST_STEPS:
                self.cut = True
                return
            if path.end:
                found += 1
                yield path
            else:
                waiting.extend(reversed(list(self._onward(path))))

    def _onward(self, path: Path) -> Iterator[Path]:
        row = path.rows[-1]
        for way in self._ways(self.flow.steps[row], path.facts):
            self.steps += 1
            if way.target in path.rows:
                continue
            taken = replace(path, choices=(*path.choices, (row, way.label))) if way.label else path
            if way.answers and taken.to_answer is None:
                taken = replace(taken, to_answer=taken.total)
            yield self._enter(replace(taken, facts={**path.facts, **way.facts}), way.target)

    def _ways(self, step: Step, facts: Mapping[str, str]) -> Iterator[_Way]:
        for exit in self.flow.exits(step.id):
            if _ruled_out(exit.when, facts):
                continue
            targets = [*(exit.next or ()), *([exit.then] if exit.then else [])]  # a loop ends by its ``then``
            places = [place for target in targets for place in self.flow.landing(target)]
            for place in [f"procedure:{exit.procedure}"] if exit.procedure else places:
                yield _Way(place, exit.label, exit.answers, exit.set)
            if not step.question and exit.when.keys() <= facts.keys():
                break  # the record decides, and the first exit whose condition holds is taken
        if step.timeout is not None and step.timeout.next is not None and not step.timeout.keep:
            for target in step.timeout.next:
                for place in self.flow.landing(target):
                    yield _Way(place, "lewat waktu")

    def _enter(self, path: Path, place: str) -> Path:
        """The path, one row longer, or at its end."""
        step = self.flow.steps.get(place)
        if step is None:
            return replace(path, end=place if place in (END, CLOSE) else place.removeprefix("procedure:"))
        outside = bool(step.who) and self.outsiders.issuperset(step.who)
        time = None if _ruled_out(step.when, path.facts) else _standard(step)
        total = path.total if outside else path.total.plus(time)
        measured = time is not None and time.has_standard
        return replace(
            path,
            rows=(*path.rows, place),
            total=total,
            outside=path.outside.plus(time) if outside else path.outside,
            to_answer=total if step.record == "answer" and path.to_answer is None else path.to_answer,
            unmeasured=path.unmeasured if measured else (*path.unmeasured, place),
            end="",
        )


def _ruled_out(when: Condition, facts: Mapping[str, str]) -> bool:
    return any(name in facts and facts[name] not in values for name, values in when.items())


def _standard(step: Step) -> Duration | None:
    """The time of a row; where it depends on its class, the longest it may be."""
    every = [time for values in step.time_by.values() for time in values.values()]
    if step.time is not None and step.time.has_standard:
        every.append(step.time)
    return max(every, key=lambda time: Total().plus(time).work_days(), default=step.time)
