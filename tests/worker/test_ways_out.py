"""By which way a notice leaves: the one chosen, the one the case came by, mail, a person's hand; and in whose words."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from threading import Event
from uuid import UUID

import pytest

import worlds
from mail_provider import provider
from mail_sink import Mailbox, mailbox
from platforms import Asked, Platform, Said, platform, told
from tanggap.actions import by_hand, channel_accounts, identity, inbox, opening, tracking
from tanggap.actions.contents import Upload, new_content
from tanggap.actions.intake import Complainant
from tanggap.casework.commands import Complete, Wait
from tanggap.config.mail import mail as mail_settings
from tanggap.records import queries, store
from tanggap.records.models import Case, ChannelAccount, Membership, Outbox
from tanggap.records.verification import verify
from tanggap.worker import chats, collect, deliver, lanes
from tanggap.worker.reading import Child

OPERATOR = "operator-mipa-care"
ADDRESS, RANI = "pengaduan@kampus.example", "rani@contoh.example"
PHONE = "6281234567890"


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as found:
        yield found


@pytest.fixture
def world(db: None, box: Mailbox, settings: object) -> worlds.World:
    for name, value in mail_settings(box.url).items():
        setattr(settings, name, value)
    settings.TANGGAP_SENDS_MAIL = True  # type: ignore[attr-defined]
    settings.DEFAULT_FROM_EMAIL = "Tanggap <tanggap@kampus.example>"  # type: ignore[attr-defined]
    made = worlds.build()
    for user in made.on.values():
        user.email = ""  # what leaves is for complainants alone
        user.save()
    return made


@pytest.fixture
def child() -> Iterator[Child]:
    made = Child(seconds=5.0)
    yield made
    made.close()


@pytest.fixture
def graph(monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    """The Graph API on loopback: takes every message and names it."""
    with platform() as found:
        found.answer = lambda asked: told(messages=[{"id": f"wamid.{len(found.calls)}"}])
        monkeypatch.setattr(chats, "caller", found.caller)
        yield found


def account(
    world: worlds.World, channel: str = "email", *, secrets: dict[str, str] | None = None, **more: str
) -> ChannelAccount:
    admin = world.coordinator
    Membership.objects.filter(user=admin).update(admin=True)
    chosen = {"address": ADDRESS} if channel == "email" else {"number_id": "1055"}
    return channel_accounts.save_account(
        world.institution.key, by=world.reader(admin), at=world.at, channel=channel, name=f"{channel} utama",
        settings=chosen | more, secrets=secrets or {},
    )  # fmt: skip


def mail(n: int, text: str, *, to: str = ADDRESS, **headers: str) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = f"Rani <{RANI}>", to, "Batas akhir UKT"
    made["Message-ID"], made["Date"] = f"<{n}@contoh.example>", f"Mon, 16 Nov 2026 01:0{n}:00 +0000"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made.as_bytes()


def whatsapp(n: int, text: str, at: float) -> bytes:
    message = {"id": f"wamid.in{n}", "from": PHONE, "timestamp": str(int(at)), "type": "text", "text": {"body": text}}
    return _webhook(messages=[message], contacts=[{"wa_id": PHONE, "profile": {"name": "Rani"}}])


def status(about: str, said: str, at: float) -> bytes:
    return _webhook(statuses=[{"id": about, "status": said, "timestamp": str(int(at)), "recipient_id": PHONE}])


def _webhook(**value: object) -> bytes:
    told_to = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": "1055"}, **value}
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"changes": [{"value": told_to}]}]}).encode()


def take(world: worlds.World, to: ChannelAccount, raw: bytes, child: Child) -> Case:
    """What arrives becomes a case, or words in one; the newest case."""
    inbox.store(to, raw, at=world.at)
    collect.look_round(lambda: world.at, child)
    found = Case.objects.order_by("-n").first()
    assert found is not None
    return found


def look(world: worlds.World) -> deliver.Round:
    return deliver.look_round(lambda: world.at)


def answer(
    world: worlds.World,
    case: UUID,
    text: str = "Batas akhirnya 15 Januari 2027.",
    *,
    medium: str = "web",
    files: tuple[Upload, ...] = (),
) -> None:
    """The operator answers at once."""
    user, key = world.on[OPERATOR], world.key()
    made = new_content("answer", text, author=user.person, key=key, audience="complainant", medium=medium, files=files)
    world.act(Complete("2#1", choice="tidak", answer=made.id), case, user, made, key=key)


def row(case: UUID, kind: str = "answered") -> Outbox:
    return Outbox.objects.filter(case=case, audience="complainant").exclude(why="merged").get(kind=kind)


def plain(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def sound(world: worlds.World) -> None:
    assert [flaw.says for flaw in verify(at=world.at)] == []


# mail -----------------------------------------------------------------------------------------------------------------


def test_a_question_by_mail_is_answered_in_its_thread_and_the_reply_comes_back_to_the_same_case(
    world: worlds.World, box: Mailbox, child: Child
) -> None:
    """S1-1, S1-6, S40: in their thread, with a signed reply address, in the officer's own words."""
    to = account(world)
    case = take(world, to, mail(1, "Kapan batas akhir UKT?"), child)
    look(world)
    world.later(minutes=20)
    answer(world, case.pk, files=(Upload("edaran.txt", b"Edaran UKT"),))
    assert look(world).sent == 1
    receipt, letter = box.letters
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert "Kapan batas akhir" not in receipt.as_string()
    assert letter["Auto-Submitted"] is None, "a person wrote it"
    assert letter["In-Reply-To"] == "<1@contoh.example>"
    assert letter["Subject"] == f"[{case.register}] Re: Batas akhir UKT"
    assert letter["Reply-To"].startswith("pengaduan+")
    assert "Batas akhirnya 15 Januari 2027." in plain(letter)
    assert "kode lacak" not in plain(letter), "who wrote by mail has none"
    assert [part.get_filename() for part in letter.iter_attachments()] == ["edaran.txt"]
    sent = row(case.pk)
    assert (sent.state, sent.channel, sent.account_id, sent.worded) == ("sent", "email", to.pk, True)
    world.later(minutes=5)
    back = mail(
        2, "Terima kasih. Bagaimana cicilannya?", to=str(letter["Reply-To"]), In_Reply_To=str(letter["Message-ID"])
    )
    assert take(world, to, back, child).pk == case.pk
    assert "Contacted" in [entry.event.kind for entry in store.load(case.pk).entries]
    sound(world)


