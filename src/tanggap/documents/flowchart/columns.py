"""How wide each column of the table is: performers as their drawing needs, the text shares what is left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tanggap.documents.flowchart.geometry import Measure, Paper
from tanggap.documents.flowchart.measure import widest_word
from tanggap.documents.flowchart.sizes import PAD, Sizes

SHARE = 0.58
"""Performers are made equally wide if that takes no more than this part of the room."""
COMFORT, WIDEST = 0.44, 96.0
"""With room to spare performers take this part of it, but none gets wider than this for it."""
TIME_WIDEST = 46.0
_TEXT = ("what", "needs", "output", "note")
_LEAST = {1.0: 262.0, 0.9: 232.0, 0.8: 204.0}
_LEAST_AT_ALL = 176.0
_NARROWEST = {"what": 62.0, "needs": 40.0, "output": 40.0, "note": 30.0}


@dataclass(frozen=True, slots=True)
class Widths:
    """Widths in points: the performers', and the others' by the name of their column."""

    performers: tuple[float, ...]
    others: Mapping[str, float]

    def edges(self, left: float) -> dict[str, tuple[float, float]]:
        """Column name (performers: "0", "1", ...) to its left and right edge, the table beginning at ``left``."""
        order = [("no", self.others["no"]), ("what", self.others["what"])]
        order += [(str(number), width) for number, width in enumerate(self.performers)]
        order += [(name, self.others[name]) for name in ("needs", "time", "output", "note")]
        found, at = {}, left
        for name, width in order:
            found[name] = (at, at + width)
            at += width
        return found

    @property
    def total(self) -> float:
        """Width of the table."""
        return sum(self.performers) + sum(self.others.values())


@dataclass(frozen=True, slots=True)
class Content:
    """The texts of the table by column, rows in order, and the captions."""

    cells: Mapping[str, Sequence[str]]
    captions: Mapping[str, str]


def least_text(scale: float, content: Content) -> float:
    """Width that the text columns should have together at ``scale``."""
    notes = 60.0 if any(content.cells["note"]) else 0.0
    return _LEAST.get(scale, _LEAST_AT_ALL) + notes


def variants(needed: Sequence[float], content: Content, paper: Paper, sizes: Sizes) -> Iterator[Widths]:
    """Tables to try, the handsome ones first: performers roomy and equal, equal, levelled up, and just as needed."""
    fixed = _fixed(content, sizes)
    room = paper.width - 2 * paper.margin - sum(fixed.values())
    text = least_text(sizes.scale, content)
    count = len(needed)
    comfortable = min(COMFORT * room / count, WIDEST)
    seen: set[tuple[float, ...]] = set()
    for performers in (
        [max(*needed, comfortable)] * count,
        [max(needed)] * count,
        _levelled(needed, SHARE * room),
        list(needed),
    ):
        total = sum(performers)
        tried = tuple(performers)
        if tried in seen or (total > SHARE * room and tried != tuple(needed)):
            continue
        seen.add(tried)
        if room - total >= text or tried == tuple(needed):
            yield Widths(tried, {**fixed, **_shared(room - total, content, sizes)})


def enough(widths: Widths, content: Content, sizes: Sizes) -> bool:
    """True when the text columns have the room they should have at this scale."""
    return (
        sum(widths.others[name] for name in _TEXT if name in widths.others) >= least_text(sizes.scale, content) - 0.01
    )


def _levelled(needed: Sequence[float], room: float) -> list[float]:
    """Raise the narrowest columns until ``room`` is used or all are equal."""
    widths = list(needed)
    if sum(widths) >= room:
        return widths
    low, high = min(widths), max(widths)
    for _ in range(40):
        level = (low + high) / 2
        if sum(max(width, level) for width in widths) <= room:
            low = level
        else:
            high = level
    return [max(width, low) for width in widths]


def _fixed(content: Content, sizes: Sizes) -> dict[str, float]:
    """No and Waktu as wide as their longest value."""
    size, measure = sizes.text, sizes.measure
    number = max((measure(cell, size) for cell in content.cells["no"]), default=0.0)
    time = max((measure(cell, size) for cell in content.cells["time"]), default=0.0)
    caption = widest_word(content.captions["time"], size, measure, bold=True)
    head = widest_word(content.captions["no"], size, measure, bold=True)
    return {
        "no": max(18.0, min(40.0, number) + 2 * PAD, head + 2 * PAD),
        "time": max(min(time, TIME_WIDEST), caption) + 2 * PAD,
    }


def _shared(room: float, content: Content, sizes: Sizes) -> dict[str, float]:
    """Kegiatan, Kelengkapan, Output (and Keterangan if it says anything) share by the root of their amount of text."""
    size, measure = sizes.text, sizes.measure
    least = {name: _floor(name, content, size, measure) for name in _TEXT}
    amount = {name: sum(measure(cell, size) for cell in content.cells[name]) for name in _TEXT}
    widths: dict[str, float] = {}
    if not amount["note"]:
        widths["note"] = least["note"]
    room = max(room, sum(least.values())) - sum(widths.values())
    open_names = [name for name in _TEXT if name not in widths]
    while open_names:
        weight = sum(max(amount[name], 1.0) ** 0.5 for name in open_names)
        wish = {name: room * max(amount[name], 1.0) ** 0.5 / weight for name in open_names}
        short = [name for name in open_names if wish[name] < least[name]]
        for name in short or open_names:
            widths[name] = least[name] if short else wish[name]
            room -= widths[name]
            open_names.remove(name) if short else None
        if not short:
            break
    return widths


def _floor(name: str, content: Content, size: float, measure: Measure) -> float:
    """Below this a column cuts its caption or ordinary words."""
    caption = widest_word(content.captions[name], size, measure, bold=True)
    word = max((widest_word(cell, size, measure) for cell in content.cells[name]), default=0.0)
    return max(_NARROWEST[name], caption + 2 * PAD, min(word, 78.0) + 2 * PAD)
