"""Arrivals become cases, words in cases, or a line beside one: once each, however often they come, in any order.

Every act here has a key made of the arrival, so a worker that is killed anywhere does the same again and nothing twice.
Nothing that arrives makes anything leave but the notices of its own case, under their caps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from tanggap.actions import inbox, merging, pieces, returns
from tanggap.actions.arrived import (
    AUTOMATIC,
    BOUNCE,
    ECHO,
    EDIT,
    MESSAGE,
    REACTION,
    STATUS,
    UNSEND,
    Arrived,
    Became,
    Kept,
    Place,
    copy_of,
    keep,
    known_item,
    mark_of,
    settle,
)  # fmt: skip
from tanggap.actions.cases import THE_COMPLAINANT, THE_ENGINE, NotVisible, act
from tanggap.actions.contents import Upload, has_room, new_content
from tanggap.actions.identity import looks_follow
from tanggap.actions.intake import Complainant, Incoming, receive
from tanggap.actions.remote_files import plan
from tanggap.actions.threads import (
    Thread,
    case_of_ours,
    conversation_of,
    names_what_may_come,
    rows_named,
    thread_of,
)  # fmt: skip
from tanggap.casework.commands import Command, Contact, Link, Reopen
from tanggap.casework.events import COMPLAINANT
from tanggap.casework.refusals import Refused
from tanggap.casework.shelf import Actor
from tanggap.records import store
from tanggap.records.access import Reader, reader
from tanggap.records.contents import NewContent
from tanggap.records.deliveries import (
    ABSORBED,
    QUARANTINED,
    RECORDED,
    REVIEW,
    case_of_intake,
    digest,
    external_digest,
    sender_digest,
)  # fmt: skip
from tanggap.records.models import Bucket, Case, Inbox, InboxItem, User
from tanggap.records.writing import write

MAY_STILL_COME = timedelta(seconds=30)
"""How long an answer to something unknown waits for it; then it is a matter of its own."""
REOPENS_A_DAY = 2
"""More letters to a closed case in 24 hours are words in it, and open it no more."""
UNCLEAR = "unclear"
"""The tag of a message of which nobody can tell who sent it, or what it says: a case, for a person to look at."""
UNANSWERED = frozenset({"loop", "noreply", "list", "bulk", "suppress", "null-path"})
"""Tags of what must get no mail that nobody wrote (RFC 3834): an officer finds a way to tell them."""
_TURN = timedelta(seconds=20)
_EMPTY = "(Tanpa kata-kata. Lihat lampiran.)"


class LetterGone(Exception):
    """The bytes of this arrival were erased, so that nothing can become of it any more but what it is."""


class NotNow(Exception):
    """Somebody else is at work on the same conversation; in a moment again."""


def absorb(
    delivery: Inbox,
    arrived: Arrived,
    *,
    position: int,
    at: datetime,
    beside: Callable[[], None] = store.nothing_beside,
) -> Became:
    """Let one arrival of ``delivery`` become what it is. The same arrival again changes nothing.

    ``beside``: writes what stands or falls with the row of the arrival, in its transaction; not called when nothing was
    written. ``Became.wait_until``: it answers something that may still come; nothing was written. Raises
    :class:`NotNow` and :class:`tanggap.actions.intake.NoProcedure`; then, too, nothing was.
    """
    if arrived.piece is not None:
        alone = Place(delivery, position, at)
        return pieces.gathered(alone, arrived, lambda whole: absorb(delivery, whole, position=position, at=at))
    place = Place(delivery, position, at, beside)
    mark = mark_of(place.channel, arrived)
    known = known_item(place, mark)
    if known is not None:
        if known.decision in ("join", "new") and known.state != ABSORBED:
            return _decided(place, arrived, known)
        again = (known.delivery_id, known.position) != (delivery.pk, position)
        return Became(known.state, known.case_id, known=again)
    copy = copy_of(place, mark)
    if copy is not None:
        return keep(place, arrived, Kept(RECORDED, copy, tags=("copy",)), mark=mark)
    return _BY_KIND[arrived.kind](place, arrived, mark)


# messages -------------------------------------------------------------------------------------------------------------


def _message(place: Place, arrived: Arrived, mark: str) -> Became:
    if not arrived.vouched and not arrived.answers and not arrived.token:
        thread = thread_of(place, arrived)  # perhaps what answers it came first
        return _into(place, arrived, mark, thread) if thread is not None else _new(place, arrived, mark)
    with _turn(place, arrived):
        thread = thread_of(place, arrived)
        if thread is not None:
            return _into(place, arrived, mark, thread)
        case = conversation_of(place, arrived)
        if case is not None:
            return _into(place, arrived, mark, Thread(case, ours=True))
        until = place.delivery.received_at + MAY_STILL_COME
        if names_what_may_come(place, arrived) and place.at < until:
            return Became("", wait_until=until)
        return _new(place, arrived, mark)


def _into(place: Place, arrived: Arrived, mark: str, thread: Thread) -> Became:
    if not thread.ours:
        return keep(place, arrived, Kept(REVIEW, thread.case.pk), mark=mark)
    if thread.case.status == "closed":
        return _to_closed(place, arrived, mark, thread.case)
    return _contact(place, arrived, mark, thread.case.pk)


def _contact(place: Place, arrived: Arrived, mark: str, case: UUID) -> Became:
    """The words and files become a message of the complainant in ``case``; every wait for them ends."""
    arrived = _fitting(arrived, case)
    content = _content("message", place, arrived, mark)
    row = _Row(lambda: keep(place, arrived, Kept(ABSORBED, case, content.id), mark=mark))
    return _say(Contact(place.medium, content.id), content, row, case=case, place=place, arrived=arrived, mark=mark)


def _say(
    command: Command, content: NewContent, row: _Row, *, case: UUID, place: Place, arrived: Arrived, mark: str,
    by: Actor | Reader = THE_COMPLAINANT,
) -> Became:  # fmt: skip
    happened = place.moment(arrived) if isinstance(command, Contact) else None
    try:
        act(command, case=case, by=by, at=place.at, key=_key(mark), happened=happened, contents=(content,), beside=row)
    except Refused as refused:
        if refused.code != "key_reused":
            raise
        row.became = None
    return row.written()


def _to_closed(place: Place, arrived: Arrived, mark: str, case: Case) -> Became:
    """Within the time its procedure gives, the case is opened again; after it the letter begins a linked one.

    A case that was joined to another stays joined: the words go where the matter is handled.
    """
    if merging.final(case.pk) != case.pk:
        return _to_joined(place, arrived, mark, case)
    since = place.at - timedelta(days=1)
    lately = InboxItem.objects.filter(case=case, at__gt=since, kind=MESSAGE).values_list("tags", flat=True)
    if sum("reopened" in tags for tags in lately) >= REOPENS_A_DAY:
        return _contact(place, arrived, mark, case.pk)
    arrived = _fitting(arrived, case.pk)
    reason = _content("reason", place, arrived, mark)
    row = _Row(lambda: keep(place, arrived, Kept(ABSORBED, case.pk, reason.id, ("reopened",)), mark=mark))
    try:
        return _say(Reopen(reason.id), reason, row, case=case.pk, place=place, arrived=arrived, mark=mark)
    except Refused as refused:
        if refused.code not in ("reopen_too_late", "reopen_not_offered", "row_unknown"):
            raise
    return _new(place, arrived, mark, follows=case)


def _to_joined(place: Place, arrived: Arrived, mark: str, case: Case) -> Became:
    """Words in both cases or in neither; a linked case when the one it went into has ended, too."""
    with merging.joined(case.pk) as into:
        target = Case.objects.select_related("institution").get(pk=into)
        if target.status != "closed":
            merging.pass_on(
                case.pk, into, channel=place.medium, text=_text(arrived), at=place.at, key=_key(mark),
                files=_files(arrived),
            )  # fmt: skip
            return _contact(place, arrived, mark, case.pk)
    return _new(place, arrived, mark, follows=target)


def _new(place: Place, arrived: Arrived, mark: str, *, follows: Case | None = None) -> Became:
    """A case of its own, received when the channel says that it was sent; ``follows``: linked to that one."""
    case = case_of_intake(place.delivery.account.institution.key, _key(mark))
    if follows is not None:  # the older case speaks of it first: whoever is killed in between does the rest again
        act(Link("lanjutan", str(case)), case=follows.pk, by=THE_ENGINE, at=place.at, key=f"followed {mark}")
    state = QUARANTINED if UNCLEAR in arrived.tags else ABSORBED
    row = _Row(lambda: keep(place, arrived, Kept(state, case), mark=mark))
    return _receive(place, arrived, mark, row, links=(Link("lanjutan", str(follows.pk)),) if follows else ())


def _receive(
    place: Place, arrived: Arrived, mark: str, row: _Row, *, links: tuple[Link, ...] = (), by: Reader | None = None
) -> Became:
    account = place.delivery.account
    incoming = Incoming(
        text=_text(arrived),
        title=arrived.subject.strip()[:200],
        channel=place.medium,
        addressee=account.unit.name if account.unit is not None else "",
        complainant=_complainant(place.channel, arrived),
        answer_by="lacak" if UNANSWERED & set(arrived.tags) else "",
        files=_files(arrived),
        links=links,
        happened_at=place.moment(arrived),
    )
    try:
        receive(account.institution, incoming, key=_key(mark), at=place.at, by=by, coded=False, beside=row)
    except Refused as refused:
        if refused.code != "key_reused":  # it came with other trimmings before: by another way, or read by older rules
            raise
        row.became = None
    return row.written()


def _key(mark: str) -> str:
    return f"arrived {mark}"


class _Row:
    """The row of an arrival: written in the transaction of what it became, or by itself when that was there before."""

    def __init__(self, write_row: Callable[[], Became]) -> None:
        self._write = write_row
        self.became: Became | None = None

    def __call__(self) -> None:
        """Inside the transaction; once more when that was rolled back and is tried again."""
        self.became = self._write()

    def written(self) -> Became:
        """What became of the arrival."""
        return self.became if self.became is not None else self._write()


def _complainant(channel: str, arrived: Arrived) -> Complainant:
    value = arrived.sender.strip()
    email = value if channel == "email" else ""
    phone = value if value.startswith("+") else ""
    return Complainant(name=arrived.sender_name.strip()[:200], email=email, phone=phone, handle=value)


def _text(arrived: Arrived) -> str:
    missing = "".join(f"\n[Berkas {name or 'tanpa nama'} tidak dapat diambil.]" for name in arrived.missing)
    later = "".join(f"\n[Menyusul: {one.shown}]" for one in arrived.remote)
    return (arrived.words or arrived.subject.strip() or _EMPTY) + missing + later


def _content(kind: str, place: Place, arrived: Arrived, mark: str) -> NewContent:
    words = {"title": arrived.subject.strip()[:200]} if arrived.subject.strip() else {}
    return new_content(
        kind,
        _text(arrived),
        author=COMPLAINANT,
        key=_key(mark),
        audience="complainant",
        medium=place.medium,
        words=words,
        files=_files(arrived),
    )


def _fitting(arrived: Arrived, case: UUID) -> Arrived:
    """Words are always taken; files only as long as ``case`` has room, and what is left out is named (S48)."""
    if has_room(case, _files(arrived)):
        return arrived
    names = tuple(file.name for file in arrived.files)
    return replace(arrived, files=(), original=None, missing=(*arrived.missing, *names))


def _files(arrived: Arrived) -> tuple[Upload, ...]:
    """The letter as it came, then its files, as many and as large as this installation takes: the rest is in it."""
    most = settings.TANGGAP_FILE_MEGABYTES * 1024 * 1024
    fitting = [file for file in arrived.all_files if len(file.data) <= most]
    return tuple(fitting[: settings.TANGGAP_FILES_MOST])


# what is no message ---------------------------------------------------------------------------------------------------


def _beside(place: Place, arrived: Arrived, mark: str) -> Became:
    """A change, a reaction, something taken back: a line beside the case of the message it is about."""
    about = external_digest(place.channel, arrived.about)
    first = InboxItem.objects.filter(account=place.delivery.account_id, external=about, case__isnull=False).first()
    return keep(place, arrived, Kept(RECORDED, first.case_id if first is not None and about else None), mark=mark)


def _automatic(place: Place, arrived: Arrived, mark: str) -> Became:
    """A machine wrote: kept beside the case when our own letter names it, and answered by nobody."""
    case = case_of_ours(place.delivery.account, arrived)
    return keep(place, arrived, Kept(RECORDED, case), mark=mark)


def _bounce(place: Place, arrived: Arrived, mark: str) -> Became:
    rows = returns.bounced(place, arrived)
    return keep(place, arrived, Kept(RECORDED, rows[0].case_id if rows else None), mark=mark)


def _status(place: Place, arrived: Arrived, mark: str) -> Became:
    rows = returns.told(place, arrived)
    return keep(place, arrived, Kept(RECORDED, rows[0].case_id if rows else None), mark=mark)


def _echo(place: Place, arrived: Arrived, mark: str) -> Became:
    rows = rows_named(place.delivery.account, (arrived.external_id,))
    return keep(place, arrived, Kept(RECORDED, rows[0].case_id if rows else None), mark=mark)


_BY_KIND: dict[str, Callable[[Place, Arrived, str], Became]] = {
    MESSAGE: _message, EDIT: _beside, UNSEND: _beside, REACTION: _beside, AUTOMATIC: _automatic, BOUNCE: _bounce,
    STATUS: _status, ECHO: _echo,
}  # fmt: skip


# what an officer decides ----------------------------------------------------------------------------------------------


def decide(item: InboxItem, decision: str, *, by: Reader, at: datetime) -> None:
    """What shall become of an arrival that waits: ``join`` its case, be a ``new`` one, or ``leave`` it as it is.

    ``by`` was asked by the page whether this item is theirs to decide. The first decision stands: a second is
    ``Refused("someone_else_acted")``. The worker reads the delivery once more and does it; where the bytes are gone it
    could not, which is :class:`LetterGone`.
    """
    if decision not in ("join", "new", "leave") or (decision == "join" and item.case_id is None):
        raise Refused("not_allowed")
    with write():
        if decision != "leave" and Inbox.objects.filter(pk=item.delivery_id, erased_at__isnull=False).exists():
            raise LetterGone
        waiting = InboxItem.objects.filter(pk=item.pk, decision="").exclude(state=ABSORBED)
        changes = {"decision": decision, "decided_by": by.user.person, "decided_at": at}
        if decision == "leave":
            changes["state"] = RECORDED
        if not waiting.update(**changes):
            raise Refused("someone_else_acted")
    if decision != "leave":
        inbox.read_again(item.delivery_id, at=at)


def _decided(place: Place, arrived: Arrived, item: InboxItem) -> Became:
    by, mark = _who(item, place.at), item.mark
    if item.decision == "join" and item.case_id is not None:
        arrived = _fitting(arrived, item.case_id)
        case, content = item.case_id, _content("message", place, arrived, mark)
        row = _Row(lambda: _settled(item, arrived, place, case, content.id))
        command = Contact(place.medium, content.id)
        try:
            return _say(command, content, row, case=case, place=place, arrived=arrived, mark=mark, by=by)
        except NotVisible:
            return _say(command, content, row, case=case, place=place, arrived=arrived, mark=mark, by=THE_ENGINE)
    case = case_of_intake(place.delivery.account.institution.key, _key(mark))
    row = _Row(lambda: _settled(item, arrived, place, case))
    return _receive(place, arrived, mark, row, by=by if isinstance(by, Reader) else None)


def _settled(item: InboxItem, arrived: Arrived, place: Place, case: UUID, message: str = "") -> Became:
    became = settle(item, case=case, message=message)
    if item.decision == "new":
        looks_follow(item, case)
    plan(item, arrived.remote, at=place.at)
    return became


def _who(item: InboxItem, at: datetime) -> Reader | Actor:
    """The officer who decided, as long as they may act; else the engine does what was decided when they might."""
    user = User.objects.filter(pk=int(item.decided_by[1:])).first()
    who = reader(user, at=at) if user is not None else None
    if who is None or not who.actor(item.account.institution_id).powers:
        return THE_ENGINE
    return who


# one at a time --------------------------------------------------------------------------------------------------------


@contextmanager
def _turn(place: Place, arrived: Arrived) -> Iterator[None]:
    """One message of one sender at a time: two workers never open two cases for one conversation.

    A lease, not a lock: no transaction is held open meanwhile, and who is killed loses it. Raises :class:`NotNow`.
    """
    account = place.delivery.account_id
    key = digest("turn", str(account), sender_digest(place.channel, arrived.sender) or arrived.external_id)
    with write():
        row, fresh = Bucket.objects.select_for_update().get_or_create(key=key, defaults={"tokens": 1.0, "at": place.at})
        if not fresh:
            if row.tokens > 0 and abs(place.at - row.at) < _TURN:
                raise NotNow
            Bucket.objects.filter(pk=key).update(tokens=1.0, at=place.at)
    try:
        yield
    finally:
        with write():
            Bucket.objects.filter(pk=key).update(tokens=0.0)
