"""The one way to call a platform: https, to hosts of its list alone, at an address that was looked at, within a time.

It goes by httpcore, which follows no redirect, keeps no cookie, reads no proxy from its surroundings, and writes no
address into a log: Telegram's token stands in the address.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from typing import Any
from urllib.parse import urlsplit

import httpcore

from tanggap.channels.contract import Call, Reply
from tanggap.worker import outside
from tanggap.worker.outside import Sockaddr

SECONDS = 30.0
"""A call is over after this, whatever the other side does (F9)."""
MOST_BYTES = 1024 * 1024
"""An answer of a platform is a few lines; files are asked for with a limit of their own."""

_CONNECT_SECONDS = 8.0
_MOST_URL = 8192


class CannotReach(Exception):
    """The call brought no answer; ``why`` in one word: ``address``, ``host``, ``inside``, ``dns``, ``time``, ``tls``,
    ``connection``, ``large``, ``protocol``. Nothing of the address is told.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Caller:
    """Makes calls. Tests lay a line of their own to a server on loopback; no setting can (S31).

    ``resolve``: where a name leads; ``may``: which addresses may be connected to; ``trust``: certificates believed.
    """

    def __init__(
        self, *, resolve: Callable[[str, int], list[Sockaddr]] = outside.addresses,
        may: Callable[[str], bool] = outside.is_outside, trust: ssl.SSLContext | None = None, seconds: float = SECONDS,
    ) -> None:  # fmt: skip
        self._resolve, self._may, self._seconds = resolve, may, seconds
        self._trust = trust or ssl.create_default_context()

    def reach(self, call: Call, *, hosts: Sequence[str], most: int = MOST_BYTES) -> Reply:
        """What ``call`` brings back: any status, redirects included, with at most ``most`` bytes. ``hosts``: where it
        may go (:func:`tanggap.worker.outside.is_listed`). Raises :class:`CannotReach`.
        """
        host, port, target = _parts(call.url, hosts)
        line = _Line(self._resolve, self._may, until=time.monotonic() + self._seconds)
        url = httpcore.URL(scheme=b"https", host=host.encode(), port=port, target=target.encode())
        headers = {"Host": host if port == 443 else f"{host}:{port}", "Accept-Encoding": "identity",
                   "User-Agent": "Tanggap", **call.headers}  # fmt: skip
        if call.body or call.method == "POST":
            headers["Content-Length"] = str(len(call.body))
        waits = dict.fromkeys(("connect", "read", "write", "pool"), self._seconds)
        try:
            with (
                httpcore.ConnectionPool(ssl_context=self._trust, network_backend=line, retries=0) as pool,
                pool.stream(
                    call.method, url, headers=list(headers.items()), content=call.body, extensions={"timeout": waits}
                ) as answer,
            ):
                told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
                return Reply(answer.status, told, _body(answer.iter_stream(), told, most))
        except httpcore.TimeoutException:
            raise CannotReach("time") from None
        except ssl.SSLError:
            raise CannotReach("tls") from None
        except httpcore.ConnectError as error:
            raise CannotReach("tls" if "ssl" in repr(error).lower() else "connection") from None
        except (httpcore.NetworkError, OSError):
            raise CannotReach("connection") from None
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol, ValueError):
            raise CannotReach("protocol") from None


def _parts(address: str, hosts: Sequence[str]) -> tuple[str, int, str]:
    """Host, port, and the rest of an address that may be called."""
    if (
        len(address) > _MOST_URL
        or not address.isascii()
        or any(letter <= " " or letter in "\\\x7f" for letter in address)
    ):
        raise CannotReach("address")
    try:
        url = urlsplit(address)
        host, port = (url.hostname or "").lower(), url.port or 443
    except ValueError:
        raise CannotReach("address") from None
    if url.scheme != "https" or "@" in url.netloc or "[" in url.netloc or not outside.is_name(host):
        raise CannotReach("address")
    if not outside.is_listed(host if port == 443 else f"{host}:{port}", hosts):
        raise CannotReach("host")
    return host, port, (url.path or "/") + (f"?{url.query}" if url.query else "")


def _body(parts: Iterable[bytes], headers: dict[str, str], most: int) -> bytes:
    said = headers.get("content-length", "")
    if said.isascii() and said.isdigit() and int(said) > most:
        raise CannotReach("large")
    if headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise CannotReach("protocol")  # it was asked for as it is
    kept = bytearray()
    for part in parts:
        kept += part
        if len(kept) > most:
            raise CannotReach("large")
    return bytes(kept)


class _Line(httpcore.NetworkBackend):
    """Resolves once, looks at every address, and connects to what was looked at: a name cannot lead elsewhere then."""

    def __init__(
        self, resolve: Callable[[str, int], list[Sockaddr]], may: Callable[[str], bool], *, until: float
    ) -> None:
        self._resolve, self._may, self._until = resolve, may, until

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        """Connect to the first address that answers."""
        found = self._looked_up(host, port)
        if not found:
            raise CannotReach("dns")
        if not all(self._may(where[0]) for _family, where in found):
            raise CannotReach("inside")
        for family, where in found[:4]:
            door = socket.socket(family, socket.SOCK_STREAM)
            door.settimeout(max(0.01, min(_CONNECT_SECONDS, self._until - time.monotonic())))
            try:
                door.connect(where)
            except OSError:
                door.close()
                continue
            door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return _Stream(door, self._until)
        raise CannotReach("connection")

    def _looked_up(self, host: str, port: int) -> list[Sockaddr]:
        """The system's resolver knows no time limit of ours: it is waited for in a thread that may be left behind."""
        pool = ThreadPoolExecutor(1, thread_name_prefix="dns")
        try:
            return pool.submit(self._resolve, host, port).result(min(_CONNECT_SECONDS, self._until - time.monotonic()))
        except (OSError, UnicodeError, TookTooLong):
            return []
        finally:
            pool.shutdown(wait=False)


class _Stream(httpcore.NetworkStream):
    """A connection whose every wait ends when the whole call must: nobody holds it open by a byte now and then."""

    def __init__(self, door: socket.socket, until: float) -> None:
        self._door, self._until = door, until

    def _wait(self) -> None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        self._door.settimeout(left)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes; none at the end."""
        self._wait()
        try:
            return self._door.recv(max_bytes)
        except TimeoutError:
            raise httpcore.ReadTimeout from None
        except OSError as error:
            raise httpcore.ReadError(type(error).__name__) from None

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All of ``buffer``."""
        self._wait()
        try:
            self._door.sendall(buffer)
        except TimeoutError:
            raise httpcore.WriteTimeout from None
        except OSError as error:
            raise httpcore.WriteError(type(error).__name__) from None

    def close(self) -> None:
        """Hang up."""
        self._door.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The certificate must be of the host that was asked for."""
        self._wait()
        try:
            return _Stream(ssl_context.wrap_socket(self._door, server_hostname=server_hostname), self._until)
        except TimeoutError:
            raise httpcore.ConnectTimeout from None
        except ssl.SSLError:
            self.close()
            raise CannotReach("tls") from None
        except OSError:
            self.close()
            raise CannotReach("connection") from None

    def get_extra_info(self, info: str) -> Any:
        """Nothing that anybody asks for here."""
        return None
