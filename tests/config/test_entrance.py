"""The entrance: bodies are gathered before a thread is taken, within limits (S48)."""

from __future__ import annotations

import asyncio
import errno
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable
from types import SimpleNamespace
from typing import Any

import pytest

from tanggap.config import rsgi
from tanggap.config.rsgi import Entrance, Limits, environ_of

SMALL = Limits(most=1000, pace=100, grace=0.05, whole=0.3)


class Headers(dict[str, list[str]]):
    """Names to values, as granian gives them."""

    def get(self, name: str) -> str | None:  # type: ignore[override]
        return self[name][0] if name in self else None

    def get_all(self, name: str) -> list[str]:
        return self[name]


class Protocol:
    """One request of somebody who sends ``pieces``, with so many seconds before each; notes what is answered."""

    def __init__(self, pieces: Iterable[bytes], *, pause: float = 0.0) -> None:
        self.pieces, self.pause, self.answers = pieces, pause, list[tuple[int, bytes]]()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            await asyncio.sleep(self.pause)
            yield piece

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.answers.append((status, body))

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        self.answers.append((status, b""))


def scope(**headers: str) -> Any:
    named = Headers({name.replace("_", "-"): [value] for name, value in headers.items()})
    return SimpleNamespace(
        proto="http", method="POST", path="/lapor/é", query_string="a=1", http_version="1.1", client="10.0.0.9:51000",
        server="[::1]:8000", scheme="http", authority=None, headers=named,
    )  # fmt: skip


def echo(environ: dict[str, Any], start: Callable[..., object]) -> list[bytes]:
    start("200 OK", [("Content-Type", "text/plain")])
    return [environ["wsgi.input"].read()]


def endless() -> Iterable[bytes]:
    while True:
        yield b"x" * 100


def ask(entrance: Entrance, protocol: Protocol, **headers: str) -> int:
    asyncio.run(asyncio.wait_for(entrance.__rsgi__(scope(**headers), protocol), 5))
    return protocol.answers[0][0]


def test_a_whole_body_reaches_the_pages() -> None:
    protocol = Protocol([b"satu ", b"dua"])
    assert ask(Entrance(echo, threads=1, limits=SMALL), protocol, content_length="8") == 200
    assert protocol.answers == [(200, b"satu dua")]


@pytest.mark.parametrize(
    ("limits", "protocol", "headers", "status"),
    [
        (SMALL, Protocol([b"a"] * 100, pause=0.02), {"content_length": "100"}, 408),
        (SMALL, Protocol(endless(), pause=0.06), {"transfer_encoding": "chunked"}, 408),
        (SMALL, Protocol(endless()), {"transfer_encoding": "chunked"}, 413),
        (SMALL, Protocol([]), {"content_length": "1001"}, 413),
        (Limits(most=10_000, together=500), Protocol(endless()), {"transfer_encoding": "chunked"}, 503),
    ],
)
def test_what_is_too_slow_endless_or_too_large_is_ended_and_no_page_is_asked(
    limits: Limits, protocol: Protocol, headers: dict[str, str], status: int
) -> None:
    """S48: a byte now and then, chunks without an end, a length beyond the limit, too much at once."""

    def never(environ: dict[str, Any], start: Callable[..., object]) -> list[bytes]:
        raise AssertionError("a thread was taken")

    assert ask(Entrance(never, threads=1, limits=limits), protocol, **headers) == status


def test_forty_that_are_slow_take_no_thread_from_one_that_is_not() -> None:
    """S48: forty uploads at once, one thread."""
    entrance = Entrance(echo, threads=1, limits=Limits(most=1000))

    async def together() -> float:
        slow = [
            asyncio.create_task(entrance.__rsgi__(scope(content_length="100"), Protocol([b"a"] * 100, pause=1.0)))
            for _ in range(40)
        ]
        await asyncio.sleep(0)
        began, quick = time.monotonic(), Protocol([b"cepat"])
        await entrance.__rsgi__(scope(content_length="5"), quick)
        took = time.monotonic() - began
        assert quick.answers == [(200, b"cepat")]
        for one in slow:
            one.cancel()
        return took

    assert asyncio.run(together()) < 0.9, "answered before any of the slow ones sent its second byte"


