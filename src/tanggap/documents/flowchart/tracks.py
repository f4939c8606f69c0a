"""Side by side: which track each stretch of an arrow takes in its gutter or lane, and which slot on a centre line.

A channel makes room for as many tracks as it needs; the arrow never squeezes. Tracks are ordered so that as few
stretches as possible cross, as channel routing does it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tanggap.documents.flowchart.board import Board
from tanggap.documents.flowchart.patterns import PORT, Route

ROUNDS = 3
_STEP = 0.08
_WIDEST = 0.7
_CROSSING, _STUBS = 100.0, 6.0


@dataclass(eq=False, slots=True)
class Track:
    """One drawn straight line: a stretch, or the stretches of several arrows to one target that run together.

    ``line`` is its channel in the grid, ``place`` its track of ``of`` (or slot, about the centre).
    """

    upright: bool
    line: int
    target: int
    forth: bool
    ends: list[End] = field(default_factory=list)
    ways: set[int] = field(default_factory=set)
    place: int = 0
    of: int = 1
    low: float = 0.0
    high: float = 0.0

    @property
    def at(self) -> float:
        """Where the track lies in grid units, near its channel's line."""
        step = min(_STEP, _WIDEST / self.of)
        return self.line + (self.place - (self.of - 1) / 2) * step

    def settle(self) -> None:
        """Work out the ends anew after other tracks have moved."""
        places = [end.at for end in self.ends]
        self.low, self.high = min(places), max(places)


@dataclass(eq=False, slots=True)
class End:
    """Where a track turns into ``onto`` (to the lower or higher side), or meets a symbol's side at ``port``."""

    way: int
    leg: int
    onto: Track | None = None
    port: float = 0.0

    @property
    def at(self) -> float:
        """The place along the track, in grid units."""
        return self.port if self.onto is None else self.onto.at


@dataclass(frozen=True)
class Tracks:
    """For each way the tracks it follows, and how many tracks each gutter and lane holds."""

    ways: tuple[tuple[Track, ...], ...]
    gutters: tuple[int, ...]
    lanes: tuple[int, ...]


def lay(board: Board, routes: Sequence[Route]) -> Tracks:
    """Give every stretch of ``routes`` its track or slot."""
    tracks, ways = _tracks(board, routes)
    for track in tracks:
        track.settle()
    channels = _channels(tracks)
    outer = [channel for key, channel in channels if key[1] % 2 == 0]
    for _ in range(ROUNDS):
        for channel in outer:
            _order(channel, centred=False)
        _settle(tracks)
    for upright in (False, True):
        for key, channel in channels:
            if key[1] % 2 and key[0] is upright:
                _settle(channel)
                _order(channel, centred=True)
        _settle(tracks)
    sizes = {key: 1 + max(track.place for track in channel) for key, channel in channels if key[1] % 2 == 0}
    gutters = tuple(sizes.get((True, 2 * column), 0) for column in range(board.columns + 1))
    lanes = tuple(sizes.get((False, 2 * row), 0) for row in range(board.rows + 1))
    return Tracks(ways, gutters, lanes)


def _settle(tracks: Iterable[Track]) -> None:
    for track in tracks:
        track.settle()


def _channels(tracks: Sequence[Track]) -> list[tuple[tuple[bool, int], list[Track]]]:
    """Gutters and upright centre lines first, from left to right; then lanes and level ones from top to bottom."""
    found: dict[tuple[bool, int], list[Track]] = {}
    for track in tracks:
        found.setdefault((track.upright, track.line), []).append(track)
    return sorted(found.items(), key=lambda item: (not item[0][0], item[0][1]))


# joining stretches -----------------------------------------------------------------------------------------------


def _tracks(board: Board, routes: Sequence[Route]) -> tuple[list[Track], tuple[tuple[Track, ...], ...]]:
    """One track for each stretch; those of arrows to one target that overlap and go the same way become one."""
    pieces: list[_Piece] = []
    chains: list[list[_Piece]] = []
    for number, route in enumerate(routes):
        chain = [_Piece(number, place, route, board.ways[number].target) for place in range(len(route.nodes) - 1)]
        chains.append(chain)
        pieces.extend(chain)
    for place, piece in enumerate(pieces):
        for other in pieces[:place]:
            if piece.runs_with(other):
                piece.root().parent = other.root()
    tracks: list[Track] = []
    made: dict[int, Track] = {}
    for piece in pieces:
        root = piece.root()
        if id(root) not in made:
            made[id(root)] = Track(root.upright, root.line, root.target, root.forth)
            tracks.append(made[id(root)])
        made[id(root)].ways.add(piece.way)
    chosen = tuple(tuple(made[id(piece.root())] for piece in chain) for chain in chains)
    for number, route in enumerate(routes):
        _add_ends(number, route, chosen[number])
    return tracks, chosen


