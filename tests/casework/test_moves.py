"""What another calendar moves in a case: what runs and is counted, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from offices import ORDINARY, office
from random_cases import Broken, Life
from tanggap.casework.dues import dues
from tanggap.casework.moves import moves
from tanggap.casework.state import Status
from tanggap.worktime.calendar import WorkCalendar
from tanggap.worktime.office_hours import Holiday

LATER = {**ORDINARY, "monday": ["10.00-12.00"], "wednesday": ["06.00-18.00"], "from": date(2026, 11, 17)}


def calendars(first: int, count: int, other_hours: bool) -> WorkCalendar:
    """The ordinary office with days off in November 2026, and perhaps other hours from a day on."""
    days = [Holiday(date(2026, 11, 10) + timedelta(days=first + n), f"Libur {n}") for n in range(count)]
    return office(ORDINARY, *([LATER] if other_hours else []), holidays=days)


@given(st.integers(0, 10_000), st.integers(0, 20), st.integers(0, 6), st.booleans())
@settings(max_examples=120)
def test_any_case_moves_by_exactly_what_its_clocks_differ_in(seed: int, first: int, count: int, other: bool) -> None:
    """F18: each difference once, nothing without one; deadlines that a person named and waits are in no calendar."""
    life = Life(seed, size=8)
    try:
        life.live(acts=14)
    except Broken:
        return  # told by the tests of invariants
    before = life.shelf
    after = replace(before, calendar=calendars(first, count, other))
    told = {move.clock: (move.before, move.after) for move in moves(life.case, before, after)}
    then, now = ({due.clock: due for due in dues(life.case, shelf)} for shelf in (before, after))
    for clock in then.keys() | now.keys():
        one, other_one = then.get(clock), now.get(clock)
        span = (one.due_at if one else None, other_one.due_at if other_one else None)
        if span[0] == span[1]:
            assert clock not in told
        elif clock not in told:
            assert clock.startswith("timeout:"), "only the timeout that is the standard of its row is left out"
            assert told[f"step:{clock.partition(':')[2]}"] == span
        else:
            assert told[clock] == span
        if one is not None and (one.fixed or clock.startswith("wait:")):
            assert clock not in told
    assert set(told) <= then.keys() | now.keys()
    if life.case.status is not Status.OPEN:
        assert not told
    assert not moves(life.case, before, before)


def test_a_move_names_its_row_as_printed_and_whether_its_lateness_is_on_record() -> None:
    for seed in range(400):
        life = Life(seed, size=6)
        try:
            life.live(acts=10)
        except Broken:
            continue
        after = replace(life.shelf, calendar=calendars(0, 6, True))
        for move in moves(life.case, life.shelf, after):
            assert move.breached == (move.clock in life.case.breached)
            if move.row:
                step = life.shelf.flow(life.case.sop, life.case.procedure).steps[move.row]
                assert (move.no, move.what) == (step.no, step.what)
                return
    raise AssertionError("no case had a clock of a row")
