"""Lanes: what leaves by one way leaves one after another, several ways at once, and one that hangs holds up no other.

Only the waiting for others (a mail server, a platform, Gammu) happens in threads. The database stays with the thread
that asks: what must be read is read before an errand begins, and what became of it is written when it came back.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Generic, TypeAlias, TypeVar

from tanggap.channels.contract import Outcome

AT_ONCE = 8
"""How many ways are gone at once."""
MOST_WAITING = 25
"""How many errands a lane keeps in memory, with their words and files; the others stay in the outbox."""

_log = logging.getLogger(__name__)
Errand = TypeVar("Errand")
Going: TypeAlias = Callable[[], Outcome]


class Lanes(Generic[Errand]):
    """Errands by way. ``begin`` makes one ready, or settles it at once; ``ended`` hears what became of it."""

    def __init__(
        self, begin: Callable[[str, Errand], Going | None], ended: Callable[[str, Errand, Outcome | Exception], None],
        *, at_once: int = AT_ONCE,
    ) -> None:  # fmt: skip
        self._begin, self._ended, self._at_once = begin, ended, at_once
        self._waiting: dict[str, deque[Errand]] = {}
        self._busy: set[str] = set()
        self._back: SimpleQueue[tuple[str, Errand | None, Outcome | Exception | None]] = SimpleQueue()

    def put(self, name: str, errand: Errand) -> None:
        """Have ``errand`` wait for its turn; :meth:`move` lets it begin."""
        self._waiting.setdefault(name, deque()).append(errand)

    def is_full(self, name: str) -> bool:
        """True when no more should be put into this lane for now."""
        return len(self._waiting.get(name, ())) >= MOST_WAITING

    def is_idle(self, name: str) -> bool:
        """True when nothing goes or waits by this way."""
        return name not in self._busy and not self._waiting.get(name)

    def move(self) -> None:
        """Hear what came back, and let begin what may; waits for nobody."""
        self._start()
        while True:
            try:
                self._hear(*self._back.get_nowait())
            except Empty:
                return
            self._start()

    def settle(self, seconds: float | None) -> bool:
        """Go on until nothing is under way any more, at most for ``seconds``; false when something still is."""
        until = None if seconds is None else time.monotonic() + seconds
        self.move()
        while self._busy:
            try:
                back = self._back.get(timeout=None if until is None else max(0.0, until - time.monotonic()))
            except Empty:
                return False
            self._hear(*back)
            self.move()
        return True

    def hang_up(self, name: str, close: Callable[[], None]) -> None:
        """Close an idle way: even a goodbye may hang."""
        self._busy.add(name)
        Thread(target=self._close, args=(name, close), daemon=True).start()

    def empty(self) -> list[Errand]:
        """Nothing more begins: what still waited, to be given back."""
        left = [errand for lane in self._waiting.values() for errand in lane]
        self._waiting.clear()
        return left

    def _start(self) -> None:
        """Let begin what may, every way in its turn. ``begin`` may put more, and nothing else of this."""
        while len(self._busy) < self._at_once:
            name = next((one for one in self._waiting if one not in self._busy), None)
            if name is None:
                return
            lane = self._waiting.pop(name)
            errand = lane.popleft()
            if lane:
                self._waiting[name] = lane  # at the end
            going = self._begin(name, errand)
            if going is not None:
                self._busy.add(name)
                Thread(target=self._go, args=(name, errand, going), name=f"letter {name}", daemon=True).start()

    def _hear(self, name: str, errand: Errand | None, outcome: Outcome | Exception | None) -> None:
        self._busy.discard(name)
        if errand is not None and outcome is not None:
            self._ended(name, errand, outcome)

    def _go(self, name: str, errand: Errand, going: Going) -> None:
        try:
            outcome: Outcome | Exception = going()
        except Exception as error:  # noqa: BLE001  told to the thread that asked
            outcome = error
        self._back.put((name, errand, outcome))

    def _close(self, name: str, close: Callable[[], None]) -> None:
        try:
            close()
        except Exception:  # noqa: BLE001  a goodbye that fails is one all the same
            _log.exception("%s could not be hung up on", name)
        finally:
            self._back.put((name, None, None))
