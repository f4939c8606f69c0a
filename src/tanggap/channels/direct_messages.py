"""What Instagram and Facebook share: the events of a conversation, as both webhooks deliver them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pydantic import Field, ValidationError

from tanggap.channels import graph
from tanggap.channels.arrivals import Address, Arrival, Kind, Part, Reading, Status
from tanggap.channels.contract import Call, CannotSend, Outcome, Outgoing, Reply, Setting
from tanggap.channels.signed_json import Tolerant, Unreadable, items, moment, read_object, table
from tanggap.channels.wording import clean, one_line

FILE_HOSTS = ("lookaside.fbsbx.com", ".fbcdn.net", ".fbsbx.com", ".cdninstagram.com")
"""Hosts that files may be fetched from; one that begins with a dot stands for everything below it."""
_SHARED = (
    graph.ACCESS_TOKEN,
    graph.APP_SECRET,
    graph.VERIFY_TOKEN,
    Setting(
        "human_agent",
        "Jawaban petugas sampai 7 hari",
        "ya bila Meta mengizinkan Human Agent bagi aplikasi Anda; kosong: 24 jam.",
        required=False,
    ),
    graph.VERSION,
)
WINDOW = timedelta(hours=24)
HUMAN_WINDOW = timedelta(days=7)
"""A person of ours may answer this long, marked HUMAN_AGENT; what a machine writes ends with :data:`WINDOW`."""

_HEARD = ("message", "message_edit", "postback", "reaction", "read", "delivery")


class _Party(Tolerant):
    id: str = ""


class _Envelope(Tolerant):
    sender: _Party = _Party()
    recipient: _Party = _Party()
    timestamp: str = ""


class _Said(Tolerant):
    mid: str = Field(min_length=1, max_length=600)
    is_echo: bool = False
    is_deleted: bool = False
    is_unsupported: bool = False


def settings_of(account: str) -> tuple[Setting, ...]:
    """What an administrator enters; ``account``: what the platform calls the id of the institution's own account."""
    return (Setting("account_id", account), *_SHARED)


def read(raw: bytes, settings: Mapping[str, str]) -> Reading:
    """Everything that one delivery holds for this page or profile (``account_id`` of the settings)."""
    try:
        body = read_object(raw)
    except Unreadable as fault:
        return Reading(faults=(str(fault),))
    arrivals: list[Arrival] = []
    faults: list[str] = []
    own = settings.get("account_id", "")
    for entry in map(table, items(body.get("entry"))):
        if own and str(entry.get("id", own)) != own:
            continue
        # what another app has in hand comes under "standby": it is said to us all the same
        for event in (*items(entry.get("messaging")), *items(entry.get("standby"))):
            try:
                arrivals.extend(_event(table(event)))
            except ValidationError as error:
                faults.append(f"messaging: {error.error_count()} fields wrong")
        faults.extend(
            f"nobody listens to {one_line(table(c).get('field'), most=40)}" for c in items(entry.get("changes"))
        )
    return Reading(tuple(arrivals), tuple(faults))


def _event(raw: Mapping[str, Any]) -> list[Arrival]:
    envelope = _Envelope.model_validate(raw)
    who, at = Address(envelope.sender.id, vouched=True), moment(envelope.timestamp)
    kind = next((one for one in _HEARD if isinstance(raw.get(one), dict)), "")
    inner = table(raw.get(kind))
    if kind == "message":
        return [_message(inner, envelope)]
    if kind == "message_edit":
        mid, text = _Said.model_validate(inner).mid, clean(inner.get("text"))
        number = one_line(inner.get("num_edit"), most=10) or str(inner.get("num_edit", ""))[:10]
        return [Arrival(Kind.EDIT, f"{mid}:edit:{number}", who, sent_at=at, text=text, whole=text, about=mid)]
    if kind == "postback":
        text = clean(inner.get("title"))
        mid = str(inner.get("mid") or "") or f"postback:{envelope.sender.id}:{envelope.timestamp}"
        return [Arrival(Kind.MESSAGE, mid, who, sent_at=at, text=text, whole=text, tags=("postback",))]
    if kind == "reaction":
        mid = _Said.model_validate(inner).mid
        said = one_line(inner.get("emoji") or inner.get("reaction")) if inner.get("action") != "unreact" else ""
        own = f"{mid}:reaction:{envelope.sender.id}:{envelope.timestamp}"
        return [Arrival(Kind.REACTION, own, who, sent_at=at, text=said, about=mid)]
    return _states(kind, inner, envelope)


def _message(inner: Mapping[str, Any], envelope: _Envelope) -> Arrival:
    said = _Said.model_validate(inner)
    who, at = Address(envelope.sender.id, vouched=True), moment(envelope.timestamp)
    text = clean(inner.get("text"))
    if said.is_deleted:
        return Arrival(Kind.UNSEND, f"{said.mid}:unsend", who, sent_at=at, about=said.mid)
    parts, tags = _files(inner)
    answers, reply_tags = _answers(table(inner.get("reply_to")))
    to = (Address(envelope.recipient.id, vouched=True),)
    faults = () if text or parts or tags else ("a message the platform does not pass on",)
    return Arrival(
        Kind.ECHO if said.is_echo else Kind.MESSAGE, said.mid, who, to, at, text=text, whole=text, parts=parts,
        answers=answers, tags=(*tags, *reply_tags), faults=faults,
    )  # fmt: skip


