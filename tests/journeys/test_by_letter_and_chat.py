"""S1 and S4-1: a question comes by e-mail or WhatsApp, climbs as the SOP says, and is answered where it came from."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from importlib.resources import files

import pytest

from mail_sink import Mailbox, mailbox
from pages import Page
from platforms import Platform, platform, told
from tanggap.actions import inbox
from tanggap.actions.sops import approve, import_sop
from tanggap.config.mail import mail as mail_settings
from tanggap.records.deliveries import raw_of, seal_secrets
from tanggap.records.models import Case, ChannelAccount, Inbox, TrackingCode
from tanggap.worker import chats, collect, deliver
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


@pytest.fixture
def child() -> Iterator[Child]:
    made = Child(seconds=5.0)
    yield made
    made.close()


def account(town: Town, channel: str, **settings: str) -> ChannelAccount:
    made = ChannelAccount(
        institution=town.institution, channel=channel, name=channel, key=channel, settings=settings,
        made_at=town.clock.now,
    )  # fmt: skip
    seal_secrets(made, {"access_token": "t"} if channel == "whatsapp" else {})
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
    page.says("Kiriman kepada pelapor", "Laporan dijawab", "Surel, dikirim", "surat-asli.eml")
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


def test_the_same_question_by_whatsapp_is_answered_there_and_read(
    town: Town, box: Mailbox, child: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S4-1, S1-6: the officer sees how long the window is open, and that the answer was read."""
    now = str(int(town.clock.now.timestamp()))
    message = {"id": "wamid.in", "from": "6281234567890", "timestamp": now, "type": "text", "text": {"body": QUESTION}}
    to = account(town, "whatsapp", number_id="1055")
    with platform() as graph:
        graph.answer = lambda asked: told(messages=[{"id": f"wamid.{len(graph.calls)}"}])
        monkeypatch.setattr(chats, "caller", graph.caller)
        case = take(town, to, _webhook(messages=[message]), child)
        send(town)
        page = answered(town, case.register)
        page.says("Sisa jendela WhatsApp: 23 jam 55 menit")
        send(town)
        _said_in_the_same_chat(graph)
    town.clock.later(minutes=1)
    read = {"id": "wamid.2", "status": "read", "timestamp": str(int(town.clock.now.timestamp())), "recipient_id": "62"}
    take(town, to, _webhook(statuses=[read]), child)
    town.on("staf-humas").open(case.register).says("WhatsApp, dikirim", "dibaca")
    assert "Delivered" in town.kinds(case.register)
    assert not box.letters


def _said_in_the_same_chat(graph: Platform) -> None:
    said = json.loads(graph.calls[-1].body)
    assert said["context"]["message_id"] == "wamid.in"
    assert said["text"]["body"].startswith(ANSWER)


def _webhook(**value: object) -> bytes:
    told_to = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": "1055"}, **value}
    return json.dumps({"object": "whatsapp_business_account", "entry": [{"changes": [{"value": told_to}]}]}).encode()


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
