"""What is decided about a drawing before it has points: the plan of each sheet, and the sketch of them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tanggap.documents.flowchart.board import Board
from tanggap.documents.flowchart.columns import Content, Widths
from tanggap.documents.flowchart.geometry import Paper
from tanggap.documents.flowchart.labels import Around, around, ports
from tanggap.documents.flowchart.pages import Numbering, Span
from tanggap.documents.flowchart.patterns import Route
from tanggap.documents.flowchart.rows import Stack, stack
from tanggap.documents.flowchart.sizes import PAD, Sizes
from tanggap.documents.flowchart.tracks import Tracks

TITLE_ROOM = 16.0
"""Room above the table for the title, on paper."""


@dataclass(frozen=True)
class Plan:
    """What one sheet holds, before sizes."""

    board: Board
    routes: tuple[Route, ...]
    tracks: Tracks


@dataclass(frozen=True)
class Sketch:
    """Everything decided but the points."""

    paper: Paper
    content: Content
    sizes: Sizes
    widths: Widths
    spans: Sequence[Span]
    numbering: Numbering
    plans: Sequence[Plan]
    surroundings: Sequence[Mapping[tuple[int, int], Around]]
    stacks: Sequence[Stack]
    cells: Mapping[str, Sequence[tuple[str, ...]]]
    heads: Mapping[str, tuple[str, ...]]
    head_heights: tuple[float, float]


def surroundings(plan: Plan, sizes: Sizes, numbers: Numbering | None = None) -> dict[tuple[int, int], Around]:
    """(spot, column) to the symbol's labels and the room they need; connectors have their words once numbered."""
    ends = ports(plan.board, plan.routes, plan.tracks, sizes)
    found = {}
    for number, spot in enumerate(plan.board.spots):
        note = ""
        if spot.connection is not None and numbers is not None:
            places = ", ".join(str(page) for page in numbers.pages(spot.connection))
            note = f"{'ke' if spot.connection.outgoing else 'dari'}\nhal. {places}"
        for column in spot.columns:
            found[number, column] = around(spot, ends.get((number, column), []), sizes, note)
    return found


def piled(plan: Plan, near: Mapping[tuple[int, int], Around], text: Sequence[float], sizes: Sizes, top: float) -> Stack:
    """The rows of one sheet below ``top``; ``text`` is the height of each printed row's text."""
    bands = [[PAD, PAD] for _ in plan.board.printed]
    for (number, _), beside in near.items():
        band = bands[plan.board.spots[number].row]
        band[0], band[1] = max(band[0], beside.up), max(band[1], beside.down)
    for line, off in _slots(plan, sizes, upright=False):
        band = bands[line]
        band[0], band[1] = max(band[0], off), max(band[1], off)
    return stack(plan.board, plan.tracks.lanes, [(up, down) for up, down in bands], text, sizes, top)


def _slots(plan: Plan, sizes: Sizes, *, upright: bool) -> list[tuple[int, float]]:
    """(row or column, room beside its centre) for every track on a centre line."""
    return [
        (track.line // 2, abs(sizes.slot(track.place, track.of, upright=upright)) + PAD)
        for tracks in plan.tracks.ways
        for track in tracks
        if track.upright is upright and track.line % 2
    ]


def needs(plan: Plan, near: Mapping[tuple[int, int], Around], sizes: Sizes) -> list[float]:
    """Width that each performer's column needs on one sheet."""
    shares = gutter_shares(plan.tracks.gutters)
    sides = insides(plan, near, sizes)
    return [left + right + sum(shares[column]) * sizes.pitch for column, (left, right) in enumerate(sides)]


def insides(plan: Plan, near: Mapping[tuple[int, int], Around], sizes: Sizes) -> list[tuple[float, float]]:
    """For each column what its symbols and labels need left and right of its centre line."""
    sides = [[PAD, PAD] for _ in range(plan.board.columns)]
    for (_, column), beside in near.items():
        side = sides[column]
        side[0], side[1] = max(side[0], beside.left), max(side[1], beside.right)
    for line, off in _slots(plan, sizes, upright=True):
        side = sides[line]
        side[0], side[1] = max(side[0], off), max(side[1], off)
    return [(left, right) for left, right in sides]


def gutter_shares(gutters: Sequence[int]) -> list[tuple[int, int]]:
    """For each column the tracks that lie inside its left and its right edge; outer gutters lie wholly inside."""
    last = len(gutters) - 2
    return [
        (gutters[column] - (gutters[column] // 2 if column else 0), gutters[column + 1] // (2 if column < last else 1))
        for column in range(last + 1)
    ]
