"""The six procedures of the seed documents, lived through: every branch and every loop, with people of an office."""

from __future__ import annotations

import pytest

import offices
from stories import COMPLAINANT, COORDINATOR, DESK, MONDAY, WORKER, World, hm, office
from tanggap.casework import commands as c
from tanggap.casework import events as e
from tanggap.casework.refusals import Refused
from tanggap.casework.state import Status
from tanggap.sop import seeds

WITA = offices.office(zone="Asia/Makassar")


def story(name: str, *, channel: str = "web", **more: object) -> World:
    """A case under the seed document ``name``, received."""
    world = World(seeds.seed(name), **more)  # type: ignore[arg-type]
    world.receive(attributes={"channel": channel})
    return world


def rows_of(world: World) -> list[str]:
    """The rows the case has gone through, in order."""
    return [visit.row for visit in world.case.visits.values()]


def refusal(world: World, row: str, choice: str = "", **more: object) -> str:
    with pytest.raises(Refused) as refused:
        world.complete(row, choice, **more)  # type: ignore[arg-type]
    return refused.value.code


# S0: MIPA Care -------------------------------------------------------------------------------------------------------

MIPA = "ub-fmipa-mipa-care"


def forwarded(world: World) -> None:
    """Up to the check of the leader."""
    world.complete("2", "Ya")
    world.complete("3", binds={"dikomplain": ("kasubbag",)})
    world.complete("4")


def test_mipa_answers_directly_within_a_quarter_of_an_hour_and_informs_the_user() -> None:
    """S0-3: exactly two outcomes, 15 Menit."""
    world = story(MIPA)
    assert rows_of(world) == ["1", "2"], "the report itself is row 1"
    assert world.due("step:2#1") == hm("08.15")
    assert refusal(world, "2", "Mungkin") == "choice_not_offered"
    assert world.complete("2", "Tidak", answer="m", at=hm("08.10")) == ["Answered 2#1", "D 2#1", "O 7#1"]
    assert world.do(WORKER, c.Deliver("2#1"))[-1] == "Closed finished answered"
    assert world.case.breached == {}


def test_mipa_forwards_coordinates_clarifies_verifies_reports_and_is_received() -> None:
    """S0-4, S0-5, S0-6: 3 Hari, 1 Hari, 1 Hari, 2 Jam, 1 Jam of an outsider."""
    world = story(MIPA)
    world.complete("2", "Ya")
    assert world.due("step:3#1") == hm("16.00", "2026-11-19")
    world.complete("3", binds={"dikomplain": ("kasubbag",)}, at=hm("09.00", "2026-11-17"))
    assert world.due("step:4#1") == hm("16.00", "2026-11-18")
    world.complete("4", by="kasno")
    assert world.due("step:5#1") == hm("16.00", "2026-11-18")
    world.complete("5", "Ya")
    assert world.due("step:6#1") == hm("11.00", "2026-11-17")
    assert refusal(world, "6") == "answer_needed"
    world.complete("6", answer="m")
    assert world.due("step:7#1") == hm("10.00", "2026-11-17")
    assert world.complete("7", by=COMPLAINANT) == ["D 7#1 confirmed", "Closed finished answered"]
    assert rows_of(world) == ["1", "2", "3", "4", "5", "6", "7"]


def test_mipa_returns_to_the_party_with_a_reason_and_counts_the_rounds() -> None:
    """S0-5, X-3."""
    world = story(MIPA)
    forwarded(world)
    assert refusal(world, "5", "Tidak") == "reason_needed"
    for number in (2, 3, 4):
        assert world.complete("5", "Tidak", reason="r") == [f"D 5#{number - 1}", f"O 4#{number}"]
        world.complete("4")
    assert world.case.taken[1, "5", "tidak"] == 3
    assert world.visit("5").round == 4
    assert world.complete("5", "Ya") == ["D 5#4", "O 6#1"]


def test_mipa_binds_the_party_complained_of_in_the_case() -> None:
    """S0-10: not a fixed account; and whoever he is, he does not verify himself."""
    world = story(MIPA)
    world.complete("2", "Ya")
    assert refusal(world, "3") == "bind_needed"
    world.complete("3", binds={"dikomplain": ("pimpinan",)})
    assert world.visit("4").groups[0].posts == ("pimpinan",)
    assert world.complete("4", by="pimpinan") == ["D 4#1", "O 5#1"]
    assert world.visit("5").groups[0].posts == ("dekan",)
    assert world.visit("5").instead == (("pimpinan", "respondent"),)


