"""Two at the same moment on one step: one wins, the other is told who was quicker and when, and nothing is doubled.

``TANGGAP_RACES``: how many of each kind are run (``TANGGAP_RACES=1000`` for the whole number).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier, BrokenBarrierError
from uuid import UUID

import pytest
from django.db import connections

import worlds
from tanggap.actions import deadlines, intake, merging
from tanggap.actions.contents import new_content
from tanggap.actions.organisation import appoint
from tanggap.actions.sops import approve, import_sop
from tanggap.casework.commands import Assign, Command, Complete
from tanggap.casework.events import ENGINE
from tanggap.casework.refusals import Refused, SomeoneElseActed
from tanggap.records import store
from tanggap.records.models import Case, Outbox, User
from tanggap.records.verification import case_flaws
from tanggap.sop.seeds import text

RACES = int(os.environ.get("TANGGAP_RACES", "60"))
SOP = "ub-fmipa-mipa-care"
STEP = "2#1"

Contender = Callable[[UUID, int], str]


@dataclass(frozen=True)
class Office:
    """A world in which two people hold the post of row 2, and row 2 answers itself when its time is over."""

    world: worlds.World
    second: User

    def does(self, user: User, command: Command) -> Contender:
        """``user`` acts from a page drawn before the race."""

        def act(case: UUID, seen: int) -> str:
            try:
                self.world.act(command, case, user, seen=seen)
            except SomeoneElseActed as refusal:
                return told(str(refusal.details["by"]), refusal.details["at"])
            return user.person

        return act

    def time_passes(self, case: UUID, seen: int) -> str:
        """The worker looks round; whoever was quicker left nothing to write."""
        deadlines.expire(case, at=self.world.at)
        return ENGINE if any(one.event.kind == "TimedOut" for one in store.load(case).entries) else "nothing to do"


def told(who: str, at: object) -> str:
    """What the loser reads."""
    return f"{who} at {at}"


@pytest.fixture
def office(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(intake, "hash_code", lambda code: "$argon2id$")  # nobody opens these by code
    world = worlds.build()
    post = world.institution.posts.get(key="operator-mipa-care")
    appoint(post, world.stranger, from_at=world.at - timedelta(days=1))
    changed = text(SOP).replace('no = "2"', 'no = "2"\ntimeout = { choice = "ya" }', 1)
    approve(import_sop(world.institution, changed, name="2.toml", at=world.at), at=world.at)
    return Office(world, world.stranger)


def race(office: Office, one: Contender, other: Contender, *, late: bool = False) -> Counter[tuple[str, str]]:
    """Run :data:`RACES` races; what the two said in each."""
    world, barrier, said = office.world, Barrier(2), Counter[tuple[str, str]]()

    def start(contender: Contender, case: UUID, seen: int) -> str:
        barrier.wait(timeout=60)
        return contender(case, seen)

    def leave() -> None:
        barrier.wait(timeout=60)  # so that each of the two threads does it once
        connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        for _ in range(RACES):
            case = world.receive().case
            if late:
                world.later(minutes=16)
            seen = store.load(case).state.seq
            runs = [pool.submit(start, contender, case, seen) for contender in (one, other)]
            first, second = (run.result().replace(str(world.at), "now") for run in runs)
            said[first, second] += 1
            require_one_winner(case)
        ends = [pool.submit(leave) for _ in range(2)]
        for end in ends:
            end.result()
    return said


def require_one_winner(case: UUID) -> None:
    entries = store.load(case).entries
    touched = [one for one in entries if one.event.kind in {"StepDone", "Assigned"} and one.event.visit == STEP]  # type: ignore[attr-defined]
    assert len(touched) == 1, touched
    assert not list(case_flaws(case, at=entries[-1].recorded_at))
    assert (
        Outbox.objects.filter(case=case).count()
        == Outbox.objects.filter(case=case).values("notice", "recipient").distinct().count()
    )
    row = Case.objects.get(pk=case)
    assert row.status == "open", "and somebody has it"
    assert row.duties.count() == 1


def test_of_two_officers_one_wins_and_the_other_is_told_who_and_when(office: Office) -> None:
    """F20."""
    first, second = office.world.on["operator-mipa-care"], office.second
    command = Complete(STEP, choice="ya")
    said = race(office, office.does(first, command), office.does(second, command))
    assert set(said) <= {(first.person, f"{first.person} at now"), (f"{second.person} at now", second.person)}
    assert sum(said.values()) == RACES


def test_of_an_officer_and_a_coordinator_who_gives_the_step_to_somebody_else_one_wins(office: Office) -> None:
    """F20: act and reassign."""
    first, above = office.world.on["operator-mipa-care"], office.world.coordinator
    said = race(
        office,
        office.does(first, Complete(STEP, choice="ya")),
        office.does(above, Assign(STEP, ("kasubbag-akademik",))),
    )
    assert set(said) <= {(first.person, f"{first.person} at now"), (f"{above.person} at now", above.person)}
    assert sum(said.values()) == RACES


def test_of_an_officer_and_time_itself_one_wins(office: Office) -> None:
    """F20: the step's time is over, and the worker answers it at the moment the officer does."""
    first = office.world.on["operator-mipa-care"]
    said = race(office, office.does(first, Complete(STEP, choice="ya")), office.time_passes, late=True)
    assert set(said) <= {(first.person, "nothing to do"), (f"{ENGINE} at now", ENGINE)}
    assert sum(said.values()) == RACES


@pytest.mark.parametrize("ring", [2, 3])
def test_of_officers_who_join_the_same_cases_in_a_ring_the_last_finds_what_the_others_did(
    office: Office, monkeypatch: pytest.MonkeyPatch, ring: int
) -> None:
    """F20: A into B and B into A (or A, B, C, A) at one moment; both would have ended, and nobody had the matter."""
    world, all_past = office.world, Barrier(ring)
    checked = merging._require_kept

    def wait_for_the_others(case: UUID, target: UUID) -> None:
        with suppress(BrokenBarrierError):  # who holds the cases waits here in vain
            all_past.wait(timeout=0.2)
        checked(case, target)

    monkeypatch.setattr(merging, "_require_kept", wait_for_the_others)
    cases = [world.receive(f"Perihal {n}").case for n in range(ring)]

    def join(n: int) -> str:
        key, into = f"gabung-{n}", cases[(n + 1) % ring]
        reason = new_content("reason", "Sama.", author=world.coordinator.person, key=key, audience="complainant")
        who = world.reader(world.coordinator)
        try:
            merging.merge(cases[n], into, by=who, at=world.at, key=key, reason=reason)
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()
        return "joined"

    with ThreadPoolExecutor(ring) as pool:
        said = Counter(pool.map(join, range(ring)))
    assert said == {"joined": ring - 1, "merged_here": 1}
    assert Case.objects.filter(pk__in=cases, status="open").count() == 1
    assert [flaw for case in cases for flaw in case_flaws(case, at=world.at)] == []
    assert len({merging.final(case) for case in cases}) == 1


def test_a_refusal_for_another_reason_is_not_called_a_race(office: Office) -> None:
    case = office.world.receive().case
    with pytest.raises(Refused) as refusal:
        office.world.act(Assign(STEP, ("tidak-ada",)), case, office.world.coordinator, seen=9)
    assert refusal.value.code == "post_unknown"
