"""What comes of every kind of mail: the same outcome, the words, the files, whoever wrote it in whatever way."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import mail_kinds
from mail_kinds import KEY, KINDS, OUR_MAIL, SETTINGS, MailKind
from tanggap.channels.arrivals import Arrival, Kind, Status
from tanggap.channels.email import external_id, read, read_token

ALL = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def one(raw: bytes) -> Arrival:
    (arrival,) = read(raw, SETTINGS).arrivals
    return arrival


def made(name: str, n: int = 1) -> Arrival:
    return one(KINDS[name].build(n, OUR_MAIL))


@ALL
def test_every_kind_becomes_what_it_is(kind: MailKind) -> None:
    """P2: no mail is thrown away because it is odd."""
    arrival = one(kind.build(1, OUR_MAIL))
    assert mail_kinds.outcome(arrival) == kind.becomes
    assert kind.says in arrival.whole
    assert len(arrival.parts) == kind.files
    assert all(part.name and part.data is not None for part in arrival.parts)
    assert not any(fault.startswith("not read") for fault in arrival.faults)


@ALL
def test_the_same_mail_has_the_same_id_and_another_another(kind: MailKind) -> None:
    """P3: ids are stable, and known before the mail is looked into."""
    first, again, other = (kind.build(n, OUR_MAIL) for n in (1, 1, 2))
    assert one(first).external_id == one(again).external_id == external_id(first) != external_id(other)


def test_no_two_kinds_share_an_id() -> None:
    ids = [external_id(kind.build(1, OUR_MAIL)) for kind in KINDS.values()]
    assert len(set(ids)) == len(ids) >= 65


def test_an_id_is_made_up_where_the_mail_has_none_and_survives_another_way_here() -> None:
    for name in ("without_an_id", "an_empty_id"):
        raw = KINDS[name].build(1, OUR_MAIL)
        assert external_id(raw).startswith("digest:")
        other_way = b"Received: by other.example\r\nDelivered-To: x@kampus.example\r\n" + raw.replace(b"\r\n", b"\n")
        assert external_id(other_way) == external_id(raw)
    assert made("an_id_as_exchange_writes_it").external_id.startswith("[0000")


@ALL
def test_letters_are_letters(kind: MailKind) -> None:
    """What travels on has one kind of line end, no control mark, nothing that turns letters round."""
    arrival = one(kind.build(1, OUR_MAIL))
    for text in (
        arrival.whole,
        arrival.text,
        arrival.subject,
        arrival.sender.name,
        *(part.name for part in arrival.parts),
    ):
        text.encode()
        assert all(c in "\n\t" or ord(c) >= 0x20 for c in text)
        assert not set(text) & set("\u202e\u2028\x85\x7f")


def test_encoded_words_of_two_charsets_stand_beside_each_other() -> None:
    raw = mail_kinds.plain(
        1, "x", subject="=?utf-8?Q?caf=C3=A9?= =?iso-8859-1?Q?_=E9?=\r\n =?koi8-r?B?0Q==?= x =?utf-8?Q?y?=z"
    )
    assert one(raw).subject == "café é\u044f x yz"


def test_fields_are_read() -> None:
    arrival = made("short_and_plain")
    assert (arrival.sender.value, arrival.sender.name) == ("pelapor1@warga.example", "Pelapor 1")
    assert not arrival.sender.vouched
    assert arrival.sent_at == datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
    assert (arrival.subject, [to.value for to in arrival.recipients]) == ("Lampu kelas mati 1", [mail_kinds.TO])


def test_a_letter_cut_in_two_is_one_letter() -> None:
    assert made("a_letter_cut_in_two_encoded_words").subject == "Lampu é mati ruang 3"


@pytest.mark.parametrize("name", ["without_a_date", "a_date_in_the_year_zero"])
def test_without_a_readable_date_the_last_server_says_when(name: str) -> None:
    assert made(name).sent_at == datetime(2026, 11, 21, 3, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("a_name_in_pieces", "café foto lampu.jpg"), ("a_name_as_encoded_word", "café.jpg"),
     ("a_name_that_is_a_path", "passwd"),
     ("uuencoded", "foto.jpg"), ("winmail", "foto lampu.jpg"), ("only_an_attachment", "surat.pdf"),
     ("handed_on_as_a_file", "lampiran-1.eml")],
)  # fmt: skip
def test_files_have_the_names_they_were_given(kind: str, name: str) -> None:
    assert [part.name for part in made(kind).parts] == [name]


def test_files_arrive_byte_for_byte() -> None:
    assert made("only_an_attachment").parts[0].data == mail_kinds.PDF
    assert made("winmail").parts[0].data == mail_kinds.JPEG
    assert made("text_on_both_sides_of_a_picture").parts[0].data == mail_kinds.JPEG
    assert made("uuencoded").parts[0].data == bytes(135)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("reply_by_gmail", "Sudah menyala, terima kasih 1"),
        ("reply_by_outlook", "Belum menyala 1"),
        ("reply_by_telephone", "Sudah 1"),
    ],
)
def test_of_a_reply_the_new_words_are_shown_and_the_whole_is_kept(name: str, text: str) -> None:
    arrival = made(name)
    assert arrival.text == text
    assert len(arrival.whole) > len(text)


def test_of_a_mail_that_answers_nothing_all_is_new() -> None:
    """Whoever hands us their letters to another office means all of them."""
    said = "Mohon bantu.\n\nPada 21 Nov 2026 Biro <b@c.example> menulis:\n> Ditolak."
    assert one(mail_kinds.plain(1, said)).text == said


def test_words_between_quotes_keep_their_questions() -> None:
    text = made("reply_between_the_lines").text
    assert all(said in text for said in ("Di ruang mana?", "Ruang 3.1", "Sejak Senin"))
    assert "Salam" not in text


def test_what_is_handed_on_is_not_cut_away() -> None:
    assert "lampu ruang 1" in made("handed_on_in_the_text").text


def test_a_reply_says_what_it_answers_and_carries_our_token() -> None:
    arrival = made("reply_by_gmail")
    assert arrival.answers == (OUR_MAIL.message_id,)
    assert read_token(arrival.token, KEY) == "kasus1"
    assert made("reply_known_by_its_address_alone").answers == ()
    assert read_token(made("reply_known_by_its_address_alone").token, KEY) == "kasus1"


@pytest.mark.parametrize(
    ("name", "kind", "status", "detail"),
    [("undelivered", Kind.BOUNCE, Status.FAILED, "failed 5.1.1 smtp; 550 5.1.1 no such user"),
     ("undelivered_in_words_alone", Kind.BOUNCE, Status.FAILED, "failure notice 550"),
     ("delayed", Kind.STATUS, None, "delayed 4.4.1 smtp; 421 try later"),
     ("read_receipt", Kind.STATUS, Status.READ, "manual-action/MDN-sent-manually; displayed")],
)  # fmt: skip
def test_reports_name_the_mail_they_are_about(name: str, kind: Kind, status: Status | None, detail: str) -> None:
    arrival = made(name)
    assert (arrival.kind, arrival.status, arrival.detail, arrival.about) == (kind, status, detail, OUR_MAIL.message_id)


@pytest.mark.parametrize(
    ("name", "tag"),
    [("encrypted", "encrypted"), ("encrypted_by_pgp", "encrypted"), ("signed_beside", "signed"),
     ("signed_in_a_wrapper", "signed"), ("an_invitation", "invitation"), ("handed_on_as_a_file", "forwarded"),
     ("sixty_deep", "shortened"), ("a_thousand_parts", "shortened"),
     ("through_a_mailing_list", "list"),
     ("a_sender_that_takes_no_answer", "noreply"), ("out_of_office", "away"), ("our_own_mail_again", "loop"),
     ("delayed", "delayed")],
)  # fmt: skip
def test_what_was_noticed_is_said(name: str, tag: str) -> None:
    assert tag in made(name).tags


def test_nothing_at_all_is_no_arrival_and_says_so() -> None:
    for raw in (b"", b"\r\n \r\n"):
        reading = read(raw, SETTINGS)
        assert not reading.arrivals
        assert reading.faults


def test_a_fault_of_ours_still_leaves_an_arrival(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong, a person finds the mail, its sender and why."""

    def broken(*_args: object, **_named: object) -> str:
        raise RecursionError

    monkeypatch.setattr("tanggap.channels.email.stripping.new_words", broken)
    monkeypatch.setattr("tanggap.channels.email.kinds.written", broken)
    arrival = one(KINDS["short_and_plain"].build(1, OUR_MAIL))
    assert arrival.tags == ("unclear",)
    assert arrival.faults == ("not read: RecursionError",)
    assert arrival.sender.value == "pelapor1@warga.example"
