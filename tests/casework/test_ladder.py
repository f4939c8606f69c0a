"""The ladder is a table with sources: what it says, what an institution changes in it, and what is refused in words."""

from __future__ import annotations

import re
from fractions import Fraction
from importlib.resources import files

import pytest

from tanggap.casework.ladder import CAUSES, LATE, LAW, NOT_TAKEN, RETURNS, LadderRefused, read_ladder, rungs_of

TABLE = (files("tanggap") / "seeds" / "ladder.toml").read_text("utf-8")


def line(**keys: object) -> str:
    told = {"id": "a", "cause": "late", "level": 1, "source": "Keputusan Dekan", **keys}
    return "[[rung]]\n" + "\n".join(f"{key} = {value!r}" for key, value in told.items() if value is not None)


def test_every_cause_has_its_rungs_in_order_and_every_rung_its_source() -> None:
    ladder = read_ladder(TABLE)
    assert [cause for cause in CAUSES if list(rungs_of(ladder, cause))] == list(CAUSES)
    for cause in CAUSES:
        levels = [rung.level for rung in rungs_of(ladder, cause)]
        assert levels == sorted(set(levels))
    assert all(rung.source for rung in ladder)
    first = next(iter(rungs_of(ladder, NOT_TAKEN)))
    assert (first.level, first.share, str(first.after)) == (0, Fraction(1, 2), "1 hari kerja")
    assert [rung.level for rung in rungs_of(ladder, LATE, above=1)] == [2, 3]


def test_lateness_rings_the_superior_at_the_very_moment_and_others_later() -> None:
    assert [str(rung.after) for rung in rungs_of(read_ladder(TABLE), LATE)] == ["None", "1 hari kerja", "2 hari kerja"]
    assert [rung.round for rung in rungs_of(read_ladder(TABLE), RETURNS)] == [3, 5]


def test_an_institution_writes_only_what_differs() -> None:
    own = TABLE + '\n[institution.kampus.lewat-puncak]\nafter = "4 jam"\nsource = "Keputusan Dekan 1/2026"\n'
    own += "[institution.kampus.hukum-atasan]\napplies = false\n"
    here = {rung.id: rung for rung in read_ladder(own, institution="kampus")}
    assert (str(here["lewat-puncak"].after), here["lewat-puncak"].source) == ("4 jam", "Keputusan Dekan 1/2026")
    assert "hukum-atasan" not in here
    assert [rung.level for rung in rungs_of(read_ladder(own, institution="kampus"), LAW)] == [0, 2]
    assert read_ladder(own, institution="lain") == read_ladder(TABLE)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("rung = 1", "harus berisi"),
        ("[[rung", "tidak terbaca"),
        (line(cause="lambat"), "harus salah satu dari"),
        (line(level=-1), "harus angka 0 sampai 9"),
        (line(level="satu"), "harus angka 0 sampai 9"),
        (line(source=None), "memuat source"),
        (line(after="kira-kira"), "tidak dapat dibaca"),
        (line(after="-"), "harus sebuah waktu"),
        (line(share="50%"), "Kunci “share”"),
        (line(cause="law", share="separuh"), "ditulis seperti “50%”"),
        (line(cause="law", share="150%"), "ditulis seperti “50%”"),
        (line(cause="not_taken", share="50%"), "memerlukan after"),
        (line(cause="returns"), "putaran ke berapa"),
        (line(cause="returns", round=1), "putaran ke berapa"),
        (line(tingkat=2), "Kunci “tingkat”"),
        (line() + "\n" + line(), "id yang berbeda"),
        (line() + "\n" + line(id="b"), "dua anak tangga dengan level yang sama"),
        (line() + "\n[institution.x.b]\nafter = '1 hari'", "Kunci “b”"),
        ("[institution]\nx = 1", "harus berisi"),
    ],
)
def test_a_table_that_says_nonsense_is_refused_in_words(table: str, says: str) -> None:
    with pytest.raises(LadderRefused, match=re.escape(says)):
        read_ladder(table, institution="x")
