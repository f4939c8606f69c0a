"""Text widths of Source Sans Pro, the face that sheets are measured and shown in; and breaking into lines."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import font_source_sans_pro
from PIL import ImageFont

from tanggap.documents.flowchart.geometry import Measure

_UNITS = 1000
_ROUNDING = 0.01
_FILES = {False: "SourceSansPro-Regular.ttf", True: "SourceSansPro-Semibold.ttf"}
_PIECES = re.compile(r"[^/\-_.,:&?=@]*[/\-_.,:&?=@]+|[^/\-_.,:&?=@]+")


def font_file(*, bold: bool = False) -> Path:
    """The file of the face, for whoever serves or embeds it."""
    return Path(font_source_sans_pro.__file__).parent / "files" / _FILES[bold]


@cache
def _face(bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_file(bold=bold)), _UNITS, layout_engine=ImageFont.Layout.BASIC)


@cache
def _advance(character: str, bold: bool) -> float:
    # East Asian letters and pictures are not in the face; whatever shows them instead is about square.
    if ord(character) >= 0x2E80:
        return 1.0
    return float(_face(bold).getlength(character)) / _UNITS


def source_sans(text: str, size: float, *, bold: bool = False) -> float:
    """Width of ``text`` in points, without kerning: the same number on every machine, and never too small."""
    return size * sum(_advance(character, bold) for character in text)


def wrap(text: str, width: float, size: float, measure: Measure, *, bold: bool = False) -> tuple[str, ...]:
    """Break ``text`` into lines no wider than ``width``; a word that is itself wider is broken inside."""
    lines: list[str] = []
    for paragraph in text.splitlines():
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}" if line else word
            if measure(longer, size, bold=bold) <= width + _ROUNDING:
                line = longer
                continue
            if line:
                lines.append(line)
            *full, line = _split(word, width, size, measure, bold)
            lines.extend(full)
        lines.append(line)
    return tuple(lines)


def _split(word: str, width: float, size: float, measure: Measure, bold: bool) -> list[str]:
    """Cut a word that is too wide after its slashes and points, or, where it has none, anywhere."""
    if measure(word, size, bold=bold) <= width + _ROUNDING:
        return [word]
    lines = [""]
    for piece in _PIECES.findall(word):
        parts = [piece] if measure(piece, size, bold=bold) <= width else list(piece)
        for part in parts:
            if lines[-1] and measure(lines[-1] + part, size, bold=bold) > width:
                lines.append("")
            lines[-1] += part
    return lines


def widest_word(text: str, size: float, measure: Measure, *, bold: bool = False) -> float:
    """Width of the widest word: below this a column begins to cut words."""
    return max((measure(word, size, bold=bold) for word in text.split()), default=0.0)
