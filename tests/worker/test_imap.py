"""Mail by IMAP: whatever the server does, every message arrives once, and is flagged only when it is here for good."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.conf import settings as installed
from django.db import DatabaseError

import worlds
from arrivals import account, database_url
from imap_server import Handler, Mailbox, imap_server
from platforms import trust
from tanggap.actions import inbox, polling
from tanggap.records.deliveries import raw_of
from tanggap.records.models import Case, ChannelAccount, Inbox, InboxItem
from tanggap.worker import collect, fetch, imap, mailboxes

EMAIL = {"address": "pengaduan@kampus.example"}


def letter(n: int | str, words: str = "Lampu jalan padam.") -> bytes:
    return (
        f"From: rani{n}@contoh.example\r\nTo: pengaduan@kampus.example\r\nSubject: Laporan {n}\r\n"
        f"Date: Mon, 16 Nov 2026 07:00:00 +0700\r\nMessage-ID: <{n}@contoh.example>\r\n\r\n{words} {n}\r\n"
    ).encode()


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with imap_server() as found:
        yield found


@pytest.fixture
def world(db: None) -> worlds.World:
    return worlds.build()


@pytest.fixture
def surat(world: worlds.World, box: Mailbox) -> ChannelAccount:
    return mailbox(world, box)


def mailbox(world: worlds.World, box: Mailbox, **more: str) -> ChannelAccount:
    told = box.settings(**more)
    return account(world, "surat", channel="email", settings=told, secrets={"imap_password": told.pop("imap_password")})


def look(world: worlds.World) -> ChannelAccount:
    """The worker looks in half a minute later; the account after it."""
    world.later(seconds=31)
    fetch.drain(lambda: world.at)
    return ChannelAccount.objects.get()


def bodies() -> list[bytes]:
    return [raw_of(row) for row in Inbox.objects.order_by("pk")]


# how it goes ----------------------------------------------------------------------------------------------------------


def test_what_is_new_is_stored_byte_for_byte_flagged_and_becomes_a_case(
    world: worlds.World, box: Mailbox, surat: ChannelAccount
) -> None:
    """S1-1, the way in: an incoming e-mail becomes a case."""
    raw = letter(1) + bytes(range(256))
    box.put(raw)
    found = look(world)
    assert (bodies(), box.seen()) == ([raw], [1])
    assert (found.last_error, found.last_in_at, found.failures) == ("", world.at, 0)
    collect.drain(lambda: world.at)
    (case,) = Case.objects.all()
    assert case.channel == "email"
    box.put(letter(2))
    look(world)
    assert (len(bodies()), box.seen()) == (2, [1, 2])
    fetched = [said for said in box.said if "BODY.PEEK" in said]
    assert len(fetched) == 2, "nothing is fetched twice"


def test_at_first_what_is_old_and_read_is_left_alone_and_what_a_person_read_since_is_not(
    world: worlds.World, box: Mailbox, surat: ChannelAccount
) -> None:
    """A mailbox of years does not become a register; nor does whoever reads in a mail program take a complaint away."""
    box.put(letter("lama"), "\\Seen", is_old=True)
    box.put(letter("belum-dibaca"), is_old=True)
    box.put(letter("baru-dibaca"), "\\Seen")
    box.put(letter("baru"))
    look(world)
    assert bodies() == [letter("belum-dibaca"), letter("baru-dibaca"), letter("baru")]
    box.put(letter("dipindah-ke-sini"), "\\Seen", is_old=True)
    look(world)
    assert bodies()[3:] == [letter("dipindah-ke-sini")], "what is put there later is meant for us"


def test_an_empty_mailbox_that_fills_is_read_from_its_first_message(
    world: worlds.World, box: Mailbox, surat: ChannelAccount
) -> None:
    assert look(world).last_error == ""
    box.put(letter(1))
    look(world)
    assert bodies() == [letter(1)]


def test_what_is_stored_can_be_moved_instead(world: worlds.World, box: Mailbox) -> None:
    mailbox(world, box, imap_move_to="Sudah & disimpan")
    box.put(letter(1))
    look(world)
    assert (list(box.moved), box.letters, bodies()) == ([1], {}, [letter(1)])
    assert any('MOVE 1 "Sudah &- disimpan"' in said for said in box.said)


@pytest.mark.sqlite  # the mailbox is what is tried here, whatever the tables lie in
def test_five_hundred_waiting_arrive_once_each_batch_by_batch(
    world: worlds.World, box: Mailbox, surat: ChannelAccount
) -> None:
    """F24, P3."""
    letters = [letter(n) for n in range(500)]
    for raw in letters:
        box.put(raw)
    look(world)
    assert bodies() == letters
    assert len(box.seen()) == 500


def test_the_turn_is_renewed_while_a_message_takes_long_and_one_that_lost_it_stops(
    world: worlds.World, box: Mailbox, surat: ChannelAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A turn is a minute, so that a worker that dies keeps nobody waiting; a message may take five."""
    renewed, lost = Event(), Event()
    box.fault = lambda uid, handler: not renewed.wait(5) or lost.is_set()
    monkeypatch.setattr(fetch, "RENEW_SECONDS", 0.02)
    monkeypatch.setattr(polling, "hold", lambda turn, *, at: renewed.set() or not lost.is_set())
    box.put(letter(1))
    look(world)
    assert (len(bodies()), renewed.is_set()) == (1, True)
    lost.set()
    monkeypatch.setattr(mailboxes, "AT_ONCE", 1)
    box.put(letter(2))
    box.before_mark = lambda uid: Event().wait(0.2)
    box.fault = lambda uid, handler: False
    box.put(letter(3))
    look(world)
    assert len(bodies()) < 3
    assert polling.LEASE.total_seconds() <= 60


