"""What an installation may choose, and what it gets without choosing."""

from __future__ import annotations

import logging
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from tanggap.config import variables
from tanggap.config.database import database
from tanggap.config.logs import NoTokens
from tanggap.config.proxies import TrustedProxies
from tanggap.config.variables import VARIABLES, BadValue
from tanggap.records.checks import WANTED_PRAGMAS, unsafe_pragmas
from tanggap.web.urls import urlpatterns


def test_there_are_fewer_than_forty_settings_each_named_explained_and_with_a_default_that_reads() -> None:
    assert len(VARIABLES) < 40
    assert len({variable.name for variable in VARIABLES}) == len(VARIABLES)
    for variable in VARIABLES:
        assert variable.name.startswith("TANGGAP_")
        assert variable.means.endswith(".")
    assert variables.read({})["TANGGAP_PORT"] == 8000


@pytest.mark.parametrize(
    ("name", "value"), [("TANGGAP_PORT", "delapan"), ("TANGGAP_PORT", "-1"), ("TANGGAP_DEBUG", "mungkin")]
)
def test_an_unreadable_setting_is_told_by_name(name: str, value: str) -> None:
    with pytest.raises(BadValue, match=name):
        variables.read({name: value})


def test_flags_and_lists_are_read_in_both_languages() -> None:
    read = variables.read({"TANGGAP_DEBUG": "ya", "TANGGAP_WORKER": "tidak", "TANGGAP_HOSTS": "a.example, b.example ,"})
    assert (read["TANGGAP_DEBUG"], read["TANGGAP_WORKER"]) == (True, False)
    assert read["TANGGAP_HOSTS"] == ("a.example", "b.example")


def test_addresses_of_databases_are_understood(tmp_path: Path) -> None:
    assert database("", data=tmp_path, pool=4)["NAME"] == str(tmp_path / "tanggap.sqlite3")
    assert database("sqlite:////srv/x%20y.db", data=tmp_path, pool=4)["NAME"] == "/srv/x y.db"
    made = database("postgresql://u%40x:p%2Fw@db.example:5433/tanggap?sslmode=require", data=tmp_path, pool=4)
    assert (made["USER"], made["PASSWORD"], made["HOST"], made["PORT"], made["NAME"]) == (
        "u@x", "p/w", "db.example", "5433", "tanggap",
    )  # fmt: skip
    assert made["OPTIONS"]["sslmode"] == "require"
    assert made["OPTIONS"]["pool"]["max_size"] == 4
    assert database("postgresql://p@/t?host=%2Frun%2Fpg", data=tmp_path, pool=4)["HOST"] == "/run/pg"
    with pytest.raises(BadValue, match="mysql"):
        database("mysql://x/y", data=tmp_path, pool=4)


@pytest.mark.django_db
def test_sqlite_runs_with_the_pragmas_that_lose_nothing_and_another_value_is_noticed() -> None:
    assert unsafe_pragmas() == []
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        values = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in WANTED_PRAGMAS}
        cursor.execute("PRAGMA secure_delete=OFF")
        assert "secure_delete" in unsafe_pragmas()[0]
        cursor.execute("PRAGMA secure_delete=ON")
    assert values == WANTED_PRAGMAS
    assert settings.DATABASES["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.django_db(transaction=True)
def test_eight_threads_that_read_then_write_never_see_a_locked_database_nor_lose_an_update() -> None:
    """8 threads, 200 transactions."""
    from datetime import UTC, datetime

    from django.db import connections

    from tanggap.records.models import WorkerBeat
    from tanggap.records.writing import write

    WorkerBeat.objects.create(name="x", at=datetime(2026, 1, 1, tzinfo=UTC))
    errors: list[Exception] = []

    def work() -> None:
        try:
            for _ in range(25):
                with write():
                    row = WorkerBeat.objects.select_for_update().get(pk="x")
                    row.done += 1
                    row.save()
        except Exception as error:  # noqa: BLE001
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert WorkerBeat.objects.get().done == 200


@pytest.mark.django_db
def test_json_columns_can_be_written_with_trusted_schema_off() -> None:
    from tanggap.records.models import Institution

    with transaction.atomic():
        made = Institution.objects.create(key="x", name="X", short_name="X", lines=["a", "b"])
    made.refresh_from_db()
    assert made.lines == ["a", "b"]


def test_nothing_of_the_installation_is_readable_by_others() -> None:
    keys = Path(settings.TANGGAP_KEYS)
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert stat.S_IMODE((keys / "django.key").stat().st_mode) == 0o600
    assert (keys / "django.key").read_bytes().hex() == settings.SECRET_KEY


def test_passwords_are_argon2id_of_modest_cost() -> None:
    assert make_password("x").startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_forwarded_headers_count_only_from_a_trusted_proxy(monkeypatch: pytest.MonkeyPatch) -> None:

    def ask(peer: str) -> HttpRequest:
        request = HttpRequest()
        request.META = {
            "REMOTE_ADDR": peer,
            "HTTP_X_FORWARDED_FOR": "6.6.6.6, 203.0.113.7, 10.0.0.1",
            "HTTP_X_FORWARDED_PROTO": "https",
            "HTTP_X_FORWARDED_HOST": "evil.example",
            "wsgi.url_scheme": "http",
        }
        TrustedProxies(lambda request: HttpResponse())(request)
        return request

    assert ask("198.51.100.1").META["REMOTE_ADDR"] == "198.51.100.1"
    monkeypatch.setattr(settings, "TANGGAP_PROXIES", ("10.0.0.1", "10.0.0.2"))
    trusted = ask("10.0.0.2")
    assert (trusted.META["REMOTE_ADDR"], trusted.META["wsgi.url_scheme"]) == ("203.0.113.7", "https")
    stranger = ask("198.51.100.1")
    assert (stranger.META["REMOTE_ADDR"], stranger.META["wsgi.url_scheme"]) == ("198.51.100.1", "http")
    assert "HTTP_X_FORWARDED_HOST" not in trusted.META


def test_no_address_that_opens_something_stands_in_a_log() -> None:
    """S12: what was refused is logged, and its link may still be good: of every address with a token the token goes."""
    assert settings.LOGGING["handlers"]["terminal"]["filters"] == ["no_tokens"]
    routes = [str(one.pattern) for one in urlpatterns if "token>" in str(one.pattern)]
    assert len(routes) >= 4
    for route in routes:
        path = "/" + route.replace("<str:token>", "k4n4r1-7F3A_x")
        line = logging.LogRecord("django.request", logging.WARNING, "", 0, "%s: %s", ("Conflict", path), None)
        assert NoTokens().filter(line)
        assert line.getMessage() == f"Conflict: /{route.replace('<str:token>', '...')}"
    other = logging.LogRecord("django.request", logging.WARNING, "", 0, "%s: %s", ("Not Found", "/kasus/1"), None)
    NoTokens().filter(other)
    assert other.getMessage() == "Not Found: /kasus/1"


CHECK = "import django; django.setup(); from django.core.management import call_command; "


def test_an_installation_behind_https_passes_djangos_own_examination(tmp_path: Path) -> None:
    """Check --deploy, warnings count."""
    environment = {
        **os.environ,
        "TANGGAP_DATA": str(tmp_path / "data"),
        "TANGGAP_KEYS": str(tmp_path / "kunci"),
        "TANGGAP_DATABASE_URL": "",
        "TANGGAP_BASE_URL": "https://aduan.kampus.example",
        "DJANGO_SETTINGS_MODULE": "tanggap.config.settings",
    }
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # what a browser test in this process needs, no server has
    script = CHECK + "call_command('check', deploy=True, fail_level='WARNING')"
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
