"""Units, posts and columns as administrators change them. Keys never change: the log names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, count
from typing import Any, ClassVar

from django.utils.text import slugify

from tanggap.actions.arranging import Change, NotArranged, Now
from tanggap.actions.intake import KINDS
from tanggap.records.models import Column, Institution, Post, Unit
from tanggap.records.queries import staffed_columns
from tanggap.records.schedules import look_again

_MOST_LETTERS = 45
_MOST_KINDS = 20


def new_key(institution: Institution, name: str, *, otherwise: str) -> str:
    """A key from a name, used by no unit and no post of the institution."""
    plain = slugify(name)[:_MOST_LETTERS].strip("-") or otherwise
    taken = set(Unit.objects.filter(institution=institution).values_list("key", flat=True))
    taken |= set(Post.objects.filter(institution=institution).values_list("key", flat=True))
    found, number = plain, 1
    while found in taken:
        number += 1
        found = f"{plain}-{number}"
    return found


@dataclass(frozen=True, slots=True)
class ChangeUnit(Change):
    """A unit: a new one without ``key``, else what it is called and where it belongs."""

    kind: ClassVar[str] = "unit"
    name: str
    key: str = ""
    parent: str = ""
    may_be_complained_of: bool = True

    def check(self, now: Now) -> None:
        """It must be there, and not lie within itself."""
        if not self.key:
            return
        above: Unit | None = self._unit(now, self.parent) if self.parent else None
        self._unit(now, self.key)
        seen: set[int] = set()
        while above is not None and above.pk not in seen:
            if above.key == self.key:
                raise NotArranged("ring", "parent")
            seen.add(above.pk)
            above = above.parent

    def _unit(self, now: Now, key: str) -> Unit:
        found = Unit.objects.filter(institution=now.institution, key=key).select_related("parent").first()
        if found is None:
            raise NotArranged("unit_unknown", "parent")
        return found

    def apply(self, now: Now) -> tuple[dict[str, Any], str]:
        """Write the row."""
        parent = self._unit(now, self.parent) if self.parent else None
        facts = {"name": self.name, "parent": parent, "may_be_complained_of": self.may_be_complained_of}
        if self.key:
            unit = self._unit(now, self.key)
            was = {"name": unit.name, "parent": unit.parent.key if unit.parent else "",
                   "may_be_complained_of": unit.may_be_complained_of}  # fmt: skip
            Unit.objects.filter(pk=unit.pk).update(**facts)
        else:
            key = new_key(now.institution, self.name, otherwise="unit")
            unit = Unit.objects.create(institution=now.institution, key=key, position=_last(now, Unit), **facts)
            was = {}
        return {"key": unit.key, "new": not self.key, **_differing(was, {**facts, "parent": self.parent})}, ""


@dataclass(frozen=True, slots=True)
class ChangePost(Change):
    """A post: a new one without ``key``, else what it is called, its unit, and who is above it."""

    kind: ClassVar[str] = "post"
    name: str
    key: str = ""
    unit: str = ""
    superior: str = ""
    is_fallback: bool = False

    def check(self, now: Now) -> None:
        """Everything it names must be there, and nobody stands above themselves."""
        known = now.post(self.key) if self.key else None
        if self.unit and not Unit.objects.filter(institution=now.institution, key=self.unit).exists():
            raise NotArranged("unit_unknown", "unit")
        posts = {one.key: one for one in Post.objects.filter(institution=now.institution).select_related("superior")}
        if self.superior and self.superior not in posts:
            raise NotArranged("post_unknown", "superior")
        above, seen = self.superior, set()
        while above and above not in seen:
            if known is not None and above == known.key:
                raise NotArranged("ring", "superior")
            seen.add(above)
            superior = posts[above].superior
            above = superior.key if superior is not None else ""
        if known is not None and known.is_fallback and not self.is_fallback:
            raise NotArranged("fallback_needed", "is_fallback")

    def units(self, now: Now) -> Mapping[str, str]:
        """Work counts in the hours of the post's unit. (Those of the unit above it are never inherited.)"""
        return {self.key: self.unit} if self.key else {}

    def serves(self, now: Now) -> bool:
        """Making one's own post the next rung, or the last, brings work (and cases) to oneself."""
        mine = set(now.held().filter(user=now.by).values_list("post__key", flat=True))
        if not self.key:
            return False
        known = now.post(self.key)
        was = known.superior.key if known.superior is not None else ""
        becomes_last = self.is_fallback and not known.is_fallback and self.key in mine
        return becomes_last or (self.superior in mine and self.superior != was)

    def apply(self, now: Now) -> tuple[dict[str, Any], str]:
        """Write the row; there is one last rung."""
        rows = Post.objects.filter(institution=now.institution)
        unit = Unit.objects.filter(institution=now.institution, key=self.unit).first() if self.unit else None
        superior = now.post(self.superior) if self.superior else None
        if self.is_fallback:
            rows.exclude(key=self.key).filter(is_fallback=True).update(is_fallback=False)
        facts = {"name": self.name, "unit": unit, "superior": superior, "is_fallback": self.is_fallback}
        if self.key:
            post = now.post(self.key)
            was = {"name": post.name, "unit": post.unit.key if post.unit else "",
                   "superior": post.superior.key if post.superior else "", "is_fallback": post.is_fallback}  # fmt: skip
            rows.filter(pk=post.pk).update(**facts)
            if was["unit"] != self.unit:
                look_again(now.institution, at=now.at)
        else:
            key = new_key(now.institution, self.name, otherwise="jabatan")
            post = Post.objects.create(institution=now.institution, key=key, position=_last(now, Post), **facts)
            was = {}
        told = _differing(was, {**facts, "unit": self.unit, "superior": self.superior})
        return {"key": post.key, "new": not self.key, **told}, ""


