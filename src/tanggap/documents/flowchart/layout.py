"""From a procedure to the geometry of its sheets: scale, column widths and page breaks are tried until they agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tanggap.documents.flowchart import words
from tanggap.documents.flowchart.board import board
from tanggap.documents.flowchart.chart import Chart, chart
from tanggap.documents.flowchart.columns import Content, Widths, enough, variants
from tanggap.documents.flowchart.geometry import LINE_PITCH, Geometry, Measure, Paper
from tanggap.documents.flowchart.labels import Around
from tanggap.documents.flowchart.measure import widest_word, wrap
from tanggap.documents.flowchart.pages import Span, breaks, numbering
from tanggap.documents.flowchart.routing import route
from tanggap.documents.flowchart.sheet import page
from tanggap.documents.flowchart.sizes import PAD, SCALES, Sizes
from tanggap.documents.flowchart.sketch import TITLE_ROOM, Plan, Sketch, needs, piled, surroundings
from tanggap.documents.flowchart.tracks import lay
from tanggap.sop.model import Attribute, Procedure, Role

CAPTIONS: Mapping[str, str] = {
    "no": "No",
    "what": "Kegiatan",
    "who": "Pelaksana",
    "standard": "Mutu Baku",
    "needs": "Kelengkapan",
    "time": "Waktu",
    "output": "Output",
    "note": "Keterangan",
}
"""Column captions of the official form; an SOP's own ``labels`` win over them."""

_ROUNDS = 12


def layout(
    procedure: Procedure,
    roles: Sequence[Role],
    paper: Paper,
    measure: Measure,
    *,
    title: str = "",
    captions: Mapping[str, str] | None = None,
    attributes: Sequence[Attribute] = (),
) -> Geometry:
    """Draw ``procedure`` on ``paper``. Pure: the same arguments give the same geometry.

    ``roles`` are the columns, in printed order. ``captions`` are the SOP's printed captions (``Identity.labels``).
    ``title`` stands above the table on each sheet of paper; the web sheet has none. No sheet is ever refused: a row
    higher than the paper, or more performers than fit, give a larger sheet.
    """
    named = {name: (captions or {}).get(name) or word for name, word in CAPTIONS.items()}
    work = _Work(procedure, roles, paper, measure, chart(procedure, roles, attributes), named)
    sketch = work.settle()
    said = words.sentences(procedure, roles, attributes)
    pages = tuple(page(sketch, number, title, said) for number in range(len(sketch.spans)))
    return Geometry(paper, pages, sketch.sizes.scale, sketch.sizes.head)


