"""Everything an installation may choose: one ``TANGGAP_*`` variable each, with its default and its meaning.

The settings read this table, the documentation prints it, a test walks it. There is no other place to configure.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


class BadValue(ValueError):
    """A variable holds something that cannot be read; the message is one Indonesian sentence."""


def _text(value: str) -> str:
    return value


def _flag(value: str) -> bool:
    if value.lower() in {"1", "ya", "true", "yes", "on"}:
        return True
    if value.lower() in {"", "0", "tidak", "false", "no", "off"}:
        return False
    raise ValueError(value)


def _number(value: str) -> int:
    number = int(value)
    if number < 0:
        raise ValueError(value)
    return number


def _words(value: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in value.split(",") if word.strip())


@dataclass(frozen=True, slots=True)
class Variable:
    """One setting. ``means`` is Indonesian: operators read it."""

    name: str
    default: str
    means: str
    read: Callable[[str], Any] = _text


VARIABLES: tuple[Variable, ...] = (
    Variable("TANGGAP_DATA", "data/tanggap", "Folder data: basis data SQLite, lampiran, berkas statis terkumpul."),
    Variable(
        "TANGGAP_KEYS", "", "Folder kunci, di luar folder data. Kosong: di samping folder data, bernama <data>-kunci."
    ),
    Variable(
        "TANGGAP_DATABASE_URL",
        "",
        "Alamat basis data: sqlite:///berkas atau postgresql://... Kosong: SQLite di folder data.",
    ),
    Variable("TANGGAP_DATABASE_POOL", "16", "Banyak sambungan PostgreSQL yang dibuka sekaligus.", _number),
    Variable("TANGGAP_BASE_URL", "http://127.0.0.1:8000", "Alamat resmi situs: tautan, tanda terima, kode QR."),
    Variable("TANGGAP_HOSTS", "", "Nama host yang dilayani, dipisah koma. Kosong: dari TANGGAP_BASE_URL.", _words),
    Variable("TANGGAP_PROXIES", "", "Alamat proksi tepercaya (X-Forwarded-For, -Proto), dipisah koma.", _words),
    Variable("TANGGAP_DEBUG", "0", "1: tampilkan rincian galat. Hanya untuk pengembangan.", _flag),
    Variable("TANGGAP_LANGUAGE", "id", "Bahasa pertama: id atau en."),
    Variable("TANGGAP_BIND", "127.0.0.1", "Alamat tempat peladen mendengar."),
    Variable("TANGGAP_PORT", "8000", "Porta tempat peladen mendengar.", _number),
    Variable("TANGGAP_THREADS", "32", "Banyak permintaan yang dikerjakan bersamaan.", _number),
    Variable("TANGGAP_WORKER", "1", "1: tanggap serve juga menjalankan pekerja pengingat tenggat.", _flag),
    Variable("TANGGAP_WORKER_SECONDS", "5", "Selang pekerja melihat tenggat yang tiba, dalam detik.", _number),
    Variable("TANGGAP_FILE_MEGABYTES", "25", "Ukuran terbesar satu lampiran, dalam MB.", _number),
    Variable("TANGGAP_FILES_MOST", "10", "Banyak lampiran dalam satu kiriman.", _number),
    Variable(
        "TANGGAP_CASE_MEGABYTES",
        "1000",
        "Ukuran semua lampiran satu laporan, dalam MB; lebih tidak diterima.",
        _number,
    ),
    Variable(
        "TANGGAP_RAW_DAYS",
        "90",
        "Kiriman yang tidak menjadi laporan dihapus isinya sesudah sekian hari (min. 31).",
        _number,
    ),
    Variable("TANGGAP_IDLE_MINUTES", "30", "Petugas yang diam selama ini harus masuk lagi, dalam menit.", _number),
    Variable("TANGGAP_SESSION_HOURS", "12", "Lama terpanjang satu kali masuk, dalam jam.", _number),
    Variable(
        "TANGGAP_EMAIL_URL",
        "",
        "Peladen surel: smtp://pengguna:sandi@host:587?tls=starttls (atau ssl, off), atau penyedia: "
        "anymail+mailgun:?api_key=...&sender_domain=.... Kosong: kabar hanya di Tanggap.",
    ),
    Variable("TANGGAP_LAW", "", "Berkas TOML tenggat menurut hukum. Kosong: tabel bawaan (seeds/law.toml)."),
    Variable("TANGGAP_LADDER", "", "Berkas TOML tangga eskalasi. Kosong: tangga bawaan (seeds/ladder.toml)."),
    Variable("TANGGAP_EMAIL_FROM", "tanggap@localhost", "Alamat pengirim surel."),
    Variable("TANGGAP_LOG_LEVEL", "INFO", "Banyaknya catatan: DEBUG, INFO, WARNING atau ERROR."),
)
"""The table. Kept under forty rows."""


def read(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Every variable by name, from ``environ`` (default: the process's own), else its default.

    Raises :class:`BadValue`.
    """
    source = os.environ if environ is None else environ
    return {variable.name: _value(variable, source) for variable in VARIABLES}


def _value(variable: Variable, source: Mapping[str, str]) -> Any:
    given = source.get(variable.name, "").strip() or variable.default
    try:
        return variable.read(given)
    except ValueError:
        raise BadValue(f"{variable.name} tidak dapat dibaca: “{given[:60]}”. {variable.means}") from None
