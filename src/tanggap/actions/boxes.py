"""Opening a suggestion box: one berita acara, and a case for every slip that can be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError
from django.db.models import Max

from tanggap.actions.cases import NotVisible
from tanggap.actions.contents import Upload, check_files
from tanggap.actions.intake import Complainant, Incoming, receive
from tanggap.casework.shelf import Power
from tanggap.records.access import Reader
from tanggap.records.keys import keyed_digest
from tanggap.records.models import BoxOpening, BoxSlip, Institution
from tanggap.records.writing import write

CHANNEL = "kotak saran"

_TRIES = 10


@dataclass(frozen=True, slots=True)
class Slip:
    """What one slip says, and a scan of it."""

    text: str
    kind: str = "suggestion"
    name: str = ""
    contact: str = ""
    files: tuple[Upload, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """The facts of the berita acara. ``slips``: how many lay in the box, readable or not."""

    box: str
    opened_at: datetime
    opened_by: str
    witnesses: str = ""
    slips: int = 0
    notes: str = ""


def open_box(
    institution: str, opening: Opening, slips: Sequence[Slip], *, key: str, at: datetime, by: Reader
) -> BoxOpening:
    """Record the opening, and receive each slip as a report of its own, said at the moment the box was opened.

    The same form sent again goes on where it was interrupted: each slip becomes one case. Raises ``LookupError``,
    :class:`NotVisible` (not this institution's desk), :class:`tanggap.actions.contents.TooLarge`, and what
    :func:`tanggap.actions.intake.receive` raises.
    """
    row = Institution.objects.filter(key=institution).first()
    if row is None:
        raise LookupError(institution)
    if not by.actor(row.pk).may(Power.DESK, Power.COORDINATOR):
        raise NotVisible(institution)
    for slip in slips:
        check_files(slip.files)
    made = _recorded(row, opening, count=max(opening.slips, len(slips)), key=key, at=at, by=by)
    for position, slip in enumerate(slips, 1):
        if made.found.filter(position=position).exists():
            continue
        receipt = receive(institution, _incoming(slip, opening), key=f"{key}-{position}", at=at, by=by)
        with write():
            BoxSlip.objects.get_or_create(opening=made, position=position, defaults={"case_id": receipt.case})
    return made


def _recorded(row: Institution, opening: Opening, *, count: int, key: str, at: datetime, by: Reader) -> BoxOpening:
    digest = keyed_digest("box", row.key, key).hex()
    year = opening.opened_at.astimezone(ZoneInfo(row.zone)).year
    for attempt in range(_TRIES):
        known = BoxOpening.objects.filter(key=digest).first()
        if known is not None:
            return known
        try:
            with write():
                last = BoxOpening.objects.filter(institution=row, year=year).aggregate(last=Max("n"))["last"] or 0
                return BoxOpening.objects.create(
                    institution=row, year=year, n=last + 1, key=digest, box=opening.box, opened_at=opening.opened_at,
                    recorded_at=at, recorded_by=by.user, opened_by=opening.opened_by, witnesses=opening.witnesses,
                    slips=count, notes=opening.notes,
                )  # fmt: skip
        except IntegrityError:  # somebody else took the number, or sent the same form
            if attempt == _TRIES - 1:
                raise
    raise AssertionError


def _incoming(slip: Slip, opening: Opening) -> Incoming:
    contact = {"email": slip.contact} if "@" in slip.contact else {"phone": slip.contact}
    who = Complainant(name=slip.name, **contact)
    return Incoming(
        text=slip.text,
        channel=CHANNEL,
        kind=slip.kind,
        identity="confidential" if slip.name or slip.contact else "anonymous",
        place=opening.box,
        complainant=who,
        files=slip.files,
        happened_at=opening.opened_at,
    )
