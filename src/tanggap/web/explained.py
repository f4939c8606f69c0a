"""A deadline told line by line: what it counts from, what was counted, what stood still and why, due, how late."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tanggap.casework.custody import Share
from tanggap.casework.explained import Explained, Stop
from tanggap.casework.law import PREFIX
from tanggap.records.queries import CaseDeadlines, CasePage, Promised
from tanggap.web import clocks, dates, printed, times
from tanggap.web.clocks import Clock
from tanggap.web.words import CaseWords
from tanggap.worktime.duration import Duration
from tanggap.worktime.explanation import Explanation, Kind, Line

Words = str | Promise

ENDINGS: Mapping[str, Words] = {
    "acted": gettext_lazy("dikerjakan"),
    "confirmed": gettext_lazy("dikonfirmasi pelapor"),
    "on_behalf": gettext_lazy("dicatat petugas atas nama pelaksananya"),
    "delivered": gettext_lazy("jawaban diterima"),
    "lapsed": gettext_lazy("habis waktu"),
    "skipped": gettext_lazy("dilewati dengan alasan"),
    "received": gettext_lazy("bersama diterimanya laporan"),
    "returned": gettext_lazy("ditarik karena dikembalikan"),
    "redirected": gettext_lazy("dialihkan koordinator"),
    "moved": gettext_lazy("laporan pindah prosedur"),
    "closed": gettext_lazy("laporan berakhir"),
    "responded": gettext_lazy("respons pertama diberikan"),
    "answered": gettext_lazy("pelapor dijawab"),
    "written": gettext_lazy("pelapor disurati"),
    "asked": gettext_lazy("pelapor dimintai kelengkapan"),
    "timed_out": gettext_lazy("batas menunggu tiba"),
    "reported": gettext_lazy("hasilnya dilaporkan"),
    "recalled": gettext_lazy("ditarik kembali"),
    "contact": gettext_lazy("pelapor menghubungi"),
    "resumed": gettext_lazy("waktu dijalankan kembali"),
    "taken_back": gettext_lazy("langkahnya ditarik"),
    "regraded": gettext_lazy("golongan laporan berubah"),
    "ended": gettext_lazy("berakhir"),
}
"""How a clock or a pause ended."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    caption: str
    words: str


@dataclass(frozen=True, slots=True)
class ClockView:
    """One clock as a page shows it. ``badge``: how it stands. ``running``: not ended yet. ``due``: when, in words."""

    anchor: str
    clock: str
    title: str
    badge: Clock
    rows: tuple[Row, ...]
    running: bool
    due: str = ""


@dataclass(frozen=True, slots=True)
class CaseClock:
    """A clock on the whole case, in one line."""

    title: str
    badge: Clock
    due: str
    source: str
    anchor: str


def case_clocks(found: CasePage, words: CaseWords, *, at: datetime) -> list[CaseClock]:
    """The clocks that run on the whole case, of the SOP and of the law, the nearest first (S0-12)."""
    running = [due for due in found.dues.values() if due.clock.startswith("clock:")]
    sources = {f"clock:{one.clock.id}": one.clock.source for one in words.shelf.law}
    calendar = words.shelf.calendar
    lines = []
    for due in sorted(running, key=lambda one: (one.due_at is None, one.due_at)):
        badge = clocks.read(due_at=due.due_at, now=at, calendar=calendar, warn_at=due.warn_at, paused=due.paused)
        told = dates.deadline(due.due_at, calendar.tz) if due.due_at is not None else ""
        title = words.law(due.clock) or words.clock(due.clock).capitalize()
        lines.append(CaseClock(title, badge, told, sources.get(due.clock, ""), anchor(due.clock)))
    return lines


def words_of(found: CaseDeadlines) -> CaseWords:
    """The words for the ids of the case."""
    return CaseWords(found.state, found.sop, found.shelf, found.names, found.persons)


def anchor(clock: str) -> str:
    """The name of a clock as an address within the page."""
    return "t-" + "".join(letter if letter.isalnum() else "-" for letter in clock)


def views(found: CaseDeadlines, *, at: datetime) -> list[ClockView]:
    """Every clock of the case in words, those that run first."""
    teller = _Teller(words_of(found), at)
    told = [teller.view(one) for one in found.clocks]
    if found.promised is not None:
        told.insert(0, promised(found.promised, words_of(found), at=at))
    return sorted(told, key=lambda one: not one.running)


