"""The points of one sheet: table cells and rules, symbols, arrows with their heads and labels, connectors."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from tanggap.documents.flowchart.geometry import (
    ASCENT,
    LINE_PITCH,
    Arrow,
    Box,
    Cell,
    Label,
    Page,
    Point,
    Rule,
    Symbol,
    Text,
)
from tanggap.documents.flowchart.labels import RISE, Around, Words
from tanggap.documents.flowchart.placing import Placed
from tanggap.documents.flowchart.sizes import PAD, Sizes
from tanggap.documents.flowchart.sketch import TITLE_ROOM, Plan, Sketch

_CENTRED = ("no", "time")
_TITLE_SIZE, _COUNT_SIZE = 10.0, 8.0


def page(sketch: Sketch, number: int, title: str, sentences: Sequence[str]) -> Page:
    """Sheet ``number`` (from 0) of ``sketch``."""
    return _Sheet(sketch, number, sentences).page(title)


class _Sheet:
    def __init__(self, sketch: Sketch, number: int, sentences: Sequence[str]) -> None:
        self.sketch, self.number, self.sentences = sketch, number, sentences
        self.sizes: Sizes = sketch.sizes
        self.plan: Plan = sketch.plans[number]
        self.near = sketch.surroundings[number]
        self.stack = sketch.stacks[number]
        self.first, self.last = sketch.spans[number]
        self.left = sketch.paper.margin
        self.edges = sketch.widths.edges(self.left)
        self.performers = [name for name in self.edges if name.isdigit()]
        self.top = self.stack.rules[0] - sum(sketch.head_heights)
        self.bottom = self.stack.rules[-1]
        self.right = self.left + sketch.widths.total
        self.placed = Placed(
            self.plan, self.near, self.stack, self.sizes, [self.edges[name] for name in self.performers]
        )

    def page(self, title: str) -> Page:
        paper = self.sketch.paper
        symbols, places = self._symbols()
        width = max(paper.width, self.right + paper.margin)
        height = max(paper.height or 0.0, self.bottom + paper.margin)
        rows = range(self.first, self.last + 1)
        first, *_, last = ("0", *self.performers)
        return Page(
            number=self.number + 1,
            count=len(self.sketch.spans),
            width=width,
            height=height,
            texts=self._heading(title) if paper.height else (),
            rules=tuple(self._rules()),
            cells=(*self._header_cells(), *self._body_cells()),
            symbols=tuple(symbols),
            joints=tuple(self._joints(symbols)),
            arrows=tuple(self._arrows(symbols, places)),
            rows=rows,
            pool=(self.edges[first][0], self.stack.rules[0], self.edges[last][1], self.bottom),
            sentences=tuple(self.sentences[row] for row in rows),
        )

    # table -------------------------------------------------------------------------------------------------------

    def _heading(self, title: str) -> tuple[Text, ...]:
        base = self.top - TITLE_ROOM + _TITLE_SIZE * 0.8
        count = f"Halaman {self.number + 1} dari {len(self.sketch.spans)}"
        measure = self.sizes.measure
        end = measure(count, _COUNT_SIZE)
        room = self.right - self.left - end - 12.0
        size = _TITLE_SIZE
        width = measure(title, size, bold=True)
        if width > room:
            size = max(6.0, size * room / width)
            width = measure(title, size, bold=True)
        return (
            Text(self.left, base, title, size, width, bold=True),
            Text(self.right, base, count, _COUNT_SIZE, end, anchor="end"),
        )

    def _header_cells(self) -> list[Cell]:
        upper, _ = self.sketch.head_heights
        middle, bottom = self.top + upper, self.stack.rules[0]
        performers = self.performers
        cells = []
        for name, (left, right) in self.edges.items():
            top = self.top if name in ("no", "what", "note") else middle
            cells.append(self._centred(name, (left, top, right, bottom), self.sketch.heads[name]))
        for name, first, last in (("who", performers[0], performers[-1]), ("standard", "needs", "output")):
            box = (self.edges[first][0], self.top, self.edges[last][1], middle)
            cells.append(self._centred(name, box, (self.sketch.content.captions[name],)))
        return sorted(cells, key=lambda cell: (cell.box[1], cell.box[0]))

    def _centred(self, name: str, box: Box, lines: Sequence[str]) -> Cell:
        size, measure = self.sizes.text, self.sizes.measure
        left, top, right, bottom = box
        first = (top + bottom - len(lines) * size * LINE_PITCH) / 2 + ASCENT * size
        texts = tuple(
            Text(
                (left + right) / 2,
                first + place * size * LINE_PITCH,
                line,
                size,
                measure(line, size, bold=True),
                bold=True,
                anchor="middle",
            )
            for place, line in enumerate(lines)
        )
        return Cell(box, name, -1, texts, shaded=True)

    def _body_cells(self) -> list[Cell]:
        size, measure = self.sizes.text, self.sizes.measure
        cells = []
        for place, row in enumerate(range(self.first, self.last + 1)):
            top, bottom = self.stack.rules[place], self.stack.rules[place + 1]
            for name, (left, right) in self.edges.items():
                lines = () if name.isdigit() else self.sketch.cells[name][row]
                centred = name in _CENTRED
                x = (left + right) / 2 if centred else left + PAD
                texts = tuple(
                    Text(
                        x,
                        top + PAD + ASCENT * size + at * size * LINE_PITCH,
                        line,
                        size,
                        measure(line, size),
                        anchor="middle" if centred else "start",
                    )
                    for at, line in enumerate(lines)
                    if line
                )
                cells.append(Cell((left, top, right, bottom), name, row, texts))
        return cells

    def _rules(self) -> list[Rule]:
        upper = self.top + self.sketch.head_heights[0]
        performers = self.performers
        rules = [Rule(self.left, y, self.right, y) for y in (self.top, *self.stack.rules)]
        for first, last in ((performers[0], performers[-1]), ("needs", "output")):
            rules.append(Rule(self.edges[first][0], upper, self.edges[last][1], upper))
        inside = {*performers[1:], "time", "output"}
        for name, (left, _) in self.edges.items():
            rules.append(Rule(left, upper if name in inside else self.top, left, self.bottom))
        rules.append(Rule(self.right, self.top, self.right, self.bottom))
        return rules

    # symbols -----------------------------------------------------------------------------------------------------

    def _symbols(self) -> tuple[list[Symbol], dict[tuple[int, int], int]]:
        found: list[Symbol] = []
        places: dict[tuple[int, int], int] = {}
        for number, spot in enumerate(self.plan.board.spots):
            for column in sorted(spot.columns):
                places[number, column] = len(found)
                found.append(self._symbol(number, column))
        return found, places

    def _symbol(self, number: int, column: int) -> Symbol:
        spot = self.plan.board.spots[number]
        x, y = self.placed.centres[column], self.stack.centres[spot.row]
        half, tall = self.sizes.symbol(spot.shape, spot.text)
        row = self.plan.board.printed[spot.row]
        shape = spot.shape
        if spot.connection is None:
            said = self.sentences[spot.node] if 0 <= spot.node < len(self.sentences) else spot.text
            lines = self._inside(spot.text, x, y, bold=False)
            return Symbol(shape, x, y, half * 2, tall * 2, spot.node, column, row, lines, said)
        numbers = self.sketch.numbering
        mark, pages = numbers.number(spot.connection), numbers.pages(spot.connection)
        outgoing = spot.connection.outgoing
        listed = ", ".join(str(page) for page in pages)
        said = f"Penghubung {mark}, {'ke' if outgoing else 'dari'} halaman {listed}."
        lines = self._inside(str(mark), x, y - tall / 6, bold=True)
        around = self.near[number, column]
        note = self._words(around.note, x, y, self.sizes.connector) if around.note else ()
        return Symbol(shape, x, y, half * 2, tall * 2, spot.node, column, row, lines, said, mark, outgoing, pages, note)

    def _inside(self, text: str, x: float, y: float, *, bold: bool) -> tuple[Text, ...]:
        if not text:
            return ()
        size = self.sizes.connector
        return (Text(x, y + size * 0.33, text, size, self.sizes.measure(text, size, bold=bold), bold, "middle"),)

    def _words(self, words: Words, x: float, y: float, size: float) -> tuple[Text, ...]:
        left, top = x + words.box[0], y + words.box[1]
        return tuple(
            Text(left, top + size * (RISE + LINE_PITCH * place), line, size, self.sizes.measure(line, size))
            for place, line in enumerate(words.lines)
        )

    def _joints(self, symbols: Sequence[Symbol]) -> list[tuple[Point, Point]]:
        lines: list[tuple[Point, Point]] = []
        for a, b in pairwise(symbols):
            if a.node == b.node and a.number == b.number == 0 and a.y == b.y:
                lines.append(((a.x + a.width / 2, a.y), (b.x - b.width / 2, b.y)))
        return lines

    # arrows ------------------------------------------------------------------------------------------------------

    def _arrows(self, symbols: Sequence[Symbol], places: dict[tuple[int, int], int]) -> list[Arrow]:
        arrows = []
        for number, (way, route) in enumerate(zip(self.plan.board.ways, self.plan.routes, strict=True)):
            source = places[way.source, (route.nodes[0][0] - 1) // 2]
            target = places[way.target, (route.nodes[-1][0] - 1) // 2]
            points, stop = self.placed.way(number, symbols[source], symbols[target])
            label = self._label(self.near[way.source, symbols[source].column], number, symbols[source])
            arrows.append(Arrow(points, points[: stop + 1], source, target, way.exit, label))
        return arrows

    def _label(self, around: Around, way: int, symbol: Symbol) -> Label | None:
        words = around.labels.get(way)
        if words is None:
            return None
        left, top, right, bottom = words.box
        box = (symbol.x + left, symbol.y + top, symbol.x + right, symbol.y + bottom)
        return Label(box, self._words(words, symbol.x, symbol.y, self.sizes.label))
