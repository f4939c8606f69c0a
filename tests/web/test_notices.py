"""The pages on notices: one's own news, the words, the outbox, and what the complainant was told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from tanggap.actions import deadlines, outbox
from tanggap.actions.caps import confirm_token
from tanggap.actions.contents import new_content
from tanggap.casework.commands import Complete
from tanggap.records.models import ConfirmedAddress, Membership, Outbox
from tanggap.worker.deliver import drain
from town import Town
from worlds import SECRET_TEXT

OPERATOR = "operator-mipa-care"
PICTURE = b"\x89PNG\r\n\x1a\n papan"


def reported(town: Town) -> str:
    rani = town.complainant()
    rani.report(
        town.key,
        SECRET_TEXT,
        choice=("Surel", "Dirahasiakan"),
        write={"Nomor atau alamat surel": "rani@contoh.example"},
    )
    return rani.register


def admin(town: Town) -> object:
    Membership.objects.create(institution=town.institution, user=town.world.stranger, admin=True)
    return town.on("stranger")


def test_an_officer_reads_news_sees_how_much_is_new_and_marks_it_read(town: Town) -> None:
    register = reported(town)
    page = town.on(OPERATOR).visit("/kabar").says("Tugas baru", register).says_not("kanari")
    assert "Kabar, 1 baru" in page.text or 'aria-label="Kabar, 1 baru"' in page.response.content.decode()
    page.form("Tandai semua sudah dibaca").send().says_not("Tandai semua sudah dibaca").says(register)
    assert town.on("dekan").visit("/kabar").says("Belum ada kabar").says_not(register)


def test_the_complainant_reads_what_was_sent_and_what_was_not(town: Town) -> None:
    """P4: said so."""
    rani = town.complainant()
    rani.report(town.key, SECRET_TEXT, choice="Surel", write={"Nomor atau alamat surel": "rani@contoh.example"})
    rani.track().says("Kabar yang dikirim kepada Anda", "Laporan diterima: sedang dikirim.")
    Outbox.objects.filter(kind="received").update(state="silenced", why="capped")
    rani.track().says("tidak dikirim, dapat dibaca di halaman ini. Batas surel sehari sudah tercapai.")
    Outbox.objects.filter(kind="received").update(state="sent", why="", ended_at=town.clock.now)
    rani.track().says("dikirim ke surel Anda, 16 November 2026")
    Outbox.objects.filter(kind="received").update(state="failed", why="refused")
    rani.track().says("belum dapat dikirim, petugas akan menindaklanjuti.")


def test_who_administers_changes_words_with_a_preview_and_nobody_else_sees_them(town: Town) -> None:
    """S54."""
    for post in (OPERATOR, "wakil-dekan-umum"):
        town.on(post).visit("/pemberitahuan", expect=404)
        town.on(post).visit(f"/pemberitahuan/{town.key}/duty/id", expect=404)
    boss = admin(town)
    form = boss.visit("/pemberitahuan").says("Tugas baru", "bawaan").click("Tugas baru").form("Lihat hasilnya")  # type: ignore[attr-defined]
    form.write("Perihal surel", "Ada {nomor} di {lembaga}").send().says("Ada 0042/PGD/CONTOH/XI/2026 di FMIPA")
    form.write("Isi surel", "{{settings.SECRET_KEY}}").send(expect=422).says("tidak dikenal", "{nomor}")
    form.write("Isi surel", "<script>alert(1)</script> {tautan}")
    page = form.send()
    assert "<script>alert(1)" not in page.response.content.decode()
    saved = boss.visit(f"/pemberitahuan/{town.key}/duty/id").form("Simpan")  # type: ignore[attr-defined]
    saved.write("Perihal surel", "Ada {nomor}").write("Isi surel", "{tautan}").put("do", "save").send().says(
        "Ada {nomor}"
    )
    boss.visit(f"/pemberitahuan/{town.key}/gossip/id", expect=404)  # type: ignore[attr-defined]


def test_the_outbox_is_looked_after_by_coordinators_and_its_tasks_are_done_by_hand(town: Town) -> None:
    """P4, F23: what cannot leave becomes a person's task."""
    register = reported(town)
    claim = outbox.claim(Outbox.objects.get(kind="received").pk, at=town.clock.now)
    assert claim is not None
    outbox.failed(claim, at=town.clock.now, why="refused")
    town.on("dekan").visit("/pemberitahuan/antrean", expect=404)
    town.on(OPERATOR).duties().says("1 kabar perlu disampaikan dengan tangan")
    page = town.on("wakil-dekan-umum").visit("/pemberitahuan/antrean")
    page.says(register, "Laporan diterima", "Ditolak oleh peladen surel penerima.").says_not("rani@", "kanari")
    page.form("Kirim lagi").put("do", "again").send().says_not(register)
    assert Outbox.objects.get(kind="received").state == "queued"
    boss = admin(town)
    boss.visit("/pemberitahuan/antrean").says("Menunggu gilirannya").says_not(register)  # type: ignore[attr-defined]
    Outbox.objects.filter(kind="received").update(state="failed", why="refused")
    row = Outbox.objects.get(kind="received").pk
    by_hand = Client()
    by_hand.force_login(town.world.stranger)
    assert by_hand.post(f"/pemberitahuan/antrean/{row}", {"do": "done"}).status_code == 404
    assert Outbox.objects.get(pk=row).handled_by == ""


