"""Books and lists over cases: the register, what is unanswered, what is unresolved, what has no performer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet

from tanggap.casework.shelf import Organisation
from tanggap.records.access import Reader, visible_cases
from tanggap.records.models import Case, CaseParty, Duty, Institution
from tanggap.records.models.cases import COMPLAINTS, DUTIES
from tanggap.records.projection import RESPONDENT
from tanggap.records.queries.duties import duties_of, state_of
from tanggap.records.queries.institutions import names_of
from tanggap.records.queries.words import reports, title_of
from tanggap.records.register import read_number
from tanggap.records.shelves import compiled

_MOST_NAMED = 10_000  # as many as any database takes in one question
_OUTSIDE = ("complainant", "outside")
_PARTY = "respondent"


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One line of the buku register. A number whose case the reader may not see stands with nothing but the number."""

    n: int
    year: int
    register: str
    case: UUID | None = None
    received_at: datetime | None = None
    channel: str = ""
    kind: str = ""
    identity: str = ""
    title: str = ""
    report: Mapping[str, str] | None = None
    attributes: Mapping[str, str] | None = None
    status: str = ""
    outcome: str = ""
    answered_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenLine:
    """An open case: where it stands, with whom, and by when the complainant was promised an answer."""

    case: UUID
    register: str
    institution: str
    institution_name: str
    zone: str
    title: str
    channel: str
    kind: str
    received_at: datetime
    promise_due_at: datetime | None
    answered: bool
    late: bool
    waiting: bool
    steps: tuple[str, ...]  # "4. Melakukan klarifikasi ..."
    performers: tuple[str, ...]
    due_at: datetime | None
    state: str
    rounds: int
    level: int  # how far it has climbed (eskalasi); 0: nowhere
    nobody: bool = False  # nobody who may do it now: vacant posts, or held by those it is about alone


def register_book(who: Reader, institution: str, *, year: int, first: int = 1, count: int = 1000) -> list[RegisterLine]:
    """The register of one year in order of number, without gaps: hidden cases keep their number. Four queries (S4-5).

    Whoever has no part in the institution gets nothing.
    """
    place = next((place for place, part in who.parts.items() if part.institution == institution), None)
    if place is None:
        return []
    span = Case.objects.filter(institution=place, book=COMPLAINTS, year=year, n__gte=first, n__lt=first + count)
    span = span.order_by("n")
    visible = {case.pk: case for case in visible_cases(who).filter(pk__in=span.values("pk"))}
    texts = reports(visible)
    lines = []
    for pk, n, words in span.values_list("pk", "n", "register"):
        case = visible.get(pk)
        lines.append(_register_line(case, texts.get(pk)) if case else RegisterLine(n, year, words))
    return lines


def register_end(who: Reader, institution: str, *, year: int) -> int:
    """The last number of a year's register; 0 when there is none, or none for this reader. One query."""
    places = [place for place, part in who.parts.items() if part.institution == institution]
    rows = Case.objects.filter(institution__in=places, book=COMPLAINTS, year=year)
    return rows.aggregate(last=Max("n"))["last"] or 0


def _register_line(case: Case, report: Mapping[str, str] | None) -> RegisterLine:
    return RegisterLine(
        n=case.n,
        year=case.year,
        register=case.register,
        case=case.pk,
        received_at=case.received_at,
        channel=case.channel,
        kind=case.kind,
        identity=case.identity,
        title=title_of(report),
        report=report,
        attributes=case.attributes,
        status=case.status,
        outcome=case.outcome,
        answered_at=case.answered_at,
        closed_at=case.closed_at,
    )


def unanswered(who: Reader, institution: str = "", *, limit: int = 500) -> list[OpenLine]:
    """Open cases nobody has answered yet, the nearest promise first (S1-9)."""
    return _open_lines(_open(who, institution).filter(answered=False), who, limit)


def unresolved(who: Reader, institution: str = "", *, limit: int = 500) -> list[OpenLine]:
    """Every open case, answered or not: what the coordinator looks over (S0-8)."""
    return _open_lines(_open(who, institution), who, limit)


def without_performer(who: Reader, institution: str = "", *, limit: int = 500) -> list[OpenLine]:
    """Open cases, complaints and periodic duties, in which a step has nobody to do it: the coordinator assigns or

    acts. Asked of who holds what at this moment: a post that became vacant, or whose holder was named as stand-in by
    the party complained of, needs no event to be seen here. Looked for among all that are open, however many.
    """
    cases = _open(who, institution, COMPLAINTS, DUTIES)
    places = [place for place, part in who.parts.items() if institution in ("", part.institution)]
    found: set[UUID] = set()
    for place in Institution.objects.filter(pk__in=places):
        own = Duty.objects.filter(case__in=cases.filter(institution=place)).exclude(party__in=_OUTSIDE)
        found |= _without_anybody(own, compiled(place).shelf(who.at).organisation)
    return _open_lines(cases.filter(pk__in=sorted(found)[:_MOST_NAMED]), who, limit) if found else []


