"""What must not stand in a log: addresses that open something for whoever has them."""

from __future__ import annotations

import logging
import re

_OPENING = re.compile(r"(/(?:undangan|bergabung|alamat|lacak/buka)/)[^\s/?\"']+")
"""Addresses that end in a token (web/urls.py): a test asks for every one of them."""


class NoTokens(logging.Filter):
    """Leaves the token out of every address in a line: what was refused is logged, and its link is still good."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true; the line may be another."""
        said = record.getMessage()
        kept = _OPENING.sub(r"\1...", said)
        if kept != said:
            record.msg, record.args = kept, ()
        return True
