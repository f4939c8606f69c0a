"""Mail: any bytes that arrive become one arrival, and ours leave with headers nothing can be smuggled into."""

from __future__ import annotations

from tanggap.channels.contract import Setting
from tanggap.channels.email.addresses import address, normal
from tanggap.channels.email.leaving import HEADERS, Mail, Thread, body, header, html, mail, tagged, write
from tanggap.channels.email.reading import UNCLEAR, read
from tanggap.channels.email.threads import (
    case_of,
    case_token,
    content_digest,
    external_id,
    read_token,
    reply_address,
)

__all__ = [
    "HEADERS", "KEY", "LABEL", "ORIGINAL", "SETTINGS", "UNCLEAR", "Mail", "Thread", "address", "body", "case_of",
    "case_token", "content_digest", "external_id", "header", "html", "mail", "normal", "read", "read_token",
    "reply_address", "tagged", "write",
]  # fmt: skip

KEY = "email"
LABEL = "Surel"
ORIGINAL = "surat-asli.eml"

SETTINGS = (
    Setting("address", "Alamat surel", "Alamat tempat orang mengirim pengaduan, misalnya pengaduan@kampus.ac.id."),
    Setting(
        "smtp",
        "Peladen keluar sendiri",
        "smtp://pengguna:sandi@host:587?tls=starttls; kosong: peladen bersama.",
        secret=True,
        required=False,
    ),
    Setting("domains", "Domain Message-ID", "Nama host pada Message-ID surel kita, dipisah spasi.", required=False),
    Setting("imap_host", "Peladen IMAP", "Kosong bila surel diantar oleh peladen surel sendiri.", required=False),
    Setting("imap_port", "Porta IMAP", "Kosong: 993 untuk ssl, 143 untuk lainnya.", required=False),
    Setting(
        "imap_tls",
        "Pengamanan sambungan IMAP",
        "ssl atau starttls; off hanya untuk peladen di mesin ini.",
        required=False,
        default="ssl",
    ),
    Setting("imap_user", "Nama pengguna IMAP", "Kosong: alamat surel di atas.", required=False),
    Setting("imap_password", "Sandi IMAP", "", secret=True, required=False),
    Setting("imap_folder", "Folder", "", required=False, default="INBOX"),
    Setting("imap_move_to", "Pindahkan sesudah disimpan ke", "Kosong: hanya ditandai terbaca.", required=False),
)
"""The first two are what reading needs, the others tell the worker where to fetch."""
