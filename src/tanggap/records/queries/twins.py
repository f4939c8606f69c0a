"""Cases that may be about the same matter, or come from the same person, as far as the reader may see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from rapidfuzz import fuzz

from tanggap.casework.state import DIFFERENT, MERGED, MERGED_INTO, RELATED, Link
from tanggap.records import likeness
from tanggap.records.access import Reader, visible_cases
from tanggap.records.models import Case, CaseMark, CaseParty
from tanggap.records.projection import RESPONDENT
from tanggap.records.queries.words import reports, title_of

_LOOK_BACK = timedelta(days=180)
_MOST = 8
_WEIGHED = 40
_ALIKE_FROM = 60
_DECIDED = frozenset({RELATED, DIFFERENT, MERGED, MERGED_INTO})
_TEXT_LETTERS = 20_000


@dataclass(frozen=True, slots=True)
class Twin:
    """A case that may be the same. ``alike``: how alike the texts are, 0 to 100; ``same_person``: by a mark of theirs.

    ``relation``: what an officer has said of the two, or empty.
    """

    id: UUID
    register: str
    title: str
    text: str
    channel: str
    status: str
    received_at: datetime
    alike: int
    same_person: bool
    relation: str = ""


def twin_count(who: Reader, case: UUID, links: Iterable[Link], *, received_at: datetime) -> int:
    """How many cases may be the same and are not decided on; one query, for the line on the page of a case."""
    decided = [link.case for link in links if link.relation in _DECIDED]
    return len(_shared(who, case, received_at=received_at, without=decided))


def twins(who: Reader, case: UUID, links: Iterable[Link], *, received_at: datetime) -> list[Twin]:
    """Cases that may be the same as ``case``, which ``who`` sees, likeliest first; then those decided on.

    Whoever is complained of is offered none: two reports told together say more of a complainant than one. Texts are
    compared word for word only here, for the few cases that share a mark.
    """
    said = {link.case: link.relation for link in links if link.relation in _DECIDED}
    shared = _shared(who, case, received_at=received_at, without=())
    known = [UUID(other) for other in said if _is_uuid(other)]
    rows = list(visible_cases(who).filter(pk__in=[*shared, *known]).exclude(pk=case))
    concerned = _concerning(who, rows)
    rows = [row for row in rows if row.pk not in concerned]
    words = reports([case, *(row.pk for row in rows)])
    mine = _text(words.get(case))
    found = [_twin(row, shared.get(row.pk, frozenset()), said.get(str(row.pk), ""), mine, words) for row in rows]
    likely = [one for one in found if one.relation or one.same_person or one.alike >= _ALIKE_FROM]
    likely.sort(key=lambda one: (bool(one.relation), -one.alike, not one.same_person, one.register))
    return likely[: _MOST + len(said)]


def _concerning(who: Reader, rows: Iterable[Case]) -> set[UUID]:
    """Those of ``rows`` in which ``who`` is complained of. One query."""
    names = {row.pk: who.part(row.institution_id).concerned for row in rows}
    parties = CaseParty.objects.filter(case__in=list(names), part=RESPONDENT).values_list("case", "name")
    return {case for case, name in parties if name in names[case]}


def same_person(one: UUID, other: UUID) -> bool:
    """True when the two share an address or a number of their complainants. Nobody is told which."""
    mine = CaseMark.objects.filter(case=one, kind__in=likeness.OF_A_PERSON).values_list("kind", "value")
    other_marks = CaseMark.objects.filter(case=other, kind__in=likeness.OF_A_PERSON).values_list("kind", "value")
    return not set(mine).isdisjoint(other_marks)


def _shared(who: Reader, case: UUID, *, received_at: datetime, without: Iterable[str]) -> dict[UUID, frozenset[str]]:
    """Cases that share marks with ``case``, and the kinds of marks: the most shared first, not many."""
    mine = list(CaseMark.objects.filter(case=case).values_list("institution", "kind", "value"))
    if not mine:
        return {}
    others = (
        CaseMark.objects.filter(
            institution=mine[0][0],
            value__in=[value for _place, _kind, value in mine],
            case__received_at__gte=received_at - _LOOK_BACK,
            case__in=visible_cases(who),
        )
        .exclude(case=case)
        .order_by("-case__received_at")
        .values_list("case", "kind")[: _WEIGHED * 12]
    )
    left_out = set(without)
    kinds: dict[UUID, list[str]] = defaultdict(list)
    for other, kind in others:
        if str(other) not in left_out:
            kinds[other].append(kind)
    most = sorted(kinds, key=lambda other: -len(kinds[other]))[:_WEIGHED]
    return {other: frozenset(kinds[other]) for other in most}


def _twin(
    row: Case, kinds: frozenset[str], relation: str, mine: str, words: Mapping[UUID, Mapping[str, str]]
) -> Twin:  # fmt: skip
    theirs = _text(words.get(row.pk))
    return Twin(
        id=row.pk,
        register=row.register,
        title=title_of(words.get(row.pk)),
        text=(words.get(row.pk) or {}).get("text", ""),
        channel=row.channel,
        status=row.status,
        received_at=row.received_at,
        alike=round(fuzz.token_set_ratio(mine, theirs)) if mine and theirs else 0,
        same_person=not kinds.isdisjoint(likeness.OF_A_PERSON),
        relation=relation,
    )


def _text(report: Mapping[str, str] | None) -> str:
    return " ".join((report or {}).get("text", "").casefold().split())[:_TEXT_LETTERS]


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
