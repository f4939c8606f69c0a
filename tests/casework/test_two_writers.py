"""Two who act at once, the same act twice, and what pages offer: what is offered is what is accepted."""

from __future__ import annotations

import pytest

from stories import COMPLAINANT, COORDINATOR, ELSEWHERE, TWO, World, begun, hm, office, sop
from tanggap.casework import commands as c
from tanggap.casework.offers import offers
from tanggap.casework.promise import promise
from tanggap.casework.refusals import Refused, SomeoneElseActed
from tanggap.casework.shelf import Post

PARALLEL = """
{ no = "1", who = "operator", next = ["2", "3"] },
{ no = "2", who = "bagian" },
{ no = "3", who = "pimpinan" },
{ no = "4", who = "dekan", after = ["2", "3"] },
"""
ANSWERING = """
{ no = "0", who = "pelapor" },
{ no = "1", who = "operator" },
{ no = "2", who = "operator", record = "answer" },
{ no = "3", who = "pelapor" },
"""


# two writers, the same act twice -------------------------------------------------------------------------------------


def test_a_stale_page_is_refused_with_who_acted() -> None:
    document = sop(TWO)
    world = World(document, organisation=office(document, operator=Post("operator", "", "", frozenset({"oki", "ola"}))))
    world.receive()
    seen = world.case.seq
    world.do("oki", c.Wait("1#1", "pelapor"))
    with pytest.raises(SomeoneElseActed) as refusal:
        world.complete("1", by="ola", seen=seen)
    assert refusal.value.details["by"] == "oki"
    assert refusal.value.details["seq"] == seen + 1
    world.complete("1", by="oki", seen=seen)


def test_my_own_later_act_does_not_hide_what_another_did_before_it() -> None:
    document = sop(TWO)
    world = World(document, organisation=office(document, operator=Post("operator", "", "", frozenset({"oki", "ola"}))))
    world.receive()
    seen = world.case.seq
    world.do("oki", c.Wait("1#1", "pelapor"))
    world.do("ola", c.Resume("1#1"))
    assert world.refused("ola", c.Complete("1#1"), seen=seen) == "someone_else_acted"
    world.complete("1", by="ola", seen=seen + 1)


def test_acts_on_other_visits_do_not_disturb() -> None:
    world = begun(PARALLEL)
    world.complete("1")
    seen = world.case.seq
    world.complete("3")
    assert world.complete("2", seen=seen)[0] == "D 2#1"


def test_the_same_act_with_the_same_key_happens_once() -> None:
    world = begun()
    assert world.complete("1", key="k")
    assert world.do("operator", c.Complete("1#1"), key="k") == []
    assert world.refused("operator", c.Complete("1#1", reason="r"), key="k") == "key_reused"
    assert world.refused("pimpinan", c.Complete("1#1"), key="k") == "key_reused"
    assert world.log[2].key == "k"
    assert not any(entry.key for entry in world.log[3:]), "the key stands on the first entry of the act"


def test_the_order_in_which_a_form_names_its_fields_is_no_difference() -> None:
    world = begun('{ no = "1", who = "operator", sets = ["lk", "urgensi"] }, { no = "2" }')
    world.complete("1", key="k", sets={"lk": "ada", "urgensi": "tinggi"})
    assert world.do("operator", c.Complete("1#1", sets={"urgensi": "tinggi", "lk": "ada"}), key="k") == []


# what pages show -----------------------------------------------------------------------------------------------------


def test_what_is_offered_is_what_is_accepted() -> None:
    rows = """
    { no = "1", who = "operator", question = "Ke mana?", sets = ["lk"], binds = "bidang", optional = true, choices = [
        { label = "Teruskan" }, { label = "Jawab", next = "end", answers = true, reason = true },
        { label = "Tutup", next = "close", when = { lk = "ada" } } ] },
    { no = "2", who = "bagian" },
    """
    world = begun(rows)
    own = offers(world.case, world.shelf, world.actor("operator"))[0]
    assert own.may_complete
    assert own.may_skip
    assert [(choice.exit.label, choice.leads_to, choice.needs_answer) for choice in own.choices] == [
        ("Teruskan", ("2",), False), ("Jawab", ("end",), True),
    ]  # fmt: skip
    assert [role.id for role in own.binds] == ["bidang"]
    other = offers(world.case, world.shelf, ELSEWHERE)[0]
    assert (other.how, other.why_not, other.choices, other.may_dispose) == ("", "not_your_step", (), False)
    assert offers(world.case, world.shelf, COORDINATOR)[0].may_redirect
    world.do(COMPLAINANT, c.Withdraw())
    assert offers(world.case, world.shelf, COORDINATOR) == []


def test_the_promise_is_the_limit_or_the_latest_path_to_an_answer() -> None:
    document = sop(ANSWERING.replace('"operator" }', '"operator", time = "2 jam" }'))
    world = World(document)
    found = promise(world.shelf, document.hash, "p", hm("08.00"), {})
    assert found is not None
    assert (found.due_at, found.rows) == (hm("10.00"), ("0", "1", "2"))
    limited = sop(ANSWERING, head='limit = "3 hari kerja"')
    found = promise(World(limited).shelf, limited.hash, "p", hm("08.00"), {})
    assert found is not None
    assert (found.due_at, found.limit) == (hm("16.00", "2026-11-19"), "3 hari kerja")
    without = sop(ANSWERING)
    assert promise(World(without).shelf, without.hash, "p", hm("08.00"), {}) is None


def test_only_the_worker_asks_what_time_brought() -> None:
    with pytest.raises(Refused):
        begun().do(COORDINATOR, c.Expire())
