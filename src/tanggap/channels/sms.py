"""SMS by a gateway over HTTP: vendors differ in the names of fields and in how they sign, so those are settings."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tanggap.channels import gsm, phones
from tanggap.channels.arrivals import Address, Arrival, Kind, Piece, Reading, Status
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
from tanggap.channels.signed_json import MOST_BYTES, Unreadable, is_secret, moment, read_object
from tanggap.channels.wording import clean, one_line

KEY = "sms"
LABEL = "SMS"
SETTINGS = (
    Setting("secret", "Rahasia webhook", "Kunci tanda tangan, atau kata yang disertakan gerbang.", secret=True),
    Setting(
        "proof",
        "Cara gerbang membuktikan diri",
        "hex, sha256=hex, base64 (HMAC-SHA256 isi), atau token (kata rahasia itu sendiri).",
        required=False,
        default="hex",
    ),
    Setting("proof_in", "Tempat bukti", "Nama tajuk, atau ?nama untuk isian alamat.", False, False, "x-signature"),
    Setting("in_from", "Isian nomor pengirim", "", False, False, "from"),
    Setting("in_to", "Isian nomor tujuan", "", False, False, "to"),
    Setting("in_text", "Isian isi pesan", "", False, False, "text"),
    Setting("in_id", "Isian ID pesan", "", False, False, "id"),
    Setting("in_time", "Isian waktu", "Detik Unix atau ISO 8601.", False, False, "time"),
    Setting("in_ref", "Isian penanda pesan panjang", "Kosong bila gerbang menyatukan sendiri.", False, False, ""),
    Setting("in_part", "Isian bagian ke-", "", False, False, "part"),
    Setting("in_parts", "Isian banyak bagian", "", False, False, "parts"),
    Setting("report_id", "Isian ID pada laporan kirim", "", False, False, "message_id"),
    Setting("report_status", "Isian status pada laporan kirim", "", False, False, "status"),
    Setting("report_ok", "Kata untuk sampai", "Dipisah koma.", False, False, "delivered,DELIVRD,success"),
    Setting("report_failed", "Kata untuk gagal", "Dipisah koma.", False, False, "failed,UNDELIV,REJECTD,EXPIRED"),
    Setting("send_url", "Alamat pengiriman", "https://... tempat pesan dikirim.", required=False),
    Setting("send_as", "Bentuk kiriman", "json, form, atau query (GET).", False, False, "json"),
    Setting("send_to", "Isian nomor tujuan kiriman", "", False, False, "to"),
    Setting("send_text", "Isian isi kiriman", "", False, False, "text"),
    Setting("send_ref", "Isian rujukan kita", "Kosong bila tidak ada.", False, False, ""),
    Setting("send_more", "Isian tetap lain", "JSON, misalnya nama pengirim.", False, False, ""),
    Setting("authorization", "Tajuk Authorization", "Misalnya Bearer ...", True, False, goes_to=("send_url",)),
    Setting("reply_id", "Letak ID pada balasan", "Misalnya data.id atau messages.0.id", False, False, "id"),
)
_DEFAULTS = {setting.name: setting.default for setting in SETTINGS}
_LONGEST_PIECES = 10


def hosts(settings: Mapping[str, str]) -> tuple[str, ...]:
    """The gateway's own host alone, with its port when that is an unusual one."""
    try:
        found = urlsplit(settings.get("send_url", ""))
        host, port = (found.hostname or "").lower(), found.port
    except ValueError:
        return ()
    return (host if port in (None, 443) else f"{host}:{port}",) if host else ()


def answer_hook(hook: Hook, settings: Mapping[str, str]) -> HookAnswer:
    """A signed delivery is to be stored; a gateway that calls by GET says everything in the address."""
    if hook.method not in ("POST", "GET"):
        return HookAnswer(405)
    if len(hook.body) > MOST_BYTES:
        return HookAnswer(413)
    raw = hook.body if hook.method == "POST" else urlencode(sorted(_without_proof(hook, settings).items())).encode()
    if not _is_proven(hook, raw, settings):
        return HookAnswer(401)
    return HookAnswer(200, "OK", store=True, raw=raw)


