"""One row done for many cases at once: a meeting decides them, each is an act of its own (`batch` in the SOP file)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tanggap.actions.cases import NotVisible
from tanggap.actions.cases import act as do
from tanggap.actions.contents import TooLarge, Upload, new_content, random_looking
from tanggap.casework.commands import Complete
from tanggap.casework.refusals import Refused
from tanggap.records import queries
from tanggap.records.contents import NewContent
from tanggap.records.queries import InstitutionLine, Reader, TogetherLine
from tanggap.sop.flow import Flow
from tanggap.sop.model import Exit, Sop, Step
from tanggap.web import clocks, dates, labels, page, printed, refusals
from tanggap.web.clocks import Clock
from tanggap.web.duties.cards import BindLine, ChoiceLine, Need, SetLine, medium_of
from tanggap.web.duties.listing import step_words, together_address
from tanggap.web.uploads import uploads

MOST = 50
"""How many cases one form shows and does: each is an act of its own, and somebody waits for them."""
_DONE = "bersama-kabar"


@dataclass(frozen=True, slots=True)
class Row:
    """The row that is done together, in one version of one document."""

    house: InstitutionLine
    digest: str
    sop: Sop
    flow: Flow
    step: Step

    @property
    def address(self) -> str:
        """The page of it."""
        return together_address(self.house.key, self.digest, self.flow.procedure.id, self.step.id)


@dataclass(frozen=True, slots=True)
class Ticked:
    """A case as the form names it: its visit, and how far its log went when the page was drawn."""

    case: UUID
    visit: str
    seen: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """A case to tick. ``paused``: its time stands still, so it cannot be left now."""

    case: UUID
    visit: str
    seq: int
    url: str
    title: str
    register: str
    clock: Clock
    paused: bool
    ticked: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """A case that could not be done, and why."""

    register: str
    url: str
    words: str


@dataclass(frozen=True, slots=True)
class Fields:
    """What the row asks for, by the names of the template it shares with the step card."""

    anchor: str
    needs: tuple[Need, ...]
    question: str
    choices: tuple[ChoiceLine, ...]
    sets: tuple[SetLine, ...]
    binds: tuple[BindLine, ...]
    asks_answer: bool
    medium: str
    always_reason: bool
    some_reason: bool
    reason_label: str
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


@page.for_staff
def together(request: HttpRequest, who: Reader, key: str, sop: str, procedure: str, row: str) -> HttpResponse:
    """The open cases of one row with one form, and what came of it, case by case."""
    found = _row(who, key, sop, procedure, row)
    if request.method != "POST":
        return _page(request, who, found, QueryDict(), ticked=frozenset(), done=request.session.pop(_DONE, ""))
    if "semua" in request.POST:  # nothing is done yet: what was typed comes back, with all ticked
        ticked = frozenset(one.line.case for one in _lines(who, found))
        return _page(request, who, found, request.POST, ticked=ticked)
    asked = _ticked(request.POST, found.step)
    errors = _missing(request.POST, found, asked)
    if not errors:
        try:
            return _do_all(request, who, found, asked)
        except TooLarge as error:
            errors = {"files": str(error)}
    return _page(request, who, found, request.POST, ticked=frozenset(one.case for one in asked), errors=errors,
                 status=422)  # fmt: skip


def _row(who: Reader, key: str, sop: str, procedure: str, row: str) -> Row:
    """The row of the address. Raises ``Http404`` when there is none to be done together in a house of the reader's."""
    if key not in {part.institution for part in who.parts.values()}:
        raise Http404
    house, shelf = queries.institution(key), queries.shelf(key, at=who.at)
    digest = next((one for one in shelf.sops if one.startswith(sop)), "") if len(sop) == 12 else ""
    if not digest:
        raise Http404
    try:
        flow = shelf.flow(digest, procedure)
    except KeyError:
        raise Http404 from None
    step = flow.steps.get(row)
    if step is None or not step.batch:
        raise Http404
    return Row(house, digest, shelf.sops[digest], flow, step)


def _lines(who: Reader, found: Row, cases: Iterable[UUID] | None = None) -> list[TogetherLine]:
    """The first :data:`MOST` that wait there, of ``cases`` or of all."""
    return queries.duties_of_row(
        who, institution=found.house.key, sop=found.digest, procedure=found.flow.procedure.id, row=found.step.id,
        limit=MOST, cases=cases,
    )  # fmt: skip


# what was typed -------------------------------------------------------------------------------------------------------


