"""From grid to points: where the centres of columns lie, where each track runs, and the way of each arrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from tanggap.documents.flowchart.geometry import Point, Symbol, reach_down, reach_side, reach_up
from tanggap.documents.flowchart.labels import Around
from tanggap.documents.flowchart.rows import Stack
from tanggap.documents.flowchart.sizes import Sizes
from tanggap.documents.flowchart.sketch import Plan, gutter_shares, insides
from tanggap.documents.flowchart.tracks import End, Track

_AIR = 5.0


class Placed:
    """One sheet's performers' columns in points. ``edges`` are the left and right edge of each column."""

    def __init__(
        self,
        plan: Plan,
        near: Mapping[tuple[int, int], Around],
        stack: Stack,
        sizes: Sizes,
        edges: Sequence[tuple[float, float]],
    ) -> None:
        self.plan, self.near, self.stack, self.sizes, self.edges = plan, near, stack, sizes, edges
        self.centres, self.gutters = self._across()

    def way(self, number: int, source: Symbol, target: Symbol) -> tuple[tuple[Point, ...], int]:
        """Points of arrow ``number`` from outline to outline, and how many bends of it are drawn before it joins."""
        tracks = self.plan.tracks.ways[number]
        return self._points(tracks, source, target), _meets(number, tracks)

    def _across(self) -> tuple[list[float], list[list[float]]]:
        """Centre of each performer's column, and the tracks of each gutter, off the rule where there is room."""
        pitch, counts = self.sizes.pitch, self.plan.tracks.gutters
        shares = gutter_shares(counts)
        sides = insides(self.plan, self.near, self.sizes)
        centres, airs = [], []
        for column, ((left, right), (inner, outer)) in enumerate(zip(sides, shares, strict=True)):
            begin, end = self.edges[column]
            low, high = begin + inner * pitch + left, end - outer * pitch - right
            centres.append(min(max((begin + end) / 2, low), max(low, high)))
            airs.append((min(_AIR, (centres[-1] - low) / 2), min(_AIR, (high - centres[-1]) / 2)))
        gutters = []
        for gutter, count in enumerate(counts):
            over = shares[gutter - 1][1] if gutter else 0
            rule = self.edges[gutter][0] if gutter < len(shares) else self.edges[gutter - 1][1]
            before = airs[gutter - 1][1] if gutter else 0.0
            after = airs[gutter][0] if gutter < len(airs) else 0.0
            gutters.append(
                [rule + (track - over + 0.5) * pitch + (after if track >= over else -before) for track in range(count)]
            )
        return centres, gutters

    def _at(self, track: Track) -> float:
        """The X of an upright track, the Y of a level one."""
        if track.line % 2 == 0:
            return (self.gutters[track.line // 2] if track.upright else self.stack.lanes[track.line // 2])[track.place]
        centre = self.centres[track.line // 2] if track.upright else self.stack.centres[track.line // 2]
        return centre + self.sizes.slot(track.place, track.of, upright=track.upright)

    def _points(self, tracks: Sequence[Track], source: Symbol, target: Symbol) -> tuple[Point, ...]:
        corners = [(self._at(a), self._at(b)) if a.upright else (self._at(b), self._at(a)) for a, b in pairwise(tracks)]
        start = _outline(source, tracks[0], self._at(tracks[0]), leaves=True)
        end = _outline(target, tracks[-1], self._at(tracks[-1]), leaves=False)
        return (start, *corners, end)


def _outline(symbol: Symbol, track: Track, at: float, *, leaves: bool) -> Point:
    """Where the line at ``at`` meets the outline of ``symbol``."""
    half, tall = symbol.width / 2, symbol.height / 2
    higher = track.forth == leaves
    if track.upright:
        reach = reach_down if higher else reach_up
        length = reach(symbol.shape, half, tall, at - symbol.x)
        return at, symbol.y + (length if higher else -length)
    length = reach_side(symbol.shape, half, tall, at - symbol.y)
    return symbol.x + (length if higher else -length), at


def _meets(way: int, tracks: Sequence[Track]) -> int:
    """Place of the corner where the arrow comes upon one that was there before it; its last point if it never does."""
    for place, track in enumerate(tracks):
        if len(track.ways) > 1 and place:
            begins = _first_on(track)
            if begins.way != way and begins.onto is not tracks[place - 1]:
                return place
    return len(tracks)


def _first_on(track: Track) -> End:
    """The end at which the track begins, of the arrow that comes along it from furthest behind."""
    sign = 1 if track.forth else -1
    return min(track.ends, key=lambda end: (sign * end.at, end.way))
