"""Periodic duties: their page, and which reports they look back on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from tanggap.actions import schedules
from tanggap.actions.cases import NotVisible
from tanggap.casework import duties
from tanggap.channels import directory
from tanggap.records import queries
from tanggap.records.queries import CasePage, DutyCase, InstitutionLine, Reader, ScheduleLine
from tanggap.sop.model import Procedure
from tanggap.web import dates, labels, page, periods
from tanggap.web.inbox.accounts import tone_of

_REPORTS = ("kepatuhan", "kemacetan")


def reports_of(who: Reader, found: CasePage) -> list[tuple[str, str]]:
    """Addresses and names of the reports that an evaluation looks back on, for whoever may read them.

    Of a periodic duty over its own stretch; of a complaint where a row that evaluates is open (S4-15).
    """
    if not who.part(found.institution.id).reads_reports or found.redacted:
        return []
    steps = found.procedure.steps if found.state.internal else [offer.step for offer in found.offers]
    if all(step.record != duties.EVALUATION for step in steps):
        return []
    asked = {"institution": found.institution.key}
    since = duties.day_of(found.state.attributes, duties.SINCE)
    period = duties.day_of(found.state.attributes, duties.PERIOD)
    if since is not None and period is not None:
        asked |= {"dari": since.isoformat(), "sampai": (period - timedelta(days=1)).isoformat()}
    words = (_("Kepatuhan pada SOP"), _("Di mana kasus menunggu"))
    return [
        (f"{reverse('report_page', args=[address])}?{urlencode(asked)}", word)
        for address, word in zip(_REPORTS, words, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Entrance:
    """One channel account in words, for whoever checks that people can be heard. ``tone``: of its badge."""

    name: str
    label: str
    tone: tuple[str, str, str]
    said: str
    last_in: str
    last_out: str
    waiting: int


def entrances_of(found: CasePage, *, at: datetime) -> list[Entrance]:
    """How the channels stand, where a standing row is being checked (UNMUL 6.1, S3-2): nobody has to go and ask."""
    if not found.state.internal or found.redacted or not found.procedure.is_standing_row:
        return []
    known, zone = directory.readable(), found.institution.zone
    return [
        Entrance(
            name=one.name,
            label=_(known[one.channel].LABEL) if one.channel in known else one.channel,
            tone=tone_of(one),
            said=one.error,
            last_in=dates.stamp(one.last_in_at, zone) if one.last_in_at is not None else "-",
            last_out=dates.stamp(one.last_out_at, zone) if one.last_out_at is not None else "-",
            waiting=one.waiting,
        )
        for one in queries.accounts(found.institution.id, at=at)
        if one.active
    ]


# the page -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Time:
    """One time a duty was due, in words. ``tone``, ``shape``: of its badge."""

    case: UUID
    register: str
    period: str
    began: str
    ended: str
    word: str
    shape: str
    tone: str
    said: str


@dataclass(frozen=True, slots=True)
class Line:
    """One periodic duty, in words. ``open_case``: one that is being worked on, so none is opened beside it."""

    id: int
    title: str
    document: str
    sop_id: str
    every: str
    posts: tuple[str, ...]
    last: str
    next: str
    ended: str
    behind: int
    open_case: DutyCase | None
    times: tuple[Time, ...]


@page.for_staff
def periodic(request: HttpRequest, who: Reader) -> HttpResponse:
    """Every periodic duty of an institution: schedule, last and next, who, what is behind, what was done."""
    return _page(request, who, request.GET.get("institution", ""))


@page.only_sent(back="periodic")
@page.for_staff
def open_now(request: HttpRequest, who: Reader, key: str, schedule: int) -> HttpResponse:
    """Open a case beside the schedule, with a reason."""
    reason = (request.POST.get("reason") or "").strip()
    if not reason:
        problem = _("Tulis alasan mengapa tugas ini dibuka di luar jadwalnya.")
        return _page(request, who, key, problem=problem, about=schedule, status=422)
    try:
        case = schedules.open_now(
            key, schedule, reason=reason, by=who, form_key=(request.POST.get("key") or "")[:100], at=who.at
        )
    except NotVisible:
        raise Http404 from None
    except schedules.StillOpen:
        problem = _("Tugas ini sedang dikerjakan; selesaikan dahulu yang terbuka.")
        return _page(request, who, key, problem=problem, about=schedule, typed=reason, status=409)
    return redirect("case", case)


def _page(
    request: HttpRequest, who: Reader, key: str, *, problem: str = "", about: int = 0, typed: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    read = {part.institution for part in who.parts.values() if queries.reads_schedules(part)}
    houses = [house for house in queries.institutions() if house.key in read]
    if not houses:
        raise Http404
    house = next((one for one in houses if one.key == key), houses[0])
    lines = [_line(line, house) for line in queries.schedules(who, house.key)]
    context = {
        "here": "periodic",
        "house": house,
        "houses": houses,
        "lines": [line for line in lines if not line.ended],
        "over": [line for line in lines if line.ended],
        "may_open": who.part(house.id).coordinator,
        "key": page.new_key(),
        "problem": problem,
        "about": about,
        "typed": typed,
    }
    return page.office(request, who, "duties/periodic.html", context, status=status)


def _line(line: ScheduleLine, house: InstitutionLine) -> Line:
    return Line(
        id=line.id,
        title=periods.name_of(line.sop, line.duty.id),
        document=line.sop.identity.title or line.sop.id,
        sop_id=line.sop.id,
        every=_every(line.duty),
        posts=line.posts,
        last=dates.day(line.last) if line.last else "",
        next=dates.weekday(dates.local(line.next_at, house.zone)) if line.next_at else "",
        ended=dates.day(dates.local(line.ended_at, house.zone)) if line.ended_at else "",
        behind=sum(one.behind for one in line.cases),
        open_case=line.open_case,
        times=tuple(_time(one, house) for one in line.cases),
    )


def _every(duty: Procedure) -> str:
    return _("Setiap %(every)s") % {"every": duty.every}


def _time(one: DutyCase, house: InstitutionLine) -> Time:
    word, shape, tone = _("Terbuka"), "processed", "is-now"
    if one.closed_at is not None:
        word, shape, tone = str(labels.outcome(one.outcome)), "finished", "is-good"
    elif one.behind:
        word, shape, tone = _("Belum dikerjakan"), "late", "is-late"
    said = periods.left_out(one.attributes)
    if one.extra:
        said = _("Dibuka di luar jadwal.")
    return Time(
        case=one.case,
        register=one.register,
        period=periods.period_of(one.attributes),
        began=dates.stamp(one.received_at, house.zone),
        ended=dates.stamp(one.closed_at, house.zone) if one.closed_at is not None else "",
        word=word,
        shape=shape,
        tone=tone,
        said=said,
    )