def test_mipa_ends_by_itself_when_the_user_stays_silent_and_blames_nobody() -> None:
    """S0-6, X-4."""
    world = story(MIPA)
    world.complete("2", "Tidak", answer="m")
    assert world.do(WORKER, c.Expire(), at=hm("09.00")) == ["TimedOut 7#1", "D 7#1 lapsed", "Closed finished answered"]
    assert world.case.breached == {}


# S1: UC3 -------------------------------------------------------------------------------------------------------------

UC3 = "unej-uc3"
RUNGS = ["terima", "wakor", "koord", "kabiro"]


@pytest.mark.parametrize("rung", [0, 1, 2, 3])
def test_uc3_climbs_one_rung_for_every_no_and_answers_from_any(rung: int) -> None:
    """S1-3, S1-4, S1-5, S1-6, S1-7."""
    world = story(UC3, channel="email")
    for row, minutes in list(zip(RUNGS, (5, 60, 120, 30), strict=True))[: rung + 1]:
        standard = world.due(f"step:{row}#1")
        assert standard is not None
        assert (standard - world.visit(row).opened_at).total_seconds() / 60 == minutes
        if row != RUNGS[rung]:
            world.complete(row, "tidak")
    written = world.complete(RUNGS[rung], "ya" if rung < 3 else "")
    assert written == [f"D {RUNGS[rung]}#1", "O jawab#1"]
    assert refusal(world, "jawab") == "answer_needed"
    world.complete("jawab", answer="m")
    world.do(WORKER, c.Deliver("jawab#1", proof="b"))
    assert world.complete("catat") == ["D catat#1", "Closed finished answered"]
    assert rows_of(world) == [*RUNGS[: rung + 1], "jawab", "catat"]


def test_uc3_stays_on_the_version_it_began_with() -> None:
    """S1-12."""
    document = seeds.seed(UC3)
    world = World(document, seeds.seed(MIPA))
    world.receive(attributes={"channel": "email"})
    assert world.case.sop == document.hash


# S2: BAPKM -----------------------------------------------------------------------------------------------------------

BAPKM = "its-bapkm-keluhan"


def test_bapkm_finds_a_nonconformity_acts_on_it_and_monitors_until_it_works() -> None:
    """S2-4, S2-6, S2-7, S2-8, X-3: not effective leads back to the programme; the verifier did not do it."""
    world = story(BAPKM, channel="surat")
    world.complete("a")
    assert refusal(world, "b", "Ya") == "reason_needed"
    assert world.complete("b", "Ya", reason="r") == ["AttributeSet", "D b#1", "O c#1"]
    assert refusal(world, "c") == "bind_needed"
    world.complete("c", binds={"unit": ("kasubbag",)})
    world.complete("d", by="kasno")
    world.do("kasno", c.Dispose("e#1", ("umum",), "tindakan pencegahan", standard="2 hari"))
    assert refusal(world, "e") == "disposition_open"
    world.do("umar", c.ReportBack("d1", "j", ("bukti",)))
    world.complete("e")
    world.complete("e2", answer="m")
    assert world.complete("f", "Belum", reason="r") == ["D f#1", "O d#2"]
    world.complete("d")
    world.complete("e")
    world.complete("e2", answer="m")
    assert world.complete("f", "Ya") == ["D f#2", "O g#1"]
    assert world.complete("g") == ["D g#1", "Closed finished answered"]
    assert world.case.taken[1, "f", "belum"] == 1


def test_bapkm_takes_a_suggestion_without_a_report_and_says_why_no_answer_is_needed() -> None:
    """S2-4, S2-7."""
    world = story(BAPKM)
    world.complete("a")
    assert world.complete("b", "Tidak", reason="r") == ["AttributeSet", "D b#1", "O e2#1"]
    assert world.refused("petugas", c.Skip("e2#1", "")) == "reason_needed"
    assert world.do("petugas", c.Skip("e2#1", "r")) == ["D e2#1 skipped", "O g#1"], "the record decides: no report"
    assert world.complete("g") == ["D g#1", "Closed finished"]


def test_bapkm_runs_without_times_and_never_is_late() -> None:
    """S2-16."""
    world = story(BAPKM)
    assert world.due("step:a#1") is None
    assert world.do(WORKER, c.Expire(), at=hm("08.00", "2027-11-16")) == []


def test_bapkm_whose_kabag_did_the_work_is_verified_above_him() -> None:
    """S2-8."""
    world = story(BAPKM)
    world.complete("a")
    world.complete("b", "Ya", reason="r")
    world.complete("c", binds={"unit": ("kabag",)})
    world.complete("d")
    world.complete("e")
    world.complete("e2", answer="m")
    assert world.visit("f").groups[0].posts == ("dekan",)
    assert refusal(world, "f", "Ya", by="kabag") == "not_your_step"


