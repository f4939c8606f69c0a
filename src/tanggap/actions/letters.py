"""From claimed rows to the letter they travel in: still needed, allowed by the caps, addressed and worded in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from tanggap.actions import outbox, to_complainants
from tanggap.actions.letter_words import Letter, domain, template_of, url, values_of
from tanggap.actions.outbox import Claim
from tanggap.casework import wording
from tanggap.casework.dues import dues, response_of
from tanggap.casework.events import COMPLAINANT
from tanggap.records import store
from tanggap.records.access import Reader, reader, visible_cases, visible_duties
from tanggap.records.keys import keyed_digest
from tanggap.records.models import Case, Duty, Outbox, User
from tanggap.records.shelves import compiled
from tanggap.records.wordings import DIGEST, words

BETWEEN_LETTERS = timedelta(minutes=10)
"""An officer gets a letter at most this often; what comes meanwhile becomes one."""
IN_TANGGAP, BY_MAIL = "app", "email"
_BEYOND_DUTIES = frozenset({"escalated", "alarm"})
"""Kinds that tell of what is somebody else's to do."""


def compose(claim: Claim, *, at: datetime) -> Letter | None:
    """The letter of ``claim``; ``None`` when nothing leaves by mail, which the rows then say. Reads the vault."""
    if claim.first.audience == COMPLAINANT:
        return to_complainants.compose(claim, at=at)
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
    open_now = set(_named(mine))
    still = _still_running(who, beyond) if beyond else set()
    return [row for row in rows if (row.case_id, row.about) in (still if row in beyond else open_now)]


def _named(duties: QuerySet[Duty]) -> Iterator[tuple[UUID, str]]:
    """What may still be told of ``duties``: each, and the first response where it is still owed. One query."""
    for case, name, respond_due_at in duties.values_list("case", "name", "respond_due_at"):
        yield case, name
        if respond_due_at is not None:
            yield case, response_of(name)


def _still_running(who: Reader, rows: Sequence[Outbox]) -> set[tuple[UUID, str]]:
    """Duties and clocks of cases that go on, for somebody whose own duty they are not, but who may see the case."""
    cases = {row.case_id for row in rows}
    found = set(_named(Duty.objects.filter(case__in=cases)))
    for case in {row.case_id for row in rows if row.about.startswith("clock:")}:
        log = store.load(case)
        found |= {(case, due.clock) for due in dues(log.state, compiled(log.row.institution).shelf(who.at)) if due.kind}
    seen = set(visible_cases(who).filter(pk__in=cases).values_list("pk", flat=True))
    seen |= {row.case_id for row in rows if row.kind == "alarm"}  # an administrator learns the number, no more
    return {(case, name) for case, name in found if case in seen}


# words ----------------------------------------------------------------------------------------------------------------


def _worded(claim: Claim, rows: Sequence[Outbox], to: str, language: str) -> Letter:
    """``rows`` in words: one notice, or a digest of several. A letter sent again has the very same words."""
    cases = Case.objects.select_related("institution").in_bulk([row.case_id for row in rows])
    case = cases[rows[0].case_id]
    name = template_of(rows[0], confidential=case.confidential) if len(rows) == 1 else DIGEST
    language = rows[0].language if claim.is_retry else language
    text = words(case.institution_id, name, language, version=rows[0].template if claim.is_retry else None)
    if not claim.is_retry:
        outbox.first_attempt(claim, template=text.version, language=language)
    values = values_of(rows[0], case, language) if len(rows) == 1 else _digest_values(rows, cases, language)
    links = (values.get("tautan", ""), *(url("case", key) for key in cases))
    subject, body = wording.fill(text.subject, values), wording.fill(text.body, values)
    return Letter(claim.letter, to, subject, body, tuple(filter(None, links)), domain())


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
    return {"jumlah": str(len(rows)), "daftar": "\n".join(lines), "lembaga": house, "tautan": url("duties")}
