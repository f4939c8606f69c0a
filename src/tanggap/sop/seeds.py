"""The SOP documents that come with the program, as TOML files beside the code: those of five institutions (``sop``),

and Tanggap's own, which pretend to be nobody's and which an institution may adopt (``own``).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from tanggap.sop.load import load
from tanggap.sop.model import Sop

_SUFFIX = ".toml"


def names() -> tuple[str, ...]:
    """The ids of the institutions' documents, sorted: ``its-bapkm-keluhan``, ``ub-fmipa-mipa-care``, ..."""
    return _in("sop")


def own() -> tuple[str, ...]:
    """The ids of Tanggap's own documents, sorted: ``tanggap-evaluasi-pengaduan``, ..."""
    return _in("own")


def _in(folder: str) -> tuple[str, ...]:
    found = (files("tanggap") / "seeds" / folder).iterdir()
    return tuple(sorted(entry.name.removesuffix(_SUFFIX) for entry in found if entry.name.endswith(_SUFFIX)))


def text(name: str) -> str:
    """The file of one document, with its comments. Raises ``KeyError`` for a name in neither list."""
    for folder in ("sop", "own"):
        if name in _in(folder):
            return (files("tanggap") / "seeds" / folder / f"{name}{_SUFFIX}").read_text("utf-8")
    raise KeyError(name)


@cache
def seed(name: str) -> Sop:
    """One document, read. Raises ``KeyError`` for a name in neither list."""
    return load(text(name), name=f"{name}{_SUFFIX}")
