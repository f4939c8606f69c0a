"""Wrappers, names, pages and dates one by one, where the kinds of mail show only the usual form of each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from struct import pack

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7

from mail_kinds import tnef, wrapper
from tanggap.channels.email import names
from tanggap.channels.email.charsets import decode
from tanggap.channels.email.dates import moment
from tanggap.channels.email.encodings import body, uuencoded
from tanggap.channels.email.flowed import unflow
from tanggap.channels.email.markup import harmless, text
from tanggap.channels.email.parameters import value
from tanggap.channels.email.rtf import text as rich_text
from tanggap.channels.email.rtf import unpacked
from tanggap.channels.email.smime import signed_content
from tanggap.channels.email.tnef import opened


# names ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("..%2f..%2fetc", "_.._etc"),
        ("\u2025\uff0fetc", "etc"),
        ("C:\\dir\\a.doc", "a.doc"),
        ("a\0.pdf", "a.pdf"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        (".htaccess", "htaccess"),
        ("surat\u202egpj.exe", "suratgpj.exe"),
        ("a\u200bb\ufeff.pdf", "ab.pdf"),
        ("a\r\nb.pdf", "a b.pdf"),
        ('a"<b>|?*.pdf', "a__b____.pdf"),
        ("  a . ", "a"),
        ("", ""),
        ("///", ""),
        ("diskon 50%.pdf", "diskon 50%.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("...", ""),
    ],
)
def test_names_are_cleaned(typed: str, shown: str) -> None:
    """S46."""
    assert names.clean(typed) == shown


def test_an_encoded_path_in_a_name_is_decoded_before_it_is_cleaned() -> None:
    """S46, RFC 2231."""
    disposition = value(b"attachment; filename*=utf-8''%2e%2e%2fetc%2fpasswd")
    assert names.clean(disposition.text("filename")) == "passwd"


# parameters and encodings ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "name"),
    [
        (b'x/y; name="a;b=\\"c\\".pdf"', 'a;b="c".pdf'),
        (b"x/y; name=a b.pdf; q=1", "a b.pdf"),
        (b'x/y; name="a.pdf', "a.pdf"),
        (b"x/y;name*1=b.pdf;name*0=a", "ab.pdf"),
        (b"x/y; name*=iso-8859-1'id'caf%E9", "café"),
        (b"x/y; name=", ""),
        (b'x/y; NAME="a.pdf";;', "a.pdf"),
        ("x/y; name=café".encode(), "café"),
        (b"x/y; name*0*=utf-8''a%20; name*1=%20", "a %20"),
    ],
)
def test_parameters_are_put_together(written: bytes, name: str) -> None:
    assert value(written).text("name") == name


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        (b"", "text/plain"),
        (b"text", "text/plain"),
        (b"TEXT/HTML; x", "text/html"),
        (b"text/", "text/plain"),
        (b"image", "application/octet-stream"),
        (b"text/pl ain", "text/plain"),
        (b"\xff/\xff", "application/octet-stream"),
    ],
)
def test_odd_media_types_are_something(written: bytes, kind: str) -> None:
    assert value(written).media_type == kind


@pytest.mark.parametrize("cut", range(8))
def test_base64_gives_what_can_be_told(cut: int) -> None:
    written = b"bGFt\r\ncHU=" + b"bWF0aQ=="
    assert body(written, 0, len(written), b"Base64 ").data == b"lampumati"
    short = written[: len(written) - cut]
    assert b"lampumati".startswith(body(short, 0, len(short), b"base64").data)


def test_uuencode_in_the_middle_of_a_text_is_taken_out_and_words_like_it_stay() -> None:
    rest, files = uuencoded(b"awal\nbegin 644 a.txt\n#86)C\n`\nend\nakhir\n")
    assert (rest, files) == (b"awal\n\nakhir\n", [("a.txt", b"abc")])
    story = b"begin 644 perkara\nlampu itu sudah mati sejak lama\nend\n"
    assert uuencoded(story) == (story, [])


@pytest.mark.parametrize(
    ("data", "label", "said"),
    [
        (b"caf\xe9", "iso-8859-1", "café"),
        ("“x”".encode("cp1252"), "ISO_8859-1:1987", "“x”"),
        (b"caf\xe9", "", "café"),
        ("é".encode(), "windows-1252", "é"),
        ("é".encode(), "x-unknown", "é"),
        ("я".encode("koi8-r"), "KOI8-R", "я"),
        ("я".encode("cp1251"), "cp-1251", "я"),
        ("燈".encode("big5"), "big5", "燈"),
        ("é".encode("utf-16"), "utf-16", "é"),
        ("灯".encode(), "gb2312", "灯"),
        (b"\xff\xfeh\0i\0", "utf-8", "hi"),
        (b"+2AA-", "utf-7", "\ufffd"),
        (b"abc", "hex", "abc"),
    ],
)
def test_letters_are_read_whatever_they_are_called(data: bytes, label: str, said: str) -> None:
    assert decode(data, label)[0] == said


def test_lines_cut_for_the_way_are_whole_again_but_not_signatures_or_quotes() -> None:
    flowed = "lampu \nmati\n> kutip \n> lanjut\nlagi\n-- \nBudi"
    assert unflow(flowed, delete_space=False) == "lampu mati\n> kutip lanjut\nlagi\n-- \nBudi"
    assert unflow("lam \npu", delete_space=True) == "lampu"


# dates ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "written",
    [
        b"Sat, 21 Nov 2026 10:00:00 +0700",
        b"21 Nov 2026 10:00 +0700 (WIB)",
        b"Sab, 21 Nopember 2026 10.00.00 WIB",
        b"Sat, 21 Nov 26 03:00:00 GMT",
        b"2026-11-21T10:00:00+07:00",
        b"Sat,  21-Nov-2026 03:00:00 -0000",
        b"21 Nov 2026 11:00:00 WITA",
    ],
)
def test_dates_are_read_in_many_forms(written: bytes) -> None:
    assert moment(written) == datetime(2026, 11, 21, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"kemarin",
        b"Sat, 21 Nov 2026 10:00:00",
        b"Sat, 21 Nov 2026 10:00:00 XYZ",
        b"32 Nov 2026 10:00:00 +0700",
        b"21 Nov 2026 25:00:00 +0700",
        b"1 Jan 0000 00:00:00 +0000",
        b"31 Dec 9999 23:59:59 -1400",
        b"1 Jan 1970 00:00:00 +0000",
        b"21 Nov 2026 10:00:00 +1500",
        b"21 Nov 2026 10:00:00 +9999",
        b"\xff" * 300,
    ],
)
def test_what_is_no_moment_is_none(written: bytes) -> None:
    assert moment(written) is None


# wrappers -------------------------------------------------------------------------------------------------------------
def test_a_wrapper_made_by_others_is_opened() -> None:
    """The library that signs in the world outside, and the streamed form with lengths left open."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Budi")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    )
    signed = certificate.not_valid_before(start).not_valid_after(start + timedelta(1)).sign(key, hashes.SHA256())
    said = b"Content-Type: text/plain\r\n\r\nlampu mati\r\n"
    builder = pkcs7.PKCS7SignatureBuilder().set_data(said).add_signer(signed, key, hashes.SHA256())
    assert signed_content(builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])) == said
    assert signed_content(wrapper(said, indefinite=True)) == said


