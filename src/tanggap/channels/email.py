"""Mail as it leaves: one address, headers that nothing can be smuggled into, plain text with an HTML twin."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

KEY = "email"
LABEL = "Surel"

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")
_LONGEST_ADDRESS, _LONGEST_LOCAL = 254, 64
_SUBJECT_LETTERS = 200

HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
"""RFC 3834: no machine should answer what a machine wrote."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one address, ready for the wire."""

    to: str
    subject: str
    plain: str
    html: str
    message_id: str


def address(typed: str) -> str:
    """The one address that ``typed`` is, or nothing: no list, no name beside it, no quotes, only ASCII (S34, S35)."""
    if len(typed) > _LONGEST_ADDRESS or len(typed.partition("@")[0]) > _LONGEST_LOCAL:
        return ""
    return typed if _ADDRESS.fullmatch(typed) else ""


def header(text: str) -> str:
    """``text`` as one line of a header: no control mark of any kind, no lone surrogate, not endless (S33)."""
    kept = "".join(c if c.isprintable() else " " for c in text if not "\ud800" <= c <= "\udfff")
    return " ".join(kept.split())[:_SUBJECT_LETTERS]


def body(text: str) -> str:
    """``text`` with nothing but printable letters and line ends."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text if not "\ud800" <= c <= "\udfff")


def mail(*, to: str, subject: str, text: str, letter: str, domain: str, links: tuple[str, ...]) -> Mail:
    """The mail of the letter ``letter``. ``links``: the addresses in ``text`` that are ours, and may be pressed."""
    plain = body(text)
    return Mail(to, header(subject), plain, html(plain, links), f"<{letter}@{domain}>")


def html(plain: str, links: tuple[str, ...]) -> str:
    """``plain`` as paragraphs: everything escaped, nothing loaded from anywhere, only ``links`` can be pressed."""
    paragraphs = "".join(f"<p>{_linked(part, links)}</p>" for part in plain.split("\n\n") if part.strip())
    style = "font:16px/1.5 sans-serif;max-width:36em;margin:1.5em auto;padding:0 1em"
    return f'<!doctype html><html><head><meta charset="utf-8"></head><body style="{style}">{paragraphs}</body></html>'


def _linked(part: str, links: tuple[str, ...]) -> str:
    said = escape(part.strip("\n")).replace("\n", "<br>")
    for link in sorted({escape(link) for link in links if link}, key=len, reverse=True):
        said = re.sub(rf"(?<![\w\">/]){re.escape(link)}(?![\w/])", f'<a href="{link}">{link}</a>', said)
    return said
