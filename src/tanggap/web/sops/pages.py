"""The SOP as the official form and as a readable path; for staff also what the checker found."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tanggap.documents.flowchart import identity
from tanggap.documents.flowchart.sop_drawing import sheet_of, text_version
from tanggap.documents.flowchart.svg import svg
from tanggap.records import queries
from tanggap.records.queries import InstitutionLine, SopLine
from tanggap.sop.check import check
from tanggap.sop.check.finding import Finding
from tanggap.sop.flow import Flow
from tanggap.sop.model import Procedure, Signature, Sop
from tanggap.sop.paths import paths
from tanggap.sop.write import write
from tanggap.web import page, path, promises, times
from tanggap.web.path import Node


@dataclass(frozen=True, slots=True)
class ProcedurePage:
    """One table of the document."""

    id: str
    label: str
    sheets: list[SafeString]
    words: list[str]
    path: list[Node]
    times: list[str]
    longest: str
    shortest: str
    findings: list[Finding]


def sops(request: HttpRequest) -> HttpResponse:
    """Every SOP in force, by institution."""
    at = page.now()
    houses = [(house, promises.current(house.key, at=at)) for house in queries.institutions()]
    return page.public(request, "sops/list.html", {"houses": houses, "here": "sops"})


def sop(request: HttpRequest, key: str, sop: str) -> HttpResponse:
    """One document: identity, the official drawing, the same in words, and as a path."""
    house, line = _found(request, key, sop)
    document = line.sop
    staff = request.user.is_authenticated
    findings = _findings(key, document) if staff else []
    context = {
        "here": "sops",
        "line": line,
        "sop": document,
        "identity": document.identity,
        "fields": identity.fields(document.identity),
        "approval": _approval(document),
        "blocks": [block for row in identity.blocks(document.identity) for block in row],
        "procedures": [_procedure(document, line.hash, one, findings) for one in document.procedures],
        "findings": [finding for finding in findings if not finding.procedure],
        "reading": times.reading(document),
        "is_staff": staff,
        "versions": [one for one in _readable(request, key) if one.sop.id == document.id],
    }
    return page.public(request, "sops/sop.html", context, house=house)


def toml(request: HttpRequest, key: str, sop: str) -> HttpResponse:
    """The document as its TOML file, to read, check and import elsewhere."""
    _house, line = _found(request, key, sop)
    response = HttpResponse(write(line.sop), content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{line.sop.id}.toml"'
    return response


def _found(request: HttpRequest, key: str, sop: str) -> tuple[InstitutionLine, SopLine]:
    """The version asked for by the beginning of its hash, else the one in force, else the newest."""
    try:
        house, every = queries.institution(key), _readable(request, key)
    except LookupError:
        raise Http404 from None
    wanted = request.GET.get("versi", "")
    of_document = [line for line in every if line.sop.id == sop]
    if wanted:
        of_document = [line for line in of_document if len(wanted) >= 8 and line.hash.startswith(wanted)]
    current = {line.hash for line in promises.current(key, at=page.now())}
    for line in sorted(of_document, key=lambda one: one.hash not in current):
        return house, line
    raise Http404


def _readable(request: HttpRequest, key: str) -> list[SopLine]:
    """Every version that this reader may read: a draft is for the people of its institution alone.

    Raises ``LookupError``.
    """
    every = queries.all_sops(key)
    user = request.user
    parts = queries.reader(user, at=page.now()).parts.values() if user.is_authenticated else ()
    if any(part.institution == key for part in parts):
        return every
    return [line for line in every if line.approved_at is not None]


def _approval(document: Sop) -> list[Signature]:
    """The sign-off chain as printed."""
    return list(document.identity.signatures)


def _findings(key: str, document: Sop) -> list[Finding]:
    try:
        holidays = {holiday.date: holiday.name for holiday in queries.calendar_of(key).holidays}
    except LookupError:
        holidays = {}
    return list(check(document, holidays=holidays))


def _procedure(document: Sop, digest: str, procedure: Procedure, findings: list[Finding]) -> ProcedurePage:
    flow = Flow(procedure)
    found = paths(document, procedure).found
    ordered = sorted(found, key=lambda one: one.total.work_days())
    return ProcedurePage(
        id=procedure.id,
        label=procedure.label or document.identity.title,
        sheets=_sheets(digest, procedure.id, document),
        words=text_version(document, procedure),
        path=path.readable(document, flow),
        times=times.of_procedure(document, flow),
        longest=ordered[-1].total.printed(document.reading) if ordered else "-",
        shortest=ordered[0].total.printed(document.reading) if ordered else "-",
        findings=[finding for finding in findings if finding.procedure == procedure.id],
    )


_texts: dict[tuple[str, str], list[SafeString]] = {}


def _sheets(digest: str, procedure_id: str, document: Sop) -> list[SafeString]:
    """The official drawing, drawn once for each version."""
    known = _texts.get((digest, procedure_id))
    if known is None:
        procedure = document.procedure(procedure_id)
        geometry = sheet_of(document, procedure, "web")
        title = _("Diagram alir %(title)s") % {"title": procedure.label or document.identity.title}
        drawn = svg(geometry, title=title, prefix=f"sop-{procedure_id}")
        known = _texts[digest, procedure_id] = [mark_safe(one) for one in drawn]  # noqa: S308 - escaped by the drawing
    return known
