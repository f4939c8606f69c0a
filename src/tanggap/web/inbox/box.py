"""Kotak masuk: what arrived and waits for an officer, what nobody could read, and what is still to be read."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tanggap.actions import absorbing, identity
from tanggap.actions.cases import NotVisible
from tanggap.casework.refusals import Refused
from tanggap.records import queries
from tanggap.records.queries import Reader
from tanggap.web import identities, page, refusals
from tanggap.web.downloads import download

_DONE = "kotak-masuk-kabar"


def _mine(who: Reader) -> list[int]:
    """Institutions whose inbox this reader looks after. Raises ``Http404`` when there is none."""
    places = [place for place, part in who.parts.items() if part.desk or part.coordinator]
    if not places:
        raise Http404
    return places


@page.for_staff
def box(request: HttpRequest, who: Reader) -> HttpResponse:
    """Everything that arrived and is not (yet) where it belongs."""
    return _show(request, who)


def _show(request: HttpRequest, who: Reader, *, problem: str = "", status: int = 200, **more: object) -> HttpResponse:
    zones = {house.id: house.zone for house in queries.institutions()}
    context = {
        "here": "inbox",
        "waiting": queries.waiting_items(who),
        "unread": queries.unread_deliveries(who),
        "coming": queries.waiting_deliveries(who),
        "zone": zones[_mine(who)[0]],
        "done": request.session.pop(_DONE, ""),
        "problem": problem,
        "reasons": identities.REASONS.items(),
        **more,
    }
    return page.office(request, who, "inbox/box.html", context, status=status)


@page.only_sent(back="inbox")
@page.for_staff
def decide(request: HttpRequest, who: Reader, item: int) -> HttpResponse:
    """Say what shall become of an arrival."""
    _mine(who)
    found = queries.waiting_item(who, item)
    if found is None:
        problem = _("Kiriman itu sudah diputuskan petugas lain, atau bukan wewenang Anda.")
        return _show(request, who, problem=problem, status=409)
    decision = request.POST.get("do", "")
    try:
        absorbing.decide(found, decision, by=who, at=who.at)
    except absorbing.LetterGone:
        problem = _("Isi kiriman itu sudah dihapus, sehingga hanya dapat dibiarkan. Mintalah pengirimnya menulis lagi.")
        return _show(request, who, problem=problem, status=409)
    except Refused:
        return _show(request, who, problem=_("Pilihan itu tidak berlaku untuk kiriman ini."), status=422)
    said = {
        "join": _("Kiriman ditambahkan ke laporannya dalam beberapa detik."),
        "new": _("Kiriman menjadi laporan baru dalam beberapa detik."),
        "leave": _("Kiriman tetap tersimpan, tanpa tindakan."),
    }
    request.session[_DONE] = said[decision]
    return redirect("inbox")


@page.only_sent(back="inbox")
@page.for_staff
def sender(request: HttpRequest, who: Reader, item: int) -> HttpResponse:
    """Show who sent what waits, after it is on record who looked and why."""
    _mine(who)
    reason, words = request.POST.get("reason", ""), request.POST.get("words", "")
    try:
        facts = identity.reveal_sender(item, by=who, reason=reason, words=words, at=who.at)
    except NotVisible:
        problem = _("Kiriman itu sudah diputuskan petugas lain, atau bukan wewenang Anda.")
        return _show(request, who, problem=problem, status=409)
    except Refused as refused:
        typed = {"item": item, "reason": reason, "words": words}
        told = refusals.sentence(refused.code)
        return _show(request, who, problem=told, status=refusals.status_of(refused.code), typed=typed)
    return _show(request, who, opened=item, revealed=identities.shown(facts))


@page.for_staff
def raw(request: HttpRequest, who: Reader, delivery: int) -> HttpResponse:
    """A delivery that nobody could read, as it came."""
    _mine(who)
    return download(queries.raw_delivery(who, delivery))
