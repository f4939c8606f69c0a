"""Which case an arrival belongs to, and whether its sender is somebody that case knows. ``From`` alone proves nothing.

A case is named by what only its reader can know: the signed reply address of a letter of ours, or the id of such a
letter; or by an earlier message of the same account. Even then the sender must be the complainant, or have written to
that case before; anybody else waits for an officer.
"""

from __future__ import annotations

import re
from base64 import b32decode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from tanggap.actions.arrived import MESSAGE, Arrived, Place
from tanggap.casework.events import COMPLAINANT
from tanggap.casework.state import MERGED
from tanggap.records.deliveries import ABSORBED, external_digest, sender_digest
from tanggap.records.keys import keyed_digest
from tanggap.records.models import Case, ChannelAccount, InboxAnswer, InboxItem, Outbox
from tanggap.records.queries.cases import identity_of
from tanggap.records.rows import select_columns

CONTINUES = timedelta(days=14)
"""In a chat, whoever writes again within this time while the case is open goes on with it."""

_LETTER = re.compile(r"[0-9a-f]{32}")
_CASE = re.compile(r"[a-z2-7]{26}")


@dataclass(frozen=True, slots=True)
class Thread:
    """The case an arrival belongs to. ``ours``: whoever sent it is known to that case."""

    case: Case
    ours: bool


def reply_key() -> bytes:
    """What reply addresses are signed with."""
    return keyed_digest("reply address")


def case_named(account: ChannelAccount, token: str) -> UUID | None:
    """The case of this institution that the token of a reply address names, itself or by a letter of ours."""
    here = Case.objects.filter(institution=account.institution_id)
    if _LETTER.fullmatch(token):
        found = here.filter(outbox__letter=token, outbox__audience=COMPLAINANT)
    elif _CASE.fullmatch(token):
        found = here.filter(pk=UUID(bytes=b32decode(f"{token.upper()}======")))
    else:
        return None
    return found.values_list("pk", flat=True).first()


def letters_named(ids: Iterable[str]) -> list[str]:
    """Letters of ours among message ids (``<letter@domain>``)."""
    found = (one.strip().strip("<>").partition("@")[0].lower() for one in ids)
    return [one for one in found if _LETTER.fullmatch(one)]


def rows_named(account: ChannelAccount, ids: Sequence[str]) -> list[Outbox]:
    """The rows of the outbox, of this institution, that ids name; the nearest first."""
    letters = letters_named(ids)
    digests = [external_digest(account.channel, one) for one in ids if one]
    if not digests:
        return []
    here = Outbox.objects.filter(institution=account.institution_id)
    found = list(here.filter(letter__in=letters)) + list(here.filter(external__in=digests))
    order = {letter: n for n, letter in reversed(list(enumerate(letters)))}
    return sorted(found, key=lambda row: (order.get(row.letter, len(order)), row.pk))


def thread_of(place: Place, arrived: Arrived) -> Thread | None:
    """The case that ``arrived`` names, by our letter, an earlier message, or one that answered it and came first."""
    account, sender = place.delivery.account, sender_digest(place.channel, arrived.sender)
    case = case_of_ours(account, arrived) or _case_of_items(account, arrived)
    if case is not None:
        row = Case.objects.select_related("institution").get(pk=case)
        return Thread(row, ours=bool(sender) and sender in known_senders(row, place.channel))
    return _answered_before_it_came(place, arrived, sender)


def case_of_ours(account: ChannelAccount, arrived: Arrived) -> UUID | None:
    """The case that a reply address, or the id of a letter of ours, names."""
    named = case_named(account, arrived.token)
    if named is not None:
        return named
    rows = rows_named(account, arrived.answers)
    return rows[0].case_id if rows else None


def _case_of_items(account: ChannelAccount, arrived: Arrived) -> UUID | None:
    digests = [external_digest(account.channel, one) for one in arrived.answers if one]
    if not digests:
        return None
    items = InboxItem.objects.filter(
        account__institution=account.institution_id, external__in=digests, kind=MESSAGE, case__isnull=False
    )
    found = {item.external: item.case_id for item in items.order_by("-pk")}
    return next((found[one] for one in digests if one in found), None)


def _answered_before_it_came(place: Place, arrived: Arrived, sender: str) -> Thread | None:
    """Letters overtake each other: the answer is here already, from the same sender."""
    external = external_digest(place.channel, arrived.external_id)
    if not sender or not external or not select_columns(InboxAnswer, ("item",), "external", [external]):
        return None
    answers = InboxAnswer.objects.filter(
        external=external, item__account=place.delivery.account_id, item__sender=sender, item__state=ABSORBED,
        item__case__isnull=False,
    )  # fmt: skip
    first = answers.select_related("item__case__institution").order_by("pk").first()
    return Thread(first.item.case, ours=True) if first is not None and first.item.case is not None else None


def names_what_may_come(place: Place, arrived: Arrived) -> bool:
    """True when it answers something that nobody here has seen: it may be on its way still."""
    return any(one.strip() for one in arrived.answers)


def known_senders(case: Case, channel: str) -> set[str]:
    """Digests of those who speak for the complainant: the addresses in the vault, and who wrote to the case before.

    Whoever an officer let in once is not among them.
    """
    facts = identity_of(case)
    found = {sender_digest(channel, facts.get(name, "")) for name in ("email", "phone", "handle")}
    wrote = InboxItem.objects.filter(case=case, kind=MESSAGE, state=ABSORBED, decided_by="")
    return (found | set(wrote.values_list("sender", flat=True))) - {""}


def conversation_of(place: Place, arrived: Arrived) -> Case | None:
    """The open case that this sender of a chat wrote to last, not too long ago; or one that was joined to another."""
    sender = sender_digest(place.channel, arrived.sender)
    if not arrived.vouched or not sender:
        return None
    goes_on = Q(case__status="open") | Q(case__outcome=MERGED)
    last = InboxItem.objects.filter(
        goes_on, account=place.delivery.account_id, sender=sender, kind=MESSAGE, state=ABSORBED,
        at__gt=place.at - CONTINUES,
    )  # fmt: skip
    item = last.select_related("case__institution").order_by("-at", "-pk").first()
    return item.case if item is not None else None


def last_heard_at(case: Case, account: ChannelAccount) -> datetime | None:
    """When the complainant last wrote to ``case`` by ``account``: windows such as WhatsApp's count from it."""
    mine = InboxItem.objects.filter(case=case, account=account, kind=MESSAGE, state=ABSORBED)
    last = mine.order_by("-at").first()
    return (last.sent_at or last.at) if last is not None else None


def is_letter_to_complainant(row: Outbox) -> bool:
    """True for what we wrote to a complainant, not to an officer."""
    return row.audience == COMPLAINANT
