"""The pages on what arrives: accounts whose secrets stay where they are, and what waits for an officer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from arrivals import Office, account, message, odd_channel
from tanggap.actions.cases import NotVisible
from tanggap.actions.channel_accounts import ask_test, settings_of, tried
from tanggap.actions.identity import reveal, reveal_sender
from tanggap.actions.remote_files import Remote, plan
from tanggap.records import queries
from tanggap.records.models import Attachment, ChannelAccount, Inbox, InboxItem, Membership, RemoteFile, SenderReveal
from tanggap.records.queries.inbox import inbox_health
from town import Town

OPERATOR = "operator-mipa-care"
SECRET = "sandi-kanari-7F3A"


@pytest.fixture
def office(town: Town) -> Iterator[Office]:
    with odd_channel():
        found = Office(town.world, account(town.world))
        yield found
        found.child.close()


def admin(town: Town) -> object:
    Membership.objects.create(institution=town.institution, user=town.world.stranger, admin=True)
    return town.on("stranger")


# accounts -------------------------------------------------------------------------------------------------------------


def test_an_account_is_added_and_changed_and_its_secret_is_never_shown(town: Town, office: Office) -> None:
    """Secrets are write-only: they go in, are used, and stand in no page and no table in clear (S65)."""
    rani = admin(town)
    form = rani.visit(f"/saluran/{town.key}/baru/odd").form("Simpan")
    refused = form.write("Nama saluran", "Gerbang").write("Nomor", "").send(expect=422)
    refused.says("Saluran belum tersimpan")
    form = rani.visit(f"/saluran/{town.key}/baru/odd").form("Simpan")
    form.write("Nama saluran", "Gerbang").write("Nomor", "0812").write("Kata sandi", SECRET).send()
    made = ChannelAccount.objects.get(name="Gerbang")
    assert settings_of(made) == {"number": "0812", "word": SECRET}
    assert SECRET.encode() not in bytes(made.secrets or b"")
    page = rani.visit(f"/saluran/{town.key}/{made.pk}").says("Tersimpan. Kosongkan bila tidak diganti.")
    assert SECRET not in page.response.content.decode()
    page.form("Simpan").write("Nomor", "0813").send().says("Saluran Gerbang tersimpan.", "belum ada yang masuk")
    made.refresh_from_db()
    assert settings_of(made) == {"number": "0813", "word": SECRET}


def test_two_accounts_of_a_channel_have_two_names(town: Town, office: Office) -> None:
    page = admin(town).visit(f"/saluran/{town.key}/baru/odd")
    form = page.form("Simpan").write("Nama saluran", "meja").write("Nomor", "1").write("Kata sandi", "x")
    form.send(expect=422).says("Sudah ada saluran dengan nama itu.")
    assert ChannelAccount.objects.count() == 1


def test_a_mail_account_names_its_own_way_out_and_what_is_wrong_with_it_is_said_at_the_field(town: Town) -> None:
    """S4-1: the house's way, a server of its own or a provider; nothing that was typed is lost but the secret."""
    rani = admin(town)
    form = (
        rani.visit(f"/saluran/{town.key}/baru/email")
        .form("Simpan")
        .write("Alamat surel", "lapor@kampus.example")
        .pick("Cara mengirim", "Mailgun")
    )
    refused = form.send(expect=422).says("Isilah kunci API dari penyedia itu.", "Isilah domain yang terdaftar")
    form = refused.form("Simpan").write("Kunci API", SECRET).write("Domain pengirim", "mg.kampus.example")
    form.send().says("Saluran Surel tersimpan.")
    made = ChannelAccount.objects.get(channel="email")
    assert (made.settings["out"], made.settings["address"]) == ("mailgun", "lapor@kampus.example")
    assert (settings_of(made)["provider_key"], SECRET in str(made.settings)) == (SECRET, False)
    form = (
        rani.visit(f"/saluran/{town.key}/{made.pk}")
        .form("Simpan")
        .pick("Cara mengirim", "Peladen surel sendiri (SMTP)")
    )
    form.write("Peladen keluar", "smtp.kampus.example").pick(
        "Pengamanan sambungan keluar", "Tanpa pengamanan (hanya ke mesin ini)"
    )
    refused = form.write("Porta keluar", "70000").send(expect=422)
    refused.says("Tanpa pengamanan hanya boleh ke mesin ini sendiri.", "Porta adalah bilangan 1 sampai 65535.")
    form = refused.form("Simpan").pick("Pengamanan sambungan keluar", "STARTTLS").write("Porta keluar", "587")
    form.send().says("Saluran Surel tersimpan.", "dilupakan: Kunci API")
    made.refresh_from_db()
    assert "provider_key" not in settings_of(made)


