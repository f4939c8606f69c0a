"""One case in the words for its complainant: where it stands, what was promised, what may be said now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from tanggap.casework.custody import custody, reason_of
from tanggap.casework.events import COMPLAINANT
from tanggap.casework.offers import Offer
from tanggap.casework.state import Status
from tanggap.casework.waits import asks_complainant
from tanggap.records import queries
from tanggap.records.queries import MessageLine, TrackedCase
from tanggap.web import dates, explained, labels, letters, path
from tanggap.web.explained import ClockView
from tanggap.web.labels import PublicStatus
from tanggap.web.letters import Letter
from tanggap.web.notices import labels as notices
from tanggap.web.path import Node
from tanggap.web.public.awaited import awaited
from tanggap.web.words import CaseWords

_NOT_TOLD = ("past", "merged")


@dataclass(frozen=True, slots=True)
class TrackedPage:
    """What the page shows."""

    register: str
    title: str
    status: PublicStatus
    standing: str
    path: list[Node]
    letters: list[Letter]
    answer: Letter | None
    answer_stands: bool
    may_accept: bool
    may_reject: bool
    may_withdraw: bool
    may_rate: bool
    rated: bool
    accept_words: str
    decide_until: datetime | None
    reveals: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    promise: ClockView | None = None
    waits: list[str] = field(default_factory=list)
    figures: list[tuple[str, str]] = field(default_factory=list)
    awaited: list[str] = field(default_factory=list)

    @property
    def may_decide(self) -> bool:
        """True while the complainant is asked whether the answer suits."""
        return self.may_accept or self.may_reject


def view(found: TrackedCase, *, at: datetime) -> TrackedPage:
    """``found`` as the page shows it at ``at``."""
    case = found.state
    said = list(_letters(found))
    words = CaseWords(case, found.sop, found.shelf, found.names, {})
    told = queries.promised(
        found.entries, found.shelf, found.institution, due_at=found.promise_due_at, source=found.promise_source
    )
    waits = list(_waits(found))
    is_open = case.status is Status.OPEN
    return TrackedPage(
        register=found.register,
        title=found.title or _("Laporan %(register)s") % {"register": found.register},
        status=labels.public_status(case, found.shelf),
        standing=_standing(found),
        path=path.walked(case, found.shelf, found.dues),
        letters=said,
        answer=_answer(found),
        answer_stands=case.answered,
        may_accept=case.answered and is_open and (own_row(found) is not None or case.answers[-1].ok is not True),
        may_reject=may_reject(found, at=at),
        may_withdraw=is_open,
        may_rate=bool(case.answers) and not is_open and found.rating is None,
        rated=found.rating is not None,
        accept_words=_("Laporan dinyatakan selesai.") if own_row(found) else _("Kami catat bahwa Anda menerimanya."),
        decide_until=_decide_until(found),
        reveals=[_reveal(found, one.who, one.at) for one in found.reveals],
        told=[notices.told(one, found.institution.zone, at=at) for one in found.told if one.why not in _NOT_TOLD],
        promise=explained.promised(told, words, at=at) if told is not None else None,
        waits=waits,
        figures=_figures(found, at),
        awaited=awaited(found),
    )


def _figures(found: TrackedCase, at: datetime) -> list[tuple[str, str]]:
    """How much working time the institution had, and for how much of it the complainant was waited for."""
    held = custody(found.state, found.shelf, until=at)
    return [
        (_("Waktu kami"), explained.length(held.ours)),
        (_("Waktu menunggu Anda"), explained.length(held.complainant)),
    ]


def _waits(found: TrackedCase) -> Iterator[str]:
    """When the case stood still for its complainant, and why."""
    zone = found.institution.zone
    for wait in found.state.waits.values():
        if asks_complainant(wait, found.shelf.sops):
            reason = reason_of(found.shelf, found.state, wait.reason)
            since = dates.stamp(wait.since, zone)
            if wait.to is None:
                span = _("sejak %(since)s, masih menunggu Anda") % {"since": since}
            else:
                span = _("%(since)s sampai %(to)s") % {"since": since, "to": dates.stamp(wait.to, zone)}
            yield f"{(reason.label if reason else '') or wait.reason}: {span}"


def own_row(found: TrackedCase) -> Offer | None:
    """The complainant's own open row, if the SOP has come to one."""
    return next((offer for offer in found.offers if offer.may_complete), None)


def may_reject(found: TrackedCase, *, at: datetime) -> bool:
    """An answered case may be said not to suit while it is open, or within the time its procedure gives."""
    case = found.state
    if case.status is Status.OPEN:
        return case.answered
    if not case.answers or found.procedure.reopen is None or case.closed_at is None:
        return False
    until = found.shelf.calendar.add(case.closed_at, found.procedure.reopen)
    return until is None or at <= until


def _decide_until(found: TrackedCase) -> datetime | None:
    case = found.state
    if case.status is Status.CLOSED and found.procedure.reopen is not None and case.closed_at is not None:
        return found.shelf.calendar.add(case.closed_at, found.procedure.reopen)
    offer = own_row(found)
    due = found.dues.get(f"timeout:{offer.visit.id}") if offer is not None else None
    return due.due_at if due is not None else None


def _standing(found: TrackedCase) -> str:
    zone, case = found.institution.zone, found.state
    promised = found.promise_due_at
    if case.answered or (case.answers and case.status is Status.CLOSED):
        words = _("Dijawab %(at)s") % {"at": dates.stamp(case.answers[-1].at, zone)}
        if promised is not None:
            words += "; " + _("dijanjikan paling lambat %(due)s") % {"due": dates.stamp(promised, zone)}
        return words
    if case.status is Status.CLOSED or promised is None:
        return ""
    return _("Jawaban paling lambat %(due)s") % {"due": dates.deadline(promised, zone)}


def _who(found: TrackedCase, message: MessageLine) -> str:
    """The complainant reads "Anda"; colleagues speak for their institution, not by name."""
    return _("Anda") if message.author == COMPLAINANT or message.kind == "report" else found.institution.short_name


def _letter(found: TrackedCase, message: MessageLine) -> Letter:
    own = message.author == COMPLAINANT or message.kind == "report"
    return letters.letter(
        message, manner="" if own else "is-ours", who=_who(found, message), at=message.at,
        file_url=lambda file_id: reverse("tracked_file", args=[file_id]),
        facts=letters.report_facts(message.words, found.names) if message.kind == "report" else (),
    )  # fmt: skip


def _letters(found: TrackedCase) -> Iterator[Letter]:
    for message in found.messages.values():
        if message.kind != "rating":
            yield _letter(found, message)


def _answer(found: TrackedCase) -> Letter | None:
    for answer in reversed(found.state.answers):
        message = found.messages.get(answer.message)
        if message is not None:
            return _letter(found, message)
    return None


def _reveal(found: TrackedCase, who: str, at: datetime) -> str:
    return _("%(who)s, %(at)s") % {"who": who, "at": dates.stamp(at, found.institution.zone)}


def sop_url(found: TrackedCase) -> str:
    """The page of the SOP the case runs by."""
    return reverse("sop", args=[found.institution.key, found.sop.id])
