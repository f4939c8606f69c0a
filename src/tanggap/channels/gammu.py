"""SMS by a telephone of one's own: rows of the database of Gammu SMSD, read as messages and written to be sent.

Source: the published description of the tables of gammu-smsd (``inbox``, ``outbox``, ``outbox_multipart``,
``sentitems``). The rows themselves are fetched and written by the worker.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tanggap.channels import gsm, phones
from tanggap.channels.arrivals import Address, Arrival, Kind, Reading, Status
from tanggap.channels.contract import CannotSend, Outgoing, Setting
from tanggap.channels.signed_json import Unreadable, items, read_object, table
from tanggap.channels.wording import clean, one_line

KEY = "gammu"
LABEL = "SMS lewat modem (Gammu)"
SETTINGS = (
    Setting("database", "Basis data Gammu", "sqlite:///berkas atau postgresql://...", secret=True),
    Setting("phone_id", "PhoneID", "Kosong bila hanya satu modem.", required=False),
    Setting("zone", "Zona waktu modem", "", False, False, "Asia/Jakarta"),
)
_LONGEST_PIECES = 10

_STATUS = {
    "SendingOK": Status.SENT,
    "SendingOKNoReport": Status.SENT,
    "SendingError": Status.FAILED,
    "DeliveryOK": Status.DELIVERED,
    "DeliveryFailed": Status.FAILED,
    "Error": Status.FAILED,
}
_STILL_UNDER_WAY = frozenset({"DeliveryPending", "DeliveryUnknown"})
"""It left the modem, and nobody knows more of it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which piece of a long message a row holds: ``ref`` as in its header, ``number`` from 1, of ``count``."""

    ref: str
    number: int
    count: int


def place(udh: str) -> Place | None:
    """What the user data header ``udh`` (hexadecimal) says of concatenation; ``None`` for a message of its own.

    Information elements 00 (reference of 8 bits) and 08 (of 16 bits), 3GPP TS 23.040, 9.2.3.24.
    """
    try:
        raw = bytes.fromhex(udh)
    except ValueError:
        return None
    at = 1
    while at + 1 < len(raw):
        element, length = raw[at], raw[at + 1]
        told = raw[at + 2 : at + 2 + length]
        wide = {0x00: 1, 0x08: 2}.get(element)
        if wide is not None and len(told) == wide + 2:
            count, number = told[wide], told[wide + 1]
            return Place(told[:wide].hex(), number, count) if 1 <= number <= count > 1 else None
        at += 2 + length
    return None


def delivery(rows: Sequence[Mapping[str, Any]], *, table_name: str = "inbox", under_way: bool = False) -> bytes:
    """``rows`` of ``inbox`` or of ``sentitems``, all pieces of one message, as the bytes that are stored.

    ``under_way``: further pieces of it stand in ``outbox`` still.
    """
    told: dict[str, Any] = {table_name: list(rows), **({"under_way": True} if under_way else {})}
    return json.dumps(told, sort_keys=True, default=str, ensure_ascii=True).encode()


def read(raw: bytes, settings: Mapping[str, str]) -> Reading:
    """The message that rows of ``inbox`` are together, and what rows of ``sentitems`` say of ours."""
    try:
        body = read_object(raw)
    except Unreadable as fault:
        return Reading(faults=(str(fault),))
    rows = [table(row) for row in items(body.get("inbox"))]
    arrivals = [_message(rows, settings)] if rows else []
    sent: dict[str, list[Mapping[str, Any]]] = {}
    for row in map(table, items(body.get("sentitems"))):
        sent.setdefault(str(row.get("CreatorID") or ""), []).append(row)
    under_way = body.get("under_way") is True
    arrivals += [_state(letter, pieces, settings, under_way=under_way) for letter, pieces in sent.items()]
    return Reading(tuple(arrivals), () if arrivals else ("no row of inbox or sentitems",))


def _message(rows: Sequence[Mapping[str, Any]], settings: Mapping[str, str]) -> Arrival:
    told = sorted(
        ((place(str(row.get("UDH") or "")), row) for row in rows), key=lambda one: one[0].number if one[0] else 0
    )
    first, places = told[0][1], [one for one, _row in told if one is not None]
    text = clean("".join(str(row.get("TextDecoded") or "") for _place, row in told))
    whole = not places or {one.number for one in places} == set(range(1, places[0].count + 1))
    sender = str(first.get("SenderNumber") or "")
    return Arrival(
        Kind.MESSAGE,
        _own_id(first),
        Address(phones.number(sender, international=True) or one_line(sender, most=40), vouched=True),
        sent_at=_moment(first.get("ReceivingDateTime"), settings),
        text=text,
        whole=text,
        tags=() if whole else ("incomplete",),
        faults=() if text else ("an empty message",),
    )


def _own_id(row: Mapping[str, Any]) -> str:
    """An id that lasts although Gammu's own numbers begin again when its database is made anew."""
    told = "\x1f".join(str(row.get(name) or "") for name in ("ID", "SenderNumber", "ReceivingDateTime", "UDH", "Text"))
    return f"gammu:{row.get('ID', '')}:{hashlib.sha256(told.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def _state(letter: str, rows: Sequence[Mapping[str, Any]], settings: Mapping[str, str], *, under_way: bool) -> Arrival:
    """What became of a letter: as much as can be said of every piece of it, and failed when one of them is."""
    said = {_position(row): one_line(row.get("Status"), most=30) for row in rows}
    found = [_STATUS.get(word) for word in said.values()]
    unknown = sorted(set(said.values()) - set(_STATUS) - _STILL_UNDER_WAY)
    first = rows[0]
    moments = [_moment(row.get("DeliveryDateTime") or row.get("SendingDateTime"), settings) for row in rows]
    told = ",".join(f"{number}={said[number]}" for number in sorted(said))
    return Arrival(
        Kind.STATUS,
        f"gammu:sent:{first.get('ID', '')}:{told}{':more' if under_way else ''}",
        Address(phones.number(str(first.get("DestinationNumber") or "")), vouched=True),
        sent_at=max((one for one in moments if one is not None), default=None),
        about=letter,
        token=letter,
        status=_of_all(found, under_way=under_way),
        detail=told[:120],
        tags=(f"pieces:{len(said)}",),
        faults=tuple(f"unknown status {word}" for word in unknown),
    )


