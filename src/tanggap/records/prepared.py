"""Queries that Django puts together once, and that run with other values each time: composing costs more than running.

What is asked stays a query set, in one place; here it is only remembered as SQL.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DateTimeField, Field, ForeignKey, QuerySet, UUIDField


class Prepared:
    """The query set that ``compose`` makes of the values named in ``fields`` (each with the field it is compared to).

    ``compose`` is called once, with stand-ins: it must hand its values to the query set as they are, and its columns
    must be named (``values_list``).
    """

    def __init__(self, compose: Callable[..., QuerySet[Any, Any]], **fields: Field[Any, Any]) -> None:
        self._compose, self._fields = compose, fields

    def __call__(self, **values: Any) -> list[tuple[Any, ...]]:
        """The rows found with ``values``."""
        if self._composed is None:
            return []
        statement, parameters, slots, convert = self._composed
        filled = list(parameters)
        for at, name in slots:
            filled[at] = self._fields[name].get_db_prep_value(values[name], connection)
        with connection.cursor() as cursor:
            cursor.execute(statement, filled)
            return convert(cursor.fetchall())

    @cached_property
    def _composed(
        self,
    ) -> tuple[str, tuple[Any, ...], list[tuple[int, str]], Callable[[Any], list[tuple[Any, ...]]]] | None:
        stand_ins = {name: _stand_in(field, n) for n, (name, field) in enumerate(self._fields.items())}
        compiler = self._compose(**stand_ins).query.get_compiler(connection=connection)
        try:
            statement, parameters = compiler.as_sql()
        except EmptyResultSet:  # whatever the values are, there is nothing
            return None
        told = {field.get_db_prep_value(stand_ins[name], connection): name for name, field in self._fields.items()}
        slots = [(at, told[value]) for at, value in enumerate(parameters) if _known(value, told)]
        if {name for _, name in slots} != set(self._fields):
            raise AssertionError(f"not every value is a parameter of {statement}")
        converters = compiler.get_converters([column for column, _, _ in compiler.select])

        def convert(rows: Any) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in (compiler.apply_converters(rows, converters) if converters else rows)]

        return statement, tuple(parameters), slots, convert


def _known(value: Any, told: dict[Any, str]) -> bool:
    return any(value == one and type(value) is type(one) for one in told)


def _stand_in(field: Field[Any, Any], n: int) -> Any:
    """A value that no query of ours holds by itself."""
    if isinstance(field, ForeignKey):
        field = field.target_field
    if isinstance(field, UUIDField):
        return UUID(int=0x5AD1_0000_0000_4000_8000_7A66_A9 << 8 | n)
    if isinstance(field, DateTimeField):
        return datetime(1901, 2, 3, 4, 5, 6, 700 + n, tzinfo=UTC)
    return 1_987_654_321 + n
