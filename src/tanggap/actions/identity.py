"""Looking at who complained: only with a reason, recorded before it is shown, visible to the complainant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from tanggap.actions.arrived import MESSAGE
from tanggap.actions.cases import NotVisible
from tanggap.actions.contents import readable
from tanggap.casework.refusals import Refused
from tanggap.records.access import Reader, is_respondent, visible_cases
from tanggap.records.deliveries import ABSORBED, QUARANTINED, words_of
from tanggap.records.models import Case, IdentityReveal, InboxItem, SenderReveal
from tanggap.records.queries.cases import identity_of
from tanggap.records.queries.inbox import waiting_item
from tanggap.records.writing import write

REASONS = ("hubungi", "verifikasi", "surat", "hukum", "keselamatan", "lain")
"""Why an identity may be looked at: to reach the person, to verify, to address a letter, by law, for safety, other."""
MARKS = ("several-senders", "foreign-letters", "mixed-scripts", "name-is-address")
"""What a channel may notice of a sender that an officer should be warned of."""


_LETTERS_MOST = 20


def reveal(case: UUID, *, by: Reader, reason: str, words: str, at: datetime) -> Mapping[str, str]:
    """The facts of the complainant of ``case``, for desk and coordinator; the look is on record before it returns.

    Empty when nothing is kept. Raises :class:`NotVisible`, ``Refused("reason_needed")``, ``Refused("not_allowed")``.
    """
    row = visible_cases(by).filter(pk=case).first()
    if row is None or is_respondent(by, row):
        raise NotVisible(case)
    part = by.part(row.institution_id)
    if not (part.desk or part.coordinator):
        raise Refused("not_allowed")
    _with_reason(reason, words)
    with write():
        IdentityReveal.objects.create(case=row, user=by.user, at=at, reason=reason, words=readable(words)[:2000])
    facts = identity_of(row)
    return {**facts, **_asked(_letters(row))} if facts else facts


def reveal_sender(item: int, *, by: Reader, reason: str, words: str, at: datetime) -> Mapping[str, str]:
    """Who sent what waits in the inbox, for whoever decides about it; the look is on record before it returns.

    ``name``, ``email`` and what :func:`reveal` adds to them. Raises :class:`NotVisible`, ``Refused("reason_needed")``.
    """
    row = waiting_item(by, item)
    if row is None:
        raise NotVisible(item)
    _with_reason(reason, words)
    with write():
        SenderReveal.objects.create(item=row, user=by.user, at=at, reason=reason, words=readable(words)[:2000])
    known = words_of(row)
    facts = {"name": known.get("name", ""), "email": known.get("sender", "")}
    return {name: value for name, value in facts.items() if value} | _asked([row])


def looks_follow(item: InboxItem, case: UUID) -> None:
    """What was waiting is ``case`` now: whoever looked at its sender looked at the complainant of that case."""
    for look in SenderReveal.objects.filter(item=item):
        IdentityReveal.objects.create(
            case_id=case, user_id=look.user_id, at=look.at, reason=look.reason, words=look.words
        )


def _with_reason(reason: str, words: str) -> None:
    if reason not in REASONS or (reason == "lain" and not words.strip()):
        raise Refused("reason_needed")


def _letters(case: Case) -> list[InboxItem]:
    """The complainant's letters; what an officer added (``join``) is somebody else's."""
    found = InboxItem.objects.filter(case=case, kind=MESSAGE, state__in=(ABSORBED, QUARANTINED))
    return list(found.exclude(decision="join").order_by("-at", "-pk")[:_LETTERS_MOST])


def _asked(letters: list[InboxItem]) -> dict[str, str]:
    """Beside the sender, as unproven as it: where they ask to be answered, and what was noticed of the sender."""
    replies = dict.fromkeys(words_of(one).get("reply_to", "") for one in letters)
    marks = dict.fromkeys(tag for one in letters for tag in one.tags if tag in MARKS)
    found = {"reply_to": ", ".join(filter(None, replies)), "marks": " ".join(marks)}
    return {name: value for name, value in found.items() if value}
