"""Where platforms call: signed over the raw bytes, stored before the answer, once each, and closed to all others."""

from __future__ import annotations

import hashlib
import hmac
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connections
from django.http import HttpResponse
from django.test import Client

import worlds
from arrivals import account
from tanggap.actions import channel_accounts, inbox
from tanggap.records.deliveries import raw_of
from tanggap.records.models import Case, ChannelAccount, Inbox
from tanggap.web import page
from tanggap.worker import collect

SECRETS = {"app_secret": "rahasia", "verify_token": "kata-kita", "access_token": "x"}
FIXTURES = Path(__file__).parent.parent / "channels"
TEXT = (FIXTURES / "whatsapp" / "text.json").read_bytes()


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> worlds.World:
    world = worlds.build()
    monkeypatch.setattr(page, "now", lambda: world.at)
    return world


@pytest.fixture
def number(world: worlds.World) -> ChannelAccount:
    return account(world, channel="whatsapp", secrets=SECRETS)


def signed(body: bytes, secret: str = "rahasia") -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def post(number: ChannelAccount, body: bytes, signature: str | None = None, **headers: Any) -> HttpResponse:
    given = signed(body) if signature is None else signature
    named = {"HTTP_X_HUB_SIGNATURE_256": given} if given else {}
    found: HttpResponse = Client(enforce_csrf_checks=True).post(
        f"/kait/{number.key}", data=body, content_type="application/json", **named, **headers
    )
    return found


# the handshake --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("token", "status"), [("kata-kita", 200), ("kata-lain", 403), ("", 403)])
def test_the_challenge_is_echoed_as_plain_text_to_whoever_knows_the_word(
    number: ChannelAccount, token: str, status: int
) -> None:
    """S59: ``hub.challenge=<script>``."""
    asked = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "<script>alert(1)</script>"}
    answer = Client().get(f"/kait/{number.key}", asked)
    assert answer.status_code == status
    assert answer.content == (b"<script>alert(1)</script>" if status == 200 else b"")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not Inbox.objects.exists()


def test_nothing_is_remembered_of_a_caller(number: ChannelAccount) -> None:
    """No session, no cookie, no cache."""
    for answer in (post(number, TEXT), post(number, TEXT, "sha256=00"), Client().get(f"/kait/{number.key}")):
        assert not answer.cookies
        assert answer["Cache-Control"] == "no-store"


# a delivery -----------------------------------------------------------------------------------------------------------


def test_a_signed_delivery_is_stored_byte_for_byte_before_the_answer(number: ChannelAccount) -> None:
    """S57: the HMAC is over the raw bytes; how the JSON is written does not matter."""
    body = b'{"entry": [],  "a":"\\u00e4"}'
    assert post(number, body).status_code == 200
    assert raw_of(Inbox.objects.get()) == body
    number.refresh_from_db()
    assert number.last_in_at is not None


def test_a_delivery_with_letters_beyond_ascii_is_stored_too(number: ChannelAccount) -> None:
    """S57: a body with a plain ``ä``."""
    body = '{"a": "ä"}'.encode()
    assert post(number, body).status_code == 200
    assert raw_of(Inbox.objects.get()) == body


UPPER = signed(TEXT)[:7] + signed(TEXT)[7:].upper()
AGAIN = json.dumps(json.loads(TEXT)).encode()


@pytest.mark.parametrize(
    ("body", "signature", "headers"),
    [
        (TEXT, "", {}),
        (TEXT, "", {"HTTP_X_HUB_SIGNATURE": "sha1=" + hmac.new(b"rahasia", TEXT, hashlib.sha1).hexdigest()}),
        (TEXT, signed(TEXT, "rahasia lain"), {}),
        (TEXT, signed(TEXT, ""), {}),
        (TEXT, UPPER, {}),
        (TEXT, signed(AGAIN), {}),
        (TEXT[:-1], signed(TEXT), {}),
        (b"", signed(TEXT), {}),
        (TEXT, signed(TEXT)[7:], {}),
        (TEXT, "sha256=", {}),
        (TEXT, "sha256=é", {}),
    ],
    ids=["none", "sha1 only", "wrong secret", "empty secret", "upper-case", "re-serialised", "truncated", "empty body",
         "bare", "nothing after", "odd letters"],
)  # fmt: skip
def test_whatever_is_not_signed_over_these_bytes_gets_401_and_leaves_no_row(
    number: ChannelAccount, body: bytes, signature: str, headers: dict[str, str]
) -> None:
    """S57, M8."""
    assert post(number, body, signature, **headers).status_code == 401
    assert not Inbox.objects.exists()


