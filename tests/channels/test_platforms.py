"""WhatsApp, Instagram, Facebook and Telegram: what they deliver is read as meant, forged calls are turned away."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanggap.channels import facebook, gammu, graph, instagram, sms, telegram, whatsapp
from tanggap.channels.arrivals import Arrival, Kind, Part, Status
from tanggap.channels.contract import Call, CannotSend, Fate, Hook, Outgoing, Reply

HERE = Path(__file__).parent
META = {
    "app_secret": "rahasia",
    "verify_token": "kata",
    "access_token": "token",
    "number_id": "700",
    "account_id": "500",
}
AT = datetime.fromtimestamp(1_790_000_000, UTC)
CHANNELS = (whatsapp, instagram, facebook, telegram, sms, gammu)


def of(channel: ModuleType, name: str) -> list[Arrival]:
    reading = channel.read((HERE / channel.KEY / f"{name}.json").read_bytes(), META)
    return list(reading.arrivals)


def one(channel: ModuleType, name: str) -> Arrival:
    (found,) = of(channel, name)
    return found


def signed(body: bytes, secret: str = "rahasia") -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def hook(body: bytes = b"{}", **headers: str) -> Hook:
    return Hook("POST", {}, {name.replace("_", "-"): value for name, value in headers.items()}, body)


# reading --------------------------------------------------------------------------------------------------------------


def test_a_whatsapp_message_has_its_sender_its_words_and_the_platforms_own_time() -> None:
    """S4-1. The clock starts when it was sent, not when we read it."""
    found = one(whatsapp, "text")
    assert (found.kind, found.external_id, found.text) == (Kind.MESSAGE, "wamid.T1", "Lampu ruang baca mati.")
    assert (found.sender.value, found.sender.name, found.sender.vouched) == ("+628123456789", "Pelapor Contoh", True)
    assert found.sent_at == AT


@pytest.mark.parametrize(
    ("channel", "about"), [(whatsapp, "wamid.OURS"), (instagram, "m_ours"), (facebook, "m_ours"), (telegram, "42:3")]
)
def test_a_reply_names_what_it_answers(channel: ModuleType, about: str) -> None:
    assert one(channel, "reply").answers == (about,)


@pytest.mark.parametrize("channel", [whatsapp, instagram, facebook, telegram], ids=lambda channel: str(channel.KEY))
def test_reactions_are_told_apart_from_messages_and_name_what_they_are_about(channel: ModuleType) -> None:
    found = one(channel, "reaction")
    assert found.kind is Kind.REACTION
    assert found.text
    assert found.about


def test_edits_and_unsends_name_the_message_and_get_an_id_of_their_own() -> None:
    edited = [one(whatsapp, "edit"), one(instagram, "edit"), one(facebook, "edit"), one(telegram, "edited")]
    assert [found.kind for found in edited] == [Kind.EDIT] * 4
    assert [found.about for found in edited] == ["wamid.T1", "m_1", "m_1", "42:7"]
    assert all("lantai" in found.text and found.external_id != found.about for found in edited)
    unsent = [one(whatsapp, "revoke"), one(instagram, "unsend"), one(facebook, "unsend")]
    assert [(found.kind, found.about) for found in unsent] == [
        (Kind.UNSEND, "wamid.T1"), (Kind.UNSEND, "m_1"), (Kind.UNSEND, "m_1"),
    ]  # fmt: skip


@pytest.mark.parametrize("channel", [whatsapp, instagram, facebook], ids=lambda channel: str(channel.KEY))
def test_our_own_words_told_back_to_us_are_never_a_complaint(channel: ModuleType) -> None:
    assert one(channel, "echo").kind is Kind.ECHO


def test_every_state_of_a_message_of_ours_is_an_arrival_of_its_own() -> None:
    found = of(whatsapp, "statuses")
    assert {(state.about, state.status) for state in found} == {
        ("wamid.OURS", status) for status in (Status.SENT, Status.DELIVERED, Status.READ)
    }
    assert len({state.external_id for state in found}) == 3
    assert {state.token for state in found} == {"0123abcd"}
    failed = one(whatsapp, "failed")
    assert (failed.status, failed.detail) == (Status.FAILED, "131047 Re-engagement message")


def test_read_marks_by_id_and_by_moment_are_both_understood() -> None:
    assert (one(instagram, "read").about, one(instagram, "read").status) == ("m_ours", Status.READ)
    assert one(facebook, "watermark").tags == ("watermark",)
    assert [found.about for found in of(facebook, "delivered")] == ["m_ours", "m_ours2"]


def test_files_are_named_to_be_fetched_later_and_never_carry_marks_that_turn_their_names_round() -> None:
    """S46: a name that shows another ending than it has."""
    image, document = one(whatsapp, "image"), one(whatsapp, "document")
    assert (image.parts[0].remote, image.parts[0].data, image.text) == ("M1", None, "Fotonya")
    assert document.parts[0].name == "suratgpj.pdf"
    assert one(telegram, "photo").parts[0].remote == "large"
    assert one(instagram, "picture").parts[0].remote.startswith("https://lookaside.fbsbx.com/")


def test_a_place_a_pressed_button_and_a_story_are_told_in_words_or_tags() -> None:
    assert one(whatsapp, "location").text == "Gedung C\n-7.950000, 112.610000"
    assert one(whatsapp, "button").text == "Ya, sesuai"
    assert one(telegram, "button").text == "ya"
    assert one(facebook, "postback").text == "Mulai melapor"
    assert one(instagram, "story").tags == ("story:s1",)


def test_the_button_that_opens_a_conversation_says_nothing_yet() -> None:
    assert one(telegram, "start").kind is Kind.AUTOMATIC


def test_a_message_nobody_can_show_arrives_all_the_same_and_says_so() -> None:
    found = one(whatsapp, "unsupported")
    assert found.kind is Kind.MESSAGE
    assert found.faults


def test_one_bad_message_among_fifty_spoils_none_of_the_others() -> None:
    """S58: 49 read, one told as a fault."""
    reading = whatsapp.read((HERE / "whatsapp" / "batch.json").read_bytes(), META)
    assert len(reading.arrivals) == 49
    assert len(reading.faults) == 1


def test_a_delivery_for_another_number_of_the_same_application_is_not_ours() -> None:
    raw = (HERE / "whatsapp" / "text.json").read_bytes()
    assert whatsapp.read(raw, META | {"number_id": "701"}).arrivals == ()
    assert instagram.read((HERE / "instagram" / "text.json").read_bytes(), META | {"account_id": "501"}).arrivals == ()


def test_what_nobody_listens_to_is_told_as_a_fault_and_makes_no_message() -> None:
    reading = telegram.read(b'{"update_id": 9, "poll": {"id": "1"}}', {})
    assert reading.arrivals == ()
    assert "poll" in reading.faults[0]


def test_who_blocks_the_bot_makes_no_case_and_no_fault() -> None:
    reading = telegram.read((HERE / "telegram" / "blocked.json").read_bytes(), {})
    assert [(one.kind, one.detail, one.sender.value) for one in reading.arrivals] == [(Kind.STATUS, "kicked", "42")]
    assert reading.faults == ()


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: str(channel.KEY))
@pytest.mark.parametrize(
    "raw",
    [b"", b"null", b"[]", b"{", b"\xff\xfe", b"[" * 100_000, b'{"entry":' * 20_000, b'{"entry": 5, "message": []}',
     b'{"entry": [{"changes": [{"value": {"messages": [5, null, {"id": {}}], "statuses": {}}}], "messaging": [7]}]}',
     b'{"message": {"message_id": null, "chat": 3}}', b'{"message": {"message_id": 1, "chat": {"id": 1}, "text": 5}}',
     b'{"text": "\\ud800", "from": "1"}', b'{"from": true, "text": 1e999}', b"a=1&b=2", b"{}" + b" " * 4_000_000],
)  # fmt: skip
def test_no_bytes_whatever_make_a_reading_fail(channel: ModuleType, raw: bytes) -> None:
    reading = channel.read(raw, META)
    assert all(arrival.external_id for arrival in reading.arrivals)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["entry", "changes", "value", "messages", "statuses", "messaging", "message", "mid", "id", "from", "text",
             "chat", "message_id", "reaction", "type", "inbox", "sentitems", "UDH", "attachments", "payload", "time",
             "message_echoes", "edited_message", "callback_query", "read", "delivery", "mids", "errors", "contacts"]
        ),
        inner,
        max_size=6,
    ),
    max_leaves=25,
)  # fmt: skip


@given(JSON)
def test_random_bodies_are_read_without_an_error_and_ids_are_never_empty(body: object) -> None:
    raw = json.dumps(body).encode()
    for channel in CHANNELS:
        assert all(arrival.external_id for arrival in channel.read(raw, META).arrivals)


# proof of who calls ---------------------------------------------------------------------------------------------------

BODY = b'{"a": "\\u00e4", "b": 1}'


@pytest.mark.parametrize("channel", [whatsapp, instagram, facebook], ids=lambda channel: str(channel.KEY))
def test_only_the_signature_of_these_very_bytes_opens_the_door(channel: ModuleType) -> None:
    """S57: nothing, sha1, a wrong secret, capital letters, another spelling of the same JSON, a cut or empty body."""
    assert channel.answer_hook(hook(BODY, x_hub_signature_256=signed(BODY)), META).store
    spelled = json.dumps(json.loads(BODY), ensure_ascii=False).encode()
    sha1 = "sha1=" + hmac.new(b"rahasia", BODY, hashlib.sha1).hexdigest()
    refused = [
        hook(BODY), hook(BODY, x_hub_signature=sha1), hook(BODY, x_hub_signature_256=signed(BODY, "lain")),
        hook(BODY, x_hub_signature_256=signed(BODY).upper()), hook(BODY, x_hub_signature_256=signed(BODY)[7:]),
        hook(spelled, x_hub_signature_256=signed(BODY)),
        hook(BODY[:-1], x_hub_signature_256=signed(BODY)), hook(b"", x_hub_signature_256=signed(BODY)),
        hook(BODY, x_hub_signature_256="sha256=\u00e4"),
    ]  # fmt: skip
    assert {channel.answer_hook(call, META).status for call in refused} == {401}
    assert not any(channel.answer_hook(call, META).store for call in refused)
    assert (
        channel.answer_hook(hook(BODY, x_hub_signature_256=signed(BODY, "")), {**META, "app_secret": ""}).status == 401
    )
    assert channel.answer_hook(hook(b" " * 3_200_000, x_hub_signature_256="x"), META).status == 413


def test_the_handshake_echoes_the_challenge_to_whoever_knows_the_word() -> None:
    """S59."""
    asked = {"hub.mode": "subscribe", "hub.verify_token": "kata", "hub.challenge": "<script>1</script>"}
    right = graph.answer_hook(Hook("GET", asked, {}, b""), META)
    assert (right.status, right.text, right.store) == (200, "<script>1</script>", False)
    for wrong in (asked | {"hub.verify_token": "lain"}, asked | {"hub.mode": "x"}, {}):
        answer = graph.answer_hook(Hook("GET", wrong, {}, b""), META)
        assert (answer.status, answer.text) == (403, "")
    assert graph.answer_hook(Hook("GET", asked | {"hub.verify_token": ""}, {}, b""), {}).status == 403
    assert graph.answer_hook(Hook("DELETE", {}, {}, b""), META).status == 405


def test_telegram_proves_itself_by_the_word_agreed_on() -> None:
    settings = {"secret": "kata"}
    assert telegram.answer_hook(hook(x_telegram_bot_api_secret_token="kata"), settings).store
    assert telegram.answer_hook(hook(x_telegram_bot_api_secret_token="lain"), settings).status == 401
    assert telegram.answer_hook(hook(x_telegram_bot_api_secret_token=""), {"secret": ""}).status == 401


# sending --------------------------------------------------------------------------------------------------------------


def outgoing(**more: object) -> Outgoing:
    given = {"to": "+628123456789", "text": "Sudah kami perbaiki.", "letter": "0123abcd", "at": AT,
             "last_heard_at": AT - timedelta(hours=1)} | more  # fmt: skip
    return Outgoing(**given)  # type: ignore[arg-type]


def test_within_24_hours_whatsapp_gets_free_words_that_quote_what_they_answer() -> None:
    call = whatsapp.call(outgoing(answers="wamid.T1"), META)
    body = json.loads(call.body)
    assert call.url == "https://graph.facebook.com/v23.0/700/messages"
    assert call.headers["Authorization"] == "Bearer token"
    assert (body["to"], body["text"]["body"], body["context"]) == (
        "628123456789", "Sudah kami perbaiki.", {"message_id": "wamid.T1"},
    )  # fmt: skip
    assert body["biz_opaque_callback_data"] == "0123abcd"


def test_after_24_hours_only_the_approved_template_leaves_and_without_one_a_person_must_see_to_it() -> None:
    late = outgoing(last_heard_at=AT - timedelta(hours=24, seconds=1), values=("0001/PGD\nx",))
    body = json.loads(whatsapp.call(late, META | {"template": "kabar"}).body)
    assert body["template"]["name"] == "kabar"
    assert body["template"]["components"][0]["parameters"] == [{"type": "text", "text": "0001/PGD x"}]
    for silent in (late, outgoing(last_heard_at=None)):
        with pytest.raises(CannotSend, match="window"):
            whatsapp.call(silent, META)
    assert whatsapp.window_ends(outgoing()) == timedelta(hours=23)


def test_instagram_and_facebook_answer_for_a_day_and_a_person_for_a_week_where_meta_allows_it() -> None:
    for channel in (instagram, facebook):
        soon = json.loads(channel.call(outgoing(to="42"), META).body)
        assert (soon["recipient"], soon["messaging_type"]) == ({"id": "42"}, "RESPONSE")
        late = outgoing(to="42", last_heard_at=AT - timedelta(days=3))
        with pytest.raises(CannotSend, match="window"):
            channel.call(replace(late, by_hand=True), META)
        allowed = META | {"human_agent": "ya"}
        assert json.loads(channel.call(replace(late, by_hand=True), allowed).body)["tag"] == "HUMAN_AGENT"
        too_late = replace(late, by_hand=True, last_heard_at=AT - timedelta(days=8))
        for one in (late, too_late):  # what a machine wrote is no human agent's
            with pytest.raises(CannotSend, match="window"):
                channel.call(one, allowed)
    long = json.loads(instagram.call(outgoing(to="42", text="é" * 3000), META).body)["message"]["text"]
    assert len(long.encode()) <= 1000
    assert long.endswith("…")


@pytest.mark.parametrize(
    ("channel", "call", "name", "path"),
    [
        (telegram, lambda part: telegram.file_message(part, outgoing(to="42"), {"token": "1:ab"}, ""), "document",
         "/bot1:ab/sendDocument"),
        (facebook, lambda part: facebook.file_message(part, outgoing(to="42"), META | {"account_id": "500"}, ""),
         "filedata", "/v23.0/500/messages"),
        (whatsapp, lambda part: whatsapp.upload(part, META | {"number_id": "700"}), "file", "/v23.0/700/media"),
    ],
    ids=["telegram", "facebook", "whatsapp"],
)  # fmt: skip
def test_a_file_is_handed_over_byte_for_byte_under_its_name(
    channel: ModuleType, call: Callable[[Part], Call], name: str, path: str
) -> None:
    part = Part('surat "resmi"\r\nX: y.pdf', "application/pdf", b"%PDF-1.4\r\n--\r\n\x00\xff")
    assert channel.takes(part)
    assert not channel.takes(Part("kosong.pdf", "application/pdf", b""))
    made = call(part)
    assert made == call(part), "the same letter is the same bytes"
    assert urlsplit(made.url).path == path
    head = b"Content-Type: " + made.headers["Content-Type"].encode() + b"\r\n\r\n"
    parts = BytesParser(policy=HTTP).parsebytes(head + made.body).iter_parts()
    fields = {found.get_param("name", header="content-disposition"): found for found in parts}
    assert fields[name].get_content() == part.data
    assert fields[name].get_filename() == "surat %22resmi%22%0D%0AX: y.pdf"
    assert fields[name].get_content_type() == "application/pdf"


def test_what_whatsapp_does_not_publish_as_a_document_is_not_tried() -> None:
    assert not whatsapp.takes(Part("a.zip", "application/zip", b"PK"))
    assert not whatsapp.takes(Part("a.png", "image/png", b"x" * (5 * 1024 * 1024 + 1)))


def test_telegram_answers_in_the_chat_and_quotes() -> None:
    call = telegram.call(outgoing(to="42", answers="42:7"), {"token": "1:ab"})
    body = json.loads(call.body)
    assert call.url == "https://api.telegram.org/bot1:ab/sendMessage"
    assert (body["chat_id"], body["reply_parameters"]["message_id"]) == (42, 7)


@pytest.mark.parametrize("channel", [whatsapp, instagram, facebook, telegram], ids=lambda channel: str(channel.KEY))
@pytest.mark.parametrize("to", ["", "../x", "a b", "\uff11\uff12", "<script>", "0812;0813"])
def test_an_address_that_is_none_is_never_called(channel: ModuleType, to: str) -> None:
    with pytest.raises(CannotSend, match="address"):
        channel.call(outgoing(to=to), META)


GRAPH_ERRORS = [
    (400, 131047, Fate.REFUSED), (429, 130429, Fate.LATER), (400, 131056, Fate.LATER), (401, 190, Fate.TROUBLE),
    (400, 131026, Fate.REFUSED), (500, 1, Fate.LATER), (503, 2, Fate.LATER),
]  # fmt: skip


@pytest.mark.parametrize(("status", "code", "fate"), GRAPH_ERRORS)
def test_what_meta_answers_is_sent_later_refused_or_trouble(status: int, code: int, fate: Fate) -> None:
    body = json.dumps({"error": {"code": code, "message": "to 628123456789", "type": "OAuthException"}}).encode()
    outcome = whatsapp.outcome(Reply(status, {"retry-after": "7"}, body), META)
    assert outcome.fate is fate
    assert "62812" not in outcome.why
    assert outcome.retry_after == (7.0 if fate is Fate.LATER else 0.0)


def test_what_was_taken_brings_the_id_by_which_its_states_will_come() -> None:
    assert whatsapp.outcome(Reply(200, {}, b'{"messages": [{"id": "wamid.9"}]}'), META).external_id == "wamid.9"
    assert facebook.outcome(Reply(200, {}, b'{"message_id": "m_9"}'), META).external_id == "m_9"
    sent = telegram.outcome(Reply(200, {}, b'{"ok": true, "result": {"message_id": 8, "chat": {"id": 42}}}'), {})
    assert sent.external_id == "42:8"
    slow = telegram.outcome(Reply(429, {}, b'{"ok": false, "parameters": {"retry_after": 11}}'), {})
    assert (slow.fate, slow.retry_after) == (Fate.LATER, 11.0)
    assert telegram.outcome(Reply(403, {}, b'{"ok": false}'), {}).fate is Fate.REFUSED
    assert telegram.outcome(Reply(502, {}, b"<html>"), {}).fate is Fate.LATER


def test_a_file_takes_two_calls_and_stays_among_the_platforms_hosts() -> None:
    """S31: the second address is the platform's word, so the worker holds it against ``FILE_HOSTS``."""
    (part,) = one(whatsapp, "image").parts
    first = whatsapp.file_call(part, META)
    assert first.url == "https://graph.facebook.com/v23.0/M1"
    json_reply = {"content-type": "application/json; charset=UTF-8"}
    second = whatsapp.file_next(Reply(200, json_reply, b'{"url": "https://lookaside.fbsbx.com/x"}'), META)
    assert second is not None
    assert second.url == "https://lookaside.fbsbx.com/x"
    assert whatsapp.file_next(Reply(200, {"content-type": "image/jpeg"}, b"\xff\xd8"), META) is None
    found = telegram.file_next(Reply(200, json_reply, b'{"result": {"file_path": "photos/a.jpg"}}'), {"token": "1:ab"})
    assert found is not None
    assert found.url == "https://api.telegram.org/file/bot1:ab/photos/a.jpg"
    assert telegram.file_next(Reply(200, json_reply, b'{"result": {"file_path": "../x"}}'), {"token": "1:ab"}) is None
