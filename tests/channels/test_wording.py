"""Foreign text is kept harmless, and long words are cut where a reader would."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.channels.wording import pieces


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab .\né😀", max_size=300), st.integers(4, 60))
def test_every_piece_fits_and_no_letter_is_lost(text: str, most: int) -> None:
    cut = pieces(text, lambda one: len(one.encode()) <= most)
    assert all(len(one.encode()) <= most for one in cut)
    assert "".join("".join(cut).split()) == "".join(text.split())


def test_it_is_cut_after_a_paragraph_else_a_line_a_sentence_a_word() -> None:
    def most(letters: int) -> object:
        return lambda one: len(one) <= letters

    assert pieces("Satu dua.\n\nTiga empat.", most(14)) == ("Satu dua.", "Tiga empat.")  # type: ignore[arg-type]
    assert pieces("Satu dua. Tiga empat.", most(14)) == ("Satu dua.", "Tiga empat.")  # type: ignore[arg-type]
    assert pieces("satu dua tiga", most(10)) == ("satu dua", "tiga")  # type: ignore[arg-type]
    assert pieces("satuduatiga", most(4)) == ("satu", "duat", "iga")  # type: ignore[arg-type]
    assert pieces("satu", most(4)) == ("satu",)  # type: ignore[arg-type]
