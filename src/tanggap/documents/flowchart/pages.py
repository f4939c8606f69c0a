"""Where a long table breaks into sheets, and the numbered connectors that carry arrows from sheet to sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tanggap.documents.flowchart.board import Connection
from tanggap.documents.flowchart.chart import Chart

CUT, ALONE = 1.6, 1.5
_LOOK_BACK = 3

Span = tuple[int, int]
"""First and last printed row of a sheet."""


def breaks(chart: Chart, height: Callable[[int, int], float], room: float, usual: Sequence[float]) -> list[Span]:
    """Cut the rows into sheets no higher than ``room``; a row that is too high alone gets a sheet alone.

    ``height(first, last)`` is exact and dear (it routes the sheet), ``usual`` guesses the height of each row. The
    longest run that fits, then of the last three possible breaks the one that cuts fewest arrows.
    """
    spans: list[Span] = []
    first = 0
    while first < chart.rows:
        last = _longest(chart, height, room, usual, first)
        if last < chart.rows - 1:
            last = _kindest(chart, height, room, first, last)
        spans.append((first, last))
        first = last + 1
    return spans or [(0, -1)]


def _longest(chart: Chart, height: Callable[[int, int], float], room: float, usual: Sequence[float], first: int) -> int:
    """The last row that still fits: from a guess on, row by row. What is too high stays so with more rows."""
    last, guessed = first, usual[first]
    while last + 1 < chart.rows and guessed + usual[last + 1] <= room:
        last += 1
        guessed += usual[last]
    if last == first or height(first, last) <= room:
        while last + 1 < chart.rows and height(first, last + 1) <= room:
            last += 1
        return last
    while last > first and height(first, last) > room:
        last -= 1
    return last


def _kindest(chart: Chart, height: Callable[[int, int], float], room: float, first: int, longest: int) -> int:
    def price(last: int) -> tuple[float, int]:
        cut = sum(min(link.source, link.target) <= last < max(link.source, link.target) for link in chart.links)
        alone = (last == first) + (last + 2 == chart.rows)
        return CUT * cut + (longest - last) + ALONE * alone, -last

    near = range(max(first, longest - _LOOK_BACK + 1), longest + 1)
    for last in sorted(near, key=price):
        # a shorter run may need more connectors and so be higher
        if last == longest or height(first, last) <= room:
            return last
    return longest


@dataclass(frozen=True, slots=True)
class Numbering:
    """The number of each connector pair and the sheets it joins, sheets counted from 1."""

    numbers: dict[tuple[int, bool], int]
    sources: dict[tuple[int, bool], tuple[int, ...]]
    targets: dict[int, int]

    def number(self, connection: Connection) -> int:
        """The number printed in the connector."""
        return self.numbers[connection.target, connection.forward]

    def pages(self, connection: Connection) -> tuple[int, ...]:
        """Where the connector leads, or all sheets that lead to it."""
        if connection.outgoing:
            return (self.targets[connection.target],)
        return self.sources[connection.target, connection.forward]


def numbering(chart: Chart, spans: Sequence[Span]) -> Numbering:
    """One number for each target and direction, in the reading order of the exits."""
    page = {node.number: _page(node.number, spans) for node in chart.nodes}
    sources: dict[tuple[int, bool], list[int]] = {}
    for link in sorted(chart.links, key=lambda link: link.source):
        if page[link.source] != page[link.target]:
            places = sources.setdefault((link.target, link.source < link.target), [])
            if page[link.source] not in places:
                places.append(page[link.source])
    numbers = {key: place for place, key in enumerate(sources, 1)}
    return Numbering(numbers, {key: tuple(places) for key, places in sources.items()}, page)


def _page(node: int, spans: Sequence[Span]) -> int:
    for number, (_, last) in enumerate(spans, 1):
        if node <= last:
            return number
    return len(spans)
