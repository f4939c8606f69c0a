"""Filing a complaint: the form, and the receipt it becomes. Nothing typed is lost, whatever happens."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tanggap.actions.contents import TooLarge
from tanggap.actions.intake import Complainant, Incoming, NoProcedure, receive
from tanggap.casework.refusals import Refused
from tanggap.records import queries
from tanggap.records.queries import InstitutionLine
from tanggap.web import houses, labels, page, path, printed, promises, receipts
from tanggap.web.public import crowded
from tanggap.web.public.forms import ReportForm
from tanggap.web.uploads import hint, uploads


def report_where(request: HttpRequest) -> HttpResponse:
    """Which institution the report is for."""
    return page.public(request, "public/report_where.html", {"houses": queries.institutions(), "here": "report"})


@page.never_kept
def report(request: HttpRequest, key: str) -> HttpResponse:
    """The form, and what becomes of it. The receipt is the answer to the form itself: its code is in no address.

    Sent again (reload, lost connection) the same form gives the same receipt.
    """
    try:
        house = queries.institution(key)
    except LookupError:
        raise Http404 from None
    if request.method != "POST":
        return _page(request, house, _form(house), status=200)
    if "ticket" in request.POST:
        return crowded.collect(request, house)
    form = _form(house, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, house, form, status=422)
    try:
        incoming = _incoming(form.cleaned_data, request)
        waits = crowded.keep(request, house, incoming, key=form.cleaned_data["key"])
        if waits is not None:
            return waits
        receipt = receive(house.key, incoming, key=form.cleaned_data["key"], at=page.now())
    except TooLarge as error:
        form.add_error("documents", str(error))
        return _page(request, house, form, status=413)
    except NoProcedure:
        form.add_error(None, _("Lembaga ini belum mempunyai SOP yang berlaku. Hubungi lembaga lewat saluran lain."))
        return _page(request, house, form, status=503)
    except Refused:
        words = _("Formulir ini sudah kami terima dengan isi yang lain. Bila ini laporan baru, kirim sekali lagi.")
        form.add_error(None, words)
        return _page(request, house, _with_new_key(form), status=409)
    shown = receipts.receipt_page(receipt, incoming, at=page.now())
    return page.public(request, "public/receipt.html", {"receipt": shown, "here": "report"}, house=house)


def _form(house: InstitutionLine, data: Any = None, files: MultiValueDict[str, Any] | None = None) -> ReportForm:
    units = [(one.key, one.name) for one in queries.respondents_to_name(house.key) if one.is_unit]
    kinds = [(value, word) for value, (word, _sentence) in labels.kinds_of(house).items()]
    return ReportForm(data, files, services=list(house.services), units=units, kinds=kinds)


def _with_new_key(form: ReportForm) -> ReportForm:
    form.data = {**{name: form.data.get(name) for name in form.data}, "key": page.new_key()}
    return form


def _incoming(typed: dict[str, Any], request: HttpRequest) -> Incoming:
    contact, by_mail = typed["contact"], "@" in typed["contact"]
    return Incoming(
        text=typed["story"],
        channel="web",
        kind=typed["kind"],
        identity=typed["identity"],
        summary=typed["publicity"] or "secret",
        service=typed["service"],
        place=typed["place"],
        addressee=typed["addressee"],
        language=(get_language() or "")[:2],
        answer_by=typed["reply_by"] or "lacak",
        complainant=Complainant(
            name=typed["name"],
            email=contact if by_mail else "",
            phone="" if by_mail else contact,
            affiliation=typed["affiliation"],
        ),
        files=uploads(request, "photo", "documents"),
    )


def _page(request: HttpRequest, house: InstitutionLine, form: ReportForm, *, status: int) -> HttpResponse:
    at = page.now()
    context: dict[str, Any] = {
        "form": form,
        "here": "report",
        "now": at,
        "ways": houses.ways(house),
        "file_hint": hint(),
        "kinds": _options(labels.kinds_of(house)),
        "replies": _options(labels.REPLY_BY),
        "affiliations": _options(labels.AFFILIATIONS),
        "identities": _options(labels.IDENTITIES),
        "publicities": _options(labels.PUBLICITY),
    }
    found = promises.start(promises.current(house.key, at=at))
    if found is not None:
        shelf = queries.shelf(house.key, at=at)
        due, source = promises.answer_by(house, shelf, found, at=at)
        rows = path.row_dues(shelf, found.line.hash, found.procedure.id, start=at, attributes=promises.FROM_THE_WEB)
        context |= {"promise_due": due, "promise_source": source, "sop_number": found.line.sop.identity.number}
        for row, first_due in list(rows.items())[:1]:
            performers = printed.performers(found.line.sop, found.procedure.step(row))
            context |= {"first_step": performers, "first_due": first_due}
    return page.public(request, "public/report.html", context, house=house, status=status)


def _options(words: dict[str, tuple[labels.Words, labels.Words]]) -> list[tuple[str, labels.Words, labels.Words]]:
    return [(value, word, sentence) for value, (word, sentence) in words.items()]
