"""What the complainant says in a running case: a message, acceptance, "belum sesuai", a rating, withdrawal."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tanggap.actions import merging, ratings
from tanggap.actions.cases import THE_COMPLAINANT, act
from tanggap.actions.contents import TooLarge, new_content
from tanggap.casework.commands import Command, Complete, Deliver, Reopen, Withdraw
from tanggap.casework.events import COMPLAINANT
from tanggap.casework.refusals import Refused
from tanggap.records import queries
from tanggap.records.contents import NewContent
from tanggap.records.queries import TrackedCase
from tanggap.web import page, refusals
from tanggap.web.public import track, tracked
from tanggap.web.public.track import for_complainant
from tanggap.web.uploads import uploads

STARS = range(1, 6)


@page.only_sent(back="tracked")
@for_complainant
def write(request: HttpRequest, case: UUID) -> HttpResponse:
    """A message, with files; it ends every wait for the complainant."""
    text, key = request.POST.get("text", ""), request.POST.get("key", "")
    typed = {"text": text}
    try:
        files = uploads(request, "files")
        if not text.strip() and not files:
            words = _("Tulis pesan Anda, atau lampirkan berkas.")
            return _again(request, case, typed, ("balas", words), status=422, write_errors=[words])
        merging.heard(case, channel="web", text=text, by=THE_COMPLAINANT, at=page.now(), key=key, files=files)
    except TooLarge as error:
        words = _("%(error)s Tulisan Anda masih ada.") % {"error": error}
        return _again(request, case, typed, ("balas", words), status=413, write_errors=[words])
    except Refused as refused:
        words = refusals.sentence(refused.code)
        return _again(request, case, typed, ("isi", words), status=refusals.status_of(refused.code))
    return _said(request, _("Pesan Anda sudah kami terima dan dicatat pada laporan ini."))


@page.only_sent(back="tracked")
@for_complainant
def decide(request: HttpRequest, case: UUID) -> HttpResponse:
    """Whether the answer suits. Not suiting needs a reason and sends the case back by its SOP."""
    key, verdict = request.POST.get("key", ""), request.POST.get("verdict", "")
    reason = request.POST.get("reason", "")
    typed = {"verdict": verdict, "reason": reason}
    if verdict == "accept":
        said = _("Terima kasih. Pernyataan Anda sudah dicatat.")
        command = _acceptance(queries.tracked_case(case, at=page.now()))
        if command is not None:
            done = _do(request, case, command, key=key, contents=(), typed=typed, said=said)
            if done.status_code == 302:
                with suppress(Refused):  # stars come with the acceptance of an answer; without one there are none
                    _rate(request, case)
            return done
        return _said(request, said)
    if verdict != "reject":
        return _again(request, case, typed, ("putus", _("Pilih salah satu pernyataan.")), status=422)
    if not reason.strip():
        return _again(request, case, typed, ("alasan", _("Tuliskan apa yang belum sesuai.")), status=422)
    content = new_content("reason", reason, author=COMPLAINANT, key=key, audience="complainant", medium="web")
    said = _("Laporan Anda diperiksa kembali. Alasan Anda sudah diteruskan.")
    return _do(request, case, Reopen(content.id), key=key, contents=(content,), typed=typed, said=said)


def _acceptance(found: TrackedCase) -> Command | None:
    """Completing the complainant's own row where the SOP has one open, else acknowledging the answer."""
    offer = tracked.own_row(found)
    if offer is not None:
        first = next((choice.exit.id for choice in offer.choices if not choice.is_return), "")
        return Complete(offer.visit.id, choice=first)
    answers = found.state.answers if found.state.answered else ()
    return Deliver(answers[-1].visit, ok=True) if answers and answers[-1].ok is not True else None


@page.only_sent(back="tracked")
@for_complainant
def rate(request: HttpRequest, case: UUID) -> HttpResponse:
    """How satisfied the complainant is."""
    if page.whole_number(request.POST.get("stars", "")) not in STARS:
        typed = {"words": request.POST.get("words", "")}
        return _again(request, case, typed, ("nilai", _("Pilih salah satu penilaian.")), status=422)
    try:
        _rate(request, case)
    except Refused as refused:
        typed = {"words": request.POST.get("words", "")}
        error = ("isi", refusals.sentence(refused.code))
        return _again(request, case, typed, error, status=refusals.status_of(refused.code))
    return _said(request, _("Terima kasih atas penilaian Anda."))


def _rate(request: HttpRequest, case: UUID) -> None:
    stars = page.whole_number(request.POST.get("stars", ""))
    if stars is not None and stars in STARS:
        ratings.rate(case, stars=stars, words=request.POST.get("words", ""), at=page.now())


@page.only_sent(back="tracked")
@for_complainant
def withdraw(request: HttpRequest, case: UUID) -> HttpResponse:
    """Take the complaint back."""
    key, reason = request.POST.get("key", ""), request.POST.get("reason", "")
    contents: tuple[NewContent, ...] = ()
    if reason.strip():
        contents = (new_content("reason", reason, author=COMPLAINANT, key=key, audience="complainant", medium="web"),)
    command = Withdraw(contents[0].id if contents else "")
    said = _("Laporan Anda sudah dicabut. Nomor registernya tetap tersimpan.")
    return _do(request, case, command, key=key, contents=contents, typed={"withdrawing": True}, said=said)


def _do(
    request: HttpRequest, case: UUID, command: Command, *, key: str, contents: tuple[NewContent, ...],
    typed: dict[str, Any], said: str,
) -> HttpResponse:  # fmt: skip
    """Act for the complainant; a refusal is told in words and keeps what was typed."""
    try:
        act(command, case=case, by=THE_COMPLAINANT, at=page.now(), key=key, contents=contents)
    except Refused as refused:
        words = refusals.sentence(refused.code)
        return _again(request, case, typed, ("isi", words), status=refusals.status_of(refused.code))
    return _said(request, said)


def _said(request: HttpRequest, words: str) -> HttpResponse:
    request.session[track.MESSAGE] = {"tone": "is-good", "title": _("Sudah dicatat"), "words": words}
    return redirect("tracked")


def _again(
    request: HttpRequest, case: UUID, typed: dict[str, Any], error: tuple[str, str], *, status: int, **more: Any
) -> HttpResponse:
    return track.show(request, case, status=status, typed=typed, errors=[error], **more)
