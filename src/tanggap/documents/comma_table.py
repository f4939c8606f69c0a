"""A table as a CSV file that no spreadsheet program takes for formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

Cell = str | int | float | None

_BEGINS_A_FORMULA = re.compile(r"\A[\s'\"\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|\A[\t\r\n]")
_BEGINS_ONE_INSIDE = re.compile(r"([;\t\r\n]\s*\"*\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")


def comma_table(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """``headers`` and ``rows`` as CSV: UTF-8 with its mark (so that spreadsheets read it right), every text quoted.

    A text that a program might take for a formula begins with an apostrophe; numbers stay numbers. Text is also made
    harmless behind a semicolon, which some programs take for the end of a cell. ``None`` is an empty cell.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([harmless(header) for header in headers])
    for row in rows:
        writer.writerow(["" if cell is None else harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def harmless(text: str) -> str:
    """``text`` as a cell that is only ever shown."""
    inside = _BEGINS_ONE_INSIDE.sub(r"\1'", text.replace("\0", ""))
    return f"'{inside}" if _BEGINS_A_FORMULA.search(inside) else inside