def test_what_nobody_wrote_comes_back_to_an_address_that_names_its_letter(
    world: worlds.World, box: Mailbox, child: Child
) -> None:
    """S40: a bounce finds the letter it is about."""
    take(world, account(world), mail(1, "Kapan?"), child)
    seen: list[str] = []
    whole = type(box).handle_DATA

    async def watch(self: Mailbox, server: object, session: object, envelope: object) -> str:
        seen.append(str(getattr(envelope, "mail_from", "")))
        return await whole(self, server, session, envelope)  # type: ignore[arg-type]

    type(box).handle_DATA = watch  # type: ignore[method-assign]
    try:
        look(world)
    finally:
        type(box).handle_DATA = whole  # type: ignore[method-assign]
    assert seen[0].startswith("pengaduan+")
    assert box.letters[0]["From"] == "Tanggap <tanggap@kampus.example>"


def test_an_answer_goes_to_the_sender_and_never_where_a_letter_asks_for_it(
    world: worlds.World, box: Mailbox, child: Child
) -> None:
    """P5, S38: whoever writes a letter writes its Reply-To as well, and would have us write to anybody."""
    to = account(world)
    case = take(world, to, mail(1, "Kapan?", Reply_To="Korban <korban@lain.example>, rani@contoh.example"), child)
    answer(world, case.pk)
    nobody = mail(2, "Kapan?", Reply_To="korban@lain.example").replace(b"From: Rani <rani@contoh.example>\n", b"")
    second = take(world, to, nobody, child)
    assert second.pk != case.pk
    look(world)
    assert {str(letter["To"]) for letter in box.letters} == {RANI}
    facts = identity.reveal(case.pk, by=world.reader(world.desk), reason="hubungi", words="", at=world.at)
    assert (facts["email"], facts["reply_to"]) == (RANI, "korban@lain.example")
    assert "email" not in identity.reveal(
        second.pk, by=world.reader(world.desk), reason="hubungi", words="", at=world.at
    )


def test_words_of_an_answer_go_to_no_address_that_is_neither_confirmed_nor_the_one_the_case_came_from(
    world: worlds.World, box: Mailbox
) -> None:
    case = world.receive(complainant=Complainant(name="Rani", email=RANI), answer_by="email").case
    look(world)
    world.later(hours=25)
    answer(world, case)
    look(world)
    assert len(box.letters) == 2
    assert "15 Januari" not in box.letters[1].as_string()
    assert not row(case).worded


