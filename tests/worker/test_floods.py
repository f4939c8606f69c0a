"""Many at once: nobody is refused and nothing is dropped, and whoever comes in between is served at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import worlds
from arrivals import Office, account, message, odd_channel
from tanggap.records.models import Inbox, InboxItem, Outbox
from tanggap.records.verification import verify

FLOOD = 60


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    with odd_channel():
        world = worlds.build()
        found = Office(world, account(world))
        yield found
        found.child.close()


def test_a_flood_from_one_address_is_kept_whole_and_delays_nobody_else(office: Office) -> None:
    """S60: sixty in a second by one sender, five deliveries that nobody can read, and one complaint by the web."""
    for n in range(FLOOD):
        office.deliver(message(n, "satu@contoh.example", f"Pesan {n} dari satu orang yang sama."))
    for n in range(5):
        office.deliver(wrong="raise", n=n)
    office.deliver(message("lain", "lain@contoh.example"))
    receipt = office.world.receive()
    assert receipt.register.startswith("0001/"), "the web does not wait for what came by channels"
    while office.work().looked:
        pass
    assert InboxItem.objects.filter(state="absorbed").count() == FLOOD + 1
    assert Inbox.objects.filter(state="stored", attempts=1).count() == 5, "what cannot be read was tried once, last"
    assert len(office.cases()) == FLOOD + 2
    assert [case.n for case in office.cases()] == list(range(1, FLOOD + 3))
    assert Outbox.objects.filter(kind="received", audience="complainant").count() <= FLOOD + 2
    assert not list(verify(at=office.world.at))