def test_a_stored_secret_is_told_to_nobody_that_it_was_not_typed_for(town: Town) -> None:
    """S65: whoever changes the server of a mailbox would otherwise be sent the password that nobody may see."""
    chosen = {
        "address": "a@kampus.example",
        "imap_host": "imap.kampus.example",
        "imap_tls": "ssl",
        "imap_folder": "INBOX",
    }
    made = account(town.world, "surat", channel="email", settings=chosen, secrets={"imap_password": SECRET})
    form = admin(town).visit(f"/saluran/{town.key}/{made.pk}").form("Simpan")
    refused = form.write("Peladen IMAP", "imap.jahat.example").send(expect=422).says("Tujuannya diganti")
    made.refresh_from_db()
    assert made.settings["imap_host"] == "imap.kampus.example"
    refused.form("Simpan").write("Sandi IMAP", "baru").send().says("Saluran surat tersimpan.")
    made.refresh_from_db()
    assert settings_of(made)["imap_password"] == "baru"


def test_accounts_are_for_whoever_arranges_the_institution(town: Town, office: Office) -> None:
    for path in ("/saluran", f"/saluran/{town.key}", f"/saluran/{town.key}/baru/odd", f"/saluran/{town.key}/1"):
        town.on("desk").visit(path, expect=404)
        town.on(OPERATOR).visit(path, expect=404)
    rani = admin(town)
    rani.visit("/saluran/tidak-ada", expect=404)
    rani.visit(f"/saluran/{town.key}/baru/tidak-ada", expect=404)
    rani.visit("/kotak-masuk", expect=404)


def test_how_an_account_stands_is_told_on_the_page_and_by_doctor(town: Town, office: Office) -> None:
    from tanggap.actions import channel_accounts

    office.deliver(message(1))
    channel_accounts.trouble(office.account.pk, at=town.clock.now, why="kata sandi ditolak")
    admin(town).visit(f"/saluran/{town.key}").says("bermasalah", "kata sandi ditolak", "Belum dibaca")
    health = inbox_health(at=town.clock.now)
    assert (health.accounts, health.due) == (1, 1)
    assert health.errors == (("odd meja", "kata sandi ditolak"),)


# the box --------------------------------------------------------------------------------------------------------------


def stranger_in_a_thread(office: Office) -> InboxItem:
    office.get(message(1))
    (item,) = office.get(message(2, "budi@contoh.example", "Saya tetangganya", answers=["<1@contoh.example>"]))
    assert item.state == "review"
    return item


def test_the_desk_reads_what_a_stranger_said_and_adds_it_to_the_case(town: Town, office: Office) -> None:
    """S37: nothing is joined by itself."""
    stranger_in_a_thread(office)
    page = town.on("desk").visit("/kotak-masuk").says("Saya tetangganya", "Pengirim disembunyikan", "belum dikenal")
    page.form("Tambahkan ke laporan").put("do", "join").send().says("beberapa detik", "Tidak ada yang menunggu")
    office.world.at = town.clock.now
    office.work()
    (case,) = office.cases()
    assert "Saya tetangganya" in town.on("desk").visit(f"/kasus/{case.pk}").text