def _ticked(typed: QueryDict, step: Step) -> list[Ticked]:
    """The cases that were ticked, each once, with what the page knew of them. What no page sends is left out."""
    found = {}
    for name in typed.getlist("case")[:MOST]:
        visit = typed.get(f"visit-{name}", "")
        if visit.rpartition("#")[0] == step.id:
            try:
                found[UUID(name)] = Ticked(UUID(name), visit, page.whole_number(typed.get(f"seen-{name}", "")))
            except ValueError:
                continue
    return list(found.values())


def _chosen(typed: QueryDict, step: Step) -> Exit | None:
    return next((one for one in step.choices if one.id == typed.get("choice", "")), None)


def _answers(typed: QueryDict, step: Step) -> bool:
    chosen = _chosen(typed, step)
    return step.record == "answer" or (chosen is not None and chosen.answers)


def _missing(typed: QueryDict, found: Row, asked: Sequence[Ticked]) -> dict[str, str]:
    """What every one of the cases needs alike, asked before any of them is touched."""
    step, chosen, errors = found.step, _chosen(typed, found.step), {}
    if not asked:
        errors["case"] = _("Centang paling sedikit satu laporan.")
    if step.is_decision and step.question and chosen is None:
        errors["choice"] = refusals.sentence("choice_needed")
    if chosen is not None and chosen.reason and not typed.get("reason", "").strip():
        errors["reason"] = refusals.sentence("reason_needed")
    if _answers(typed, step) and not typed.get("answer", "").strip():
        errors["answer"] = refusals.sentence("answer_needed")
    try:
        _happened(typed, found)
    except ValueError:
        errors["happened"] = _("Tulis tanggal dan jam, misalnya 2026-11-20 08:30.")
    return errors


def _happened(typed: QueryDict, found: Row) -> datetime | None:
    words = typed.get("happened", "").strip()
    return dates.typed(words, found.house.zone) if words else None


# doing ----------------------------------------------------------------------------------------------------------------


def _do_all(request: HttpRequest, who: Reader, found: Row, asked: Sequence[Ticked]) -> HttpResponse:
    """Each case by the one door, under a key of its own: the same form sent again does what was left, and no more."""
    key = request.POST.get("key", "")[:100]
    lines = {one.line.case: one for one in _lines(who, found, [one.case for one in asked])}
    files = uploads(request, "files")
    batch, happened = random_looking("batch", who.user.person, key), _happened(request.POST, found)
    done, refused = 0, {}
    for one in asked:
        command, contents = _wish(request.POST, found, one, lines.get(one.case), batch, f"{key}/{one.case}", who, files)
        try:
            do(
                command, case=one.case, by=who, at=who.at, key=f"{key}/{one.case}", seen=one.seen, happened=happened,
                contents=contents,
            )  # fmt: skip
        except (Refused, NotVisible) as refusal:
            refused[one.case] = refusal
        else:
            done += 1
    said = ngettext("%(n)d laporan selesai.", "%(n)d laporan selesai.", done) % {"n": done} if done else ""
    if not refused:
        request.session[_DONE] = said
        return redirect(found.address)
    told = [_refusal(who, found, case, lines.get(case), why) for case, why in refused.items()]
    return _page(request, who, found, request.POST, ticked=frozenset(refused), done=said, refused=told, status=409)


def _wish(
    typed: QueryDict, found: Row, one: Ticked, line: TogetherLine | None, batch: str, key: str, who: Reader,
    files: Sequence[Upload],
) -> tuple[Complete, list[NewContent]]:  # fmt: skip
    """The act for one case, with texts (and files) of its own: what one case keeps or erases is no matter of others."""
    contents: list[NewContent] = []
    chosen, answers = _chosen(typed, found.step), _answers(typed, found.step)

    def content(kind: str, name: str, **more: Any) -> str:
        text, sent = typed.get(name, ""), more.pop("files")
        if not text.strip() and not sent:
            return ""
        made = new_content(kind, text, author=who.user.person, key=f"{key}/{name}", files=sent, **more)
        contents.append(made)
        return made.id

    medium = typed.get("medium", "")
    if medium not in labels.media(found.sop):
        medium = medium_of(line.answer_by, line.line.channel) if line is not None else "web"
    command = Complete(
        one.visit,
        choice=chosen.id if chosen is not None else "",
        answer=content("answer", "answer", audience="complainant", medium=medium, files=files) if answers else "",
        reason=content(
            "reason" if chosen is not None and chosen.reason else "note", "reason", files=() if answers else files
        ),
        sets={name: value for name in found.step.sets if (value := typed.get(f"set-{name}", "").strip())},
        binds={
            role: posts for role in found.step.binds if (posts := tuple(filter(None, typed.getlist(f"bind-{role}"))))
        },
        batch=batch,
        checked=tuple(typed.getlist("needs")),
    )
    return command, contents


