"""Typed reading of one table of an SOP file: every mistake is noted with its line, and reading goes on."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tanggap.sop.errors import SENTENCES, SopError
from tanggap.sop.model import Condition
from tanggap.sop.places import Path
from tanggap.worktime.duration import Duration, Reading, UnreadableDuration, parse

MAX_ERRORS = 200
MAX_NAME = 64
MAX_CELL = 4_000
MAX_CHAPTER = 20_000
MAX_ITEMS = 200

ODD_CHARACTER = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufeff\ufff9-\uffff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
"""Characters nobody sees: control, direction, zero width, private use, surrogates. They hide what a file says."""

NAME = re.compile(r"[^\W_][\w.-]*")
"""What an id may be: it appears in targets, addresses and the log."""

_KINDS = {
    str: "teks",
    bool: "true atau false",
    int: "bilangan",
    float: "bilangan pecahan",
    list: "daftar",
    dict: "tabel",
    datetime: "tanggal dan jam",
    date: "tanggal",
}


class TooManyErrors(Exception):
    """There is no use in reading on."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mistake stands: the way to its key, or a line when the text is no TOML."""

    path: Path = ()
    line: int = 0
    procedure: str = ""
    row: str = ""

    @property
    def key(self) -> str:
        return next((part for part in reversed(self.path) if isinstance(part, str)), "")


THE_FILE = Place()


@dataclass
class Errors:
    """The mistakes found so far in one file."""

    file: str
    places: Mapping[Path, int] = field(default_factory=dict)
    found: list[SopError] = field(default_factory=list)

    def add(self, code: str, place: Place = THE_FILE, **facts: Any) -> None:
        """Note a mistake. Raises :class:`TooManyErrors` when there are too many."""
        if len(self.found) >= MAX_ERRORS:
            code, facts = "too_many_errors", {"most": MAX_ERRORS}
        key = shown(place.key)
        message = SENTENCES[code].format(key=key, **{name: shown(fact) for name, fact in facts.items()})
        line = place.line or self._line(place.path)
        self.found.append(SopError(self.file, place.procedure, place.row, key, line, code, message))
        if code == "too_many_errors":
            raise TooManyErrors

    def _line(self, path: Path) -> int:
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, 0)


