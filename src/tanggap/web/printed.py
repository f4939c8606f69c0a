"""The SOP's own words, made fit to head a page: the activity, and what it says after it, word for word."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from tanggap.casework.state import Visit
from tanggap.sop.flow import Flow
from tanggap.sop.model import CLOSE, END, Party, Sop, Step
from tanggap.web import drawings


def title_and_rest(what: str) -> tuple[str, tuple[str, ...]]:
    """An activity as head and following lines, broken where the print breaks: before "Jika". No word is changed."""
    head, *rest = " ".join(what.split()).split(" Jika ")
    return head, tuple(f"Jika {words}" for words in rest)


def number(step: Step) -> str:
    """The printed number without its final dot; a row without a number gets a dot for its node."""
    return step.no.strip().rstrip(".") or "·"


def name(step: Step) -> str:
    """How a row is called in a sentence: "langkah 4", or by its activity when it has no number."""
    return numbered(step.no, step.what)


def numbered(no: str, what: str) -> str:
    """:func:`name` of a row of which only the printed number and activity are known."""
    if no.strip():
        return _("langkah %(no)s") % {"no": no.strip().rstrip(".") or "·"}
    head = title_and_rest(what)[0]
    return _("langkah “%(what)s”") % {"what": head if len(head) <= 60 else f"{head[:59].rstrip()}…"}


def visit_name(step: Step, visit: Visit) -> str:
    """How a performance of a row is called: "langkah 4", "langkah 4 putaran 2"."""
    if visit.round == 1:
        return name(step)
    return _("%(step)s putaran %(round)d") % {"step": name(step), "round": visit.round}


def shape(flow: Flow, row: str) -> str:
    """The symbol of a row: rounded at the start and where a path ends, a diamond for a decision."""
    step = flow.steps[row]
    if step.is_decision:
        return drawings.DIAMOND
    if step.terminator or row in flow.starts or set(flow.targets(row)) <= {END, CLOSE}:
        return drawings.BAR
    return drawings.BOX


def performers(sop: Sop, step: Step) -> str:
    """The printed columns of a row."""
    return ", ".join(sop.role(role).label for role in step.who)


def of_party(sop: Sop, step: Step, *parties: Party) -> bool:
    """True when every column of the row is one of ``parties``."""
    return bool(step.who) and all(sop.role(role).party in parties for role in step.who)


def leads(flow: Flow, sop: Sop, targets: Sequence[str]) -> str:
    """Where an exit leads, in words: "Lanjut ke langkah 3, Pimpinan"."""
    said = []
    for target in targets:
        if target == END:
            said.append(_("jalur ini selesai"))
        elif target == CLOSE:
            said.append(_("laporan berakhir"))
        else:
            step = flow.steps[target]
            said.append(", ".join(filter(None, (name(step), performers(sop, step)))))
    return "; ".join(said)
