"""Mail: any bytes that arrive become one arrival, and ours leave with headers nothing can be smuggled into."""

from __future__ import annotations

from tanggap.channels.contract import Setting
from tanggap.channels.email import outgoing
from tanggap.channels.email.addresses import address, normal
from tanggap.channels.email.leaving import HEADERS, Mail, Thread, body, header, html, mail, tagged, write
from tanggap.channels.email.outgoing import TLS, Provider, way_out, wrong
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
    "HEADERS", "KEY", "LABEL", "ORIGINAL", "SETTINGS", "UNCLEAR", "Mail", "Provider", "Thread", "address", "body",
    "case_of", "case_token", "content_digest", "external_id", "header", "html", "mail", "normal", "read",
    "read_token", "reply_address", "tagged", "way_out", "write", "wrong",
]  # fmt: skip

KEY = "email"
LABEL = "Surel"
ORIGINAL = "surat-asli.eml"

_IMAP = "Mengambil surel lewat IMAP"

SETTINGS = (
    Setting("address", "Alamat surel", "Alamat tempat orang mengirim pengaduan, misalnya pengaduan@kampus.ac.id."),
    Setting("domains", "Domain Message-ID", "Nama host pada Message-ID surel kita, dipisah spasi.", required=False),
    Setting(
        "imap_host",
        "Peladen IMAP",
        "Kosong bila surel diantar oleh peladen surel sendiri.",
        required=False,
        group=_IMAP,
    ),
    Setting("imap_port", "Porta IMAP", "Kosong: 993 untuk TLS, 143 untuk lainnya.", required=False, group=_IMAP),
    Setting("imap_tls", "Pengamanan sambungan IMAP", "", False, False, "ssl", choices=TLS, group=_IMAP),
    Setting("imap_user", "Nama pengguna IMAP", "Kosong: alamat surel di atas.", required=False, group=_IMAP),
    Setting(
        "imap_password", "Sandi IMAP", "", secret=True, required=False, group=_IMAP, goes_to=("imap_host", "imap_tls")
    ),
    Setting("imap_folder", "Folder", "", required=False, default="INBOX", group=_IMAP),
    Setting(
        "imap_move_to",
        "Pindahkan sesudah disimpan ke",
        "Kosong: hanya ditandai terbaca.",
        required=False,
        group=_IMAP,
    ),
    *outgoing.SETTINGS,
)
"""The first two are what reading needs, the others tell the worker where to fetch and by which way to send."""
