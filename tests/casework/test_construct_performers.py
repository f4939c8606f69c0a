"""One example for every way of saying who acts, with the trace it must give."""

from __future__ import annotations

from datetime import datetime

from stories import COMPLAINANT, COORDINATOR, DESK, ELSEWHERE, World, code, office, sop
from tanggap.casework import commands as c
from tanggap.casework.shelf import Post
from tanggap.casework.state import Status


def test_everybody_must_sign_and_an_outsider_by_the_desk() -> None:
    rows = '{ no = "1", who = ["pimpinan", "pelapor"], joint = "all" }, { no = "2", who = "operator" }'
    world = World(sop(rows))
    world.receive()
    assert world.complete("1", by="pimpinan") == ["PartDone 1#1 pimpinan"]
    assert world.complete("1", by=DESK) == ["D 1#1 on_behalf", "O 2#1"]


def test_a_row_stays_open_until_all_name_the_same_exit() -> None:
    rows = """
    { no = "1", who = ["pimpinan", "dekan"], question = "Setuju?", choices = [
        { label = "Ya", next = "2" }, { label = "Tidak", next = "end", reason = true } ] },
    { no = "2", who = "operator" },
    """
    world = World(sop(rows))
    world.receive()
    world.complete("1", "Ya", by="pimpinan")
    assert world.complete("1", "Tidak", by="dewi", reason="r") == ["PartDone 1#1 dekan", "Noted"], "what he wrote stays"
    assert world.complete("1", "Ya", by="dewi") == ["D 1#1", "O 2#1"]


def test_a_member_who_left_the_team_does_not_block_the_others() -> None:
    rows = '{ no = "1", who = "operator", binds = "tim" }, { no = "2", who = "tim", joint = "all" }'
    world = World(sop(rows))
    world.receive()
    world.complete("1", binds={"tim": ("anggota-1", "anggota-2", "anggota-3")})
    world.complete("2", by="anggota-1")
    world.do(DESK, c.Bind("tim", ("anggota-2", "anggota-3", "anggota-4"), "r"))
    world.complete("2", by="anggota-2", reason="r")
    world.complete("2", by="anggota-3", reason="r")
    assert world.complete("2", by="anggota-4", reason="r") == ["D 2#1", "Closed finished"]


def test_every_complainant_signs_where_all_must() -> None:
    world = World(sop('{ no = "1", who = "operator" }, { no = "2", who = "pelapor", joint = "all" }'))
    world.receive(parties=("a", "b"))
    world.complete("1")
    assert world.complete("2", by=COMPLAINANT) == ["PartDone 2#1 pelapor:1"]
    assert world.complete("2", by=COMPLAINANT, reason="r") == ["D 2#1 confirmed", "Closed finished"]


def test_a_team_is_large_enough_and_odd_and_holds_nobody_complained_of() -> None:
    rows = '{ no = "1", who = "operator", binds = "tim" }, { no = "2", who = "tim", joint = "chair" }'
    world = World(sop(rows))
    world.receive(attributes={"urgensi": "tinggi"}, binds={"terlapor": ("anggota-7",)})
    team = tuple(f"anggota-{n}" for n in range(1, 8))
    assert code(world, "1") == "bind_needed"
    assert code(world, "1", binds={"tim": team[:4]}) == "team_too_small"
    assert code(world, "1", binds={"tim": ("anggota-1",) * 5}) == "team_too_small", "one person is no team"
    assert code(world, "1", binds={"tim": team[:6]}) == "team_not_odd"
    assert code(world, "1", binds={"tim": team}) == "respondent_in_team"
    assert world.complete("1", binds={"tim": team[:5]}) == ["RoleBound", "D 1#1", "O 2#1"]
    assert world.visit("2").groups[0].posts == ("anggota-1",), "the chair is the first"


def test_when_the_leader_is_complained_of_his_superior_acts_and_it_says_why() -> None:
    world = World(sop('{ no = "1", who = "operator" }, { no = "3", who = "pimpinan" }'))
    world.receive()
    world.complete("1")
    assert world.do(DESK, c.Bind("terlapor", ("pimpinan",), "r")) == ["RoleBound", "Assigned 3#1"]
    assert world.visit("3").instead == (("pimpinan", "respondent"),)
    assert world.visit("3").groups[0].posts == ("dekan",)
    assert code(world, "3", by="pimpinan") == "not_your_step"
    assert world.complete("3", by="dewi", reason="r")[0] == "D 3#1"


def test_a_unit_that_is_complained_of_takes_its_posts_and_their_people_with_it() -> None:
    shared = Post("pimpinan", "rektorat", "dekan", frozenset({"kasno"}))  # kasno heads the unit as well
    world = World(sop('{ no = "1", who = "pimpinan" }'), organisation=None)
    world = World(world.sops[0], organisation=office(world.sops[0], pimpinan=shared))
    world.receive(binds={"terlapor": ("akademik",)})
    assert world.visit("1").groups[0].posts == ("dekan",)
    assert world.visit("1").instead == (("pimpinan", "respondent"),)


