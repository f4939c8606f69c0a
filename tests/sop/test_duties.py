"""Periodic duties of a document: which there are, what a standing row is alone, what a complaint never enters."""

from __future__ import annotations

from datetime import date

import pytest

from tanggap.casework.intake import procedure_for
from tanggap.sop.check import check
from tanggap.sop.flow import Flow
from tanggap.sop.load import load
from tanggap.sop.model import END, Sop
from tanggap.sop.write import write

TEXT = """\
format = 1

[sop]
id = "berkala"

[[role]]
id = "petugas"

[[procedure]]
id = "evaluasi"
every = "3 bulan"
starting = 2026-01-01

[[procedure.step]]
no = "1"
what = "Menelaah laporan"
who = "petugas"

[[procedure]]
id = "keluhan"

[[procedure.step]]
no = "1"
what = "Memastikan sarana"
who = "petugas"
time = "Disesuaikan"
standing = true
every = "1 bulan"
next = "3"
question = "Sarana siap?"
choices = [{ label = "Siap", next = "2" }, { label = "Belum", next = "1", reason = true, at_most = 2, then = "3" }]

[[procedure.step]]
no = "2"
what = "Menerima"
who = "petugas"

[[procedure.step]]
no = "3"
what = "Siaga"
who = "petugas"
standing = true
"""


def document(text: str = TEXT) -> Sop:
    return load(text.replace('next = "3"\n', ""), name="berkala.toml")


def test_a_periodic_procedure_and_a_standing_row_that_says_how_often_are_the_duties() -> None:
    evaluation, ready = document().duties()
    assert (evaluation.id, str(evaluation.every), evaluation.starting) == ("evaluasi", "3 bulan", date(2026, 1, 1))
    assert (ready.id, str(ready.every), ready.label) == ("keluhan:1", "1 bulan", "Memastikan sarana")


def test_the_duty_of_a_row_is_this_row_alone_and_every_way_out_of_it_ends() -> None:
    sop = document()
    alone = sop.procedure("keluhan:1")
    assert [step.id for step in alone.steps] == ["1"]
    flow = Flow(alone)
    assert flow.targets("1") == (END,)
    assert [(one.label, one.reason) for one in flow.exits("1")] == [("Siap", False), ("Belum", True)]
    assert str(alone.step("1").time) == "Disesuaikan"


@pytest.mark.parametrize("name", ["keluhan:2", "keluhan:9", "lain:1", "lain"])
def test_a_row_that_is_no_standing_row_is_no_procedure(name: str) -> None:
    with pytest.raises(KeyError):
        document().procedure(name)


def test_the_walk_of_a_complaint_still_passes_the_row_and_never_enters_what_time_opens() -> None:
    sop = document()
    assert procedure_for(sop, {"channel": "web"}).id == "keluhan"
    assert Flow(sop.procedure("keluhan")).landing("1") == ("2",)


def test_the_file_is_written_back_as_it_was_read_and_a_file_without_schedules_is_the_version_it_was() -> None:
    sop = document()
    assert load(write(sop), name="x") == sop
    assert 'every = "3 bulan"\nstarting = 2026-01-01' in write(sop)
    plain = 'format = 1\n[sop]\nid = "a"\n[[procedure]]\nid = "p"\n[[procedure.step]]\nno = "1"\n'
    assert "every" not in write(load(plain, name="x"))


def test_nobody_who_complains_is_missed_where_nobody_complains() -> None:
    found = {(finding.code, finding.procedure) for finding in check(document())}
    assert ("no_answer", "keluhan") in found
    assert not found & {("no_answer", "evaluasi"), ("no_receipt", "evaluasi")}


def test_a_rhythm_that_no_calendar_follows_is_a_finding_and_never_a_duty() -> None:
    sop = document(TEXT.replace('every = "1 bulan"', 'every = "2 jam"'))
    assert [duty.id for duty in sop.duties()] == ["evaluasi"]
    assert "not_a_rhythm" in {finding.code for finding in check(sop)}