def test_an_institution_writes_by_its_own_server_and_one_in_trouble_stops_no_other(
    world: worlds.World, box: Mailbox, child: Child
) -> None:
    with mailbox() as own:
        to = account(world, **own.chosen)
        take(world, to, mail(1, "Kapan?"), child)
        look(world)
        assert len(own.letters) == 1
        assert own.letters[0]["From"].endswith(f"<{ADDRESS}>")
    world.later(minutes=1)
    late = take(world, to, mail(2, "Kapan lagi?").replace(b"rani@", b"siti@"), child)  # its server is away now
    ChannelAccount.objects.create(
        institution=world.institution, channel="email", name="kedua", key="kedua", made_at=world.at,
        settings={"address": "kedua@kampus.example"},
    )  # fmt: skip
    other = take(
        world,
        ChannelAccount.objects.get(name="kedua"),
        mail(3, "Lain", to="kedua@kampus.example").replace(b"rani@", b"budi@"),
        child,
    )
    assert look(world).trouble
    assert row(late.pk, "received").state == "queued"
    assert row(other.pk, "received").state == "sent"
    to.refresh_from_db()
    assert to.last_error


@pytest.mark.parametrize(
    ("chosen", "why"), [({"smtp_tls": "starttls"}, "no TLS"), ({"smtp_user": "a"}, "wrong password")]
)
def test_a_server_without_tls_or_with_another_password_gets_nothing_in_clear(
    world: worlds.World, child: Child, chosen: dict[str, str], why: str
) -> None:
    """F23: no cleartext fallback; it is the account's trouble and the mail waits."""
    with mailbox() as own:
        to = account(world, secrets={"smtp_password": "wrong"}, **own.chosen | chosen)
        case = take(world, to, mail(1, "Kapan?"), child)
        assert look(world).trouble, why
        assert own.letters == []
    assert row(case.pk, "received").state == "queued"


def test_a_connection_that_drops_after_the_data_is_tried_again_under_the_same_id(
    world: worlds.World, box: Mailbox
) -> None:
    """F23, T12."""
    case = world.receive().case
    box.on_data = lambda letter: "421 closing" if len(box.letters) == 1 else "250 OK"
    look(world)
    assert row(case, "received").state == "queued"
    world.later(minutes=6)
    look(world)
    assert row(case, "received").state == "sent"
    assert len(set(box.ids)) == 1


def test_an_institution_writes_by_its_provider_and_a_key_that_is_refused_is_told_on_its_account(
    world: worlds.World, box: Mailbox, child: Child, settings: object
) -> None:
    """F23: its letters wait, and those of the account beside it leave by the installation's way."""
    with provider() as site:
        settings.ANYMAIL = {"MAILGUN_API_URL": site.url}  # type: ignore[attr-defined]
        to = account(world, out="mailgun", provider_domain="mg.kampus.example", secrets={"provider_key": "KANARI"})
        first = take(world, to, mail(1, "Kapan?"), child)
        assert look(world).sent == 1
        (said,) = site.said
        assert f"<{ADDRESS}>" in said
        assert "mg.kampus.example" in site.paths[0]
        assert row(first.pk, "received").channel == "email"
        assert not box.letters
        to.refresh_from_db()
        assert to.last_out_at == world.at
        site.status = 401
        world.later(minutes=1)
        late = take(world, to, mail(2, "Kapan lagi?").replace(b"rani@", b"siti@"), child)
        assert look(world).trouble
    assert row(late.pk, "received").state == "queued"
    to.refresh_from_db()
    assert to.last_error == "tidak dapat mengirim: penyedia menolak kuncinya (HTTP 401)"


# chats ----------------------------------------------------------------------------------------------------------------


def from_whatsapp(world: worlds.World, child: Child, **more: str) -> tuple[ChannelAccount, Case]:
    to = account(world, "whatsapp", secrets={"access_token": "t", "app_secret": "s", "verify_token": "v"}, **more)
    return to, take(world, to, whatsapp(1, "Kapan batas akhir UKT?", world.at.timestamp()), child)


def bodies(graph: Platform) -> list[dict[str, object]]:
    return [json.loads(asked.body) for asked in graph.calls]


