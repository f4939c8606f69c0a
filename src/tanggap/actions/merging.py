"""One matter in two cases: an officer joins them, ties them together, or says that they are two; nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from uuid import UUID

from tanggap.actions.cases import THE_ENGINE, Acted, NotVisible, act
from tanggap.actions.contents import Upload, check_room, has_room, new_content
from tanggap.casework.commands import Contact, Link, Merge
from tanggap.casework.events import COMPLAINANT, ENGINE
from tanggap.casework.refusals import Refused
from tanggap.casework.shelf import Actor
from tanggap.casework.state import DIFFERENT, MERGED, RELATED, Status
from tanggap.records import queries, store
from tanggap.records.access import Reader, visible_cases
from tanggap.records.contents import NewContent
from tanggap.records.models import Case, CaseParty
from tanggap.records.projection import RESPONDENT
from tanggap.records.queries.twins import same_person

_LONGEST_CHAIN = 20


def relate(one: UUID, other: UUID, relation: str, *, by: Reader, at: datetime, key: str) -> None:
    """Write in both cases that they belong together (``related``), or are two matters (``different``).

    Raises :class:`NotVisible` and ``Refused``. Repeated with the same ``key``: nothing more is written.
    """
    assert relation in (RELATED, DIFFERENT)
    _both_visible(one, other, by)
    with store.together(lambda: {one, other}):
        for here, there in ((one, other), (other, one)):
            linked = any(link.case == str(there) and link.relation == relation for link in store.load(here).state.links)
            if not linked:
                act(Link(relation, str(there)), case=here, by=by, at=at, key=f"{key}-{here}")


def merge(case: UUID, into: UUID, *, by: Reader, at: datetime, key: str, reason: NewContent) -> Acted:
    """End ``case``: its matter is handled in ``into``, which gets its words and files. Both records stay whole.

    Only for one person's two reports: what is answered in one would otherwise be told to another. All of it is one
    transaction that holds every case it concerns: of two who join the same cases the other way round at the same
    moment, the second finds what the first did. Raises :class:`NotVisible` and ``Refused`` (``other_person``,
    ``merge_circle``, ``merged_here``, ``case_closed``, ``merge_respondent``, ``merge_confidential``).
    """
    _both_visible(case, into, by)
    with store.together(lambda: {case, *_chain(into)}):
        return _merge(case, into, by=by, at=at, key=key, reason=reason)


def _merge(case: UUID, into: UUID, *, by: Reader, at: datetime, key: str, reason: NewContent) -> Acted:
    ended = store.load(case).state
    if ended.status is Status.CLOSED and not ended.merged_into:  # before anything is written in the other case
        raise Refused("case_closed", outcome=ended.outcome, at=ended.closed_at)
    if not same_person(case, into):
        raise Refused("other_person")
    target = final(into)
    if target == case:
        raise Refused("merged_here")
    known = store.load(target).state
    if known.status is not Status.OPEN:
        raise Refused("case_closed", outcome=known.outcome, at=known.closed_at)
    if not visible_cases(by).filter(pk=target).exists():
        raise NotVisible(target)
    if not any(link.relation == MERGED and link.case == str(case) for link in known.links):
        _require_kept(case, target)
        _carry_over(case, target, by=by, at=at, key=key)
        act(Link(MERGED, str(case)), case=target, by=by, at=at, key=f"{key}-tautan")
    return act(Merge(str(target), reason.id), case=case, by=by, at=at, key=key, contents=(reason,))


def final(case: UUID) -> UUID:
    """The case in which ``case`` is handled at last: merged cases may have been merged on. A circle is not followed."""
    return _chain(case)[-1]


def _chain(case: UUID) -> list[UUID]:
    """``case``, the one it was merged into, and so on."""
    found = [case]
    while len(found) < _LONGEST_CHAIN:
        onward = store.load(found[-1]).state.merged_into
        if not onward or UUID(onward) in found:
            break
        found.append(UUID(onward))
    return found


@contextmanager
def joined(case: UUID) -> Iterator[UUID]:
    """Hold ``case`` and the one in which it is handled at last, which is given, for acts in both that are one."""
    with store.together(lambda: {*_chain(case)}):
        yield final(case)


def heard(
    case: UUID, *, channel: str, text: str, by: Reader | Actor, at: datetime, key: str,
    files: Sequence[Upload] = (), happened: datetime | None = None,
) -> Acted:  # fmt: skip
    """What the complainant wrote or said is recorded in ``case``, and where it was merged, in the case it went into.

    In both or in neither. It ends what waits for the complainant. Raises ``Refused`` and :class:`NotVisible`;
    :class:`tanggap.actions.contents.TooLarge` for files that ``case`` has no room for.
    """
    check_room(case, files)
    content = new_content(
        "message", text, author=COMPLAINANT, key=key, audience="complainant", medium=channel, files=files
    )
    command = Contact(channel, content.id)

    def say(beside: Callable[[], None] = store.nothing_beside) -> Acted:
        return act(command, case=case, by=by, at=at, key=key, happened=happened, contents=(content,), beside=beside)

    def still_alone() -> None:
        if _is_joined(case):
            raise _JoinedMeanwhile

    if not _is_joined(case):
        with suppress(_JoinedMeanwhile):
            return say(still_alone)
    # Here files are sealed while both cases are held: an act seals by the log it finds, which is final only then. Few
    # write to a case that was joined, and nobody but those who want these two waits for them.
    with joined(case) as target:
        acted = say()
        if not acted.again:  # else it was told there then, or carried over when the cases were joined
            pass_on(case, target, channel=channel, text=text, at=at, key=key, files=files)
    return acted


class _JoinedMeanwhile(Exception):
    """Somebody joined the case to another while words for it were made ready: nothing was written."""


def _is_joined(case: UUID) -> bool:
    return Case.objects.filter(pk=case, status="closed", outcome=MERGED).exists()


def pass_on(
    case: UUID, target: UUID, *, channel: str, text: str, at: datetime, key: str, files: Sequence[Upload] = ()
) -> None:
    """Words of the complainant of ``case`` are told in ``target``, where it was merged into; once for each ``key``.

    As an internal word: nobody has proved to be the person who reads the other case's page. What says who sent it is
    not passed on; files that ``target`` has no room for are named instead (S48).
    """
    if target == case:
        return
    register = Case.objects.values_list("register", flat=True).get(pk=case)
    shown = [one for one in files if not one.closed]
    if not has_room(target, shown):
        text += "".join(f"\n[Berkas {one.name or 'tanpa nama'} hanya ada pada {register}.]" for one in shown)
        shown = []
    copied = new_content(
        "message", f"{register}\n\n{text}", author=ENGINE, key=f"{key}-{target}", medium=channel, files=shown
    )
    command = Contact(channel, copied.id)
    act(command, case=target, by=THE_ENGINE, at=at, key=f"{key}-{target}", contents=(copied,))


def _both_visible(one: UUID, other: UUID, by: Reader) -> None:
    """Two cases of one institution that ``by`` may see. Raises :class:`NotVisible`, ``Refused`` when they are one."""
    if one == other:
        raise Refused("merge_circle")
    places = dict(visible_cases(by).filter(pk__in=[one, other]).values_list("pk", "institution"))
    for case in (one, other):
        if case not in places:
            raise NotVisible(case)
    if places[one] != places[other]:
        raise NotVisible(other)


def _require_kept(case: UUID, target: UUID) -> None:
    """Nobody may read in ``target`` what ``case`` keeps from them: the party it is about, whom its secrecy bars."""
    parties = CaseParty.objects.filter(case__in=(case, target), part=RESPONDENT).values_list("case", "name")
    known = {name for place, name in parties if place == target}
    if any(name not in known for place, name in parties if place == case):
        raise Refused("merge_respondent")
    confidential = dict(Case.objects.filter(pk__in=(case, target)).values_list("pk", "confidential"))
    if confidential[case] and not confidential[target]:
        raise Refused("merge_confidential")


def _carry_over(case: UUID, target: UUID, *, by: Reader, at: datetime, key: str) -> None:
    """The report of ``case`` and everything its complainant wrote in it, as internal words in ``target``.

    What says who sent it (a letter with its envelope) stays where it opens with the identity.
    """
    page = queries.case_page(by, case)
    if page is None:
        raise NotVisible(case)
    for message in page.messages.values():
        if message.kind != "report" and message.author != COMPLAINANT:
            continue
        channel = message.medium or page.state.attributes.get("channel", "web")
        words = (page.register, message.words.get("title", ""), message.text)
        files = [queries.stored_file(by, file.id) for file in message.files if not file.closed]
        content = new_content(
            "message", "\n\n".join(filter(None, words)), author=by.user.person, key=f"{key}-{message.id}",
            medium=channel,
            files=[Upload(one.name, one.data) for one in files if one is not None],
        )  # fmt: skip
        command = Contact(channel, content.id)
        act(command, case=target, by=by, at=at, key=f"{key}-{message.id}", contents=(content,))
