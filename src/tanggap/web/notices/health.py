"""The outbox: what waits, what left, and what a person must see to because it could not leave."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from tanggap.actions import by_hand, outbox
from tanggap.actions.contents import TooLarge, new_content
from tanggap.casework.refusals import Refused
from tanggap.records import queries
from tanggap.records.contents import NewContent
from tanggap.records.outbox import ANNOUNCE
from tanggap.records.queries import ClockTrouble, Reader, Trouble
from tanggap.web import dates, page, refusals
from tanggap.web.notices import labels
from tanggap.web.uploads import hint, uploads

_DONE = "antrean-kabar"


def _places(who: Reader, *, coordinated: bool = False) -> list[int]:
    """Institutions whose outbox this reader looks after; only desk and coordinators read which cases it is about."""
    return [
        place for place, part in who.parts.items() if part.coordinator or part.desk or (part.admin and not coordinated)
    ]


def clock_trouble(one: ClockTrouble, zone: str) -> str:
    """What is wrong with a worker's clock, and that nothing came of it."""
    told = {"worker": one.worker, "time": dates.stretch(abs(one.by))}
    if one.at is not None:
        told["at"] = dates.stamp(one.at, zone)
        if one.held:
            return _held(one) % told
        if one.by > timedelta(0):
            return _("%(at)s: jam pekerja %(worker)s melompat maju %(time)s.") % told
        return _("%(at)s: jam pekerja %(worker)s melompat mundur %(time)s.") % told
    if one.by > timedelta(0):
        return _("Jam pekerja %(worker)s %(time)s lebih cepat daripada jam basis data.") % told
    return _("Jam pekerja %(worker)s %(time)s lebih lambat daripada jam basis data.") % told


def _held(one: ClockTrouble) -> str:
    """That nothing is done at all, and what to do about it."""
    if one.by > timedelta(0):
        return _(
            "Pekerja %(worker)s tidak mengerjakan apa pun: jamnya %(time)s sesudah tanda hidup terakhir (%(at)s). "
            "Minta pengelola server membetulkan jam, atau menyatakan bahwa jam itu benar (tanggap clock --confirm)."
        )
    return _(
        "Pekerja %(worker)s tidak mengerjakan apa pun: jamnya %(time)s sebelum tanda hidup terakhir (%(at)s). "
        "Minta pengelola server membetulkan jam, atau menyatakan bahwa jam itu benar (tanggap clock --confirm)."
    )


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed for a task that could not be written down, and why: ``field`` is ``proof`` or ``files``."""

    row: int
    key: str
    proof: str
    field: str
    error: str


@page.for_staff
def health(request: HttpRequest, who: Reader) -> HttpResponse:
    """How the outbox stands, and the tasks that came of it."""
    return _show(request, who)


def _show(request: HttpRequest, who: Reader, *, typed: Typed | None = None, status: int = 200) -> HttpResponse:
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
        "lines": [_line(one) for one in troubles],
        "key": page.new_key(),
        "zone": zones[places[0]],
        "now": who.at,
        "done": request.session.pop(_DONE, ""),
        "typed": typed,
        "hint": hint(),
        "clocks": [clock_trouble(one, zones[places[0]]) for one in queries.clock_troubles()],
    }
    return page.office(request, who, "notices/health.html", context, status=status)


@page.only_sent(back="outbox")
@page.for_staff
def resolve(request: HttpRequest, who: Reader, row: int) -> HttpResponse:
    """Send once more, or say that the reader was told in another way, with a proof of it."""
    places = _places(who, coordinated=True)
    task = next((one for one in queries.troubles(who, places) if one.id == row), None)
    if task is None:
        raise Http404
    if request.POST.get("do") == "again":
        done = outbox.try_again(row, institutions=places, at=who.at)
        request.session[_DONE] = _("Kabar dikirim lagi begitu gilirannya tiba.")
    else:
        typed = Typed(row, request.POST.get("key", ""), request.POST.get("proof", ""), "proof", "")
        try:
            proof = _proof(request, who)
            if proof is None and task.kind == ANNOUNCE:
                typed = replace(typed, error=_("Tulislah di mana dan sejak kapan dipasang, atau lampirkan fotonya."))
                return _show(request, who, typed=typed, status=422)
            done = by_hand.told(row, institutions=places, by=who, proof=proof, at=who.at)
        except TooLarge as error:
            return _show(request, who, typed=replace(typed, field="files", error=str(error)), status=413)
        except Refused as refused:
            typed = replace(typed, error=refusals.sentence(refused.code))
            return _show(request, who, typed=typed, status=refusals.status_of(refused.code))
        request.session[_DONE] = _("Tercatat: %(register)s sudah disampaikan.") % {"register": task.register}
    if not done:
        raise Http404
    return redirect("outbox")


def _proof(request: HttpRequest, who: Reader) -> NewContent | None:
    """What was written and sent as proof; nothing when neither was."""
    text, files = request.POST.get("proof", ""), uploads(request, "files")
    if not text.strip() and not files:
        return None
    key = f"{request.POST.get('key', '')}/proof"
    return new_content("proof", text, author=who.user.person, key=key, files=files)


def _line(one: Trouble) -> dict[str, object]:
    """A task as the list shows it: what to do, about which case, why, and what to print."""
    return {
        "task": one,
        "word": labels.to_do(one) if one.by_hand else labels.kind(one.kind),
        "why": labels.why(one.why, one.channel),
        "paper": reverse("answer_letter", args=[one.case, one.message]) if one.message else "",
        "public": one.kind == ANNOUNCE,
    }