def test_many_are_fetched_stored_and_flagged_together_and_what_is_large_comes_by_itself_after_them(
    world: worlds.World, box: Mailbox, surat: ChannelAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One large mail delays no other; and whoever stops in between has lost none of them."""
    monkeypatch.setattr(mailboxes, "BATCH_BYTES", 1200)
    large = letter("besar", "panjang " * 200)
    for raw in (letter(1), letter(2), large, letter(3), letter(4), letter(5), letter(6)):
        box.put(raw)
    with monkeypatch.context() as patch:
        patch.setattr(mailboxes, "MOST", 3)
        patch.setattr(mailboxes._Looking, "_alone", lambda looking, uid: None)
        look(world)
    look(world)
    assert sorted(bodies()) == sorted([large, *(letter(n) for n in range(1, 7))])
    assert len(box.seen()) == 7
    Inbox.objects.all().delete()
    ChannelAccount.objects.update(cursor={})
    box.said.clear()
    look(world)
    assert bodies() == [*(letter(n) for n in range(1, 7)), large]
    assert len([said for said in box.said if "BODY.PEEK" in said]) == 2
    assert [said for said in box.said if "STORE" in said][-1].startswith("UID STORE 3 ")


def test_a_message_longer_than_is_ever_read_is_fetched_as_far_as_it_is_read(
    world: worlds.World, box: Mailbox, surat: ChannelAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailboxes, "BATCH_BYTES", 300)
    monkeypatch.setattr(imap, "MOST_BYTES", 300)
    raw = letter(1, "panjang " * 100)
    box.put(raw)
    look(world)
    assert bodies() == [raw[:300]]


# how it goes wrong ----------------------------------------------------------------------------------------------------


def test_a_line_that_drops_in_the_middle_of_a_message_loses_none_and_stores_no_half(
    world: worlds.World, box: Mailbox, surat: ChannelAccount
) -> None:
    """F24: drop mid-FETCH."""
    for n in range(1, 6):
        box.put(letter(n))

    def drop(uid: int, handler: Handler) -> bool:
        if uid == 3:
            handler.wfile.write(f"* 1 FETCH (UID 3 BODY[] {{{len(letter(3))}}}\r\n".encode() + letter(3)[:40])
            return True
        return False

    box.fault = drop
    found = look(world)
    assert (bodies(), box.seen()) == ([letter(n) for n in (1, 2, 4, 5)], [1, 2, 4, 5]), "the others do not wait for it"
    assert "terputus" in found.last_error
    assert len([said for said in box.said if said == "LOGIN"]) == 2, "not again and again"
    for _ in range(2):
        world.later(minutes=2)
        found = look(world)
    assert len(bodies()) == 4
    box.fault = lambda uid, handler: False
    world.later(minutes=15)
    found = look(world)
    assert sorted(bodies()) == sorted(letter(n) for n in range(1, 6))
    assert (len(box.seen()), found.last_error, found.failures) == (5, "", 0)


def test_a_server_that_numbers_anew_brings_nothing_twice(
    world: worlds.World, box: Mailbox, surat: ChannelAccount
) -> None:
    """F24: UIDVALIDITY change; P3."""
    for n in range(1, 4):
        box.put(letter(n))
    box.put(letter("lama"), "\\Seen", is_old=True)
    look(world)
    del box.letters[1]
    box.number_anew()
    box.put(letter(9))
    look(world)
    assert bodies() == [letter(1), letter(2), letter(3), letter(9)]


def test_what_another_program_deleted_meanwhile_is_passed_over(
    world: worlds.World, box: Mailbox, surat: ChannelAccount
) -> None:
    """F24: message deleted by other client, expunge during fetch."""
    for n in range(1, 4):
        box.put(letter(n))

    def expunge(uid: int, handler: Handler) -> bool:
        if uid == 1:
            del box.letters[2]
            handler.say("* 2 EXPUNGE")
        return False

    box.fault = expunge
    found = look(world)
    assert (bodies(), found.last_error) == ([letter(1), letter(3)], "")


def test_a_message_that_the_server_does_not_hand_over_holds_up_no_other_and_is_told(
    world: worlds.World, box: Mailbox, surat: ChannelAccount
) -> None:
    """F25: isolated after three tries; others flow; alert."""
    box.put(letter("racun"))
    box.put(letter(2))
    real = Handler.do_UID_FETCH

    def refuse(handler: Handler, tag: str, arguments: str) -> str | None:
        if 1 in handler.named(arguments) and "BODY" in arguments:
            handler.say(f"{tag} NO it is broken here")
            return None
        return real(handler, tag, arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Handler, "do_UID_FETCH", refuse)
        found = look(world)
        assert (bodies(), found.last_error) == ([letter(2)], "")
        look(world)
        found = look(world)
        assert "1 pesan tidak dapat diambil dari kotak surat (UID 1)" in found.last_error
        for _ in range(20):
            world.later(minutes=20)
            found = look(world)
        assert found.cursor["left"] == {"1": mailboxes.TRIES}, "it is not asked for for ever"
        assert "UID 1" in found.last_error, "and stays told"
        del box.letters[1]
        world.later(minutes=20)
        look(world)
        world.later(minutes=20)
        found = look(world)
        assert (found.cursor["left"], found.last_error) == ({}, ""), "until somebody takes it out of the mailbox"


def test_a_message_of_minutes_is_left_when_its_time_is_over_and_the_others_go_on(
    world: worlds.World, box: Mailbox, surat: ChannelAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F24: one message of 3 min."""
    for name in ("MESSAGE_SECONDS", "BATCH_SECONDS"):
        monkeypatch.setattr(imap, name, 0.4)
    box.put(letter(1))
    box.put(letter(2))

    def drip(uid: int, handler: Handler) -> bool:
        if uid != 1:
            return False
        handler.wfile.write(f"* 1 FETCH (UID 1 BODY[] {{{len(letter(1))}}}\r\n".encode())
        for byte in letter(1):
            Event().wait(0.05)
            try:
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
            except OSError:
                break
        return True

    box.fault = drip
    began = time.monotonic()
    look(world)
    assert time.monotonic() - began < 3
    assert bodies() == [letter(2)]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"imap_password": "salah"}, "sandi IMAP ditolak"),
        ({"imap_password": "sandi ñ"}, "sandi IMAP ditolak"),
        ({"imap_password": "a\r\nA1 LOGOUT"}, "tidak dapat diketik"),
        ({"imap_folder": "Tidak ada"}, "Folder Tidak ada tidak ada"),
        ({"imap_port": "9"}, "tidak dapat dihubungi"),
        ({"imap_port": "x"}, "harus angka"),
        ({"imap_tls": "ssl"}, "tidak berbicara TLS"),
        ({"imap_tls": "starttls"}, "tidak menawarkan STARTTLS"),
        ({"imap_tls": "apa saja"}, "ssl, starttls, atau off"),
        ({"imap_host": "imap.kampus.example"}, "hanya boleh ke mesin ini sendiri"),
    ],
)
def test_what_keeps_a_mailbox_closed_is_said_in_words_and_ends_nothing(
    world: worlds.World, box: Mailbox, change: dict[str, str], says: str
) -> None:
    """F23: wrong password, TLS failure; there is no way back to a line without encryption."""
    mailbox(world, box, **change)
    box.put(letter(1))
    found = look(world)
    assert says in found.last_error
    assert found.failures == 1
    assert not Inbox.objects.exists()
    said = " ".join(box.said)
    assert "salah" not in said
    if "imap_tls" in change:
        assert "LOGIN" not in said