class _Piece:
    """A stretch on its way to become (part of) a track."""

    def __init__(self, way: int, place: int, route: Route, target: int) -> None:
        begin, finish = route.nodes[place], route.nodes[place + 1]
        self.way, self.target = way, target
        self.upright = begin[0] == finish[0]
        self.line = begin[0] if self.upright else begin[1]
        along = 1 if self.upright else 0
        self.low, self.high = sorted((begin[along], finish[along]))
        self.forth = finish[along] > begin[along]
        self.parent: _Piece | None = None

    def root(self) -> _Piece:
        found = self
        while found.parent is not None:
            found = found.parent
        return found

    def runs_with(self, other: _Piece) -> bool:
        mine = (self.target, self.upright, self.line, self.forth)
        if mine != (other.target, other.upright, other.line, other.forth) or self.root() is other.root():
            return False
        return min(self.high, other.high) > max(self.low, other.low)


def _add_ends(number: int, route: Route, tracks: Sequence[Track]) -> None:
    last = len(tracks) - 1
    for place, ((a, b), track) in enumerate(zip(pairwise(route.nodes), tracks, strict=True)):
        along = 1 if track.upright else 0
        way = PORT if track.forth else -PORT
        if place == 0:
            track.ends.append(End(number, 0, None, a[along] + way))
        else:
            before = route.nodes[place - 1][1 - along]
            track.ends.append(End(number, 1 if before > a[1 - along] else -1, tracks[place - 1]))
        if place == last:
            track.ends.append(End(number, 0, None, b[along] - way))
        else:
            after = route.nodes[place + 2][1 - along]
            track.ends.append(End(number, 1 if after > b[1 - along] else -1, tracks[place + 1]))


# ordering --------------------------------------------------------------------------------------------------------


def _order(channel: list[Track], *, centred: bool) -> None:
    """Order the tracks of one channel, then number them; on a centre line each connected group about its middle."""
    for group in _groups(channel):
        order = _sorted(group)
        for place, track in enumerate(order):
            below = [other.place + 1 for other in order[:place] if _touch(other, track)]
            track.place = max(below, default=0)
        size = 1 + max(track.place for track in order)
        for track in order:
            track.of = size
    if not centred:
        size = 1 + max(track.place for track in channel)
        for track in channel:
            track.of = size


def _groups(channel: Sequence[Track]) -> list[list[Track]]:
    groups: list[list[Track]] = []
    for track in channel:
        near = [group for group in groups if any(_touch(track, other) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([other for group in near for other in group] + [track])
    return groups


def _touch(a: Track, b: Track) -> bool:
    return a.low <= b.high + 1e-6 and b.low <= a.high + 1e-6


def _sorted(group: list[Track]) -> list[Track]:
    """Move single tracks to better places until no move helps."""
    count = len(group)
    if count == 1:
        return group
    price = [[_price(a, b) if a is not b else 0.0 for b in group] for a in group]
    order = sorted(range(count), key=lambda number: (group[number].low, group[number].high, number))
    moved = True
    while moved:
        moved = False
        for number in list(order):
            rest = [other for other in order if other != number]
            best, best_place = _best_place(number, rest, price)
            if best < _price_at(number, rest, order.index(number), price) - 1e-9:
                rest.insert(best_place, number)
                order, moved = rest, True
    return [group[number] for number in order]


def _best_place(number: int, rest: Sequence[int], price: Sequence[Sequence[float]]) -> tuple[float, int]:
    return min((_price_at(number, rest, place, price), place) for place in range(len(rest) + 1))


def _price_at(number: int, rest: Sequence[int], place: int, price: Sequence[Sequence[float]]) -> float:
    before = sum(price[other][number] for other in rest[:place])
    return before + sum(price[number][other] for other in rest[place:])


def _price(before: Track, after: Track) -> float:
    """What it costs to lay ``before`` on the lower side of ``after``."""
    if not _touch(before, after):
        return 0.0
    cost = 0.0
    for end in before.ends:
        if end.leg > 0:
            cost += _leg_price(end, after, -1)
    for end in after.ends:
        if end.leg < 0:
            cost += _leg_price(end, before, 1)
    return cost


def _leg_price(end: End, other: Track, facing: int) -> float:
    """A leg that reaches over ``other``: a crossing, or two stubs laid over each other."""
    at = end.at
    if other.low + 1e-6 < at < other.high - 1e-6:
        return _CROSSING
    return _STUBS * sum(abs(theirs.at - at) <= 1e-6 and theirs.leg == facing for theirs in other.ends)