@dataclass
class Table:
    """One table of the file. Ask for each key it may have, then :meth:`close`: what nobody asked for is unknown."""

    errors: Errors
    data: Mapping[str, Any]
    path: Path = ()
    procedure: str = ""
    row: str = ""
    asked: dict[str, None] = field(default_factory=dict)

    def wrong(self, key: str, code: str, **facts: Any) -> None:
        """Note a mistake in ``key``."""
        self.errors.add(code, Place((*self.path, key), procedure=self.procedure, row=self.row), **facts)

    def has(self, key: str) -> bool:
        """True when the file has ``key``, whatever its value."""
        self.asked[key] = None
        return key in self.data

    def require(self, *keys: str, why: str = "") -> None:
        """Note every one of ``keys`` that is not there."""
        for key in keys:
            if not self.has(key):
                self.wrong(key, "missing", why=why)

    def close(self) -> None:
        """Note every key that was never asked for, with the nearest known one."""
        for key in self.data:
            if key not in self.asked:
                self.wrong(key, "unknown_key", name=key, hint=nearest(key, self.asked))

    # plain values ----------------------------------------------------------------------------------------------

    def _value(self, key: str, *kinds: type) -> Any:
        """The value when it is of one of ``kinds``; else ``None``, and the mistake is noted."""
        if not self.has(key):
            return None
        value = self.data[key]
        if type(value) in kinds:
            return value
        wanted = " atau ".join(_KINDS[kind] for kind in kinds)
        self.wrong(key, "wrong_type", wanted=wanted, found=_KINDS.get(type(value), "jam"))
        return None

    def text(self, key: str, *, most: int = MAX_CELL) -> str:
        """A text, as printed; empty when absent."""
        value = self._value(key, str)
        return self._clean(key, value, most) if value is not None else ""

    def _clean(self, key: str, value: str, most: int) -> str:
        if len(value) > most:
            self.wrong(key, "too_long", count=len(value), most=most)
        elif odd := ODD_CHARACTER.search(value):
            self.wrong(key, "odd_character", shown=f"U+{ord(odd.group()):04X}")
        return value

    def flag(self, key: str) -> bool:
        """``true`` or ``false``; false when absent."""
        return bool(self._value(key, bool))

    def number(self, key: str, *, least: int = 0, most: int = 10_000) -> int | None:
        """A whole number within its bounds."""
        value = self._value(key, int)
        if value is not None and not least <= value <= most:
            self.wrong(key, "out_of_range", name=value if abs(value) < 10**15 else "...", least=least, most=most)
            return None
        return None if value is None else int(value)

    def day(self, key: str) -> date | None:
        """A date, written without quotation marks."""
        value = self._value(key, date)
        return value if isinstance(value, date) else None

    def one_of(self, key: str, choices: Collection[str], default: str) -> str:
        """One word of a closed list."""
        value = self._value(key, str)
        if value is None:
            return default
        if value not in choices:
            self.wrong(key, "not_one_of", name=value, choices=", ".join(choices))
            return default
        return str(value)

    # lists -----------------------------------------------------------------------------------------------------

    def texts(self, key: str, *, most: int = MAX_CELL) -> tuple[str, ...]:
        """A list of texts, or one text; empty when absent."""
        return self.optional_texts(key, most=most) or ()

    def optional_texts(self, key: str, *, most: int = MAX_CELL) -> tuple[str, ...] | None:
        """As :meth:`texts`, but ``None`` when absent: nothing said and nothing meant differ."""
        value = self._value(key, list, str)
        if value is None:
            return None
        items = [value] if isinstance(value, str) else value
        if len(items) > MAX_ITEMS:
            self.wrong(key, "too_many", count=len(items), most=MAX_ITEMS)
            return ()
        if any(type(item) is not str for item in items):
            self.wrong(key, "wrong_type", wanted="daftar teks", found="daftar campuran")
            return ()
        return tuple(self._clean(key, item, most) for item in items)

    def names(self, key: str, known: Collection[str], code: str) -> tuple[str, ...] | None:
        """One name or several, each among ``known``, else an error ``code``; ``None`` when absent."""
        found = self.optional_texts(key, most=MAX_NAME)
        for name in found or ():
            if name not in known:
                self.wrong(key, code, name=name, hint=nearest(name, known))
        return found

    def name(self, key: str, known: Collection[str], code: str) -> str:
        """One name among ``known``, else an error ``code``; empty when absent."""
        found = self.text(key, most=MAX_NAME)
        if found and found not in known:
            self.wrong(key, code, name=found, hint=nearest(found, known))
        return found

    def new_name(self, key: str) -> str:
        """A name this table gives itself; checked for its letters, not for being the only one."""
        found = self.text(key, most=MAX_NAME)
        if found and not NAME.fullmatch(found):
            self.wrong(key, "bad_id", name=found)
        return found

    # tables inside ---------------------------------------------------------------------------------------------

    def table(self, key: str) -> Table | None:
        """The table under ``key``, or ``None``."""
        value = self._value(key, dict)
        return None if value is None else self._inside(value, key)

    def tables(self, key: str, *, most: int = MAX_ITEMS) -> list[Table]:
        """The list of tables under ``key``; empty when absent."""
        value = self._value(key, list)
        if value is None:
            return []
        if len(value) > most:
            self.wrong(key, "too_many", count=len(value), most=most)
        elif any(type(item) is not dict for item in value):
            self.wrong(key, "wrong_type", wanted="daftar tabel", found="daftar campuran")
        else:
            return [self._inside(item, key, number) for number, item in enumerate(value)]
        return []

    def _inside(self, data: Mapping[str, Any], *path: str | int) -> Table:
        return Table(self.errors, data, (*self.path, *path), self.procedure, self.row)

    def condition(self, key: str) -> Condition:
        """Attribute to the values that satisfy it; one value may stand without its list."""
        inside = self.table(key)
        return {} if inside is None else {name: inside.texts(name, most=MAX_NAME) for name in inside.data}

    def mapping(self, key: str, *, most: int = MAX_NAME) -> dict[str, str]:
        """A table of texts."""
        inside = self.table(key)
        return {} if inside is None else {name: inside.text(name, most=most) for name in inside.data}

    # times -----------------------------------------------------------------------------------------------------

    def duration(self, key: str, reading: Reading, means: str = "") -> Duration | None:
        """A printed time; ``means`` tells how to read it when the print is no duration. ``None`` when absent."""
        printed = self._value(key, str)
        if printed is None and not means:
            return None
        printed = self._clean(key, printed or "", MAX_NAME)
        try:
            found = parse(means or printed, reading)
        except UnreadableDuration as error:
            self.wrong("means" if means else key, "unreadable_time", name=means or printed, reason=error.reason)
            return None
        return Duration(found.amount, found.unit, printed)


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint `` (maksud Anda `x`?)``, or nothing when no known name is near."""
    near = difflib.get_close_matches(name[:MAX_NAME].lower(), {other.lower(): None for other in known}, n=1, cutoff=0.6)
    if not near:
        return ""
    meant = next(other for other in known if other.lower() == near[0])
    return f" (maksud Anda `{meant}`?)"


def shown(value: object) -> str:
    """``value`` fit for a message: short, and without characters that would disturb a page or a terminal."""
    text = ODD_CHARACTER.sub("?", str(value)).replace("\n", " ")
    return text if len(text) <= 300 else text[:297] + "..."
