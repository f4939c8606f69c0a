"""Ids of mails: which one this is, which ones it answers, and what a signed reply address carries."""

from __future__ import annotations

import hmac
import re
from base64 import b32decode, b32encode
from binascii import Error
from hashlib import sha256
from uuid import UUID

from tanggap.channels.email import limits
from tanggap.channels.email.addresses import address
from tanggap.channels.email.heads import Heads, split

_BRACKETED = re.compile(rb"<([^<>]{1,998})>")
_BARE = re.compile(rb"[^\s<>,;\"'()]{1,500}@[^\s<>,;\"'()]{1,400}")
_STABLE = ("from", "date", "subject", "to")
_MAC_LETTERS = 16
_TOKEN = re.compile(rf"[a-z0-9]{{1,40}}[a-z2-7]{{{_MAC_LETTERS}}}")
_PURPOSE = b"tanggap reply address\0"


def ids(value: bytes) -> list[str]:
    """The message ids in a field, without brackets, in order: also those that stand there without brackets."""
    found = [_tidy(one[1]) for one in _BRACKETED.finditer(value)] if b"<" in value else []
    if not any(found):
        found = [_tidy(one[0]) for one in _BARE.finditer(value[: limits.PARAMETER_BYTES])]
    return [one for one in found if one]


def _tidy(written: bytes) -> str:
    """An id as it is compared: no blanks (folding puts them in); nothing when it is no id."""
    text = "".join(written.decode("utf-8", "replace").split())
    local, at, domain = text.partition("@")
    return text if at and local and domain and text.isprintable() else ""


def own_id(heads: Heads) -> str:
    """The id the mail gives itself; nothing when it gives none, or none that can be one."""
    found = ids(heads.get("message-id"))
    return found[0] if found else ""


def answered(heads: Heads) -> tuple[str, ...]:
    """Ids of the mails this one answers, nearest first."""
    nearest = [one for value in heads.all("in-reply-to")[:5] for one in ids(value)]
    older = [one for value in heads.all("references")[:5] for one in ids(value)]
    mine = own_id(heads)
    return tuple(one for one in dict.fromkeys([*nearest, *reversed(older)]) if one != mine)[: limits.ANSWERS]


def external_id(raw: bytes) -> str:
    """What makes this mail one and the same wherever it arrives: its Message-ID, else a digest of what does not change
    on the way. Reads the head alone: quick, and total like everything here.
    """
    heads, body_start = split(raw, 0, len(raw))
    return own_id(heads) or f"digest:{_digest(raw, heads, body_start)}"


def content_digest(raw: bytes) -> str:
    """Digest of what does not change on the way (hexadecimal): tells two mails under one Message-ID apart."""
    heads, body_start = split(raw, 0, len(raw))
    return _digest(raw, heads, body_start)


def _digest(raw: bytes, heads: Heads, body_start: int) -> str:
    said = sha256()
    for name in _STABLE:
        value = b" ".join(heads.get(name).split())
        said.update(b"%s:%d:%s\n" % (name.encode(), len(value), value))
    said.update(raw[body_start : body_start + limits.BYTES].replace(b"\r\n", b"\n").rstrip())
    return said.hexdigest()


def case_token(case: UUID) -> str:
    """``case`` in 26 letters that fit into an address."""
    return b32encode(case.bytes).decode("ascii").rstrip("=").lower()


def case_of(token: str) -> UUID | None:
    """The case that ``token`` names; ``None`` when it names none."""
    try:
        return UUID(bytes=b32decode(token.upper() + "=" * (-len(token) % 8)))
    except (Error, ValueError):
        return None


def reply_address(base: str, token: str, key: bytes) -> str:
    """``base`` (``local@domain``) with ``token`` signed into it: replies to it find their thread. ``token``: 1 to 40
    letters of ``a-z0-9``. ``base`` itself when it leaves no room: then the thread is found by ids alone.
    """
    local, _at, domain = base.partition("@")
    signed = address(f"{local}+{token}{_mac(token, key)}@{domain}")
    return signed if _TOKEN.fullmatch(token + _mac(token, key)) and signed else base


def read_token(carried: str, key: bytes) -> str:
    """The token in ``carried`` (:attr:`Arrival.token`), when we signed it with ``key``; else nothing (S36)."""
    token, mac = carried[:-_MAC_LETTERS], carried[-_MAC_LETTERS:]
    if not _TOKEN.fullmatch(carried):
        return ""
    return token if hmac.compare_digest(_mac(token, key), mac) else ""


def carried(recipients: list[str], base: str) -> str:
    """What a reply address of ``base`` among ``recipients`` carries, signature and all; nobody has looked at it yet."""
    own_local, _at, own_domain = base.lower().partition("@")
    for recipient in recipients:
        local, _at, domain = recipient.lower().partition("@")
        name, plus, detail = local.partition("+")
        if plus and _TOKEN.fullmatch(detail) and (not base or (name == own_local and domain == own_domain)):
            return detail
    return ""


def _mac(token: str, key: bytes) -> str:
    made = hmac.digest(key, _PURPOSE + token.encode("utf-8", "replace"), "sha256")
    return b32encode(made).decode("ascii").lower()[:_MAC_LETTERS]
