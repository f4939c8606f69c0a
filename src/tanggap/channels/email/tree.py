"""A mail as a tree of parts: places in the bytes, nothing copied, never deeper, more or longer than the limits."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tanggap.channels.email import limits, smime
from tanggap.channels.email.encodings import body
from tanggap.channels.email.heads import Heads, split
from tanggap.channels.email.parameters import Value, value

_FIRST_LINE = re.compile(rb"^--([^\r\n]{1,151})\r?$", re.MULTILINE)
_SEALED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One part: its fields, what it is, and where its body stands in ``raw``. ``kept_raw``: not looked into."""

    raw: bytes
    start: int
    body_start: int
    end: int
    heads: Heads
    media: Value
    disposition: Value
    children: tuple[Node, ...] = ()
    kept_raw: bool = False

    @property
    def media_type(self) -> str:
        """Its media type, in small letters."""
        return self.media.media_type

    def data(self) -> bytes:
        """Its bytes, decoded; with its fields when it is kept as it came."""
        if self.kept_raw:
            return self.raw[self.start : self.end]
        return body(self.raw, self.body_start, self.end, self.heads.get("content-transfer-encoding")).data


@dataclass(slots=True)
class Reader:
    """Reads one mail. ``faults`` and ``tags`` gather what was noticed on the way."""

    work: int
    parts: int = limits.PARTS
    faults: dict[str, None] = field(default_factory=dict)
    tags: dict[str, None] = field(default_factory=dict)

    def read(self, raw: bytes, start: int, end: int, *, depth: int = 0, digest: bool = False) -> Node:
        """The part that stands in ``raw`` from ``start`` to ``end``, with all that is in it."""
        heads, body_start = split(raw, start, end)
        if heads.cut:
            self.faults["too many header fields"] = None
        media = value(heads.get("content-type"))
        if digest and not heads.has("content-type"):
            media = Value("message/rfc822")
        disposition = value(heads.get("content-disposition"))
        node = Node(raw, start, body_start, end, heads, media, disposition)
        if media.media_type.startswith("multipart/"):
            return self._opened(node, depth)
        if media.media_type in _SEALED or media.text("name").lower().endswith(".p7m"):
            return self._unsealed(node, depth)
        return node

    def _opened(self, node: Node, depth: int) -> Node:
        if depth >= limits.DEPTH or self.work <= 0:
            self.faults["nested too deep" if depth >= limits.DEPTH else "too much to search"] = None
            return self._raw(node)
        way = node.heads.get("content-transfer-encoding").strip().lower()
        raw, start, end = node.raw, node.body_start, node.end
        if way in (b"base64", b"quoted-printable") and b"\n--" not in raw[start : start + 10_000]:
            raw = node.data()  # forbidden by RFC 2045, and done
            start, end = 0, len(raw)
        spans = self._spans(raw, start, end, node.media.parameters.get("boundary", b""))
        if not spans:
            self.faults["no boundary found"] = None
            return Node(node.raw, node.start, node.body_start, node.end, node.heads, Value("text/plain"), Value())
        digest = node.media_type == "multipart/digest"
        children = []
        for n, (begin, stop) in enumerate(spans):
            if self.parts <= 0:
                self.faults["too many parts"] = None
                rest = Node(raw, begin, begin, spans[-1][1], Heads(), Value("message/rfc822"), Value(), kept_raw=True)
                children.append(rest)
                self.tags["shortened"] = None
                break
            self.parts -= 1
            children.append(self.read(raw, begin, stop, depth=depth + 1, digest=digest))
            if n == 0 and node.media_type == "multipart/signed":
                self.tags["signed"] = None
        if node.media_type == "multipart/encrypted":
            self.tags["encrypted"] = None
        return Node(node.raw, node.start, node.body_start, node.end, node.heads, node.media, node.disposition,
                    tuple(children))  # fmt: skip

    def _raw(self, node: Node) -> Node:
        self.tags["shortened"] = None
        return Node(node.raw, node.start, node.body_start, node.end, node.heads, Value("message/rfc822"), Value(),
                    kept_raw=True)  # fmt: skip

    def _unsealed(self, node: Node, depth: int) -> Node:
        """A part in a wrapper of S/MIME: what was only signed is opened, what was encrypted is kept as it is."""
        data = node.data()
        inside = smime.signed_content(data)
        if inside is None or depth >= limits.DEPTH:
            self.tags["encrypted"] = None
            return node
        self.tags["signed"] = None
        child = self.read(inside, 0, len(inside), depth=depth + 1)
        return Node(node.raw, node.start, node.body_start, node.end, node.heads, Value("multipart/signed"), Value(),
                    (child,))  # fmt: skip

    def _spans(self, raw: bytes, start: int, end: int, boundary: bytes) -> list[tuple[int, int]]:
        """Where the parts between the lines of ``boundary`` stand; at most one more than may still be read."""
        self.work -= end - start
        found = self._cuts(raw, start, end, boundary) if boundary else []
        if not found:
            first = _FIRST_LINE.search(raw, start, min(end, start + limits.HEAD_BYTES))
            guessed = first[1].strip() if first else b""
            found = self._cuts(raw, start, end, guessed.removesuffix(b"--")) if guessed else []
            if found:
                self.faults["boundary guessed"] = None
        spans: list[tuple[int, int]] = []
        for n, (_begin, after, closes) in enumerate(found):
            if closes:
                return spans
            stop = _before(raw, after, found[n + 1][0]) if n + 1 < len(found) else end
            spans.append((after, stop))
        if spans:
            self.faults["cut short"] = None
        return spans

    def _cuts(self, raw: bytes, start: int, end: int, boundary: bytes) -> list[tuple[int, int, bool]]:
        """The lines of ``boundary``: where each begins, where the next line begins, whether it is the last."""
        pattern = re.compile(rb"^--" + re.escape(boundary[:1000].rstrip()) + rb"(--)?[ \t]*\r?(?:\n|\Z)", re.MULTILINE)
        found = []
        for match in pattern.finditer(raw, start, end):
            found.append((match.start(), match.end(), match[1] is not None))
            if found[-1][2] or len(found) > self.parts + 1:
                # Beyond the limit the last line stands for the end of what is kept raw.
                if not found[-1][2]:
                    found[-1] = (end, end, True)
                break
        return found


def _before(raw: bytes, start: int, boundary_start: int) -> int:
    """The line end before a boundary belongs to the boundary (RFC 2046)."""
    end = boundary_start
    if end > start and raw[end - 1 : end] == b"\n":
        end -= 1
        if end > start and raw[end - 1 : end] == b"\r":
            end -= 1
    return end
