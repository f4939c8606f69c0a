"""Gammu's database: what came in is stored before it is marked, pieces become one message, and ours leave."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError

import modem
import worlds
from arrivals import account
from modem import Phone
from tanggap.actions import inbox
from tanggap.channels import gammu
from tanggap.channels.contract import CannotSend, Fate, Outgoing
from tanggap.records.deliveries import raw_of
from tanggap.records.models import Case, ChannelAccount, Inbox
from tanggap.records.queries.words import reports
from tanggap.worker import collect, fetch, gammu_database
from tanggap.worker.visits import CannotOpen

LETTER = "0123456789abcdef0123456789abcdef"
AT = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)


@pytest.fixture
def phone(db: None, tmp_path: Path) -> Iterator[Phone]:
    with modem.phone(tmp_path) as found:
        yield found


@pytest.fixture
def world(phone: Phone) -> worlds.World:
    return worlds.build()


@pytest.fixture
def line(world: worlds.World, phone: Phone) -> ChannelAccount:
    return account(world, "modem", channel="gammu", secrets={"database": phone.address})


def look(world: worlds.World) -> ChannelAccount:
    world.later(seconds=31)
    fetch.drain(lambda: world.at)
    collect.drain(lambda: world.at)
    return ChannelAccount.objects.get()


def texts() -> list[str]:
    return sorted(one["text"] for one in reports(list(Case.objects.values_list("pk", flat=True))).values())


def test_a_message_is_stored_marked_and_becomes_a_case(world: worlds.World, phone: Phone, line: ChannelAccount) -> None:
    """S4-1, the way in by SMS."""
    phone.comes("Lampu padam")
    found = look(world)
    assert (texts(), phone.unmarked(), found.last_error) == (["Lampu padam"], 0, "")
    look(world)
    assert Inbox.objects.count() == 1


def test_the_pieces_of_a_long_message_are_one_whatever_their_order_and_others_do_not_wait(
    world: worlds.World, phone: Phone, line: ChannelAccount
) -> None:
    """F7: 2nd part first."""
    phone.comes("tiga hari.", "050003AA0302")
    phone.comes("Pendek", sender="+628111")
    phone.comes(" Tolong.", "050003AA0303")
    look(world)
    assert (texts(), phone.unmarked()) == (["Pendek"], 2)
    phone.comes("Lampu padam ", "050003AA0301")
    look(world)
    assert (texts(), phone.unmarked()) == (["Lampu padam tiga hari. Tolong.", "Pendek"], 0)


def test_a_piece_that_never_comes_is_not_waited_for_for_ever(
    world: worlds.World, phone: Phone, line: ChannelAccount
) -> None:
    phone.comes("Lampu padam ", "050003AA0201")
    look(world)
    assert texts() == []
    world.at += gammu_database.WAITS
    look(world)
    assert (texts(), phone.unmarked()) == (["Lampu padam"], 0)


def test_the_same_reference_again_is_another_message(world: worlds.World, phone: Phone, line: ChannelAccount) -> None:
    for word in ("satu", "dua"):
        phone.comes(f"{word} a ", "050003AA0201")
        phone.comes(f"{word} b", "050003AA0202")
    look(world)
    assert Inbox.objects.count() == 2


def test_only_the_modem_of_the_account_is_looked_at(world: worlds.World, phone: Phone) -> None:
    account(world, "modem", channel="gammu", settings={"phone_id": "B"}, secrets={"database": phone.address})
    phone.comes("Untuk A", phone="A")
    phone.comes("Untuk B", phone="B")
    look(world)
    assert (texts(), phone.unmarked()) == (["Untuk B"], 1)


def test_what_the_database_of_tanggap_does_not_take_is_not_marked(
    world: worlds.World, phone: Phone, line: ChannelAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P1: marked only after commit; killed in between it comes again and is known (F6)."""
    phone.comes("Lampu padam")

    def full(*_: Any, **__: Any) -> None:
        raise DatabaseError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(inbox, "store", full)
        with pytest.raises(DatabaseError):
            look(world)
    assert phone.unmarked() == 1
    world.later(minutes=7)
    look(world)
    phone.do("""UPDATE inbox SET "Processed" = 'false'""")
    look(world)
    assert (texts(), phone.unmarked(), Inbox.objects.count()) == (["Lampu padam"], 0, 1)


@pytest.mark.parametrize(
    "address", ["", "sqlite:////nowhere/smsd.db", "mysql://x", "postgresql://nobody@127.0.0.1:9/x", "x.db"]
)
def test_a_database_that_cannot_be_used_is_said_in_words_without_its_address(world: worlds.World, address: str) -> None:
    account(world, "modem", channel="gammu", secrets={"database": address} if address else {})
    found = look(world)
    assert "Basis data Gammu" in found.last_error
    assert "nowhere" not in found.last_error
    assert "nobody" not in found.last_error


