"""Geometry as SVG text: one image for each sheet, words as words, no script, no inline style."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape as _escape

from tanggap.documents.flowchart.geometry import Arrow, Cell, Geometry, Page, Point, Rule, Shape, Symbol, Text

STYLE = """
.sop-sheet{color:var(--ink,#000);background:var(--paper,#fff);font-family:"Source Sans Pro","Source Sans 3",\
"Noto Sans",Arial,sans-serif}
.sop-sheet .t{fill:currentColor;font-weight:400}
.sop-sheet .b{fill:currentColor;font-weight:600}
.sop-sheet .d{fill:var(--well,#e9e9e9)}
.sop-sheet .r{stroke:currentColor;stroke-width:.6}
.sop-sheet .k{stroke-width:1.6}
.sop-sheet .s{fill:var(--paper,#fff);stroke:currentColor;stroke-width:1}
.sop-sheet .a{fill:none;stroke:currentColor;stroke-width:.9}
.sop-sheet .h{fill:currentColor}
.sop-sheet .lb{fill:currentColor;font-weight:400}
""".strip()
"""The style of a sheet. A file carries it inside; a page with a strict CSP has it in its own stylesheet.

The words are set in the face they were measured in (``measure.font_file``). Where it is missing ``textLength`` keeps
each line inside its cell.
"""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def svg(geometry: Geometry, *, title: str, prefix: str, standalone: bool = False) -> list[str]:
    """One SVG text for each sheet. ``prefix`` begins every id, so that one page can show several drawings.

    ``standalone=True`` gives a whole file with its own style; without it the text goes into an HTML page whose
    stylesheet holds :data:`STYLE`.
    """
    return [_sheet(geometry, page, title, f"{prefix}-{page.number}", standalone) for page in geometry.pages]


def escape(text: str) -> str:
    """``text`` for element content and quoted attributes; characters that XML cannot hold are left out."""
    return _escape(_NOT_XML.sub("", text), {'"': "&quot;"})


def number(value: float) -> str:
    """A coordinate with two decimals at most, always written the same way."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _sheet(geometry: Geometry, page: Page, title: str, ids: str, standalone: bool) -> str:
    width, height = number(page.width), number(page.height)
    name = title if geometry.paper.height is None else f"{title}, halaman {page.number} dari {page.count}"
    size = f' width="{width}pt" height="{height}pt"' if standalone else ""
    named = f'role="img" lang="id" aria-labelledby="{escape(ids)}-t {escape(ids)}-d"'
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="sop-sheet" viewBox="0 0 {width} {height}"{size} {named}>',
        f'<title id="{escape(ids)}-t">{escape(name)}</title>',
        f'<desc id="{escape(ids)}-d">{escape(" ".join(page.sentences))}</desc>',
    ]
    if standalone:
        head.append(f"<style>{escape(STYLE)}</style>")
        head.append(f'<rect width="{width}" height="{height}" fill="#fff"/>')
    return "\n".join([*head, *_content(page, geometry.head), "</svg>"]) + "\n"


def _content(page: Page, head: float) -> Iterator[str]:
    """Header, arrows, then row by row: No, Kegiatan, symbols from left to right, Mutu Baku, Keterangan."""
    for line in page.texts:
        yield _text("b" if line.bold else "t", (line,))
    for cell in page.cells:
        if cell.shaded:
            left, top, right, bottom = map(number, (cell.box[0], cell.box[1], *_extent(cell)))
            yield f'<rect class="d" x="{left}" y="{top}" width="{right}" height="{bottom}"/>'
    yield from (_rule(rule) for rule in page.rules)
    yield from (_text("b", cell.lines) for cell in page.cells if cell.row < 0 and cell.lines)
    for begin, end in page.joints:
        yield f'<path class="a" d="{way((begin, end))}"/>'
    for arrow in page.arrows:
        yield from _arrow(arrow, head)
    for row in page.rows:
        cells = [cell for cell in page.cells if cell.row == row]
        before = [cell for cell in cells if cell.column in ("no", "what")]
        after = [cell for cell in cells if cell.column not in ("no", "what")]
        yield from _words(before)
        for symbol in sorted((s for s in page.symbols if s.row == row), key=lambda s: (s.y, s.x)):
            yield from _symbol(symbol)
        yield from _words(after)
    if not page.rows:
        yield from _words([cell for cell in page.cells if cell.row >= 0])


def _extent(cell: Cell) -> tuple[float, float]:
    left, top, right, bottom = cell.box
    return right - left, bottom - top


def _words(cells: Iterable[Cell]) -> Iterator[str]:
    for cell in cells:
        for bold in (True, False):
            lines = [line for line in cell.lines if line.bold is bold]
            if lines:
                yield _text("b" if bold else "t", lines)


def _text(style: str, lines: Sequence[Text]) -> str:
    first = lines[0]
    anchor = "" if first.anchor == "start" else f' text-anchor="{first.anchor}"'
    spans = " ".join(
        f'<tspan x="{number(line.x)}" y="{number(line.y)}"{_length(line)}>{escape(line.text)}</tspan>' for line in lines
    )
    return f'<text class="{style}" font-size="{number(first.size)}"{anchor}>{spans}</text>'


def _length(line: Text) -> str:
    if len(line.text) < 2 or line.width <= 0:
        return ""
    return f' textLength="{number(line.width)}" lengthAdjust="spacingAndGlyphs"'


def _rule(rule: Rule) -> str:
    ends = zip(("x1", "y1", "x2", "y2"), (rule.x1, rule.y1, rule.x2, rule.y2), strict=True)
    places = " ".join(f'{name}="{number(value)}"' for name, value in ends)
    return f'<line class="{"r k" if rule.thick else "r"}" {places}/>'


def way(points: Sequence[Point]) -> str:
    """Lines between points, each said in the one coordinate that changes."""
    x, y = points[0]
    said = f"M{number(x)} {number(y)}"
    for to_x, to_y in points[1:]:
        said += f"V{number(to_y)}" if abs(to_x - x) < 0.005 else f"H{number(to_x)}"
        x, y = to_x, to_y
    return said


def _arrow(arrow: Arrow, head: float) -> Iterator[str]:
    *before, (x, y) = arrow.drawn
    from_x, from_y = before[-1]
    dx = (x > from_x) - (x < from_x) if abs(x - from_x) > abs(y - from_y) else 0
    dy = 0 if dx else (y > from_y) - (y < from_y)
    base = (x - dx * head, y - dy * head)
    yield f'<path class="a" d="{way((*before, (x - dx * head * 0.7, y - dy * head * 0.7)))}"/>'
    wing = head * 0.4
    corners = ((base[0] + dy * wing, base[1] + dx * wing), (base[0] - dy * wing, base[1] - dx * wing))
    said = "L".join(f"{number(a)} {number(b)}" for a, b in ((x, y), *corners))
    yield f'<path class="h" d="M{said}Z"/>'
    if arrow.label:
        yield _text("lb", arrow.label.lines)


def _symbol(symbol: Symbol) -> Iterator[str]:
    title = f"<title>{escape(symbol.sentence)}</title>" if symbol.sentence else ""
    if symbol.shape in (Shape.BOX, Shape.CAPSULE):
        left, top = symbol.x - symbol.width / 2, symbol.y - symbol.height / 2
        round_ = f' rx="{number(symbol.height / 2)}"' if symbol.shape is Shape.CAPSULE else ""
        size = f'width="{number(symbol.width)}" height="{number(symbol.height)}"'
        yield f'<rect class="s" x="{number(left)}" y="{number(top)}" {size}{round_}>{title}</rect>'
    else:
        corners = "L".join(f"{number(x)} {number(y)}" for x, y in symbol.outline)
        yield f'<path class="s" d="M{corners}Z">{title}</path>'
    if symbol.lines:
        yield _text("b" if symbol.lines[0].bold else "t", symbol.lines)
    if symbol.note:
        yield _text("lb", symbol.note)
