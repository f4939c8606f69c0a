"""Values on their way into columns and out of them: as Django's own fields convert them, at a fraction of the price.

Words, numbers, moments and ids go in as the database spells them; whatever else there is, Django converts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter
from typing import Any, TypeAlias
from uuid import UUID

from django.db import connection
from django.db.models import Field, Model
from django.db.models.fields import NOT_PROVIDED

AnyField: TypeAlias = "Field[Any, Any]"
Reader = tuple[int, Callable[[Any], Any]]

_AS_THEY_ARE = frozenset({str, int, bool, type(None)})
_MOMENT, _ID = "DateTimeField", "UUIDField"
_PLAIN = frozenset({
    "AutoField", "BigAutoField", "BigIntegerField", "BooleanField", "CharField", "FileField", "IntegerField",
    "PositiveIntegerField", "PositiveSmallIntegerField", "SlugField", "SmallIntegerField", "TextField",
})  # fmt: skip


@cache
def field(model: type[Model], name: str) -> AnyField:
    """The field ``name`` of ``model``."""
    return model._meta.get_field(name)  # type: ignore[return-value]


def column(one: AnyField) -> str:
    """The name of its column."""
    assert one.column is not None
    return one.column


@cache
def writer(one: AnyField) -> Callable[[Any], Any]:
    """What makes a value ready for the column of this field."""
    known = _target(one).get_internal_type()

    def by_django(value: Any) -> Any:
        return one.get_db_prep_save(value, connection)

    if known in _PLAIN:
        return lambda value: value if type(value) in _AS_THEY_ARE else by_django(value)
    if known not in _SPELLED:
        return by_django
    of, write = _SPELLED[known] if connection.vendor == "sqlite" or known != _MOMENT else (datetime, str)
    return lambda value: write(value) if type(value) is of else by_django(value)


def ready(fields: Sequence[AnyField], rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """``rows`` with every value ready for its column."""
    writers = [writer(one) for one in fields]
    return [[write(value) for write, value in zip(writers, row, strict=True)] for row in rows]


@cache
def readers(model: type[Model], names: tuple[str, ...]) -> tuple[Reader, ...]:
    """What is to be done with the columns ``names`` as the driver gives them: at which place, and what."""
    found = ((at, _reader(model, field(model, name))) for at, name in enumerate(names))
    return tuple((at, read) for at, read in found if read is not None)


def _reader(model: type[Model], one: AnyField) -> Callable[[Any], Any] | None:
    col = one.get_col(model._meta.db_table)
    converters = connection.ops.get_db_converters(col) + col.get_db_converters(connection)
    if not converters:
        return None
    known = _target(one).get_internal_type()
    if connection.vendor == "sqlite" and known == _MOMENT:
        return lambda value: None if value is None else value.replace(tzinfo=UTC)
    if connection.vendor == "sqlite" and known == _ID:
        return lambda value: None if value is None else UUID(value)

    def by_django(value: Any) -> Any:
        for convert in converters:
            value = convert(value, col, connection)
        return value

    return by_django


@cache
def unsaid(model: type[Model], names: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """The columns of a new row of ``model`` besides ``names``, and what stands in them when nothing is said.

    A key that counts itself is left to the database. Raises ``TypeError`` where something must be said.
    """
    others = [one for one in model._meta.concrete_fields if one.name not in names and not counts_itself(one)]
    return tuple(one.name for one in others), tuple(_default(one) for one in others)


def counts_itself(one: AnyField) -> bool:
    """True for a key that the database gives."""
    return one.get_internal_type() in {"AutoField", "BigAutoField"}


def _default(one: AnyField) -> Any:
    if callable(one.default) and one.default is not NOT_PROVIDED:
        raise TypeError(f"{one}: its default is made anew for every row")
    if one.default is NOT_PROVIDED and not (one.null or one.empty_strings_allowed):
        raise TypeError(f"{one}: there is no default")
    return one.get_default()


def _target(one: AnyField) -> AnyField:
    while one.remote_field is not None:
        one = one.target_field  # type: ignore[attr-defined]
    return one


def _without_zone(value: datetime) -> str:
    """As SQLite has it, which knows of no zones."""
    return str(value.astimezone(UTC).replace(tzinfo=None))


_SPELLED: Mapping[str, tuple[type[Any], Callable[[Any], str]]] = {
    _MOMENT: (datetime, _without_zone),
    _ID: (UUID, attrgetter("hex")),
    "JSONField": (dict, json.dumps),  # no field of ours has an encoder of its own
}
