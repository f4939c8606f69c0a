"""Looks at the geometry of a drawn sheet alone, as a reader with a ruler would, and says what is wrong with it.

It knows nothing of tracks, gutters or prices: only points, the procedure, and the rules of the official form.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from tanggap.documents.flowchart.geometry import Arrow, Box, Cell, Geometry, Page, Point, Shape, Symbol, Text
from tanggap.sop.flow import Flow
from tanggap.sop.model import CLOSE, END, Procedure, Role

Polygon = Sequence[Point]
CLOSE_BY, TOUCH = 1.5, 0.3


def problems(geometry: Geometry, procedure: Procedure, roles: Sequence[Role]) -> list[str]:
    """Everything wrong with ``geometry`` as a drawing of ``procedure``, each with its page and arrow."""
    found: list[str] = []
    for page in geometry.pages:
        for check in (_segments, _ends, _blocked, _apart, _labels, _symbols, _joined, _texts):
            found += [f"halaman {page.number}: {text}" for text in check(page, geometry)]
        found += [f"halaman {page.number}: {text}" for text in _performers(page, procedure, roles)]
    return found + list(_exits(geometry, procedure)) + list(_connectors(geometry))


def crossings(geometry: Geometry) -> int:
    """How often drawn arrows cross each other."""
    count = 0
    for page in geometry.pages:
        for a, b in combinations(page.arrows, 2):
            for one in pairwise(a.drawn):
                count += sum(_cross(one, other) for other in pairwise(b.drawn))
    return count


def bends(geometry: Geometry) -> int:
    """Corners of all arrows, from outline to outline."""
    return sum(len(arrow.points) - 2 for page in geometry.pages for arrow in page.arrows)


# 1 segments ------------------------------------------------------------------------------------------------------


def _segments(page: Page, _: Geometry) -> Iterator[str]:
    left, top, right, bottom = page.pool
    for name, arrow in _named(page):
        for (x1, y1), (x2, y2) in pairwise(arrow.points):
            if abs(x1 - x2) > 0.01 and abs(y1 - y2) > 0.01:
                yield f"{name} runs aslant"
            if not (left < min(x1, x2) and max(x1, x2) < right and top < min(y1, y2) and max(y1, y2) < bottom):
                yield f"{name} leaves Pelaksana"
            for rule in page.rules:
                if _along(((x1, y1), (x2, y2)), ((rule.x1, rule.y1), (rule.x2, rule.y2)), 1.0):
                    yield f"{name} runs on a rule"


def _along(a: tuple[Point, Point], b: tuple[Point, Point], near: float) -> bool:
    """Two straight lines that run the same way, closer than ``near``, over some length."""
    for across, along in ((0, 1), (1, 0)):
        if abs(a[0][across] - a[1][across]) < 0.01 and abs(b[0][across] - b[1][across]) < 0.01:
            low = max(min(a[0][along], a[1][along]), min(b[0][along], b[1][along]))
            high = min(max(a[0][along], a[1][along]), max(b[0][along], b[1][along]))
            if abs(a[0][across] - b[0][across]) < near and high - low > 0.05:
                return True
    return False


# 2 ends ----------------------------------------------------------------------------------------------------------


def _ends(page: Page, geometry: Geometry) -> Iterator[str]:
    for name, arrow in _named(page):
        source, target = page.symbols[arrow.source], page.symbols[arrow.target]
        if _distance_to_outline(arrow.points[0], _outline(source)) > 0.05:
            yield f"{name} does not start at its source"
        if _distance_to_outline(arrow.points[-1], _outline(target)) > 0.05:
            yield f"{name} does not end at its target"
        if arrow.drawn != arrow.points[: len(arrow.drawn)] or len(arrow.drawn) < 2:
            yield f"{name} is not drawn along its way"
        if math.dist(*arrow.drawn[-2:]) < geometry.head + 1 - 0.01:
            yield f"{name} has too short a last run"
        if len(arrow.drawn) < len(arrow.points) and not _joins(arrow, page):
            yield f"{name} ends in nothing"


def _joins(arrow: Arrow, page: Page) -> bool:
    """The drawn end lies on the drawn line of another arrow to the same target."""
    aim = _aim(page, arrow)
    others = [other for other in page.arrows if other is not arrow and _aim(page, other) == aim]
    return any(_on(arrow.drawn[-1], line) for other in others for line in pairwise(other.drawn))


def _aim(page: Page, arrow: Arrow) -> tuple[int, int, bool, int]:
    target = page.symbols[arrow.target]
    return target.node, target.number, target.outgoing, target.row


def _on(point: Point, line: tuple[Point, Point]) -> bool:
    (x1, y1), (x2, y2) = line
    x, y = point
    inside = min(x1, x2) - 0.05 <= x <= max(x1, x2) + 0.05 and min(y1, y2) - 0.05 <= y <= max(y1, y2) + 0.05
    return inside and (abs(x1 - x2) < 0.05 or abs(y1 - y2) < 0.05)


# 3 nothing in the way --------------------------------------------------------------------------------------------


def _blocked(page: Page, _: Geometry) -> Iterator[str]:
    symbols = [_shrunk(_outline(symbol)) for symbol in page.symbols]
    words = [_inset(box) for box in _word_boxes(page)]
    for name, arrow in _named(page):
        for line in pairwise(arrow.points):
            if any(_enters(line, symbol) for symbol in symbols):
                yield f"{name} enters a symbol"
            if any(_enters(line, box) for box in words):
                yield f"{name} strikes out words"
            if any(_along(line, joint, CLOSE_BY) for joint in page.joints):
                yield f"{name} runs on the line that joins performers"
    for begin, end in page.joints:
        if any(_enters((begin, end), symbol) for symbol in symbols):
            yield "a joining line enters a symbol"


def _word_boxes(page: Page) -> list[Box]:
    boxes = [arrow.label.box for arrow in page.arrows if arrow.label]
    return boxes + [_text_box(symbol.note) for symbol in page.symbols if symbol.note]


def _text_box(lines: Sequence[Text]) -> Box:
    left = min(line.left for line in lines)
    right = max(line.left + line.width for line in lines)
    return left, lines[0].y - 0.7 * lines[0].size, right, lines[-1].y + 0.22 * lines[-1].size


# 4 apart ---------------------------------------------------------------------------------------------------------


def _apart(page: Page, _: Geometry) -> Iterator[str]:
    for (name, a), (other, b) in combinations(_named(page), 2):
        same = _aim(page, a) == _aim(page, b)
        for one in pairwise(a.drawn):
            for two in pairwise(b.drawn):
                if _along(one, two, CLOSE_BY) and not (same and _same_way(one, two)):
                    yield f"{name} and {other} lie on each other"
                if not same and _touches(one, two):
                    yield f"{name} and {other} touch"


def _same_way(a: tuple[Point, Point], b: tuple[Point, Point]) -> bool:
    return (a[1][0] - a[0][0]) * (b[1][0] - b[0][0]) + (a[1][1] - a[0][1]) * (b[1][1] - b[0][1]) > 0


def _touches(a: tuple[Point, Point], b: tuple[Point, Point]) -> bool:
    """They meet at right angles, but not as a clean crossing: an end of one lies on, or within .5 of, the other."""
    if _upright(a) == _upright(b):
        return False
    level, upright = (b, a) if _upright(a) else (a, b)
    x, y = upright[0][0], level[0][1]
    low_x, high_x = sorted((level[0][0], level[1][0]))
    low_y, high_y = sorted((upright[0][1], upright[1][1]))
    near = low_x - 0.5 < x < high_x + 0.5 and low_y - 0.5 < y < high_y + 0.5
    clean = low_x + 0.5 <= x <= high_x - 0.5 and low_y + 0.5 <= y <= high_y - 0.5
    return near and not clean


def _upright(line: tuple[Point, Point]) -> bool:
    return abs(line[0][0] - line[1][0]) < 0.01


def _cross(a: tuple[Point, Point], b: tuple[Point, Point]) -> bool:
    if _upright(a) == _upright(b):
        return False
    level, upright = (b, a) if _upright(a) else (a, b)
    x, y = upright[0][0], level[0][1]
    low_x, high_x = sorted((level[0][0], level[1][0]))
    low_y, high_y = sorted((upright[0][1], upright[1][1]))
    return low_x + 0.1 < x < high_x - 0.1 and low_y + 0.1 < y < high_y - 0.1


# 5 labels --------------------------------------------------------------------------------------------------------


def _labels(page: Page, _: Geometry) -> Iterator[str]:
    boxes = _word_boxes(page)
    for a, b in combinations(boxes, 2):
        if _overlap(a, b):
            yield "labels lie on each other"
    for name, arrow in _named(page):
        if arrow.label is None:
            continue
        symbol = page.symbols[arrow.source]
        cell = _cell(page, symbol)
        if cell is None or not _within(arrow.label.box, cell.box):
            yield f"the label of {name} leaves its cell"
        if any(_clipped(_outline(other), _inset(arrow.label.box)) for other in page.symbols):
            yield f"the label of {name} lies on a symbol"
        own = _box_distance(arrow.points[0], arrow.label.box)
        if own > 14:
            yield f"the label of {name} is far from its exit"
        others = [other for other in page.arrows if other.source == arrow.source and other is not arrow]
        # with more than three exits no side is left that could keep the words apart
        if len(others) < 3 and any(_box_distance(other.points[0], arrow.label.box) <= own for other in others):
            yield f"the label of {name} is nearer to another exit"
        if not _within(_text_box(arrow.label.lines), _grown(arrow.label.box, 0.6)):
            yield f"the words of {name} leave their label"


# 6 symbols -------------------------------------------------------------------------------------------------------


def _symbols(page: Page, _: Geometry) -> Iterator[str]:
    for symbol in page.symbols:
        cell = _cell(page, symbol)
        box = _bounds(_outline(symbol))
        if cell is None or not _within(box, cell.box):
            yield f"the symbol of row {symbol.node} leaves its cell"
        if symbol.note and (cell is None or not _within(_text_box(symbol.note), cell.box)):
            yield f"the words of connector {symbol.number} leave their cell"
    for a, b in combinations(page.symbols, 2):
        if a.column == b.column and abs(a.x - b.x) > 0.01:
            yield "the symbols of a column do not stand below each other"
        if _overlap(_bounds(_outline(a)), _bounds(_outline(b))):
            yield "symbols lie on each other"


def _performers(page: Page, procedure: Procedure, roles: Sequence[Role]) -> Iterator[str]:
    place = {role.id: number for number, role in enumerate(roles)}
    for row in page.rows:
        wanted = {place[who] for who in procedure.steps[row].who if who in place}
        drawn = [symbol.column for symbol in page.symbols if symbol.node == row and not symbol.number]
        if len(drawn) != len(set(drawn)) or (wanted and set(drawn) != wanted) or not drawn:
            yield f"row {row} has symbols in columns {drawn} instead of {sorted(wanted)}"


def _joined(page: Page, _: Geometry) -> Iterator[str]:
    """Joint performers' symbols stand side by side, each joined to the next from side to side, and nothing else is."""
    wanted = set()
    for row in page.rows:
        beside = sorted((s for s in page.symbols if s.node == row and not s.number), key=lambda symbol: symbol.x)
        for a, b in pairwise(beside):
            ends = (a.x + a.width / 2, a.y, b.x - b.width / 2, b.y)
            wanted.add(tuple(round(end, 2) for end in ends))
            if abs(a.y - b.y) > 0.01:
                yield f"the performers of row {row} do not stand side by side"
    drawn = {tuple(round(end, 2) for end in (*begin, *end_)) for begin, end_ in page.joints}
    if drawn != wanted:
        yield f"joining lines are drawn {sorted(drawn)}, expected {sorted(wanted)}"


