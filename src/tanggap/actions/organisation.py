"""An institution as a file: units, posts, who is above whom, which post fills which column, hours, register, colour.

``seeds/organisation/<key>.toml`` are such files. Reading one again changes what differs and removes nothing that a
case may still name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

from tanggap.actions.calendar_plan import save_holidays, save_hours
from tanggap.actions.calendars import renew_calendar
from tanggap.actions.holidays import national_holidays, seed_calendar, seed_institutions
from tanggap.actions.recounting import Counted, count_units, put_in_force, settle_units
from tanggap.records.arrangement import keep, moved_facts
from tanggap.records.models import CalendarVersion, Column, Holder, Institution, OrganisationAct, Post, Unit, User
from tanggap.records.models.people import DEFINITIVE, new_revision
from tanggap.records.register import check_template
from tanggap.records.schedules import look_again
from tanggap.records.writing import write
from tanggap.worktime.office_hours import Period

_KNOWN = {
    "key", "name", "short_name", "lines", "address", "zone", "accent", "register", "answer_within",
    "answer_within_source", "contacts", "services", "kinds", "joint_leave_off", "position", "unit", "post", "column",
    "period",
}  # fmt: skip


class OrganisationRefused(ValueError):
    """The file describes no usable organisation; the message is one Indonesian sentence."""


def seed_organisations() -> list[str]:
    """Keys of the institutions that come with Tanggap, in their order."""
    folder = files("tanggap") / "seeds" / "organisation"
    read = [tomllib.loads(file.read_text("utf-8")) for file in folder.iterdir() if file.name.endswith(".toml")]
    return [data["key"] for data in sorted(read, key=lambda data: data.get("position", 0))]


def seed_organisation(key: str, *, at: datetime) -> Institution:
    """Create (or bring up to date) an institution that comes with Tanggap. Raises ``LookupError``."""
    file = files("tanggap") / "seeds" / "organisation" / f"{key}.toml"
    if not file.is_file():
        raise LookupError(key)
    return import_organisation(tomllib.loads(file.read_text("utf-8")), at=at)


def import_organisation(data: Mapping[str, Any], *, at: datetime) -> Institution:
    """Create or change an institution from its file. Raises :class:`OrganisationRefused`, ``CalendarRefused``."""
    _check(data)
    accent = data.get("accent", {})
    fields = {
        name: data[name]
        for name in (
            "name", "short_name", "lines", "address", "zone", "answer_within", "answer_within_source", "contacts",
            "services", "kinds", "joint_leave_off", "position",
        )
        if name in data
    }  # fmt: skip
    if accent:
        fields |= {"accent_hue": float(accent["hue"]), "accent_chroma": float(accent["chroma"])}
    if "register" in data:
        check_template(data["register"])
        fields["register_template"] = data["register"]
    named = {post["key"]: post.get("unit", "") for post in data.get("post", ())}
    known = Institution.objects.filter(key=data["key"]).first()
    counted = count_units(known, named, at=at, with_rows=True) if known is not None else None
    with write():
        institution, _ = Institution.objects.update_or_create(key=data["key"], defaults=fields)
        counted = settle_units(institution, counted, named, at=at)
        units = _units(institution, data.get("unit", ()))
        posts = _posts(institution, data.get("post", ()), units)
        _columns(institution, data.get("column", {}), posts)
        if not institution.office_hours.exists():
            _hours(institution, data)
        act = _units_moved(institution, counted, at) if counted is not None else None
        changed(institution)
        look_again(institution, at=at)
        if counted is not None and act is not None:
            put_in_force(institution, counted, act, at=at)
    if not CalendarVersion.objects.filter(institution=institution).exists():
        renew_calendar(institution, at=at, by="", why="kalender awal")
    return institution


def _units_moved(institution: Institution, counted: Counted, at: datetime) -> OrganisationAct:
    """One act for every post that the file puts into another unit, with the due moments they move."""
    before, after = counted.before.organisation.posts, counted.after.organisation.posts
    moved = {key: [one.unit, after[key].unit] for key, one in before.items() if one.unit != after[key].unit}
    data = {"posts": moved, **moved_facts(counted.found)}
    return keep(OrganisationAct(institution=institution, kind="units", data=data, made_at=at))


def _check(data: Mapping[str, Any]) -> None:
    unknown = data.keys() - _KNOWN
    if unknown:
        raise OrganisationRefused(f"Kunci “{min(unknown)}” tidak dikenal.")
    for needed in ("key", "name", "short_name"):
        if not data.get(needed):
            raise OrganisationRefused(f"Isi “{needed}” wajib ada.")
    units = [unit["key"] for unit in data.get("unit", ())]
    posts = [post["key"] for post in data.get("post", ())]
    doubled = [key for key in (*units, *posts) if [*units, *posts].count(key) > 1]
    if doubled:
        raise OrganisationRefused(f"Kunci “{doubled[0]}” dipakai lebih dari sekali untuk unit atau jabatan.")
    named = [post[what] for post in data.get("post", ()) for what in ("superior",) if post.get(what)]
    named += [post for roles in data.get("column", {}).values() for role in roles.values() for post in role]
    for post in named:
        if post not in posts:
            raise OrganisationRefused(f"Jabatan “{post}” disebut tetapi tidak ada.")
    for post in data.get("post", ()):
        if post.get("unit") and post["unit"] not in units:
            raise OrganisationRefused(f"Unit “{post['unit']}” disebut tetapi tidak ada.")


def _units(institution: Institution, listed: Iterable[Mapping[str, Any]]) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for position, unit in enumerate(listed):
        units[unit["key"]], _ = Unit.objects.update_or_create(
            institution=institution,
            key=unit["key"],
            defaults={
                "name": unit["name"],
                "parent": units.get(unit.get("parent", "")),
                "may_be_complained_of": unit.get("may_be_complained_of", True),
                "position": position,
            },
        )
    return units


def _posts(institution: Institution, listed: Iterable[Mapping[str, Any]], units: Mapping[str, Unit]) -> dict[str, Post]:
    posts: dict[str, Post] = {}
    rows = list(listed)
    for position, post in enumerate(rows):
        posts[post["key"]], _ = Post.objects.update_or_create(
            institution=institution,
            key=post["key"],
            defaults={
                "name": post["name"],
                "unit": units.get(post.get("unit", "")),
                "is_fallback": post.get("fallback", False),
                "position": position,
            },
        )
    for post in rows:
        superior = posts.get(post.get("superior", ""))
        Post.objects.filter(pk=posts[post["key"]].pk).update(superior=superior)
    return posts


def _columns(
    institution: Institution, columns: Mapping[str, Mapping[str, Iterable[str]]], posts: Mapping[str, Post]
) -> None:
    Column.objects.filter(institution=institution, sop_id__in=columns).delete()
    Column.objects.bulk_create(
        Column(institution=institution, sop_id=sop_id, role=role, post=posts[key], position=position)
        for sop_id, roles in columns.items()
        for role, keys in roles.items()
        for position, key in enumerate(keys)
    )


def _hours(institution: Institution, data: Mapping[str, Any]) -> None:
    """Office hours of the file, else those Tanggap comes with; and the national holidays."""
    if "period" in data:
        periods = tuple(Period.from_dict(period) for period in data["period"])
    else:
        known = institution.key if institution.key in seed_institutions() else seed_institutions()[0]
        periods = seed_calendar(known, holidays=()).periods
    save_hours(institution, periods)
    save_holidays(institution, national_holidays())


# posts and their holders ----------------------------------------------------------------------------------------------


def appoint(
    post: Post, user: User, *, from_at: datetime, until_at: datetime | None = None, kind: str = DEFINITIVE,
    instead_of: User | None = None,
) -> Holder:  # fmt: skip
    """Let ``user`` hold ``post`` from a moment (until another, exclusive). ``kind``: definitif, plt or plh.

    ``instead_of``: whom a Plh. stands in for, where several hold the post.
    """
    with write():
        holder = Holder.objects.create(
            post=post, user=user, from_at=from_at, until_at=until_at, kind=kind, instead_of=instead_of
        )
        changed(post.institution)
    return holder


def release(holder: Holder, *, at: datetime) -> None:
    """End a holding at ``at``. What the person did stays on record."""
    with write():
        holder.until_at = at
        holder.save(update_fields=["until_at"])
        changed(holder.post.institution)


def changed(institution: Institution) -> None:
    """Say that units, posts, holders, columns, hours or SOPs are no longer what they were: compiled copies go."""
    institution.revision = new_revision()
    Institution.objects.filter(pk=institution.pk).update(revision=institution.revision)
