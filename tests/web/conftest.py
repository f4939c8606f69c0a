"""A town with everybody at their post, and the clock that its pages read.

Imports stand inside the fixtures: pytest reads this file before Django is set up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from town import Clock, Town


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock every page reads."""
    from tanggap.web import page
    from town import Clock

    clock = Clock()
    monkeypatch.setattr(page, "now", lambda: clock.now)
    return clock


@pytest.fixture
def town_of(db: None, clock: Clock) -> Callable[[str], Town]:
    """A town by the key of its institution."""
    import worlds
    from town import Town

    def build(key: str) -> Town:
        world = worlds.build(key)
        clock.zone = world.institution.zone
        return Town(world, clock)

    return build


@pytest.fixture
def town(town_of: Callable[[str], Town]) -> Town:
    """FMIPA UB: the operator serves at the desk, the vice dean coordinates; it is Monday, 08.05 WIB."""
    town = town_of("ub-fmipa")
    town.give("operator-mipa-care", desk=True)
    town.give("wakil-dekan-umum", coordinator=True)
    town.clock.at("2026-11-16 08.05")
    return town
