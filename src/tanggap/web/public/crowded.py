"""Many reports from one address: each is kept, and its sender waits a moment for the receipt. Nobody is refused."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tanggap.actions import kept_reports
from tanggap.actions.intake import Incoming, NoProcedure
from tanggap.records.queries import InstitutionLine
from tanggap.web import page, receipts

_log = logging.getLogger(__name__)


def keep(request: HttpRequest, house: InstitutionLine, incoming: Incoming, *, key: str) -> HttpResponse | None:
    """The page that says how long it takes; ``None`` when the report is to be received at once."""
    source = request.META.get("REMOTE_ADDR", "")
    try:
        kept = kept_reports.keep(house.key, incoming, key=key, source=source, at=page.now())
    except OSError:
        _log.exception("a report cannot be kept: it is received at once")
        return None
    return _page(request, house, kept.ticket, kept.seconds) if kept is not None else None


def collect(request: HttpRequest, house: InstitutionLine) -> HttpResponse:
    """The receipt, when the time is over or the machine has done its work; else the same page again."""
    ticket, proof = request.POST.get("ticket", ""), request.POST.get("proof", "")
    try:
        receipt, incoming = kept_reports.collect(house.key, ticket, proof=proof, at=page.now())
    except kept_reports.StillWaits as early:
        return _page(request, house, ticket, early.seconds)
    except NoProcedure:  # an institution must bring an SOP into force first: no work and no second brings that about
        return _page(request, house, ticket, kept_reports.LONGEST_WAIT, bits=0)
    except LookupError:
        return redirect("report", house.key)
    shown = receipts.receipt_page(receipt, incoming, at=page.now())
    return page.public(request, "public/receipt.html", {"receipt": shown, "here": "report"}, house=house)


def _page(
    request: HttpRequest, house: InstitutionLine, ticket: str, seconds: int, *, bits: int | None = None
) -> HttpResponse:
    """``bits``: how much work opens the ticket at once; 0: none does, nor does any time that could be named."""
    asked = kept_reports.WORK_BITS if bits is None else bits
    context = {"ticket": ticket, "seconds": seconds, "bits": asked, "here": "report"}
    answer = page.public(request, "public/crowded.html", context, house=house, status=202)
    answer["Retry-After"] = str(seconds)
    return answer
