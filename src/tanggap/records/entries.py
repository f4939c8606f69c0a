"""One line of the log, as its columns say it, made an entry."""

from __future__ import annotations

import json
from datetime import datetime

from tanggap.casework.codec import decode
from tanggap.casework.events import Entry


def read_entry(
    seq: int, kind: str, data: str, happened_at: datetime, recorded_at: datetime, by: str, key: str, digest: str
) -> Entry:
    """The entry of these columns. Raises :class:`tanggap.casework.codec.UnknownEvent`."""
    return Entry(seq, decode(kind, json.loads(data)), happened_at, recorded_at, by, key, digest)
