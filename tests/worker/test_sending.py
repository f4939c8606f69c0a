"""One message by one account: to the platform alone, at a pace all workers share, and every fate in four words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

import worlds
from arrivals import account
from platforms import Asked, Platform, Said, platform, told
from tanggap.actions import pace
from tanggap.actions.channel_accounts import settings_of
from tanggap.actions.letter_words import TAKES_FILES
from tanggap.channels import directory
from tanggap.channels.contract import CannotSend, Fate, Outcome, Outgoing
from tanggap.records.models import ChannelAccount
from tanggap.worker import sending
from tanggap.worker.chats import ChatSender
from tanggap.worker.deliver import sender_of

LETTER = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def site() -> Iterator[Platform]:
    with platform() as found:
        yield found


@pytest.fixture
def world(db: None, site: Platform) -> worlds.World:
    site.calls.clear()
    site.answer = lambda asked: told(ok=True, result={"message_id": 7, "chat": {"id": 5}})
    return worlds.build()


@pytest.fixture
def bot(world: worlds.World) -> ChannelAccount:
    return account(world, "bot", channel="telegram", secrets={"token": "1:KANARI", "secret": "x"})


def send(world: worlds.World, site: Platform, by: ChannelAccount, to: str = "5", **more: object) -> Outcome:
    outgoing = Outgoing(to, "Laporan Anda diterima.", LETTER, world.at, **more)  # type: ignore[arg-type]
    return leave(world, site, by, outgoing)


def leave(world: worlds.World, site: Platform, by: ChannelAccount, outgoing: Outgoing) -> Outcome:
    by.refresh_from_db()
    made = sending.ready(
        outgoing, channel=by.channel, account=by.pk, chosen=settings_of(by), caller=site.caller(seconds=1.0),
        clock=lambda: world.at,
    )  # fmt: skip
    return made if isinstance(made, Outcome) else made()


def test_a_message_leaves_and_the_id_the_platform_gave_comes_back(
    world: worlds.World, site: Platform, bot: ChannelAccount
) -> None:
    outcome = send(world, site, bot)
    assert (outcome.fate, outcome.external_id) == (Fate.SENT, "5:7")
    assert (site.calls[0].host, site.calls[0].path) == ("api.telegram.org", "/bot1:KANARI/sendMessage")


def test_the_answer_leaves_by_whatsapp_while_its_window_is_open_and_by_template_after(
    world: worlds.World, site: Platform
) -> None:
    secrets = {"access_token": "KANARI", "app_secret": "x", "verify_token": "y"}
    number = account(
        world, "wa", channel="whatsapp", settings={"number_id": "700", "template": "kabar"}, secrets=secrets
    )
    site.answer = lambda asked: told(messages=[{"id": "wamid.1"}])
    for hours, kind in ((1, "text"), (25, "template")):
        heard = world.at - timedelta(hours=hours)
        outcome = send(world, site, number, "+628123456789", last_heard_at=heard, values=("x",))
        assert (outcome.fate, outcome.external_id) == (Fate.SENT, "wamid.1")
        assert json.loads(site.calls[-1].body)["type"] == kind
    ChannelAccount.objects.filter(pk=number.pk).update(settings={"number_id": "700"})
    with pytest.raises(CannotSend, match="window"):
        send(world, site, number, "+628123456789", last_heard_at=world.at - timedelta(hours=25))
    assert len(site.calls) == 2


def test_a_gateway_is_called_at_its_own_host_alone(world: worlds.World, site: Platform) -> None:
    """S31."""
    chosen = {"send_url": "https://sms.gerbang.example/kirim"}
    gateway = account(world, "sms", channel="sms", settings=chosen, secrets={"secret": "x"})
    site.answer = lambda asked: told(id="a1")
    assert send(world, site, gateway, "08123456789").external_id == "a1"
    for address in (
        "https://127.0.0.1/kirim",
        "http://sms.gerbang.example/kirim",
        "https://[::1]/",
        "https://10.0.0.1/",
    ):
        ChannelAccount.objects.filter(pk=gateway.pk).update(settings={"send_url": address})
        outcome = send(world, site, gateway, "08123456789")
        assert (outcome.fate, outcome.why) == (Fate.TROUBLE, "address")
    assert len(site.calls) == 1


@pytest.mark.parametrize(
    ("said", "fate"),
    [
        (told(400, ok=False), Fate.REFUSED),
        (told(403, ok=False), Fate.REFUSED),
        (told(401, ok=False), Fate.TROUBLE),
        (told(500), Fate.LATER),
        (Said(302, b"", {"Location": "https://127.0.0.1/"}), Fate.REFUSED),
        (Said(200, b"not JSON"), Fate.REFUSED),
        (Said(200, b"x" * 100, slowly=0.1), Fate.TROUBLE),
    ],
    ids=["400", "403", "401", "500", "redirect", "nonsense", "hangs"],
)
def test_what_became_of_it_is_one_of_four_words_and_nothing_of_the_token_is_told(
    world: worlds.World, site: Platform, bot: ChannelAccount, said: Said, fate: Fate
) -> None:
    """F8, F9."""
    site.answer = lambda asked: said
    outcome = send(world, site, bot)
    assert outcome.fate is fate
    assert "KANARI" not in outcome.why


def test_a_platform_that_asks_to_wait_says_how_long(world: worlds.World, site: Platform, bot: ChannelAccount) -> None:
    """F8: 429 with Retry-After; the outbox lets everything else rest that would take this way."""
    site.answer = lambda asked: told(429, ok=False, parameters={"retry_after": 40})
    outcome = send(world, site, bot)
    assert (outcome.fate, outcome.retry_after) == (Fate.LATER, 40.0)


def test_a_letter_by_a_modem_is_written_for_gammu_and_a_closed_database_is_trouble_with_the_way(
    world: worlds.World, site: Platform
) -> None:
    modem = account(world, "modem", channel="gammu", secrets={"database": "sqlite:////nowhere/x.db"})
    outcome = send(world, site, modem, "08123456789")
    assert outcome.fate is Fate.TROUBLE
    assert "nowhere" not in outcome.why
    assert isinstance(sender_of("gammu", modem, lambda: world.at), ChatSender)


def test_an_account_has_a_pace(
    world: worlds.World, site: Platform, bot: ChannelAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sending.PER_MINUTE, "telegram", 3)
    assert [send(world, site, bot).fate for _ in range(4)] == [Fate.SENT] * 3 + [Fate.LATER]
    world.later(seconds=21)
    assert [send(world, site, bot).fate for _ in range(2)] == [Fate.SENT, Fate.LATER]
    assert len(site.calls) == 4


def test_the_pace_never_runs_backwards(world: worlds.World) -> None:
    assert not pace.take(1, per_minute=1, at=world.at)
    assert pace.take(1, per_minute=1, at=world.at - timedelta(hours=1)) > timedelta(0)
    assert pace.take(1, per_minute=1, at=world.at) == timedelta(minutes=1)
    assert not pace.take(2, per_minute=1, at=world.at), "each account has its own"


def test_every_channel_that_can_send_is_known_and_so_is_what_takes_files() -> None:
    with_files = {key for key, module in directory.modules().items() if hasattr(module, "file_message")}
    assert with_files | {"email"} == TAKES_FILES
    assert sending.channels() == {"whatsapp", "telegram", "instagram", "facebook", "sms", "gammu"}


def test_a_message_of_a_bot_can_be_as_long_as_the_platform_takes(
    world: worlds.World, site: Platform, bot: ChannelAccount
) -> None:
    def answer(asked: Asked) -> Said:
        assert len(json.loads(asked.body)["text"]) == 4096
        return told(ok=True, result={"message_id": 7, "chat": {"id": 5}})

    site.answer = answer
    outgoing = Outgoing("5", "x" * 5000, LETTER, world.at)
    assert leave(world, site, bot, outgoing).fate is Fate.SENT
