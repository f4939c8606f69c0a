"""Nobody is flooded: how many automatic messages may go to one address and to the complainant of one case in a day."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from tanggap.actions import outbox
from tanggap.casework.events import COMPLAINANT
from tanggap.records.keys import keyed_digest
from tanggap.records.models import Case, ConfirmedAddress, Outbox
from tanggap.records.writing import write

A_DAY = timedelta(hours=24)
MOST_PER_CASE = 3
"""Automatic messages to the complainant of one case in 24 hours; one address that nobody confirmed: one in 24 hours."""
ASKS = frozenset({"question", "answered", "letter", "closed"})
"""What waits once for the next day when an unconfirmed address has had its mail; everything else falls silent."""
_CONFIRM_WITHIN = timedelta(days=30)
_MAC_LETTERS = 32


def address_digest(to: str) -> str:
    """What stands in a row for an address."""
    return keyed_digest("address", to.lower()).hex()


def is_confirmed(to: str) -> bool:
    """True when the owner of an address has opened the link sent to it."""
    return ConfirmedAddress.objects.filter(pk=address_digest(to)).exists()


def count(row: Outbox, to: str, *, at: datetime) -> None:
    """Write down that an officer's own words go to ``to``: never held back, and counted like everything else."""
    with write():
        Outbox.objects.filter(pk=row.pk).update(address=address_digest(to), reserved_at=at)


def reserve(row: Outbox, to: str, *, confirmed: bool, at: datetime) -> tuple[str, datetime | None]:
    """Take one of the messages that may go to this address today: ``("", None)`` when it may.

    Else why not, and the moment from which it may, when it is worth waiting for. A row keeps what it took.
    """
    if row.reserved_at is not None and at - row.reserved_at < A_DAY:
        return "", None
    digest = address_digest(to)
    with write():
        Case.objects.select_for_update().get(pk=row.case_id)
        outbox.lock(keyed_digest("address pace", digest).hex(), at=at)
        recent = Outbox.objects.filter(reserved_at__gt=at - A_DAY).exclude(pk=row.pk)
        if recent.filter(case=row.case_id, audience=COMPLAINANT).count() >= MOST_PER_CASE:
            return "capped", None
        last = None if confirmed else recent.filter(address=digest).order_by("-reserved_at").first()
        if last is not None and last.reserved_at is not None:
            if row.kind in ASKS and row.why != "deferred" and last.case_id == row.case_id:
                return "deferred", last.reserved_at + A_DAY
            return "capped", None
        Outbox.objects.filter(pk=row.pk).update(address=digest, reserved_at=at)
    return "", None


def confirm_token(letter: str) -> str:
    """What the link in a letter carries: only who got the letter, or has our keys, can know it."""
    return f"{letter}.{keyed_digest('confirm address', letter).hex()[:_MAC_LETTERS]}"


def confirm_address(token: str, *, at: datetime) -> bool:
    """The owner of an address has opened the link sent to it: it may be written to freely. ``False``: no such link."""
    letter = token.partition(".")[0]
    if not hmac.compare_digest(token.encode(), confirm_token(letter).encode()):
        return False
    row = Outbox.objects.filter(letter=letter, reserved_at__gt=at - _CONFIRM_WITHIN).exclude(address="").first()
    if row is None:
        return False
    with write():
        ConfirmedAddress.objects.get_or_create(digest=row.address, defaults={"at": at})
    return True
