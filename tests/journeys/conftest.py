"""Every story happens in a town, and ends with every record sound.

Imports stand inside the fixtures: pytest reads this file before Django is set up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
def town_of(db: None, clock: Clock) -> Iterator[Callable[[str], Town]]:
    """A town by the key of its institution. When the story ends every record is sound, and every row is its log."""
    import worlds
    from tanggap.records.models import Case
    from tanggap.records.verification import verify
    from town import Town, assert_folds

    def build(key: str) -> Town:
        world = worlds.build(key)
        clock.zone = world.institution.zone
        return Town(world, clock)

    yield build
    assert not list(verify(at=clock.now))
    for case in Case.objects.values_list("pk", flat=True):
        assert_folds(case, at=clock.now)
