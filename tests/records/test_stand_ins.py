"""Plh. by the clock: who may act, who sees what, and that what is about a person is kept from their stand-in too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import worlds
from tanggap.actions.organisation import appoint, release
from tanggap.casework.commands import Bind, Complete
from tanggap.casework.refusals import Refused
from tanggap.records import queries
from tanggap.records.access import reader, visible_cases
from tanggap.records.models import Case, Duty, Post, User
from tanggap.records.verification import verify

pytestmark = pytest.mark.django_db

LEADER, DESK = "wakil-dekan-umum", "operator-mipa-care"


@pytest.fixture
def world() -> worlds.World:
    return worlds.build()


def post(world: worlds.World, key: str) -> Post:
    return Post.objects.get(institution=world.institution, key=key)


def before_the_leader(world: worlds.World) -> object:
    case = world.receive().case
    world.complete(case, "2#1", DESK, choice="ya")
    return case


def test_a_delegation_begins_and_ends_by_the_clock_with_nobody_doing_anything(world: worlds.World) -> None:
    """S0-10: readers, performers and notices follow at the moment; no row and no event is written for it."""
    case, user = before_the_leader(world), world.on["kadep-fisika"]
    begin, end = world.at + timedelta(days=1), world.at + timedelta(days=2)
    appoint(post(world, LEADER), user, from_at=begin, until_at=end, kind="plh")
    stored = Case.objects.values().get(pk=case), list(Duty.objects.values())
    moment = timedelta(microseconds=1)
    for at, holds in ((begin - moment, False), (begin, True), (end - moment, True), (end, False)):
        who = world.reader(user, at=at)
        assert visible_cases(who).filter(pk=case).exists() is holds
        assert (len(queries.my_duties(who)) == 1) is holds
        assert (user.person in queries.shelf("ub-fmipa", at=at).organisation.posts[LEADER].holders) is holds
    world.at = begin - moment
    with pytest.raises(LookupError):
        world.act(Complete("3#1"), case, user)
    assert (Case.objects.values().get(pk=case), list(Duty.objects.values())) == stored
    assert not list(verify(at=begin)) + list(verify(at=end))
    world.at = end - moment
    assert world.act(Complete("3#1", binds={"dikomplain": ("kadep-kimia",)}), case, user).entries


def test_whoever_stands_in_for_the_party_complained_of_sees_and_does_no_more_than_the_party(
    world: worlds.World,
) -> None:
    """S4, S3: the head of chemistry is complained of and away in another post of his; the delegate is he himself."""
    chemist, delegate = world.on["kadep-kimia"], world.on["kasubbag-akademik"]
    appoint(post(world, LEADER), chemist, from_at=world.at)
    release(world.on[LEADER].holdings.get(), at=world.at)
    case = before_the_leader(world)
    appoint(post(world, LEADER), delegate, from_at=world.at, kind="plh")
    assert visible_cases(world.reader(delegate)).filter(pk=case).exists(), "not yet about anybody"
    world.act(Bind("terlapor", ("kadep-kimia",)), case, world.coordinator)
    for user in (chemist, delegate):
        who = world.reader(user)
        assert not visible_cases(who).filter(pk=case).exists()
        assert queries.my_duties(who) == []
        assert queries.case_page(who, case) is None  # type: ignore[arg-type]
        assert queries.news(who) == []
    assert Duty.objects.get(case=case).posts.get().name == "dekan", "the next rung"
    release(delegate.holdings.get(kind="plh"), at=world.later(hours=1))
    appoint(post(world, "dekan"), delegate, from_at=world.at)
    assert visible_cases(world.reader(delegate)).filter(pk=case).exists(), "standing in for nobody any more"


def test_the_delegate_who_has_a_duty_of_his_own_reads_the_redacted_case_and_may_not_act(world: worlds.World) -> None:
    """S4: named today by the party complained of, in a case that had come to him before."""
    operator = world.on[DESK]
    case = world.receive().case
    world.act(Bind("terlapor", ("kadep-kimia",)), case, world.coordinator)
    appoint(post(world, "kadep-kimia"), operator, from_at=world.at, kind="plh")
    found = queries.case_page(world.reader(operator), case)
    assert found is not None
    assert found.redacted
    with pytest.raises(Refused, match="respondent_may_not_act"):
        world.complete(case, "2#1", DESK, choice="ya")
    assert world.act(Complete("2#1", choice="ya"), case, world.coordinator).entries, (
        "the coordinator, for nobody is left"
    )


def test_what_nobody_can_do_is_found_behind_however_many_others(world: worlds.World) -> None:
    """Also where the list of what is open ends long before it: one vacant, one about the only one who has it."""
    for _ in range(3):
        world.receive()
    vacant, barred = before_the_leader(world), world.receive().case
    release(world.on[LEADER].holdings.get(), at=world.at)
    world.act(Bind("terlapor", ("kadep-kimia",)), barred, world.coordinator)
    who = world.reader(world.coordinator)
    assert [line.case for line in queries.without_performer(who, limit=1)] == [vacant]
    appoint(post(world, "kadep-kimia"), world.on[DESK], from_at=world.at, kind="plh")
    found = queries.without_performer(who, limit=2)
    assert {line.case for line in found} == {vacant, barred}
    assert all(line.nobody for line in found)


def test_of_several_holders_only_the_one_who_is_named_is_stood_in_for(world: worlds.World) -> None:
    other = world.stranger
    appoint(post(world, DESK), other, from_at=world.at)
    delegate = world.on["kadep-fisika"]
    holder = appoint(post(world, DESK), delegate, from_at=world.at, kind="plh", instead_of=other)
    shelf = queries.shelf("ub-fmipa", at=world.at)
    assert shelf.organisation.stand_ins == {other.person: frozenset({delegate.person})}
    holder.instead_of = None
    holder.save()
    world.institution.refresh_from_db()
    release(holder, at=world.later(hours=1))
    appoint(post(world, DESK), delegate, from_at=world.at, kind="plh")
    shelf = queries.shelf("ub-fmipa", at=world.at)
    assert set(shelf.organisation.stand_ins) == {other.person, world.on[DESK].person}


def test_a_reader_who_stands_in_for_nobody_costs_two_queries_and_a_ring_comes_to_rest(world: worlds.World) -> None:
    a, b = world.on["kadep-fisika"], world.on["kadep-kimia"]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        reader(a, at=world.at)
    assert len(asked) == 2
    appoint(post(world, "kadep-fisika"), b, from_at=world.at, kind="plh")
    appoint(post(world, "kadep-kimia"), a, from_at=world.at, kind="plh")
    part = reader(User.objects.get(pk=a.pk), at=world.at).part(world.institution.pk)
    assert part.represents == {"kadep-kimia", "departemen-kimia", "kadep-fisika", "departemen-fisika"}