@pytest.mark.parametrize(
    "data", [b"", b"0", b"0\x80", wrapper(b"x", kind=3), wrapper(b"x")[:-5], b"\xff" * 100, b"0\x84\xff\xff\xff\xff"]
)
def test_what_is_no_signed_wrapper_stays_closed(data: bytes) -> None:
    assert signed_content(data) is None


def test_winmail_gives_files_and_text_and_what_comes_before_a_break() -> None:
    whole = tnef(("surat lampu.pdf", b"%PDF"), ("b.jpg", b"jpeg"), body="Selamat pagi")
    found = opened(whole)
    assert [(part.name, part.data) for part in found.files] == [("surat lampu.pdf", b"%PDF"), ("b.jpg", b"jpeg")]
    assert (found.text, found.sound) == ("Selamat pagi", True)
    for end in range(len(whole)):
        cut = opened(whole[:end])
        assert {part.data for part in cut.files} <= {b"%PDF", b"jpeg"}
    assert not opened(b"bukan winmail").sound


def test_rich_text_is_read() -> None:
    head = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\*\generator X;}\pard "
    rich = head + rb"Di caf\'e9\par lampu \u8220?mati\u8221?\tab\{1\}}"
    assert rich_text(rich) == "Di café\nlampu “mati”\t{1}"
    assert unpacked(pack("<II4sI", 0, len(rich), b"MELA", 0) + rich) == rich
    packed = b"\x00{\\rtf1 ab" + bytes([0b00000011]) + b"\x0d\x61" + b"\xff\xff"
    assert unpacked(pack("<II4sI", 0, 200, b"LZFu", 0) + packed).startswith(b"{\\rtf1 a")
    assert unpacked(b"\xff" * 40) == b""


