"""The step card: exactly what the row of the SOP says, and exactly what this reader may do with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tanggap.casework.dues import spans
from tanggap.casework.offers import Choice, Offer
from tanggap.casework.state import Waiting
from tanggap.records import queries
from tanggap.records.queries import CasePage
from tanggap.sop.model import Party, Role, Wait
from tanggap.web import clocks, dates, labels, path, printed, refusals
from tanggap.web.clocks import Clock
from tanggap.web.duties import dispositions, performers
from tanggap.web.duties.dispositions import DisposeForm, DispositionLine
from tanggap.web.duties.drafts import Draft, Typed
from tanggap.web.duties.listing import anchor
from tanggap.web.duties.performers import PartLine
from tanggap.web.words import CaseWords


@dataclass(frozen=True, slots=True)
class Need:
    """One line of the tick list."""

    words: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class ChoiceLine:
    """One labelled exit, and where it leads."""

    id: str
    label: str
    leads: str
    needs_reason: bool
    needs_answer: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class SetLine:
    """A fact that must be known when the row is left."""

    id: str
    label: str
    values: tuple[str, ...]
    value: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class BindLine:
    """A column that must be filled for this case when the row is left."""

    id: str
    label: str
    hint: str
    several: bool
    units: tuple[queries.Choice, ...]
    posts: tuple[queries.Choice, ...]
    value: tuple[str, ...]
    error: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What one open visit shows. Field names are those of the template."""

    visit: str
    anchor: str
    shape: str
    no: str
    over: str
    title: str
    more: tuple[str, ...]
    performers: str
    clock: Clock
    clock_words: str
    time: str
    output: str
    note: str
    may_complete: bool
    why_not: str
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
    button: str
    primary: bool
    waits: tuple[Wait, ...]
    proposal: str
    may_settle: bool
    may_resume: bool
    may_respond: bool
    may_dispose: bool
    may_skip: bool
    may_take: bool
    may_hand_back: bool
    taken: str
    parts: tuple[PartLine, ...]
    assignees: tuple[queries.Choice, ...]
    groups: tuple[tuple[str, str], ...]
    may_assign: bool
    may_redirect: bool
    dispositions: tuple[DispositionLine, ...]
    dispose: DisposeForm
    unreported: str
    typed: Typed = field(default_factory=dict)
    errors: Typed = field(default_factory=dict)
    opened: str = ""

    @property
    def has_more(self) -> bool:
        """True when there is anything beside completing."""
        return bool(
            self.waits or self.may_resume or self.may_respond or self.may_dispose or self.may_skip
            or self.may_assign or self.may_redirect
        )  # fmt: skip


def cards(
    found: CasePage, words: CaseWords, *, at: datetime, draft: Draft, places: Sequence[queries.Choice]
) -> list[Card]:
    """One card for each open visit; those the reader can act on come first, and one of them has the primary button.

    ``places``: units and posts of the institution, to choose from.
    """
    assigns = any(offer.may_assign for offer in found.offers)
    everybody = (person for post in found.shelf.organisation.posts.values() for person in post.holders)
    holders = queries.people(everybody) if assigns else {}
    ordered = sorted(found.offers, key=lambda offer: not offer.may_complete)
    return [
        _card(found, words, offer, at=at, draft=draft, places=places, holders=holders, primary=number == 0)
        for number, offer in enumerate(ordered)
    ]