def _cell(page: Page, symbol: Symbol) -> Cell | None:
    column = str(symbol.column)
    return next((cell for cell in page.cells if cell.row == symbol.row and cell.column == column), None)


# 7 exits and connectors ------------------------------------------------------------------------------------------


def expected_exits(procedure: Procedure) -> set[tuple[int, int]]:
    """(row, row) of every exit of the procedure; past the last row stands for Selesai where that is drawn."""
    flow = Flow(procedure)
    printed = [flow.order[step.id] for step in procedure.steps if step.terminator]
    ending = [step.id for step in procedure.steps if not step.terminator and {END, CLOSE} & set(flow.targets(step.id))]
    alone = len(ending) == 1 and set(flow.targets(ending[0])) <= {END, CLOSE} and not procedure.step(ending[0]).choices
    found = set()
    for step in procedure.steps:
        for target in () if step.terminator else flow.targets(step.id):
            if target not in (END, CLOSE):
                found.add((flow.order[step.id], flow.order[target]))
            elif printed:
                found.add((flow.order[step.id], printed[-1]))
            elif not alone:
                found.add((flow.order[step.id], len(procedure.steps)))
    return found


def _exits(geometry: Geometry, procedure: Procedure) -> Iterator[str]:
    pages: dict[int, Page] = {row: page for page in geometry.pages for row in page.rows}
    pages[len(procedure.steps)] = geometry.pages[-1]
    expected = expected_exits(procedure)
    direct = Counter[tuple[int, int]]()
    out = Counter[tuple[int, int]]()
    into = Counter[tuple[int, bool]]()
    for page in geometry.pages:
        for arrow in page.arrows:
            source, target = page.symbols[arrow.source], page.symbols[arrow.target]
            if source.number:
                into[target.node, arrow.exit[0] < target.node] += 1
            elif target.number:
                out[source.node, target.node] += 1
            elif source.node >= 0:
                direct[source.node, target.node] += 1
    stay = {exit for exit in expected if pages[exit[0]] is pages[exit[1]]}
    leave = expected - stay
    if direct != Counter(stay):
        yield f"exits on one page differ: drawn {sorted(direct.elements())}, expected {sorted(stay)}"
    if out != Counter(leave):
        yield f"exits to connectors differ: drawn {sorted(out.elements())}, expected {sorted(leave)}"
    starts = {(target, forward): 1 for target, forward in into if (target, forward) not in _through(leave)}
    if into != Counter(dict.fromkeys(_through(leave), 1)) + Counter(starts):
        yield f"arrows from connectors differ: {into} for {sorted(leave)}"


