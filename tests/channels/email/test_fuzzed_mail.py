"""Mail that nobody thought of: random bytes, random mails, and good mails with something broken in them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from mail_kinds import KINDS, OUR_MAIL, SETTINGS
from tanggap.channels.email import address, content_digest, external_id, read, read_token
from tanggap.channels.email.addresses import listed
from tanggap.channels.email.leaving import header
from tanggap.channels.email.markup import harmless, text
from tanggap.channels.email.names import clean
from tanggap.channels.email.reading import arrival
from tanggap.channels.email.words import decoded

SEEDS = [kind.build(1, OUR_MAIL) for kind in KINDS.values()]
SMALL = [raw for raw in SEEDS if len(raw) < 4000]
CONTROLS = {chr(n) for n in range(0x20)} - {"\n", "\t"}
NAMES = [
    "From",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Content-Type",
    "Return-Path",
    "Content-Transfer-Encoding",
    "Content-Disposition",
    "Auto-Submitted",
    "Precedence",
    "List-Id",
    "X-Tanggap",
]
VALUES = [
    b"a@b.example",
    b"<>",
    b"=?utf-8?b?w6k=?=",
    b"multipart/mixed; boundary=b",
    b"text/html; charset=utf-7",
    b"base64",
    b"message/rfc822",
    b"attachment; filename*0*=utf-8''%e9",
    b"application/ms-tnef",
    b"application/pkcs7-mime",
    b"--b",
    b"\x78\x9f\x3e\x22",
    b"0\x80\x06\x09",
    b"begin 644 a\nM\nend",
    b"multipart/report; report-type=delivery-status",
]
piece = st.sampled_from(VALUES) | st.binary(max_size=30)
field = st.tuples(st.sampled_from(NAMES), st.lists(piece, max_size=3)).map(
    lambda f: f[0].encode() + b": " + b" ".join(f[1])
)
mails = st.tuples(st.lists(field, max_size=8), st.lists(piece, max_size=12)).map(
    lambda mail: b"\r\n".join([*mail[0], b"", *mail[1]])
)


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """A good mail with a few bytes changed, cut, doubled or moved."""
    raw = draw(st.sampled_from(SMALL))
    for _ in range(draw(st.integers(1, 5))):
        at, length = draw(st.integers(0, len(raw))), draw(st.integers(0, 60))
        way = draw(st.sampled_from(["cut", "double", "change", "end"]))
        if way == "cut":
            raw = raw[:at] + raw[at + length :]
        elif way == "double":
            raw = raw[: at + length] + raw[at:]
        elif way == "change":
            raw = raw[:at] + draw(piece) + raw[at + length :]
        else:
            raw = raw[:at]
    return raw


def hold(raw: bytes) -> None:
    """What is true of every arrival, whatever it was made of."""
    reading = read(raw, SETTINGS)
    if not raw.strip():
        assert not reading.arrivals
        return
    (found,) = reading.arrivals
    assert found == arrival(raw, SETTINGS), "the net was needed"
    assert found.external_id == external_id(raw)
    assert len(content_digest(raw)) == 64
    assert found.sender.value == "" or found.sender.value.count("@") == 1
    assert not found.sender.vouched
    assert read_token(found.token, b"another key") == ""
    assert bool(found.text.strip()) == bool(found.whole.strip())
    for said in (
        found.text,
        found.whole,
        found.subject,
        found.sender.name,
        found.detail,
        *(part.name for part in found.parts),
    ):
        said.encode()
        assert not CONTROLS & set(said)
    for part in found.parts:
        assert part.name
        assert "/" in part.media_type
        assert "/" not in part.name
    assert all("@" in one and one.isprintable() for one in found.answers)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read(raw: bytes) -> None:
    """P2."""
    hold(raw)


@settings(max_examples=400, deadline=None)
@given(mails)
def test_any_mail_is_read(raw: bytes) -> None:
    """P2."""
    hold(raw)


@settings(max_examples=400, deadline=None)
@given(broken())
def test_any_broken_mail_is_read(raw: bytes) -> None:
    """P2."""
    hold(raw)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(["a@b.example", "<", ">", '"', "(", ")", ",", ":", ";", "\\", " ", "x", "é", "=?utf-8?q?=3C?="])
    )
)
def test_what_is_found_in_a_list_of_addresses_is_an_address(pieces: list[str]) -> None:
    """S34: nothing is an address that stood only inside a quoted name or a comment."""
    for one in listed("".join(pieces).encode()).addresses:
        assert one.value == "a@b.example" or address(one.value) or not one.value.isascii()


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_what_is_cleaned_is_clean_and_cleaning_it_again_changes_nothing(typed: str) -> None:
    assert clean(clean(typed)) == clean(typed)
    assert header(header(typed)) == header(typed)
    assert not set("\r\n\0/\\") & set(clean(typed))
    assert "<script" not in harmless(typed).lower()
    text(typed)
    decoded(typed.encode("utf-8", "replace"))
