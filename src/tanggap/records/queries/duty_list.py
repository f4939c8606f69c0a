"""The list of duties: filtered, counted and cut into pages by the database, however many there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import reduce
from operator import or_
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields.json import KeyTextTransform

from tanggap.records.access import Reader, visible_cases, visible_duties
from tanggap.records.models import Duty, DutyPost, DutyRung, Institution, SopVersion
from tanggap.records.models.cases import DUTIES
from tanggap.records.queries.duties import DutyLine, duty_line, lines_of, units_of_reader
from tanggap.records.queries.institutions import names_of
from tanggap.records.queries.words import reports, title_of
from tanggap.records.shelves import SopTexts

LATE, TODAY, LATER, WAITING = GROUPS = ("late", "today", "later", "waiting")
"""How duties are grouped: late; due on this day of their institution; later or untimed; waiting for others."""

SEARCHED = 2000
"""Among how many duties, the most urgent first, words are looked for: titles lie encrypted and are opened for it."""

_OUTSIDE = Q(party__in=("complainant", "outside"))


@dataclass(frozen=True, slots=True)
class DutyWish:
    """What to show of the list; empty shows all. ``procedure``: the beginning of a version's hash, ``/``, its id."""

    words: str = ""
    institution: str = ""
    unit: str = ""
    procedure: str = ""
    channel: str = ""
    kind: str = ""
    urgency: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class DutyKind:
    """One combination that occurs among somebody's duties: what there is to filter by."""

    institution: str
    institution_name: str
    zone: str
    sop_hash: str
    procedure: str
    channel: str
    kind: str
    urgency: str


@dataclass(frozen=True, slots=True)
class DutyPage:
    """A page of the list. ``counts``: how many there are of each group, as filtered by all but the group.

    ``total``: how many the filter finds. ``searched_all``: false when words were looked for among the first only.
    """

    lines: list[DutyLine]
    total: int
    counts: dict[str, int]
    searched_all: bool = True


@dataclass(frozen=True, slots=True)
class ClimbedLine:
    """A duty of others that climbed to the reader (*eskalasi*): how far, why, since when, and with whom it is."""

    line: DutyLine
    level: int
    cause: str
    since: datetime
    performers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DutyStanding:
    """How all duties of somebody stand: what there is to filter by, how many are late, what falls due next today.

    ``several``: in how many cases a row waits, by institution, version, procedure and row, where it waits in more than
    one.
    """

    kinds: list[DutyKind]
    units: list[tuple[str, str]]
    late: int
    next_at: datetime | None
    next_zone: str
    several: dict[tuple[str, str, str, str], int]