def _position(row: Mapping[str, Any]) -> int:
    told = row.get("SequencePosition")
    return told if isinstance(told, int) else 1


def _of_all(found: Sequence[Status | None], *, under_way: bool) -> Status | None:
    """A letter has arrived when all of its pieces have; one that is lost makes it unreadable."""
    if Status.FAILED in found:
        return Status.FAILED
    if under_way:
        return None
    return Status.DELIVERED if set(found) == {Status.DELIVERED} else Status.SENT


def _moment(value: object, settings: Mapping[str, str]) -> datetime | None:
    """Gammu writes the local time of its machine, without a zone."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    if found.tzinfo is not None:
        return found.astimezone(UTC)
    return found.replace(tzinfo=ZoneInfo(settings.get("zone") or "Asia/Jakarta")).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Rows:
    """What to write to have a text sent: one row of ``outbox``, and the further pieces of ``outbox_multipart``."""

    outbox: Mapping[str, Any]
    pieces: tuple[Mapping[str, Any], ...] = ()


def rows(outgoing: Outgoing, settings: Mapping[str, str]) -> Rows:
    """The rows that send ``outgoing``; its letter stands as ``CreatorID``, so that reports find it again.

    Raises :class:`CannotSend` (``address``, ``long``).
    """
    to, text = phones.number(outgoing.to), gsm.plain(outgoing.text)
    if not to:
        raise CannotSend("address")
    cut = gsm.pieces(text)
    if len(cut) > _LONGEST_PIECES:
        raise CannotSend("long")
    coding = "Unicode_No_Compression" if gsm.size(text).is_unicode else "Default_No_Compression"
    ref = hashlib.sha256(outgoing.letter.encode()).digest()[0]
    udh = [f"050003{ref:02X}{len(cut):02X}{number:02X}" if len(cut) > 1 else "" for number in range(1, len(cut) + 1)]
    first = {
        "DestinationNumber": to, "TextDecoded": cut[0], "Coding": coding, "UDH": udh[0], "Class": -1,
        "MultiPart": "true" if len(cut) > 1 else "false", "CreatorID": outgoing.letter, "DeliveryReport": "yes",
        **({"SenderID": settings["phone_id"]} if settings.get("phone_id") else {}),
    }  # fmt: skip
    more = (
        {"SequencePosition": number, "TextDecoded": piece, "Coding": coding, "UDH": udh[number - 1], "Class": -1}
        for number, piece in enumerate(cut[1:], start=2)
    )
    return Rows(first, tuple(more))
