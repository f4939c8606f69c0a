"""docs/glossary.md is true: its names exist in the code, and those that wait for their code do not."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WAITING = "## Waiting for their code"


def names(text: str) -> list[str]:
    """Every `name` in the second column of the tables of ``text``."""
    rows = re.findall(r"^\| [^|]+ \| ([^|]+) \|", text, re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`(\w+)`", row)]


def glossary() -> tuple[list[str], list[str]]:
    present, _, waiting = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").partition(WAITING)
    return names(present), names(waiting)


@cache
def words_of_the_code() -> frozenset[str]:
    files = (ROOT / "src" / "tanggap").rglob("*.py")
    return frozenset(word for path in files for word in re.findall(r"\w+", path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", glossary()[0])
def test_a_word_of_the_glossary_exists_in_the_code(name: str) -> None:
    assert name in words_of_the_code()


def test_the_glossary_names_nothing_twice_and_holds_its_tables() -> None:
    present, waiting = glossary()
    assert len(present) > 50
    assert not set(present) & set(waiting)
