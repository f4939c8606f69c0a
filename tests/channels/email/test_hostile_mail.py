"""Mail made to break whoever reads it: each is read within seconds and 512 MB, and something is left of it to see."""

from __future__ import annotations

import base64
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest

from mail_kinds import SETTINGS, deep, head, plain, several, wrapper
from tanggap.channels.arrivals import Arrival
from tanggap.channels.email import external_id, read

MEGABYTE = 1024 * 1024
SECONDS, SECONDS_IF_HUGE = 2.0, 5.0


def html(piece: str, times: int) -> bytes:
    return plain(1, piece * times, content="text/html; charset=utf-8")


def answering(piece: str, times: int) -> bytes:
    return plain(1, piece * times, in_reply_to="<a@b>")


WRAPPED = wrapper(b"x" * 20, indefinite=True).partition(b"\x04\x84")[0]
POISON: dict[str, Callable[[], bytes]] = {
    "an id of Exchange": lambda: plain(1, "halo", message_id="<[x@microsoft.com]>"),
    "parentheses": lambda: plain(1, "halo", to="(" * 3000 + "x"),
    "commas": lambda: plain(1, "halo", **{"from": "," * 100_000}),
    "nested comments": lambda: plain(1, "halo", **{"from": "(" * 50_000 + ")" * 50_000 + " a@b.example"}),
    "quotes without end": lambda: plain(1, "halo", **{"from": '"' * 100_001 + "a@b.example"}),
    "a thousand levels": lambda: deep(1, 1000),
    "five thousand levels": lambda: deep(1, 5000),
    "a hundred thousand parts": lambda: several(1, *[b"\r\nx"] * 100_000),
    "fifteen thousand encoded words": lambda: plain(1, "halo", subject="=?utf-8?q?a?= " * 15_000),
    "encoded words without end": lambda: plain(1, "halo", subject="=?utf-8?q?a" * 15_000),
    "a comma that trails": lambda: plain(1, "halo", cc="a@b.example,,,"),
    "a parameter of stars": lambda: plain(1, "halo", content="text/plain; name*; name*=; *=x; name*99999=x; name*0*='"),
    "parameters without end": lambda: plain(1, "halo", content="text/plain" + ';a="' * 60_000),
    "an empty id": lambda: plain(1, "halo", message_id=""),
    "a field of a megabyte": lambda: plain(1, "halo", x_a="a" * 1_000_000),
    "two hundred thousand fields": lambda: head(1) + b"a:b\r\n" * 200_000 + b"\r\nhalo",
    "lines that are no fields": lambda: head(1) + (b"abc\r\n" * 4 + b"From: x\r\n") * 20_000 + b"\r\nhalo",
    "nothing but NUL": lambda: bytes(MEGABYTE),
    "NUL in fields": lambda: plain(1, "halo\0halo", subject="a\0b", **{"from": "a\0 <a@b.example>"}),
    "a charset that is none": lambda: plain(1, "halo é".encode("latin-1"), content='text/plain; charset="idna'),
    "the year zero": lambda: plain(1, "halo", date="Sat, 0 Jan 0000 99:99:99 +99999"),
    "ten thousand recipients": lambda: plain(1, "halo", to=", ".join(f"a{n}@b.example" for n in range(10_000))),
    "tags without end": lambda: html("<a foo", 200_000),
    "divs": lambda: html("<div>", 100_000),
    "formatting and tables": lambda: html("<b><table>", 20_000),
    "comments without end": lambda: html("<!--", 2_000_000),
    "scripts": lambda: html("<script>", 250_000),
    "less than": lambda: html("<", 500_000),
    "a number without end": lambda: html("&#" + "1" * 5000, 200),
    "quotes in quotes": lambda: html("<blockquote>", 100_000),
    "heads of quotes": lambda: answering("Dari: x\nDari: y\n", 9000),
    "heads that never end": lambda: answering("Pada " + "x " * 290 + ":\n", 5000),
    "writes writes writes": lambda: answering(" menulis" * 60 + ":\n", 5000),
    "files that never begin": lambda: plain(1, "begin 644 a\n" * 100_000),
    "a wrapper in a wrapper": lambda: plain(1, b"0\x80" * 100_000, content="application/pkcs7-mime"),
    "a wrapper in pieces": lambda: plain(1, WRAPPED + b"\x04\x00" * 4_000_000, content="application/pkcs7-mime"),
    "a wrapper of nothing": lambda: plain(1, wrapper(b"", indefinite=True)[:-9], content="application/pkcs7-mime"),
    "a winmail of noise": lambda: plain(1, b"\x78\x9f\x3e\x22" + b"\xff" * 500_000, content="application/ms-tnef"),
}  # fmt: skip