def test_a_body_of_more_than_three_megabytes_is_refused_before_it_is_read(number: ChannelAccount) -> None:
    """S57, S48."""
    body = b"x" * (3 * 1024 * 1024 + 1)
    assert post(number, body).status_code == 413
    claimed = Client().generic("POST", f"/kait/{number.key}", b"", CONTENT_LENGTH=str(10**12))
    assert claimed.status_code == 413
    assert not Inbox.objects.exists()
    assert post(number, body[:-1]).status_code == 200


def test_a_delivery_without_a_length_is_asked_for_with_one(number: ChannelAccount) -> None:
    client = Client()
    environ = {"HTTP_TRANSFER_ENCODING": "chunked"}
    assert client.generic("POST", f"/kait/{number.key}", b"", **environ).status_code == 411
    assert not Inbox.objects.exists()


def test_an_unknown_address_an_account_not_in_use_and_a_channel_that_is_not_called_are_not_there(
    world: worlds.World, number: ChannelAccount
) -> None:
    mailbox = account(world, "surat", channel="email")
    for key in ("0" * 26, mailbox.key, "x"):
        assert Client().post(f"/kait/{key}", data=TEXT, content_type="application/json").status_code == 404
    ChannelAccount.objects.update(active=False)
    assert post(number, TEXT).status_code == 404
    assert not Inbox.objects.exists()


def test_a_method_that_no_platform_uses_is_refused(number: ChannelAccount) -> None:
    for method in ("PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"):
        assert Client().generic(method, f"/kait/{number.key}", b"").status_code == 405


@pytest.mark.parametrize("where", ["account_of_key", "store"])
def test_while_the_database_is_away_the_platform_is_asked_to_call_again(
    number: ChannelAccount, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """P1: never 200 for what was not stored."""

    def away(*_: object, **__: object) -> None:
        raise DatabaseError("no connection")

    with monkeypatch.context() as patch:
        patch.setattr(inbox if where == "store" else channel_accounts, where, away)
        answer = post(number, TEXT)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert post(number, TEXT).status_code == 200
    assert Inbox.objects.count() == 1


def test_a_bot_proves_itself_by_the_word_agreed_on(world: worlds.World) -> None:
    bot = account(world, "bot", channel="telegram", secrets={"token": "1:x", "secret": "kata-bot"})
    body = (FIXTURES / "telegram" / "text.json").read_bytes()
    for word, status in (("kata-lain", 401), ("kata-bot", 200)):
        answer = Client().post(
            f"/kait/{bot.key}", data=body, content_type="application/json", HTTP_X_TELEGRAM_BOT_API_SECRET_TOKEN=word
        )
        assert answer.status_code == status
    assert Inbox.objects.count() == 1


def test_a_gateway_that_calls_by_get_says_everything_in_the_address_but_its_word_is_not_kept(
    world: worlds.World,
) -> None:
    settings = {"proof": "token", "proof_in": "?kunci"}
    gateway = account(world, "sms", channel="sms", settings=settings, secrets={"secret": "kata-gerbang"})
    told = {"from": "08123456789", "text": "Lampu mati", "id": "1", "kunci": "kata-gerbang"}
    answer = Client().get(f"/kait/{gateway.key}", told)
    assert (answer.status_code, answer.content) == (200, b"OK")
    assert raw_of(Inbox.objects.get()) == b"from=08123456789&id=1&text=Lampu+mati"


# once each ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_same_body_a_hundred_times_at_once_and_a_week_later_is_one_delivery_and_one_case(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """S58, F6, P3, I2; item S0-1, in half: WhatsApp stands in the same register."""
    world = worlds.build()
    monkeypatch.setattr(page, "now", lambda: world.at)
    number = account(world, channel="whatsapp", secrets=SECRETS)

    def call(_: int) -> int:
        try:
            return post(number, TEXT).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(call, range(100))) == {200}
    assert Inbox.objects.count() == 1
    assert collect.drain(lambda: world.at) == 1
    world.later(days=7)
    assert post(number, TEXT).status_code == 200
    collect.drain(lambda: world.at)
    (case,) = Case.objects.all()
    assert (case.channel, Inbox.objects.count()) == ("whatsapp", 1)
    assert case.register


def test_of_a_batch_with_one_bad_message_all_others_are_read_and_the_bad_one_is_seen_by_a_person(
    world: worlds.World, number: ChannelAccount
) -> None:
    """S58: 49 and one."""
    told = json.loads(TEXT)
    value = told["entry"][0]["changes"][0]["value"]
    first = value["messages"][0]
    value["messages"] = [{**first, "id": f"wamid.{n}", "from": f"62811{n:06}"} for n in range(49)]
    value["messages"].insert(20, {"type": "text"})
    assert post(number, json.dumps(told).encode()).status_code == 200
    collect.drain(lambda: world.at)
    assert Inbox.objects.get().state == "quarantined"
    assert Case.objects.count() == 50
    assert Inbox.objects.get().case is not None
