"""Telegram: what a bot's webhook delivers, and how a bot answers. Source: the published Bot API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from pydantic import ValidationError

from tanggap.channels import multipart, phones
from tanggap.channels.arrivals import Address, Arrival, Kind, Part, Reading
from tanggap.channels.contract import (
    Call,
    CannotSend,
    Fate,
    Hook,
    HookAnswer,
    Outcome,
    Outgoing,
    Reply,
    Setting,
)
from tanggap.channels.signed_json import MOST_BYTES, Tolerant, Unreadable, is_secret, items, moment, read_object, table
from tanggap.channels.wording import clean, one_line

KEY = "telegram"
LABEL = "Telegram"
HOST = "api.telegram.org"
SETTINGS = (
    Setting("token", "Token bot", "Dari @BotFather.", secret=True),
    Setting("secret", "Kata rahasia webhook", "Ditulis juga saat setWebhook sebagai secret_token.", secret=True),
)
FILE_HOSTS = (HOST,)
MOST_LETTERS = 4096
_MOST_FILE = 50 * 1024 * 1024

_FILES = ("document", "video", "audio", "voice", "video_note", "animation", "sticker")
_UPDATES = ("message", "edited_message", "business_message", "edited_business_message")


class _Chat(Tolerant):
    id: str
    type: str = "private"


class _Replied(Tolerant):
    message_id: str = ""


class _Message(Tolerant):
    message_id: str
    chat: _Chat
    date: str = ""
    edit_date: str = ""
    reply_to_message: _Replied = _Replied()


def hosts(settings: Mapping[str, str]) -> tuple[str, ...]:
    """Where the calls of a bot go."""
    return (HOST,)


def answer_hook(hook: Hook, settings: Mapping[str, str]) -> HookAnswer:
    """Telegram proves itself by the word agreed on at ``setWebhook``; without one nobody is let in."""
    if hook.method != "POST":
        return HookAnswer(405)
    if len(hook.body) > MOST_BYTES:
        return HookAnswer(413)
    if not is_secret(hook.headers.get("x-telegram-bot-api-secret-token", ""), settings.get("secret", "")):
        return HookAnswer(401)
    return HookAnswer(200, store=True)


def read(raw: bytes, settings: Mapping[str, str]) -> Reading:
    """The one thing that an update tells, if it is one that concerns us."""
    try:
        body = read_object(raw)
    except Unreadable as fault:
        return Reading(faults=(str(fault),))
    try:
        for kind in _UPDATES:
            if isinstance(body.get(kind), dict):
                return Reading((_message(body[kind], edited=kind.startswith("edited")),))
        if isinstance(body.get("message_reaction"), dict):
            return Reading((_reaction(body["message_reaction"]),))
        if isinstance(body.get("my_chat_member"), dict):
            return Reading((_membership(body["my_chat_member"], str(body.get("update_id", ""))),))
        if isinstance(body.get("callback_query"), dict):
            return Reading((_pressed(body["callback_query"]),))
    except ValidationError as error:
        return Reading(faults=(f"update: {error.error_count()} fields wrong",))
    known = ", ".join(sorted(one_line(name, most=40) for name in list(body)[:10] if name != "update_id"))
    return Reading(faults=(f"nobody listens to {known or 'an empty update'}",))


def _message(raw: Mapping[str, Any], *, edited: bool) -> Arrival:
    one = _Message.model_validate(raw)
    own = f"{one.chat.id}:{one.message_id}"
    text, parts = _content(raw)
    answers = (f"{one.chat.id}:{one.reply_to_message.message_id}",) if one.reply_to_message.message_id else ()
    tags = () if one.chat.type == "private" else (one_line(one.chat.type, most=20),)
    if edited:
        at = moment(one.edit_date or one.date)
        return Arrival(
            Kind.EDIT, f"{own}:edit:{one.edit_date}", _person(raw), sent_at=at, text=text, whole=text, parts=parts,
            about=own, tags=tags,
        )  # fmt: skip
    # "/start" is the button with which a conversation opens: nothing is said yet
    started = text.split()[:1] == ["/start"]
    return Arrival(
        Kind.AUTOMATIC if started or table(raw.get("from")).get("is_bot") is True else Kind.MESSAGE,
        own, _person(raw), sent_at=moment(one.date), text=text, whole=text, parts=parts, answers=answers,
        tags=(*tags, "start") if started else tags,
        faults=() if text or parts else ("nothing readable in the message",),
    )  # fmt: skip


def _person(raw: Mapping[str, Any]) -> Address:
    """The chat is where an answer goes; the name is the sender's own."""
    who = table(raw.get("from")) or table(raw.get("user")) or table(raw.get("chat"))
    names = (who.get("first_name"), who.get("last_name"))
    name = " ".join(one_line(part) for part in names if part) or one_line(who.get("title") or who.get("username"))
    chat = table(raw.get("chat")).get("id")
    return Address(str(chat if chat is not None else who.get("id", "")), one_line(name), vouched=True)


