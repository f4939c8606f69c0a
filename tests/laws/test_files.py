"""What holds for every file: it says what it is for, it names no machine and no package index, nothing is skipped."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tanggap"

MACHINE = re.compile(
    r"--(extra-)?index-url|--find-links|--trusted-host|files\.pythonhosted\.org|pypi\.org/simple"
    r"|(?<![\w./])/(home|root|Users|work|workspace)/\w|(?<![\w./])/tmp/\w"
)
ROOMS_THAT_MEAN_NOTHING = {"utils", "util", "helpers", "helper", "common", "services", "managers", "base", "misc"}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def python_files(folder: Path) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(folder.rglob("*.py")):
        yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def test_no_file_names_a_machine_or_a_package_index() -> None:
    found = []
    for path in tracked():
        if path in {Path(__file__).resolve(), ROOT / "Makefile"}:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in MACHINE.finditer(text)]
    assert not found


def test_every_package_in_the_locks_has_a_version_and_a_hash() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = re.sub(r"^#.*\n|^\n", "", lock.read_text(), flags=re.MULTILINE)
        packages = re.split(r"\n(?=\S)", text.strip())
        assert all(re.match(r"[a-z0-9.-]+==\S+ \\\n +--hash=sha256:[0-9a-f]{64}", package) for package in packages)


def test_what_runs_is_what_was_tested() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9.-]+==\S+", (ROOT / "requirements" / name).read_text(), re.MULTILINE))

    assert pins("run.txt") <= pins("test.txt")


def test_the_migrations_are_one_line_without_a_branch() -> None:
    """Two that were written side by side would stop every installation at its next start."""
    assert MigrationLoader(None).detect_conflicts() == {}


def test_every_module_says_in_one_line_what_it_is_for() -> None:
    silent = []
    for folder in ("src", "tests", "scripts", "bench"):
        for name, tree in python_files(ROOT / folder):
            first = (ast.get_docstring(tree) or "").splitlines()[:1]
            if "/migrations/" not in name and (not first or len(first[0]) < 15):
                silent.append(name)
    assert not silent


def test_no_module_has_a_name_that_means_nothing() -> None:
    found = [name for name, _ in python_files(SOURCE) if Path(name).stem in ROOMS_THAT_MEAN_NOTHING]
    backends = [f"src/tanggap/records/{database}/base.py" for database in ("postgresql", "sqlite")]
    assert sorted(found) == backends, "Django asks a database backend for this one name"


def test_nothing_is_left_for_later_in_words() -> None:
    word = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    files = (path for path in SOURCE.rglob("*") if path.suffix in {".py", ".html", ".css", ".js", ".toml"})
    assert not [str(path) for path in files if word.search(path.read_text(encoding="utf-8"))]


def test_no_signal_carries_anything_from_here_to_there() -> None:
    """The linter bans them where the clock is banned; this covers the entrances as well."""
    found = []
    for name, tree in python_files(SOURCE):
        for node in ast.walk(tree):
            modules = (
                [f"{node.module}.{alias.name}" for alias in node.names]
                if isinstance(node, ast.ImportFrom)
                else [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else []
            )
            found += [
                f"{name}: {module}"
                for module in modules
                if module.startswith(("django.db.models.signals", "django.dispatch", "django.core.signals"))
            ]
    assert not found


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    forbidden = re.compile(r"pytest\.(mark\.)?(skip|skipif|xfail|importorskip)\b|unittest\.skip")
    tests = [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__).resolve()]
    assert not [str(path) for path in tests if forbidden.search(path.read_text(encoding="utf-8"))]
