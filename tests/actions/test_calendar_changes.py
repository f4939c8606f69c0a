"""Calendars that people change: what a preview tells is what then happens, all of it recorded, and nothing else."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.utils import DatabaseError

import worlds
from tanggap.actions import calendars, recounting
from tanggap.actions.arranging import ToldOtherwise, arrange
from tanggap.actions.calendar_plan import INSTITUTION, Plan
from tanggap.actions.calendars import NothingChanged, SomeoneElseChanged, change, current_plan, preview, renew_calendar
from tanggap.actions.cases import THE_COMPLAINANT
from tanggap.actions.deadlines import expire_due
from tanggap.actions.foretelling import foretell
from tanggap.actions.organisation import import_organisation
from tanggap.actions.structure import ChangePost
from tanggap.casework.commands import Complete, Extend, Take, Wait
from tanggap.casework.refusals import Refused
from tanggap.records import store
from tanggap.records.fences import lowered
from tanggap.records.models import (
    CalendarMove,
    CalendarVersion,
    Case,
    CaseEvent,
    Duty,
    Institution,
    Membership,
    OfficeHours,
    OrganisationAct,
    Post,
    Unit,
)
from tanggap.records.projection import DUTY_FIELDS
from tanggap.records.verification import verify
from tanggap.worktime.office_hours import CalendarRefused, Holiday, HolidayKind, Period

WIB = ZoneInfo("Asia/Jakarta")
DECREE = "SKB 9/2026"
MOVING = {"due_at", "warn_at", "respond_due_at"}


@pytest.fixture(autouse=True)
def the_sop_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the law counts in working days moves too: tests/records/test_law.py. Here the clocks of the SOP are told."""
    monkeypatch.setattr("tanggap.records.shelves.law_of", lambda institution: ())


def a_day_off(day: date = date(2026, 11, 18), name: str = "Cuti bersama mendadak") -> Holiday:
    return Holiday(day, name, HolidayKind.JOINT_LEAVE, DECREE)


def plus(plan: Plan, *days: Holiday) -> Plan:
    return replace(plan, holidays=(*plan.holidays, *days))


def put(world: worlds.World, plan: Plan, **more: Any) -> CalendarVersion:
    seen = calendars.latest_version(world.institution)
    facts = {"seen": seen, "at": world.at, "by": world.coordinator.person, "why": "surat edaran", **more}
    return change(world.institution.key, plan, **facts)


def steps(moves: Iterable[Any]) -> list[Any]:
    """Moves of rows; those of clocks on the whole case are left out."""
    return [one for one in moves if getattr(one, "move", one).clock.startswith("step:")]


def duties() -> dict[tuple[Any, str], dict[str, Any]]:
    return {(one.case_id, one.name): {name: getattr(one, name) for name in DUTY_FIELDS} for one in Duty.objects.all()}


def cases() -> dict[Any, dict[str, Any]]:
    left_out = {"next_moment", "counted_by"}
    return {row["id"]: {k: v for k, v in row.items() if k not in left_out} for row in Case.objects.values()}


def events() -> list[Any]:
    return list(CaseEvent.objects.order_by("pk").values())


@pytest.mark.django_db
def test_a_decree_moves_the_open_step_as_foretold_and_says_from_when_to_when() -> None:
    """Thursday 16.00 becomes Friday 16.30, in a version that names its decree, its reason and its author."""
    world = worlds.build()
    case = world.receive().case
    world.complete(case, "2#1", "operator-mipa-care", choice="ya")
    told = preview(world.institution.key, plus(current_plan("ub-fmipa"), a_day_off()), at=world.at)
    assert not CalendarMove.objects.exists(), "a preview writes nothing"
    (moved,) = steps(told.moves)
    assert told.cases == 1
    assert (moved.move.clock, moved.move.no.strip("."), moved.move.breached) == ("step:3#1", "3", False)
    assert moved.move.before == datetime(2026, 11, 19, 16, 0, tzinfo=WIB)
    assert moved.move.after == datetime(2026, 11, 20, 16, 30, tzinfo=WIB)
    version = put(world, plus(current_plan("ub-fmipa"), a_day_off()), decree=DECREE)
    assert (version.made_by, version.why, version.decree) == (world.coordinator.person, "surat edaran", DECREE)
    assert version.made_at == world.at
    assert [(one.clock, one.before, one.after) for one in steps(version.moves.all())] == [
        (moved.move.clock, moved.move.before, moved.move.after)
    ]
    assert Duty.objects.get(case=case).due_at == moved.move.after
    assert not list(verify(at=world.at))


