"""Duties that time opens: the readiness check of UNMUL (S3-2) and the quarterly evaluation of UNESA (S4-9)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pages import Page
from tanggap.actions import schedules
from tanggap.actions.sops import approve, import_sop
from tanggap.records.deliveries import seal_secrets
from tanggap.records.models import Case, ChannelAccount, Duty, DutyRung, Schedule
from tanggap.sop import seeds
from town import Officer, Town

CHECKER = "kasubbag-akademik-kemahasiswaan"
ADMIN, LEAD = "admin-utama", "koordinator-layanan"


def wait_for(town: Town, typed: str) -> None:
    """It is now ``typed``; the worker has looked round."""
    town.clock.at(typed)
    while schedules.open_due(at=town.clock.now):
        pass


@pytest.fixture
def samarinda(town_of: Callable[[str], Town]) -> Town:
    """Fakultas Teknik UNMUL, whose SOP was approved this morning; the Kabag TU coordinates."""
    town = town_of("unmul-ft")
    Schedule.objects.all().delete()
    schedules.renew_all(at=town.clock.now)
    town.give("kabag-tu", coordinator=True)
    return town


@pytest.fixture
def surabaya(town_of: Callable[[str], Town]) -> Town:
    """FEB UNESA, which has adopted the evaluation; Koordinator Layanan coordinates, the dean reads all."""
    town = town_of("unesa-feb")
    text = seeds.text("tanggap-evaluasi-pengaduan")
    approve(import_sop(town.institution, text, name="evaluasi", at=town.clock.now), at=town.clock.now)
    town.give(LEAD, coordinator=True)
    town.give("dekan", auditor=True)
    return town


def duty(officer: Officer, title: str) -> Page:
    """The duty of this title, opened from the list."""
    for one in officer.duties().root.all("li", class_="duty"):
        if title in one.text:
            assert "Tugas berkala" in one.text
            return officer.visit(one.first("a").attrs["href"].partition("#")[0])
    raise AssertionError(f"no duty {title!r}")


def test_the_readiness_check_comes_every_month_is_done_and_is_never_late(samarinda: Town) -> None:
    """S3-2: approved on the 12th of a month in the past; the 12th of December 2026 is a Saturday."""
    town = samarinda
    wait_for(town, "2026-12-14 09.00")
    checker = town.on(CHECKER)
    listed = checker.duties().root.first("li", class_="duty").text
    assert "Memastikan ketersediaan sarana dan prasarana" in listed
    assert "BERKALA-0001/2026" in listed
    opened = duty(checker, "Memastikan ketersediaan")
    opened.says("12 Desember 2026", "Setiap 1 bulan", "Disesuaikan")
    opened.says_not("Pelapor", "Batas waktu laporan", "Balas pelapor")
    town.clock.later(days=25)
    assert not Case.objects.get(book="duty").late
    done = opened.form("Selesaikan langkah 1").write("Catatan", "Papan pengumuman dan surel siap.").send()
    done.says("Langkah selesai dan tercatat.", "Tugas ini sudah berakhir", "Papan pengumuman dan surel siap.")
    assert Case.objects.get(book="duty").status == "closed"
    boss = town.on("kabag-tu")
    page = boss.visit("/berkala")
    page.says(
        "Memastikan ketersediaan", "Setiap 1 bulan", "Kepala Subbagian", "12 Desember 2026", "Selasa, 12 Januari 2027"
    )
    boss.visit("/register").says_not("BERKALA")


def test_whoever_checks_the_means_sees_how_the_channels_stand(samarinda: Town) -> None:
    """S3-2: 6.1 is about the media people write by; what ails one stands on the page of the check."""
    town = samarinda
    at = town.clock.now
    known = {"institution": town.institution, "made_at": at}
    mail = ChannelAccount(**known, channel="email", name="Surel layanan", key="m")
    seal_secrets(mail, {"password": "rahasia-sekali"})
    mail.save()
    ChannelAccount.objects.create(**known, channel="telegram", name="Telegram lama", key="t", active=False)
    wait_for(town, "2026-12-14 09.00")
    page = duty(town.on(CHECKER), "Memastikan ketersediaan")
    page.says("Keadaan saluran", "Surel layanan", "belum ada yang masuk")
    page.says_not("Telegram lama", "rahasia-sekali")
    ChannelAccount.objects.filter(pk=mail.pk).update(
        last_in_at=at, last_error="Kata sandi kotak surat ditolak.", last_error_at=at
    )
    page = duty(town.on(CHECKER), "Memastikan ketersediaan")
    page.says("bermasalah", "Kata sandi kotak surat ditolak.")


def test_a_check_left_undone_shows_when_the_next_one_comes_and_one_can_be_asked_for(samarinda: Town) -> None:
    """S3-2: no numeric standard, so nobody is late; but what was overtaken is told to the coordinator."""
    town = samarinda
    wait_for(town, "2026-12-14 09.00")
    wait_for(town, "2027-01-12 09.00")
    boss = town.on("kabag-tu")
    page = boss.visit("/berkala")
    page.says("1 belum dikerjakan", "Sedang dikerjakan:")
    assert not page.has_form("Buka tugas")
    checker = town.on(CHECKER)
    for _number in range(2):
        duty(checker, "Memastikan ketersediaan").form("Selesaikan langkah 1").send()
    page = boss.visit("/berkala")
    page.says_not("belum dikerjakan")
    refused = page.form("Buka tugas").send(expect=422)
    refused.says("Tulis alasan mengapa tugas ini dibuka di luar jadwalnya.")
    made = refused.form("Buka tugas").write("Alasan", "Listrik padam tadi malam.").send()
    made.says("membuka tugas berkala di luar jadwalnya", "Listrik padam tadi malam.")
    boss.visit("/berkala").says("Dibuka di luar jadwal.", "Jumat, 12 Februari 2027")


def test_the_quarter_is_evaluated_findings_become_work_and_the_leader_receives_it(surabaya: Town) -> None:
    """S4-9: Q4 2026, opened on the first working day of 2027."""
    town = surabaya
    rani = town.complainant()
    rani.report(town.key, "Ruang kuliah B2 tidak mempunyai pendingin.", choice="Keluhan")
    wait_for(town, "2027-01-04 09.00")
    town.on(ADMIN).visit("/berkala", expect=404)
    opened = duty(town.on(ADMIN), "Evaluasi Berkala Pengaduan")
    opened.says("1 Oktober 2026 sampai 31 Desember 2026", "Laporan kepatuhan pada SOP")
    opened.says_not("Laporan periode ini")  # Admin Utama reads no reports here
    opened.form("Selesaikan langkah 1").write("Catatan", "Jawaban bidang 2 sering terlambat.").send()
    lead = town.on(LEAD)
    second = duty(lead, "Evaluasi Berkala Pengaduan")
    report = second.links["Kepatuhan pada SOP"]
    assert "dari=2026-10-01" in report
    assert "sampai=2026-12-31" in report
    lead.visit(report).says("Kepatuhan pada SOP")
    second.form("Selesaikan langkah 2").send(expect=422)
    answer = second.form("Selesaikan langkah 2").choose("Ya")
    answer.send(expect=422)
    third = answer.write("Alasan", "Jawaban bidang 2 terlambat pada tiga laporan.").send()
    third.says("Menugaskan tindakan perbaikan")
    form = third.form("Kirim disposisi").pick("Diteruskan kepada", "Pengelola Pengaduan Bidang 2")
    form.pick("Macam", "Tindakan perbaikan").write("Catatan", "Atur piket jawaban.").write("Waktu", "5 hari").send()
    third = lead.visit(third.url.partition("#")[0])
    third.form("Selesaikan langkah 3").send(expect=422).says("Masih ada disposisi yang belum dilaporkan.")
    unit = town.on("pengelola-bidang-2")
    duty(unit, "Evaluasi").form("Laporkan hasil disposisi").write("Hasil yang dilaporkan", "Piket berjalan.").send()
    duty(lead, "Evaluasi").form("Selesaikan langkah 3").write("Catatan", "Sudah diperiksa.").send()
    duty(town.on("dekan"), "Evaluasi").form("Selesaikan langkah 4").send()
    row = Case.objects.get(book="duty")
    assert (row.status, row.attributes["temuan"], row.late) == ("closed", "ada", False)
    lead.visit("/berkala").says("1 Oktober 2026 sampai 31 Desember 2026", "Selesai", "Kamis, 1 April 2027")
    lead.visit("/belum-ditanggapi").says_not("BERKALA").says(rani.register)
    rani.visit("/lacak").says_not("BERKALA")


def test_without_findings_it_goes_straight_to_the_leader(surabaya: Town) -> None:
    """S4-9: the word "tidak ada" is on record, and the case ends without an answer to anybody."""
    town = surabaya
    wait_for(town, "2027-01-04 09.00")
    duty(town.on(ADMIN), "Evaluasi").form("Selesaikan langkah 1").send()
    rung = DutyRung.objects.create(duty=Duty.objects.get(), name=ADMIN, cause="late", level=1, at=town.clock.now)
    for address in ("/tugas", "/tugas?q=berkala+pengaduan"):
        town.on(ADMIN).visit(address).says("Eskalasi kepada Anda, 1", "Evaluasi Berkala Pengaduan")
    rung.delete()  # no log knows it
    duty(town.on(LEAD), "Evaluasi").form("Selesaikan langkah 2").choose("Tidak").send()
    duty(town.on("dekan"), "Evaluasi").form("Selesaikan langkah 4").send()
    row = Case.objects.get(book="duty")
    assert (row.status, row.attributes["temuan"], row.answered) == ("closed", "tidak ada", False)
    town.clock.at("2027-02-15 09.00")
    page = town.on(LEAD).visit("/berkala")
    page.form("Buka tugas").write("Alasan", "Pergantian dekan.").send().says("1 Januari 2027 sampai 14 Februari 2027")


def test_the_list_of_duties_asks_no_more_for_many_periodic_duties_than_for_one(surabaya: Town) -> None:
    town = surabaya
    wait_for(town, "2027-01-04 09.00")

    def asked() -> tuple[int, int]:
        found = []
        for officer, address in ((ADMIN, "/tugas"), (LEAD, "/berkala")):
            town.on(officer).visit(address)  # what is kept in memory is there
            with CaptureQueriesContext(connection) as queries:
                town.on(officer).visit(address)
            found.append(len(queries))
        return found[0], found[1]

    once = asked()
    wait_for(town, "2027-04-01 09.00")
    wait_for(town, "2027-07-01 09.00")
    listed = town.on(ADMIN).duties()
    assert listed.text.count("Evaluasi Berkala Pengaduan") == 3
    assert all(option.text for option in listed.root.all("option"))
    assert asked() == once


def test_whoever_neither_coordinates_nor_audits_nor_arranges_finds_no_page(samarinda: Town) -> None:
    town = samarinda
    for post in ("dekan", CHECKER, "stranger"):
        town.on(post).visit("/berkala", expect=404)
    town.on("auditor").visit("/berkala").says_not("Buka tugas")
    town.give("dekan", admin=True)
    wait_for(town, "2026-12-14 09.00")
    town.on("dekan").visit("/berkala").says_not("BERKALA-0001")  # whoever arranges the institution reads no case
