"""What decisions look at, compiled from the tables and kept until the institution's ``revision`` changes.

Posts, columns, SOP versions and calendars change rarely and are read at every act. A compiled institution is kept in
memory per process; one look at the ``revision`` of the institution tells whether it still holds.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from threading import Lock

from tanggap.casework.shelf import Organisation, Post, Shelf
from tanggap.records.calendars import calendars_of
from tanggap.records.ladder import ladder_of
from tanggap.records.law import law_of
from tanggap.records.models import Column, Holder, Institution, SopVersion
from tanggap.records.models.people import ACTING
from tanggap.records.rows import select
from tanggap.sop.load import load
from tanggap.sop.model import Sop

_KEPT = 64


@lru_cache(maxsize=256)
def read_sop(digest: str, text: str) -> Sop:
    """The document of a version, by its digest and text: read once per process, since a version never changes."""
    return load(text, name=digest[:12])


class SopTexts(Mapping[str, Sop]):
    """SOP versions by hash, each read from its text when it is first asked for."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def __getitem__(self, digest: str) -> Sop:
        return read_sop(digest, self._texts[digest])

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


class Compiled:
    """One institution at one revision: shelves for every moment, since holders come and go by the calendar."""

    def __init__(self, institution: Institution) -> None:
        self.revision = institution.revision
        self._sops = SopTexts(dict(institution.sop_versions.values_list("hash", "text")))
        calendars = calendars_of(institution)
        if "" not in calendars:
            raise LookupError(f"institution {institution.key} has no calendar")
        self.calendar = calendars.pop("")
        self._unit_calendars = calendars
        self._law = law_of(institution.key)
        self._ladder = ladder_of(institution.key)
        self._posts = list(institution.posts.select_related("unit", "superior"))
        self._holders = list(Holder.objects.filter(post__institution=institution).select_related("user", "instead_of"))
        self._boundaries = sorted(
            {moment for holder in self._holders for moment in (holder.from_at, holder.until_at) if moment is not None}
        )
        columns: dict[tuple[str, str], tuple[str, ...]] = {}
        for column in Column.objects.filter(institution=institution).select_related("post"):
            place = (column.sop_id, column.role)
            columns[place] = (*columns.get(place, ()), column.post.key)
        self._columns = columns
        self._shelves: dict[int, Shelf] = {}

    @property
    def sops(self) -> SopTexts:
        """Every SOP version of the institution, by hash."""
        return self._sops

    @property
    def calendars(self) -> str:
        """One word for the calendars in force: due moments were counted by them."""
        return self.calendar.version

    def shelf(self, at: datetime) -> Shelf:
        """The shelf with the holders of the moment ``at``."""
        span = bisect_right(self._boundaries, at)
        shelf = self._shelves.get(span)
        if shelf is None:
            shelf = self._shelves[span] = Shelf(
                sops=self._sops,
                organisation=self._organisation(at),
                calendar=self.calendar,
                unit_calendars=self._unit_calendars,
                law=self._law,
                ladder=self._ladder,
            )
        return shelf

    def _organisation(self, at: datetime) -> Organisation:
        now = [holder for holder in self._holders if _holds(holder, at)]
        persons: dict[int, set[str]] = {}
        for holder in now:
            persons.setdefault(holder.post_id, set()).add(holder.user.person)
        posts = {
            post.key: Post(
                id=post.key,
                unit=post.unit.key if post.unit else "",
                superior=post.superior.key if post.superior else "",
                holders=frozenset(persons.get(post.pk, ())),
            )
            for post in self._posts
        }
        fallback = next((post.key for post in self._posts if post.is_fallback), "")
        return Organisation(posts=posts, columns=self._columns, fallback=fallback, stand_ins=_stand_ins(now))


def _holds(holder: Holder, at: datetime) -> bool:
    return holder.from_at <= at and (holder.until_at is None or at < holder.until_at) and holder.user.is_active


def _stand_ins(holders: Sequence[Holder]) -> dict[str, frozenset[str]]:
    """Persons to those who stand in for them: the one a Plh. names, else whoever holds the post in their own right."""
    own: dict[int, set[str]] = {}
    for holder in holders:
        if holder.kind != ACTING:
            own.setdefault(holder.post_id, set()).add(holder.user.person)
    found: dict[str, set[str]] = {}
    for holder in holders:
        if holder.kind == ACTING:
            named = {holder.instead_of.person} if holder.instead_of is not None else own.get(holder.post_id, set())
            for person in named - {holder.user.person}:
                found.setdefault(person, set()).add(holder.user.person)
    return {person: frozenset(others) for person, others in found.items()}


_kept: OrderedDict[int, Compiled] = OrderedDict()
_lock = Lock()


def compiled(institution: Institution) -> Compiled:
    """The compiled institution at the revision that ``institution`` (freshly read) has.

    Raises ``LookupError`` when it has no calendar yet.
    """
    with _lock:
        found = _kept.get(institution.pk)
        if found is not None and found.revision == institution.revision:
            _kept.move_to_end(institution.pk)
            return found
    made = Compiled(institution)
    with _lock:
        _kept[institution.pk] = made
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return made


def forget() -> None:
    """Drop everything kept: for tests that begin on a fresh database."""
    with _lock:
        _kept.clear()


def in_force(institution: Institution, at: datetime) -> list[SopVersion]:
    """SOP versions that new complaints may begin under at ``at``, one per document: the latest approved of each."""
    found: dict[str, SopVersion] = {}
    for version in select(SopVersion, "institution", [institution.pk], order=("approved_at", "id")):
        if version.approved_at is not None and max(version.approved_at, version.effective_at or at) <= at:
            found[version.sop_id] = version
    return [one for one in found.values() if one.withdrawn_at is None or at < one.withdrawn_at]
