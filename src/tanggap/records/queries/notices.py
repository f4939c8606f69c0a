"""Notices as pages read them: one's own news, what the complainant was told, and how the outbox stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from tanggap.casework import wording
from tanggap.casework.events import COMPLAINANT
from tanggap.casework.wording import Words
from tanggap.records import wordings
from tanggap.records.access import Reader, visible_cases
from tanggap.records.models import CaseParty, InboxItem, Message, NoticeTemplate, Outbox
from tanggap.records.outbox import ANNOUNCE, BY_HAND, FAILED, POISON, QUEUED, SENT, SILENCED
from tanggap.records.projection import RESPONDENT
from tanggap.records.queries.institutions import people

_NOT_NEWS = ("past", "self", "merged")


@dataclass(frozen=True, slots=True)
class News:
    """A notice as its officer reads it in Tanggap. ``moment``: when what it is about is due."""

    case: UUID
    register: str
    institution: str
    zone: str
    kind: str
    step: str
    moment: datetime | None
    made_at: datetime
    unread: bool
    readable: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A notice to the complainant and what became of it (``why``: a word of :data:`tanggap.records.outbox.WHY`)."""

    kind: str
    state: str
    why: str
    made_at: datetime
    next_at: datetime
    ended_at: datetime | None
    handled: bool
    channel: str = ""
    reached: str = ""
    reached_at: datetime | None = None
    by: str = ""
    worded: bool = False
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """By which channel a case came, when its complainant wrote there last, and the settings of its account."""

    channel: str
    at: datetime
    settings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Health:
    """How the outbox stands: what waits, what waits though its time has come, what went, what a person must see to."""

    waiting: int
    due: int
    oldest_due: datetime | None
    sent_today: int
    failed: int
    silenced_today: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A notice that could not leave. ``reader``: a colleague's name, or empty for the complainant."""

    id: int
    case: UUID
    register: str
    kind: str
    to_complainant: bool
    reader: str
    why: str
    made_at: datetime
    moment: datetime | None
    by_hand: bool = False
    channel: str = ""
    medium: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """The words of one notice in one language. ``own``: the institution wrote them; ``short``: for chats and SMS."""

    name: str
    language: str
    subject: str
    body: str
    version: int
    own: bool
    short: str = ""


def _mine(who: Reader) -> QuerySet[Outbox]:
    rows = Outbox.objects.filter(recipient=who.user.person, made_at__lte=who.at).exclude(why__in=_NOT_NEWS)
    return rows.annotate(readable=Exists(visible_cases(who).filter(pk=OuterRef("case")))).filter(
        Q(readable=True) | Q(kind="alarm")  # who arranges the house learns the number of a case, no more
    )


def news(who: Reader, *, limit: int = 100) -> list[News]:
    """The reader's notices, newest first, of cases the reader may see now, and alarms. One query."""
    rows = _mine(who).select_related("case__institution").order_by("-made_at", "-pk")[:limit]
    return [
        News(
            row.case_id, row.case.register, row.case.institution.short_name, row.case.institution.zone, row.kind,
            row.step, row.moment, row.made_at, row.read_at is None, row.__dict__["readable"],
        )
        for row in rows
    ]  # fmt: skip


def unread(who: Reader) -> int:
    """How many notices the reader has not seen. One query."""
    return _mine(who).filter(read_at__isnull=True).count()


def told_complainant(case: UUID) -> list[Told]:
    """What the complainant of ``case`` was told, in order. One query."""
    rows = Outbox.objects.filter(case=case, audience=COMPLAINANT)
    return [
        Told(
            row.kind, row.state, row.why, row.made_at, row.next_at, row.ended_at, bool(row.handled_by), row.channel,
            row.reached, row.reached_at, row.handled_by, row.worded, row.letter,
        )
        for row in rows
    ]  # fmt: skip


def sent_of(case: UUID) -> list[Told]:
    """What was sent to the complainant of ``case``, or put up for all, and what became of it. Two queries."""
    rows = list(Outbox.objects.filter(case=case).filter(Q(audience=COMPLAINANT) | Q(kind=ANNOUNCE)))
    names = people({row.handled_by for row in rows if row.handled_by})
    return [
        Told(
            row.kind, row.state, row.why, row.made_at, row.next_at, row.ended_at, bool(row.handled_by),
            row.step if row.kind == ANNOUNCE else row.channel, row.reached, row.reached_at,
            names.get(row.handled_by, ""), row.worded, row.letter,
        )
        for row in rows
        if row.why not in _NOT_NEWS
    ]  # fmt: skip


