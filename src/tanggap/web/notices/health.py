"""The outbox: what waits, what left, and what a person must see to because it could not leave."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tanggap.actions import outbox
from tanggap.records import queries
from tanggap.records.queries import ClockTrouble, Reader
from tanggap.web import dates, page
from tanggap.web.notices import labels


def _places(who: Reader, *, coordinated: bool = False) -> list[int]:
    """Institutions whose outbox this reader looks after; only a coordinator reads which cases it is about."""
    return [place for place, part in who.parts.items() if part.coordinator or (part.admin and not coordinated)]


def clock_trouble(one: ClockTrouble, zone: str) -> str:
    """What is wrong with a worker's clock, and that nothing came of it."""
    told = {"worker": one.worker, "time": dates.stretch(abs(one.by))}
    if one.at is not None:
        told["at"] = dates.stamp(one.at, zone)
        if one.by > timedelta(0):
            return _("%(at)s: jam pekerja %(worker)s melompat maju %(time)s.") % told
        return _("%(at)s: jam pekerja %(worker)s melompat mundur %(time)s.") % told
    if one.by > timedelta(0):
        return _("Jam pekerja %(worker)s %(time)s lebih cepat daripada jam basis data.") % told
    return _("Jam pekerja %(worker)s %(time)s lebih lambat daripada jam basis data.") % told


@page.for_staff
def health(request: HttpRequest, who: Reader) -> HttpResponse:
    """How the outbox stands, and the tasks that came of it."""
    places = _places(who)
    if not places:
        raise Http404
    found = queries.outbox_health(who, places, at=who.at)
    zones = {house.id: house.zone for house in queries.institutions()}
    troubles = queries.troubles(who, _places(who, coordinated=True))
    context = {
        "here": "outbox",
        "health": found,
        "silenced": [(labels.why(why), n) for why, n in found.silenced_today],
        "lines": [(one, labels.kind(one.kind), labels.why(one.why)) for one in troubles],
        "zone": zones[places[0]],
        "now": who.at,
        "clocks": [clock_trouble(one, zones[places[0]]) for one in queries.clock_troubles()],
    }
    return page.office(request, who, "notices/health.html", context)


@page.only_sent(back="outbox")
@page.for_staff
def resolve(request: HttpRequest, who: Reader, row: int) -> HttpResponse:
    """Send once more, or say that the reader was told in another way."""
    places = _places(who, coordinated=True)
    if row not in {one.id for one in queries.troubles(who, places)}:
        raise Http404
    if request.POST.get("do") == "again":
        done = outbox.try_again(row, institutions=places, at=who.at)
    else:
        done = outbox.seen_to(row, institutions=places, by=who.user.person, at=who.at)
    if not done:
        raise Http404
    return redirect("outbox")