def _without_anybody(duties: QuerySet[Duty], office: Organisation) -> set[UUID]:
    """Cases of ``duties`` that nobody can do now: their posts stand vacant, or are held by those they are about."""
    held = {name for post in office.posts.values() if post.holders for name in (post.id, post.unit) if name}
    found = set(duties.exclude(posts__name__in=held).values_list("case", flat=True))
    about: dict[UUID, set[str]] = {}
    parties = CaseParty.objects.filter(part=RESPONDENT, case__in=duties.values("case"))
    for case, name in parties.values_list("case", "name"):
        about.setdefault(case, set()).add(name)
    behind = {names: office.behind(names) for names in {tuple(sorted(names)) for names in about.values()}}
    able: dict[tuple[UUID, UUID], frozenset[str]] = {}
    concerned = duties.filter(case__in=parties.values("case")).exclude(party=_PARTY)
    for case, duty, name in concerned.values_list("case", "pk", "posts__name"):
        persons = office.holders(office.expand([name or ""])) - behind[tuple(sorted(about[case]))]
        able[case, duty] = able.get((case, duty), frozenset()) | persons
    return found | {case for (case, _duty), persons in able.items() if not persons}


def counts(who: Reader, institution: str = "") -> dict[str, int]:
    """How many visible cases are open, unanswered, late, past their promise, without a performer. One query."""
    return _open(who, institution).aggregate(
        open=Count("pk"),
        unanswered=Count("pk", filter=Q(answered=False)),
        late=Count("pk", filter=Q(late=True)),
        overdue=Count("pk", filter=Q(answered=False, promise_due_at__lte=who.at)),
        nobody=Count("pk", filter=Q(nobody=True)),
    )


def find_register(who: Reader, typed: str) -> UUID | None:
    """The visible case whose register number somebody typed, or ``None``."""
    return visible_cases(who).filter(register__iexact=read_number(typed)).values_list("pk", flat=True).first()


def _open(who: Reader, institution: str, *books: str) -> QuerySet[Case]:
    """Open cases of ``books``: the complaints, unless others are named."""
    found = visible_cases(who).filter(status="open", book__in=books or (COMPLAINTS,))
    return found.filter(institution__key=institution) if institution else found


def _open_lines(cases: QuerySet[Case], who: Reader, limit: int) -> list[OpenLine]:
    ordered = cases.select_related("institution").order_by(F("promise_due_at").asc(nulls_last=True), "received_at")
    rows = list(ordered[:limit])
    texts, duties = reports({row.pk for row in rows}), duties_of(row.pk for row in rows)
    names = {place: names_of(place) for place in {row.institution_id for row in rows}}
    parties: dict[UUID, list[str]] = {}
    about = CaseParty.objects.filter(case__in=[row.pk for row in rows], part=RESPONDENT)
    for case, name in about.values_list("case", "name"):
        parties.setdefault(case, []).append(name)
    offices = {row.institution_id: compiled(row.institution).shelf(who.at).organisation for row in rows}
    lines = []
    for row in rows:
        own = sorted(duties.get(row.pk, ()), key=lambda duty: (duty.due_at is None, duty.due_at))
        # who has the row; whom they asked is told on the case page, to whoever may know it
        posts = {post.name for duty in own if not duty.disposition for post in duty.posts.all()}
        lines.append(
            OpenLine(
                case=row.pk,
                register=row.register,
                institution=row.institution.key,
                institution_name=row.institution.short_name,
                zone=row.institution.zone,
                title=title_of(texts.get(row.pk)),
                channel=row.channel,
                kind=row.kind,
                received_at=row.received_at,
                promise_due_at=row.promise_due_at,
                answered=row.answered,
                late=row.late,
                waiting=any(duty.paused for duty in own),
                steps=tuple(f"{duty.no.rstrip('.')}. {duty.what}".lstrip(". ") for duty in own),
                performers=tuple(sorted(names[row.institution_id].get(post, post) for post in posts)),
                due_at=own[0].due_at if own else None,
                state=state_of(own[0], who.at) if own else "untimed",
                rounds=max((duty.round for duty in own), default=1),
                level=max((duty.level for duty in own), default=0),
                nobody=any(_is_nobodys(duty, parties.get(row.pk, ()), offices[row.institution_id]) for duty in own),
            )
        )
    return lines


def _is_nobodys(duty: Duty, about: Sequence[str], office: Organisation) -> bool:
    """True when no person can do the duty now: whoever holds its posts, without those the case is about."""
    if duty.party in _OUTSIDE:
        return False
    able = office.holders(office.expand(post.name for post in duty.posts.all()))
    return not able if duty.party == _PARTY else not able - office.behind(about)
