"""X-8 and S4-15: compliance in the order of the SOP, from the logs alone, within what the reader may see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import worlds
from tanggap.actions.deadlines import expire_due
from tanggap.casework.commands import Close
from tanggap.records.models import Case, Duty
from tanggap.reports import Asked, bottlenecks, compliance, period

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> worlds.World:
    return worlds.build()


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    compliance._kept.clear()


def steps(world: worlds.World, user: Any = None, **more: Any) -> dict[str, dict[str, Any]]:
    """The rows of the report by their printed number."""
    asked = Asked(world.reader(user or world.auditor), world.institution.key, **more)
    return {str(row["no"]): row for row in compliance.table(asked)[0].as_data()}


def late_case(world: worlds.World) -> Any:
    """Row 2 (15 menit) is done half an hour after the receipt, which the worker has noticed."""
    case = world.receive().case
    world.later(minutes=30)
    while expire_due(at=world.at).done:
        pass
    world.complete(case, "2#1", "operator-mipa-care", choice="ya")
    return case


def test_every_row_stands_in_the_order_of_the_sop_also_those_nobody_came_to(world: worlds.World) -> None:
    late_case(world)
    found = steps(world)
    assert list(found) == ["1", "2", "3", "4", "5", "6", "7"]
    second = found["2"]
    assert (second["count"], second["on_time"], second["late"], second["median"]) == (1, 0, 1, 30)
    assert second["by_post"] == "Staf Administrasi / Operator MIPA Care 30 menit"
    assert (found["3"]["count"], found["3"]["open"], found["5"]["count"]) == (1, 1, 0)


def test_the_figures_come_from_the_log_and_not_from_projected_rows(world: worlds.World) -> None:
    case = late_case(world)
    before = steps(world)
    Case.objects.filter(pk=case).update(late=False, answered=True, outcome="archived")
    Duty.objects.filter(case=case).delete()
    compliance._kept.clear()
    assert steps(world) == before


def test_a_period_takes_the_cases_received_in_it_by_the_clocks_of_the_office(world: worlds.World) -> None:
    late_case(world)
    monday = world.at.date()
    first, until = period(monday, monday, "Asia/Jakarta")
    assert steps(world, first=first, until=until)["2"]["count"] == 1
    first, until = period(monday + timedelta(days=1), None, "Asia/Jakarta")
    assert steps(world, first=first, until=until) == {}
    assert steps(world, sop="lain") == {}


def test_only_what_the_reader_may_see_is_counted(world: worlds.World) -> None:
    late_case(world)
    assert steps(world, world.coordinator)["2"]["count"] == 1
    assert steps(world, world.stranger) == {}


def test_what_is_closed_is_counted_once_and_remembered(world: worlds.World) -> None:
    case = late_case(world)
    world.act(Close("archived", "alasan"), case, world.coordinator)
    first = steps(world)
    with CaptureQueriesContext(connection) as asked:
        assert steps(world) == first
    assert not [one for one in asked if "caseevent" in one["sql"]], "no log is read twice"


def test_many_cases_take_no_more_questions_than_few(world: worlds.World) -> None:
    for _ in range(3):
        late_case(world)
    with CaptureQueriesContext(connection) as few:
        steps(world)
    for _ in range(9):
        late_case(world)
    with CaptureQueriesContext(connection) as many:
        steps(world)
    assert len(many) == len(few)


def test_bottlenecks_tell_where_cases_wait_how_long_and_how_many_are_late(world: worlds.World) -> None:
    for _ in range(2):
        world.receive()
    world.later(minutes=40)
    late_case(world)
    (table,) = bottlenecks.table(Asked(world.reader(world.auditor), world.institution.key))
    rows = {str(row["no"]): row for row in table.as_data()}
    assert (rows["2"]["open"], rows["2"]["late"], rows["2"]["oldest"]) == (2, 2, 70)
    assert (rows["3"]["open"], rows["3"]["late"], rows["3"]["oldest"]) == (1, 0, 0)
    assert next(iter(rows)) == "2", "what is late stands first"
    assert table.bars[0].bad == 1.0
    nothing = bottlenecks.table(Asked(world.reader(world.stranger), world.institution.key))[0]
    assert nothing.rows == ()
