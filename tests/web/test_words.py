"""Dates, time left, refusals and statuses in words."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from offices import EXAMPLE, at
from tanggap.casework.refusals import CODES
from tanggap.web import clocks, dates, drawings, printed, refusals
from tanggap.web.templatetags.tanggap import letter, size


def test_a_deadline_has_its_day_its_year_and_its_zone() -> None:
    due = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    assert dates.deadline(due, "Asia/Jakarta") == "Rabu, 25 November 2026 pukul 16.00 WIB"
    assert dates.deadline(due, "Asia/Makassar") == "Rabu, 25 November 2026 pukul 17.00 WITA"
    with translation.override("en"):
        assert dates.deadline(due, "Asia/Jakarta").startswith("Wednesday, 25 November 2026")


def test_time_left_is_counted_in_office_hours_and_said_in_words_and_shape() -> None:
    now = at("2026-11-20 08.54")
    soon = clocks.read(due_at=at("2026-11-20 16.30"), now=now, calendar=EXAMPLE, starts_at=at("2026-11-20 07.30"))
    assert (soon.group, soon.words, soon.shape) == (clocks.TODAY, "Sisa 6 jam 6 menit", "running")
    late = clocks.read(due_at=at("2026-11-20 07.45"), now=now, calendar=EXAMPLE)
    assert (late.group, late.words, late.shape, late.tone) == (clocks.LATE, "Lewat 1 jam 9 menit", "late", "is-late")
    later = clocks.read(due_at=at("2026-11-23 16.00"), now=now, calendar=EXAMPLE)
    assert (later.group, later.words, later.beside) == (clocks.LATER, "Senin, 23 November", "16.00 WIB")
    assert clocks.read(due_at=None, now=now, calendar=EXAMPLE).words == "Tanpa batas waktu"
    assert clocks.read(due_at=None, now=now, calendar=EXAMPLE, paused=True).shape == "paused"


def test_who_stands_outside_the_organisation_is_never_shown_as_late() -> None:
    """X-4: their time is information."""
    passed = clocks.read(due_at=at("2026-11-20 07.45"), now=at("2026-11-20 09.00"), calendar=EXAMPLE, breaches=False)
    assert passed.group == clocks.WAITING
    assert passed.tone == ""


@given(st.integers(0, 350 * 24 * 60), st.integers(-400_000, 400_000))
def test_any_clock_can_be_read_at_any_time(minutes: int, seconds: int) -> None:
    now = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(minutes=minutes)
    clock = clocks.read(due_at=now + timedelta(seconds=seconds), now=now, calendar=EXAMPLE, starts_at=now)
    assert clock.words
    assert clock.shape in drawings.SHAPES
    assert (clock.group == clocks.LATE) == (seconds < 0)


def test_every_refusal_has_a_sentence_that_needs_nothing_to_be_said() -> None:
    assert refusals.known_codes() == CODES
    for code in CODES:
        said = refusals.sentence(code)
        assert said.endswith("."), code
        assert "%" not in said, code
        assert refusals.status_of(code) in (403, 409, 422)
    assert set(refusals.FIELDS) <= CODES


def test_an_activity_is_broken_before_jika_and_no_word_of_it_is_lost() -> None:
    what = "Memeriksa hasil Jika Ya, mengirim laporan Jika Tidak, dikembalikan"
    head, rest = printed.title_and_rest(what)
    assert (head, rest) == ("Memeriksa hasil", ("Jika Ya, mengirim laporan", "Jika Tidak, dikembalikan"))
    assert " ".join((head, *rest)) == what


def test_a_letter_keeps_its_paragraphs_and_executes_nothing() -> None:
    drawn = letter("Satu <script>alert(1)</script>\nbaris dua\n\nParagraf dua")
    assert drawn.count("<p") == 2
    assert "&lt;script&gt;" in drawn
    assert "<script" not in drawn


@pytest.mark.parametrize(("bytes_", "words"), [(1, "1 KB"), (184_000, "184 KB"), (2_400_000, "2,4 MB")])
def test_sizes_are_said_as_people_say_them(bytes_: int, words: str) -> None:
    assert size(bytes_) == words


def test_a_bar_past_its_limit_marks_the_limit() -> None:
    assert "mark-due" not in drawings.bar(0.99)
    over = drawings.bar(2.0)
    assert "mark-due" in over
    assert re.findall(r'width="(\d+)%"', over) == ["50", "50"]
