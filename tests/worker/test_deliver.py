"""Letters leave: through a real mail server on loopback, by real workers that are killed, stopped and doubled."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Event
from urllib.parse import quote

import pytest
from django.conf import settings as installed
from django.db import connection

import worlds
from mail_sink import Mailbox, mailbox
from tanggap.actions import letter_words, letters, outbox
from tanggap.actions.intake import Complainant
from tanggap.channels import email
from tanggap.config.mail import mail as mail_settings
from tanggap.config.variables import BadValue
from tanggap.records import queries
from tanggap.records.models import Outbox, User
from tanggap.records.verification import verify
from tanggap.worker import deliver
from tanggap.worker.mail import Post

OPERATOR = "operator-mipa-care"


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as found:
        yield found


@pytest.fixture
def world(db: None, box: Mailbox, settings: object) -> worlds.World:
    _use(settings, box.port)
    return worlds.build()


def _use(settings: object, port: int) -> None:
    for name, value in mail_settings(f"smtp://127.0.0.1:{port}?tls=off").items():
        setattr(settings, name, value)
    settings.TANGGAP_SENDS_MAIL = True  # type: ignore[attr-defined]
    settings.DEFAULT_FROM_EMAIL = "Tanggap <tanggap@kampus.example>"  # type: ignore[attr-defined]


def complainant(n: int) -> Complainant:
    return Complainant(name="Kanari", email=f"pelapor{n}@contoh.example")


def look(world: worlds.World) -> deliver.Round:
    return deliver.look_round(lambda: world.at)


# what arrives ---------------------------------------------------------------------------------------------------------


def test_a_notice_arrives_as_plain_text_and_html_and_says_that_a_machine_wrote_it(
    world: worlds.World, box: Mailbox
) -> None:
    case = world.receive()
    assert look(world).sent == 2
    letter = next(one for one in box.letters if one["To"] == "kanari@contoh.example")
    assert letter["Subject"] == f"Laporan {case.register} sudah diterima"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["From"] == "Tanggap <tanggap@kampus.example>"
    plain, html = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    assert case.register in plain
    assert case.code not in plain + html, "the code is in no mail"
    assert '<a href="http' in html
    assert "<img" not in html + plain
    assert {row.state for row in Outbox.objects.all()} == {"sent"}
    assert not list(verify(at=world.at))


def test_nothing_the_complainant_wrote_or_is_travels_by_mail(world: worlds.World, box: Mailbox) -> None:
    """S38: fixed text and a number."""
    world.receive(title="kanari-7f3a: judul", place="kanari-7f3a: tempat")
    look(world)
    for letter in box.letters:
        said = letter.as_string().replace(str(letter["To"]), "").lower()
        assert "kanari" not in said


def test_each_letter_has_one_recipient_one_subject_and_no_smuggled_header(world: worlds.World, box: Mailbox) -> None:
    """S33, T5: line ends, encoded words, next line, line separator, endless words."""
    tricks = ["a\r\nBcc: v@evil.example", "=?utf-8?q?a=0ABcc:_v=40e.example?=", "a\x85Bcc: v@e.example",
              "a\u2028Bcc: v@e.example", "\ud800", "x" * 5000, "a\x00b", "a\x0bBcc: v@e.example"]  # fmt: skip
    post = Post()
    for n, trick in enumerate(tricks):
        made = email.mail(to="a@contoh.example", subject=trick, text=trick, letter=f"l{n}", domain="kampus.example",
                          links=())  # fmt: skip
        assert post.send(made) == "sent"
    post.close()
    assert len(box.letters) == len(tricks)
    for letter, to in zip(box.letters, box.recipients, strict=True):
        assert to == ["a@contoh.example"]
        assert len(letter.get_all("Subject", [])) == 1
        assert "Bcc" not in letter
        assert letter.keys().count("To") == 1


@pytest.mark.parametrize(
    "typed",
    [
        "a@b.id,c@d.id", '"x" <a@b.id>,<c@d.id>', "alice@example.org)bob@evil.example", "a@b.id\n", "a@b.id;c@d.id",
        "a@b.id\r\nBcc: x@y.id", '"<script>"@x.id', "admin@\u0443b.ac.id", "a@b", "a b@c.id", "@b.id", "a@", "a@-b.id",
        "x" * 65 + "@b.id",
    ],
)  # fmt: skip
def test_a_trick_for_an_address_is_no_address(typed: str) -> None:
    """S34, S35: never two recipients."""
    assert email.address(typed) == ""


def test_an_address_that_cannot_be_one_becomes_a_task_and_holds_nobody_up(world: worlds.World, box: Mailbox) -> None:
    bad = world.receive(complainant=Complainant(email="a@b.id,c@d.id")).case
    world.receive(complainant=complainant(1))
    look(world)
    row = Outbox.objects.get(case=bad, kind="received")
    assert (row.state, row.why) == ("failed", "bad_address")
    assert ["pelapor1@contoh.example"] in box.recipients
    assert [one.why for one in queries.troubles(world.reader(world.coordinator), [world.institution.pk])] == [
        "bad_address"
    ]


# what servers do ------------------------------------------------------------------------------------------------------


def test_a_refused_reader_is_a_task_and_a_busy_one_is_tried_again(world: worlds.World, box: Mailbox) -> None:
    """F23: 550 is a person's business, 451 is tomorrow's."""
    replies = {"pelapor1@contoh.example": "550 unknown", "pelapor2@contoh.example": "451 greylisted"}
    box.answer = lambda address: replies.get(address, "250 OK")
    cases = [world.receive(complainant=complainant(n)).case for n in range(3)]
    look(world)
    found = {n: Outbox.objects.get(case=case, kind="received") for n, case in enumerate(cases)}
    assert [(found[n].state, found[n].why) for n in range(3)] == [("sent", ""), ("failed", "refused"), ("queued", "")]
    assert timedelta(0) < found[2].next_at - world.at <= timedelta(minutes=5)
    replies.clear()
    world.later(minutes=6)
    look(world)
    assert Outbox.objects.get(pk=found[2].pk).state == "sent"


def test_a_server_that_is_away_loses_nothing_and_the_queue_drains_when_it_is_back(
    world: worlds.World, box: Mailbox, settings: object
) -> None:
    """F8: an hour away; the queue is empty ten minutes after it is back."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        _use(settings, probe.getsockname()[1])
    for n in range(5):
        world.receive(complainant=complainant(n))
    for _ in range(60):
        found = look(world)
        world.later(minutes=1)
        assert found.sent == 0
    assert set(Outbox.objects.values_list("state", flat=True)) == {"queued"}
    _use(settings, box.port)
    for _ in range(10):
        look(world)
        world.later(minutes=1)
    assert set(Outbox.objects.values_list("state", flat=True)) == {"sent"}
    assert len(set(box.ids)) == len(box.ids)


