"""S0-12: the law's clocks where cases are stored: on every case, written by the worker, verified, moved by a decree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import worlds
from tanggap.actions import calendars, upkeep
from tanggap.actions.deadlines import expire_due
from tanggap.casework.commands import Extend
from tanggap.casework.law import LawRefused
from tanggap.casework.refusals import Refused
from tanggap.records import law, projection, queries, shelves, store
from tanggap.records.models import CalendarMove, Case, Duty
from tanggap.records.recount import outdated
from tanggap.records.verification import verify
from tanggap.worktime.office_hours import Holiday, HolidayKind

pytestmark = pytest.mark.django_db
FIRST, SP4N = "clock:law-uu25-tanggapan", "clock:law-sp4n-pengaduan"


@pytest.fixture
def world() -> worlds.World:
    return worlds.build()


@pytest.fixture
def own_table(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A table of the installation's own, written by the test before anything is read."""
    law.law_of.cache_clear()
    shelves.forget()
    path = tmp_path / "hukum.toml"
    settings.TANGGAP_LAW = str(path)
    yield path
    law.law_of.cache_clear()
    shelves.forget()


def law_clocks(world: worlds.World, case: Any) -> dict[str, Any]:
    page = queries.case_page(world.reader(world.coordinator), case)
    assert page is not None
    return {clock: due for clock, due in page.dues.items() if due.kind == "law"}


def test_a_complaint_carries_the_clocks_of_the_law_and_the_worker_writes_when_one_passes(world: worlds.World) -> None:
    case = world.receive().case
    first = law_clocks(world, case)[FIRST]
    world.at = first.due_at + timedelta(minutes=1)
    while expire_due(at=world.at).done:
        pass
    assert store.load(case).state.breached[FIRST] == first.due_at
    assert Case.objects.get(pk=case).late
    assert not list(verify(at=world.at))


def test_verify_computes_the_next_moment_of_the_law_again(world: worlds.World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelves, "ladder_of", lambda institution: ())
    shelves.forget()
    case = world.receive().case
    world.at += timedelta(days=2)
    while expire_due(at=world.at).done:
        pass
    row = Case.objects.get(pk=case)
    state = store.load(case).state
    unwritten = [due.due_at for clock, due in law_clocks(world, case).items() if clock not in state.breached]
    assert row.next_moment == min(unwritten), "nothing of the SOP is left to pass: the law's clock is next"
    Case.objects.filter(pk=case).update(next_moment=row.next_moment + timedelta(days=1))
    assert [flaw.kind for flaw in verify(at=world.at)] == ["deadline"]
    shelves.forget()


def test_nobody_gives_the_law_more_time(world: worlds.World) -> None:
    case = world.receive().case
    command = Extend(SP4N, until=world.at + timedelta(days=90), reason="r")
    with pytest.raises(Refused, match="law_clock"):
        world.act(command, case, world.coordinator)


def test_a_decree_moves_what_the_law_counts_in_working_days(world: worlds.World) -> None:
    case = world.receive().case
    before = law_clocks(world, case)
    plan = calendars.current_plan(world.institution.key)
    day = Holiday(date(2026, 11, 18), "Cuti bersama", HolidayKind.JOINT_LEAVE, "SKB 9/2026")
    calendars.change(
        world.institution.key, replace(plan, holidays=(*plan.holidays, day)), at=world.at, why="edaran",
        seen=calendars.latest_version(world.institution), by=world.coordinator.person,
    )  # fmt: skip
    after = law_clocks(world, case)
    assert after[SP4N].due_at > before[SP4N].due_at
    assert after[FIRST].due_at == before[FIRST].due_at, "calendar days are not holidays' business"
    assert SP4N in set(CalendarMove.objects.values_list("clock", flat=True))
    assert not list(verify(at=world.at))


def test_an_installation_may_bring_its_own_table(own_table: Path) -> None:
    own_table.write_text("[[clock]]\nid = 'kampus'\ntime = '3 hari kerja'\nsource = 'Peraturan Rektor'\n")
    world = worlds.build()
    found = law_clocks(world, world.receive().case)
    assert [(clock, str(due.standard)) for clock, due in found.items()] == [("clock:law-kampus", "3 hari kerja")]


def test_a_table_that_says_nonsense_is_an_error_in_words(own_table: Path) -> None:
    own_table.write_text("[[clock]]\nid = 'kampus'\n")
    with pytest.raises(LawRefused, match=re.escape("memuat time dan source")):
        worlds.build().receive()


def test_rows_counted_by_another_law_are_brought_up_to_date_at_the_next_act(
    world: worlds.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = world.receive().case
    counted = Case.objects.get(pk=case).counted_by
    monkeypatch.setattr(shelves, "law_of", lambda institution: ())
    shelves.forget()
    world.complete(case, "2#1", "operator-mipa-care", choice="ya")
    assert Case.objects.get(pk=case).counted_by != counted
    assert not list(verify(at=world.at))
    shelves.forget()


def test_the_worker_brings_what_was_counted_otherwise_up_to_date_by_itself_a_few_at_a_time(
    world: worlds.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an update, another table of the law or of the ladder: nobody has to run ``tanggap rebuild``."""
    cases = sorted(world.receive().case for _ in range(3))
    assert not outdated(world.at).exists()
    assert upkeep.bring_up_to_date(at=world.at) is None
    monkeypatch.setattr(projection, "RULES", projection.RULES + 1)
    Duty.objects.filter(case=cases[0]).delete()
    assert outdated(world.at).count() == 3
    assert {flaw.kind for flaw in verify(at=world.at)} == {"projection"}
    last = upkeep.bring_up_to_date(at=world.at, limit=2)
    assert last == cases[1]
    assert outdated(world.at).count() == 1
    with monkeypatch.context() as broken:
        broken.setattr(upkeep.store, "reproject", lambda case, at: {}[case])
        assert upkeep.bring_up_to_date(at=world.at, after=last) == cases[2], "what cannot be read holds up nobody"
        assert upkeep.bring_up_to_date(at=world.at, after=cases[2]) is None
    assert upkeep.bring_up_to_date(at=world.at) == cases[2]
    assert not list(verify(at=world.at))
