"""Papers to print: the case file as a record, the lembar disposisi, an answer as a letter or an announcement."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tanggap.casework.dispositions import hidden_from
from tanggap.casework.events import COMPLAINANT
from tanggap.casework.offers import branches
from tanggap.casework.state import Disposition
from tanggap.records import queries
from tanggap.records.queries import CasePage, Reader
from tanggap.web import labels, page, path
from tanggap.web.duties import dispositions, record
from tanggap.web.duties.view import view, words_of


@page.for_staff
def case_file(request: HttpRequest, who: Reader, case: UUID) -> HttpResponse:
    """The whole record of a case on paper (S0-7)."""
    found = queries.case_page(who, case)
    if found is None:
        raise Http404
    words = words_of(found)
    context = {
        "case": view(found, at=who.at),
        "path": path.walked(found.state, found.shelf, found.dues, for_complainant=False),
        "days": record.days(found, words),
        "house": found.institution,
        "found": found,
        "sop": found.sop.identity,
        "head": found.head,
        "now": who.at,
    }
    return page.office(request, who, "duties/case_file.html", context)


@page.for_staff
def disposition_sheet(request: HttpRequest, who: Reader, case: UUID, disposition: str) -> HttpResponse:
    """The lembar disposisi in its usual form, with everything that was disposed on the same row and what came of it."""
    found = queries.case_page(who, case)
    one = found.state.dispositions.get(disposition) if found is not None else None
    if found is None or one is None or not _is_shown(found, one):
        raise Http404
    words = words_of(found)
    tree = list(branches(found.state, found.shelf, found.actor, one.visit))
    line = next(line for line in dispositions.lines(found, words, tree) if line.id == one.id)
    context = {
        "house": found.institution,
        "found": found,
        "one": one,
        "line": line,
        "report": found.report.words if found.report is not None else {},
        "step": words.step(one.visit),
        "to": [words.posts(other.to) for other in _same_act(found, one)],
        "urgencies": [(word, key == one.urgency) for key, word in labels.URGENCIES.items()],
        "ticks": [(word, key in one.instructions) for key, word in labels.INSTRUCTIONS.items()],
        "tree": list(dispositions.lines(found, words, tree)),
        "channel": found.state.attributes.get("channel", ""),
    }
    return page.office(request, who, "duties/disposition_sheet.html", context)


def _same_act(found: CasePage, one: Disposition) -> Iterator[Disposition]:
    """Dispositions written in one breath stand on one sheet, as far as the reader may know of them."""
    hidden = hidden_from(found.state, found.shelf, found.actor)
    for other in found.state.dispositions.values():
        same = (other.by, other.parent, other.given_at) == (one.by, one.parent, one.given_at)
        if other.id == one.id or (same and other.id not in hidden and _is_shown(found, other)):
            yield other


def _is_shown(found: CasePage, one: Disposition) -> bool:
    """Giver and holder read a secret one; whoever is complained of the sheets that came to their own posts alone."""
    if one.id in hidden_from(found.state, found.shelf, found.actor):
        return False
    return not found.redacted or not found.actor.posts.isdisjoint(found.shelf.organisation.expand(one.to))


@page.for_staff
def answer_letter(request: HttpRequest, who: Reader, case: UUID, message: str) -> HttpResponse:
    """An answer on paper: a letter to the complainant, or a public announcement that names nobody (S3-12, S1-10)."""
    found = queries.case_page(who, case)
    one = found.messages.get(message) if found is not None and not found.redacted else None
    if found is None or one is None or one.kind not in ("answer", "letter") or one.audience != COMPLAINANT:
        raise Http404
    public = request.GET.get("bentuk") == "pengumuman"
    visit = next((found.state.visits[a.visit] for a in found.state.answers if a.message == message), None)
    context = {
        "house": found.institution,
        "found": found,
        "public": public,
        "message": message,
        "title": _("Pengumuman") if public else _("Surat jawaban"),
        "text": one.text,
        "files": len(one.files),
        "received": found.state.received_at,
        "answered": one.at,
        "channel": found.state.attributes.get("channel", ""),
        "addressee": found.identity.get("name") or _("Pelapor dengan nomor register %(n)s") % {"n": found.register},
        "address": found.identity.get("address", ""),
        "signer": queries.people([one.author]).get(one.author, ""),
        "post": words_of(found).posts([visit.post]) if visit is not None and visit.post else "",
    }
    return page.office(request, who, "duties/answer_letter.html", context)
