"""Who sent a mail: exactly one address, or none. A trick is never half believed."""

from __future__ import annotations

import pytest

from tanggap.channels.email import normal
from tanggap.channels.email.addresses import listed, mixed


@pytest.mark.parametrize(
    ("written", "value", "name"),
    [
        ("a@b.example", "a@b.example", ""),
        ("  <A@B.Example>  ", "a@b.example", ""),
        ("Budi Sri <a@b.example>", "a@b.example", "Budi Sri"),
        ('"Budi, Sri (FT)" <a@b.example>', "a@b.example", "Budi, Sri (FT)"),
        ('"Budi \\"Jo\\" Sri" <a@b.example>', "a@b.example", 'Budi "Jo" Sri'),
        ("=?utf-8?Q?Budi=2C_Caf=C3=A9?= <a@b.example>", "a@b.example", "Budi, Café"),
        ("=?utf-8?B?QnVkaQ==?=\r\n =?utf-8?B?IFNyaQ==?= <a@b.example>", "a@b.example", "Budi Sri"),
        ("(siapa (ini)) a@b.example (rumah)", "a@b.example", ""),
        ("<@relay.example,@lain.example:a@b.example>", "a@b.example", ""),
        ("o'neil+kampus@b.example", "o'neil+kampus@b.example", ""),
        ("a@kampüs.example", "a@xn--kamps-nva.example", ""),
        ("Surél <surél@b.example>", "surél@b.example", "Surél"),
    ],
)
def test_what_is_plainly_one_address_is_read(written: str, value: str, name: str) -> None:
    found = listed(written.encode())
    assert [(one.value, one.name) for one in found.addresses] == [(value, name)]
    assert not found.strange


@pytest.mark.parametrize(
    "written",
    [
        "alice@example.org)bob@evil.example", "alice@example.org(<bob@evil.example>", "<a@b.example> <c@d.example>",
        "<a@b.example>c@d.example", "a@b.example <", "<<a@b.example>>", "a b@c.example", "a@b@c.example", "@b.example",
        "a@b", "a@-b.example", '"a@b.example', "=?utf-8?Q?a=40b.example=3E=2C_?= <c@d>", "a@b.example\x00.evil c", "a@",
        "<script>alert(1)</script>@x.example", "a@[127.0.0.1]", "x" * 65 + "@b.example", "a@" + "b" * 64 + ".example",
        "a@b..example",
        "a@\u202eb.example", ".a@b.example", "a@b.example>",
    ],
)  # fmt: skip
def test_a_trick_is_no_address(written: str) -> None:
    """S34, CVE-2023-27043: the other half of the trick is never taken for the whole."""
    found = listed(written.encode())
    assert not found.addresses
    assert found.strange


def test_lists_are_read_with_their_groups_and_empty_places() -> None:
    written = b'a@b.example,, Para Dekan: c@d.example, "x, y" <e@f.example>;, ; tidak ada:;, a@b.example,'
    found = listed(written)
    assert [one.value for one in found.addresses] == ["a@b.example", "c@d.example", "e@f.example"]
    assert not found.strange


def test_an_encoded_word_cannot_smuggle_a_second_address() -> None:
    found = listed(b"=?utf-8?Q?Rektor_=3Crektor=40kampus.example=3E=2C?= <maling@jahat.example>")
    assert [one.value for one in found.addresses] == ["maling@jahat.example"]
    assert "name-is-address" in found.tags


def test_look_alikes_are_never_equal_and_are_told() -> None:
    """S35: a Cyrillic letter in a domain, marks that turn letters round, names of mixed scripts."""
    assert normal("admin@\u0443b.ac.id") == "admin@xn--b-bub.ac.id" != "admin@yb.ac.id"
    found = listed("Dek\u0430n\u202e <admin@\u0443b.ac.id>".encode())
    assert [one.name for one in found.addresses] == ["Dek\u0430n"]
    assert {"foreign-letters", "mixed-scripts"} <= set(found.tags)
    assert mixed("p\u0430ypal")
    assert not mixed("Анна Мария, Budi")


def test_no_letters_of_a_name_are_endless() -> None:
    found = listed(b'"' + b"x" * 5000 + b'" <a@b.example>')
    assert len(found.addresses[0].name) == 200


def test_ten_thousand_recipients_are_read_up_to_the_limit() -> None:
    """S43."""
    found = listed(b", ".join(b"a%d@b.example" % n for n in range(10_000)))
    assert len(found.addresses) == 1000
    assert found.cut
