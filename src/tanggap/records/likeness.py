"""Marks by which the same matter, or the same person, is recognised in another case, without a word that can be read.

Of a person: a keyed digest of each address and number, and of the id a platform knows them by. Of a text: bands of
keyed smallest hashes (MinHash), so that texts which share most of their words share a band. Digests are keyed by the
installation: whoever has the database alone cannot try words against them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from itertools import pairwise

from tanggap.records import keys

MAIL, PHONE, NUMBER, HANDLE, TEXT = "mail", "phone", "number", "handle", "text"
OF_A_PERSON = (MAIL, PHONE, NUMBER, HANDLE)

_BANDS, _IN_A_BAND = 12, 4
_FEWEST_WORDS = 4
_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 2_000
_MASK = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that another case may share."""

    kind: str
    value: str


def marks(facts: Mapping[str, str], text: str, *, channel: str = "") -> tuple[Mark, ...]:
    """The marks of a complaint by ``channel``: of its complainant as far as ``facts`` tell, and of its ``text``."""
    return (*of_person(facts, channel=channel), *(Mark(TEXT, band) for band in bands(text, keys.key("digest"))))


def of_person(facts: Mapping[str, str], *, channel: str = "") -> Iterator[Mark]:
    """The marks of a person. ``facts`` as in the vault: ``email``, ``phone``, ``number`` (NIM, NIP), ``handle``.

    A handle means somebody in its ``channel`` alone; one that is an address or a number has its mark as such.
    """
    told = {
        MAIL: facts.get("email", "").strip().casefold(),
        PHONE: _digits(facts.get("phone", "")),
        NUMBER: re.sub(r"\W", "", facts.get("number", "")).casefold(),
    }
    for kind, value in told.items():
        if len(value) > _FEWEST_WORDS:
            yield Mark(kind, keys.keyed_digest("likeness", kind, value).hex()[:32])
    handle = facts.get("handle", "").strip()
    if handle and channel and handle not in (facts.get("email"), facts.get("phone")):
        yield Mark(HANDLE, keys.keyed_digest("likeness", HANDLE, channel, handle).hex()[:32])


def _digits(written: str) -> str:
    """A telephone number by its last digits that tell: 0812..., 62812... and +62 812-... are one number."""
    digits = re.sub(r"\D", "", written)
    return digits.removeprefix("62").lstrip("0")


def bands(text: str, key: bytes) -> tuple[str, ...]:
    """Twelve words that ``text`` shares with texts like it; none for a text too short to be recognised by."""
    words = _WORD.findall(text.casefold())[:_MOST_WORDS]
    if len(words) < _FEWEST_WORDS:
        return ()
    pieces = {f"{one} {two}" for one, two in pairwise(words)} | set(words)
    hashed = [int.from_bytes(blake2b(piece.encode(), digest_size=8, key=key).digest(), "big") for piece in pieces]
    smallest = [min((one * a + b) & _MASK for one in hashed) for a, b in _turns(_BANDS * _IN_A_BAND)]
    found = []
    for number in range(_BANDS):
        told = smallest[number * _IN_A_BAND : (number + 1) * _IN_A_BAND]
        band = b"".join(one.to_bytes(8, "big") for one in told)
        found.append(f"{number:x}{blake2b(band, digest_size=12, key=key).hexdigest()}")
    return tuple(found)


@cache
def _turns(count: int) -> tuple[tuple[int, int], ...]:
    """Odd factors and summands that put hashes in another order each: always the same ones."""
    return tuple((_drawn(f"factor {n}") | 1, _drawn(f"summand {n}")) for n in range(count))


def _drawn(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big")