def _said(settings: Mapping[str, str], name: str) -> str:
    return settings.get(name) or _DEFAULTS[name]


def _without_proof(hook: Hook, settings: Mapping[str, str]) -> dict[str, str]:
    place = _said(settings, "proof_in")
    return {name: value for name, value in hook.query.items() if f"?{name}" != place}


def _is_proven(hook: Hook, raw: bytes, settings: Mapping[str, str]) -> bool:
    secret, place = settings.get("secret", ""), _said(settings, "proof_in")
    given = hook.query.get(place[1:], "") if place.startswith("?") else hook.headers.get(place.lower(), "")
    digest = hmac.new(secret.encode(), raw, hashlib.sha256).digest()
    proofs: dict[str, Callable[[], str]] = {
        "hex": digest.hex,
        "sha256=hex": lambda: f"sha256={digest.hex()}",
        "base64": lambda: base64.b64encode(digest).decode(),
        "token": lambda: secret,
    }
    expected = proofs.get(_said(settings, "proof"))
    return bool(secret) and expected is not None and is_secret(given, expected())


def read(raw: bytes, settings: Mapping[str, str]) -> Reading:
    """The message or the delivery report that ``raw`` is (JSON, a list of them under any name, or a form)."""
    try:
        told = _tables(raw)
    except Unreadable as fault:
        return Reading(faults=(str(fault),))
    arrivals: list[Arrival] = []
    faults: list[str] = []
    for one in told:
        found = _report(one, settings) if _is_report(one, settings) else _message(one, settings)
        if found is None:
            faults.append("neither a message nor a report: " + ", ".join(sorted(one_line(name) for name in one)[:10]))
        else:
            arrivals.append(found)
    return Reading(tuple(arrivals), tuple(faults))


def _tables(raw: bytes) -> list[Mapping[str, Any]]:
    if raw.lstrip()[:1] != b"{":
        try:
            form = dict(parse_qsl(raw.decode("utf-8", "strict"), max_num_fields=100, strict_parsing=True))
        except ValueError:
            raise Unreadable("neither JSON nor a form") from None
        return [form]
    body = read_object(raw)
    lists = [value for value in body.values() if isinstance(value, list)]
    inner: list[Mapping[str, Any]] = [one for value in lists for one in value if isinstance(one, dict)]
    return inner or [body]


def _is_report(one: Mapping[str, Any], settings: Mapping[str, str]) -> bool:
    return _said(settings, "report_status") in one and _said(settings, "in_text") not in one


def _message(one: Mapping[str, Any], settings: Mapping[str, str]) -> Arrival | None:
    text = one.get(_said(settings, "in_text"))
    written = _word(one, _said(settings, "in_from"))
    if not isinstance(text, str) or not written:
        return None
    to = _word(one, _said(settings, "in_to"))
    body, at = clean(text), _moment(one.get(_said(settings, "in_time")))
    own = _word(one, _said(settings, "in_id")) or _synthetic(one)
    return Arrival(
        Kind.MESSAGE,
        own,
        Address(phones.number(written, international=True) or one_line(written, most=40), vouched=True),
        (Address(phones.number(to, international=True) or one_line(to, most=40)),) if to else (),
        at,
        text=body,
        whole=body,
        piece=_piece(one, settings, written),
        faults=() if body else ("an empty message",),
    )


def _piece(one: Mapping[str, Any], settings: Mapping[str, str], sender: str) -> Piece | None:
    """Which piece of a long message this is, when the gateway hands them over one by one."""
    name = settings.get("in_ref", "")
    ref, number, count = (_word(one, key) for key in (name, _said(settings, "in_part"), _said(settings, "in_parts")))
    if not name or not ref or not (number.isdecimal() and count.isdecimal()):
        return None
    if not 1 <= int(number) <= int(count) <= 255 or int(count) == 1:
        return None
    return Piece(f"{sender}:{ref}:{count}", int(number), int(count))


