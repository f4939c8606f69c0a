"""Words beside a symbol: labels of its exits and the words of a connector, and the room all that takes in its cell.

Everything is relative to the symbol's centre. A label belongs to the inside of its cell, so it pushes tracks away
instead of being hit by them, and needs no search for a free place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tanggap.documents.flowchart.board import Board, Side, Spot
from tanggap.documents.flowchart.geometry import LINE_PITCH, Box, reach_down, reach_side, reach_up
from tanggap.documents.flowchart.measure import wrap
from tanggap.documents.flowchart.patterns import Route, side_of
from tanggap.documents.flowchart.sizes import PAD, Sizes
from tanggap.documents.flowchart.tracks import Track, Tracks

RISE, FALL = 0.74, 0.24
"""What a line of small text reaches above and below its base line, in font sizes."""
_AIR = 1.2
_BESIDE = 2.6


@dataclass(frozen=True, slots=True)
class Port:
    """One arrow's end at a symbol: the side, and how far from the middle of that side."""

    way: int
    side: Side
    aside: float
    leaves: bool
    label: str


@dataclass(frozen=True, slots=True)
class Words:
    """Lines in a box relative to the symbol's centre."""

    box: Box
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds one symbol, and how far that reaches from its centre on each side."""

    left: float
    up: float
    right: float
    down: float
    labels: Mapping[int, Words]
    note: Words | None = None


def ports(board: Board, routes: Sequence[Route], tracks: Tracks, sizes: Sizes) -> dict[tuple[int, int], list[Port]]:
    """(spot, column) to the ends of arrows there."""
    found: dict[tuple[int, int], list[Port]] = {}
    for number, (way, route) in enumerate(zip(board.ways, routes, strict=True)):
        first, last = tracks.ways[number][0], tracks.ways[number][-1]
        leaving, entering = (route.nodes[0][0] - 1) // 2, (route.nodes[-1][0] - 1) // 2
        out = Port(number, side_of(route.nodes[0], route.nodes[1]), aside(first, sizes), True, way.label)
        into = Port(number, side_of(route.nodes[-1], route.nodes[-2]), aside(last, sizes), False, "")
        found.setdefault((way.source, leaving), []).append(out)
        found.setdefault((way.target, entering), []).append(into)
    return found


def aside(track: Track, sizes: Sizes) -> float:
    """Distance of a track on a centre line from that line."""
    return sizes.slot(track.place, track.of, upright=track.upright)


def around(spot: Spot, ends: Sequence[Port], sizes: Sizes, note: str = "") -> Around:
    """Place the labels of one symbol and say how much room it needs."""
    half, tall = sizes.symbol(spot.shape, spot.text)
    reach = [half + 2.0, tall + PAD, half + 2.0, tall + PAD]
    for end in ends:
        stub = sizes.exit if end.leaves else sizes.entry
        size = tall if end.side in (Side.TOP, Side.BOTTOM) else half
        place = {Side.LEFT: 0, Side.TOP: 1, Side.RIGHT: 2, Side.BOTTOM: 3}[end.side]
        reach[place] = max(reach[place], size + stub)
    labels: dict[int, Words] = {}
    for end in sorted(
        (end for end in ends if end.label), key=lambda end: (end.side in (Side.TOP, Side.BOTTOM), end.way)
    ):
        labels[end.way] = _label(end, spot, ends, sizes, [words.box for words in labels.values()])
    beside = _note(note, half, sizes) if note else None
    boxes = [words.box for words in labels.values()] + ([beside.box] if beside else [])
    for left, top, right, bottom in boxes:
        reach = [max(a, b) for a, b in zip(reach, (1.5 - left, 1.5 - top, right + 1.5, bottom + 1.5), strict=True)]
    return Around(reach[0], reach[1], reach[2], reach[3], labels, beside)


def _note(text: str, half: float, sizes: Sizes) -> Words:
    lines = tuple(text.splitlines())
    size = sizes.connector
    width = max(sizes.measure(line, size) for line in lines)
    height = size * (LINE_PITCH * (len(lines) - 1) + RISE + FALL)
    return Words((half + 2.0, -height / 2, half + 2.0 + width, height / 2), lines)


def _label(end: Port, spot: Spot, ends: Sequence[Port], sizes: Sizes, others: Sequence[Box]) -> Words:
    size = sizes.label
    lines = wrap(end.label, max(sizes.label_width, _longest_short(end.label, sizes)), size, sizes.measure)
    width = max(sizes.measure(line, size) for line in lines)
    height = size * (LINE_PITCH * (len(lines) - 1) + RISE + FALL)
    if end.side in (Side.LEFT, Side.RIGHT):
        box = _beside_level(end, spot, ends, sizes, width, height)
    else:
        box = _beside_upright(end, spot, ends, sizes, width, height)
    for other in sorted(others):
        box = _moved_off(box, other, end.side)
    return Words(box, lines)


def _longest_short(label: str, sizes: Sizes) -> float:
    """A single word is not cut for being a little wider than the label column."""
    widths = [sizes.measure(word, sizes.label) for word in label.split()]
    return min(max(widths, default=0.0), 1.6 * sizes.label_width)


def _beside_level(end: Port, spot: Spot, ends: Sequence[Port], sizes: Sizes, width: float, height: float) -> Box:
    """Above the line on the symbol's shoulder, below it when another line or a labelled top exit is in the way."""
    half, tall = sizes.symbol(spot.shape, spot.text)
    same_side = [other.aside for other in ends if other.side is end.side]
    over = any(line < end.aside - 0.1 for line in same_side)
    under = any(line > end.aside + 0.1 for line in same_side)
    top_label = any(other.side is Side.TOP and other.label for other in ends)
    below = (over or top_label) and not under
    top = end.aside + sizes.shoulder if below else end.aside - sizes.shoulder - height
    nearest = 0.0 if top < 0 < top + height else min(abs(top), abs(top + height))
    clear = reach_side(spot.shape, half, tall, nearest)
    upright = [abs(other.aside) for other in ends if other.side in (Side.TOP, Side.BOTTOM)]
    begin = max(clear + _AIR, max(upright, default=0.0) + _BESIDE, reach_side(spot.shape, half, tall, end.aside) - 8.0)
    if end.side is Side.RIGHT:
        return begin, top, begin + width, top + height
    return -begin - width, top, -begin, top + height


