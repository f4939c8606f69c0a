"""Tries whether an account works, changes nothing by it, and says what came of it in words for an administrator."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from smtplib import SMTPException
from types import ModuleType

from anymail.exceptions import AnymailError
from django.conf import settings as installed

from tanggap.actions import channel_accounts
from tanggap.channels import directory, email, gammu
from tanggap.channels.email import Provider
from tanggap.worker import gammu_database, imap
from tanggap.worker.calling import Caller, CannotReach
from tanggap.worker.mail import Post
from tanggap.worker.visits import CannotOpen

_WHY = {
    "address": "alamatnya tidak boleh dipanggil (hanya https dengan nama host)",
    "host": "alamatnya di luar host kanal ini",
    "inside": "namanya menuju alamat di jaringan dalam",
    "dns": "nama hostnya tidak dikenal",
    "time": "tidak menjawab dalam 30 detik",
    "tls": "sertifikatnya tidak dapat dipercaya",
    "connection": "tidak dapat dihubungi dari mesin ini",
    "large": "jawabannya terlalu besar",
    "protocol": "jawabannya bukan HTTP yang benar",
}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tried:
    """``well``: it works; ``says``: one or two Indonesian sentences, without a secret in them."""

    well: bool
    says: str


def probe(channel: str, chosen: Mapping[str, str], caller: Caller) -> Tried:
    """Try the account of ``channel`` with the settings ``chosen``, secrets included."""
    module = directory.modules().get(channel)
    if module is None:
        return Tried(False, f"Kanal {channel} tidak dikenal.")
    missing = [one.label for one in directory.settings_of(module) if one.required and not chosen.get(one.name)]
    if missing:
        return Tried(False, f"Belum diisi: {', '.join(missing)}.")
    try:
        if channel == email.KEY:
            return _mail(chosen, caller)
        if channel == gammu.KEY:
            return _gammu(chosen)
        return _platform(module, chosen, caller)
    except CannotOpen as closed:
        return Tried(False, closed.why)
    except CannotReach as error:
        return Tried(False, f"{module.LABEL}: {_WHY.get(error.why, 'tidak dapat dihubungi')}.")
    except Exception as error:  # noqa: BLE001  whatever it is, whoever pressed the button gets an answer
        _log.exception("an account could not be tried")
        return Tried(False, f"Gagal: {type(error).__name__}.")


def _platform(module: ModuleType, chosen: Mapping[str, str], caller: Caller) -> Tried:
    if not hasattr(module, "probe"):
        return Tried(True, "Isiannya lengkap. Kanal ini tidak dapat diuji tanpa mengirim; tunggu kiriman pertama.")
    reply = caller.reach(module.probe(chosen), hosts=module.hosts(chosen))
    if reply.status == 200:
        return Tried(True, f"{module.LABEL} mengenali akun ini.")
    if reply.status in (400, 401, 403, 404):
        return Tried(False, f"{module.LABEL} menolak: periksa token dan ID-nya (HTTP {reply.status}).")
    return Tried(False, f"{module.LABEL} sedang tidak dapat melayani (HTTP {reply.status}).")


def _gammu(chosen: Mapping[str, str]) -> Tried:
    with gammu_database.opened(chosen) as database:
        for table in ("inbox", "outbox", "outbox_multipart", "sentitems"):
            database.rows(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608  our own names
    return Tried(True, "Basis data Gammu terbuka, dan tabel-tabelnya ada.")


def _mail(chosen: Mapping[str, str], caller: Caller) -> Tried:
    missing = email.wrong(chosen)
    if missing:
        return Tried(False, " ".join(missing.values()))
    said = []
    if chosen.get("imap_host"):
        with imap.opened(chosen):
            said.append("Kotak surat terbuka.")
    else:
        said.append("Tanpa IMAP: surel diantar oleh peladen surel (tanggap mail atau tanggap smtp).")
    own = email.way_out(chosen)
    if isinstance(own, Provider):
        out = _provider(own, caller)
    elif own is not None or installed.TANGGAP_SENDS_MAIL:
        out = _greeted(Post(own), "sendiri" if own is not None else "bersama")
    else:
        out = Tried(True, "")
    return Tried(out.well, " ".join(filter(None, (*said, out.says))))


def _greeted(post: Post, whose: str) -> Tried:
    try:
        post.greet()
    except (SMTPException, AnymailError, OSError, ValueError) as error:
        return Tried(False, f"Peladen keluar {whose} tidak dapat dipakai ({type(error).__name__}).")
    return Tried(True, f"Peladen keluar {whose} menjawab.")


def _provider(own: Provider, caller: Caller) -> Tried:
    """The key is shown to the provider, and nothing is sent."""
    try:
        reply = caller.reach(own.probe, hosts=(own.host,))
    except CannotReach as error:
        return Tried(False, f"{own.label}: {_WHY.get(error.why, 'tidak dapat dihubungi')}.")
    if reply.status == 200:
        return Tried(True, f"{own.label} mengenali kuncinya.")
    if reply.status in (401, 403, 404):
        more = "; kunci yang hanya boleh mengirim tidak dapat diuji di sini" if own.name == "mailgun" else ""
        return Tried(False, f"{own.label} menolak kunci atau domainnya (HTTP {reply.status}){more}.")
    return Tried(False, f"{own.label} sedang tidak dapat melayani (HTTP {reply.status}).")


def probe_account(account: int, caller: Caller) -> Tried:
    """The same for a stored account, as it stands now."""
    return probe(channel_accounts.channel_of(account), channel_accounts.settings_of_pk(account), caller)
