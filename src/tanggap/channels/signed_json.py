"""Bodies that platforms post: signed over the raw bytes, then read as JSON with every odd thing held at the door."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

MOST_BYTES = 3 * 1024 * 1024
"""A larger body is refused before anybody looks at it (S57)."""
_EARLIEST, _LATEST = 946_684_800, 4_102_444_800  # the years 2000 to 2100: outside, a stamp is taken for a mistake


class Tolerant(BaseModel):
    """A part of a body: fields that nobody knows are passed over, numbers may come as words."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, frozen=True)


class Unreadable(ValueError):
    """The body is not a JSON object; the message says why, in short English words for the log."""


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """True when ``signature`` is ``sha256=`` and the HMAC of the raw ``body`` in small hexadecimal letters (S57).

    Nothing is signed with an empty secret.
    """
    if not secret:
        return False
    expected = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))


def is_secret(given: str, secret: str) -> bool:
    """True when ``given`` is the agreed ``secret``, told in a time that says nothing. An empty secret is none."""
    return bool(secret) and hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode())


def read_object(body: bytes) -> Mapping[str, Any]:
    """The JSON object in ``body``. Raises :class:`Unreadable`, and nothing else whatever the bytes are."""
    if len(body) > MOST_BYTES:
        raise Unreadable("too large")
    try:
        found = json.loads(body.decode("utf-8", "strict"))
    except UnicodeDecodeError:
        raise Unreadable("not UTF-8") from None
    except RecursionError:
        raise Unreadable("nested too deeply") from None
    except ValueError:
        raise Unreadable("not JSON") from None
    if not isinstance(found, dict):
        raise Unreadable("not a JSON object")
    return found


def moment(stamp: str | float | None) -> datetime | None:
    """A Unix time in seconds or milliseconds as an aware moment; ``None`` for what is no plausible time.

    The platform's own time starts the clock, not the moment we read it.
    """
    try:
        seconds = float(stamp) if stamp is not None else 0.0
    except (TypeError, ValueError):
        return None
    if seconds > 100_000_000_000:
        seconds /= 1000
    if not _EARLIEST <= seconds <= _LATEST:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def items(value: object) -> list[Any]:
    """``value`` when it is a list, else an empty one: a platform that sends something else has sent nothing."""
    return value if isinstance(value, list) else []


def table(value: object) -> Mapping[str, Any]:
    """``value`` when it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}
