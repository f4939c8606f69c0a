"""Lays all arrows of a sheet: the cheapest pattern for each, in turn, and again while that makes anything cheaper.

Two stretches in one channel cross as often as their better order makes them: the order is chosen later (``tracks``),
so the router charges the smaller of the two counts. Charging none would make every way through a gutter look free.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from tanggap.documents.flowchart.board import Board, Way
from tanggap.documents.flowchart.geometry import Shape
from tanggap.documents.flowchart.patterns import Node, Route, Stretch, patterns, side_of, usual

CROSSING, OVERLAP, PARALLEL, SHARED = 130, 90, 4, 40
CORNER, CORNER_AGAIN, SECOND_LABEL = 80, 40, 300
PASSES = 3


def route(board: Board) -> tuple[Board, tuple[Route, ...]]:
    """Route every way of ``board``. Connectors may have moved to another column of their strip in the result."""
    router = _Router(board)
    router.run()
    if any(router.move(number) for number, spot in enumerate(board.spots) if spot.connection is not None):
        router.improve()
    board = router.board
    return board, _joined(board, [router.routes[place] for place in range(len(board.ways))])


class _Router:
    def __init__(self, board: Board) -> None:
        self.board = board
        self.routes: dict[int, Route] = {}
        self.joints = [
            (2 * spot.row + 1, 2 * min(spot.columns) + 1, 2 * max(spot.columns) + 1)
            for spot in board.spots
            if len(spot.columns) > 1
        ]
        self.patterns: dict[tuple[int, bool], list[Route]] = {}

    def run(self) -> None:
        """Lay forward arrows by span, then backward ones, then lift and lay the dear ones again."""
        for place in sorted(range(len(self.board.ways)), key=self._turn):
            self.routes[place] = self._best(place)[0]
        self.improve()

    def improve(self) -> None:
        """Up to three passes, each ending with what the one before could not see."""
        for _ in range(PASSES):
            if not self._pass():
                return

    def _turn(self, place: int) -> tuple[bool, int, int]:
        way = self.board.ways[place]
        down = self.board.spots[way.target].row - self.board.spots[way.source].row
        return down <= 0, abs(down), place

    def _pass(self) -> bool:
        """Lift each arrow, dearest first, and lay it again; true when something became cheaper."""
        prices = {place: self._cost(place, route) for place, route in self.routes.items()}
        better = False
        for place in sorted(prices, key=lambda place: (-prices[place], place)):
            old = self.routes.pop(place)
            new, cost = self._best(place)
            better |= cost < self._cost(place, old)
            self.routes[place] = new if cost < self._cost(place, old) else old
        return better

    def move(self, number: int) -> bool:
        """Try the other free columns of its strip for a connector whose arrows bend more than once."""
        mine = [place for place, way in enumerate(self.board.ways) if number in (way.source, way.target)]
        if all(self.routes[place].bends <= 1 for place in mine):
            return False
        old = {place: self.routes.pop(place) for place in mine}
        before, kept = self.board, self.patterns
        best, chosen = self._total(old), (before, kept, old)
        for column in self._free(number):
            self.board, self.patterns = before.moved(number, column), {}
            laid: dict[int, Route] = {}
            for place in mine:
                laid[place] = self.routes[place] = self._best(place)[0]
            for place in mine:
                del self.routes[place]
            cost = self._total(laid)
            if cost < best:
                best, chosen = cost, (self.board, {}, laid)
        self.board, self.patterns, laid = chosen
        self.routes.update(laid)
        return self.board is not before

    def _free(self, number: int) -> list[int]:
        """Columns of the connector's strip where neither a symbol nor an arrow on a centre line would be in the way."""
        row = self.board.spots[number].row
        return [
            column
            for column in range(self.board.columns)
            if (column, row) not in self.board.taken
            and not any(_passes(route, column, row) for route in self.routes.values())
        ]

    def _total(self, routes: Mapping[int, Route]) -> int:
        return sum(self._cost(place, route) for place, route in routes.items())

    def _best(self, place: int) -> tuple[Route, int]:
        best = self._cheapest(place, self._patterns(place, rich=False), None)
        if best is None or best[0] >= usual(self.board, self.board.ways[place]):
            best = self._cheapest(place, self._patterns(place, rich=True), best)
        assert best is not None, "down, lane, gutter, lane, down exists for every pair"
        return best[1], best[0]

    def _patterns(self, place: int, *, rich: bool) -> list[Route]:
        if (place, rich) not in self.patterns:
            self.patterns[place, rich] = patterns(self.board, self.board.ways[place], rich=rich)
        return self.patterns[place, rich]

    def _cheapest(
        self, place: int, choices: Sequence[Route], best: tuple[int, Route] | None
    ) -> tuple[int, Route] | None:
        for choice in choices:
            if best is not None and choice.price - SHARED >= best[0]:
                break
            cost = self._cost(place, choice)
            if best is None or cost < best[0]:
                best = (cost, choice)
        return best

    # prices among other arrows -----------------------------------------------------------------------------------

    def _cost(self, place: int, route: Route) -> int:
        """Price of ``route`` for way ``place`` among the routes already laid."""
        way = self.board.ways[place]
        cost = route.price + self._joint_crossings(route)
        for number, other in self.routes.items():
            if number != place:
                theirs = self.board.ways[number]
                cost += _meeting(route, other, theirs.target == way.target)
                if way.source in (theirs.source, theirs.target) or way.target == theirs.source:
                    cost += self._corners(way, route, theirs, other)
        return cost

    def _joint_crossings(self, route: Route) -> int:
        return CROSSING * sum(
            left < stretch.line < right and stretch.low < line < stretch.high
            for line, left, right in self.joints
            for stretch in route.upright
        )

    def _corners(self, way: Way, route: Route, theirs: Way, other: Route) -> int:
        """Price of using a side of a symbol that another arrow uses."""
        cost = 0
        if way.source == theirs.source and (route.nodes[0], route.leaves) == (other.nodes[0], other.leaves):
            diamond = self.board.spots[way.source].shape is Shape.DIAMOND
            cost += CORNER + CORNER_AGAIN * diamond
            cost += SECOND_LABEL * bool(diamond and way.label and theirs.label)
        if way.source == theirs.target and (route.nodes[0], route.leaves) == (other.nodes[-1], other.enters):
            cost += CORNER + CORNER_AGAIN
        if way.target == theirs.source and (route.nodes[-1], route.enters) == (other.nodes[0], other.leaves):
            cost += CORNER + CORNER_AGAIN
        return cost


