"""The shapes an arrow may take over the grid, with its price on an empty board: straight, L, Z, C, and richer ones.

Gutters and lanes are never blocked and "down, lane, gutter, lane, down" exists for every pair, so there is always a
way. A stretch on the centre of a row or column begins or ends at a symbol there that is its own source or target:
nothing passes through a cell that holds a symbol.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from tanggap.documents.flowchart.board import Board, Side, Spot, Way
from tanggap.documents.flowchart.geometry import Shape

Node = tuple[int, int]

PORT = 0.2
"""Where a symbol's side lies from its centre, in grid units: its two ends do not touch each other."""

COLUMN, ROW, BEND = 30, 22, 50
TOP_FORWARD, TOP_BACKWARD, TOP_DIAMOND, BOTTOM_BACKWARD = 60, 24, 50, 26
ENTER_SIDE, ENTER_BOTTOM, ENTER_BOTTOM_BACKWARD, ENTER_BOTTOM_DIAMOND = 12, 70, 10, 60
CONNECTOR_SIDE, NOT_NEAREST, RICH = 60, 6, 40


@dataclass(frozen=True, slots=True)
class Stretch:
    """A straight part of a route. ``line`` is its X (upright) or Y (level); ``low``/``high`` its ends along it.

    ``low_leg``/``high_leg`` say where the route turns at that end: -1 to the lower side, +1 to the higher, 0 symbol.
    """

    line: int
    low: float
    high: float
    low_leg: int
    high_leg: int
    forth: bool


@dataclass(frozen=True)
class Route:
    """Corners of an arrow from the centre of its source to that of its target, and its price on an empty board."""

    price: int
    nodes: tuple[Node, ...]
    leaves: Side
    enters: Side

    @property
    def bends(self) -> int:
        """Number of corners."""
        return len(self.nodes) - 2

    @cached_property
    def upright(self) -> tuple[Stretch, ...]:
        """The parts that run up or down."""
        return tuple(self._stretches(along=1))

    @cached_property
    def level(self) -> tuple[Stretch, ...]:
        """The parts that run to the left or right."""
        return tuple(self._stretches(along=0))

    def _stretches(self, along: int) -> Iterator[Stretch]:
        across, nodes = 1 - along, self.nodes
        last = len(nodes) - 2
        for place, (a, b) in enumerate(pairwise(nodes)):
            if a[across] != b[across]:
                continue
            forth = b[along] > a[along]
            port = PORT if forth else -PORT
            begin = a[along] + (port if place == 0 else 0)
            finish = b[along] - (port if place == last else 0)
            begin_leg = _sign(nodes[place - 1][across] - a[across]) if place else 0
            finish_leg = _sign(nodes[place + 2][across] - b[across]) if place < last else 0
            ends = (begin, finish, begin_leg, finish_leg) if forth else (finish, begin, finish_leg, begin_leg)
            yield Stretch(a[across], *ends, forth)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def side_of(inner: Node, outer: Node) -> Side:
    """The side of the symbol at ``inner`` that faces ``outer``."""
    if inner[0] == outer[0]:
        return Side.BOTTOM if outer[1] > inner[1] else Side.TOP
    return Side.RIGHT if outer[0] > inner[0] else Side.LEFT


def patterns(board: Board, way: Way, *, rich: bool) -> list[Route]:
    """Routes for ``way``, cheapest first; plain ones, or those with three and four bends."""
    source, target = board.spots[way.source], board.spots[way.target]
    found: dict[tuple[Node, ...], Route] = {}
    for leaving in source.exits:
        for entering in target.columns:
            ends = _Ends(board, source, target, leaving, entering)
            for nodes in ends.rich() if rich else ends.plain():
                route = ends.priced(nodes)
                if route is not None:
                    found.setdefault(nodes, route)
    return sorted(found.values(), key=lambda route: (route.price, route.nodes))


def usual(board: Board, way: Way) -> int:
    """Above this price an arrow may be worth a rich way."""
    source, target = board.spots[way.source], board.spots[way.target]
    across = min(abs(a - b) for a in source.exits for b in target.columns)
    return 2 * COLUMN * across + 2 * ROW * abs(target.row - source.row) + 3 * BEND - RICH


