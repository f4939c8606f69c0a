"""The grid of one sheet: symbols in cells, gutters and lanes between, connectors where an arrow leaves the sheet.

X even is the gutter left of column X/2, X odd the centre of a column; Y even is the lane above row Y/2, Y odd the
centre of a row. A board depends only on which rows are on the sheet, never on sizes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum

from tanggap.documents.flowchart.chart import MULAI, Chart, Link, Node
from tanggap.documents.flowchart.geometry import Shape


class Side(IntEnum):
    """A side of a symbol."""

    TOP = 0
    RIGHT = 1
    BOTTOM = 2
    LEFT = 3


@dataclass(frozen=True, slots=True)
class Connection:
    """The part of a connector that the grid knows: the node it stands for, and which way it leads."""

    target: int
    forward: bool
    outgoing: bool


@dataclass(frozen=True, slots=True)
class Spot:
    """A node on the board; several columns for joint performers."""

    node: int
    row: int
    columns: tuple[int, ...]
    shape: Shape
    text: str = ""
    connection: Connection | None = None

    @property
    def exits(self) -> tuple[int, ...]:
        """Columns an arrow may leave from: a joint decision speaks with one voice."""
        return self.columns[:1] if self.shape is Shape.DIAMOND else self.columns

    def sides(self, column: int) -> frozenset[Side]:
        """Sides of the symbol in ``column`` that an arrow may use."""
        barred = set()
        if self.shape is Shape.PENTAGON:
            barred.add(Side.RIGHT)  # its words stand there
        if column > min(self.columns):
            barred.add(Side.LEFT)  # the line that joins the performers
        if column < max(self.columns):
            barred.add(Side.RIGHT)
        return frozenset(Side) - barred


@dataclass(frozen=True, slots=True)
class Way:
    """An arrow between two spots; ``exit`` is (source, target) in the procedure."""

    source: int
    target: int
    label: str
    exit: tuple[int, int]


@dataclass(frozen=True)
class Board:
    """Spots, ways and, per grid row, the printed row in which it lies."""

    columns: int
    spots: tuple[Spot, ...]
    ways: tuple[Way, ...]
    printed: tuple[int, ...]
    taken: frozenset[tuple[int, int]] = field(default_factory=frozenset)
    joined: frozenset[tuple[int, int]] = field(default_factory=frozenset)

    @property
    def rows(self) -> int:
        """Number of grid rows."""
        return len(self.printed)

    def column_clear(self, column: int, first: int, last: int) -> bool:
        """No symbol in ``column`` from row ``first`` to row ``last``, both included."""
        return all((column, row) not in self.taken for row in range(first, last + 1))

    def row_clear(self, row: int, first: int, last: int) -> bool:
        """Neither symbol nor joining line in ``row`` from column ``first`` to column ``last``, both included."""
        cells = [(column, row) for column in range(first, last + 1)]
        return all(cell not in self.taken and cell not in self.joined for cell in cells)

    def moved(self, spot: int, column: int) -> Board:
        """The same board with a one-column spot in another column."""
        spots = list(self.spots)
        spots[spot] = replace(spots[spot], columns=(column,))
        return _with_cells(replace(self, spots=tuple(spots)))


def _with_cells(board: Board) -> Board:
    taken = frozenset((column, spot.row) for spot in board.spots for column in spot.columns)
    joined = frozenset(
        (column, spot.row)
        for spot in board.spots
        if len(spot.columns) > 1
        for column in range(min(spot.columns), max(spot.columns) + 1)
    )
    return replace(board, taken=taken, joined=joined)


def board(chart: Chart, first: int, last: int) -> Board:
    """The board of the sheet that prints rows ``first`` to ``last``, both included."""
    return _Builder(chart, first, last).build()


class _Builder:
    def __init__(self, chart: Chart, first: int, last: int) -> None:
        self.chart, self.first, self.last = chart, first, last
        self.nodes = {node.number: node for node in chart.nodes}
        self.foot = last + 1 if last == chart.rows - 1 else last
        self.spots: list[Spot] = []
        self.printed: list[int] = []
        self.place: dict[int | Connection, int] = {}

    def _here(self, node: int) -> bool:
        return (MULAI if self.first == 0 else self.first) <= node <= self.foot

    def build(self) -> Board:
        head, foot = self._connections()
        if self.first == 0 and MULAI in self.nodes:
            self._row(self.first)
            self._put(self.nodes[MULAI])
        self._strips(head, self.first)
        for number in range(self.first, self.last + 1):
            self._row(number)
            self._put(self.nodes[number])
        if self.foot != self.last and self.foot in self.nodes:
            self._row(self.last)
            self._put(self.nodes[self.foot])
        self._strips(foot, self.last)
        plain = Board(self.chart.columns, tuple(self.spots), tuple(self._ways()), tuple(self.printed))
        return _with_cells(plain)

    def _row(self, number: int) -> None:
        self.printed.append(number)

    def _put(self, node: Node) -> None:
        self.place[node.number] = len(self.spots)
        self.spots.append(Spot(node.number, len(self.printed) - 1, node.columns, node.shape, node.text))

    def _connections(self) -> tuple[dict[Connection, int], dict[Connection, int]]:
        """Connectors at the head and at the foot, each with the column it would like to stand in."""
        head: dict[Connection, int] = {}
        foot: dict[Connection, int] = {}
        near = {key: self._near(key) for key in self._wanted()}
        # whoever is nearest to the strip chooses first: its arrow is short, and the others have to go round anyway
        for key in sorted(near, key=lambda key: near[key][0]):
            strip = foot if key.outgoing == key.forward else head
            strip[key] = near[key][1]
        return head, foot

    def _wanted(self) -> list[Connection]:
        keys = (self._connection(link) for link in self.chart.links)
        return list(dict.fromkeys(key for key in keys if key is not None))

    def _near(self, key: Connection) -> tuple[int, int]:
        """Distance in rows from the strip to the nearest symbol that uses the connector, and that symbol's column."""
        edge = self.last if key.outgoing == key.forward else self.first
        ends = [
            link.source if key.outgoing else link.target for link in self.chart.links if self._connection(link) == key
        ]
        nearest = min(ends, key=lambda node: abs(node - edge))
        return abs(nearest - edge), self.nodes[nearest].columns[0]

    def _connection(self, link: Link) -> Connection | None:
        leaves, arrives = self._here(link.source), self._here(link.target)
        if leaves == arrives:
            return None
        return Connection(link.target, link.source < link.target, leaves)

    def _strips(self, wanted: Mapping[Connection, int], band: int) -> None:
        waiting = dict(wanted)
        while waiting:
            self._row(band)
            free = set(range(self.chart.columns))
            for key, wish in list(waiting.items()):
                if free:
                    column = min(free, key=lambda place: (abs(place - wish), place))
                    free.discard(column)
                    self.place[key] = len(self.spots)
                    self.spots.append(Spot(key.target, len(self.printed) - 1, (column,), Shape.PENTAGON, "", key))
                    del waiting[key]

    def _ways(self) -> list[Way]:
        found: dict[tuple[int, int], Way] = {}
        for link in self.chart.links:
            exit = (link.source, link.target)
            key = self._connection(link)
            if key is None and self._here(link.source):
                way = Way(self.place[link.source], self.place[link.target], link.label, exit)
            elif key is not None and key.outgoing:
                way = Way(self.place[link.source], self.place[key], link.label, exit)
            elif key is not None:
                way = Way(self.place[key], self.place[link.target], "", exit)
            else:
                continue
            found.setdefault((way.source, way.target), way)
        return list(found.values())
