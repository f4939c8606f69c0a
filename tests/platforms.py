"""Platforms for tests: a server on loopback under their names, with certificates of a root that only tests believe."""

from __future__ import annotations

import atexit
import json
import shutil
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tanggap.worker.calling import Caller

NAMES = (
    "graph.facebook.com", "lookaside.fbsbx.com", "scontent.fbcdn.net", "api.telegram.org", "sms.gerbang.example",
    "api.mailgun.net", "api.eu.mailgun.net", "api.postmarkapp.com", "api.brevo.com", "localhost",
)  # fmt: skip


@dataclass
class Asked:
    """One call as the platform got it."""

    method: str
    host: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Said:
    """What the platform answers; ``slowly``: seconds before each byte."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    slowly: float = 0.0
    length: bool = True


def told(status: int = 200, **words: Any) -> Said:
    """An answer in JSON."""
    return Said(status, json.dumps(words).encode())


def file(data: bytes, media_type: str = "image/jpeg") -> Said:
    """An answer that is a file."""
    return Said(200, data, {"Content-Type": media_type})


@dataclass
class Platform:
    """A running server. ``answer`` says what each call gets; ``calls`` keeps them."""

    port: int = 0
    calls: list[Asked] = field(default_factory=list)
    answer: Callable[[Asked], Said] = lambda asked: Said()

    def caller(self, **more: Any) -> Caller:
        """A line that leads here, whatever name is asked for."""
        return Caller(
            **{
                "resolve": lambda host, port: [(socket.AF_INET, ("127.0.0.1", self.port))],
                "may": lambda address: True,
                "trust": trust(),
                **more,
            }
        )


@cache
def certificates() -> Path:
    """A folder with ``root.pem`` and ``server.pem`` (key and certificate)."""
    folder = Path(tempfile.mkdtemp(prefix="tanggap-certificates-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    root_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Uji Tanggap")])
    now = datetime.now(UTC)

    def certificate(key: Any, name: x509.Name, *more: tuple[x509.ExtensionType, bool]) -> x509.Certificate:
        made = (
            x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
        )  # fmt: skip
        for extension, critical in more:
            made = made.add_extension(extension, critical)
        return made.sign(root_key, hashes.SHA256())

    root = certificate(root_key, issuer, (x509.BasicConstraints(ca=True, path_length=None), True))
    server = certificate(
        server_key,
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "server")]),
        (x509.SubjectAlternativeName([x509.DNSName(name) for name in NAMES]), False),
    )
    pem = serialization.Encoding.PEM
    (folder / "root.pem").write_bytes(root.public_bytes(pem))
    secret = server_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.pem").write_bytes(secret + server.public_bytes(pem))
    return folder


def trust() -> ssl.SSLContext:
    """Believes the root of tests alone."""
    return ssl.create_default_context(cafile=str(certificates() / "root.pem"))


def server_context() -> ssl.SSLContext:
    """What a server of tests shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates() / "server.pem")
    return context


@contextmanager
def platform(answer: Callable[[Asked], Said] | None = None) -> Iterator[Platform]:
    """A platform that listens while the block runs."""
    found = Platform()
    if answer is not None:
        found.answer = answer

    class Handler(BaseHTTPRequestHandler):
        protocol_version, disable_nagle_algorithm = "HTTP/1.1", True

        def do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, headers.get("host", ""), self.path, headers, body)
            found.calls.append(asked)
            said = found.answer(asked)
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            if said.length:
                self.send_header("Content-Length", str(len(said.body)))
            self.send_header("Connection", "close")
            self.end_headers()
            try:
                _say(self, said)
            except OSError:
                self.close_connection = True

        do_GET = do_POST = do  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.socket = server_context().wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    found.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _say(handler: BaseHTTPRequestHandler, said: Said) -> None:
    if not said.slowly:
        handler.wfile.write(said.body)
        return
    for byte in said.body:
        threading.Event().wait(said.slowly)
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
