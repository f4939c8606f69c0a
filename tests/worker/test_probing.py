"""Trying an account: the button, the worker that tries, and doctor all say the same, and nothing is sent."""

from __future__ import annotations

import time
from collections.abc import Iterator
from threading import Event, Thread

import pytest

import worlds
from arrivals import account
from imap_server import imap_server
from mail_sink import mailbox
from platforms import Platform, platform, told
from tanggap.actions import channel_accounts
from tanggap.cli.main import main
from tanggap.config.mail import mail as mail_settings
from tanggap.records.models import ChannelAccount
from tanggap.worker import fetch, probing


@pytest.fixture(scope="module")
def site() -> Iterator[Platform]:
    with platform() as found:
        yield found


@pytest.fixture
def world(db: None) -> worlds.World:
    return worlds.build()


@pytest.mark.parametrize(("status", "well"), [(200, True), (401, False), (404, False), (500, False)])
def test_a_bot_is_asked_who_it_is(world: worlds.World, site: Platform, status: int, well: bool) -> None:
    site.calls.clear()
    site.answer = lambda asked: told(status, ok=well)
    bot = account(world, "bot", channel="telegram", secrets={"token": "1:KANARI", "secret": "x"})
    tried = probing.probe_account(bot.pk, site.caller())
    assert tried.well is well
    assert "KANARI" not in tried.says
    assert [one.path for one in site.calls] == ["/bot1:KANARI/getMe"]


def test_what_is_not_filled_in_is_said_before_anybody_is_called(world: worlds.World, site: Platform) -> None:
    site.calls.clear()
    number = account(world, channel="whatsapp", settings={"number_id": "7"})
    tried = probing.probe_account(number.pk, site.caller())
    assert not tried.well
    assert "Belum diisi: Token akses" in tried.says
    assert not site.calls


@pytest.mark.parametrize("word", list(probing._WHY))
def test_every_reason_has_its_words(word: str) -> None:
    assert probing._WHY[word].strip()


def test_a_mailbox_is_opened_and_the_server_that_sends_is_greeted(world: worlds.World, settings: object) -> None:
    with imap_server() as box, mailbox() as sink:
        chosen = box.settings()
        surat = account(
            world, "surat", channel="email", settings=chosen, secrets={"imap_password": chosen["imap_password"]}
        )
        for name, value in mail_settings(sink.url).items():
            setattr(settings, name, value)
        settings.TANGGAP_SENDS_MAIL = True  # type: ignore[attr-defined]
        tried = probing.probe_account(surat.pk, probing.Caller())
        assert tried == probing.Tried(True, "Kotak surat terbuka. Peladen keluar bersama menjawab.")
        own = probing.probe("email", chosen | sink.chosen, probing.Caller())
        assert own == probing.Tried(True, "Kotak surat terbuka. Peladen keluar sendiri menjawab.")
        assert not probing.probe("email", chosen | sink.chosen | {"smtp_tls": "starttls"}, probing.Caller()).well
        assert not sink.letters
        box.password = "lain"
        assert "sandi IMAP ditolak" in probing.probe_account(surat.pk, probing.Caller()).says
        box.password = chosen["imap_password"]
    settings.EMAIL_PORT = 9  # type: ignore[attr-defined]
    assert not probing.probe_account(surat.pk, probing.Caller()).well


@pytest.mark.parametrize(("status", "says"), [(200, "mengenali kuncinya"), (401, "menolak kunci"), (503, "HTTP 503")])
@pytest.mark.parametrize(
    ("chosen", "host", "path"),
    [
        ({"out": "mailgun", "provider_domain": "mg.a.example"}, "api.mailgun.net", "/v4/domains/mg.a.example"),
        (
            {"out": "mailgun", "provider_domain": "a.b", "provider_region": "eu"},
            "api.eu.mailgun.net",
            "/v4/domains/a.b",
        ),
        ({"out": "postmark"}, "api.postmarkapp.com", "/server"),
        ({"out": "brevo"}, "api.brevo.com", "/v3/account"),
    ],
)
def test_a_provider_is_shown_the_key_and_nothing_is_sent(
    site: Platform, chosen: dict[str, str], host: str, path: str, status: int, says: str
) -> None:
    site.calls.clear()
    site.answer = lambda asked: told(status)
    given = {"address": "a@kampus.example", "provider_key": "KANARI", **chosen}
    tried = probing.probe("email", given, site.caller())
    assert (tried.well, says in tried.says, "KANARI" in tried.says) == (status == 200, True, False)
    assert [(one.method, one.host, one.path) for one in site.calls] == [("GET", host, path)]
    assert not probing.probe("email", given | {"provider_key": ""}, site.caller()).well
    assert len(site.calls) == 1


def test_the_worker_tries_what_somebody_asked_for_once(world: worlds.World, site: Platform) -> None:
    site.calls.clear()
    site.answer = lambda asked: told(ok=True)
    bot = account(world, "bot", channel="telegram", secrets={"token": "1:x", "secret": "x"})
    ChannelAccount.objects.update(test_asked_at=world.at)
    for _ in range(2):
        fetch.try_accounts(lambda: world.at, site.caller())
    bot.refresh_from_db()
    assert (bot.tested_well, bot.tested_says, bot.tested_at) == (True, "Telegram mengenali akun ini.", world.at)
    assert len(site.calls) == 1
    assert channel_accounts.tests_asked() == []


def test_doctor_tries_every_account_in_use_when_asked_to(
    world: worlds.World, capsys: pytest.CaptureFixture[str]
) -> None:
    account(world, "modem", channel="gammu", secrets={"database": "sqlite:////nowhere/x.db"})
    unused = account(world, "lama", channel="telegram")
    ChannelAccount.objects.filter(pk=unused.pk).update(active=False)
    main(["doctor"])
    assert "Uji gammu" not in capsys.readouterr().out
    main(["doctor", "--channels"])
    said = capsys.readouterr().out
    assert "Uji gammu modem" in said
    assert "Basis data Gammu tidak dapat dipakai" in said
    assert "telegram lama" not in said


@pytest.mark.django_db(transaction=True)
def test_an_account_that_is_tried_and_hangs_holds_up_no_mailbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """F9: the loop goes on; and it ends when it is told to."""
    world, hung, stop = worlds.build(), Event(), Event()
    monkeypatch.setattr(fetch, "try_accounts", lambda clock, caller: hung.wait(20))
    account(world, "bot", channel="telegram", secrets={"token": "1:x", "secret": "x"})
    ChannelAccount.objects.update(test_asked_at=world.at)
    with imap_server() as box:
        chosen = box.settings()
        account(world, "surat", channel="email", settings=chosen, secrets={"imap_password": chosen["imap_password"]})
        box.put(b"From: a@contoh.example\r\n\r\nHalo")
        loop = Thread(target=fetch.run, args=(stop, lambda: world.at), kwargs={"seconds": 0.05})
        loop.start()
        until = time.monotonic() + 15
        while not box.seen() and time.monotonic() < until:
            time.sleep(0.05)
        hung.set()
        stop.set()
        loop.join(15)
    assert box.seen() == [1]
    assert not loop.is_alive()