def test_a_question_by_whatsapp_is_answered_there_and_what_became_of_it_stands_on_the_case(
    world: worlds.World, child: Child, graph: Platform, box: Mailbox
) -> None:
    """S4-1, F7: the answer quotes their message; delivered and read come in any order; the log says that it arrived."""
    to, case = from_whatsapp(world, child)
    look(world)
    world.later(minutes=10)
    answer(world, case.pk)
    look(world)
    receipt, letter = bodies(graph)
    assert receipt["to"] == letter["to"] == PHONE
    assert letter["context"] == {"message_id": "wamid.in1"}
    text = letter["text"]["body"]  # type: ignore[index]
    assert text.startswith("Batas akhirnya 15 Januari 2027.")
    assert case.register in text
    assert letter["biz_opaque_callback_data"] == row(case.pk).letter
    assert not box.letters
    world.later(seconds=30)
    for said in ("read", "delivered", "sent"):
        take(world, to, status("wamid.2", said, world.at.timestamp()), child)
    assert (row(case.pk).state, row(case.pk).reached) == ("sent", "read")
    assert store.load(case.pk).state.answers[-1].ok is True
    sound(world)


def test_of_a_confidential_procedure_a_chat_gets_a_link_that_opens_the_case_once(
    world: worlds.World, child: Child, graph: Platform
) -> None:
    """P5, S38: a number and a link of ours, not a word of the case; the code is the one that opens it from then on."""
    _to, case = from_whatsapp(world, child)
    Case.objects.filter(pk=case.pk).update(confidential=True)
    look(world)
    (news,) = bodies(graph)
    text = news["text"]["body"]  # type: ignore[index]
    link = re.search(r"/lacak/buka/(\S+)", text)
    assert link, text
    assert text.startswith(f"Ada kabar untuk nomor {case.register}.\nBaca (sekali pakai): http")
    opened = opening.open_case(link[1], at=world.at)
    assert opened is not None
    assert tracking.open_case(case.register, opened.code, source="", at=world.at) == case.pk
    assert opening.open_case(link[1], at=world.at) is None
    assert opening.open_case(link[1][:-1] + "é", at=world.at) is None


def test_a_limit_that_is_told_is_kept_and_others_go_on(
    world: worlds.World, child: Child, graph: Platform, box: Mailbox
) -> None:
    """F8: 429 with Retry-After."""
    _to, case = from_whatsapp(world, child)
    graph.answer = lambda asked: Said(429, b'{"error": {"code": 130429}}', {"Retry-After": "600"})
    other = world.receive(complainant=Complainant(name="Budi", email="budi@contoh.example")).case
    look(world)
    assert row(other, "received").state == "sent"
    world.later(minutes=9)
    look(world)
    assert len(graph.calls) == 1
    graph.answer = lambda asked: told(messages=[{"id": "wamid.9"}])
    world.later(minutes=7)
    look(world)
    assert row(case.pk, "received").state == "sent"
    assert len(graph.calls) == 2


