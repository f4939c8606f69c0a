"""What arrived, as pages and ``doctor`` read it: accounts and how they stand, what waits for an officer, originals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from tanggap.records.access import Reader, visible_cases
from tanggap.records.deliveries import RECORDED, REVIEW, STORED, UNREADABLE, Gone, raw_of, secrets_of, words_of
from tanggap.records.models import CaseParty, ChannelAccount, Inbox, InboxItem, RemoteFile, SenderReveal
from tanggap.records.projection import RESPONDENT
from tanggap.records.queries.cases import StoredFile

SHOWN_FOR = timedelta(days=30)
STUCK = timedelta(minutes=5)
"""A delivery that waits longer than this waits for a person."""


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account, without its secrets: ``kept`` names those that are stored. ``oldest``: since when something waits.

    ``testing``: somebody pressed the button, and the worker has not said yet what came of it.
    """

    id: int
    channel: str
    name: str
    unit: str
    unit_name: str
    active: bool
    settings: Mapping[str, str]
    kept: frozenset[str]
    key: str
    last_in_at: datetime | None
    last_out_at: datetime | None
    error: str
    error_at: datetime | None
    waiting: int
    oldest: datetime | None
    today: int
    testing: bool
    tested_at: datetime | None
    tested_well: bool
    tested_says: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """An arrival an officer decides about, without its sender. ``register``: of the case it names, if there is one.

    ``looks``: who looked at the sender (:func:`tanggap.actions.identity.reveal_sender`), and when.
    """

    id: int
    delivery: int
    kind: str
    account: str
    channel: str
    case: UUID | None
    register: str
    at: datetime
    words: Mapping[str, str]
    tags: tuple[str, ...]
    looks: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """A delivery that nobody could read (with its case, if this reader may see it), or that is still to be read."""

    id: int
    account: str
    channel: str
    received_at: datetime
    size: int
    attempts: int
    why: str
    case: UUID | None
    register: str


@dataclass(frozen=True, slots=True)
class InboxHealth:
    """``due``: deliveries to be read; ``oldest``: since when; ``review``: arrivals that wait for an officer."""

    accounts: int
    due: int
    oldest: datetime | None
    review: int
    errors: tuple[tuple[str, str], ...]


def accounts(institution: int, *, at: datetime) -> list[AccountLine]:
    """The accounts of an institution and how they stand. One query."""
    waits = Q(deliveries__state=STORED)
    rows = ChannelAccount.objects.filter(institution=institution).select_related("unit").annotate(
        waiting=Count("deliveries", filter=waits),
        oldest=Min("deliveries__received_at", filter=waits),
        today=Count("deliveries", filter=Q(deliveries__received_at__gt=at - timedelta(days=1))),
    )  # fmt: skip
    return [
        AccountLine(
            row.pk, row.channel, row.name, row.unit.key if row.unit else "", row.unit.name if row.unit else "",
            row.active, row.settings, frozenset(secrets_of(row)), row.key, row.last_in_at, row.last_out_at,
            row.last_error, row.last_error_at, row.waiting, row.oldest, row.today,
            row.test_asked_at is not None, row.tested_at, row.tested_well, row.tested_says,
        )
        for row in rows
    ]  # fmt: skip


def _mine(who: Reader) -> list[int]:
    """Institutions whose inbox this reader looks after: desk and coordinator."""
    return [place for place, part in who.parts.items() if part.desk or part.coordinator]


def _not_about(who: Reader, places: Sequence[int]) -> Q:
    """Without what names a case that complains of the reader: not even a line tells of it (S3)."""
    about_me = Q(pk__in=())
    for place in places:
        about_me |= Q(case__institution=place, name__in=sorted(who.part(place).names), part=RESPONDENT)
    return ~Q(case__in=CaseParty.objects.filter(about_me).values("case"))


def _undecided(who: Reader) -> QuerySet[InboxItem]:
    """What this reader may decide about: strangers in threads they may see, and what was taken for a machine's."""
    places = _mine(who)
    here = InboxItem.objects.filter(account__institution__in=places, decision="")
    strangers = Q(state=REVIEW, case__in=visible_cases(who)) & _not_about(who, places)
    machines = Q(state=RECORDED, kind="automatic", case__isnull=True, at__gt=who.at - SHOWN_FOR)
    return here.filter(strangers | machines)


