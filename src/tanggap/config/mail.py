"""From the address of a mail server to Django's settings: encrypted unless the address says otherwise."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tanggap.config.variables import BadValue

_TLS = ("starttls", "ssl", "off")


def mail(address: str) -> dict[str, Any]:
    """``EMAIL_*`` settings of ``smtp://user:password@host:port?tls=starttls|ssl|off`` (``smtps``: ssl from the start).

    Empty: mails are written to the terminal. Raises :class:`BadValue`.
    """
    if not address:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    try:
        url = urlsplit(address)
        port = url.port
    except ValueError:
        raise BadValue("TANGGAP_EMAIL_URL tidak dapat dibaca.") from None
    tls = parse_qs(url.query).get("tls", ["ssl" if url.scheme == "smtps" else "starttls"])[0]
    if url.scheme not in ("smtp", "smtps") or not url.hostname or tls not in _TLS:
        raise BadValue("TANGGAP_EMAIL_URL ditulis smtp://pengguna:sandi@host:porta?tls=starttls (atau ssl, off).")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": port or (465 if tls == "ssl" else 587),
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_TLS": tls == "starttls",
        "EMAIL_USE_SSL": tls == "ssl",
    }
