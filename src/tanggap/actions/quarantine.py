"""What nobody could read becomes a case all the same: a person sees it, with the delivery as it came beside it."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

from django.conf import settings

from tanggap.actions import inbox
from tanggap.actions.contents import Upload
from tanggap.actions.inbox import Claim
from tanggap.actions.intake import Incoming, receive
from tanggap.casework.refusals import Refused
from tanggap.records.deliveries import Gone, case_of_intake, raw_of

_WORDS = (
    "Ada kiriman melalui {name} yang tidak dapat dibaca oleh Tanggap ({why}). "
    "Kiriman aslinya {where}. Bukalah di komputer yang terlindung, lalu tindak lanjuti seperti laporan biasa."
)
_NAME = "kiriman-asli.bin"
_BESIDE, _IN_INBOX = "terlampir, persis seperti saat tiba", "disimpan di Kotak masuk, persis seperti saat tiba"

_log = logging.getLogger(__name__)


def quarantine(claim: Claim, *, at: datetime, why: str, name: str = "", found: int = 0, known: int = 0) -> None:
    """Make the delivery of ``claim`` a case; the same delivery makes one case, however often this is tried.

    ``why``: short, for the officer. ``name``: of the file. ``found`` and ``known``: what could be read of it, see
    :func:`tanggap.actions.inbox.done`. Raises :class:`tanggap.actions.intake.NoProcedure`.
    """
    row, account = claim.row, claim.account
    try:
        raw = raw_of(row)
    except Gone:
        raw = b""
    fits = 0 < len(raw) <= settings.TANGGAP_FILE_MEGABYTES * 1024 * 1024
    incoming = Incoming(
        text=_WORDS.format(name=account.name, why=why, where=_IN_INBOX),
        title=f"Kiriman yang belum terbaca ({account.name})",
        channel=account.channel,
        identity="anonymous",
        addressee=account.unit.name if account.unit is not None else "",
        happened_at=row.received_at,
    )
    if fits:
        beside = _WORDS.format(name=account.name, why=why, where=_BESIDE)
        whole = replace(incoming, text=beside, files=(Upload(name or _NAME, raw),))
        try:
            _received(claim, whole, at=at, why=why, found=found, known=known)
        except OSError:  # files cannot be written: the delivery itself is safe (F22)
            _log.exception("a delivery nobody could read is told of without its bytes")
        else:
            return
    _received(claim, incoming, at=at, why=why, found=found, known=known)


def _received(claim: Claim, incoming: Incoming, *, at: datetime, why: str, found: int, known: int) -> None:
    row, account = claim.row, claim.account
    house, key = account.institution.key, f"unread {account.key} {row.delivery}"
    try:
        case = receive(house, incoming, key=key, at=at, coded=False).case
    except Refused as refused:
        if refused.code != "key_reused":  # it was made before, with another reason
            raise
        case = case_of_intake(house, key)
    inbox.quarantined(claim, case=case, at=at, why=why, found=found, known=known)
