"""Person or machine: by headers and structure. Wording alone makes nobody a machine, and no machine begins a case."""

from __future__ import annotations

import pytest

from mail_kinds import OUR_MAIL, OURS, SETTINGS, TO, delivery, part, plain, several
from tanggap.channels.arrivals import Arrival, Kind, Status
from tanggap.channels.email import read


def one(raw: bytes) -> Arrival:
    (arrival,) = read(raw, SETTINGS).arrivals
    return arrival


@pytest.mark.parametrize(
    "fields",
    [
        {"auto_submitted": "auto-replied"},
        {"auto_submitted": "Auto-Generated; type=x"},
        {"auto_submitted": "auto-notified"},
        {"auto_submitted": "no", "return_path": "<>"},
        {"return_path": "< >"},
        {"precedence": "Bulk"},
        {"precedence": "junk"},
        {"x_autoreply": "yes"},
        {"x_auto_response_suppress": "All", "subject": "Automatic reply: Pengaduan"},
        {"list_id": "<x.example>", "list_unsubscribe": "<https://x.example>"},
    ],
)
def test_machines_are_recorded_and_begin_nothing(fields: dict[str, str]) -> None:
    """S40."""
    assert one(plain(1, "x", **fields)).kind is Kind.AUTOMATIC


@pytest.mark.parametrize(
    ("fields", "tag"),
    [
        ({"auto_submitted": "No"}, ""),
        ({"auto_submitted": "no", "precedence": "bulk"}, "bulk"),
        ({"auto_submitted": ""}, ""),
        ({"x_auto_response_suppress": "All"}, "suppress"),
        ({"subject": "Automatic reply: lampu mati"}, "away"),
        ({"subject": "Balasan otomatis: lampu mati"}, "away"),
        ({"subject": "Cuti tidak disetujui"}, ""),
        ({"precedence": "list", "list_id": "<x.example>", "list_post": "<mailto:x@x.example>"}, "list"),
        ({"from": "jangan-balas@warga.example"}, "noreply"),
        ({"from": "Do Not Reply <donotreply@warga.example>"}, "noreply"),
        ({"from": TO}, "loop"),
        ({"x_spam_flag": "YES"}, "spam"),
        ({"subject": "Undelivered Mail"}, ""),
        ({"from": "postmaster@warga.example"}, ""),
        ({"x_tanggap": "tanggap.lain.example"}, ""),
        ({"message_id": f"<surat-1@{OURS}>"}, ""),
    ],
)
def test_people_stay_people_and_what_was_noticed_is_said(fields: dict[str, str], tag: str) -> None:
    """S39, S40, RFC 3834: `no` is a person; a hint stops an automatic answer, never the complaint."""
    arrival = one(plain(1, "lampu mati", **fields))
    assert arrival.kind is Kind.MESSAGE
    assert "unclear" not in arrival.tags
    assert not tag or tag in arrival.tags


@pytest.mark.parametrize(
    "text", ["Saya sedang cuti sampai Senin.", "I am currently out of the office", "Pesan ini dikirim otomatis"]
)
def test_words_of_someone_away_are_noticed_in_the_text(text: str) -> None:
    assert "away" in one(plain(1, text)).tags


@pytest.mark.parametrize(
    ("action", "kind", "status"),
    [
        ("failed", Kind.BOUNCE, Status.FAILED),
        ("Failed ", Kind.BOUNCE, Status.FAILED),
        ("", Kind.BOUNCE, Status.FAILED),
        ("delayed", Kind.STATUS, None),
        ("delivered", Kind.STATUS, Status.DELIVERED),
        ("relayed", Kind.STATUS, Status.DELIVERED),
    ],
)
def test_delivery_reports_say_what_became_of_ours(action: str, kind: Kind, status: Status | None) -> None:
    """RFC 3464."""
    arrival = one(delivery(1, OUR_MAIL, action, "5.1.1", "smtp; 550"))
    assert (arrival.kind, arrival.status, arrival.about) == (kind, status, OUR_MAIL.message_id)


def test_of_several_recipients_the_one_that_failed_counts() -> None:
    status = (
        b"Reporting-MTA: dns; x\r\n\r\nAction: delivered\r\nStatus: 2.0.0\r\n\r\nAction: failed\r\nStatus: 5.2.2\r\n"
    )
    arrival = one(several(1, part("text/plain", b"x"), part("message/delivery-status", status),
                          kind="report; report-type=delivery-status"))  # fmt: skip
    assert (arrival.kind, arrival.detail) == (Kind.BOUNCE, "failed 5.2.2")


def test_a_person_who_sends_us_a_bounce_is_a_person() -> None:
    """Somebody complains that their mail did not arrive, and attaches the proof."""
    bounce = delivery(2, OUR_MAIL, "failed", "5.1.1", "smtp; 550")
    attached = several(1, part("text/plain", b"Surel saya ditolak"), part("message/rfc822", bounce))
    pasted = several(1, part("text/plain", b"Surel saya ditolak"), part("message/delivery-status", b"Action: failed"))
    for raw in (attached, pasted):
        assert (one(raw).kind, one(raw).text) == (Kind.MESSAGE, "Surel saya ditolak")


def test_a_complaint_of_abuse_about_ours_is_no_complaint_of_a_person() -> None:
    feedback = part("message/feedback-report", b"Feedback-Type: abuse")
    copy = part("text/rfc822-headers", f"Message-ID: <{OUR_MAIL.message_id}>".encode())
    arrival = one(several(1, part("text/plain", b"x"), feedback, copy, kind="report; report-type=feedback-report"))
    assert (arrival.kind, arrival.about) == (Kind.AUTOMATIC, OUR_MAIL.message_id)
    assert "abuse" in arrival.tags


def test_a_receipt_of_something_deleted_unread_says_so() -> None:
    said = f"Original-Message-ID: <{OUR_MAIL.message_id}>\r\nDisposition: automatic-action; deleted\r\n"
    arrival = one(several(1, part("message/disposition-notification", said.encode()),
                          kind="report; report-type=disposition-notification"))  # fmt: skip
    assert (arrival.kind, arrival.status, arrival.detail) == (Kind.STATUS, None, "automatic-action; deleted")
