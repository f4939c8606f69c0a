"""The periods of the law as they hold for an institution: from the installation's own table, else Tanggap's."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from django.conf import settings

from tanggap.casework.ladder import Ladder
from tanggap.casework.law import LawClock, read_law


@cache
def law_of(institution: str) -> tuple[LawClock, ...]:
    """The clocks that the law sets for ``institution`` (its key). Read once per process.

    Raises :class:`tanggap.casework.law.LawRefused` and ``OSError`` for a table that cannot be used.
    """
    own = settings.TANGGAP_LAW
    text = Path(own).read_text("utf-8") if own else (files("tanggap") / "seeds" / "law.toml").read_text("utf-8")
    law = read_law(text, institution=institution)
    remember(law)
    return law


Table = tuple[LawClock, ...] | Ladder
_versions: dict[int, tuple[Table, str]] = {}
"""The word for each table by its identity; the table beside it, so that no other ever has this identity."""


def remember(table: Table) -> None:
    """Work out the word for ``table`` once and for all."""
    _versions[id(table)] = (table, _version(table))


def version_of(table: Table) -> str:
    """One word for a table: another word, other moments. Empty for no table. Asked at every act."""
    known = _versions.get(id(table))
    return known[1] if known is not None else _version(table)


def _version(table: Table) -> str:
    return sha256(repr(table).encode()).hexdigest() if table else ""
