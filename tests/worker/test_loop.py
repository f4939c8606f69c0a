"""Time passes: what is due is found, done once, and one bad case never holds up the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from uuid import UUID

import pytest
from django.db import DatabaseError, connection

import worlds
from tanggap.actions import deadlines, forgetting, outbox, schedules, upkeep
from tanggap.casework.commands import Wait
from tanggap.records import store
from tanggap.records.fences import lowered
from tanggap.records.models import Case, CaseEvent, Duty, Outbox, WorkerBeat
from tanggap.records.verification import verify
from tanggap.worker import collect, deliver, doorway, fetch, loop, media, rounds
from tanggap.worker.clock import Clock, own

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> worlds.World:
    return worlds.build()


def kinds(case: object) -> list[str]:
    return [entry.event.kind for entry in store.load(case).entries]  # type: ignore[arg-type]


def test_a_standard_that_passed_is_written_once_with_its_true_moment(world: worlds.World) -> None:
    """S1-9: 15 menit from Monday 08.00; the worker was away until the evening."""
    case = world.receive().case
    assert deadlines.expire_due(at=world.later(minutes=7)) == deadlines.Round(0, 0)
    assert deadlines.expire_due(at=world.later(minutes=7)) == deadlines.Round(1, 0)
    assert kinds(case)[-1] == "Reminded", "half of it has passed and nobody has begun"
    assert deadlines.expire_due(at=world.later(hours=9)) == deadlines.Round(1, 0)
    breached = next(entry.event for entry in store.load(case).entries if entry.event.kind == "Breached")
    assert breached.due == worlds.MONDAY + timedelta(minutes=15)  # type: ignore[attr-defined]
    assert deadlines.expire_due(at=world.later(hours=1)) == deadlines.Round(0, 0)
    assert kinds(case).count("Breached") == 1
    assert Case.objects.get(pk=case).late
    assert not list(verify(at=world.at))


def test_the_complainants_row_lapses_and_the_case_closes_without_anybody_being_late(world: worlds.World) -> None:
    """S0-6, X-4: an hour of the complainant is information."""
    case = world.receive().case
    world.complete(case, "2#1", "operator-mipa-care", choice="tidak", answer="sudah")
    deadlines.expire_due(at=world.later(days=1))
    row = Case.objects.get(pk=case)
    assert (row.status, row.late, row.next_moment) == ("closed", False, None)
    assert "Breached" not in kinds(case)


def test_a_wait_lapses_at_its_end(world: worlds.World) -> None:
    case = world.receive().case
    asked = Wait("2#1", "pelapor", until=world.at + timedelta(days=2))
    world.act(asked, case, world.on["operator-mipa-care"])
    assert deadlines.expire_due(at=world.later(days=1)) == deadlines.Round(0, 0)
    deadlines.expire_due(at=world.later(days=1, minutes=1))
    assert kinds(case)[-1] == "WaitEnded"


def test_a_case_claimed_by_one_worker_is_left_alone_by_another_until_its_lease_ends(world: worlds.World) -> None:
    """The worker that claimed it died."""
    case = world.receive().case
    at = world.later(hours=1)
    assert deadlines.claim([case], at=at) == [case]
    assert deadlines.claim([case], at=at) == []
    assert deadlines.expire_due(at=at) == deadlines.Round(0, 0)
    assert deadlines.expire_due(at=at + deadlines.LEASE) == deadlines.Round(1, 0)
    assert Case.objects.get(pk=case).lease_until is None


def test_a_worker_looks_past_what_another_was_quicker_to_claim(
    world: worlds.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two that look at the same moment find the same cases; the slower one does not go to sleep over it."""
    cases = {world.receive().case for _ in range(4)}
    claim, others = deadlines.claim, set()

    def after_another(found: Sequence[UUID], *, at: datetime) -> list[UUID]:
        if not others:
            others.update(claim(found, at=at))
        return claim(found, at=at)

    monkeypatch.setattr(deadlines, "claim", after_another)
    assert deadlines.expire_due(at=world.later(hours=1), limit=2) == deadlines.Round(2, 0)
    assert {case for case in cases if "Breached" in kinds(case)} == cases - others


def test_a_duty_that_only_climbs_is_not_told_of_anew_as_nearly_due(world: worlds.World) -> None:
    case = world.receive().case
    Duty.objects.filter(case=case).update(warned=True)
    deadlines.expire_due(at=world.later(hours=1))
    duty = Duty.objects.get(case=case)
    assert (duty.level, duty.warned, duty.rungs.count()) == (1, True, 1)
    assert not list(verify(at=world.at))


