"""A procedure as a vertical path of its own rows: done, now, next, with promised and taken time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from tanggap.casework.dues import Due, visit_due
from tanggap.casework.promise import legs
from tanggap.casework.shelf import Shelf
from tanggap.casework.state import Case, Status, Visit, VisitState
from tanggap.sop.flow import Flow
from tanggap.sop.model import Party, Sop, Step
from tanggap.web import dates, drawings, printed, times
from tanggap.worktime.calendar import WorkCalendar

DONE, NOW, NEXT = "done", "now", "next"


@dataclass(frozen=True, slots=True)
class Node:
    """One row of the path. ``used``: share of the promised time; ``returned``: how often it was done again."""

    state: str
    shape: str
    no: str
    title: str
    meta: tuple[str, ...] = ()
    now_words: str = ""
    time_words: str = ""
    used: float = 0.0
    tone: str = ""
    returned: str = ""


def shown_rows(flow: Flow) -> list[Step]:
    """The rows of a case in printed order: standing duties and the printed "selesai" are not work on a case."""
    return [step for step in flow.procedure.steps if not step.standing and not step.terminator]


def readable(sop: Sop, flow: Flow) -> list[Node]:
    """The procedure as the paper says it, for a reader without a case."""
    return [Node(NEXT, *_head(flow, step), meta=tuple(_printed_meta(sop, flow, step))) for step in shown_rows(flow)]


def in_short(sop: Sop, flow: Flow) -> list[Node]:
    """The procedure with who and how long alone, for a front page."""
    return [Node(NEXT, *_head(flow, step), meta=tuple(_who_and_time(sop, step, {}))) for step in shown_rows(flow)]


def _who_and_time(sop: Sop, step: Step, facts: Mapping[str, str]) -> Iterator[str]:
    time = step.time_for(facts)
    standard = str(time) if time is not None and time.has_standard else ""
    words = ", ".join(filter(None, (printed.performers(sop, step), standard)))
    if words:
        yield words


def _head(flow: Flow, step: Step) -> tuple[str, str, str]:
    return printed.shape(flow, step.id), printed.number(step), printed.title_and_rest(step.what)[0]


def _printed_meta(sop: Sop, flow: Flow, step: Step) -> Iterator[str]:
    who = printed.performers(sop, step)
    time = str(step.time) if step.time is not None else ""
    if who or time:
        yield ", ".join(filter(None, (who, time)))
    yield from printed.title_and_rest(step.what)[1]
    yield from times.of_row(sop, flow, step)
    if step.is_decision:
        for exit in flow.exits(step.id):
            yield f"{exit.label}: {printed.leads(flow, sop, exit.next or ())}"


def promised(
    shelf: Shelf, sop_hash: str, procedure: str, *, start: datetime, attributes: Mapping[str, str], done: bool
) -> list[Node]:
    """The path of a complaint received at ``start``, with the latest date of each row on the longest way.

    ``done``: the complaint is received, so the complainant's own first row lies behind it.
    """
    sop, flow = shelf.sops[sop_hash], shelf.flow(sop_hash, procedure)
    latest = row_dues(shelf, sop_hash, procedure, start=start, attributes=attributes)
    nodes: list[Node] = []
    for number, step in enumerate(shown_rows(flow)):
        own = printed.of_party(sop, step, Party.COMPLAINANT)
        behind = done and number == 0 and own
        meta = [_("Diterima %(at)s") % {"at": dates.stamp(start, shelf.calendar.tz)}] if behind else []
        if not behind and (due := latest.get(step.id)) is not None:
            meta.append(_("Paling lambat %(due)s") % {"due": dates.deadline(due, shelf.calendar.tz)})
        meta.extend(_who_and_time(sop, step, attributes))
        first_open = not behind and not any(node.state == NOW for node in nodes) and done
        state = DONE if behind else NOW if first_open else NEXT
        nodes.append(Node(state, *_head(flow, step), meta=tuple(meta)))
    return nodes


def row_dues(
    shelf: Shelf, sop_hash: str, procedure: str, *, start: datetime, attributes: Mapping[str, str]
) -> dict[str, datetime]:
    """By when each row of the longest way to the answer is due, when every step takes all of its time."""
    counted = legs(shelf, sop_hash, procedure, start, attributes)
    return {leg.row: leg.explanation.due for leg in counted if leg.row and leg.explanation.due is not None}


def walked(case: Case, shelf: Shelf, dues: Mapping[str, Due], *, for_complainant: bool = True) -> list[Node]:
    """The path of a running or ended case: rows done, rows open now, rows that may still come."""
    sop, flow = shelf.sops[case.sop], shelf.flow(case.sop, case.procedure)
    ahead = _ahead(case, flow)
    nodes: list[Node] = []
    for step in shown_rows(flow):
        visits = [visit for visit in case.visits.values() if visit.row == step.id and visit.leg == case.leg]
        worked = [visit for visit in visits if visit.state is not VisitState.PASSED]
        if worked and worked[-1].is_open:
            nodes.append(_now(case, shelf, sop, flow, step, worked, dues, for_complainant))
        elif step.id in ahead:
            nodes.append(_coming(case, sop, flow, step, worked))
        elif any(visit.state is VisitState.DONE for visit in worked):
            nodes.append(_done(case, shelf, flow, step, worked))
    if case.status is Status.CLOSED:
        when = dates.stamp(case.closed_at, shelf.calendar.tz) if case.closed_at else ""
        nodes.append(Node(DONE, drawings.BAR, "✓", _("Selesai"), (when,)))
    elif nodes:
        nodes.append(Node(NEXT, drawings.BAR, "✓", _("Berikutnya: selesai")))
    return nodes


def _ahead(case: Case, flow: Flow) -> set[str]:
    """Rows that may still come, returns left out."""
    found: set[str] = set()
    waiting = [visit.row for visit in case.open_visits() if visit.row in flow.steps]
    while waiting:
        row = waiting.pop()
        for target in flow.edges[row]:
            if target not in found and not flow.is_return(row, target):
                found.add(target)
                waiting.append(target)
    return found


def _now(
    case: Case, shelf: Shelf, sop: Sop, flow: Flow, step: Step, visits: list[Visit], dues: Mapping[str, Due],
    for_complainant: bool,
) -> Node:  # fmt: skip
    visit = visits[-1]
    own = printed.of_party(sop, step, Party.COMPLAINANT)
    words = _("Sekarang: giliran Anda") if own and for_complainant else _("Sekarang")
    wait = case.running_wait(visit.id)
    due = dues.get(f"step:{visit.id}")
    meta: list[str] = []
    if wait is not None:
        meta.append(_("Waktu berhenti: %(why)s") % {"why": sop.wait(wait.reason).label or wait.reason})
    elif due is not None and due.due_at is not None:
        meta.append(_("Paling lambat %(due)s") % {"due": dates.deadline(due.due_at, shelf.calendar.tz)})
    meta.append(printed.performers(sop, step))
    return Node(NOW, *_head(flow, step), meta=tuple(filter(None, meta)), now_words=words, returned=_again(visits))


def _coming(case: Case, sop: Sop, flow: Flow, step: Step, visits: list[Visit]) -> Node:
    time = step.time_for(case.attributes)
    standard = str(time) if time is not None and time.has_standard else ""
    meta = ", ".join(filter(None, (printed.performers(sop, step), standard)))
    return Node(NEXT, *_head(flow, step), meta=(meta,) if meta else (), returned=_again(visits))


def _done(case: Case, shelf: Shelf, flow: Flow, step: Step, visits: list[Visit]) -> Node:
    last = next(visit for visit in reversed(visits) if visit.state is VisitState.DONE)
    calendar = shelf.calendar_of(post for group in last.groups for post in group.posts)
    ended = last.ended_at or last.opened_at
    when = dates.stamp(ended, calendar.tz)
    due = None if last.how == "received" else visit_due(case, shelf, last.id)
    if due is None or due.due_at is None:
        return Node(DONE, *_head(flow, step), meta=(when,), returned=_again(visits))
    begun = min(due.starts_at, ended)
    taken = calendar.worked(begun, ended, due.pauses)
    allowed = calendar.worked(begun, max(due.due_at, begun), due.pauses)
    share = taken / allowed if allowed else 0.0
    late = due.clock in case.breached
    words = _("%(taken)s dari %(standard)s") % {
        "taken": _taken(begun, ended, calendar, taken), "standard": due.standard,
    }  # fmt: skip
    return Node(
        DONE, *_head(flow, step), meta=(_("Selesai %(at)s") % {"at": when},), time_words=words,
        used=max(share, 1.02) if late else min(share, 1.0), tone="is-late" if late else "is-good",
        returned=_again(visits),
    )  # fmt: skip


def _taken(begun: datetime, ended: datetime, calendar: WorkCalendar, worked: timedelta) -> str:
    same_day = begun.astimezone(calendar.tz).date() == ended.astimezone(calendar.tz).date()
    return dates.stretch(worked) if same_day else dates.between(begun, ended, calendar)


def _again(visits: list[Visit]) -> str:
    """How often a row was done again; the reasons stay with those who gave them."""
    times = len(visits) - 1
    return _("Diulang %(times)d kali.") % {"times": times} if times > 0 else ""