def duty_page(who: Reader, only: DutyWish, *, start: int, size: int) -> DutyPage:
    """``size`` duties from number ``start`` (from 0) of those ``only`` asks for: late first, waiting last. Few queries.

    A ``start`` beyond the last shows the last page.
    """
    duties, searched_all = _filtered(who, only), True
    groups = _groups(who)
    if only.words:
        found, searched_all = _with_words(duties, groups, only.words)
        duties = Duty.objects.filter(pk__in=found)
    counts = duties.aggregate(**{name: Count("pk", distinct=True, filter=groups[name]) for name in GROUPS})
    total = counts.get(only.state, 0) if only.state else sum(counts.values())
    if only.state:
        duties = duties.filter(groups[only.state]) if only.state in groups else duties.none()
    start = min(start, max(0, (total - 1) // size * size))
    lines = lines_of(_ordered(duties, groups)[start : start + size], who)
    return DutyPage(lines, total, counts, searched_all)


def climbed_to(who: Reader, only: DutyWish = DutyWish(), *, limit: int = 100) -> list[ClimbedLine]:
    """Duties of others about which a post of the reader was rung, of those ``only`` asks for (but for its ``state``).

    The highest and longest first. Few queries. A unit asked for is that of the post that was rung.
    """
    posts = [(place, name) for place, part in who.parts.items() for name in sorted(part.posts)]
    if only.unit:
        units = units_of_reader(who)
        posts = [one for one in posts if one in units and units[one][0] == only.unit]
    if not posts:
        return []
    mine = reduce(or_, (Q(duty__case__institution=place, name=name) for place, name in posts))
    rung = DutyRung.objects.filter(mine, duty__case__in=visible_cases(who), **_wanted(only, "duty__"))
    rung = rung.exclude(duty__in=visible_duties(who))
    if only.words:
        duties = Duty.objects.filter(pk__in=rung.order_by().values("duty"))
        rung = rung.filter(duty__in=_with_words(duties, _groups(who), only.words)[0])
    found: dict[UUID, DutyRung] = {}  # a person may hold several posts that were rung: the highest tells
    for one in rung.select_related("duty__case__institution").prefetch_related("duty__posts").order_by("-level", "at"):
        found.setdefault(one.duty_id, one)
    shown = list(found.values())[:limit]
    titles = reports({one.duty.case_id for one in shown})
    known = {place: names_of(place) for place in {one.duty.case.institution_id for one in shown}}
    return [_climbed(one, title_of(titles.get(one.duty.case_id)), known, who.at) for one in shown]


def _climbed(one: DutyRung, title: str, names: Mapping[int, Mapping[str, str]], at: datetime) -> ClimbedLine:
    own = names[one.duty.case.institution_id]
    performers = tuple(sorted({own.get(post.name, post.name) for post in one.duty.posts.all()}))
    return ClimbedLine(duty_line(one.duty, title=title, at=at), one.level, one.cause, one.at, performers)


def duty_standing(who: Reader) -> DutyStanding:
    """How all duties of ``who`` stand. Seven queries."""
    duties, groups = visible_duties(who), _groups(who)
    kinds = duties.order_by().values_list(
        "case__institution__key", "case__institution__short_name", "case__institution__zone", "case__sop_hash",
        "case__procedure", "case__channel", "case__kind", KeyTextTransform("urgensi", "case__attributes"),
    )  # fmt: skip
    reached = DutyPost.objects.filter(duty__in=duties.order_by().values("pk"))
    places = set(reached.values_list("duty__case__institution", "name").distinct())
    units = {unit for place, unit in units_of_reader(who).items() if place in places}
    late = duties.aggregate(late=Count("pk", distinct=True, filter=groups[LATE]))["late"]
    today = duties.filter(groups[TODAY]).order_by("due_at").values_list("due_at", "case__institution__zone").first()
    next_at, zone = today if today is not None else (None, "")
    found = [
        DutyKind(house, name, there, sop, procedure, channel, kind, urgency or "")
        for house, name, there, sop, procedure, channel, kind, urgency in kinds
    ]
    return DutyStanding(found, sorted(units), late, next_at, zone, _several(who))


def _several(who: Reader) -> dict[tuple[str, str, str, str], int]:
    rows = Duty.objects.filter(pk__in=visible_duties(who).order_by().values("pk"), disposition="", paused=False)
    place = ("case__institution__key", "case__sop_hash", "case__procedure", "row")
    counted = rows.order_by().values_list(*place).annotate(n=Count("pk")).filter(n__gt=1)
    return {(house, sop, procedure, row): n for house, sop, procedure, row, n in counted}


def _groups(who: Reader) -> dict[str, Q]:
    """Each group as a condition; a day ends at midnight in the zone of the duty's institution."""
    ends = []
    for zone in sorted(set(Institution.objects.filter(pk__in=list(who.parts)).values_list("zone", flat=True))):
        there = who.at.astimezone(ZoneInfo(zone))
        midnight = datetime.combine(there.date() + timedelta(days=1), time(), there.tzinfo)
        ends.append(Q(case__institution__zone=zone, due_at__lt=midnight))
    runs, this_day = Q(paused=False, due_at__isnull=False) & ~_OUTSIDE, reduce(or_, ends, Q(pk__in=()))
    return {
        LATE: runs & Q(due_at__lt=who.at),
        TODAY: runs & Q(due_at__gte=who.at) & this_day,
        LATER: Q(paused=False, due_at__isnull=True) | (runs & Q(due_at__gte=who.at) & ~this_day),
        WAITING: Q(paused=True) | (Q(due_at__isnull=False) & _OUTSIDE),
    }


def _ordered(duties: QuerySet[Duty], groups: dict[str, Q]) -> QuerySet[Duty]:
    rank = Case(When(groups[WAITING], then=Value(1)), default=Value(0), output_field=IntegerField())
    return duties.annotate(rank=rank).order_by("rank", F("due_at").asc(nulls_last=True), "opened_at", "pk")


def _filtered(who: Reader, only: DutyWish) -> QuerySet[Duty]:
    duties = visible_duties(who).filter(**_wanted(only))
    return duties.filter(_of_unit(who, only.unit)) if only.unit else duties


def _wanted(only: DutyWish, before: str = "") -> dict[str, str]:
    """What ``only`` asks for of a duty's case, as conditions; ``before``: what leads to the duty."""
    digest, _, procedure = only.procedure.rpartition("/")
    wanted = {
        "case__institution__key": only.institution,
        "case__sop_hash__startswith": digest,
        "case__procedure": procedure,
        "case__channel": only.channel,
        "case__kind": only.kind,
        "case__attributes__urgensi": only.urgency,
    }
    return {before + name: value for name, value in wanted.items() if value}


def _of_unit(who: Reader, unit: str) -> Q:
    """Duties that reach ``who`` by a post in ``unit``, or by the unit itself."""
    found = Q(pk__in=())
    for (place, name), (key, _) in units_of_reader(who).items():
        if key == unit:
            found |= Q(Exists(DutyPost.objects.filter(duty=OuterRef("pk"), name=name)), case__institution=place)
    return found


def _with_words(duties: QuerySet[Duty], groups: dict[str, Q], words: str) -> tuple[list[UUID], bool]:
    """Those of the first :data:`SEARCHED` in whose number, title or row ``words`` occur; whether these are all."""
    columns = ("pk", "case", "case__register", "what", "case__book", "case__sop_hash", "case__procedure", "rank")
    rows = list(_ordered(duties, groups).values_list(*columns)[: SEARCHED + 1])
    looked_at = rows[:SEARCHED]
    titles = reports({row[1] for row in looked_at})
    named = _names_of_duties({(row[5], row[6]) for row in looked_at if row[4] == DUTIES})
    asked, found = words.lower(), []
    for pk, case, register, what, _book, sop, procedure, _rank in looked_at:
        told = (register, what, title_of(titles.get(case)), named.get((sop, procedure), ""))
        if asked in " ".join(told).lower():
            found.append(pk)
    return found, len(rows) <= SEARCHED


def _names_of_duties(wanted: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """What periodic duties are called in their documents: nobody wrote a title for them."""
    hashes = sorted({sop for sop, _ in wanted})
    sops = SopTexts(dict(SopVersion.objects.filter(hash__in=hashes).values_list("hash", "text")) if hashes else {})
    return {
        (sop, procedure): f"{sops[sop].procedure(procedure).label} {sops[sop].identity.title}"
        for sop, procedure in wanted
        if sop in sops
    }
