"""Reminders and eskalasi: each cause, each level, once; who is rung, who is passed over, and that nobody is silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import files

import pytest

from stories import COORDINATOR, DESK, ELSEWHERE, STRANGER, WORKER, World, hm, office, sop
from tanggap.casework import commands as c
from tanggap.casework import events as e
from tanggap.casework.coming import next_moment
from tanggap.casework.ladder import read_ladder
from tanggap.casework.law import read_law
from tanggap.casework.offers import offers
from tanggap.casework.shelf import Organisation, Post
from tanggap.sop.model import Sop

LADDER = read_ladder((files("tanggap") / "seeds" / "ladder.toml").read_text("utf-8"))
LAW = read_law((files("tanggap") / "seeds" / "law.toml").read_text("utf-8"))
ROWS = """
{ no = "1", what = "Memeriksa", who = "operator", time = "2 jam", next = "2" },
{ no = "2", what = "Menyetujui", who = "pimpinan", question = "Setuju?",
  choices = [ { label = "Ya" }, { label = "Tidak", next = "1" } ] },
{ no = "3", what = "Menjawab", who = "operator", time = "1 hari", record = "answer" },
"""
STEP = "step:1#1"


def rungs(world: World) -> list[tuple[str, int, str]]:
    """What was written of the ladder: cause, level, to whom."""
    return [
        (event.cause, 0, "") if isinstance(event, e.Reminded) else (event.cause, event.level, " ".join(event.posts))
        for event in (entry.event for entry in world.log)
        if isinstance(event, e.Reminded | e.Escalated)
    ]


def chain() -> Organisation:
    """Operator under kasi, kasi under dekan, dekan under rektor, who is the last."""
    made = office(sop(ROWS))
    posts = dict(made.posts)
    posts["kasi"] = Post("kasi", "kantor", "dekan", frozenset({"karti"}))
    posts["operator"] = replace(posts["operator"], superior="kasi")
    return Organisation(posts, made.columns, "rektor")


def world_of(document: Sop | None = None, organisation: Organisation | None = None, **attributes: str) -> World:
    made = World(document or sop(ROWS), organisation=organisation or chain(), ladder=LADDER)
    made.receive(attributes=attributes)
    return made


def passes(world: World, at: datetime) -> list[str]:
    """The worker looks at every next moment up to ``at``."""
    traced: list[str] = []
    while (moment := next_moment(world.case, world.shelf)) is not None and moment <= at:
        assert world.do(WORKER, c.Expire(), at=max(world.now, moment - timedelta(seconds=1))) == [], "never early"
        done = world.do(WORKER, c.Expire(), at=max(world.now, moment))
        assert done
        traced += done
    world.now = at
    return traced


# each cause -----------------------------------------------------------------------------------------------------------


def test_what_nobody_takes_is_reminded_of_at_half_its_time_then_late_then_climbs_to_the_last_superior() -> None:
    world = world_of()
    assert passes(world, hm("12.00", "2026-11-20")) == [
        f"Reminded {STEP} not_taken",
        f"Breached {STEP}",
        f"Escalated {STEP} late 1 kasi",
        f"Escalated {STEP} late 2 dekan",
        f"Escalated {STEP} late 3 rektor",
    ]
    assert [(event.due) for event in world.events(e.Reminded)] == [hm("09.00")]
    assert [event.due for event in world.events(e.Escalated)] == [
        hm("10.00"), hm("16.00", "2026-11-17"), hm("16.00", "2026-11-18"),
    ]  # fmt: skip
    assert passes(world, hm("12.00", "2027-11-19")) == [], "the ladder has an end"


def test_a_row_without_a_standard_is_not_forgotten_either() -> None:
    world = world_of()
    world.complete("1", at=hm("08.30"))
    assert passes(world, hm("16.00", "2026-11-27")) == [
        "Reminded step:2#1 not_taken", "Escalated step:2#1 not_taken 1 dekan", "Escalated step:2#1 not_taken 2 rektor",
    ]  # fmt: skip
    moments = [event.due for event in (*world.events(e.Reminded), *world.events(e.Escalated))]
    assert moments == [hm("16.00", "2026-11-17"), hm("16.00", "2026-11-18"), hm("16.30", "2026-11-20")]


@pytest.mark.parametrize(
    "sign",
    [
        c.Take("1#1"),
        c.Wait("1#1", "pelapor", message="m"),
        c.Dispose("1#1", ("kasubbag",)),
    ],
)
def test_any_sign_of_work_ends_not_being_taken(sign: c.Command) -> None:
    world = world_of()
    world.do("operator", sign, at=hm("08.10"))
    if isinstance(sign, c.Wait):
        world.do("operator", c.Resume("1#1"), at=hm("08.20"))
    world.do(WORKER, c.Expire(), at=hm("09.55"))
    assert rungs(world) == []


def test_the_first_response_is_a_sign_of_work_and_so_is_a_part() -> None:
    rows = """
    { no = "1", what = "a", who = "operator", time = "1 hari", respond = "4 jam" },
    { no = "2", what = "b", who = ["operator", "pimpinan"], joint = "all" },
    """
    world = world_of(sop(rows), office(sop(rows)))
    world.do("operator", c.Respond("1#1"), at=hm("08.30"))
    assert passes(world, hm("15.59")) == []
    world.complete("1", by="operator")
    world.complete("2", by="operator", at=hm("08.30", "2026-11-17"))
    assert passes(world, hm("16.00", "2026-11-30")) == []


RESPOND = """
{ no = "1", what = "a", who = "operator", time = "5 hari", respond = "4 jam" },
{ no = "2", what = "b", who = "pimpinan" },
"""
SILENT = [
    "Reminded respond:1#1 respond", "Breached respond:1#1", "Escalated respond:1#1 respond 1 kasi",
    "Escalated respond:1#1 respond 2 dekan",
]  # fmt: skip


@pytest.mark.parametrize("taken", [False, True])
def test_a_first_response_that_is_owed_is_reminded_of_and_climbs_and_nobody_is_told_twice_of_not_beginning(
    *, taken: bool
) -> None:
    """S3-3: taking the row is no response; without either only the response is asked for, until the row is late."""
    world = world_of(sop(RESPOND))
    if taken:
        world.do("operator", c.Take("1#1"), at=hm("08.10"))
    assert passes(world, hm("15.59", "2026-11-23")) == SILENT
    moments = [event.due for event in (*world.events(e.Reminded), *world.events(e.Escalated))]
    assert moments == [hm("11.00"), hm("12.00"), hm("16.00", "2026-11-17")], "three quarters of four hours, then late"
    late = passes(world, hm("16.00", "2026-11-30"))
    assert [line for line in late if "respond" in line or "not_taken" in line] == []


def test_once_the_row_itself_is_late_nobody_is_rung_of_its_response_any_more() -> None:
    world = world_of(sop(RESPOND.replace("5 hari", "5 jam")))
    assert passes(world, hm("16.00", "2026-11-17")) == [
        *SILENT[:3], f"Breached {STEP}", f"Escalated {STEP} late 1 kasi", f"Escalated {STEP} late 2 dekan",
    ]  # fmt: skip


def test_a_first_response_ends_its_rungs_and_is_the_sign_of_work() -> None:
    world = world_of(sop(RESPOND))
    assert passes(world, hm("11.30")) == SILENT[:1]
    world.do("operator", c.Respond("1#1"), at=hm("11.50"))
    assert passes(world, hm("15.59", "2026-11-23")) == []


def test_a_response_due_no_sooner_than_its_row_and_a_table_without_it_leave_not_beginning_as_it_is() -> None:
    same = world_of(sop(RESPOND.replace("5 hari", "4 jam")))
    assert passes(same, hm("11.30")) == [f"Reminded {STEP} not_taken"]
    without = World(sop(RESPOND), organisation=chain(), ladder=tuple(one for one in LADDER if one.cause != "respond"))
    without.receive(attributes={})
    assert passes(without, hm("16.00", "2026-11-17")) == ["Breached respond:1#1", f"Reminded {STEP} not_taken"]


def test_a_response_rings_while_the_row_waits_for_the_complainant() -> None:
    """The first response never stands still for any wait."""
    world = world_of(sop(RESPOND))
    world.do("operator", c.Wait("1#1", "pelapor", message="m"), at=hm("08.10"))
    assert passes(world, hm("16.00", "2026-11-17")) == SILENT


def test_whoever_was_rung_of_a_response_may_give_the_row_to_others() -> None:
    world = world_of(sop(RESPOND))
    passes(world, hm("12.00"))
    (offer,) = offers(world.case, world.shelf, world.actor("karti"))
    assert offer.may_assign


def test_whoever_it_is_given_to_has_the_same_time_from_then_on() -> None:
    """Handing over belongs to the receiver."""
    world = world_of()
    world.complete("1", at=hm("08.30"))
    world.do("pimpinan", c.Assign("2#1", ("kasubbag",)), at=hm("10.00", "2026-11-17"))
    assert passes(world, hm("16.30", "2026-11-20")) == [
        "Reminded step:2#1 not_taken", "Escalated step:2#1 not_taken 1 dekan",
    ]  # fmt: skip
    assert world.events(e.Reminded)[0].due == hm("16.00", "2026-11-18")
    assert world.events(e.Escalated)[0].due == hm("16.00", "2026-11-19")


def test_a_row_that_comes_back_too_often_rings_the_superior_as_it_opens() -> None:
    world = world_of()
    for number in range(1, 6):
        world.complete("1", at=world.later(minutes=5))
        traced = world.complete("2", "Tidak", at=world.later(minutes=5))
        rung = {2: ["Escalated step:1#3 returns 1 kasi"], 3: ["Escalated step:1#4 returns 1 kasi"]}.get(number, [])
        rung = {4: ["Escalated step:1#5 returns 2 dekan"], 5: ["Escalated step:1#6 returns 2 dekan"]}.get(number, rung)
        assert traced == ["D 2#1".replace("#1", f"#{number}"), f"O 1#{number + 1}", *rung, *_climbed(traced, number)]
        assert world.do(WORKER, c.Expire()) == []


def _climbed(traced: list[str], number: int) -> list[str]:
    """The approving row itself comes back as well: it is its own row, with rungs of its own."""
    return [line for line in traced[2:] if f"step:2#{number}" in line]


def test_what_was_undone_is_no_round() -> None:
    world = world_of()
    for _ in range(3):
        world.complete("1", at=world.later(minutes=1))
        world.do("operator", c.Undo("1#1"), at=world.later(minutes=1))
    assert rungs(world) == []
    assert world.case.visits["1#1"].is_open


def test_a_clock_of_the_law_reminds_before_it_passes_and_climbs_when_it_does() -> None:
    world = world_of(sop(ROWS.replace(', time = "2 jam"', "")))
    world.shelf.law = LAW
    world.do("operator", c.Take("1#1"), at=hm("08.05"))
    world.do(DESK, c.Classify("kind", "question"), at=hm("08.10"))
    clock = "clock:law-sp4n-informasi"
    due = world.due(clock)
    assert due == hm("16.00", "2026-11-23")
    assert passes(world, hm("16.30", "2026-11-27")) == [
        f"Reminded {clock} law", f"Breached {clock}", f"Escalated {clock} law 1 kasi", f"Escalated {clock} law 2 dekan",
    ]  # fmt: skip
    warned = world.events(e.Reminded)[0].due
    assert hm("08.00", "2026-11-20") < warned < due
    assert [event.due for event in world.events(e.Escalated)] == [due, hm("16.00", "2026-11-26")]


def test_the_promise_to_the_complainant_has_a_ladder_too() -> None:
    world = world_of(sop(ROWS.replace(', time = "2 jam"', ""), head='limit = "2 hari kerja"'))
    world.do("operator", c.Take("1#1"), at=hm("08.05"))
    assert passes(world, hm("16.30", "2026-11-27")) == [
        "Reminded clock:limit promise", "Breached clock:limit", "Escalated clock:limit promise 1 kasi",
    ]  # fmt: skip


def test_a_disposition_climbs_by_lateness_when_it_has_a_time_and_by_silence_when_it_has_none() -> None:
    world = world_of()
    world.complete("1", at=hm("08.10"))
    world.do("pimpinan", c.Dispose("2#1", ("kasubbag",), standard="1 jam"), at=hm("08.20"))
    world.do("pimpinan", c.Dispose("2#1", ("operator",)), at=hm("08.20"))
    traced = passes(world, hm("16.00", "2026-11-18"))
    assert [line for line in traced if ":d1" in line] == [
        "Breached disposition:d1", "Escalated disposition:d1 late 1 dekan", "Escalated disposition:d1 late 2 rektor",
        "Escalated disposition:d1 late 3 rektor",
    ]  # fmt: skip
    assert [line for line in traced if ":d2" in line] == [
        "Reminded disposition:d2 not_taken", "Escalated disposition:d2 not_taken 1 kasi",
    ]  # fmt: skip
    assert not [line for line in traced if "step:" in line], "the row itself is in hand"


# once, and never before its moment -----------------------------------------------------------------------------------


def test_after_a_downtime_the_levels_that_passed_are_written_once_each_with_their_true_moment() -> None:
    world = world_of()
    late = hm("09.00", "2026-12-16")
    assert world.do(WORKER, c.Expire(), at=late) == [
        f"Reminded {STEP} not_taken", f"Breached {STEP}", f"Escalated {STEP} late 1 kasi",
        f"Escalated {STEP} late 2 dekan", f"Escalated {STEP} late 3 rektor",
    ]  # fmt: skip
    assert world.events(e.Escalated)[0].due == hm("10.00")
    assert world.do(WORKER, c.Expire(), at=late) == []
    assert {one.at for several in world.case.rung.values() for one in several} == {late}


def test_while_a_row_stands_still_nobody_is_rung_and_the_time_moves_on() -> None:
    world = world_of()
    passes(world, hm("11.00"))
    assert rungs(world)[-1] == ("late", 1, "kasi")
    world.do("operator", c.Wait("1#1", "pelapor", message="m"), at=hm("11.30"))
    assert passes(world, hm("16.00", "2026-11-26")) == []
    world.do("operator", c.Resume("1#1"), at=hm("08.00", "2026-11-27"))
    assert passes(world, hm("16.00", "2026-11-27")) == []
    assert passes(world, hm("16.00", "2026-12-01")) == [
        f"Escalated {STEP} late 2 dekan",
        f"Escalated {STEP} late 3 rektor",
    ]


def test_more_time_stops_the_climb_until_it_is_up_and_no_level_is_rung_twice() -> None:
    world = world_of()
    world.do("operator", c.Take("1#1"), at=hm("08.05"))
    passes(world, hm("11.00"))
    world.do(COORDINATOR, c.Extend(STEP, until=hm("12.00", "2026-11-25"), reason="r"), at=hm("11.10"))
    assert passes(world, hm("11.59", "2026-11-26")) == []
    assert passes(world, hm("16.00", "2026-11-26")) == [f"Escalated {STEP} late 2 dekan"]


def test_regrading_that_makes_a_row_late_at_once_rings_at_once_with_the_true_moment() -> None:
    rows = """{ no = "1", what = "a", who = "operator", time = "5 hari kerja", counted_from = "receipt",
                time_by = { urgensi = { tinggi = "2 jam" } } }"""
    world = world_of(sop(rows))
    world.do("operator", c.Take("1#1"), at=hm("08.05"))
    assert passes(world, hm("12.00", "2026-11-17")) == []
    world.do(DESK, c.Classify("urgensi", "tinggi"))
    assert world.do(WORKER, c.Expire()) == [f"Breached {STEP}", f"Escalated {STEP} late 1 kasi"]
    assert world.events(e.Escalated)[0].due == hm("10.00")


def test_what_people_outside_do_rings_nobody() -> None:
    rows = """
    { no = "1", what = "a", who = "pelapor", time = "1 jam", next = "2" },
    { no = "2", what = "b", who = "luar", time = "1 hari" },
    """
    document = sop(rows + '{ no = "3", what = "c", who = "operator" },', head='start = [{ at = "2" }]')
    world = World(document, organisation=office(document), ladder=LADDER)
    world.receive()
    assert passes(world, hm("16.00", "2027-02-01")) == []


def test_a_table_without_rungs_writes_none() -> None:
    world = world_of()
    world.shelf.ladder = ()
    assert passes(world, hm("16.00", "2027-02-01")) == [f"Breached {STEP}"]


# who is rung ----------------------------------------------------------------------------------------------------------


def test_a_vacant_post_is_passed_over_and_said_so() -> None:
    organisation = chain()
    posts = {**organisation.posts, "kasi": replace(organisation.posts["kasi"], holders=frozenset())}
    world = world_of(organisation=replace(organisation, posts=posts))
    passes(world, hm("16.00", "2026-11-17"))
    assert [(event.posts, event.instead) for event in world.events(e.Escalated)] == [
        (("dekan",), (("kasi", "vacant"),)), (("rektor",), (("kasi", "vacant"),)),
    ]  # fmt: skip


@pytest.mark.parametrize("accused", ["kasi", "kantor", "dekan"])
def test_who_is_complained_of_is_never_rung_neither_by_post_nor_by_unit(accused: str) -> None:
    world = world_of()
    world.do(DESK, c.Bind("terlapor", (accused,), "r"), at=hm("08.01"))
    passes(world, hm("16.00", "2026-11-30"))
    complained_of = {"kasi", "operator"} if accused == "kantor" else {accused}
    for event in world.events(e.Escalated):
        assert event.posts
        assert complained_of.isdisjoint(event.posts)
        if accused in ("kasi", "dekan") and event.level > 1:
            assert (accused, "respondent") in event.instead


def test_when_the_last_one_is_asked_in_vain_the_rung_is_empty_and_never_silent() -> None:
    organisation = chain()
    posts = {
        name: replace(post, holders=frozenset()) if name in ("kasi", "dekan", "rektor") else post
        for name, post in organisation.posts.items()
    }
    world = world_of(organisation=replace(organisation, posts=posts))
    passes(world, hm("10.00"))
    (event,) = world.events(e.Escalated)
    assert event.posts == ()
    assert event.instead == (("kasi", "vacant"), ("dekan", "vacant"), ("rektor", "vacant"))


def test_who_performs_is_not_rung_as_his_own_superior() -> None:
    organisation = chain()
    posts = {**organisation.posts, "kasi": replace(organisation.posts["kasi"], holders=frozenset({"operator"}))}
    world = world_of(organisation=replace(organisation, posts=posts))
    passes(world, hm("10.00"))
    (event,) = world.events(e.Escalated)
    assert (event.posts, event.instead) == (("dekan",), (("kasi", "performer"),))


def test_a_row_that_nobody_performs_climbs_to_the_last_post() -> None:
    organisation = chain()
    world = world_of(organisation=replace(organisation, columns={}))
    assert [(cause, level, posts) for cause, level, posts in rungs(world)] == []
    passes(world, hm("10.00"))
    assert rungs(world)[-1] == ("late", 1, "rektor")


def test_a_ring_of_superiors_ends() -> None:
    organisation = chain()
    posts = {**organisation.posts, "kasi": replace(organisation.posts["kasi"], superior="operator")}
    world = world_of(organisation=replace(organisation, posts=posts))
    passes(world, hm("16.00", "2026-11-30"))
    assert rungs(world)[-2:] == [("late", 2, "rektor"), ("late", 3, "rektor")]


# what it gives --------------------------------------------------------------------------------------------------------


def test_who_was_rung_may_give_the_row_to_others_and_to_oneself_and_nobody_else_may() -> None:
    world = world_of()
    assert world.refused("karti", c.Assign("1#1", ("kasi",)), at=hm("08.30")) == "not_allowed"
    passes(world, hm("10.00"))
    (offer,) = offers(world.case, world.shelf, world.actor("karti"))
    assert (offer.may_assign, offer.may_complete, offer.may_redirect) == (True, False, False)
    assert world.refused("karti", c.Complete("1#1")) == "not_your_step"
    assert world.refused(ELSEWHERE, c.Assign("1#1", ("kasi",))) == "not_allowed"
    assert world.refused(STRANGER, c.Assign("1#1", ("kasi",))) == "not_allowed"
    world.do("karti", c.Assign("1#1", ("kasi",)), at=hm("10.10"))
    world.complete("1", by="karti", at=hm("10.20"))
    assert not world.case.visits["1#1"].is_open


def test_who_turns_out_to_be_complained_of_has_nothing_from_having_been_rung() -> None:
    world = world_of()
    passes(world, hm("10.00"))
    world.do(DESK, c.Bind("terlapor", ("kasi",), "r"), at=hm("10.05"))
    assert world.refused("karti", c.Assign("1#1", ("kasubbag",))) == "not_allowed"
    (offer,) = offers(world.case, world.shelf, world.actor("karti"))
    assert not offer.may_assign


def test_being_told_touches_no_visit_so_a_page_drawn_before_is_not_stale() -> None:
    world = world_of()
    seen = world.case.seq
    passes(world, hm("10.00"))
    world.complete("1", by="operator", seen=seen)
    assert world.open == ["2#1"]