def _through(exits: set[tuple[int, int]]) -> set[tuple[int, bool]]:
    return {(target, source < target) for source, target in exits}


def _connectors(geometry: Geometry) -> Iterator[str]:
    placed = [(page, symbol) for page in geometry.pages for symbol in page.symbols if symbol.number]
    for number in {symbol.number for _, symbol in placed}:
        outs = [page.number for page, symbol in placed if symbol.number == number and symbol.outgoing]
        entries = [(page, symbol) for page, symbol in placed if symbol.number == number and not symbol.outgoing]
        if len(entries) != 1 or len(outs) != len(set(outs)) or not outs:
            yield f"connector {number} has {len(entries)} entries and exits on {outs}"
            continue
        page, entry = entries[0]
        if sorted(entry.pages) != sorted(outs):
            yield f"connector {number} comes from {entry.pages}, drawn on {outs}"
        if any(symbol.pages != (page.number,) for _, symbol in placed if symbol.number == number and symbol.outgoing):
            yield f"connector {number} leads elsewhere than to page {page.number}"
    for page, symbol in placed:
        place = page.symbols.index(symbol)
        if not any(place == (arrow.target if symbol.outgoing else arrow.source) for arrow in page.arrows):
            yield f"connector {symbol.number} on page {page.number} has no arrow"


