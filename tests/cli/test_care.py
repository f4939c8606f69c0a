"""verify, rebuild, doctor, worker and serve, as an operator uses them."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

import worlds
from tanggap.actions import deadlines
from tanggap.cli.main import main
from tanggap.records import fences
from tanggap.records.models import Case, CaseEvent, Duty

_STARTS_WITHIN_SECONDS = 40


@pytest.fixture
def case(db: None) -> Case:
    return Case.objects.get(pk=worlds.build().receive().case)


def test_verify_says_that_all_is_whole_and_what_it_looked_at(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify"]) == 0
    assert "Utuh: 1 perkara, 4 catatan, 0 berkas" in capsys.readouterr().out
    assert main(["verify", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["cases"], told["flaws"]) == (True, 1, [])


def test_verify_names_the_first_bad_position_and_fails(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    with fences.lowered(connection):
        CaseEvent.objects.filter(case=case, seq=3).update(by="u9")
    assert main(["verify"]) == 1
    assert f"{case.register}: Rantai putus pada catatan 3 (isinya diubah)." in capsys.readouterr().out
    assert main(["verify", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["flaws"][0] == {
        "kind": "chain",
        "where": case.register,
        "seq": 3,
        "says": "Rantai putus pada catatan 3 (isinya diubah).",
    }


def test_a_log_that_cannot_be_read_is_reported_and_does_not_end_the_report(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    with fences.lowered(connection):
        CaseEvent.objects.filter(case=case, seq=2).update(data="bukan JSON")
    assert main(["verify", "--json"]) == 1
    assert [flaw["kind"] for flaw in json.loads(capsys.readouterr().out)["flaws"]] == ["chain", "log"]
    assert main(["rebuild"]) == 1
    assert "Tidak terbaca" in capsys.readouterr().out


def test_rebuild_repairs_from_the_log(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    Duty.objects.all().delete()
    Case.objects.update(status="closed", seq=0)
    assert main(["verify"]) == 1
    assert main(["rebuild"]) == 0
    assert "1 perkara dihitung ulang, 1 diperbaiki" in capsys.readouterr().out
    assert main(["verify"]) == 0


def test_worker_once_does_what_is_due(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    Case.objects.update(next_moment=worlds.MONDAY)
    assert main(["worker", "--once"]) == 0
    assert capsys.readouterr().out == "0 kiriman dibaca, 1 perkara dikerjakan, 0 surel dikirim.\n"


def test_doctor_looks_at_everything_and_says_what_to_do(
    case: Case, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["doctor", "--json"]) == 0
    told = {line["what"]: line for line in json.loads(capsys.readouterr().out)}
    for what in ("Folder data", "Cakram", "Kunci", "Basis data", "Tabel", "Pasangan kunci", "Pagar catatan", "Jam"):
        assert told[what]["state"] in {"baik", "perhatikan"}, told[what]
    assert told["Pekerja"]["says"] == "belum pernah terlihat. Jalankan: tanggap serve"
    monkeypatch.setattr(settings, "TANGGAP_KEYS", Path(settings.TANGGAP_DATA) / "di-dalam")
    fences.lower_fences(connection)
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "di dalam folder data" in said
    assert "bukan pasangan basis data ini" in said
    assert re.search(r"hilang: .*records_caseevent_delete", said)


def test_doctor_tells_of_clocks_that_differ(case: Case, capsys: pytest.CaptureFixture[str]) -> None:
    """F16."""
    at = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
    deadlines.beat("mesin-a", at=at, done=0, apart=timedelta(minutes=5), leapt=(timedelta(hours=-2), at))
    assert main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert "mesin-a 5 menit lebih cepat daripada jam basis data" in said
    assert "mesin-a melompat mundur 2 jam pada 2026-11-16 01.00 UTC" in said


def test_a_worker_held_by_its_clock_is_told_of_until_a_person_says_that_the_clock_is_right(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    """F16: a machine that booted three years ahead."""
    deadlines.hold("mesin-b", known=worlds.MONDAY, by=timedelta(days=3 * 365))
    assert main(["doctor"]) == 1
    assert "mesin-b tidak mengerjakan apa pun" in capsys.readouterr().out
    assert main(["clock"]) == 1
    said = capsys.readouterr().out
    assert "Tanda hidup terakhir:     2026-11-16 01.00 UTC" in said
    assert "pekerja pada mesin-b" in said
    assert main(["clock", "--confirm"]) == 0
    deadlines.let_go("mesin-b")
    assert main(["clock"]) == 0
    assert "mesin-b" not in capsys.readouterr().out


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[str], dict[str, str]]]:
    """`tanggap serve` on an empty folder, as somebody starts it for the first time."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TANGGAP_", "DJANGO_"))}
    environment |= {"TANGGAP_DATA": str(tmp_path / "data"), "TANGGAP_WORKER_SECONDS": "1", "PYTHONUNBUFFERED": "1"}
    environment["TANGGAP_THREADS"] = "2"
    server = subprocess.Popen(
        [sys.executable, "-m", "tanggap", "serve", "--port", str(port)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        yield f"http://127.0.0.1:{port}", server, environment
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            server.kill()
        assert server.stdout is not None
        server.stdout.close()


def test_serve_on_an_empty_folder_asks_for_a_first_account_and_lets_time_pass(
    served: tuple[str, subprocess.Popen[str], dict[str, str]],
) -> None:
    """Tables made, keys beside the data, bound to this machine, a code on the terminal, a worker that lives."""
    address, server, environment = served
    assert server.stdout is not None
    first = [server.stdout.readline(), server.stdout.readline()]
    assert address in first[0]
    assert f"Belum ada akun. Buka {address}/siapkan dan masukkan kode " in first[1]
    assert _status(f"{address}/") == 200
    with _slow_senders(address, 6):
        assert _status(f"{address}/lacak") == 200, "two threads, six that send a byte now and then (S48)"
    deadline = time.monotonic() + _STARTS_WITHIN_SECONDS
    while "hidup" not in (said := _doctor(environment)) and time.monotonic() < deadline:
        time.sleep(0.5)
    assert "hidup" in said
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=30) == 0


@contextmanager
def _slow_senders(address: str, count: int) -> Iterator[None]:
    """Connections that promise a body, in half of them in chunks, and send one byte of it."""
    host, _colon, port = address.removeprefix("http://").partition(":")
    with ExitStack() as open_now:
        for n in range(count):
            length = b"Content-Length: 99999\r\n\r\na" if n % 2 else b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n"
            line = open_now.enter_context(socket.create_connection((host, int(port)), timeout=5))
            line.sendall(b"POST /lacak HTTP/1.1\r\nHost: localhost\r\n" + length)
        yield


def _status(url: str) -> int:
    deadline = time.monotonic() + _STARTS_WITHIN_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


def _doctor(environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tanggap", "doctor"], env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout
