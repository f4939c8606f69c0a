"""Due moments that another calendar or another unit moves: counted beforehand, and once more where somebody acted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from tanggap.casework.moves import Move
from tanggap.casework.shelf import Shelf
from tanggap.records import store
from tanggap.records.models import Institution, OrganisationAct
from tanggap.records.recount import Recount, recount, store_moved
from tanggap.records.shelves import compiled


@dataclass(frozen=True, slots=True)
class Moved:
    """A due moment that moves, and of which case. ``confidential``: the case runs by a confidential procedure."""

    case: UUID
    register: str
    confidential: bool
    move: Move


@dataclass(frozen=True, slots=True)
class Counted:
    """Every open case counted by two shelves. ``revision``: of the institution whose shelf ``before`` is."""

    revision: int
    before: Shelf
    after: Shelf
    found: Recount


def told(found: Recount) -> tuple[Moved, ...]:
    """What moves, by its moment before."""
    every = [
        Moved(one.case, one.register, one.confidential, move) for one in found.moved.values() for move in one.moves
    ]
    return tuple(sorted(every, key=_place))


def _place(one: Moved) -> tuple[datetime, str, str]:
    moment = one.move.before or one.move.after
    assert moment is not None
    return moment, one.register, one.move.clock


def settled(institution: Institution, found: Recount, before: Shelf, after: Shelf) -> Recount:
    """``found`` as it holds now, with the institution locked and nobody writing: what was touched is counted again."""
    seqs = dict(institution.cases.filter(status="open").values_list("pk", "seq"))
    touched = {case for case, seq in seqs.items() if found.seqs.get(case) != seq}
    again = recount(institution, before, after, only=touched, with_rows=True) if touched else Recount()
    kept = {case: one for case, one in found.moved.items() if case in seqs and case not in touched}
    return Recount(moved={**kept, **again.moved}, strange=(found.strange & seqs.keys()) | again.strange)


# posts that move to another unit --------------------------------------------------------------------------------------


def count_units(
    institution: Institution, units: Mapping[str, str], *, at: datetime, with_rows: bool = False
) -> Counted | None:
    """Count every open case with the posts in the units that ``units`` gives them (empty: none).

    ``None`` when no post moves, or the institution has no calendar yet. Work grows with the number of open cases.
    """
    if not units or not institution.calendar_versions.exists():
        return None
    before = compiled(institution).shelf(at)
    posts = before.organisation.posts
    moved = {
        key: replace(posts[key], unit=unit) for key, unit in units.items() if key in posts and posts[key].unit != unit
    }
    if not moved:
        return None
    after = replace(before, organisation=replace(before.organisation, posts={**posts, **moved}))
    return Counted(institution.revision, before, after, recount(institution, before, after, with_rows=with_rows))


def settle_units(
    institution: Institution, counted: Counted | None, units: Mapping[str, str], *, at: datetime
) -> Counted | None:
    """``counted`` as it holds with the institution locked and not yet changed; all anew if it is another by now."""
    if counted is None or counted.revision != institution.revision:
        return count_units(institution, units, at=at, with_rows=True)
    return replace(counted, found=settled(institution, counted.found, counted.before, counted.after))


def put_in_force(institution: Institution, counted: Counted, act: OrganisationAct, *, at: datetime) -> None:
    """The moves on record with ``act``, and the rows that follow. With the institution locked and already changed."""
    store_moved(institution, counted.found.moved.values(), act, counted.after)
    for case in counted.found.strange:
        store.reproject(case, at=at)