class _Ends:
    """The patterns between the symbol in one column of the source and the symbol in one column of the target."""

    def __init__(self, board: Board, source: Spot, target: Spot, leaving: int, entering: int) -> None:
        self.board, self.source, self.target = board, source, target
        self.leaving, self.entering = leaving, entering
        self.x1, self.y1 = 2 * leaving + 1, 2 * source.row + 1
        self.x2, self.y2 = 2 * entering + 1, 2 * target.row + 1
        self.back = target.row <= source.row
        self.out_prices = {side: self._leaving(side) for side in source.sides(leaving)}
        self.in_prices = {side: self._entering(side) for side in target.sides(entering)}
        self.extra = NOT_NEAREST * (
            sum(abs(column - entering) < abs(leaving - entering) for column in source.exits)
            + sum(abs(column - leaving) < abs(entering - leaving) for column in target.columns)
        )
        low, high = sorted((leaving, entering))
        self.gutters = [2 * column for column in range(max(0, low - 1), min(board.columns, high + 2) + 1)]

    # plain: straight, L, Z, C

    def plain(self) -> Iterator[tuple[Node, ...]]:
        """Straight, L, Z through a lane, Z and C through a gutter."""
        if self.source.row == self.target.row:
            return
        start, end = (self.x1, self.y1), (self.x2, self.y2)
        if self.leaving != self.entering:
            yield from self._bent(start, end)
        elif self._upright_clear(self.leaving, 1, 1):
            yield (start, end)
        for gutter in self.gutters:
            if self._reaches(self.leaving, self.source.row, gutter) and self._in_from(gutter):
                yield (start, (gutter, self.y1), (gutter, self.y2), end)

    def _bent(self, start: Node, end: Node) -> Iterator[tuple[Node, ...]]:
        if self._level_clear(self.source.row, 1, 0) and self._upright_clear(self.entering, 0, 1):
            yield (start, (self.x2, self.y1), end)
        if self._upright_clear(self.leaving, 1, 0) and self._level_clear(self.target.row, 0, 1):
            yield (start, (self.x1, self.y2), end)
        step = -1 if self.back else 1
        if self._upright_clear(self.entering, 1, 1):
            yield (start, (self.x1, self.y1 + step), (self.x2, self.y1 + step), end)
        if self._upright_clear(self.leaving, 1, 1):
            yield (start, (self.x1, self.y2 - step), (self.x2, self.y2 - step), end)

    def _upright_clear(self, column: int, from_source: int, from_target: int) -> bool:
        """Column free between the two rows, leaving out the source's and the target's row where asked."""
        top, bottom = self.source.row, self.target.row
        trim_top, trim_bottom = from_source, from_target
        if top > bottom:
            top, bottom, trim_top, trim_bottom = bottom, top, from_target, from_source
        return self.board.column_clear(column, top + trim_top, bottom - trim_bottom)

    def _level_clear(self, row: int, from_source: int, from_target: int) -> bool:
        left, right, trim_left, trim_right = self.leaving, self.entering, from_source, from_target
        if left > right:
            left, right, trim_left, trim_right = right, left, from_target, from_source
        return self.board.row_clear(row, left + trim_left, right - trim_right)

    def _in_from(self, gutter: int) -> bool:
        return self._reaches(self.entering, self.target.row, gutter)

    def _reaches(self, column: int, row: int, gutter: int) -> bool:
        if gutter > 2 * column:
            return self.board.row_clear(row, column + 1, gutter // 2 - 1)
        return self.board.row_clear(row, gutter // 2, column - 1)

    # rich: three and four bends

    def rich(self) -> Iterator[tuple[Node, ...]]:
        """Through a gutter and one or two lanes, or through a lane and two gutters."""
        start, end = (self.x1, self.y1), (self.x2, self.y2)
        outs = (self.y1 - 1, self.y1 + 1)
        ins = (self.y2 - 1, self.y2 + 1)
        for gutter in self.gutters:
            out, enter = self._reaches(self.leaving, self.source.row, gutter), self._in_from(gutter)
            for lane in ins:
                if out:
                    yield (start, (gutter, self.y1), (gutter, lane), (self.x2, lane), end)
            for lane in outs:
                if enter:
                    yield (start, (self.x1, lane), (gutter, lane), (gutter, self.y2), end)
                for other in ins:
                    if other != lane:
                        yield (start, (self.x1, lane), (gutter, lane), (gutter, other), (self.x2, other), end)
            if abs(gutter - self.x1) == 1:
                yield from self._two_gutters(gutter, start, end)

    def _two_gutters(self, gutter: int, start: Node, end: Node) -> Iterator[tuple[Node, ...]]:
        for second in (self.x2 - 1, self.x2 + 1):
            if second != gutter:
                for lane in dict.fromkeys((self.y1 - 1, self.y1 + 1, self.y2 - 1, self.y2 + 1)):
                    yield (start, (gutter, self.y1), (gutter, lane), (second, lane), (second, self.y2), end)

    # prices

    def priced(self, nodes: tuple[Node, ...]) -> Route | None:
        """The route with what it costs on an empty board; ``None`` when it uses a side that is barred."""
        leaves, enters = side_of(nodes[0], nodes[1]), side_of(nodes[-1], nodes[-2])
        if leaves not in self.out_prices or enters not in self.in_prices:
            return None
        price = BEND * (len(nodes) - 2) + self.out_prices[leaves] + self.in_prices[enters] + self.extra
        for (x1, y1), (x2, y2) in pairwise(nodes):
            price += COLUMN * abs(x1 - x2) + ROW * abs(y1 - y2)
        return Route(price, nodes, leaves, enters)

    def _leaving(self, side: Side) -> int:
        shape = self.source.shape
        if side is Side.TOP:
            return (TOP_BACKWARD if self.back else TOP_FORWARD) + TOP_DIAMOND * (shape is Shape.DIAMOND)
        if side is Side.BOTTOM:
            return BOTTOM_BACKWARD if self.back else 0
        return CONNECTOR_SIDE if shape is Shape.PENTAGON else 0

    def _entering(self, side: Side) -> int:
        shape = self.target.shape
        if side is Side.TOP:
            return 0
        if side is Side.BOTTOM:
            diamond = ENTER_BOTTOM_DIAMOND * (shape is Shape.DIAMOND)
            return ENTER_BOTTOM_BACKWARD + diamond if self.back else ENTER_BOTTOM
        return (CONNECTOR_SIDE if shape is Shape.PENTAGON else 0) + (0 if self.back else ENTER_SIDE)
