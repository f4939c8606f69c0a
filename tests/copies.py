"""What was built once is put down again: the same rows under new numbers, in a tenth of the time.

Nearly every test with a database begins with an institution at work. The first of a process is built by the actions
that build it in production; the next ones are copies of its rows.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model

from tanggap.records.models import (
    CalendarVersion,
    Column,
    Holder,
    Holiday,
    Institution,
    Membership,
    OfficeHours,
    Post,
    Schedule,
    SopVersion,
    Unit,
    User,
)
from tanggap.records.models.people import new_revision

PARTS: tuple[type[Model], ...] = (
    Institution, Unit, Post, User, Holder, Membership, Column, OfficeHours, Holiday, CalendarVersion, SopVersion,
    Schedule,
)  # fmt: skip
"""In an order in which whatever is named stands already (what names its own kind is told afterwards)."""

Present = dict[type[Model], set[Any]]


def present() -> Present:
    """The numbers of all rows there are."""
    return {
        model: set(model._default_manager.order_by().values_list("pk", flat=True))
        for model in apps.get_app_config("records").get_models()
    }


@dataclass(frozen=True)
class Copy:
    """Rows as they were."""

    rows: dict[type[Model], list[Model]]

    @classmethod
    def since(cls, before: Present) -> Copy:
        """Whatever is new: an institution, its people, and nothing else."""
        new = {model: pks - before[model] for model, pks in present().items()}
        assert not [model for model, pks in new.items() if pks and model not in PARTS], "PARTS does not know of these"
        return cls({model: list(model._default_manager.filter(pk__in=new[model]).order_by("pk")) for model in PARTS})

    def put(self) -> dict[type[Model], list[Any]]:
        """The rows once more; in the order in which they were made."""
        made: dict[tuple[type[Model], Any], Model] = {}
        found: dict[type[Model], list[Any]] = {}
        for model in PARTS:
            found[model] = [_again(row, made) for row in self.rows[model]]
            model._default_manager.bulk_create(found[model])
            made |= {(model, row.pk): new for row, new in zip(self.rows[model], found[model], strict=True)}
            _name_own_kind(self.rows[model], found[model], made)
        return found


def _again(row: Model, made: dict[tuple[type[Model], Any], Model]) -> Model:
    new = type(row)()
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.related_model is type(row):
            continue
        if field.related_model is not None and value is not None:
            setattr(new, field.name, made[field.related_model, value])  # type: ignore[index]
        elif not field.primary_key:
            setattr(new, field.attname, deepcopy(value))
    if isinstance(new, Institution):
        new.revision = new_revision()
    return new


def _name_own_kind(rows: list[Model], new: list[Model], made: dict[tuple[type[Model], Any], Model]) -> None:
    for field in (field for row in rows[:1] for field in row._meta.concrete_fields if field.related_model is type(row)):
        named = [(one, getattr(row, field.attname)) for row, one in zip(rows, new, strict=True)]
        for one, pk in named:
            if pk is not None:
                setattr(one, field.name, made[type(one), pk])
        changed = [one for one, pk in named if pk is not None]
        if changed:
            type(changed[0])._default_manager.bulk_update(changed, [field.name])