def taken(raw: bytes) -> tuple[Arrival, float]:
    """What was read, without help of the net beneath, and the seconds of processor it took."""
    before = process_time()
    (found,) = read(raw, SETTINGS).arrivals
    seconds = process_time() - before
    assert not any(fault.startswith("not read") for fault in found.faults)
    return found, seconds


@pytest.mark.parametrize("name", POISON)
def test_poison_is_read_in_a_moment(name: str) -> None:
    """T4, T6, T7, S30, S41, S42, S43, F25, P2: the standard library raises on some, and takes minutes over others."""
    raw = POISON[name]()
    found, seconds = taken(raw)
    assert seconds < SECONDS
    assert found.external_id == external_id(raw)
    assert found.whole or found.parts or "unclear" in found.tags


def test_what_lies_deeper_than_fifty_is_kept_as_it_came() -> None:
    """S41."""
    for levels, kept in ((50, False), (51, True), (5000, True)):
        found, _seconds = taken(deep(1, levels))
        assert ("shortened" in found.tags) is kept
        assert (found.whole == "di dasar") is not kept
        if kept:
            (rest,) = found.parts
            assert rest.media_type == "message/rfc822"
            assert b"di dasar" in (rest.data or b"")


def test_what_comes_after_five_hundred_parts_is_kept_as_it_came() -> None:
    """S43."""
    found, _seconds = taken(several(1, *[b"Content-Type: image/png\r\n\r\nx%d" % n for n in range(2000)]))
    assert len(found.parts) == 501
    rest = found.parts[-1].data or b""
    assert b"x500" in rest
    assert b"x1999" in rest
    assert "too many parts" in found.faults


HUGE = {
    "base64": lambda: head(1, content_type="application/pdf; name=a.pdf", content_transfer_encoding="base64") + b"\r\n"
    + base64.encodebytes(bytes(57) * 650_000),
    "text": lambda: head(1, content_type="text/plain", content_transfer_encoding="base64") + b"\r\n"
    + base64.encodebytes(b"lampu mati\n" * 3_400_000),
    "uuencode": lambda: plain(1, b"begin 644 a\n" + (b"M" + b"0" * 60 + b"\n") * 800_000 + b"`\nend\n"),
    "boundaries": lambda: several(1)[:-4] + b"--=_b1x\r\n" * 5_000_000,
    "html": lambda: html("<p>lampu &amp; kipas</p>", 1_500_000),
    "deep and long": lambda: deep(1, 49).replace(b"di dasar", b"di dasar\r\n" * 5_000_000),
    "beyond the limit": lambda: plain(1, b"lampu mati\n" * 7_000_000),
}  # fmt: skip


@pytest.mark.parametrize("name", HUGE)
def test_fifty_megabytes_are_read_within_seconds_and_512_megabytes(name: str, tmp_path: Path) -> None:
    """S43: in a child whose memory is limited, as the entrances read it."""
    (tmp_path / "mail.eml").write_bytes(HUGE[name]())
    program = (
        "import sys; from pathlib import Path; from time import process_time\n"
        "from tanggap.channels.email.reading import arrival\n"
        "raw = Path(sys.argv[1]).read_bytes(); before = process_time()\n"
        "found = arrival(raw, {}); print(process_time() - before, len(found.parts), len(found.whole))"
    )

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (512 * MEGABYTE, 512 * MEGABYTE))

    done = subprocess.run([sys.executable, "-c", program, str(tmp_path / "mail.eml")], capture_output=True, text=True,
                          preexec_fn=limit, timeout=60, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr[-500:]
    seconds, parts, letters = done.stdout.split()
    assert float(seconds) < SECONDS_IF_HUGE
    assert int(parts) or int(letters)
