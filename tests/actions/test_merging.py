"""Joining two cases of one person: what is told in one reaches nobody by the other who might not have read it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import pytest

import worlds
from tanggap.actions import merging
from tanggap.actions.cases import THE_ENGINE
from tanggap.actions.contents import TooLarge, Upload, new_content
from tanggap.actions.identity import reveal
from tanggap.casework.commands import Bind, Withdraw
from tanggap.casework.refusals import Refused
from tanggap.records import queries
from tanggap.records.models import Attachment, Case

pytestmark = pytest.mark.django_db

ABOUT_THE_LEADER = "merpati-51c9: Wakil Dekan menolak menandatangani berkas saya"
LEADER = "wakil-dekan-umum"


@pytest.fixture
def world() -> worlds.World:
    return worlds.build()


def join(world: worlds.World, case: UUID, into: UUID, *, key: str = "gabung") -> None:
    reason = new_content("reason", "Sama.", author=world.coordinator.person, key=key, audience="complainant")
    merging.merge(case, into, by=world.reader(world.coordinator), at=world.at, key=key, reason=reason)


def refused(world: worlds.World, case: UUID, into: UUID) -> str:
    with pytest.raises(Refused) as refusal:
        join(world, case, into)
    assert Case.objects.get(pk=case).status == "open"
    return refusal.value.code


def test_a_report_about_somebody_is_not_carried_into_a_case_that_does_not_know_it_is_about_them(
    world: worlds.World,
) -> None:
    """Whoever is complained of would read it there as any officer."""
    into = world.receive("Berkas saya belum ditandatangani").case
    case = world.receive(ABOUT_THE_LEADER, respondent=(LEADER,)).case
    assert refused(world, case, into) == "merge_respondent"
    world.act(Bind("dikomplain", (LEADER,), "m1"), into, world.coordinator)
    join(world, case, into)
    assert Case.objects.get(pk=case).outcome == "merged"


def test_a_case_that_somebody_ended_meanwhile_leaves_no_trace_in_the_other(world: worlds.World) -> None:
    into, case = world.receive("Yang satu").case, world.receive("Yang lain").case
    world.act(Withdraw("m1"), case, world.coordinator)
    before = Case.objects.get(pk=into).seq
    with pytest.raises(Refused, match="case_closed"):
        join(world, case, into)
    assert Case.objects.get(pk=into).seq == before


def test_the_same_form_sent_again_joins_once(world: worlds.World) -> None:
    into, case = world.receive("Yang satu").case, world.receive("Yang lain").case
    join(world, case, into)
    before = Case.objects.get(pk=into).seq
    join(world, case, into)
    assert Case.objects.get(pk=into).seq == before


def test_a_confidential_case_is_not_carried_into_one_that_everybody_reads(world: worlds.World) -> None:
    into, case = world.receive("Yang satu").case, world.receive("Yang lain").case
    Case.objects.filter(pk=case).update(confidential=True)
    assert refused(world, case, into) == "merge_confidential"
    Case.objects.filter(pk=into).update(confidential=True)
    join(world, case, into)
    assert Case.objects.get(pk=case).outcome == "merged"


def test_what_says_who_sent_it_stays_where_it_opens_with_the_identity(world: worlds.World) -> None:
    """The other case may be one whose complainant is known to everybody in it."""
    into = world.receive("Yang satu", identity="open").case
    files = (Upload("surat.eml", b"From: kanari", closed=True), Upload("foto.txt", b"bukti"))
    case = world.receive("Yang lain", files=files).case
    assert sorted(Attachment.objects.filter(case=case).values_list("closed", flat=True)) == [False, True]
    who = world.reader(world.coordinator)
    reveal(case, by=who, reason="verifikasi", words="", at=world.at)
    join(world, case, into)
    merging.heard(case, channel="email", text="Lagi.", by=THE_ENGINE, at=world.at, key="lagi", files=files)
    page = queries.case_page(who, into)
    assert page is not None
    names = [file.name for message in page.messages.values() for file in message.files]
    assert names == ["foto.txt", "foto.txt"]


def test_what_is_heard_in_a_joined_case_is_told_in_both_or_in_neither(
    world: worlds.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that dies between the two leaves nothing: whoever sends again is not told that it was said already."""
    into, case = world.receive("Yang satu").case, world.receive("Yang lain").case
    join(world, case, into)
    before = dict(Case.objects.values_list("pk", "seq"))

    def say() -> None:
        merging.heard(case, channel="web", text="Masih sama.", by=THE_ENGINE, at=world.at, key="lagi")

    with monkeypatch.context() as patched:
        patched.setattr(merging, "pass_on", _dies)
        with pytest.raises(SystemExit):
            say()
    assert dict(Case.objects.values_list("pk", "seq")) == before
    say()
    assert {pk for pk, seq in Case.objects.values_list("pk", "seq") if seq > before[pk]} == {case, into}


