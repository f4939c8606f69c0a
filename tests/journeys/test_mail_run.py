"""Real servers and real workers: mails of every kind through IMAP, letters out through SMTP, workers killed at random.

In the suite one mail of each kind. The whole run, with its figures printed:
``RUN_MAILS=1000 RUN_KILLS=20 python -m pytest tests/journeys/test_mail_run.py -n 0 -s``.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from hashlib import sha256
from uuid import UUID

import pytest
from django.conf import settings as installed
from django.db import close_old_connections

import mail_kinds
import mail_sink
import real_mailbox
import worlds
from arrivals import account, database_url
from mail_kinds import KINDS, OURS, Thread
from tanggap.records.deliveries import raw_of
from tanggap.records.models import Case, ChannelAccount, Inbox, InboxItem, Outbox
from tanggap.records.verification import verify

MAILS = int(os.environ.get("RUN_MAILS", "") or len(KINDS))
KILLS = int(os.environ.get("RUN_KILLS", "4"))
STATES = {"case": "absorbed", "reply": "absorbed", "quarantine": "quarantined"}
NAMES_A_LETTER = ("reply_", "out_of_office", "another_desk", "away_in", "undelivered", "delayed", "read_receipt")


@dataclass
class Run:
    """What is going on. ``posted``: what must become of each mail, by its digest: kind, and the case it belongs to."""

    world: worlds.World
    box: real_mailbox.Mailbox
    sink: mail_sink.Mailbox
    chance: random.Random = field(default_factory=lambda: random.Random(11))
    posted: dict[str, tuple[str, UUID | None]] = field(default_factory=dict)
    copies: int = 0
    kills: int = 0
    begun: float = field(default_factory=time.monotonic)

    def post(self, mails: Iterable[tuple[str, bytes, UUID | None]]) -> None:
        """Put mails into the mailbox in no order; each tenth comes twice."""
        shuffled = list(mails)
        self.chance.shuffle(shuffled)
        for name, raw, case in shuffled:
            self.posted[told_apart(raw)] = name, case
            self.box.put(raw)
            if self.chance.random() < 0.1:
                self.box.put(raw)
                self.copies += 1

    def worker(self, *arguments: str) -> subprocess.Popen[bytes]:
        """`tanggap worker`, as it is started on a server."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TANGGAP_")} | {
            "TANGGAP_DATA": str(installed.TANGGAP_DATA), "TANGGAP_KEYS": str(installed.TANGGAP_KEYS),
            "TANGGAP_DATABASE_URL": database_url(), "TANGGAP_EMAIL_URL": self.sink.url, "TANGGAP_WORKER_SECONDS": "1",
            "TANGGAP_BASE_URL": f"https://{OURS}", "TANGGAP_LOG_LEVEL": "CRITICAL",
        }  # fmt: skip
        command = [sys.executable, "-m", "tanggap", "worker", *arguments]
        return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)

    def progress(self) -> tuple[int, ...]:
        """Changes with everything the workers do."""
        close_old_connections()
        return len(self.sink.letters), Inbox.objects.count(), InboxItem.objects.count()

    def leases_end(self) -> None:
        """Time passes while no worker lives: what the killed ones had claimed is free again."""
        now = datetime.now(UTC)
        ChannelAccount.objects.update(next_at=None)
        Inbox.objects.filter(state="stored").update(next_at=now)
        Outbox.objects.filter(state="queued").exclude(letter="").update(next_at=now)

    def kill_at_random(self, kills: int) -> None:
        """Two workers at a time; each is killed at some moment after the two have got something done."""
        end = self.kills + kills
        while self.kills < end:
            workers, before = [self.worker(), self.worker()], self.progress()
            until = time.monotonic() + 20
            while time.monotonic() < until and self.progress() == before:
                time.sleep(0.05)
            for one in workers:
                time.sleep(self.chance.random() * 1.5)
                one.kill()
                one.wait()
                self.kills += 1
            self.leases_end()

    def in_peace(self) -> None:
        """One worker, left alone until nothing is left to do."""
        for _ in range(10):
            self.leases_end()
            assert self.worker("--once").wait(timeout=900) == 0
            unread = Inbox.objects.filter(state="stored").count() + len(self.posted) - Inbox.objects.count()
            queued = Outbox.objects.filter(state="queued", next_at__lte=datetime.now(UTC))
            unsent = set(queued.values_list("kind", "audience", "why"))
            if not unread and not unsent:
                return
        raise AssertionError(f"{unread} deliveries are not read, of letters wait {unsent}")


@contextmanager
def running() -> Iterator[tuple[str, Run]]:
    """An institution with its mailbox on a real IMAP server and a real SMTP server to send by."""
    world = worlds.build()
    world.at = datetime.now(UTC) - timedelta(seconds=1)
    with real_mailbox.mailbox() as (server, box), mail_sink.mailbox() as sink:
        told = box.settings() | {"domains": OURS}
        account(world, "surat", channel="email", settings=told, secrets={"imap_password": told.pop("imap_password")})
        yield server, Run(world, box, sink)


def told_apart(raw: bytes) -> str:
    """The digest of a mail, whichever line ends an IMAP server gives it, and what it gives for NUL."""
    return sha256(raw.replace(b"\r\n", b"\n").replace(b"\0", b"\x80")).hexdigest()


def names_a_letter(name: str) -> bool:
    """True for kinds that answer, or report on, a letter of ours."""
    return name.startswith(NAMES_A_LETTER)


