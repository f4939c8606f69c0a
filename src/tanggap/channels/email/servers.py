"""The address of an outgoing mail server: encrypted unless it says otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

_TLS = ("starttls", "ssl", "off")


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed over, and how the way there is encrypted (``tls``: starttls, ssl, off)."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: str = "starttls"


def server(address: str) -> Server:
    """What ``smtp://user:password@host:port?tls=starttls|ssl|off`` says (``smtps``: ssl from the start).

    Raises ``ValueError`` for anything else.
    """
    url = urlsplit(address)
    tls = parse_qs(url.query).get("tls", ["ssl" if url.scheme == "smtps" else "starttls"])[0]
    if url.scheme not in ("smtp", "smtps") or not url.hostname or tls not in _TLS:
        raise ValueError("no address of a mail server")
    port = url.port or (465 if tls == "ssl" else 587)
    return Server(url.hostname, port, unquote(url.username or ""), unquote(url.password or ""), tls)
