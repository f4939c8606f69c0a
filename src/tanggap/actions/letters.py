"""From claimed rows to the letter they travel in: still needed, allowed by the caps, addressed and worded in memory."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from tanggap.actions import outbox
from tanggap.actions.outbox import Claim
from tanggap.casework import notices, wording
from tanggap.casework.dues import dues
from tanggap.casework.events import COMPLAINANT
from tanggap.records import store
from tanggap.records.access import Reader, reader, visible_cases, visible_duties
from tanggap.records.keys import keyed_digest
from tanggap.records.models import Case, ConfirmedAddress, Duty, Outbox, User
from tanggap.records.queries.cases import identity_of
from tanggap.records.queries.words import reports
from tanggap.records.shelves import compiled
from tanggap.records.wordings import CONFIDENTIAL, CONFIDENTIAL_DUTY, DIGEST, words
from tanggap.records.writing import write

A_DAY = timedelta(hours=24)
MOST_PER_CASE = 3
"""Automatic mails to the complainant of one case in 24 hours; one address that nobody confirmed: one in 24 hours."""
BETWEEN_LETTERS = timedelta(minutes=10)
"""An officer gets a letter at most this often; what comes meanwhile becomes one."""
ASKS = frozenset({"question", "answered", "letter", "closed"})
"""What waits once for the next day when an unconfirmed address has had its mail; everything else falls silent."""
IN_TANGGAP, BY_MAIL = "app", "email"
_BEYOND_DUTIES = frozenset({"escalated", "alarm"})
"""Kinds that tell of what is somebody else's to do."""
_CONFIRM_WITHIN = timedelta(days=30)
_MAC_LETTERS = 32


@dataclass(frozen=True, slots=True)
class Letter:
    """What leaves: to one address, as it stands in the vault or the account. ``links``: our own addresses in it."""

    id: str
    to: str
    subject: str
    text: str
    links: tuple[str, ...]
    domain: str


def compose(claim: Claim, *, at: datetime) -> Letter | None:
    """The letter of ``claim``; ``None`` when nothing leaves by mail, which the rows then say. Reads the vault."""
    if claim.first.audience == COMPLAINANT:
        return _to_complainant(claim, at)
    return _to_officer(claim, at)


# officers -------------------------------------------------------------------------------------------------------------


def _to_officer(claim: Claim, at: datetime) -> Letter | None:
    user = User.objects.filter(pk=int(claim.first.recipient[1:]), is_active=True).first()
    rows: Sequence[Outbox] = claim.rows
    if not claim.is_retry:
        rows = _still_duties(user, rows, at) if user is not None else []
        if gone := [row for row in claim.rows if row not in rows]:
            outbox.silence(claim, gone, at=at, why="past")
    if user is None or not rows:
        return None
    if not settings.TANGGAP_SENDS_MAIL or not user.email:
        outbox.sent(claim, at=at, channel=IN_TANGGAP)
        return None
    if not claim.is_retry:
        pace = keyed_digest("letters to", user.person).hex()
        free_at = outbox.reserve_pause(pace, at=at, length=BETWEEN_LETTERS)
        if free_at is not None:
            outbox.postpone(claim, until=free_at)
            return None
    return _worded(claim, rows, user.email, settings.LANGUAGE_CODE)


def _still_duties(user: User, rows: Sequence[Outbox], at: datetime) -> list[Outbox]:
    """Rows whose duty is still open and still this person's: what others did meanwhile is no news."""
    who = reader(user, at=at)
    beyond = [row for row in rows if row.kind in _BEYOND_DUTIES or row.about.startswith("clock:")]
    mine = visible_duties(who).filter(case__in={row.case_id for row in rows})
    open_now = set(mine.values_list("case", "name"))
    still = _still_running(who, beyond) if beyond else set()
    return [row for row in rows if (row.case_id, row.about) in (still if row in beyond else open_now)]


