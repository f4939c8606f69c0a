"""The small map of a case ("Peta prosedur"): the same ways as on the sheet, with where the case has been and stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tanggap.documents.flowchart import words
from tanggap.documents.flowchart.board import Side, board
from tanggap.documents.flowchart.chart import chart
from tanggap.documents.flowchart.geometry import LINE_PITCH, Point, Shape, Symbol
from tanggap.documents.flowchart.labels import RISE, Around, Words, ports
from tanggap.documents.flowchart.measure import source_sans, widest_word, wrap
from tanggap.documents.flowchart.placing import Placed
from tanggap.documents.flowchart.routing import route
from tanggap.documents.flowchart.sizes import Sizes
from tanggap.documents.flowchart.sketch import Plan, needs, piled, surroundings
from tanggap.documents.flowchart.svg import escape, number, way
from tanggap.documents.flowchart.tracks import lay
from tanggap.sop.flow import Flow
from tanggap.sop.model import Attribute, Procedure, Role

FLAG = "Anda di sini"
WIDTH = 288.0
_TEXT = 10.5
_ROW, _LANE, _TOP, _LONGEST = 34.0, 40.0, 6.0, 76.0
_FLAG_HALF, _FLAG_HEIGHT, _TIP = 38.0, 18.0, 6.0
_TOWARDS: Mapping[Side, tuple[float, float]] = {
    Side.BOTTOM: (0.0, 1.0),
    Side.TOP: (0.0, -1.0),
    Side.RIGHT: (1.0, 0.0),
    Side.LEFT: (-1.0, 0.0),
}


def small_map(
    procedure: Procedure,
    roles: Sequence[Role],
    *,
    here: Collection[str] = (),
    done: Collection[str] = (),
    walked: Collection[tuple[str, str]] = (),
    attributes: Sequence[Attribute] = (),
    prefix: str = "peta",
) -> str:
    """SVG of ``procedure`` for the page of one case; the style is the site's (``.map``).

    ``here`` are the rows now open, ``done`` rows that were left, ``walked`` (row, next row) pairs that were taken; a
    walk past standing rows marks the way through them. Lanes nobody in this procedure performs in are left out.
    """
    used = {role for step in procedure.steps for role in step.who}
    lanes = [role for role in roles if role.id in used] or list(roles[:1])
    return _Map(procedure, lanes, frozenset(here), frozenset(done), frozenset(walked), attributes, prefix).svg()


@dataclass(frozen=True, slots=True)
class _Sizes(Sizes):
    """Sizes of the map: larger symbols, few words."""

    @property
    def label(self) -> float:
        return _TEXT

    @property
    def connector(self) -> float:
        return _TEXT

    @property
    def head(self) -> float:
        return 7.0

    @property
    def entry(self) -> float:
        return 11.0

    @property
    def exit(self) -> float:
        return 5.0

    @property
    def shoulder(self) -> float:
        return 3.0

    @property
    def label_width(self) -> float:
        return 50.0

    def symbol(self, shape: Shape, text: str = "") -> tuple[float, float]:
        if shape is Shape.DIAMOND:
            return 21.0, 15.0
        return max(18.0, self.measure(text, _TEXT) / 2 + 7.0 if text else 0.0), 11.0


def _measure(text: str, size: float, *, bold: bool = False) -> float:
    """The site sets the map in the reader's own face: leave it a tenth more room."""
    return 1.1 * source_sans(text, size, bold=bold)


