"""The words of the pages for kinds and states of notices."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tanggap.records.queries import Told, Trouble
from tanggap.web import dates
from tanggap.web import labels as channels
from tanggap.web.labels import Words

KINDS: dict[str, Words] = {
    "received": gettext_lazy("Laporan diterima"),
    "question": gettext_lazy("Kelengkapan diminta"),
    "letter": gettext_lazy("Ada pesan"),
    "answered": gettext_lazy("Laporan dijawab"),
    "reminder": gettext_lazy("Kelengkapan masih ditunggu"),
    "closing": gettext_lazy("Laporan segera ditutup"),
    "closed": gettext_lazy("Laporan ditutup"),
    "reopened": gettext_lazy("Laporan dibuka kembali"),
    "withdrawn": gettext_lazy("Pencabutan dikonfirmasi"),
    "duty": gettext_lazy("Tugas baru"),
    "wrote": gettext_lazy("Pelapor menulis"),
    "arrived": gettext_lazy("Kelengkapan tiba"),
    "soon": gettext_lazy("Hampir jatuh tempo"),
    "reminded": gettext_lazy("Pengingat: belum dikerjakan"),
    "late": gettext_lazy("Lewat waktu"),
    "proposed": gettext_lazy("Usul: dianggap dicabut"),
    "returned": gettext_lazy("Dikembalikan kepada Anda"),
    "unsatisfied": gettext_lazy("Belum sesuai menurut pelapor"),
    "escalated": gettext_lazy("Eskalasi kepada Anda"),
    "alarm": gettext_lazy("Eskalasi tanpa penerima"),
    "announce": gettext_lazy("Pengumuman"),
    "spoken": gettext_lazy("Kaki surat dan pesan petugas"),
    "digest": gettext_lazy("Rangkuman beberapa kabar"),
    "confidential": gettext_lazy("Prosedur rahasia: kepada pelapor"),
    "confidential_duty": gettext_lazy("Prosedur rahasia: kepada petugas"),
}
"""A kind of notice, or a template that is none."""

WHY: dict[str, Words] = {
    "deferred": gettext_lazy("Menunggu: alamat ini sudah menerima surel hari ini."),
    "past": gettext_lazy("Tidak perlu lagi ketika gilirannya tiba."),
    "self": gettext_lazy("Penerimanya sendiri yang bertindak."),
    "merged": gettext_lazy("Disampaikan bersama kabar lain."),
    "nobody": gettext_lazy("Tidak ada pemegang jabatan."),
    "capped": gettext_lazy("Batas surel sehari sudah tercapai."),
    "no_address": gettext_lazy("Tidak ada alamat surel."),
    "own_wish": gettext_lazy("Pelapor memilih cara lain."),
    "no_mail": gettext_lazy("Pengiriman surel belum diatur."),
    "erased": gettext_lazy("Identitas tidak disimpan lagi."),
    "bad_address": gettext_lazy("Alamat atau nomornya tidak dapat dipakai."),
    "refused": gettext_lazy("Ditolak oleh peladen surel penerima."),
    "bounced": gettext_lazy("Dipulangkan: tidak sampai kepada penerima."),
    "gave_up": gettext_lazy("Berkali-kali gagal dikirim."),
    "unreadable": gettext_lazy("Suratnya tidak dapat disusun."),
    "machine": gettext_lazy("Pengirimnya mesin: tidak ada kabar otomatis ke sana."),
    "window": gettext_lazy("Waktu membalas di kanal itu sudah habis."),
    "long": gettext_lazy("Terlalu panjang untuk kanal itu."),
    "no_account": gettext_lazy("Akun kanalnya tidak dipakai."),
}
"""What the state of a notice has to say."""

_TO_DO: dict[str, Words] = {
    "telepon": gettext_lazy("Hubungi lewat telepon"),
    "surat": gettext_lazy("Kirim surat: cetak"),
    "lisan": gettext_lazy("Sampaikan secara lisan"),
    "whatsapp": gettext_lazy("Hubungi lewat WhatsApp"),
    "email": gettext_lazy("Kirim surel sendiri"),
}
_TAKERS: dict[str, Words] = {
    "": gettext_lazy("peladen surel"),
    "email": gettext_lazy("peladen surel"),
    "sms": gettext_lazy("gerbang SMS"),
    "gammu": gettext_lazy("modem SMS"),
}
"""To whom a letter is given, where that is not the platform itself."""

_WHY_BY_CHAT: dict[str, Words] = {
    "refused": gettext_lazy("Ditolak %(taker)s: penerima memblokir, atau tidak ada lagi di sana."),
    "bounced": gettext_lazy("Tidak sampai kepada penerima menurut %(taker)s."),
}
"""The same where no mail server said it."""

_REACHED: dict[str, Words] = {
    "sent": gettext_lazy("terkirim"),
    "delivered": gettext_lazy("sampai"),
    "read": gettext_lazy("dibaca"),
    "failed": gettext_lazy("gagal"),
}


def to_do(one: Trouble) -> str:
    """What a person must do."""
    if one.kind == "announce":
        return _("Umumkan: %(medium)s") % {"medium": one.medium}
    if one.channel in _TO_DO:
        return str(_TO_DO[one.channel])
    return _("Hubungi lewat %(channel)s") % {"channel": channels.channel(one.channel)}


def became(one: Told, zone: str, *, at: datetime) -> str:
    """What became of one notice, for its officers: by which channel, with the moments."""
    way = str(channels.channel(one.channel)) if one.channel else ""
    ended = dates.stamp(one.ended_at or one.made_at, zone)
    if one.handled:
        done = _("Dikerjakan %(by)s, %(at)s") % {"by": one.by or _("petugas"), "at": ended}
        return f"{way}. {done}" if way else done
    if one.state == "by_hand":
        return _("%(way)s, menunggu dikerjakan petugas") % {"way": way}
    if one.reached in _REACHED and one.reached_at is not None:
        said = f"{_REACHED[one.reached]} {dates.stamp(one.reached_at, zone)}"
        if one.reached == "failed":
            return f"{way}, {said}. {why(one.why, one.channel)}"
        return _("Diserahkan ke %(taker)s %(at)s, %(said)s") % {
            "taker": _taker(one.channel), "at": ended, "said": said,
        }  # fmt: skip
    if one.state == "sent":
        return _("Diserahkan ke %(taker)s %(at)s") % {"taker": _taker(one.channel), "at": ended}
    if one.state == "queued":
        return _("Menunggu dikirim, %(at)s") % {"at": dates.stamp(max(one.next_at, one.made_at), zone)}
    if one.state == "silenced":
        return _("Tidak dikirim. %(why)s") % {"why": why(one.why)}
    return _("Gagal dikirim, %(at)s. %(why)s") % {"at": ended, "why": why(one.why, one.channel)}


def _taker(channel: str) -> Words:
    """Who takes what leaves by ``channel``: that it was taken there does not say that it arrived."""
    return _TAKERS[channel] if channel in _TAKERS else channels.channel(channel)


def kind(name: str) -> Words:
    """The word for a kind of notice."""
    return KINDS.get(name, name)


def why(name: str, channel: str = "") -> Words:
    """Why a notice stands as it stands; ``channel``: who refused it, or said that it did not arrive."""
    if channel not in ("", "email", "app") and name in _WHY_BY_CHAT:
        return _WHY_BY_CHAT[name] % {"taker": _taker(channel)}
    return WHY.get(name, "")


def told(one: Told, zone: str, *, at: datetime) -> str:
    """One notice to the complainant, with what became of it, in a sentence."""
    ended = dates.stamp(one.ended_at or one.made_at, zone)
    if one.state == "sent" and one.channel in ("", "email"):
        words = _("dikirim ke surel Anda, %(at)s.") % {"at": ended}
    elif one.state == "sent":
        words = _("dikirim lewat %(way)s, %(at)s.") % {"way": channels.channel(one.channel), "at": ended}
    elif one.state == "by_hand" and not one.handled:
        words = _("petugas akan menyampaikannya kepada Anda.")
    elif one.handled:
        words = _("disampaikan oleh petugas dengan cara lain, %(at)s.") % {"at": ended}
    elif one.state == "queued" and one.next_at > at:
        words = _("akan dikirim %(at)s.") % {"at": dates.stamp(one.next_at, zone)}
    elif one.state == "queued":
        words = _("sedang dikirim.")
    elif one.state == "silenced":
        words = _("tidak dikirim, dapat dibaca di halaman ini. %(why)s") % {"why": why(one.why)}
    else:
        words = _("belum dapat dikirim, petugas akan menindaklanjuti. %(why)s") % {"why": why(one.why, one.channel)}
    return f"{kind(one.kind)}: {words}"
