"""Periodic duties on the engine: cases without anybody who complained."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib.resources import files

import pytest

from stories import COORDINATOR, DESK, World, sop
from tanggap.casework import commands as c
from tanggap.casework import notices
from tanggap.casework.dues import dues
from tanggap.casework.duties import day_of, record_of
from tanggap.casework.events import COMPLAINANT, Received
from tanggap.casework.intake import procedure_for
from tanggap.casework.law import read_law
from tanggap.casework.offers import offers
from tanggap.casework.state import Case, Status
from tanggap.worktime.rhythm import Turn

ROWS = """
{ no = "1", what = "Memastikan sarana", who = "operator", time = "Disesuaikan", standing = true, every = "1 bulan" },
{ no = "2", what = "Menerima", who = "operator", time = "15 menit" },
{ no = "3", what = "Menjawab", who = "pimpinan", record = "answer" },
"""
EVALUATION = """
[[procedure]]
id = "evaluasi"
every = "3 bulan"
[[procedure.step]]
no = "1"
who = "operator"
time = "2 hari"
record = "evaluation"
[[procedure.step]]
no = "2"
who = "pimpinan"
question = "Ada temuan?"
choices = [{ label = "Ya", reason = true, next = "3" }, { label = "Tidak", next = "end" }]
[[procedure.step]]
no = "3"
who = "pimpinan"
time = "10 hari"
"""
DUE = Turn(
    date(2026, 12, 1), datetime(2026, 12, 1, tzinfo=UTC), date(2026, 11, 2), date(2026, 10, 2), 2, date(2026, 9, 2)
)


def world(procedure: str) -> World:
    made = World(sop(ROWS, more=EVALUATION))
    made.shelf.law = read_law((files("tanggap") / "seeds" / "law.toml").read_text("utf-8"))
    made.receive(attributes=record_of(DUE, made.sops[0].procedure(procedure)), procedure=procedure)
    return made


def test_the_case_of_a_standing_row_is_one_row_measured_and_never_late() -> None:
    """S3-2: "Disesuaikan" is no numeric standard."""
    made = world("p:1")
    assert list(made.case.open) == ["1"]
    assert dues(made.case, made.shelf) == []
    made.later(days=90)
    made.complete("1")
    assert made.case.status is Status.CLOSED
    assert not made.case.breached
    assert not made.case.answered


def test_the_record_says_which_date_it_is_and_what_nobody_looked_at() -> None:
    made = world("evaluasi")
    received = made.log[0].event
    assert isinstance(received, Received)
    assert received.attributes["period"] == "2026-11-02"
    assert day_of(made.case.attributes, "since") == date(2026, 10, 2)
    assert day_of(world("p:1").case.attributes, "since") is None
    assert (made.case.attributes["skipped"], made.case.attributes["skipped_from"]) == ("2", "2026-09-02")
    with pytest.raises(ValueError, match="nothing is due"):
        record_of(Turn(date(2026, 12, 1), datetime(2026, 12, 1, tzinfo=UTC)), made.sops[0].procedure("evaluasi"))


def test_an_evaluation_is_not_left_without_saying_whether_there_are_findings() -> None:
    """S4-9: findings need words, and each may become work of its own."""
    made = world("evaluasi")
    made.complete("1")
    assert made.refused("pimpinan", c.Complete("2#1")) == "choice_needed"
    assert made.refused("pimpinan", c.Complete("2#1", "ya")) == "reason_needed"
    made.complete("2", "Ya", reason="m1")
    made.do("pimpinan", c.Dispose("3#1", ("umum",), nature="tindakan perbaikan", standard="5 hari"))
    assert made.refused("pimpinan", c.Complete("3#1")) == "disposition_open"
    made.do("umar", c.ReportBack("d1", answer="m2"))
    made.complete("3")
    assert (made.case.status, made.case.outcome) == (Status.CLOSED, "finished")


def test_the_steps_have_their_clocks_but_the_law_counts_for_nobody_and_nobody_outside_is_told() -> None:
    made = world("evaluasi")
    made.do(COORDINATOR, c.Classify("kind", "complaint"))
    assert {due.clock for due in dues(made.case, made.shelf)} == {"step:1#1"}
    told = [notice for _entry, notice in notices.of(Case(), made.log, made.shelf.sops)]
    assert told
    assert COMPLAINANT not in {notice.audience for notice in told}


def test_a_periodic_duty_is_nobodys_to_withdraw_and_no_report_becomes_one() -> None:
    """What the pages do not offer is not accepted from a hand-made form either."""
    made = world("evaluasi")
    for who in (DESK, COORDINATOR):
        assert made.refused(who, c.Move("p", "m1")) == "not_allowed"
        assert made.refused(who, c.Withdraw("m1")) == "not_allowed"
        assert made.refused(who, c.Merge("lain", "m1")) == "not_allowed"
    plain = World(sop(ROWS, more=EVALUATION))
    plain.receive(attributes={"kind": "complaint"}, procedure="p")
    assert plain.refused(COORDINATOR, c.Move("evaluasi", "m1")) == "unknown_procedure"
    assert plain.do(DESK, c.Withdraw("m1"))[-1] == "Closed withdrawn"


def test_a_case_stays_what_it_is_whatever_its_channel_is_called_later() -> None:
    made = world("evaluasi")
    made.do(COORDINATOR, c.Classify("channel", "web", reason="m1"))
    assert made.case.internal
    plain = World(sop(ROWS))
    plain.shelf.law = made.shelf.law
    plain.receive(attributes={"kind": "complaint"})
    plain.do(COORDINATOR, c.Classify("channel", "jadwal", reason="m1"))
    assert not plain.case.internal
    assert any(due.kind == "law" for due in dues(plain.case, plain.shelf))


def test_nobody_waits_for_who_never_complained() -> None:
    made = world("evaluasi")
    assert made.refused("operator", c.Wait("1#1", "pelapor")) == "wait_not_allowed"
    offered = offers(made.case, made.shelf, made.actor("operator"))[0]
    assert [wait.id for wait in offered.waits] == ["pihak_luar"]


def test_no_complaint_enters_what_time_opens_and_none_is_moved_there_by_the_name_of_a_row() -> None:
    made = World(sop(ROWS, more=EVALUATION))
    assert procedure_for(made.sops[0], {"channel": "jadwal"}).id == "p"
    made.receive()
    assert list(made.case.open) == ["2"]
    assert made.refused(DESK, c.Move("p:1", reason="m1")) == "unknown_procedure"
