"""Mail that a mail server hands over: by a pipe and by SMTP, taken only when it is stored for good."""

from __future__ import annotations

import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.conf import settings as installed
from django.db import DatabaseError

import worlds
from arrivals import account, database_url
from tanggap.actions import inbox
from tanggap.cli.main import main
from tanggap.config import variables
from tanggap.records.deliveries import raw_of
from tanggap.records.models import Case, ChannelAccount, Inbox
from tanggap.worker import collect, doorstep, doorway, handing
from tanggap.worker.handing import Listener

ADDRESS = "pengaduan@kampus.example"
RAW = (
    b"From: rani@contoh.example\r\nTo: pengaduan@kampus.example\r\nSubject: Lampu\r\nMessage-ID: <1@contoh.example>\r\n"
    b"\r\nLampu jalan padam. \xff\r\n"
)


@pytest.fixture
def world(db: None) -> worlds.World:
    return worlds.build()


@pytest.fixture
def surat(world: worlds.World) -> ChannelAccount:
    return account(world, "surat", channel="email", settings={"address": ADDRESS})


# the pipe -------------------------------------------------------------------------------------------------------------


class _Input:
    def __init__(self, raw: bytes) -> None:
        self.buffer = self
        self._raw = raw

    def read(self, most: int) -> bytes:
        return self._raw[:most]


def pipe(monkeypatch: pytest.MonkeyPatch, raw: bytes = RAW, *, to: str = ADDRESS) -> int:
    monkeypatch.setattr(sys, "stdin", _Input(raw))
    return main(["mail", "--account", to])


