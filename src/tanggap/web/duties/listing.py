"""My duties: one list ordered by what is due, late first, with time left in words and shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tanggap.casework.shelf import Shelf
from tanggap.records import queries
from tanggap.records.queries import ClimbedLine, DutyKind, DutyLine, DutyPage, DutyStanding, DutyWish, Reader
from tanggap.sop.model import Step
from tanggap.web import clocks, dates, labels, page, periods, printed
from tanggap.web.clocks import Clock
from tanggap.web.labels import Words
from tanggap.web.organisation import words as organisation
from tanggap.worktime.calendar import WorkCalendar

_FILTERS = ("q", "institution", "unit", "procedure", "channel", "kind", "urgency", "state")
AT_ONCE = 100
"""How many duties a page of the list shows."""


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty as the list shows it."""

    url: str
    title: str
    register: str
    channel: str
    kind: str
    tags: tuple[str, ...]
    house: str
    clock: Clock
    clock_meta: str
    step: str
    step_meta: str


@dataclass(frozen=True, slots=True)
class Group:
    """Duties of one group of time: those of this page, and how many there are (``n``)."""

    key: str
    word: str
    duties: list[DutyRow]
    n: int


@dataclass(frozen=True, slots=True)
class Pages:
    """Which of the duties a page shows, and the addresses of those before and after it (empty: none)."""

    first: int
    through: int
    total: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Select:
    """One filter with what can be chosen."""

    name: str
    label: Words
    all: Words
    options: list[tuple[str, str]]
    chosen: str


