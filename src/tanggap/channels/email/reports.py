"""What mail servers and readers' programs tell of a mail of ours: delivery reports (RFC 3464), receipts (RFC 8098)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tanggap.channels.arrivals import Kind, Status
from tanggap.channels.email import limits, words
from tanggap.channels.email.heads import Heads, split
from tanggap.channels.email.threads import ids
from tanggap.channels.email.tree import Node

_ORIGINAL = frozenset({"message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global",
                       "message/global-headers", "text/rfc822"})  # fmt: skip
_STATUS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_RECEIPT = frozenset({"message/disposition-notification", "message/global-disposition-notification"})
_BOUNCERS = ("mailer-daemon", "postmaster", "mail-daemon", "maildaemon")
_BOUNCE_SUBJECT = re.compile(
    r"undeliver|delivery (?:status notification|failure|report|has failed)|returned (?:to sender|mail)"
    r"|mail delivery (?:failed|system|subsystem)|failure notice|non[- ]?deliver|could not be delivered|tidak terkirim"
    r"|gagal (?:terkirim|dikirim|mengirim)"
    r"|pengiriman (?:gagal|tidak berhasil)|tidak dapat (?:dikirim|disampaikan)|delayed mail|message delayed|tertunda",
    re.IGNORECASE,
)
_DELAYED = re.compile(r"delayed|warning: could not send|still being retried|tertunda", re.IGNORECASE)
_ID_IN_TEXT = re.compile(rb"^[> \t]{0,20}Message-I[dD]:[ \t]{0,20}(<[^<>\r\n]{3,998}>)", re.MULTILINE)
_CODE = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b|\b([45]\d\d)\b")


@dataclass(frozen=True, slots=True)
class Report:
    """What is told, and of which mail."""

    kind: Kind
    status: Status | None = None
    about: str = ""
    detail: str = ""
    tags: tuple[str, ...] = ()


def report(root: Node, leaves: list[Node], *, sender: str, subject: str, null_path: bool) -> Report | None:
    """The report that the mail is; ``None`` when it is none. ``leaves``: its parts, in order."""
    kinds = {leaf.media_type for leaf in leaves}
    declared = root.media.text("report-type").lower() if root.media_type == "multipart/report" else ""
    if declared == "feedback-report" or "message/feedback-report" in kinds:
        return Report(Kind.AUTOMATIC, about=_about(leaves), detail="abuse report", tags=("abuse",))
    if declared == "disposition-notification" or kinds & _RECEIPT:
        return _receipt(leaves)
    if kinds & _STATUS and (declared or null_path or _is_bouncer(sender)):
        return _delivery(leaves)
    if declared == "delivery-status" or (_is_bouncer(sender) and (null_path or _BOUNCE_SUBJECT.search(subject))):
        return _told_in_words(leaves, subject)
    return None


def _is_bouncer(sender: str) -> bool:
    return sender.partition("@")[0] in _BOUNCERS


def _receipt(leaves: list[Node]) -> Report:
    said = [heads for leaf in leaves if leaf.media_type in _RECEIPT for heads in _groups(leaf)]
    disposition = words.line(_first(said, "disposition"), 200)
    about = next((one for value in (_first(said, "original-message-id"),) for one in ids(value)), "") or _about(leaves)
    seen = "displayed" in disposition.lower()
    return Report(Kind.STATUS, Status.READ if seen else None, about, disposition, ("receipt",))


def _delivery(leaves: list[Node]) -> Report:
    said = [heads for leaf in leaves if leaf.media_type in _STATUS for heads in _groups(leaf)]
    actions = [words.line(heads.get("action"), 40).lower().partition(" ")[0] for heads in said if heads.has("action")]
    failed = [n for n, action in enumerate(actions) if action not in ("delayed", "delivered", "relayed", "expanded")]
    with_action = [heads for heads in said if heads.has("action")]
    shown = with_action[failed[0] if failed else 0] if with_action else Heads()
    code = words.line(shown.get("status"), 20)
    reason = words.line(shown.get("diagnostic-code"), 300)
    detail = " ".join(part for part in (actions[failed[0] if failed else 0] if actions else "", code, reason) if part)
    if failed or not actions:
        return Report(Kind.BOUNCE, Status.FAILED, _about(leaves), detail)
    if "delayed" in actions:
        return Report(Kind.STATUS, None, _about(leaves), detail, ("delayed",))
    return Report(Kind.STATUS, Status.DELIVERED, _about(leaves), detail)


def _told_in_words(leaves: list[Node], subject: str) -> Report:
    """A bounce as mail servers wrote it before there was a form for it."""
    text = b"\n".join(leaf.data()[:50_000] for leaf in leaves[:10])
    found = _CODE.search(text[:10_000].decode("latin-1"))
    detail = f"{subject} {found[0] if found else ''}".strip()[:300]
    if _DELAYED.search(subject):
        return Report(Kind.STATUS, None, _about(leaves), detail, ("delayed",))
    return Report(Kind.BOUNCE, Status.FAILED, _about(leaves), detail)


def _about(leaves: Iterable[Node]) -> str:
    """The id of the mail of ours that the report is about: from the copy of it, or from the words."""
    leaves = list(leaves)
    for leaf in leaves:
        if leaf.media_type in _ORIGINAL:
            data = leaf.data()[: limits.HEAD_BYTES]
            heads, _body = split(data, 0, len(data))
            found = ids(heads.get("message-id"))
            if found:
                return found[0]
    for leaf in leaves[:10]:
        hit = _ID_IN_TEXT.search(leaf.data()[:200_000])
        if hit and (found := ids(hit[1])):
            return found[0]
    return ""


def _groups(leaf: Node) -> list[Heads]:
    """The groups of fields of a status part; the first is about the mail, each other one about a recipient."""
    data, at = leaf.data()[: limits.HEAD_BYTES].lstrip(), 0
    groups: list[Heads] = []
    while at < len(data) and len(groups) < 100:
        heads, after = split(data, at, len(data))
        if heads.fields:
            groups.append(heads)
        at = max(after, at + 1)
    return groups


def _first(groups: list[Heads], name: str) -> bytes:
    return next((heads.get(name) for heads in groups if heads.has(name)), b"")
