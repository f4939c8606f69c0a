"""What the channels say became of what we sent: sent, delivered, read, failed; in any order, any number of times."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tanggap.actions.arrived import STATUS, Arrived, Place
from tanggap.actions.cases import THE_ENGINE, act
from tanggap.actions.spoken import answered_visits
from tanggap.actions.threads import is_letter_to_complainant, rows_named
from tanggap.casework.commands import Deliver
from tanggap.casework.refusals import Refused
from tanggap.records import store
from tanggap.records.deliveries import external_digest, words_of
from tanggap.records.keys import keyed_digest
from tanggap.records.models import ChannelAccount, InboxItem, Outbox
from tanggap.records.outbox import FAILED, SENT
from tanggap.records.writing import write

WATERMARK = "watermark"
"""The tag of a status that is about everything up to its moment."""

_ORDER = ("", "sent", "failed", "delivered", "read")
"""What outweighs what: a message that was read was delivered, whichever word comes last."""


def bounced(place: Place, arrived: Arrived) -> list[Outbox]:
    """A letter came back: its rows failed, a person must see to it, an answer has not arrived. The rows it names.

    Nothing happens for a letter that only waits (RFC 3464 ``delayed``), nor for one that is none of ours.
    """
    rows = _named(place.delivery.account, arrived)
    if arrived.status in ("", "failed"):
        _say(rows, "failed", why="bounced", at=place.at)
    return rows


def told(place: Place, arrived: Arrived) -> list[Outbox]:
    """The channel says what became of a message; the rows it is about (none yet: kept until they are known)."""
    rows = _named(place.delivery.account, arrived)
    if not rows and WATERMARK in arrived.tags:
        rows = _sent_before(place, arrived)
    _say(rows, arrived.status, why="bounced", at=place.moment(arrived))
    return rows


def _sent_before(place: Place, arrived: Arrived) -> list[Outbox]:
    """Some platforms name no message, but a moment: everything this person was sent until then was read."""
    to = keyed_digest("address", arrived.sender.lower()).hex()
    here = Outbox.objects.filter(institution=place.delivery.account.institution_id, channel=place.channel)
    return list(here.filter(address=to, state=SENT, ended_at__lte=place.moment(arrived)))


def left(letter: str, *, account: ChannelAccount, external_id: str, at: datetime) -> None:
    """The channel took a letter and calls it ``external_id``; what it said of it meanwhile is applied now."""
    name = external_digest(account.channel, external_id)
    with write():
        Outbox.objects.filter(letter=letter).update(external=name)
    rows = list(Outbox.objects.filter(letter=letter))
    for item in InboxItem.objects.filter(account=account, kind=STATUS, about=name).order_by("pk"):
        _say(rows, words_of(item).get("status", ""), why="bounced", at=item.sent_at or at)


def _named(account: ChannelAccount, arrived: Arrived) -> list[Outbox]:
    ids = [one for one in (arrived.about, *arrived.answers) if one]
    return rows_named(account, ids[:1] if arrived.kind == STATUS else ids)


def _say(rows: Iterable[Outbox], reached: str, *, why: str, at: datetime) -> None:
    if reached not in _ORDER[1:]:
        return
    for row in rows:
        with write():
            mine = Outbox.objects.select_for_update().get(pk=row.pk)
            if _ORDER.index(reached) <= _ORDER.index(mine.reached):
                continue
            changes: dict[str, object] = {"reached": reached, "reached_at": at}
            if reached == "failed" and mine.state == SENT:
                changes |= {"state": FAILED, "why": why, "ended_at": at}
            elif mine.state == FAILED and mine.reached == "failed" and not mine.handled_by:
                changes |= {"state": SENT, "why": "", "ended_at": at}  # it got through after all
            Outbox.objects.filter(pk=row.pk).update(**changes)
        if is_letter_to_complainant(row):
            _tell_the_log(row, reached, at)


def _tell_the_log(row: Outbox, reached: str, at: datetime) -> None:
    """An answer has reached the complainant, or it has not: the log says so, unless it was read here already.

    That a letter tells of an answer without having its words in it is no delivery; that it came back is a failure of
    either.
    """
    arrived = reached in ("delivered", "read") and row.worded
    if not arrived and reached != "failed":
        return
    answers = store.load(row.case_id).state.answers
    for visit in answered_visits(row):
        if any(one.visit == visit and one.ok for one in answers):
            continue
        key = f"{'arrived' if arrived else 'returned'} {row.pk} {visit}"
        try:
            act(Deliver(visit, ok=arrived), case=row.case_id, by=THE_ENGINE, at=max(at, row.ended_at or at), key=key)
        except Refused:
            continue  # its visit was undone meanwhile: there is no answer to deliver any more
