"""A channel for tests alone: its deliveries are JSON that say what they hold, or how reading them goes wrong."""

from __future__ import annotations

import json
import os
import signal
import tempfile
import time
from datetime import datetime
from typing import Any

from tanggap.channels.arrivals import Address, Arrival, Kind, Part, Reading, Status
from tanggap.channels.contract import Setting
from tanggap.channels.email import read_token

__all__ = ["KEY", "LABEL", "ORIGINAL", "SETTINGS", "read", "read_token"]

KEY = "odd"
LABEL = "Kanal uji"
SETTINGS = (Setting("number", "Nomor"), Setting("word", "Kata sandi", secret=True))
ORIGINAL = "asli.json"


def read(raw: bytes, settings: dict[str, str]) -> Reading:
    """What ``raw`` says it holds."""
    try:
        told = json.loads(raw)
    except ValueError:
        return Reading(faults=("no JSON",))
    if not isinstance(told, dict):
        return Reading(faults=("no object",))
    if "wrong" in told:
        _WRONGS[told["wrong"]]()
    arrivals = [_arrival(one) for one in told.get("arrivals", ())]
    return Reading(tuple(arrivals), tuple(told.get("faults", ())))


def _arrival(told: dict[str, Any]) -> Arrival:
    sender = Address(told.get("from", ""), told.get("name", ""), told.get("vouched", False))
    return Arrival(
        Kind(told.get("kind", "message")),
        told["id"],
        sender,
        sent_at=datetime.fromisoformat(told["at"]) if "at" in told else None,
        subject=told.get("subject", ""),
        text=told.get("text", ""),
        whole=told.get("text", ""),
        parts=tuple(Part(name, "text/plain", data.encode()) for name, data in told.get("files", {}).items()),
        answers=tuple(told.get("answers", ())),
        about=told.get("about", ""),
        token=told.get("token", ""),
        tags=tuple(told.get("tags", ())),
        reply_to=tuple(told.get("reply_to", ())),
        status=Status(told["status"]) if "status" in told else None,
    )


def _spin() -> None:
    while True:
        pass


def _eat() -> None:
    kept = []
    while True:
        kept.append(bytearray(64 * 1024 * 1024))


def _deep() -> None:
    _deep()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def _babble() -> None:
    os.write(1, b"\0" * 200)


def _leave() -> None:
    os._exit(0)


def _write() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(b"x" * 100)


def _raise() -> None:
    raise LookupError("as the library does")


def _killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _starved() -> None:
    time.sleep(60)


_WRONGS = {
    "spin": _spin, "eat": _eat, "deep": _deep, "die": _die, "babble": _babble, "leave": _leave, "write": _write,
    "raise": _raise, "killed": _killed, "starved": _starved,
}  # fmt: skip
