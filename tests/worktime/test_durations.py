"""Printed times (X-2): read as one amount of one unit, printed back unchanged, refused where that would be a guess."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanggap.worktime.duration import READINGS, Reading, Unit, UnreadableDuration, parse


@pytest.mark.parametrize(
    ("printed", "amount", "unit"),
    [
        ("-", 0, Unit.NONE),
        ("", 0, Unit.NONE),
        ("Disesuaikan", 0, Unit.NONE),
        ("sesuai kebutuhan", 0, Unit.NONE),
        ("15 Menit", 15, Unit.WORK_MINUTES),
        ("5 menit", 5, Unit.WORK_MINUTES),
        ("30 menit", 30, Unit.WORK_MINUTES),
        ("1 Jam", 1, Unit.WORK_HOURS),
        ("2 jam", 2, Unit.WORK_HOURS),
        ("3 Hari", 3, Unit.WORK_DAYS),
        ("10 hari kerja", 10, Unit.WORK_DAYS),
        ("5 HK", 5, Unit.WORK_DAYS),
        ("5 hari kalender", 5, Unit.CALENDAR_DAYS),
        ("1x24 jam", 24, Unit.CLOCK_HOURS),
        ("3x24 jam", 72, Unit.CLOCK_HOURS),
        ("1 \N{MULTIPLICATION SIGN} 24 Jam", 24, Unit.CLOCK_HOURS),
        ("24 jam nyata", 24, Unit.CLOCK_HOURS),
        ("2 minggu", 2, Unit.WEEKS),
        ("1 bulan", 1, Unit.MONTHS),
        ("1 (satu) hari", 1, Unit.WORK_DAYS),
        ("14 (empat belas) hari kerja", 14, Unit.WORK_DAYS),
        ("25 (dua puluh lima) hari", 25, Unit.WORK_DAYS),
        ("60 (enam puluh) hari kalender", 60, Unit.CALENDAR_DAYS),
        ("maks. 2 jam", 2, Unit.WORK_HOURS),
        ("Paling lama 3 hari", 3, Unit.WORK_DAYS),
        ("½ jam", 30, Unit.WORK_MINUTES),
        ("1½ jam", 90, Unit.WORK_MINUTES),
        ("1,5 jam", 90, Unit.WORK_MINUTES),
        ("setengah jam", 30, Unit.WORK_MINUTES),
        ("1.440 menit", 1440, Unit.WORK_MINUTES),
        ("10\N{NO-BREAK SPACE}menit", 10, Unit.WORK_MINUTES),
    ],
)
def test_a_printed_time_is_read_and_printed_back_unchanged(printed: str, amount: int, unit: Unit) -> None:
    """X-2."""
    duration = parse(printed)
    assert (duration.amount, duration.unit) == (amount, unit)
    assert str(duration) == printed


def test_every_time_in_the_seed_procedures_is_read_and_printed_back_unchanged() -> None:
    """X-2."""
    printed = [
        step["time"]
        for file in (files("tanggap") / "seeds" / "sop").iterdir()
        for procedure in tomllib.loads(file.read_text("utf-8"))["procedure"]
        for step in procedure["step"]
        if "time" in step
    ]
    assert {"-", "Disesuaikan", "15 Menit", "1 hari"} <= set(printed)
    assert [str(parse(each)) for each in printed] == printed


@pytest.mark.parametrize(
    ("printed", "reason"),
    [
        ("± 15 menit", "perkiraan"),
        ("kurang lebih 2 jam", "perkiraan"),
        ("5-10 menit", "rentang"),
        ("2 s.d. 3 hari", "rentang"),
        ("minimal 2 hari", "batas terendah"),
        ("1 hari 2 jam", "dua satuan"),
        ("1 hari (24 jam)", "dua satuan"),
        ("5 menit/berkas", "bergantung pada jumlah"),
        ("1 (dua) hari", "angka dan hurufnya berbeda"),
        ("0 hari", "lebih dari nol"),
        ("½ hari", "pecahan"),
        ("1.5 jam", "koma"),
        ("1x24 jam kerja", "terus berjalan"),
        ("2x30 menit", "hanya untuk jam"),
        ("2 minggu kerja", "tidak dikenal"),
        ("10 detik", "menit"),
        ("1 tahun", "bulan"),
        ("99999999999 hari", "terlalu besar"),
        ("segera", "satu angka dan satu satuan"),
        ("٣ hari", "satu angka dan satu satuan"),
        ("hari " * 1000, "lebih panjang"),
    ],
)
def test_what_is_no_single_amount_of_one_unit_is_refused_with_a_reason(printed: str, reason: str) -> None:
    with pytest.raises(UnreadableDuration) as refused:
        parse(printed)
    assert reason in refused.value.reason
    assert len(str(refused.value)) < 200, "a long text is not repeated whole"


def test_an_sop_says_how_its_bare_words_are_read() -> None:
    strict = Reading(jam=Unit.CLOCK_HOURS, hari=Unit.CALENDAR_DAYS)
    assert parse("3 hari", strict).unit is Unit.CALENDAR_DAYS
    assert parse("1,5 jam", strict).meaning == "90 menit nyata"
    assert parse("3 hari kerja", strict).unit is Unit.WORK_DAYS, "what is written out needs no reading"


@given(
    amount=st.integers(1, 4000),
    word=st.sampled_from(["menit", "jam", "hari", "minggu", "bulan"]),
    kind=st.sampled_from(["", " kerja", " kalender", " nyata"]),
    gap=st.sampled_from(["", " ", "  ", "\t", "\N{NO-BREAK SPACE}"]),
    upper=st.booleans(),
)
def test_every_regular_form_is_read_exactly_or_refused(
    amount: int, word: str, kind: str, gap: str, upper: bool
) -> None:
    printed = f"{amount}{gap}{word}{kind}"
    printed = printed.upper() if upper else printed
    known = f"{word}{kind}" in set(Unit) if kind else True
    try:
        duration = parse(printed)
    except UnreadableDuration:
        assert not known or amount > {"minggu": 600, "bulan": 150}.get(word, amount)
        return
    assert known
    assert str(duration) == printed
    assert duration.amount == amount
    assert duration.unit in READINGS[word]


@given(st.text(max_size=60) | st.from_regex(re.compile(r"[0-9½x\u00d7 .,()±-]{0,8}(jam|hari|menit)?", re.ASCII)))
def test_any_text_is_read_or_refused_and_never_fails_otherwise(printed: str) -> None:
    try:
        duration = parse(printed)
    except UnreadableDuration:
        return
    assert str(duration) == printed
    assert duration.amount > 0 or not duration.has_standard
