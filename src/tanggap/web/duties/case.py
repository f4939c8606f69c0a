"""The page of one case, and the one address its forms are posted to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from tanggap.actions import identity
from tanggap.actions.cases import NotVisible
from tanggap.actions.cases import act as do
from tanggap.actions.contents import TooLarge
from tanggap.casework.refusals import Refused
from tanggap.casework.shelf import Power
from tanggap.records import queries
from tanggap.records.queries import CasePage, Reader
from tanggap.web import identities, labels, page, refusals
from tanggap.web.downloads import download
from tanggap.web.duties import cards, courses, periodic, sending
from tanggap.web.duties.acts import VERBS, Form, Incomplete
from tanggap.web.duties.drafts import Draft
from tanggap.web.duties.listing import anchor
from tanggap.web.duties.view import view, words_of

_DONE = "kasus-kabar"
_SUFFIXES = {
    ("tunggu", "message"): "ask", ("lewati", "reason"): "skip", ("tugaskan", "to"): "assign",
    ("anggap-dicabut", "reason"): "deem", ("teruskan", "reason"): "goon",
    ("alihkan", "reason"): "why",
}  # fmt: skip
"""Where on a step card a field of another form than the main one stands."""
_PLACES = {
    "tulis": "tulis", "kabar": "kabar-isi", "tutup": "tutup-alasan", "buka": "buka-lagi", "betulkan": "betul-alasan",
    "terlapor": "terlapor-r", "tetapkan": "tetapkan",
}  # fmt: skip
"""Where the text of a form beside the step cards stands."""
_VERBS = {**VERBS, **courses.VERBS}
_TYPED_TEXTS = ("answer", "reason", "text", "message", "note")


def _found(who: Reader, case: UUID) -> CasePage:
    found = queries.case_page(who, case)
    if found is None:
        raise Http404
    return found


@page.for_staff
def case(request: HttpRequest, who: Reader, case: UUID) -> HttpResponse:
    """The case as this reader may see it; not visible is 404."""
    return _show(request, who, _found(who, case), done=request.session.pop(_DONE, ""))


def _show(
    request: HttpRequest, who: Reader, found: CasePage, *, status: int = 200, draft: Draft | None = None, **more: Any
) -> HttpResponse:
    context = {
        "case": view(found, at=who.at, draft=draft, twins=_twins(who, found)),
        "house": found.institution,
        "key": page.new_key(),
        "media": labels.media(found.sop).items(),
        "natures": labels.NATURES.items(),
        "urgencies": labels.URGENCIES.items(),
        "instructions": labels.INSTRUCTIONS.items(),
        "channels": [(value, labels.channel(value)) for value in labels.CHANNELS if value not in ("web", "tulisan")],
        "reveal_reasons": identities.REASONS.items(),
        "opened": draft.verb if draft is not None else "",
        "typed": {draft.verb: draft.typed} if draft is not None else {},
        "errors": {draft.verb: draft.errors} if draft is not None else {},
        "next_url": _next(who, found),
        "elsewhere": _elsewhere(found),
        "late_files": _late_files(found),
        "reports": periodic.reports_of(who, found),
        "entrances": periodic.entrances_of(found, at=who.at),
        "sent": sending.lines(found, at=who.at),
        "medium": (draft.typed.get("medium") if draft is not None else "") or cards.medium(found),
        "window": sending.window(found, at=who.at),
        **more,
    }
    return page.office(request, who, "duties/case.html", context, status=status)


def _elsewhere(found: CasePage) -> list[tuple[str, str, datetime]]:
    """Other addresses of the institution the letter went to: for whoever may dispose it to them too."""
    if found.redacted or not found.actor.may(Power.DESK, Power.COORDINATOR, Power.OFFICER):
        return []
    return queries.other_addresses(found.id)


def _late_files(found: CasePage) -> tuple[int, int]:
    """Files of the complainant that are still to come, and those that will not."""
    return (0, 0) if found.redacted else queries.late_files(found.id)


def _twins(who: Reader, found: CasePage) -> int:
    """How many reports may be the same: told to whoever may say so."""
    received = found.state.received_at
    if received is None or found.redacted or not found.actor.may(Power.DESK, Power.COORDINATOR):
        return 0
    return queries.twin_count(who, found.id, found.state.links, received_at=received)


def _next(who: Reader, found: CasePage) -> str:
    """The reader's next duty in another case."""
    other = next((line for line in queries.my_duties(who, limit=5) if line.case != found.id), None)
    return reverse("case", args=[other.case]) if other is not None else reverse("duties")


@page.for_staff
def act(request: HttpRequest, who: Reader, case: UUID, verb: str) -> HttpResponse:
    """Do what a form of the case page asks for; whatever refuses, nothing typed is lost."""
    if verb not in _VERBS:
        raise Http404
    found = _found(who, case)
    if request.method != "POST":  # a sign-in, or another language, leads back to the address of a form
        return redirect("case", case)
    form = Form(request, found, who)
    try:
        wish = _VERBS[verb](form)
        do(
            wish.command, case=case, by=who, at=who.at, key=form.word("key"), seen=_seen(form),
            happened=wish.happened, contents=wish.contents,
        )  # fmt: skip
        if wish.mirror is not None:
            other, told = wish.mirror
            do(told, case=other, by=who, at=who.at, key=f"{form.word('key')}-cermin")
    except NotVisible:
        raise Http404 from None
    except Incomplete as missing:
        return _again(request, who, found, form, verb, missing.errors, status=422)
    except TooLarge as error:
        return _again(request, who, found, form, verb, {"files": str(error)}, status=413)
    except Refused as refused:
        return _refused(request, who, case, form, verb, refused)
    request.session[_DONE] = wish.done
    if queries.case_page(who, case) is None:
        return redirect("duties")
    return redirect("case", case)