# pages ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("<p>Lampu</p><p>mati</p>", "Lampu\n\nmati"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<ul><li>satu<li>dua</ul>", "- satu\n- dua"),
        ("<table><tr><td>No</td><td>1</td></tr><tr><td>Isi</td><td>x</td></tr></table>", "No 1\nIsi x"),
        ('Lihat <a href="https://x.example/a?b=1&amp;c=2">ini</a>', "Lihat ini (https://x.example/a?b=1&c=2)"),
        ('<a href="https://x.example/">https://x.example</a>', "https://x.example"),
        ('<a href="javascript:alert(1)">x</a>', "x"),
        ('<img src="https://jahat.example/1.gif" alt="foto lampu">', "[foto lampu]"),
        ("<style>p{}</style><script>x</script><title>y</title>z", "z"),
        ("<!-- <p>x</p> -->y", "y"),
        ("<blockquote>a<br>b<blockquote>c</blockquote></blockquote>d", "> a\n> b\n>>\n>> c\nd"),
        (
            "1 < 2 &amp; 3 &gt; 2 &nbsp; &#x1F4A1; &tidakada; &#99999999;",
            "1 < 2 & 3 > 2 \U0001f4a1 &tidakada; &#99999999;",
        ),
        ("<p>terpotong <b", "terpotong"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
    ],
)
def test_pages_are_read_as_text(page: str, said: str) -> None:
    assert text(page) == said


def test_a_page_is_made_harmless() -> None:
    """S27: nothing that runs, and nothing that would be fetched when it is shown."""
    page = (
        '<base href="https://jahat.example/"><meta http-equiv="refresh" content="0;url=https://jahat.example">'
        '<style>@import "https://jahat.example/a.css"</style><img src="https://jahat.example/p.gif">'
        '<p style="background:url(https://jahat.example/b)" onclick="x()">Lampu</p>'
        '<svg onload="x()"><feImage href="https://jahat.example/"/></svg><form action="x"><input></form>'
        '<iframe srcdoc="x"></iframe><a href="javascript:x()">a</a><a href="https://kampus.example/">b</a>'
    )
    clean = harmless(page)
    assert "jahat" not in clean
    forbidden = (" on", "style", "<img", "<svg", "<form", "<meta", "<base", "<iframe", "script")
    assert not any(word in clean for word in forbidden)
    assert "<p>Lampu</p>" in clean
    assert 'href="https://kampus.example/"' in clean


@pytest.mark.parametrize("page", ["<div>" * 300, "<b><table>" * 200, "<p>" + "x" * 300_000])
def test_a_page_too_deep_or_too_long_is_not_given_to_the_sanitizer(page: str) -> None:
    """T7: its time grows with the square of the depth."""
    assert harmless(page) == ""
