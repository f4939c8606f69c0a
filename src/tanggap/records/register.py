"""Register numbers in words: an institution's template, filled; and what people type, read back."""

from __future__ import annotations

import re
from typing import Protocol

from tanggap.records.models.cases import COMPLAINTS

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_DUTY = "BERKALA-"
_FIELD = re.compile(r"\{(n|year|month|roman_month|institution)(?::0(\d))?\}")


class Named(Protocol):
    """What a template may name of an institution."""

    short_name: str
    register_template: str


class BadTemplate(ValueError):
    """The template is not usable; the message is one Indonesian sentence."""


def check_template(template: str) -> None:
    """Refuse a template that lacks the number or the year, or names what nobody knows. Raises :class:`BadTemplate`."""
    if template.upper().startswith(_DUTY):
        raise BadTemplate(f"Nomor yang diawali {_DUTY} dipakai untuk tugas berkala.")
    names = {match[1] for match in _FIELD.finditer(template)}
    if not {"n", "year"} <= names:
        raise BadTemplate("Pola nomor register harus memuat {n} dan {year}.")
    if "{" in _FIELD.sub("", template) or "}" in _FIELD.sub("", template):
        raise BadTemplate("Pola nomor register hanya mengenal {n}, {year}, {month}, {roman_month} dan {institution}.")


def register_words(institution: Named, *, n: int, year: int, month: int) -> str:
    """The printed register number: ``{n:04}/PGD/FMIPA/{roman_month}/{year}`` gives ``0129/PGD/FMIPA/XI/2026``."""
    values = {
        "n": str(n),
        "year": str(year),
        "month": str(month),
        "roman_month": _ROMAN[month - 1],
        "institution": institution.short_name,
    }
    return _FIELD.sub(lambda match: values[match[1]].zfill(int(match[2] or 0)), institution.register_template)


def number_words(institution: Named, book: str, *, n: int, year: int, month: int) -> str:
    """The printed number of a case in ``book``: of a complaint as the institution words it, of a periodic duty

    ``BERKALA-0007/2026``, which no template of a register gives.
    """
    if book == COMPLAINTS:
        return register_words(institution, n=n, year=year, month=month)
    return f"{_DUTY}{n:04}/{year}"


def read_number(typed: str) -> str:
    """What somebody typed as a register number, in the spelling it is stored in: no spaces, capital letters."""
    return "".join(typed.split()).upper()