def promised(told: Promised, words: CaseWords, *, at: datetime) -> ClockView:
    """The moment promised at the receipt, and how it came about."""
    calendar, state = words.shelf.calendar, words.case
    rows = [Row(_("mulai"), _from(told.legs[0].explanation.start, times.STARTS["receipt"]))]
    for leg in told.legs:
        named = words.row(leg.row) if leg.row else _("seluruh prosedur")
        until = leg.explanation.due
        told_until = _("sampai %(due)s") % {"due": dates.deadline(until, calendar.tz)} if until is not None else ""
        rows.append(Row(named, ", ".join(filter(None, (_standard(leg.standard), told_until)))))
        if len(told.legs) == 1:
            rows += [_row(line) for line in leg.explanation if line.kind not in _EDGES]
    if not told.same:
        said = _("Kalender atau SOP berubah sesudah tanda terima; saat yang dijanjikan tetap berlaku.")
        rows.append(Row(_("catatan"), said))
    due = _("%(due)s, menurut %(source)s") % {
        "due": dates.deadline(told.due_at, calendar.tz), "source": told.source or _("lembaga"),
    }  # fmt: skip
    rows.append(Row(_("jatuh tempo"), due))
    answered = state.answered_at
    if answered is not None:
        rows.append(Row(_("dijawab"), dates.deadline(answered, calendar.tz)))
    ended = answered or state.closed_at
    late = calendar.worked(told.due_at, ended) if ended is not None and ended > told.due_at else timedelta()
    badge = (
        clocks.read(due_at=told.due_at, now=at, calendar=calendar)
        if ended is None
        else _ended_badge(late, judged=answered is not None)
    )
    return ClockView("t-janji", "promise", _("Janji jawaban kepada pelapor"), badge, tuple(rows), ended is None, due)


def length(time: timedelta) -> str:
    """Working time in words; nothing is nothing, not a minute."""
    return dates.spent(time) if time else _("tidak ada")


_EDGES = (Kind.START, Kind.DUE)
_MET = frozenset(
    ("acted", "confirmed", "on_behalf", "delivered", "responded", "answered", "written", "asked", "reported")
)
"""Endings by which what was asked for is done."""


