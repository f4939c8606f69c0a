"""Lanes: one after another by one way, several ways at once and not more, and what came back is heard in one thread."""

from __future__ import annotations

from threading import Event, get_ident

from tanggap.channels.contract import Fate, Outcome
from tanggap.worker.lanes import Going, Lanes


def test_ways_go_side_by_side_each_in_its_order_and_not_more_than_allowed_at_once() -> None:
    """F9: two ways at once; the third begins when one has ended; a crash is told like an answer."""
    goes_on, begun, ended, heard_in = Event(), [], [], set()

    def begin(name: str, errand: int) -> Going | None:
        begun.append((name, errand))
        if errand == 0:
            return None  # settled without going

        def going() -> Outcome:
            assert name != "hangs" or goes_on.wait(10)
            if errand == 9:
                raise OSError
            return Outcome(Fate.SENT)

        return going

    def end(name: str, errand: int, outcome: Outcome | Exception) -> None:
        ended.append((name, errand, isinstance(outcome, Exception)))
        heard_in.add(get_ident())

    lanes: Lanes[int] = Lanes(begin, end, at_once=2)
    for name, errand in (("hangs", 1), ("hangs", 2), ("a", 0), ("a", 3), ("a", 9), ("b", 4)):
        lanes.put(name, errand)
    assert not lanes.settle(0.2)
    assert sorted(ended) == [("a", 3, False), ("a", 9, True), ("b", 4, False)]
    assert begun.index(("a", 3)) < begun.index(("a", 9))
    assert ("hangs", 2) not in begun
    assert lanes.is_idle("a")
    assert not lanes.is_idle("hangs")
    goes_on.set()
    assert lanes.settle(10)
    assert ended[-2:] == [("hangs", 1, False), ("hangs", 2, False)]
    assert heard_in == {get_ident()}
    lanes.put("a", 5)
    assert lanes.empty() == [5]
    closed = Event()
    lanes.hang_up("b", closed.set)
    assert lanes.settle(10)
    assert closed.is_set()
