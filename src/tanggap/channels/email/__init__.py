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
    Setting("domains", "Domain Message-ID", "Nama host pada Message-ID surel kita, dipisah spasi.", required=False),
)
"""What reading needs. How the mails are fetched is the entrance's own business."""
