"""Kepatuhan: was each SOP version followed, row by row; counted from the event logs alone (X-8)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from threading import Lock
from uuid import UUID

from tanggap.casework.compliance import CaseFact, Compliance, ProcedureTally, StepTally, compliance, facts, quantile
from tanggap.casework.lives import Home, live
from tanggap.casework.shelf import Shelf
from tanggap.records import queries
from tanggap.records.queries import LifeLine
from tanggap.reports import COUNT, MINUTES, SHARE, Asked, Bar, Cell, Column, Table
from tanggap.reports._words import bar_label, columns_of, minutes, posts, row_name, share
from tanggap.sop.model import Sop

KEY = "compliance"
ADDRESS = "kepatuhan"
TITLE = "Kepatuhan pada SOP"
ABOUT = "Setiap langkah menurut urutan SOP: berapa kali dikerjakan, tepat waktu atau terlambat, berapa lama, diulang."
PARAMETERS = ("sop", "period")

_GROUP = (
    Column("sop", "SOP"),
    Column("version", "Versi"),
    Column("procedure", "Prosedur"),
)
_STEPS = (
    *_GROUP,
    Column("no", "No."),
    Column("what", "Kegiatan"),
    Column("who", "Pelaksana"),
    Column("standard", "Mutu baku waktu"),
    Column("count", "Dikerjakan", COUNT, "Setiap pengulangan dihitung."),
    Column("on_time", "Tepat waktu", COUNT),
    Column("late", "Terlambat", COUNT, "Pelaksana di luar lembaga tidak pernah dihitung terlambat."),
    Column("late_by", "Keterlambatan, median", MINUTES, "Waktu kerja sesudah jatuh tempo, tanpa jeda."),
    Column("share", "Bagian tepat waktu", SHARE),
    Column("median", "Waktu terpakai, median", MINUTES, "Waktu kerja sejak langkah diterima, tanpa jeda."),
    Column("p90", "Waktu terpakai, 90 % paling lama", MINUTES, "Sembilan dari sepuluh selesai dalam waktu ini."),
    Column("loops", "Diulang", COUNT),
    Column("skipped", "Dilewati", COUNT),
    Column("lapsed", "Habis waktu", COUNT, "Ditinggalkan oleh waktu, bukan oleh orang."),
    Column("open", "Masih terbuka", COUNT),
    Column("taken", "Ditarik", COUNT, "Berakhir tanpa dikerjakan: dikembalikan, dialihkan, atau kasus ditutup."),
    Column("by_post", "Waktu dipakai oleh"),
)
_PROCEDURES = (
    *_GROUP,
    Column("cases", "Kasus", COUNT),
    Column("open", "Masih terbuka", COUNT),
    Column("outcomes", "Berakhir sebagai"),
    Column("kept", "Dijawab sesuai janji", COUNT),
    Column("broken", "Melewati janji", COUNT),
    Column("share", "Bagian sesuai janji", SHARE),
    Column("loops", "Pengulangan langkah", COUNT),
    Column("looped", "Kasus dengan pengulangan", COUNT),
    Column("departures", "Penyimpangan dari SOP", COUNT, "Dialihkan koordinator ke langkah lain, dengan alasan."),
    Column("ours", "Waktu kita, median", MINUTES, "Waktu kerja selama kasus ada pada lembaga."),
    Column("theirs", "Waktu tunggu pelapor, median", MINUTES, "Waktu kerja selama kasus menunggu pelapor."),
)

_OUTCOMES: Mapping[str, str] = {
    "finished": "selesai",
    "withdrawn": "dicabut pelapor",
    "deemed_withdrawn": "dianggap dicabut",
    "not_ours": "bukan kewenangan",
    "handed_over": "dialihkan",
    "archived": "diarsipkan",
    "merged": "digabung dengan laporan lain",
    "closed": "diakhiri koordinator",
}


def table(asked: Asked) -> tuple[Table, ...]:
    """The rows of every SOP version that ran in the period, in the order of the SOP; then its procedures."""
    shelf = queries.shelf(asked.institution, at=asked.who.at)
    names = queries.names_of(queries.institution(asked.institution).id)
    found = compliance(_facts(asked, shelf))
    homes = [home for home in _in_order(found, shelf) if asked.sop in ("", shelf.sops[home[0]].id)]
    rows: list[tuple[Cell, ...]] = []
    bars: list[Bar] = []
    for home in homes:
        for row, tally in _rows(found, shelf, home):
            rows.append(_step_row(shelf, home, row, tally, names))
            bars.append(_bar(rows[-1], tally))
    ran = [home for home in homes if home in found.procedures]
    return (
        Table("steps", "Per langkah", _STEPS, tuple(rows), grouped=3, bars=tuple(bars), good="tepat waktu",
              bad="terlambat"),
        Table("procedures", "Per prosedur", _PROCEDURES,
              tuple(_procedure_row(shelf, home, found.procedures[home]) for home in ran)),
    )  # fmt: skip


# facts, kept as long as nothing changed ------------------------------------------------------------------------------

_MOST_KEPT = 20_000
_kept: OrderedDict[tuple[UUID, str, str], CaseFact] = OrderedDict()
_lock = Lock()


def _facts(asked: Asked, shelf: Shelf) -> Iterator[CaseFact]:
    """The facts of each visible case. What a closed case's log says never changes while its last line is the same."""
    lines = queries.life_lines(asked.who, asked.institution, first=asked.first, until=asked.until)
    counted = _counted_by(shelf)
    unknown: dict[UUID, LifeLine] = {}
    for line in lines:
        with _lock:
            kept = _kept.get((line.case, line.head, counted))
        if kept is not None:
            yield kept
        else:
            unknown[line.case] = line
    for case, entries in queries.logs(list(unknown)):
        line = unknown[case]
        fact = facts(live(entries), shelf, promised=line.promise_due_at, at=asked.who.at)
        if not fact.open:
            _keep((case, line.head, counted), fact)
        yield fact