def _content(raw: Mapping[str, Any]) -> tuple[str, tuple[Part, ...]]:
    parts: list[Part] = []
    sizes = [table(one) for one in items(raw.get("photo"))]
    if sizes:
        largest = max(sizes, key=_size)
        parts.append(Part("", "image/jpeg", None, str(largest.get("file_id") or "")))
    for kind in _FILES:
        found = table(raw.get(kind))
        if found:
            name, media_type = one_line(found.get("file_name")), one_line(found.get("mime_type"))
            parts.append(Part(name, media_type, None, str(found.get("file_id") or "")))
    text = clean(raw.get("text") or raw.get("caption"))
    return text or _told(raw), tuple(part for part in parts if part.remote)


def _size(photo: Mapping[str, Any]) -> int:
    size = photo.get("file_size")
    return size if isinstance(size, int) else 0


def _told(raw: Mapping[str, Any]) -> str:
    """What a message without words tells: a place, a card of somebody."""
    place = table(raw.get("venue")) or table(raw.get("location"))
    point = table(place.get("location")) or place
    lines = [one_line(place.get("title")), one_line(place.get("address"))]
    if isinstance(point.get("latitude"), int | float) and isinstance(point.get("longitude"), int | float):
        lines.append(f"{point['latitude']:.6f}, {point['longitude']:.6f}")
    card = table(raw.get("contact"))
    lines.append(" ".join(one_line(card.get(part)) for part in ("first_name", "last_name") if card.get(part)))
    lines.append(phones.number(str(card.get("phone_number") or ""), international=True))
    return "\n".join(line for line in lines if line)


def _reaction(raw: Mapping[str, Any]) -> Arrival:
    one = _Message.model_validate(raw)
    about = f"{one.chat.id}:{one.message_id}"
    marks = " ".join(one_line(table(mark).get("emoji")) for mark in items(raw.get("new_reaction")))
    who = table(raw.get("user")).get("id", "")
    return Arrival(
        Kind.REACTION, f"{about}:reaction:{who}:{one.date}", _person(raw), sent_at=moment(one.date), text=marks.strip(),
        about=about,
    )  # fmt: skip


def _membership(raw: Mapping[str, Any], update: str) -> Arrival:
    """Somebody blocked the bot, or let it in again: kept beside nothing; the next message to them says the same."""
    said = one_line(table(raw.get("new_chat_member")).get("status"), most=30)
    own = f"member:{one_line(update, most=40)}:{one_line(str(raw.get('date', '')), most=20)}:{said}"
    return Arrival(Kind.STATUS, own, _person(raw), sent_at=moment(raw.get("date")), detail=said, tags=("membership",))


