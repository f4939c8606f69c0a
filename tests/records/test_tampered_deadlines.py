"""A stored due moment of each of the three sorts of clock changed by hand: verify finds it, rebuild mends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID

import pytest

import worlds
from tanggap.actions.deadlines import expire_due
from tanggap.actions.sops import approve, import_sop
from tanggap.casework.commands import Complete
from tanggap.cli.main import main
from tanggap.records import queries
from tanggap.records.models import Case, Duty
from tanggap.records.verification import verify

pytestmark = pytest.mark.django_db
LATER = timedelta(days=1)


@pytest.fixture
def world() -> worlds.World:
    """FMIPA UB with a revision that promises the whole within five hours and a first word within one."""
    world = worlds.build()
    text = (files("tanggap") / "seeds" / "sop" / "ub-fmipa-mipa-care.toml").read_text("utf-8")
    text = text.replace('id = "keluhan"\n', 'id = "keluhan"\nlimit = "5 jam"\n', 1)
    text = text.replace('time = "15 Menit"\n', 'time = "15 Menit"\nrespond = "5 menit"\n', 1)
    approve(import_sop(world.institution, text, name="revisi.toml", at=world.at), at=world.at)
    return world


def kinds(world: worlds.World) -> set[str]:
    return {flaw.kind for flaw in verify(at=world.at)}


def clocks(world: worlds.World, case: UUID) -> dict[str, Any]:
    page = queries.case_page(world.reader(world.coordinator), case)
    assert page is not None
    return dict(page.dues)


def until_next(world: worlds.World, case: UUID, sort: str) -> datetime:
    """Let time pass until the next moment of the case is the due moment of a clock of this sort."""
    for _ in range(100):
        coming = Case.objects.get(pk=case).next_moment
        assert coming is not None
        if coming in {due.due_at for due in clocks(world, case).values() if due.kind == sort}:
            return coming
        world.at = max(world.at, coming) + timedelta(minutes=1)
        while expire_due(at=world.at).done:
            pass
    raise AssertionError(f"no clock of {sort} ever came due")


@pytest.mark.parametrize("column", ["due_at", "warn_at", "respond_due_at"])
def test_the_clock_of_a_step(world: worlds.World, column: str) -> None:
    case = world.receive().case
    duty = Duty.objects.get(case=case)
    before = getattr(duty, column)
    assert before is not None
    tampered(world, lambda: Duty.objects.filter(case=case).update(**{column: before + LATER}))
    assert getattr(Duty.objects.get(case=case), column) == before


@pytest.mark.parametrize("sort", ["promise", "law"])
def test_the_clock_of_the_promise_and_the_clock_of_the_law(world: worlds.World, sort: str) -> None:
    """The limit of the procedure, then the first period of the law: each stored as the next moment of its case."""
    case = world.receive().case
    before = until_next(world, case, sort)
    tampered(world, lambda: Case.objects.filter(pk=case).update(next_moment=before + LATER))
    assert Case.objects.get(pk=case).next_moment == before


def tampered(world: worlds.World, change: Callable[[], object]) -> None:
    assert kinds(world) == set()
    change()
    assert kinds(world) == {"deadline"}
    assert main(["rebuild"]) == 0
    assert kinds(world) == set()


def test_the_moment_on_the_receipt_is_evidence_and_nothing_computes_it_away(world: worlds.World) -> None:
    """What was told the complainant hangs in the chain: changing it is found, and rebuild does not hide it."""
    case = world.receive().case
    Case.objects.filter(pk=case).update(promise_due_at=world.at + timedelta(days=90))
    assert kinds(world) == {"chain"}
    assert main(["rebuild"]) == 0
    assert kinds(world) == {"chain"}


def test_a_step_that_ended_leaves_no_stored_moment_to_change(world: worlds.World) -> None:
    case = world.receive().case
    world.act(Complete("2#1", "ya", reason="r"), case, world.on["operator-mipa-care"])
    assert [duty.visit for duty in Duty.objects.filter(case=case)] == ["3#1"]
    assert kinds(world) == set()
