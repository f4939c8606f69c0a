"""The ladder as it holds for an institution: from the installation's own table, else Tanggap's."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from django.conf import settings

from tanggap.casework.ladder import Ladder, read_ladder
from tanggap.records.law import remember


@cache
def ladder_of(institution: str) -> Ladder:
    """Who is reminded and rung when in ``institution`` (its key). Read once per process.

    Raises :class:`tanggap.casework.ladder.LadderRefused` and ``OSError`` for a table that cannot be used.
    """
    own = settings.TANGGAP_LADDER
    text = Path(own).read_text("utf-8") if own else (files("tanggap") / "seeds" / "ladder.toml").read_text("utf-8")
    ladder = read_ladder(text, institution=institution)
    remember(ladder)
    return ladder
