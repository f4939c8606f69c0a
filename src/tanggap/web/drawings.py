"""The drawn parts of the pages: icons, status shapes, flowchart nodes and time bars, as inline SVG.

The shapes are those of an SOP flowchart: rounded bar = start or end, rectangle = activity, diamond = decision.
"""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

ICONS = {
    "moon": '<path d="M16.5 12A7 7 0 0 1 8 3.5 7 7 0 1 0 16.5 12z"/>',
    "pen": '<path d="m3.5 16.5.8-3.7L13.5 3.5l3 3-9.3 9.3z"/>',
    "plus": '<path d="M10 3.5v13M3.5 10h13"/>',
    "check": '<path d="m3.5 10.5 4.2 4.2L16.5 5.5"/>',
    "pause": '<path d="M7 4.5v11M13 4.5v11"/>',
    "play": '<path d="M6 4v12l10-6z"/>',
    "lock": '<path d="M4.5 9h11v8.5h-11zM7 9V6a3 3 0 0 1 6 0v3"/>',
    "hidden": '<path d="M2.5 10S5.5 5 10 5s7.5 5 7.5 5-3 5-7.5 5-7.5-5-7.5-5zM4 16.5 16 3.5"/>',
    "search": '<circle cx="8.5" cy="8.5" r="5.5"/><path d="m13 13 4.5 4.5"/>',
    "print": '<path d="M5.5 7V2.5h9V7M5.5 14h-3V7h15v7h-3M5.5 11.5h9v6h-9z"/>',
    "download": '<path d="M10 3v10M5.5 9 10 13.5 14.5 9M3.5 17h13"/>',
    "file": '<path d="M5 2.5h6.5L15.5 6.5v11H5zM11.5 2.5v4h4"/>',
    "picture": '<path d="M2.5 3.5h15v13h-15zM3 14l4.5-4.5 4 4 2-2 4 3.5"/><circle cx="13" cy="7.5" r="1.2"/>',
    "web": '<circle cx="10" cy="10" r="7"/><path d="M3 10h14M10 3c4.5 4.3 4.5 9.7 0 14M10 3c-4.5 4.3-4.5 9.7 0 14"/>',
    "phone": '<path d="M6.5 3 4 3.6C3.3 10 10 16.7 16.4 16l.6-2.5-4-2-1.5 1.7C9.3 12.3 7.7 10.7 6.8 8.5L8.5 7z"/>',
    "message": (
        '<path d="M10 3c4 0 7 2.7 7 6.2s-3 6.3-7 6.3c-.9 0-1.7-.1-2.5-.4L3.5 17l1-3.3C3.5 12.5 3 11 3 9.2'
        ' 3 5.7 6 3 10 3z"/>'
    ),
    "mail": '<path d="M2.5 4.5h15v11h-15zM3 5l7 6 7-6"/>',
    "bell": '<path d="M4 14.5h12l-1.5-2V9a4.5 4.5 0 0 0-9 0v3.5zM8.5 17h3M10 4.5V2.8"/>',
    "person": '<circle cx="10" cy="6" r="3"/><path d="M3.5 17c.6-4 3-5.5 6.5-5.5s5.9 1.5 6.5 5.5z"/>',
    "box": '<path d="M3 7.5h14V17H3zM5 7.5 6.5 3h7L15 7.5M7.5 10.5h5"/>',
    "letter": '<path d="M4 3h12v14H4zM7 7h6M7 10h6M7 13h3"/>',
    "back": '<path d="M8 4 3.5 8.5 8 13M4 8.5h7a5 5 0 0 1 5 5V16"/>',
    "forward": '<path d="M3.5 10h12M11 5l5 5-5 5"/>',
    "clock": '<circle cx="10" cy="10" r="7"/><path d="M10 5.5V10l3 2"/>',
    "late": '<path d="M10 3 18 17H2zM10 8v4M10 14.5v.1"/>',
    "up": '<path d="M10 17V4M4.5 9.5 10 4l5.5 5.5"/>',
    "tag": '<path d="M3 3h7l7 7-7 7-7-7z"/><circle cx="7" cy="7" r="1"/>',
    "end": '<path d="M6.5 5h7a5 5 0 0 1 0 10h-7a5 5 0 0 1 0-10z"/>',
    "link": '<path d="m8 12 4-4M9 5.5l2-2A3.9 3.9 0 0 1 16.5 9l-2 2M11 14.5l-2 2A3.9 3.9 0 0 1 3.5 11l2-2"/>',
    "out": '<path d="M12 3.5h4.5v13H12M3.5 10h9M9 6.5l3.5 3.5L9 13.5"/>',
    "people": (
        '<circle cx="7" cy="7" r="2.5"/><path d="M2 16c.4-3.3 2.3-4.5 5-4.5s4.6 1.2 5 4.5z"/>'
        '<path d="M12.5 4.8a2.5 2.5 0 0 1 0 4.6M14.5 11.9c2 .5 3.2 1.8 3.5 4.1"/>'
    ),
}
"""Line drawings on a 20 x 20 field; always beside a word."""

