"""The outbox at work: rows are claimed with a lease, become one letter to one reader, and keep what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from secrets import token_hex

from django.db import connection
from django.db.models import QuerySet

from tanggap.casework.events import COMPLAINANT
from tanggap.casework.notices import OFFICERS
from tanggap.records.keys import keyed_digest
from tanggap.records.models import Bucket, Case, ChannelAccount, Outbox
from tanggap.records.outbox import BY_HAND, FAILED, POISON, QUEUED, SENT, SILENCED
from tanggap.records.writing import write

LEASE = timedelta(minutes=6)
"""How long claimed rows are left to the worker that claimed them: longer than any mail server may take, and than all
calls of a letter in a chat with its files and pieces.
"""
POISON_AFTER = 3
GIVE_UP_AFTER = timedelta(days=2)
KEEP_NEWS = timedelta(days=400)
"""What an officer was told is kept for a year and a bit after the case has ended."""
_LONGEST_REST = timedelta(hours=6)
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=20), timedelta(minutes=5)

_chance = Random()  # noqa: S311  spreads retries, decides nothing else


@dataclass(frozen=True, slots=True)
class Claim:
    """Rows that travel in one letter to one reader. ``attempt`` is the fence: a later claim has another."""

    letter: str
    attempt: int
    rows: tuple[Outbox, ...]

    @property
    def first(self) -> Outbox:
        """The row that speaks for all: one institution, one reader."""
        return self.rows[0]

    @property
    def is_retry(self) -> bool:
        """True when the letter was put together before: then it must be the very same letter."""
        return self.first.template is not None


def due(*, at: datetime, limit: int) -> list[int]:
    """Rows that may leave by ``at``, the earliest first. One indexed query: its cost grows with what is due."""
    found = Outbox.objects.filter(state=QUEUED, next_at__lte=at).order_by("next_at", "pk")
    return list(found.values_list("pk", flat=True)[:limit])


def claim(pk: int, *, at: datetime) -> Claim | None:
    """Take the row ``pk``, and with it everything else that is due to the same officer; ``None`` when it is taken.

    A letter that was begun before is taken as it was begun: the same rows under the same id.
    """
    with write():
        row = _locked(Outbox.objects.filter(pk=pk, state=QUEUED, next_at__lte=at))
        if not row:
            return None
        rows = _locked(_companions(row[0], at))
        letter, attempt = row[0].letter or token_hex(16), max(one.attempts for one in rows) + 1
        mine = Outbox.objects.filter(pk__in=[one.pk for one in rows])
        mine.update(letter=letter, attempts=attempt, next_at=at + LEASE)
        return Claim(letter, attempt, tuple(mine.order_by("made_at", "pk")))


def _companions(row: Outbox, at: datetime) -> QuerySet[Outbox]:
    queued = Outbox.objects.filter(state=QUEUED)
    if row.letter:
        return queued.filter(letter=row.letter)
    if row.audience == COMPLAINANT:
        return queued.filter(pk=row.pk)
    return queued.filter(
        recipient=row.recipient, institution=row.institution_id, audience=row.audience, letter="", next_at__lte=at
    )


def _locked(rows: QuerySet[Outbox]) -> list[Outbox]:
    """``rows`` in order, locked; those another worker has locked are left out (SQLite has one writer anyway)."""
    can_skip = connection.features.has_select_for_update_skip_locked
    return list(rows.order_by("pk").select_for_update(skip_locked=can_skip))


def _mine(claim: Claim) -> QuerySet[Outbox]:
    """The rows while the claim holds: a worker that was away too long writes nothing."""
    return Outbox.objects.filter(letter=claim.letter, attempts=claim.attempt, state=QUEUED)


def hold(claim: Claim, *, at: datetime) -> bool:
    """Renew the lease right before sending; ``False`` when the claim was lost meanwhile."""
    with write():
        return bool(_mine(claim).update(next_at=at + LEASE))


def sent(claim: Claim, *, at: datetime, channel: str) -> bool:
    """The letter left by ``channel``; ``False`` when the claim was lost: then somebody else has written what became."""
    with write():
        return bool(_mine(claim).update(state=SENT, why="", channel=channel, ended_at=at))


def failed(claim: Claim, *, at: datetime, why: str, channel: str = "") -> None:
    """The letter cannot leave: a person must see to it (:data:`tanggap.records.outbox.WHY`)."""
    with write():
        _mine(claim).update(state=FAILED, why=why, channel=channel, ended_at=at)


def by_hand(claim: Claim, *, at: datetime, channel: str, why: str) -> None:
    """A person tells it: by telephone, by post, or in a channel that nothing of ours can send to."""
    with write():
        _mine(claim).update(state=BY_HAND, why=why, channel=channel[:12], ended_at=at)


def another_way(claim: Claim, *, at: datetime, why: str, tried: str = "") -> None:
    """This way was refused: as another letter by another way, or, when there is none, a person's task."""
    row = claim.first
    said = ",".join(dict.fromkeys(filter(None, (*row.tried.split(","), tried))))[:120]
    with write():
        _mine(claim).update(
            letter="", template=None, attempts=0, next_at=at, tried=said, why=why, account=None, worded=False
        )


