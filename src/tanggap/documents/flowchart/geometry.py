"""What a drawn sheet is made of: plain values in points, y downward. Renderers decide nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""left, top, right, bottom"""

LINE_PITCH = 1.18
"""Distance between two base lines, in font sizes."""
ASCENT = 0.86
"""Base line below the top of a line, in font sizes: the line's own height plus half the leading."""


class Measure(Protocol):
    """Text measurement: the width of ``text`` at ``size``, in points."""

    def __call__(self, text: str, size: float, *, bold: bool = False) -> float: ...


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of sheet, in points. ``height`` is ``None`` when the sheet grows with its content (web)."""

    name: str
    width: float
    height: float | None
    margin: float = 34.0


PAPERS = {
    "a4": Paper("a4", 841.89, 595.28),
    "f4": Paper("f4", 935.43, 609.45),
    "web": Paper("web", 900.0, None, margin=2.0),
}
"""A4 and F4 (330 x 215 mm) lie on their side."""


class Shape(StrEnum):
    """The symbols of the regulation; the fifth one is the arrow."""

    CAPSULE = "capsule"
    BOX = "box"
    DIAMOND = "diamond"
    PENTAGON = "pentagon"


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; ``x`` belongs to ``anchor`` (start, middle, end), ``y`` is the base line."""

    x: float
    y: float
    text: str
    size: float
    width: float
    bold: bool = False
    anchor: str = "start"

    @property
    def left(self) -> float:
        """The left end of the line."""
        return self.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor] * self.width


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight ruled line of the table."""

    x1: float
    y1: float
    x2: float
    y2: float
    thick: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the table. ``row`` is the step's place on the sheet, -1 in the header; ``column`` says which."""

    box: Box
    column: str
    row: int
    lines: tuple[Text, ...] = ()
    shaded: bool = False


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol about its centre. ``node`` is the step's number (0 ..), -1 Mulai, or one past the last: Selesai.

    A connector has a ``number`` and, in ``pages``, where it leads (``outgoing``) or where it comes from.
    """

    shape: Shape
    x: float
    y: float
    width: float
    height: float
    node: int
    column: int
    row: int
    lines: tuple[Text, ...] = ()
    sentence: str = ""
    number: int = 0
    outgoing: bool = False
    pages: tuple[int, ...] = ()
    note: tuple[Text, ...] = ()

    @property
    def outline(self) -> tuple[Point, ...]:
        """The corners, clockwise from the top left; of a capsule those of the box round it."""
        half, tall = self.width / 2, self.height / 2
        return tuple((self.x + dx, self.y + dy) for dx, dy in _corners(self.shape, half, tall))


def _corners(shape: Shape, half: float, tall: float) -> tuple[Point, ...]:
    if shape is Shape.DIAMOND:
        return ((0.0, -tall), (half, 0.0), (0.0, tall), (-half, 0.0))
    if shape is Shape.PENTAGON:
        return ((-half, -tall), (half, -tall), (half, tall / 3), (0.0, tall), (-half, tall / 3))
    return ((-half, -tall), (half, -tall), (half, tall), (-half, tall))


def reach_down(shape: Shape, half: float, tall: float, dx: float) -> float:
    """Distance from the centre line down to the outline at ``dx`` beside the centre."""
    aside = min(abs(dx), half)
    if shape is Shape.DIAMOND:
        return tall * (1 - aside / half)
    if shape is Shape.PENTAGON:
        return tall - (tall - tall / 3) * aside / half
    if shape is Shape.CAPSULE and aside > half - tall:
        return float((tall**2 - (aside - half + tall) ** 2) ** 0.5)
    return tall


def reach_up(shape: Shape, half: float, tall: float, dx: float) -> float:
    """Distance from the centre line up to the outline at ``dx`` beside the centre."""
    return tall if shape is Shape.PENTAGON else reach_down(shape, half, tall, dx)


def reach_side(shape: Shape, half: float, tall: float, dy: float) -> float:
    """Distance from the centre sideways to the outline at ``dy`` below (or above) the centre."""
    off = min(abs(dy), tall)
    if shape is Shape.DIAMOND:
        return half * (1 - off / tall)
    if shape is Shape.PENTAGON and dy > tall / 3:
        return half * (tall - off) / (tall - tall / 3)
    if shape is Shape.CAPSULE:
        return half - tall + float((tall**2 - off**2) ** 0.5)
    return half


@dataclass(frozen=True, slots=True)
class Label:
    """The words on an exit, inside ``box``."""

    box: Box
    lines: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Arrow:
    """A way from one symbol to another.

    ``points`` is the whole way, outline to outline. ``drawn`` is the part to draw: an arrow that meets another one to
    the same target ends there, with its head on the line it joins. ``source`` and ``target`` are places in
    ``Page.symbols``; ``exit`` is (source node, target node) in the procedure.
    """

    points: tuple[Point, ...]
    drawn: tuple[Point, ...]
    source: int
    target: int
    exit: tuple[int, int]
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet. ``rows`` are the numbers of the steps printed on it; ``pool`` is the box of the Pelaksana columns."""

    number: int
    count: int
    width: float
    height: float
    texts: tuple[Text, ...] = ()
    rules: tuple[Rule, ...] = ()
    cells: tuple[Cell, ...] = ()
    symbols: tuple[Symbol, ...] = ()
    joints: tuple[tuple[Point, Point], ...] = ()
    arrows: tuple[Arrow, ...] = ()
    rows: range = field(default_factory=lambda: range(0))
    pool: Box = (0.0, 0.0, 0.0, 0.0)
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Geometry:
    """All sheets of one drawing, and the scale its symbols were drawn at."""

    paper: Paper
    pages: tuple[Page, ...]
    scale: float = 1.0
    head: float = 5.0
