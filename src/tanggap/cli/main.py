"""The command `tanggap`: finds a command among the files of `commands/`, reads its arguments and runs it.

A command is one module. Its file name is its NAME with underscores for spaces (`sop_check.py` is `tanggap sop check`):
so only the module asked for is loaded, and the quick commands stay quick. A command has

- ``NAME``, ``HELP`` (an Indonesian sentence), ``EXAMPLES`` (command lines), optionally ``GROUP`` (a heading);
- ``arguments(parser)`` and ``run(args) -> int`` (0 well, 1 something was found, 2 could not be done);
- ``NEEDS_DATABASE = True`` when Django must stand before ``run``; it then imports what needs Django inside ``run``;
- ``FAILS_WITH``, the exit code for what could not be done, where whoever calls it reads another than 2.
"""

from __future__ import annotations

import argparse
import difflib
import importlib
import os
import pkgutil
import sys
import traceback
from collections.abc import Sequence
from typing import Protocol, cast

import tanggap
from tanggap.cli import commands
from tanggap.cli.terminal import CannotGoOn, bold, dim, red

_DEFAULT_GROUP = "Perintah"


class Command(Protocol):
    """What a module in `commands/` offers."""

    NAME: str
    HELP: str
    EXAMPLES: Sequence[str]

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""

    def run(self, args: argparse.Namespace) -> int:
        """Do it; returns the exit code."""


def names() -> list[str]:
    """The names of all commands, sorted, without loading any."""
    found = (module.name for module in pkgutil.iter_modules(commands.__path__))
    return sorted(name.replace("_", " ") for name in found if not name.startswith("_"))


def load(name: str) -> Command:
    """The command called ``name`` (one of :func:`names`)."""
    return cast("Command", importlib.import_module(f"{commands.__name__}.{name.replace(' ', '_')}"))


def overview(prefix: str = "") -> str:
    """What Tanggap can do: every command whose name begins with ``prefix``, under its heading."""
    groups: dict[str, list[Command]] = {}
    for command in (load(name) for name in names() if f"{name} ".startswith(f"{prefix} ".lstrip())):
        groups.setdefault(getattr(command, "GROUP", _DEFAULT_GROUP), []).append(command)
    width = max((len(command.NAME) for group in groups.values() for command in group), default=0)
    lines = [f"{bold('tanggap')} {tanggap.__version__}: penanganan pengaduan menurut SOP."]
    for heading, members in sorted(groups.items()):
        lines += ["", bold(heading)]
        lines += [f"  {command.NAME.ljust(width)}  {command.HELP}" for command in members]
    return "\n".join([*lines, "", dim("Rincian dan contoh: tanggap PERINTAH --help")])


def _chosen(words: Sequence[str]) -> str | None:
    """The longest command name that ``words`` begin with."""
    fitting = [name for name in names() if list(words[: len(name.split())]) == name.split()]
    return max(fitting, key=len, default=None)


def _unknown(words: Sequence[str]) -> CannotGoOn:
    asked = " ".join(words[:2] if len(words) > 1 and any(n.startswith(f"{words[0]} ") for n in names()) else words[:1])
    close = difflib.get_close_matches(asked, names(), n=1)
    hint = f"Maksud Anda: tanggap {close[0]}?" if close else "Ketik tanggap untuk melihat semua perintah."
    return CannotGoOn(f"Perintah “{asked}” tidak dikenal. {hint}")


def _run(name: str, rest: Sequence[str]) -> int:
    command = load(name)
    try:
        return _run_command(command, rest)
    except Exception as error:  # noqa: BLE001 it becomes a sentence, with the exit code its caller reads
        return _failed(error, getattr(command, "FAILS_WITH", 2))


def _run_command(command: Command, rest: Sequence[str]) -> int:
    # Loaded late: the overview and --version need no parser.
    from tanggap.cli.arguments import Arguments

    parser = Arguments(prog=f"tanggap {command.NAME}", description=command.HELP, examples=command.EXAMPLES)
    command.arguments(parser)
    args = parser.parse_args(rest)
    if getattr(command, "NEEDS_DATABASE", False):
        set_up_django()
    return command.run(args)


def set_up_django() -> None:
    """For a command that needs the database only sometimes: it takes longer than anything else such a command does."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tanggap.config.settings")
    import django

    django.setup()


def _dispatch(words: Sequence[str]) -> int:
    if not words or words[0] in {"-h", "--help", "help"}:
        print(overview())
        return 0
    if words[0] == "--version":
        print(f"tanggap {tanggap.__version__}")
        return 0
    name = _chosen(words)
    if name is not None:
        return _run(name, words[len(name.split()) :])
    if any(one.startswith(f"{words[0]} ") for one in names()) and (len(words) == 1 or words[1].startswith("-")):
        print(overview(words[0]))
        return 0
    raise _unknown(words)


def _sentence(error: Exception) -> str:
    if isinstance(error, CannotGoOn):
        return str(error)
    if isinstance(error, OSError) and error.filename:
        reason = (
            "tidak ditemukan" if isinstance(error, FileNotFoundError) else f"tidak dapat dipakai ({error.strerror})"
        )
        return f"{error.filename}: {reason}."
    return (
        f"Tidak dapat diteruskan: {str(error) or type(error).__name__}. Rincian: jalankan lagi dengan TANGGAP_DEBUG=1."
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that ``argv`` (the process's own arguments when none are given) asks for; its exit code.

    A failure is one sentence on stderr and exit code 2; TANGGAP_DEBUG=1 adds where it happened.
    """
    try:
        return _dispatch(list(sys.argv[1:] if argv is None else argv))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read the output has left (`tanggap ... | head`): nothing to say, and nobody to say it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 the last place where an error can become a sentence
        return _failed(error, 2)


def _failed(error: Exception, code: int) -> int:
    if isinstance(error, BrokenPipeError):
        raise error
    if os.environ.get("TANGGAP_DEBUG") == "1":
        traceback.print_exc()
    print(red(_sentence(error), sys.stderr), file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