def _card(
    found: CasePage, words: CaseWords, offer: Offer, *, at: datetime, draft: Draft,
    places: Sequence[queries.Choice], holders: Mapping[str, str], primary: bool,
) -> Card:  # fmt: skip
    step, visit, flow = offer.step, offer.visit, words.flow
    head, rest = printed.title_and_rest(step.what)
    mine = draft if draft.visit == visit.id else Draft()
    completing = mine if mine.verb == "selesaikan" else Draft()
    clock, clock_words = _clock(found, offer, at)
    chosen = completing.typed.get("choice", "")
    name = anchor(visit.id)
    return Card(
        visit=visit.id,
        anchor=name,
        shape=printed.shape(flow, step.id),
        no=printed.number(step),
        over=_over(words, offer),
        title=head,
        more=rest,
        performers=performers.told(found, words, offer),
        clock=clock,
        clock_words=clock_words,
        time=str(step.time_for(found.state.attributes) or ""),
        output=step.output,
        note=step.note,
        may_complete=offer.may_complete and not offer.waiting,
        why_not=_why_not(words, offer),
        needs=tuple(
            Need(need, str(number) in completing.several.get("needs", ())) for number, need in enumerate(step.needs, 1)
        ),
        question=step.question,
        choices=tuple(_choice(words, choice, chosen) for choice in offer.choices),
        sets=tuple(_set(found, words, set_, completing) for set_ in offer.sets),
        binds=tuple(bind_line(found, role, places, completing) for role in offer.binds),
        asks_answer=offer.needs_answer or any(choice.needs_answer for choice in offer.choices),
        medium=completing.typed.get("medium") or medium(found),
        always_reason=bool(offer.choices) and all(choice.needs_reason for choice in offer.choices),
        some_reason=any(choice.needs_reason for choice in offer.choices),
        reason_label=_("Alasan") if any(choice.needs_reason for choice in offer.choices) else _("Catatan"),
        button=_("Selesaikan %(step)s") % {"step": words.step(visit.id)},
        primary=primary,
        waits=offer.waits,
        proposal=_proposal(found, offer),
        may_settle=offer.may_settle,
        may_resume=offer.may_resume,
        may_respond=offer.may_respond,
        may_dispose=offer.may_dispose,
        may_skip=offer.may_skip,
        may_take=offer.may_take and _is_shared(words, offer),
        may_hand_back=offer.may_hand_back,
        taken=_taken(words, offer),
        parts=performers.parts(words, offer),
        may_assign=offer.may_assign,
        assignees=performers.assignees(found, offer, places, holders) if offer.may_assign else (),
        groups=performers.groups(words, offer) if offer.may_assign else (),
        may_redirect=offer.may_redirect,
        dispositions=tuple(dispositions.lines(found, words, offer.branches, draft)),
        dispose=dispositions.form(f"{name}-d", visit.id, mine),
        unreported=_unreported(offer),
        typed=mine.typed,
        errors=mine.errors,
        opened=mine.verb,
    )


def _over(words: CaseWords, offer: Offer) -> str:
    rows = [step.id for step in path.shown_rows(words.flow)]
    number = rows.index(offer.step.id) + 1 if offer.step.id in rows else 1
    said = _("Langkah %(number)d dari %(total)d") % {"number": number, "total": len(rows)}
    if offer.step.text_no and offer.step.text_no != offer.step.no:
        said += _(", butir %(text_no)s") % {"text_no": offer.step.text_no}
    if offer.visit.round > 1:
        said += _(", putaran %(round)d") % {"round": offer.visit.round}
    return said


def _clock(found: CasePage, offer: Offer, at: datetime) -> tuple[Clock, str]:
    visit = offer.visit
    due = found.dues.get(f"step:{visit.id}")
    calendar = found.shelf.calendar_of(post for group in visit.groups for post in group.posts)
    outside = printed.of_party(found.sop, offer.step, Party.COMPLAINANT, Party.OUTSIDE)
    clock = clocks.read(
        due_at=due.due_at if due is not None else None, now=at, calendar=calendar, breaches=not outside,
        starts_at=due.starts_at if due is not None else visit.opened_at, paused=bool(offer.waiting),
    )  # fmt: skip
    said = [_("Mulai %(at)s") % {"at": dates.stamp(visit.opened_at, calendar.tz)}]
    pauses, _running = spans(wait for wait in found.state.waits.values() if wait.visit == visit.id)
    if pauses:
        stood = sum((calendar.worked(begin, end) for begin, end in pauses), start=at - at)
        said.append(_("berhenti %(time)s") % {"time": dates.stretch(stood)})
    if offer.waiting:
        wait = found.state.waits[offer.waiting]
        said.append(_("menunggu: %(why)s") % {"why": found.sop.wait(wait.reason).label or wait.reason})
        said.extend(filter(None, [_silence(found, wait)]))
    return clock, "; ".join(said)


_AFTER_SILENCE: Mapping[str, Callable[[], str]] = {
    "propose": lambda: _("sampai %(until)s, lalu diusulkan dianggap dicabut"),
    "close": lambda: _("sampai %(until)s, lalu laporan diakhiri"),
}


