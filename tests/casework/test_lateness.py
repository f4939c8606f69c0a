"""Lewat waktu is a fact: its instant, and the working minutes by which it was late, written once and for all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from random_cases import Life
from stories import COMPLAINANT, COORDINATOR, WORKER, World, hm, office, sop
from tanggap.casework import commands as c
from tanggap.casework import events as e
from tanggap.casework.compliance import compliance, facts
from tanggap.casework.deadlines import explain
from tanggap.casework.lives import live

ROWS = """
{ no = "1", what = "Memeriksa", who = "operator", time = "2 jam" },
{ no = "2", what = "Menerima", who = "pelapor", time = "1 jam" },
"""


def world() -> World:
    made = World(sop(ROWS), organisation=office(sop(ROWS)))
    made.receive()
    return made


def late(made: World) -> list[int | None]:
    return [event.late_minutes for event in made.events(e.StepDone)]


@pytest.mark.parametrize(
    ("done", "day", "minutes"),
    [
        ("10.00", "2026-11-16", None),
        ("10.01", "2026-11-16", 1),
        ("11.20", "2026-11-16", 80),
        ("13.10", "2026-11-16", 130),  # the break is no working time
        ("07.30", "2026-11-17", 300),  # nor is the night: 10.00 to 12.00 and 13.00 to 16.00
    ],
)
def test_a_row_left_late_says_by_how_many_working_minutes(done: str, day: str, minutes: int | None) -> None:
    made = world()
    made.complete("1", at=hm(done, day))
    assert late(made) == [minutes]


def test_a_pause_after_the_due_moment_is_not_lateness() -> None:
    made = world()
    made.do("operator", c.Wait("1#1", "pihak_luar"), at=hm("10.30"))
    made.do("operator", c.Resume("1#1"), at=hm("14.00"))
    made.complete("1", at=hm("14.10"))
    assert made.events(e.Breached) == [e.Breached("step:1#1", hm("10.00"))]
    assert late(made) == [40]


def test_an_act_recorded_later_is_late_by_when_it_was_done() -> None:
    made = world()
    made.do(WORKER, c.Expire(), at=hm("10.05"))
    made.complete("1", at=hm("15.00"), happened=hm("10.30"))
    assert late(made) == [30]


def test_more_time_given_in_time_is_no_lateness_and_people_outside_are_never_late() -> None:
    made = world()
    made.do(COORDINATOR, c.Extend("step:1#1", until=hm("15.00"), reason="r"), at=hm("09.00"))
    made.complete("1", at=hm("14.00"))
    made.complete("2", by=COMPLAINANT, reason="r", at=hm("08.00", "2026-11-20"))
    assert late(made) == [None, None]


def test_a_disposition_reported_late_says_so_too() -> None:
    made = world()
    made.do("operator", c.Dispose("1#1", ("kasubbag",), standard="30 menit"), at=hm("08.10"))
    made.do("kasno", c.ReportBack("d1"), at=hm("09.00"))
    (event,) = made.events(e.ReportedBack)
    assert event.late_minutes == made.case.dispositions["d1"].late_minutes == 20


def test_what_is_undone_was_not_late() -> None:
    made = world()
    made.complete("1", at=hm("11.00"))
    made.do("operator", c.Undo("1#1"), at=hm("11.01"))
    assert made.case.visits["1#1"].late_minutes is None


def test_the_report_adds_the_minutes_up() -> None:
    made = world()
    made.complete("1", at=hm("11.20"))
    whole = compliance([facts(live(made.log), made.shelf, promised=None, at=made.now)])
    assert [list(tally.late_minutes) for (_home, row), tally in whole.steps.items() if row == "1"] == [[80]]


def test_what_is_written_is_what_the_explanation_of_the_deadline_says() -> None:
    """Counted twice: at the act, and by living the log through once more."""
    compared = 0
    for seed in range(120):
        life = Life(seed)
        life.live()
        if any(isinstance(entry.event, e.Corrected | e.Migrated | e.Undone) for entry in life.log):
            continue  # the moment that was put right counts there, the moment that was written here
        told = {one.visit: one for one in explain(life.log, life.shelf, at=life.now) if one.clock.startswith("step:")}
        for entry in life.log:
            event = entry.event
            if isinstance(event, e.StepDone) and event.late_minutes is not None and event.visit in told:
                compared += 1
                assert told[event.visit].late_by // timedelta(minutes=1) == event.late_minutes, f"seed {seed}: {event}"
    assert compared > 30
