"""S1 and S4-1: a question comes by e-mail, and by every chat, climbs as the SOP says, and is answered there."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from importlib.resources import files
from pathlib import Path

import pytest
from django.test import Client

import modem
from mail_sink import Mailbox, mailbox
from pages import Page
from platforms import Platform, platform, told
from tanggap.actions import inbox
from tanggap.actions.sops import approve, import_sop
from tanggap.config.mail import mail as mail_settings
from tanggap.records.deliveries import raw_of, seal_secrets
from tanggap.records.models import Case, ChannelAccount, Inbox, TrackingCode
from tanggap.worker import chats, collect, deliver, fetch
from tanggap.worker.reading import Child
from town import Complainant, Town

QUESTION = "Kapan batas akhir pembayaran UKT semester depan?"
ANSWER = "Batas akhir pembayaran UKT adalah 15 Januari 2027."
TELLING = "Memberikan jawaban kepada pengirim aduan"


@pytest.fixture
def town(town_of: Callable[[str], Town], settings: object, box: Mailbox) -> Town:
    """UC3: Humas at the desk; mail leaves by a server on loopback."""
    for name, value in mail_settings(box.url).items():
        setattr(settings, name, value)
    settings.TANGGAP_SENDS_MAIL = True  # type: ignore[attr-defined]
    found = town_of("unej-uc3")
    found.give("staf-humas", desk=True)
    for user in found.world.on.values():
        user.email = ""
        user.save()
    return found


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as found:
        yield found


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    made = Child(seconds=5.0)
    yield made
    made.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Platform]:
    with platform() as found:
        yield found


@pytest.fixture
def site(server: Platform, monkeypatch: pytest.MonkeyPatch) -> Platform:
    """Every platform on loopback, with nothing heard yet."""
    server.calls.clear()
    monkeypatch.setattr(chats, "caller", server.caller)
    return server


def account(town: Town, channel: str, **settings: str) -> ChannelAccount:
    made = ChannelAccount(
        institution=town.institution, channel=channel, name=channel, key=channel, settings=settings,
        made_at=town.clock.now,
    )  # fmt: skip
    made.save()
    return made


def take(town: Town, to: ChannelAccount, raw: bytes, child: Child) -> Case:
    """What arrives is stored and read; the newest case."""
    stored = inbox.store(to, raw, at=town.clock.now)
    collect.look_round(lambda: town.clock.now, child)
    assert raw_of(Inbox.objects.get(pk=stored.id)) == raw, "byte for byte as it came"
    return Case.objects.order_by("-n")[0]


def send(town: Town) -> int:
    return deliver.look_round(lambda: town.clock.now).sent


def answered(town: Town, register: str) -> Page:
    """The first rung has the data; the answer is a row of its own; then the archive."""
    staff = town.on("staf-humas")
    town.clock.later(minutes=2)
    staff.finish(register, "langkah 1", choice="ya", reason="Dari kalender akademik.")
    town.clock.later(minutes=3)
    staff.finish(register, f"langkah “{TELLING}”", answer=ANSWER)
    return staff.open(register)


def test_a_question_by_e_mail_is_a_case_and_its_answer_stands_in_the_same_thread(
    town: Town, box: Mailbox, child: Child
) -> None:
    """S1-1, S1-6, S1-7, S1-8: stored as it came, answered in the thread, the proof and both sides on record."""
    made = EmailMessage()
    made["From"], made["To"] = "Sari <sari@contoh.example>", "humas@unej.example"
    made["Subject"], made["Message-ID"] = "Batas UKT", "<sari-1@contoh.example>"
    made["Date"] = "Mon, 16 Nov 2026 08:00:00 +0700"
    made.set_content(QUESTION)
    to = account(town, "email", address="humas@unej.example")
    case = take(town, to, made.as_bytes(), child)
    send(town)
    page = answered(town, case.register)
    assert send(town) == 1
    letter = box.letters[-1]
    assert letter["In-Reply-To"] == "<sari-1@contoh.example>"
    assert ANSWER in letter.as_string()
    page = town.on("staf-humas").open(case.register)
    page.says("Kiriman kepada pelapor", "Laporan dijawab", "Diserahkan ke peladen surel", "surat-asli.eml")
    reply = EmailMessage()
    reply["From"], reply["To"] = "Sari <sari@contoh.example>", str(letter["Reply-To"])
    reply["Subject"], reply["Message-ID"] = "Re: Batas UKT", "<sari-2@contoh.example>"
    reply["In-Reply-To"], reply["Date"] = str(letter["Message-ID"]), "Mon, 16 Nov 2026 08:10:00 +0700"
    reply.set_content("Terima kasih banyak.")
    town.clock.later(minutes=5)
    assert take(town, to, reply.as_bytes(), child).pk == case.pk
    town.on("staf-humas").open(case.register).says("Terima kasih banyak.")
    town.on("staf-humas").finish(case.register, "langkah 3", reason="Dicatat dan dicetak untuk map arsip.")
    town.on("staf-humas").visit("/register").says(case.register)
    town.on("staf-humas").visit(f"/kasus/{case.pk}/berkas").says(QUESTION, ANSWER)


def test_the_answer_of_a_confidential_procedure_is_read_by_the_link_of_the_letter(
    town: Town, box: Mailbox, child: Child
) -> None:
    """Neither word nor fact of it travels by mail: a link that works once opens the page, and gives number and code."""
    _is_confidential(town)
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "sari@contoh.example", "humas@unej.example", "Batas UKT"
    made["Message-ID"], made["Date"] = "<sari-9@contoh.example>", "Mon, 16 Nov 2026 08:00:00 +0700"
    made.set_content(QUESTION)
    case = take(town, account(town, "email", address="humas@unej.example"), made.as_bytes(), child)
    assert case.confidential
    assert send(town) == 1
    first = _link(box)
    assert answered(town, case.register)
    assert send(town) == 0, "one mail a day to an address that nobody confirmed (P5)"
    town.clock.later(days=1)
    assert send(town) == 1
    for letter in box.letters:
        assert not re.search("UKT|dijawab|humas staf|akademik", letter.as_string(), re.IGNORECASE)
    assert not TrackingCode.objects.exists(), "no code before somebody is told one"
    sari = Complainant()
    sari.visit(_link(box)).says_not(case.register, ANSWER)
    page = sari.visit(_link(box)).form("Buka laporan saya").send().says("Laporan Anda terbuka", case.register)
    assert not page.weaknesses()
    sari.keep(page)
    page.click("Lihat laporan").says(ANSWER)
    again = Complainant()
    again.register, again.code = sari.register, sari.code
    again.track().says(ANSWER)
    _old_links(town, box, first)


def _old_links(town: Town, box: Mailbox, unused: str) -> None:
    """A used link opens nothing; a day after its letter it brings a new one, to the same address."""
    used, stranger = _link(box), Complainant()
    page = stranger.visit(used).form("Buka laporan saya").send(expect=404).says("sudah dipakai atau sudah lama")
    page.form("Kirim tautan baru").send().says("sehari sesudah surat yang terakhir")
    assert send(town) == 0
    town.clock.later(days=1, minutes=1)
    stranger.visit(used).form("Buka laporan saya").send(expect=404).form("Kirim tautan baru").send()
    assert (send(town), box.recipients[-1]) == (1, ["sari@contoh.example"])
    assert _link(box) != used
    stranger.visit(used).form("Buka laporan saya").send(expect=404).says("sudah diganti oleh yang lebih baru")
    town.clock.later(days=30)
    stranger.visit(unused).form("Buka laporan saya").send(expect=404).says("sudah dipakai atau sudah lama")
    stranger.visit("/lacak/buka/xyz.00").form("Buka laporan saya").send(expect=404).says("Tautan ini tidak berlaku")
    assert stranger.visit("/lacak").has_form("Buka laporan"), "nothing was opened"


def _is_confidential(town: Town) -> None:
    """The institution makes another version of its SOP, whose procedure is confidential."""
    text = (files("tanggap") / "seeds" / "sop" / "unej-uc3.toml").read_text("utf-8")
    text = text.replace("[[procedure]]\n", "[[procedure]]\nconfidential = true\n", 1)
    approve(import_sop(town.institution, text, name="rahasia", at=town.clock.now), at=town.clock.now)


def _link(box: Mailbox) -> str:
    plain = box.letters[-1].get_body(("plain",))
    assert plain is not None
    found = re.search(r"(/lacak/buka/\S+)", plain.get_content())
    assert found, plain.get_content()
    return found[1]


# by every platform ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ways:
    """One platform: what it posts when somebody writes, how it proves itself, what it answers, and what it says later.

    ``asked``: a question; ``reports``: what became of our second message, each with the words of the page. ``said``:
    the words of a call that it got.
    """

    word: str
    settings: dict[str, str]
    secrets: dict[str, str]
    asked: Callable[[int], object]
    proof: Callable[[bytes], dict[str, str]]
    takes: Callable[[int], dict[str, object]]
    said: Callable[[dict[str, object]], object]
    reports: tuple[tuple[Callable[[int], object], str], ...] = ()
    handed: str = ""


def _by_meta(body: bytes) -> dict[str, str]:
    return {"x-hub-signature-256": "sha256=" + hmac.new(b"rahasia", body, hashlib.sha256).hexdigest()}


def _webhook(**value: object) -> object:
    told_to = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": "1055"}, **value}
    return {"object": "whatsapp_business_account", "entry": [{"changes": [{"value": told_to}]}]}


def _event(**event: object) -> Callable[[int], object]:
    def told_at(now: int) -> object:
        envelope = {"sender": {"id": "42"}, "recipient": {"id": "500"}, "timestamp": now * 1000, **event}
        return {"object": "page", "entry": [{"id": "500", "messaging": [envelope]}]}

    return told_at


def _state(state: str) -> Callable[[int], object]:
    return lambda now: _webhook(
        statuses=[{"id": "wamid.2", "status": state, "timestamp": str(now), "recipient_id": "62"}]
    )


META = {"access_token": "t", "app_secret": "rahasia", "verify_token": "v"}
CHATS = {
    "whatsapp": Ways(
        "WhatsApp", {"number_id": "1055"}, META,
        lambda now: _webhook(
            messages=[{"id": "in", "from": "6281234567890", "timestamp": str(now), "type": "text",
                       "text": {"body": QUESTION}}]
        ),
        _by_meta, lambda n: {"messages": [{"id": f"wamid.{n}"}]}, lambda body: body["text"]["body"],
        ((_state("sent"), "terkirim"), (_state("read"), "dibaca"), (_state("delivered"), "dibaca")),
        "Diserahkan ke WhatsApp",
    ),
    "instagram": Ways(
        "Instagram", {"account_id": "500"}, META, _event(message={"mid": "in", "text": QUESTION}), _by_meta,
        lambda n: {"recipient_id": "42", "message_id": f"mid.{n}"}, lambda body: body["message"]["text"],
        ((_event(read={"mid": "mid.2"}), "dibaca"),), "Diserahkan ke Instagram",
    ),
    "facebook": Ways(
        "Facebook", {"account_id": "500"}, META, _event(message={"mid": "in", "text": QUESTION}), _by_meta,
        lambda n: {"recipient_id": "42", "message_id": f"mid.{n}"}, lambda body: body["message"]["text"],
        ((_event(delivery={"mids": ["mid.2"], "watermark": 1}), "sampai"),
         (lambda now: _event(read={"watermark": now * 1000})(now), "dibaca")),
        "Diserahkan ke Facebook",
    ),
    "telegram": Ways(
        "Telegram", {}, {"token": "1:ab", "secret": "rahasia"},
        lambda now: {"update_id": now, "message": {
            "message_id": 7, "date": now, "chat": {"id": 42, "type": "private"}, "from": {"id": 42, "first_name": "S"},
            "text": QUESTION,
        }},
        lambda body: {"x-telegram-bot-api-secret-token": "rahasia"},
        lambda n: {"ok": True, "result": {"message_id": 100 + n, "chat": {"id": 42}}}, lambda body: body["text"],
        (), "Diserahkan ke Telegram",
    ),
    "sms": Ways(
        "SMS", {"send_url": "https://sms.gerbang.example/kirim"}, {"secret": "rahasia"},
        lambda now: {"from": "6281234567890", "text": QUESTION, "id": "in", "time": now},
        lambda body: {"x-signature": hmac.new(b"rahasia", body, hashlib.sha256).hexdigest()},
        lambda n: {"id": f"g-{n}"}, lambda body: body["text"],
        ((lambda now: {"message_id": "g-2", "status": "DELIVRD", "time": now}, "sampai"),),
        "Diserahkan ke gerbang SMS",
    ),
}  # fmt: skip


@pytest.mark.parametrize("channel", CHATS)
def test_a_question_by_chat_is_answered_there_and_the_case_says_what_became_of_it(
    town: Town, box: Mailbox, child: Child, site: Platform, channel: str
) -> None:
    """S4-1, S1-6, S1-8, F7: signed in, a case of its own, answered where it came from, and every report is shown."""
    way = CHATS[channel]
    site.answer = lambda asked: told(**way.takes(len(site.calls)))
    to = account(town, channel, **way.settings)
    seal_secrets(to, way.secrets)
    to.save()

    def comes(said: Callable[[int], object]) -> None:
        body = json.dumps(said(int(town.clock.now.timestamp()))).encode()
        headers = way.proof(body)
        assert Client().post("/kait/" + to.key, body, "application/json", headers={}).status_code == 401
        assert Client().post("/kait/" + to.key, body, "application/json", headers=headers).status_code == 200
        collect.look_round(lambda: town.clock.now, child)

    comes(way.asked)
    (case,) = Case.objects.all()
    assert case.channel == channel
    send(town)
    page = answered(town, case.register)
    page.says(f"Saluran: {way.word}.")
    if channel in ("whatsapp", "instagram", "facebook"):
        page.says(f"Sisa jendela {way.word}: 23 jam 55 menit")
    send(town)
    assert str(way.said(json.loads(site.calls[-1].body))).startswith(ANSWER)
    assert len(site.calls) == 2
    shown = town.on("staf-humas").open(case.register)
    shown.says(way.handed)
    for report, word in way.reports:
        town.clock.later(minutes=1)
        comes(report)
        shown = town.on("staf-humas").open(case.register)
        assert shown.text.count(f", {word} ") >= 1, (word, shown.main)
    assert ("Delivered" in town.kinds(case.register)) == bool(way.reports)
    assert not box.letters
    assert Case.objects.count() == 1


def test_who_blocked_the_bot_is_a_task_for_a_person(town: Town, box: Mailbox, child: Child, site: Platform) -> None:
    """F23: Telegram says 403 for good."""
    way = CHATS["telegram"]
    site.answer = lambda asked: told(403, ok=False, description="Forbidden: bot was blocked by the user")
    to = account(town, "telegram")
    seal_secrets(to, way.secrets)
    to.save()
    case = take(town, to, json.dumps(way.asked(int(town.clock.now.timestamp()))).encode(), child)
    answered(town, case.register)
    send(town)
    town.on("staf-humas").open(case.register).says("Gagal dikirim", "Ditolak Telegram: penerima memblokir")
    town.on("staf-humas").visit("/pemberitahuan/antrean").says(case.register, "Ditolak Telegram")


def test_a_question_by_a_modem_is_sms_everywhere_and_its_answer_arrives_piece_by_piece(
    town: Town, box: Mailbox, child: Child, tmp_path: Path
) -> None:
    """S4-1, S1-2: the record says SMS, whatever carries it; what Gammu says of the pieces stands on the case."""
    with modem.phone(tmp_path) as phone:
        to = account(town, "gammu")
        seal_secrets(to, {"database": phone.address})
        to.save()

        def looks() -> None:
            town.clock.later(seconds=31)
            fetch.drain(lambda: town.clock.now)
            collect.look_round(lambda: town.clock.now, child)

        phone.comes(QUESTION)
        looks()
        (case,) = Case.objects.all()
        assert case.channel == "sms"
        send(town)
        answered(town, case.register).says("Saluran: SMS.")
        send(town)
        _receipt, letter = phone.do('SELECT "TextDecoded", "CreatorID" FROM outbox ORDER BY "ID"')
        assert letter[0].startswith(ANSWER)
        phone.do('DELETE FROM outbox WHERE "CreatorID" = ?', letter[1])
        for n, (status, word) in enumerate((("SendingOK", "terkirim"), ("DeliveryOK", "sampai"))):
            phone.do('DELETE FROM sentitems WHERE "CreatorID" = ?', letter[1])
            phone.do(
                'INSERT INTO sentitems ("UpdatedInDB", "DestinationNumber", "Status", "SendingDateTime", "CreatorID",'
                ' "ID") VALUES (?, ?, ?, ?, ?, ?)',
                f"2026-11-16 08:0{n}:00", "+628123456789", status, f"2026-11-16 08:0{n}:00", letter[1], 2,
            )  # fmt: skip
            looks()
            town.on("staf-humas").open(case.register).says("Diserahkan ke modem SMS", f", {word} ")
        town.on("staf-humas").visit("/register").says(case.register, "SMS")
        assert "gammu" not in town.on("staf-humas").visit("/register").text.lower()
        assert "Delivered" in town.kinds(case.register)
