"""What looking into a mailbox or a telephone brings, in the words of all of them."""

from __future__ import annotations

from dataclasses import dataclass


class CannotOpen(Exception):
    """It cannot be opened; ``why`` in Indonesian words for an administrator, without a secret in them."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(slots=True)
class Visit:
    """What one visit did. ``again``: there is more. ``why``: what went wrong, in Indonesian words."""

    stored: int = 0
    again: bool = False
    why: str = ""
