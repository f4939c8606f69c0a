"""The ways through a procedure and their sums, as a careful reader added them up by hand."""

from __future__ import annotations

from hypothesis import given, settings

from generators import sops
from tanggap.sop.flow import Flow
from tanggap.sop.load import load
from tanggap.sop.model import Sop
from tanggap.sop.paths import Limit, Path, Paths, Total, paths, within
from tanggap.sop.seeds import names, seed
from tanggap.worktime.duration import DEFAULT_READING, Unit, parse

DAYS, HOURS, MINUTES = Unit.WORK_DAYS, Unit.WORK_HOURS, Unit.WORK_MINUTES
FOURTEEN = Limit("Pengaduan tidak berkadar pengawasan", parse("14 hari kerja"), "sumber: 62/2018, periksa 5/2025")


def paths_of(name: str, procedure: str = "") -> Paths:
    sop = seed(name)
    return paths(sop, sop.procedure(procedure) if procedure else sop.procedures[0])


def by_rows(found: Paths) -> dict[str, Path]:
    return {" ".join(path.rows): path for path in found.found}


def test_ub_takes_five_days_when_forwarded_and_fifteen_minutes_when_answered_at_once() -> None:
    """S0: forwarded 15 Menit + 5 Hari + 2 Jam (+1 Jam external); direct 15 Menit."""
    found = by_rows(paths_of("ub-fmipa-mipa-care"))
    forwarded, direct = found["1 2 3 4 5 6 7"], found["1 2 7"]
    assert forwarded.total.amounts == {MINUTES: 15, DAYS: 5, HOURS: 2}
    assert forwarded.outside.amounts == {HOURS: 1}
    assert forwarded.choices == (("2", "Ya"), ("5", "Ya"))
    assert forwarded.total.printed(DEFAULT_READING) == "5 hari + 2 jam + 15 menit"
    assert direct.total.amounts == {MINUTES: 15}
    assert direct.to_answer == direct.total
    assert len(found) == 2


def test_unej_climbs_the_full_ladder_in_three_hours_and_forty_five_minutes() -> None:
    """S1: answered at once 5+5 menit; full ladder 3 jam 45 menit."""
    found = paths_of("unej-uc3")
    at_once = by_rows(found)["terima jawab catat"]
    assert at_once.to_answer == Total({MINUTES: 10})
    assert found.longest is not None
    assert found.longest.rows == ("terima", "wakor", "koord", "kabiro", "jawab", "catat")
    assert found.longest.total.amounts == {MINUTES: 45, HOURS: 3}
    assert len(found.found) == 4


def test_unmul_answers_at_three_distances() -> None:
    """S3: at row 3 1 hari + 10 menit; by WD 5 hari + 50 menit; by Dekan 7 hari + 80 menit, then 1 hari more."""
    answers = [path.to_answer.amounts for path in paths_of("unmul-ft-komunikasi-pelanggan").found if path.to_answer]
    assert answers == [{MINUTES: 10, DAYS: 1}, {MINUTES: 50, DAYS: 5}, {MINUTES: 80, DAYS: 7}]
    longest = paths_of("unmul-ft-komunikasi-pelanggan").longest
    assert longest is not None
    assert longest.total.amounts == {MINUTES: 80, DAYS: 8}


def test_unesa_answers_in_seven_days_and_recaps_in_ten() -> None:
    """S4: 7 hari 2 jam to the answer; 10 hari 2 jam to recap, under 14 working days; direct: none at all."""
    longest = paths_of("unesa-feb-pengaduan", "tidak-langsung").longest
    assert longest is not None
    assert longest.to_answer == Total({DAYS: 7, HOURS: 2})
    assert longest.total == Total({DAYS: 10, HOURS: 2})
    assert within(longest.total, FOURTEEN)
    for path in paths_of("unesa-feb-pengaduan", "langsung").found:
        assert path.total == Total()
        assert path.total.printed(DEFAULT_READING) == "-"
        assert path.unmeasured == path.rows


def test_every_seed_path_fits_into_fourteen_working_days() -> None:
    for name in names():
        for procedure in seed(name).procedures:
            found = paths(seed(name), procedure)
            assert not found.cut
            assert all(within(path.total, FOURTEEN) for path in found.found)


def test_a_case_without_a_nonconformity_is_not_monitored() -> None:
    """What a choice puts on record rules a way out: ITS row f is only for cases with an LK."""
    assert set(by_rows(paths_of("its-bapkm-keluhan"))) == {"a b c d e e2 f g", "a b e2 g"}


def test_a_limit_is_passed_by_one_minute() -> None:
    """A working day counts 450 minutes when sums are compared."""
    limit = Limit("uji", parse("2 hari kerja"), "uji")
    assert within(Total({DAYS: 1, MINUTES: 450}), limit)
    assert not within(Total({DAYS: 1, MINUTES: 451}), limit)
    assert not within(Total({DAYS: 1, MINUTES: 421}), limit, minutes_per_day=420)


def test_units_are_summed_apart_and_named_in_full_when_a_bare_word_means_another() -> None:
    total = Total().plus(parse("1x24 jam")).plus(parse("2 jam")).plus(parse("3 hari kalender")).plus(parse("-"))
    assert total.printed(DEFAULT_READING) == "3 hari kalender + 2 jam + 24 jam nyata"


LOOP = """format = 1
[sop]
id = "x"
[[procedure]]
id = "p"
[[procedure.step]]
no = "1"
[[procedure.step]]
no = "2"
time = "1 hari"
question = "?"
choices = [{ label = "Ya", next = "end" }, { label = "Tidak", next = "1", at_most = 2, then = "3" }]
[[procedure.step]]
no = "3"
time_by = { jenis = { a = "1 hari", b = "2 minggu" } }
choices = [{ procedure = "lain/p" }]
[[attribute]]
id = "jenis"
values = ["a", "b"]
"""


def test_a_loop_is_walked_once_and_leaves_by_its_then() -> None:
    sop = load(LOOP, name="x")
    found = paths(sop, sop.procedures[0])
    assert [(path.rows, path.end) for path in found.found] == [(("1", "2"), "end"), (("1", "2", "3"), "lain/p")]
    assert found.found[1].total.amounts == {DAYS: 1, Unit.WEEKS: 2}


def test_more_paths_than_asked_for_are_cut_and_said_to_be() -> None:
    rows = "".join(
        f"[[procedure.step]]\nno='{row}'\nquestion='?'\nchoices=[{{label='a'}},{{label='b',next='{row + 2}'}}]\n"
        for row in range(1, 40)
    )
    ends = "[[procedure.step]]\nno='40'\n[[procedure.step]]\nno='41'\n"
    sop = load(f"format=1\n[sop]\nid='x'\n[[procedure]]\nid='p'\n{rows}{ends}", name="x")
    found = paths(sop, sop.procedures[0])
    assert len(found.found) == 200
    assert found.cut


@settings(max_examples=100, deadline=None)
@given(sops(wild=True))
def test_every_path_is_a_way_through_the_graph_from_a_start_to_an_end(sop: Sop) -> None:
    (procedure,) = sop.procedures
    flow = Flow(procedure)
    found = paths(sop, procedure)
    assert found.found
    for path in found.found:
        assert path.rows[0] in [row for start in flow.starts for row in flow.landing(start)]
        assert len(set(path.rows)) == len(path.rows)
        for here, there in zip(path.rows, [*path.rows[1:], path.end], strict=True):
            assert there in {place for target in flow.targets(here) for place in flow.landing(target)}
