"""docs/reference.md names every command, setting, event and rule, as the code says them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tanggap.casework import events
from tanggap.cli import main as cli
from tanggap.config.variables import VARIABLES
from tanggap.sop.check import codes

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")


def test_the_reference_is_what_the_code_says_today() -> None:
    written = subprocess.run(
        [sys.executable, ROOT / "scripts" / "reference.py", "--check"], capture_output=True, text=True, check=False
    )
    assert written.returncode == 0, written.stderr


def test_every_command_is_documented_and_lies_in_the_file_of_its_name() -> None:
    for name in cli.names():
        command = cli.load(name)
        assert name == command.NAME
        assert command.HELP.endswith(".")
        assert command.EXAMPLES
        assert all(f"tanggap {name}" in example for example in command.EXAMPLES)
        assert f"### `tanggap {name}`" in PAGE


def test_every_kind_of_event_is_documented() -> None:
    assert all(f"| `{kind}` |" in PAGE for kind in events.KINDS)


def test_every_setting_is_documented_and_there_are_fewer_than_forty() -> None:
    assert all(f"| `{one.name}` |" in PAGE for one in VARIABLES)
    assert all(one.name.startswith("TANGGAP_") and one.means.endswith(".") for one in VARIABLES)
    assert len(VARIABLES) < 40


def test_no_setting_is_read_past_the_table() -> None:
    known = {one.name for one in VARIABLES}
    named = {
        name
        for path in (ROOT / "src").rglob("*.py")
        for name in re.findall(r"environ\S*?[\[(]\"(\w+)\"", path.read_text(encoding="utf-8"))
        if name.startswith("TANGGAP_")
    }
    assert named <= known


def test_every_rule_of_the_checker_is_documented() -> None:
    assert all(f"| `{code}` |" in PAGE for code in codes())