def _still_running(who: Reader, rows: Sequence[Outbox]) -> set[tuple[UUID, str]]:
    """Duties and clocks of cases that go on, for somebody whose own duty they are not, but who may see the case."""
    cases = {row.case_id for row in rows}
    found = set(Duty.objects.filter(case__in=cases).values_list("case", "name"))
    for case in {row.case_id for row in rows if row.about.startswith("clock:")}:
        log = store.load(case)
        found |= {(case, due.clock) for due in dues(log.state, compiled(log.row.institution).shelf(who.at)) if due.kind}
    seen = set(visible_cases(who).filter(pk__in=cases).values_list("pk", flat=True))
    seen |= {row.case_id for row in rows if row.kind == "alarm"}  # an administrator learns the number, no more
    return {(case, name) for case, name in found if case in seen}


# complainants ---------------------------------------------------------------------------------------------------------


def _to_complainant(claim: Claim, at: datetime) -> Letter | None:
    row, case = claim.first, Case.objects.select_related("institution").get(pk=claim.first.case_id)
    if row.kind in notices.RUNNING_OUT and not claim.is_retry and not _still_runs_out(claim, at):
        return None
    form = reports([case.pk]).get(case.pk, {})
    to, why = _address_of(case, form)
    if not why:
        digest = keyed_digest("address", to.lower()).hex()
        confirmed = ConfirmedAddress.objects.filter(pk=digest).exists()
        why, until = _reserved(row, digest, confirmed=confirmed, at=at)
        if until is not None:
            outbox.postpone(claim, until=until, why=why)
            return None
    if why:
        outbox.silence(claim, claim.rows, at=at, why=why)
        return None
    language = form.get("language", "") or settings.LANGUAGE_CODE
    return _worded(claim, claim.rows, to, language, confirm="" if confirmed else confirm_token(claim.letter))


def _still_runs_out(claim: Claim, at: datetime) -> bool:
    """True when the clock still runs and is nearly out; one that was given more time is warned of later."""
    row = claim.first
    log = store.load(row.case_id)
    notice = notices.Notice(row.kind, "", row.about)
    found = notices.lapse(notice, log.state, compiled(log.row.institution).shelf(at))
    if found is None or found[1] <= at:
        outbox.silence(claim, claim.rows, at=at, why="past")
        return False
    warn_at, ends_at = found
    if ends_at != row.moment:
        with write():
            Outbox.objects.filter(pk=row.pk).update(moment=ends_at)
        row.moment = ends_at
    if warn_at > at:
        outbox.postpone(claim, until=warn_at)
        return False
    return True


def _address_of(case: Case, form: Mapping[str, str]) -> tuple[str, str]:
    """The complainant's address as the vault has it, or why nothing is sent there: the contact policy of the case."""
    if not settings.TANGGAP_SENDS_MAIL:
        return "", "no_mail"
    if form.get("answer_by", "") not in ("", "email"):
        return "", "own_wish"
    facts = identity_of(case)
    if not facts:
        return "", "erased"
    return (facts["email"].strip(), "") if facts.get("email") else ("", "no_address")


def _reserved(row: Outbox, digest: str, *, confirmed: bool, at: datetime) -> tuple[str, datetime | None]:
    """Take one of the mails that may go to this address today: ``("", None)`` when it may.

    Else why not, and the moment from which it may, when it is worth waiting for. A row keeps what it took.
    """
    if row.reserved_at is not None and at - row.reserved_at < A_DAY:
        return "", None
    with write():
        Case.objects.select_for_update().get(pk=row.case_id)
        outbox.lock(keyed_digest("address pace", digest).hex(), at=at)
        recent = Outbox.objects.filter(reserved_at__gt=at - A_DAY).exclude(pk=row.pk)
        if recent.filter(case=row.case_id, audience=COMPLAINANT).count() >= MOST_PER_CASE:
            return "capped", None
        last = None if confirmed else recent.filter(address=digest).order_by("-reserved_at").first()
        if last is not None and last.reserved_at is not None:
            if row.kind in ASKS and row.why != "deferred" and last.case_id == row.case_id:
                return "deferred", last.reserved_at + A_DAY
            return "capped", None
        Outbox.objects.filter(pk=row.pk).update(address=digest, reserved_at=at)
    return "", None


