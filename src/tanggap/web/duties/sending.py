"""What was sent to the complainant of a case, what became of it, and how long a chat may still be answered."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from tanggap.channels import directory
from tanggap.records import queries
from tanggap.records.queries import CasePage
from tanggap.web import dates, labels
from tanggap.web.notices import labels as notices


def lines(found: CasePage, *, at: datetime) -> list[tuple[str, str]]:
    """Each notice with what became of it; nothing for whoever is complained of."""
    if found.redacted or found.state.internal:
        return []
    told = queries.sent_of(found.id)
    return [(str(notices.kind(one.kind)), notices.became(one, found.institution.zone, at=at)) for one in told]


def window(found: CasePage, *, at: datetime) -> str:
    """How long the platform lets free words through; empty where there is no such limit."""
    if found.redacted:
        return ""
    heard = queries.heard(found.id)
    window_of = getattr(directory.modules().get(heard.channel), "window", None) if heard is not None else None
    if heard is None or window_of is None:
        return ""
    left, channel = heard.at + window_of(heard.settings) - at, labels.channel(heard.channel)
    if left <= timedelta(0) and not heard.settings.get("template"):
        return _(
            "Jendela %(channel)s sudah tertutup: di sana jawaban tidak dapat dikirim lagi, maka pergi lewat cara lain "
            "atau menjadi tugas petugas."
        ) % {"channel": channel}
    if left <= timedelta(0):
        return _("Jendela %(channel)s sudah tertutup: jawaban pergi sebagai templat, atau lewat cara lain.") % {
            "channel": channel
        }
    return _("Sisa jendela %(channel)s: %(left)s") % {"channel": channel, "left": dates.stretch(left)}