def _refusal(who: Reader, found: Row, case: UUID, line: TogetherLine | None, why: Refused | NotVisible) -> Refusal:
    if line is None or isinstance(why, NotVisible):
        gone = queries.case_page(who, case)  # somebody else was quicker: seldom, so a look at each is no burden
        named = gone.register if gone is not None else _("Sebuah laporan")
        url = reverse("case", args=[case]) if gone is not None else ""
        return Refusal(named, url, _("Langkah ini sudah selesai, atau bukan tugas Anda lagi."))
    told = dict(why.details)
    role = next((one.label for one in found.sop.roles if one.id == told.get("role")), told.get("role", ""))
    words = refusals.sentence(why.code, {"role": role, "name": told.get("name", "")})
    return Refusal(line.line.register, reverse("case", args=[line.line.case]), words)


# showing --------------------------------------------------------------------------------------------------------------


def _page(
    request: HttpRequest, who: Reader, found: Row, typed: QueryDict, *, ticked: frozenset[UUID], done: str = "",
    refused: Sequence[Refusal] = (), errors: dict[str, str] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    lines = _lines(who, found)
    if not lines and not done and not refused:
        return redirect("duties")
    calendar, media = queries.calendar_of(found.house.key), labels.media(found.sop)
    context = {
        "here": "duties", "house": found.house, "address": found.address, "step": step_words(found.step),
        "lines": [_line(one, one.line.case in ticked, calendar, who.at) for one in lines], "most": MOST,
        "card": _fields(found, typed, errors or {}), "errors": errors or {}, "done": done, "refused": refused,
        "lost": [words for name in ("answer", "reason") if (words := typed.get(name, "").strip())],
        "media": [("", _("Seperti diminta tiap pelapor")), *media.items()],
        "key": typed.get("key", "")[:100] or page.new_key(), "files_again": bool(request.FILES),
    }  # fmt: skip
    return page.office(request, who, "duties/together.html", context, status=status)


def _line(one: TogetherLine, ticked: bool, calendar: Any, at: datetime) -> Line:
    line = one.line
    clock = clocks.read(
        due_at=line.due_at, now=at, calendar=calendar, starts_at=line.opened_at, paused=line.state == "paused"
    )
    title = line.title or _("Laporan %(register)s") % {"register": line.register}
    url = reverse("case", args=[line.case])
    return Line(line.case, line.visit, one.seq, url, title, line.register, clock, line.state == "paused", ticked)


def _fields(found: Row, typed: QueryDict, errors: dict[str, str]) -> Fields:
    step, sop = found.step, found.sop
    places = queries.respondents_to_name(found.house.key) if step.binds else []
    units, posts = tuple(one for one in places if one.is_unit), tuple(one for one in places if not one.is_unit)
    names = {one.id: one.label or one.id for one in sop.attributes}
    choices = step.choices if step.is_decision else ()
    needs = typed.getlist("needs")
    return Fields(
        anchor="bersama",
        needs=tuple(Need(words, str(number) in needs) for number, words in enumerate(step.needs, 1)),
        question=step.question,
        choices=tuple(_choice(found, one, typed.get("choice", "")) for one in choices),
        sets=tuple(
            SetLine(name, names.get(name, name), sop.attribute_values(name) or (), typed.get(f"set-{name}", ""))
            for name in step.sets
        ),
        binds=tuple(
            BindLine(
                role.id, role.label or role.id, "", role.team is not None, units, posts,
                tuple(typed.getlist(f"bind-{role.id}")),
            )
            for role in (sop.role(name) for name in step.binds)
        ),
        asks_answer=step.record == "answer" or any(one.answers for one in choices),
        medium=typed.get("medium", ""),
        always_reason=bool(choices) and all(one.reason for one in choices),
        some_reason=any(one.reason for one in choices),
        reason_label=_("Alasan") if any(one.reason for one in choices) else _("Catatan"),
        typed={name: typed.get(name, "") for name in ("answer", "reason", "happened")},
        errors=errors,
    )  # fmt: skip


def _choice(found: Row, one: Exit, chosen: str) -> ChoiceLine:
    rows = tuple(row for target in one.next or () for row in found.flow.landing(target))
    leads = _("Lanjut ke %(leads)s") % {"leads": printed.leads(found.flow, found.sop, rows)}
    answers = one.answers or found.step.record == "answer"
    return ChoiceLine(one.id, one.label, leads, one.reason, answers, one.id == chosen)