def silence(claim: Claim, rows: Sequence[Outbox], *, at: datetime, why: str) -> None:
    """These rows of the claim need not, or may not, leave."""
    with write():
        _mine(claim).filter(pk__in=[row.pk for row in rows]).update(state=SILENCED, why=why, ended_at=at)


def postpone(claim: Claim, *, until: datetime, why: str = "") -> None:
    """Nothing was sent: the rows are free again, for another letter, from ``until`` on."""
    with write():
        _mine(claim).update(letter="", attempts=0, next_at=until, why=why)


def release(claim: Claim, *, at: datetime) -> None:
    """Nothing was tried: the very same letter may be taken again from ``at`` on, and this was no attempt."""
    with write():
        _mine(claim).update(attempts=claim.attempt - 1, next_at=at)


def later(claim: Claim, *, at: datetime, least: timedelta = timedelta(0)) -> None:
    """It did not work this time: again after a pause that grows with each attempt, or a person must see to it.

    ``least``: how long the other side asked to be left alone. A person is asked after two days, or before the moment
    that the reader must know of: when a quarter of the time until then is left (P4).
    """
    if claim.attempt > POISON_AFTER and at > min(claim.first.made_at + GIVE_UP_AFTER, _last_call(claim.first)):
        failed(claim, at=at, why="gave_up", channel=claim.first.channel)
        return
    with write():
        _mine(claim).update(next_at=at + max(least, pause(claim.attempt, chance=_chance.random())))


def _last_call(row: Outbox) -> datetime:
    """When there is still time for a person to tell the complainant before what they must know of is past."""
    ends = [row.moment]
    if row.audience == COMPLAINANT and row.kind in ("answered", "closed"):
        ends.append(Case.objects.values_list("promise_due_at", flat=True).get(pk=row.case_id))
    known = [end for end in ends if end is not None and end > row.made_at]
    if row.audience != COMPLAINANT or not known:
        return row.made_at + GIVE_UP_AFTER
    return min(known) - (min(known) - row.made_at) / 4


def pause(attempt: int, *, chance: float) -> timedelta:
    """How long to wait after the ``attempt``-th failure: doubled each time up to five minutes, half of it by chance."""
    whole: timedelta = min(_FIRST_PAUSE * 2 ** min(attempt - 1, 10), _LONGEST_PAUSE)
    return whole / 2 + whole / 2 * chance


def broken(claim: Claim, *, at: datetime) -> None:
    """The letter could not even be put together: tried thrice, then set aside, and a person is told."""
    if claim.attempt < POISON_AFTER:
        later(claim, at=at)
        return
    with write():
        _mine(claim).update(state=POISON, why="unreadable", ended_at=at)


def try_again(row: int, *, institutions: Sequence[int], at: datetime) -> bool:
    """Somebody put right what was wrong: a row that failed is queued again, for a new letter."""
    with write():
        wanted = _troubled(row, institutions).exclude(recipient="")
        again = wanted.update(
            state=QUEUED, why="", attempts=0, letter="", template=None, next_at=at, tried="", account=None,
            worded=False, external="", reached="", reached_at=None,
        )  # fmt: skip
        return bool(again)


