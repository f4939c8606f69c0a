"""Events are the truth (docs/decisions/0003): the log has one writer, and a case one door."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "tanggap"
PROJECTED = {
    "CaseEvent",
    "Case",
    "Duty",
    "DutyPost",
    "DutyRung",
    "CaseParty",
    "Message",
    "Attachment",
    "Identity",
    "CaseKey",
}
WRITES = {"create", "bulk_create", "get_or_create", "update_or_create", "bulk_update", "delete", "save"}
ALLOWED = {
    "records/store.py",  # the writer
    "records/sealing.py",  # the part of it that encrypts
    "records/models/cases.py",
}


def calls(path: Path) -> Iterator[tuple[int, str]]:
    """Every call of a writing method on a projected table, and every making of one of its rows."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            words = ast.unparse(node.func)
            model, _, rest = words.partition(".")
            if model in PROJECTED and rest.startswith("objects") and rest.rpartition(".")[2] in WRITES:
                yield node.lineno, words
            if words == "CaseEvent":
                yield node.lineno, words


def test_only_the_store_writes_the_log_and_what_is_projected_from_it() -> None:
    found = [
        f"{path.relative_to(SOURCE)}:{line}: {words}"
        for path in SOURCE.rglob("*.py")
        if str(path.relative_to(SOURCE)) not in ALLOWED and "migrations" not in path.parts
        for line, words in calls(path)
    ]
    assert found == []


def test_the_watch_itself_sees_a_second_writer(tmp_path: Path) -> None:
    file = tmp_path / "x.py"
    file.write_text("CaseEvent.objects.create(case=1)\nDuty.objects.filter(pk=1).delete()\nCaseEvent(seq=1)\n")
    assert [line for line, _ in calls(file)] == [1, 2, 3]


def test_only_the_doors_append_to_a_log() -> None:
    """store.append and store.begin are called by act, by receive and where periodic duties open, by nobody else."""
    callers = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"store.append", "store.begin"}
    }
    assert callers == {"actions/cases.py", "actions/intake.py", "actions/schedules.py"}


def test_the_quick_statements_that_write_are_the_writers_own() -> None:
    users = {
        (str(path.relative_to(SOURCE)), alias.name)
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "tanggap.records.rows"
        for alias in node.names
        if alias.name not in {"select", "select_columns"}
    }
    assert {path for path, _ in users} == {"records/store.py", "records/sealing.py", "records/recount.py"}
