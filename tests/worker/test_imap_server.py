"""Mail by IMAP from a real server: Dovecot where this machine has one, and the server of the tests everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

import worlds
from arrivals import account
from dovecot import Dovecot, dovecot, is_here
from imap_server import Mailbox, imap_server
from platforms import trust
from tanggap.records.deliveries import raw_of
from tanggap.records.models import Case, ChannelAccount, Inbox
from tanggap.worker import collect, fetch, imap

Server = Dovecot | Mailbox


@contextmanager
def ours() -> Iterator[Mailbox]:
    with imap_server(tls=True) as found:
        yield found


SERVERS = [pytest.param(ours, id="ours"), *([pytest.param(dovecot, id="dovecot")] if is_here() else [])]


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(imap, "trust", trust)
    with request.param() as found:
        yield found


@pytest.fixture
def world(db: None) -> worlds.World:
    return worlds.build()


def letter(n: int) -> bytes:
    return (
        f"From: rani{n}@contoh.example\r\nTo: pengaduan@kampus.example\r\nSubject: Laporan {n}\r\n"
        f"Message-ID: <{n}@contoh.example>\r\n\r\nLampu padam {n}\r\n"
    ).encode() + b"\xff\x00"[: n % 2] * 3


def put(server: Server, *numbers: int) -> None:
    if isinstance(server, Dovecot):
        server.put(*(letter(n) for n in numbers))
    else:
        for n in numbers:
            server.put(letter(n))


def seen(server: Server) -> int:
    return server.seen() if isinstance(server, Dovecot) else len(server.seen())


def open_account(world: worlds.World, server: Server, **more: str) -> None:
    told = server.settings(**more)
    password = told.pop("imap_password")
    account(world, "surat", channel="email", settings=told, secrets={"imap_password": password})


def look(world: worlds.World) -> str:
    world.later(minutes=16)
    fetch.drain(lambda: world.at)
    return ChannelAccount.objects.get().last_error


def bodies() -> list[bytes]:
    return [raw_of(row) for row in Inbox.objects.order_by("pk")]


def test_two_hundred_mails_are_stored_byte_for_byte_flagged_once_and_become_cases(
    world: worlds.World, server: Server
) -> None:
    """S1-1, S4-1, the way in by mail; F24."""
    open_account(world, server)
    put(server, *range(200))
    assert look(world) == ""
    assert bodies() == [letter(n) for n in range(200)]
    assert seen(server) == 200
    assert look(world) == ""
    put(server, 200)
    look(world)
    assert len(bodies()) == 201
    Inbox.objects.exclude(pk__in=Inbox.objects.order_by("pk")[:3]).delete()
    collect.drain(lambda: world.at)
    assert Case.objects.count() == 3


def test_a_server_that_numbers_anew_brings_nothing_twice(world: worlds.World, server: Server) -> None:
    """F24: UIDVALIDITY change."""
    open_account(world, server)
    put(server, 1, 2, 3)
    look(world)
    before = ChannelAccount.objects.get().cursor["validity"]
    server.number_anew()
    put(server, 4)
    assert look(world) == ""
    assert ChannelAccount.objects.get().cursor["validity"] != before
    assert sorted(bodies()) == sorted(letter(n) for n in (1, 2, 3, 4))


def test_what_another_program_reads_and_deletes_is_no_trouble(world: worlds.World, server: Server) -> None:
    open_account(world, server)
    put(server, 1, 2, 3)
    if isinstance(server, Dovecot):
        with server.client() as line:
            line.store("1", "+FLAGS", "\\Seen")
            line.store("2", "+FLAGS", "\\Deleted")
            line.expunge()
    else:
        server.letters[1].flags.add("\\Seen")
        del server.letters[2]
    assert look(world) == ""
    assert bodies() == [letter(1), letter(3)]


def test_what_is_stored_can_be_moved(world: worlds.World, server: Server) -> None:
    if isinstance(server, Dovecot):
        with server.client() as line:
            line.create('"Sudah &- disimpan"')
    open_account(world, server, imap_move_to="Sudah & disimpan")
    put(server, 1, 2)
    assert look(world) == ""
    assert (len(bodies()), seen(server)) == (2, 0)
    assert look(world) == ""


def test_a_wrong_password_and_a_folder_that_is_not_there_are_said_in_words(world: worlds.World, server: Server) -> None:
    open_account(world, server, imap_folder="Tidak ada")
    assert look(world) == "Folder Tidak ada tidak ada."
    Inbox.objects.all().delete()
    ChannelAccount.objects.all().delete()
    server_settings = {"imap_password": "salah"} if isinstance(server, Mailbox) else {"imap_password": "salah sekali"}
    open_account(world, server, **server_settings)
    assert look(world) == "Nama pengguna atau sandi IMAP ditolak."
