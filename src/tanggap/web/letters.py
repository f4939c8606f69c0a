"""What persons wrote, as letters: who, when, the words, the files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tanggap.records.queries import FileLine, MessageLine


@dataclass(frozen=True, slots=True)
class FileLink:
    """A file to download."""

    url: str
    name: str
    size: int
    is_picture: bool
    mismatch: bool
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """Something written. ``manner``: is-ours, is-inside, or empty for the complainant's own words."""

    text: str
    manner: str = ""
    who: str = ""
    at: datetime | None = None
    files: tuple[FileLink, ...] = ()
    erased: bool = False
    facts: tuple[tuple[str, str], ...] = ()
    paper: str = ""


def letter(
    message: MessageLine, *, manner: str, file_url: Callable[[str], str], who: str = "", at: datetime | None = None,
    facts: tuple[tuple[str, str], ...] = (), paper: str = "",
) -> Letter:  # fmt: skip
    """``message`` as a letter; ``paper``: where it can be printed."""
    files = tuple(file_link(file, file_url) for file in message.files)
    return Letter(message.text, manner, who, at, files, message.erased, facts, paper)


def file_link(file: FileLine, file_url: Callable[[str], str]) -> FileLink:
    """A file to download from the address that ``file_url`` gives it."""
    name = file.name or _("berkas")
    return FileLink(file_url(file.id), name, file.size, file.type.startswith("image/"), file.mismatch, file.closed)


_FACTS: Mapping[str, Callable[[], str]] = {
    "service": lambda: _("Layanan"),
    "addressee": lambda: _("Unit yang dituju"),
    "place": lambda: _("Tempat dan waktu"),
    "letter_number": lambda: _("Nomor surat"),
    "letter_date": lambda: _("Tanggal surat"),
    "agenda_number": lambda: _("Nomor agenda"),
}


def report_facts(words: Mapping[str, str], names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What the form asked besides the story, for the record; units by name."""
    found = [(label(), names.get(words[name], words[name])) for name, label in _FACTS.items() if words.get(name)]
    found += [(name.removeprefix("external:"), value) for name, value in words.items() if name.startswith("external:")]
    return tuple(found)
