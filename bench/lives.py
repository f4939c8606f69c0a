"""Very many open cases that differ: begun on other days, at other rows, by other posts, with other histories."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from uuid import uuid4

from django.core.management import call_command
from django.db import connection

from tanggap.actions.organisation import appoint, seed_organisation
from tanggap.actions.sops import approve, import_sop
from tanggap.casework import notices
from tanggap.casework.commands import Bind, Command, Complete, Contact, Dispose, Expire, Receive, Take, Wait
from tanggap.casework.decide import decide
from tanggap.casework.events import COMPLAINANT, Entry
from tanggap.casework.fold import apply
from tanggap.casework.refusals import Refused
from tanggap.casework.shelf import Actor, Power, Shelf
from tanggap.casework.state import Case as State
from tanggap.records import chain, store
from tanggap.records.models import (
    Case,
    CaseParty,
    Duty,
    DutyPost,
    DutyRung,
    Institution,
    Membership,
    RegisterCounter,
    SopVersion,
    User,
)
from tanggap.records.models.cases import duty_id
from tanggap.records.outbox import Members, NewNotice, rows_for
from tanggap.records.projection import Rows, project
from tanggap.records.register import register_words
from tanggap.records.rows import insert
from tanggap.records.writing import write
from tanggap.sop.seeds import text

KEY, SOP = "ub-fmipa", "ub-fmipa-mipa-care"
START = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
ACTED = START + timedelta(minutes=5)
NONE_DUE, ALL_DUE = START + timedelta(minutes=6), START + timedelta(days=1, hours=9)
"""All is written that came due before the first; by the second, the evening after, something is due in each."""
OLDEST = timedelta(days=12)
HISTORIES = 2_000
"""So many are decided one by one; among more cases than that each is lived by several."""
ENGINE = Actor("engine", powers=frozenset({Power.WORKER}))
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Life:
    """What a case has lived through."""

    entries: tuple[Entry, ...]
    state: State
    rows: Rows


def prepare() -> Institution:
    """An institution with its SOP in force, somebody on every post, two on every third, and a coordinator."""
    call_command("migrate", verbosity=0)
    institution = seed_organisation(KEY, at=START - OLDEST)
    approve(import_sop(institution, text(SOP), name=f"{SOP}.toml", at=START - OLDEST), at=START - OLDEST)
    for n, post in enumerate(institution.posts.order_by("key")):
        for name in (post.key, f"{post.key}-2")[: 2 if n % 3 == 0 else 1]:
            user = User.objects.create(username=name, full_name=name)
            appoint(post, user, from_at=START - OLDEST)
            Membership.objects.create(user=user, institution=institution, coordinator=not n)
    institution.refresh_from_db()
    return institution


def lives(institution: Institution, shelf: Shelf, count: int) -> Iterator[Life]:
    """``count`` histories, decided as the door decides, that the engine has brought up to :data:`NONE_DUE`."""
    version = SopVersion.objects.get(institution=institution).hash
    rng = Random(1)
    while count:
        life = _live(version, shelf, rng)
        moment = dict(life.rows.fields)["next_moment"]
        if moment is not None and moment <= ALL_DUE:
            count -= 1
            yield life


def _live(version: str, shelf: Shelf, rng: Random) -> Life:
    everybody = Actor("u-bench", frozenset(shelf.organisation.posts), frozenset({Power.OFFICER, Power.COORDINATOR}))
    kind, channel = rng.choice(["complaint", "aspiration"]), rng.choice(["web", "whatsapp", "telepon"])
    begin = Receive(version, {"channel": channel, "kind": kind, "identity": rng.choice(["anonymous", "named"])})
    received = ACTED - OLDEST * rng.random() ** 3 - timedelta(microseconds=rng.randrange(10**6))
    acts = _acts(shelf, rng)
    moments = sorted(received + (ACTED - received) * rng.random() for _ in acts)
    steps = [
        (Actor(COMPLAINANT), begin, received),
        *((everybody, act, at) for act, at in zip(acts, moments, strict=True)),
        (ENGINE, Expire(), NONE_DUE),
    ]
    state = State()
    entries: tuple[Entry, ...] = ()
    for by, command, at in steps:
        try:
            made = decide(state, command, actor=by, shelf=shelf, at=at)
        except Refused:  # what chance brought does not fit here
            continue
        for entry in made:
            apply(state, entry)
        entries = (*entries, *made)
    return Life(entries, state, project(state, shelf=shelf, head="", last_at=entries[-1].recorded_at))


def _acts(shelf: Shelf, rng: Random) -> list[Command]:
    """From the receipt to some row, with a return, and with what officers do beside."""
    posts = sorted(shelf.organisation.posts)
    all_the_way: list[Command] = [
        Complete("2#1", "ya"),
        Complete("3#1", binds={"dikomplain": (rng.choice(posts),)}),
        Complete("4#1"),
        Complete("5#1", "tidak", reason="m") if rng.random() < 0.3 else Complete("5#1", "ya"),
        Complete("4#2"),
        Complete("5#2", "ya"),
    ]
    way = all_the_way[: rng.randrange(7)]
    for visit in ("2#1", "3#1", "4#1", "5#1", "6#1"):
        beside: list[Command] = [
            Take(visit),
            Contact("web"),
            Bind("terlapor", (rng.choice(posts),)),
            Dispose(visit, tuple(rng.sample(posts, 2)), standard=rng.choice(["2 jam", "1 hari"])),
            Wait(visit, "pelapor", until=NONE_DUE + timedelta(minutes=rng.randrange(1, 1_000))),
        ]
        if rng.random() < 0.4:
            way.insert(rng.randrange(len(way) + 1), rng.choice(beside))
    return way


def fill(institution: Institution, shelf: Shelf, size: int) -> None:
    """``size`` open cases, written in bulk: everything the log, its rows and the outbox need, no contents."""
    known = list(lives(institution, shelf, min(size, HISTORIES)))
    numbers = iter(range(1, size + 1))
    while part := list(islice(numbers, _AT_ONCE)):
        with write():
            _write([(n, known[n % len(known)]) for n in part], institution, shelf)
    RegisterCounter.objects.create(institution=institution, year=START.year, last=size)
    if connection.vendor == "postgresql":
        connection.cursor().execute("ANALYZE")  # as the server does by itself within a minute


def _write(part: list[tuple[int, Life]], institution: Institution, shelf: Shelf) -> None:
    rows: list[Case] = []
    lines: list[store.NewLine] = []
    told: list[NewNotice] = []
    members = Members()
    for n, life in part:
        words = register_words(institution, n=n, year=START.year, month=START.month)
        row = Case(id=uuid4(), institution=institution, year=START.year, n=n, register=words, recorded_at=START)
        own = store.lines_of(row, life.entries, prev=chain.genesis(row, institution=KEY), private="")
        for name, value in life.rows.fields:
            setattr(row, name, value)
        row.head = own[-1].hash
        rows.append(row)
        lines += own
        kinds = notices.of(State(), life.entries, shelf.sops)
        told += rows_for(row, kinds, state=life.state, shelf=shelf, duties=life.rows.duties, members=members)
    insert(rows)
    store.insert_lines(lines)
    store.insert_notices(told)
    duties = [(row, duty) for row, (_, life) in zip(rows, part, strict=True) for duty in life.rows.duties]
    insert(Duty(id=duty_id(row.pk, duty.name), case=row, name=duty.name, **dict(duty.fields)) for row, duty in duties)
    insert(
        DutyPost(duty_id=duty_id(row.pk, duty.name), name=name, group=group)
        for row, duty in duties
        for name, group in duty.posts
    )
    insert(
        DutyRung(duty_id=duty_id(row.pk, duty.name), name=name, cause=cause, level=level, at=at)
        for row, duty in duties
        for name, cause, level, at in duty.rungs
    )
    parties = ((row, party) for row, (_, life) in zip(rows, part, strict=True) for party in life.rows.parties)
    insert(CaseParty(case=row, name=name, part=kind) for row, (name, kind) in parties)
