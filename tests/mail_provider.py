"""A provider of mail for tests, on loopback: keeps what it is sent, and answers with a status."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import unquote_plus

_TAKEN = b"""{"id": "<1@mg.example>", "message": "Queued.", "messageId": "<1@brevo>",
"ErrorCode": 0, "Message": "OK", "MessageID": "1", "To": "a@warga.example"}"""


class Provider(HTTPServer):
    """Answers every call with ``status`` and ``answer``; ``bodies``, ``paths``, ``heads``: what it was sent."""

    status = 200
    answer = _TAKEN

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.bodies: list[bytes] = []
        self.paths: list[str] = []
        self.heads: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        """Where its interface begins."""
        return f"http://127.0.0.1:{self.server_port}/v3"

    @property
    def said(self) -> list[str]:
        """What it was sent, readable."""
        return [unquote_plus(body.decode()) for body in self.bodies]


class _Handler(BaseHTTPRequestHandler):
    disable_nagle_algorithm = True
    server: Provider

    def do_POST(self) -> None:
        """One mail."""
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.paths.append(self.path)
        self.server.heads.append(dict(self.headers))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Silent."""


@contextmanager
def provider() -> Iterator[Provider]:
    """A provider that answers while the block runs."""
    server = Provider()
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