def _beside_upright(end: Port, spot: Spot, ends: Sequence[Port], sizes: Sizes, width: float, height: float) -> Box:
    """Right of the line, left of it when the line stands left of the middle or another one stands right of it."""
    half, tall = sizes.symbol(spot.shape, spot.text)
    same_side = [other.aside for other in ends if other.side is end.side]
    leftmost = all(line > end.aside - 0.1 for line in same_side)
    rightmost = all(line < end.aside + 0.1 for line in same_side)
    to_left = (end.aside < -0.1 and leftmost) or not rightmost
    begin = end.aside - _BESIDE - width if to_left else end.aside + _BESIDE
    nearest = 0.0 if begin < 0 < begin + width else min(abs(begin), abs(begin + width))
    if end.side is Side.BOTTOM:
        top = reach_down(spot.shape, half, tall, nearest) + _AIR
    else:
        top = -reach_up(spot.shape, half, tall, nearest) - _AIR - height
    return begin, top, begin + width, top + height


def _moved_off(box: Box, other: Box, side: Side) -> Box:
    left, top, right, bottom = box
    if left >= other[2] + 1 or right <= other[0] - 1 or top >= other[3] + 1 or bottom <= other[1] - 1:
        return box
    dx = dy = 0.0
    if side is Side.BOTTOM:
        dy = other[3] + 1 - top
    elif side is Side.TOP:
        dy = other[1] - 1 - bottom
    elif side is Side.RIGHT:
        dx = other[2] + 1 - left
    else:
        dx = other[0] - 1 - right
    return left + dx, top + dy, right + dx, bottom + dy
