"""A real Tanggap, and pages that watch themselves: an error, a blocked resource or a foreign host fails the test."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from real_site import PASSWORD, Site, start

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The demo, served."""
    folder = Path(tempfile.mkdtemp(prefix="tanggap-browser-"))
    found, process = start(folder)
    yield found
    process.terminate()
    process.wait(timeout=40)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def open_page(chromium_browser: Any, site: Site) -> Iterator[Callable[..., Any]]:
    """A new browser window at an address: ``open_page("/lapor", phone=True, javascript=False, user="...")``.

    Ends with an assertion that nothing went wrong behind the pages.
    """
    contexts, faults = [], []

    def limit(got: Any) -> int:
        return 500 if got.request.resource_type == "document" else 400

    def watch(page: Any) -> None:
        page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
        page.on("console", lambda said: said.type in ("error", "warning") and faults.append(f"{page.url}: {said.text}"))
        page.on("request", lambda asked: asked.url.startswith((site.address, "about:")) or faults.append(asked.url))
        page.on("response", lambda got: got.status >= limit(got) and faults.append(f"{got.status} {got.url}"))

    def opened(address: str, *, phone: bool = False, javascript: bool = True, user: str = "", **more: Any) -> Any:
        context = chromium_browser.new_context(
            viewport=PHONE if phone else DESK,
            locale="id-ID",
            java_script_enabled=javascript,
            base_url=site.address,
            **more,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        watch(page)
        page.goto(address)
        if user:
            page.get_by_label("Nama pengguna").fill(user)
            page.get_by_label("Kata sandi").fill(PASSWORD)
            page.get_by_role("button", name="Masuk").click()
            page.wait_for_url(f"**{address}")
        return page

    yield opened
    for context in contexts:
        context.close()
    # A form that was refused answers 422, which Chromium tells as an error; of everything else the status is watched.
    assert not [one for one in faults if "status of 4" not in one]
