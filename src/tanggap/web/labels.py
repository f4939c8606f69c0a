"""The words of the pages for values of the record: kinds, channels, identities, public statuses. One place each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tanggap.casework.duties import CHANNEL as SCHEDULE
from tanggap.casework.events import COMPLAINANT, ENGINE
from tanggap.casework.shelf import Shelf
from tanggap.casework.state import Case, Status
from tanggap.casework.waits import asks_complainant
from tanggap.sop.model import Sop

if TYPE_CHECKING:
    from tanggap.records.queries import InstitutionLine

Words = str | Promise

KINDS: dict[str, tuple[Words, Words]] = {
    "complaint": (_("Keluhan"), _("Layanan tidak sesuai janji atau aturan")),
    "criticism": (_("Kritik"), _("Ada yang perlu diperbaiki")),
    "suggestion": (_("Saran"), _("Usul agar layanan lebih baik")),
    "question": (_("Pertanyaan"), _("Anda memerlukan penjelasan")),
    "aspiration": (_("Aspirasi"), _("Harapan atau pendapat untuk lembaga")),
}
"""Kind of the report: its word, and one sentence that explains it."""

CHANNELS: dict[str, tuple[Words, str]] = {
    "web": (_("Formulir web"), "web"),
    "telepon": (_("Telepon"), "phone"),
    "lisan": (_("Datang langsung"), "person"),
    "surat": (_("Surat"), "letter"),
    "whatsapp": (_("WhatsApp"), "message"),
    "sms": (_("SMS"), "message"),
    "email": (_("Surel"), "mail"),
    "instagram": (_("Instagram"), "message"),
    "facebook": (_("Facebook"), "message"),
    "telegram": (_("Telegram"), "message"),
    "media sosial": (_("Media sosial"), "message"),
    "kotak saran": (_("Kotak saran"), "box"),
    "tulisan": (_("Tulisan"), "letter"),
}
"""Channel of the record: its word and its icon. SOPs name channels by these words."""
_MODEM, _SMS = "gammu", "sms"
"""What leaves by a modem is SMS to whoever reads a page."""

IDENTITIES: dict[str, tuple[Words, Words]] = {
    "open": (_("Terbuka"), _("Petugas dan unit yang dikeluhkan melihat nama saya.")),
    "confidential": (
        _("Dirahasiakan"),
        _("Hanya petugas penerima yang tahu; unit yang dikeluhkan menerima isi tanpa nama."),
    ),
    "anonymous": (
        _("Tanpa identitas"),
        _("Tidak ada nama dan kontak yang disimpan; jawaban dibaca dengan kode lacak."),
    ),
}
"""Who may know the complainant: the word and the sentence of the switch."""

REPLY_BY: dict[str, tuple[Words, Words]] = {
    "lacak": (_("Kode lacak saja"), _("Jawaban dibaca di halaman Lacak")),
    "whatsapp": (_("WhatsApp"), _("Petugas menghubungi nomor Anda")),
    "email": (_("Surel"), _("Jawaban dikirim ke alamat Anda")),
    "telepon": (_("Telepon"), _("Pada jam layanan")),
}
"""How the complainant wants to be answered."""

PUBLICITY: dict[str, tuple[Words, Words]] = {
    "public": (_("Boleh diringkas untuk umum"), _("Tanpa nama, agar orang lain terbantu.")),
    "secret": (_("Rahasia"), _("Tidak pernah diterbitkan.")),
}
"""Whether the content may be summarised to the public."""

AFFILIATIONS: dict[str, tuple[Words, Words]] = {
    "internal": (_("Warga kampus"), _("Mahasiswa, dosen, atau tenaga kependidikan")),
    "external": (_("Masyarakat"), _("Orang tua, alumni, mitra, atau masyarakat umum")),
}
"""Internal and external customers (S3-14)."""

MEDIA: dict[str, Words] = {
    "web": _("Halaman Lacak"),
    "telepon": _("Telepon"),
    "whatsapp": _("WhatsApp"),
    "sms": _("SMS"),
    "email": _("Surel"),
    "surat": _("Surat"),
    "lisan": _("Lisan"),
    "media sosial": _("Media sosial"),
    "papan pengumuman": _("Papan pengumuman"),
    "website": _("Situs web"),
}
"""By which medium an answer was given (S3-3)."""


def media(sop: Sop) -> dict[str, Words]:
    """The media an answer may be given by: the usual ones, and those the SOP names for what goes out (S3-12)."""
    known = {str(word).casefold() for word in MEDIA.values()} | set(MEDIA)
    named = (medium.strip() for medium in sop.identity.outgoing_media)
    aliases = {"email", "website", "e-mail"}
    return MEDIA | {one: one for one in named if one and one.casefold() not in known | aliases and one != "-"}


NATURES: dict[str, Words] = {
    "disposisi": _("Disposisi"),
    "minta keterangan": _("Minta keterangan"),
    "tindakan perbaikan": _("Tindakan perbaikan"),
    "tindakan pencegahan": _("Tindakan pencegahan"),
}
URGENCIES: dict[str, Words] = {
    "biasa": _("Biasa"),
    "segera": _("Segera"),
    "sangat segera": _("Sangat segera"),
    "rahasia": _("Rahasia"),
}
CAUSES: dict[str, Words] = {
    "not_taken": _("belum dikerjakan"),
    "respond": _("respons pertama belum diberikan"),
    "late": _("lewat waktu"),
    "returns": _("berulang kali dibuka lagi"),
    "promise": _("janji kepada pelapor"),
    "law": _("tenggat hukum"),
}
"""Why somebody was reminded, or it climbed (eskalasi). Lewat waktu is one cause among others."""
INSTRUCTIONS: dict[str, Words] = {
    "tanggapan dan saran": _("Tanggapan dan saran"),
    "proses lebih lanjut": _("Proses lebih lanjut"),
    "koordinasi": _("Koordinasi/konfirmasikan"),
    "selesaikan": _("Selesaikan dan laporkan"),
    "siapkan jawaban": _("Siapkan konsep jawaban"),
    "untuk diketahui": _("Untuk diketahui"),
}
"""The ticks of a lembar disposisi."""

OUTCOMES: dict[str, Words] = {
    "finished": _("Selesai"),
    "withdrawn": _("Dicabut pelapor"),
    "deemed_withdrawn": _("Dianggap dicabut"),
    "not_ours": _("Bukan kewenangan"),
    "handed_over": _("Dialihkan"),
    "archived": _("Diarsipkan"),
    "merged": _("Digabung dengan laporan lain"),
}
"""How a case may end outside the rows of its SOP; an SOP may name outcomes of its own, shown as it writes them."""

RELATIONS: dict[str, Words] = {
    "merged_into": _("digabung ke laporan lain"),
    "merged": _("menerima laporan yang digabung"),
    "related": _("berkaitan"),
    "different": _("bukan hal yang sama"),
}
"""What one case is to another, besides the relations that an SOP names itself."""

SATISFACTION: tuple[tuple[int, Words], ...] = (
    (1, _("Sangat tidak puas")),
    (2, _("Tidak puas")),
    (3, _("Cukup")),
    (4, _("Puas")),
    (5, _("Sangat puas")),
)


def kinds_of(house: InstitutionLine) -> dict[str, tuple[Words, Words]]:
    """The kinds of report that ``house`` offers: the usual ones, then its own, each with its sentence (S1-2)."""
    own = {
        one.key: (one.label, KINDS[one.counts_as][0]) for one in house.kinds if one.offered and one.counts_as in KINDS
    }
    return KINDS | own


def kind_of(house: InstitutionLine, attributes: Mapping[str, str]) -> Words:
    """The kind of a report by the name it came under, while it is still the usual kind that this counted as."""
    counted = attributes.get("kind", "")
    own = (one.label for one in house.kinds if (one.key, one.counts_as) == (attributes.get("sort"), counted))
    return next(own, kind(counted))


def kind(value: str) -> Words:
    """The word for a kind of report."""
    return KINDS[value][0] if value in KINDS else value


def channel(value: str) -> Words:
    """The word for a channel; for a periodic duty, which came by none, what it is."""
    if value == SCHEDULE:
        return _("Tugas berkala")
    value = _SMS if value == _MODEM else value
    return CHANNELS[value][0] if value in CHANNELS else value


def channel_icon(value: str) -> str:
    """The icon of a channel."""
    if value == SCHEDULE:
        return "clock"
    return CHANNELS[value][1] if value in CHANNELS else "message"


def reply_by(value: str) -> Words:
    """The word for how the complainant wants to be answered."""
    return REPLY_BY[value][0] if value in REPLY_BY else MEDIA.get(value, value)


def identity(value: str) -> Words:
    """The word for how far the complainant may be known."""
    return IDENTITIES[value][0] if value in IDENTITIES else value


def cause(value: str) -> Words:
    """Why it climbed."""
    return CAUSES.get(value, value)


def outcome(value: str) -> Words:
    """The word for how a case ended."""
    return OUTCOMES.get(value, value.replace("_", " "))


@dataclass(frozen=True, slots=True)
class PublicStatus:
    """One of the few words a complainant sees: word, shape, and colour class."""

    word: Words
    shape: str
    tone: str = ""


RECEIVED = PublicStatus(_("Diterima"), "received")
VERIFIED = PublicStatus(_("Diverifikasi"), "verified", "is-now")
WAITING = PublicStatus(_("Menunggu kelengkapan"), "paused", "is-risk")
PROCESSED = PublicStatus(_("Diproses"), "processed", "is-now")
ANSWERED = PublicStatus(_("Ditanggapi"), "answered", "is-now")
FINISHED = PublicStatus(_("Selesai"), "finished", "is-good")
HANDED_OVER = PublicStatus(_("Dialihkan"), "handed_over")
NOT_OURS = PublicStatus(_("Bukan kewenangan"), "not_ours")
WITHDRAWN = PublicStatus(_("Dicabut"), "not_ours")
DEEMED_WITHDRAWN = PublicStatus(_("Dianggap dicabut"), "not_ours")
ARCHIVED = PublicStatus(_("Diarsipkan"), "none")
MERGED = PublicStatus(_("Digabung"), "handed_over")
_CLOSED = {
    "withdrawn": WITHDRAWN,
    "deemed_withdrawn": DEEMED_WITHDRAWN,
    "not_ours": NOT_OURS,
    "handed_over": HANDED_OVER,
    "archived": ARCHIVED,
    "merged": MERGED,
}
_VERIFYING = frozenset({"receipt", "form", "classification"})
"""Kinds of record whose rows count as looking at the complaint rather than working on it."""


def public_status(case: Case, shelf: Shelf) -> PublicStatus:
    """What the complainant is told: the internal step comes from the SOP, the public word is this mapping."""
    if case.status is Status.CLOSED:
        return _CLOSED.get(case.outcome, FINISHED)
    if any(wait.to is None and asks_complainant(wait, shelf.sops) for wait in case.waits.values()):
        return WAITING
    if any(case.proposal(visit) is not None for visit in case.open.values()):
        return WAITING
    if case.answered:
        return ANSWERED
    return _status_of_open_rows(case, shelf.sops[case.sop])


def _status_of_open_rows(case: Case, sop: Sop) -> PublicStatus:
    procedure = sop.procedure(case.procedure)
    outsiders = ("", COMPLAINANT, ENGINE)
    if all(visit.by in outsiders and visit.touched_by in outsiders for visit in case.visits.values()):
        return RECEIVED
    rows = [procedure.step(visit.row) for visit in case.open_visits()]
    return VERIFIED if all(row.record in _VERIFYING for row in rows) else PROCESSED
