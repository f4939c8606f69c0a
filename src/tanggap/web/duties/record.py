"""The record of a case as a log book: days, moments, sentences, and the letters that belong to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from tanggap.casework.events import COMPLAINANT, Entry, Received, StepOpened
from tanggap.records.queries import CasePage, MessageLine
from tanggap.web import dates, labels, letters, sentences
from tanggap.web.letters import Letter
from tanggap.web.words import CaseWords


@dataclass(slots=True)
class Line:
    """One act: who, what, and what followed from it in the same breath."""

    at: datetime
    icon: str
    who: str
    words: str
    asides: list[str] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    recorded: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the log book."""

    word: str
    entries: list[Line]


def days(found: CasePage, words: CaseWords) -> list[Day]:
    """The whole record in order of writing, by day."""
    zone = found.institution.zone
    found_days: list[Day] = []
    for line in _Log(found, words).lines():
        word = dates.weekday(dates.local(line.at, zone))
        if not found_days or found_days[-1].word != word:
            found_days.append(Day(word, []))
        found_days[-1].entries.append(line)
    return found_days


class _Log:
    """Tells the entries one by one; what was written is shown once, where it is first spoken of."""

    def __init__(self, found: CasePage, words: CaseWords) -> None:
        self.found, self.words = found, words
        self.shown: set[str] = set()

    def lines(self) -> list[Line]:
        """One line for each act, its consequences beside it."""
        told: list[tuple[Line, datetime]] = []
        if self.found.redacted and self.found.report is not None:
            told.append((self._report_alone(self.found.report), self.found.recorded_at))
        for entry in self.found.entries:
            if self._goes_without_saying(entry):
                continue
            said = sentences.tell(entry.event, self.words)
            if said.follows and told and told[-1][1] == entry.recorded_at:
                told[-1][0].asides.append(said.words)
                told[-1][0].letters.extend(self._letters(said))
            else:
                told.append((self._line(entry, said), entry.recorded_at))
        return [line for line, _recorded in told]

    def _goes_without_saying(self, entry: Entry) -> bool:
        """The complainant's first row begins and ends with the receipt: one sentence is enough."""
        if not isinstance(entry.event, StepOpened):
            return False
        visit = self.found.state.visits.get(entry.event.visit)
        return visit is not None and visit.how == "received"

    def _line(self, entry: Entry, said: sentences.Said) -> Line:
        who = "" if said.words[:1].isupper() else self.words.person(entry.by)
        line = Line(entry.happened_at, said.icon, who, said.words, letters=self._letters(said))
        is_late = (entry.recorded_at - entry.happened_at).total_seconds() >= 60
        if is_late:
            line.recorded = _("Dicatat %(at)s.") % {"at": self.words.stamp(entry.recorded_at)}
        if isinstance(entry.event, Received) and self.found.report is not None:
            line.who = _("Pelapor")
            line.letters.insert(0, self._report(self.found.report))
            if entry.by != COMPLAINANT:
                line.recorded = _("Dicatat %(at)s oleh %(who)s.") % {
                    "at": self.words.stamp(entry.recorded_at), "who": self.words.person(entry.by),
                }  # fmt: skip
        return line

    def _report(self, report: MessageLine) -> Letter:
        facts = letters.report_facts(report.words, self.found.names)
        return letters.letter(report, manner="", file_url=_file_url, facts=facts)

    def _report_alone(self, report: MessageLine) -> Line:
        """What the party complained of sees of the beginning."""
        words = _("Isi laporan, tanpa identitas pelapor.")
        return Line(report.at, "letter", "", words, letters=[self._report(report)])

    def _letters(self, said: sentences.Said) -> list[Letter]:
        shown = []
        for content, manner in said.letters:
            message = self.found.messages.get(content)
            if message is None or content in self.shown or not (message.text or message.files or message.erased):
                continue
            self.shown.add(content)
            drawn = sentences.THEIRS if message.author == COMPLAINANT else manner
            facts, paper = _how_it_left(message), self._paper(message)
            shown.append(letters.letter(message, manner=drawn, file_url=_file_url, facts=facts, paper=paper))
        return shown

    def _paper(self, message: MessageLine) -> str:
        """Where the answer, or a letter, can be printed; not for whoever is complained of."""
        goes_out = message.kind in ("answer", "letter") and message.audience == COMPLAINANT
        return (
            reverse("answer_letter", args=[self.found.id, message.id]) if goes_out and not self.found.redacted else ""
        )


def _how_it_left(message: MessageLine) -> tuple[tuple[str, str], ...]:
    """By which medium an answer left, or a letter that did not leave by the page itself."""
    left = message.kind == "answer" or (message.kind == "letter" and message.medium != "web")
    return ((_("Melalui"), _medium_word(message.medium)),) if left else ()


def _medium_word(medium: str) -> str:
    return str(labels.MEDIA.get(medium) or labels.channel(medium))


def _file_url(file_id: str) -> str:
    return reverse("attachment", args=[file_id])
