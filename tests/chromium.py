"""Where a Chromium for the browser tests is, if there is one."""

from __future__ import annotations

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""A browser for loopback alone: it looks up nothing of its own, and starts as root."""


def path() -> str | None:
    """The program's path, or ``None`` when no Chromium is installed."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)
