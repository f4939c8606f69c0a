"""Whom a stretch of standing still was for: a fact of when it began, whatever a later version says of its reason."""

from __future__ import annotations

from collections.abc import Mapping

from tanggap.casework.events import COMPLAINANT
from tanggap.casework.state import Waiting
from tanggap.sop.model import Sop


def waits_for(wait: Waiting, sops: Mapping[str, Sop]) -> str:
    """``complainant``, ``outside`` or ``cycle``: as the log says, or in logs of before that was written down the

    version the case ran on when ``wait`` began. Empty when nobody can say any more.
    """
    if wait.waits_for:
        return wait.waits_for
    try:
        return sops[wait.sop].wait(wait.reason).waits_for
    except KeyError:
        return ""


def asks_complainant(wait: Waiting, sops: Mapping[str, Sop]) -> bool:
    """True when ``wait`` was for something the complainant had to bring or say."""
    return waits_for(wait, sops) == COMPLAINANT
