"""The ladder (tangga eskalasi): who is reminded and who is rung when, read from a table with sources."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tanggap.worktime.duration import Duration, UnreadableDuration, parse

NOT_TAKEN, RESPOND, LATE, RETURNS, PROMISE, LAW = CAUSES = ("not_taken", "respond", "late", "returns", "promise", "law")
"""Why somebody is reminded or rung. *Lewat waktu* is one of these causes; *eskalasi* is what follows from any."""

_KEYS: Mapping[str, frozenset[str]] = {
    NOT_TAKEN: frozenset({"share", "after"}),
    RESPOND: frozenset({"share", "after"}),
    LATE: frozenset({"after"}),
    RETURNS: frozenset({"round"}),
    PROMISE: frozenset({"share", "after"}),
    LAW: frozenset({"share", "after"}),
}
_ALWAYS = frozenset({"id", "cause", "level", "source", "applies"})
_HIGHEST = 9


class LadderRefused(ValueError):
    """The table cannot be used; the message is one Indonesian sentence."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One line of the table. ``level`` 0: a reminder to the performers; from 1: their superiors, one after the other.

    ``share`` of the standard, counted from the start; ``after``: from the start (not_taken), else from the due moment;
    ``round``: the first round of a row at which somebody is rung.
    """

    id: str
    cause: str
    level: int
    share: Fraction | None = None
    after: Duration | None = None
    round: int = 0
    source: str = ""


Ladder = tuple[Rung, ...]


def rungs_of(ladder: Ladder, cause: str, *, above: int = -1) -> Iterable[Rung]:
    """The rungs of ``cause`` above a level, the lowest first."""
    return (rung for rung in ladder if rung.cause == cause and rung.level > above)


def read_ladder(text: str, *, institution: str = "") -> Ladder:
    """The table (TOML) as it holds for ``institution``, whose own lines win, by cause and level.

    Raises :class:`LadderRefused`.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LadderRefused(f"Tangga eskalasi tidak terbaca: {error}.") from None
    _known(data, {"rung", "institution"}, "tangga eskalasi")
    lines, houses = data.get("rung", []), data.get("institution", {})
    own = houses.get(institution, {}) if isinstance(houses, dict) else None
    if not isinstance(lines, list) or not isinstance(own, dict):
        raise LadderRefused("Tangga eskalasi harus berisi [[rung]] dan [institution.kunci.id].")
    ids = [str(line.get("id", "")) for line in lines]
    if "" in ids or len(set(ids)) != len(ids):
        raise LadderRefused("Tiap [[rung]] pada tangga eskalasi memerlukan id yang berbeda.")
    _known(own, set(ids), f"tangga eskalasi lembaga {institution}")
    merged = ({**line, **own.get(line["id"], {})} for line in lines)
    found = sorted((_rung(line) for line in merged if line.get("applies", True)), key=_place)
    places = [_place(rung) for rung in found]
    if len(set(places)) != len(places):
        raise LadderRefused(
            "Pada tangga eskalasi satu sebab tidak boleh memuat dua anak tangga dengan level yang sama."
        )
    return tuple(found)


def _place(rung: Rung) -> tuple[int, int]:
    return CAUSES.index(rung.cause), rung.level


def _rung(line: Mapping[str, Any]) -> Rung:
    name = f"anak tangga “{line['id']}”"
    cause, level = str(line.get("cause", "")), line.get("level")
    if cause not in CAUSES:
        raise LadderRefused(f"Sebab pada {name} harus salah satu dari: {', '.join(CAUSES)}.")
    _known(line, _ALWAYS | _KEYS[cause], name)
    if type(level) is not int or not 0 <= level <= _HIGHEST:
        raise LadderRefused(f"Level pada {name} harus angka 0 sampai {_HIGHEST}.")
    if not line.get("source"):
        raise LadderRefused(f"{name.capitalize()} harus memuat source.")
    after = _after(line.get("after"), name)
    if cause == NOT_TAKEN and after is None:
        raise LadderRefused(
            f"{name.capitalize()} memerlukan after: langkah tanpa standar waktu pun tidak boleh terlupa."
        )
    return Rung(str(line["id"]), cause, level, _share(line.get("share"), name), after, _round(line, cause, name),
                str(line["source"]))  # fmt: skip


def _after(printed: Any, name: str) -> Duration | None:
    if printed is None:
        return None
    try:
        time = parse(str(printed))
    except UnreadableDuration as error:
        raise LadderRefused(f"{name.capitalize()}: {error}") from None
    if not time.has_standard:
        raise LadderRefused(f"{name.capitalize()}: after harus sebuah waktu, misalnya “1 hari kerja”.")
    return time


def _share(printed: Any, name: str) -> Fraction | None:
    if printed is None:
        return None
    found = re.fullmatch(r"([1-9][0-9]?|100)%", str(printed).strip())
    if found is None:
        raise LadderRefused(f"{name.capitalize()}: share ditulis seperti “50%”, paling banyak “100%”.")
    return Fraction(int(found[1]), 100)


def _round(line: Mapping[str, Any], cause: str, name: str) -> int:
    number = line.get("round", 0)
    if cause == RETURNS and (type(number) is not int or number < 2):
        raise LadderRefused(f"{name.capitalize()}: round adalah putaran ke berapa, paling sedikit 2.")
    return int(number)


def _known(data: Mapping[str, Any], known: frozenset[str] | set[str], where: str) -> None:
    unknown = sorted(set(data) - known)
    if unknown:
        raise LadderRefused(f"Kunci “{unknown[0][:40]}” pada {where} tidak dikenal.")