# out ------------------------------------------------------------------------------------------------------------------


def outgoing(text: str = "Laporan Anda diterima.", to: str = "08123456789") -> Outgoing:
    return Outgoing(to, text, LETTER, AT)


def test_a_letter_is_written_once_for_gammu_to_send(phone: Phone) -> None:
    """T12: the same letter twice is one."""
    chosen = {"database": phone.address, "phone_id": "B"}
    for _ in range(2):
        outcome = gammu_database.send(outgoing(), chosen)
        assert (outcome.fate, outcome.external_id) == (Fate.SENT, LETTER)
    rows = phone.do('SELECT "DestinationNumber", "TextDecoded", "CreatorID", "SenderID" FROM outbox')
    assert rows == [("+628123456789", "Laporan Anda diterima.", LETTER, "B")]
    assert phone.do("SELECT * FROM outbox_multipart") == []


def test_a_long_letter_is_written_in_pieces_that_belong_together(phone: Phone) -> None:
    gammu_database.send(outgoing("Laporan " * 40), {"database": phone.address})
    ((first, number),) = phone.do('SELECT "UDH", "ID" FROM outbox')
    more = phone.do('SELECT "UDH", "ID", "SequencePosition" FROM outbox_multipart ORDER BY "SequencePosition"')
    assert [(one, place) for _udh, one, place in more] == [(number, 2), (number, 3)]
    assert [udh[-4:] for udh in (first, *(udh for udh, *_ in more))] == ["0301", "0302", "0303"]


def test_what_cannot_be_sent_so_leaves_nothing(phone: Phone) -> None:
    with pytest.raises(CannotSend):
        gammu_database.send(outgoing(to="rani@contoh.example"), {"database": phone.address})
    with pytest.raises(CannotOpen):
        gammu_database.send(outgoing(), {"database": "sqlite:////nowhere/smsd.db"})
    assert phone.do("SELECT * FROM outbox") == []


def test_a_long_letter_has_arrived_when_all_of_its_pieces_have_and_failed_when_one_is_lost(
    world: worlds.World, phone: Phone, line: ChannelAccount
) -> None:
    """F7: Gammu reports on each piece by itself, in any order."""
    add = (
        'INSERT INTO sentitems ("UpdatedInDB", "DestinationNumber", "Status", "SendingDateTime", "CreatorID", "ID",'
        ' "SequencePosition") VALUES (?, ?, ?, ?, ?, ?, ?)'
    )
    gammu_database.send(outgoing("Laporan " * 40), {"database": phone.address})
    said = []
    for number, status in ((1, "DeliveryOK"), (2, "SendingOK"), (3, "DeliveryOK")):
        phone.do(add, "2026-11-16 08:00:00", "+628123456789", status, "2026-11-16 08:00:00", LETTER, 1, number)
        if number == 3:
            phone.do("DELETE FROM outbox")
        said.append(_state(world))
    for status in ("DeliveryOK", "DeliveryFailed"):
        phone.do("""UPDATE sentitems SET "Status" = ? WHERE "SequencePosition" = 2""", status)
        said.append(_state(world))
    assert said == [None, None, "sent", "delivered", "failed"]


def _state(world: worlds.World) -> object:
    look(world)
    (found,) = gammu.read(raw_of(Inbox.objects.latest("pk")), {}).arrivals
    assert found.about == LETTER
    return found.status


def test_what_became_of_a_letter_is_stored_each_time_it_changes(
    world: worlds.World, phone: Phone, line: ChannelAccount
) -> None:
    """And what is none of ours is left alone."""
    add = (
        'INSERT INTO sentitems ("UpdatedInDB", "DestinationNumber", "Status", "SendingDateTime", "CreatorID", "ID")'
        " VALUES (?, ?, ?, ?, ?, ?)"
    )
    phone.do(add, "2026-11-16 08:00:00", "+628123456789", "SendingOK", "2026-11-16 08:00:00", LETTER, 1)
    phone.do(add, "2026-11-16 08:00:00", "+628123456789", "SendingOK", "2026-11-16 08:00:00", "Gammu 1.42", 2)
    look(world)
    assert Inbox.objects.count() == 1
    phone.do("""UPDATE sentitems SET "Status" = 'DeliveryOK', "UpdatedInDB" = '2026-11-16 08:05:00' WHERE "ID" = 1""")
    look(world)
    look(world)
    assert Inbox.objects.count() == 2
    assert set(Inbox.objects.values_list("state", flat=True)) == {"read"}