def test_what_was_put_up_in_public_is_written_down_with_its_proof_and_a_form_that_is_wrong_keeps_what_was_typed(
    town: Town,
) -> None:
    """S3-12, P4: note and photo through the page; then they stand on the case, and the task is gone."""
    register = reported(town)
    case, oki = town.case(register), town.world.on[OPERATOR]
    made = new_content("answer", "Batasnya Jumat.", author=oki.person, key="a", audience="complainant",
                       medium="papan pengumuman")  # fmt: skip
    town.world.act(Complete("2#1", choice="tidak", answer=made.id), case.pk, oki, made, key="a")
    boss, name = town.on("wakil-dekan-umum"), "Catat sudah disampaikan"
    drain(lambda: town.clock.now)
    page = boss.visit("/pemberitahuan/antrean").says(register, "Cetak pengumuman")
    page.form(name).put("do", "done").send(expect=422).says("Belum tercatat", "Tulislah di mana dan sejak kapan")
    many = [(f"foto-{n}.png", PICTURE) for n in range(11)]
    form = (
        page.form(name)
        .put("do", "done")
        .write("Bukti atau catatan", "Papan lantai 1")
        .attach("Foto atau berkas", *many)
    )
    again = form.send(expect=413).says("Belum tercatat", "Berkas perlu dipilih kembali.")
    form = again.form(name).put("do", "done").attach("Foto atau berkas", ("papan.png", PICTURE))
    assert form.sent["proof"] == ["Papan lantai 1"]
    form.send().says(f"Tercatat: {register} sudah disampaikan.").says_not("Cetak pengumuman")
    shown = boss.visit(f"/kasus/{case.pk}").says("Papan lantai 1")
    assert boss.visit(next(url for words, url in shown.links.items() if "papan.png" in words)).body == PICTURE
    boss.visit(page.url).says_not(register)


def test_a_clock_that_leapt_is_told_to_whoever_looks_after_the_outbox(town: Town) -> None:
    """F16: the alarm, with how far and which way."""
    boss = admin(town)
    boss.visit("/pemberitahuan/antrean").says_not("Periksa jam mesin")  # type: ignore[attr-defined]
    now = town.clock.now
    deadlines.beat("mesin-a", at=now, done=0, apart=timedelta(minutes=-5), leapt=(timedelta(days=1), now))
    page = boss.visit("/pemberitahuan/antrean").says(
        "Periksa jam mesin", "5 menit lebih lambat daripada jam basis data"
    )  # type: ignore[attr-defined]
    page.says("mesin-a melompat maju 24 jam", "Tidak ada tenggat yang dijalankan lebih awal")
    deadlines.hold("mesin-b", known=now, by=timedelta(days=-3))
    boss.visit("/pemberitahuan/antrean").says(  # type: ignore[attr-defined]
        "Pekerja mesin-b tidak mengerjakan apa pun: jamnya 72 jam sebelum tanda hidup terakhir"
    )


@pytest.mark.parametrize("token", ["x", "x.y", "." * 40, "a" * 3000])
def test_a_link_that_is_none_is_told_like_an_old_one(town: Town, token: str) -> None:
    town.complainant().visit(f"/alamat/{token}").form("Ya, kirim kabar ke alamat ini").send(expect=404).says(
        "Tautan ini tidak berlaku"
    )


def test_opening_the_link_asks_and_only_the_button_confirms(town: Town) -> None:
    """Mail scanners open links."""
    reported(town)
    Outbox.objects.filter(kind="received").update(letter="surat", address="d" * 64, reserved_at=town.clock.now)
    page = town.complainant().visit(f"/alamat/{confirm_token('surat')}")
    assert ConfirmedAddress.objects.count() == 0
    page.form("Ya, kirim kabar ke alamat ini").send().says("Alamat dikonfirmasi")
    assert ConfirmedAddress.objects.get().digest == "d" * 64
