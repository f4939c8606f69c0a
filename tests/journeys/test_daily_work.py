"""What offices do beside the straight way: a call back, a slip put right, a colleague asked, a leader complained of."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from town import Complainant, Town

STORY = "Pengumuman nilai terlambat dua minggu."


@pytest.fixture
def town(town_of: Callable[[str], Town]) -> Town:
    """FMIPA UB: operator at the desk, Kabag TU coordinates."""
    town = town_of("ub-fmipa")
    town.give("operator-mipa-care", desk=True)
    town.give("kabag-tu", coordinator=True)
    return town


@pytest.fixture
def rani(town: Town) -> Complainant:
    """Somebody whose complaint stands at row 2 since Monday 08.00."""
    rani = town.complainant()
    rani.report(town.key, STORY)
    return rani


def test_a_call_back_ends_the_wait_and_is_written_down_by_the_desk(town: Town, rani: Complainant) -> None:
    """S0-1 (phone), S0-6: what the complainant says by telephone counts as said, and so does "sudah saya terima"."""
    operator = town.on("operator-mipa-care")
    form = operator.open(rani.register).form("Hentikan waktu dan minta")
    form.write("Yang diminta", "Mohon nama mata kuliahnya.").send()
    town.clock.later(hours=1)
    call = operator.look_up(rani.register).form("Catat kabar dari pelapor").pick("Saluran", "Telepon")
    call.write("Isinya", "Kimia Dasar 2.").send().says("Kabar dari pelapor tercatat.")
    operator.open(rani.register).says("Sisa 15 menit", "Waktu berjalan kembali karena pelapor memberi kabar.")
    operator.finish(rani.register, "langkah 2", choice="Tidak", answer="Nilai Kimia Dasar 2 sudah terbit.")
    own = operator.look_up(rani.register).says("Langkah 7 dari 7").form("Selesaikan langkah 7")
    own.write("Catatan", "Pelapor menelepon: sudah diterima.").send()
    operator.look_up(rani.register).says("atas nama pihak lain", "Pelapor menelepon: sudah diterima.")
    assert rani.status() == "Selesai"


def test_a_slip_is_undone_a_wrong_time_put_right_and_the_old_record_stays(town: Town, rani: Complainant) -> None:
    """S4-8: the last act is taken back by who did it, a moment by the coordinator; both stand in the log."""
    operator, lead = town.on("operator-mipa-care"), town.on("kabag-tu")
    town.clock.later(minutes=5)
    operator.finish(rani.register, "langkah 2", choice="Ya")
    operator.look_up(rani.register).form("Batalkan").send().says("Penyelesaian dibatalkan.")
    town.clock.later(minutes=20)
    operator.finish(rani.register, "langkah 2", choice="Tidak", answer="Sudah terbit.")
    assert "Breached" in town.kinds(rani.register)
    wrong = lead.look_up(rani.register).form("Betulkan").pick("Catatan", "Selesainya langkah 2")
    wrong.write("Waktu yang benar", "2026-11-16T08:10").write("Alasan", "Dijawab lisan pukul 08.10.").send()
    told = lead.look_up(rani.register)
    told.says("membatalkan penyelesaian langkah 2", "membetulkan waktu", "Dijawab lisan pukul 08.10.")


def test_work_is_given_to_a_colleague_who_then_finds_it_among_the_duties(town: Town, rani: Complainant) -> None:
    """S4-20: reassigned by who has it; the case appears there and is gone here."""
    operator, other = town.on("operator-mipa-care"), town.on("kasubbag-akademik")
    assert not other.has_duty(rani.register)
    form = operator.open(rani.register).form("Tugaskan").pick("Pelaksana baru", "Kepala Subbagian Akademik")
    form.send().says("Tugas sudah dialihkan.")
    assert not operator.has_duty(rani.register)
    other.finish(rani.register, "langkah 2", choice="Tidak", answer="Nilai terbit hari ini.")
    rani.track().says("Nilai terbit hari ini.")


def test_a_leader_complained_of_is_passed_over_and_sees_nothing_of_it(town: Town) -> None:
    """S0-10, S4-8: the next rung stands in; for the leader there is no case, only a number in the book."""
    operator, leader, dean = town.on("operator-mipa-care"), town.on("wakil-dekan-umum"), town.on("dekan")
    town.give("wakil-dekan-umum", desk=True)
    form = operator.visit("/catat").form("Catat dan cetak tanda terima").pick("Saluran", "Datang langsung")
    form.pick("Pihak yang dikeluhkan", "Wakil Dekan Bidang Umum dan Keuangan").write("Uraian", STORY)
    guest = town.complainant()
    guest.keep(form.send())
    operator.finish(guest.register, "langkah 2", choice="Ya", reason="Diteruskan.")
    assert not leader.has_duty(guest.register)
    leader.visit(f"/kasus/{town.case(guest.register).pk}", expect=404)
    leader.visit("/register").says(guest.register, "Tidak ditampilkan untuk Anda").says_not(STORY)
    dean.open(guest.register).says("Dekan, menggantikan Wakil Dekan Bidang Umum dan Keuangan")
    dean.finish(guest.register, "langkah 3")
    assert leader.has_duty(guest.register), "to clarify is the right of who is complained of"
    leader.open(guest.register).says("Langkah 4 dari 7", "Melakukan klarifikasi").says_not("Diteruskan.")
    leader.finish(guest.register, "langkah 4", reason="Pengumuman menunggu validasi.")
    leader.visit(f"/kasus/{town.case(guest.register).pk}", expect=404)
    dean.finish(guest.register, "langkah 5", choice="Ya")


def test_an_act_done_earlier_keeps_its_own_moment(town: Town, rani: Complainant) -> None:
    """S0-3: answered by telephone at 08.10, typed at 09.00: within its time, and both moments are told."""
    operator = town.on("operator-mipa-care")
    town.clock.at("2026-11-16 09.00")
    form = operator.open(rani.register).form("Selesaikan langkah 2").choose("Tidak")
    form.write("Jawaban kepada pelapor", "Sudah terbit.").write("Dikerjakan pada", "2026-11-16T08:10").send()
    operator.look_up(rani.register).says("Dicatat 16 November 2026, 09.00 WIB.")
    done = [entry for entry in town.entries(rani.register) if entry.event.kind == "StepDone"][-1]
    assert (done.recorded_at - done.happened_at).total_seconds() == 50 * 60


def test_the_sop_page_keeps_every_line_of_the_identity_block(town: Town, rani: Complainant) -> None:
    """S0-9: number, three dates, approval with post, name and NIP, and the lists; "-" and empty keep their place."""
    page = rani.visit(f"/sop/{town.key}/ub-fmipa-mipa-care")
    words = page.text.replace(" ", "")
    for said in (
        "UN10/F09/07/HK.01.02.a/001", "TGL PEMBUATAN", "TGL REVISI", "TGL EFEKTIF", "DISAHKAN OLEH", "DEKAN",
        "M. Prof. Widodo, S.Si, M.Si, Ph.D.Med.Sc.", "197308112000031002", "DASAR HUKUM", "KUALIFIKASI PELAKSANA",
        "KETERKAITAN", "PERALATAN/PERLENGKAPAN", "PERINGATAN", "PENCATATAN DAN PENDATAAN",
    ):  # fmt: skip
        assert said.replace(" ", "") in words, said
