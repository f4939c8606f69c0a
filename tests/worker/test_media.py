"""Files that come later: fetched from the platform's own hosts, put into the case, and missed by a person when lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import worlds
from arrivals import Office, account, message, odd_channel
from platforms import Asked, Platform, Said, file, platform, told
from tanggap.actions import inbox, remote_files
from tanggap.channels.contract import Call
from tanggap.records import files, queries, store
from tanggap.records.models import Attachment, Case, ChannelAccount, Message, RemoteFile
from tanggap.records.verification import verify
from tanggap.worker import collect, media
from tanggap.worker.calling import Caller
from tanggap.worker.reading import Child

FIXTURES = Path(__file__).parent.parent / "channels"
PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\0" * 200


@pytest.fixture(scope="module")
def site() -> Iterator[Platform]:
    with platform() as found:
        yield found


@pytest.fixture
def world(db: None, site: Platform) -> worlds.World:
    site.calls.clear()
    return worlds.build()


@pytest.fixture
def child() -> Iterator[Child]:
    found = Child()
    yield found
    found.close()


@pytest.fixture
def number(world: worlds.World) -> ChannelAccount:
    return account(
        world, channel="whatsapp", secrets={"access_token": "KANARI", "app_secret": "x", "verify_token": "y"}
    )


def arrive(world: worlds.World, to: ChannelAccount, name: str) -> Case:
    inbox.store(to, (FIXTURES / to.channel / name).read_bytes(), at=world.at)
    collect.drain(lambda: world.at)
    return Case.objects.order_by("-n")[0]


def look(world: worlds.World, caller: Caller, child: Child) -> int:
    return media.look_round(lambda: world.at, caller, child)


def texts(case: Case) -> list[str]:
    return [entry.event.kind for entry in store.load(case.pk).entries]


def stored(world: worlds.World, case: Case) -> list[tuple[str, bytes]]:
    coordinator = world.reader(world.coordinator)
    found = [queries.stored_file(coordinator, one.pk) for one in Attachment.objects.filter(case=case).order_by("pk")]
    return sorted((one.name, one.data) for one in found if one is not None)


def graph(asked: Asked) -> Said:
    if asked.host == "graph.facebook.com":
        return told(url="https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=M1", mime_type="image/jpeg")
    return file(PHOTO)


def test_a_photo_sent_by_whatsapp_becomes_a_file_of_the_case_after_its_words(
    world: worlds.World, site: Platform, number: ChannelAccount, child: Child
) -> None:
    """S0-1, in half: the photo comes with it. The words wait for nobody; the page says what is still to come."""
    site.answer = graph
    case = arrive(world, number, "image.json")
    assert Message.objects.filter(case=case, kind="report").exists()
    assert queries.late_files(case.pk) == (1, 0)
    assert look(world, site.caller(), child) == 1
    assert [(one.host, one.headers.get("authorization")) for one in site.calls] == [
        ("graph.facebook.com", "Bearer KANARI"), ("lookaside.fbsbx.com", "Bearer KANARI"),
    ]  # fmt: skip
    assert stored(world, case) == [("foto.jpg", PHOTO)]
    assert texts(case).count("Contacted") == 1
    assert queries.late_files(case.pk) == (0, 0)
    assert look(world, site.caller(), child) == 0
    assert not list(verify(at=world.at))


def test_a_photo_sent_to_a_bot_is_fetched_by_its_path(world: worlds.World, site: Platform, child: Child) -> None:
    bot = account(world, "bot", channel="telegram", secrets={"token": "1:KANARI", "secret": "x"})

    def answer(asked: Asked) -> Said:
        if asked.path.endswith("/getFile"):
            return told(ok=True, result={"file_path": "photos/file_1.jpg"})
        return file(PHOTO)

    site.answer = answer
    case = arrive(world, bot, "photo.json")
    assert look(world, site.caller(), child) == 1
    assert [one.path for one in site.calls] == ["/bot1:KANARI/getFile", "/file/bot1:KANARI/photos/file_1.jpg"]
    assert [data for _name, data in stored(world, case)] == [PHOTO]


def test_a_platform_that_leads_elsewhere_is_not_followed(
    world: worlds.World, site: Platform, number: ChannelAccount, child: Child
) -> None:
    """S31: media URLs: 0 connections outside the allow-list; a person reads that the file is missing."""
    for url in ("https://evil.example/x", "https://127.0.0.1/x", "http://lookaside.fbsbx.com/x", "file:///etc/passwd"):
        site.calls.clear()
        site.answer = lambda asked, url=url: told(url=url)  # type: ignore[misc]
        RemoteFile.objects.all().delete()
        case = Case.objects.first() or arrive(world, number, "image.json")
        if not RemoteFile.objects.exists():
            remote_files.plan(case.inbox_items.get(), [remote_files.Remote(id="M1")], at=world.at)
        assert look(world, site.caller(), child) == 0
        assert [one.host for one in site.calls] == ["graph.facebook.com"]
        assert queries.late_files(case.pk) == (0, 1)


@pytest.mark.parametrize("said", [told(500), told(404, error={"code": 100}), told(200, nothing="here"), told(429)])
def test_what_cannot_be_had_now_is_tried_again_more_and_more_rarely_and_after_three_days_a_person_is_told(
    world: worlds.World, site: Platform, number: ChannelAccount, child: Child, said: Said
) -> None:
    """F8, F22: never silent loss."""
    site.answer = lambda asked: said
    case = arrive(world, number, "image.json")
    tries, began = 0, world.at
    while queries.late_files(case.pk) == (1, 0):
        before = len(site.calls)
        look(world, site.caller(), child)
        tries += len(site.calls) > before
        world.later(minutes=30)
    assert timedelta(days=3) < world.at - began < timedelta(days=3, hours=3)
    assert 20 < tries < 100
    assert queries.late_files(case.pk) == (0, 1)


def test_a_token_that_was_mended_within_three_days_brings_the_file(
    world: worlds.World, site: Platform, number: ChannelAccount, child: Child
) -> None:
    site.answer = lambda asked: told(401)
    case = arrive(world, number, "image.json")
    look(world, site.caller(), child)
    world.later(days=1)
    site.answer = graph
    assert look(world, site.caller(), child) == 1
    assert stored(world, case) == [("foto.jpg", PHOTO)]


def test_a_file_larger_than_this_installation_takes_is_missed_at_once(
    world: worlds.World, site: Platform, number: ChannelAccount, child: Child, settings: object
) -> None:
    settings.TANGGAP_FILE_MEGABYTES = 1  # type: ignore[attr-defined]
    site.answer = lambda asked: graph(asked) if asked.host.startswith("graph") else file(b"x" * (1024 * 1024 + 1))
    case = arrive(world, number, "image.json")
    look(world, site.caller(), child)
    assert queries.late_files(case.pk) == (0, 1)


def test_a_platform_that_hangs_delays_no_message(
    world: worlds.World, site: Platform, number: ChannelAccount, child: Child
) -> None:
    """F9: another thread reads on; here the file is just not had in time."""
    site.answer = lambda asked: Said(200, b"x" * 100, slowly=0.1)
    case = arrive(world, number, "image.json")
    assert look(world, site.caller(seconds=0.5), child) == 0
    assert RemoteFile.objects.get(case=case).why == "time"


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_while_a_file_is_put_into_its_case_it_is_there_once(
    world: worlds.World,
    site: Platform,
    number: ChannelAccount,
    child: Child,
    monkeypatch: pytest.MonkeyPatch,
    when: str,
) -> None:
    site.answer = graph
    case = arrive(world, number, "image.json")
    whole = remote_files.act

    class Killed(BaseException):
        pass

    def dying(*args: object, **named: object) -> None:
        if when == "after":
            whole(*args, **named)  # type: ignore[arg-type]
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(remote_files, "act", dying)
        with pytest.raises(Killed):
            look(world, site.caller(), child)
    world.later(minutes=4)
    look(world, site.caller(), child)
    assert stored(world, case) == [("foto.jpg", PHOTO)]
    assert texts(case).count("Contacted") == 1
    assert queries.late_files(case.pk) == (0, 0)


# files that cannot be written -----------------------------------------------------------------------------------------


def test_when_files_cannot_be_written_the_words_are_accepted_and_the_files_follow_from_the_delivery(
    db: None, site: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F22, I8: attachment store gone; the complaint is there, its file pending, and comes when the store is back."""
    with odd_channel():
        world = worlds.build()
        office = Office(world, account(world))

        def gone(*_: object) -> str:
            raise OSError(30, "Read-only file system")

        with monkeypatch.context() as patch:
            patch.setattr(files, "write", gone)
            office.get({**message(1), "files": {"bukti.txt": "lihat"}})
            (case,) = office.cases()
            assert queries.late_files(case.pk) == (2, 0)
            assert look(world, site.caller(), office.child) == 0, "still gone"
            assert queries.late_files(case.pk) == (2, 0)
        world.later(minutes=2)
        assert look(world, site.caller(), office.child) == 2
        assert stored(world, case) == [("bukti.txt", b"lihat")]
        assert sorted(Attachment.objects.values_list("closed", flat=True)) == [False, True], "the letter as it came"
        assert not list(verify(at=world.at))
        office.child.close()


def test_when_files_cannot_be_written_a_delivery_nobody_can_read_is_told_of_all_the_same(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F22, F25: and whoever reads deliveries goes on."""
    with odd_channel():
        world = worlds.build()
        office = Office(world, account(world))
        office.deliver(wrong="raise")

        def gone(*_: object) -> str:
            raise OSError(30, "Read-only file system")

        monkeypatch.setattr(files, "write", gone)
        for _ in range(3):
            office.work()
            world.later(seconds=31)
        assert (office.states(), Case.objects.count()) == (["quarantined"], 1)
        office.child.close()


def test_hosts_of_files_are_those_of_the_channel() -> None:
    """A call to another host does not leave, whoever asks for it."""
    with platform() as found, pytest.raises(Exception, match="host"):
        found.caller().reach(Call("GET", "https://sms.gerbang.example/"), hosts=("lookaside.fbsbx.com",))
