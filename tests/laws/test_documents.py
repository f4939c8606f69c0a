"""The documents are true of the code: links lead somewhere, tests they name exist, no verb and no event is left out."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tanggap.casework import notices
from tanggap.casework.decide import VERBS
from tanggap.casework.events import KINDS

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
TEST = re.compile(r"`?(tests/[\w/]+\.py)::(test_\w+)")
NAMED_IN_CODE = re.compile(r"docs/[\w./-]*\w")
ONE_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@cache
def anchors(page: Path) -> frozenset[str]:
    """The anchors that a page's headings make: small letters, no punctuation, hyphens for spaces."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles)


@cache
def functions_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@ONE_PAGE
def test_every_link_leads_to_a_file_and_a_heading_that_exist(page: Path) -> None:
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@ONE_PAGE
def test_every_test_a_document_names_exists(page: Path) -> None:
    for file, name in TEST.findall(page.read_text(encoding="utf-8")):
        assert name in functions_in(ROOT / file), f"{file}::{name}"


def test_every_decision_has_its_line_in_the_index_in_order() -> None:
    files = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("0*.md"))
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"\((0[\w-]+\.md)\)", index) == files
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))
    for name in files:
        text = (ROOT / "docs" / "decisions" / name).read_text(encoding="utf-8")
        title = text.partition("\n")[0].removeprefix(f"# {name[:4]}: ")
        assert f"[{name[:4]}]({name}) | {title} |" in index, name
        assert all(f"**{part}.**" in text for part in ("Context", "Decision", "Price")), name


def test_the_page_on_the_engine_names_every_verb_and_every_event() -> None:
    page = (ROOT / "docs" / "engine.md").read_text(encoding="utf-8")
    verbs = {re.sub(r"(?<!^)(?=[A-Z])", "_", verb.__name__).lower() for verb in VERBS}
    table = "\n".join(line.split("|")[1] for line in page.splitlines() if line.startswith("| `"))
    assert verbs <= set(re.findall(r"`(\w+)`", table))
    assert set(KINDS) <= set(re.findall(r"`(\w+)`", page))


def test_the_map_names_every_room() -> None:
    rooms = {path.parent.name for path in (ROOT / "src" / "tanggap").glob("*/__init__.py")}
    page = (ROOT / "docs" / "start-here.md").read_text(encoding="utf-8").partition("## One complaint")[0]
    assert rooms <= {room for line in page.splitlines() for room in re.findall(r"`(\w+)`", line.split(" | ")[0])}


def test_the_map_names_every_address_there_is() -> None:
    urls = (ROOT / "src" / "tanggap" / "web" / "urls.py").read_text(encoding="utf-8")
    addresses = {f"/{name.partition('/')[0]}" for name in re.findall(r'^    path\("([^"]+)"', urls, re.MULTILINE)}
    page = (ROOT / "docs" / "start-here.md").read_text(encoding="utf-8")
    assert addresses <= set(re.findall(r"`(/[\w-]*)", page))


def test_a_document_named_in_the_code_is_in_the_repository() -> None:
    files = [path for folder in ("src", "tests", "bench", "scripts") for path in (ROOT / folder).rglob("*.py")]
    for path in [*files, ROOT / "pyproject.toml"]:
        for name in NAMED_IN_CODE.findall(path.read_text(encoding="utf-8")):
            target = ROOT / name
            assert target.exists() or any(target.parent.glob(f"{target.name}*")), f"{path.relative_to(ROOT)}: {name}"


def test_the_page_on_notices_names_every_kind_and_every_state() -> None:
    page = (ROOT / "docs" / "notices.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)`", page))
    assert set(notices.KINDS) <= named
    assert {"queued", "sent", "failed", "poison", "silenced"} <= named
