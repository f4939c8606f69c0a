"""The command line: finds commands, speaks Indonesian, fails in one sentence."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from tanggap.cli import main as cli
from tanggap.cli.terminal import CannotGoOn, table


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "tanggap", *words], capture_output=True, text=True, check=False)


def test_without_arguments_it_shows_every_command_with_its_sentence() -> None:
    shown = run()
    assert shown.returncode == 0
    for name in cli.names():
        assert cli.load(name).HELP in shown.stdout
    assert "\x1b[" not in shown.stdout, "colour is for terminals"


@pytest.mark.parametrize("name", cli.names())
def test_every_command_explains_itself_with_examples(name: str) -> None:
    shown = run(*name.split(), "--help")
    assert shown.returncode == 0, shown.stderr
    assert "Contoh" in shown.stdout
    assert all(example in shown.stdout for example in cli.load(name).EXAMPLES)


def test_a_command_that_does_not_exist_is_answered_in_one_sentence_with_the_likely_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "names", lambda: ["due", "sop check"])
    assert cli.main(["sop", "chek"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "Maksud Anda: tanggap sop check?" in said


class Failing:
    """A command that fails with ``error``."""

    NAME = "gagal"
    HELP = "Perintah yang gagal."
    EXAMPLES = ("tanggap gagal",)

    def __init__(self, error: Exception) -> None:
        self.error = error

    def arguments(self, parser: object) -> None:
        """None."""

    def run(self, args: object) -> int:
        raise self.error


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (CannotGoOn("Lembaga “x” tidak ada."), "Lembaga “x” tidak ada."),
        (FileNotFoundError(2, "No such file", "a.toml"), "a.toml: tidak ditemukan."),
        (PermissionError(13, "Permission denied", "a.toml"), "a.toml: tidak dapat dipakai (Permission denied)."),
        (ZeroDivisionError("division by zero"), "Tidak dapat diteruskan: division by zero."),
    ],
)
def test_a_failure_is_one_sentence_and_exit_code_two_and_never_a_traceback(
    error: Exception, sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "names", lambda: ["gagal"])
    monkeypatch.setattr(cli, "load", lambda name: Failing(error))
    assert cli.main(["gagal"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(sentence)
    assert said.count("\n") == 1


def test_with_tanggap_debug_the_traceback_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TANGGAP_DEBUG", "1")
    monkeypatch.setattr(cli, "names", lambda: ["gagal"])
    monkeypatch.setattr(cli, "load", lambda name: Failing(ValueError("x")))
    assert cli.main(["gagal"]) == 2
    assert "Traceback" in capsys.readouterr().err


def test_a_mistake_in_the_arguments_is_said_in_indonesian(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "names", lambda: ["gagal"])
    monkeypatch.setattr(cli, "load", lambda name: Failing(ValueError("x")))
    assert cli.main(["gagal", "--salah"]) == 2
    assert "Tidak dikenal: --salah. Lihat: tanggap gagal --help" in capsys.readouterr().err


def test_the_version_is_told_without_loading_django() -> None:
    began = time.monotonic()
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "tanggap", "--version"], capture_output=True, text=True, check=True
    )
    assert told.stdout.startswith("tanggap ")
    assert "django" not in told.stderr
    assert time.monotonic() - began < 5


def test_a_table_lines_up_and_ends_numbers_flush() -> None:
    assert table([("a", 5), ("bcd", 125)], ["x", "menit"], right=[1]) == "x    menit\na        5\nbcd    125"