def _pressed(raw: Mapping[str, Any]) -> Arrival:
    """A button under one of our messages: what it says is what the person says."""
    under = table(raw.get("message"))
    one = _Message.model_validate(under)
    text = clean(raw.get("data"), most=200)
    person = _person({"from": raw.get("from"), "chat": under.get("chat")})
    return Arrival(
        Kind.MESSAGE, f"button:{one_line(str(raw.get('id', '')), most=80)}", person, text=text, whole=text,
        answers=(f"{one.chat.id}:{one.message_id}",), tags=("button",),
    )  # fmt: skip


def call(outgoing: Outgoing, settings: Mapping[str, str]) -> Call:
    """The call that sends ``outgoing`` as plain text. Raises :class:`CannotSend` (address)."""
    if not outgoing.to.lstrip("-").isdecimal() or not outgoing.to.isascii():
        raise CannotSend("address")
    message: dict[str, Any] = {
        "chat_id": int(outgoing.to),
        "text": outgoing.text[:MOST_LETTERS],
        "link_preview_options": {"is_disabled": True},
    }
    chat, _, number = outgoing.answers.partition(":")
    if chat == outgoing.to and number.isdecimal():
        message["reply_parameters"] = {"message_id": int(number), "allow_sending_without_reply": True}
    return _post("sendMessage", message, settings)


def takes(part: Part) -> bool:
    """True for what a bot may send: any kind of file up to fifty megabytes."""
    return 0 < len(part.data or b"") <= _MOST_FILE


def file_message(part: Part, outgoing: Outgoing, settings: Mapping[str, str], uploaded: str) -> Call:
    """The call that sends a file, in one with its message."""
    kind, body = multipart.form({"chat_id": outgoing.to}, "document", part)
    return Call("POST", _address("sendDocument", settings), {"Content-Type": kind}, body)


def outcome(reply: Reply, settings: Mapping[str, str]) -> Outcome:
    """What became of a call made by :func:`call`."""
    try:
        body = read_object(reply.body)
    except Unreadable:
        body = {}
    if reply.status == 200 and body.get("ok") is True:
        sent = table(body.get("result"))
        return Outcome(Fate.SENT, f"{table(sent.get('chat')).get('id', '')}:{sent.get('message_id', '')}")
    words = f"HTTP {reply.status}"
    if reply.status == 429 or reply.status >= 500:
        wait = table(body.get("parameters")).get("retry_after")
        return Outcome(Fate.LATER, retry_after=float(wait) if isinstance(wait, int) and wait >= 0 else 0.0, why=words)
    if reply.status in (401, 404):
        return Outcome(Fate.TROUBLE, why=words)
    return Outcome(Fate.REFUSED, why=words)


def file_call(part: Part, settings: Mapping[str, str]) -> Call:
    """The first call to fetch a file: it brings the path under which the file lies."""
    return _post("getFile", {"file_id": part.remote}, settings)


def file_next(reply: Reply, settings: Mapping[str, str]) -> Call | None:
    """The call that follows ``reply``; ``None`` when ``reply`` holds the file itself."""
    if not reply.headers.get("content-type", "").startswith("application/json"):
        return None
    try:
        path = table(read_object(reply.body).get("result")).get("file_path")
    except Unreadable:
        return None
    if not isinstance(path, str) or ".." in path or not path.isascii():
        return None
    token = quote(settings.get("token", ""), safe=":")
    return Call("GET", f"https://{HOST}/file/bot{token}/{quote(path, safe='/')}")


def probe(settings: Mapping[str, str]) -> Call:
    """A call that shows whether the account works, and changes nothing."""
    return _post("getMe", {}, settings)


def _post(method: str, body: Mapping[str, Any], settings: Mapping[str, str]) -> Call:
    return Call(
        "POST",
        _address(method, settings),
        {"Content-Type": "application/json"},
        json.dumps(body, ensure_ascii=False).encode(),
    )


def _address(method: str, settings: Mapping[str, str]) -> str:
    return f"https://{HOST}/bot{quote(settings.get('token', ''), safe=':')}/{method}"
