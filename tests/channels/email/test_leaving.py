"""Our own mails: one recipient, one thread, no word of others to strangers, nothing smuggled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from mail_kinds import KEY, OURS, SETTINGS, TO
from mail_sink import Mailbox, mailbox
from tanggap.channels.arrivals import Kind, Part
from tanggap.channels.contract import CannotSend
from tanggap.channels.email import Mail, Thread, read, read_token, reply_address, tagged, write
from tanggap.config.mail import mail
from tanggap.worker.mail import Post, message

LETTER = "0123456789abcdef" * 2
THREAD = Thread("0001/UC3/2026", ("baru@warga.example", "lama@warga.example"), reply_address(TO, "kasus1", KEY))
TRICKS = ["a\r\nBcc: v@evil.example", "=?utf-8?q?a=0ABcc:_v=40e.example?=", "a\x85Bcc: v@e.example", "\ud800",
          "x" * 5000, "a\u2028Bcc: v@e.example", "a\x00b", "<a@b>\r\n\r\nisi"]  # fmt: skip


@pytest.fixture
def box(settings: Any) -> Iterator[Mailbox]:
    """A mail server that listens."""
    with mailbox() as found:
        for name, value in mail(found.url).items():
            setattr(settings, name, value)
        yield found


def made(**changed: object) -> Mail:
    usual: dict[str, object] = {"to": "a@warga.example", "subject": "Jawaban", "text": "Sudah."}
    usual |= {"letter": LETTER, "domain": OURS}
    return write(**(usual | changed))  # type: ignore[arg-type]


def test_the_thread_goes_on_by_ids_address_and_subject() -> None:
    """S1-1, peers' lesson 24: three ways lead back, so that one lost on the way does no harm."""
    ours = made(thread=THREAD, by_hand=True)
    assert ours.message_id == f"<{LETTER}@{OURS}>"
    assert ours.headers["In-Reply-To"] == "<baru@warga.example>"
    assert ours.headers["References"] == "<lama@warga.example> <baru@warga.example>"
    assert ours.subject == "[0001/UC3/2026] Jawaban"
    assert read_token(ours.headers["Reply-To"].partition("@")[0].partition("+")[2], KEY) == "kasus1"


def test_an_officer_s_answer_is_no_automatic_mail_and_a_notice_is() -> None:
    """S40, RFC 3834."""
    assert "Auto-Submitted" not in made(by_hand=True).headers
    assert made().headers["Auto-Submitted"] == "auto-generated"
    assert made(thread=THREAD).headers["Auto-Submitted"] == "auto-replied"
    assert made(thread=THREAD).headers["X-Auto-Response-Suppress"] == "All"


def test_words_of_others_never_reach_an_address_nobody_confirmed() -> None:
    """S38, P5."""
    file = Part("foto.jpg", "image/jpeg", b"x")
    for given in ({"words_of_others": True}, {"files": (file,)}):
        with pytest.raises(CannotSend, match="unconfirmed"):
            made(**given)
        assert made(confirmed=True, **given)


@pytest.mark.parametrize("to", ["", "a@b.id,c@d.id", "a@b.id\r\nBcc: x@y.id", "Budi <a@b.id>"])
def test_only_one_plain_address_is_written_to(to: str) -> None:
    """S34."""
    with pytest.raises(CannotSend, match="bad_address"):
        made(to=to)


def test_the_same_letter_is_the_same_mail() -> None:
    """T12: what leaves twice is seen once."""
    assert made(thread=THREAD) == made(thread=THREAD)


def test_the_number_stands_in_the_subject_once() -> None:
    assert tagged("Re: [7/2026] Jawaban", "7/2026") == "Re: [7/2026] Jawaban"
    assert tagged("Jawaban", "") == "Jawaban"
    assert tagged("x" * 500, "7/2026").startswith("[7/2026] x")


@pytest.mark.parametrize("trick", TRICKS)
def test_nothing_is_smuggled_by_any_field(trick: str, box: Mailbox) -> None:
    """S33, T5: subject, number, ids, reply address, domain and names of files."""
    post = Post()
    thread = Thread(trick, (trick, "a@b", f"{trick}@x", "a>@b", "<a@b>"), trick)
    tricky = made(subject=trick, text=f"isi {trick}", confirmed=True, thread=thread,
                  files=(Part(trick, trick, b"x"), Part("surat.pdf", "application/pdf", b"%PDF")))  # fmt: skip
    assert post.send(tricky) == "sent"
    post.close()
    (letter,), (to,) = box.letters, box.recipients
    assert to == ["a@warga.example"]
    for name in ("Subject", "To", "Message-ID", "Date"):
        assert len(letter.get_all(name, [])) == 1
    assert "Bcc" not in letter
    assert letter["References"].split()[-1] == letter["In-Reply-To"]
    assert all(re.fullmatch("<[^<>]+@[^<>]+>", one) for one in letter["References"].split())
    assert "Cc" not in letter
    assert "\n" not in str(letter["Subject"])
    kinds = [part.get_content_type() for part in letter.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "application/octet-stream", "application/pdf"]


def test_what_we_write_is_known_again_and_its_answer_finds_the_case() -> None:
    """S39: our own mail coming back is an echo; an answer to it is a reply with our token."""
    ours = message(made(thread=THREAD)).message().as_bytes()
    (echo,) = read(ours, SETTINGS).arrivals
    assert (echo.kind, echo.external_id) == (Kind.ECHO, f"{LETTER}@{OURS}")
    answer = b"From: a@warga.example\r\nTo: %s\r\nIn-Reply-To: <%s@%s>\r\n\r\nBelum" % (
        THREAD.reply_to.encode(), LETTER.encode(), OURS.encode())  # fmt: skip
    (reply,) = read(answer, SETTINGS).arrivals
    assert reply.answers == (f"{LETTER}@{OURS}",)
    assert read_token(reply.token, KEY) == "kasus1"


def test_another_tanggap_is_a_machine_and_no_echo() -> None:
    """S39: two of us never talk to each other for long."""
    other = message(made(domain="tanggap.lain.example")).message().as_bytes()
    assert read(other, SETTINGS).arrivals[0].kind is Kind.AUTOMATIC