def _counted_by(shelf: Shelf) -> str:
    """The calendars that minutes are counted by, and who counts by which: another word, other minutes."""
    units = [f"{unit}{calendar.version}" for unit, calendar in sorted(shelf.unit_calendars.items())]
    posts = [f"{post.id}:{post.unit}" for post in shelf.organisation.posts.values()] if units else []
    return "|".join([shelf.calendar.version, *units, *posts])


def _keep(key: tuple[UUID, str, str], fact: CaseFact) -> None:
    with _lock:
        _kept[key] = fact
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)


# rows ----------------------------------------------------------------------------------------------------------------


def _in_order(found: Compliance, shelf: Shelf) -> list[Home]:
    """Procedures by document, the version with the latest effective date first, in the order of the document."""
    known = {*found.procedures, *(home for home, _ in found.steps)}

    def place(home: Home) -> tuple[str, int, str, int]:
        sop = shelf.sops[home[0]]
        effective = sop.identity.effective_date
        order = [one.id for one in sop.procedures]
        return sop.id, -effective.toordinal() if effective else 0, sop.hash, order.index(home[1])

    return sorted(known, key=place)


def _rows(found: Compliance, shelf: Shelf, home: Home) -> Iterator[tuple[str, StepTally]]:
    """Every row of the procedure in printed order, also those nobody came to; then rows the version does not have."""
    procedure = shelf.sops[home[0]].procedure(home[1])
    tallied = {row: tally for (one, row), tally in found.steps.items() if one == home}
    for step in procedure.steps:
        if not step.standing and not step.terminator:
            yield step.id, tallied.pop(step.id, StepTally())
    yield from sorted(tallied.items())


def _group(sop: Sop, home: Home) -> tuple[str, str, str]:
    identity = sop.identity
    procedure = sop.procedure(home[1])
    revision = f"revisi {identity.revision}, " if identity.revision else ""
    named = procedure.label or (procedure.id if len(sop.procedures) > 1 else "")
    return identity.title or sop.id, f"{revision}versi {home[0][:12]}", named


def _step_row(shelf: Shelf, home: Home, row: str, tally: StepTally, names: Mapping[str, str]) -> tuple[Cell, ...]:
    sop = shelf.sops[home[0]]
    step = shelf.flow(*home).steps.get(row)
    judged = tally.share_on_time
    held = "; ".join(f"{posts(names, keys)} {minutes(used)}" for keys, used in tally.by_post.most_common())
    return (
        *_group(sop, home),
        *row_name(step, row),
        columns_of(sop, step),
        str(step.time) if step is not None and step.time is not None else "",
        tally.count,
        tally.on_time,
        tally.late,
        quantile(tally.late_minutes, 0.5),
        round(judged, 4) if judged is not None else None,
        quantile(tally.minutes, 0.5),
        quantile(tally.minutes, 0.9),
        tally.again,
        tally.skipped,
        tally.lapsed,
        tally.open,
        tally.taken,
        held,
    )


def _bar(row: tuple[Cell, ...], tally: StepTally) -> Bar:
    label = bar_label(str(row[3]), str(row[4]))
    judged = tally.share_on_time
    if judged is None:
        outside = "di luar lembaga, tidak dinilai" if tally.outside else "tanpa standar waktu"
        return Bar(label, 0.0, 0.0, f"{tally.count} kali, {outside}" if tally.count else "belum pernah")
    told = f"{tally.on_time} dari {tally.on_time + tally.late} tepat waktu, {share(judged)}"
    return Bar(label, judged, 1 - judged, f"{told}; {tally.late} terlambat" if tally.late else told)


def _procedure_row(shelf: Shelf, home: Home, tally: ProcedureTally) -> tuple[Cell, ...]:
    ended = ", ".join(f"{_OUTCOMES.get(name, name.replace('_', ' '))} {n}" for name, n in tally.outcomes.most_common())
    judged = tally.kept + tally.broken
    return (
        *_group(shelf.sops[home[0]], home),
        tally.cases,
        tally.open,
        ended,
        tally.kept,
        tally.broken,
        round(tally.kept / judged, 4) if judged else None,
        tally.loops,
        tally.looped,
        tally.departures,
        quantile(tally.ours, 0.5),
        quantile(tally.theirs, 0.5),
    )