def confirm_token(letter: str) -> str:
    """What the link in a letter carries: only who got the letter, or has our keys, can know it."""
    return f"{letter}.{keyed_digest('confirm address', letter).hex()[:_MAC_LETTERS]}"


def confirm_address(token: str, *, at: datetime) -> bool:
    """The owner of an address has opened the link sent to it: it may be written to freely. ``False``: no such link."""
    letter = token.partition(".")[0]
    if not hmac.compare_digest(token.encode(), confirm_token(letter).encode()):
        return False
    row = Outbox.objects.filter(letter=letter, reserved_at__gt=at - _CONFIRM_WITHIN).exclude(address="").first()
    if row is None:
        return False
    with write():
        ConfirmedAddress.objects.get_or_create(digest=row.address, defaults={"at": at})
    return True


# words ----------------------------------------------------------------------------------------------------------------


def _worded(claim: Claim, rows: Sequence[Outbox], to: str, language: str, *, confirm: str = "") -> Letter:
    """``rows`` in words: one notice, or a digest of several. A letter sent again has the very same words."""
    cases = Case.objects.select_related("institution").in_bulk([row.case_id for row in rows])
    case = cases[rows[0].case_id]
    name = template_of(rows[0], confidential=case.confidential) if len(rows) == 1 else DIGEST
    language = rows[0].language if claim.is_retry else language
    text = words(case.institution_id, name, language, version=rows[0].template if claim.is_retry else None)
    if not claim.is_retry:
        outbox.first_attempt(claim, template=text.version, language=language)
    values = values_of(rows[0], case, language) if len(rows) == 1 else _digest_values(rows, cases, language)
    if confirm:
        values["konfirmasi"] = _url("confirm_address", confirm)
    links = tuple(values.get(name, "") for name in ("tautan", "konfirmasi"))
    links += tuple(_url("case", key) for key in cases)
    domain = urlsplit(settings.TANGGAP_BASE_URL).hostname or "localhost"
    subject, body = wording.fill(text.subject, values), wording.fill(text.body, values)
    return Letter(claim.letter, to, subject, body, tuple(filter(None, links)), domain)


def template_of(row: Outbox, *, confidential: bool) -> str:
    """The words a notice uses: of a confidential procedure not even what happened is told."""
    if not confidential:
        return row.kind
    return CONFIDENTIAL if row.audience == COMPLAINANT else CONFIDENTIAL_DUTY


def values_of(row: Outbox, case: Case, language: str) -> dict[str, str]:
    """What the placeholders say for one notice."""
    zone = ZoneInfo(case.institution.zone)
    to_complainant = row.audience == COMPLAINANT
    step = row.step
    if step[:1].isdigit():
        step = f"{'Step' if language == 'en' else 'Langkah'} {step}"
    return {
        "nomor": case.register,
        "lembaga": case.institution.short_name,
        "langkah": "" if case.confidential else step,
        "jatuh_tempo": wording.moment(row.moment, zone, language) if row.moment else "",
        "tautan": _url("track") if to_complainant else _url("case", case.pk),
    }


def _digest_values(rows: Sequence[Outbox], cases: Mapping[object, Case], language: str) -> dict[str, str]:
    """Several notices as one: a line each, the earliest due first."""
    lines = []
    for row in sorted(rows, key=lambda one: (one.moment is None, one.moment, one.pk)):
        case = cases[row.case_id]
        values = values_of(row, case, language)
        name = template_of(row, confidential=case.confidential)
        head = wording.fill(words(case.institution_id, name, language).subject, values)
        told = [head, *(values[one] for one in ("langkah", "jatuh_tempo") if values[one])]
        lines.append(f"- {'; '.join(told)}\n  {values['tautan']}")
    house = cases[rows[0].case_id].institution.short_name
    return {"jumlah": str(len(rows)), "daftar": "\n".join(lines), "lembaga": house, "tautan": _url("duties")}


def _url(name: str, *args: object) -> str:
    return f"{settings.TANGGAP_BASE_URL}{reverse(name, args=args)}"
