"""Which way to a complainant: the one they chose, else the one the case came by, else mail, else a person's hand.

Addresses are read from the vault here and in nobody else's sight; a row keeps the channel and the account alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from tanggap.actions.arrived import MESSAGE
from tanggap.records.deliveries import ABSORBED, words_of
from tanggap.records.models import Case, ChannelAccount, InboxItem, Outbox
from tanggap.records.queries.cases import identity_of

EMAIL = "email"
OUT = "out"
"""The setting of a mail account that names its own way out; empty: the installation's."""
BY_PERSON = frozenset({"telepon", "surat", "lisan"})
"""Ways that only a person can go."""
ON_THE_PAGE = frozenset({"lacak", "web", "tulisan", "kotak saran"})
"""Who chose one of these reads with the code, and is sent nothing."""
_BY_PHONE = {"whatsapp": ("whatsapp",), "sms": ("sms", "gammu")}
_THREAD_MOST = 10


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a case came from: the account, and who wrote there last."""

    account: ChannelAccount
    sender: str
    subject: str
    answers: tuple[str, ...]
    heard_at: datetime


@dataclass(frozen=True, slots=True)
class Way:
    """One way to the complainant. ``by_hand``: only a person can go it; ``is_origin``: the case came by it."""

    channel: str
    to: str = ""
    account: ChannelAccount | None = None
    by_hand: bool = False
    is_origin: bool = False

    @property
    def name(self) -> str:
        """What a row writes down of a way that was tried."""
        return f"{self.channel}:{self.account.pk}" if self.account is not None else self.channel

    @property
    def is_vouched(self) -> bool:
        """True where the platform itself says who wrote: the address needs no confirming."""
        return self.is_origin and self.channel != EMAIL


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways to one complainant, the best first; none: ``why``. ``origin``: where the case came from, if it did."""

    ways: tuple[Way, ...]
    why: str = ""
    origin: Origin | None = None
    wish: str = ""

    def next(self, row: Outbox) -> Way | None:
        """The best way that was not refused; for a letter that was begun, the way it has."""
        tried = set(filter(None, row.tried.split(",")))
        open_ways = [way for way in self.ways if way.name not in tried]
        if row.template is not None:
            open_ways = [w for w in open_ways if w.channel == row.channel and _pk(w.account) == row.account_id]
        return open_ways[0] if open_ways else None


def _pk(account: ChannelAccount | None) -> int | None:
    return account.pk if account is not None else None


def origin_of(case: Case, *, until: datetime | None = None) -> Origin | None:
    """The account that ``case`` came by, and the thread there up to ``until``; ``None`` for the web and the desk."""
    items = InboxItem.objects.filter(case=case, kind=MESSAGE, state=ABSORBED, decided_by="").select_related("account")
    if until is not None:
        items = items.filter(at__lte=until)
    found = list(items.order_by("-at", "-pk")[:_THREAD_MOST])
    if not found:
        return None
    account = items.order_by("at", "pk")[0].account
    here = [one for one in found if one.account_id == account.pk] or found[-1:]
    words = [words_of(one) for one in here]
    ids = tuple(one["id"].strip("<>") for one in words if one.get("id"))
    return Origin(account, words[0].get("sender", ""), words[0].get("subject", ""), ids, here[0].sent_at or here[0].at)


def ways_to(case: Case, form: Mapping[str, str], *, until: datetime | None = None) -> Ways:
    """The ways to the complainant of ``case``, whose form says what they chose."""
    wish, facts, origin = form.get("answer_by", ""), identity_of(case), origin_of(case, until=until)
    if not facts:
        return Ways((), "erased", origin, wish)
    found = tuple(dict.fromkeys(_in_order(case, wish, facts, origin)))
    if found:
        return Ways(found, "", origin, wish)
    if wish not in ("", EMAIL):
        return Ways((), "own_wish", origin, wish)
    if not facts.get("email"):
        return Ways((), "no_address" if origin is None else "no_account", origin, wish)
    return Ways((), "no_mail", origin, wish)


def _in_order(case: Case, wish: str, facts: Mapping[str, str], origin: Origin | None) -> Iterator[Way]:
    if wish in BY_PERSON:
        yield Way(wish, by_hand=True)
        return
    back = _back(origin)
    if wish in ON_THE_PAGE:
        yield from (
            (back,) if back is not None else ()
        )  # a machine's address: for what a person writes, and nothing else
        return
    if wish == EMAIL:
        yield from _by_mail(case, facts)
    elif wish in _BY_PHONE and not (back is not None and back.channel in _BY_PHONE[wish]):
        yield from _by_phone(case, _BY_PHONE[wish], facts)
    yield from (back,) if back is not None else ()
    if wish != EMAIL:
        yield from _by_mail(case, facts)
    if wish not in ("", EMAIL):
        yield Way(wish, by_hand=True)


def _back(origin: Origin | None) -> Way | None:
    if origin is None or not origin.account.active or not origin.sender:
        return None
    if origin.account.channel == EMAIL and not can_mail(origin.account):
        return None
    return Way(origin.account.channel, origin.sender.strip(), origin.account, is_origin=True)


def _by_phone(case: Case, channels: tuple[str, ...], facts: Mapping[str, str]) -> Iterator[Way]:
    if facts.get("phone"):
        for account in ChannelAccount.objects.filter(
            institution=case.institution_id, active=True, channel__in=channels
        ):
            yield Way(account.channel, facts["phone"].strip(), account)


def _by_mail(case: Case, facts: Mapping[str, str]) -> Iterator[Way]:
    """By the institution's own mail account when it has one, else by the installation's server."""
    if not facts.get("email"):
        return
    accounts = ChannelAccount.objects.filter(institution=case.institution_id, active=True, channel=EMAIL)
    account = next((one for one in accounts.order_by("pk") if can_mail(one)), None)
    if account is not None or settings.TANGGAP_SENDS_MAIL:
        yield Way(EMAIL, facts["email"].strip(), account)


def can_mail(account: ChannelAccount) -> bool:
    """True when a mail account has a way out: its own, or that of the installation."""
    return bool(settings.TANGGAP_SENDS_MAIL or account.settings.get(OUT))
