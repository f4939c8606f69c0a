"""Addresses of a mail, by rules of our own: what is not plainly one address is none (S34 to S36, CVE-2023-27043)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from tanggap.channels.arrivals import Address
from tanggap.channels.email import limits, words

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")
_LONGEST, _LONGEST_LOCAL = 254, 64
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[^"(),:;<>\\]+|[(),:;<>"\\]', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Found:
    """Addresses of a field. ``strange``: something stood there that is no address; ``tags``: what was noticed."""

    addresses: tuple[Address, ...] = ()
    strange: bool = False
    cut: bool = False
    tags: tuple[str, ...] = ()


def address(typed: str) -> str:
    """The one address that ``typed`` is, or nothing: no list, no name beside it, no quotes, only ASCII (S34, S35)."""
    if len(typed) > _LONGEST or len(typed.partition("@")[0]) > _LONGEST_LOCAL:
        return ""
    return typed if _ADDRESS.fullmatch(typed) else ""


def normal(typed: str) -> str:
    """``typed`` as it is compared: small letters, foreign domains as punycode. Nothing when it is no address."""
    folded = unicodedata.normalize("NFC", typed.strip()).lower()
    local, _at, domain = folded.rpartition("@")
    if folded.isascii():
        return address(folded)
    labels = [_ascii(label) for label in domain.split(".")]
    foreign = local.isascii() or all(c.isalnum() or c in "._+-" for c in local)
    stand_in = local if local.isascii() else "x"
    whole = f"{local}@{'.'.join(labels)}"
    return whole if foreign and len(whole) <= _LONGEST and address(f"{stand_in}@{'.'.join(labels)}") else ""


def _ascii(label: str) -> str:
    """One label of a domain in ASCII (RFC 3492); nothing when it has letters no domain has."""
    if label.isascii():
        return label
    if len(label) > 60 or not all(c.isalnum() or c == "-" or unicodedata.category(c) == "Mn" for c in label):
        return ""
    return "xn--" + unicodedata.normalize("NFKC", label).encode("punycode").decode("ascii")


def listed(*fields: bytes) -> Found:
    """The addresses that stand in ``fields``, each once, in order."""
    kept: dict[str, Address] = {}
    strange, cut, tags = False, False, []
    for written in fields:
        for mailbox in _mailboxes(written[: limits.FIELD_BYTES]):
            if len(kept) >= limits.RECIPIENTS:
                cut = True
                break
            value, name = _read(mailbox)
            if not value:
                strange = strange or bool(mailbox)
                continue
            kept.setdefault(value, Address(value, name))
            tags += _noticed(value, name)
    return Found(tuple(kept.values()), strange, cut, tuple(dict.fromkeys(tags)))


def _mailboxes(written: bytes) -> list[list[bytes]]:
    """The tokens of each mailbox: comments away, groups opened, cut at commas outside quotes and brackets."""
    boxes: list[list[bytes]] = [[]]
    comment, bracket = 0, False
    for found in _TOKEN.finditer(written):
        token = found[0]
        if token == b"(" and not bracket:
            comment += 1
        elif token == b")" and comment:
            comment -= 1
        elif comment:
            continue
        elif token in b",;" and not bracket:
            boxes.append([])
        elif token == b":" and not bracket and b"@" not in b"".join(boxes[-1]):
            boxes[-1] = []  # the name of a group
        else:
            bracket = token == b"<" or (bracket and token != b">")
            boxes[-1].append(token)
    if comment:
        boxes[-1].append(b"(")  # a comment that never ends: not plainly an address
    return [box for box in boxes if b"".join(box).strip()]


def _read(box: list[bytes]) -> tuple[str, str]:
    """Address and name of one mailbox; no address when it could be read in two ways."""
    if box.count(b"<") != 1 or b">" not in box:
        plain = b"".join(box).strip()
        return (normal(words.decoded(plain)), "") if b"<" not in box and b">" not in box else ("", "")
    opened, closed = box.index(b"<"), box.index(b">")
    if closed < opened or b"".join(box[closed + 1 :]).strip():
        return "", ""
    inside = b"".join(box[opened + 1 : closed]).strip()
    if inside.startswith(b"@") and b":" in inside:
        inside = inside.rpartition(b":")[2]  # the route of RFC 822
    said = b"".join(_unquoted(token) for token in box[:opened]).strip()
    return normal(words.decoded(inside)), words.line(said, limits.NAME)


def _unquoted(token: bytes) -> bytes:
    return re.sub(rb"\\(.)", rb"\1", token[1:-1]) if token[:1] == b'"' and len(token) > 1 else token


def _noticed(value: str, name: str) -> list[str]:
    tags = []
    if "xn--" in value or not value.isascii():
        tags.append("foreign-letters")
    if mixed(name) or mixed(value):
        tags.append("mixed-scripts")
    inner = re.search(r"[^\s<>\"'(]+@[^\s<>\"')]+\.[^\s<>\"')]+", name[: limits.NAME])
    if inner and normal(inner[0]) != value:
        tags.append("name-is-address")
    return tags


def mixed(text: str) -> bool:
    """True when one word of ``text`` has Latin letters and look-alikes of another script in it."""
    for word in text[: limits.NAME].split():
        scripts = {unicodedata.name(c, "?").partition(" ")[0] for c in word if c.isalpha()}
        if "LATIN" in scripts and scripts & {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}:
            return True
    return False
