"""Complaints received, worked on and verified on the database that the settings name; it must be empty."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from time import perf_counter
from uuid import UUID, uuid4

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench import bare
from bench.figures import Figure, Times, number, rate, timed
from tanggap.actions.cases import THE_COMPLAINANT, act
from tanggap.actions.contents import new_content
from tanggap.actions.intake import Complainant, Incoming, receive
from tanggap.actions.organisation import appoint, seed_organisation
from tanggap.actions.sops import approve, import_sop
from tanggap.actions.tracking import hash_code
from tanggap.casework.commands import Complete
from tanggap.casework.shelf import Actor
from tanggap.records.contents import NewContent
from tanggap.records.models import CaseEvent, Membership, User
from tanggap.records.verification import how_much, verify
from tanggap.sop.seeds import text

KEY, SOP = "ub-fmipa", "ub-fmipa-mipa-care"
START = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
OFFICE = ("operator-mipa-care", "wakil-dekan-umum")
COMPLAINED_OF = "kasubbag-akademik"
THREADS = 4
TEXT = "Nilai praktikum Kimia Dasar kelas C belum muncul, padahal batas pengisian sudah lewat seminggu. " * 3


def prepare() -> tuple[User, User]:
    """An institution with its SOP in force, an officer of its desk, and one of the unit complained of."""
    call_command("migrate", verbosity=0)
    institution = seed_organisation(KEY, at=START)
    approve(import_sop(institution, text(SOP), name=f"{SOP}.toml", at=START), at=START)
    users = []
    for name, posts in (("officer", OFFICE), ("other", (COMPLAINED_OF,))):
        user = User.objects.create(username=name, full_name=name)
        Membership.objects.create(institution=institution, user=user)
        for post in institution.posts.filter(key__in=posts):
            appoint(post, user, from_at=START - timedelta(days=1))
        users.append(user)
    return users[0], users[1]


def received() -> UUID:
    """One complaint, as the web form sends it."""
    incoming = Incoming(
        TEXT, title="Nilai belum muncul", identity="open",
        complainant=Complainant(name="Sari", email="sari@contoh.id", phone="0812000000"),
    )  # fmt: skip
    return receive(KEY, incoming, key=uuid4().hex, at=START).case


def acts(case: UUID, officer: User, other: User) -> Iterator[Callable[[], object]]:
    """Everything that is done on a case, once around the loop, each with the key and the page of its form."""
    reason = new_content("reason", "Belum menjawab pertanyaan pelapor.", author=officer.person, key=f"r{case}")
    answer = new_content("answer", TEXT, author=officer.person, key=f"a{case}", audience="complainant")
    steps: list[tuple[Complete, User | Actor, tuple[NewContent, ...]]] = [
        (Complete("2#1", "ya"), officer, ()),
        (Complete("3#1", binds={"dikomplain": (COMPLAINED_OF,)}), officer, ()),
        (Complete("4#1"), other, ()),
        (Complete("5#1", "tidak", reason=reason.id), officer, (reason,)),
        (Complete("4#2"), other, ()),
        (Complete("5#2", "ya"), officer, ()),
        (Complete("6#1", answer=answer.id), officer, (answer,)),
        (Complete("7#1"), THE_COMPLAINANT, ()),
    ]
    for minute, (command, by, contents) in enumerate(steps, start=1):
        at = START + timedelta(minutes=minute)
        key = f"{case}{command.visit}"
        yield partial(act, command, case=case, by=by, at=at, key=key, contents=contents)


def together(cases: Sequence[UUID], officer: User, other: User) -> Times:
    """The acts of ``cases``, worked on by :data:`THREADS` threads at once, each with cases of its own."""

    def work(mine: Sequence[UUID]) -> list[float]:
        each: list[float] = []
        for case in mine:
            each += timed(acts(case, officer, other), seconds=60).each
        connection.close()
        return each

    begun = perf_counter()
    with ThreadPoolExecutor(THREADS) as threads:
        found = [one for each in threads.map(work, [cases[n::THREADS] for n in range(THREADS)]) for one in each]
    return Times(tuple(found), perf_counter() - begun)


def measure(name: str, seconds: float) -> Iterator[Figure]:
    """The whole bench on the database ``name``."""
    folder = Path(os.environ["TANGGAP_DATA"])
    officer, other = prepare()

    warm = received()
    with CaptureQueriesContext(connection) as asked:
        for do in acts(warm, officer, other):
            do()
    statements = round(len(asked) / 8)
    hashes = rate(lambda: len([hash_code("0123456789ABCDEF")]), seconds=seconds / 2)
    cases: list[UUID] = []
    receiving = timed(((lambda: cases.append(received())) for _ in count()), seconds=seconds)
    while len(cases) < max(8, round(seconds * 40)):
        cases.append(received())
    share = len(cases) * 2 // 3

    commit = bare.commits(name, folder, statements=1, seconds=seconds)
    as_many = bare.commits(name, folder, statements=statements, seconds=seconds)
    acting = timed((do for case in cases[:share] for do in acts(case, officer, other)), seconds=seconds * 4)
    many = together(cases[share:], officer, other)

    hoped = "1,000/s" if name == "sqlite" else ""
    one, more = "commit of one insert", f"commits/s of {statements} inserts"

    def figure(what: str, value: float, unit: str, machine: str = "", hoped: str = "") -> Figure:
        return Figure(name, what, value, unit, hoped, machine)

    each = f"act ({len(acting.each)} acts)"
    yield figure(each, acting.per_second, "acts/s", f"{number(commit.per_second)}/s, {one}", hoped)
    yield figure("act, p50", acting.percentile(50), "ms", f"{number(commit.percentile(50))} ms, {one}")
    yield figure("act, p95", acting.percentile(95), "ms", f"{number(commit.percentile(95))} ms, {one}")
    yield figure("act, processor time", acting.processor / len(acting.each) * 1000, "ms")
    yield figure(f"act, {THREADS} threads", many.per_second, "acts/s", f"{number(as_many.per_second)} {more}", hoped)
    yield figure(f"act, {THREADS} threads, p95", many.percentile(95), "ms")
    yield figure("statements in one act", statements, "statements")
    each = f"receive ({len(receiving.each)} complaints)"
    yield figure(each, receiving.per_second, "complaints/s", f"{number(hashes)} Argon2id/s, one each")
    yield figure("receive, p95", receiving.percentile(95), "ms")
    yield from verification(name)


def verification(name: str) -> Iterator[Figure]:
    """``tanggap verify`` over everything there is by now."""
    counted = how_much()
    begun = perf_counter()
    flaws = list(verify(at=START + timedelta(hours=1)))
    spent = perf_counter() - begun
    if flaws:
        raise AssertionError(f"verify found {len(flaws)} flaws, the first: {flaws[0]}")
    begun = perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {CaseEvent._meta.db_table}")
        rows = len(cursor.fetchall())
    reading = rows / (perf_counter() - begun)
    yield Figure(
        name, f"verify ({counted.cases} cases, {counted.events} events)", counted.events / spent, "events/s", "",
        f"{number(reading)} rows/s read in one go",
    )  # fmt: skip