def test_a_piped_mail_is_stored_byte_for_byte_and_becomes_a_case(
    world: worlds.World, surat: ChannelAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S1-1, the way in; by address, by a reply address, or by the key of its page."""
    assert [pipe(monkeypatch, to=to) for to in (ADDRESS, "Pengaduan+abc@Kampus.Example", surat.key)] == [0, 0, 0]
    assert raw_of(Inbox.objects.get()) == RAW, "the same mail three times is one (F6)"
    Inbox.objects.update(next_at=world.at)
    collect.drain(lambda: world.at)
    assert Case.objects.get().channel == "email"


@pytest.mark.parametrize(
    ("words", "raw"),
    [
        (["--account", "lain@kampus.example"], RAW),
        (["--account", "0" * 26], RAW),
        (["--account", "ubfmipabot"], RAW),
        (["--account", ADDRESS], b""),
        ([], RAW),
        (["--acount", ADDRESS], RAW),
    ],
    ids=["unknown address", "unknown key", "no mailbox", "nothing", "no account", "misspelt"],
)
def test_whatever_is_wrong_here_the_mail_server_keeps_the_mail(
    world: worlds.World, surat: ChannelAccount, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    words: list[str], raw: bytes,
) -> None:  # fmt: skip
    """EX_TEMPFAIL, and one sentence for the log of the mail server."""
    account(world, "bot", channel="telegram")
    monkeypatch.setattr(sys, "stdin", _Input(raw))
    assert main(["mail", *words]) == 75
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not Inbox.objects.exists()


def test_while_the_database_is_away_the_mail_server_keeps_the_mail(
    surat: ChannelAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P1: 0 only after commit."""

    def away(*_: object, **__: object) -> None:
        raise DatabaseError("no connection")

    with monkeypatch.context() as patch:
        patch.setattr(inbox, "store", away)
        assert pipe(patch) == 75
    assert pipe(monkeypatch) == 0


def test_a_mail_that_would_never_fit_goes_back_to_its_sender(
    surat: ChannelAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorstep, "MOST_BYTES", 100)
    assert pipe(monkeypatch) == 65
    assert not Inbox.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_pipe_as_a_mail_server_runs_it() -> None:
    """Processes at once, two for each mail; and one whose database is not there."""
    account(worlds.build(), "surat", channel="email", settings={"address": ADDRESS})
    words = [sys.executable, "-m", "tanggap", "mail", "--account", ADDRESS]
    gone = _surroundings() | {"TANGGAP_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"}
    lost = subprocess.run(words, input=RAW, env=gone, capture_output=True, check=False)
    assert lost.returncode == 75, lost.stderr
    processes = []
    for n in range(6):
        process = subprocess.Popen(words, stdin=subprocess.PIPE, env=_surroundings())
        assert process.stdin is not None
        process.stdin.write(RAW + str(n // 2).encode())
        process.stdin.close()
        processes.append(process)
    assert [process.wait(60) for process in processes] == [0] * 6
    assert Inbox.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_where_a_worker_runs_the_pipe_hands_over_to_it_and_needs_no_database(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A process for a mail that starts no Django; what the worker does not take is stored by who brings it."""
    assert doorstep.folder({}) == Path(variables.read({})["TANGGAP_DATA"])
    world = worlds.build()
    surat = account(world, "surat", channel="email", settings={"address": ADDRESS})
    for name in ("TANGGAP_DATA", "TANGGAP_DATABASE_URL"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setattr(installed, "TANGGAP_DATA", tmp_path)
    stop, second = Event(), Event()
    door = Thread(target=doorway.run, args=(stop, lambda: world.at), kwargs={"seconds": 0.05})
    other = Thread(target=doorway.run, args=(second, lambda: world.at), kwargs={"seconds": 0.05})
    (tmp_path / doorstep.SOCKET).touch()  # of a worker that was killed
    door.start()
    _until((tmp_path / doorstep.SOCKET).is_socket)
    assert (tmp_path / doorstep.SOCKET).stat().st_mode & 0o777 == 0o600
    other.start()
    words = [sys.executable, "-X", "importtime", "-m", "tanggap", "mail", "--account", ADDRESS]
    bare = {**os.environ, "TANGGAP_KEYS": "/nowhere"}
    ran = subprocess.run(words, input=RAW, env=bare, capture_output=True, check=False)
    assert (ran.returncode, b"django" in ran.stderr) == (0, False)
    assert [pipe(monkeypatch, RAW + bytes(9), to=to) for to in (surat.key, ADDRESS)] == [0, 0]
    assert [raw_of(row) for row in Inbox.objects.order_by("pk")] == [RAW, RAW + bytes(9)]
    assert pipe(monkeypatch, to="lain@kampus.example") == 75
    assert "Tidak ada saluran surel" in capsys.readouterr().err
    with monkeypatch.context() as patch:
        patch.setattr(inbox, "store", lambda *_, **__: _away())
        assert doorstep.hand_over(tmp_path, ADDRESS, b"x") == (75, "Basis data tidak menjawab; surel belum disimpan.")
    monkeypatch.setenv("TANGGAP_DATABASE_URL", "another")
    with monkeypatch.context() as patch:
        patch.setattr(doorway, "meant", lambda _: b"this one")
        assert doorstep.hand_over(tmp_path, ADDRESS, b"y") is None, "another database is meant"
    stop.set()
    door.join(10)
    _until((tmp_path / doorstep.SOCKET).is_socket)
    assert doorstep.hand_over(tmp_path, ADDRESS, b"z") == (0, ""), "the second worker has taken its place"
    second.set()
    other.join(10)
    assert doorstep.hand_over(tmp_path, ADDRESS, b"z") is None
    assert Inbox.objects.count() == 3


def _away() -> None:
    raise DatabaseError("no connection")


def _until(there: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not there():
        assert time.monotonic() < end
        time.sleep(0.01)


def _surroundings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("TANGGAP_")} | {
        "TANGGAP_DATA": str(installed.TANGGAP_DATA), "TANGGAP_KEYS": str(installed.TANGGAP_KEYS),
        "TANGGAP_DATABASE_URL": database_url(),
    }  # fmt: skip


# SMTP -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def listener(transactional_db: None) -> Iterator[Listener]:
    world = worlds.build()
    account(world, "surat", channel="email", settings={"address": ADDRESS})
    account(world, "lain", channel="email", settings={"address": "keuangan@kampus.example"})
    found = Listener(lambda: world.at, address="127.0.0.1", port=_free_port(), most=4096)
    found.start()
    yield found
    found.stop()


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def send(listener: Listener, *to: str, raw: bytes = RAW, sender: str = "rani@contoh.example") -> Any:
    with smtplib.SMTP("127.0.0.1", listener.port, timeout=20) as line:
        return line.sendmail(sender, to, raw)


def test_a_mail_by_smtp_is_stored_with_its_envelope_for_each_account_it_is_for(listener: Listener) -> None:
    """S1-1, the way in: the null path and the true recipient stand in the envelope alone."""
    send(listener, ADDRESS, "pengaduan+token@kampus.example", "keuangan@kampus.example", sender="")
    first, second = (raw_of(row) for row in Inbox.objects.order_by("account__name"))
    assert first == b"Return-Path: <>\r\nDelivered-To: keuangan@kampus.example\r\n" + RAW
    assert second == (
        b"Return-Path: <>\r\nDelivered-To: pengaduan@kampus.example\r\n"
        b"Delivered-To: pengaduan+token@kampus.example\r\n" + RAW
    )
    send(listener, "keuangan@kampus.example", sender="")
    assert Inbox.objects.count() == 2, "the same again is known"


def test_by_lmtp_each_recipient_has_an_answer_and_many_at_once_are_stored_together(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that cannot be stored holds up none of those it came with."""
    world = worlds.build()
    account(world, "surat", channel="email", settings={"address": ADDRESS})
    account(world, "lain", channel="email", settings={"address": "keuangan@kampus.example"})
    together: list[int] = []
    real, store = inbox.store_all, inbox.store

    def all_of_them(to: int, raws: list[bytes], *, at: Any) -> None:
        together.append(len(raws))
        if any(b"racun" in raw for raw in raws):
            raise DatabaseError("one of them")
        real(to, raws, at=at)

    def one(to: int, raw: bytes, *, at: Any) -> Any:
        time.sleep(0.1)  # the others come meanwhile
        if b"racun" in raw:
            raise DatabaseError("this one")
        return store(to, raw, at=at)

    monkeypatch.setattr(inbox, "store_all", all_of_them)
    monkeypatch.setattr(inbox, "store", one)
    found = Listener(lambda: world.at, address="127.0.0.1", port=_free_port(), lmtp=True)
    found.start()
    try:
        with smtplib.LMTP("127.0.0.1", found.port, timeout=20) as line:
            assert line.sendmail("rani@contoh.example", [ADDRESS, "keuangan@kampus.example"], RAW) == {}
            assert line.getreply() == (250, b"2.0.0 Stored"), "the second recipient's"
            assert line.docmd("NOOP")[1] == b"OK"
        with ThreadPoolExecutor(6) as threads:
            told = list(threads.map(lambda n: _by_lmtp(found.port, b"racun" if n == 3 else b"%d" % n), range(6)))
    finally:
        found.stop()
    assert told == [True, True, True, False, True, True]
    assert max(together) > 1
    assert Inbox.objects.count() == 2 + 5


def test_who_hangs_up_before_the_answer_keeps_nobody_else_from_handing_over(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F24: a mail server whose patience ended; it brings the mail again, and it is one."""
    begun, may_end, store = Event(), Event(), inbox.store

    def slowly(to: int, raw: bytes, *, at: Any) -> Any:
        begun.set()
        may_end.wait(5)
        return store(to, raw, at=at)

    monkeypatch.setattr(inbox, "store", slowly)
    for more in (b"", b"2"):  # while it is stored, and while it waits for its turn
        line = smtplib.SMTP("127.0.0.1", listener.port, timeout=20)
        line.ehlo()
        line.mail("rani@contoh.example")
        line.rcpt(ADDRESS)
        assert line.docmd("DATA")[0] == 354
        line.send(RAW + more + b"\r\n.\r\n")
        assert begun.wait(5)
        time.sleep(0.05)
        line.close()
    time.sleep(0.05)
    may_end.set()
    assert send(listener, ADDRESS) == {}
    assert send(listener, ADDRESS, raw=RAW + b"2\r\n") == {}


def _by_lmtp(port: int, more: bytes) -> bool:
    with smtplib.LMTP("127.0.0.1", port, timeout=20) as line:
        try:
            return line.sendmail("rani@contoh.example", [ADDRESS], RAW + more) == {}
        except smtplib.SMTPDataError as error:
            return error.smtp_code != 451


@pytest.mark.parametrize("to", ["lain@kampus.example", "orang@luar.example", "pengaduan@kampus.example.luar.example"])
def test_mail_to_anybody_else_is_refused_so_nothing_is_ever_relayed(listener: Listener, to: str) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(listener, to)
    assert refused.value.recipients[to][0] == 550
    assert send(listener, to, ADDRESS) == {to: (550, handing.UNKNOWN[4:].encode())}
    assert Inbox.objects.count() == 1


def test_a_mail_that_is_too_large_is_refused(listener: Listener) -> None:
    with pytest.raises(smtplib.SMTPResponseException) as refused:
        send(listener, ADDRESS, raw=RAW + b"x" * 5000)
    assert refused.value.smtp_code in (523, 552)
    assert not Inbox.objects.exists()


@pytest.mark.parametrize("where", ["store", "addressed"])
def test_what_could_not_be_stored_is_asked_for_again(
    listener: Listener, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """P1: 250 only after commit."""

    def away(*_: object, **__: object) -> None:
        raise DatabaseError("no connection")

    with monkeypatch.context() as patch:
        patch.setattr(inbox if where == "store" else handing, where, away)
        with pytest.raises((smtplib.SMTPDataError, smtplib.SMTPRecipientsRefused)) as refused:
            send(listener, ADDRESS)
        assert "451" in str(refused.value)
    assert not Inbox.objects.exists()
    send(listener, ADDRESS)
    assert Inbox.objects.count() == 1


def test_lines_that_begin_with_a_dot_and_odd_envelopes_do_no_harm(listener: Listener) -> None:
    send(listener, ADDRESS, raw=RAW + b"\r\n.\r\n..x\r\n", sender='"a\\"b"@contoh.example')
    raw = raw_of(Inbox.objects.get())
    assert raw.endswith(b"\r\n.\r\n..x\r\n")
    assert raw.count(b"Return-Path:") == 1


@pytest.mark.django_db(transaction=True)
def test_the_listener_as_a_service_ends_when_it_is_told_to() -> None:
    """SIGTERM; and what it answered with 250 is there."""
    account(worlds.build(), "surat", channel="email", settings={"address": ADDRESS})
    port = _free_port()
    words = [sys.executable, "-m", "tanggap", "smtp", "--port", str(port)]
    process = subprocess.Popen(words, env=_surroundings(), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert str(port) in process.stdout.readline()
    for n in range(20):
        with smtplib.SMTP("127.0.0.1", port, timeout=20) as line:
            line.sendmail("rani@contoh.example", [ADDRESS], RAW + str(n).encode())
    taken = subprocess.run(words, env=_surroundings(), capture_output=True, text=True, check=False)
    assert (taken.returncode, "tidak dapat dipakai" in taken.stderr) == (2, True)
    process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    assert process.wait(20) == 0
    process.stdout.close()
    assert time.monotonic() - began < 15
    assert Inbox.objects.count() == 20
