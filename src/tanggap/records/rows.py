"""Rows in and out by statements that are put together once: an act writes a dozen rows, and must not take long.

Django composes every statement anew, which costs more than the database does (measured: 8.7 ms of processor time for
an act, of which SQLite took 0.9). The values are still converted by Django's own fields, so both databases agree.
Names of tables and columns come from the models alone; every value is a parameter.
"""

# ruff: noqa: S608  statements are put together from the models' own names

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Field, Model

M = TypeVar("M", bound=Model)

_AT_ONCE = 500  # values in one statement; SQLite allows 32,766


def insert(rows: Iterable[Model]) -> None:
    """Insert ``rows``, all of one model, in as few statements as need be. Keys made by the database are not read back.

    Raises ``IntegrityError`` as a save would.
    """
    listed = list(rows)
    if not listed:
        return
    model = type(listed[0])
    fields = _written(model)
    count = max(1, _AT_ONCE // len(fields))
    with connection.cursor() as cursor:
        for start in range(0, len(listed), count):
            part = listed[start : start + count]
            values = [_value(field, row) for row in part for field in fields]
            cursor.execute(_insertion(model, len(part)), values)


def update(rows: Sequence[Model], names: Sequence[str]) -> None:
    """Write the columns ``names`` of ``rows``, all of one model: one statement for all."""
    if rows:
        model = type(rows[0])
        columns = [_field(model, name).attname for name in names]
        update_all(model, names, [[*(getattr(row, column) for column in columns), row.pk] for row in rows])


def update_all(model: type[Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write the columns ``names`` of many rows, each given as its values and its key: one statement for all."""
    fields = (*(_field(model, name) for name in names), model._meta.pk)
    if rows:
        with connection.cursor() as cursor:
            values = [[f.get_db_prep_save(v, connection) for f, v in zip(fields, row, strict=True)] for row in rows]
            cursor.executemany(_updating(model, tuple(names)), values)


def shared(row: Model, name: str) -> Any:
    """The column ``name`` of ``row`` as it stands, and nobody locks that row until this transaction ends.

    On PostgreSQL this waits for whoever has locked it; SQLite has one writer anyway.
    """
    model, quote = type(row), connection.ops.quote_name
    key = model._meta.pk
    lock = " FOR KEY SHARE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {quote(_column(_field(model, name)))} FROM {quote(model._meta.db_table)} "
            f"WHERE {quote(_column(key))} = %s{lock}",
            [_value(key, row)],
        )
        found = cursor.fetchone()
    return found[0] if found else None


def locked(model: type[Model], column: str, keys: Sequence[Any], *, skip: bool) -> dict[Any, Any]:
    """A plain ``column`` of the rows with ``keys``, by key, locked in that order until this transaction ends.

    ``skip``: without those that somebody else has locked. SQLite has one writer anyway.
    """
    key = model._meta.pk
    ordered = [key.get_db_prep_value(one, connection) for one in sorted(keys)]
    lock = f" FOR UPDATE{' SKIP LOCKED' if skip else ''}" if connection.vendor == "postgresql" else ""
    found: dict[Any, Any] = {}
    for start in range(0, len(ordered), _AT_ONCE):
        part = ordered[start : start + _AT_ONCE]
        statement, readers = _selection(model, (key.name, column), key.name, len(part), (key.name,))
        with connection.cursor() as cursor:
            cursor.execute(statement + lock, part)
            for row in cursor.fetchall():
                known, value = _read(readers, row)
                found[known] = value
    return found


def delete(model: type[Model], name: str, values: Sequence[Any]) -> None:
    """Remove the rows of ``model`` whose column ``name`` is one of ``values``. Nothing follows from it elsewhere."""
    field, quote = _field(model, name), connection.ops.quote_name
    for start in range(0, len(values), _AT_ONCE):
        part = [field.get_db_prep_save(value, connection) for value in values[start : start + _AT_ONCE]]
        wanted = ", ".join(["%s"] * len(part))
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {quote(model._meta.db_table)} WHERE {quote(_column(field))} IN ({wanted})", part
            )


def select(model: type[M], name: str, values: Sequence[Any], *, order: Sequence[str] = ()) -> list[M]:
    """The rows of ``model`` whose column ``name`` is one of ``values``, in ``order`` of columns.

    More than 500 values take more than one statement; rows of one value always come together.
    """
    fields = model._meta.concrete_fields
    names = [field.attname for field in fields]
    found = select_columns(model, tuple(field.name for field in fields), name, values, order=order)
    return [model.from_db(connection.alias, names, row) for row in found]


def select_columns(
    model: type[Model], columns: tuple[str, ...], name: str, values: Sequence[Any], *, order: Sequence[str] = ()
) -> list[list[Any]]:
    """The ``columns`` of the rows that :func:`select` would find, as bare values."""
    field, found = _field(model, name), []
    for start in range(0, len(values), _AT_ONCE):
        part = [field.get_db_prep_value(value, connection) for value in values[start : start + _AT_ONCE]]
        statement, readers = _selection(model, columns, name, len(part), tuple(order))
        with connection.cursor() as cursor:
            cursor.execute(statement, part)
            found += [_read(readers, row) for row in cursor.fetchall()]
    return found


def _read(readers: Sequence[tuple[int, Any, list[Any]]], row: Sequence[Any]) -> list[Any]:
    values = list(row)
    for at, column, converters in readers:
        for convert in converters:
            values[at] = convert(values[at], column, connection)
    return values


def _value(field: Field[Any, Any], row: Model) -> Any:
    return field.get_db_prep_save(getattr(row, field.attname), connection)


@cache
def _written(model: type[Model]) -> tuple[Field[Any, Any], ...]:
    """Columns a new row brings; a key that counts itself is left to the database."""
    return tuple(field for field in model._meta.concrete_fields if not _counts_itself(field))


def _counts_itself(field: Field[Any, Any]) -> bool:
    return field.get_internal_type() in {"AutoField", "BigAutoField"}


@cache
def _field(model: type[Model], name: str) -> Field[Any, Any]:
    return model._meta.get_field(name)  # type: ignore[return-value]


@cache
def _selection(
    model: type[Model], columns: tuple[str, ...], name: str, count: int, order: tuple[str, ...]
) -> tuple[str, list[tuple[int, Any, list[Any]]]]:
    quote, table = connection.ops.quote_name, model._meta.db_table
    fields = [_field(model, column) for column in columns]
    listed = ", ".join(quote(_column(field)) for field in fields)
    wanted = quote(_column(_field(model, name)))
    ending = f" ORDER BY {', '.join(quote(_column(_field(model, one))) for one in order)}" if order else ""
    statement = f"SELECT {listed} FROM {quote(table)} WHERE {wanted} IN ({', '.join(['%s'] * count)}){ending}"
    readers = []
    for at, field in enumerate(fields):
        column = field.get_col(table)
        found = connection.ops.get_db_converters(column) + column.get_db_converters(connection)
        if found:
            readers.append((at, column, found))
    return statement, readers


def _column(field: Field[Any, Any]) -> str:
    assert field.column is not None
    return field.column


@cache
def _insertion(model: type[Model], count: int) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(_column(field)) for field in _written(model))
    one = f"({', '.join(['%s'] * len(_written(model)))})"
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES {', '.join([one] * count)}"


@cache
def _updating(model: type[Model], names: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(_column(_field(model, name)))} = %s" for name in names)
    return f"UPDATE {quote(model._meta.db_table)} SET {columns} WHERE {quote(_column(model._meta.pk))} = %s"
