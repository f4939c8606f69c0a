"""A calendar invitation (RFC 5545) as a few lines of text: what, when, where, who asks."""

from __future__ import annotations

import re

_SHOWN = {"SUMMARY": "Acara", "DTSTART": "Mulai", "DTEND": "Selesai", "LOCATION": "Tempat", "DESCRIPTION": "Keterangan"}
_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?")
_LONGEST = 200_000


def text(calendar: str) -> str:
    """The first event of ``calendar`` in lines of our own; nothing when there is none."""
    lines = re.sub(r"\r?\n[ \t]", "", calendar[:_LONGEST]).splitlines()
    said: dict[str, str] = {}
    inside = False
    for line in lines:
        name, _colon, value = line.partition(":")
        name = name.partition(";")[0].upper()
        if line.upper().startswith("BEGIN:VEVENT"):
            inside = True
        elif line.upper().startswith("END:VEVENT"):
            break
        elif inside and name in _SHOWN and name not in said and value.strip():
            said[name] = _when(value) if name.startswith("DT") else _plain(value)
    return "\n".join(f"{_SHOWN[name]}: {said[name]}" for name in _SHOWN if name in said)


def _when(value: str) -> str:
    found = _DATE.match(value)
    if not found:
        return value[:40]
    year, month, day, hour, minute, universal = found.groups()
    time = f" {hour}.{minute}{' UTC' if universal else ''}" if hour else ""
    return f"{day}/{month}/{year}{time}"


def _plain(value: str) -> str:
    return re.sub(r"\\([\\;,nN])", lambda found: "\n" if found[1] in "nN" else found[1], value).strip()