@pytest.mark.django_db
def test_what_is_closed_what_a_person_named_and_what_stands_still_never_moves() -> None:
    """Closed visits never; `extend until` and a running wait have nothing to do with any calendar."""
    world = worlds.build()
    closed, named, kept = (world.receive().case for _ in range(3))
    world.complete(closed, "2#1", "operator-mipa-care", choice="tidak", answer="sudah")
    world.act(Complete("7#1"), closed, THE_COMPLAINANT)
    for case in (named, kept):
        world.complete(case, "2#1", "operator-mipa-care", choice="ya")
    until = datetime(2026, 11, 23, 9, 0, tzinfo=WIB)
    reason = worlds.new_content("reason", "rapat", author=world.coordinator.person, key="n")
    world.act(Extend("step:3#1", until=until, reason=reason.id), named, world.coordinator, reason, key="n")
    before, log = duties(), events()
    plan = plus(current_plan("ub-fmipa"), a_day_off(), a_day_off(date(2026, 11, 23), "Libur setempat"))
    told = preview("ub-fmipa", plan, at=world.at)
    assert {one.case for one in steps(told.moves)} == {kept}
    put(world, plan)
    after = duties()
    assert after[named, "step:3#1"] == before[named, "step:3#1"]
    assert Case.objects.get(pk=closed).status == "closed"
    assert events() == log, "no case's own log is touched"
    assert not list(verify(at=world.at))


@pytest.mark.django_db
def test_a_lateness_once_written_stays_written_when_its_moment_moves() -> None:
    world = worlds.build()
    case = world.receive().case
    world.complete(case, "2#1", "operator-mipa-care", choice="ya")
    world.later(days=4)
    assert expire_due(at=world.at).done == 1
    log = events()
    version = put(world, plus(current_plan("ub-fmipa"), a_day_off()))
    assert steps(version.moves.all())[0].breached
    assert events() == log
    assert Case.objects.get(pk=case).late
    assert not list(verify(at=world.at))


@pytest.mark.django_db
def test_an_earlier_due_moment_may_lie_in_the_past_at_once_and_is_then_written_as_late() -> None:
    """A day off that is taken away: the standard is met from its start, as for a regraded case."""
    world = worlds.build()
    put(world, plus(current_plan("ub-fmipa"), a_day_off()))
    case = world.receive().case
    world.complete(case, "2#1", "operator-mipa-care", choice="ya")
    world.at = datetime(2026, 11, 20, 9, 0, tzinfo=WIB)
    plan = current_plan("ub-fmipa")
    version = put(world, replace(plan, holidays=tuple(set(plan.holidays) - {a_day_off()})))
    assert steps(version.moves.all())[0].after == datetime(2026, 11, 19, 16, 0, tzinfo=WIB)
    assert expire_due(at=world.at).done == 1
    assert Case.objects.get(pk=case).late
    assert not list(verify(at=world.at))


@pytest.mark.django_db
def test_a_unit_with_hours_of_its_own_is_counted_by_them_and_may_return_to_those_of_all() -> None:
    world = worlds.build()
    case = world.receive().case
    world.complete(case, "2#1", "operator-mipa-care", choice="ya")
    duty = Duty.objects.get(case=case)
    unit = Unit.objects.get(posts__key=duty.posts.get().name)
    before = duty.due_at
    short = Period.from_dict({name: ["08.00-14.00"] for name in ("monday", "tuesday", "wednesday", "thursday")})
    plan = current_plan("ub-fmipa")
    version = put(world, replace(plan, hours={**plan.hours, unit.key: (short,)}))
    assert version.unit == unit
    assert Duty.objects.get(case=case).due_at == datetime(2026, 11, 19, 14, 0, tzinfo=WIB)
    holiday = put(world, plus(current_plan("ub-fmipa"), a_day_off()))
    assert (holiday.unit, holiday.parts.get().unit) == (None, unit), "one act freezes both calendars"
    assert (holiday.moved, holiday.parts.get().moved) == (holiday.moves.count(), 0)
    plan = current_plan("ub-fmipa")
    assert set(plan.hours) == {INSTITUTION, unit.key}
    put(world, replace(plan, hours={INSTITUTION: plan.hours[INSTITUTION]}, holidays=plan.holidays[:-1]))
    put(world, replace(current_plan("ub-fmipa"), holidays=tuple(set(plan.holidays) - {a_day_off()})))
    assert Duty.objects.get(case=case).due_at == before
    assert not OfficeHours.objects.filter(unit=unit).exists()
    assert not list(verify(at=world.at))


