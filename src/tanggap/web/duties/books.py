"""Books and lists over cases: the register, what is unanswered, what is unresolved."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tanggap.records import queries
from tanggap.records.queries import InstitutionLine, OpenLine, Reader
from tanggap.web import clocks, dates, page

MOST = 500
"""How many open cases a list shows; the page says so when there are as many."""
VOLUME = 1000
"""How many numbers of the register stand on one page."""


def _houses(who: Reader) -> list[InstitutionLine]:
    """Institutions whose register this reader reads."""
    keys = {part.institution for part in who.parts.values() if part.reads_all}
    return [house for house in queries.institutions() if house.key in keys]


def _chosen(request: HttpRequest, houses: list[InstitutionLine]) -> InstitutionLine:
    if not houses:
        raise Http404
    wanted = request.GET.get("institution", "")
    return next((house for house in houses if house.key == wanted), houses[0])


@page.for_staff
def register(request: HttpRequest, who: Reader) -> HttpResponse:
    """The buku register of a year, gapless and printable (S0-7, S4-5): a large one in volumes, the newest first."""
    houses = _houses(who)
    house = _chosen(request, houses)
    this_year = dates.local(who.at, house.zone).year
    year = page.whole_number(request.GET.get("year", "")) or this_year
    firsts = range(1, max(1, queries.register_end(who, house.key, year=year)) + 1, VOLUME)
    wanted = page.whole_number(request.GET.get("dari", ""))
    first = wanted if wanted is not None and wanted in firsts else firsts[-1]
    context = {
        "here": "register",
        "volumes": [(one, one + VOLUME - 1) for one in reversed(firsts)],
        "first": first,
        "house": house,
        "houses": houses,
        "year": year,
        "years": range(this_year, this_year - 5, -1),
        "lines": queries.register_book(who, house.key, year=year, first=first, count=VOLUME),
        "names": queries.names_of(house.id),
        "now": who.at,
    }
    return page.office(request, who, "duties/register.html", context)


@page.for_staff
def unanswered(request: HttpRequest, who: Reader) -> HttpResponse:
    """Daftar aspirasi yang belum ditanggapi (S3-4, S1-9): the nearest promise first."""
    return _open_list(
        request, who, queries.unanswered, here="unanswered", title=_("Belum ditanggapi"),
        lead=_("Laporan terbuka yang belum dijawab kepada pelapor, yang paling dekat batasnya lebih dahulu."),
    )  # fmt: skip


@page.for_staff
def unresolved(request: HttpRequest, who: Reader) -> HttpResponse:
    """Every open case, for the coordinator (S0-8)."""
    return _open_list(
        request, who, queries.unresolved, here="unresolved", title=_("Belum teratasi"),
        lead=_("Semua laporan yang masih berjalan, termasuk yang sudah diteruskan dan yang belum ada pelaksananya."),
    )  # fmt: skip


def _open_list(
    request: HttpRequest, who: Reader, ask: Callable[..., list[OpenLine]], *, here: str, title: str, lead: str
) -> HttpResponse:
    houses = _houses(who)
    house = _chosen(request, houses)
    calendar = queries.calendar_of(house.key)
    without = request.GET.get("tanpa") == "pelaksana"
    nobodys = queries.without_performer(who, house.key, limit=MOST)
    shown = nobodys if without else ask(who, house.key, limit=MOST)
    lines = [(line, clocks.read(due_at=line.promise_due_at, now=who.at, calendar=calendar)) for line in shown]
    context = {"here": here, "title": title, "lead": lead, "house": house, "houses": houses, "lines": lines,
               "without": without, "nobody": len(nobodys), "most": MOST if len(shown) == MOST else 0}  # fmt: skip
    return page.office(request, who, "duties/open_list.html", context)
