"""Any bytes at all as one arrival: fields first, then the parts, then what they mean. Never raises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tanggap.channels.arrivals import Address, Arrival, Kind, Part, Reading
from tanggap.channels.email import (
    addresses,
    charsets,
    encodings,
    flowed,
    invitations,
    kinds,
    limits,
    markup,
    names,
    reports,
    stripping,
    threads,
    tnef,
    words,
)
from tanggap.channels.email.dates import moment
from tanggap.channels.email.heads import Heads, split
from tanggap.channels.email.tree import Node, Reader

UNCLEAR = "unclear"
"""The tag of what a person must look at before it can be a case: nobody who sent it, or nothing that can be read."""
_MAIL_FIELDS = ("from", "to", "subject", "date", "message-id", "received", "mime-version", "content-type", "sender")
_SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})
_ASKED_MOST = 5
_WINMAIL = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})


def read(raw: bytes, settings: Mapping[str, str]) -> Reading:
    """The arrival in ``raw``: always one, unless there is nothing at all.

    ``settings``: ``address``, the address of the account; ``domains``, the domains of our own message ids, by blanks.
    """
    if not raw.strip():
        return Reading(faults=("nothing in it",))
    try:
        return Reading((arrival(raw, settings),))
    except Exception as error:  # noqa: BLE001  no mail may stop the others; what is wrong with it is said and kept
        return Reading((_fields_alone(raw, type(error).__name__),))


def arrival(raw: bytes, settings: Mapping[str, str]) -> Arrival:
    """As :func:`read`, and a fault of ours raises: what the fuzzer calls."""
    end = min(len(raw), limits.BYTES)
    reader = Reader(work=limits.WORK * end + limits.WORK_BESIDE)
    if end < len(raw):
        reader.faults["longer than is read"] = None
        reader.tags["shortened"] = None
    root = reader.read(raw, 0, end)
    body = _Body(reader)
    leaves = list(_leaves(root))
    body.gather(root)
    return _said(raw, root, leaves, body, settings)


def _said(raw: bytes, root: Node, leaves: list[Node], body: _Body, settings: Mapping[str, str]) -> Arrival:
    heads, faults, tags = root.heads, body.reader.faults, body.reader.tags
    own = settings.get("address", "").strip().lower()
    sender, recipients = _people(heads, faults, tags)
    subject = words.line(heads.get("subject"), limits.SUBJECT)
    whole = body.text()
    answers = threads.answered(heads)
    token = threads.carried([one.value for one in recipients], own)
    written = kinds.written(
        heads, sender=sender.value, own=own, own_id=threads.own_id(heads),
        our_domains=tuple(settings.get("domains", "").lower().split()), subject=subject, text=whole,
    )  # fmt: skip
    report = reports.report(root, leaves, sender=sender.value, subject=subject, null_path=kinds.null_path(heads))
    kind = report.kind if report is not None and written.kind is not Kind.ECHO else written.kind
    tags |= dict.fromkeys((*written.tags, *(report.tags if report else ())))
    if not (sender.value and heads.has(*_MAIL_FIELDS)) or not (whole or body.parts or subject):
        tags[UNCLEAR] = None
    is_reply = bool(answers or token) or subject.lower().startswith(("re:", "bls:", "balas:", "aw:", "sv:"))
    return Arrival(
        kind=kind,
        external_id=threads.external_id(raw),
        sender=sender,
        recipients=recipients,
        reply_to=_asked(heads, but=(sender.value, own)),
        sent_at=_sent_at(heads, faults),
        subject=subject,
        text=stripping.new_words(whole, subject=subject) if is_reply and kind is Kind.MESSAGE else whole,
        whole=whole,
        html=body.html(),
        parts=tuple(body.parts),
        answers=answers,
        about=report.about if report else "",
        token=token,
        status=report.status if report else None,
        detail=report.detail if report else "",
        tags=tuple(tags),
        faults=tuple(faults)[: limits.FAULTS],
    )


def _fields_alone(raw: bytes, why: str) -> Arrival:
    """What can be told when the rest cannot: for a person to look at, with the whole mail beside it."""
    sender, subject, identity = Address(""), "", ""
    try:
        identity = threads.external_id(raw)
        heads, _body = split(raw, 0, len(raw))
        sender, subject = _people(heads, {}, {})[0], words.line(heads.get("subject"), limits.SUBJECT)
    except Exception as error:  # noqa: BLE001  the last net: an arrival with a fault is worth more than an error
        why = f"{why}, {type(error).__name__}"
    return Arrival(Kind.MESSAGE, identity, sender, subject=subject, tags=(UNCLEAR,), faults=(f"not read: {why}",))


def _people(heads: Heads, faults: dict[str, None], tags: dict[str, None]) -> tuple[Address, tuple[Address, ...]]:
    """Who sent it, and to whom it went. The sender is what the mail says of itself: it proves nothing (S36)."""
    found = addresses.listed(*heads.all("from")[:2])
    if not found.addresses and not heads.has("from"):
        faults["no From"] = None
        found = addresses.listed(*heads.all("sender", "return-path")[:2])
    if found.strange or len(heads.all("from")) > 1:
        faults["From cannot be read plainly"] = None
    if len(found.addresses) > 1:
        tags["several-senders"] = None
    tags |= dict.fromkeys(found.tags)
    to = addresses.listed(*heads.all("to", "cc")[:20], *heads.all("delivered-to", "x-original-to", "envelope-to")[:20])
    if to.cut:
        faults["too many recipients"] = None
    sender = found.addresses[0] if found.addresses else Address("", words.line(heads.get("from"), limits.NAME))
    return sender, to.addresses


def _asked(heads: Heads, *, but: tuple[str, str]) -> tuple[str, ...]:
    """Where it asks to be answered (RFC 5322, 3.6.2), without ``but``: whoever wrote the mail wrote this as well."""
    found = addresses.listed(*heads.all("reply-to")[:2]).addresses
    return tuple(one.value for one in found if one.value not in but)[:_ASKED_MOST]


def _sent_at(heads: Heads, faults: dict[str, None]) -> datetime | None:
    """The moment the sender's clock says; when that cannot be read, the one the last mail server wrote."""
    said = moment(heads.get("date"))
    if said is None:
        faults["no readable date"] = None
        said = next((at for value in heads.all("received")[:1] if (at := moment(value.rpartition(b";")[2]))), None)
    return said