def test_a_letter_that_cannot_be_put_together_is_set_aside_and_the_others_leave(
    world: worlds.World, box: Mailbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """F25: poison first in the queue."""
    bad = world.receive(complainant=complainant(0)).case
    world.receive(complainant=complainant(1))
    whole = letters.compose

    def compose(claim: outbox.Claim, *, at: datetime) -> letter_words.Letter | None:
        if claim.first.case_id == bad and claim.first.kind == "received":
            raise ValueError("kanari poison")
        return whole(claim, at=at)

    monkeypatch.setattr(letters, "compose", compose)
    for _ in range(4):
        look(world)
        world.later(minutes=10)
    row = Outbox.objects.get(case=bad, kind="received")
    assert (row.state, row.why, row.attempts) == ("poison", "unreadable", 3)
    assert ["pelapor1@contoh.example"] in box.recipients


def test_a_server_that_hangs_is_hung_up_on_and_nothing_is_lost(world: worlds.World, settings: object) -> None:
    """F9."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        _use(settings, silent.getsockname()[1])
        settings.EMAIL_TIMEOUT = 0.3  # type: ignore[attr-defined]
        world.receive()
        assert look(world).trouble
    assert set(Outbox.objects.values_list("state", flat=True)) == {"queued"}


def test_a_clock_that_went_back_lets_nothing_leave_twice_or_early(world: worlds.World, box: Mailbox) -> None:
    """F16."""
    world.receive()
    look(world)
    sent = len(box.letters)
    waiting = world.receive(complainant=complainant(9)).case
    world.later(days=-3650)
    assert look(world).looked == 0
    assert len(box.letters) == sent
    world.later(days=3650, minutes=11)
    look(world)
    assert set(Outbox.objects.filter(case=waiting).values_list("state", flat=True)) == {"sent"}
    assert len(set(box.ids)) == len(box.ids)


def test_the_look_round_costs_the_same_however_much_has_left(
    world: worlds.World, django_assert_num_queries: object
) -> None:
    for n in range(4):
        world.receive(complainant=complainant(n))
    look(world)
    with django_assert_num_queries(2):  # type: ignore[operator]
        look(world)


def test_the_address_of_a_mail_server_says_how_it_is_encrypted() -> None:
    """F23: never in clear unless asked for."""
    assert mail_settings("smtp://u%40x:p%2Fw@mail.example")["EMAIL_USE_TLS"] is True
    assert mail_settings("smtp://u%40x:p%2Fw@mail.example")["EMAIL_HOST_PASSWORD"] == "p/w"
    made = mail_settings("smtps://mail.example")
    assert (made["EMAIL_USE_SSL"], made["EMAIL_USE_TLS"], made["EMAIL_PORT"]) == (True, False, 465)
    assert mail_settings("smtp://mail.example:25?tls=off")["EMAIL_USE_TLS"] is False
    for bad in ("http://mail.example", "smtp://", "smtp://mail.example?tls=maybe", "smtp://mail.example:port"):
        with pytest.raises(BadValue, match="TANGGAP_EMAIL_URL"):
            mail_settings(bad)


# real workers ---------------------------------------------------------------------------------------------------------


def _database() -> str:
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    user = quote(told.get("USER") or "postgres")
    return f"postgresql://{user}@/{told['NAME']}?host={quote(told['HOST'], safe='')}&port={told['PORT'] or 5432}"


def _worker(box: Mailbox) -> subprocess.Popen[bytes]:
    """`tanggap worker --once` on the database of this test."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TANGGAP_")} | {
        "TANGGAP_DATA": str(installed.TANGGAP_DATA),
        "TANGGAP_KEYS": str(installed.TANGGAP_KEYS),
        "TANGGAP_DATABASE_URL": _database(),
        "TANGGAP_EMAIL_URL": box.url,
        "TANGGAP_LOG_LEVEL": "ERROR",
    }
    return subprocess.Popen([sys.executable, "-m", "tanggap", "worker", "--once"], env=environment,
                            stdout=subprocess.DEVNULL)  # fmt: skip


