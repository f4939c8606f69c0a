"""Rows in and out by statements that are put together once: an act writes a dozen rows, and must not take long.

Django composes every statement anew, which costs more than the database does (measured: 8.7 ms of processor time for
an act, of which SQLite took 0.9). Many rows go as the database takes them most easily: to PostgreSQL by COPY and as
arrays, to SQLite one after the other by one statement. Names of tables and columns come from the models alone; every
value is a parameter, converted as Django's fields do (:mod:`tanggap.records.columns`).
"""

# ruff: noqa: S608  statements are put together from the models' own names

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model
from django.db.models.base import ModelState

from tanggap.records.columns import AnyField, Reader, column, counts_itself, field, readers, ready, unsaid, writer

M = TypeVar("M", bound=Model)

_AT_ONCE = 500  # values in one statement; SQLite allows 32,766
_MANY = 20  # from so many rows on PostgreSQL takes them better by COPY, or as arrays


def insert(rows: Iterable[Model]) -> None:
    """Insert ``rows``, all of one model, in as few statements as need be. Keys made by the database are not read back.

    Raises ``IntegrityError`` as a save would.
    """
    listed = list(rows)
    if listed:
        model = type(listed[0])
        names = _written(model)
        columns = [field(model, name).attname for name in names]
        insert_values(model, names, [[getattr(row, one) for one in columns] for row in listed])


def insert_values(model: type[Model], names: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> None:
    """Insert ``rows``, given as the values of the columns ``names``; what is not said there is as the model has it.

    A foreign key is given as the key it holds. Raises ``IntegrityError`` as a save would.
    """
    if not rows:
        return
    others, constant = unsaid(model, names)
    values = ready([field(model, name) for name in names], rows)
    rest = ready([field(model, name) for name in others], [constant])[0]
    columns = (*names, *others)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.executemany(_insertion(model, columns, 1), [value + rest for value in values])
    elif len(rows) < _MANY:
        with connection.cursor() as cursor:
            cursor.execute(_insertion(model, columns, len(rows)), [one for value in values for one in value + rest])
    else:
        _copy(model, columns, values, rest)


def _copy(model: type[Model], columns: tuple[str, ...], values: Sequence[list[Any]], rest: list[Any]) -> None:
    quote = connection.ops.quote_name
    listed = ", ".join(quote(column(field(model, name))) for name in columns)
    statement = f"COPY {quote(model._meta.db_table)} ({listed}) FROM STDIN"
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(statement) as copy,
    ):
        for value in values:
            copy.write_row(value + rest)


def update(rows: Sequence[Model], names: Sequence[str]) -> None:
    """Write the columns ``names`` of ``rows``, all of one model: one statement for all."""
    if rows:
        model = type(rows[0])
        columns = [field(model, name).attname for name in names]
        update_all(model, names, [[*(getattr(row, one) for one in columns), row.pk] for row in rows])