def test_the_respondents_own_row_stays_his() -> None:
    """S0-10: the party complained of is bound in the case."""
    world = World(sop('{ no = "1", who = "operator", binds = "teradu" }, { no = "2", who = "teradu" }'))
    world.receive()
    world.complete("1", binds={"teradu": ("kasubbag",)})
    assert world.visit("2").groups[0].posts == ("kasubbag",)
    assert world.complete("2", by="kasno", reason="r")[0] == "D 2#1"


def test_a_vacant_post_is_passed_over_rung_by_rung_to_the_last() -> None:
    document = sop('{ no = "1", who = "pimpinan" }')
    empty = {name: Post(name, "", superior) for name, superior in (("pimpinan", "dekan"), ("dekan", "pimpinan"))}
    world = World(document, organisation=office(document, **empty))
    world.receive()
    assert world.visit("1").groups[0].posts == ("rektor",), "the ring of superiors ends at the fallback"
    assert world.visit("1").instead == (("pimpinan", "vacant"), ("dekan", "vacant"))


def test_where_nobody_is_found_the_row_opens_all_the_same_and_the_coordinator_may_act() -> None:
    """S2-16: a row without a performer runs."""
    world = World(sop('{ no = "1", what = "Menyimpan" }'))
    world.receive()
    assert world.visit("1").groups[0].posts == ()
    assert code(world, "1", by="operator") == "not_your_step"
    assert world.complete("1", by=COORDINATOR, reason="r") == ["D 1#1", "Closed finished"]


VERIFIED = """
{ id = "e", who = ["operator", "pimpinan"], joint = "any" },
{ id = "f", who = "operator", independent_of = "e" },
"""


def test_who_did_the_work_does_not_verify_it() -> None:
    """S2-8."""
    world = World(sop(VERIFIED))
    world.receive()
    world.complete("e", by="operator")
    assert world.visit("f").groups[0].posts == ("dekan",)
    assert world.visit("f").instead == (("operator", "independent"),)
    world = World(sop(VERIFIED))
    world.receive()
    world.complete("e", by="pimpinan")
    assert world.visit("f").groups[0].posts == ("operator",)


def test_the_rule_holds_for_the_person_when_he_acts_whatever_post_he_took_since() -> None:
    document = sop(VERIFIED)
    shared = Post("operator", "tu", "dekan", frozenset({"oki", "ola"}))
    world = World(document, organisation=office(document, operator=shared))
    world.receive()
    world.complete("e", by="oki")
    assert world.visit("f").groups[0].posts == ("operator",), "ola can"
    assert code(world, "f", by="oki") == "not_independent"
    assert world.complete("f", by="ola", reason="r")[0] == "D f#1"


def test_independence_reaches_into_a_linked_case() -> None:
    rows = '{ no = "1", who = "operator", independent_of = "linked:perkara:3" }'
    world = World(sop(rows))
    world.receive(links=(c.Link("perkara", "k1", performers={"3": ("operator",)}),))
    assert world.visit("1").instead == (("operator", "independent"),)


def test_a_stranger_and_an_officer_elsewhere_do_nothing_with_a_row() -> None:
    world = World(sop('{ no = "1", who = "operator", time = "2 jam" }, { no = "2", who = "operator" }'))
    world.receive()
    assert code(world, "1", by=ELSEWHERE) == "not_your_step"
    assert world.case.status is Status.OPEN
    assert isinstance(world.case.received_at, datetime)


def test_who_signs_a_row_may_change_his_word_even_if_the_row_must_be_independent_of_itself() -> None:
    rows = """
    { no = "1", who = ["pimpinan", "dekan"], independent_of = "1", question = "Setuju?", choices = [
        { label = "Ya", next = "2" }, { label = "Tidak", next = "1" } ] },
    { no = "2", who = "operator" },
    """
    world = World(sop(rows))
    world.receive()
    world.complete("1", "Ya", by="pimpinan")
    world.complete("1", "Tidak", by="pimpinan")
    assert world.complete("1", "Tidak", by="dewi") == ["D 1#1", "O 1#2"]
    assert world.visit("1").instead[0] == ("pimpinan", "independent"), "in the next round it counts"


def test_where_the_only_holder_is_complained_of_by_another_post_of_his_the_coordinator_may_act() -> None:
    document = sop('{ no = "1", who = "operator" }, { no = "2", who = "operator" }')
    world = World(document, organisation=office(document, kedua=Post("kedua", "tu", "dekan", frozenset({"kasno"}))))
    world.receive(binds={"terlapor": ("kasubbag",)})
    assert world.refused(COORDINATOR, c.Assign("1#1", ("kedua",))) == "respondent_may_not_act"
    shared = Post("kedua", "tu", "dekan", frozenset({"kasno", "kirana"}))
    world.shelf.organisation = office(document, kedua=shared)
    world.do(COORDINATOR, c.Assign("1#1", ("kedua",)))
    world.shelf.organisation = office(document, kedua=Post("kedua", "tu", "dekan", frozenset({"kasno"})))
    assert code(world, "1", by="kasno") == "respondent_may_not_act"
    assert world.complete("1", by=COORDINATOR) == ["D 1#1", "O 2#1"]
