"""My duties: one list ordered by what is due, late first, with time left in words and shape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tanggap.records import queries
from tanggap.records.queries import ClimbedLine, DutyLine, Reader
from tanggap.sop.model import Step
from tanggap.web import clocks, dates, labels, page, periods, printed
from tanggap.web.clocks import Clock
from tanggap.web.labels import Words
from tanggap.web.organisation import words as organisation
from tanggap.worktime.calendar import WorkCalendar

_FILTERS = ("q", "institution", "unit", "procedure", "channel", "kind", "urgency", "state")
MOST = 200
"""How many duties the list shows, and is filtered among; the page says so when there are as many."""


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
    """Duties of one group of time."""

    key: str
    word: str
    duties: list[DutyRow]


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
    if only["q"] and (found := queries.find_register(who, only["q"])) is not None:
        return redirect("case", found)
    everything = _named(queries.my_duties(who, limit=MOST))
    calendars = {key: queries.calendar_of(key) for key in {line.institution for line in everything}}
    rows = [(line, _clock(line, calendars[line.institution], who.at)) for line in everything]
    kept = [(line, clock) for line, clock in rows if _matches(line, only)]
    shown = [(line, clock) for line, clock in kept if only["state"] in ("", clock.group)]
    context = {
        "here": "duties",
        "only": only,
        "filtered": any(only.values()),
        "groups": [*_groups(shown, who.at), *([] if only["state"] else _climbed(who, only))],
        "counts": _counts([clock for _line, clock in kept], only),
        "selects": _selects(everything, only),
        "most": MOST if len(everything) == MOST else 0,
        "several_houses": len({line.institution for line in everything}) > 1,
        "now_words": _now_words(who, everything),
        "standing": _standing([clock for _line, clock in rows]),
        "away": _away(who),
        "by_hand": queries.task_count(who),
        "together": _together(everything, who.at),
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


def _matches(line: DutyLine, only: dict[str, str]) -> bool:
    asked = only["q"].lower()
    return (
        (not asked or asked in f"{line.title} {line.register} {line.what}".lower())
        and only["institution"] in ("", line.institution)
        and (not only["unit"] or only["unit"] in dict(line.units))
        and only["procedure"] in ("", f"{line.sop_hash[:12]}/{line.procedure}")
        and only["channel"] in ("", line.channel)
        and only["kind"] in ("", line.kind)
        and only["urgency"] in ("", line.attributes.get("urgensi", ""))
    )


def _groups(rows: Sequence[tuple[DutyLine, Clock]], at: datetime) -> list[Group]:
    words = {
        clocks.LATE: _("Lewat waktu"),
        clocks.TODAY: _("Jatuh tempo hari ini"),
        clocks.LATER: _("Sesudah hari ini"),
        clocks.WAITING: _("Menunggu pihak lain"),
    }
    found = {key: [_row(line, clock) for line, clock in rows if clock.group == key] for key in words}
    return [Group(key, word, found[key]) for key, word in words.items() if found[key]]


def _climbed(who: Reader, only: dict[str, str]) -> list[Group]:
    """What climbed to this officer (eskalasi): not theirs to do, but theirs to see to."""
    found = [one for one in queries.climbed_to(who) if _matches(one.line, only)]
    calendars = {key: queries.calendar_of(key) for key in {one.line.institution for one in found}}
    rows = [_climbed_row(one, _clock(one.line, calendars[one.line.institution], who.at)) for one in found]
    return [Group("climbed", _("Eskalasi kepada Anda"), rows)] if rows else []


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


def _together(lines: Iterable[DutyLine], at: datetime) -> list[tuple[str, str]]:
    """Address and words of each row that waits in several cases and may be done for them together (`batch`).

    One query for each row that waits in several.
    """
    several = Counter(
        (one.institution, one.sop_hash, one.procedure, one.row)
        for one in lines
        if not one.disposition and one.state != "paused"
    )
    found = []
    for place, number in several.items():
        institution, digest, procedure, row = place
        step = queries.shelf(institution, at=at).flow(digest, procedure).steps.get(row) if number > 1 else None
        if step is not None and step.batch:
            words = ngettext("%(step)s: %(n)d laporan", "%(step)s: %(n)d laporan", number)
            found.append((together_address(*place), words % {"n": number, "step": step_words(step)}))
    return found


def anchor(visit: str) -> str:
    """The id of a step card: a visit without the sign that ids and addresses cannot hold."""
    return "langkah-" + "".join(c if c.isalnum() else "-" for c in visit)


def _counts(found: Sequence[Clock], only: dict[str, str]) -> list[dict[str, object]]:
    words = {
        "": _("semua"),
        clocks.LATE: _("lewat waktu"),
        clocks.TODAY: _("hari ini"),
        clocks.LATER: _("sesudahnya"),
        clocks.WAITING: _("menunggu pihak lain"),
    }
    return [
        {
            "n": sum(1 for clock in found if state in ("", clock.group)),
            "word": word,
            "chosen": only["state"] == state,
            "url": f"?{urlencode({**{k: v for k, v in only.items() if v and k != 'state'}, 'state': state})}",
        }
        for state, word in words.items()
    ]


def _selects(lines: Sequence[DutyLine], only: dict[str, str]) -> list[Select]:
    def select(name: str, label: Words, everything: Words, options: Iterable[tuple[str, Words]]) -> Select:
        known = {value: str(word) for value, word in options}
        return Select(name, label, everything, sorted(known.items(), key=lambda one: one[1]), only[name])

    urgencies = [line.attributes.get("urgensi", "") for line in lines]
    found = [
        select("institution", _("Lembaga"), _("Semua lembaga"), ((x.institution, x.institution_name) for x in lines)),
        select("unit", _("Unit"), _("Semua unit"), (unit for x in lines for unit in x.units)),
        select("procedure", _("Prosedur"), _("Semua prosedur"), _procedures(lines)),
        select("channel", _("Saluran"), _("Semua saluran"), ((x.channel, labels.channel(x.channel)) for x in lines)),
        select("kind", _("Jenis"), _("Semua jenis"), ((x.kind, labels.kind(x.kind)) for x in lines if x.kind)),
        select("urgency", _("Urgensi"), _("Semua urgensi"), ((u, u) for u in urgencies if u)),
    ]  # fmt: skip
    return [one for one in found if len(one.options) > 1 or one.chosen]


def _procedures(lines: Sequence[DutyLine]) -> Iterable[tuple[str, str]]:
    titles: dict[tuple[str, str], str] = {}
    for line in lines:
        key = (line.sop_hash, line.procedure)
        if key not in titles:
            sop = queries.sop_version(line.institution, line.sop_hash).sop
            titles[key] = sop.procedure(line.procedure).label or sop.identity.title
        yield f"{line.sop_hash[:12]}/{line.procedure}", titles[key]


def _now_words(who: Reader, lines: Sequence[DutyLine]) -> str:
    zone = lines[0].zone if lines else "Asia/Jakarta"
    return f"{dates.weekday(dates.local(who.at, zone))}, {dates.clock(who.at, zone)}"


def _standing(found: Sequence[Clock]) -> str:
    late = sum(1 for clock in found if clock.group == clocks.LATE)
    words = _("Tidak ada tugas Anda yang lewat waktu.")
    if late:
        words = ngettext("%(n)d tugas lewat waktu.", "%(n)d tugas lewat waktu.", late) % {"n": late}
    nearest = next((clock.due for clock in found if clock.group == clocks.TODAY), "")
    if nearest:
        words = f"{words} " + _("Yang terdekat jatuh tempo %(due)s.") % {"due": nearest}
    return words
