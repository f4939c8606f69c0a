"""docs/sop-file.md is the format: its keys and defaults are those of the loader, and every example on it loads."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tanggap.sop import model
from tanggap.sop.errors import SENTENCES
from tanggap.sop.fields import Table
from tanggap.sop.load import load
from tanggap.sop.write import _BLANK, _KEYS
from tanggap.worktime.duration import Reading

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "sop-file.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (?P<keys>`\w+`(?:, `\w+`)*) \| (?P<default>[^|]+) \| (?P<meaning>[^|]*) \|(?P<example>.*)\|$")
TITLE = re.compile(r"`\[*([\w.]+)\]*`$")
FREE_KEYS = ("labels", "for", "when", "set", "time_by", "min_by")  # tables whose keys the writer of the file chooses

CLASSES: dict[str, type] = {
    "sop": model.Identity,
    "sop.signature": model.Signature,
    "sop.section": model.Section,
    "sop.copy": model.Copy,
    "reading": Reading,
    "role": model.Role,
    "role.team": model.Team,
    "attribute": model.Attribute,
    "wait": model.Wait,
    "procedure": model.Procedure,
    "procedure.start": model.Start,
    "procedure.window": model.Window,
    "procedure.clock": model.Clock,
    "procedure.step": model.Step,
    "procedure.step.choices": model.Exit,
    "procedure.step.timeout": model.Timeout,
    "procedure.step.extend": model.Extension,
}
"""The tables of the format, and the value each becomes."""

NEEDED = {
    "sop": ['id = "contoh"'],
    "role": ['id = "contoh"'],
    "attribute": ['id = "contoh"', 'values = ["a"]'],
    "wait": ['id = "contoh"'],
    "procedure": ['id = "contoh"'],
    "procedure.start": ['at = "1"'],
    "procedure.window": ['relation = "a"', 'from = "b"', 'within = "1 hari"'],
    "procedure.clock": ['id = "contoh"', 'time = "1 hari"'],
    "procedure.step": ['id = "contoh"', 'who = "operator"'],
    "procedure.step.choices": ['label = "Lain"'],
    "procedure.step.extend": ['by = "1 hari"'],
}
"""What a table must have beside the one key that an example shows."""

ROWS = '[[procedure.step]]\nno = "1"\n[[procedure.step]]\nno = "2"\n'
INLINE = {
    "role.team": '[[role]]\nid = "contoh"\nteam = {{ {} }}\n',
    "procedure.start": '[[procedure]]\nid = "contoh"\nstart = [{{ {} }}]\n' + ROWS,
    "procedure.window": '[[procedure]]\nid = "contoh"\nwindow = {{ {} }}\n' + ROWS,
    "procedure.step.choices": (
        '[[procedure.step]]\nid = "contoh"\nquestion = "?"\nchoices = [{{ label = "Ya" }}, {{ {} }}]\n'
    ),
    "procedure.step.timeout": (
        '[[procedure.step]]\nid = "contoh"\ntime = "1 hari"\nquestion = "?"\n'
        'choices = [{{ label = "Ya" }}, {{ label = "Lain" }}]\ntimeout = {{ {} }}\n'
    ),
    "procedure.step.extend": '[[procedure.step]]\nid = "contoh"\nextend = {{ {} }}\n',
}
"""Tables that are written on one line, and where they stand."""


def sections() -> Iterator[tuple[str, str]]:
    """Every part of the page under a heading, by the table it speaks of (empty: the file itself)."""
    for part in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]:
        title, _, text = part.partition("\n")
        named = TITLE.match(title)
        if named or title == "The file":
            yield named[1] if named else "", text


def documented() -> Iterator[tuple[str, str, str, str]]:
    """(table, key, default, example) of every row of the page."""
    for table, text in sections():
        for line in text.splitlines():
            row = ROW.match(line)
            if row and row["example"]:
                for key in re.findall(r"\w+", row["keys"]):
                    yield table, key, row["default"].strip(), row["example"].strip(" `")


def blocks() -> list[str]:
    return re.findall(r"^```toml\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


FRAME = blocks()[-1]


def whole(piece: str) -> str:
    """A piece of a file as a file: bare keys are a row, tables join the frame, ``[sop]`` takes the place of its own."""
    if piece.startswith("format"):
        return piece
    if not piece.lstrip().startswith("["):
        piece = f"[[procedure.step]]\n{piece}"
    frame = FRAME.replace('[sop]\nid = "contoh"\n', "") if "[sop]" in piece else FRAME
    return f"{frame}\n{piece}"


def around(table: str, example: str) -> str:
    """The example of one key as a file."""
    if not table:
        return FRAME
    shown = set(
        tomllib.loads(example.replace(", then", "\nthen").replace(", next", "\nnext").replace(", keep", "\nkeep"))
    )
    more = [line for line in NEEDED.get(table, []) if line.partition(" ")[0] not in shown]
    if table in INLINE:
        return whole(INLINE[table].format(", ".join([*more, example])))
    header = f"[{table}]" if table in ("sop", "reading") else f"[[{table}]]"
    if table.startswith("sop."):
        return whole('[sop]\nid = "contoh"\n' + f"{header}\n{example}\n")
    return whole("\n".join([header, *more, example, ROWS if table == "procedure" else ""]))


@cache
def asked() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """What the loader asks of each table, and what it requires, seen while it reads every example of the page."""
    keys: dict[str, set[str]] = {}
    required: dict[str, set[str]] = {}
    has, require = Table.has, Table.require

    def path_of(table: Table) -> str:
        return ".".join(part for part in table.path if isinstance(part, str))

    def watched_has(table: Table, key: str) -> bool:
        keys.setdefault(path_of(table), set()).add(key)
        return has(table, key)

    def watched_require(table: Table, *wanted: str, **more: Any) -> None:
        required.setdefault(path_of(table), set()).update(wanted)
        require(table, *wanted, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Table, "has", watched_has)
        patch.setattr(Table, "require", watched_require)
        for text in (*map(whole, blocks()), *(around(t, x) for t, _, _, x in documented() if x)):
            load(text, name="contoh.toml")
    required.setdefault("", set()).add("format")
    chosen = {path for path in keys if set(path.split(".")) & set(FREE_KEYS)}
    return {path: (frozenset(keys[path]), frozenset(required.get(path, ()))) for path in keys.keys() - chosen}


@pytest.mark.parametrize("piece", blocks())
def test_every_piece_of_a_file_loads(piece: str) -> None:
    assert load(whole(piece), name="contoh.toml").procedures


@pytest.mark.parametrize(("table", "key", "example"), [(t, k, x) for t, k, _, x in documented() if x])
def test_every_example_of_a_key_loads(table: str, key: str, example: str) -> None:
    assert load(around(table, example), name="contoh.toml").procedures
    assert table == "" or re.search(r"\b\w+ = ", example), f"{table}.{key}"


def test_the_page_has_exactly_the_keys_the_loader_asks_for() -> None:
    on_the_page: dict[str, set[str]] = {}
    for table, key, _, _ in documented():
        on_the_page.setdefault(table, set()).add(key)
    assert on_the_page == {path: set(keys) for path, (keys, _) in asked().items()}


def test_every_value_of_the_model_is_a_table_of_the_page() -> None:
    tables = {table for table, *_ in documented()}
    assert tables == {"", *CLASSES}
    for table, kind in CLASSES.items():
        keys = {key for where, key, _, _ in documented() if where == table}
        names = {_KEYS.get(field.name, field.name) for field in fields(kind)}
        if "from" in keys:
            names = {"from" if name == "counted_from" else name for name in names}
        assert names <= keys, f"{table}: {names - keys}"


def test_what_the_page_calls_required_is_what_a_file_is_refused_without() -> None:
    said = {(table, key) for table, key, default, _ in documented() if default == "required"}
    assert said == {(path, key) for path, (_, required) in asked().items() for key in required}


def test_the_defaults_of_the_page_are_those_of_the_model() -> None:
    for table, key, default, _ in documented():
        if not default.startswith("`"):
            assert default in ("required", "*none*", "*empty*"), f"{table}.{key}"
            continue
        name = {"from": "counted_from", "for": "waits_for"}.get(key, key)
        kind = CLASSES[table]
        blank = _BLANK.get(kind)
        held = getattr(blank, name) if blank else next(one.default for one in fields(kind) if one.name == name)
        assert tomllib.loads(f"value = {default.strip('`')}")["value"] == held, f"{table}.{key}"


def test_a_key_without_a_default_of_its_own_is_empty_or_none_in_the_model() -> None:
    for table, key, default, _ in documented():
        if table and default in ("*none*", "*empty*"):
            name = {"from": "counted_from", "for": "accepts"}.get(key, key)
            names = {field.name for field in fields(CLASSES[table])}
            if name in names and CLASSES[table] in _BLANK:
                assert not getattr(_BLANK[CLASSES[table]], name), f"{table}.{key}"


def test_the_page_lists_every_reason_for_which_a_file_is_refused() -> None:
    text = PAGE.partition("## What is refused")[2].partition("\n## ")[0]
    cells = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    assert sorted(code for cell in cells for code in re.findall(r"`(\w+)`", cell)) == sorted(SENTENCES)