def waiting_items(who: Reader, *, limit: int = 100) -> list[Waiting]:
    """Arrivals that wait for an officer, strangers first, then the newest. Few queries."""
    rows = _undecided(who).select_related("account", "case").defer("delivery__raw")
    ordered = sorted(rows.order_by("-at", "-pk")[:limit], key=lambda row: row.state != REVIEW)
    looks: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    for look in SenderReveal.objects.filter(item__in=[row.pk for row in ordered]).select_related("user"):
        looks[look.item_id].append((look.user.shown_name, look.at))
    return [
        Waiting(
            row.pk, row.delivery_id, row.kind, row.account.name, row.account.channel, row.case_id,
            row.case.register if row.case is not None else "", row.sent_at or row.at, _without_sender(row),
            tuple(row.tags), tuple(looks[row.pk]),
        )
        for row in ordered
    ]  # fmt: skip


def _without_sender(row: InboxItem) -> dict[str, str]:
    known = words_of(row)
    return {name: known[name] for name in ("subject", "text", "files") if name in known}


def waiting_item(who: Reader, pk: int) -> InboxItem | None:
    """The arrival ``pk``, when it is this reader's to decide about."""
    return _undecided(who).filter(pk=pk).first()


def unread_deliveries(who: Reader, *, limit: int = 100) -> list[Unread]:
    """Deliveries nobody could read (of cases this reader may see, for a month), the newest first. One query."""
    return [_unread(row) for row in _unreadable(who).order_by("-received_at")[:limit]]


def waiting_deliveries(who: Reader, *, limit: int = 100) -> list[Unread]:
    """Deliveries that are still to be read, the oldest first. One query."""
    rows = Inbox.objects.filter(account__institution__in=_mine(who), state=STORED)
    return [_unread(row) for row in rows.select_related("account", "case").defer("raw").order_by("received_at")[:limit]]


def _unreadable(who: Reader) -> QuerySet[Inbox]:
    here = Inbox.objects.filter(account__institution__in=_mine(who), received_at__gt=who.at - SHOWN_FOR)
    seen = here.filter(state=UNREADABLE, case__in=visible_cases(who))
    return seen.filter(_not_about(who, _mine(who))).select_related("account", "case").defer("raw")


def _unread(row: Inbox) -> Unread:
    return Unread(
        row.pk, row.account.name, row.account.channel, row.received_at, row.size, row.attempts, row.why, row.case_id,
        row.case.register if row.case is not None else "",
    )  # fmt: skip


def other_addresses(case: UUID) -> list[tuple[str, str, datetime]]:
    """Where else the letter of ``case`` was sent: account, the unit whose address it is, and when. One query."""
    rows = InboxItem.objects.filter(case=case, state=RECORDED, kind="message").select_related("account__unit")
    return [
        (row.account.name, row.account.unit.name if row.account.unit else "", row.sent_at or row.at)
        for row in rows.order_by("pk")
        if "copy" in row.tags
    ]


def late_files(case: UUID) -> tuple[int, int]:
    """How many files of messages of ``case`` are still fetched, and how many cannot be had. One query."""
    states = RemoteFile.objects.filter(case=case).exclude(state="fetched").values_list("state", flat=True)
    found = list(states)
    return found.count("waiting"), found.count("gone")


def raw_delivery(who: Reader, pk: int) -> StoredFile | None:
    """The delivery ``pk`` as it came, when nobody could read it and this reader may see its case; else ``None``."""
    row = _unreadable(who).filter(pk=pk).first()
    if row is None:
        return None
    try:
        return StoredFile(f"kiriman-{row.pk}.bin", "application/octet-stream", raw_of(row))
    except Gone:
        return None


def inbox_health(*, at: datetime) -> InboxHealth:
    """How everything that arrives stands, for ``doctor``. Few queries."""
    due = Inbox.objects.filter(state=STORED, next_at__lte=at).aggregate(n=Count("pk"), oldest=Min("received_at"))
    troubled = ChannelAccount.objects.filter(active=True).exclude(last_error="")
    return InboxHealth(
        accounts=ChannelAccount.objects.filter(active=True).count(),
        due=due["n"],
        oldest=due["oldest"],
        review=InboxItem.objects.filter(state=REVIEW, decision="").count(),
        errors=tuple((f"{one.channel} {one.name}", one.last_error) for one in troubled),
    )
