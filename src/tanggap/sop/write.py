"""Writes an SOP as TOML in one canonical form: what the file leaves to the default is left out, one table a row.

``load(write(sop)) == sop``, and the text of a document that was read once never changes again: its digest names the
version (:func:`digest`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from enum import StrEnum
from typing import Any

from tanggap.sop.model import (
    Attribute,
    Clock,
    Copy,
    Exit,
    Extension,
    Identity,
    Procedure,
    Role,
    Section,
    Signature,
    Sop,
    Start,
    Step,
    Team,
    Timeout,
    Wait,
    Window,
)
from tanggap.sop.rows import default_id
from tanggap.worktime.duration import Duration, Reading

WIDTH = 120
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}

_KEYS = {
    "waits_for": "for",
    "accepts": "for",
    "signatures": "signature",
    "sections": "section",
    "copies": "copy",
    "clocks": "clock",
    "steps": "step",
}
"""Field of a value to the key of the file, where the two differ."""

_NAMES = {"who", "next", "after", "binds", "sets", "independent_of", "stops"}
"""Lists of names that stand without brackets when there is only one."""

_STEP_KEYS = (
    "no", "id", "text_no", "what", "note", "who", "joint", "needs", "time", "means", "time_by", "respond",
    "counted_from", "output", "mark", "record", "sets", "binds", "independent_of", "confidential", "optional", "batch",
    "standing", "every", "terminator", "outcome", "when", "after", "next", "question", "choices", "drawn", "timeout",
    "done_by", "waits", "extend",
)  # fmt: skip
"""Keys of a row in the order they are written: what is printed, what is recorded, where it goes."""


def digest(sop: Sop) -> str:
    """The sha256 of the canonical text, as hexadecimal: the version of the document."""
    return hashlib.sha256(write(sop).encode()).hexdigest()


def write(sop: Sop) -> str:
    """The canonical TOML text of ``sop``. Comments of the file it was read from are not kept."""
    lines = ["format = 1", "", "[sop]", *_pairs(sop.identity)]
    if sop.identity.labels:
        lines += ["", "[sop.labels]", *(f"{_key(key)} = {_value(label)}" for key, label in sop.identity.labels.items())]
    for header, rows in (
        ("sop.signature", sop.identity.signatures),
        ("sop.copy", sop.identity.copies),
        ("sop.section", sop.identity.sections),
    ):
        lines += _tables(header, rows)
    if sop.reading != Reading():
        lines += ["", "[reading]", *_pairs(sop.reading)]
    lines += _tables("role", sop.roles) + _tables("attribute", sop.attributes) + _tables("wait", sop.waits)
    for procedure in sop.procedures:
        lines += _tables("procedure", [procedure])
        lines += _tables("procedure.clock", procedure.clocks) + _tables("procedure.step", procedure.steps)
    return "\n".join(lines) + "\n"


def _tables(header: str, rows: Iterable[Any]) -> list[str]:
    lines = []
    for row in rows:
        lines += ["", f"[[{header}]]", *_pairs(row)]
    return lines


# one table -----------------------------------------------------------------------------------------------------------

_BLANK: Mapping[type, Any] = {
    Identity: Identity(id=""),
    Signature: Signature(),
    Section: Section(),
    Copy: Copy(),
    Reading: Reading(),
    Role: Role(id=""),
    Team: Team(),
    Attribute: Attribute(id=""),
    Wait: Wait(id=""),
    Procedure: Procedure(id=""),
    Clock: Clock(id=""),
    Step: Step(id=""),
    Exit: Exit(),
    Timeout: Timeout(),
}
"""What each value says when the file says nothing."""

_ELSEWHERE = {
    Identity: {"labels", "signatures", "sections", "copies"},
    Procedure: {"clocks", "steps"},
}
"""Fields that are tables of their own."""

_ALWAYS = {Attribute: {"id", "values"}, Identity: {"id"}, Role: {"id"}, Wait: {"id"}, Procedure: {"id"}, Clock: {"id"}}


def _said(value: Any) -> list[tuple[str, Any]]:
    """The keys of one value and what they hold, defaults left out."""
    kind = type(value)
    blank = _BLANK.get(kind)
    elsewhere, always = _ELSEWHERE.get(kind, set()), _ALWAYS.get(kind, set())
    names = _STEP_KEYS if kind is Step else [field.name for field in fields(value)]
    said = []
    for name in names:
        held = getattr(value, name)
        if name in elsewhere or (blank is not None and held == getattr(blank, name) and name not in always):
            continue
        said.append((name, held))
    return [pair for pair in said if _needed(value, *pair)]


def _needed(value: Any, name: str, held: Any) -> bool:
    """A row is named by its number unless it says otherwise."""
    return not (isinstance(value, Step) and name == "id" and held == default_id(value.no))


def _pairs(value: Any) -> list[str]:
    return [f"{key} = {text}" for name, held in _said(value) for key, text in [_pair(value, name, held, lines=True)]]


def _pair(value: Any, name: str, held: Any, *, lines: bool) -> tuple[str, str]:
    key = _key_of(value, name)
    if name in _NAMES and isinstance(held, tuple) and len(held) == 1:
        return key, _value(held[0])
    text = _value(held)
    if lines and isinstance(held, tuple) and held and (len(key) + len(text) + 3 > WIDTH or name == "choices"):
        text = "[\n" + "".join(f"  {_value(item)},\n" for item in held) + "]"
    return key, text


def _key_of(value: Any, name: str) -> str:
    if name == "counted_from" and not isinstance(value, Step):
        return "from"
    return _KEYS.get(name, name)


# values --------------------------------------------------------------------------------------------------------------


def _value(held: Any) -> str:
    match held:
        case bool():
            return "true" if held else "false"
        case Duration():
            return _quoted(held.printed)
        case StrEnum() | str():
            return _quoted(str(held))
        case date():
            return held.isoformat()
        case int():
            return str(held)
        case tuple():
            return "[" + ", ".join(_value(item) for item in held) + "]"
        case Mapping():
            return _inline((_key(name), _condition_value(inner)) for name, inner in held.items())
        case Exit() | Timeout() | Extension() | Start() | Window() | Team():
            return _inline(_pair(held, name, inner, lines=False) for name, inner in _said(held))
    raise TypeError(f"no TOML for {type(held).__name__}")


def _condition_value(held: Any) -> str:
    return _value(held[0]) if isinstance(held, tuple) and len(held) == 1 else _value(held)


def _inline(pairs: Iterable[tuple[str, str]]) -> str:
    inside = ", ".join(f"{key} = {text}" for key, text in pairs)
    return f"{{ {inside} }}" if inside else "{}"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _quoted(name)


def _quoted(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(letter, letter) for letter in text) + '"'
