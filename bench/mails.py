"""Mails stored as they come (by hand-over and by IMAP) and made cases, on the database that the settings name."""

from __future__ import annotations

import os
import resource
import smtplib
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from threading import Event, Thread
from time import perf_counter, process_time, sleep

from django.db import connection

import mail_kinds
import real_mailbox
from bench import bare, journey
from bench.figures import Figure, number
from tanggap.actions import inbox
from tanggap.records.deliveries import seal_secrets
from tanggap.records.models import Case, ChannelAccount, Inbox, Institution
from tanggap.records.verification import verify
from tanggap.worker import collect, doorway, fetch, handing
from tanggap.worker.reading import Child

THREADS = 4
LINES = 16
PEERS = "peers 84-108/s, aim 400"
_PROCESSES = 3


@dataclass(frozen=True, slots=True)
class Spent:
    """How many mails, in what time, and what of it was processor time of this process and its ended children."""

    mails: int
    seconds: float
    processor: float

    @property
    def per_second(self) -> float:
        """Mails a second."""
        return self.mails / self.seconds


def mails(first: int, count: int) -> list[bytes]:
    """Mails that become a case each: every kind in turn but the one of 1,000 parts and the one to 2,000 people."""
    large = ("a_thousand_parts", "many_recipients")
    kinds = [kind for name, kind in mail_kinds.KINDS.items() if kind.becomes == "case" and name not in large]
    return [kind.build(n, mail_kinds.OUR_MAIL) for n, kind in enumerate(islice(cycle(kinds), count), first)]


def spent(work: Callable[[Sequence[bytes]], object], raws: Sequence[bytes]) -> Spent:
    """What ``work`` takes for all of ``raws``."""
    begun, busy = perf_counter(), _processor()
    work(raws)
    return Spent(len(raws), perf_counter() - begun, _processor() - busy)


def _processor() -> float:
    """Processor time of this process and of the children that have ended, in seconds."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + ended.ru_utime + ended.ru_stime


def account_of(institution: Institution, name: str, settings: dict[str, str]) -> ChannelAccount:
    """An account for mails."""
    found = ChannelAccount(institution=institution, channel="email", name=name, key=name, made_at=journey.START)
    seal_secrets(found, {"imap_password": settings.pop("imap_password", "")})
    found.settings = settings
    found.save()
    return found


def handed_over(raws: Sequence[bytes]) -> None:
    """What ``tanggap mail`` and the SMTP entrance do with a mail, one after another."""
    for raw in raws:
        account = handing.named(mail_kinds.TO)
        assert account is not None
        inbox.store(account, raw, at=datetime.now(UTC))


def at_once(raws: Sequence[bytes]) -> None:
    """The same, by :data:`THREADS` connections at once."""

    def work(mine: Sequence[bytes]) -> None:
        handed_over(mine)
        connection.close()

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(work, [raws[n::THREADS] for n in range(THREADS)]))


@contextmanager
def listening() -> Iterator[int]:
    """``tanggap smtp`` as a service; its port."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = int(door.getsockname()[1])
    command = [sys.executable, "-m", "tanggap", "smtp", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            if str(port) not in process.stdout.readline():
                raise RuntimeError("tanggap smtp does not listen")
            yield port
        finally:
            process.terminate()


def by_smtp(port: int, raws: Sequence[bytes]) -> None:
    """As a mail server hands over that keeps :data:`LINES` lines open."""

    def work(mine: Sequence[bytes]) -> None:
        with smtplib.SMTP("127.0.0.1", port) as line:
            for raw in mine:
                line.sendmail("rani@contoh.example", [mail_kinds.TO], raw)

    with ThreadPoolExecutor(LINES) as threads:
        list(threads.map(work, [raws[n::LINES] for n in range(LINES)]))


def by_processes(raws: Sequence[bytes]) -> None:
    """``tanggap mail``, a process for each mail, as a mail server runs it."""
    for raw in raws:
        command = [sys.executable, "-m", "tanggap", "mail", "--account", mail_kinds.TO]
        subprocess.run(command, input=raw, check=True, env=os.environ)


def beside_a_worker(raws: Sequence[bytes]) -> None:
    """The same while a worker of this machine takes the mails: four processes at once, as Postfix has them."""
    stop = Event()
    door = Thread(target=doorway.run, args=(stop, lambda: datetime.now(UTC)), kwargs={"seconds": 1.0})
    door.start()
    sleep(0.2)
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(by_processes, [raws[n::THREADS] for n in range(THREADS)]))
    stop.set()
    door.join()


