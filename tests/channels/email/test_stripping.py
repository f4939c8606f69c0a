"""New words of a reply, in the forms that mail programs write here. A form that is not known keeps everything."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.channels.email.stripping import new_words

HEADS = [
    "Pada tanggal Sab, 21 Nov 2026 pukul 10.00 Layanan <a@kampus.example> menulis:",
    "Pada Sab, 21 Nov 2026 pukul 10.00 Layanan Kampus\n<a@kampus.example> menulis:",
    "Pada Sabtu, 21 November 2026 10.00.00 WIB, Layanan <a@kampus.example> menulis:",
    "Pada 21/11/2026 10.00, Layanan menulis:",
    "On Sat, 21 Nov 2026 at 10:00, Layanan <a@kampus.example> wrote:",
    "On Sat, Nov 21, 2026 at 10:00 AM Layanan Pengaduan Kampus\n<pengaduan@kampus.example>\nwrote:",
    "2026-11-21 10:00 GMT+07:00 Layanan <a@kampus.example>:",
    "Layanan <a@kampus.example> menulis:",
    "-----Original Message-----",
    "-----Pesan Asli-----",
    "______________\nDari: Layanan <a@b.example>\nDikirim: Sabtu, 21 November 2026 10.00\nKepada: Budi\nPerihal: Lampu",
    "From: Layanan <a@kampus.example>\nSent: Saturday, November 21, 2026 10:00 AM\nTo: Budi\nCc: Sri\nSubject: x",
    "*Dari:* Layanan <a@kampus.example>\n*Tanggal:* 21 Nov 2026\n*Kepada:* Budi\n*Judul:* Pengaduan",
]


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("mark", ["> ", ""])
def test_what_is_answered_goes(head: str, mark: str) -> None:
    quoted = "\n".join(mark + line for line in ("Yth. Budi,", "", "Pengaduan Anda kami terima.", "Salam"))
    assert new_words(f"Sudah menyala.\nTerima kasih.\n\n{head}\n\n{quoted}\n") == "Sudah menyala.\nTerima kasih."


@pytest.mark.parametrize(
    "footer",
    ["Dikirim dari iPhone saya", "Dikirim dari ponsel Samsung Galaxy saya.", "Sent from my iPhone",
     "Dapatkan Outlook untuk Android",
     "Get Outlook for iOS", "Dikirim dari Yahoo Mail untuk iPhone", "-- \nBudi\nFakultas Teknik", "--\nBudi"],
)  # fmt: skip
def test_footers_and_signatures_go(footer: str) -> None:
    assert new_words(f"Sudah menyala.\n\n{footer}\n") == "Sudah menyala."


@pytest.mark.parametrize(
    "whole",
    ["> semua dikutip\n> tidak ada yang baru", "Pada tanggal 21 Nov 2026 Layanan <a@kampus.example> menulis:\n> ya",
     "Dikirim dari iPhone saya", "-- \nBudi", "-----Pesan Asli-----\nx"],
)  # fmt: skip
def test_never_is_everything_taken_away(whole: str) -> None:
    assert new_words(whole) == whole


@pytest.mark.parametrize(
    "whole",
    [
        "Pada hari Senin lampu mati. Petugas menulis: sudah diganti, padahal belum.",
        "Dari: rumah ke kampus jauh.\nJadi saya terlambat.",
        "Perihal: lampu\nKepada: Bapak Dekan\nLampu mati.",
        "Daftar rusak:\n> lampu\n> kipas\ndan pintu",
        "Harga > 5 juta",
        "Pada hari itu saya menulis surat.\nDi surat itu:\nlampu mati",
        "a\n-- \nbukan tanda tangan\n" + "baris\n" * 30 + "akhir",
    ],
)
def test_what_only_looks_like_a_quote_stays(whole: str) -> None:
    assert new_words(whole) == whole


def test_an_answer_beneath_the_quote_is_the_answer() -> None:
    assert (
        new_words("On 21 Nov 2026, Layanan <a@b.example> wrote:\n> Di mana?\n> Salam\n\nDi ruang 3.\n") == "Di ruang 3."
    )


def test_what_is_forwarded_is_new() -> None:
    block = "Dari: Budi <b@c.example>\nDikirim: Sabtu\nKepada: Sri\nPerihal: lampu\n\nLampu mati."
    assert new_words(f"Mohon bantu.\n\n{block}", subject="FW: lampu") == f"Mohon bantu.\n\n{block}"
    assert "Lampu mati." in new_words(f"Mohon bantu.\n\n---------- Pesan terusan ---------\n{block}")


LINES = st.sampled_from(
    [*"\n".join(HEADS).split("\n"), "> x", ">> y", "", " ", "-- ", "Ya.", "Dikirim dari iPhone saya", "Dari:", "_____"]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, max_size=25))
def test_new_words_are_words_of_the_whole_and_some_are_always_left(lines: list[str]) -> None:
    whole = "\n".join(lines)
    new = new_words(whole)
    assert bool(new) == bool(whole.strip())
    kept = iter(whole.split("\n"))
    assert all(any(line.strip() == one.strip() for one in kept) for line in new.split("\n")) or not new
