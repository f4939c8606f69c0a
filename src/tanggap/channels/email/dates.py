"""When a mail says it was written: every form of date the wild has, as a moment, or nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = {name: n for n, name in enumerate(_MONTHS, 1)} | {
    "mei": 5,
    "agu": 8,
    "ags": 8,
    "okt": 10,
    "nop": 11,
    "des": 12,
}
_ZONES = {"GMT": 0, "UT": 0, "UTC": 0, "Z": 0, "WIB": 7, "WITA": 8, "WIT": 9, "SGT": 8, "JST": 9, "CET": 1, "CEST": 2,
          "BST": 1, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}  # fmt: skip
_DATE = re.compile(
    r"(?P<day>\d{1,2})[ -]{1,3}(?P<month>[A-Za-z]{3,12})[ -]{1,3}(?P<year>\d{2,4})[ ,]{1,3}"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?\s*(?P<zone>[+-]\d{4}\b|[+-]\d\d:\d\d|[A-Za-z]{1,5})?"
)
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:?\d\d)")
_LONGEST = 200
_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)


def moment(written: bytes) -> datetime | None:
    """The moment, in UTC; ``None`` when it cannot be read, never was, or has no zone."""
    text = written[:_LONGEST].decode("latin-1")
    try:
        found = _DATE.search(text)
        said = _of(found) if found else _iso(text)
        said = said.astimezone(UTC) if said is not None else None
    except (ValueError, OverflowError):
        return None
    return said if said is not None and said >= _EARLIEST else None


def _iso(text: str) -> datetime | None:
    found = _ISO.search(text)
    return datetime.fromisoformat(found[0]) if found else None


def _of(found: re.Match[str]) -> datetime | None:
    month, offset = _MONTH.get(found["month"][:3].lower()), _offset(found["zone"] or "")
    if month is None or offset is None:
        return None
    year = int(found["year"])
    if len(found["year"]) < 4:
        year += 2000 if year < 50 else 1900
    second = min(int(found["second"] or 0), 59)  # a leap second
    return datetime(year, month, int(found["day"]), int(found["hour"]), int(found["minute"]), second, tzinfo=offset)


def _offset(zone: str) -> timezone | None:
    if zone[:1] in ("+", "-"):
        hours, minutes = int(zone[1:3]), int(zone[-2:])
        if hours > 14 or minutes > 59:
            return None
        length = timedelta(hours=hours, minutes=minutes)
        return timezone(-length if zone[0] == "-" else length)
    hour = _ZONES.get(zone.upper())
    return None if hour is None else timezone(timedelta(hours=hour))
