"""From the address of a mail server to Django's settings: encrypted unless the address says otherwise."""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import Any
from urllib.parse import parse_qsl

from tanggap.channels.email.servers import server
from tanggap.config.variables import BadValue

_PROVIDER = "anymail+"
_NO_PROVIDERS = ("base", "base_requests", "console", "test")
_PROVIDER_SECONDS = 20


def mail(address: str) -> dict[str, Any]:
    """``EMAIL_*`` settings of ``smtp://user:password@host:port?tls=starttls|ssl|off`` (``smtps``: ssl from the start).

    ``anymail+mailgun:?api_key=...&sender_domain=...``: a provider of django-anymail, with its settings in small
    letters and without its name. Empty: mails are written to the terminal. Raises :class:`BadValue`.
    """
    if not address:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if address.startswith(_PROVIDER):
        return _provider(address.removeprefix(_PROVIDER))
    try:
        found = server(address)
    except ValueError:
        raise BadValue(
            "TANGGAP_EMAIL_URL ditulis smtp://pengguna:sandi@host:porta?tls=starttls (atau ssl, off)."
        ) from None
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": found.host,
        "EMAIL_PORT": found.port,
        "EMAIL_HOST_USER": found.user,
        "EMAIL_HOST_PASSWORD": found.password,
        "EMAIL_USE_TLS": found.tls == "starttls",
        "EMAIL_USE_SSL": found.tls == "ssl",
    }


def _provider(address: str) -> dict[str, Any]:
    name, _colon, rest = address.partition(":")
    given = parse_qsl(rest.lstrip("/?"))
    if not re.fullmatch("[a-z_]{2,40}", name) or name in _NO_PROVIDERS or not given:
        raise BadValue("TANGGAP_EMAIL_URL untuk penyedia ditulis anymail+mailgun:?api_key=...&sender_domain=...")
    if find_spec(f"anymail.backends.{name}") is None:
        raise BadValue(f"TANGGAP_EMAIL_URL menyebut penyedia yang tidak dikenal: {name}.")
    return {
        "EMAIL_BACKEND": f"anymail.backends.{name}.EmailBackend",
        "ANYMAIL": {f"{name}_{key}".upper(): value for key, value in given} | {"REQUESTS_TIMEOUT": _PROVIDER_SECONDS},
    }
