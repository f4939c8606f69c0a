"""Clocks that the law sets beside those of the SOP: parameters with their source, read from a table (S0-12)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tanggap.sop.flow import holds
from tanggap.sop.model import ALWAYS, Clock, Condition
from tanggap.worktime.duration import UnreadableDuration, parse

PREFIX = "law-"
"""Ids of these clocks begin with it: no clock that an SOP declares is ever taken for one of them."""

_WORDS = ("label", "time", "from", "until", "source", "check")
_CONDITIONS = ("when", "unless")
_KEYS = frozenset({"id", "stops", "applies", *_WORDS, *_CONDITIONS})


class LawRefused(ValueError):
    """The table cannot be used; the message is one Indonesian sentence."""


@dataclass(frozen=True, slots=True)
class LawClock:
    """One period a law or regulation sets. ``check``: what must be checked before anybody leans on the number."""

    clock: Clock
    label: str
    check: str = ""
    when: Condition = field(default_factory=dict)
    unless: Condition = field(default_factory=dict)

    def applies(self, attributes: Mapping[str, str]) -> bool:
        """True when the period holds for a case of which this is known."""
        return holds(self.when, attributes) and not (self.unless and holds(self.unless, attributes))


def law_clocks(law: Sequence[LawClock], attributes: Mapping[str, str]) -> tuple[Clock, ...]:
    """The clocks of ``law`` that hold for a case with ``attributes``, in the order of the table."""
    return tuple(one.clock for one in law if one.applies(attributes))


def read_law(text: str, *, institution: str = "") -> tuple[LawClock, ...]:
    """The table (TOML) as it holds for ``institution``, whose own lines win. Raises :class:`LawRefused`."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LawRefused(f"Tabel tenggat hukum tidak terbaca: {error}.") from None
    _known(data, {"clock", "institution"}, "tabel tenggat hukum")
    lines = data.get("clock", [])
    own = data.get("institution", {}).get(institution, {})
    if not isinstance(lines, list) or not isinstance(own, dict):
        raise LawRefused("Tabel tenggat hukum harus berisi [[clock]] dan [institution.kunci.id].")
    ids = [str(line.get("id", "")) for line in lines]
    if "" in ids or len(set(ids)) != len(ids):
        raise LawRefused("Tiap [[clock]] pada tabel tenggat hukum memerlukan id yang berbeda.")
    _known(own, set(ids), f"tenggat hukum lembaga {institution}")
    merged = ({**line, **own.get(line["id"], {})} for line in lines)
    return tuple(_clock(line) for line in merged if line.get("applies", True))


def _clock(line: Mapping[str, Any]) -> LawClock:
    name = f"tenggat hukum “{line['id']}”"
    _known(line, _KEYS, name)
    words = {key: str(line.get(key, "")) for key in _WORDS}
    if not words["source"] or not words["time"]:
        raise LawRefused(f"{name.capitalize()} harus memuat time dan source.")
    try:
        time = parse(words["time"])
    except UnreadableDuration as error:
        raise LawRefused(f"{name.capitalize()}: {error}") from None
    clock = Clock(
        id=f"{PREFIX}{line['id']}",
        kind="law",
        time=time,
        counted_from=words["from"] or "receipt",
        until=words["until"] or "answered",
        stops=tuple(map(str, line.get("stops", ()))),
        source=words["source"],
    )
    when, unless = (_condition(line.get(key, {}), name) for key in _CONDITIONS)
    return LawClock(clock, words["label"] or str(line["id"]), words["check"], when, unless)


def _condition(data: Any, name: str) -> Condition:
    if not isinstance(data, dict) or not all(isinstance(values, list) for values in data.values()):
        raise LawRefused(f'Syarat pada {name} ditulis seperti {{ kind = ["complaint"] }}.')
    return {key: tuple(map(str, values)) for key, values in data.items()} or ALWAYS


def _known(data: Mapping[str, Any], known: frozenset[str] | set[str], where: str) -> None:
    unknown = sorted(set(data) - known)
    if unknown:
        raise LawRefused(f"Kunci “{unknown[0][:40]}” pada {where} tidak dikenal.")