class _Teller:
    """Puts clocks of one case into words."""

    def __init__(self, words: CaseWords, at: datetime) -> None:
        self.words, self.at = words, at

    def view(self, one: Explained) -> ClockView:
        """One clock."""
        return ClockView(
            anchor(one.clock), one.clock, self._title(one), self._badge(one), tuple(self._rows(one)),
            one.ended_at is None, dates.deadline(one.due_at, one.calendar.tz) if one.due_at is not None else "",
        )  # fmt: skip

    def _title(self, one: Explained) -> str:
        kind, _colon, name = one.clock.partition(":")
        step = self.words.step(one.visit) if one.visit else ""
        if kind == "step":
            named = f"{step[:1].upper()}{step[1:]}"
            return ": ".join(filter(None, (named, self._activity(one))))
        if kind == "wait":
            return _("%(reason)s (%(step)s)") % {"reason": self.words.wait(name), "step": step}
        if kind == "disposition":
            return _("Disposisi kepada %(to)s (%(step)s)") % {"to": self.words.disposition(name), "step": step}
        if kind == "respond":
            return _("Respons pertama, %(step)s") % {"step": step}
        if kind == "timeout":
            return _("Batas menunggu, %(step)s") % {"step": step}
        if one.kind == "law":
            return self.words.law(one.clock) or name.removeprefix(PREFIX)
        return _("Batas waktu seluruh laporan") if name == "limit" else _("Batas waktu %(name)s") % {"name": name}

    def _activity(self, one: Explained) -> str:
        step = self.words.shelf.flow(one.sop, one.procedure).steps.get(one.row)
        if step is None or not step.no.strip():
            return ""
        return printed.title_and_rest(step.what)[0]

    def _badge(self, one: Explained) -> Clock:
        if one.ended_at is not None:
            judged = one.due_at is not None and one.breaches and one.ended in _MET
            return _ended_badge(one.late_by, judged=judged)
        return clocks.read(
            due_at=one.due_at, now=self.at, calendar=one.calendar, breaches=one.breaches, paused=one.paused,
            starts_at=one.starts_at,
        )  # fmt: skip

    # rows -------------------------------------------------------------------------------------------------------

    def _rows(self, one: Explained) -> Iterator[Row]:
        yield Row(_("mulai"), self._start(one))
        yield Row(_("waktu"), self._time(one))
        for grade in one.regraded:
            said = _("%(name)s menjadi %(value)s (%(who)s): “%(before)s” menjadi “%(after)s”, dihitung sejak mulai")
            yield Row(_("berubah"), said % {
                "name": self.words.attribute(grade.name), "value": grade.value, "before": grade.before,
                "after": grade.after, "who": self._by(grade.by, grade.at),
            })  # fmt: skip
        yield from self._counted(one)
        if one.due_at is not None:
            yield Row(_("jatuh tempo"), dates.deadline(one.due_at, one.calendar.tz))
        yield from self._end(one)
        for share in one.shares:
            holder = self.words.posts(share.posts) or self._party(share.party)
            yield Row(_("pada"), f"{holder}: {length(share.used)} ({self._span(one, share)})")

    def _span(self, one: Explained, share: Share) -> str:
        """From when to when somebody held the visit; who holds it now has no end yet."""
        if one.ended_at is None and share is one.shares[-1]:
            return _("sejak %(since)s") % {"since": self._at(share.since)}
        return _("%(since)s sampai %(to)s") % {"since": self._at(share.since), "to": self._at(share.to)}

    def _start(self, one: Explained) -> str:
        why = times.since(one.counted_from, self.words.row)
        if not one.parts and one.due_at is None and one.standard.has_standard and not one.paused:
            return _("belum: menunggu %(what)s") % {"what": why}
        return _from(one.starts_at.astimezone(one.calendar.tz), why)

    def _time(self, one: Explained) -> str:
        if one.clock.startswith("wait:"):
            return _("sampai ada kabar, paling lama sampai saat di bawah")
        said = [_standard(one.standard)]
        law = next((each for each in self.words.shelf.law if f"clock:{each.clock.id}" == one.clock), None)
        if law is not None:
            said += [_("Sumber: %(source)s") % {"source": law.clock.source}, law.check]
        if not one.breaches and one.kind == "step":
            said.append(_("Pelaksana di luar lembaga: untuk keterangan, tidak pernah terlambat"))
        return ". ".join(words.rstrip(".") for words in said if words) + "."

    def _counted(self, one: Explained) -> Iterator[Row]:
        unsaid = list(one.stops)
        for number, part in enumerate(one.parts):
            if number:
                yield Row(_("diperpanjang"), self._longer(one, number))
            for line in self._between(part):
                yield Row(line.kind.caption(dates.language()), self._line(line, unsaid))
        for stop in unsaid:
            yield Row(Kind.PAUSE.caption(dates.language()), self._stop(stop))
        for more in one.more:
            if more.until is not None:
                moment = dates.deadline(more.until, one.calendar.tz)
                yield Row(_("ditetapkan"), f"{moment} ({self._by(more.by, more.at)})")

    def _between(self, part: Explanation) -> Iterator[Line]:
        return (line for line in part if line.kind not in _EDGES)

    def _line(self, line: Line, unsaid: list[Stop]) -> str:
        """A line of the counting; a pause with why it was."""
        if line.kind is Kind.PAUSE:
            for stop in unsaid:
                if stop.since == line.begin:
                    unsaid.remove(stop)
                    return f"{line.told(dates.language())}: {self._why(stop)}"
        return line.told(dates.language())

    def _stop(self, stop: Stop) -> str:
        since = self._at(stop.since)
        if stop.to is None:
            said = _("sejak %(since)s, dan selama itu tidak ada jatuh tempo") % {"since": since}
        else:
            said = _("%(since)s sampai %(to)s") % {"since": since, "to": self._at(stop.to)}
        return f"{said}: {self._why(stop)}"

    def _why(self, stop: Stop) -> str:
        if stop.reason == "closed":
            return _("laporan sudah berakhir, lalu dibuka kembali")
        said = [self.words.reason(stop.reason)]
        who = self.words.person(stop.by) if stop.by else ""
        if who:
            said.append(_("dimulai oleh %(who)s") % {"who": who})
        if stop.ended:
            said.append(str(ENDINGS.get(stop.ended, stop.ended)))
        return ", ".join(said)

    def _longer(self, one: Explained, number: int) -> str:
        given = [more for more in one.more if more.amount]
        if number > len(given):
            return ""
        more = given[number - 1]
        return f"“{more.amount}” ({self._by(more.by, more.at)})"

    def _end(self, one: Explained) -> Iterator[Row]:
        if one.ended_at is None:
            yield Row(_("sekarang"), _("berhenti") if one.paused else _("berjalan"))
        else:
            ended = str(ENDINGS.get(one.ended, one.ended))
            yield Row(_("selesai"), _from(one.ended_at.astimezone(one.calendar.tz), ended))
        if one.late_by or one.breached_at is not None:
            said = _("%(time)s waktu kerja") % {"time": length(one.late_by)}
            if one.breached_at is not None and one.breached_at != one.due_at:
                told = {"moment": self._at(one.breached_at)}
                said += "; " + _("tercatat lewat waktu untuk jatuh tempo %(moment)s") % told
            yield Row(_("lewat"), said)

    def _party(self, party: str) -> str:
        if party:
            return _("Pelapor") if party == "complainant" else _("Pihak luar")
        return _("Belum ada pelaksana")

    def _by(self, by: str, at: datetime) -> str:
        return ", ".join(filter(None, (self.words.person(by), self._at(at))))

    def _at(self, moment: datetime) -> str:
        return dates.stamp(moment, self.words.shelf.calendar.tz)


def _from(moment: datetime, why: Words) -> str:
    assert moment.tzinfo is not None
    return _("%(moment)s: %(why)s") % {"moment": dates.deadline(moment, moment.tzinfo), "why": why}


def _row(line: Line) -> Row:
    return Row(line.kind.caption(dates.language()), line.told(dates.language()))


def _standard(standard: Duration) -> str:
    if not standard.has_standard:
        return _("tanpa standar waktu: diukur, tidak pernah terlambat")
    return _("“%(printed)s” dibaca sebagai %(meaning)s") % {
        "printed": standard,
        "meaning": standard.told(dates.language()),
    }


def _ended_badge(late: timedelta, *, judged: bool) -> Clock:
    if late:
        return Clock("", "is-late", "late", _("Lewat %(time)s") % {"time": length(late)})
    if judged:
        return Clock("", "is-good", "good", _("Tepat waktu"))
    return Clock("", "", "none", _("Berakhir"))