SHAPES = {
    # time left
    "late": '<path d="M6 .5 11.8 11.5H.2z"/><path class="cut" d="M6 4.6v3M6 9.6v.1"/>',
    "risk": '<path class="o" d="M6 .9 11.1 6 6 11.1.9 6z"/><path d="M6 .9v10.2L.9 6z"/>',
    "running": '<circle class="o" cx="6" cy="6" r="5.2"/><path class="o" d="M6 3.2V6l1.8 1.2"/>',
    "good": '<circle cx="6" cy="6" r="6"/><path class="cut" d="m3.3 6.2 2 2 3.5-4"/>',
    "paused": '<path d="M1.5.5h3.2v11H1.5zM7.3.5h3.2v11H7.3z"/>',
    "none": '<path d="M.5 5h11v2H.5z"/>',
    # public status
    "received": '<path class="o" d="M4 2.5h4a3.5 3.5 0 0 1 0 7H4a3.5 3.5 0 0 1 0-7z"/>',
    "verified": '<path class="o" d="M6 .9 11.1 6 6 11.1.9 6z"/>',
    "processed": '<path class="o" d="M.8 2h10.4v8H.8z"/><path d="M.8 2H6v8H.8z"/>',
    "answered": '<path class="o" d="M1 1.5h10V8H6l-2.5 2.5V8H1z"/>',
    "finished": (
        '<path d="M3.8 2.2h4.4a3.8 3.8 0 0 1 0 7.6H3.8a3.8 3.8 0 0 1 0-7.6z"/>'
        '<path class="cut" d="m3.8 6.1 1.6 1.6 2.8-3.2"/>'
    ),
    "handed_over": '<path class="o" d="M.8 6h9.5M6.8 2.5 10.5 6 6.8 9.5"/>',
    "not_ours": '<circle class="o" cx="6" cy="6" r="5.2"/><path class="o" d="m2.4 9.6 7.2-7.2"/>',
}
"""Status shapes on a 12 x 12 field; never without their word."""

BAR, BOX, DIAMOND = "bar", "box", "diamond"
"""The three node shapes of the path."""

_NODES = {
    BAR: '<rect class="f" x="5" y="5" width="42" height="26" rx="13"/>',
    BOX: '<rect class="f" x="5" y="5" width="42" height="26"/>',
    DIAMOND: '<path class="f" d="M26 1 50 18 26 35 2 18z"/>',
}
_RINGS = {
    BAR: '<rect class="ring" x="1.5" y="1.5" width="49" height="33" rx="16.5"/>',
    BOX: '<rect class="ring" x="1.5" y="1.5" width="49" height="33"/>',
    DIAMOND: '<path class="ring" d="M26-3.5 56 18 26 39.5-4 18z"/>',
}
_SYMBOLS = {shape: drawn.replace('class="f" ', "") for shape, drawn in _NODES.items()}


def icon(name: str) -> SafeString:
    """The line drawing ``name``. Raises ``KeyError`` for a name nobody drew."""
    return mark_safe(f'<svg class="icon" viewBox="0 0 20 20" aria-hidden="true">{ICONS[name]}</svg>')  # noqa: S308


def shape(name: str) -> SafeString:
    """The status shape ``name``. Raises ``KeyError`` for a name nobody drew."""
    return mark_safe(f'<svg class="shape" viewBox="0 0 12 12" aria-hidden="true">{SHAPES[name]}</svg>')  # noqa: S308


def node(kind: str, text: str, *, ring: bool = False) -> SafeString:
    """A node of the path, holding the row's printed number; ``ring``: the case stands here."""
    drawn = (_RINGS[kind] if ring else "") + _NODES[kind]
    return format_html(
        '<svg class="node" viewBox="0 0 52 36" aria-hidden="true">{}<text x="26" y="23.5">{}</text></svg>',
        mark_safe(drawn),  # noqa: S308
        text,
    )


def symbol(kind: str, text: str) -> SafeString:
    """The large symbol of the step card."""
    return format_html(
        '<svg class="step-symbol" viewBox="0 0 52 36" aria-hidden="true">{}<text x="26" y="23.5">{}</text></svg>',
        mark_safe(_SYMBOLS[kind]),  # noqa: S308
        text,
    )


def part_bar(good: float, bad: float) -> SafeString:
    """Two parts of one width beside the words that say the same: ``good`` first, then ``bad`` (shares of one)."""
    return format_html(
        '<svg class="chart part-bar" aria-hidden="true"><rect class="track" width="100%" height="100%"/>'
        '<rect class="b1" width="{0}%" height="100%"/><rect class="bad" x="{0}%" width="{1}%" height="100%"/></svg>',
        round(good * 100, 1),
        round(bad * 100, 1),
    )


def bar(used: float) -> SafeString:
    """A bar of promised time; ``used`` is the share used, and beyond 1 the limit is marked with a tick."""
    if used <= 1:
        return format_html(
            '<svg class="bar" aria-hidden="true"><rect class="track" width="100%" height="100%"/>'
            '<rect class="used" width="{}%" height="100%"/></svg>',
            round(max(used, 0) * 100),
        )
    limit = max(8, round(100 / used))
    return format_html(
        '<svg class="bar" aria-hidden="true"><rect class="used" width="{0}%" height="100%"/>'
        '<rect class="over-due" x="{0}%" width="{1}%" height="100%"/>'
        '<line class="mark-due" x1="{0}%" x2="{0}%" y1="-3" y2="11"/></svg>',
        limit,
        100 - limit,
    )
