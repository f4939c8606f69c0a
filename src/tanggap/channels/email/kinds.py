"""Who or what wrote a mail: a person, a machine, or we ourselves. By headers first; wording only adds a remark."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tanggap.channels.arrivals import Kind
from tanggap.channels.email import words
from tanggap.channels.email.heads import Heads

OURS = "X-Tanggap"
"""The field that every mail of ours has, with the name of our host."""
_OUR_ID = re.compile(r"[0-9a-f]{32}@(.+)")
_NOREPLY = re.compile(r"(?:no|do[-_.]?not|dont|tidak|jangan)[-_.]?(?:reply|balas|membalas|respon(?:d)?)", re.IGNORECASE)
_AWAY = re.compile(
    r"^\s*(?:re:\s*)?(?:out of (?:the )?office|automatic reply|auto(?:matic)?[- ]?(?:reply|response)|autoreply|vacation"
    r"|on leave|away from|balas(?:an)? otomatis|jawaban otomatis|sedang (?:cuti|dinas|tidak di|di luar)|di luar kantor"
    r"|tidak di (?:kantor|tempat))",
    re.IGNORECASE,
)
_AWAY_TEXT = re.compile(
    r"i am (?:currently )?(?:out of (?:the )?office|away|on (?:annual |sick )?leave)|saya sedang (?:cuti|dinas luar"
    r"|di luar kantor|tidak berada di (?:kantor|tempat))"
    r"|(?:pesan|email|surel|balasan) ini (?:dikirim|dibuat|merupakan balasan) (?:secara )?otomatis"
    r"|this is an automat(?:ed|ic) (?:reply|response|message)",
    re.IGNORECASE,
)
_MACHINE_FIELDS = ("x-autoreply", "x-autorespond", "x-autoreply-from", "x-auto-reply-from", "x-mail-autoreply",
                   "auto-reply", "x-vacation", "x-cron-env", "x-failed-recipients")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """The kind, and what was noticed."""

    kind: Kind
    tags: tuple[str, ...] = ()


def written(heads: Heads, *, sender: str, own: str, own_id: str, our_domains: tuple[str, ...], subject: str,
            text: str) -> Written:  # fmt: skip
    """What the fields say. ``own``: the address of the account; ``our_domains``: those of our own message ids."""
    tags = _remarks(heads, sender, subject, text)
    if _is_ours(heads, own_id, our_domains):
        return Written(Kind.ECHO, ("loop", *tags))
    if own and sender == own.lower():
        tags.append("loop")
    return Written(Kind.AUTOMATIC if _by_machine(heads, tags) else Kind.MESSAGE, tuple(tags))


def null_path(heads: Heads) -> bool:
    """True when a bounce of this mail would go nowhere: ``Return-Path: <>``."""
    return heads.has("return-path") and heads.get("return-path").replace(b" ", b"") == b"<>"


def _is_ours(heads: Heads, own_id: str, our_domains: tuple[str, ...]) -> bool:
    named = {words.line(value, 255).lower() for value in heads.all(OURS.lower())}
    found = _OUR_ID.fullmatch(own_id)
    return bool(named & set(our_domains)) or bool(found and found[1].lower() in our_domains)


def _remarks(heads: Heads, sender: str, subject: str, text: str) -> list[str]:
    noticed = {
        "noreply": _NOREPLY.search(sender.partition("@")[0]),
        "list": heads.has("list-id", "list-post", "mailing-list") or _precedence(heads) == "list",
        "bulk": _precedence(heads) in ("bulk", "junk"),
        "suppress": heads.has("x-auto-response-suppress"),
        "null-path": null_path(heads),
        "away": _AWAY.search(subject) or _AWAY_TEXT.search(text[:2000]),
        "spam": heads.get("x-spam-flag").strip().lower() == b"yes",
    }
    return [tag for tag, seen in noticed.items() if seen]


def _precedence(heads: Heads) -> str:
    return words.line(heads.get("precedence"), 40).lower()


def _by_machine(heads: Heads, tags: list[str]) -> bool:
    """RFC 3834, and the fields that came before it. A list that people write to hands on what people wrote."""
    auto = [words.line(value, 60).lower().partition(";")[0].strip() for value in heads.all("auto-submitted")]
    if any(value and value != "no" for value in auto):
        return True
    if "null-path" in tags or heads.has(*_MACHINE_FIELDS) or _precedence(heads) in ("auto_reply", "auto-reply", "junk"):
        return True
    if "no" in auto:
        return False
    newsletter = heads.has("list-unsubscribe") and not heads.has("list-post", "mailing-list")
    return "bulk" in tags or newsletter or ("suppress" in tags and "away" in tags)
