"""Feeds the reading of mail with what a fuzzer thinks of: `scripts/fuzz_mail.py [folder] -max_total_time=600`.

Needs atheris, which is in no lock: `pip install atheris`. The folder keeps what was found worth keeping; without one,
every kind of mail of the tests is the beginning. A mail that raises, takes more than the limit (``-timeout``) or leaves
letters that no page may show ends the run, and lies in a file beside it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["tanggap.channels", "email", "html", "quopri", "base64"]):
    from tanggap.channels.email import content_digest, external_id, reading

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
import mail_kinds

_CONTROLS = {chr(n) for n in range(0x20)} - {"\n", "\t"}

_BARE = {
    "bare_winmail": mail_kinds.plain(1, mail_kinds.tnef(("a.jpg", b"x"), body="halo"), content="application/ms-tnef"),
    "bare_wrapper": mail_kinds.plain(
        1, mail_kinds.wrapper(b"a: b\n\nhalo", indefinite=True), content="application/pkcs7-mime"
    ),
    "bare_page": mail_kinds.plain(1, "<p>a<blockquote>b<a href=x>c</a>&amp;<br>", content="text/html"),
    "bare_rich": mail_kinds.plain(
        1, mail_kinds.tnef(rich=rb"{\rtf1\ansi Di caf\'e9\par \u8220?x}"), content="application/ms-tnef"
    ),
}
"""What the kinds carry in base64, where a fuzzer cannot reach it."""


def one(raw: bytes) -> None:
    """Read ``raw``, without the net that read() spreads beneath."""
    if not raw.strip():
        return
    arrival = reading.arrival(raw, mail_kinds.SETTINGS)
    assert arrival.external_id == external_id(raw)
    assert content_digest(raw)
    about = (arrival.subject, arrival.sender.name, arrival.sender.value, arrival.detail, *arrival.answers)
    for text in (arrival.whole, arrival.text, *about, *(part.name + part.media_type for part in arrival.parts)):
        text.encode()
        assert not _CONTROLS & set(text), repr(text)
    assert arrival.text.strip() or not arrival.whole.strip()
    assert len(arrival.parts) <= 600
    assert arrival.sender.value.count("@") <= 1


def main() -> None:
    """Run until the options say stop."""
    folder = next((one for one in sys.argv[1:] if not one.startswith("-")), "")
    if not folder:
        folder = tempfile.mkdtemp(prefix="fuzz-mail-")
        for name, kind in mail_kinds.KINDS.items():
            raw = kind.build(1, mail_kinds.OUR_MAIL)
            if len(raw) < 20_000:
                (Path(folder) / name).write_bytes(raw)
        for name, raw in _BARE.items():
            (Path(folder) / name).write_bytes(raw)
        sys.argv.append(folder)
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
