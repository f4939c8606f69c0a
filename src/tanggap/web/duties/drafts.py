"""What somebody typed into a form of the case page that could not be done yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Typed = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody typed into a form that could not be done: by which verb, on which visit or disposition; errors."""

    verb: str = ""
    visit: str = ""
    typed: Typed = field(default_factory=dict)
    several: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    errors: Typed = field(default_factory=dict)
    disposition: str = ""