def _seen(form: Form) -> int | None:
    return page.whole_number(form.word("seen"))


def _refused(request: HttpRequest, who: Reader, case: UUID, form: Form, verb: str, refused: Refused) -> HttpResponse:
    """A refusal in words, on the case as it is now."""
    found = _found(who, case)
    sentence = refusals.sentence(refused.code, _details(found, refused))
    status = refusals.status_of(refused.code)
    if status == 409:
        problem = {
            "tone": "is-risk",
            "title": _("Kasus ini sudah berubah sejak halaman Anda dibuka"),
            "words": sentence,
            "kept": _("Pilihan Anda tidak dijalankan. Di bawah ini keadaan yang terbaru."),
            "lost": _lost(form),
        }
        return _show(request, who, found, status=409, problem=problem)
    field = courses.FIELDS.get((verb, refused.code)) or refusals.FIELDS.get(refused.code, "")
    if refused.code == "attribute_needed":
        field = f"set-{refused.details.get('name', '')}"
    elif refused.code in ("bind_needed", "team_too_small", "team_not_odd", "respondent_in_team"):
        field = f"bind-{refused.details.get('role', '')}"
    elif refused.code == "respondent_may_not_act" and form.word("to"):
        field = "to"
    return _again(request, who, found, form, verb, {field: sentence}, status=status)


def _details(found: CasePage, refused: Refused) -> Mapping[str, object]:
    """The ids and moments of a refusal as words."""
    words, told = words_of(found), dict(refused.details)
    by = str(told.get("by", ""))
    told["by"] = (queries.people([by]).get(by) or words.person(by) or _("Petugas lain")) if by else _("Petugas lain")
    moment = _moment_of(found, refused)
    told["at"] = f", {words.stamp(moment)}" if moment is not None else ""
    if "name" in told:
        told["name"] = words.attribute(str(told["name"]))
    if "role" in told:
        told["role"] = words.role(str(told["role"]))
    return told


def _moment_of(found: CasePage, refused: Refused) -> datetime | None:
    """When the other act was recorded: as the refusal says, else as the log says of the entry or the visit."""
    said, seq = refused.details.get("at"), refused.details.get("seq")
    if isinstance(said, datetime):
        return said
    visit = found.state.visits.get(str(refused.details.get("visit", "")))
    if seq is None and visit is not None and not visit.is_open:
        seq = visit.touched_seq
    return next((entry.recorded_at for entry in found.entries if entry.seq == seq), None)


def _lost(form: Form) -> list[tuple[str, str]]:
    """What somebody wrote into a form that will not be sent, so that it can be copied."""
    names = {"answer": _("Jawaban"), "reason": _("Alasan atau catatan"), "text": _("Isi"), "message": _("Permintaan"),
             "note": _("Catatan")}  # fmt: skip
    return [(names[name], form.post.get(name) or "") for name in _TYPED_TEXTS if form.word(name)]


def _again(
    request: HttpRequest, who: Reader, found: CasePage, form: Form, verb: str, errors: Mapping[str, str], *, status: int
) -> HttpResponse:
    """The page once more, with what was typed and what it needs."""
    visit = form.word("visit") or form.word("parent")
    typed = {name: form.post.get(name, "") or "" for name in form.post}
    several = {name: tuple(form.post.getlist(name)) for name in form.post}
    draft = Draft(verb, visit, typed, several, dict(errors), form.word("disposition"))
    problem = {
        "tone": "is-late",
        "title": _("Belum tersimpan"),
        "words": _("Tulisan Anda masih ada pada isiannya."),
        "kept": _("Berkas perlu dipilih kembali.") if request.FILES else "",
        "fields": [(_place(found, form, verb, field), said) for field, said in errors.items()],
    }
    return _show(request, who, found, status=status, draft=draft, problem=problem)


def _place(found: CasePage, form: Form, verb: str, field: str) -> str:
    """The id of the field an error is about."""
    visit, disposition = form.word("visit") or form.word("parent"), form.word("disposition")
    if verb == "disposisi" and visit in found.state.dispositions:
        return f"disposisi-{visit}-{field}"
    if verb == "disposisi" and visit in found.state.open.values():
        return f"{anchor(visit)}-d-{field}"
    if menu_place := courses.place_of(verb, field):
        return menu_place
    if visit in found.state.open.values():
        return "-".join(filter(None, (anchor(visit), _SUFFIXES.get((verb, field), field))))
    if disposition in found.state.dispositions:
        return f"{'tarik' if verb == 'tarik-disposisi' else 'lapor'}-{disposition}"
    return _PLACES.get(verb, "isi")


@page.for_staff
def reveal(request: HttpRequest, who: Reader, case: UUID) -> HttpResponse:
    """Show who complained, after it is on record who looked and why."""
    found = _found(who, case)
    if request.method != "POST":
        return redirect("case", case)
    reason, words = request.POST.get("reason", ""), request.POST.get("words", "")
    try:
        facts = identity.reveal(case, by=who, reason=reason, words=words, at=who.at)
    except NotVisible:
        raise Http404 from None
    except Refused as refused:
        problem = {"tone": "is-late", "title": _("Identitas belum dibuka"), "words": refusals.sentence(refused.code)}
        return _show(request, who, found, status=refusals.status_of(refused.code), problem=problem)
    return _show(request, who, _found(who, case), revealed=identities.shown(facts))


@page.for_staff
def attachment(request: HttpRequest, who: Reader, file_id: str) -> HttpResponse:
    """A file of a visible case."""
    return download(queries.stored_file(who, file_id))
