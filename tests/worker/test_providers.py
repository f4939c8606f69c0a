"""Mail through a provider's HTTP interface: what it answers is one of the four words."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import unquote_plus

import pytest

from tanggap.channels.email import write
from tanggap.config.mail import mail
from tanggap.config.variables import BadValue
from tanggap.worker.mail import Post


class Provider(HTTPServer):
    """Answers every call with ``status`` and keeps what it was sent."""

    status = 200
    bodies: list[bytes]


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        """One mail."""
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(b'{"id": "<1@mg.example>", "message": "Queued."}')

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Silent."""


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    server = Provider(("127.0.0.1", 0), _Handler)
    server.bodies = []
    Thread(target=server.serve_forever, daemon=True).start()
    given = mail(
        f"anymail+mailgun:?api_key=rahasia&sender_domain=mg.example&api_url=http://127.0.0.1:{server.server_port}/v3"
    )
    for name, value in given.items():
        setattr(settings, name, value)
    yield server
    server.shutdown()
    server.server_close()


LETTER = write(to="a@warga.example", subject="Jawaban", text="Sudah.", letter="ab" * 16, domain="kampus.example")


def test_a_mail_leaves_through_a_provider_as_it_was_written(provider: Provider) -> None:
    assert Post().send(LETTER) == "sent"
    body = unquote_plus(provider.bodies[0].decode())
    assert "to=a@warga.example" in body
    for said in (LETTER.message_id, "X-Tanggap", "auto-generated", "Sudah."):
        assert said in body


@pytest.mark.parametrize(
    ("status", "outcome"), [(400, "refused"), (413, "refused"), (401, "trouble"), (429, "trouble"), (503, "trouble")]
)
def test_what_a_provider_answers_is_understood(provider: Provider, status: int, outcome: str) -> None:
    """F23: a bad mail is a task, a provider that is away stops the round and loses nothing."""
    provider.status = status
    assert Post().send(LETTER) == outcome


def test_a_provider_that_is_not_there_is_trouble(provider: Provider, settings: Any) -> None:
    settings.ANYMAIL = {**settings.ANYMAIL, "MAILGUN_API_URL": "http://127.0.0.1:1/v3"}
    assert Post().send(LETTER) == "trouble"


@pytest.mark.parametrize(
    "address",
    ["anymail+", "anymail+mailgun", "anymail+console:?a=b", "anymail+tidakada:?api_key=x", "anymail+../x:?a=b"],
)
def test_a_provider_nobody_knows_is_refused_at_the_start(address: str) -> None:
    with pytest.raises(BadValue, match="TANGGAP_EMAIL_URL"):
        mail(address)
