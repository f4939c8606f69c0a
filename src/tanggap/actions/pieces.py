"""A long SMS comes in pieces, in any order: they wait for each other a while, then are one message."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from tanggap.actions.arrived import Arrived, Became, Kept, Place, keep, known_item, mark_of, settle
from tanggap.records.deliveries import RECORDED, STORED, external_digest, sender_digest, words_of
from tanggap.records.models import Inbox, InboxItem
from tanggap.records.writing import write

WAITS = timedelta(minutes=4)
"""How long a piece waits for the others; then what is there is the message, and says that some of it is missing."""
_SAME_MESSAGE = timedelta(hours=12)  # references are numbers from 0 to 255 and come back
_MISSING = " [...] "


def gathered(place: Place, arrived: Arrived, absorb: Callable[[Arrived], Became]) -> Became:
    """Keep the piece ``arrived``; when it is the last, or the others were waited for long enough, ``absorb`` the whole.

    What it became: nothing yet (it waits), or what its message did.
    """
    assert arrived.piece is not None
    mark = mark_of(place.channel, arrived)
    item = known_item(place, mark)
    came_before = item is not None and (item.delivery_id, item.position) != (place.delivery.pk, place.position)
    if item is None:
        cut = replace(arrived, about=arrived.piece.of, detail=arrived.text)  # with the blanks at its ends
        keep(place, cut, Kept(RECORDED, tags=(f"piece:{arrived.piece.number}/{arrived.piece.count}",)), mark=mark)
    elif item.case_id is not None:
        return Became(item.state, item.case_id, known=came_before)
    found = _together(place, arrived)
    until = min(one.at for one in found.values()) + WAITS
    if len(found) < arrived.piece.count and place.at < until:
        return Became("", wait_until=until)
    became = absorb(_whole(arrived, found))
    if became.case is not None:
        joined(found.values(), became.case, place=place)
    return replace(became, known=came_before)


def _together(place: Place, arrived: Arrived) -> dict[int, InboxItem]:
    """The pieces that are here and belong to no message yet, by their numbers."""
    assert arrived.piece is not None
    rows = InboxItem.objects.filter(
        account=place.delivery.account_id, about=external_digest(place.channel, arrived.piece.of), state=RECORDED,
        sender=sender_digest(place.channel, arrived.sender), case__isnull=True, at__gt=place.at - _SAME_MESSAGE,
    )  # fmt: skip
    found: dict[int, InboxItem] = {}
    for row in rows.order_by("pk"):
        number = next((tag[6:].partition("/")[0] for tag in row.tags if tag.startswith("piece:")), "")
        if number.isdigit():
            found.setdefault(int(number), row)
    return found


def _whole(arrived: Arrived, found: dict[int, InboxItem]) -> Arrived:
    assert arrived.piece is not None
    words = {number: words_of(item) for number, item in found.items()}
    text = "".join(
        words[number].get("detail", "") if number in words else _MISSING for number in range(1, arrived.piece.count + 1)
    )
    first = words[min(words)]
    moments = [item.sent_at for item in found.values() if item.sent_at is not None]
    complete = len(found) == arrived.piece.count
    return replace(
        arrived, piece=None, external_id=f"{first.get('id', arrived.external_id)}:whole", text=text, whole=text,
        sent_at=min(moments, default=arrived.sent_at), tags=arrived.tags if complete else (*arrived.tags, "incomplete"),
    )  # fmt: skip


def joined(items: Iterable[InboxItem], case: UUID, *, place: Place) -> None:
    """The pieces of a message stand beside its case; their deliveries need not wait any longer."""
    with write():
        rows = InboxItem.objects.select_for_update().filter(pk__in=[one.pk for one in items], case__isnull=True)
        deliveries = []
        for row in rows:
            settle(row, case=case, state=RECORDED)
            deliveries.append(row.delivery_id)
        waiting = Inbox.objects.filter(pk__in=deliveries, state=STORED).exclude(pk=place.delivery.pk)
        waiting.update(next_at=place.at)