def _report(one: Mapping[str, Any], settings: Mapping[str, str]) -> Arrival | None:
    about, said = _word(one, _said(settings, "report_id")), _word(one, _said(settings, "report_status"))
    if not about:
        return None
    status = None
    for words, meaning in (("report_ok", Status.DELIVERED), ("report_failed", Status.FAILED)):
        if said.lower() in {word.strip().lower() for word in _said(settings, words).split(",")}:
            status = meaning
    to = _word(one, _said(settings, "in_to"))
    return Arrival(
        Kind.STATUS, f"{about}:{said}", Address(phones.number(to, international=True), vouched=True),
        sent_at=_moment(one.get(_said(settings, "in_time"))), about=about, status=status,
        detail=one_line(said, most=60),
        faults=() if status else (f"unknown status {one_line(said, most=40)}",),
    )  # fmt: skip


def _word(one: Mapping[str, Any], name: str) -> str:
    value = one.get(name)
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _moment(value: object) -> datetime | None:
    if isinstance(value, str) and not value.replace(".", "", 1).isdecimal():
        try:
            found = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
        return found.astimezone(UTC) if found.tzinfo else None
    return moment(value) if isinstance(value, str | int | float) else None


def _synthetic(one: Mapping[str, Any]) -> str:
    """An id for a message that came without one: the same whenever the same is told again."""
    told = json.dumps(one, sort_keys=True, default=str).encode("utf-8", "surrogatepass")
    return "synthetic:" + hashlib.sha256(told).hexdigest()[:40]


def call(outgoing: Outgoing, settings: Mapping[str, str]) -> Call:
    """The call that sends ``outgoing``, in the plain alphabet where that says the same. Raises :class:`CannotSend`.

    ``address``: no telephone number; ``long``: more than ten pieces; ``account``: no address to send to.
    """
    to, text = phones.number(outgoing.to), gsm.plain(outgoing.text)
    if not to:
        raise CannotSend("address")
    if gsm.size(text).pieces > _LONGEST_PIECES:
        raise CannotSend("long")
    address = settings.get("send_url", "")
    if not address.startswith(("https://", "http://")):
        raise CannotSend("account")
    fields = {**_more(settings), _said(settings, "send_to"): to, _said(settings, "send_text"): text}
    if settings.get("send_ref"):
        fields[settings["send_ref"]] = outgoing.letter
    headers = {"Authorization": settings["authorization"]} if settings.get("authorization") else {}
    shape = _said(settings, "send_as")
    if shape == "query":
        return Call("GET", f"{address}{'&' if '?' in address else '?'}{urlencode(fields)}", headers)
    if shape == "form":
        return Call("POST", address, headers | {"Content-Type": "application/x-www-form-urlencoded"},
                    urlencode(fields).encode())  # fmt: skip
    return Call("POST", address, headers | {"Content-Type": "application/json"},
                json.dumps(fields, ensure_ascii=False).encode())  # fmt: skip


def _more(settings: Mapping[str, str]) -> dict[str, Any]:
    try:
        return dict(read_object((settings.get("send_more") or "{}").encode()))
    except Unreadable:
        raise CannotSend("account") from None


def outcome(reply: Reply, settings: Mapping[str, str]) -> Outcome:
    """What became of a call made by :func:`call`; the id is looked up where the settings say it stands."""
    words = f"HTTP {reply.status}"
    if 200 <= reply.status < 300:
        return Outcome(Fate.SENT, _at(reply.body, _said(settings, "reply_id")))
    if reply.status in (408, 425, 429) or reply.status >= 500:
        wait = reply.headers.get("retry-after", "")
        return Outcome(Fate.LATER, retry_after=min(float(wait), 86_400.0) if wait.isdecimal() else 0.0, why=words)
    if reply.status in (401, 402, 403, 404, 405):
        return Outcome(Fate.TROUBLE, why=words)
    return Outcome(Fate.REFUSED, why=words)


def _at(body: bytes, path: str) -> str:
    try:
        found: Any = read_object(body)
    except Unreadable:
        return one_line(body[:200].decode("utf-8", "replace"), most=80) if b"<" not in body[:200] else ""
    for name in path.split("."):
        if isinstance(found, list) and name.isdecimal() and int(name) < len(found):
            found = found[int(name)]
        elif isinstance(found, dict):
            found = found.get(name)
        else:
            return ""
    return str(found) if isinstance(found, str | int) else ""