class _Map:
    def __init__(
        self,
        procedure: Procedure,
        lanes: Sequence[Role],
        here: frozenset[str],
        done: frozenset[str],
        walked: frozenset[tuple[str, str]],
        attributes: Sequence[Attribute],
        prefix: str,
    ) -> None:
        self.procedure, self.lanes, self.here, self.prefix = procedure, lanes, here, prefix
        self.flow = Flow(procedure)
        self.walked = _through_standing(self.flow, walked)
        self.done = (done | {source for source, _ in self.walked}) - here
        self.sentences = words.sentences(procedure, lanes, attributes)
        drawing = chart(procedure, lanes, attributes)
        self.sizes = _Sizes(1.0, drawing.columns, _measure)
        grid, routes = route(board(drawing, 0, drawing.rows - 1))
        self.plan = Plan(grid, routes, lay(grid, routes))
        plain = surroundings(self.plan, self.sizes)
        self.edges, self.width = self._lanes_of(needs(self.plan, plain, self.sizes))
        self.near, self.flags = self._flagged(plain)
        self.edges, self.width = self._lanes_of(needs(self.plan, self.near, self.sizes))
        self.names = [self._name(role, right - left) for role, (left, right) in zip(lanes, self.edges, strict=False)]
        top = _TOP + max(map(len, self.names), default=0) * _TEXT * LINE_PITCH + 4.0
        self.stack = piled(self.plan, self.near, [_ROW] * max(drawing.rows, 1), self.sizes, top)
        self.height = self.stack.rules[-1] + 4.0
        self.placed = Placed(self.plan, self.near, self.stack, self.sizes, self.edges)
        self.symbols = {place: self._symbol(*place) for place in self.near}

    def _lanes_of(self, wide: Sequence[float]) -> tuple[list[tuple[float, float]], float]:
        """Edges of the lanes, equally wide where that is enough, else the spare room in equal parts."""
        names = [min(_LONGEST, widest_word(role.label, _TEXT, _measure)) + 6.0 for role in self.lanes] or [0.0]
        widths = [max(width, _LANE, name) for width, name in zip(wide, names, strict=True)]
        if max(widths) * len(widths) <= WIDTH:
            widths = [WIDTH / len(widths)] * len(widths)
        spare = max(0.0, WIDTH - sum(widths)) / len(widths)
        edges, at = [], 0.0
        for width in widths:
            edges.append((at, at + width + spare))
            at += width + spare
        return edges, at

    @staticmethod
    def _name(role: Role, width: float) -> tuple[str, ...]:
        lines = wrap(role.label or role.id, width - 6.0, _TEXT, _measure)
        return lines if len(lines) <= 3 else (*lines[:2], f"{lines[2][:-1]}…")

    # where the case stands ---------------------------------------------------------------------------------------

    def _flagged(
        self, near: dict[tuple[int, int], Around]
    ) -> tuple[dict[tuple[int, int], Around], dict[tuple[int, int], Side]]:
        """Where the flag of each open row stands: where no arrow is, if it can. Below or above it gets its own room.

        Beside the symbol it needs none: it may cover a line that passes there, but never a symbol.
        """
        ends = ports(self.plan.board, self.plan.routes, self.plan.tracks, self.sizes)
        flags: dict[tuple[int, int], Side] = {}
        for place, beside in near.items():
            spot = self.plan.board.spots[place[0]]
            if self._row(spot.node) in self.here and place[1] == spot.columns[0]:
                taken = {end.side for end in ends.get(place, [])}
                flags[place] = self._flag_side(place[1], taken, alone=len(spot.columns) == 1)
                near[place] = self._with_flag(beside, spot.shape, flags[place])
        return near, flags

    def _flag_side(self, column: int, taken: Collection[Side], *, alone: bool) -> Side:
        for side in (Side.BOTTOM, Side.TOP):
            if side not in taken:
                return side
        middle = sum(self.edges[column]) / 2
        for side in (Side.RIGHT, Side.LEFT):
            if alone and side not in taken and self._fits(middle + _TOWARDS[side][0] * 21.0, _TOWARDS[side][0]):
                return side
        return Side.BOTTOM

    def _with_flag(self, beside: Around, shape: Shape, side: Side) -> Around:
        if side in (Side.LEFT, Side.RIGHT):
            return beside
        reach = self.sizes.symbol(shape)[1] + _TIP + _FLAG_HEIGHT + 3.0
        left, right = max(beside.left, _FLAG_HALF + 2), max(beside.right, _FLAG_HALF + 2)
        if side is Side.BOTTOM:
            return replace(beside, left=left, right=right, down=max(beside.down, reach))
        return replace(beside, left=left, right=right, up=max(beside.up, reach))

    def _row(self, node: int) -> str:
        steps = self.procedure.steps
        return steps[node].id if 0 <= node < len(steps) else ""

    def _symbol(self, number: int, column: int) -> Symbol:
        spot = self.plan.board.spots[number]
        half, tall = self.sizes.symbol(spot.shape, spot.text)
        x, y = self.placed.centres[column], self.stack.centres[spot.row]
        return Symbol(spot.shape, x, y, half * 2, tall * 2, spot.node, column, spot.row)

    # writing -----------------------------------------------------------------------------------------------------

    def svg(self) -> str:
        """The map as SVG text."""
        ids = escape(self.prefix)
        named = f'role="img" aria-labelledby="{ids}-t {ids}-d"'
        steps = [step for step in self.procedure.steps if step.id in self.here]
        where = ", ".join(words.row_name(self.procedure, self.flow.order[step.id]) for step in steps)
        title = f"Peta prosedur, Anda di {where}" if where else "Peta prosedur"
        lines = [
            f'<svg class="map" viewBox="0 0 {number(self.width)} {number(self.height)}" {named}>',
            f'<title id="{ids}-t">{escape(title)}</title>',
            f'<desc id="{ids}-d">{escape(" ".join(self.sentences))}</desc>',
            *self._lanes(),
            *self._arrows(),
            *self._joints(),
            *self._symbols(),
            *self._labels(),
            *self._flags(),
            "</svg>",
        ]
        return "\n".join(lines)

    def _lanes(self) -> Iterator[str]:
        for (left, right), lines in zip(self.edges, self.names, strict=False):
            for place, line in enumerate(lines):
                yield self._text((left + right) / 2, _TOP + _TEXT * (RISE + place * LINE_PITCH), line)
        for left, _ in self.edges[1:]:
            yield f'<line class="lane" x1="{number(left)}" x2="{number(left)}" y1="4" y2="{number(self.height - 4)}"/>'

    def _arrows(self) -> Iterator[str]:
        """Ways not taken first, so that the walked one lies on top."""
        grid = self.plan.board
        drawn: list[tuple[bool, list[str]]] = []
        for place, (link, found) in enumerate(zip(grid.ways, self.plan.routes, strict=True)):
            source = self.symbols[link.source, (found.nodes[0][0] - 1) // 2]
            target = self.symbols[link.target, (found.nodes[-1][0] - 1) // 2]
            points, stop = self.placed.way(place, source, target)
            walked = (self._row(source.node), self._row(target.node)) in self.walked
            style = "e walked" if walked else "e"
            path = points if walked else points[: stop + 1]
            head = _head(points[: stop + 1], "head walked" if walked else "head")
            drawn.append((walked, [f'<path class="{style}" d="{way(path)}"/>', head]))
        for _, lines in sorted(drawn, key=lambda item: item[0]):
            yield from lines

    def _joints(self) -> Iterator[str]:
        for place, spot in enumerate(self.plan.board.spots):
            if len(spot.columns) > 1:
                ends = [self.symbols[place, column] for column in (min(spot.columns), max(spot.columns))]
                yield f'<path class="e" d="{way([(end.x, end.y) for end in ends])}"/>'

    def _symbols(self) -> Iterator[str]:
        for symbol in self.symbols.values():
            row = self._row(symbol.node)
            state = " here" if row in self.here else " done" if row in self.done else ""
            yield _shape(symbol, f"f{state}")
            step = self.procedure.steps[symbol.node] if row else None
            text = step.no.strip().rstrip(".") if step else self.plan.board.spots[self._place(symbol)].text
            if text:
                yield self._text(symbol.x, symbol.y + 0.38 * _TEXT, text, "here-t" if state == " here" else "")

    def _place(self, symbol: Symbol) -> int:
        return next(number for number, spot in enumerate(self.plan.board.spots) if spot.node == symbol.node)

    def _labels(self) -> Iterator[str]:
        for place, beside in self.near.items():
            for label in beside.labels.values():
                yield from self._said(label, self.symbols[place])

    def _said(self, label: Words, symbol: Symbol) -> Iterator[str]:
        middle = symbol.x + (label.box[0] + label.box[2]) / 2
        for place, line in enumerate(label.lines):
            yield self._text(middle, symbol.y + label.box[1] + _TEXT * (RISE + LINE_PITCH * place), line)

    def _flags(self) -> Iterator[str]:
        for place, side in self.flags.items():
            symbol = self.symbols[place]
            dx, dy = _TOWARDS[side]
            x, y = symbol.x + dx * symbol.width / 2, symbol.y + dy * symbol.height / 2
            if not self._fits(x, dx):
                continue
            middle = (x + dx * (_TIP + _FLAG_HALF), y + dy * (_TIP + _FLAG_HEIGHT / 2))
            left, top = number(middle[0] - _FLAG_HALF), number(middle[1] - _FLAG_HEIGHT / 2)
            wide, high = number(2 * _FLAG_HALF), number(_FLAG_HEIGHT)
            base = (x + dx * _TIP, y + dy * _TIP)
            wings = ((base[0] + dy * 6, base[1] + dx * 6), (base[0] - dy * 6, base[1] - dx * 6))
            tip = "L".join(f"{number(a)} {number(b)}" for a, b in ((x, y), *wings))
            yield f'<path class="flag" d="M{left} {top}h{wide}v{high}h-{wide}zM{tip}Z"/>'
            yield self._text(middle[0], middle[1] + 0.36 * _TEXT, FLAG, "flag-t")

    def _fits(self, x: float, dx: float) -> bool:
        return 0.0 <= x + dx * (_TIP + 2 * _FLAG_HALF) <= self.width

    def _text(self, x: float, y: float, text: str, style: str = "") -> str:
        named = f' class="{style}"' if style else ""
        return f'<text{named} x="{number(x)}" y="{number(y)}">{escape(text)}</text>'


def _through_standing(flow: Flow, walked: frozenset[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """A case passes standing rows by; the drawing does not, so the way through them is marked."""
    found = set()
    for source, target in walked:
        if source not in flow.steps or target in flow.targets(source):
            found.add((source, target))
            continue
        for first in flow.targets(source):
            row = first
            chain = [(source, row)]
            while row in flow.steps and flow.steps[row].standing and len(chain) <= len(flow.steps):
                onward = flow.default_next(row)[0]
                chain.append((row, onward))
                row = onward
            if row == target:
                found.update(chain)
    return frozenset(found)


def _head(points: Sequence[Point], style: str) -> str:
    (from_x, from_y), (x, y) = points[-2:]
    level = abs(x - from_x) > abs(y - from_y)
    turn = (-90 if x > from_x else 90) if level else (0 if y > from_y else 180)
    return f'<path class="{style}" d="M0 0-3.5-7H3.5z" transform="translate({number(x)} {number(y)}) rotate({turn})"/>'


def _shape(symbol: Symbol, style: str) -> str:
    if symbol.shape is Shape.DIAMOND:
        corners = "L".join(f"{number(x)} {number(y)}" for x, y in symbol.outline)
        return f'<path class="{style}" d="M{corners}Z"/>'
    left, top = symbol.x - symbol.width / 2, symbol.y - symbol.height / 2
    round_ = f' rx="{number(symbol.height / 2)}"' if symbol.shape is Shape.CAPSULE else ""
    size = f'width="{number(symbol.width)}" height="{number(symbol.height)}"'
    return f'<rect class="{style}" x="{number(left)}" y="{number(top)}" {size}{round_}/>'