def _leaves(node: Node) -> Iterator[Node]:
    if not node.children:
        yield node
    for child in node.children:
        yield from _leaves(child)


@dataclass(slots=True)
class _Body:
    """Gathers text, HTML and files from the parts."""

    reader: Reader
    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    spare: list[str] = field(default_factory=list)
    """Text to fall back on when there is no other: an invitation, a forwarded mail, a text sent as a file."""

    def gather(self, node: Node) -> None:
        """Take what ``node`` holds."""
        if node.media_type == "multipart/alternative" and node.children:
            self._best(node)
        elif node.children:
            for child in node.children:
                self.gather(child)
        elif node.media_type in ("text/plain", "text/html") and not self._is_file(node):
            self._take_text(node)
        elif not node.media_type.startswith("multipart/"):
            self._take_file(node)

    def _best(self, node: Node) -> None:
        """Of several ways to say the same, the plain one, unless it says nothing; files among them are kept."""
        before = len(self.texts)
        plain = [child for child in node.children if child.media_type == "text/plain" and not self._is_file(child)]
        for child in plain:
            self._take_text(child)
        said = any(text.strip() for text in self.texts[before:])
        for child in node.children:
            if child in plain:
                continue
            inner = _Body(self.reader)
            inner.gather(child)
            self.htmls += inner.htmls
            self.parts += inner.parts
            self.spare += inner.spare
            if not said:
                self.texts += inner.texts

    def _is_file(self, node: Node) -> bool:
        return node.disposition.main == "attachment" or bool(names.of(node.media, node.disposition, node.heads))

    def _take_text(self, node: Node) -> None:
        data, is_html = node.data(), node.media_type == "text/html"
        if not is_html and b"begin " in data:
            data, files = encodings.uuencoded(data)
            self.parts += [Part(name, "application/octet-stream", file) for name, file in files]
        most = limits.HTML_BYTES if is_html else limits.TEXT_BYTES
        if len(data) > most:
            self.reader.tags["shortened"] = None
            self.parts.append(Part(_PAGE if is_html else _WHOLE, node.media_type, data))
            data = data[:most]
        read, honest = charsets.decode(data, node.media.text("charset"))
        if not honest:
            self.reader.faults["charset is not what it says"] = None
        if is_html:
            read = words.block(read)
            self.htmls.append(read)
            self.texts.append(markup.text(read))
            return
        read = words.block(read)
        if "-----BEGIN PGP MESSAGE-----" in read[:2000]:
            self.reader.tags["encrypted"] = None
        if node.media.text("format").lower() == "flowed":
            read = flowed.unflow(read, delete_space=node.media.text("delsp").lower() == "yes")
        self.texts.append(read.strip("\n"))

    def _take_file(self, node: Node) -> None:
        if node.media_type in _SIGNATURES:
            return
        body = encodings.body(node.raw, node.body_start, node.end, node.heads.get("content-transfer-encoding"))
        data = node.data() if node.kept_raw else body.data
        if not body.sound and not node.kept_raw:
            self.reader.faults["a part is not encoded as it says"] = None
        name = names.of(node.media, node.disposition, node.heads)
        if node.media_type in _WINMAIL or name.lower() == "winmail.dat":
            if self._take_winmail(data):
                return
        elif node.media_type == "text/calendar":
            self.reader.tags["invitation"] = None
            self.spare.append(words.block(invitations.text(charsets.decode(data, node.media.text("charset"))[0])))
        elif node.media_type == "message/rfc822" and not node.kept_raw:
            self._spare_mail(data)
        elif node.media_type == "text/plain":
            self.spare.append(words.block(charsets.decode(data[: limits.TEXT], node.media.text("charset"))[0]).strip())
        self.parts.append(Part(name or names.given(len(self.parts) + 1, node.media_type), node.media_type, data))

    def _take_winmail(self, data: bytes) -> bool:
        """Open it; ``False`` when there is nothing in it that could be read, and it must be kept as it is."""
        opened = tnef.opened(data)
        if not opened.sound:
            self.reader.faults["winmail.dat is broken"] = None
        for n, part in enumerate(opened.files, len(self.parts) + 1):
            self.parts.append(Part(part.name or names.given(n, part.media_type), part.media_type, part.data))
        if opened.text:
            self.spare.insert(0, opened.text)
        return opened.sound

    def _spare_mail(self, data: bytes) -> None:
        """The text of a mail that came as a file of another, for when the other says nothing itself."""
        self.reader.tags["forwarded"] = None
        if self.reader.parts > 0 and self.reader.work > 0 and not self.spare:
            inner = _Body(Reader(work=self.reader.work, parts=min(self.reader.parts, 50)))
            self.reader.work -= len(data)
            root = inner.reader.read(data, 0, len(data), depth=limits.DEPTH - 5)
            inner.gather(root)
            head = [words.line(root.heads.get(name), limits.SUBJECT) for name in ("from", "subject")]
            self.spare.append("\n".join([*filter(None, head), "", inner.text()]).strip())

    def text(self) -> str:
        """All that is to be read. What is longer than travels on goes along whole, as a file."""
        said = "\n\n".join(text for text in self.texts if text.strip()).strip()
        if not said:
            said = next((text for text in self.spare if text), "")
            if any(page.strip() for page in self.htmls):
                self._keep(_PAGE, "text/html", "\n".join(self.htmls))
        if len(said) > limits.TEXT:
            self.reader.tags["shortened"] = None
            self._keep(_WHOLE, "text/plain", said)
            said = said[: limits.TEXT]
        return said

    def _keep(self, name: str, media_type: str, text: str) -> None:
        if not any(part.name == name for part in self.parts):
            self.parts.append(Part(name, media_type, text.encode()))

    def html(self) -> str:
        """The HTML, harmless; nothing when there is none, or too much of it."""
        return markup.harmless("\n".join(self.htmls)) if self.htmls else ""


_WHOLE, _PAGE = "isi-surel.txt", "isi-surel.html"
