"""Rows that go in and out past Django are what Django would have written and would have read, however many they are."""

from __future__ import annotations

from datetime import timedelta, timezone
from uuid import uuid4

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.forms import model_to_dict

import worlds
from tanggap.records.models import Case
from tanggap.records.rows import delete, insert, insert_values, select, update_all

pytestmark = pytest.mark.django_db

ODD = ["", "\\N", "\\.", "tab\tbaris\nakhir\r", "kutip \"ganda\" 'tunggal'", "{,}", "NULL", "kertas ✎ ñ", "a\\b\\\\"]


@pytest.mark.parametrize("many", [1, 30])
def test_what_is_written_past_django_reads_like_what_django_wrote(many: int) -> None:
    """One by statement, thirty by COPY; odd words, moments of another zone, nothing at all."""
    world = worlds.build()
    first = Case.objects.get(pk=world.receive().case)
    wib = timezone(timedelta(hours=7))
    rows = []
    for n in range(many):
        row = Case(**{field.attname: getattr(first, field.attname) for field in Case._meta.concrete_fields})
        row.pk, row.n, row.register = uuid4(), 1000 + n, f"{n} {ODD[n % len(ODD)]}"
        row.attributes, row.outcome = {"kata": ODD[n % len(ODD)], "nol": None}, ODD[n % len(ODD)]
        row.last_at = (world.at + timedelta(microseconds=n * 1010)).astimezone(wib)
        row.next_moment, row.late = (None, True) if n % 2 else (world.at, False)
        rows.append(row)
    insert(rows)
    by_django = {row.pk: row for row in Case.objects.filter(n__gte=1000)}
    assert {pk: model_to_dict(row) for pk, row in by_django.items()} == {row.pk: model_to_dict(row) for row in rows}
    for read in select(Case, "id", [row.pk for row in rows]):
        assert model_to_dict(read) == model_to_dict(by_django[read.pk])
        assert read.last_at.utcoffset() == timedelta(0)
        assert (read._state.db, read._state.adding) == ("default", False)
    wished = [(ODD[-1 - n % len(ODD)], {"b": n}, None, row.pk) for n, row in enumerate(rows)]
    update_all(Case, ("outcome", "attributes", "next_moment"), wished)
    found = Case.objects.filter(n__gte=1000).values_list("outcome", "attributes", "next_moment", "pk").order_by("n")
    assert list(found) == wished
    delete(Case, "id", [row.pk for row in rows])
    assert list(Case.objects.all()) == [first]


@pytest.mark.parametrize("many", [2, 30])
def test_a_row_that_is_there_already_is_an_integrity_error_of_django(many: int) -> None:
    first = Case.objects.get(pk=worlds.build().receive().case)
    names = tuple(field.name for field in Case._meta.concrete_fields)
    columns = [field.attname for field in Case._meta.concrete_fields]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_values(Case, names, [[getattr(first, column) for column in columns]] * many)
    assert Case.objects.count() == 1


@pytest.mark.parametrize("many", [2, 30])
def test_a_word_too_long_for_its_column_is_never_cut(many: int) -> None:
    """PostgreSQL refuses it, few or many; SQLite keeps it whole. No word finds the row of its beginning."""
    first = Case.objects.get(pk=worlds.build().receive().case)
    longest = Case._meta.get_field("status").max_length
    assert longest is not None
    Case.objects.filter(pk=first.pk).update(status="x" * longest)
    assert not select(Case, "status", ["x" * longest + "y"] * many)
    wished = [("y" * (longest + 1), first.pk)] * many
    if connection.vendor == "postgresql":
        with pytest.raises(DataError), transaction.atomic():
            update_all(Case, ("status",), wished)
    else:
        update_all(Case, ("status",), wished)
        assert Case.objects.get(pk=first.pk).status == wished[0][0]
