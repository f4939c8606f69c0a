"""Periodic duties in words: what one is called, the stretch it is about, what of its schedule was left out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tanggap.casework import duties
from tanggap.sop.model import Sop
from tanggap.web import dates, printed


def name_of(sop: Sop, procedure: str) -> str:
    """What a periodic duty is called: the activity of its row, else the table's heading, else the document's."""
    duty = sop.procedure(procedure)
    head = printed.title_and_rest(duty.label)[0]
    return (head[:1].upper() + head[1:]) if head else sop.identity.title or procedure


def period_of(attributes: Mapping[str, str]) -> str:
    """The stretch or the date a case is about: "1 Juli 2026 sampai 30 September 2026", "12 November 2026"."""
    period, since = duties.day_of(attributes, duties.PERIOD), duties.day_of(attributes, duties.SINCE)
    if period is None:
        return ""
    if since is None:
        return dates.day(period)
    through = dates.day(period - timedelta(days=1))
    return _("%(since)s sampai %(through)s") % {"since": dates.day(since), "through": through}


def left_out(attributes: Mapping[str, str]) -> str:
    """That earlier dates passed without anybody looking; empty when none did."""
    since, number = duties.day_of(attributes, duties.SKIPPED_FROM), int(attributes.get(duties.SKIPPED, "0"))
    if since is None or not number:
        return ""
    told = {"n": number, "since": dates.day(since)}
    return ngettext(
        "%(n)d jadwal sejak %(since)s terlewat karena Tanggap tidak berjalan.",
        "%(n)d jadwal sejak %(since)s terlewat karena Tanggap tidak berjalan.",
        number,
    ) % told  # fmt: skip
