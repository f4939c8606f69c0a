"""What the command line shows a person: colour on terminals alone, aligned tables, progress on stderr."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import IO, Self

_BAR_WIDTH = 28
_REDRAW_SECONDS = 0.1


class CannotGoOn(Exception):
    """A command cannot do what was asked. The message is one Indonesian sentence, shown as it is; exit code 2."""


def coloured(stream: IO[str] | None = None) -> bool:
    """Whether ``stream`` (or stdout) is a terminal and its owner did not ask for plain text (NO_COLOR)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return (stream or sys.stdout).isatty()


def _paint(code: str, text: str, stream: IO[str] | None) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if coloured(stream) else text


def bold(text: str, stream: IO[str] | None = None) -> str:
    """Headings and names."""
    return _paint("1", text, stream)


def dim(text: str, stream: IO[str] | None = None) -> str:
    """What may be passed over."""
    return _paint("2", text, stream)


def red(text: str, stream: IO[str] | None = None) -> str:
    """What is wrong."""
    return _paint("31", text, stream)


def green(text: str, stream: IO[str] | None = None) -> str:
    """What is well."""
    return _paint("32", text, stream)


def yellow(text: str, stream: IO[str] | None = None) -> str:
    """What deserves a look."""
    return _paint("33", text, stream)


def table(rows: Iterable[Sequence[object]], headers: Sequence[str] = (), *, right: Iterable[int] = ()) -> str:
    """``rows`` as aligned text without a trailing newline, ``headers`` above in bold; columns ``right`` end flush.

    Every row has as many cells as there are headers. ``None`` shows as an empty cell.
    """
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    lines = [list(headers), *cells] if headers else cells
    if not lines:
        return ""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    flush = set(right)

    def drawn(line: Sequence[str]) -> str:
        padded = (
            cell.rjust(width) if number in flush else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        return "  ".join(padded).rstrip()

    text = [drawn(line) for line in lines]
    if headers:
        text[0] = bold(text[0])
    return "\n".join(text)


class Progress:
    """A bar on stderr for work that takes a while; silent when stderr is not a terminal.

    ``with Progress("Memeriksa perkara", total=120) as progress: ... progress.step()``. ``total`` counts steps.
    """

    def __init__(self, label: str, *, total: int) -> None:
        self.label = label
        self.total = total
        self.done = 0
        self._drawn_at = 0.0

    def __enter__(self) -> Self:
        self._draw()
        return self

    def step(self, count: int = 1) -> None:
        """``count`` more steps are done."""
        self.done += count
        if time.monotonic() - self._drawn_at >= _REDRAW_SECONDS:
            self._draw()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def _draw(self) -> None:
        if not sys.stderr.isatty():
            return
        self._drawn_at = time.monotonic()
        share = min(1.0, self.done / self.total) if self.total else 1.0
        bar = "█" * round(share * _BAR_WIDTH)
        sys.stderr.write(f"\r\x1b[K{self.label} {bar:░<{_BAR_WIDTH}} {self.done}/{self.total}")
        sys.stderr.flush()
