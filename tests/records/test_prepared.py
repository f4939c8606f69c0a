"""Queries composed once: the same answers as composing anew, for every value, and nothing remembered of the first."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db.models.sql.compiler import SQLCompiler

import worlds
from tanggap.records.access import Reader, reader, sees
from tanggap.records.models import Case, Holder
from tanggap.records.prepared import Prepared

pytestmark = pytest.mark.django_db


def test_the_same_question_with_other_values_gets_its_own_answer_and_is_composed_once() -> None:
    world = worlds.build()
    cases = [world.receive().case for _ in range(3)]
    numbered = Prepared(lambda pk, at: Case.objects.filter(pk=pk, received_at__lte=at).values_list("n", "received_at"),
                        pk=Case._meta.pk, at=Case._meta.get_field("received_at"))  # fmt: skip
    assert numbered(pk=cases[0], at=world.at) == [(1, world.at)]
    with patch.object(SQLCompiler, "as_sql", side_effect=AssertionError("composed again")):
        assert [numbered(pk=case, at=world.at)[0][0] for case in cases] == [1, 2, 3]
        assert numbered(pk=cases[0], at=world.at - timedelta(microseconds=1)) == []
        assert numbered(pk=uuid4(), at=world.at) == []


def test_a_value_that_is_no_parameter_is_a_mistake_and_never_a_wrong_answer() -> None:
    careless = Prepared(lambda pk: Case.objects.values_list("n"), pk=Case._meta.pk)
    with pytest.raises(AssertionError, match="not every value"):
        careless(pk=uuid4())


def test_who_is_nothing_anywhere_sees_nothing() -> None:
    world = worlds.build()
    nobody = Reader(world.stranger, world.at, {})
    assert not sees(nobody, world.receive().case)


def test_who_holds_a_post_from_tomorrow_on_is_nothing_today_and_something_tomorrow() -> None:
    world = worlds.build()
    Holder.objects.filter(user=world.on["dekan"]).update(from_at=world.at + timedelta(days=1))
    assert not reader(world.on["dekan"], at=world.at).parts
    part = reader(world.on["dekan"], at=world.at + timedelta(days=1)).part(world.institution.pk)
    assert (part.institution, part.posts) == ("ub-fmipa", frozenset({"dekan"}))