def _leases_end() -> None:
    Outbox.objects.filter(state="queued").update(next_at=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def queue(transactional_db: None, box: Mailbox) -> worlds.World:
    """Eight complaints of long ago: whatever the clock of a real worker says, their mails are due."""
    world = worlds.build()
    world.at = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    for n in range(8):
        world.receive(complainant=complainant(n))
    User.objects.update(email="")  # officers read theirs in Tanggap: what arrives is for complainants alone
    Outbox.objects.update(next_at=world.at)
    return world


def test_a_worker_killed_while_it_sends_loses_nothing_and_doubles_only_under_the_same_message_id(
    queue: worlds.World, box: Mailbox
) -> None:
    """F4, T12: killed after the mail was taken and before it could be written down, again and again."""
    kills = 0
    while kills < 3:
        worker = _worker(box)
        taken = len(box.letters) + 2

        def kill(letter: object, taken: int = taken, worker: subprocess.Popen[bytes] = worker) -> str:
            if len(box.letters) == taken:
                worker.kill()
            return "250 OK"

        box.on_data = kill
        assert worker.wait(timeout=60) == -signal.SIGKILL
        kills += 1
        _leases_end()
    box.on_data = lambda letter: "250 OK"
    assert _worker(box).wait(timeout=60) == 0
    received = Outbox.objects.filter(kind="received")
    assert set(received.values_list("state", flat=True)) == {"sent"}
    times = Counter(box.ids)
    assert set(times) == {f"<{row.letter}@127.0.0.1>" for row in received}
    assert len(times) == 8
    assert sum(times.values()) - 8 <= kills
    for one in times:
        same = [letter for letter in box.letters if letter["Message-ID"] == one]
        bodies = {letter.get_body(("plain",)).get_content() for letter in same}  # type: ignore[union-attr]
        assert len(bodies) == 1, "one content for one Message-ID"


def test_two_workers_send_each_letter_once(queue: worlds.World, box: Mailbox) -> None:
    """F21."""
    workers = [_worker(box), _worker(box)]
    assert [worker.wait(timeout=60) for worker in workers] == [0, 0]
    assert Counter(box.ids).most_common(1)[0][1] == 1
    assert len(box.ids) == 8
    assert set(Outbox.objects.filter(kind="received").values_list("state", flat=True)) == {"sent"}


def test_a_worker_that_was_asleep_past_its_lease_writes_nothing_when_it_wakes(
    queue: worlds.World, box: Mailbox
) -> None:
    """F21: a zombie. What it was sending arrives twice under one Message-ID; everything else once."""
    zombie, asleep = _worker(box), Event()
    box.on_data = lambda letter: "250 OK" if asleep.wait(60) else "451 no"
    while not box.letters or Outbox.objects.filter(kind="received", template=None).exists():
        assert zombie.poll() is None
        time.sleep(0.05)
    time.sleep(0.2)  # nothing is written any more while the first letter is under way
    zombie.send_signal(signal.SIGSTOP)
    asleep.set()
    _leases_end()
    assert _worker(box).wait(timeout=60) == 0
    before = {row.pk: (row.state, row.attempts) for row in Outbox.objects.all()}
    zombie.send_signal(signal.SIGCONT)
    assert zombie.wait(timeout=60) == 0
    assert {row.pk: (row.state, row.attempts) for row in Outbox.objects.all()} == before
    assert sorted(Counter(box.ids).values()) == [1] * 7 + [2]