def test_a_password_beyond_ascii_opens(world: worlds.World, box: Mailbox) -> None:
    box.password = "sandi ñ é"
    mailbox(world, box)
    box.put(letter(1))
    assert (look(world).last_error, bodies()) == ("", [letter(1)])


def test_a_server_that_says_nothing_is_left_and_is_asked_more_and_more_rarely(
    world: worlds.World, box: Mailbox, surat: ChannelAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F9."""
    monkeypatch.setattr(imap, "ANSWER_SECONDS", 0.2)
    box.mute = True
    found = look(world)
    assert "tidak menjawab" in found.last_error
    assert found.next_at == world.at + polling.EVERY * 2
    for _ in range(8):
        world.later(minutes=20)
        found = look(world)
    assert found.next_at == world.at + timedelta(minutes=15)


def test_a_line_that_is_encrypted_is_believed_only_with_a_certificate_of_that_host(
    world: worlds.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with imap_server(tls=True) as box:
        mailbox(world, box)
        box.put(letter(1))
        assert "Sertifikat localhost tidak dapat dipercaya" in look(world).last_error
        assert not box.said
        monkeypatch.setattr(imap, "trust", trust)
        world.later(minutes=2)
        assert look(world).last_error == ""
        assert bodies() == [letter(1)]


# who looks ------------------------------------------------------------------------------------------------------------


def test_one_worker_at_a_time_looks_into_a_mailbox(world: worlds.World, surat: ChannelAccount) -> None:
    first = polling.take(surat.pk, at=world.at)
    assert first is not None
    assert polling.take(surat.pk, at=world.at) is None
    assert polling.due(["email"], at=world.at) == []
    later = world.later(minutes=7)
    second = polling.take(surat.pk, at=later)
    assert second is not None
    assert not polling.hold(first, at=later), "who was away too long has lost it"
    polling.finish(first, at=later, well=False)
    surat.refresh_from_db()
    assert (surat.next_at, surat.failures) == (later + polling.LEASE, 0)
    polling.finish(second, at=later, well=True)
    assert polling.due(["email"], at=later + polling.EVERY) == [surat.pk]


def test_an_account_whose_mails_are_handed_over_is_not_looked_into(world: worlds.World) -> None:
    account(world, "surat", channel="email", settings=EMAIL)
    found = look(world)
    assert (found.last_error, found.last_in_at) == ("", None)


def test_a_mail_that_the_database_does_not_take_is_not_flagged_and_comes_again(
    world: worlds.World, box: Mailbox, surat: ChannelAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P1: flag only after commit."""
    box.put(letter(1))

    def full(*_: Any, **__: Any) -> None:
        raise DatabaseError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(inbox, "store_all", full)
        world.later(seconds=31)
        with pytest.raises(DatabaseError):
            fetch.drain(lambda: world.at)
    assert not box.seen()
    world.later(minutes=7)
    look(world)
    assert (bodies(), box.seen()) == ([letter(1)], [1])


@pytest.mark.django_db(transaction=True)
def test_killed_between_storing_and_flagging_nothing_is_lost_and_nothing_is_doubled(box: Mailbox) -> None:
    """P1, P3, F24: a real worker, kill -9 at random messages, five times."""
    world = worlds.build()
    mailbox(world, box)
    for n in range(30):
        box.put(letter(n))
    for victim in (2, 7, 13, 21, 30):
        killed, process = Event(), _worker()

        def kill(uid: int, victim: int = victim, process: Any = process, killed: Event = killed) -> None:
            if uid == victim:
                process.send_signal(signal.SIGKILL)
                killed.set()
                process.wait()

        box.before_mark = kill
        assert killed.wait(60), process.communicate()
        process.wait()
        ChannelAccount.objects.update(next_at=None)  # its lease is over
    box.before_mark = lambda uid: None
    last = _worker()
    assert last.wait(90) == 0
    assert len(box.seen()) == 30
    assert Inbox.objects.count() == 30
    assert InboxItem.objects.count() == Case.objects.count() == 30


def _worker() -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TANGGAP_")} | {
        "TANGGAP_DATA": str(installed.TANGGAP_DATA), "TANGGAP_KEYS": str(installed.TANGGAP_KEYS),
        "TANGGAP_DATABASE_URL": database_url(),
    }  # fmt: skip
    return subprocess.Popen([sys.executable, "-m", "tanggap", "worker", "--once"], env=environment)