# posts that come to another unit --------------------------------------------------------------------------------------

SHORT = Period.from_dict({name: ["08.00-14.00"] for name in ("monday", "tuesday", "wednesday", "thursday")})


def at_a_post(world: worlds.World) -> tuple[Any, Post, str]:
    """A case at row 3, the post that has it, and another unit with shorter hours; the stranger arranges the house."""
    case = world.receive().case
    world.complete(case, "2#1", "operator-mipa-care", choice="ya")
    post = Post.objects.select_related("superior").get(key=Duty.objects.get(case=case).posts.get().name)
    other = world.institution.units.exclude(pk=post.unit_id).first()
    plan = current_plan("ub-fmipa")
    put(world, replace(plan, hours={**plan.hours, other.key: (SHORT,)}))
    Membership.objects.create(institution=world.institution, user=world.stranger, admin=True)
    return case, post, other.key


def to_unit(post: Post, unit: str) -> ChangePost:
    return ChangePost(post.name, post.key, unit, post.superior.key if post.superior else "", post.is_fallback)


@pytest.mark.django_db
def test_a_post_that_moves_to_a_unit_with_other_hours_takes_its_duties_along_as_foretold_by_one_act_on_record() -> None:
    world = worlds.build()
    case, post, unit = at_a_post(world)
    before, wish = duties(), to_unit(post, unit)
    told = foretell("ub-fmipa", wish, who=world.reader(world.stranger))
    assert duties() == before
    assert told.cases == 1
    made = arrange("ub-fmipa", wish, by=world.stranger, at=world.at, seen=told.seen, foretold=str(told.revision))
    due_at = Duty.objects.get(case=case).due_at
    assert due_at == datetime(2026, 11, 19, 14, 0, tzinfo=WIB) != before[case, "step:3#1"]["due_at"]
    act = OrganisationAct.objects.get(pk=made.act)
    kept = [(one.case_id, one.clock, one.before, one.after) for one in act.moves.all()]
    assert kept == [(one.case, one.move.clock, one.move.before, one.move.after) for one in told.moves] != []
    assert (act.data["moved"], act.data["after"]["unit"]) == (len(kept), unit)
    assert not list(verify(at=world.at))
    assert expire_due(at=world.at).done == 0, "nothing is left for the worker to find"
    with lowered(connection):
        act.moves.update(after=world.at)
    assert [flaw.kind for flaw in verify(at=world.at)] == ["organisation"]


@pytest.mark.django_db
def test_what_was_foretold_of_a_unit_is_told_again_when_calendar_or_holders_are_others_since() -> None:
    world = worlds.build()
    _case, post, unit = at_a_post(world)
    wish = to_unit(post, unit)
    told = foretell("ub-fmipa", wish, who=world.reader(world.stranger))
    put(world, plus(current_plan("ub-fmipa"), a_day_off()))
    with pytest.raises(ToldOtherwise):
        arrange("ub-fmipa", wish, by=world.stranger, at=world.at, seen=told.seen, foretold=str(told.revision))
    assert not OrganisationAct.objects.filter(kind="post").exists()
    again = foretell("ub-fmipa", wish, who=world.reader(world.stranger))
    assert [one.move.before for one in again.moves] != [one.move.before for one in told.moves]


