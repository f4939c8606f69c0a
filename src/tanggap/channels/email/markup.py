"""HTML as text, in one pass over it; and HTML made harmless for whoever wants to see it as it was meant.

Nothing is parsed into a tree: a tree is what hostile HTML makes deep (T6, T7).
"""

from __future__ import annotations

import re
from html import unescape

import nh3

from tanggap.channels.email import limits

_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9:]{0,20})")
_ENTITY = re.compile(r"&(?:#\d{1,7}(?!\d)|#[xX][0-9a-fA-F]{1,6}(?![0-9a-fA-F])|[a-zA-Z][a-zA-Z0-9]{1,31});?")
_HREF = re.compile(r"""\bhref\s{0,5}=\s{0,5}["']?(https?://[^\s"'>]{1,500}|mailto:[^\s"'>?]{1,300})""", re.IGNORECASE)
_ALT = re.compile(r"""\balt\s{0,5}=\s{0,5}"([^"]{1,200})\"""", re.IGNORECASE)
_UNREAD = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "math", "object", "iframe"})
_BREAKS = frozenset(
    {"p", "div", "tr", "table", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "center",
     "section", "article", "header", "footer", "address", "form", "fieldset", "hr", "br", "li", "blockquote"}
)  # fmt: skip
_BLANK_BEFORE = frozenset({"p", "h1", "h2", "h3", "h4", "table", "ul", "ol", "blockquote", "hr"})
_VOID = frozenset({"br", "hr", "img", "meta", "link", "input", "area", "base", "col", "wbr", "source", "embed"})
_DEEPEST_QUOTE = 9
_QUOTE, _SOFT = "\x11", "\x12"
"""Before a quoted line; a line end that shows only between words. Both stand only until the lines are put in order."""

_TAGS = frozenset(
    {"a", "abbr", "b", "blockquote", "br", "center", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2", "h3",
     "h4", "h5", "h6", "hr", "i", "ins", "li", "ol", "p", "pre", "q",
     "s", "small", "span", "strong", "sub", "sup", "table",
     "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"}
)  # fmt: skip


class _Writer:
    """Gathers text and breaks."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.quote = 0
        self.link = ""
        self.since_link = 0

    def text(self, text: str) -> None:
        if text:
            self.done.append(re.sub(r"[ \t\r\n\x11\x12]+", " ", entities(text)))

    def tag(self, name: str, inside: str, *, closes: bool) -> None:
        if name == "a":
            self._anchor(inside, closes=closes)
        elif name == "img":
            found = _ALT.search(inside[:2000])
            self.done.append(f"[{entities(found[1]).strip()}]" if found and found[1].strip() else "")
        elif name in ("td", "th"):
            self.done.append(" ")
        elif name in _BREAKS:
            if name == "blockquote":
                self.quote = max(0, min(self.quote + (-1 if closes else 1), _DEEPEST_QUOTE))
            if not (closes and name in ("br", "hr")):
                self._break(name, closes=closes)

    def _break(self, name: str, *, closes: bool) -> None:
        blank = f"\n{_QUOTE * self.quote}" if name == "br" or (name in _BLANK_BEFORE and not closes) else ""
        self.done.append(blank if name == "br" else f"{blank}{_SOFT}{_QUOTE * self.quote}")
        if name == "li" and not closes:
            self.done.append("- ")

    def _anchor(self, inside: str, *, closes: bool) -> None:
        if not closes:
            found = _HREF.search(inside[:4000])
            self.link, self.since_link = (entities(found[1]) if found else ""), len(self.done)
        elif self.link:
            said = "".join(self.done[self.since_link :]).strip()
            target = self.link.removeprefix("mailto:")
            if target.rstrip("/") not in said and said not in target[:500]:
                self.done.append(f" ({target})")
            self.link = ""


def text(markup: str) -> str:
    """What a reader of ``markup`` reads; quoted passages with ``>`` before each line. Time grows with its length."""
    markup = markup[: limits.HTML_BYTES]
    lowered = markup.lower() if len(markup.lower()) == len(markup) else markup
    writer, at = _Writer(), 0
    never_closed: set[str] = set()
    while at < len(markup):
        opened = markup.find("<", at)
        if opened < 0:
            break
        writer.text(markup[at:opened])
        at = _past_tag(markup, lowered, opened, writer, never_closed)
    writer.text(markup[at:])
    return _in_order("".join(writer.done))


def _past_tag(markup: str, lowered: str, opened: int, writer: _Writer, never_closed: set[str]) -> int:
    """Handles what begins at ``opened``; where to go on."""
    if markup.startswith("<!--", opened):
        return _after(markup, "-->", opened + 4, never_closed)
    found = _NAME.match(markup, opened + 1)
    if found is None:
        if markup[opened + 1 : opened + 2] in ("!", "?", "/"):
            return _after(markup, ">", opened + 1, never_closed)
        writer.done.append("<")
        return opened + 1
    name, closes = found[1].lower(), markup[opened + 1] == "/"
    end = markup.find(">", found.end()) if ">" not in never_closed else -1
    if end < 0:
        never_closed.add(">")
        return len(markup)
    writer.tag(name, markup[found.end() : min(end, found.end() + 8000)], closes=closes)
    if name in _UNREAD and not closes and markup[end - 1] != "/":
        closing = lowered.find(f"</{name}", end) if name not in never_closed else -1
        if closing < 0:
            never_closed.add(name)
            return end + 1
        return closing
    return end + 1


def _after(markup: str, mark: str, at: int, never_closed: set[str]) -> int:
    found = markup.find(mark, at) if mark not in never_closed else -1
    if found < 0:
        never_closed.add(mark)
        return at
    return found + len(mark)


def entities(text: str) -> str:
    """``text`` with its entities as letters; none of them is longer than a name can be."""
    return _ENTITY.sub(lambda found: unescape(found[0]), text) if "&" in text else text


def _in_order(raw: str) -> str:
    """Lines, one blank line at most between two. A ``br`` at the end of a block adds none."""
    lines: list[str] = []
    pieces = ["\n", *re.split(f"([\n{_SOFT}])", raw.replace("\xa0", " "))]
    was_empty = True
    for n in range(0, len(pieces), 2):
        depth = pieces[n + 1].count(_QUOTE)
        said = re.sub(" {2,}", " ", pieces[n + 1].replace(_QUOTE, "")).strip()
        ends_block = not was_empty and n + 2 < len(pieces) and pieces[n + 2] == _SOFT and pieces[n] == "\n"
        blank = f"{'>' * depth}"
        if said:
            lines.append(f"{blank} {said}" if depth else said)
        elif pieces[n] == "\n" and lines and lines[-1] not in ("", blank) and not (ends_block and not depth):
            lines.append(blank)
        was_empty = not said
    return "\n".join(lines).strip("\n")


def harmless(markup: str) -> str:
    """``markup`` without anything that runs, loads or misleads; nothing at all when it is too long or too deep (T7)."""
    if len(markup.encode("utf-8", "replace")) > limits.CLEAN_BYTES or _depth(markup) > limits.CLEAN_DEPTH:
        return ""
    return nh3.clean(
        markup,
        tags=set(_TAGS),
        attributes={"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
        clean_content_tags={"script", "style", "title", "template", "iframe", "object", "svg", "math"},
    )


def _depth(markup: str) -> int:
    """How deep a parser would go: every tag that is opened and not closed counts, whatever it is."""
    depth = deepest = 0
    for found in re.finditer(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})", markup):
        if found[2].lower() in _VOID:
            continue
        depth = max(0, depth + (-1 if found[1] else 1))
        deepest = max(deepest, depth)
    return deepest
