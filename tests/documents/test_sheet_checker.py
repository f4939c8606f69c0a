"""The checker of drawings sees damage: whatever is moved, dropped or laid over something else is reported."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from sheet_checker import problems
from sheet_procedures import random_procedure
from tanggap.documents.flowchart.chart import columns_of
from tanggap.documents.flowchart.geometry import PAPERS, Geometry, Label, Page, Point
from tanggap.documents.flowchart.layout import layout
from tanggap.documents.flowchart.measure import source_sans
from tanggap.documents.flowchart.sop_drawing import sheet_of
from tanggap.sop.model import Procedure, Role
from tanggap.sop.seeds import names, seed

Damage = Callable[[Page, random.Random], Page | None]
Sheet = tuple[Geometry, Procedure, tuple[Role, ...]]


def sheets() -> list[Sheet]:
    found: list[Sheet] = []
    for name in names():
        sop = seed(name)
        found += [(sheet_of(sop, p, "a4"), p, columns_of(sop, p)) for p in sop.procedures]
    for number in (1, 6, 11):
        procedure, roles = random_procedure(number)
        found.append((layout(procedure, roles, PAPERS["f4"], source_sans), procedure, roles))
    return found


SHEETS = sheets()


def end_moved(page: Page, rng: random.Random) -> Page | None:
    """An arrow's end pulled off its target, along its last run."""
    place = rng.randrange(len(page.arrows))
    arrow = page.arrows[place]
    (x1, y1), (x2, y2) = arrow.points[-2:]
    end = (x2 + (x1 - x2) * 0.4, y2 + (y1 - y2) * 0.4)
    points = (*arrow.points[:-1], end)
    return _with_arrow(page, place, points=points, drawn=points[: len(arrow.drawn)])


def start_moved(page: Page, rng: random.Random) -> Page | None:
    """An arrow that starts inside its source."""
    place = rng.randrange(len(page.arrows))
    arrow = page.arrows[place]
    source = page.symbols[arrow.source]
    first = (source.x, arrow.points[0][1]) if _level(*arrow.points[:2]) else (arrow.points[0][0], source.y)
    points = (first, *arrow.points[1:])
    return _with_arrow(page, place, points=points, drawn=points[: len(arrow.drawn)])


def symbol_moved(page: Page, rng: random.Random) -> Page | None:
    """A symbol that has slipped, its arrows staying."""
    place = rng.randrange(len(page.symbols))
    symbol = page.symbols[place]
    alone = sum(other.column == symbol.column for other in page.symbols) == 1
    # sideways nobody can tell for a symbol that is alone in its column and entered from above
    ways = [(0.0, 6.0), (0.0, -6.0)] + ([] if alone else [(7.0, 0.0), (-7.0, 0.0)])
    dx, dy = rng.choice(ways)
    moved = replace(symbol, x=symbol.x + dx, y=symbol.y + dy)
    return replace(page, symbols=(*page.symbols[:place], moved, *page.symbols[place + 1 :]))


def label_on_symbol(page: Page, rng: random.Random) -> Page | None:
    """A label pushed onto its own symbol."""
    labelled = [place for place, arrow in enumerate(page.arrows) if arrow.label]
    if not labelled:
        return None
    place = rng.choice(labelled)
    label, symbol = page.arrows[place].label, page.symbols[page.arrows[place].source]
    assert label is not None
    left, top, right, bottom = label.box
    dx, dy = symbol.x - (left + right) / 2, symbol.y - (top + bottom) / 2
    lines = tuple(replace(line, x=line.x + dx, y=line.y + dy) for line in label.lines)
    return _with_arrow(page, place, label=Label((left + dx, top + dy, right + dx, bottom + dy), lines))


def arrow_dropped(page: Page, rng: random.Random) -> Page | None:
    """An exit that is not drawn."""
    place = rng.randrange(len(page.arrows))
    if page.symbols[page.arrows[place].source].node < 0:
        return None  # the way from Mulai is no exit of the procedure
    return replace(page, arrows=(*page.arrows[:place], *page.arrows[place + 1 :]))


def arrow_doubled(page: Page, rng: random.Random) -> Page | None:
    """An exit drawn twice."""
    arrow = rng.choice(page.arrows)
    return None if page.symbols[arrow.source].node < 0 else replace(page, arrows=(*page.arrows, arrow))


def laid_on_another(page: Page, rng: random.Random) -> Page | None:
    """The middle of an arrow laid over a symbol it has nothing to do with."""
    place = rng.randrange(len(page.arrows))
    arrow = page.arrows[place]
    others = [s for number, s in enumerate(page.symbols) if number not in (arrow.source, arrow.target)]
    if not others:
        return None
    symbol = rng.choice(others)
    x, y = symbol.x, symbol.y
    start, end = arrow.points[0], arrow.points[-1]
    points = (start, (x, start[1]), (x, y), (end[0], y), end)
    return _with_arrow(page, place, points=points, drawn=points)


def row_text_widened(page: Page, rng: random.Random) -> Page | None:
    """Words that run over their cell."""
    filled = [place for place, cell in enumerate(page.cells) if cell.lines]
    place = rng.choice(filled)
    cell = page.cells[place]
    wide = replace(cell.lines[0], width=cell.box[2] - cell.box[0] + 3)
    return replace(
        page,
        cells=(*page.cells[:place], replace(cell, lines=(wide, *cell.lines[1:])), *page.cells[place + 1 :]),
    )


def connector_renumbered(page: Page, rng: random.Random) -> Page | None:
    """A connector with a number nobody else has."""
    marks = [place for place, symbol in enumerate(page.symbols) if symbol.number]
    if not marks:
        return None
    place = rng.choice(marks)
    moved = replace(page.symbols[place], number=99)
    return replace(page, symbols=(*page.symbols[:place], moved, *page.symbols[place + 1 :]))


def _with_arrow(page: Page, place: int, **changes: object) -> Page:
    changed = replace(page.arrows[place], **changes)  # type: ignore[arg-type]
    return replace(page, arrows=(*page.arrows[:place], changed, *page.arrows[place + 1 :]))


def _level(a: Point, b: Point) -> bool:
    return abs(a[1] - b[1]) < 0.01


DAMAGES: tuple[Damage, ...] = (
    end_moved,
    start_moved,
    symbol_moved,
    label_on_symbol,
    arrow_dropped,
    arrow_doubled,
    laid_on_another,
    row_text_widened,
    connector_renumbered,
)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_damage_is_reported(damage: Damage) -> None:
    tried = 0
    for number, (geometry, procedure, roles) in enumerate(SHEETS):
        rng = random.Random(number)
        for place, page in enumerate(geometry.pages):
            for _ in range(4):
                broken = damage(page, rng)
                if broken is None:
                    continue
                tried += 1
                pages = (*geometry.pages[:place], broken, *geometry.pages[place + 1 :])
                assert problems(replace(geometry, pages=pages), procedure, roles), f"sheet {number}, page {place + 1}"
    assert tried >= 4


def test_sheets_that_nobody_damaged_are_clean() -> None:
    assert [problems(*sheet) for sheet in SHEETS] == [[] for _ in SHEETS]
