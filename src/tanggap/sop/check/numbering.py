"""Rules about the numbers of the rows: gaps, repeats, blanks, text and table that count differently."""

from __future__ import annotations

from collections.abc import Iterator

from tanggap.sop.check.finding import Note, Sheet, procedure_rule
from tanggap.sop.model import Step


def count_of(printed: str) -> int | None:
    """The number a printed label counts to: "3." is 3, "6.13" is 13, "c." is 3; ``None`` when it counts nothing."""
    last = printed.strip().rstrip(".)").rsplit(".", 1)[-1]
    if last.isdecimal() and len(last) < 6:
        return int(last)
    return ord(last) - ord("a") + 1 if len(last) == 1 and "a" <= last <= "z" else None


@procedure_rule("number_gap")
def gaps(sheet: Sheet) -> Iterator[Note]:
    """A number left out, in the table or in the text."""
    for key in ("no", "text_no"):
        previous = None
        for step in sheet.procedure.steps:
            count = count_of(getattr(step, key))
            if count is None:
                continue
            if previous is not None and count > previous + 1:
                label = "Nomor" if key == "no" else "Nomor teks"
                yield Note(f'{label} melompat: sebelum "{getattr(step, key)}" ada nomor yang hilang.', key, step.id)
            previous = count


@procedure_rule("number_repeated")
def repeats(sheet: Sheet) -> Iterator[Note]:
    """A number printed on two rows."""
    seen: set[str] = set()
    for step in sheet.procedure.steps:
        if step.no and step.no in seen:
            yield Note(f'Nomor "{step.no}" dipakai lebih dari satu baris.', "no", step.id)
        seen.add(step.no)


@procedure_rule("number_blank")
def blanks(sheet: Sheet) -> Iterator[Note]:
    """A row without any number."""
    for step in sheet.rows:
        if not step.no and not step.text_no:
            yield Note("Baris ini tidak bernomor.", "no", step.id)


@procedure_rule("text_mismatch")
def text_and_table_differ(sheet: Sheet) -> Iterator[Note]:
    """The row from which the text counts otherwise than the table, or that the text does not have."""
    steps = sheet.procedure.steps
    if sum(bool(step.text_no) for step in steps) * 2 <= len(steps):
        return
    offset: int | None = 0
    for step in steps:
        if not step.text_no:
            yield Note(f"Baris {step.no or step.id} ada di tabel tetapi tidak ada di uraian teks.", "text_no", step.id)
        elif (now := _offset(step)) is not None and now != offset:
            yield Note(
                f"Mulai baris ini nomor teks ({step.text_no}) tidak sejalan dengan nomor tabel ({step.no}).",
                "text_no",
                step.id,
            )
            offset = now


def _offset(step: Step) -> int | None:
    text, table = count_of(step.text_no), count_of(step.no)
    return None if text is None or table is None else text - table


@procedure_rule("finish_numbered")
def finish_numbered(sheet: Sheet) -> Iterator[Note]:
    """ "Selesai" is a symbol, not an activity: it carries no number."""
    for step in sheet.procedure.steps:
        if step.no and (step.terminator or step.what.strip(" .").lower() in ("mulai", "selesai")):
            yield Note(f'"{step.what}" diberi nomor seperti kegiatan, padahal hanya penanda.', "no", step.id)