# 8 texts ---------------------------------------------------------------------------------------------------------


def _texts(page: Page, geometry: Geometry) -> Iterator[str]:
    for cell in page.cells:
        left, top, right, bottom = cell.box
        for line in cell.lines:
            if line.left < left + 0.5 or line.left + line.width > right - 0.5:
                yield f"“{line.text}” is wider than its cell ({cell.column})"
            if line.y - 0.7 * line.size < top or line.y + 0.2 * line.size > bottom:
                yield f"“{line.text}” is higher than its cell ({cell.column})"
    paper = geometry.paper
    if page.width > paper.width + 0.01 or (paper.height and page.height > paper.height + 0.01 and len(page.rows) > 1):
        yield f"the page is {page.width:.0f} x {page.height:.0f}"


# shapes ----------------------------------------------------------------------------------------------------------


def _named(page: Page) -> list[tuple[str, Arrow]]:
    return [(f"arrow {arrow.exit[0]}-{arrow.exit[1]}", arrow) for arrow in page.arrows]


def _outline(symbol: Symbol) -> list[Point]:
    """The true outline as a convex polygon; the round ends of a capsule as many short sides."""
    half, tall = symbol.width / 2, symbol.height / 2
    x, y = symbol.x, symbol.y
    if symbol.shape is Shape.DIAMOND:
        return [(x, y - tall), (x + half, y), (x, y + tall), (x - half, y)]
    if symbol.shape is Shape.PENTAGON:
        low = y + tall / 3
        return [(x - half, y - tall), (x + half, y - tall), (x + half, low), (x, y + tall), (x - half, low)]
    if symbol.shape is Shape.BOX:
        return [(x - half, y - tall), (x + half, y - tall), (x + half, y + tall), (x - half, y + tall)]
    arc = [math.pi * step / 48 for step in range(49)]
    right = [(x + half - tall + tall * math.sin(turn), y - tall * math.cos(turn)) for turn in arc]
    left = [(x - half + tall - tall * math.sin(turn), y + tall * math.cos(turn)) for turn in arc]
    return right + left


