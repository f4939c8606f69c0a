"""Random SOPs in which rows inside parallel arms can send the case back to before the arms were opened."""

from __future__ import annotations

import random
from dataclasses import replace

from generators import random_sop
from oracle.bpmn_export import Table
from tanggap.sop.model import Exit, Sop, Step


def with_escapes(rng: random.Random, *, size: int) -> Sop:
    """A random SOP in which about a third of the rows inside arms may return to a row that opened the arms around
    them, or to the first row: whatever else is open in those arms must then be taken back.
    """
    sop = random_sop(rng, size=size, bpmn_safe=True)
    (procedure,) = sop.procedures
    table = Table(procedure)
    steps = tuple(
        _escaping(rng, table, step) if table.inside[step.id] and rng.random() < 0.35 else step
        for step in procedure.steps
    )
    return replace(sop, procedures=(replace(procedure, steps=steps),))


def _escaping(rng: random.Random, table: Table, step: Step) -> Step:
    if step.id in table.blocks:  # it opens arms of its own and is left by one exit only
        return step
    rows = [block.fork for block in table.inside[step.id]]
    back = Exit(label="Kembali", next=(rng.choice([*rows, next(iter(table.steps))]),), reason=True)
    if step.choices:
        return replace(step, choices=(*step.choices, back))
    onward = Exit(label="Lanjut", next=step.next)
    return replace(step, question="Perlu kembali?", choices=(onward, back), next=None)
