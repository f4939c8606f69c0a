"""A report as a page: filters, a bar with words for each row, the table behind it, and the same table as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count, groupby
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tanggap.records import queries
from tanggap.records.queries import InstitutionLine, Reader
from tanggap.reports import TEXT, Asked, Bar, Column, Report, Table, period, reports
from tanggap.reports._words import words
from tanggap.web import dates, page


@dataclass(frozen=True, slots=True)
class Head:
    """A column of the table. ``mark``: the number of its note. ``is_number``: its cells end flush."""

    label: str
    about: str
    mark: int
    is_number: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together, with their bars. ``title``: what the leading columns say."""

    title: str
    bars: tuple[Bar, ...]
    rows: tuple[tuple[tuple[str, bool], ...], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One table as the page shows it."""

    key: str
    title: str
    heads: tuple[Head, ...]
    groups: tuple[Group, ...]
    good: str
    bad: str
    empty: str
    csv_url: str


@page.for_staff
def index(request: HttpRequest, who: Reader) -> HttpResponse:
    """Which reports there are."""
    _houses(who)
    listed = [(reverse("report_page", args=[one.ADDRESS]), _(one.TITLE), _(one.ABOUT)) for one in reports()]
    return page.office(request, who, "reports/list.html", {"here": "reports", "reports": listed})


@page.for_staff
def show(request: HttpRequest, who: Reader, address: str) -> HttpResponse:
    """One report; for coordinators and auditors, who read every case it counts."""
    question = _question(request, who, address)
    found, house, typed = question.report, question.house, question.typed
    context = {
        "here": "reports",
        "title": _(found.TITLE),
        "about": _(found.ABOUT),
        "house": house,
        "houses": _houses(who),
        "typed": typed,
        "problem": question.problem,
        "has_period": "period" in found.PARAMETERS,
        "sops": _sops(house) if "sop" in found.PARAMETERS else [],
        "tables": [_shown(found, one, typed) for one in found.table(question.asked)],
        "address": found.ADDRESS,
        "first": _day(typed, "dari"),
        "last": _day(typed, "sampai"),
        "now": who.at,
    }
    return page.office(request, who, "reports/report.html", context)


@page.for_staff
def file(request: HttpRequest, who: Reader, address: str) -> HttpResponse:
    """One table of a report as CSV, always a download."""
    question = _question(request, who, address)
    typed, wanted = question.typed, request.GET.get("tabel", "")
    table = next((one for one in question.report.table(question.asked) if wanted in ("", one.key)), None)
    if table is None:
        raise Http404
    told = (address, table.key, question.house.key, typed.get("dari"), typed.get("sampai"))
    name = "-".join(filter(None, told))
    response = HttpResponse(table.as_csv(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _houses(who: Reader) -> list[InstitutionLine]:
    """Institutions whose reports this reader reads; nobody else is told that there are any."""
    keys = {part.institution for part in who.parts.values() if part.reads_reports}
    houses = [house for house in queries.institutions() if house.key in keys]
    if not houses:
        raise Http404
    return houses


@dataclass(frozen=True, slots=True)
class Question:
    """What a page or a file is asked for. ``typed``: the filters as they stand; ``problem``: what could not be read."""

    report: Report
    house: InstitutionLine
    asked: Asked
    typed: dict[str, str]
    problem: str


def _question(request: HttpRequest, who: Reader, address: str) -> Question:
    found = next((one for one in reports() if address == one.ADDRESS), None)
    houses = _houses(who)
    if found is None:
        raise Http404
    house = next((one for one in houses if one.key == request.GET.get("institution", "")), houses[0])
    today = dates.local(who.at, house.zone).date()
    first, last = _date(request, "dari", today.replace(month=1, day=1)), _date(request, "sampai", today)
    problem = ""
    if first is None or last is None or first > last:
        problem = _("Masa itu tidak dapat dibaca; yang ditampilkan adalah tahun ini.")
        first, last = today.replace(month=1, day=1), today
    sop = request.GET.get("sop", "")
    typed = {"institution": house.key, "sop": sop}
    begin = until = None
    if "period" in found.PARAMETERS:
        typed |= {"dari": first.isoformat(), "sampai": last.isoformat()}
        begin, until = period(first, last, house.zone)
    return Question(found, house, Asked(who, house.key, begin, until, sop), typed, problem)


def _day(typed: dict[str, str], name: str) -> date | None:
    return date.fromisoformat(typed[name]) if name in typed else None


def _date(request: HttpRequest, name: str, default: date) -> date | None:
    given = request.GET.get(name, "")
    try:
        day = date.fromisoformat(given) if given else default
    except ValueError:
        return None
    return day if 1990 <= day.year < 2200 else None


def _sops(house: InstitutionLine) -> list[tuple[str, str]]:
    documents = {line.sop.id: line.sop.identity.title or line.sop.id for line in queries.all_sops(house.key)}
    return sorted(documents.items(), key=lambda one: one[1])


def _shown(found: Report, table: Table, typed: dict[str, str]) -> Shown:
    columns = table.columns[table.grouped :]
    bars: Sequence[Bar | None] = table.bars or [None] * len(table.rows)
    paired = list(zip(table.rows, bars, strict=True))
    groups = [
        Group(_title(key), tuple(bar for _row, bar in own if bar is not None),
              tuple(_cells(columns, row[table.grouped :]) for row, _bar in own))
        for key, run in groupby(paired, key=lambda one: one[0][: table.grouped])
        for own in [list(run)]
    ]  # fmt: skip
    return Shown(
        key=table.key,
        title=_(table.title),
        heads=_heads(columns),
        groups=tuple(groups),
        good=_(table.good) if table.good else "",
        bad=_(table.bad) if table.bad else "",
        empty=_(table.empty),
        csv_url=f"{reverse('report_file', args=[found.ADDRESS])}?{urlencode({**typed, 'tabel': table.key})}",
    )


def _heads(columns: Sequence[Column]) -> tuple[Head, ...]:
    notes = count(1)
    return tuple(
        Head(_(one.label), _(one.about) if one.about else "", next(notes) if one.about else 0, one.kind != TEXT)
        for one in columns
    )


def _title(key: tuple[Any, ...]) -> str:
    return ", ".join(str(part) for part in key if part)


def _cells(columns: Sequence[Column], row: Sequence[Any]) -> tuple[tuple[str, bool], ...]:
    return tuple((words(column, cell), column.kind != TEXT) for column, cell in zip(columns, row, strict=True))