@page.for_staff
def duties(request: HttpRequest, who: Reader) -> HttpResponse:
    """The list, filtered and searched; a whole register number typed into the search opens its case."""
    only = {name: request.GET.get(name, "").replace("\0", "").strip()[:200] for name in _FILTERS}
    if only["q"] and (exactly := queries.find_register(who, only["q"])) is not None:
        return redirect("case", exactly)
    wish = DutyWish(words=only["q"], **{name: only[name] for name in _FILTERS if name != "q"})
    number = _number(request.GET.get("hal", ""))
    found = queries.duty_page(who, wish, start=(number - 1) * AT_ONCE, size=AT_ONCE)
    number = min(number, max(1, -(-found.total // AT_ONCE)))
    standing = queries.duty_standing(who)
    lines = _named(found.lines)
    houses = {line.institution for line in lines} | {place[0] for place in standing.several}
    shelves = {key: queries.shelf(key, at=who.at) for key in houses}
    shown = [(line, _clock(line, shelves[line.institution].calendar, who.at)) for line in lines]
    climbed = _climbed(who, wish) if number == 1 and not wish.state else []
    context = {
        "here": "duties",
        "only": only,
        "filtered": any(only.values()),
        "groups": [*climbed, *_groups(shown, found.counts)],
        "counts": _counts(found, only),
        "selects": _selects(standing, only),
        "pages": _pages(found, only, number),
        "searched": 0 if found.searched_all else queries.SEARCHED,
        "several_houses": len({one.institution for one in standing.kinds}) > 1,
        "now_words": _now_words(who, standing),
        "standing": _standing(standing, who.at),
        "away": _away(who),
        "by_hand": queries.task_count(who),
        "together": _together(standing, shelves),
        "holds_posts": any(part.posts for part in who.parts.values()),
    }
    return page.office(request, who, "duties/list.html", context)


def _named(lines: Sequence[DutyLine]) -> list[DutyLine]:
    """The lines, those of periodic duties by what they are: nobody wrote a title for them."""
    titles: dict[tuple[str, str], str] = {}
    named = []
    for line in lines:
        key = (line.sop_hash, line.procedure)
        if line.internal and key not in titles:
            titles[key] = periods.name_of(queries.sop_version(line.institution, line.sop_hash).sop, line.procedure)
        named.append(replace(line, title=titles[key]) if line.internal else line)
    return named


def _tags(line: DutyLine) -> tuple[str, ...]:
    if line.internal:
        return (periods.period_of(line.attributes),)
    urgency = line.attributes.get("urgensi", "")
    return (_("Urgensi %(level)s") % {"level": urgency},) if urgency in ("tinggi", "segera") else ()


def _away(who: Reader) -> list[str]:
    """Who is represented now or soon, of those the reader has to do with (S4: the superior learns of it)."""
    found = queries.absences(who)
    zones = {line.key: line.zone for line in queries.institutions()} if found else {}
    said = []
    for one in found:
        told = {"person": one.instead_of or one.post_name, "post": one.post_name, "name": one.name,
                "span": organisation.span(one.from_at, one.until_at, zones[one.institution])}  # fmt: skip
        if one.user == who.user.pk:
            said.append(_("Anda Plh. %(post)s, menggantikan %(person)s, %(span)s.") % told)
        elif one.stands_in_for == who.user.pk:
            said.append(_("Anda digantikan %(name)s sebagai Plh. %(post)s, %(span)s.") % told)
        else:
            said.append(_("%(person)s tidak di tempat, digantikan %(name)s sebagai Plh. %(post)s, %(span)s.") % told)
    return said


def _clock(line: DutyLine, calendar: WorkCalendar, at: datetime) -> Clock:
    clock = clocks.read(
        due_at=line.due_at, now=at, calendar=calendar, starts_at=line.opened_at,
        paused=line.state == "paused", breaches=line.party not in ("complainant", "outside"),
    )  # fmt: skip
    if line.state == "soon" and clock.group in (clocks.TODAY, clocks.LATER):
        return replace(clock, tone="is-risk", shape="risk")
    return clock


def _number(asked: str) -> int:
    """The number of a page, from 1; nonsense is the first."""
    return max(int(asked), 1) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def _pages(found: DutyPage, only: dict[str, str], number: int) -> Pages | None:
    """What leads from page to page; none where one page shows all."""
    if found.total <= AT_ONCE:
        return None

    def url(wanted: int) -> str:
        asked = {name: value for name, value in only.items() if value}
        return f"{reverse('duties')}?{urlencode({**asked, 'hal': wanted})}"

    first = (number - 1) * AT_ONCE + 1
    through = min(number * AT_ONCE, found.total)
    before, after = url(number - 1) if number > 1 else "", url(number + 1) if through < found.total else ""
    return Pages(first, through, found.total, before, after)


def _groups(rows: Sequence[tuple[DutyLine, Clock]], counts: dict[str, int]) -> list[Group]:
    words = {
        clocks.LATE: _("Lewat waktu"),
        clocks.TODAY: _("Jatuh tempo hari ini"),
        clocks.LATER: _("Sesudah hari ini"),
        clocks.WAITING: _("Menunggu pihak lain"),
    }
    found = {key: [_row(line, clock) for line, clock in rows if clock.group == key] for key in words}
    return [Group(key, word, found[key], counts[key]) for key, word in words.items() if found[key]]


def _climbed(who: Reader, wish: DutyWish) -> list[Group]:
    """What climbed to this officer (eskalasi): not theirs to do, but theirs to see to."""
    found = queries.climbed_to(who, wish)
    found = [replace(one, line=line) for one, line in zip(found, _named([one.line for one in found]), strict=True)]
    calendars = {key: queries.calendar_of(key) for key in {one.line.institution for one in found}}
    rows = [_climbed_row(one, _clock(one.line, calendars[one.line.institution], who.at)) for one in found]
    return [Group("climbed", _("Eskalasi kepada Anda"), rows, len(rows))] if rows else []


def _climbed_row(one: ClimbedLine, clock: Clock) -> DutyRow:
    said = {"cause": labels.cause(one.cause), "since": dates.stamp(one.since, one.line.zone)}
    told = _("Karena %(cause)s, sejak %(since)s.") % said
    if one.performers:
        told += " " + _("Ada pada %(posts)s.") % {"posts": ", ".join(one.performers)}
    row = _row(one.line, clock)
    return replace(row, tags=(*row.tags, _("Eskalasi tingkat %(level)d") % {"level": one.level}), step_meta=told)


def _row(line: DutyLine, clock: Clock) -> DutyRow:
    head = printed.title_and_rest(line.what)[0]
    number = line.no.strip().rstrip(".")
    step = _("Langkah %(no)s. %(what)s") % {"no": number, "what": head} if number else head
    if line.disposition:
        step = _("Disposisi pada %(step)s") % {"step": step}
    if line.round > 1:
        step += _(" (putaran %(round)d)") % {"round": line.round}
    opened = _("Masuk %(at)s") % {"at": dates.stamp(line.opened_at, line.zone)}
    return DutyRow(
        url=f"{reverse('case', args=[line.case])}#{anchor(line.visit)}",
        title=line.title or _("Laporan %(register)s") % {"register": line.register},
        register=line.register,
        channel=line.channel,
        kind=line.kind,
        tags=_tags(line),
        house=line.institution_name,
        clock=clock,
        clock_meta=clock.beside,
        step=step,
        step_meta=opened,
    )


def together_address(institution: str, digest: str, procedure: str, row: str) -> str:
    """Where a row of one version is done for several cases together."""
    return reverse("together", args=[institution, digest[:12], procedure, row])


def step_words(step: Step) -> str:
    """A row by its number and what is done in it."""
    head, number = printed.title_and_rest(step.what)[0], step.no.strip().rstrip(".")
    return _("Langkah %(no)s. %(what)s") % {"no": number, "what": head} if number else head


def _together(standing: DutyStanding, shelves: Mapping[str, Shelf]) -> list[tuple[str, str]]:
    """Address and words of each row that waits in several cases and may be done for them together (`batch`)."""
    found = []
    for place, number in standing.several.items():
        institution, digest, procedure, row = place
        step = shelves[institution].flow(digest, procedure).steps.get(row)
        if step is not None and step.batch:
            words = ngettext("%(step)s: %(n)d laporan", "%(step)s: %(n)d laporan", number)
            found.append((together_address(*place), words % {"n": number, "step": step_words(step)}))
    return found


def anchor(visit: str) -> str:
    """The id of a step card: a visit without the sign that ids and addresses cannot hold."""
    return "langkah-" + "".join(c if c.isalnum() else "-" for c in visit)


def _counts(found: DutyPage, only: dict[str, str]) -> list[dict[str, object]]:
    words = {
        "": _("semua"),
        clocks.LATE: _("lewat waktu"),
        clocks.TODAY: _("hari ini"),
        clocks.LATER: _("sesudahnya"),
        clocks.WAITING: _("menunggu pihak lain"),
    }
    return [
        {
            "n": found.counts[state] if state else sum(found.counts.values()),
            "word": word,
            "chosen": only["state"] == state,
            "url": f"?{urlencode({**{k: v for k, v in only.items() if v and k != 'state'}, 'state': state})}",
        }
        for state, word in words.items()
    ]


def _selects(standing: DutyStanding, only: dict[str, str]) -> list[Select]:
    def select(name: str, label: Words, everything: Words, options: Iterable[tuple[str, Words]]) -> Select:
        known = {value: str(word) for value, word in options}
        return Select(name, label, everything, sorted(known.items(), key=lambda one: one[1]), only[name])

    kinds = standing.kinds
    found = [
        select("institution", _("Lembaga"), _("Semua lembaga"), ((x.institution, x.institution_name) for x in kinds)),
        select("unit", _("Unit"), _("Semua unit"), standing.units),
        select("procedure", _("Prosedur"), _("Semua prosedur"), _procedures(kinds)),
        select("channel", _("Saluran"), _("Semua saluran"), ((x.channel, labels.channel(x.channel)) for x in kinds)),
        select("kind", _("Jenis"), _("Semua jenis"), ((x.kind, labels.kind(x.kind)) for x in kinds if x.kind)),
        select("urgency", _("Urgensi"), _("Semua urgensi"), ((x.urgency, x.urgency) for x in kinds if x.urgency)),
    ]  # fmt: skip
    return [one for one in found if len(one.options) > 1 or one.chosen]


def _procedures(kinds: Iterable[DutyKind]) -> Iterable[tuple[str, str]]:
    titles: dict[tuple[str, str], str] = {}
    for one in kinds:
        key = (one.sop_hash, one.procedure)
        if key not in titles:
            sop = queries.sop_version(one.institution, one.sop_hash).sop
            titles[key] = sop.procedure(one.procedure).label or sop.identity.title
        yield f"{one.sop_hash[:12]}/{one.procedure}", titles[key]


def _now_words(who: Reader, standing: DutyStanding) -> str:
    zone = standing.kinds[0].zone if standing.kinds else "Asia/Jakarta"
    return f"{dates.weekday(dates.local(who.at, zone))}, {dates.clock(who.at, zone)}"


def _standing(found: DutyStanding, at: datetime) -> str:
    words = _("Tidak ada tugas Anda yang lewat waktu.")
    if found.late:
        words = ngettext("%(n)d tugas lewat waktu.", "%(n)d tugas lewat waktu.", found.late) % {"n": found.late}
    if found.next_at is not None:
        nearest = dates.short_deadline(found.next_at, found.next_zone, now=at)
        words = f"{words} " + _("Yang terdekat jatuh tempo %(due)s.") % {"due": nearest}
    return words
