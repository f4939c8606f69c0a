"""The deadlines of one case, explained: for officers, for the complainant, and for whoever runs Tanggap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from tanggap.casework.custody import Custody, custody
from tanggap.casework.deadlines import explain
from tanggap.casework.dispositions import hidden_from
from tanggap.casework.events import Entry, Received
from tanggap.casework.explained import Explained
from tanggap.casework.promise import Leg, legs
from tanggap.casework.shelf import Actor, Shelf
from tanggap.casework.state import Case as State
from tanggap.records import store
from tanggap.records.access import Reader, is_respondent, visible_cases
from tanggap.records.models import Case
from tanggap.records.queries.institutions import InstitutionLine, line_of, names_of, people
from tanggap.records.queries.words import reports, title_of
from tanggap.records.register import read_number
from tanggap.records.shelves import compiled
from tanggap.sop.model import Sop
from tanggap.worktime.duration import parse


@dataclass(frozen=True, slots=True)
class Promised:
    """The moment told at the receipt, and how it came about, row by row (or in one stretch).

    ``same``: counted again today, the stretches lead to the moment that was told; if not, the calendar or the SOP has
    changed since, and what was told stands.
    """

    due_at: datetime
    source: str
    legs: tuple[Leg, ...]
    same: bool


@dataclass(frozen=True, slots=True)
class CaseDeadlines:
    """Every clock of a case, and where its time went. ``custody`` is ``None`` for a party that is complained of."""

    id: UUID
    register: str
    title: str
    institution: InstitutionLine
    sop: Sop
    state: State
    shelf: Shelf
    clocks: tuple[Explained, ...]
    custody: Custody | None
    promised: Promised | None
    names: Mapping[str, str]
    persons: Mapping[str, str]


def case_deadlines(who: Reader, case_id: UUID) -> CaseDeadlines | None:
    """The deadlines of a case as ``who`` may see them; ``None`` when it is not visible.

    The party complained of is told of the clocks of its own rows and dispositions alone.
    """
    row = visible_cases(who).filter(pk=case_id).first()
    if row is None:
        return None
    found = _without_secrets(deadlines_of(row.pk, at=who.at), who.actor(row.institution_id))
    if not is_respondent(who, row):
        return found
    own = who.part(row.institution_id).names
    clocks = tuple(one for one in found.clocks if _concerns(found.state, one, own))
    return CaseDeadlines(
        found.id, found.register, found.title, found.institution, found.sop, found.state, found.shelf, clocks, None,
        None, found.names, {},
    )  # fmt: skip


def _without_secrets(found: CaseDeadlines, actor: Actor) -> CaseDeadlines:
    hidden = {f"disposition:{one}" for one in hidden_from(found.state, found.shelf, actor)}
    if not hidden:
        return found
    return replace(found, clocks=tuple(one for one in found.clocks if one.clock not in hidden))


def _concerns(state: State, one: Explained, names: frozenset[str]) -> bool:
    kind, _, name = one.clock.partition(":")
    if kind == "disposition":
        return not names.isdisjoint(state.dispositions[name].to)
    return kind == "step" and any(not names.isdisjoint(share.posts) for share in one.shares)


def deadlines_of(case_id: UUID, *, at: datetime) -> CaseDeadlines:
    """The deadlines of a case, whoever asks: for its complainant's page and the command line. Raises
    ``Case.DoesNotExist``.
    """
    log = store.load(case_id)
    row, state = log.row, log.state
    shelf, house = compiled(row.institution).shelf(at), line_of(row.institution)
    return CaseDeadlines(
        id=row.pk,
        register=row.register,
        title=title_of(reports([row.pk]).get(row.pk)),
        institution=house,
        sop=shelf.sops[state.sop],
        state=state,
        shelf=shelf,
        clocks=explain(log.entries, shelf, at=at),
        custody=custody(state, shelf, until=at),
        promised=promised(log.entries, shelf, house, due_at=row.promise_due_at, source=row.promise_source),
        names=names_of(row.institution_id),
        persons=people(entry.by for entry in log.entries),
    )


def promised(
    entries: Sequence[Entry], shelf: Shelf, house: InstitutionLine, *, due_at: datetime | None, source: str
) -> Promised | None:
    """How the moment ``due_at``, told at the receipt by the words of ``source``, came about; ``None`` without one."""
    received = entries[0].event
    if due_at is None or not isinstance(received, Received):
        return None
    start = entries[0].happened_at
    walked = legs(shelf, received.sop, received.procedure, start, received.attributes)
    if not walked:
        within = parse(house.answer_within)
        walked = (Leg("", within, shelf.calendar.explain(start, within)),)
    return Promised(due_at, source, walked, walked[-1].explanation.due == due_at)


def case_of_register(typed: str, *, institution: str = "") -> list[tuple[UUID, str]]:
    """Cases with this register number, with the key of their institution: for whoever runs the installation."""
    found = Case.objects.filter(register__iexact=read_number(typed))
    if institution:
        found = found.filter(institution__key=institution)
    return list(found.order_by("institution__key").values_list("pk", "institution__key"))
