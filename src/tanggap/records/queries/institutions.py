"""Institutions, their SOPs in force, their calendars, and the names behind the ids that the log holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Value

from tanggap.casework.shelf import Shelf
from tanggap.records.models import Institution, Post, SopVersion, Unit, User
from tanggap.records.shelves import compiled, in_force, read_sop
from tanggap.sop.model import Sop
from tanggap.worktime.calendar import WorkCalendar


@dataclass(frozen=True, slots=True)
class OwnKind:
    """A kind of report that the institution named itself, and the usual kind it counts as."""

    key: str
    label: str
    counts_as: str
    offered: bool = True


@dataclass(frozen=True, slots=True)
class InstitutionLine:
    """An institution as pages show it."""

    id: int
    key: str
    name: str
    short_name: str
    lines: tuple[str, ...]
    address: str
    zone: str
    accent_hue: float
    accent_chroma: float
    answer_within: str
    answer_within_source: str
    contacts: Mapping[str, str]
    services: tuple[str, ...]
    kinds: tuple[OwnKind, ...] = ()


@dataclass(frozen=True, slots=True)
class SopLine:
    """One SOP version: the document, and its standing in the institution."""

    institution: str
    hash: str
    sop: Sop
    approved_at: datetime | None
    effective_at: datetime | None
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: the id that is recorded, and its name. ``is_unit``: a unit, else a post."""

    key: str
    name: str
    is_unit: bool = False


def line_of(row: Institution) -> InstitutionLine:
    """The row as pages show it."""
    return InstitutionLine(
        row.pk, row.key, row.name, row.short_name, tuple(row.lines), row.address, row.zone, row.accent_hue,
        row.accent_chroma, row.answer_within, row.answer_within_source, row.contacts, tuple(row.services),
        tuple(OwnKind(one["key"], one["label"], one["as"], not one.get("off")) for one in row.kinds),
    )  # fmt: skip


def institutions() -> list[InstitutionLine]:
    """All of them, in their order."""
    return [line_of(row) for row in Institution.objects.all()]


def institution(key: str) -> InstitutionLine:
    """The institution ``key``. Raises ``LookupError``."""
    return line_of(_row(key))


def _row(key: str) -> Institution:
    row = Institution.objects.filter(key=key).first()
    if row is None:
        raise LookupError(f"unknown institution {key!r}")
    return row


def shelf(key: str, *, at: datetime) -> Shelf:
    """What decisions of the institution ``key`` look at, with the holders of ``at``. Raises ``LookupError``."""
    return compiled(_row(key)).shelf(at)


def calendar_of(key: str) -> WorkCalendar:
    """The calendar in force of the institution ``key``. Raises ``LookupError``."""
    return compiled(_row(key)).calendar


def current_sops(key: str, *, at: datetime) -> list[SopLine]:
    """The versions that new complaints may begin under. Raises ``LookupError``."""
    return [_sop_line(key, version) for version in in_force(_row(key), at)]


def current_versions(key: str, *, at: datetime) -> tuple[str, ...]:
    """The hashes of :func:`current_sops`, without reading the documents. Raises ``LookupError``."""
    return tuple(version.hash for version in in_force(_row(key), at))


def all_sops(key: str) -> list[SopLine]:
    """Every version of every document, newest first within a document. Raises ``LookupError``."""
    return [_sop_line(key, version) for version in _row(key).sop_versions.all()]


def sop_version(key: str, digest: str) -> SopLine:
    """One version by its hash. Raises ``LookupError``."""
    version = SopVersion.objects.filter(institution__key=key, hash=digest).first()
    if version is None:
        raise LookupError(f"unknown SOP version {digest!r}")
    return _sop_line(key, version)


def _sop_line(key: str, version: SopVersion) -> SopLine:
    sop = read_sop(version.hash, version.text)
    return SopLine(key, version.hash, sop, version.approved_at, version.effective_at, version.withdrawn_at)


def respondents_to_name(key: str) -> list[Choice]:
    """Units (then posts) that a complaint may name as "pihak yang dikomplain". Raises ``LookupError``."""
    row = _row(key)
    units = Unit.objects.filter(institution=row, may_be_complained_of=True)
    posts = Post.objects.filter(institution=row)
    return [*(Choice(u.key, u.name, True) for u in units), *(Choice(p.key, p.name) for p in posts)]


def names_of(institution_id: int) -> dict[str, str]:
    """Names of the posts and units of an institution by key; where both have one, the post's. One query."""
    columns = ("rank", "position", "key", "name")
    units = Unit.objects.filter(institution=institution_id).order_by().annotate(rank=Value(0)).values_list(*columns)
    posts = Post.objects.filter(institution=institution_id).order_by().annotate(rank=Value(1)).values_list(*columns)
    named = units.union(posts, all=True)
    return {key: name for _, _, key, name in sorted(named)}


def people(persons: Iterable[str]) -> dict[str, str]:
    """Names of persons by the id the log knows them by; whoever is not staff is left out. One query."""
    wanted = [int(person[1:]) for person in set(persons) if person[:1] == "u" and person[1:].isdigit()]
    return {user.person: user.shown_name for user in User.objects.filter(pk__in=wanted)} if wanted else {}