@dataclass(frozen=True, slots=True)
class ChangeColumn(Change):
    """Which posts fill a column (Pelaksana) of an SOP, in their order."""

    kind: ClassVar[str] = "column"
    sop: str
    role: str
    posts: tuple[str, ...]

    def check(self, now: Now) -> None:
        """A column of the organisation's own, and posts that exist."""
        if self.role not in staffed_columns(now.institution.pk).get(self.sop, {}):
            raise NotArranged("column_unknown")
        known = set(Post.objects.filter(institution=now.institution, key__in=self.posts).values_list("key", flat=True))
        if not known.issuperset(self.posts):
            raise NotArranged("post_unknown", "posts")
        if list(self.posts) == self.filled(now):
            raise NotArranged("nothing_changed", "posts")

    def filled(self, now: Now) -> list[str]:
        """The posts that fill it now."""
        rows = Column.objects.filter(institution=now.institution, sop_id=self.sop, role=self.role)
        return list(rows.values_list("post__key", flat=True))

    def serves(self, now: Now) -> bool:
        """Nobody gives a column to a post they hold while somebody else could."""
        mine = set(now.held().filter(user=now.by).values_list("post__key", flat=True))
        return not mine.isdisjoint(set(self.posts) - set(self.filled(now)))

    def apply(self, now: Now) -> tuple[dict[str, Any], str]:
        """The rows of the column."""
        before = self.filled(now)
        Column.objects.filter(institution=now.institution, sop_id=self.sop, role=self.role).delete()
        for position, key in enumerate(self.posts):
            Column.objects.create(
                institution=now.institution, sop_id=self.sop, role=self.role, post=now.post(key), position=position
            )
        look_again(now.institution, at=now.at)
        return {"sop": self.sop, "role": self.role, "before": before, "after": list(self.posts)}, ""


def _last(now: Now, model: type[Unit] | type[Post]) -> int:
    return int(model._default_manager.filter(institution=now.institution).count())


def _differing(was: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """What changed, before and after; of a new row everything that is said of it."""
    names = [name for name in now if was.get(name, "") != now[name]]
    return {"before": {name: was[name] for name in names if name in was}, "after": {name: now[name] for name in names}}


@dataclass(frozen=True, slots=True)
class AddKind(Change):
    """A kind of report by the institution's own name; ``counts_as``: the usual kind that SOPs and the law know."""

    kind: ClassVar[str] = "kind"
    label: str
    counts_as: str

    def check(self, now: Now) -> None:
        """Not twice the same, and not more than can be chosen from."""
        if self.counts_as not in KINDS:
            raise NotArranged("kind_unknown", "counts_as")
        offered = [one for one in now.institution.kinds if not one.get("off")]
        if any(one["label"].casefold() == self.label.casefold() for one in offered):
            raise NotArranged("kind_known", "label")
        if len(offered) >= _MOST_KINDS:
            raise NotArranged("kinds_full", "label")

    def apply(self, now: Now) -> tuple[dict[str, Any], str]:
        """Write it at the end of the list, under a key that stays."""
        taken = {one["key"] for one in now.institution.kinds} | set(KINDS)
        plain = slugify(self.label)[:_MOST_LETTERS].strip("-") or "jenis"
        key = next(one for one in chain((plain,), (f"{plain}-{n}" for n in count(2))) if one not in taken)
        made = {"key": key, "label": self.label, "as": self.counts_as}
        Institution.objects.filter(pk=now.institution.pk).update(kinds=[*now.institution.kinds, made])
        return {"key": key, "label": self.label, "as": self.counts_as}, ""


@dataclass(frozen=True, slots=True)
class DropKind(Change):
    """A kind is offered no more. Reports of it keep its name."""

    kind: ClassVar[str] = "kind_off"
    key: str

    def check(self, now: Now) -> None:
        """It must be there."""
        if self._found(now) is None:
            raise NotArranged("kind_unknown")

    def _found(self, now: Now) -> dict[str, Any] | None:
        return next((one for one in now.institution.kinds if one["key"] == self.key and not one.get("off")), None)

    def apply(self, now: Now) -> tuple[dict[str, Any], str]:
        """Mark it: the list keeps the name for the reports that have it."""
        gone = self._found(now) or {}
        kinds = [one | {"off": True} if one["key"] == self.key else one for one in now.institution.kinds]
        Institution.objects.filter(pk=now.institution.pk).update(kinds=kinds)
        return {"key": self.key, "label": gone.get("label", "")}, ""
