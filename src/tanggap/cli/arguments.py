"""The argument parser of the standard library, speaking Indonesian and showing examples."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NoReturn

from tanggap.cli.terminal import CannotGoOn, bold

_INDONESIAN = {
    "usage: ": "Cara pakai: ",
    "positional arguments": "Masukan",
    "options": "Pilihan",
    "show this help message and exit": "tampilkan bantuan ini",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "the following arguments are required: %s": "masih kurang: %s",
    "one of the arguments %s is required": "isi salah satu dari: %s",
    "not allowed with argument %s": "tidak dapat bersama %s",
    "ignored explicit argument %r": "tidak menerima nilai %r",
    "unrecognized arguments: %s": "tidak dikenal: %s",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s kurang jelas, bisa berarti %(matches)s",
    "invalid %(type)s value: %(value)r": "nilai %(value)r tidak dapat dibaca",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r bukan pilihan; pilih salah satu dari %(choices)s",
    "expected one argument": "perlu satu nilai",
    "expected at most one argument": "paling banyak satu nilai",
    "expected at least one argument": "perlu sedikitnya satu nilai",
    "expected %s argument": "perlu %s nilai",
    "expected %s arguments": "perlu %s nilai",
}


def _translate(message: str) -> str:
    return _INDONESIAN.get(message, message)


def _translate_count(one: str, many: str, count: int) -> str:
    return _translate(one if count == 1 else many)


# argparse looks its words up through these two names; replacing them spares a compiled catalogue for eighteen phrases.
argparse._ = _translate  # type: ignore[attr-defined]
argparse.ngettext = _translate_count  # type: ignore[attr-defined]


class Arguments(argparse.ArgumentParser):
    """A parser whose mistakes are one sentence (raised, not printed) and whose help ends with examples."""

    def __init__(self, *, prog: str, description: str, examples: Sequence[str]) -> None:
        super().__init__(prog=prog, description=description, allow_abbrev=False)
        self.examples = examples

    def error(self, message: str) -> NoReturn:
        """Raise :class:`CannotGoOn` with ``message`` and the way to the help."""
        raise CannotGoOn(f"{message[:1].upper()}{message[1:]}. Lihat: {self.prog} --help")

    def format_help(self) -> str:
        """Usage, description, arguments, then the examples."""
        text = super().format_help()
        if not self.examples:
            return text
        return f"{text}\n{bold('Contoh')}\n" + "".join(f"  {example}\n" for example in self.examples)