# S3: Komunikasi Pelanggan --------------------------------------------------------------------------------------------

UNMUL = "unmul-ft-komunikasi-pelanggan"


def unmul() -> World:
    return story(UNMUL, channel="lisan", calendar=WITA, start=offices.at("2026-11-16 08.00", offices.WITA))


def to_the_vice_dean(world: World) -> None:
    """From the aspiration without a medium to the vice dean's talk."""
    world.complete("2")
    world.complete("3", "Belum")
    world.complete("4")
    world.complete("5")
    world.complete("6")
    world.complete("7", "Sesuai")
    world.complete("8", binds={"wd": ("umum",)})
    world.complete("9", by="umar")
    world.complete("10")


def test_unmul_answers_at_once_with_the_medium_there_is() -> None:
    """S3-2, S3-3, S3-16: readiness is no row of a case; 10 minutes are counted in the office's own zone."""
    world = unmul()
    assert rows_of(world) == ["2"]
    assert world.due("step:2#1") == offices.at("2026-11-16 08.10", offices.WITA)
    world.complete("2")
    assert world.due("step:3#1") == offices.at("2026-11-17 16.00", offices.WITA)
    assert refusal(world, "3", "Sudah") == "answer_needed"
    assert world.complete("3", "Sudah", answer="m") == ["Answered 3#1", "D 3#1", "Closed finished answered"]


def test_unmul_hands_over_and_receives_as_events_of_their_own_of_ten_minutes_each() -> None:
    """S3-6, S3-8."""
    world = unmul()
    to_the_vice_dean(world)
    assert rows_of(world) == ["2", "3", "4", "5", "6", "7", "8", "9", "10", "11"]
    flow = world.shelf.flow(world.case.sop, "komunikasi")
    assert {str(flow.steps[row].time) for row in ("5", "6", "8", "9", "14", "16", "17")} == {"10 menit"}
    assert [world.case.visits[f"{row}#1"].post for row in ("5", "6", "9")] == ["kasubbag", "kabag", "umum"]


def test_unmul_sends_support_that_does_not_fit_back_with_a_reason() -> None:
    """S3-7, X-3."""
    world = unmul()
    world.complete("2")
    world.complete("3", "Belum")
    for row in ("4", "5", "6"):
        world.complete(row)
    assert refusal(world, "7", "Tidak sesuai") == "reason_needed"
    assert world.complete("7", "Tidak sesuai", reason="r") == ["D 7#1", "O 4#2"]
    for row in ("4", "5", "6"):
        world.complete(row)
    assert world.complete("7", "Sesuai") == ["D 7#2", "O 8#1"]
    assert world.case.count["4"] == 2


def test_unmul_the_vice_dean_answers_and_reports_to_the_dean() -> None:
    """S3-9, S3-10."""
    world = unmul()
    to_the_vice_dean(world)
    assert world.complete("11", "Termuat", answer="m") == ["Answered 11#1", "D 11#1", "O 12#1"]
    world.complete("12")
    assert world.complete("13", by="dewi") == ["D 13#1", "Closed finished answered"]
    assert "14" not in rows_of(world)


def test_unmul_what_the_support_does_not_hold_goes_to_the_dean_and_back_through_the_vice_dean() -> None:
    """S3-9, S3-11."""
    world = unmul()
    to_the_vice_dean(world)
    assert world.complete("11", "Belum termuat") == ["D 11#1", "O 14#1"]
    for row in ("14", "15", "16", "17"):
        world.complete(row)
    world.complete("18", answer="m")
    assert world.complete("19", by="umar") == ["D 19#1", "Closed finished answered"]
    assert rows_of(world)[-6:] == ["14", "15", "16", "17", "18", "19"]
    assert "12" not in rows_of(world)


# S4: Pengaduan Layanan -----------------------------------------------------------------------------------------------

FEB = "unesa-feb-pengaduan"
CLASSES = {"urgensi": "tinggi", "jenis": "akademik"}


@pytest.mark.parametrize(
    ("channel", "procedure"),
    [("sms", "tidak-langsung"), ("web", "tidak-langsung"), ("lisan", "langsung"), ("surat", "langsung")],
)
def test_feb_the_channel_selects_the_procedure(channel: str, procedure: str) -> None:
    """S4-22."""
    assert story(FEB, channel=channel).case.procedure == procedure


