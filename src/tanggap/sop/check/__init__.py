"""The checker: reads an SOP as a careful colleague would, and says what is missing or does not fit.

One rule, one function. Every module of this folder is imported; a function under ``@document_rule`` or
``@procedure_rule`` is a rule. There is no list to edit.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib import import_module
from pkgutil import iter_modules

from tanggap.sop.check.finding import DOCUMENT_RULES, PROCEDURE_RULES, Document, Finding, Sheet
from tanggap.sop.flow import Flow
from tanggap.sop.model import Sop

for _module in sorted(module.name for module in iter_modules(__path__)):
    import_module(f"{__name__}.{_module}")


def codes() -> tuple[str, ...]:
    """The codes of all rules, sorted."""
    return tuple(sorted((*DOCUMENT_RULES, *PROCEDURE_RULES)))


def check(sop: Sop, *, holidays: Mapping[date, str] | None = None) -> tuple[Finding, ...]:
    """Every finding on ``sop``: those of the document first, then procedure by procedure in the order of the rows.

    ``holidays``: days off (date to name) beside Saturday and Sunday, for the dates of the identity block.
    """
    document = Document(sop, holidays or {})
    found = [
        Finding(code, "", note.row, note.key, note.message)
        for code, rule in DOCUMENT_RULES.items()
        for note in rule(document)
    ]
    for procedure in sop.procedures:
        found += _check_procedure(Sheet(sop, procedure, Flow(procedure)))
    return tuple(found)


def _check_procedure(sheet: Sheet) -> list[Finding]:
    found = [
        Finding(code, sheet.procedure.id, note.row, note.key, note.message)
        for code, rule in PROCEDURE_RULES.items()
        for note in rule(sheet)
    ]
    return sorted(found, key=lambda finding: sheet.flow.order.get(finding.row, -1))
