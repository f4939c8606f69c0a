"""The words of an identity that was opened: why it may be, what each line is, and what to beware of."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

REASONS = {
    "hubungi": gettext_lazy("Menghubungi pelapor"),
    "verifikasi": gettext_lazy("Memverifikasi laporan"),
    "surat": gettext_lazy("Mengirim surat"),
    "hukum": gettext_lazy("Kewajiban hukum"),
    "keselamatan": gettext_lazy("Keselamatan"),
    "lain": gettext_lazy("Lainnya"),
}
_MARKS = {
    "several-senders": gettext_lazy("surat ini menyebut beberapa pengirim"),
    "foreign-letters": gettext_lazy("alamatnya memakai huruf bukan Latin"),
    "mixed-scripts": gettext_lazy("nama atau alamatnya mencampur huruf yang mirip"),
    "name-is-address": gettext_lazy("namanya menyerupai alamat lain"),
}


def shown(facts: Mapping[str, str]) -> list[tuple[str, str]]:
    """What :mod:`tanggap.actions.identity` returned, line by line."""
    labels = {
        "name": _("Nama"), "email": _("Surel"), "phone": _("Telepon"), "address": _("Alamat"), "number": _("NIM/NIP"),
        "on_behalf_of": _("Atas nama"), "affiliation": _("Pelapor adalah"), "handle": _("Alamat di kanal asal"),
        "reply_to": _("Minta dibalas ke (belum terbukti)"), "marks": _("Waspada"),
    }  # fmt: skip
    found = {**facts}
    if "marks" in found:
        found["marks"] = "; ".join(warnings(found["marks"].split()))
    lines = [(labels.get(name, name), value) for name, value in found.items()]
    return lines or [(_("Nama"), _("Tidak disebutkan"))]


def warnings(marks: list[str]) -> list[str]:
    """What was noticed of a sender, in words."""
    return [str(_MARKS[one]) for one in marks if one in _MARKS]
