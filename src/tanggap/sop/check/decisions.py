"""Rules about decisions: every question has its answers, every answer is printed, and no row decides in disguise."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tanggap.sop.check.finding import Note, Sheet, procedure_rule
from tanggap.sop.model import ALWAYS

_QUESTION = re.compile(
    r"\bapakah\b|\bjika (ya|tidak)\b|\b(memilih|memilah|menentukan)\b.*\b(bisa|dapat|perlu)\b.*\batau\b", re.IGNORECASE
)


@procedure_rule("decision_without_exits")
def decision_without_exits(sheet: Sheet) -> Iterator[Note]:
    """A question without answers; a verification or a decision that can only be passed."""
    for step in sheet.rows:
        if step.question and not step.choices:
            yield Note("Ada pertanyaan tetapi tidak ada pilihan jawabannya.", "choices", step.id)
        elif step.record in ("verification", "decision") and not step.choices:
            yield Note(
                'Baris ini memeriksa atau memutuskan, tetapi tidak ada jalur bila hasilnya "tidak".', "choices", step.id
            )


@procedure_rule("one_exit")
def one_exit(sheet: Sheet) -> Iterator[Note]:
    """A question with a single answer decides nothing."""
    for step in sheet.rows:
        if step.question and len(step.choices) == 1:
            yield Note(
                f'Hanya ada satu pilihan ("{step.choices[0].label}"), jadi tidak ada yang diputuskan.',
                "choices",
                step.id,
            )


@procedure_rule("no_otherwise")
def no_otherwise(sheet: Sheet) -> Iterator[Note]:
    """Every way out is conditional: a case that meets none of the conditions has none."""
    for step in sheet.rows:
        if step.choices and all(exit.when != ALWAYS for exit in step.choices):
            yield Note(
                "Setiap pilihan bersyarat; perkara yang tidak memenuhi satu pun tidak punya jalur.", "choices", step.id
            )


@procedure_rule("implied_exit")
def implied_exits(sheet: Sheet) -> Iterator[Note]:
    """An answer the file had to supply: the printed sheet has no such branch."""
    for step in sheet.rows:
        for exit in step.choices:
            if exit.implied:
                yield Note(f'Cabang "{exit.label}" tersirat saja; tidak tercetak pada naskah.', "choices", step.id)


@procedure_rule("decision_as_process")
def decision_drawn_as_process(sheet: Sheet) -> Iterator[Note]:
    """A row that decides, but is drawn as a box or has no question."""
    for step in sheet.rows:
        if step.drawn == "process" and step.is_decision:
            yield Note("Baris ini memutuskan tetapi digambar sebagai kotak, bukan belah ketupat.", "drawn", step.id)
        elif not step.choices and not step.question and _QUESTION.search(step.what):
            yield Note(
                "Kalimatnya menanyakan sesuatu, tetapi baris ini tidak punya pertanyaan dan pilihan.",
                "question",
                step.id,
            )
