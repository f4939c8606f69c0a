"""What granian serves: a request takes a thread only when all of it has come, so slow senders keep nobody waiting.

Bodies are gathered by the event loop, in memory and beyond a megabyte in a nameless file; then Django answers in one of
``TANGGAP_THREADS`` threads, as under any WSGI server. Too much, too slow, or too much at once is told as such.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tanggap.config.settings")

_log = logging.getLogger(__name__)
Headers = list[tuple[str, str]]
_MEGABYTE = 1024 * 1024
_FILES_AT_ONCE = 2  # requests with more than a megabyte are worked at two at a time: beside them pages stay quick
_FORM = 5 * _MEGABYTE  # what stands in a form beside its files
_SAYS = {
    408: "Kiriman terlalu lambat dan tidak lengkap. Silakan kirim lagi. / Too slow: please send it again.",
    413: "Kiriman terlalu besar. Kurangi berkasnya lalu kirim lagi. / Too large: please send fewer or smaller files.",
    503: "Sedang banyak kiriman besar. Coba lagi sebentar lagi. / Many large uploads just now: please try again soon.",
}  # fmt: skip
_TEXT = ("content-type", "text/plain; charset=utf-8")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a body may be: ``most`` bytes, and on average ``pace`` of them a second after ``grace`` seconds.

    ``whole``: seconds after which even a steady one is over; ``together``: bytes of all that are not answered yet.
    """

    most: int
    pace: int = 1024
    grace: float = 20.0
    whole: float = 3600.0
    together: int = 2 * 1024 * _MEGABYTE

    def seconds(self, received: int) -> float:
        """How long the next bytes may take, from the beginning, when ``received`` have come."""
        return min(self.whole, self.grace + received / self.pace)


class Refused(Exception):
    """The body cannot be taken: ``status`` says why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(slots=True)
class _Counted:
    """How many bytes of one request are on the disk or in memory: they are counted until it is answered."""

    bytes: int = 0


class Entrance:
    """The application: gathers, then ``wsgi`` answers in one of ``threads`` threads, large ones in two of their own."""

    def __init__(self, wsgi: Callable[..., Iterable[bytes]], *, threads: int, limits: Limits) -> None:
        self._wsgi, self._limits, self._underway = wsgi, limits, 0
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="halaman")
        self._for_files = ThreadPoolExecutor(min(_FILES_AT_ONCE, threads), thread_name_prefix="berkas")

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """One request, as granian hands it over."""
        if scope.proto != "http":
            protocol.close()
            return
        counted = _Counted()
        try:
            await self._one(scope, protocol, counted)
        finally:
            self._underway -= counted.bytes

    async def _one(self, scope: Any, protocol: Any, counted: _Counted) -> None:
        with SpooledTemporaryFile(max_size=_MEGABYTE) as body:
            try:
                length = await self._gather(scope, protocol, body, counted)
            except Refused as refused:
                told = [_TEXT, ("connection", "close"), ("retry-after", "60"), ("cache-control", "no-store")]
                protocol.response_bytes(refused.status, told, _SAYS[refused.status].encode())
                return
            except RuntimeError:  # granian's word for: whoever sent it has gone
                return
            body.seek(0)
            environ = environ_of(scope, body, length)
            threads = self._threads if length <= _MEGABYTE else self._for_files
            loop = asyncio.get_running_loop()
            status, headers, content = await loop.run_in_executor(threads, self._answer, environ)
        if content:
            protocol.response_bytes(status, headers, content)
        else:
            protocol.response_empty(status, headers)

    async def _gather(self, scope: Any, protocol: Any, body: SpooledTemporaryFile[bytes], counted: _Counted) -> int:
        """Write the body to ``body``; how many bytes it has. Raises :class:`Refused`."""
        said = scope.headers.get("content-length") or ""
        if said.isascii() and said.isdigit() and int(said[:19]) > self._limits.most:
            raise Refused(413)
        if not said and scope.headers.get("transfer-encoding") is None and scope.method in ("GET", "HEAD", "OPTIONS"):
            return 0
        loop = asyncio.get_running_loop()
        began, received = loop.time(), 0
        try:
            async with asyncio.timeout_at(began + self._limits.seconds(0)) as patience:
                async for chunk in protocol:
                    received += len(chunk)
                    self._underway += len(chunk)
                    counted.bytes += len(chunk)
                    if received > self._limits.most:
                        raise Refused(413)
                    if self._underway > self._limits.together:
                        raise Refused(503)
                    body.write(chunk)
                    patience.reschedule(began + self._limits.seconds(received))
        except TimeoutError:
            raise Refused(408) from None
        except OSError:
            _log.exception("a body could not be kept while it came")
            raise Refused(503) from None
        return received

    def _answer(self, environ: dict[str, Any]) -> tuple[int, Headers, bytes]:
        """What Django says, in a thread."""
        told: list[tuple[int, Headers]] = []

        def start_response(status: str, headers: Headers, exc_info: object = None) -> Callable[[bytes], None]:
            told.append((int(status[:3]), [(name.lower(), value) for name, value in headers]))
            return written.append

        written: list[bytes] = []
        found = self._wsgi(environ, start_response)
        try:
            written.extend(found)
        finally:
            close = getattr(found, "close", None)
            if close is not None:
                close()
        status, headers = told[-1]
        return status, headers, b"".join(written)


def environ_of(scope: Any, body: SpooledTemporaryFile[bytes], length: int) -> dict[str, Any]:
    """The request in the form of PEP 3333. Names with an underscore are left out: they could pass for another's."""
    client, server = scope.client.rpartition(":"), scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server[0].strip("[]"),
        "SERVER_PORT": server[2],
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": client[0].strip("[]") or scope.client,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name in set(scope.headers.keys()):
        if "_" in name:
            continue
        values = scope.headers.get_all(name)
        environ[f"HTTP_{name.upper().replace('-', '_')}"] = ("; " if name == "cookie" else ",").join(values)
    if scope.authority and "HTTP_HOST" not in environ:
        environ["HTTP_HOST"] = scope.authority
    environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE", "")
    environ["CONTENT_LENGTH"] = str(length)
    environ.pop("HTTP_CONTENT_LENGTH", None)
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    return environ


def entrance() -> Entrance:
    """The application of this installation."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    most = settings.TANGGAP_FILES_MOST * settings.TANGGAP_FILE_MEGABYTES * _MEGABYTE + _FORM
    return Entrance(get_wsgi_application(), threads=settings.TANGGAP_THREADS, limits=Limits(most))