def _answers(reply_to: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if reply_to.get("mid"):
        return (str(reply_to["mid"]),), ()
    story = table(reply_to.get("story")).get("id")
    return (), (f"story:{one_line(str(story), most=80)}",) if story else ()


def _files(inner: Mapping[str, Any]) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """Files to be fetched, and what else was attached by name (a shared post, a story the page is mentioned in)."""
    parts: list[Part] = []
    tags: list[str] = []
    for one in map(table, items(inner.get("attachments"))):
        kind, payload = one_line(one.get("type"), most=30), table(one.get("payload"))
        address = payload.get("url")
        if kind in ("image", "video", "audio", "file", "story_mention") and isinstance(address, str):
            parts.append(Part(one_line(payload.get("title") or one.get("name")), "", None, address))
        tags.append(kind or "attachment")
    return tuple(parts), tuple(dict.fromkeys(tags))


def _states(kind: str, inner: Mapping[str, Any], envelope: _Envelope) -> list[Arrival]:
    """Read and delivered: by message id where the platform names it; a watermark alone says it of all before it."""
    status = {"read": Status.READ, "delivery": Status.DELIVERED}.get(kind)
    if status is None:
        return []
    who, at = Address(envelope.sender.id, vouched=True), moment(envelope.timestamp)
    named = [str(mid) for mid in (*items(inner.get("mids")), inner.get("mid")) if mid]
    if named:
        return [Arrival(Kind.STATUS, f"{mid}:{status}", who, sent_at=at, about=mid, status=status) for mid in named]
    until = moment(inner.get("watermark"))
    own = f"{status}:{envelope.sender.id}:{inner.get('watermark') or envelope.timestamp}"
    return [Arrival(Kind.STATUS, own, who, sent_at=until or at, status=status, tags=("watermark",))]


def window(settings: Mapping[str, str]) -> timedelta:
    """How long after their last word a person of ours may answer."""
    return HUMAN_WINDOW if settings.get("human_agent", "").strip().lower() in ("ya", "yes", "1") else WINDOW


def call(outgoing: Outgoing, settings: Mapping[str, str], *, most: int) -> Call:
    """The call that sends ``outgoing`` in words of at most ``most`` bytes. Raises :class:`CannotSend`.

    What a person wrote may go for seven days where the platform allows it; what a machine writes, for one.
    """
    message = _envelope(outgoing, settings) | {"message": {"text": shortened(outgoing.text, most)}}
    return graph.post(settings.get("account_id") or "me", message, settings)


def file_message(part: Part, outgoing: Outgoing, settings: Mapping[str, str]) -> Call:
    """The call that sends a file to where ``outgoing`` goes. Raises :class:`CannotSend`."""
    family = part.media_type.partition("/")[0]
    kind = family if family in ("image", "audio", "video") else "file"
    told = _envelope(outgoing, settings) | {"message": {"attachment": {"type": kind, "payload": {}}}}
    fields = {name: value if isinstance(value, str) else json.dumps(value) for name, value in told.items()}
    return graph.post_form(settings.get("account_id") or "me", "messages", fields, "filedata", part, settings)


def _envelope(outgoing: Outgoing, settings: Mapping[str, str]) -> dict[str, Any]:
    """To whom, and by which right at this moment."""
    if not outgoing.to.isascii() or not outgoing.to.isalnum():
        raise CannotSend("address")
    heard = outgoing.last_heard_at
    if heard is None or outgoing.at - heard > (window(settings) if outgoing.by_hand else WINDOW):
        raise CannotSend("window")
    to = {"recipient": {"id": outgoing.to}}
    if outgoing.at - heard > WINDOW:
        return to | {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    return to | {"messaging_type": "RESPONSE"}


def shortened(text: str, most: int) -> str:
    """``text`` in at most ``most`` bytes of UTF-8, cut between letters."""
    raw = text.encode("utf-8", "ignore")
    if len(raw) <= most:
        return text
    return raw[: most - 3].decode("utf-8", "ignore").rstrip() + "…"


def outcome(reply: Reply, settings: Mapping[str, str]) -> Outcome:
    """What became of a call made by :func:`call`."""
    try:
        taken = str(read_object(reply.body).get("message_id") or "")
    except Unreadable:
        taken = ""
    return graph.outcome(reply, taken)


def file_call(part: Part, settings: Mapping[str, str]) -> Call:
    """The call that fetches a file: its address carries its own right, so no token goes along."""
    return Call("GET", part.remote)


def probe(settings: Mapping[str, str]) -> Call:
    """A call that shows whether the account works, and changes nothing."""
    return graph.get(f"{graph.node_address(settings.get('account_id') or 'me', settings)}?fields=id,name", settings)
