"""docs/channels.md lists what is tried against the channels, and every test it names exists and says so itself."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ATTACKS, FAULTS, PROMISES = (27, *range(33, 47), 48, *range(57, 61)), (4, *range(6, 10), *range(22, 26)), (2, 3, 5)
WANTED = [f"{kind}{n}" for kind, numbers in zip("SFP", (ATTACKS, FAULTS, PROMISES), strict=True) for n in numbers]
ROW = re.compile(r"^\| (?P<item>[SFP]\d+) \| .+? \| (?P<tests>.+?) \|$", re.MULTILINE)


def rows() -> dict[str, list[str]]:
    text = (ROOT / "docs" / "channels.md").read_text(encoding="utf-8")
    return {row["item"]: [test.strip(" `") for test in row["tests"].split("<br>")] for row in ROW.finditer(text)}


def test_everything_that_is_to_be_tried_has_its_row_in_order() -> None:
    assert list(rows()) == WANTED


@pytest.mark.parametrize(("item", "tests"), rows().items())
def test_every_test_named_there_says_what_it_is_about(item: str, tests: list[str]) -> None:
    for test in tests:
        name, _, function = test.partition("::")
        tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
        (found,) = (one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == function)
        assert re.search(rf"\b{item}\b", ast.get_docstring(found) or ""), f"{test} does not name {item}"
