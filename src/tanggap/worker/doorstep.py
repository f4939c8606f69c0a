"""How ``tanggap mail`` hands a mail to the worker of the same machine: by a socket in the data folder.

A process for one mail then needs neither Django nor the database: starting those costs more than storing the mail.
Nothing here may import them.
"""

from __future__ import annotations

import hashlib
import os
import socket
import struct
from collections.abc import Callable, Mapping
from pathlib import Path

SOCKET, LOCK = "surel.sock", "surel.lock"
MOST_BYTES = 64 * 1024 * 1024
"""More is never read of a mail (:mod:`tanggap.channels.email.limits`)."""
SECONDS = 60.0
"""How long the worker has to answer; then the mail is stored by whoever brought it."""
STORED, LATER = 0, 75
"""What the worker answers: exit codes of ``tanggap mail``."""
HEAD = struct.Struct(">16sHI")
"""Which database is meant, and how long the name of the account and the mail are."""
ANSWER = struct.Struct(">BH")
"""An exit code, and how long the sentence is that goes with it."""


def folder(environ: Mapping[str, str]) -> Path:
    """The data folder that ``environ`` names, as the settings find it."""
    return Path(environ.get("TANGGAP_DATA", "").strip() or "data/tanggap")


def meant(environ: Mapping[str, str]) -> bytes:
    """Tells the database of one installation from another's, without telling how to get into it."""
    return hashlib.sha256(environ.get("TANGGAP_DATABASE_URL", "").strip().encode()).digest()[:16]


def hand_over(where: Path, account: str, raw: bytes) -> tuple[int, str] | None:
    """What the worker of the data folder ``where`` says of ``raw``: an exit code and a sentence.

    ``None`` when there is none, or it did not answer: then store it here (the same mail twice is one).
    """
    name = account.encode("utf-8", "surrogateescape")
    if len(name) > 1000:
        return None
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(SECONDS)
            line.connect(str(where / SOCKET))
            line.sendall(HEAD.pack(meant(os.environ), len(name), len(raw)) + name)
            line.sendall(raw)
            code, length = ANSWER.unpack(take(line.recv, ANSWER.size))
            return code, take(line.recv, length).decode("utf-8", "replace")
    except OSError:
        return None


def take(receive: Callable[[int], bytes], size: int) -> bytes:
    """Exactly ``size`` bytes. Raises ``ConnectionError`` when the other end hangs up before."""
    parts, left = [], size
    while left:
        part = receive(min(left, 1 << 20))
        if not part:
            raise ConnectionError("hung up")
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
