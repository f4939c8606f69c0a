"""Ids that lead back to a case, and the address that only we can have written."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanggap.channels.email import address, case_of, case_token, content_digest, external_id, read_token, reply_address
from tanggap.channels.email.heads import split
from tanggap.channels.email.threads import answered, carried, ids

KEY, BASE = b"k" * 32, "pengaduan@kampus.example"


@given(st.uuids())
@settings(max_examples=50)
def test_a_case_goes_into_an_address_and_comes_out_again(case: UUID) -> None:
    """S36."""
    signed = reply_address(BASE, case_token(case), KEY)
    assert address(signed) == signed != BASE
    for written in (signed, signed.upper()):
        found = carried(["x@y.example", written], BASE)
        assert case_of(read_token(found, KEY)) == case
        assert read_token(found, b"other" * 8) == ""


def test_a_changed_token_is_not_ours() -> None:
    """S36: wrong, cut, lengthened or moved to another case, it says nothing."""
    found = carried([reply_address(BASE, "kasus1", KEY)], BASE)
    other = carried([reply_address(BASE, "kasus2", KEY)], BASE)
    tricks = [
        found[:-1],
        found + "a",
        "a" + found,
        found[:6] + other[6:],
        found.replace("1", "2"),
        "",
        "a" * 17,
        "kasus1",
        "é" * 20,
    ]
    assert read_token(found, KEY) == "kasus1"
    assert [read_token(trick, KEY) for trick in tricks] == [""] * len(tricks)


@pytest.mark.parametrize("token", ["", "a b", "A", "x\r\nBcc: a@b.example", "a" * 60, "é", "../x"])
def test_what_does_not_fit_into_an_address_leaves_the_address_as_it_is(token: str) -> None:
    assert reply_address(BASE, token, KEY) == BASE


def test_an_address_with_no_room_stays_as_it_is() -> None:
    long = f"{'x' * 40}@kampus.example"
    assert reply_address(long, case_token(UUID(int=1)), KEY) == long


def test_another_desk_s_address_carries_nothing_for_us() -> None:
    assert carried([reply_address("lain@kampus.example", "kasus1", KEY)], BASE) == ""
    assert carried(["pengaduan+berita@kampus.example"], BASE) == ""


@pytest.mark.parametrize(
    ("field", "found"),
    [
        (b"<a@b>", ["a@b"]),
        (b"<a@b> <c@d>\r\n <e@f>", ["a@b", "c@d", "e@f"]),
        (b'Surel Anda "Sab, 21 Nov" <a@b>', ["a@b"]),
        (b"a@b", ["a@b"]),
        (b"<abc\r\n def@x>", ["abcdef@x"]),
        (b"<[x@microsoft.com]>", ["[x@microsoft.com]"]),
        (b"<>", []), (b"<@>", []), (b"<a>", []), (b"", []), (b"\xff<\xff>", []), (b"<" * 1000, []),
    ],
)  # fmt: skip
def test_ids_are_read_as_they_are_written(field: bytes, found: list[str]) -> None:
    assert ids(field) == found


def test_the_nearest_comes_first_and_never_the_mail_itself() -> None:
    heads, _body = split(b"Message-ID: <me@x>\nReferences: <1@x> <2@x> <me@x> <3@x>\nIn-Reply-To: <3@x>\n\n", 0, 100)
    assert answered(heads) == ("3@x", "2@x", "1@x")


def test_two_mails_under_one_id_are_told_apart() -> None:
    """Some programs give every mail the same id: neither must be taken for the other."""
    first, second = (b"Message-ID: <0@localhost>\r\nFrom: a@b.example\r\n\r\n" + text for text in (b"lampu", b"pintu"))
    assert external_id(first) == external_id(second)
    assert content_digest(first) != content_digest(second)
    assert content_digest(b"Received: by x\r\n" + first) == content_digest(first)