def _bounds(polygon: Polygon) -> Box:
    xs, ys = [x for x, _ in polygon], [y for _, y in polygon]
    return min(xs), min(ys), max(xs), max(ys)


def _shrunk(polygon: Polygon) -> list[Point]:
    """A little smaller, so that an arrow may touch it."""
    left, top, right, bottom = _bounds(polygon)
    x, y = (left + right) / 2, (top + bottom) / 2
    share = 1 - TOUCH / min(right - x, bottom - y)
    return [(x + (px - x) * share, y + (py - y) * share) for px, py in polygon]


def _inset(box: Box) -> list[Point]:
    left, top, right, bottom = _grown(box, -TOUCH)
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _grown(box: Box, by: float) -> Box:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def _enters(line: tuple[Point, Point], polygon: Polygon) -> bool:
    """Any part of ``line`` inside the convex ``polygon`` (clockwise on screen)."""
    (x1, y1), (x2, y2) = line
    begin, end = 0.0, 1.0
    for (ax, ay), (bx, by) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        # inside is where the cross product is positive
        at = (bx - ax) * (y1 - ay) - (by - ay) * (x1 - ax)
        to = (bx - ax) * (y2 - ay) - (by - ay) * (x2 - ax)
        if at <= 0 and to <= 0:
            return False
        if at < 0:
            begin = max(begin, at / (at - to))
        elif to < 0:
            end = min(end, at / (at - to))
    return begin < end


def _clipped(a: Polygon, b: Polygon) -> bool:
    """True when two convex polygons share an area: no side of either keeps them apart."""
    for polygon, other in ((a, b), (b, a)):
        for (ax, ay), (bx, by) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
            if all((bx - ax) * (y - ay) - (by - ay) * (x - ax) <= 0 for x, y in other):
                return False
    return True


def _overlap(a: Box, b: Box) -> bool:
    return min(a[2], b[2]) - max(a[0], b[0]) > 0.01 and min(a[3], b[3]) - max(a[1], b[1]) > 0.01


def _within(inner: Box, outer: Box) -> bool:
    low = inner[0] >= outer[0] - 0.01 and inner[1] >= outer[1] - 0.01
    return low and inner[2] <= outer[2] + 0.01 and inner[3] <= outer[3] + 0.01


def _box_distance(point: Point, box: Box) -> float:
    dx = max(box[0] - point[0], 0.0, point[0] - box[2])
    dy = max(box[1] - point[1], 0.0, point[1] - box[3])
    return math.hypot(dx, dy)


def _distance_to_outline(point: Point, polygon: Polygon) -> float:
    sides = zip(polygon, [*polygon[1:], polygon[0]], strict=True)
    return min(_distance_to_side(point, a, b) for a, b in sides)


def _distance_to_side(point: Point, a: Point, b: Point) -> float:
    length = math.dist(a, b)
    if length == 0:
        return math.dist(point, a)
    share = ((point[0] - a[0]) * (b[0] - a[0]) + (point[1] - a[1]) * (b[1] - a[1])) / length**2
    share = min(1.0, max(0.0, share))
    return math.dist(point, (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])))
