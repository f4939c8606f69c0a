"""Mail through a provider's HTTP interface: what it answers is one of the four words."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_plus

import pytest

from mail_provider import Provider, provider
from tanggap.channels.email import way_out, write
from tanggap.config.mail import mail
from tanggap.config.variables import BadValue
from tanggap.worker.mail import Post


@pytest.fixture
def site() -> Iterator[Provider]:
    with provider() as found:
        yield found


@pytest.fixture
def house(site: Provider, settings: Any) -> Provider:
    """The installation sends by it."""
    for name, value in mail(f"anymail+mailgun:?api_key=rahasia&sender_domain=mg.example&api_url={site.url}").items():
        setattr(settings, name, value)
    return site


LETTER = write(to="a@warga.example", subject="Jawaban", text="Sudah.", letter="ab" * 16, domain="kampus.example")


def test_a_mail_leaves_through_a_provider_as_it_was_written(house: Provider) -> None:
    assert Post().send(LETTER) == "sent"
    body = unquote_plus(house.bodies[0].decode())
    assert "to=a@warga.example" in body
    for said in (LETTER.message_id, "X-Tanggap", "auto-generated", "Sudah."):
        assert said in body


@pytest.mark.parametrize(
    ("status", "outcome"), [(400, "refused"), (413, "refused"), (401, "trouble"), (429, "trouble"), (503, "trouble")]
)
def test_what_a_provider_answers_is_understood(house: Provider, status: int, outcome: str) -> None:
    """F23: a bad mail is a task, a provider that is away stops the round and loses nothing."""
    house.status = status
    assert Post().send(LETTER) == outcome


def test_a_provider_that_is_not_there_is_trouble(house: Provider, settings: Any) -> None:
    settings.ANYMAIL = {**settings.ANYMAIL, "MAILGUN_API_URL": "http://127.0.0.1:1/v3"}
    assert Post().send(LETTER) == "trouble"


OWN = {
    "mailgun": {"out": "mailgun", "provider_key": "KANARI", "provider_domain": "mg.kampus.example"},
    "postmark": {"out": "postmark", "provider_key": "KANARI"},
    "brevo": {"out": "brevo", "provider_key": "KANARI"},
}


@pytest.mark.parametrize("name", OWN)
def test_an_account_sends_by_its_own_provider_with_its_own_key_and_all_that_a_letter_says(
    name: str, site: Provider, settings: Any
) -> None:
    """Never with the installation's key; an address for bounces, which providers do not take, stops no mail."""
    settings.ANYMAIL = {f"{name.upper()}_API_URL": site.url, "MAILGUN_API_KEY": "rumah", "POSTMARK_SERVER_TOKEN": "x"}
    post = Post(way_out(OWN[name]))
    assert post.send(LETTER, sender="FMIPA <lapor@kampus.example>", bounces_to="lapor+x@kampus.example") == "sent"
    said, head = site.said[0], str(site.heads[0])
    for word in (LETTER.message_id, "X-Tanggap", "auto-generated", "Sudah.", "lapor@kampus.example"):
        assert word in said
    assert ("X-PM-KeepID" in said) is (name == "postmark"), "it would give the mail an id of its own"
    assert "KANARI" in head or b64encode(b"api:KANARI").decode() in head


@pytest.mark.parametrize(("code", "fate"), [(10, "trouble"), (400, "trouble"), (300, "refused")])
def test_a_sender_that_a_provider_does_not_take_is_the_account_s_trouble_and_no_letter_s(
    code: int, fate: str, site: Provider, settings: Any
) -> None:
    settings.ANYMAIL = {"POSTMARK_API_URL": site.url}
    site.status, site.answer = 422, f'{{"ErrorCode": {code}, "Message": "no"}}'.encode()
    post = Post(way_out(OWN["postmark"]))
    assert post.send(LETTER) == fate
    assert "KANARI" not in post.why


@pytest.mark.parametrize(
    "address",
    ["anymail+", "anymail+mailgun", "anymail+console:?a=b", "anymail+tidakada:?api_key=x", "anymail+../x:?a=b"],
)
def test_a_provider_nobody_knows_is_refused_at_the_start(address: str) -> None:
    with pytest.raises(BadValue, match="TANGGAP_EMAIL_URL"):
        mail(address)
