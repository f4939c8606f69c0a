"""What Meta's three channels share: the handshake of a webhook, the signature, and what an answer of the API means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from tanggap.channels import multipart
from tanggap.channels.arrivals import Part
from tanggap.channels.contract import Call, Fate, Hook, HookAnswer, Outcome, Reply, Setting
from tanggap.channels.signed_json import MOST_BYTES, Unreadable, is_secret, is_signed, read_object, table

HOST = "graph.facebook.com"

APP_SECRET = Setting(
    "app_secret", "Rahasia aplikasi (App Secret)", "Dipakai memeriksa tanda tangan setiap kiriman.", secret=True
)
VERIFY_TOKEN = Setting(
    "verify_token", "Token verifikasi webhook", "Kata yang Anda tulis juga di halaman webhook Meta.", secret=True
)
ACCESS_TOKEN = Setting("access_token", "Token akses", "Token pengguna sistem yang tidak kedaluwarsa.", secret=True)
VERSION = Setting("version", "Versi Graph API", "Misalnya v23.0.", required=False, default="v23.0")

_CHALLENGE_LETTERS = 200
# codes of Meta's error reference: limits to wait for; tokens and rights that a person must mend
_WAIT = frozenset({1, 2, 4, 17, 32, 341, 613, 80007, 130429, 131016, 131048, 131056, 133016})
_ACCOUNT = frozenset({0, 3, 10, 102, 190, 200, 368, 131005, 131031, 131042, 133010})
_CLOSED_WINDOW = frozenset({131047, 2018278, 10900})


def hosts(settings: Mapping[str, str]) -> tuple[str, ...]:
    """Where the calls of these channels go."""
    return (HOST,)


def answer_hook(hook: Hook, settings: Mapping[str, str]) -> HookAnswer:
    """The handshake (GET) is echoed as plain text to whoever knows the token; a signed body (POST) is to be stored."""
    if hook.method == "GET":
        asked = hook.query.get("hub.mode") == "subscribe"
        if asked and is_secret(hook.query.get("hub.verify_token", ""), settings.get("verify_token", "")):
            return HookAnswer(200, hook.query.get("hub.challenge", "")[:_CHALLENGE_LETTERS])
        return HookAnswer(403)
    if hook.method != "POST":
        return HookAnswer(405)
    if len(hook.body) > MOST_BYTES:
        return HookAnswer(413)
    if not is_signed(hook.body, hook.headers.get("x-hub-signature-256", ""), settings.get("app_secret", "")):
        return HookAnswer(401)
    return HookAnswer(200, store=True)


def post(node: str, message: Mapping[str, Any], settings: Mapping[str, str]) -> Call:
    """A call that posts ``message`` to ``node`` (the id of a number or a page) ``/messages``."""
    return Call(
        "POST",
        f"https://{HOST}/{_version(settings)}/{quote(node, safe='')}/messages",
        {**_bearer(settings), "Content-Type": "application/json"},
        json.dumps(message, ensure_ascii=False).encode(),
    )


def post_form(
    node: str, edge: str, fields: Mapping[str, str], name: str, part: Part, settings: Mapping[str, str]
) -> Call:
    """A call that posts a form with a file, the field ``name``, to ``edge`` of ``node``."""
    kind, body = multipart.form(fields, name, part)
    return Call("POST", f"{node_address(node, settings)}/{edge}", {**_bearer(settings), "Content-Type": kind}, body)


def get(address: str, settings: Mapping[str, str]) -> Call:
    """A call that fetches ``address`` with the account's token."""
    return Call("GET", address, _bearer(settings))


def node_address(node: str, settings: Mapping[str, str]) -> str:
    """The address of a node of the graph by its id."""
    return f"https://{HOST}/{_version(settings)}/{quote(node, safe='')}"


def outcome(reply: Reply, external_id: str) -> Outcome:
    """What became of a message. ``external_id``: as the platform named it, when it took it."""
    if 200 <= reply.status < 300:
        return Outcome(Fate.SENT, external_id)
    code, words = _error(reply)
    wait = _seconds(reply.headers.get("retry-after", ""))
    if code in _CLOSED_WINDOW:
        return Outcome(Fate.REFUSED, why="window")
    if reply.status == 429 or code in _WAIT or reply.status >= 500:
        return Outcome(Fate.LATER, retry_after=wait, why=words)
    if reply.status in (401, 403) or code in _ACCOUNT:
        return Outcome(Fate.TROUBLE, why=words)
    return Outcome(Fate.REFUSED, why=words)


def error_words(error: Mapping[str, Any]) -> str:
    """An error of the platform in few words: its code and title, never what it says of a person."""
    return f"{error.get('code', '')} {error.get('title') or error.get('type') or ''}".strip()[:120]


def _error(reply: Reply) -> tuple[int, str]:
    try:
        error = table(read_object(reply.body).get("error"))
    except Unreadable:
        return -1, f"HTTP {reply.status}"
    code = error.get("code")
    return (code if isinstance(code, int) else -1), error_words(error) or f"HTTP {reply.status}"


def _seconds(text: str) -> float:
    return min(float(text), 86_400.0) if text.isascii() and text.isdigit() else 0.0


def _bearer(settings: Mapping[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {settings.get('access_token', '')}"}


def _version(settings: Mapping[str, str]) -> str:
    return quote(settings.get("version") or VERSION.default, safe="")
