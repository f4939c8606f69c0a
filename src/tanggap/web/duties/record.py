"""The record of a case as a log book: days, moments, sentences, and the letters that belong to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from tanggap.casework.events import Entry, Received
from tanggap.records.queries import CasePage
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
    told: list[tuple[Line, datetime]] = []
    for entry in found.entries:
        said = sentences.tell(entry.event, words)
        if said.follows and told and told[-1][1] == entry.recorded_at:
            told[-1][0].asides.append(said.words)
            told[-1][0].letters.extend(_letters(found, said, words))
        else:
            told.append((_line(found, entry, said, words), entry.recorded_at))
    found_days: list[Day] = []
    for line, _recorded in told:
        word = dates.weekday(dates.local(line.at, zone))
        if not found_days or found_days[-1].word != word:
            found_days.append(Day(word, []))
        found_days[-1].entries.append(line)
    return found_days


def _line(found: CasePage, entry: Entry, said: sentences.Said, words: CaseWords) -> Line:
    who = "" if said.words[:1].isupper() else words.person(entry.by)
    line = Line(entry.happened_at, said.icon, who, said.words, letters=_letters(found, said, words))
    if (entry.recorded_at - entry.happened_at).total_seconds() >= 60:
        line.recorded = _("Dicatat %(at)s.") % {"at": words.stamp(entry.recorded_at)}
    if isinstance(entry.event, Received) and found.report is not None:
        facts = letters.report_facts(found.report.words, found.names)
        line.letters.insert(0, letters.letter(found.report, manner="", file_url=_file_url, facts=facts))
        if line.recorded:
            line.who = _("Pelapor")
            line.recorded = _("Dicatat %(at)s oleh %(who)s.") % {
                "at": words.stamp(entry.recorded_at), "who": words.person(entry.by),
            }  # fmt: skip
    return line


def _letters(found: CasePage, said: sentences.Said, words: CaseWords) -> list[Letter]:
    shown = []
    for content, manner in said.letters:
        message = found.messages.get(content)
        if message is not None and (message.text or message.files or message.erased):
            medium = ((_("Melalui"), _medium_word(message.medium)),) if message.kind == "answer" else ()
            shown.append(letters.letter(message, manner=manner, file_url=_file_url, facts=medium))
    return shown


def _medium_word(medium: str) -> str:
    return str(labels.MEDIA.get(medium, medium))


def _file_url(file_id: str) -> str:
    return reverse("attachment", args=[file_id])
