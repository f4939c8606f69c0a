"""How high each row of the table is, and where symbols and lanes lie in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tanggap.documents.flowchart.board import Board
from tanggap.documents.flowchart.sizes import Sizes


@dataclass(frozen=True, slots=True)
class Stack:
    """Tops of the table rows (and the bottom of the last), centres of the grid rows, tracks of the lanes."""

    rules: tuple[float, ...]
    centres: tuple[float, ...]
    lanes: tuple[tuple[float, ...], ...]


def stack(
    board: Board,
    lanes: Sequence[int],
    bands: Sequence[tuple[float, float]],
    text: Sequence[float],
    sizes: Sizes,
    top: float,
) -> Stack:
    """Pile up the rows below ``top``.

    ``bands`` gives for each grid row the room its symbols need above and below the centre, ``text`` for each table row
    the height of its text. Lanes between two table rows go where the text leaves the row slack, else half to each.
    """
    groups = _groups(board)
    if not groups:
        return Stack((top,), (), ((),) * len(lanes))
    inner = [_inner(group, lanes, bands, sizes.pitch) for group in groups]
    above, below = _shares(groups, lanes, inner, text, sizes.pitch)
    rules, centres = [top], []
    tracks: list[tuple[float, ...]] = [() for _ in lanes]
    for place, group in enumerate(groups):
        content = inner[place] + (above[place] + below[place]) * sizes.pitch
        height = max(content, text[place])
        begin = rules[-1] + above[place] * sizes.pitch
        found = _centres(
            group, lanes, bands, sizes.pitch, begin, (rules[-1] + rules[-1] + height) / 2, height - content
        )
        for row, centre in zip(group[1:], found[1:], strict=True):
            upper = found[group.index(row) - 1] + bands[row - 1][1]
            tracks[row] = _spread(lanes[row], (upper + centre - bands[row][0]) / 2, sizes.pitch)
        centres.extend(found)
        rules.append(rules[-1] + height)
    for place, row in enumerate([group[0] for group in groups] + [board.rows]):
        over = below[place - 1] if place else 0
        tracks[row] = tuple(rules[place] + (track - over + 0.5) * sizes.pitch for track in range(lanes[row]))
    return Stack(tuple(rules), tuple(centres), tuple(tracks))


def _groups(board: Board) -> list[list[int]]:
    """Grid rows by the table row they lie in."""
    groups: list[list[int]] = []
    for row, band in enumerate(board.printed):
        if groups and board.printed[groups[-1][0]] == band:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _inner(group: Sequence[int], lanes: Sequence[int], bands: Sequence[tuple[float, float]], pitch: float) -> float:
    return sum(sum(bands[row]) for row in group) + pitch * sum(lanes[row] for row in group[1:])


def _shares(
    groups: Sequence[Sequence[int]], lanes: Sequence[int], inner: Sequence[float], text: Sequence[float], pitch: float
) -> tuple[list[int], list[int]]:
    """How many tracks each table row takes at its top and at its bottom."""
    above, below = [0] * len(groups), [0] * len(groups)
    above[0] = lanes[0]
    below[-1] = lanes[-1]

    def slack(place: int) -> float:
        return text[place] - inner[place] - (above[place] + below[place]) * pitch

    for place in range(1, len(groups)):
        for _ in range(lanes[groups[place][0]]):
            over, under = slack(place - 1), slack(place)
            if over > under and (over >= pitch or below[place - 1] < above[place]):
                below[place - 1] += 1
            elif under >= pitch or above[place] <= below[place - 1]:
                above[place] += 1
            else:
                below[place - 1] += 1
    return above, below


def _centres(
    group: Sequence[int],
    lanes: Sequence[int],
    bands: Sequence[tuple[float, float]],
    pitch: float,
    begin: float,
    middle: float,
    slack: float,
) -> list[float]:
    """Centres of the grid rows of one table row: a lone symbol in the middle of the row, several evenly spread."""
    if len(group) == 1:
        up, _ = bands[group[0]]
        return [min(max(middle, begin + up), begin + up + slack)]
    gap = slack / (len(group) + 1)
    found: list[float] = []
    at = begin
    for row in group:
        at += gap + bands[row][0] + (lanes[row] * pitch if found else 0.0)
        found.append(at)
        at += bands[row][1]
    return found


def _spread(count: int, middle: float, pitch: float) -> tuple[float, ...]:
    return tuple(middle + (track - (count - 1) / 2) * pitch for track in range(count))
