"""Rules about the mutu baku: times, inputs, outputs, and the moments and facts that clocks and conditions name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tanggap.sop.check.finding import Document, Note, Sheet, document_rule, procedure_rule
from tanggap.sop.check.identity import is_empty
from tanggap.sop.check.ways import reach, ways_of
from tanggap.sop.model import Condition, Sop, Step

_SMALL_WORDS = {
    "dan",
    "atau",
    "dari",
    "yang",
    "ke",
    "di",
    "untuk",
    "terkait",
    "belum",
    "masuk",
    "oleh",
    "informasi/formulir",
}
_PUBLIC = {"pelanggan", "pelapor", "pengadu", "pengguna", "pengirim", "penanya", "masyarakat"}
_STATE = re.compile(r"(di|ter)\w{4,}")
_AFFIXES = re.compile(r"^(di|ter|me[nm]?g?|pe[nm]?g?)(?=\w{4})|(kan|an|i|nya)$")


@procedure_rule("no_times")
def no_times(sheet: Sheet) -> Iterator[Note]:
    """No row has a time: nothing can be late, and nothing is promised."""
    if not sheet.has_standards:
        yield Note("Tidak ada satu baris pun yang mempunyai waktu baku.", "time")


@procedure_rule("no_time")
def no_time(sheet: Sheet) -> Iterator[Note]:
    """A row without a time on a sheet that gives times."""
    for step in sheet.rows:
        if sheet.has_standards and is_empty(str(step.time or "")) and not step.time_by:
            yield Note("Baris ini tidak mempunyai waktu baku.", "time", step.id)


@procedure_rule("time_not_numeric")
def time_not_numeric(sheet: Sheet) -> Iterator[Note]:
    """A time in words: it can be measured, never missed."""
    for step in sheet.rows:
        if step.time is not None and not step.time.has_standard and not is_empty(str(step.time)):
            yield Note(
                f'Waktu "{step.time}" bukan angka, jadi tidak dapat dinilai tepat atau terlambat.', "time", step.id
            )


@procedure_rule("outsider_time")
def outsider_time(sheet: Sheet) -> Iterator[Note]:
    """A time for somebody the organisation cannot hold to it: information only."""
    for step in sheet.rows:
        if sheet.is_outside(step) and step.time is not None and step.time.has_standard:
            yield Note(
                f"Waktu {step.time} diberikan kepada pihak luar; hanya keterangan, tidak pernah pelanggaran.",
                "time",
                step.id,
            )


@procedure_rule("no_output")
def no_output(sheet: Sheet) -> Iterator[Note]:
    """A row without an output on a sheet that gives standards."""
    for step in sheet.rows:
        if sheet.has_standards and not step.output:
            yield Note("Baris ini tidak mempunyai output.", "output", step.id)


@procedure_rule("no_needs")
def no_needs(sheet: Sheet) -> Iterator[Note]:
    """A row without inputs on a sheet that gives standards."""
    for step in sheet.rows:
        if sheet.has_standards and not step.needs:
            yield Note("Kelengkapan baris ini kosong.", "needs", step.id)


@procedure_rule("unneeded_output")
def unneeded_output(sheet: Sheet) -> Iterator[Note]:
    """An output no following row asks for. One that only says a thing arrived ("Diterima Kabag") is not looked for."""
    people = _PUBLIC | {word for role in sheet.sop.roles for word in _words(f"{role.id} {role.label}")}
    for step in (row for row in sheet.rows if not row.standing):
        things = {word for word in _words(step.output) if not _STATE.fullmatch(word)} - people
        followers = [sheet.flow.steps[row] for row in sheet.flow.edges[step.id]]
        needs = [need for follower in followers for need in follower.needs]
        if things and needs and not _stems(things) & _stems(_words(" ".join(needs))):
            yield Note(f'Output "{step.output}" tidak diminta oleh baris sesudahnya.', "output", step.id)


@procedure_rule("need_from_nowhere")
def need_from_nowhere(sheet: Sheet) -> Iterator[Note]:
    """An input that nothing before it gives: no earlier output, no earlier input."""
    ways = ways_of(sheet.flow)
    after = {row: reach(onward, ways) for row, onward in ways.items()}
    first = {row for start in sheet.flow.starts for row in sheet.flow.landing(start)}
    for step in sheet.rows:
        earlier = [other for other in sheet.rows if other is not step and step.id in after[other.id]]
        if not earlier or step.id in first:
            continue
        known = _stems({word for other in earlier for text in (other.output, *other.needs) for word in _words(text)})
        unknown = [need for need in step.needs if not _stems(_words(need)) <= known]
        for need in unknown:
            yield Note(f'Kelengkapan "{need}" tidak dihasilkan oleh baris mana pun sebelumnya.', "needs", step.id)


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.lower()) if word not in _SMALL_WORDS}


def _stems(words: Iterable[str]) -> set[str]:
    """Crude stems, enough to see that "ditanggapi" and "tanggapan" are kin."""
    return {_AFFIXES.sub("", word) for word in words}


# moments and facts ---------------------------------------------------------------------------------------------------


@procedure_rule("unknown_moment")
def unknown_moment(sheet: Sheet) -> Iterator[Note]:
    """A clock counted from a moment nothing ever names."""
    marks = {mark for step in sheet.procedure.steps for mark in (step.mark, *(exit.mark for exit in step.choices))}
    known = {"", "opened", "receipt", "answered", *marks}
    for step in sheet.procedure.steps:
        moments = [("counted_from", step.counted_from)]
        moments += [("timeout", step.timeout.counted_from)] if step.timeout else []
        for key, moment in moments:
            if moment not in known and not _names_a_row(moment, sheet):
                yield Note(f'Saat "{moment}" tidak pernah terjadi di prosedur ini.', key, step.id)
    for clock in sheet.procedure.clocks:
        if clock.counted_from not in known and not _names_a_row(clock.counted_from, sheet):
            yield Note(f'Saat "{clock.counted_from}" tidak pernah terjadi di prosedur ini.', "clock")


def _names_a_row(moment: str, sheet: Sheet) -> bool:
    kind, _, rest = moment.partition(":")
    if kind == "linked":
        return rest.count(":") == 1
    return kind in ("done", "delivered") and rest in sheet.flow.steps


@procedure_rule("unknown_attribute")
def unknown_attribute(sheet: Sheet) -> Iterator[Note]:
    """A condition on a fact no case has, or on a value it never takes."""
    for text in _unknown(sheet.procedure.accepts, sheet.sop):
        yield Note(text, "for")
    for start in sheet.procedure.start:
        for text in _unknown(start.when, sheet.sop):
            yield Note(text, "start")
    for step in sheet.procedure.steps:
        for key, condition in _conditions(step):
            for text in _unknown(condition, sheet.sop):
                yield Note(text, key, step.id)


@document_rule("unknown_attribute_of_team")
def unknown_attribute_of_team(document: Document) -> Iterator[Note]:
    """A team sized by a fact no case has."""
    for role in document.sop.roles:
        if role.team is not None:
            sized_by = {name: tuple(values) for name, values in role.team.min_by.items()}
            for text in _unknown(sized_by, document.sop):
                yield Note(text, "team")


def _conditions(step: Step) -> Iterator[tuple[str, Condition]]:
    yield "when", step.when
    yield "time_by", {name: tuple(values) for name, values in step.time_by.items()}
    for exit in step.choices:
        yield "choices", exit.when


def _unknown(condition: Condition, sop: Sop) -> Iterator[str]:
    for name, values in condition.items():
        known = sop.attribute_values(name)
        if known is None:
            yield f'Atribut "{name}" tidak dikenal, jadi syarat ini tidak pernah terpenuhi.'
        elif known:
            for value in values:
                if value not in known:
                    yield f'"{value}" bukan nilai atribut "{name}", jadi syarat ini tidak pernah terpenuhi.'
