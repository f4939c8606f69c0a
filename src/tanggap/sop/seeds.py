"""The SOP documents that come with the program: five institutions, six procedures, as TOML files beside the code."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from tanggap.sop.load import load
from tanggap.sop.model import Sop

_SUFFIX = ".toml"


def names() -> tuple[str, ...]:
    """The ids of the seed documents, sorted: ``its-bapkm-keluhan``, ``ub-fmipa-mipa-care``, ..."""
    folder = files("tanggap") / "seeds" / "sop"
    return tuple(sorted(entry.name.removesuffix(_SUFFIX) for entry in folder.iterdir() if entry.name.endswith(_SUFFIX)))


def text(name: str) -> str:
    """The file of one seed document, with its comments. Raises ``KeyError`` for a name not in :func:`names`."""
    if name not in names():
        raise KeyError(name)
    return (files("tanggap") / "seeds" / "sop" / f"{name}{_SUFFIX}").read_text("utf-8")


@cache
def seed(name: str) -> Sop:
    """One seed document, read. Raises ``KeyError`` for a name not in :func:`names`."""
    return load(text(name), name=f"{name}{_SUFFIX}")