def test_an_account_that_hangs_holds_up_its_own_letters_and_nobody_else_s(
    world: worlds.World, child: Child, graph: Platform, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F9, P4: three letters of a platform that hangs stand first in the queue; the mail behind them leaves at once."""
    monkeypatch.setattr(lanes, "MOST_WAITING", 1)
    goes_on = Event()
    answered = graph.answer
    graph.answer = lambda asked: answered(asked) if goes_on.wait(20) else Said(500)
    to, case = from_whatsapp(world, child)
    for n in (2, 3):
        other = whatsapp(n, "Kapan?", world.at.timestamp()).replace(PHONE.encode(), f"62812345678{n}".encode())
        take(world, to, other, child)
    mailed = world.receive(complainant=Complainant(name="Budi", email="budi@contoh.example")).case
    room, begun = deliver.Letters(lambda: world.at), time.monotonic()
    room.look()
    assert not room.settle(0.3), "the platform hangs still"
    assert row(mailed, "received").state == "sent"
    assert time.monotonic() - begun < 2
    assert len(graph.calls) == 1, "one after another"
    released = Outbox.objects.get(kind="received", account=to, next_at__lt=world.at + timedelta(minutes=1))
    assert (released.state, released.attempts) == ("queued", 0), "what had no room was not tried"
    goes_on.set()
    assert room.settle(10)
    world.later(seconds=11)
    room.look()
    room.end()
    assert set(Outbox.objects.filter(account=to).values_list("state", flat=True)) == {"sent"}
    assert (row(case.pk, "received").attempts, len(graph.calls)) == (1, 3)


def test_a_worker_that_dies_after_a_platform_took_the_message_sends_the_very_same_again(
    world: worlds.World, child: Child, graph: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F4: at the one point where it can be told twice, it is told with one id."""
    from tanggap.actions import outbox

    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> bool:
        raise Killed

    _to, case = from_whatsapp(world, child)
    with monkeypatch.context() as patched:
        patched.setattr(outbox, "sent", die)
        with pytest.raises(Killed):
            look(world)
    world.later(minutes=7)
    look(world)
    first, second = bodies(graph)
    assert first == second
    assert row(case.pk, "received").state == "sent"


def test_when_the_window_is_closed_a_template_goes_or_a_person_is_asked(
    world: worlds.World, child: Child, graph: Platform
) -> None:
    """24 hours after their last word only an approved template may leave."""
    to, case = from_whatsapp(world, child)
    look(world)
    world.later(hours=25)
    answer(world, case.pk)
    look(world)
    assert len(graph.calls) == 1
    assert (row(case.pk).state, row(case.pk).why) == ("failed", "window")
    (task,) = queries.troubles(world.reader(world.desk), [world.institution.pk])
    assert task.register == case.register
    to.settings |= {"template": "kabar"}
    to.save()
    from tanggap.actions import outbox

    outbox.try_again(task.id, institutions=[world.institution.pk], at=world.at)
    look(world)
    sent = bodies(graph)[-1]
    assert sent["type"] == "template"
    assert "15 Januari 2027" in json.dumps(sent)


def test_the_files_of_an_answer_go_along_and_what_the_platform_will_not_take_is_named(
    world: worlds.World, child: Child, graph: Platform
) -> None:
    """S1-6: a circular as a document, a picture as a picture; what is refused is said in the words, which come last."""
    _to, case = from_whatsapp(world, child)
    look(world)
    graph.calls.clear()

    def takes(asked: Asked) -> Said:
        if asked.path.endswith("/media"):
            return told(id="media1") if b"rusak" not in asked.body else told(400, error={"code": 131053})
        return told(messages=[{"id": f"wamid.{len(graph.calls)}"}])

    graph.answer = takes
    files = (Upload("edaran.txt", b"Edaran UKT"), Upload("rusak.txt", b"Edaran lama"), Upload("a.bin", b"\x00\x01\x02"))
    answer(world, case.pk, files=files)
    assert look(world).sent == 1
    uploads = [one for one in graph.calls if one.path.endswith("/1055/media")]
    assert len(uploads) == 2
    document, text, last = (json.loads(one.body) for one in graph.calls if one.path.endswith("/messages"))
    assert (document["type"], document["to"]) == ("document", PHONE)
    assert document["document"] == {"id": "media1", "filename": "edaran.txt"}
    assert text["text"]["body"].startswith("Batas akhirnya 15 Januari 2027.")
    assert "tidak dapat dikirim di sini: a.bin. Berkasnya dapat diambil di http" in text["text"]["body"]
    link = re.search(r"/lacak/buka/(\S+)", text["text"]["body"])
    assert link, "who wrote by chat has no code: a link opens the page with the files"
    assert opening.open_case(link[1], at=world.at) is not None
    assert "tidak dapat dikirim di sini: rusak.txt." in last["text"]["body"]
    take(world, _to, status(f"wamid.{len(graph.calls)}", "read", world.at.timestamp()), child)
    assert row(case.pk).reached == "read"


def test_a_long_answer_is_several_messages_and_the_last_says_what_became_of_it(
    world: worlds.World, child: Child, graph: Platform
) -> None:
    _to, case = from_whatsapp(world, child)
    look(world)
    graph.calls.clear()
    paragraphs = [f"Paragraf {n}. " + "kata " * 300 for n in range(5)]
    answer(world, case.pk, "\n\n".join(paragraphs))
    assert look(world).sent == 1
    said = [one["text"]["body"] for one in bodies(graph)]  # type: ignore[index]
    assert [len(one) <= 4096 for one in said] == [True] * 3
    assert "".join("".join(said).split()).startswith("".join("".join(paragraphs).split()))
    assert said[1].startswith("Paragraf")
    assert ["context" in one for one in bodies(graph)] == [True, False, False]
    take(world, _to, status("wamid.3", "read", world.at.timestamp()), child)
    assert row(case.pk).reached == "read"


def test_a_file_that_cannot_go_now_lets_its_letter_wait(world: worlds.World, child: Child, graph: Platform) -> None:
    """F8: no answer without what belongs to it."""
    _to, case = from_whatsapp(world, child)
    look(world)
    graph.calls.clear()
    graph.answer = lambda asked: Said(503, b"")
    answer(world, case.pk, files=(Upload("edaran.txt", b"Edaran UKT"),))
    look(world)
    assert (row(case.pk).state, len(graph.calls)) == ("queued", 1)


def test_a_platform_that_refuses_for_good_is_followed_by_mail_when_there_is_an_address(
    world: worlds.World, graph: Platform, box: Mailbox
) -> None:
    """F23: another channel, else a person."""
    account(world, "whatsapp", secrets={"access_token": "t"}, template="kabar")
    graph.answer = lambda asked: Said(400, b'{"error": {"code": 131026}}')
    complainant = Complainant(name="Rani", email=RANI, phone="081234567890")
    case = world.receive(complainant=complainant, answer_by="whatsapp").case
    look(world)
    assert len(graph.calls) == 1
    assert [str(letter["To"]) for letter in box.letters] == [RANI]
    assert (row(case, "received").state, row(case, "received").channel) == ("sent", "email")
    sound(world)


def test_a_platform_that_is_away_is_a_person_s_task_before_the_promise_is_broken(
    world: worlds.World, child: Child, graph: Platform
) -> None:
    """P4, F8: told before the deadline, not after two days."""
    _to, case = from_whatsapp(world, child)
    look(world)
    graph.answer = lambda asked: Said(503, b"")
    answer(world, case.pk)
    due_at = Case.objects.get(pk=case.pk).promise_due_at
    assert due_at is not None
    while row(case.pk).state == "queued" and world.at < due_at:
        world.later(minutes=20)
        look(world)
    assert (row(case.pk).state, row(case.pk).why) == ("failed", "gave_up")
    assert world.at < due_at


# by hand --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wish", ["telepon", "surat", "whatsapp"])
def test_who_chose_a_way_that_only_persons_can_go_is_a_task_with_proof(
    world: worlds.World, box: Mailbox, wish: str
) -> None:
    """S1-10: called or written to by a person, who says so; never silently nothing."""
    case = world.receive(complainant=Complainant(name="Rani", phone="081234567890"), answer_by=wish).case
    look(world)
    assert row(case, "received").state == "silenced" or wish == "whatsapp"
    answer(world, case)
    look(world)
    (task,) = queries.troubles(world.reader(world.desk), [world.institution.pk])
    assert (task.by_hand, task.channel, task.kind) == (True, wish, "answered")
    assert task.message, "the letter can be printed"
    proof = new_content("proof", "Ditelepon 09.40, diterima sendiri.", author=world.desk.person, key="p")
    here = [world.institution.pk]
    assert by_hand.told(task.id, institutions=here, by=world.reader(world.desk), proof=proof, at=world.at)
    assert not by_hand.told(task.id, institutions=here, by=world.reader(world.desk), proof=proof, at=world.at)
    last = store.load(case).state.answers[-1]
    assert last.ok is True
    assert world.desk.shown_name in {one.by for one in queries.sent_of(case)}
    assert not box.letters
    sound(world)


def test_a_question_to_somebody_by_telephone_is_a_task_too(world: worlds.World) -> None:
    case = world.receive(complainant=Complainant(name="Rani", phone="081234567890"), answer_by="telepon").case
    user, key = world.on[OPERATOR], world.key()
    asked = new_content("question", "Mohon NIM Anda.", author=user.person, key=key, audience="complainant")
    world.act(Wait("2#1", "pelapor", until=world.at + timedelta(days=2), message=asked.id), case, user, asked, key=key)
    look(world)
    assert row(case, "question").state == "by_hand"


def test_an_answer_by_the_notice_board_is_a_task_for_anonymous_complainants_as_well(world: worlds.World) -> None:
    """S3-12: medium, moment, proof; and verify finds nothing wrong with it."""
    case = world.receive(identity="anonymous", complainant=Complainant()).case
    answer(world, case, medium="papan pengumuman")
    (task,) = queries.troubles(world.reader(world.desk), [world.institution.pk])
    assert (task.kind, task.medium) == ("announce", "papan pengumuman")
    picture = Upload("papan.txt", b"foto")
    proof = new_content("proof", "Papan lantai 1", author=world.desk.person, key="p", files=(picture,))
    by_hand.told(
        task.id, institutions=[world.institution.pk], by=world.reader(world.desk), proof=proof, at=world.later(hours=1)
    )
    last = store.load(case).state.answers[-1]
    assert (last.ok, last.delivered_at) == (True, world.at)
    sound(world)
