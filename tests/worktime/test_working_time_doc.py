"""The tables of docs/working-time.md are computed: what the page says of a time is what the code does with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from offices import EXAMPLE, ORDINARY, RAMADAN_2026, at
from tanggap.worktime.duration import UnreadableDuration, parse

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "working-time.md").read_text(encoding="utf-8")


def table(header: str) -> list[list[str]]:
    """The cells of the table of the page that begins with ``header``."""
    _, _, rest = PAGE.partition(f"| {header} |")
    lines = rest.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize(("printed", "counts"), [row[:2] for row in table("printed")])
def test_a_time_on_the_page_is_read_as_the_page_says(printed: str, counts: str) -> None:
    assert parse(printed).meaning == counts
    assert str(parse(printed)) == printed


def test_what_the_page_calls_no_time_is_none() -> None:
    _, _, rest = PAGE.partition("is refused when the file is read (")
    refused = re.findall(r'"([^"]+)"', rest.partition("):")[0])
    assert len(refused) == 4
    for printed in refused:
        with pytest.raises(UnreadableDuration):
            parse(printed)


@pytest.mark.parametrize(("start", "time", "due"), [row[:3] for row in table("start | time | due")])
def test_an_example_of_the_page_is_due_when_the_page_says(start: str, time: str, due: str) -> None:
    assert EXAMPLE.add(at(start), parse(time)) == (at(due) if due else None)


@pytest.mark.parametrize(("start", "time", "pause", "due"), [row[:4] for row in table("start | time | pause")])
def test_an_example_with_a_pause_is_due_when_the_page_says(start: str, time: str, pause: str, due: str) -> None:
    begin, _, end = pause.partition(" to ")
    assert EXAMPLE.add(at(start), parse(time), [(at(begin), at(end))]) == at(due)


def test_the_office_hours_of_the_page_are_those_of_the_examples() -> None:
    for (_, weekday, friday), hours in zip(table("Monday to Thursday | Friday"), (ORDINARY, RAMADAN_2026), strict=True):
        assert (weekday.split(", "), friday.split(", ")) == (hours["monday"], hours["friday"])


def test_every_table_of_the_page_was_found() -> None:
    sizes = [len(table(header)) for header in ("printed", "start | time | due", "start | time | pause")]
    assert sizes == [14, 18, 7]