def update_all(model: type[Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write the columns ``names`` of many rows, each given as its values and its key: one statement for all."""
    if not rows:
        return
    fields = (*(field(model, name) for name in names), model._meta.pk)
    values = ready(fields, rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(rows) >= _MANY:
            columns = zip(*values, strict=True)
            cursor.execute(_updating_many(model, tuple(names)), [_array(values) for values in columns])
        else:
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
            f"SELECT {quote(column(field(model, name)))} FROM {quote(model._meta.db_table)} "
            f"WHERE {quote(column(key))} = %s{lock}",
            [writer(key)(row.pk)],
        )
        found = cursor.fetchone()
    return found[0] if found else None


def locked(model: type[Model], name: str, keys: Sequence[Any], *, skip: bool) -> dict[Any, Any]:
    """The column ``name`` of the rows with ``keys``, by key, locked in that order until this transaction ends.

    ``skip``: without those that somebody else has locked. SQLite has one writer anyway.
    """
    key = model._meta.pk
    ordered = sorted(keys)
    lock = f" FOR UPDATE{' SKIP LOCKED' if skip else ''}" if connection.vendor == "postgresql" else ""
    found: dict[Any, Any] = {}
    for part in _parts(ordered):
        where, values = _one_of(model, key.name, part)
        statement = _selection(model, (key.name, name), (key.name,)).format(where=where)
        with connection.cursor() as cursor:
            cursor.execute(statement + lock, values)
            rows = _read(readers(model, (key.name, name)), cursor.fetchall())
        found |= {known: value for known, value in rows}  # noqa: C416  lists of two
    return found


def delete(model: type[Model], name: str, values: Sequence[Any]) -> None:
    """Remove the rows of ``model`` whose column ``name`` is one of ``values``. Nothing follows from it elsewhere."""
    for part in _parts(values):
        where, wanted = _one_of(model, name, part)
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)} WHERE {where}", wanted)


def select(model: type[M], name: str, values: Sequence[Any], *, order: Sequence[str] = ()) -> list[M]:
    """The rows of ``model`` whose column ``name`` is one of ``values``, in ``order`` of columns.

    More than 500 values take more than one statement; rows of one value always come together.
    """
    fields = model._meta.concrete_fields
    names = [one.attname for one in fields]
    found = select_columns(model, tuple(one.name for one in fields), name, values, order=order)
    return [_as_saved(model, names, row) for row in found]


def _as_saved(model: type[M], names: Sequence[str], row: Sequence[Any]) -> M:
    """What ``Model.from_db`` makes of a whole row, without asking every field: our models do nothing when made."""
    made = model.__new__(model)
    made.__dict__.update(zip(names, row, strict=True))
    made._state = ModelState()
    made._state.adding, made._state.db = False, connection.alias
    return made


def select_columns(
    model: type[Model], columns: tuple[str, ...], name: str, values: Sequence[Any], *, order: Sequence[str] = ()
) -> list[list[Any]]:
    """The ``columns`` of the rows that :func:`select` would find, as bare values."""
    found: list[list[Any]] = []
    for part in _parts(values):
        where, wanted = _one_of(model, name, part)
        with connection.cursor() as cursor:
            cursor.execute(_selection(model, columns, tuple(order)).format(where=where), wanted)
            found += _read(readers(model, columns), cursor.fetchall())
    return found


def _read(found: Sequence[Reader], rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    listed = [list(row) for row in rows]
    for at, read in found:
        for row in listed:
            row[at] = read(row[at])
    return listed


def _parts(values: Sequence[Any]) -> list[Sequence[Any]]:
    return [values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE)]


def _one_of(model: type[Model], name: str, values: Sequence[Any]) -> tuple[str, list[Any]]:
    """The condition that the column ``name`` is one of ``values``, and its parameters."""
    one = field(model, name)
    wanted = [writer(one)(value) for value in values]
    quoted = connection.ops.quote_name(column(one))
    if connection.vendor == "postgresql" and len(values) > 1:
        return f"{quoted} = ANY(%s::{_type(one)}[])", [_array(wanted)]
    return f"{quoted} IN ({', '.join(['%s'] * len(wanted))})", wanted


def _array(values: Iterable[Any]) -> str:
    """An array of PostgreSQL as it is written: one parameter instead of hundreds."""
    return f"{{{','.join([_element(value) for value in values])}}}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if type(value) is str:
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if type(value) in (int, bool):
        return str(value)
    raise TypeError(type(value))


def _type(one: AnyField) -> str:
    """The type of its column, also of a key that counts itself; without its length, to which a cast would cut words."""
    return str(one.rel_db_type(connection)).partition("(")[0]


@cache
def _written(model: type[Model]) -> tuple[str, ...]:
    """Columns a new row brings; a key that counts itself is left to the database."""
    return tuple(one.name for one in model._meta.concrete_fields if not counts_itself(one))


@cache
def _selection(model: type[Model], columns: tuple[str, ...], order: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    listed = ", ".join(quote(column(field(model, name))) for name in columns)
    ending = f" ORDER BY {', '.join(quote(column(field(model, one))) for one in order)}" if order else ""
    return f"SELECT {listed} FROM {quote(model._meta.db_table)} WHERE {{where}}{ending}"


@cache
def _insertion(model: type[Model], columns: tuple[str, ...], count: int) -> str:
    quote = connection.ops.quote_name
    listed = ", ".join(quote(column(field(model, name))) for name in columns)
    one = f"({', '.join(['%s'] * len(columns))})"
    return f"INSERT INTO {quote(model._meta.db_table)} ({listed}) VALUES {', '.join([one] * count)}"


@cache
def _updating(model: type[Model], names: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(column(field(model, name)))} = %s" for name in names)
    return f"UPDATE {quote(model._meta.db_table)} SET {columns} WHERE {quote(column(model._meta.pk))} = %s"


@cache
def _updating_many(model: type[Model], names: tuple[str, ...]) -> str:
    quote, pk = connection.ops.quote_name, model._meta.pk
    columns = [(quote(column(one)), _type(one)) for one in (*(field(model, name) for name in names), pk)]
    setting = ", ".join(f"{name} = new.{name}" for name, _ in columns[:-1])
    arrays, known = ", ".join(f"%s::{kind}[]" for _, kind in columns), quote(column(pk))
    table, listed = quote(model._meta.db_table), ", ".join(name for name, _ in columns)
    return f"UPDATE {table} SET {setting} FROM unnest({arrays}) AS new ({listed}) WHERE {table}.{known} = new.{known}"