def absorbed(raws: Sequence[bytes]) -> None:
    """What the worker makes of as many stored mails."""
    child, left = Child(), len(raws)
    try:
        while left > 0:
            left -= collect.look_round(lambda: datetime.now(UTC), child, limit=min(left, collect.BATCH)).looked
    finally:
        child.close()


def measure(name: str, seconds: float) -> Iterator[Figure]:
    """The whole bench on the database ``name``."""
    folder = Path(os.environ["TANGGAP_DATA"])
    journey.prepare()
    institution = Institution.objects.get(key=journey.KEY)
    account_of(institution, "serah", dict(mail_kinds.SETTINGS))
    count = max(30, min(500, round(seconds * 100)))
    handed_over(mails(1, 10))
    absorbed(mails(1, 10))

    raws = mails(1_000_000, count)
    size = sum(map(len, raws)) / len(raws)
    storing = spent(handed_over, raws)
    limit = bare.blobs(name, folder, mails(1_000_000, count))
    together = spent(at_once, mails(2_000_000, count))
    processes = spent(by_processes, mails(3_000_000, _PROCESSES))
    handed = spent(beside_a_worker, mails(8_000_000, 20 * _PROCESSES))
    with listening() as port:
        by_smtp(port, mails(6_000_000, 20))
        smtp = spent(partial(by_smtp, port), mails(7_000_000, count))
    with real_mailbox.mailbox() as (server, box):
        waiting = mails(4_000_000, 3 * count)
        for raw in waiting:
            box.put(raw)
        ChannelAccount.objects.update(active=False)
        account_of(institution, "kotak", box.settings())
        before = Inbox.objects.count()
        fetching = spent(lambda _: fetch.drain(lambda: datetime.now(UTC)), waiting)
        if Inbox.objects.count() - before != len(waiting):
            raise AssertionError(f"{Inbox.objects.count() - before} of {len(waiting)} mails came by IMAP")
    cases = Case.objects.count()
    becoming = spent(absorbed, mails(5_000_000, max(30, count // 2)))
    if Case.objects.count() - cases != becoming.mails:
        raise AssertionError("not every mail became a case")
    flaws = list(verify(at=datetime.now(UTC)))
    if flaws:
        raise AssertionError(f"verify found {len(flaws)} flaws, the first: {flaws[0]}")

    def figure(what: str, value: float, unit: str = "mails/s", machine: str = "", hoped: str = "") -> Figure:
        return Figure(name, what, value, unit, hoped, machine)

    one = f"{number(limit.per_second)}/s, commit of one insert of as many bytes"
    yield figure(f"stored raw ({count} mails of {number(size)} bytes)", storing.per_second, machine=one, hoped=PEERS)
    yield figure(f"stored raw, {THREADS} connections", together.per_second, hoped=PEERS)
    yield figure("stored raw, processor time", storing.processor / storing.mails * 1000, "ms")
    yield figure(f"handed to tanggap smtp by {LINES} lines", smtp.per_second, hoped=PEERS)
    yield figure(f"tanggap mail, {THREADS} at once, a worker runs", handed.per_second)
    yield figure("tanggap mail, a worker runs, processor time", handed.processor / handed.mails * 1000, "ms")
    yield figure("tanggap mail, no worker, processor time", processes.processor / processes.mails * 1000, "ms")
    yield figure(f"fetched by IMAP from {server} and stored", fetching.per_second, hoped=PEERS)
    yield figure(f"made cases by one worker ({becoming.mails} mails)", becoming.per_second)
    yield figure("made a case, processor time", becoming.processor / becoming.mails * 1000, "ms")
