"""A document's own sheets: the layout with the columns, captions and title that an SOP prints."""

from __future__ import annotations

from tanggap.documents.flowchart import words
from tanggap.documents.flowchart.chart import columns_of
from tanggap.documents.flowchart.geometry import PAPERS, Geometry
from tanggap.documents.flowchart.layout import layout
from tanggap.documents.flowchart.measure import source_sans
from tanggap.sop.model import Procedure, Sop


def sheet_of(sop: Sop, procedure: Procedure, paper: str) -> Geometry:
    """The table of ``procedure`` on ``paper`` (``a4``, ``f4`` or ``web``), measured in the face it is shown in."""
    return layout(
        procedure,
        columns_of(sop, procedure),
        PAPERS[paper],
        source_sans,
        title=procedure.label or sop.identity.title,
        captions=sop.identity.labels,
        attributes=sop.attributes,
    )


def text_version(sop: Sop, procedure: Procedure) -> list[str]:
    """The drawing in words, one paragraph for each row, for those who do not see it."""
    return words.sentences(procedure, columns_of(sop, procedure), sop.attributes, activity=True)
