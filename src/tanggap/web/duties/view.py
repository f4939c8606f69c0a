"""One case in the words for its officers: where it stands, what may be done, what is on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tanggap.casework.commands import Command, Reopen, Undo
from tanggap.casework.custody import custody
from tanggap.casework.decide import decide
from tanggap.casework.performers import may_write_out, respondents
from tanggap.casework.refusals import Refused
from tanggap.casework.shelf import Power
from tanggap.casework.state import Status, VisitState
from tanggap.records import queries
from tanggap.records.queries import CasePage
from tanggap.web import dates, explained, labels, maps, path, periods, printed
from tanggap.web.duties import cards, performers, record
from tanggap.web.duties.acts import OUTCOMES
from tanggap.web.duties.cards import BindLine, Card
from tanggap.web.duties.courses import Menu, menu
from tanggap.web.duties.deadlines import figures
from tanggap.web.duties.drafts import Draft
from tanggap.web.duties.record import Day
from tanggap.web.explained import CaseClock
from tanggap.web.labels import PublicStatus
from tanggap.web.words import CaseWords

Pair = tuple[str, str | Promise]


@dataclass(frozen=True, slots=True)
class CaseView:
    """What the page of a case shows to one officer. Field names are those of the template."""

    id: UUID
    seq: int
    register: str
    title: str
    internal: bool
    status: PublicStatus
    strong_tags: list[str]
    tags: list[str]
    cards: list[Card]
    clocks: list[CaseClock]
    climbed: list[Climb]
    figures: list[tuple[str, str]]
    is_open: bool
    ended: str
    map: SafeString
    after: str
    sop_url: str
    complainant: str
    identity_tag: str
    facts: list[Pair]
    may_reveal: bool
    days: list[Day]
    may_write: bool
    may_write_out: bool
    waiting_row: bool
    undelivered: str
    coordinates: bool
    undoable: list[Pair]
    menu: Menu
    coordinator: bool
    may_reopen: bool
    attributes: list[dict[str, Any]]
    places: list[queries.Choice]
    respondents: tuple[str, ...]
    bindable: list[BindLine]
    outcomes: list[Pair]
    rows: list[Pair]
    correctable: list[Pair]
    twins: int


@dataclass(frozen=True, slots=True)
class Climb:
    """One eskalasi in words: to whom, why, since when, whom it passed over."""

    level: int
    to: str
    passed: str
    since: str
    cause: str
    about: str


def words_of(found: CasePage) -> CaseWords:
    """The words for the ids of the case."""
    return CaseWords(found.state, found.sop, found.shelf, found.names, found.persons)


def view(found: CasePage, *, at: datetime, draft: Draft | None = None, twins: int = 0) -> CaseView:
    """``found`` as the page shows it at ``at``; ``draft``: what was typed into a form that could not be done.

    ``twins``: how many reports may be the same.
    """
    case, words = found.state, words_of(found)
    attributes = case.attributes
    coordinator = found.actor.may(Power.COORDINATOR) and not found.redacted
    desk = found.actor.may(Power.DESK, Power.COORDINATOR) and not found.redacted
    is_open = case.status is Status.OPEN
    works = any(offer.may_complete or offer.may_dispose or offer.may_assign for offer in found.offers) or desk
    places = queries.respondents_to_name(found.institution.key) if found.offers or coordinator else []
    shown = cards.cards(found, words, at=at, draft=draft or Draft(), places=places)
    urgency = attributes.get("urgensi", "")
    course, undoable = menu(found, words, at=at), _undoable(found, words, at)
    may_reopen = desk and not is_open and _accepts(found, Reopen("alasan"), at)
    return CaseView(
        id=found.id,
        seq=case.seq,
        register=found.register,
        title=_title(found),
        internal=case.internal,
        status=labels.public_status(case, found.shelf),
        strong_tags=[_("Urgensi %(level)s") % {"level": urgency}] if urgency else [],
        tags=_tags(found, words),
        cards=shown,
        clocks=[] if found.redacted else explained.case_clocks(found, words, at=at),
        figures=[] if found.redacted or case.internal else figures(custody(case, found.shelf, until=at)),
        climbed=[] if found.redacted else _climbed(found, words),
        is_open=is_open,
        ended=_ended(found, words),
        map=maps.small_map(found),
        after=_after(found, words),
        sop_url=reverse("sop", args=[found.institution.key, found.sop.id]),
        complainant="" if case.internal else _complainant(found),
        identity_tag=_identity_tag(attributes.get("identity", "")),
        facts=_facts_of_duty(found) if case.internal else _facts(found),
        may_reveal=found.may_reveal and found.identity_kept and attributes.get("identity") != "open",
        days=record.days(found, words),
        may_write=works,
        may_write_out=may_write_out(case, found.shelf, found.actor),
        waiting_row=desk and is_open and not case.internal,
        undelivered=_undelivered(found) if desk else "",
        coordinates=coordinator or course.any or may_reopen or bool(undoable),
        undoable=undoable,
        menu=course,
        coordinator=coordinator,
        may_reopen=may_reopen,
        attributes=_attributes(found, words) if coordinator else [],
        places=places,
        bindable=_bindable(found, draft or Draft()) if coordinator and is_open else [],
        respondents=tuple(sorted(respondents(case, found.sop))),
        outcomes=[(key, labels.OUTCOMES[key]) for key in OUTCOMES],
        rows=_rows(found, words) if coordinator or may_reopen else [],
        correctable=_correctable(found, words) if coordinator else [],
        twins=twins if desk else 0,
    )


def _title(found: CasePage) -> str:
    if found.state.internal:
        return periods.name_of(found.sop, found.procedure.id)
    return found.title or _("Laporan %(register)s") % {"register": found.register}


def _facts_of_duty(found: CasePage) -> list[Pair]:
    attributes = found.state.attributes
    facts: list[Pair] = [(_("Periode"), periods.period_of(attributes))]
    if found.procedure.every is not None:
        facts.append((_("Jadwal"), _("Setiap %(every)s") % {"every": found.procedure.every}))
    if left_out := periods.left_out(attributes):
        facts.append((_("Terlewat"), left_out))
    return facts


def _climbed(found: CasePage, words: CaseWords) -> list[Climb]:
    """Every eskalasi of what still runs, the latest first."""
    running = {*found.dues, *(f"step:{visit}" for visit in found.state.open.values())}
    running |= {f"disposition:{one.id}" for one in found.state.dispositions.values() if one.state == "open"}
    written = [one for several in found.state.rung.values() for one in several if one.level and one.clock in running]
    return [
        Climb(
            level=one.level,
            to=words.posts(one.posts) or _("tidak ada atasan yang dapat dihubungi"),
            passed=words.posts([post for post, _why in one.instead]),
            since=words.stamp(one.due),
            cause=str(labels.cause(one.cause)),
            about=words.clock(one.clock),
        )
        for one in sorted(written, key=lambda one: (one.at, one.level), reverse=True)
    ]


def _bindable(found: CasePage, draft: Draft) -> list[BindLine]:
    """Columns that a coordinator may fill for this case."""
    roles = performers.bindable(found)
    places = queries.respondents_to_name(found.institution.key) if roles else []
    mine = draft if draft.verb == "tetapkan" else Draft()
    return [cards.bind_line(found, role, places, mine) for role in roles]


def _identity_tag(identity: str) -> str:
    return "" if identity in ("", "open") else str(labels.identity(identity))


def _tags(found: CasePage, words: CaseWords) -> list[str]:
    attributes = found.state.attributes
    tags = [str(labels.kind_of(found.institution, attributes)), str(labels.channel(attributes.get("channel", "")))]
    tags += [f"{words.attribute(a.id)}: {attributes[a.id]}" for a in found.sop.attributes
             if a.id in attributes and a.id != "urgensi"]  # fmt: skip
    rounds = max((visit.round for visit in found.state.visits.values()), default=1)
    if rounds > 1:
        tags.append(_("Putaran %(round)d") % {"round": rounds})
    return [tag for tag in tags if tag]


def _ended(found: CasePage, words: CaseWords) -> str:
    case = found.state
    if case.status is not Status.CLOSED or case.closed_at is None:
        return _("Tidak ada langkah yang terbuka bagi Anda.")
    return _("%(outcome)s, %(at)s.") % {"outcome": words.outcome(), "at": words.stamp(case.closed_at)}


def _after(found: CasePage, words: CaseWords) -> str:
    """What comes after the one open row."""
    if len(found.offers) != 1:
        return ""
    onward = words.flow.edges[found.offers[0].step.id]
    said = []
    for step in (words.flow.steps[row] for row in onward):
        told = (
            printed.name(step),
            printed.performers(found.sop, step),
            str(step.time_for(found.state.attributes) or ""),
        )
        said.append(", ".join(filter(None, told)))
    return _("Sesudah ini: %(steps)s.") % {"steps": "; ".join(said)} if said else ""


def _complainant(found: CasePage) -> str:
    if found.redacted:
        return _("Tidak ditampilkan")
    if found.identity.get("name"):
        return found.identity["name"]
    if found.identity_kept:
        return _("Nama tersimpan")
    return _("Tidak disebutkan")


def _facts(found: CasePage) -> list[Pair]:
    words = found.report.words if found.report is not None else {}
    facts: list[Pair] = []
    if words.get("answer_by"):
        facts.append((_("Cara dijawab"), labels.reply_by(words["answer_by"])))
    for name, label in (("phone", _("Telepon")), ("email", _("Surel"))):
        if found.identity.get(name):
            facts.append((label, found.identity[name]))
    if words.get("affiliation") in labels.AFFILIATIONS:
        facts.append((_("Pelapor adalah"), labels.AFFILIATIONS[words["affiliation"]][0]))
    if found.promise_due_at is not None:
        facts.append((_("Batas akhir jawaban"), dates.stamp(found.promise_due_at, found.institution.zone)))
    if found.rating is not None:
        facts.append((_("Penilaian pelapor"), dict(labels.SATISFACTION).get(found.rating, str(found.rating))))
    return facts


def _undelivered(found: CasePage) -> str:
    """The visit of an answer nobody knows yet to have arrived."""
    last = found.state.answers[-1] if found.state.answers else None
    done = last is not None and found.state.visits[last.visit].state is VisitState.DONE
    return last.visit if last is not None and done and last.ok is None else ""


def _undoable(found: CasePage, words: CaseWords, at: datetime) -> list[Pair]:
    """The last completions that this reader could still take back: asked of the rules themselves."""
    done = [visit for visit in found.state.visits.values() if visit.state is VisitState.DONE and visit.how == "acted"]
    return [(visit.id, words.step(visit.id)) for visit in done[-2:] if _accepts(found, Undo(visit.id), at)]


def _accepts(found: CasePage, command: Command, at: datetime) -> bool:
    """True when ``command`` would be accepted: asked of the rules themselves."""
    try:
        decide(found.state, command, actor=found.actor, shelf=found.shelf, at=at)
    except Refused:
        return False
    return True


def _attributes(found: CasePage, words: CaseWords) -> list[dict[str, Any]]:
    return [
        {"id": a.id, "label": a.label or a.id, "values": a.values, "value": found.state.attributes.get(a.id, "")}
        for a in found.sop.attributes
    ]


def _rows(found: CasePage, words: CaseWords) -> list[Pair]:
    return [
        (step.id, f"{printed.number(step)}. {printed.title_and_rest(step.what)[0][:90]}")
        for step in path.shown_rows(words.flow)
        if not step.after
    ]


def _correctable(found: CasePage, words: CaseWords) -> list[Pair]:
    said = {
        "receipt": _("Diterimanya laporan"),
        "done": _("Selesainya %(step)s"),
        "delivered": _("Terkirimnya %(step)s"),
    }
    moments = {entry.seq: entry.happened_at for entry in found.entries}
    return [
        (str(seq), f"{said[what] % {'step': words.step(visit)}}, {words.stamp(moments[seq])}")
        for seq, (what, visit) in found.state.correctable.items()
        if seq in moments
    ]