def test_large_uploads_that_are_worked_at_leave_the_pages_their_threads() -> None:
    """S48: one thread for pages, one for what is large; the large one is not done yet."""
    done = threading.Event()

    def work(environ: dict[str, Any], start: Callable[..., object]) -> list[bytes]:
        if int(environ["CONTENT_LENGTH"]) > 1024 * 1024:
            assert done.wait(5)
        return echo(environ, start)

    async def together() -> list[int]:
        entrance = Entrance(work, threads=1, limits=Limits(most=5 * 1024 * 1024))
        large, quick = Protocol([b"x" * 1024 * 1024, b"y"]), Protocol([b"cepat"])
        waits = asyncio.create_task(entrance.__rsgi__(scope(content_length="1048577"), large))
        await asyncio.sleep(0.05)
        await asyncio.wait_for(entrance.__rsgi__(scope(content_length="5"), quick), 2)
        assert (large.answers, quick.answers) == ([], [(200, b"cepat")])
        done.set()
        await waits
        return [large.answers[0][0], len(large.answers[0][1])]

    assert asyncio.run(together()) == [200, 1024 * 1024 + 1]


def test_a_steady_sender_on_a_slow_line_is_given_the_time_it_needs() -> None:
    limits = Limits(most=300 * 1024 * 1024)
    assert limits.seconds(600 * 4096) > 600, "four kilobytes a second, for ten minutes"
    assert limits.seconds(21) < 21, "a byte a second"
    assert limits.seconds(250 * 1024 * 1024) == 3600, "nobody takes more than an hour"


def test_a_request_is_told_as_any_wsgi_server_tells_it() -> None:
    """Names with an underscore could pass for those a proxy sets, so they are left out (S21)."""
    asked = scope(content_type="text/plain", content_length="999", x_odd="1")
    asked.headers["x_forwarded_for"] = ["6.6.6.6"]
    asked.headers["cookie"] = ["a=1", "b=2"]
    asked.headers["host"] = ["localhost"]
    told = environ_of(asked, None, 5)  # type: ignore[arg-type]
    assert told["PATH_INFO"].encode("latin-1").decode() == "/lapor/é"
    assert (told["REMOTE_ADDR"], told["SERVER_NAME"], told["SERVER_PORT"]) == ("10.0.0.9", "::1", "8000")
    assert (told["CONTENT_LENGTH"], told["HTTP_COOKIE"], told["HTTP_X_ODD"]) == ("5", "a=1; b=2", "1")
    assert "HTTP_X_FORWARDED_FOR" not in told
    assert "HTTP_CONTENT_LENGTH" not in told


def test_what_waits_for_a_thread_counts_until_it_is_answered() -> None:
    """S48: many whole uploads in front of few threads fill no disk."""
    limits, may_answer = Limits(most=1000, together=150), threading.Event()

    def later(environ: dict[str, Any], start: Callable[..., object]) -> list[bytes]:
        may_answer.wait(5)
        return echo(environ, start)

    entrance = Entrance(later, threads=1, limits=limits)

    async def together() -> list[int]:
        first, second, third = Protocol([b"x" * 100]), Protocol([b"x" * 100]), Protocol([b"x" * 100])
        waits = asyncio.create_task(entrance.__rsgi__(scope(content_length="100"), first))
        await asyncio.sleep(0.05)
        await entrance.__rsgi__(scope(content_length="100"), second)
        may_answer.set()
        await waits
        await entrance.__rsgi__(scope(content_length="100"), third)
        return [one.answers[0][0] for one in (first, second, third)]

    assert asyncio.run(together()) == [200, 503, 200]


def test_a_disk_that_is_full_is_told_to_both_sides(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """F22: who sends hears that it was not taken, and a line in the log says why."""

    class Full:
        def __init__(self, **_more: object) -> None: ...

        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_error: object) -> None: ...

        def write(self, _chunk: bytes) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(rsgi, "SpooledTemporaryFile", Full)
    assert ask(Entrance(echo, threads=1, limits=SMALL), Protocol([b"x"]), content_length="1") == 503
    assert "could not be kept" in caplog.text