def test_words_in_a_case_that_stands_alone_hold_nobody_up_and_find_the_other_when_it_is_joined_meanwhile(
    world: worlds.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written is made ready before anything is held; nothing of it is doubled by beginning anew."""
    into, case = world.receive("Yang satu").case, world.receive("Yang lain").case
    held, together = [0], merging.store.together

    def counted(which: Callable[[], set[UUID]]) -> AbstractContextManager[None]:
        held[0] += 1
        return together(which)

    monkeypatch.setattr(merging.store, "together", counted)
    merging.heard(case, channel="web", text="Satu.", by=THE_ENGINE, at=world.at, key="satu")
    assert held == [0]
    real = merging.act

    def joined_meanwhile(*args: Any, **more: Any) -> Any:
        monkeypatch.setattr(merging, "act", real)
        join(world, case, into)
        return real(*args, **more)

    monkeypatch.setattr(merging, "act", joined_meanwhile)
    merging.heard(case, channel="web", text="Dua.", by=THE_ENGINE, at=world.at, key="dua")
    for place in (case, into):
        page = queries.case_page(world.reader(world.coordinator), place)
        assert page is not None
        assert sum("Dua." in one.text for one in page.messages.values()) == 1, place


def test_files_that_the_other_case_has_no_room_for_are_named_in_it(world: worlds.World, settings: Any) -> None:
    """S48: nobody fills a case by way of another; the words always arrive."""
    settings.TANGGAP_CASE_MEGABYTES = 1
    into = world.receive("Yang satu", files=(Upload("isi.txt", b"x" * 900_000),)).case
    case = world.receive("Yang lain").case
    join(world, case, into)
    files = (Upload("foto.txt", b"y" * 300_000),)
    merging.heard(case, channel="web", text="Lagi.", by=THE_ENGINE, at=world.at, key="lagi", files=files)
    assert dict(Attachment.objects.values_list("plain_size", "case")) == {900_000: into, 300_000: case}
    page = queries.case_page(world.reader(world.coordinator), into)
    assert page is not None
    assert any("Lagi.\n[Berkas foto.txt hanya ada pada" in one.text for one in page.messages.values())
    with pytest.raises(TooLarge):
        merging.heard(into, channel="web", text="Lagi.", by=THE_ENGINE, at=world.at, key="lain", files=files)


def test_a_merge_that_is_interrupted_has_changed_neither_case(
    world: worlds.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    into, case = world.receive("Yang satu").case, world.receive("Yang lain").case
    before = dict(Case.objects.values_list("pk", "seq"))
    with monkeypatch.context() as patched:
        patched.setattr(merging, "Merge", _dies)
        with pytest.raises(SystemExit):
            join(world, case, into)
    assert dict(Case.objects.values_list("pk", "seq")) == before
    join(world, case, into)
    assert Case.objects.get(pk=case).outcome == "merged"


def _dies(*args: object, **more: object) -> None:
    raise SystemExit
