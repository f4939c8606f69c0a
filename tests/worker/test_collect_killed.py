"""Workers that are killed while they let deliveries become cases: nothing is lost, nothing is doubled."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as installed

import worlds
from arrivals import ODD, Office, account, database_url, message, odd_channel
from tanggap.actions import absorbing, inbox, quarantine
from tanggap.records import store
from tanggap.records.models import Case, Inbox, InboxItem, Message, Outbox
from tanggap.records.verification import verify
from tanggap.worker import collect


class Killed(BaseException):
    """What a kill -9 is to the code: nothing after it runs."""


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    with odd_channel():
        world = worlds.build()
        found = Office(world, account(world))
        yield found
        found.child.close()


POINTS = {
    "after the claim": (collect, "raw_of", "before"),
    "after reading": (collect, "absorb", "before"),
    "before the case is written": (absorbing, "receive", "before"),
    "after the case, before its row in the inbox": (absorbing, "receive", "after"),
    "before the words are written": (absorbing, "act", "before"),
    "after the words, before their row in the inbox": (absorbing, "act", "after"),
    "after the row, before the next arrival": (collect, "absorb", "after"),
    "before the delivery is done": (inbox, "done", "before"),
    "after the delivery is done": (inbox, "done", "after"),
}


def _kill_at(monkeypatch: pytest.MonkeyPatch, place: object, name: str, when: str, nth: int) -> None:
    whole: Callable[..., object] = getattr(place, name)
    calls = iter(range(1, 1000))

    def dying(*args: object, **named: object) -> object:
        now = next(calls) == nth
        if now and when == "before":
            raise Killed
        found = whole(*args, **named)
        if now:
            raise Killed
        return found

    monkeypatch.setattr(place, name, dying)


@pytest.mark.parametrize("point", POINTS)
def test_killed_anywhere_the_next_pass_ends_with_the_same(
    office: Office, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P1, P3, F4, F5: two chats, each two messages; whichever call is the last, two cases with a word in each."""
    chat = {"vouched": True}
    for nth in (1, 2, 3):
        cases = Case.objects.count()
        a, b = f"+62{nth}1", f"+62{nth}2"
        office.deliver(message(f"{nth}a", a, **chat), message(f"{nth}b", b, **chat))
        office.deliver(message(f"{nth}c", a, **chat), message(f"{nth}d", b, **chat))
        with monkeypatch.context() as patch:
            _kill_at(patch, *POINTS[point], nth)  # type: ignore[arg-type]
            try:
                office.work()
            except Killed:
                office.world.later(seconds=31)  # the lease ends
        for _ in range(3):
            office.work()
            office.world.later(seconds=31)
        assert office.states()[-2:] == ["read", "read"]
        assert Case.objects.count() == cases + 2
        for case in Case.objects.order_by("-n")[:2]:
            told = [entry.event.kind for entry in store.load(case.pk).entries]
            assert told.count("Contacted") == 1
            assert Message.objects.filter(case=case, kind="message").count() == 1
    assert not list(verify(at=office.world.at))


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_while_a_delivery_is_set_aside_there_is_one_case_to_look_at(
    office: Office, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.deliver(wrong="raise")
    for _ in range(2):
        office.work()
        office.world.later(seconds=31)
    with monkeypatch.context() as patch:
        _kill_at(patch, quarantine, "receive", when, 1)
        with pytest.raises(Killed):
            office.work()
    office.world.later(seconds=31)
    office.work()
    assert (office.states(), Case.objects.count()) == (["quarantined"], 1)
    assert not list(verify(at=office.world.at))


def test_a_delivery_of_one_message_is_done_in_the_transaction_of_its_case(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P1: there is no moment in which the case stands and its delivery waits."""
    office.deliver(message(1))
    with monkeypatch.context() as patch:
        _kill_at(patch, inbox, "done", "before", 1)
        with pytest.raises(Killed):
            office.work()
    assert (office.states(), Case.objects.count()) == (["stored"], 0)
    office.world.later(seconds=31)
    office.work()
    assert (office.states(), Case.objects.count()) == (["read"], 1)


# real workers ---------------------------------------------------------------------------------------------------------


def _worker() -> subprocess.Popen[bytes]:
    """`tanggap worker --once` on the database of this test, with the channel of tests."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TANGGAP_")} | {
        "TANGGAP_DATA": str(installed.TANGGAP_DATA),
        "TANGGAP_KEYS": str(installed.TANGGAP_KEYS),
        "TANGGAP_DATABASE_URL": database_url(),
        "TANGGAP_LOG_LEVEL": "ERROR",
    }
    code = (
        "import sys; from tanggap import channels; channels.__path__.append(sys.argv.pop()); "
        "from tanggap.cli.main import main; sys.exit(main(['worker', '--once']))"
    )
    return subprocess.Popen([sys.executable, "-c", code, str(ODD)], env=environment, stdout=subprocess.DEVNULL)


def test_real_workers_killed_at_random_make_of_every_message_one_case(transactional_db: None) -> None:
    """F5, F21: two at a time, killed again and again; then one is left in peace."""
    with odd_channel():
        world = worlds.build()
        world.at = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
        office = Office(world, account(world))
        for n in range(30):
            office.deliver(message(n, f"orang{n % 10}@contoh.example"))
            office.deliver(message(n, f"orang{n % 10}@contoh.example"), again=n)
        office.deliver(wrong="die")
        chance = random.Random(7)
        for _ in range(4):
            workers = [_worker(), _worker()]
            time.sleep(1.5 + chance.random() * 1.5)
            for one in workers:
                one.kill()
                one.wait()
            Inbox.objects.filter(state="stored").update(next_at=world.at)
        for _ in range(4):
            assert _worker().wait(timeout=120) == 0
            Inbox.objects.filter(state="stored").update(next_at=world.at)
        assert set(Inbox.objects.values_list("state", flat=True)) == {"read", "quarantined"}
        assert InboxItem.objects.filter(state="absorbed").count() == 30
        quarantined = Inbox.objects.filter(state="quarantined")
        assert Case.objects.count() == 30 + quarantined.count()
        assert quarantined.count() == 1
        assert Outbox.objects.filter(kind="received").count() == 30
        assert not list(verify(at=datetime.now(UTC) + timedelta(minutes=1)))
