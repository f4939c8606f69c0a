"""Writes docs/reference.md from the code: commands, settings, events, rules of the checker. `--check` only compares."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tanggap.casework import events
from tanggap.cli import main as cli
from tanggap.config.variables import VARIABLES
from tanggap.sop.check import codes
from tanggap.sop.check.finding import DOCUMENT_RULES, PROCEDURE_RULES
from tanggap.web import sentences

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference.md"
HEAD = """# Reference

Written from the code by `make reference`; a test holds it to be current. Do not edit by hand.
"""


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headers)} |"
    yield f"|{'---|' * len(headers)}"
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |"


def first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").splitlines()[0]


def commands() -> Iterator[str]:
    yield "## Commands\n"
    for command in map(cli.load, cli.names()):
        yield f"### `tanggap {command.NAME}`\n\n{command.HELP}\n\n```"
        yield from command.EXAMPLES
        yield "```\n"


def settings() -> Iterator[str]:
    yield "## Settings\n\nEnvironment variables, with their defaults.\n"
    yield from table(
        ("variable", "default", "meaning"),
        ((f"`{one.name}`", f"`{one.default}`" if one.default else "", one.means) for one in VARIABLES),
    )
    yield ""


def rules() -> Iterator[str]:
    yield "## Rules of the checker\n\nWhat `tanggap sop check` can find. Findings never stop a case.\n"
    found = {**DOCUMENT_RULES, **PROCEDURE_RULES}
    yield from table(("rule", "what it finds"), ((f"`{code}`", first_line(found[code])) for code in codes()))
    yield ""


def kinds_of_event() -> Iterator[str]:
    yield "## Events\n\nWhat can be recorded about a case, and who may read that it happened.\n"
    yield from table(
        ("event", "what it says", "fields", "read by"),
        (
            (
                f"`{name}`",
                first_line(kind),
                ", ".join(f"`{field}`" for field in kind.__slots__),
                sentences.PRIVACY[kind],
            )
            for name, kind in sorted(events.KINDS.items())
        ),
    )
    yield ""


def page() -> str:
    return "\n".join([HEAD, *commands(), *settings(), *kinds_of_event(), *rules()])


if __name__ == "__main__":
    if "--check" not in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != page():
        sys.exit("docs/reference.md is not current: run `make reference`")
