"""The tree of dispositions on a step card: what was given to whom, until when, what came of it, what may be done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from tanggap.casework.dues import disposition_due
from tanggap.casework.events import Recalled
from tanggap.casework.offers import Branch
from tanggap.casework.state import Disposition
from tanggap.records.queries import CasePage
from tanggap.web import labels
from tanggap.web.duties.drafts import Draft, Typed
from tanggap.web.letters import FileLink, file_link
from tanggap.web.words import CaseWords


@dataclass(frozen=True, slots=True)
class DisposeForm:
    """The form by which work is given on. ``anchor`` begins the ids of its fields."""

    anchor: str
    parent: str
    opened: bool = False
    to: tuple[str, ...] = ()
    instructions: tuple[str, ...] = ()
    typed: Typed = field(default_factory=dict)
    errors: Typed = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DispositionLine:
    """Work given to others inside the visit. ``number``: its place in the tree (``1.2``). ``hidden``: that is all."""

    id: str
    number: str
    depth: int
    hidden: bool
    state: str
    nature: str = ""
    giver: str = ""
    to: str = ""
    urgency: str = ""
    given: str = ""
    due: str = ""
    late: bool = False
    ticks: str = ""
    note: str = ""
    answer: str = ""
    reporter: str = ""
    files: tuple[FileLink, ...] = ()
    recalled: str = ""
    ended: str = ""
    sheet_url: str = ""
    may_report: bool = False
    may_recall: bool = False
    primary: bool = False
    dispose: DisposeForm | None = None
    typed: Typed = field(default_factory=dict)
    errors: Typed = field(default_factory=dict)
    opened: str = ""


def form(anchor: str, parent: str, draft: Draft) -> DisposeForm:
    """The form on ``parent`` (a visit, or a disposition), with what was typed into it."""
    if draft.verb != "disposisi" or draft.visit != parent:
        return DisposeForm(anchor, parent)
    several = draft.several
    return DisposeForm(
        anchor, parent, True, several.get("to", ()), several.get("instructions", ()), draft.typed, draft.errors
    )


def lines(
    found: CasePage, words: CaseWords, branches: Iterable[Branch], draft: Draft | None = None
) -> Iterator[DispositionLine]:
    """The tree as the reader may see it; whoever is complained of sees what is theirs alone."""
    recalls = {
        entry.event.disposition: entry.event.reason for entry in found.entries if isinstance(entry.event, Recalled)
    }
    for number, branch in _numbered(branches):
        if found.redacted and (branch.hidden or not _holds(found, branch.disposition)):
            continue
        if branch.hidden:
            state = state_word(branch.disposition)
            yield DispositionLine(
                branch.disposition.id, number, branch.depth, True, state, may_recall=branch.may_recall
            )
        else:
            yield _line(found, words, branch, number, draft or Draft(), recalls)


def _holds(found: CasePage, one: Disposition) -> bool:
    return not found.actor.posts.isdisjoint(found.shelf.organisation.expand(one.to))


def _numbered(branches: Iterable[Branch]) -> Iterator[tuple[str, Branch]]:
    counts: list[int] = []
    for branch in branches:
        del counts[branch.depth + 1 :]
        counts.extend([0] * (branch.depth + 1 - len(counts)))
        counts[branch.depth] += 1
        yield ".".join(str(count) for count in counts), branch


def state_word(one: Disposition) -> str:
    """Where a disposition stands, in a word."""
    states = {"open": _("berjalan"), "reported": _("sudah dilaporkan"), "recalled": _("ditarik kembali")}
    return states.get(one.state, _("berakhir bersama langkahnya"))


def _line(
    found: CasePage, words: CaseWords, branch: Branch, number: str, draft: Draft, recalls: Mapping[str, str]
) -> DispositionLine:
    one = branch.disposition
    due = disposition_due(found.state, found.shelf, one)
    mine = draft if draft.disposition == one.id else Draft()
    answers = [found.messages[name] for name in (one.answer, *one.evidence) if name in found.messages]
    reporter = words.person(one.done_by) if one.done_by else ""
    ended_late = due is not None and one.ended_at is not None and one.ended_at > due
    return DispositionLine(
        id=one.id,
        number=number,
        depth=branch.depth,
        hidden=False,
        state=state_word(one),
        nature=str(labels.NATURES.get(one.nature, one.nature)),
        giver=words.person(one.by),
        to=words.posts(one.to),
        urgency=str(labels.URGENCIES.get(one.urgency, one.urgency)),
        given=words.stamp(one.given_at),
        due=words.stamp(due) if due is not None else "",
        late=f"disposition:{one.id}" in found.state.breached or ended_late,
        ticks=ticks(one.instructions),
        note=_text(found, one.note),
        answer="\n\n".join(answer.text for answer in answers if answer.text),
        reporter=", ".join(filter(None, (reporter, words.posts([one.post]) if one.post else ""))),
        files=tuple(file_link(file, _file_url) for answer in answers for file in answer.files),
        recalled=_text(found, recalls.get(one.id, "")),
        ended=words.stamp(one.ended_at) if one.ended_at is not None else "",
        sheet_url=reverse("disposition_sheet", args=[found.id, one.id]),
        may_report=branch.may_report,
        may_recall=branch.may_recall,
        primary=branch.may_report,
        dispose=form(f"disposisi-{one.id}", one.id, draft) if branch.may_dispose else None,
        typed=mine.typed,
        errors=mine.errors,
        opened=mine.verb,
    )


def ticks(instructions: Sequence[str]) -> str:
    """The ticked instructions in words."""
    return "; ".join(str(labels.INSTRUCTIONS.get(tick, tick)) for tick in instructions)


def _text(found: CasePage, message: str) -> str:
    known = found.messages.get(message)
    return known.text if known is not None else ""


def _file_url(file_id: str) -> str:
    return reverse("attachment", args=[file_id])