def ruin(case: UUID, what: str) -> None:
    """Make a log that nobody can read, or a notice that is there before its cause: the database refuses the second."""
    if what == "log":
        with lowered(connection):
            CaseEvent.objects.filter(case=case, seq=2).update(data="{")
    else:
        forged = Outbox.objects.get(case=case, kind="duty")
        next_seq = len(store.load(case).entries) + 2  # after the reminder
        forged.pk, forged.kind, forged.notice = None, "late", f"late:{next_seq}:step:2#1"
        forged.save()


@pytest.mark.parametrize("ruined", ["log", "rows"])
def test_a_case_that_cannot_be_expired_is_logged_and_all_the_others_are_done(
    world: worlds.World, caplog: pytest.LogCaptureFixture, ruined: str
) -> None:
    """Its log cannot be read, or the database refuses what follows from it: one in the middle of nine."""
    cases = [world.receive().case for _ in range(9)]
    bad = cases[4]
    ruin(bad, ruined)
    assert deadlines.expire_due(at=world.later(hours=1)) == deadlines.Round(8, 1)
    assert all("Breached" in kinds(case) for case in cases if case != bad)
    assert f"case {bad} could not be expired" in caplog.text
    assert deadlines.expire_due(at=world.at) == deadlines.Round(0, 0), "not again at once"
    caplog.clear()
    assert deadlines.expire_due(at=world.at + deadlines.LEASE) == deadlines.Round(0, 1), "but again, alone"


def test_a_stored_moment_that_came_too_early_is_put_right_instead_of_coming_back_for_ever(world: worlds.World) -> None:
    case = world.receive().case
    true_moment = Case.objects.get(pk=case).next_moment
    Case.objects.filter(pk=case).update(next_moment=world.at)
    assert deadlines.expire_due(at=world.at) == deadlines.Round(1, 0)
    row = Case.objects.get(pk=case)
    assert (row.next_moment, row.lease_until) == (true_moment, None)


def test_the_work_grows_with_what_is_due_not_with_what_is_open(
    world: worlds.World, django_assert_num_queries: object
) -> None:
    for _ in range(5):
        world.receive()
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert deadlines.expire_due(at=world.at) == deadlines.Round(0, 0)


def test_a_look_round_shows_a_sign_of_life(world: worlds.World) -> None:
    world.receive()
    at = world.later(hours=1)
    assert loop.look_round(at) == 1
    beat = WorkerBeat.objects.get()
    assert (beat.at, beat.done) == (at, 1)


@pytest.mark.parametrize("trouble", [DatabaseError("gone"), ValueError("a table that cannot be read"), OSError(28)])
def test_nothing_that_goes_wrong_in_a_round_is_a_reason_to_end(
    monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    """Whatever it was: a worker that ended would let every deadline pass in silence."""
    looks: list[datetime] = []
    stop = Event()

    def look_round(at: datetime, clock: object) -> int:
        looks.append(at)
        if len(looks) == 1:
            raise trouble
        stop.set()
        return 0

    def thin(*, at: datetime) -> int:
        raise trouble

    monkeypatch.setattr(loop, "look_round", look_round)
    monkeypatch.setattr(rounds, "TROUBLE_SECONDS", 0.01)
    monkeypatch.setattr(rounds, "close_old_connections", lambda: None)
    monkeypatch.setattr(loop, "Clock", lambda: Clock(judge=own))
    monkeypatch.setattr(loop.starting, "wait", lambda *args, **more: None)
    for beside in (deliver, collect, fetch, media, doorway):
        monkeypatch.setattr(beside, "run", lambda *args, **more: None)
    monkeypatch.setattr(deadlines, "tidy", lambda *, at: 0)
    monkeypatch.setattr(upkeep, "bring_up_to_date", lambda *, at, after: None)
    monkeypatch.setattr(schedules, "renew_all", lambda *, at: 0)
    monkeypatch.setattr(forgetting, "forget", lambda *, at: 0)
    monkeypatch.setattr(outbox, "thin", thin)
    monkeypatch.setattr(forgetting, "forget", lambda *, at: 0)
    thread = Thread(target=loop.run, args=(stop,), kwargs={"seconds": 0.01})
    thread.start()
    thread.join(timeout=10)
    assert not thread.is_alive()
    assert len(looks) == 2
    assert looks[0].tzinfo is UTC
