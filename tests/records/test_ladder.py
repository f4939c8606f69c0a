"""The ladder where cases are stored: the worker writes each rung once, on time, also late, twice or after a decree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.db import connection

import worlds
from tanggap.actions import calendars
from tanggap.actions.deadlines import expire_due
from tanggap.actions.sops import approve, import_sop
from tanggap.casework.commands import Take
from tanggap.casework.events import Entry, Escalated, Reminded
from tanggap.casework.ladder import LadderRefused
from tanggap.records import ladder, shelves, store
from tanggap.records.models import CalendarMove, Case, Duty
from tanggap.records.verification import verify
from tanggap.worktime.office_hours import Holiday, HolidayKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> worlds.World:
    return worlds.build("unej-uc3")


@pytest.fixture
def own_table(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A table of the installation's own, written by the test before anything is read."""
    ladder.ladder_of.cache_clear()
    shelves.forget()
    path = tmp_path / "tangga.toml"
    settings.TANGGAP_LADDER = str(path)
    yield path
    ladder.ladder_of.cache_clear()
    shelves.forget()


def rungs(case: Any) -> list[Entry]:
    """The entries of reminders and eskalasi."""
    return [one for one in store.load(case).entries if isinstance(one.event, Reminded | Escalated)]


def told(case: Any) -> list[tuple[str, ...]]:
    return [getattr(entry.event, "posts", ("diingatkan",)) for entry in rungs(case)]


def test_the_worker_reminds_and_rings_one_superior_after_the_other_each_once(world: worlds.World) -> None:
    """S1-9: what nobody takes is warned of before it is late, and then climbs: Wakor, Koordinator, Ka Biro."""
    case = world.receive().case
    for _ in range(8 * 24 * 4):  # a week and a day, every quarter of an hour
        world.later(minutes=15)
        expire_due(at=world.at)
    assert told(case) == [("diingatkan",), ("wakor-pkih",), ("koordinator-pkih",), ("kabiro-iii",)]
    assert all(entry.recorded_at - entry.event.due < timedelta(minutes=15) for entry in rungs(case))  # type: ignore[attr-defined]
    assert not list(verify(at=world.at))


def test_a_worker_that_was_away_for_a_week_writes_each_rung_once_with_its_true_moment(world: worlds.World) -> None:
    case = world.receive().case
    world.later(days=7)
    assert expire_due(at=world.at).done == 1
    assert told(case) == [("diingatkan",), ("wakor-pkih",), ("koordinator-pkih",), ("kabiro-iii",)]
    assert rungs(case)[0].event.due < worlds.MONDAY + timedelta(minutes=5)  # type: ignore[attr-defined]
    while expire_due(at=world.at).done:
        pass
    assert len(rungs(case)) == 4, "a worker that starts again finds nothing left"
    assert not list(verify(at=world.at))


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_each_rung_once(world: worlds.World) -> None:
    cases = [world.receive().case for _ in range(3)]
    world.later(days=7)

    def work() -> None:
        try:
            while expire_due(at=world.at).done:
                pass
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    for case in cases:
        assert len(rungs(case)) == 4
    assert not list(verify(at=world.at))


def test_a_decree_moves_a_reminder_of_a_row_without_a_clock_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelves, "law_of", lambda institution: ())
    shelves.forget()
    world = worlds.build("unej-uc3")
    text = (files("tanggap") / "seeds" / "sop" / "unej-uc3.toml").read_text("utf-8")
    text = text.replace('time = "5 menit"\noutput = "Informasi"', 'output = "Informasi"')
    approve(import_sop(world.institution, text, name="unej-uc3.toml", at=world.at), at=world.at)
    case = world.receive().case
    assert not Duty.objects.filter(case=case, due_at__isnull=False).exists()
    before = Case.objects.get(pk=case).next_moment
    assert before is not None
    plan = calendars.current_plan(world.institution.key)
    days = tuple(
        Holiday(date(2026, 11, day), "Cuti bersama", HolidayKind.JOINT_LEAVE, "SKB 9/2026") for day in (16, 17, 18)
    )
    calendars.change(
        world.institution.key, replace(plan, holidays=(*plan.holidays, *days)), at=world.at, why="edaran",
        seen=calendars.latest_version(world.institution), by=world.coordinator.person,
    )  # fmt: skip
    assert (Case.objects.get(pk=case).next_moment or before) > before
    assert not CalendarMove.objects.exists(), "no clock of the case moved, only the moment to remind of it"
    assert not list(verify(at=world.at))
    shelves.forget()


def test_an_installation_may_bring_its_own_table(own_table: Path) -> None:
    own_table.write_text(
        '[[rung]]\nid = "a"\ncause = "not_taken"\nlevel = 1\nafter = "1 menit"\nsource = "Keputusan Rektor"\n'
        '[institution.unej-uc3.a]\nafter = "2 menit"\n'
    )
    world = worlds.build("unej-uc3")
    case = world.receive().case
    assert Case.objects.get(pk=case).next_moment == world.at + timedelta(minutes=2)
    expire_due(at=world.later(minutes=2))
    assert told(case) == [("wakor-pkih",)]


def test_a_table_that_says_nonsense_is_an_error_in_words(own_table: Path) -> None:
    own_table.write_text("[[rung]]\nid = 'a'\ncause = 'lambat'\n")
    with pytest.raises(LadderRefused, match=re.escape("harus salah satu dari")):
        worlds.build("unej-uc3").receive()


def test_rows_counted_by_another_ladder_are_brought_up_to_date_at_the_next_act(
    world: worlds.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = world.receive().case
    counted = Case.objects.get(pk=case).counted_by
    monkeypatch.setattr(shelves, "ladder_of", lambda institution: ())
    shelves.forget()
    assert "deadline" in {flaw.kind for flaw in verify(at=world.at)}
    world.act(Take("terima#1"), case, world.on["staf-humas"])
    assert Case.objects.get(pk=case).counted_by != counted
    assert not list(verify(at=world.at))
    shelves.forget()