@pytest.mark.django_db
def test_several_posts_that_a_file_puts_elsewhere_are_one_act_with_what_somebody_did_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = worlds.build()
    case, post, unit = at_a_post(world)
    counted, calls = recounting.recount, []

    def slow(*args: Any, **more: Any) -> Any:
        found = counted(*args, **more)
        if not calls:
            world.act(Take("3#1"), case, world.on[post.key])
        calls.append(more.get("only"))
        return found

    monkeypatch.setattr(recounting, "recount", slow)
    posts = [
        {"key": one.key, "name": one.name, "unit": unit, "superior": one.superior.key if one.superior else "",
         "fallback": one.is_fallback}
        for one in world.institution.posts.select_related("superior")
    ]  # fmt: skip
    units = [{"key": one.key, "name": one.name} for one in world.institution.units.all()]
    data = {"key": "ub-fmipa", "name": world.institution.name, "short_name": "FMIPA", "unit": units, "post": posts}
    import_organisation(data, at=world.at)
    (act,) = OrganisationAct.objects.filter(kind="units")
    assert calls == [None, {case}], "whatever was touched meanwhile is counted again"
    assert act.data["posts"][post.key][1] == unit
    assert len(act.data["posts"]) > 1
    assert act.data["moved"] == act.moves.count() > 0
    assert not list(verify(at=world.at))
    import_organisation(data, at=world.at)
    assert OrganisationAct.objects.filter(kind="units").count() == 1, "the same file again moves nothing"


