"""SMS by gateways and by a modem: fields by any name, long messages, proofs of sending, and what a text costs."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanggap.channels import gammu, gsm, phones, sms
from tanggap.channels.arrivals import Kind, Piece, Status
from tanggap.channels.contract import CannotSend, Fate, Hook, Outgoing, Reply

HERE = Path(__file__).parent
AT = datetime.fromtimestamp(1_790_000_000, UTC)


def outgoing(text: str = "Sudah kami perbaiki.", to: str = "08123456789") -> Outgoing:
    return Outgoing(to, text, "0123abcd", AT)


@pytest.mark.parametrize(
    ("written", "found"),
    [("08123456789", "+628123456789"), ("+62 812-3456-789", "+628123456789"), ("628123456789", "+628123456789"),
     ("(0341) 554403", "+62341554403"), ("3636", ""), ("Indosat", ""), ("", ""), ("0812" * 20, "")],
)  # fmt: skip
def test_a_number_has_one_form_however_it_is_written(written: str, found: str) -> None:
    assert phones.number(written) == found


def test_a_short_message_is_160_letters_of_gsm_or_70_of_unicode() -> None:
    assert gsm.size("a" * 160) == gsm.Size(160, 1, False)
    assert gsm.size("a" * 161) == gsm.Size(161, 2, False)
    assert gsm.size("é" * 160).pieces == 1
    assert gsm.size("€" * 80) == gsm.Size(160, 1, False)
    assert gsm.size("ñ" * 160 + "ā").is_unicode
    assert gsm.size("ā" * 70) == gsm.Size(70, 1, True)
    assert gsm.size("ā" * 71) == gsm.Size(71, 2, True)
    assert gsm.size("👍" * 35) == gsm.Size(70, 1, True)
    assert gsm.size("") == gsm.Size(0, 1, False)
    assert not gsm.size(gsm.plain("\u201cBaik\u201d \u2013 terima kasih\u2026")).is_unicode


@given(st.text(alphabet="a€[ā👍\n", max_size=600))
def test_no_letter_is_cut_in_two_and_no_piece_is_too_long(text: str) -> None:
    cut = gsm.pieces(text)
    assert "".join(cut) == text
    assert gsm.size(text).pieces == len(cut)
    most = (67 if gsm.size(text).is_unicode else 153) if len(cut) > 1 else (70 if gsm.size(text).is_unicode else 160)
    for piece in cut:
        units = sum(2 if (ord(one) > 0xFFFF or (one in "€[" and not gsm.size(text).is_unicode)) else 1 for one in piece)
        assert units <= most


def test_a_gateways_message_is_read_by_the_names_its_settings_give() -> None:
    """S4-1: an SMS of any vendor."""
    (found,) = sms.read((HERE / "sms" / "text.json").read_bytes(), {}).arrivals
    assert (found.external_id, found.sender.value, found.text, found.sent_at) == (
        "s-1", "+628123456789", "Toilet lantai 1 bocor", AT,
    )  # fmt: skip
    other = {"in_from": "msisdn", "in_text": "message", "in_id": "mid", "in_time": "ts"}
    raw = json.dumps(
        {"msisdn": "628123456789", "message": "Halo", "mid": 17, "ts": "2026-09-21T20:53:20+07:00"}
    ).encode()
    (found,) = sms.read(raw, other).arrivals
    assert (found.external_id, found.text, found.sender.value) == ("17", "Halo", "+628123456789")
    assert len(sms.read((HERE / "sms" / "several.json").read_bytes(), {}).arrivals) == 2
    (found,) = sms.read((HERE / "sms" / "form.txt").read_bytes(), {}).arrivals
    assert (found.text, found.sender.value) == ("Parkir penuh", "+628123456789")


def test_a_message_without_an_id_gets_the_same_one_each_time_it_is_told() -> None:
    raw = b'{"from": "0812345678", "text": "Halo", "time": "1790000000"}'
    first, again = (sms.read(raw, {}).arrivals[0].external_id for _ in range(2))
    assert first == again
    assert sms.read(raw.replace(b"Halo", b"Hai"), {}).arrivals[0].external_id != first


def test_a_piece_of_a_long_message_says_which_one_it_is() -> None:
    (found,) = sms.read((HERE / "sms" / "piece.json").read_bytes(), {"in_ref": "ref"}).arrivals
    assert found.piece == Piece("628123456789:77:2", 2, 2)


def test_a_delivery_report_says_what_became_of_ours() -> None:
    (found,) = sms.read((HERE / "sms" / "report.json").read_bytes(), {}).arrivals
    assert (found.kind, found.about, found.status) == (Kind.STATUS, "g-9", Status.DELIVERED)
    (strange,) = sms.read(b'{"message_id": "g-9", "status": "WOBBLY"}', {}).arrivals
    assert strange.status is None
    assert strange.faults


@pytest.mark.parametrize("proof", ["hex", "sha256=hex", "base64", "token"])
def test_a_gateway_must_prove_itself_the_way_its_settings_say(proof: str) -> None:
    """S57 for gateways: a forged call stores nothing."""
    settings, body = {"secret": "kunci", "proof": proof}, b'{"from": "1"}'
    digest = hmac.new(b"kunci", body, hashlib.sha256).digest()
    right = {"hex": digest.hex(), "sha256=hex": f"sha256={digest.hex()}", "base64": base64.b64encode(digest).decode(),
             "token": "kunci"}[proof]  # fmt: skip
    assert sms.answer_hook(Hook("POST", {}, {"x-signature": right}, body), settings).store
    for wrong in ({}, {"x-signature": right[:-1]}, {"x-signature": right.swapcase()}):
        assert sms.answer_hook(Hook("POST", {}, wrong, body), settings).status == 401
    assert sms.answer_hook(Hook("POST", {}, {"x-signature": ""}, body), {"proof": "token", "secret": ""}).status == 401


def test_a_gateway_that_calls_by_get_says_everything_in_the_address() -> None:
    settings = {"secret": "kunci", "proof": "token", "proof_in": "?kata"}
    query = {"from": "0812345678", "text": "Halo & salam", "id": "7", "kata": "kunci"}
    answer = sms.answer_hook(Hook("GET", query, {}, b""), settings)
    assert answer.store
    assert answer.raw is not None
    assert b"kunci" not in answer.raw
    assert sms.read(answer.raw, settings).arrivals[0].text == "Halo & salam"
    assert sms.answer_hook(Hook("GET", query | {"kata": "x"}, {}, b""), settings).status == 401


def test_a_text_leaves_as_the_vendor_wants_it() -> None:
    url = {"send_url": "https://gerbang.example/kirim", "authorization": "Bearer x"}
    call = sms.call(outgoing(), url)
    assert json.loads(call.body) == {"to": "+628123456789", "text": "Sudah kami perbaiki."}
    assert call.headers["Authorization"] == "Bearer x"
    form = sms.call(
        outgoing("a&b"), url | {"send_as": "form", "send_to": "msisdn", "send_more": '{"sender": "KAMPUS"}'}
    )
    assert form.body == b"sender=KAMPUS&msisdn=%2B628123456789&text=a%26b"
    query = sms.call(outgoing(), url | {"send_as": "query", "send_ref": "ref"})
    assert (query.method, query.body) == ("GET", b"")
    assert "ref=0123abcd" in query.url


@pytest.mark.parametrize(
    ("what", "settings", "why"),
    [({"to": "bukan nomor"}, {}, "address"), ({"text": "a" * 1531}, {}, "long"),
     ({}, {"send_url": "ftp://x"}, "account"),
     ({}, {"send_url": ""}, "account"), ({}, {"send_more": "["}, "account")],
)  # fmt: skip
def test_what_cannot_leave_says_why(what: dict[str, str], settings: dict[str, str], why: str) -> None:
    with pytest.raises(CannotSend, match=why):
        sms.call(outgoing(**what), {"send_url": "https://g.example/"} | settings)


def test_the_gateways_answer_is_looked_up_where_the_settings_say() -> None:
    assert sms.outcome(Reply(200, {}, b'{"data": [{"id": 5}]}'), {"reply_id": "data.0.id"}).external_id == "5"
    assert sms.outcome(Reply(200, {}, b"OK 17"), {}).external_id == "OK 17"
    assert sms.outcome(Reply(202, {}, b"<html>"), {}).external_id == ""
    fates = {code: sms.outcome(Reply(code, {}, b""), {}).fate for code in (400, 402, 429, 500)}
    assert fates == {400: Fate.REFUSED, 402: Fate.TROUBLE, 429: Fate.LATER, 500: Fate.LATER}


def test_pieces_of_a_long_message_in_gammus_inbox_are_one_message_in_order() -> None:
    (found,) = gammu.read((HERE / "gammu" / "long.json").read_bytes(), {}).arrivals
    assert (found.text, found.tags) == ("Satu, dua.", ())
    assert found.sent_at == datetime(2026, 9, 21, 13, 53, 20, tzinfo=UTC)
    assert gammu.place("050003B40201") == gammu.Place("b4", 1, 2)
    assert gammu.place("060804B4010302") == gammu.Place("b401", 2, 3)
    assert [gammu.place(odd) for odd in ("", "zz", "0500", "050003B40205")] == [None] * 4


def test_a_long_message_of_which_a_piece_never_came_says_so() -> None:
    rows = [{"ID": 6, "SenderNumber": "+62812", "TextDecoded": "Satu, ", "UDH": "050003B40201"}]
    (found,) = gammu.read(gammu.delivery(rows), {}).arrivals
    assert found.tags == ("incomplete",)


def test_what_leaves_by_the_modem_is_cut_into_rows_and_found_again_by_its_letter() -> None:
    short = gammu.rows(outgoing(), {"phone_id": "kampus"})
    assert (short.outbox["MultiPart"], short.outbox["UDH"], short.pieces) == ("false", "", ())
    assert (short.outbox["CreatorID"], short.outbox["SenderID"]) == ("0123abcd", "kampus")
    long = gammu.rows(outgoing("a" * 400), {})
    assert [long.outbox["UDH"][-4:], *(piece["UDH"][-4:] for piece in long.pieces)] == ["0301", "0302", "0303"]
    assert long.outbox["TextDecoded"] + "".join(piece["TextDecoded"] for piece in long.pieces) == "a" * 400
    (state,) = gammu.read((HERE / "gammu" / "sent.json").read_bytes(), {}).arrivals
    assert (state.about, state.status) == ("0123abcd", Status.DELIVERED)