def _silence(found: CasePage, wait: Waiting) -> str:
    """Until when a running wait lasts, and what comes then."""
    if wait.until is None:
        return ""
    told = _AFTER_SILENCE.get(wait.then, lambda: _("sampai %(until)s, lalu waktu berjalan kembali"))()
    return told % {"until": dates.stamp(wait.until, found.institution.zone)}


def _proposal(found: CasePage, offer: Offer) -> str:
    """Why somebody is asked whether the complaint is deemed withdrawn; empty when nobody is."""
    wait = found.state.waits.get(offer.proposal)
    if wait is None or wait.proposed_at is None:
        return ""
    zone = found.institution.zone
    told = {"since": dates.stamp(wait.since, zone), "until": dates.stamp(wait.until or wait.proposed_at, zone)}
    return _("Pelapor diminta melengkapi pada %(since)s dan tidak memberi kabar sampai %(until)s.") % told


def _unreported(offer: Offer) -> str:
    """Why the row cannot be left yet."""
    n = sum(one.disposition.state == "open" for one in offer.branches)
    words = ngettext(
        "%(n)d disposisi belum dilaporkan; langkah dapat diselesaikan sesudahnya.",
        "%(n)d disposisi belum dilaporkan; langkah dapat diselesaikan sesudahnya.", n,
    )  # fmt: skip
    return words % {"n": n} if n and offer.may_complete else ""


def _is_shared(words: CaseWords, offer: Offer) -> bool:
    """True when more than one person could act: then it helps to say who does."""
    return any(len(words.shelf.organisation.holders(group.posts)) > 1 for group in offer.visit.groups)


def _taken(words: CaseWords, offer: Offer) -> str:
    visit = offer.visit
    if visit.taken_at is None:
        return ""
    told = {"person": words.person(visit.taken_by), "since": words.stamp(visit.taken_at)}
    return _("Dikerjakan oleh %(person)s sejak %(since)s.") % told


def _why_not(words: CaseWords, offer: Offer) -> str:
    if offer.may_complete and offer.waiting:
        return _("Waktu langkah ini berhenti. Jalankan kembali waktunya, atau tunggu kabar pelapor.")
    return refusals.sentence(offer.why_not) if offer.why_not else ""


def _choice(words: CaseWords, choice: Choice, chosen: str) -> ChoiceLine:
    leads = printed.leads(words.flow, words.sop, choice.leads_to)
    told = _("Dikembalikan ke %(leads)s") if choice.is_return else _("Lanjut ke %(leads)s")
    return ChoiceLine(
        choice.exit.id, choice.exit.label, told % {"leads": leads}, choice.needs_reason, choice.needs_answer,
        chosen == choice.exit.id,
    )  # fmt: skip


def _set(found: CasePage, words: CaseWords, name: str, mine: Draft) -> SetLine:
    values = found.sop.attribute_values(name) or ()
    value = mine.typed.get(f"set-{name}") or found.state.attributes.get(name, "")
    return SetLine(name, words.attribute(name), values, value, mine.errors.get(f"set-{name}", ""))


def bind_line(found: CasePage, role: Role, places: Sequence[queries.Choice], mine: Draft) -> BindLine:
    """A column as it is filled for this case, and with what it can be."""
    value = mine.several.get(f"bind-{role.id}") or found.state.bound.get(role.id, ())
    units, posts = tuple(p for p in places if p.is_unit), tuple(p for p in places if not p.is_unit)
    error, hint = mine.errors.get(f"bind-{role.id}", ""), performers.team_hint(found, role)
    return BindLine(role.id, role.label or role.id, hint, role.team is not None, units, posts, tuple(value), error)


def medium(found: CasePage) -> str:
    """The medium an answer goes by unless somebody says otherwise: the one the complainant asked for."""
    wanted = found.report.words.get("answer_by", "") if found.report is not None else ""
    return medium_of(wanted, found.state.attributes.get("channel", "web"))


def medium_of(wanted: str, channel: str) -> str:
    """The medium for whoever asked to be answered by ``wanted`` (empty: did not say) and came by ``channel``."""
    return wanted if wanted in labels.MEDIA else channel if channel in labels.MEDIA and not wanted else "web"
