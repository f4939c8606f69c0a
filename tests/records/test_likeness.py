"""By what the same matter and the same person are recognised: alike texts share a mark, and no mark can be read."""

from __future__ import annotations

import pytest

from tanggap.records import likeness

KEY = b"k" * 32
STORY = (
    "Lampu ruang baca lantai dua perpustakaan mati sejak hari Senin, sehingga mahasiswa tidak dapat belajar pada malam "
    "hari. Mohon segera diperbaiki karena minggu depan sudah ujian."
)


def test_the_same_words_in_another_dress_share_every_mark() -> None:
    assert likeness.bands(STORY, KEY) == likeness.bands(STORY.upper().replace(",", " !"), KEY)


def test_a_text_with_a_greeting_and_a_name_added_still_shares_a_mark() -> None:
    other = "Selamat siang Bapak/Ibu. " + STORY + " Terima kasih, Dewi."
    assert not set(likeness.bands(STORY, KEY)).isdisjoint(likeness.bands(other, KEY))


def test_another_matter_shares_none() -> None:
    other = (
        "Pembayaran uang kuliah saya belum tercatat pada sistem padahal sudah lunas lewat bank sejak tanggal sepuluh; "
        "akibatnya kartu rencana studi terkunci."
    )
    assert set(likeness.bands(STORY, KEY)).isdisjoint(likeness.bands(other, KEY))


def test_another_installation_has_other_marks_and_a_short_text_none() -> None:
    assert set(likeness.bands(STORY, KEY)).isdisjoint(likeness.bands(STORY, b"x" * 32))
    assert likeness.bands("Tolong segera", KEY) == ()
    assert likeness.bands("", KEY) == ()


@pytest.mark.parametrize("written", ["081234567890", "+62 812-3456-7890", "6281234567890", "(0812) 3456 7890"])
def test_a_number_is_one_number_however_it_is_written(written: str) -> None:
    (mark,) = likeness.of_person({"phone": written})
    (same,) = likeness.of_person({"phone": "0812 3456 7890"})
    assert mark == same
    assert "812" not in mark.value


def test_an_address_has_one_mark_in_small_and_capital_letters_and_nothing_has_none() -> None:
    (mark,) = likeness.of_person({"email": "Dewi@Contoh.example "})
    assert [mark] == list(likeness.of_person({"email": "dewi@contoh.example"}))
    assert list(likeness.of_person({"email": "", "name": "Dewi Lestari"})) == []


def test_the_id_a_platform_knows_somebody_by_is_a_mark_in_its_channel_alone() -> None:
    """Who writes twice by Telegram is offered as one person, and nobody reads by which id."""
    (mark,) = likeness.of_person({"handle": "421337", "name": "Dewi"}, channel="telegram")
    assert [mark] == list(likeness.of_person({"handle": "421337"}, channel="telegram"))
    assert [mark] != list(likeness.of_person({"handle": "421337"}, channel="instagram"))
    assert "4213" not in mark.value
    assert mark.kind in likeness.OF_A_PERSON
    assert [one.kind for one in likeness.of_person({"handle": "+62812345", "phone": "+62812345"}, channel="sms")] == [
        likeness.PHONE
    ]
