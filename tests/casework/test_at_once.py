"""The shortest way to an answer that one person may go alone: found by the rules themselves."""

from __future__ import annotations

from stories import World, sop
from tanggap.casework.at_once import way_to_answer

DIRECT = """
{ id = "1", who = "operator", what = "menerima" },
{ id = "2", who = "operator", what = "memilah", question = "Langsung?", choices = [
    { label = "Perlu koordinasi", next = "4" }, { label = "Langsung", next = "3" } ] },
{ id = "3", who = "operator", what = "menjawab", record = "answer", next = "5" },
{ id = "4", who = "pimpinan", what = "memberi arahan", record = "answer", next = "5" },
{ id = "5", who = "operator", what = "melaporkan" },
"""


def way(world: World, who: str) -> list[tuple[str, str, str]]:
    """Visit, choice and answer of each act on the way."""
    found = way_to_answer(world.case, world.shelf, world.actor(who), answer="a", at=world.now)
    return [(one.visit, one.choice, one.answer) for one in found]


def test_the_officer_goes_through_receiving_and_sorting_to_the_answer() -> None:
    """S4-17: answered on the spot."""
    world = World(sop(DIRECT))
    world.receive()
    assert way(world, "operator") == [("1#1", "", ""), ("2#1", "langsung", ""), ("3#1", "", "a")]
    assert world.open == ["1#1"], "trying changes nothing"


def test_an_exit_that_answers_is_taken_first() -> None:
    """S1-3: at the front desk, when the information is there."""
    rows = """
    { id = "1", who = "operator", question = "Diteruskan?", choices = [
        { label = "Ya", next = "2" }, { label = "Tidak", next = "3", answers = true } ] },
    { id = "2", who = "pimpinan" }, { id = "3", who = "operator", record = "archive" },
    """
    world = World(sop(rows))
    world.receive()
    assert way(world, "operator") == [("1#1", "tidak", "a")]


def test_there_is_no_way_through_a_row_of_somebody_else_or_one_that_needs_what_nobody_gave() -> None:
    world = World(sop(DIRECT))
    world.receive()
    assert way(world, "pimpinan") == []
    needy = sop(
        """{ id = "1", who = "operator", sets = "urgensi" }, { id = "2", who = "operator", record = "answer" },"""
    )
    world = World(needy)
    world.receive()
    assert way(world, "operator") == []
    world = World(needy)
    world.receive(attributes={"urgensi": "tinggi"})
    assert way(world, "operator") == [("1#1", "", ""), ("2#1", "", "a")]


def test_no_way_back_is_taken_and_none_that_needs_a_reason() -> None:
    rows = """
    { id = "1", who = "operator" },
    { id = "2", who = "operator", question = "Sesuai?", choices = [
        { label = "Tidak", next = "1" }, { label = "Ditolak", reason = true, answers = true, next = "end" } ] },
    """
    world = World(sop(rows))
    world.receive()
    assert way(world, "operator") == []