def test_who_waits_is_shown_with_a_reason_on_record_and_the_record_follows_them_into_their_case(
    town: Town, office: Office
) -> None:
    """S5: as the identity of a case is; and where they ask to be answered stands there as unproven."""
    office.get(message(1))
    stranger = message(2, "budi@contoh.example", answers=["<1@contoh.example>"], name="Budi", tags=["several-senders"])
    (item,) = office.get(stranger | {"reply_to": ["lain@contoh.example"]})
    box = town.on("desk").visit("/kotak-masuk").says_not("budi@", "Budi", "lain@contoh.example")
    form = box.form("Buka dan catat").put("reason", "lain").write("Penjelasan", " ")
    form.send(expect=422).says_not("budi@")
    assert not SenderReveal.objects.exists()
    shown = form.pick("Keperluan", "Memverifikasi laporan").write("Penjelasan", "wargakah ia?").send()
    shown.says(
        "budi@contoh.example", "Budi", "Minta dibalas ke (belum terbukti) lain@contoh.example", "beberapa pengirim"
    )
    shown.says("Dibuka oleh desk")
    town.on("coordinator").visit("/kotak-masuk").says("Dibuka oleh desk").says_not("budi@")
    with pytest.raises(NotVisible):
        reveal_sender(
            item.pk, by=town.world.reader(town.world.on["dekan"]), reason="surat", words="", at=town.clock.now
        )
    box.form("Jadikan laporan baru").put("do", "new").send()
    office.world.at = town.clock.now
    office.work()
    item.refresh_from_db()
    seen = queries.tracked_case(item.case_id, at=town.clock.now).reveals
    assert [(one.who, one.reason, one.words) for one in seen] == [("desk", "verifikasi", "wargakah ia?")]
    page = town.on("desk").visit(f"/kasus/{item.case_id}").says_not("lain@contoh.example")
    page.form("Buka dan catat").write("Penjelasan", "x").send().says("(belum terbukti) lain@contoh.example")


def test_two_officers_decide_and_the_second_is_told(town: Town, office: Office) -> None:
    stranger_in_a_thread(office)
    first = town.on("desk").visit("/kotak-masuk").form("Jadikan laporan baru")
    for form in ("", "/pengirim"):
        back = town.on("desk").visit(f"/kotak-masuk/{InboxItem.objects.values_list('pk', flat=True)[0]}{form}")
        assert back.url == "/kotak-masuk", "another language, or a sign-in, leads back to the address of a form"
    second = town.on("coordinator").visit("/kotak-masuk").form("Biarkan tersimpan")
    Inbox.objects.update(erased_at=town.clock.now)
    first.put("do", "new").send(expect=409).says("sudah dihapus", "menulis lagi")
    Inbox.objects.update(erased_at=None)
    first.put("do", "new").send()
    second.put("do", "leave").send(expect=409).says("sudah diputuskan")
    office.world.at = town.clock.now
    office.work()
    assert len(office.cases()) == 2


def test_what_could_not_be_read_is_listed_and_downloaded_as_it_came(town: Town, office: Office) -> None:
    """F25, S28: as octet-stream, in a sandbox, and only for those who may see its case."""
    office.deliver(wrong="raise")
    for _ in range(3):
        office.work()
        town.world.later(seconds=31)
        town.clock.now = town.world.at
    row = Inbox.objects.get()
    assert row.state == "quarantined"
    town.on("desk").visit("/kotak-masuk").says("Tidak dapat dibaca", "LookupError")
    answer = town.on("desk").client.get(f"/kotak-masuk/{row.pk}/asli")
    assert answer.content == b'{"arrivals": [], "wrong": "raise"}'
    assert answer["Content-Type"] == "application/octet-stream"
    assert "sandbox" in answer["Content-Security-Policy"]
    for post in ("auditor", "dekan"):
        assert town.on(post).client.get(f"/kotak-masuk/{row.pk}/asli").status_code == 404


def test_a_delivery_that_was_read_is_not_handed_out_raw(town: Town, office: Office) -> None:
    """S5: it names its sender; the case keeps it, behind the identity."""
    office.get(message(1))
    row = Inbox.objects.get()
    assert town.on("desk").client.get(f"/kotak-masuk/{row.pk}/asli").status_code == 404


