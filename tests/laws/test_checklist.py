"""docs/checklist.md lists every item, and every test it names exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COUNTS = {"S0": 12, "S1": 12, "S2": 16, "S3": 17, "S4": 24, "X": 8}
ROW = re.compile(r"^\| (?P<item>\w+-\d+) \| (?P<text>.+?) \| (?P<tests>.+?) \|$", re.MULTILINE)


def rows() -> list[tuple[str, list[str]]]:
    text = (ROOT / "docs" / "checklist.md").read_text(encoding="utf-8")
    return [(row["item"], [test.strip(" `") for test in row["tests"].split("<br>")]) for row in ROW.finditer(text)]


@cache
def functions_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_item_has_its_row_in_order() -> None:
    expected = [f"{document}-{number}" for document, count in COUNTS.items() for number in range(1, count + 1)]
    assert [item for item, _ in rows()] == expected


@pytest.mark.parametrize(("item", "tests"), rows())
def test_every_test_named_for_an_item_exists(item: str, tests: list[str]) -> None:
    if tests == ["not yet"]:
        return
    for test in tests:
        name, _, function = test.partition("::")
        assert (ROOT / name).is_file(), f"{item}: there is no {name}"
        assert function.startswith("test_"), f"{item}: {test} names no test"
        assert function in functions_in(ROOT / name), f"{item}: {name} has no {function}"


def test_every_test_named_for_an_item_says_so_itself() -> None:
    """In its own docstring or in that of its file: whoever changes the test sees what it proves."""
    silent = []
    for item, tests in rows():
        for name, _, function in (test.partition("::") for test in tests if test != "not yet"):
            tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
            found = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == function]
            said = " ".join(ast.get_docstring(one) or "" for one in (tree, *found))
            if not re.search(rf"\b{item}\b", said):
                silent.append(f"{item}: {name}::{function}")
    assert not silent