def heard(case: UUID) -> Heard | None:
    """The channel ``case`` came by, with the last word of its complainant there; ``None`` for other ways. One query."""
    items = InboxItem.objects.filter(case=case, kind="message", state="absorbed", decided_by="")
    last = items.order_by("-at", "-pk").select_related("account").first()
    return Heard(last.account.channel, last.sent_at or last.at, last.account.settings) if last is not None else None


def _looked_after(who: Reader, institutions: Sequence[int]) -> QuerySet[Outbox]:
    """The outbox of ``institutions`` without what is about the reader: not even a number tells of it (S3)."""
    about_me = Q(pk__in=())
    for place in institutions:
        names = sorted(who.part(place).concerned)
        about_me |= Q(case__institution=place, name__in=names, part=RESPONDENT)
    found = Outbox.objects.filter(institution__in=institutions)
    return found.exclude(case__in=CaseParty.objects.filter(about_me).values("case"))


def outbox_health(who: Reader | None = None, institutions: Sequence[int] = (), *, at: datetime) -> Health:
    """How the outbox of ``institutions`` stands for ``who``, who looks after them; without a reader: all of it.

    Three queries.
    """
    rows = Outbox.objects.all() if who is None else _looked_after(who, institutions)
    ready = Q(next_at__lte=at)
    queued = rows.filter(state=QUEUED).aggregate(
        all=Count("pk"), due=Count("pk", filter=ready), oldest=Min("next_at", filter=ready)
    )
    today = rows.filter(made_at__gt=at - timedelta(days=1))
    silenced = today.filter(state=SILENCED).values("why").annotate(n=Count("pk")).order_by("-n", "why")
    return Health(
        waiting=queued["all"],
        due=queued["due"],
        oldest_due=queued["oldest"],
        sent_today=today.filter(state=SENT).count(),
        failed=rows.filter(state__in=(FAILED, POISON, BY_HAND), handled_by="").count(),
        silenced_today=tuple((one["why"], one["n"]) for one in silenced),
    )


def troubles(who: Reader, institutions: Sequence[int], *, limit: int = 200) -> list[Trouble]:
    """What a person must do: what could not leave, and what only a person can tell; the oldest first. Three queries.

    Of cases that ``who`` may see alone.
    """
    rows = list(_tasks(who, institutions).select_related("case").order_by("made_at", "pk")[:limit])
    names = people(row.recipient for row in rows if row.audience != COMPLAINANT)
    papers = {
        (one.case_id, one.at): one.pk
        for one in Message.objects.filter(
            case__in={row.case_id for row in rows}, kind__in=("answer", "letter"), audience=COMPLAINANT
        )
    }
    return [
        Trouble(
            row.pk, row.case_id, row.case.register, row.kind, row.audience == COMPLAINANT,
            names.get(row.recipient, ""), row.why, row.made_at, row.moment, row.state == BY_HAND, row.channel,
            row.step if row.kind == ANNOUNCE else "",
            row.about if row.kind == ANNOUNCE else papers.get((row.case_id, row.made_at), ""),
        )
        for row in rows
    ]  # fmt: skip


def task_count(who: Reader) -> int:
    """How many tasks of :func:`troubles` wait in the institutions where ``who`` is at the desk or coordinates."""
    places = [place for place, part in who.parts.items() if part.desk or part.coordinator]
    return _tasks(who, places).count() if places else 0


def _tasks(who: Reader, institutions: Sequence[int]) -> QuerySet[Outbox]:
    tasks = Outbox.objects.filter(institution__in=institutions, state__in=(FAILED, POISON, BY_HAND), handled_by="")
    return tasks.filter(case__in=visible_cases(who))


def notice_words(institution: int) -> list[TemplateLine]:
    """The words in force of every notice in every language. One query."""
    own: dict[tuple[str, str], NoticeTemplate] = {}
    for row in NoticeTemplate.objects.filter(institution=institution).order_by("version"):
        own[row.kind, row.language] = row
    found = []
    for name in wordings.TEMPLATES:
        for language in wording.LANGUAGES:
            kept = own.get((name, language))
            words = wordings.defaults()[name, language]
            if kept is not None:
                words = Words(kept.subject, kept.body, kept.version, kept.short or words.short)
            found.append(
                TemplateLine(name, language, words.subject, words.body, words.version, kept is not None, words.short)
            )
    return found