def test_the_letter_as_it_came_opens_with_the_identity_and_the_reason_alone(town: Town, office: Office) -> None:
    """S2-9, S5: the original is kept, and its headers name the complainant."""
    office.get(message(1, files={"bukti.txt": "x"}))
    (case,) = office.cases()
    closed, open_file = Attachment.objects.get(closed=True), Attachment.objects.get(closed=False)
    desk = town.world.reader(town.world.desk)
    assert queries.stored_file(desk, open_file.pk) is not None
    assert queries.stored_file(desk, closed.pk) is None
    town.on("desk").visit(f"/kasus/{case.pk}").says("Memuat identitas pengirim")
    reveal(case.pk, by=desk, reason="hubungi", words="", at=town.world.at)
    assert queries.stored_file(desk, closed.pk) is not None
    later = town.world.reader(town.world.desk, at=town.world.later(hours=2))
    assert queries.stored_file(later, closed.pk) is None
    assert queries.stored_file(town.world.reader(town.world.on[OPERATOR]), closed.pk) is None


def test_the_second_address_of_a_letter_stands_on_its_case(town: Town, office: Office) -> None:
    """One mail to two units is one case: an officer disposes it to both."""
    other = account(town.world, "dekanat")
    letter = message(1, at=town.world.at.isoformat())
    office.get(letter)
    office.get(letter, to=other)
    (case,) = office.cases()
    town.on("desk").visit(f"/kasus/{case.pk}").says("Surat yang sama juga dikirim ke dekanat", "disposisikan")


def test_nobody_complained_of_reads_what_came_to_that_case(town: Town, office: Office) -> None:
    """S3: not a line of it."""
    from tanggap.casework.commands import Bind

    stranger_in_a_thread(office)
    (case,) = office.cases()
    town.give("dekan", desk=True)
    town.on("dekan").visit("/kotak-masuk").says("Saya tetangganya")
    town.world.act(Bind("terlapor", ("dekan",)), case.pk, town.world.coordinator)
    town.on("dekan").visit("/kotak-masuk").says_not("Saya tetangganya", case.register)


def test_the_page_of_an_account_shows_the_address_to_copy_and_has_it_tried(town: Town, office: Office) -> None:
    rani = admin(town)
    bot = account(town.world, "bot", channel="telegram", secrets={"token": "1:x", "secret": SECRET})
    address = f"/saluran/{town.key}/{bot.pk}"
    shown = rani.visit(address).says("Belum pernah diuji.")
    assert f"/kait/{bot.key}" in shown.response.content.decode()
    shown.form("Uji sekarang").send().says("Sedang diuji oleh pekerja Tanggap.")
    bot.refresh_from_db()
    assert bot.test_asked_at is not None
    tried(bot.pk, well=False, says="Telegram menolak: periksa token dan ID-nya (HTTP 401).", at=town.clock.now)
    rani.visit(address).says("gagal", "Telegram menolak")
    surat = account(town.world, "surat", channel="email", settings={"address": "a@kampus.example"})
    shown = rani.visit(f"/saluran/{town.key}/{surat.pk}")
    assert f"tanggap mail --account {surat.key}" in shown.response.content.decode()


def test_nobody_else_has_an_account_tried(town: Town, office: Office) -> None:
    bot = account(town.world, "bot", channel="telegram")
    town.on(OPERATOR).visit(f"/saluran/{town.key}/{bot.pk}/uji", expect=404)
    with pytest.raises(NotVisible):
        ask_test(town.key, bot.pk, by=town.world.reader(town.world.coordinator), at=town.clock.now)
    bot.refresh_from_db()
    assert bot.test_asked_at is None


def test_a_case_says_that_files_are_still_to_come_and_which_will_not(town: Town, office: Office) -> None:
    (item,) = office.get(message(1))
    plan(item, [Remote("foto.jpg", id="M1"), Remote("video.mp4", id="M2")], at=town.clock.now)
    operator = town.on(OPERATOR)
    operator.visit(f"/kasus/{item.case_id}").says("2 berkas dari pelapor masih diambil")
    RemoteFile.objects.filter(position=0).update(state="gone")
    operator.visit(f"/kasus/{item.case_id}").says("1 berkas dari pelapor masih", "1 berkas dari pelapor tidak dapat")
