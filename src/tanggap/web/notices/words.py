"""Pemberitahuan: the words of notices, to be read, changed and looked at by who administers the institution."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from tanggap.actions.cases import NotVisible
from tanggap.actions.notice_words import rewrite
from tanggap.casework import wording
from tanggap.casework.events import COMPLAINANT
from tanggap.casework.notices import KINDS
from tanggap.casework.wording import LANGUAGES, PLACEHOLDERS, BadWords, Words
from tanggap.records import queries
from tanggap.records.queries import InstitutionLine, Reader, TemplateLine
from tanggap.records.wordings import CONFIDENTIAL, SPOKEN
from tanggap.web import dates, page
from tanggap.web.notices import labels


def _house(who: Reader, key: str) -> InstitutionLine:
    """The institution ``key`` (empty: the first) of those this reader administers; 404 for everybody else."""
    mine = {part.institution for part in who.parts.values() if part.admin}
    found = [house for house in queries.institutions() if house.key in mine and key in ("", house.key)]
    if not found:
        raise Http404
    return found[0]


@page.for_staff
def templates(request: HttpRequest, who: Reader) -> HttpResponse:
    """All notices with the words in force."""
    house = _house(who, request.GET.get("institution", ""))
    mine = {part.institution for part in who.parts.values() if part.admin}
    lines = [(one, labels.kind(one.name)) for one in queries.notice_words(house.id)]
    houses = [one for one in queries.institutions() if one.key in mine]
    context = {"here": "notice_words", "house": house, "houses": houses, "lines": lines}
    return page.office(request, who, "notices/templates.html", context)


@page.for_staff
def template(request: HttpRequest, who: Reader, key: str, name: str, language: str) -> HttpResponse:
    """One notice: its words, what may stand in them, and how they look."""
    house = _house(who, key)
    line = next((o for o in queries.notice_words(house.id) if (o.name, o.language) == (name, language)), None)
    if line is None:
        raise Http404
    if request.method != "POST":
        return _page(request, who, house, line, Words(line.subject, line.body, short=line.short))
    typed = Words(request.POST.get("subject", ""), request.POST.get("body", ""), short=request.POST.get("short", ""))
    try:
        wording.checked(typed.subject, typed.body, typed.short)
        if request.POST.get("do") == "save":
            rewrite(
                house.id, name, language, subject=typed.subject, body=typed.body, short=typed.short, by=who, at=who.at
            )
            return redirect(f"{reverse('notice_words')}?institution={house.key}#{name}-{language}")
    except NotVisible:
        raise Http404 from None
    except BadWords as error:
        return _page(request, who, house, line, typed, error=error)
    return _page(request, who, house, line, typed)


def _page(
    request: HttpRequest, who: Reader, house: InstitutionLine, line: TemplateLine, typed: Words, *,
    error: BadWords | None = None,
) -> HttpResponse:  # fmt: skip
    values = _example(house, line, who)
    context = {
        "here": "notice_words",
        "house": house,
        "line": line,
        "title": labels.kind(line.name),
        "language": {"id": _("Bahasa Indonesia"), "en": _("Bahasa Inggris")}[line.language],
        "subject": typed.subject,
        "body": typed.body,
        "short": typed.short,
        "has_short": bool(line.short),
        "error": error,
        "placeholders": [(f"{{{name}}}", means) for name, means in PLACEHOLDERS.items()],
        "preview": None
        if error
        else tuple(wording.fill(one, values) for one in (typed.subject, typed.body, typed.short)),
        "languages": LANGUAGES,
    }
    return page.office(request, who, "notices/template.html", context, status=422 if error else 200)


def _example(house: InstitutionLine, line: TemplateLine, who: Reader) -> dict[str, str]:
    """Invented values, so that nobody's case is looked at."""
    language, kind = line.language, KINDS.get(line.name)
    to_complainant = line.name in (CONFIDENTIAL, SPOKEN) or (kind is not None and kind.audience == COMPLAINANT)
    zone = dates.local(who.at, house.zone).tzinfo
    assert zone is not None
    return {
        "nomor": "0042/PGD/CONTOH/XI/2026",
        "lembaga": house.short_name,
        "langkah": "Step 4. Disposition" if language == "en" else "Langkah 4. Disposisi",
        "jatuh_tempo": wording.moment(who.at, zone, language),
        "tautan": _url("track" if to_complainant else "duties"),
        "buka": _url("open_by_letter", "contoh") if to_complainant else "",
        "konfirmasi": _url("confirm_address", "contoh") if to_complainant else "",
        "balas": "WhatsApp" if to_complainant else "",
        "jumlah": "2",
        "daftar": "- ...\n- ...",
    }


def _url(name: str, *args: str) -> str:
    """One of our addresses, as letters write it."""
    return f"{settings.TANGGAP_BASE_URL}{reverse(name, args=args)}"