def _passes(route: Route, column: int, row: int) -> bool:
    """True when ``route`` runs on a centre line through the cell."""
    x, y = 2 * column + 1, 2 * row + 1
    upright = any(stretch.line == x and stretch.low <= y <= stretch.high for stretch in route.upright)
    return upright or any(stretch.line == y and stretch.low <= x <= stretch.high for stretch in route.level)


def _meeting(route: Route, other: Route, same_target: bool) -> int:
    """Price of two arrows' meetings: crossings, and stretches side by side in one channel."""
    cost = CROSSING * (_crossed(route.upright, other.level) + _crossed(other.upright, route.level))
    for these, those in ((route.upright, other.upright), (route.level, other.level)):
        for mine in these:
            for theirs in those:
                if mine.line == theirs.line and mine.low <= theirs.high and theirs.low <= mine.high:
                    cost += _beside(mine, theirs, same_target)
    return cost


def _crossed(upright: Sequence[Stretch], level: Sequence[Stretch]) -> int:
    count = 0
    for a in upright:
        for b in level:
            if a.low < b.line < a.high and b.low < a.line < b.high:
                count += 1
    return count


def _beside(mine: Stretch, theirs: Stretch, same_target: bool) -> int:
    """Two stretches that share a line: joined, or side by side in the better of the two orders."""
    shared = min(mine.high, theirs.high) - max(mine.low, theirs.low)
    if same_target and mine.forth == theirs.forth and shared > 0:
        return -min(SHARED, int(10 * shared))
    price = OVERLAP if mine.line % 2 else PARALLEL
    return price + CROSSING * min(_crossings(mine, theirs), _crossings(theirs, mine))


def _crossings(before: Stretch, after: Stretch) -> int:
    """Crossings when ``before`` lies on the lower side of ``after`` in their channel."""
    count = 0
    for at, leg in ((before.low, before.low_leg), (before.high, before.high_leg)):
        count += leg > 0 and after.low < at < after.high
    for at, leg in ((after.low, after.low_leg), (after.high, after.high_leg)):
        count += leg < 0 and before.low < at < before.high
    return count


# joins -----------------------------------------------------------------------------------------------------------


def _joined(board: Board, routes: Sequence[Route]) -> tuple[Route, ...]:
    """From the first stretch that two arrows to one target share, the later one follows the earlier one."""
    settled: dict[int, list[Route]] = {}
    result: list[Route] = []
    for way, route in zip(board.ways, routes, strict=True):
        others = settled.setdefault(way.target, [])
        found = _followed(route, others)
        others.append(found)
        result.append(found)
    return tuple(result)


def _followed(route: Route, others: Sequence[Route]) -> Route:
    for place, (a, b) in enumerate(pairwise(route.nodes)):
        for other in others:
            for theirs, (c, d) in enumerate(pairwise(other.nodes)):
                if _run_together(a, b, c, d):
                    nodes = (*route.nodes[: place + 1], *other.nodes[theirs + 1 :])
                    return Route(route.price, nodes, route.leaves, side_of(nodes[-1], nodes[-2]))
    return route


def _run_together(a: Node, b: Node, c: Node, d: Node) -> bool:
    """True when a-b and c-d lie on one line, go the same way, and share more than a point."""
    across, along = (0, 1) if a[0] == b[0] else (1, 0)
    if c[across] != d[across] or a[across] != c[across] or (b[along] > a[along]) != (d[along] > c[along]):
        return False
    low, high = sorted((a[along], b[along]))
    other_low, other_high = sorted((c[along], d[along]))
    return min(high, other_high) > max(low, other_low)
