"""Mail as it leaves: one address, headers that nothing can be smuggled into, plain text with an HTML twin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from tanggap.channels.arrivals import Part
from tanggap.channels.contract import CannotSend
from tanggap.channels.email import names
from tanggap.channels.email.addresses import address
from tanggap.channels.email.kinds import OURS

_SUBJECT_LETTERS = 200
_MOST_REFERENCES = 20
_ID = re.compile(r"[!-~]{1,500}@[!-~]{1,300}")

HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
"""RFC 3834: no machine should answer what a machine wrote."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one address, ready for the wire. ``headers``: those beside To, Subject and Message-ID."""

    to: str
    subject: str
    plain: str
    html: str
    message_id: str
    headers: dict[str, str] = field(default_factory=lambda: dict(HEADERS))
    files: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a mail belongs. ``number``: of the register, stands in the subject; ``answers``: ids of the thread without
    brackets, nearest first; ``reply_to``: a signed reply address.
    """

    number: str = ""
    answers: tuple[str, ...] = ()
    reply_to: str = ""


def header(text: str) -> str:
    """``text`` as one line of a header: no control mark of any kind, no lone surrogate, not endless (S33).

    What looks like an encoded word is taken apart: a reader would decode it, line ends and all (T5).
    """
    kept = "".join(c if c.isprintable() else " " for c in text if not "\ud800" <= c <= "\udfff")
    return " ".join(kept.split()).replace("=?", "= ?")[:_SUBJECT_LETTERS]


def body(text: str) -> str:
    """``text`` with nothing but printable letters and line ends."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text if not "\ud800" <= c <= "\udfff")


def mail(*, to: str, subject: str, text: str, letter: str, domain: str, links: tuple[str, ...]) -> Mail:
    """The notice ``letter``, which belongs to no thread. ``links``: addresses in ``text`` that are ours, and may be
    pressed.
    """
    return write(to=to, subject=subject, text=text, letter=letter, domain=domain, links=links)


def write(
    *,
    to: str,
    subject: str,
    text: str,
    letter: str,
    domain: str,
    links: tuple[str, ...] = (),
    thread: Thread | None = None,
    files: Sequence[Part] = (),
    by_hand: bool = False,
    words_of_others: bool = False,
    confirmed: bool = False,
) -> Mail:
    """The mail of the letter ``letter``: the same letter is the same mail, also when it is sent twice.

    ``by_hand``: an officer wrote it, so it says nothing of being automatic (RFC 3834). ``words_of_others``: there are
    words or files in it that came in with a case; ``confirmed``: the owner of ``to`` has confirmed it. Raises
    :class:`CannotSend` with ``bad_address``, or ``unconfirmed`` when foreign words would reach a stranger.
    """
    if not address(to):
        raise CannotSend("bad_address")
    if (words_of_others or files) and not confirmed:
        raise CannotSend("unconfirmed")
    thread = thread or Thread()
    plain = body(text)
    kept = tuple(Part(names.clean(file.name) or "lampiran", media_type(file), file.data) for file in files if file.data)
    headers = _headers(thread, domain, by_hand=by_hand)
    return Mail(to, tagged(subject, thread.number), plain, html(plain, links), f"<{letter}@{domain}>", headers, kept)


def tagged(subject: str, number: str) -> str:
    """``subject`` with the number of the case, once, always written alike."""
    said, tag = header(subject), f"[{header(number)}]" if header(number) else ""
    return said if not tag or tag in said else header(f"{tag} {said}")


def media_type(file: Part) -> str:
    """The type of a file as it may stand in a header."""
    return (
        file.media_type
        if re.fullmatch(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,80}", file.media_type)
        else "application/octet-stream"
    )


def _headers(thread: Thread, domain: str, *, by_hand: bool) -> dict[str, str]:
    headers = {OURS: header(domain)}
    ids = [one for one in dict.fromkeys(thread.answers) if _ID.fullmatch(one) and not re.search("[<>]|=[?]", one)]
    if by_hand:
        headers["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    else:
        headers |= HEADERS
        if ids:
            headers["Auto-Submitted"] = "auto-replied"
    if ids:
        headers["In-Reply-To"] = f"<{ids[0]}>"
        headers["References"] = " ".join(f"<{one}>" for one in reversed(ids[:_MOST_REFERENCES]))
    if address(thread.reply_to):
        headers["Reply-To"] = thread.reply_to
    return headers


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