def seen_to(row: int, *, institutions: Sequence[int], by: str, at: datetime) -> bool:
    """Somebody told the reader in another way: the task is done, what failed stays on record."""
    with write():
        return bool(_troubled(row, institutions).update(handled_by=by, ended_at=at))


def task(row: int, institutions: Sequence[int]) -> Outbox | None:
    """What a person must see to and nobody has yet; ``None`` for everything else."""
    return _troubled(row, institutions).first()


def _troubled(row: int, institutions: Sequence[int]) -> QuerySet[Outbox]:
    trouble = Outbox.objects.filter(pk=row, institution__in=institutions, state__in=(FAILED, POISON, BY_HAND))
    return trouble.filter(handled_by="")


def mark_read(recipient: str, *, at: datetime) -> int:
    """The reader has seen the notices shown in Tanggap; how many were new."""
    with write():
        news = Outbox.objects.filter(recipient=recipient, read_at__isnull=True, made_at__lte=at)
        return news.update(read_at=at)


def first_attempt(
    claim: Claim, *, template: int, language: str, channel: str = "", account: ChannelAccount | None = None,
    worded: bool = False,
) -> None:  # fmt: skip
    """Write down which words the letter is made of and which way it takes: sent again, it is the same letter."""
    with write():
        _mine(claim).update(template=template, language=language, channel=channel, account=account, worded=worded)
    for row in claim.rows:
        row.channel, row.account, row.worded = channel, account, worded


def reserve_pause(key: str, *, at: datetime, length: timedelta) -> datetime | None:
    """Take the right to write to ``key``, once in ``length``; ``None`` when taken, else the moment it is free."""
    with write():
        bucket, fresh = Bucket.objects.select_for_update().get_or_create(key=key, defaults={"tokens": 0.0, "at": at})
        free_at = bucket.at + length
        if not fresh and free_at > at:
            return free_at
        Bucket.objects.filter(pk=key).update(at=at)
    return None


def lock(key: str, *, at: datetime) -> None:
    """Until this transaction ends nobody else passes here with the same ``key``."""
    Bucket.objects.select_for_update().get_or_create(key=key, defaults={"tokens": 0.0, "at": at})


def rest(way: str, *, until: datetime) -> None:
    """Leave a way alone until then: its account is over a limit, or its server is away. For every worker."""
    with write():
        Bucket.objects.update_or_create(key=_rest_key(way), defaults={"tokens": 0.0, "at": until})


def resting_until(way: str, *, at: datetime) -> datetime | None:
    """Until when a way is left alone; ``None`` when it may be gone at ``at``."""
    until = Bucket.objects.filter(key=_rest_key(way), at__gt=at).values_list("at", flat=True).first()
    return min(until, at + _LONGEST_REST) if until is not None else None


def _rest_key(way: str) -> str:
    return keyed_digest("way rests", way).hex()


def thin(*, at: datetime, limit: int = 200) -> int:
    """Forget what officers were told of cases that ended long ago; how many rows went.

    What a complainant was sent stays with the case: it is the proof, and replies find their case by it. ``verify``
    asks for no notice of before ``notices_after``.
    """
    old = Outbox.objects.filter(
        audience=OFFICERS, state__in=(SENT, SILENCED), case__status="closed", case__closed_at__lt=at - KEEP_NEWS
    )
    cases = list(old.order_by().values_list("case", flat=True).distinct()[:limit])
    gone = 0
    for case in cases:
        with write():
            row = Case.objects.select_for_update().get(pk=case)
            mine = Outbox.objects.filter(case=row, audience=OFFICERS)
            if row.status != "closed" or mine.exclude(state__in=(SENT, SILENCED)).filter(handled_by="").exists():
                continue
            Case.objects.filter(pk=case).update(notices_after=max(row.seq, row.notices_after))
            gone += mine.filter(state__in=(SENT, SILENCED)).delete()[0]
    return gone
