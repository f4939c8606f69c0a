"""Names of attached files: decoded, and cleaned of everything that makes a name dangerous or a lie (S46)."""

from __future__ import annotations

import re
import unicodedata

from tanggap.channels.email import limits, words
from tanggap.channels.email.heads import Heads
from tanggap.channels.email.parameters import Value

_ENDINGS = {
    "text/plain": ".txt", "text/html": ".html", "text/calendar": ".ics", "text/csv": ".csv", "image/jpeg": ".jpg",
    "image/png": ".png", "image/gif": ".gif", "image/heic": ".heic", "application/pdf": ".pdf", "audio/ogg": ".ogg",
    "audio/mpeg": ".mp3", "audio/amr": ".amr", "video/mp4": ".mp4", "video/3gpp": ".3gp", "application/zip": ".zip",
    "message/rfc822": ".eml", "text/vcard": ".vcf", "text/x-vcard": ".vcf",
}  # fmt: skip
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_ESCAPED = re.compile(r"%(?:2f|5c|00|2e|0[ad])", re.IGNORECASE)
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,10}\Z")


def of(media: Value, disposition: Value, heads: Heads) -> str:
    """The name a part gives its file, in whichever of three places; nothing when it gives none."""
    for value, parameter in ((disposition, "filename"), (media, "name")):
        written = value.parameters.get(parameter, b"")
        if written:
            # An encoded word here breaks RFC 2231, and half the mailers of the world write it.
            is_word = b"=?" in written and not value.charsets.get(parameter)
            return clean(words.decoded(written) if is_word else value.text(parameter))
    about = heads.get("content-description")
    return clean(words.decoded(about)) if _ENDING.search(about.decode("latin-1")) else ""


def clean(typed: str) -> str:
    """``typed`` as it may be shown and offered: the last part of a path, no control, no turned letters, not endless."""
    text = unicodedata.normalize("NFKC", typed[:2000])
    text = "".join(" " if c in "\t\r\n" else c for c in text if c in "\t\r\n" or unicodedata.category(c)[0] != "C")
    text = _ESCAPED.sub("_", text)
    text = re.split(r"[/\\]", text.rstrip("/\\ "))[-1]
    text = re.sub(r'[<>:"|?*]', "_", " ".join(text.split())).strip(". ")
    if _RESERVED.fullmatch(text):
        text = f"_{text}"
    return _short(text)


def _short(text: str) -> str:
    if len(text) <= limits.FILE_NAME:
        return text
    found = _ENDING.search(text)
    ending = found[0] if found else ""
    return text[: limits.FILE_NAME - len(ending)].rstrip(". ") + ending


def given(n: int, media_type: str) -> str:
    """A name for the ``n``-th file, which has none."""
    return f"lampiran-{n}{_ENDINGS.get(media_type, '')}"
