"""Rules about the ways through a procedure: ends, loops, parallel paths, waiting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tanggap.sop.check.finding import Document, Note, Sheet, document_rule, procedure_rule
from tanggap.sop.flow import Flow
from tanggap.sop.model import ALWAYS, CLOSE, END, Party
from tanggap.worktime.duration import Duration
from tanggap.worktime.rhythm import is_rhythm

Ways = Mapping[str, set[str]]


def reach(begin: Iterable[str], ways: Ways, barred: Iterable[str] = ()) -> set[str]:
    """Everything that can be come to from ``begin`` along ``ways`` without touching ``barred``."""
    outside = set(barred)
    found: set[str] = set()
    waiting = set(begin) - outside
    while waiting:
        row = waiting.pop()
        found.add(row)
        waiting |= ways.get(row, set()) - found - outside
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
    after = {row: reach([row], ways) for row in ways}
    for row, targets in ways.items():
        for target in sorted(targets & set(flow.order), key=flow.order.__getitem__):
            if flow.order[target] <= flow.order[row] and row in after[target]:
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
    onward = {row: _bits(flow, places) for row, places in ways_of(flow).items()}
    found: dict[str, str] = {}
    for row in flow.steps:
        joins = [other for other, step in flow.steps.items() if step.after and flow.fork(other) == row]
        barred = _bits(flow, [row, *joins])
        walked: dict[str, int] = {}
        for exit in flow.exits(row):
            arms = {place for target in exit.next or () for place in flow.landing(target)} & flow.steps.keys()
            for arm in arms - walked.keys() if len(arms) > 1 else ():
                walked[arm] = _walk(flow, arm, onward, barred)
            for meeting in _meetings(flow, {arm: walked[arm] for arm in arms & walked.keys()}):
                found.setdefault(meeting, row)
    for row, fork in found.items():
        message = f"Jalur sejajar dari baris {fork} bertemu di sini, tetapi baris ini tidak menunggu (`after`)."
        yield Note(message, "after", row)


def _meetings(flow: Flow, walked: Mapping[str, int]) -> list[str]:
    """Rows where two arms first meet. ``walked``: arm to the rows it comes to before a join of its fork, as bits."""
    once = twice = 0
    for rows in walked.values():
        twice |= once & rows
        once |= rows
    both = {row for row, number in flow.order.items() if twice >> number & 1}
    entries = [row for row in both if row in walked or any(source not in both for source in flow.sources[row])]
    return sorted(entries, key=flow.order.__getitem__)


def _bits(flow: Flow, places: Iterable[str]) -> int:
    """Rows as the bits of one number: sets of rows that are quick to join on a sheet of two hundred rows."""
    return sum(1 << flow.order[place] for place in set(places) if place in flow.order)


def _walk(flow: Flow, begin: str, onward: Mapping[str, int], barred: int) -> int:
    rows = list(flow.order)
    found, waiting = 0, _bits(flow, [begin]) & ~barred
    while waiting:
        here = waiting & -waiting
        found |= here
        waiting = (waiting | onward[rows[here.bit_length() - 1]]) & ~found & ~barred
    return found


@procedure_rule("waits_forever")
def waits_forever(sheet: Sheet) -> Iterator[Note]:
    """Somebody outside is waited for, and nothing happens when he stays silent."""
    for step in sheet.rows:
        if sheet.is_outside(step) and step.timeout is None and step.id not in sheet.flow.starts:
            yield Note("Menunggu pihak luar tanpa batas waktu (`timeout`).", "timeout", step.id)


@document_rule("propose_without_end")
def propose_without_end(document: Document) -> Iterator[Note]:
    """A wait after which something is proposed, but that has no end, or is not for the complainant."""
    for wait in document.sop.waits:
        if wait.then == "propose" and wait.at_most is None and not wait.until_needed:
            yield Note(f"Alasan menunggu “{wait.id}” tidak pernah berakhir (`at_most`), sehingga tidak ada usul.")
        elif wait.then == "propose" and wait.waits_for != "complainant":
            yield Note(f"Alasan menunggu “{wait.id}” bukan untuk pelapor; usul dianggap dicabut tidak pada tempatnya.")


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


@procedure_rule("not_a_rhythm")
def not_a_rhythm(sheet: Sheet) -> Iterator[Note]:
    """An ``every`` that no calendar can follow: shorter than a day, several working days, or no number at all."""
    for every, row in _rhythms(sheet):
        if every is not None and not is_rhythm(every):
            yield Note(
                f'"{every}" tidak dapat menjadi jadwal; tulis 1 hari kerja, atau hari kalender, minggu, bulan.',
                "every",
                row,
            )


@procedure_rule("every_without_standing")
def every_without_standing(sheet: Sheet) -> Iterator[Note]:
    """A row that says how often, but is a step of every case: nothing ever opens it by the calendar."""
    for step in sheet.rows:
        if step.every is not None and not step.standing:
            yield Note("Jadwal pada langkah perkara tidak dijalankan; tandai `standing`.", "every", step.id)


@procedure_rule("starting_without_every")
def starting_without_every(sheet: Sheet) -> Iterator[Note]:
    """A first date of something that never falls due."""
    if sheet.procedure.starting is not None and not any(every for every, _row in _rhythms(sheet)):
        yield Note("Tanggal mulai tanpa jadwal (`every`).", "starting")


@procedure_rule("periodic_complainant")
def periodic_complainant(sheet: Sheet) -> Iterator[Note]:
    """A periodic procedure that waits for a complainant: nobody complained."""
    for step in sheet.rows if sheet.procedure.is_periodic else ():
        if any(sheet.sop.role(role).party is Party.COMPLAINANT for role in step.who):
            yield Note("Tugas berkala tidak punya pelapor yang dapat mengerjakan baris ini.", "who", step.id)


def _rhythms(sheet: Sheet) -> Iterator[tuple[Duration | None, str]]:
    yield sheet.procedure.every, ""
    for step in sheet.rows:
        yield step.every, step.id


def _names(rows: Iterable[str]) -> str:
    return ", ".join(sorted(rows)) or "tidak ada"
