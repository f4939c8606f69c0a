"""Calendars as they were frozen: which are in force, and the seals that show when one of them was tampered with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import Max

from tanggap.casework.codec import canonical, moment_out
from tanggap.records.models import CalendarMove, CalendarVersion, Institution
from tanggap.worktime.calendar import WorkCalendar
from tanggap.worktime.office_hours import CalendarRefused

_MOVES_AT_ONCE = 2_000


def versions_in_force(institution: Institution) -> dict[str, CalendarVersion]:
    """The latest version of each calendar by unit key, the institution's own under ``""``. Two queries."""
    every = CalendarVersion.objects.filter(institution=institution)
    latest = every.order_by().values("unit").annotate(pk_of=Max("pk")).values_list("pk_of", flat=True)
    found = CalendarVersion.objects.filter(pk__in=list(latest)).select_related("unit")
    return {version.unit.key if version.unit is not None else "": version for version in found}


def calendars_of(institution: Institution) -> dict[str, WorkCalendar]:
    """The calendars in force by unit key, the institution's own under ``""``; units that follow it are left out."""
    found = versions_in_force(institution)
    return {unit: WorkCalendar.from_dict(version.data) for unit, version in found.items() if version.data}


def seal(facts: Mapping[str, Any], moves: Iterable[Sequence[object]], *, prev: str) -> str:
    """The sha256 over a version, the moves it caused, and the seal of the version before it in the institution.

    ``facts``: see :func:`facts_of`. ``moves``: ``(case, clock, before, after)`` of each, in any order.
    """
    return sha256(canonical([prev, dict(facts), digest_of(moves)])).hexdigest()


def digest_of(moves: Iterable[Sequence[object]]) -> str:
    """The sha256 over moves, in any order: ``(case, clock, before, after)`` of each."""
    told = sha256()
    for line in sorted(canonical([_plain(value) for value in move]) for move in moves):
        told.update(line + b"\n")
    return told.hexdigest()


def facts_of(version: CalendarVersion, *, institution: str, unit: str) -> dict[str, Any]:
    """What a seal says of a version besides its moves."""
    return {
        "institution": institution,
        "unit": unit,
        "hash": version.hash,
        "made_at": moment_out(version.made_at),
        "made_by": version.made_by,
        "why": version.why,
        "decree": version.decree,
        "moved": version.moved,
    }


def _plain(value: object) -> object:
    return moment_out(value) if isinstance(value, datetime) else None if value is None else str(value)


def damaged_versions() -> Iterator[tuple[str, str]]:
    """Institution and an Indonesian sentence for every version that is not as it was frozen."""
    for institution in Institution.objects.all():
        prev = ""
        versions = institution.calendar_versions.select_related("unit").order_by("pk")
        for n, version in enumerate(versions.iterator(chunk_size=50), start=1):
            unit = version.unit.key if version.unit is not None else ""
            if version.data and _hash_of(version.data) != version.hash:
                yield institution.key, f"Kalender versi {n}: isinya tidak sesuai dengan sidik jarinya."
            facts = facts_of(version, institution=institution.key, unit=unit)
            if seal(facts, _moves_of(version), prev=prev) != version.seal:
                yield institution.key, f"Kalender versi {n} atau daftar tenggat yang digesernya diubah atau hilang."
            prev = version.seal


def _moves_of(version: CalendarVersion) -> Iterator[tuple[object, ...]]:
    stored = CalendarMove.objects.filter(version=version).order_by()
    return stored.values_list("case", "clock", "before", "after").iterator(chunk_size=_MOVES_AT_ONCE)


def _hash_of(data: Mapping[str, Any]) -> str:
    try:
        return WorkCalendar.from_dict(data).version
    except (CalendarRefused, TypeError, AttributeError):
        return ""