def test_feb_indirect_is_classified_disposed_acknowledged_answered_reported_and_evaluated() -> None:
    """S4-11, S4-12, S4-13, S4-14, S4-15, S4-16."""
    world = story(FEB)
    assert world.due("step:1#1") == hm("16.00", "2026-11-17")
    world.complete("1")
    assert refusal(world, "2", "Berkoordinasi") == "attribute_needed"
    world.complete("2", "Berkoordinasi", sets=CLASSES)
    assert world.due("step:3#1") == hm("09.00")
    assert refusal(world, "3") == "bind_needed"
    world.complete("3", binds={"pengelola": ("kasubbag",)})
    assert world.due("step:4#1") == hm("09.00")
    world.complete("4", by="kasno")
    assert world.due("step:5#1") == hm("16.00", "2026-11-23")
    assert refusal(world, "5") == "answer_needed"
    world.complete("5", answer="m")
    assert world.due("step:6#1") == hm("16.00", "2026-11-17")
    world.complete("6", by="kasno")
    assert world.due("step:7#1") == hm("16.00", "2026-11-18")
    assert world.complete("7", by="admin") == ["D 7#1", "Closed finished answered"], "selesai is no task"
    assert rows_of(world) == ["1", "2", "3", "4", "5", "6", "7"]


def test_feb_indirect_answered_at_once_skips_moderation() -> None:
    """S4-11: nobody has been named to process it, so the coordinator sees that nobody is there, and acts."""
    world = story(FEB)
    world.complete("1")
    assert world.complete("2", "Langsung dijawab", sets=CLASSES) == ["AttributeSet", "AttributeSet", "D 2#1", "O 5#1"]
    assert world.visit("5").groups[0].posts == ()
    assert world.do(DESK, c.Bind("pengelola", ("kasubbag",))) == ["RoleBound", "Assigned 5#1"]
    assert world.complete("5", by="kasno", answer="m") == ["Answered 5#1", "D 5#1", "O 6#1"]


def test_feb_direct_is_answered_on_the_spot_and_reported() -> None:
    """S4-17, S4-14."""
    world = story(FEB, channel="lisan")
    world.complete("1")
    world.complete("2", "Dapat langsung dijawab", sets=CLASSES)
    assert world.complete("3", answer="m") == ["Answered 3#1", "D 3#1", "O 7#1"]
    assert world.complete("7") == ["D 7#1", "Closed finished answered"]


def test_feb_direct_is_answered_as_the_officer_directs() -> None:
    """S4-17, S4-18: the direction stands in the log before the answer that follows it."""
    world = story(FEB, channel="telepon")
    world.complete("1")
    world.complete("2", "Perlu koordinasi", sets=CLASSES)
    world.complete("4")
    world.complete("5", by="pejabat", reason="arahan")
    world.complete("6", answer="m")
    world.complete("7")
    assert rows_of(world) == ["1", "2", "4", "5", "6", "7"]
    assert world.case.visits["5#1"].reason == "arahan"
    assert world.case.visits["6#1"].parents == ("5#1",)


# all of them ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", seeds.names())
def test_outsiders_never_breach_and_staff_do_in_every_seed(name: str) -> None:
    """X-1, X-4: one engine; whoever is late is somebody of the organisation."""
    world = story(name, channel="email" if name == UC3 else "web")
    binds = {"dikomplain": ("kasubbag",), "unit": ("kasubbag",), "wd": ("umum",), "pengelola": ("kasubbag",)}
    while world.case.status is Status.OPEN:
        world.later(days=30)
        if world.do(WORKER, c.Expire()) and world.case.status is not Status.OPEN:
            break
        visit = world.case.open_visits()[0]
        step = world.shelf.flow(world.case.sop, world.case.procedure).steps[visit.row]
        world.complete(
            visit.row, step.choices[0].label if step.is_decision else "", answer="m", reason="r",
            binds={role: binds[role] for role in step.binds}, sets={k: CLASSES[k] for k in step.sets},
        )  # fmt: skip
    sop = world.shelf.sops[world.case.sop]
    flow = world.shelf.flow(world.case.sop, world.case.procedure)
    late = [world.case.visits[clock.removeprefix("step:")].row for clock in world.case.breached]
    for row in late:
        assert all(sop.role(role).party is None or role == "dikomplain" for role in flow.steps[row].who)
    assert bool(late) == any(step.time and step.time.has_standard for step in flow.steps.values())


@pytest.mark.parametrize("name", seeds.names())
def test_a_case_of_every_seed_can_be_reopened_withdrawn_and_closed(name: str) -> None:
    world = story(name)
    world.do(COMPLAINANT, c.Withdraw())
    first = world.do(COMPLAINANT, c.Reopen("r"))[-1]
    assert first.startswith("O ")
    assert first.endswith("#2")
    assert world.do(COORDINATOR, c.Close("ganda", "r"))[-1] == "Closed ganda"
    assert len(world.events(e.Closed)) == 2
    assert office(world.sops[0]).fallback
    assert world.case.received_at == MONDAY
