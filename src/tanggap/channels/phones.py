"""Telephone numbers in one form, +62..., whatever way an Indonesian or a gateway writes them."""

from __future__ import annotations

import phonenumbers

_HOME = "ID"


def number(written: str, *, international: bool = False) -> str:
    """``written`` as ``+`` and digits (E.164), or nothing when it is no possible number.

    ``international``: digits without ``+`` begin with the code of the country, as platforms write them (62812...).
    """
    text = written.strip()
    if not text or len(text) > 40:
        return ""
    with_country = international and text[0].isdigit() and not text.startswith("0")
    if with_country or (text.startswith("62") and len(text) > 9):
        text = f"+{text}"
    try:
        found = phonenumbers.parse(text, _HOME)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(found):
        return ""
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
