"""Links by which who wrote by mail, chat or SMS reads what may not be written there: one use, and then there is a code.

The link of a letter proves that its mailbox or account is read by whoever opens it. A tracking code is made only then.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tanggap.actions.arrived import MESSAGE
from tanggap.actions.tracking import code_for, hash_code
from tanggap.casework.events import COMPLAINANT
from tanggap.records.deliveries import case_of_intake
from tanggap.records.keys import keyed_digest
from tanggap.records.models import ConfirmedAddress, InboxItem, Outbox, TrackingCode
from tanggap.records.outbox import QUEUED, SENT
from tanggap.records.writing import write

GOOD_FOR = timedelta(days=30)
ANOTHER_AFTER = timedelta(hours=24)
"""A letter is sent again with a new link at most once a day: nobody's mailbox is filled by old links."""
_EMAIL = "email"
_MAC_LETTERS = 32


@dataclass(frozen=True, slots=True)
class Opened:
    """The case of a letter, its number, and the code by which it opens from now on (empty: it has one of old)."""

    case: UUID
    register: str
    code: str


def token_of(letter: str) -> str:
    """What the link in a letter carries: only who got the letter, or has our keys, can know it."""
    return f"{letter}.{keyed_digest('open by letter', letter).hex()[:_MAC_LETTERS]}"


def has_code(case: UUID) -> bool:
    """True when somebody was told a tracking code of ``case``."""
    return TrackingCode.objects.filter(case=case).exists()


def is_ours(token: str) -> bool:
    """True when the link was in a letter that has not been sent anew since."""
    return _row(token) is not None


def open_case(token: str, *, at: datetime) -> Opened | None:
    """Use the link: ``None`` when it was used, is older than thirty days, or is none of ours.

    Who opens it reads that address, so it counts as confirmed. The code is the same whenever it is told
    (:func:`tanggap.actions.tracking.code_for`); its hash is written when it is told first.
    """
    row = _row(token)
    if row is None or row.reserved_at is None or at >= row.reserved_at + GOOD_FOR:
        return None
    code = _code(row)
    hashed = hash_code(code) if code and not has_code(row.case_id) else ""
    with write():
        if not Outbox.objects.filter(pk=row.pk, letter=row.letter, read_at__isnull=True).update(read_at=at):
            return None
        if hashed:
            TrackingCode.objects.get_or_create(case_id=row.case_id, defaults={"hash": hashed})
        if row.channel == _EMAIL and row.address:
            ConfirmedAddress.objects.get_or_create(digest=row.address, defaults={"at": at})
    return Opened(row.case_id, row.case.register, code)


def send_again(token: str, *, at: datetime) -> datetime | None:
    """The letter of a link that no longer opens is queued again, with another link, to the address it went to.

    ``None`` when it was; else the moment from which that is possible. Raises ``LookupError`` for no link of ours.
    """
    row = _row(token)
    if row is None:
        raise LookupError("no letter of this link")
    since = row.reserved_at or row.made_at
    if at < since + ANOTHER_AFTER:
        return since + ANOTHER_AFTER
    with write():
        Outbox.objects.filter(pk=row.pk, letter=row.letter, state=SENT).update(
            state=QUEUED, why="", attempts=0, letter="", template=None, next_at=at, tried="", account=None,
            worded=False, external="", reached="", reached_at=None, read_at=None, reserved_at=None, ended_at=None,
        )  # fmt: skip
    return None


def _row(token: str) -> Outbox | None:
    """The notice whose letter carried the link, once it has left."""
    letter = token.partition(".")[0]
    if not hmac.compare_digest(token.encode("utf-8", "replace"), token_of(letter).encode("utf-8", "replace")):
        return None
    left = Outbox.objects.filter(letter=letter, audience=COMPLAINANT, state=SENT).select_related("case__institution")
    return left.first()


def _code(row: Outbox) -> str:
    """The code of a case that an arrival began; empty for one that began otherwise, whose code we cannot tell."""
    house = row.case.institution.key
    for mark in InboxItem.objects.filter(case=row.case_id, kind=MESSAGE).order_by("at").values_list("mark", flat=True):
        key = f"arrived {mark}"
        if case_of_intake(house, key) == row.case_id:
            return code_for(house, key)
    return ""
