"""Rules about what a complainant may expect: a receipt, an answer, a way to object; and that the case is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tanggap.sop.check.finding import Note, Sheet, procedure_rule
from tanggap.sop.check.ways import reach, ways_of
from tanggap.sop.model import CLOSE, END, Party, Step

_RECEIPT = re.compile(
    r"tanda terima|\btiket|nomor (register|registrasi|pengaduan)|bukti (penerimaan|lapor)", re.IGNORECASE
)
_RECORDING = re.compile(r"\bmencatat|\bdicatat|\bmeregister|\bmendaftar|\bmengagenda", re.IGNORECASE)
_BORROWED = re.compile(r"\b(SKPD|OPD|Bupati|Wali ?kota|Gubernur|Pemda|Pemkab|Pemkot)\b")


@procedure_rule("no_receipt")
def no_receipt(sheet: Sheet) -> Iterator[Note]:
    """The complainant is given nothing to show that he complained (UU 25/2009)."""
    texts = [text for step in sheet.rows for text in (step.what, step.output, step.note, *step.needs)]
    if not sheet.procedure.is_periodic and not any(_RECEIPT.search(text) for text in texts):
        yield Note("Tidak ada baris yang memberi tanda terima atau nomor kepada pelapor.", "record")


@procedure_rule("no_answer")
def no_answer(sheet: Sheet) -> Iterator[Note]:
    """No row answers the complainant."""
    if not sheet.procedure.is_periodic and not any(_answers(step) for step in sheet.rows):
        yield Note("Tidak ada baris yang memberi jawaban kepada pelapor.", "record")


@procedure_rule("optional_answer")
def optional_answer(sheet: Sheet) -> Iterator[Note]:
    """The answer may be left out."""
    for step in sheet.rows:
        if step.record == "answer" and step.optional:
            yield Note("Jawaban kepada pelapor boleh dilewati pada baris ini.", "optional", step.id)


@procedure_rule("no_archive")
def no_archive(sheet: Sheet) -> Iterator[Note]:
    """No row keeps the case."""
    if not any(step.record == "archive" for step in sheet.rows):
        yield Note("Tidak ada baris yang mengarsipkan perkara.", "record")


@procedure_rule("archive_bypassed")
def archive_bypassed(sheet: Sheet) -> Iterator[Note]:
    """Some cases are kept, others end before they reach the row that keeps them."""
    keepers = [step.id for step in sheet.rows if step.record == "archive"]
    starts = [row for start in sheet.flow.starts for row in sheet.flow.landing(start)]
    if keepers and reach(starts, ways_of(sheet.flow), keepers) & {END, CLOSE}:
        yield Note(f"Sebagian jalur selesai tanpa melewati pengarsipan (baris {', '.join(keepers)}).", "record")


@procedure_rule("recorded_late")
def recorded_late(sheet: Sheet) -> Iterator[Note]:
    """The complaint is written down only after it was answered: an unanswered one leaves no trace."""
    recording = [step for step in sheet.rows if _RECORDING.search(step.what)]
    answering = [step.id for step in sheet.rows if _answers(step)]
    for step in recording:
        if any(sheet.flow.is_return(step.id, row) for row in answering if row != step.id):
            yield Note(
                "Aduan baru dicatat setelah dijawab; yang tidak dijawab tidak meninggalkan jejak.", "what", step.id
            )


@procedure_rule("no_objection")
def no_objection(sheet: Sheet) -> Iterator[Note]:
    """The complainant receives the answer and can say nothing: his row asks nothing, the case cannot be reopened."""
    for step in sheet.rows:
        complainant = any(role.party is Party.COMPLAINANT for role in sheet.roles(step))
        receives = complainant and step.id not in sheet.flow.starts
        if receives and not step.choices and sheet.procedure.reopen is None:
            yield Note(
                "Pelapor yang tidak puas tidak punya jalur: tidak ada pilihan dan tidak ada `reopen`.",
                "choices",
                step.id,
            )


@procedure_rule("borrowed_word")
def borrowed_words(sheet: Sheet) -> Iterator[Note]:
    """Words of regional government in the SOP of a university: copied from elsewhere."""
    for step in sheet.rows:
        for key in ("what", "output", "note"):
            if found := _BORROWED.search(getattr(step, key)):
                yield Note(
                    f'"{found.group()}" adalah istilah pemerintah daerah; tampaknya tersalin dari SOP lain.',
                    key,
                    step.id,
                )


def _answers(step: Step) -> bool:
    return step.record == "answer" or any(exit.answers for exit in step.choices)