@dataclass
class _Work:
    procedure: Procedure
    roles: Sequence[Role]
    paper: Paper
    measure: Measure
    chart: Chart
    captions: Mapping[str, str]
    plans: dict[Span, Plan] = field(default_factory=dict)
    labelled: dict[tuple[Span, float], Mapping[tuple[int, int], Around]] = field(default_factory=dict)
    wrapped: dict[tuple[str, float, float], list[tuple[str, ...]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        steps = self.procedure.steps
        self.content = Content(
            {
                "no": [step.no for step in steps],
                "what": [step.what for step in steps],
                "needs": ["\n".join(step.needs) for step in steps],
                "time": [str(step.time) if step.time is not None else "" for step in steps],
                "output": [step.output for step in steps],
                "note": [step.note for step in steps],
            },
            self.captions,
        )
        self.names = [role.label or role.id for role in self.roles] or [""]

    def plan(self, span: Span) -> Plan:
        """Board, routes and tracks depend only on which rows are on the sheet, so each is worked out once."""
        if span not in self.plans:
            grid, routes = route(board(self.chart, *span))
            self.plans[span] = Plan(grid, routes, lay(grid, routes))
        return self.plans[span]

    def settle(self) -> Sketch:
        """Take the first scale whose table leaves the text enough room."""
        for scale in SCALES:
            sizes = Sizes(scale, self.chart.columns, self.measure)
            sketch = self._at(sizes)
            if enough(sketch.widths, self.content, sizes):
                return sketch
        return sketch

    def _at(self, sizes: Sizes) -> Sketch:
        """Widths and breaks depend on each other: repeat with needs that only grow, until nothing changes."""
        needed = [max(24.0, widest_word(name, sizes.text, self.measure, bold=True) + 2 * PAD) for name in self.names]
        for _ in range(_ROUNDS):
            sketch = self._fewest_pages(needed, sizes)
            sheets = zip(sketch.plans, sketch.surroundings, strict=True)
            wanted = [max(widths) for widths in zip(needed, *(needs(*sheet, sizes) for sheet in sheets), strict=True)]
            if all(width <= has + 1e-6 for width, has in zip(wanted, sketch.widths.performers, strict=True)):
                return sketch
            needed = wanted
        return sketch

    def _fewest_pages(self, needed: Sequence[float], sizes: Sizes) -> Sketch:
        best: Sketch | None = None
        for widths in variants(needed, self.content, self.paper, sizes):
            sketch = self._sketch(widths, sizes)
            if best is None or len(sketch.spans) < len(best.spans):
                best = sketch
            if len(best.spans) == 1:
                break
        assert best is not None, "the columns as needed are always tried"
        return best

    # one table ---------------------------------------------------------------------------------------------------

    def _sketch(self, widths: Widths, sizes: Sizes) -> Sketch:
        cells = {name: self._wrap(name, widths.others[name] - 2 * PAD, sizes) for name in self.content.cells}
        text = [
            max(1, *(len(cells[name][row]) for name in cells)) * sizes.text * LINE_PITCH + 2 * PAD
            for row in range(self.chart.rows)
        ]
        heads, head_heights = self._header(widths, sizes)
        spans = self._spans(text, sum(head_heights), sizes)
        numbers = numbering(self.chart, spans)
        plans = [self.plan(span) for span in spans]
        near = [surroundings(plan, sizes, numbers) for plan in plans]
        top = self.paper.margin + (TITLE_ROOM if self.paper.height else 0.0) + sum(head_heights)
        stacks = [
            piled(plan, around_, text[first : last + 1], sizes, top)
            for plan, around_, (first, last) in zip(plans, near, spans, strict=True)
        ]
        return Sketch(
            paper=self.paper,
            content=self.content,
            sizes=sizes,
            widths=widths,
            spans=spans,
            numbering=numbers,
            plans=plans,
            surroundings=near,
            stacks=stacks,
            cells=cells,
            heads=heads,
            head_heights=head_heights,
        )

    def _unnumbered(self, plan: Plan, span: Span, sizes: Sizes) -> Mapping[tuple[int, int], Around]:
        """Labels of a sheet whose connectors have no numbers yet; enough for its height."""
        key = (span, sizes.scale)
        if key not in self.labelled:
            self.labelled[key] = surroundings(plan, sizes)
        return self.labelled[key]

    def _wrap(self, name: str, width: float, sizes: Sizes) -> list[tuple[str, ...]]:
        key = (name, width, sizes.text)
        if key not in self.wrapped:
            self.wrapped[key] = [wrap(cell, width, sizes.text, self.measure) for cell in self.content.cells[name]]
        return self.wrapped[key]

    def _header(self, widths: Widths, sizes: Sizes) -> tuple[dict[str, tuple[str, ...]], tuple[float, float]]:
        """Lines of the captions, and the heights of the two header rows."""
        size = sizes.text
        width = {name: right - left for name, (left, right) in widths.edges(0.0).items()}
        names = {str(number): name for number, name in enumerate(self.names)}
        texts = {name: word for name, word in {**self.captions, **names}.items() if name in width}
        heads = {name: wrap(word, width[name] - 2 * PAD, size, self.measure, bold=True) for name, word in texts.items()}
        line = size * LINE_PITCH
        second = max(len(heads[name]) for name in [*names, "needs", "time", "output"])
        both = max(len(heads[name]) for name in ("no", "what", "note"))
        upper = line + 2 * PAD
        return heads, (upper, max(second, both - 1, 1) * line + 2 * PAD)

    def _spans(self, text: Sequence[float], head: float, sizes: Sizes) -> list[Span]:
        rows = self.chart.rows
        if self.paper.height is None or not rows:
            return [(0, rows - 1)]
        room = self.paper.height - 2 * self.paper.margin - TITLE_ROOM - head

        def height(first: int, last: int) -> float:
            plan = self.plan((first, last))
            near = self._unnumbered(plan, (first, last), sizes)
            rules = piled(plan, near, text[first : last + 1], sizes, 0.0).rules
            return rules[-1] - rules[0]

        symbols = {node.number: sizes.symbol(node.shape)[1] * 2 + sizes.entry + sizes.exit for node in self.chart.nodes}
        usual = [max(high, symbols[row]) for row, high in enumerate(text)]
        return breaks(self.chart, height, room, usual)
