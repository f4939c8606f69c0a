"""WhatsApp Cloud API: what its webhook delivers, what it must be told to send, and what it says of it.

Source: Meta's published reference of the webhook fields ``messages`` and ``smb_message_echoes`` and of ``/messages``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from pydantic import Field, ValidationError

from tanggap.channels import graph, phones
from tanggap.channels.arrivals import Address, Arrival, Kind, Part, Reading, Status
from tanggap.channels.contract import Call, CannotSend, Outcome, Outgoing, Reply, Setting
from tanggap.channels.signed_json import Tolerant, Unreadable, items, moment, read_object, table
from tanggap.channels.wording import clean, one_line

KEY = "whatsapp"
LABEL = "WhatsApp"
SETTINGS = (
    Setting("number_id", "ID nomor telepon (Phone number ID)", "Bukan nomornya, melainkan ID-nya di Meta."),
    graph.ACCESS_TOKEN,
    graph.APP_SECRET,
    graph.VERIFY_TOKEN,
    Setting(
        "template",
        "Nama templat",
        "Templat yang disetujui Meta, dengan satu isian {{1}}, untuk kabar sesudah 24 jam.",
        required=False,
    ),
    Setting("template_language", "Bahasa templat", required=False, default="id"),
    graph.VERSION,
)
FILE_HOSTS = (graph.HOST, "lookaside.fbsbx.com")
WINDOW = timedelta(hours=24)
"""How long after the person last wrote anything but an approved template may be sent."""
MOST_LETTERS = 4096

_PICTURES = frozenset({"image/jpeg", "image/png"})
_OFFICE = "application/vnd.openxmlformats-officedocument."
_DOCUMENTS = frozenset(
    {
        "text/plain", "application/pdf", "application/msword", "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint", f"{_OFFICE}wordprocessingml.document", f"{_OFFICE}spreadsheetml.sheet",
        f"{_OFFICE}presentationml.presentation",
    }
)  # fmt: skip
_MOST_PICTURE, _MOST_DOCUMENT = 5 * 1024 * 1024, 100 * 1024 * 1024

answer_hook = graph.answer_hook
hosts = graph.hosts

_MEDIA = ("image", "video", "audio", "document", "sticker")
_STATUS = {"sent": Status.SENT, "delivered": Status.DELIVERED, "read": Status.READ, "played": Status.READ,
           "failed": Status.FAILED}  # fmt: skip


class _Context(Tolerant):
    id: str = ""


class _Message(Tolerant):
    id: str = Field(min_length=1, max_length=400)
    type: str = "unknown"
    sender: str = Field("", alias="from")
    user_id: str = Field("", alias="from_user_id")
    to: str = ""
    timestamp: str = ""
    context: _Context = _Context()


class _State(Tolerant):
    id: str = Field(min_length=1, max_length=400)
    status: str
    timestamp: str = ""
    recipient_id: str = ""
    biz_opaque_callback_data: str = ""


def read(raw: bytes, settings: Mapping[str, str]) -> Reading:
    """Everything that one delivery of the webhook holds for the number of this account."""
    try:
        body = read_object(raw)
    except Unreadable as fault:
        return Reading(faults=(str(fault),))
    arrivals: list[Arrival] = []
    faults: list[str] = []
    for value in _values(body, settings.get("number_id", "")):
        names = {table(one).get("wa_id"): table(one) for one in items(value.get("contacts"))}
        for found, read_one in (("messages", _message), ("message_echoes", _echo), ("statuses", _state)):
            for one in items(value.get(found)):
                try:
                    arrivals.append(read_one(table(one), names))
                except ValidationError as error:
                    faults.append(f"{found}: {error.error_count()} fields wrong")
        faults.extend(graph.error_words(table(one)) for one in items(value.get("errors")))
    return Reading(tuple(arrivals), tuple(faults))


def _values(body: Mapping[str, Any], number_id: str) -> Iterator[Mapping[str, Any]]:
    """The values of all changes that are for this number; one webhook may serve several."""
    for entry in items(body.get("entry")):
        for change in items(table(entry).get("changes")):
            value = table(table(change).get("value"))
            told = str(table(value.get("metadata")).get("phone_number_id", ""))
            if not number_id or not told or told == number_id:
                yield value


def _person(written: str, user_id: str, names: Mapping[Any, Mapping[str, Any]]) -> Address:
    contact = names.get(written) or next(iter(names.values()), {})
    name = one_line(table(contact.get("profile")).get("name"))
    return Address(phones.number(written, international=True) or written or user_id, name, vouched=True)


def _message(raw: Mapping[str, Any], names: Mapping[Any, Mapping[str, Any]]) -> Arrival:
    one = _Message.model_validate(raw)
    sender, sent_at = _person(one.sender, one.user_id, names), moment(one.timestamp)
    answers = (one.context.id,) if one.context.id else ()
    inner = table(raw.get(one.type))
    if one.type == "reaction":
        about = str(inner.get("message_id") or "")
        return Arrival(Kind.REACTION, one.id, sender, sent_at=sent_at, text=one_line(inner.get("emoji")), about=about)
    if one.type == "revoke":
        about = str(inner.get("original_message_id") or "")
        return Arrival(Kind.UNSEND, one.id, sender, sent_at=sent_at, about=about)
    if one.type == "edit":
        changed = table(inner.get("message"))
        text, parts, _tags = _content(str(changed.get("type", "")), changed)
        about = str(inner.get("original_message_id") or "")
        return Arrival(Kind.EDIT, one.id, sender, sent_at=sent_at, text=text, whole=text, parts=parts, about=about)
    text, parts, tags = _content(one.type, raw)
    kind = Kind.AUTOMATIC if one.type in ("system", "request_welcome") else Kind.MESSAGE
    faults = () if text or parts else (f"nothing readable in a message of type {one_line(one.type, most=40)}",)
    return Arrival(
        kind, one.id, sender, sent_at=sent_at, text=text, whole=text, parts=parts, answers=answers, tags=tags,
        faults=faults,
    )  # fmt: skip


def _content(kind: str, raw: Mapping[str, Any]) -> tuple[str, tuple[Part, ...], tuple[str, ...]]:
    """Text, files and tags of a message of ``kind``; what has no text of its own is told in plain words."""
    inner = table(raw.get(kind))
    if kind in _MEDIA:
        part = Part(one_line(inner.get("filename")), one_line(inner.get("mime_type")), None, str(inner.get("id") or ""))
        return clean(inner.get("caption")), (part,) if part.remote else (), (kind,)
    if kind == "location":
        return _place(inner), (), ("location",)
    if kind == "contacts":
        return _cards(raw), (), ("contacts",)
    if kind == "interactive":
        inner = table(inner.get(str(inner.get("type", ""))))
    text = clean(inner.get("body") or inner.get("title") or inner.get("text"))
    return text, (), () if kind == "text" else (one_line(kind, most=20),)


def _place(inner: Mapping[str, Any]) -> str:
    where = [one_line(inner.get("name")), one_line(inner.get("address"))]
    if isinstance(inner.get("latitude"), int | float) and isinstance(inner.get("longitude"), int | float):
        where.append(f"{inner['latitude']:.6f}, {inner['longitude']:.6f}")
    return "\n".join(line for line in where if line)


def _cards(raw: Mapping[str, Any]) -> str:
    found = []
    for card in items(raw.get("contacts")):
        name = one_line(table(table(card).get("name")).get("formatted_name"))
        calls = [one_line(table(phone).get("phone")) for phone in items(table(card).get("phones"))]
        found.append(", ".join(part for part in (name, *calls) if part))
    return "\n".join(found)


def _echo(raw: Mapping[str, Any], names: Mapping[Any, Mapping[str, Any]]) -> Arrival:
    """What a colleague wrote from the telephone itself: our own words, to be kept, never a complaint."""
    one = _Message.model_validate(raw)
    text, parts, tags = _content(one.type, raw)
    to = Address(phones.number(one.to, international=True) or one.to, vouched=True)
    return Arrival(
        Kind.ECHO, one.id, Address(one.sender, vouched=True), (to,), moment(one.timestamp), text=text, whole=text,
        parts=parts, tags=tags,
    )  # fmt: skip


def _state(raw: Mapping[str, Any], names: Mapping[Any, Mapping[str, Any]]) -> Arrival:
    """What became of a message of ours. Each state of a message is an arrival of its own: they come in any order."""
    one = _State.model_validate(raw)
    who = Address(phones.number(one.recipient_id, international=True) or one.recipient_id, vouched=True)
    errors = "; ".join(graph.error_words(table(error)) for error in items(raw.get("errors")))
    return Arrival(
        Kind.STATUS, f"{one.id}:{one.status}", who, sent_at=moment(one.timestamp), about=one.id,
        status=_STATUS.get(one.status), detail=errors, token=one_line(one.biz_opaque_callback_data, most=80),
        faults=() if one.status in _STATUS else (f"unknown status {one_line(one.status, most=40)}",),
    )  # fmt: skip


def window(settings: Mapping[str, str]) -> timedelta:
    """How long after their last word anybody of ours may answer in free words."""
    return WINDOW


def window_ends(outgoing: Outgoing) -> timedelta | None:
    """How long free words may still be sent (not negative), or ``None`` when the person never wrote."""
    if outgoing.last_heard_at is None:
        return None
    return max(outgoing.last_heard_at + WINDOW - outgoing.at, timedelta())


def call(outgoing: Outgoing, settings: Mapping[str, str]) -> Call:
    """The call that sends ``outgoing``: free words while the window is open, else the account's template.

    Raises :class:`CannotSend` (``address``, ``window``).
    """
    to = phones.number(outgoing.to)
    if not to:
        raise CannotSend("address")
    message: dict[str, Any] = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": to.lstrip("+"),
                               "biz_opaque_callback_data": outgoing.letter}  # fmt: skip
    if window_ends(outgoing):
        message |= {"type": "text", "text": {"preview_url": False, "body": outgoing.text[:MOST_LETTERS]}}
        if outgoing.answers:
            message["context"] = {"message_id": outgoing.answers}
    else:
        message |= {"type": "template", "template": _template(outgoing, settings)}
    return graph.post(settings.get("number_id", ""), message, settings)


def takes(part: Part) -> bool:
    """True for the kinds and sizes of files that the platform publishes for pictures and documents."""
    most = _MOST_PICTURE if part.media_type in _PICTURES else _MOST_DOCUMENT
    return part.media_type in _PICTURES | _DOCUMENTS and 0 < len(part.data or b"") <= most


def upload(part: Part, settings: Mapping[str, str]) -> Call:
    """The call that hands a file over; its message follows."""
    fields = {"messaging_product": "whatsapp", "type": part.media_type}
    return graph.post_form(settings.get("number_id", ""), "media", fields, "file", part, settings)


def uploaded(reply: Reply) -> str:
    """The id of the file that was handed over; empty when there is none."""
    try:
        return str(read_object(reply.body).get("id") or "")
    except Unreadable:
        return ""


def file_message(part: Part, outgoing: Outgoing, settings: Mapping[str, str], uploaded: str) -> Call:
    """The call that sends a file which was handed over."""
    kind = "image" if part.media_type in _PICTURES else "document"
    inner = {"id": uploaded} | ({"filename": one_line(part.name, most=200) or "berkas"} if kind == "document" else {})
    to = phones.number(outgoing.to).lstrip("+")
    message = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": to, "type": kind, kind: inner}
    return graph.post(settings.get("number_id", ""), message, settings)


def _template(outgoing: Outgoing, settings: Mapping[str, str]) -> dict[str, Any]:
    name = outgoing.template or settings.get("template", "")
    if not name:
        raise CannotSend("window")
    # a value of a template may hold no line end and no run of blanks
    values = [{"type": "text", "text": one_line(value, most=1000) or "-"} for value in outgoing.values]
    parts = [{"type": "body", "parameters": values}] if values else []
    return {"name": name, "language": {"code": settings.get("template_language") or "id"}, "components": parts}


def outcome(reply: Reply, settings: Mapping[str, str]) -> Outcome:
    """What became of a call made by :func:`call`."""
    try:
        taken = items(read_object(reply.body).get("messages"))
    except Unreadable:
        taken = []
    return graph.outcome(reply, str(table(taken[0]).get("id", "")) if taken else "")


def file_call(part: Part, settings: Mapping[str, str]) -> Call:
    """The first call to fetch a file: it brings the address where the file lies for a few minutes."""
    return graph.get(graph.node_address(part.remote, settings), settings)


def file_next(reply: Reply, settings: Mapping[str, str]) -> Call | None:
    """The call that follows ``reply``; ``None`` when ``reply`` holds the file itself."""
    if not reply.headers.get("content-type", "").startswith("application/json"):
        return None
    try:
        address = read_object(reply.body).get("url")
    except Unreadable:
        return None
    return graph.get(address, settings) if isinstance(address, str) else None


def probe(settings: Mapping[str, str]) -> Call:
    """A call that shows whether the account works, and changes nothing."""
    return graph.get(
        f"{graph.node_address(settings.get('number_id', ''), settings)}?fields=display_phone_number", settings
    )