REFUSED: dict[str, tuple[Callable[[Plan], Plan], str]] = {
    "never open": (lambda plan: replace(plan, hours={INSTITUTION: (Period(((),) * 7),)}), "satu pun jam kerja"),
    "open no more": (
        lambda plan: replace(plan, hours={INSTITUTION: (replace(plan.hours[""][0], until_date=date(2026, 11, 1)),)}),
        "Dalam 400 hari mendatang",
    ),
    "no hours": (lambda plan: replace(plan, hours={INSTITUTION: ()}), "satu pun jam kerja"),
    "twice": (lambda plan: plus(plan, replace(a_day_off(), decree="x"), a_day_off()), "sudah tercatat"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("what", REFUSED)
def test_a_calendar_by_which_nothing_can_be_counted_is_refused_in_a_sentence(what: str) -> None:
    world = worlds.build()
    world.receive()
    bend, says = REFUSED[what]
    plan = bend(current_plan("ub-fmipa"))
    for attempt in (lambda: preview("ub-fmipa", plan, at=world.at), lambda: put(world, plan)):
        with pytest.raises(CalendarRefused, match=says):
            attempt()
    assert CalendarVersion.objects.count() == 1


@pytest.mark.django_db
def test_the_same_calendar_again_is_no_act_and_the_same_form_again_is_the_same_act() -> None:
    world = worlds.build()
    with pytest.raises(NothingChanged):
        preview("ub-fmipa", current_plan("ub-fmipa"), at=world.at)
    plan = plus(current_plan("ub-fmipa"), a_day_off())
    seen = calendars.latest_version(world.institution)
    one = put(world, plan, form_key="k", seen=seen)
    assert put(world, plan, form_key="k", seen=seen) == one
    with pytest.raises(NothingChanged):
        put(world, plan, form_key="lain", seen=seen)
    assert CalendarVersion.objects.count() == 2
    with pytest.raises(LookupError):
        preview("entah", plan, at=world.at)


@pytest.mark.django_db
def test_the_second_of_two_administrators_is_told_who_changed_it_when_and_why() -> None:
    world = worlds.build()
    seen = calendars.latest_version(world.institution)
    first, second = (plus(current_plan("ub-fmipa"), a_day_off(name=name)) for name in ("Satu", "Dua"))
    put(world, first, why="surat satu")
    with pytest.raises(SomeoneElseChanged) as told:
        put(world, second, seen=seen)
    assert (told.value.by, told.value.at, told.value.why) == (world.coordinator.person, world.at, "surat satu")
    assert not Institution.objects.get().holidays.filter(name="Dua").exists()


@pytest.mark.django_db
def test_a_version_a_move_or_a_seal_that_was_touched_is_seen() -> None:
    """Triggers refuse it, and verify tells when they were taken down."""
    world = worlds.build()
    case = world.receive().case
    world.complete(case, "2#1", "operator-mipa-care", choice="ya")
    version = put(world, plus(current_plan("ub-fmipa"), a_day_off()))
    tampered: dict[str, Callable[[], object]] = {
        "move": lambda: version.moves.update(after=world.at),
        "gone": lambda: version.moves.all().delete(),
        "why": lambda: CalendarVersion.objects.filter(pk=version.pk).update(why="lain"),
        "data": lambda: CalendarVersion.objects.filter(pk=version.pk).update(data={"zone": "Asia/Makassar"}),
        "first": lambda: CalendarVersion.objects.filter(act_of=None).exclude(pk=version.pk).update(made_by="u9"),
    }
    from django.db import transaction

    for what, tamper in tampered.items():
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            tamper()
        with lowered(connection), transaction.atomic():
            spot = transaction.savepoint()
            tamper()
            assert any(flaw.kind == "calendar" for flaw in verify(at=world.at)), what
            transaction.savepoint_rollback(spot)
    assert not list(verify(at=world.at))


# any open cases, any change -------------------------------------------------------------------------------------------


def some_cases(world: worlds.World, rng: random.Random, count: int) -> None:
    """Complaints here and there in the procedure, begun on different days, some waiting, some extended, some closed."""
    for _ in range(count):
        case = world.receive().case
        world.later(hours=rng.choice([1, 3, 7, 30]))
        for _act in range(rng.randrange(4)):
            duty = Duty.objects.filter(case=case).order_by(rng.choice(["name", "-name"])).first()
            if duty is None:
                break
            try_something(world, rng, case, duty)
            world.later(hours=rng.choice([0, 2, 26]))
        expire_due(at=world.at)


def try_something(world: worlds.World, rng: random.Random, case: Any, duty: Duty) -> None:
    posts = [post.name for post in duty.posts.all() if post.name in world.on]
    try:
        if rng.random() < 0.2:
            until = world.at + timedelta(days=rng.randrange(1, 9))
            world.act(Extend(duty.name, until=until, reason="r"), case, world.coordinator)
        elif rng.random() < 0.2 and posts:
            world.act(Wait(duty.visit, "pelapor"), case, world.on[posts[0]])
        elif posts:
            words = {"answer": "a"} if rng.random() < 0.5 else {}
            choice = rng.choice(["ya", "tidak", "tidak", ""])
            world.complete(case, duty.visit, posts[0], choice=choice, binds=_binds(rng), reason="r", **words)
        else:
            world.act(Complete(duty.visit), case, THE_COMPLAINANT)
    except Refused:
        pass


def _binds(rng: random.Random) -> dict[str, tuple[str, ...]]:
    post = rng.choice(list(Institution.objects.get().posts.values_list("key", flat=True)))
    return {"terlapor": (post,)} if rng.random() < 0.5 else {}


def some_change(rng: random.Random, plan: Plan, units: list[str], *, at: datetime) -> Plan:
    start = at.date() - timedelta(days=12)
    what = rng.randrange(5)
    if what == 0:
        days = {start + timedelta(days=rng.randrange(30)) for _ in range(rng.randrange(1, 6))}
        return plus(plan, *(a_day_off(day) for day in days))
    if what == 1:
        return replace(plan, holidays=tuple(one for one in plan.holidays if rng.random() < 0.5))
    if what == 2:
        return replace(plan, joint_leave_off=not plan.joint_leave_off)
    opens = rng.choice(["07.00", "08.30", "10.00"])
    week = {name: [f"{opens}-11.00", "13.00-15.15"] for name in rng.sample(WEEKDAYS, 5)}
    period = Period.from_dict({**week, "label": "Jam lain", "from": start + timedelta(days=rng.randrange(14))})
    if what == 3:
        return replace(plan, hours={**plan.hours, INSTITUTION: (*plan.hours[INSTITUTION], period)})
    return replace(plan, hours={**plan.hours, rng.choice(units): (replace(period, from_date=None),)})


WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]


@pytest.mark.django_db
@pytest.mark.parametrize(("key", "seed"), [("ub-fmipa", 1), ("unej-uc3", 5), ("unmul-ft", 3), ("unesa-feb", 4)])
def test_what_is_foretold_happens_and_nothing_else_for_any_cases_and_any_change(key: str, seed: int) -> None:
    """Preview = moves on record = difference of the rows; logs, closed work and everything else as it was."""
    rng, world = random.Random(seed), worlds.build(key)
    some_cases(world, rng, 8)
    units = list(world.institution.units.values_list("key", flat=True))
    moved = 0
    for _ in range(6):
        plan = some_change(rng, current_plan(key), units, at=world.at)
        try:
            told = preview(key, plan, at=world.at)
        except NothingChanged:
            continue
        was, log, facts = duties(), events(), cases()
        version = put(world, plan)
        foretold = {(one.case, one.move.clock): (one.move.before, one.move.after) for one in told.moves}
        recorded = {(one.case_id, one.clock): (one.before, one.after) for one in version.moves.all()}
        assert foretold == recorded
        assert told.cases == Case.objects.filter(status="open").count()
        for place, duty in duties().items():
            differing = {name for name in DUTY_FIELDS if duty[name] != was[place][name]}
            assert differing <= MOVING
            if "due_at" in differing:
                assert foretold[place] == (was[place]["due_at"], duty["due_at"])
        assert was.keys() == duties().keys()
        assert (events(), cases()) == (log, facts)
        assert not list(verify(at=world.at))
        moved += len(foretold)
        world.later(hours=5)
    assert moved, "these cases never met these changes"


# two at once ----------------------------------------------------------------------------------------------------------


def in_thread(acts: Callable[[], None], failed: list[BaseException]) -> None:
    try:
        acts()
    except BaseException as error:  # noqa: BLE001  told by the test
        failed.append(error)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_what_comes_while_a_calendar_changes_is_counted_by_one_or_the_other_and_verifies() -> None:
    """Whoever decided by the old calendar writes before the change, or decides again by the new."""
    world = worlds.build()
    waiting = [world.receive().case for _ in range(6)]
    failed: list[BaseException] = []

    def officers() -> None:
        for case in waiting:
            world.complete(case, "2#1", "operator-mipa-care", choice="ya")

    def public() -> None:
        for _ in range(6):
            world.receive()

    def administrators() -> None:
        for n in range(4):
            put(world, plus(current_plan("ub-fmipa"), a_day_off(date(2026, 11, 18 + n), f"Libur {n}")))

    threads = [threading.Thread(target=in_thread, args=(what, failed)) for what in (officers, public, administrators)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failed, failed
    assert Case.objects.count() == 12
    assert CalendarVersion.objects.count() == 5
    assert not list(verify(at=world.at))


@pytest.mark.django_db
def test_a_case_touched_between_counting_and_writing_is_counted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    world = worlds.build()
    case = world.receive().case
    counted = calendars.recount
    calls: list[Any] = []

    def slow(*args: Any, **more: Any) -> Any:
        found = counted(*args, **more)
        if not calls:
            world.complete(case, "2#1", "operator-mipa-care", choice="ya")
        calls.append(more.get("only"))
        return found

    monkeypatch.setattr(calendars, "recount", slow)
    monkeypatch.setattr(recounting, "recount", slow)
    version = put(world, plus(current_plan("ub-fmipa"), a_day_off()))
    assert calls == [None, {case}]
    assert [one.clock for one in steps(version.moves.all())] == ["step:3#1"]
    assert not list(verify(at=world.at))


@pytest.mark.django_db
def test_rows_that_were_counted_by_something_else_are_put_right_as_a_whole() -> None:
    world = worlds.build()
    case = world.receive().case
    world.complete(case, "2#1", "operator-mipa-care", choice="ya")
    Case.objects.filter(pk=case).update(counted_by="0:lama")
    Duty.objects.filter(case=case).update(what="lama")
    put(world, plus(current_plan("ub-fmipa"), a_day_off()))
    assert not list(verify(at=world.at))


@pytest.mark.django_db
def test_rows_changed_by_hand_are_put_in_force_by_renewing() -> None:
    world = worlds.build()
    case = world.receive().case
    world.complete(case, "2#1", "operator-mipa-care", choice="ya")
    OfficeHours.objects.filter(position=0).update(week={"monday": ["08.00-12.00"], "thursday": ["08.00-12.00"]})
    world.institution.refresh_from_db()
    assert renew_calendar(world.institution, at=world.at, by="u1", why="jam baru") == 1
    assert store.load(case).row.institution.revision == world.institution.revision
    assert not list(verify(at=world.at))
