"""Rules about the ways through a procedure: ends, loops, parallel paths, waiting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tanggap.sop.check.finding import Note, Sheet, procedure_rule
from tanggap.sop.flow import Flow
from tanggap.sop.model import ALWAYS, CLOSE, END

Ways = Mapping[str, set[str]]


def reach(begin: Iterable[str], ways: Ways, barred: Iterable[str] = ()) -> set[str]:
    """Everything that can be come to from ``begin`` along ``ways`` without touching ``barred``."""
    outside = set(barred)
    found: set[str] = set()
    waiting = [row for row in begin if row not in outside]
    while waiting:
        row = waiting.pop()
        if row not in found:
            found.add(row)
            waiting.extend(other for other in ways.get(row, ()) if other not in outside)
    return found


def ways_of(flow: Flow) -> Ways:
    """Row to where a case can go from it, the ends among them."""
    return {row: {place for target in flow.targets(row) for place in flow.landing(target)} for row in flow.steps}


def unlimited_ways(flow: Flow) -> Ways:
    """As :func:`ways_of`, without the exits that ``at_most`` shuts in the end."""
    ways: dict[str, set[str]] = {}
    for row, step in flow.steps.items():
        targets: list[str] = []
        for exit in flow.exits(row):
            targets += exit.next or () if exit.at_most is None else [exit.then or END]
        if step.timeout is not None:
            targets += flow.timeout_exit(row, step.timeout).next or ()
        if step.when != ALWAYS or step.standing:
            targets += flow.default_next(row)
        ways[row] = {place for target in targets for place in flow.landing(target)}
    return ways


@procedure_rule("unreachable")
def unreachable(sheet: Sheet) -> Iterator[Note]:
    """A row no case ever comes to."""
    for step in sheet.rows:
        if step.id not in sheet.flow.reachable and not step.standing:
            yield Note("Tidak ada jalur yang sampai ke baris ini.", "", step.id)


@procedure_rule("no_way_out")
def no_way_out(sheet: Sheet) -> Iterator[Note]:
    """A row from which no case ever ends."""
    ways = ways_of(sheet.flow)
    for step in sheet.rows:
        leads_away = any(exit.procedure for exit in step.choices)
        if not step.standing and not leads_away and not reach([step.id], ways) & {END, CLOSE}:
            yield Note("Dari baris ini perkara tidak pernah dapat selesai.", "next", step.id)


@procedure_rule("unbounded_loop")
def unbounded_loops(sheet: Sheet) -> Iterator[Note]:
    """A way back that may be taken without end."""
    flow, ways = sheet.flow, unlimited_ways(sheet.flow)
    for row, targets in ways.items():
        for target in sorted(targets & set(flow.order), key=flow.order.__getitem__):
            if flow.order[target] <= flow.order[row] and row in reach([target], ways):
                yield Note(f"Pengembalian ke baris {target} dapat berulang tanpa batas.", "at_most", row)


@procedure_rule("join_mismatch")
def join_mismatch(sheet: Sheet) -> Iterator[Note]:
    """``after`` names other rows than those that lead in."""
    for step in sheet.rows:
        if step.after and step.id in sheet.flow.reachable:
            leading = {row for row in sheet.flow.sources[step.id] if not sheet.flow.is_return(row, step.id)}
            if leading != set(step.after):
                yield Note(
                    f"Baris ini menunggu {_names(step.after)}, sedangkan yang menuju ke sini {_names(leading)}.",
                    "after",
                    step.id,
                )


@procedure_rule("merge_without_after")
def merge_without_after(sheet: Sheet) -> Iterator[Note]:
    """Two parallel paths meet on a row that waits for neither."""
    flow = sheet.flow
    ways = ways_of(flow)
    found: dict[str, str] = {}
    for row in flow.steps:
        for exit in flow.exits(row):
            arms = [place for target in exit.next or () for place in flow.landing(target) if place in flow.steps]
            for meeting in _meetings(flow, row, arms, ways):
                found.setdefault(meeting, row)
    for row, fork in found.items():
        yield Note(
            f"Jalur sejajar dari baris {fork} bertemu di sini, tetapi baris ini tidak menunggu (`after`).", "after", row
        )


def _meetings(flow: Flow, fork: str, arms: list[str], ways: Ways) -> list[str]:
    """Rows where two of ``arms`` first meet, joins of this fork excepted."""
    joins = [row for row, step in flow.steps.items() if step.after and row in flow.reachable and flow.fork(row) == fork]
    walked = [reach([arm], ways, [fork, *joins]) for arm in arms]
    both = {row for number, arm in enumerate(walked) for other in walked[number + 1 :] for row in arm & other}
    inside = {row for row in both if row in flow.steps}
    entries = [row for row in inside if row in arms or any(source not in inside for source in flow.sources[row])]
    return sorted(entries, key=flow.order.__getitem__)


@procedure_rule("waits_forever")
def waits_forever(sheet: Sheet) -> Iterator[Note]:
    """Somebody outside is waited for, and nothing happens when he stays silent."""
    for step in sheet.rows:
        if sheet.is_outside(step) and step.timeout is None and step.id not in sheet.flow.starts:
            yield Note("Menunggu pihak luar tanpa batas waktu (`timeout`).", "timeout", step.id)


@procedure_rule("timeout_without_time")
def timeout_without_time(sheet: Sheet) -> Iterator[Note]:
    """A timeout that never comes: neither it nor the row has a time."""
    for step in sheet.rows:
        if step.timeout is not None and step.timeout.after is None and not (step.time and step.time.has_standard):
            yield Note("Batas waktu tidak pernah tiba: baris ini tidak punya waktu.", "timeout", step.id)


@procedure_rule("standing_row")
def standing_rows(sheet: Sheet) -> Iterator[Note]:
    """A periodic duty printed among the steps of a case."""
    for step in sheet.rows:
        if step.standing:
            yield Note("Baris ini kesiapan atau tugas berkala, bukan langkah penanganan perkara.", "standing", step.id)


def _names(rows: Iterable[str]) -> str:
    return ", ".join(sorted(rows)) or "tidak ada"
