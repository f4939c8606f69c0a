"""Workers that are killed, frozen and doubled while they write what is due: nothing is lost, nothing is doubled."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from django.conf import settings as installed
from django.db import connection, connections

import worlds
from tanggap.actions import deadlines
from tanggap.records import store
from tanggap.records.models import Case, Outbox
from tanggap.records.verification import verify

CASES = 6


@pytest.fixture
def world(transactional_db: None) -> worlds.World:
    world = worlds.build()
    for _ in range(CASES):
        world.receive()
    world.later(hours=1)
    return world


def breaches() -> Counter[UUID]:
    """How often each case says that its row is late."""
    found: Counter[UUID] = Counter()
    for case in Case.objects.values_list("pk", flat=True):
        found[case] = [entry.event.kind for entry in store.load(case).entries].count("Breached")
    return found


def require_all_once(at: datetime) -> None:
    assert set(breaches().values()) == {1}
    assert Outbox.objects.filter(kind="late").count() == CASES
    assert not list(verify(at=at))
    assert not Case.objects.exclude(lease_until=None).exists()


class Killed(BaseException):
    """Nothing catches this, as nothing catches SIGKILL."""


@contextmanager
def killed_at(statement: int) -> Iterator[list[str]]:
    """Inside, the ``statement``-th statement is not reached any more. Gives the statements that were."""
    reached: list[str] = []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if len(reached) == statement:
            raise Killed
        reached.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield reached


def test_a_worker_killed_before_any_of_its_statements_loses_nothing_and_doubles_nothing(world: worlds.World) -> None:
    """F4, F21: before the first, before the second, and so on to the last; each time the next worker does the rest."""
    at, killed = world.at, 0
    while True:
        try:
            with killed_at(killed):
                assert deadlines.expire_due(at=at) == deadlines.Round(CASES)
            break
        except Killed:
            killed += 1
            assert set(breaches().values()) == {0}, "all of a batch, or nothing"
            at += deadlines.LEASE
    assert killed >= 10
    require_all_once(at)


FROZEN = """
    import os, signal
    import django
    django.setup()
    from datetime import datetime
    from tanggap.actions import deadlines
    from tanggap.records import store
    whole = store.{where}
    def {where}(*args, **more):
        os.kill(os.getpid(), signal.{signal})
        return whole(*args, **more)
    store.{where} = {where}
    deadlines.expire_due(at=datetime.fromisoformat("{at}"))
"""


def worker(world: worlds.World, where: str, how: str) -> subprocess.Popen[bytes]:
    """A worker that gets ``how`` when it comes to ``where``."""
    told = connection.settings_dict
    address = f"sqlite:///{told['NAME']}"
    if connection.vendor == "postgresql":
        host = quote(told["HOST"], safe="")
        address = f"postgresql://{told['USER'] or 'postgres'}@/{told['NAME']}?host={host}&port={told['PORT'] or 5432}"
    environment = {**os.environ, "TANGGAP_DATABASE_URL": address, "TANGGAP_DATA": str(installed.TANGGAP_DATA),
                   "TANGGAP_KEYS": str(installed.TANGGAP_KEYS), "PYTHONPATH": os.pathsep.join(sys.path)}  # fmt: skip
    script = textwrap.dedent(FROZEN).format(where=where, signal=how, at=world.at.isoformat())
    return subprocess.Popen([sys.executable, "-c", script], env=environment, stdout=subprocess.DEVNULL)


@pytest.mark.parametrize("where", ["load_all", "append"])
def test_a_worker_that_wakes_after_its_lease_writes_nothing(world: worlds.World, where: str) -> None:
    """F21: frozen when it has claimed, or when it has decided; five minutes later another has done its work."""
    zombie = worker(world, where, "SIGSTOP")
    _wait_until_stopped(zombie)
    assert Case.objects.exclude(lease_until=None).count() == CASES
    assert deadlines.expire_due(at=world.at) == deadlines.Round(0), "claimed"
    later = world.later(minutes=5)
    assert deadlines.expire_due(at=later) == deadlines.Round(CASES)
    written = Case.objects.values_list("seq", "head")
    before = sorted(written)
    while zombie.poll() is None:  # it stops again before each case it looks at alone
        zombie.send_signal(signal.SIGCONT)
        time.sleep(0.05)
    assert zombie.returncode == 0
    assert sorted(written) == before
    require_all_once(later)


def _wait_until_stopped(process: subprocess.Popen[bytes]) -> None:
    pid, status = os.waitpid(process.pid, os.WUNTRACED)
    assert pid == process.pid
    assert os.WIFSTOPPED(status), "it ended before it came there"


@pytest.mark.parametrize("where", ["_write", "insert_notices", "update"])
def test_a_worker_killed_in_the_middle_of_writing_leaves_all_to_the_next(world: worlds.World, where: str) -> None:
    """F4: kill -9, before and within what one transaction writes."""
    assert worker(world, where, "SIGKILL").wait(timeout=120) == -signal.SIGKILL
    assert set(breaches().values()) == {0}
    assert deadlines.expire_due(at=world.at) == deadlines.Round(0), "until its lease ends"
    later = world.at + deadlines.LEASE
    assert deadlines.expire_due(at=later) == deadlines.Round(CASES)
    require_all_once(later)


def test_two_workers_at_once_write_each_case_once(world: worlds.World) -> None:
    """F21: two schedulers, taking two cases at a time, on the same queue."""

    def work(_: int) -> int:
        done = 0
        try:
            while (found := deadlines.expire_due(at=world.at, limit=2)).done:
                done += found.done
            return done
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        done = sum(pool.map(work, range(2)))
    done += deadlines.expire_due(at=world.at + timedelta(minutes=2)).done  # what one passed over, the other had
    assert done == CASES
    require_all_once(world.at)
