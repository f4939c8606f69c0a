"""One long SMS in pieces, through a gateway: in any order one message; what is missing is waited for a while."""

from __future__ import annotations

import itertools
import json

import pytest

import worlds
from arrivals import account
from tanggap.actions import inbox, pieces
from tanggap.records import store
from tanggap.records.models import Case, ChannelAccount, Inbox, InboxItem
from tanggap.records.queries.words import reports
from tanggap.records.verification import verify
from tanggap.worker import collect

WORDS = ("Lampu jalan di depan ", "gedung B padam sejak ", "tiga hari yang lalu.")


@pytest.fixture
def world(db: None) -> worlds.World:
    return worlds.build()


@pytest.fixture
def gateway(world: worlds.World) -> ChannelAccount:
    return account(world, channel="sms", settings={"in_ref": "ref"}, secrets={"secret": "x"})


def come(
    world: worlds.World, gateway: ChannelAccount, number: int, *, ref: str = "9", n: int = 0, sender: str = "1"
) -> None:
    told = {
        "from": f"0812345678{sender}", "text": WORDS[number - 1], "id": f"{ref}-{n}-{number}", "ref": ref,
        "part": str(number), "parts": "3",
    }  # fmt: skip
    inbox.store(gateway, json.dumps(told).encode(), at=world.at)


def read(world: worlds.World) -> None:
    collect.drain(lambda: world.at)


def texts() -> list[str]:
    found = reports(list(Case.objects.values_list("pk", flat=True)))
    return sorted(one["text"] for one in found.values())


@pytest.mark.parametrize("order", list(itertools.permutations((1, 2, 3))))
def test_pieces_in_any_order_are_one_message(
    world: worlds.World, gateway: ChannelAccount, order: tuple[int, ...]
) -> None:
    """F7: 2nd part first; every order ends with the same."""
    for number in order:
        come(world, gateway, number)
        read(world)
        world.later(seconds=5)
    assert texts() == ["".join(WORDS)]
    read(world)
    assert set(Inbox.objects.values_list("state", flat=True)) == {"read"}, "nothing waits any longer"
    assert InboxItem.objects.filter(case=Case.objects.get()).count() == 4, "the message, and its three pieces"
    assert not list(verify(at=world.at))


def test_pieces_in_one_pass_are_one_message_too(world: worlds.World, gateway: ChannelAccount) -> None:
    for number in (2, 1, 3):
        come(world, gateway, number)
    read(world)
    assert texts() == ["".join(WORDS)]


def test_pieces_of_two_people_with_the_same_reference_are_two_messages(
    world: worlds.World, gateway: ChannelAccount
) -> None:
    for number in (1, 2, 3):
        for sender in ("1", "2"):
            come(world, gateway, number, sender=sender, n=int(sender))
    read(world)
    assert texts() == ["".join(WORDS)] * 2


def test_what_is_missing_is_waited_for_and_then_said_and_when_it_comes_it_joins_the_case(
    world: worlds.World, gateway: ChannelAccount
) -> None:
    come(world, gateway, 1)
    come(world, gateway, 3)
    read(world)
    assert texts() == []
    world.at += pieces.WAITS
    read(world)
    assert texts() == [f"{WORDS[0]} [...] {WORDS[2]}"]
    come(world, gateway, 2)
    read(world)
    world.at += pieces.WAITS
    read(world)
    (case,) = Case.objects.all()
    assert [entry.event.kind for entry in store.load(case.pk).entries].count("Contacted") == 1
    assert set(Inbox.objects.values_list("state", flat=True)) == {"read"}


def test_pieces_that_come_again_make_nothing_new(world: worlds.World, gateway: ChannelAccount) -> None:
    """F6, P3."""
    for n in range(3):
        for number in (1, 2, 3):
            come(world, gateway, number)
            read(world)
        world.later(hours=n)
    assert texts() == ["".join(WORDS)]


def test_a_reference_that_comes_back_is_another_message(world: worlds.World, gateway: ChannelAccount) -> None:
    for n in range(2):
        for number in (1, 2, 3):
            come(world, gateway, number, n=n)
        read(world)
        world.later(hours=1)
    (case,) = Case.objects.all()
    assert [entry.event.kind for entry in store.load(case.pk).entries].count("Contacted") == 1, "the same conversation"


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_while_they_are_joined_there_is_one_message(
    world: worlds.World, gateway: ChannelAccount, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    class Killed(BaseException):
        pass

    whole = pieces.joined

    def dying(*args: object, **named: object) -> None:
        if when == "after":
            whole(*args, **named)  # type: ignore[arg-type]
        raise Killed

    for number in (1, 2, 3):
        come(world, gateway, number)
    with monkeypatch.context() as patch:
        patch.setattr(pieces, "joined", dying)
        with pytest.raises(Killed):
            read(world)
    for _ in range(3):
        world.later(seconds=31)
        read(world)
    assert texts() == ["".join(WORDS)]
    assert set(Inbox.objects.values_list("state", flat=True)) == {"read"}
    assert not list(verify(at=world.at))
