"""The complainant says how satisfied they are: one to five stars, and words if they like."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tanggap.actions.cases import THE_COMPLAINANT, act
from tanggap.actions.contents import new_content
from tanggap.casework.commands import Contact
from tanggap.casework.events import COMPLAINANT
from tanggap.casework.refusals import Refused
from tanggap.records.models import Case, Message, Rating
from tanggap.records.writing import write


def rate(case: UUID, *, stars: int, words: str, at: datetime) -> None:
    """Keep the rating (``stars``: 1 to 5, else ``ValueError``); a later one replaces it. Words become a message.

    Raises :class:`Refused` while the case has never been answered: there is nothing yet to be content with.

    The case and the words are the key: the same words twice are one message, and the same words about another case
    are another one, whatever form they came with.
    """
    if not 1 <= stars <= 5:
        raise ValueError("stars are one to five")
    if not Case.objects.filter(pk=case, answered_at__isnull=False).exists():
        raise Refused("not_answered")
    message_id = ""
    if words.strip():
        key = f"rating/{case}"
        content = new_content("rating", words, author=COMPLAINANT, key=key, audience="complainant", medium="web")
        message_id = content.id
        act(Contact("web", message_id), case=case, by=THE_COMPLAINANT, at=at, key=message_id, contents=(content,))
    with write():
        message = Message.objects.filter(pk=message_id).first()
        Rating.objects.update_or_create(case_id=case, defaults={"stars": stars, "message": message, "at": at})