def first_mails() -> Iterator[tuple[str, bytes, UUID | None]]:
    """What needs no letter of ours: as many of each kind as the number asks for."""
    names = [name for name in KINDS if not names_a_letter(name)]
    for n in range(MAILS * len(names) // len(KINDS)):
        name = names[n % len(names)]
        yield name, KINDS[name].build(n + 1, mail_kinds.OUR_MAIL), None


def answers_to(letters: list[mail_sink.EmailMessage], count: int) -> Iterator[tuple[str, bytes, UUID | None]]:
    """Replies, bounces and the like to letters that arrived, written by whoever got them."""
    names = [name for name in KINDS if names_a_letter(name)]
    for n in range(count):
        letter, name = letters[n % len(letters)], names[n % len(names)]
        message_id = str(letter["Message-ID"]).strip("<>")
        thread = Thread(message_id, parseaddr(str(letter["Reply-To"]))[1], str(letter["Subject"]))
        who = int(parseaddr(str(letter["To"]))[1].removeprefix("pelapor").partition("@")[0])
        case = Outbox.objects.get(letter=message_id.partition("@")[0]).case_id
        # another sender's bounce, the same complainant's words: each mail is one of its own by its number
        raw = KINDS[name].build(who, thread)
        yield name, raw.replace(b"<surel-%d-" % who, b"<surel-%d-%d-" % (n, who)), case


def to_complainants(run: Run) -> list[mail_sink.EmailMessage]:
    """The first letter each complainant got, once each."""
    found = {}
    for letter in run.sink.letters:
        address = parseaddr(str(letter["To"]))[1]
        if address.startswith("pelapor"):
            found.setdefault(address, letter)
    return list(found.values())


def answer(run: Run, cases: list[UUID]) -> int:
    """The operator answers; how many."""
    run.world.at = datetime.now(UTC)
    for case in cases:
        run.world.complete(case, "2#1", "operator-mipa-care", choice="tidak", answer=f"Lampu sudah diganti ({case}).")
    return len(cases)


@pytest.mark.postgres  # on the database of who has much mail; once is long enough
@pytest.mark.django_db(transaction=True)
def test_mails_of_every_kind_through_real_servers_with_workers_killed_at_random(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """S1-1, P1, P2, P3, P5, F4, F5, F6, F24: every mail is exactly one case, one quarantine or one line, as its kind

    says; every answer leaves at least once, under one Message-ID; nothing is left over and nothing is wrong.
    """
    with running() as (server, run):
        run.post(first_mails())
        run.kill_at_random(KILLS // 2)
        run.in_peace()
        letters = to_complainants(run)
        run.post(answers_to(letters, MAILS - len(run.posted)))
        open_cases = Case.objects.filter(status="open", inbox_items__kind="message", inbox_items__tags=[])
        answered = answer(run, list(open_cases.distinct().order_by("n").values_list("pk", flat=True)[: MAILS // 4]))
        run.kill_at_random(KILLS - KILLS // 2)
        run.in_peace()
        seconds = time.monotonic() - run.begun
        each_is_what_its_kind_says(run)
        letters_left(run, answered)
        assert not list(verify(at=datetime.now(UTC) + timedelta(minutes=1)))
        told = Counter(InboxItem.objects.values_list("state", flat=True))
        kinds, again = len({name for name, _ in run.posted.values()}), len(run.sink.ids) - len(set(run.sink.ids))
        with capsys.disabled():
            sys.stdout.write(
                f"\n{len(run.posted)} mails of {kinds} kinds (and {run.copies} copies) by {server}, {run.kills} kills, "
                f"{seconds:.0f} s: {Case.objects.count()} cases, {told['quarantined']} of them quarantined, "
                f"{told['recorded']} lines; {answered} answers, {len(run.sink.ids)} mails sent, {again} of them again\n"
            )


def each_is_what_its_kind_says(run: Run) -> None:
    """One delivery of each mail, one arrival in each delivery, one case of each that is to be one."""
    assert len(run.box.seen()) == len(run.posted) + run.copies
    rows = {told_apart(raw_of(row)): row for row in Inbox.objects.prefetch_related("items")}
    assert rows.keys() == run.posted.keys()
    begun = []
    for digest, (name, case) in run.posted.items():
        assert rows[digest].state == "read", name
        (item,) = rows[digest].items.all()
        becomes = KINDS[name].becomes
        assert item.state == STATES.get(becomes, "recorded"), name
        if becomes in ("case", "quarantine"):
            begun.append(item.case_id)
        elif case is not None:
            assert item.case_id == case, name
    assert None not in begun
    assert len(set(begun)) == len(begun) == Case.objects.count()


def letters_left(run: Run, answered: int) -> None:
    """Every answer arrived, under one id; no id names two letters, and no letter has two; nobody was flooded."""
    rows = Outbox.objects.filter(letter__gt="", state__in=("sent", "failed"))
    ids = {letter.strip("<>").partition("@")[0] for letter in run.sink.ids}
    assert ids == set(rows.values_list("letter", flat=True))
    readers: dict[str, set[tuple[str, ...]]] = {}
    for letter in run.sink.letters:
        readers.setdefault(str(letter["Message-ID"]), set()).add((str(letter["To"]), str(letter["Subject"])))
    assert all(len(told) == 1 for told in readers.values())
    answers = rows.filter(kind="answered", audience="complainant")
    assert len({row.letter for row in answers}) == answered
    for row in answers:
        copies = [one.as_bytes() for one in run.sink.letters if row.letter in str(one["Message-ID"])]
        words = f"Lampu sudah diganti ({row.case_id})".encode()
        assert copies, "it arrived"
        assert all(words in copy.replace(b"=\n", b"") for copy in copies), "its words, every time"
    by_address = Counter(
        (parseaddr(told)[1], subject) for every in readers.values() for told, subject in every if "pelapor" in told
    )
    assert max(by_address.values()) == 1
