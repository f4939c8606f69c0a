"""How large things are drawn at one scale, in points."""

from __future__ import annotations

from dataclasses import dataclass

from tanggap.documents.flowchart.geometry import Measure, Shape

SCALES = (1.0, 0.9, 0.8, 0.72, 0.64, 0.56)
"""Scales to try, the first that leaves room for the text wins; below .8 only symbols and tracks shrink, never text."""

PAD = 3.0
"""Text to rule line."""

_SHAPES = {
    Shape.BOX: (34.0, 17.0),
    Shape.DIAMOND: (36.0, 22.0),
    Shape.CAPSULE: (38.0, 17.0),
    Shape.PENTAGON: (18.0, 18.0),
}


@dataclass(frozen=True, slots=True)
class Sizes:
    """All sizes at ``scale`` for a table of ``columns`` performers."""

    scale: float
    columns: int
    measure: Measure

    @property
    def text(self) -> float:
        """Font size of body and header."""
        return max(7.0, 8.5 * self.scale)

    @property
    def label(self) -> float:
        """Font size of the words on exits."""
        return max(6.5, 7.5 * self.scale)

    @property
    def connector(self) -> float:
        """Font size of the words in and beside connectors and capsules."""
        return max(6.0, 6.5 * self.scale)

    @property
    def pitch(self) -> float:
        """Distance of two tracks."""
        return 6.0 * self.scale

    @property
    def head(self) -> float:
        """Length of an arrowhead."""
        return 5.0 * max(0.7, self.scale)

    @property
    def entry(self) -> float:
        """Straight run that an arrow needs before it enters a symbol."""
        return 8.5 * max(0.75, self.scale)

    @property
    def exit(self) -> float:
        """Straight run after an arrow has left a symbol."""
        return 4.0

    @property
    def shoulder(self) -> float:
        """Distance of a label from its level line; more in narrow columns, where it may then reach over the diamond."""
        return 2.2 if self.columns <= 5 and self.scale == 1 else 5.5 * self.scale

    @property
    def label_width(self) -> float:
        """Labels wrap at this width."""
        return 46.0 if self.columns <= 3 else 38.0 if self.columns <= 5 else 30.0

    def symbol(self, shape: Shape, text: str = "") -> tuple[float, float]:
        """Half width and half height; a capsule is never narrower than its word."""
        width, height = _SHAPES[shape]
        inner = self.measure(text, self.connector) + 10.0 if text else 0.0
        return max(width * self.scale, inner) / 2, height * self.scale / 2

    def slot(self, place: int, of: int, *, upright: bool) -> float:
        """Distance of a slot from the centre line; slots stay within the smallest symbol."""
        wish, room = (6.0, 18.0) if upright else (5.0, 17.0)
        step = min(wish * self.scale, (room * self.scale - 3.0) / max(1, of - 1))
        return (place - (of - 1) / 2) * step
