"""The five seed documents say what the published texts say, word for word, misprints and empty cells included.

``sources/`` holds the text layer of the published documents as it was extracted: tables as tab-separated lines, the
drawings lost.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from tanggap.sop.flow import Flow, holds
from tanggap.sop.model import ALWAYS, Procedure, Sop
from tanggap.sop.seeds import names, seed, text
from tanggap.worktime.duration import Unit, parse

SOURCES = Path(__file__).parent / "sources"
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
    "Desember",
)  # fmt: skip
UB, UNEJ, ITS = seed("ub-fmipa-mipa-care"), seed("unej-uc3"), seed("its-bapkm-keluhan")
UNMUL, UNESA = seed("unmul-ft-komunikasi-pelanggan"), seed("unesa-feb-pengaduan")

READ_NOT_PRINTED = {
    "its-bapkm-keluhan": {"Subbagian pemilik proses", "Hal : {page} of {pages}"},
    "unesa-feb-pengaduan": {"Pejabat/pimpinan"},
}
"""Words of a file that no printed text holds: columns read from the sign-off sheet, patterns with a blank."""

NOT_IN_THE_FILE = {
    "ub-fmipa-mipa-care": "1 2 3 4 5 9 Desember Januari 2021 2022 Pelaksana Mutu Baku Kelengkapan Waktu Output NIP",
    "unej-uc3": "15 Februari 11 Januari 2021 2022 Pelaksana Mutu Baku Kelengkapan Waktu Output NIP ya tidak 2 3",
    "its-bapkm-keluhan": "1 3 4 20Oktober 2017 NIP No Hal of PROSEDUR",
    "unmul-ft-komunikasi-pelanggan": "5 Januari 2018 NIP Pelaksana Mutu Baku Kelengkapan Waktu Output",
    "unesa-feb-pengaduan": "3 7 9 Januari 2026 Nama Jabatan Pelaksana Mutu Baku Kelengkapan Waktu Output",
}


def source(name: str) -> str:
    """The published text: tags and markup of the extraction taken out, white space made even."""
    raw = (SOURCES / f"{name}.txt").read_text("utf-8")
    raw = re.sub(r"<[^>]+>|\*\*|^#+ |↓|□|→", " ", raw, flags=re.MULTILINE)
    if name == "its-bapkm-keluhan":  # its list items run together where their tags stood
        raw = re.sub(r"(?<=[a-z.])([b-g]\. )", r" \1", raw)
    return " ".join(raw.split())


def printed(sop: Sop) -> list[str]:
    """Every word of the file that claims to be printed; questions and labels of choices are read, and left out."""
    identity = sop.identity
    words = [*identity.institution, identity.unit, identity.number, identity.revision, identity.title, identity.heading]
    for many in (identity.legal_basis, identity.qualifications, identity.related, identity.equipment):
        words += many
    words += [identity.warning, identity.filing, identity.year, *identity.references, *identity.users]
    words += identity.labels.values()
    for signature in identity.signatures:
        words += [signature.part, signature.post, signature.name, signature.nip]
    for section in identity.sections:
        words += [section.no, section.title, section.text, *section.items]
    words += [word for copy in identity.copies for word in (copy.no, copy.unit, copy.status)]
    words += [role.label for role in sop.roles]
    for procedure in sop.procedures:
        words.append(procedure.label)
        for step in procedure.steps:
            words += [step.no, step.what, *step.needs, str(step.time or ""), step.output, step.note]
    return [word for word in words if word]


@pytest.mark.parametrize("name", names())
def test_every_printed_word_of_the_file_stands_in_the_published_text(name: str) -> None:
    """S0-9 S1-11 S2-12 S3-17 S4-21: identity blocks and rows verbatim."""
    published = source(name).replace(" ", "")
    strange = [word for word in printed(seed(name)) if "".join(word.split()) not in published]
    assert [word for word in strange if word not in READ_NOT_PRINTED.get(name, ())] == []


@pytest.mark.parametrize("name", names())
def test_no_word_of_the_published_text_is_missing_in_the_file(name: str) -> None:
    kept = set(re.findall(r"\w+", " ".join(printed(seed(name)))))
    missing = {word for word in re.findall(r"\w+", source(name)) if word not in kept}
    assert missing - set(NOT_IN_THE_FILE[name].split()) == set()


@pytest.mark.parametrize("name", names())
def test_the_dates_of_the_file_are_those_of_the_published_text(name: str) -> None:
    identity = seed(name).identity
    for day in (identity.created_date, identity.revised_date, identity.effective_date, identity.issued_date):
        if day is not None:
            assert f"{day.day} {MONTHS[day.month - 1]} {day.year}" in source(name)


def test_ub_identity_block_is_complete_and_keeps_its_dashes_and_gaps() -> None:
    """S0-9"""
    identity = UB.identity
    assert identity.number == "UN10/F09/07/HK.01.02.a/001"
    assert (identity.created_date, identity.revised_date, identity.effective_date) == (
        date(2021, 12, 9),
        None,
        date(2022, 1, 3),
    )
    assert (len(identity.legal_basis), len(identity.qualifications), len(identity.equipment)) == (3, 4, 5)
    assert (identity.related, identity.warning) == (("-",), "-")
    (signature,) = identity.signatures
    assert (signature.post, signature.name) == ("DEKAN", "M. Prof. Widodo, S.Si, M.Si, Ph.D.Med.Sc.")
    assert signature.nip == "197308112000031002"


def test_unej_keeps_blank_numbers_and_the_misprinted_ministry() -> None:
    """S1-11"""
    assert [step.no for step in UNEJ.procedures[0].steps] == ["1.", "2.", "", "", "", "3."]
    assert UNEJ.identity.institution[0] == "KEMENTERIAN PENDIDIKAN, KEBUDAYAAN, RISET, DAN RISET"
    assert UNEJ.role("koord").label == "Koord. PKIHI"
    assert UNEJ.identity.related == ()


def test_its_document_control_is_kept_with_what_was_never_filled_in() -> None:
    """S2-12 S2-13 S2-15"""
    identity = ITS.identity
    assert (identity.number, identity.revision, identity.pages) == ("PM-BAPKM.AP.1-24", "02", 4)
    assert identity.effective_date is None
    assert [signature.date for signature in identity.signatures] == [date(2017, 10, 20), None, None]
    assert [(copy.unit, copy.ticked) for copy in identity.copies] == [
        ("REGISTRASI DAN DATA", False),
        ("PEMANTAUAN DAN EVALUASI PEMBELAJARAN", False),
    ]
    assert [section.title for section in identity.sections][:11] == [
        "TUJUAN", "RUANG LINGKUP", "DEFINISI", "DOKUMEN TERKAIT", "PROSEDUR", "KELENGKAPAN", "REALISASI",
        "FREKUENSI DAN REVIEW", "SUMBER DATA", "CATATAN DAN KOMENTAR", "CATATAN PERUBAHAN",
    ]  # fmt: skip
    assert [step.no for step in ITS.procedures[0].steps] == ["a.", "b.", "c.", "d.", "e.", "", "f.", "g."]


def test_its_has_no_times_and_imports_all_the_same() -> None:
    """S2-16"""
    assert all(step.time is None for step in ITS.procedures[0].steps)
    bare = re.sub(r"^(who|time|independent_of) = .*\n", "", text("its-bapkm-keluhan"), flags=re.MULTILINE)
    from tanggap.sop.check import check
    from tanggap.sop.load import load

    without = load(bare, name="tanpa pelaksana")
    codes = {finding.code for finding in check(without)}
    assert {"no_performer", "no_times"} <= codes
    assert Flow(without.procedures[0]).reachable == {step.id for step in ITS.procedures[0].steps}


def test_unmul_rows_keep_the_number_of_the_table_and_that_of_the_text() -> None:
    """S3-17: text numbers run one ahead from row 12 on, because 6.12 is lost."""
    steps = UNMUL.procedures[0].steps
    assert [step.no for step in steps] == [str(number) for number in range(1, 20)]
    assert [step.text_no for step in steps] == [f"6.{number}" for number in (*range(1, 12), *range(13, 21))]
    assert UNMUL.identity.zone == "Asia/Makassar"


def test_unesa_holds_two_procedures_and_the_channel_picks_one() -> None:
    """S4-22"""

    def taken(channel: str) -> str:
        return next(procedure.id for procedure in UNESA.procedures if holds(procedure.accepts, {"channel": channel}))

    for channel in ("web", "sms", "whatsapp", "instagram", "email", "media sosial"):
        assert taken(channel) == "tidak-langsung"
    for channel in ("lisan", "surat", "telepon"):
        assert taken(channel) == "langsung"
    assert [step.no for step in UNESA.procedures[0].steps] == list("12345678")
    assert UNESA.procedures[0].step("8").terminator


@pytest.mark.parametrize("sop", [UB, UNEJ, ITS, UNMUL], ids=lambda sop: sop.id)
def test_a_document_with_one_procedure_takes_every_channel(sop: Sop) -> None:
    (procedure,) = sop.procedures
    assert procedure.accepts == ALWAYS


def all_procedures() -> list[Procedure]:
    return [procedure for name in names() for procedure in seed(name).procedures]


def test_there_are_six_procedures_and_each_can_be_opened_again() -> None:
    """X-1"""
    assert len(all_procedures()) == 6
    assert all(procedure.reopen == parse("10 hari kerja") for procedure in all_procedures())


@pytest.mark.parametrize("procedure", all_procedures(), ids=lambda procedure: procedure.id)
def test_every_row_is_reached_and_every_row_comes_to_an_end(procedure: Procedure) -> None:
    flow = Flow(procedure)
    working = {step.id for step in procedure.steps if not step.terminator and not step.standing}
    assert flow.reachable == working
    for row in working:
        assert any(target not in flow.steps or flow.steps[target].terminator for target in _onward(flow, row)), row


def _onward(flow: Flow, row: str) -> set[str]:
    found: set[str] = set()
    waiting = [row]
    while waiting:
        current = waiting.pop()
        onward = set(flow.targets(current)) - found if current in flow.steps else set()
        found |= onward
        waiting.extend(onward)
    return found


def test_every_printed_time_is_read_and_prints_back_unchanged() -> None:
    """X-2"""
    times = [step.time for procedure in all_procedures() for step in procedure.steps if step.time is not None]
    assert {str(time) for time in times} == {
        "-", "Disesuaikan", "5 menit", "10 menit", "15 Menit", "30 menit", "1 jam", "1 Jam", "2 jam", "2 Jam", "1 hari",
        "1 Hari", "3 Hari", "2 hari", "5 hari",
    }  # fmt: skip
    assert all(time.has_standard is (str(time) not in ("-", "Disesuaikan")) for time in times)
    assert UB.procedures[0].step("3").time == parse("3 Hari")
    assert UB.procedures[0].step("3").time.unit is Unit.WORK_DAYS  # type: ignore[union-attr]


def test_the_answer_step_of_ub_ends_the_case_without_the_operator_reporting_again() -> None:
    """S0-3: exactly two outcomes; answered directly, the case goes straight to the complainant."""
    step = UB.procedures[0].step("2")
    assert [(exit.label, exit.next, exit.answers) for exit in step.choices] == [
        ("Ya", ("3",), False),
        ("Tidak", ("7",), True),
    ]


def test_the_ladder_of_unej_climbs_one_rung_per_tidak_and_ends_at_any_ya() -> None:
    """S1-4 S1-5"""
    procedure = UNEJ.procedures[0]
    rungs = ["terima", "wakor", "koord", "kabiro"]
    for rung, above in pairwise(rungs):
        assert {exit.label: exit.next for exit in procedure.step(rung).choices} == {"ya": ("jawab",), "tidak": (above,)}
    assert [str(procedure.step(rung).time) for rung in rungs] == ["5 menit", "1 jam", "2 jam", "30 menit"]


def test_a_seed_nobody_knows_is_refused() -> None:
    with pytest.raises(KeyError):
        text("../../etc/passwd")
