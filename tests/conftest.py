"""What every test stands on: a database (TANGGAP_TEST_DB=sqlite or postgres), a data folder, a browser.

Nothing here is needed by the tests of the pure rooms; they only share the process.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from hypothesis import settings as hypothesis_settings

import chromium

OURS = ("TANGGAP_TEST_DB", "TANGGAP_RANDOM", "TANGGAP_RACES")  # the database; how many random SOPs; how many races
DATABASE = os.environ.get("TANGGAP_TEST_DB", "sqlite")
IS_PARALLEL_WORKER = "PYTEST_XDIST_WORKER" in os.environ
MEMORY = Path("/dev/shm")
ENOUGH = 2 * 1024**3  # bytes: a container often has 64 MB there


def _place() -> str | None:
    """Memory, where there is enough of it: a commit then waits for no disk. Nothing here outlives the power anyway."""
    return str(MEMORY) if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH else None


FOLDER = Path(tempfile.mkdtemp(prefix="tanggap-tests-", dir=_place()))


def _choose_database() -> None:
    # Before Django reads its settings, which is why this runs at import and not in a fixture. A developer's own
    # settings must not leak into the tests; parallel workers keep the address their parent found.
    address = os.environ.get("TANGGAP_DATABASE_URL", "")
    for name in [name for name in os.environ if name.startswith("TANGGAP_") and name not in OURS]:
        del os.environ[name]
    if DATABASE == "postgres":
        if not IS_PARALLEL_WORKER:
            import postgres

            address = postgres.start()
        os.environ["TANGGAP_DATABASE_URL"] = address
    elif DATABASE == "sqlite":
        os.environ["TANGGAP_DATABASE_URL"] = f"sqlite:///{FOLDER / 'tanggap.sqlite3'}"
    else:
        raise pytest.UsageError(f"TANGGAP_TEST_DB is sqlite or postgres, not {DATABASE!r}")
    os.environ["TANGGAP_DATA"] = str(FOLDER / "data")
    os.environ["DJANGO_SETTINGS_MODULE"] = "tanggap.config.settings"


_choose_database()

# Two tests run at a time on two cores: how long one example took says nothing. CI draws the same examples every time.
hypothesis_settings.register_profile("tanggap", deadline=None, derandomize="CI" in os.environ, print_blob=True)
hypothesis_settings.load_profile("tanggap")


def _empty_tables_with_fences_down() -> None:
    """Tests with real transactions end by emptying every table, which the triggers of the log rightly refuse."""
    from django.db import connection
    from django.test import TransactionTestCase

    from tanggap.records.fences import lowered

    empty = TransactionTestCase._fixture_teardown

    def empty_with_fences_down(case: TransactionTestCase) -> None:
        with lowered(connection):
            empty(case)

    TransactionTestCase._fixture_teardown = empty_with_fences_down


def pytest_configure(config: pytest.Config) -> None:
    django.setup()
    _empty_tables_with_fences_down()
    config.addinivalue_line("markers", "browser: opens pages in a real Chromium (everything in tests/browser)")
    config.addinivalue_line("markers", "sqlite: runs on SQLite alone: it speaks of SQLite, or once is enough")
    config.addinivalue_line("markers", "postgres: runs on PostgreSQL alone: it speaks of PostgreSQL, or once is enough")


def pytest_unconfigure() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take out what runs on the other database alone.

    Without a Chromium the browser tests cannot run: they go too, and the summary says so, loudly.
    """
    browser = Path(__file__).parent / "browser"
    for item in items:
        if browser in item.path.parents:
            item.add_marker("browser")
    out = {"sqlite", "postgres"} - {DATABASE}
    if chromium.path() is None:
        out.add("browser")
    gone = [item for item in items if any(item.get_closest_marker(name) for name in out)]
    if gone:
        items[:] = [item for item in items if item not in gone]
        config.hook.pytest_deselected(items=gone)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(f"Database: {DATABASE}")
    if (Path(__file__).parent / "browser").is_dir() and chromium.path() is None:
        said = "NOT RUN: the browser tests. No Chromium is installed (as root: scripts/browser)."
        terminalreporter.write_sep("!", said, red=True, bold=True)


@pytest.fixture(autouse=True)
def _the_first_language_again() -> Iterator[None]:
    """A page that was asked for in English leaves its language to the thread, and so to the next test."""
    yield
    from django.utils import translation

    translation.deactivate()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """SQLite in a file, as in production: a database in memory has neither WAL nor a second connection."""
    from django.conf import settings

    if DATABASE == "sqlite":
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(FOLDER / "test.sqlite3")


@pytest.fixture(scope="session")
def chromium_browser() -> Iterator[Any]:
    """A running headless Chromium (a playwright ``Browser``)."""
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop running in this thread, and Django's ORM would refuse to work beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=list(chromium.FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def page(chromium_browser: Any) -> Iterator[Any]:
    """An empty page of its own context, 1,280 px wide, speaking Indonesian (a playwright ``Page``)."""
    context = chromium_browser.new_context(viewport={"width": 1280, "height": 900}, locale="id-ID")
    yield context.new_page()
    context.close()
