"""Looking round again and again until told to stop: whatever goes wrong in one round, there is another."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event

from django.db import close_old_connections

TROUBLE_SECONDS = 5.0
"""How long to leave alone what went wrong: a database that is away, a file that cannot be written."""

_log = logging.getLogger(__name__)


def keep_looking(
    stop: Event, look: Callable[[], bool], *, seconds: float, what: str, until: Callable[[], bool] = lambda: False
) -> None:
    """Call ``look`` every ``seconds`` until ``stop`` is set; at once again when it says that there is more.

    ``what``: what is looked for, in English, for the log. Nothing ends it but ``stop`` (or ``until``, where it waits
    for something): nobody would start it again.
    """
    while not stop.is_set() and not until():
        wait = seconds
        try:
            if look():
                wait = 0.0
        except Exception:  # noqa: BLE001  nobody would start this thread again
            _log.exception("this look round for %s ended early; trying again", what)
            wait = max(seconds, TROUBLE_SECONDS)
        finally:
            close_old_connections()
        stop.wait(wait)
