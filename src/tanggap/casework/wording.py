"""The words of notices: texts with named placeholders, filled in once, and nothing else that could be said in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from tanggap.worktime import dates

PLACEHOLDERS: Mapping[str, str] = {
    "nomor": "nomor register",
    "lembaga": "nama pendek lembaga",
    "langkah": "langkah SOP yang menjadi tugas",
    "jatuh_tempo": "saat yang diberitahukan: janji, jatuh tempo atau batas akhir",
    "tautan": "alamat halaman tempat membuka perkara",
    "buka": "tautan sekali pakai yang membuka perkara rahasia, bagi yang melapor lewat surel atau pesan",
    "konfirmasi": "alamat halaman untuk mengonfirmasi alamat surel pelapor",
    "balas": "kanal tempat pelapor cukup membalas, bila laporannya datang lewat surel atau pesan",
    "jumlah": "banyak kabar dalam satu rangkuman",
    "daftar": "kabar-kabar dalam satu rangkuman, satu baris masing-masing",
}
"""What may stand between braces, and what it means. None of them holds a name, an address, or a word of a report."""

SUBJECT_LETTERS, BODY_LETTERS, SHORT_LETTERS = 150, 4000, 600
LANGUAGES = ("id", "en")

_MARK = re.compile(r"\{([a-z_]+)\}")
_ANY_MARK = re.compile(r"\{([^{}]*)\}")


class BadWords(ValueError):
    """A text that cannot be a notice. ``field``: subject or body; the message is one Indonesian sentence."""

    def __init__(self, field: str, says: str) -> None:
        super().__init__(says)
        self.field = field


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one kind of notice in one language; ``short``: in a chat or an SMS, empty for what never goes there.

    ``version`` 0: as they come with Tanggap.
    """

    subject: str
    body: str
    version: int = 0
    short: str = ""


def checked(subject: str, body: str, short: str = "") -> Words:
    """The three texts as they may be kept; ``short`` may be empty. Raises :class:`BadWords`."""
    subject, body, short = one_line(subject), _lines(body), _lines(short)
    told = (("subject", subject, SUBJECT_LETTERS), ("body", body, BODY_LETTERS), ("short", short, SHORT_LETTERS))
    for field, text, most in told:
        if not text and field != "short":
            raise BadWords(field, "Teks ini tidak boleh kosong.")
        if len(text) > most:
            raise BadWords(field, f"Paling banyak {most} huruf; ini {len(text)}.")
        if any(not (c.isprintable() or c == "\n") for c in text):
            raise BadWords(field, "Teks ini memuat tanda yang tidak dapat dicetak.")
        unknown = next((one for one in _ANY_MARK.findall(text) if one not in PLACEHOLDERS), None)
        if unknown is not None:
            known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
            raise BadWords(field, f"Isian {{{unknown[:40]}}} tidak dikenal. Yang dikenal: {known}.")
    return Words(subject, body, short=short)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def fill(text: str, values: Mapping[str, str]) -> str:
    """``text`` with every known placeholder replaced once; what a value says is never looked into again.

    A line that asks for something there is none of is left out, and with it an empty line that would stand double.
    """
    lines: list[str] = []
    for line in text.split("\n"):
        asked = [name for name in _MARK.findall(line) if name in PLACEHOLDERS]
        if any(not values.get(name) for name in asked):
            continue
        filled = _MARK.sub(lambda found: values.get(found[1], found[0]) if found[1] in PLACEHOLDERS else found[0], line)
        if filled.strip() or (lines and lines[-1].strip()):
            lines.append(filled)
    return "\n".join(lines).strip()


def one_line(text: str) -> str:
    """``text`` as it may stand in a header: one line, without control marks, lone surrogates or needless spaces."""
    kept = "".join(c if c.isprintable() else " " for c in text if not "\ud800" <= c <= "\udfff")
    return " ".join(kept.split())


def moment(at: datetime, zone: tzinfo, language: str) -> str:
    """A moment on the clocks of ``zone``: "Senin, 30 November 2026 pukul 09.30 WIB"."""
    return dates.moment(at.astimezone(zone), language)
