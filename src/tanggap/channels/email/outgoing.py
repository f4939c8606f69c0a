"""By which way the mail of an account leaves: the installation's, a mail server of its own, or a provider's HTTP."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field

from tanggap.channels.contract import Call, Setting
from tanggap.channels.email.servers import Server

_OWN = "smtp"
_HERE = ("localhost", "127.0.0.1", "::1")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|::1")
_DOMAIN = re.compile(r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
TLS = (
    ("starttls", "STARTTLS"),
    ("ssl", "TLS sejak awal"),
    ("off", "Tanpa pengamanan (hanya ke mesin ini)"),
)


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider of django-anymail as one account uses it: its name there, its settings there, and where it is."""

    name: str
    label: str
    given: Mapping[str, str] = field(repr=False)
    probe: Call = field(repr=False)
    host: str


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a provider asks for. ``secret``: anymail's word for the key; ``ask``: an address that shows whether the key
    is good and sends nothing; ``europe``: host of its European installation, when that is another one.
    """

    label: str
    secret: str
    host: str
    ask: str
    head: str
    europe: str = ""
    has_domain: bool = False


_KINDS = {
    "mailgun": _Kind(
        "Mailgun", "api_key", "api.mailgun.net", "/v4/domains/{domain}", "Authorization", "api.eu.mailgun.net", True
    ),
    "postmark": _Kind("Postmark", "server_token", "api.postmarkapp.com", "/server", "X-Postmark-Server-Token"),
    "brevo": _Kind("Brevo", "api_key", "api.brevo.com", "/v3/account", "api-key"),
}
"""Those that need a key alone, take our headers, and tell without sending whether the key is good."""

SETTINGS = (
    Setting(
        "out",
        "Cara mengirim",
        "Jawaban dan pemberitahuan lembaga ini berangkat lewat jalan ini, atas nama alamat di atas.",
        required=False,
        choices=(
            ("", "Peladen surel bersama"),
            (_OWN, "Peladen surel sendiri (SMTP)"),
            *((name, kind.label) for name, kind in _KINDS.items()),
        ),
    ),
    Setting("smtp_host", "Peladen keluar", "Misalnya smtp.kampus.ac.id.", required=False, group="Peladen sendiri"),
    Setting(
        "smtp_port",
        "Porta keluar",
        "Kosong: 465 untuk TLS, 587 untuk lainnya.",
        required=False,
        group="Peladen sendiri",
    ),
    Setting(
        "smtp_tls", "Pengamanan sambungan keluar", "", False, False, "starttls", choices=TLS, group="Peladen sendiri"
    ),
    Setting("smtp_user", "Nama pengguna keluar", "", required=False, group="Peladen sendiri"),
    Setting(
        "smtp_password",
        "Sandi keluar",
        "",
        secret=True,
        required=False,
        group="Peladen sendiri",
        goes_to=("smtp_host",),
    ),
    Setting(
        "provider_key",
        "Kunci API",
        "Mailgun: API key; Postmark: Server API token; Brevo: API key.",
        secret=True,
        required=False,
        group="Penyedia",
        goes_to=("out",),
    ),
    Setting("provider_domain", "Domain pengirim", "Hanya untuk Mailgun.", required=False, group="Penyedia"),
    Setting(
        "provider_region",
        "Wilayah",
        "Hanya untuk Mailgun: tempat akun itu dibuat.",
        required=False,
        choices=(("", "Amerika Serikat"), ("eu", "Eropa")),
        group="Penyedia",
    ),
)


def way_out(settings: Mapping[str, str]) -> Server | Provider | None:
    """The way of an account; ``None``: the installation's. Raises ``ValueError`` for one that nobody knows."""
    out = settings.get("out", "")
    if not out:
        return None
    if out == _OWN:
        tls = settings.get("smtp_tls") or "starttls"
        port = int(settings.get("smtp_port") or (465 if tls == "ssl" else 587))
        user, password = settings.get("smtp_user", ""), settings.get("smtp_password", "")
        return Server(settings.get("smtp_host", ""), port, user, password, tls)
    if out not in _KINDS:
        raise ValueError("a way out that nobody knows")
    return _provider(out, _KINDS[out], settings)


def _provider(name: str, kind: _Kind, settings: Mapping[str, str]) -> Provider:
    key, domain = settings.get("provider_key", ""), settings.get("provider_domain", "")
    given, host = {kind.secret: key}, kind.host
    if kind.has_domain:
        given["sender_domain"] = domain
    if kind.europe and settings.get("provider_region") == "eu":
        host = kind.europe
        given["api_url"] = f"https://{host}/v3"
    proof = f"Basic {b64encode(f'api:{key}'.encode()).decode()}" if kind.head == "Authorization" else key
    probe = Call("GET", f"https://{host}{kind.ask.format(domain=domain)}", {kind.head: proof})
    return Provider(name, kind.label, given, probe, host)


def wrong(settings: Mapping[str, str]) -> dict[str, str]:
    """What is missing or wrong for the ways that were chosen: names of settings, each with an Indonesian sentence.

    A secret that is stored already counts as given, whatever stands there.
    """
    out, found = settings.get("out", ""), {}
    if settings.get("imap_host") and not settings.get("imap_password"):
        found["imap_password"] = "Isilah sandi kotak surat itu."  # noqa: S105  a sentence
    if out == _OWN:
        return found | _wrong_server(settings)
    if out and not settings.get("provider_key"):
        found["provider_key"] = "Isilah kunci API dari penyedia itu."
    if any(not " " < letter < "\x7f" for letter in settings.get("provider_key", "")):
        found["provider_key"] = "Kunci itu memuat spasi atau tanda yang tidak mungkin; salinlah sekali lagi."
    if out in _KINDS and _KINDS[out].has_domain and not _DOMAIN.fullmatch(settings.get("provider_domain", "")):
        found["provider_domain"] = "Isilah domain yang terdaftar pada penyedia, misalnya mg.kampus.ac.id."
    return found


def _wrong_server(settings: Mapping[str, str]) -> dict[str, str]:
    found, host, port = {}, settings.get("smtp_host", ""), settings.get("smtp_port", "")
    if not _HOST.fullmatch(host):
        found["smtp_host"] = "Isilah nama peladen, tanpa smtp:// dan tanpa porta."
    if port and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        found["smtp_port"] = "Porta adalah bilangan 1 sampai 65535."
    if settings.get("smtp_tls") == "off" and host not in _HERE:
        found["smtp_tls"] = "Tanpa pengamanan hanya boleh ke mesin ini sendiri."
    if settings.get("smtp_user") and not settings.get("smtp_password"):
        found["smtp_password"] = "Isilah sandi pengguna itu."  # noqa: S105  a sentence
    return found
